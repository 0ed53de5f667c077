"""A conversation to be read: as HTML that a saved notebook keeps, and as plain text.

The HTML follows the rules of ``record``: what JupyterLab's sanitiser lets through, every text escaped, no script.
So branches unfold instead of being switched, and the current one stands open. Thoughts, tools and the texts of
clips are folded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from conduit.drawing import page
from conduit.drawing.caption import caption, printable
from conduit.drawing.prose import prose_html
from conduit.drawing.record import roll_html
from conduit.drawing.said import MOST_CLIPS, Aside, Drawn, Folded, Piece, Speaker, Words, as_written, said
from conduit.drawing.text import roll_text
from conduit.messages import Conversation, ConversationTree, SystemMessage, Turn
from conduit.messages.branches import common_past, takes
from conduit.messages.facts import cost_of, fact_words, sum_words, usage_of
from conduit.music import Clip

__all__ = ["transcript_html", "transcript_text"]

MOST_TURNS = 50
_LONGEST = 8_000
"""Characters of what is folded: the arguments and results of tools may be whole files."""
_MOST_WORDS = 20_000
"""Characters of one piece of words: a reply may be a whole book."""
_MOST_NAMES = 6
_ROLL_WIDTH = 576  # drawn as wide as the words, and shown a little smaller than in a record
_TITLE = "margin:0 0 4px 0;font-size:12px;font-weight:600"
_QUIET = "margin:0 0 4px 0;font-size:11px;opacity:0.7"
_ASIDE = (
    "margin:0 0 8px 0;max-width:576px;font-size:11px;line-height:1.5;opacity:0.7;overflow-wrap:break-word"
)
_TURN = "margin:0 0 8px 0;padding:0 0 0 12px;border-left:2px solid rgba(128,128,128,0.3)"
_LABEL = "margin:0;font-size:11px;font-weight:600;opacity:0.7"
_FOLD = "margin:0 0 4px 0;font-size:11px;line-height:1.5"
_BRANCH = "margin:0 0 4px 0"
_ROLL = "max-width:480px;margin:4px 0 0 0"
_NAME = "cursor:pointer;margin:0 0 4px 0;font-size:12px;opacity:0.7"
_CODE = "margin:4px 0 4px 14px;max-width:576px;font-size:11px;white-space:pre-wrap;overflow-wrap:break-word"


@dataclass(frozen=True, slots=True)
class _Branch:
    """What is shown of a branch.

    Attributes:
        name: Its name.
        turns: Those that are shown, the last ones.
        shared: How many it shares with the current branch; they are shown there.
        hidden: How many are left out because there are too many.
    """

    name: str
    turns: Sequence[Turn]
    shared: int = 0
    hidden: int = 0


def transcript_html(
    talk: ConversationTree | Conversation,
    *,
    turns: int = MOST_TURNS,
    clips: int = MOST_CLIPS,
    clean: Callable[[str], str] = str,
    as_it_is: Callable[[Clip], Clip] = as_written,
    notes: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Draw a conversation as HTML; every text is escaped.

    Of the branches that are not the current one there is what they do not share with it.

    Args:
        talk: What to draw.
        turns: How many turns of a branch are shown at most, the last ones, at least 1.
        clips: How many clips are drawn at most, the last ones; of the others there is the text, folded.
        clean: Takes keys out of a clip's text before it becomes a picture, in which nobody could find them.
        as_it_is: Gives for a clip as it was written the one that became of it, which is drawn.
        notes: What else is known of a turn, such as why it failed, by the id of the node that asks.

    >>> from conduit.messages import UserMessage
    >>> html = transcript_html(Conversation().add(UserMessage.of("a <b>bass</b> line")))
    >>> "a &lt;b&gt;bass&lt;/b&gt; line" in html
    True
    """
    tree = _tree(talk)
    branches = {name: _branch(tree, name, turns) for name in tree.branches}
    by_age = sorted(branches.values(), key=lambda branch: branch.name != tree.current)
    found, folded = said((branch.turns for branch in by_age), clips=clips, clean=clean, as_it_is=as_it_is)
    pieces = _noted(found, by_age, notes)
    parts = [f'<p style="{_TITLE}">{page.escaped(title)}</p>'] if (title := tree.title or tree.name) else []
    parts += [_small(line) for line in (_summary(tree), _left_as_text(folded)) if line]
    for branch in branches.values():
        drawn = "".join(_branch_html(tree, branch, pieces))
        parts.append(drawn if len(branches) == 1 else _folded_branch(tree, branch, drawn))
    return f"<div>{''.join(parts)}</div>"


def transcript_text(
    talk: ConversationTree | Conversation, *, turns: int = MOST_TURNS, clips: int = MOST_CLIPS
) -> str:
    """Write the current branch of a conversation as plain text, with its clips in characters.

    Args:
        talk: What to write.
        turns: How many turns are shown at most, the last ones, at least 1.
        clips: How many clips are drawn at most, the last ones.

    >>> from conduit.messages import UserMessage
    >>> print(transcript_text(Conversation().add(UserMessage.of("a bass line"))))
    1 turn
    <BLANKLINE>
    1 You
      a bass line
    """
    tree = _tree(talk)
    branch = _branch(tree, tree.current, turns)
    pieces, folded = said([branch.turns], clips=clips)
    on = f"on branch {tree.current}" if len(tree.branches) > 1 else ""
    heads = [page.one_line(head) for head in (tree.title or tree.name, _summary(tree), on) if head]
    blocks = ["\n".join(heads), *filter(None, (_left_as_text(folded), _not_shown(branch)))]
    taken = _taken(tree)
    for turn in branch.turns:
        lines = _turn_text(tree, turn, taken.get(turn.number, ""), pieces[turn.after.id])
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _tree(talk: ConversationTree | Conversation) -> ConversationTree:
    return ConversationTree(branches={"main": talk}) if isinstance(talk, Conversation) else talk


def _noted(
    pieces: dict[str, tuple[Piece, ...]], branches: Iterable[_Branch], notes: Mapping[str, str]
) -> Mapping[str, tuple[Piece, ...]]:
    known = {turn.after.id: notes.get(turn.asked.id, "") for branch in branches for turn in branch.turns}
    return pieces | {end: (*pieces[end], Aside(note)) for end, note in known.items() if note}


def _branch(tree: ConversationTree, name: str, most: int) -> _Branch:
    talk = tree.branches[name]
    own = every = talk.turns
    if name != tree.current:
        common = len(common_past(talk, tree.conversation))
        own = tuple(turn for turn in every if len(turn.after) > common)
    hidden = max(0, len(own) - max(1, most))
    return _Branch(name, own[hidden:], shared=len(every) - len(own), hidden=hidden)


def _summary(tree: ConversationTree) -> str:
    words = [_counted(len(tree.conversation.turns), "turn")]
    if len(tree.branches) > 1:
        words.append(_counted(len(tree.branches), "branch", "branches"))
    return " · ".join(filter(None, [*words, sum_words(tree.usage, tree.cost_usd)]))


def _left_as_text(folded: int) -> str:
    return f"{_counted(folded, 'older clip')} shown as text" if folded else ""


def _not_shown(branch: _Branch) -> str:
    return f"{_counted(branch.hidden, 'earlier turn')} not shown" if branch.hidden else ""


def _folded_branch(tree: ConversationTree, branch: _Branch, drawn: str) -> str:
    current = branch.name == tree.current
    count = _counted(len(tree.branches[branch.name].turns), "turn")
    line = " · ".join([branch.name, count, *(["current"] if current else [])])
    return page.fold(line, drawn, style=_BRANCH, line=_NAME, is_open=current)


def _branch_html(
    tree: ConversationTree, branch: _Branch, pieces: Mapping[str, tuple[Piece, ...]]
) -> Iterator[str]:
    current, first = branch.name == tree.current, next(iter(tree.branches[branch.name].messages), None)
    if current and isinstance(first, SystemMessage):
        yield _piece_html(Folded("System", first.content))
    if branch.shared:
        yield _small(f"{_counted(branch.shared, 'turn')} shared with {tree.current}")
    if branch.hidden:
        yield _small(_not_shown(branch))
    taken = _taken(tree) if current else {}
    for turn in branch.turns:
        yield _turn_html(tree, turn, taken.get(turn.number, ""), pieces[turn.after.id])


def _taken(tree: ConversationTree) -> dict[int, str]:
    """Say of the turns at which a branch parts from the current one which take is shown, of which."""
    found: dict[int, str] = {}
    for number, names in takes(tree.branches, tree.current).items():
        place = names.index(tree.current) + 1
        listed = f": {', '.join(names)}" if len(names) <= _MOST_NAMES else ""
        found[number] = f"take {place} of {len(names)}{listed}"
    return found


def _turn_html(tree: ConversationTree, turn: Turn, taken: str, pieces: Sequence[Piece]) -> str:
    parts = [_label(Speaker(_asker(turn, taken))), *map(_piece_html, pieces)]
    if footer := _footer(tree, turn):
        parts.append(_small(footer))
    return f'<div style="{_TURN}">{"".join(parts)}</div>'


def _turn_text(tree: ConversationTree, turn: Turn, taken: str, pieces: Sequence[Piece]) -> Iterator[str]:
    yield page.one_line(_asker(turn, taken))
    for piece in pieces:
        yield from _piece_text(piece)
    if footer := _footer(tree, turn):
        yield f"  ({page.one_line(footer)})"


def _asker(turn: Turn, taken: str) -> str:
    return f"{turn.number} You" + (f" · {taken}" if taken else "")


def _footer(tree: ConversationTree, turn: Turn) -> str:
    """Say who answered, and what the whole turn took."""
    nodes = turn.after.nodes_since(len(turn.before))
    known = [tree.facts[node.id] for node in nodes if node.id in tree.facts]
    if len(known) <= 1:
        return "".join(map(fact_words, known))
    asked = {f"{fact.provider}/{fact.model}": None for fact in known}
    spent = sum_words(usage_of(known), cost_of(known))
    return " · ".join(filter(None, [*asked, _counted(len(known), "answer"), spent]))


def _piece_html(piece: Piece) -> str:
    match piece:
        case Speaker():
            return _label(piece)
        case Words(text=text):
            return prose_html(_cut(text, _MOST_WORDS))
        case Aside(text=text):
            return f'<p style="{_ASIDE}">{page.lines(text)}</p>'
        case Drawn(clip=clip):
            line = f"{piece.summary} · {caption(clip)}"
            return f'<div style="{_ROLL}">{_picture(clip)}</div>{_folded(line, piece.text)}'
        case Folded(summary=summary, text=text, gist=gist):
            return _folded(" · ".join(filter(None, (summary, gist))), text)


# As for what is read: most of the clips were drawn a turn ago.
@lru_cache(32)
def _picture(clip: Clip) -> str:
    return roll_html(clip, width=_ROLL_WIDTH, title=False)


def _piece_text(piece: Piece) -> Iterable[str]:
    match piece:
        case Speaker(name=name):
            return [f"  {name}"]
        case Words(text=text):
            return _indented(_cut(text, _MOST_WORDS), "  ")
        case Aside(text=text):
            return [f"  ({page.one_line(text)})"]
        case Drawn(clip=clip):
            return [f"  [{page.one_line(piece.summary)}]", *_indented(roll_text(clip), "    ")]
        case Folded(summary=summary, text=text):
            return [f"  [{page.one_line(summary)}]", *_indented(_cut(text), "    ")]


def _label(speaker: Speaker) -> str:
    return f'<p style="{_LABEL}">{page.escaped(speaker.name)}</p>'


def _folded(summary: str, text: str) -> str:
    return page.fold(summary, f'<pre style="{_CODE}">{page.verbatim(_cut(text))}</pre>', style=_FOLD)


def _small(text: str) -> str:
    return f'<p style="{_QUIET}">{page.escaped(text)}</p>'


def _cut(text: str, most: int = _LONGEST) -> str:
    left_out = len(text) - most
    return text if left_out <= 0 else f"{text[:most]}\n… {left_out:,} more characters"


def _indented(text: str, space: str) -> Iterable[str]:
    return (f"{space}{line}".rstrip() for line in printable(text).strip("\n").split("\n"))


def _counted(number: int, noun: str, many: str = "") -> str:
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"
