"""A conversation to be read: as HTML that a saved notebook keeps, and as plain text.

The HTML follows the rules of ``record``: what JupyterLab's sanitiser lets through, every text escaped, no script.
So branches unfold instead of being switched, and the current one stands open. Thoughts and tools are folded.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from conduit.drawing.caption import printable
from conduit.messages import (
    AssistantMessage,
    AssistantPart,
    Conversation,
    ConversationTree,
    ReasoningPart,
    SystemMessage,
    TextPart,
    ToolCallPart,
    Turn,
    UserMessage,
    UserPart,
)
from conduit.messages.branches import common_past
from conduit.messages.export import media_words, readable_arguments
from conduit.messages.facts import cost_of, fact_words, sum_words, usage_of

__all__ = ["transcript_html", "transcript_text"]

MOST_TURNS = 50
_LONGEST = 8_000
"""Characters of what is folded: the arguments and results of tools may be whole files."""
_MOST_NAMES = 6
_TITLE = "margin:0 0 4px 0;font-size:12px;font-weight:600"
_QUIET = "margin:0 0 4px 0;font-size:11px;opacity:0.7"
_TURN = "margin:0 0 8px 0;padding:0 0 0 12px;border-left:2px solid rgba(128,128,128,0.3)"
_LABEL = "margin:0;font-size:11px;font-weight:600;opacity:0.7"
_WORDS = "margin:0 0 8px 0;max-width:576px;line-height:1.5;overflow-wrap:break-word"
_FOLD = "margin:0 0 4px 0;font-size:11px;line-height:1.5"
_BRANCH = "margin:0 0 4px 0"
_LINE = "cursor:pointer;opacity:0.7"
_CODE = "margin:4px 0 4px 14px;max-width:576px;font-size:11px;white-space:pre-wrap;overflow-wrap:break-word"


@dataclass(frozen=True, slots=True)
class _Piece:
    """A paragraph, or with a summary something that unfolds."""

    text: str
    summary: str = ""


def transcript_html(talk: ConversationTree | Conversation, *, turns: int = MOST_TURNS) -> str:
    """Draw a conversation as HTML; every text is escaped.

    Of the branches that are not the current one there is what they do not share with it.

    Args:
        talk: What to draw.
        turns: How many turns of a branch are shown at most, the last ones, at least 1.

    >>> html = transcript_html(Conversation().add(UserMessage.of("a <b>bass</b> line")))
    >>> "a &lt;b&gt;bass&lt;/b&gt; line" in html
    True
    """
    tree = _tree(talk)
    parts = [f'<p style="{_TITLE}">{_escaped(title)}</p>'] if (title := tree.title or tree.name) else []
    parts.append(f'<p style="{_QUIET}">{_escaped(_summary(tree))}</p>')
    if len(tree.branches) == 1:
        parts.append(_branch_html(tree, tree.current, turns))
    else:
        parts += [_folded_branch(tree, name, turns) for name in tree.branches]
    return f"<div>{''.join(parts)}</div>"


def transcript_text(talk: ConversationTree | Conversation, *, turns: int = MOST_TURNS) -> str:
    """Write the current branch of a conversation as plain text.

    Args:
        talk: What to write.
        turns: How many turns are shown at most, the last ones, at least 1.

    >>> print(transcript_text(Conversation().add(UserMessage.of("a bass line"))))
    1 turn
    <BLANKLINE>
    1 You
      a bass line
    """
    tree = _tree(talk)
    heads = [_one_line(head) for head in (tree.title or tree.name, _summary(tree)) if head]
    if len(tree.branches) > 1:
        heads.append(_one_line(f"on branch {tree.current}"))
    shown, hidden = _shown(tree.conversation.turns, turns)
    blocks = ["\n".join(heads), *([hidden] if hidden else [])]
    taken = _taken(tree, shown)
    blocks += ["\n".join(_turn_text(tree, turn, taken.get(turn.number, ""))) for turn in shown]
    return "\n\n".join(blocks)


def _tree(talk: ConversationTree | Conversation) -> ConversationTree:
    return ConversationTree(branches={"main": talk}) if isinstance(talk, Conversation) else talk


def _summary(tree: ConversationTree) -> str:
    words = [_counted(len(tree.conversation.turns), "turn")]
    if len(tree.branches) > 1:
        words.append(_counted(len(tree.branches), "branch", "branches"))
    return " · ".join(filter(None, [*words, sum_words(tree.usage, tree.cost_usd)]))


def _folded_branch(tree: ConversationTree, name: str, turns: int) -> str:
    current = name == tree.current
    count = _counted(len(tree.branches[name].turns), "turn")
    line = " · ".join([name, count, *(["current"] if current else [])])
    opened = " open" if current else ""
    summary = f'<summary style="{_LINE}">{_escaped(line)}</summary>'
    return f'<details style="{_BRANCH}"{opened}>{summary}{_branch_html(tree, name, turns)}</details>'


def _branch_html(tree: ConversationTree, name: str, turns: int) -> str:
    talk = tree.branches[name]
    own = talk.turns
    parts = []
    if name != tree.current:
        shared = len(common_past(talk, tree.conversation))
        own = tuple(turn for turn in own if len(turn.after) > shared)
        left_out = len(talk.turns) - len(own)
        if left_out:
            parts.append(_small(f"{_counted(left_out, 'turn')} shared with {tree.current}"))
    elif talk.messages and isinstance(talk.messages[0], SystemMessage):
        parts.append(_piece_html(_Piece(talk.messages[0].content, "System")))
    shown, hidden = _shown(own, turns)
    taken = _taken(tree, shown) if name == tree.current else {}
    if hidden:
        parts.append(_small(hidden))
    parts += [_turn_html(tree, turn, taken.get(turn.number, "")) for turn in shown]
    return "".join(parts)


def _shown(turns: Sequence[Turn], most: int) -> tuple[Sequence[Turn], str]:
    """Give the last turns, and words for how many are left out."""
    left_out = max(0, len(turns) - max(1, most))
    return turns[left_out:], f"{_counted(left_out, 'earlier turn')} not shown" if left_out else ""


def _taken(tree: ConversationTree, turns: Sequence[Turn]) -> dict[int, str]:
    """Say of the turns at which a branch parts from the current one which take is shown, of which.

    A branch parts in one turn only, so the others need not be asked.
    """
    here = tree.conversation
    parts = {len(common_past(here, talk)) for name, talk in tree.branches.items() if name != tree.current}
    found: dict[int, str] = {}
    for turn in turns:
        if any(len(turn.before) <= part <= len(turn.after) for part in parts):
            names = tree.takes(turn.number)
            if len(names) > 1:
                place = names.index(tree.current) + 1
                listed = f": {', '.join(names)}" if len(names) <= _MOST_NAMES else ""
                found[turn.number] = f"take {place} of {len(names)}{listed}"
    return found


def _turn_html(tree: ConversationTree, turn: Turn, taken: str) -> str:
    parts = [f'<p style="{_LABEL}">{_escaped(_label(turn, taken))}</p>']
    asked = False
    for piece in _pieces(turn):
        if piece is None:
            asked = True
            parts.append(f'<p style="{_LABEL}">Model</p>')
        else:
            parts.append(_piece_html(piece))
    if asked and (footer := _footer(tree, turn)):
        parts.append(_small(footer))
    return f'<div style="{_TURN}">{"".join(parts)}</div>'


def _turn_text(tree: ConversationTree, turn: Turn, taken: str) -> Iterator[str]:
    yield _one_line(_label(turn, taken))
    for piece in _pieces(turn):
        if piece is None:
            yield "  Model"
        elif piece.summary:
            yield f"  [{_one_line(piece.summary)}]"
            yield from _indented(_cut(piece.text), "    ")
        else:
            yield from _indented(piece.text, "  ")
    if footer := _footer(tree, turn):
        yield f"  ({_one_line(footer)})"


def _label(turn: Turn, taken: str) -> str:
    return f"{turn.number} You" + (f" · {taken}" if taken else "")


def _pieces(turn: Turn) -> Iterator[_Piece | None]:
    """Give what a turn says, in order; None where the model begins."""
    began = False
    for message in turn.messages:
        match message:
            case UserMessage(parts=parts):
                yield from (_Piece(_given(part)) for part in parts)
            case AssistantMessage(parts=said):
                if not began:
                    yield None
                began = True
                yield from map(_said, said)
            case SystemMessage():
                pass
            case _:
                result = message.result
                failed = "Failure" if result.is_error else "Result"
                yield _Piece(result.text, f"{failed} of {result.name}")


def _given(part: UserPart) -> str:
    return part.text if isinstance(part, TextPart) else f"({media_words(part)})"


def _said(part: AssistantPart) -> _Piece:
    match part:
        case TextPart(text=text):
            return _Piece(text)
        case ReasoningPart(text=text):
            return _Piece(text or "(hidden)", "Reasoning")
        case ToolCallPart(name=name):
            return _Piece(readable_arguments(part), f"Call of {name}")


def _footer(tree: ConversationTree, turn: Turn) -> str:
    """Say who answered, and what the whole turn took."""
    nodes = turn.after.nodes_since(len(turn.before))
    known = [tree.facts[node.id] for node in nodes if node.id in tree.facts]
    if len(known) <= 1:
        return "".join(map(fact_words, known))
    asked = {f"{fact.provider}/{fact.model}": None for fact in known}
    spent = sum_words(usage_of(known), cost_of(known))
    return " · ".join(filter(None, [*asked, _counted(len(known), "answer"), spent]))


def _piece_html(piece: _Piece) -> str:
    if not piece.summary:
        return "".join(f'<p style="{_WORDS}">{_lines(text)}</p>' for text in _paragraphs(piece.text))
    line = f'<summary style="{_LINE}">{_escaped(piece.summary)}</summary>'
    code = f'<pre style="{_CODE}">{_escaped(_cut(piece.text))}</pre>'
    return f'<details style="{_FOLD}">{line}{code}</details>'


def _small(text: str) -> str:
    return f'<p style="{_QUIET}">{_escaped(text)}</p>'


def _cut(text: str) -> str:
    left_out = len(text) - _LONGEST
    return text if left_out <= 0 else f"{text[:_LONGEST]}\n… {left_out:,} more characters"


def _indented(text: str, space: str) -> Iterable[str]:
    return (f"{space}{line}".rstrip() for line in printable(text).strip("\n").split("\n"))


def _paragraphs(text: str) -> list[str]:
    blocks = text.replace("\r\n", "\n").split("\n\n")
    return [block.strip("\n") for block in blocks if block.strip()]


def _counted(number: int, noun: str, many: str = "") -> str:
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"


def _one_line(text: str) -> str:
    return " ".join(printable(text).split())


def _lines(text: str) -> str:
    return _escaped(text).replace("\n", "<br>")


def _escaped(text: str) -> str:
    return html.escape(printable(text), quote=True)
