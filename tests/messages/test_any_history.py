"""Whatever is done to a conversation, every provider accepts what is left: the bytes of the real adapters show it.

The rules that are checked are the vendors' own, written down once more here, on the bytes and not on messages.
"""

import json
from itertools import pairwise

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from conduit.clients.anthropic import MessagesAdapter
from conduit.clients.anthropic import _Payload as AnthropicPayload
from conduit.clients.ollama_adapter import OllamaAdapter
from conduit.clients.ollama_adapter import _Payload as OllamaPayload
from conduit.clients.openai import ChatAdapter, ChatPayload
from conduit.clients.responses import ResponsesAdapter
from conduit.clients.responses import _Payload as ResponsesPayload
from conduit.messages import (
    AssistantMessage,
    Conversation,
    ConversationTree,
    ImagePart,
    PartEnd,
    PartialMessage,
    PartStart,
    ReasoningPart,
    Request,
    ResponseMetadata,
    SystemMessage,
    TextDelta,
    TextPart,
    ToolCallDelta,
    ToolCallPart,
    ToolMessage,
    ToolResultPart,
    ToolSpec,
    Usage,
    UserMessage,
)

MODEL = "m"
TOOL = ToolSpec(name="tool", description="does", parameters={"type": "object", "properties": {}})
OWN = {
    "anthropic": {"model": MODEL, "signature": "s"},
    "openai": {"model": MODEL, "item": {"type": "reasoning", "id": "rs_1", "summary": []}},
}
IDS = ("call_1", "call.1", "call 1", "call_2", "c" * 50, "c" * 51)
WORDS = st.sampled_from(["bass", "", "  ", "darker\nplease", "ünï"])
THOUGHTS = st.builds(
    ReasoningPart,
    text=st.sampled_from(["hm", ""]),
    provider_data=st.sampled_from([{}, OWN, {"openrouter": {"reasoning_details": []}}]),
)
ARGUMENTS = st.sampled_from(["{}", '{"bars": 4}', '{"bars": 4', "[]", ""])
ASKED = st.one_of(
    WORDS.map(UserMessage.of),
    st.just(UserMessage(parts=(TextPart(text="see"), ImagePart(media_type="image/png", data=b"png")))),
)


# ---- the vendors' rules, on the bytes


def chat_is_accepted(body):
    messages = ChatPayload.model_validate_json(body).messages
    roles = [message["role"] for message in messages]
    assert "system" not in roles[1:]
    assert next(role for role in roles if role != "system") == "user"
    assert roles[-1] in {"user", "tool"}
    assert ("user", "user") not in pairwise(roles)
    assert ("assistant", "assistant") not in pairwise(roles)
    waiting = set()
    for message in messages:
        if message["role"] == "tool":
            waiting.remove(message["tool_call_id"])
            continue
        assert not waiting
        calls = message.get("tool_calls", [])
        waiting = {call["id"] for call in calls}
        assert len(waiting) == len(calls)
        assert all(isinstance(json.loads(call["function"]["arguments"]), dict) for call in calls)
        assert calls or message["content"] is not None
    assert not waiting


def responses_are_accepted(body):
    items = ResponsesPayload.model_validate_json(body).input
    kinds = [item["type"] for item in items]
    said = [item for item in items if item["type"] == "message"]
    assert said[0]["role"] == "user"
    assert all(item["content"] for item in said)
    for kind, following in pairwise([*kinds, None]):
        assert kind != "reasoning" or following in {"message", "function_call", "reasoning"}
    waiting = []
    for item in items:
        if item["type"] == "function_call":
            waiting.append(item["call_id"])
        elif item["type"] == "function_call_output":
            waiting.remove(item["call_id"])
        elif item.get("role") == "user":
            assert not waiting
    assert not waiting


def anthropic_is_accepted(body):
    turns = AnthropicPayload.model_validate_json(body).messages
    assert [turn["role"] for turn in turns] == ["user", "assistant"] * (len(turns) // 2) + ["user"]
    waiting, seen = set(), set()
    for turn in turns:
        content = turn["content"]
        blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
        assert blocks
        assert all(block["text"].strip() for block in blocks if block["type"] == "text")
        kinds = [block["type"] for block in blocks]
        if turn["role"] == "user":
            assert kinds == sorted(kinds, key=lambda kind: kind != "tool_result")
            results = [block["tool_use_id"] for block in blocks if block["type"] == "tool_result"]
            assert sorted(results) == sorted(waiting)
        else:
            assert kinds[-1] not in {"thinking", "redacted_thinking"}
            calls = [block["id"] for block in blocks if block["type"] == "tool_use"]
            assert not seen & set(calls)
            assert len(calls) == len(set(calls))
            waiting = set(calls)
            seen |= waiting


def ollama_is_accepted(body):
    messages = OllamaPayload.model_validate_json(body).messages
    roles = [message["role"] for message in messages]
    assert "system" not in roles[1:]
    assert next(role for role in roles if role != "system") == "user"
    waiting = []
    for message in messages:
        if message["role"] == "tool":
            waiting.remove(message["tool_call_id"])
            assert message["tool_name"] == TOOL.name
        else:
            assert not waiting
            waiting = [call["id"] for call in message.get("tool_calls", ())]
    assert not waiting


PROVIDERS = (
    (ChatAdapter("openai", newest=True), chat_is_accepted),
    (ChatAdapter("openrouter"), chat_is_accepted),
    (ResponsesAdapter("openai"), responses_are_accepted),
    (MessagesAdapter("anthropic", caches=True), anthropic_is_accepted),
    (MessagesAdapter("local"), anthropic_is_accepted),
    (OllamaAdapter("ollama"), ollama_is_accepted),
)


def is_accepted(talk):
    """Ask every provider to go on with a conversation, wherever it stands."""
    talk = talk.closed("stopped")
    if not isinstance(talk.tail, UserMessage | ToolMessage):
        talk = talk.add(UserMessage.of("go on"))
    request = Request(model=MODEL, messages=talk.messages, tools=(TOOL,))
    for adapter, accepted in PROVIDERS:
        accepted(adapter.encode(request, stream=True).body)


# ---- what may happen


class History(RuleBasedStateMachine):
    """Does to a conversation what people, models, tools and accidents do."""

    def __init__(self):
        super().__init__()
        self.tree = ConversationTree()
        self.began = Conversation()
        self.calls = 0

    @property
    def talk(self):
        return self.tree.conversation

    def answerable(self):
        return isinstance(self.talk.tail, UserMessage | ToolMessage) and not self.talk.open_calls

    def call(self, arguments):
        """Call with an id that is new in its message only, in characters that are not everybody's."""
        self.calls += 1
        return ToolCallPart(id=IDS[self.calls % len(IDS)], name=TOOL.name, arguments=arguments)

    @initialize(told=st.booleans())
    def is_told(self, told):
        if told:
            self.tree = self.tree.add(SystemMessage(content="you compose"))

    @rule(message=ASKED)
    def ask(self, message):
        self.tree = self.tree.advanced(self.talk, self.talk.closed("cancelled")).add(message)

    @precondition(answerable)
    @rule(before=st.lists(THOUGHTS, max_size=1), text=WORDS, arguments=st.lists(ARGUMENTS, max_size=3))
    def answer(self, before, text, arguments):
        parts = (*before, TextPart(text=text), *map(self.call, arguments))
        self.tree = self.tree.add(AssistantMessage(parts=parts))
        usage = Usage(input_tokens=1, output_tokens=1)
        self.tree = self.tree.noted(self.talk.id, ResponseMetadata(provider="p", model=MODEL, usage=usage))

    @precondition(answerable)
    @rule(thought=THOUGHTS, cut=st.integers(0, 8))
    def answer_is_cut_off(self, thought, cut):
        whole = self.call("{}")
        events = [
            PartStart(index=0, kind="reasoning"),
            PartEnd(index=0, part=thought),
            PartStart(index=1, kind="text"),
            TextDelta(index=1, text="he"),
            PartStart(index=2, kind="tool_call", id=whole.id, name=whole.name),
            PartEnd(index=2, part=whole),
            PartStart(index=3, kind="tool_call", id="cut", name="tool"),
            ToolCallDelta(index=3, arguments='{"b'),
        ]
        partial = PartialMessage()
        for event in events[:cut]:
            partial.feed(event)
        self.tree = self.tree.add(partial.message())

    @precondition(lambda self: self.talk.open_calls)
    @rule(data=st.data())
    def tools_answer_or_fail(self, data):
        calls = data.draw(st.permutations(self.talk.open_calls))
        for call in calls[: data.draw(st.integers(1, len(calls)))]:
            failed = data.draw(st.booleans())
            result = ToolResultPart(call_id=call.id, name=call.name, text="", is_error=failed)
            self.tree = self.tree.add(ToolMessage(result=result))

    @rule()
    def everything_is_cancelled(self):
        self.tree = self.tree.advanced(self.talk, self.talk.closed("cancelled"))

    @rule(data=st.data())
    def branch(self, data):
        turn = data.draw(st.none() | st.integers(0, len(self.talk.turns)))
        self.tree = self.tree.branch(turn=turn)

    @precondition(lambda self: self.talk.turns)
    @rule(data=st.data(), edited=st.none() | ASKED)
    def ask_again(self, data, edited):
        turn = data.draw(st.integers(1, len(self.talk.turns)))
        self.tree = self.tree.regenerate(turn) if edited is None else self.tree.edit(turn, edited)

    @rule(data=st.data(), gone=st.booleans())
    def switch_or_prune(self, data, gone):
        name = data.draw(st.sampled_from(list(self.tree.branches)))
        self.tree = self.tree.prune(name) if gone and len(self.tree.branches) > 1 else self.tree.switch(name)

    @rule()
    def another_begins_here(self):
        self.began = self.talk

    @rule(text=WORDS)
    def what_another_began_comes(self, text):
        came = self.began.closed("cancelled").add(UserMessage.of(text))
        tips = [came, *self.tree.branches.values()]
        self.tree = self.tree.advanced(self.began, came)
        assert all(any(talk.goes_on_from(tip) for talk in self.tree.branches.values()) for tip in tips)

    @rule(most=st.integers(1, 8), tokens=st.booleans())
    def go_on_in_a_window(self, most, tokens):
        window = self.talk.window_tokens(8 * most) if tokens else self.talk.window(most)
        said = window.closed("cancelled").add(UserMessage.of("go on")).since(window)
        self.tree = self.tree.advanced(self.talk, self.talk.extended(said))

    @invariant()
    def every_provider_accepts_it(self):
        is_accepted(self.talk)

    @invariant()
    def every_provider_accepts_its_end(self):
        is_accepted(self.talk.window(2))
        is_accepted(self.talk.window_tokens(24))

    @invariant()
    def turns_and_branches_are_as_they_should_be(self):
        turns = self.talk.turns
        said = tuple(message for message in self.talk.messages if not isinstance(message, SystemMessage))
        assert sum((turn.messages for turn in turns), ()) == said
        assert all(self.tree.current in self.tree.takes(turn.number) for turn in turns)
        assert len({*self.tree.branches}) == len(self.tree.branches)

    def teardown(self):
        """Go through JSON at the end: the same tree, and every branch of it is accepted."""
        again = ConversationTree.from_json(self.tree.to_json())
        assert again == self.tree
        assert again.to_json() == self.tree.to_json()
        for talk in again.branches.values():
            is_accepted(talk)
            assert Conversation.from_json(talk.to_json()) == talk
            assert talk.to_markdown().count("\n## Turn ") + talk.to_markdown().startswith("## Turn ") == len(
                talk.turns
            )


TestAnyHistory = History.TestCase
TestAnyHistory.settings = settings(max_examples=20, stateful_step_count=25, deadline=None)


@pytest.mark.slow
def test_many_more_histories():
    class Long(History.TestCase):
        settings = settings(max_examples=150, stateful_step_count=50, deadline=None)

    Long("runTest").runTest()
