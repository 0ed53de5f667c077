"""The tray of a panel: every take as a small item, with its picture, its facts and where it was written."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from conduit.drawing import CLIP_COLOURS, colour_of
from conduit.drawing.caption import printable, title
from conduit.widgets.session_view import pack_picture

if TYPE_CHECKING:
    from conduit.music import Clip
    from conduit.studio import Studio

__all__ = ["tray_items"]

_KEPT = 2_048
_END = "\n"  # no name has one


def tray_items(studio: Studio, entries: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Give the item of the tray, and one of each take.

    Args:
        studio: Whose takes.
        entries: By the id of a conversation's node the id of the entry that shows it.
    """
    takes = list(studio.shelf.takes)
    looks = [_look(take.clip) for take in takes]
    names = [printable(take.called) or look.name for take, look in zip(takes, looks, strict=True)]
    shown = zip(takes, looks, _scrubbed(studio, names), strict=True)
    items = {
        take.id: {
            "kind": "take",
            "name": name,
            "star": take.star,
            "words": look.words,
            "ink": look.ink,
            "picture": look.picture,
            "entry": entries.get(take.node, ""),
            "clip": "",
            "at": take.at,
        }
        for take, look, name in shown
    }
    return {"tray": {"kind": "tray", "order": [take.id for take in reversed(takes)]}, **items}


def _scrubbed(studio: Studio, texts: list[str]) -> list[str]:
    """Take secrets out of texts. There are hardly ever any, so all are looked through at once."""
    whole = _END.join(texts)
    return texts if studio.scrub(whole) == whole else [studio.scrub(text) for text in texts]


class _Look(NamedTuple):
    """What is shown of a clip: its own name, facts in words, its colour, and its notes as a tiny roll."""

    name: str
    words: str
    ink: str
    picture: bytes


# A panel asks for them again at each of its updates, of which there may be twenty a second.
@lru_cache(_KEPT)
def _look(clip: Clip) -> _Look:
    bars, notes = round(clip.bars, 2), len(clip)
    facts = [
        f"{bars:g} bar{'s' * (bars != 1)}",
        *([str(clip.key)] if clip.key else []),
        f"{clip.bpm:g} bpm",
        f"{notes} note{'s' * (notes != 1)}",
    ]
    return _Look(title(clip), " · ".join(facts), CLIP_COLOURS[colour_of(clip)], pack_picture(clip))
