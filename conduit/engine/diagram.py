"""Draws the state machine from its table, for the docs: ``python -m conduit.engine.diagram docs/engine.md``."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from conduit.engine.machine import TRANSITIONS, Event, State

__all__ = ["diagram", "refreshed"]

_BLOCK = re.compile(r"```mermaid\n.*?```", re.DOTALL)
_WORDS: dict[Event, str] = {
    Event.NOTHING: "nothing",
    Event.SYSTEM: "a system message",
    Event.USER: "a user message",
    Event.CALLS: "tool calls",
    Event.ANSWER: "an answer",
    Event.RESULTS: "every result",
    Event.PLAN: "a plan that waits",
    Event.STOP: "a limit, an abort, a failure",
}


def diagram() -> str:
    """Give the states and every move between them, in Mermaid.

    >>> print(diagram().splitlines()[0])
    stateDiagram-v2
    """
    moves: dict[tuple[State, State], list[str]] = {}
    for (state, event), following in TRANSITIONS.items():
        moves.setdefault((state, following), []).append(_WORDS[event])
    arrows = [
        f"    {state.name} --> {following.name}: {'<br>'.join(words)}"
        for (state, following), words in moves.items()
    ]
    rest = State.TERMINATE.name
    return "\n".join(["stateDiagram-v2", f"    [*] --> {rest}", *arrows, f"    {rest} --> [*]"])


def refreshed(page: str) -> str:
    """Give a page with the diagram of today in its first block of Mermaid.

    Raises:
        ValueError: It has no such block.
    """
    if not _BLOCK.search(page):
        raise ValueError("the page has no ```mermaid block to put the diagram into")
    return _BLOCK.sub(lambda _: f"```mermaid\n{diagram()}\n```", page, count=1)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(refreshed(target.read_text("utf-8")), "utf-8")
