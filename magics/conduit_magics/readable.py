"""A conversation as a person reads it: what options and decisions are to a model is said in words."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from conduit.messages import Conversation, ConversationTree, Message, ResponseMetadata, TextPart, UserMessage

__all__ = ["readable"]

# As conduit.composer.question writes them.
_BRIEF = re.compile(r"<brief>(\{.*\})</brief>", re.DOTALL)
_DECISION = re.compile(r"<decision>(.*)</decision>", re.DOTALL)
_FOR_MODELS = ("answer",)
"""Of a brief, what no person asked for."""


def readable(tree: ConversationTree) -> ConversationTree:
    r"""Give the conversation with words in place of what is written for models; only to be shown.

    >>> asked = UserMessage.of("a bass line", '<brief>{"bars": 2, "key": "A minor", "answer": "a clip"}</brief>')
    >>> readable(ConversationTree().add(asked)).conversation.tail.text
    'a bass line\nbars 2 · key A minor'
    """
    facts: dict[str, ResponseMetadata] = dict(tree.facts)
    branches: dict[str, Conversation] = {}
    for name, talk in tree.branches.items():
        said = Conversation()
        for node in talk.nodes:
            said = said.add(_message(node.message))
            if said.id != node.id and node.id in tree.facts:
                facts.pop(node.id, None)  # sums count each answer once
                facts[said.id] = tree.facts[node.id]
        branches[name] = said
    return replace(tree, branches=branches, facts=facts)


def _message(message: Message) -> Message:
    if not isinstance(message, UserMessage) or len(message.parts) < 2:
        return message  # a brief or a decision is never alone
    last = message.parts[-1]
    if not isinstance(last, TextPart):
        return message
    words = _words(last.text)
    if words == last.text:
        return message
    said = (TextPart(text=words),) if words else ()
    return UserMessage(parts=(*message.parts[:-1], *said))


def _words(text: str) -> str:
    decision, brief = _DECISION.fullmatch(text), _BRIEF.fullmatch(text)
    if decision:
        return decision[1]
    if not brief:
        return text
    try:
        facts = json.loads(brief[1])
    except ValueError:
        return text
    return " · ".join(f"{name} {value}" for name, value in facts.items() if name not in _FOR_MODELS)
