"""The item of an entry of the transcript, whatever it tells of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from conduit.widgets.mirror import Item

__all__ = ["turn_item"]

_NOTHING_TOLD: Mapping[str, Any] = {"state": "done", "error": "", "footer": "", "details": []}
"""How an entry ended of which nothing has to be said."""


def turn_item(
    asked: str,
    *,
    at: float,
    ending: Mapping[str, Any],
    parts: Iterable[str] = (),
    media: Iterable[str] = (),
    who: str = "you",
    number: int = 0,
    takes: Sequence[str] = (),
    take: int = 0,
    origin: str = "",
) -> Item:
    """Give the item of an entry.

    Args:
        asked: The person's words.
        at: When, in seconds since 1970; 0 where it is not known.
        ending: Its ``state``, ``error``, ``footer`` and ``details``, those that are not as of one that is done.
        parts: Ids of its parts; clips, which are no parts, are left out.
        media: Ids of its pictures and sounds.
        who: ``you`` or ``verb``.
        number: Of its turn; 0 where it is none.
        takes: Names of the branches that answer it differently.
        take: Which of them is shown.
        origin: Where it was asked, if not in a panel.
    """
    return {
        "kind": "turn",
        "who": who,
        "number": number,
        "asked": asked,
        "media": list(media),
        "at": at,
        "parts": [part for part in parts if not part.startswith("c")],
        **_NOTHING_TOLD,
        **ending,
        "takes": {"names": list(takes), "at": take} if takes else {},
        "origin": origin,
    }
