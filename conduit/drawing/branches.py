"""The branches of a conversation in characters: one line a turn, side branches indented where they part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from conduit.drawing.caption import fit, printable
from conduit.messages import ConversationTree, TextPart, Turn
from conduit.messages.aside import aside
from conduit.messages.export import media_words

__all__ = ["tree_text"]

_ROOT = ""
_RUN = 8
"""Turns in a row at which nothing parts or ends; a longer row is drawn as its first and its last."""


@dataclass(slots=True)
class _Fork:
    """A point of the tree: the end of a turn."""

    turn: Turn | None = None
    tips: list[str] = field(default_factory=list)
    following: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Line:
    indent: str
    text: str
    plain: bool


def tree_text(tree: ConversationTree, *, width: int = 72) -> str:
    """Draw the branches in characters; the current one runs straight down and ends with ``●``, others with ``○``.

    Args:
        tree: What to draw.
        width: Columns of a question at most.

    >>> from conduit.messages import UserMessage
    >>> print(tree_text(ConversationTree().add(UserMessage.of("a bass line")).edit(1, "a pad")))
    ├─ 1 a bass line (no answer) ○ main
    1 a pad (no answer) ● main-2
    """
    forks = _forks(tree)
    current = {turn.after.id for turn in tree.conversation.turns}
    lines = [*_root(forks[_ROOT], tree), *_lines(tree, forks, current, width)]
    drawn: list[str] = []
    for (plain, _), group in groupby(lines, key=lambda line: (line.plain, line.indent)):
        texts = [line.indent + line.text for line in group]
        drawn += _shortened(texts) if plain else texts
    return "\n".join(drawn)


def _forks(tree: ConversationTree) -> dict[str, _Fork]:
    forks = {_ROOT: _Fork()}
    for name, talk in tree.branches.items():
        at = _ROOT
        for turn in talk.turns:
            if turn.after.id not in forks:
                forks[turn.after.id] = _Fork(turn)
                forks[at].following.append(turn.after.id)
            at = turn.after.id
        forks[at].tips.append(name)
    return forks


def _root(root: _Fork, tree: ConversationTree) -> list[_Line]:
    return [_Line("", f"(nothing asked){_tips(root, tree)}", plain=False)] if root.tips else []


def _lines(tree: ConversationTree, forks: dict[str, _Fork], current: set[str], width: int) -> Iterator[_Line]:
    stack = _below(forks[_ROOT], current, "")
    while stack:
        first, rest, at = stack.pop()
        fork = forks[at]
        plain = not fork.tips and len(fork.following) == 1 and first == rest
        yield _Line(first, _label(fork, width) + _tips(fork, tree), plain=plain)
        stack += _below(fork, current, rest)


def _below(fork: _Fork, current: set[str], indent: str) -> list[tuple[str, str, str]]:
    """Give what follows as a stack has it: what goes straight on is drawn last, so it comes first."""
    if not fork.following:
        return []
    straight = next((at for at in fork.following if at in current), fork.following[0])
    sides = [at for at in fork.following if at != straight]
    beside = [(f"{indent}├─ ", f"{indent}│  ", at) for at in reversed(sides)]
    return [(indent, indent, straight), *beside]


def _label(fork: _Fork, width: int) -> str:
    if fork.turn is None:
        return ""
    asked = " ".join(printable(_question(fork.turn)).split())
    answered = "" if fork.turn.answer else " (no answer)"
    return f"{fork.turn.number} {fit(asked, width)}{answered}"


def _question(turn: Turn) -> str:
    parts, added = aside(turn.question)
    words = " ".join(part.text if isinstance(part, TextPart) else f"({media_words(part)})" for part in parts)
    return " · ".join(filter(None, (words, added)))


def _tips(fork: _Fork, tree: ConversationTree) -> str:
    return "".join(f" {'●' if name == tree.current else '○'} {printable(name)}" for name in fork.tips)


def _shortened(texts: list[str]) -> list[str]:
    if len(texts) <= _RUN:
        return texts
    space = texts[0][: len(texts[0]) - len(texts[0].lstrip("│ "))]
    return [texts[0], f"{space}⋮ {len(texts) - 2:,} more turns", texts[-1]]
