"""Which plans a person may approve in advance, by kind: what harms little and is taken back by one undo.

Pure. Whatever stands in no table here always waits for a person's word.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from conduit.engine.plan import Change
from conduit.engine.risk import Tier
from conduit.live.changes import PutClip
from conduit.live.setting import Setting
from conduit.live.several import Several
from conduit.live.values import SetValues

__all__ = ["FILL", "KINDS", "Kind", "is_covered", "kinds_of"]

FILL = "fill"
"""The kind of a clip for a slot that is empty."""

_NAMES = frozenset({"name", "color", "color_index"})


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of plan.

    Attributes:
        label: What it is called.
        note: What it covers, in a sentence.
        values: Of each thing in a set, the values that belong to it.

    >>> KINDS["mix"].label
    'Mixer'
    """

    label: str
    note: str
    values: Mapping[str, frozenset[str]] = field(default_factory=dict)


KINDS: dict[str, Kind] = {
    FILL: Kind("Clips into empty slots", "A clip is written where no clip is."),
    "mix": Kind(
        "Mixer",
        "Volume, panning, mute, solo and sends of tracks.",
        {"track": frozenset({"volume", "panning", "mute", "solo"}), "send": frozenset({"level"})},
    ),
    "song": Kind(
        "Tempo, metre and key",
        "Tempo, metre, key and groove of the set.",
        {
            "song": frozenset(
                {"tempo", "signature_numerator", "signature_denominator", "root_note", "scale_name"}
                | {"groove_amount"}
            )
        },
    ),
    "names": Kind(
        "Names and colours",
        "Names and colours of tracks, scenes and clips.",
        {"track": _NAMES, "scene": _NAMES, "clip": _NAMES},
    ),
}
"""Every kind by its id. What writes over a clip, adds, loads, takes away, arms or routes has none."""

_NONE = ""


def is_covered(change: Change, kinds: Collection[str]) -> bool:
    """Say whether every part of a change is of one of some kinds.

    >>> from conduit.live.changes import RestoreSlot
    >>> is_covered(RestoreSlot(None, None, None, None, None), {FILL})
    False
    """
    found = kinds_of(change)
    return bool(found) and found <= frozenset(kinds) and change.tier is Tier.CONFIG_CHANGE


def kinds_of(change: Change) -> frozenset[str]:
    """Give the kinds of all parts of a change; the empty one is among them where a part has none."""
    return frozenset(kind for part in _parts(change) for kind in _kinds(part))


def _parts(change: Change) -> Iterator[Change]:
    if isinstance(change, Several):
        for one in change.changes:
            yield from _parts(one)
    else:
        yield change


def _kinds(change: Change) -> Iterator[str]:
    match change:
        case PutClip(overwrites=False):
            yield FILL
        case SetValues(settings=settings):
            yield from map(_kind, settings)
        case _:
            yield _NONE


def _kind(setting: Setting) -> str:
    holds = (name for name, kind in KINDS.items() if setting.name in kind.values.get(setting.thing, ()))
    return next(holds, _NONE)
