"""Beats: the drum patterns of a genre, written a letter a step as ``phrase`` reads them.

A pattern is one bar or several, which follow one another and begin again; a bar has sixteen letters, or twelve
(triplets of eighths) or 24 (triplets of sixteenths). The core is what belongs together, kick and snare for the most
part: a seed takes one. Layers join and leave with the energy. Ornaments are hits that come now and then.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["KEEP", "PLAIN_BEAT", "STEPPERS", "VELOCITIES", "Bars", "Beat", "Layer", "Rows"]

VELOCITIES = {"X": 114, "x": 98, "o": 78, "g": 46, "r": 82, "t": 74, "s": 100}
"""Velocity of each letter that sounds."""

Bars = tuple[str, ...]
"""A pattern, a text a bar."""

Rows = tuple[tuple[str, Bars], ...]
"""Drums and their patterns, which are played together."""

KEEP = "keep"
"""In a fill, in place of a row: the drum goes on as before."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One drum that plays from an energy on, up to another, and its patterns: a seed takes one."""

    drum: str
    patterns: tuple[Bars, ...]
    energy: float = 0.0
    until: float = 1.0

    def plays(self, energy: float) -> bool:
        """Say whether it plays at an energy."""
        return self.energy <= energy and (energy < self.until or self.until >= 1)


@dataclass(frozen=True, slots=True)
class Beat:
    """The drums of a genre.

    Attributes:
        core: What a seed takes one of.
        layers: What is added by energy.
        ornaments: Hits that may be added, in bars that answer the most.
        fills: Rows of one bar each; a short fill is the end of it.
        crash: Energy from which a section begins with a crash; over 1 is never.
    """

    core: tuple[Rows, ...]
    layers: tuple[Layer, ...] = ()
    ornaments: tuple[tuple[str, str], ...] = ()
    fills: tuple[tuple[tuple[str, str], ...], ...] = ()
    crash: float = 0.7


_BACKBEAT = ("----X-------X---",)
_EIGHTHS = ("x-o-x-o-x-o-x-o-",)

PLAIN_BEAT = Beat(
    core=(
        (("kick", ("X-----x-X-------", "X-----x-X-x-----")), ("snare", _BACKBEAT)),
        (("kick", ("X--x----X-x-----", "X--x----X-x---x-")), ("snare", _BACKBEAT)),
        (("kick", ("X-------X-x-----", "X-----x---x-----")), ("snare", _BACKBEAT)),
        (("kick", ("X-x-----X-------", "X-x-----X-----x-")), ("snare", _BACKBEAT)),
    ),
    layers=(
        Layer("hat", (_EIGHTHS, ("x-x-x-x-x-x-x-x-",), ("o-x-o-x-o-x-o-xg",)), until=0.75),
        Layer("hat", (("xoxoxoxoxoxoxoxo",), ("xgogxgogxgogxgog",)), energy=0.75),
        Layer("openhat", (("-" * 16, "--------------x-"), ("-" * 16, "------x---------")), energy=0.45),
        Layer("ride", (_EIGHTHS,), energy=0.9),
    ),
    ornaments=(("snare", "-------g-g-----g"), ("kick", "---o---o--o----o")),
    fills=(
        (("snare", "----x---g-o-ooxX"), ("kick", "x---x---x-------"), ("hat", "x-o-x-o---------")),
        (("tom5", "--------x-o-----"), ("tom3", "------------xo--"), ("tom1", "--------------xX"),
         ("kick", "X-----x-X-------"), ("snare", "----X-----------"), ("hat", KEEP)),
        (("snare", "----X--------oxX"), ("kick", "X-----x-X-------"), ("hat", "x-o-x-o-x-------")),
    ),
)  # fmt: skip
"""What plays where no genre is named."""

STEPPERS = Beat(
    core=(
        (("kick", ("X---X---X---X---",)), ("rim", ("--------X-------",))),
        (("kick", ("X---X---X---X---",)), ("rim", ("--------X-------", "--------X--o----"))),
    ),
    layers=(
        Layer("hat", (("o-x-o-x-o-x-o-x-",), ("x-o-x-o-x-ogx-o-",))),
        Layer("openhat", (("--------------o-",), ("-" * 16, "------o-------o-")), energy=0.45),
    ),
    ornaments=(("rim", "------o----o--o-"), ("kick2", "-----------o----")),
    fills=(
        (("rim", "--------o--o-oxo"), ("tom2", "------------o---"), ("kick", KEEP), ("hat", KEEP)),
        (("tom5", "--------x-o-----"), ("tom3", "------------x-oo"), ("kick", KEEP)),
    ),
)
"""The beat of the steppers of reggae: a kick on every beat under the third."""
