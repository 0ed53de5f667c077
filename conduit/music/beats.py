"""Beats: the drum patterns of each style, written a sixteenth a letter as ``phrase`` reads them.

A row is one drum, from what energy on it plays, and its patterns: a seed picks one for the whole clip. A
pattern of 32 letters answers itself in every second bar.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["BEATS", "FILLS", "Beat", "Row"]


@dataclass(frozen=True, slots=True)
class Row:
    """One drum's patterns and the energy, 0-1, from which it plays."""

    drum: str
    energy: float
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Beat:
    """One style's rows and the names of the fills that suit it."""

    rows: tuple[Row, ...]
    fills: tuple[str, ...]


def _row(drum: str, energy: float, *patterns: str) -> Row:
    return Row(drum, energy, patterns)


_FOUR = _row("kick", 0, "X---X---X---X---")
_FOUR_PUSHED = _row("kick", 0, "X---X---X---X---" * 2, "X---X---X---X---X---X---X---X--o")
_BACKBEAT = "----X-------X---"
_OFFBEAT = "--x---x---x---x-"
_SILENT = "-" * 16

BEATS: dict[str, Beat] = {
    "plain": Beat(
        (
            _row("kick", 0, "X-----x-X-------X-----x-X-x-----", "X--x----X-x-----X--x--x-X-------"),
            _row("snare", 0.1, _BACKBEAT),
            _row("hat", 0, "x-o-x-o-x-o-x-o-", "x-x-x-xox-x-x-x-", "o-xgo-x-o-xgo-xg"),
            _row("snare", 0.5, _SILENT, "-------g-------g", "-------g-g------"),
            _row("openhat", 0.45, "--------------x-", _SILENT + "------x---------"),
        ),
        ("snares", "toms", "drop"),
    ),
    "techno": Beat(
        (
            _FOUR,
            _row("clap", 0.35, "----x-------x---", "----x-------x-------x-------x--g"),
            _row("openhat", 0.3, _OFFBEAT),
            _row("hat", 0.15, "ogxoogxoogxoogxo", "gogogogogogogogo", "o-xgo-xgo-xgo-xg", "ggxgogxgggxgogxg"),
            _row("rim", 0.5, "---o--o----o--o-", "-----o--o----o--", "---o-----o-o-------o--o---------"),
            _row("tom2", 0.6, "--o--o----o--o--", "---o--o---o----o", _SILENT),
            _row("ride", 0.75, "--o---o---o---o-", "o-o-o-o-o-o-o-o-"),
        ),
        ("rolls", "drop", "toms"),
    ),
    "house": Beat(
        (
            _FOUR_PUSHED,
            _row("clap", 0.2, _BACKBEAT),
            _row("openhat", 0.25, _OFFBEAT),
            _row("hat", 0.1, "g-x-g-x-g-x-g-xg", "o--go--go--go-go", "gg-ogg-ogg-ogg-o"),
            _row("shaker", 0.5, "goxgogxggoxgogxg", "o-xoo-xoo-xoo-xo"),
            _row("rim", 0.5, "---o--o---o-----", "-o----o--o----o-", _SILENT + "---o--o-------o-"),
            _row("snare", 0.6, "-------g-g-----g", "-------g------g-"),
            _row("conga", 0.65, "--o-----o--o--o-", "---oo-----oo----", _SILENT),
        ),
        ("claps", "snares", "toms"),
    ),
    "acid": Beat(
        (
            _FOUR,
            _row("clap", 0.3, _BACKBEAT, "----X-------X-------X-------X-g-"),
            _row("openhat", 0.3, _OFFBEAT),
            _row("hat", 0.15, "xgogxgogxgogxgog", "ogxgogxgogxgogxo"),
            _row("snare", 0.5, "-------g--g----g", "--g----g-g----go"),
            _row("rim", 0.6, "---o--o--o--o---", "o--o--o---o-o---"),
            _row("tambourine", 0.7, "----o-------o---"),
        ),
        ("rolls", "snares", "drop"),
    ),
    "minimal": Beat(
        (
            _row("kick", 0, "X---X---X---X---"),
            _row("clap", 0.5, "------------o---", "----o-------o---"),
            _row("rim", 0.2, "---o------o-----", "------o-------o-", "---o--g----o-------o--g-------og"),
            _row("hat", 0.1, "--o---o---o---og", "--x-g-x---x-g-x-"),
            _row("shaker", 0.5, "g-oggg-og-oggg-o", "-gg--gg--gg--gg-"),
            _row("clave", 0.6, "-----o-------o--", _SILENT + "--o-----------o-", _SILENT),
        ),
        ("rims", "drop"),
    ),
    "dub": Beat(
        (
            _row("kick", 0, "--------X-------", "--------X-----o-"),
            _row("rim", 0, "--------X-------", "--------X-----o---------X--o----"),
            _row("hat", 0, "o-x-o-x-o-x-o-xg", "x-ogx-ogx-ogx-og"),
            _row("openhat", 0.45, "--------------o-", _SILENT + "--------------x-"),
            _row("snare", 0.7, "------------g--g", "---g------------"),
        ),
        ("rims", "toms"),
    ),
    "steppers": Beat(
        (
            _FOUR,
            _row("rim", 0, "--------X-------"),
            _row("hat", 0, "o-x-o-x-o-x-o-xg", "x-ogx-ogx-ogx-og"),
            _row("openhat", 0.45, "--------------o-", "------o-------o-"),
        ),
        ("rims", "toms"),
    ),
    "ambient": Beat(
        (
            _row("kick", 0, "o---------------o---------g-----", "o---------g-----"),
            _row("rim", 0.3, "--------g---------------g----g--", "----------g-----"),
            _row("shaker", 0.2, "g---g---g---g-g-", "--g---g---g--gg-"),
            _row("ride", 0.4, "----g-------g---", "o---------------" + _SILENT),
            _row("hat", 0.6, "--g---g---g---g-"),
        ),
        ("breath",),
    ),
    "trance": Beat(
        (
            _FOUR,
            _row("clap", 0.25, _BACKBEAT),
            _row("openhat", 0.2, _OFFBEAT),
            _row("hat", 0.15, "xgogxgogxgogxgog", "o-xoo-xoo-xoo-xo"),
            _row("ride", 0.75, "x-o-x-o-x-o-x-o-"),
        ),
        ("rolls", "snares"),
    ),
    "breakbeat": Beat(
        (
            _row(
                "kick", 0,
                "X-x-------xx----X-x-------x-----", "X-x---x---x--x--", "X--x--x---x-----X-x----x--x--x--",
            ),
            _row("snare", 0, "----X--g-g--X--g----X--g-g----X-", "----X--g-g-gX--g"),
            _row("hat", 0.1, "x-x-x-x-x-x-x-x-", "x-xox-x-x-xox-xo"),
            _row("openhat", 0.45, "--------------------------x-----", "------x---------"),
            _row("ride", 0.8, "o-o-o-o-o-o-o-o-"),
        ),
        ("break", "snares"),
    ),
    "two step": Beat(
        (
            _row("kick", 0, "X---------x-----", "X---------x-----X-x-------x-----"),
            _row("snare", 0, _BACKBEAT),
            _row("hat", 0.1, "x-o-x-o-x-o-x-o-", "x-ogx-ogx-ogx-og", "xgogxgogxgogxgog"),
            _row("snare", 0.4, "-------g-g-----g", "-------g-g--------g----g-g----g-"),
            _row("ride", 0.7, "x-o-x-o-x-o-x-o-"),
        ),
        ("break", "snares"),
    ),
    "hiphop": Beat(
        (
            _row("kick", 0, "X--x------x--o--", "X-x----x--x-----X-x-------x--x--", "X------xX-x-----"),
            _row("snare", 0, _BACKBEAT),
            _row("hat", 0, "x-o-x-o-x-o-x-oo", "x-ogx-o-x-ogx-o-"),
            _row("snare", 0.4, "-------g-----g--", "---------g-----g", _SILENT),
            _row("openhat", 0.5, "--------------o-", _SILENT + "------o---------"),
        ),
        ("stutter", "drop"),
    ),
    "trap": Beat(
        (
            _row("kick", 0, "X------x-----x--X--x------x-----", "X-----x---x--x--", "X--x-----xx-----"),
            _row("clap", 0, "--------X-------"),
            _row("hat", 0, "x-x-x-xrx-x-rrx-", "x-o-x-o-x-rrx-o-x-o-x-orx-o-xrro", "xoxoxoxrxoxoxorr"),
            _row("snare", 0.6, "--------------g-", "-----------g-----------------gg-"),
            _row("openhat", 0.5, "----------x-----" + _SILENT, "--------------x-"),
        ),
        ("rolls", "stutter"),
    ),
    "dubstep": Beat(
        (
            _row("kick", 0, "X---------x-----X--x------x-----", "X-----x---x---x-"),
            _row("snare", 0, "--------X-------"),
            _row("hat", 0.1, "x--x--x-x--x--x-", "x-o--ox-o-x--oxo"),
            _row("rim", 0.5, "---o--o-----o--o", "-----o-------o--"),
        ),
        ("toms", "stutter"),
    ),
    "electro": Beat(
        (
            _row("kick", 0, "X-----x---x-----X-----x---x--x--", "X--x--x---x--x--"),
            _row("snare", 0, _BACKBEAT),
            _row("hat", 0.1, "xoxoxoxoxoxoxoxo", "x-xox-xox-xox-xo"),
            _row("cowbell", 0.5, "--o--o-o--o-----", "o--o--o--o--o-o-", _SILENT),
            _row("clap", 0.6, "----o-------o--o"),
            _row("openhat", 0.4, "--------------x-", "------x-------x-"),
        ),
        ("stutter", "toms"),
    ),
    "garage": Beat(
        (
            _row("kick", 0, "X---------x-----X------x--x-----", "X-----x---x--x--"),
            _row("snare", 0, _BACKBEAT),
            _row("hat", 0.1, "--xg--xg--xg--xo", "-gx-ogxg-gx-ogxo"),
            _row("rim", 0.4, "---o---o-o-----o", "-------o--o----o"),
            _row("openhat", 0.5, "--x-------x-----", "------x-------x-"),
        ),
        ("claps", "stutter"),
    ),
    "disco": Beat(
        (
            _FOUR,
            _row("snare", 0.1, _BACKBEAT),
            _row("openhat", 0.2, _OFFBEAT),
            _row("hat", 0, "xo-oxo-oxo-oxo-o"),
            _row("tambourine", 0.5, "o-xoo-xoo-xoo-xo", "----x-------x---"),
            _row("conga", 0.65, "--o--oo---o--o-o"),
        ),
        ("toms", "snares"),
    ),
    "funk": Beat(
        (
            _row("kick", 0, "X-x----x--x--x--X-x-------x--x--", "X--x------x--x--"),
            _row("snare", 0, "----X--g-g--X--g", "----X--g-g-gX-g-"),
            _row("hat", 0, "xoxoxoxoxoxoxoxo", "x-xox-x-x-xox-x-"),
            _row("openhat", 0.4, "------x---------", "--------------x-"),
        ),
        ("snares", "break"),
    ),
    "rock": Beat(
        (
            _row("kick", 0, "X-----x-X-x-----", "X-------X-x-----X-----x-X-x-----"),
            _row("snare", 0, _BACKBEAT),
            _row("hat", 0, "X-x-X-x-X-x-X-x-"),
            _row("openhat", 0.5, "--------------x-" + _SILENT, _SILENT + "--------------x-"),
        ),
        ("toms", "snares"),
    ),
    "synthwave": Beat(
        (
            _row("kick", 0, "X-------X-------", "X---X---X---X---"),
            _row("snare", 0, _BACKBEAT),
            _row("hat", 0.1, "x-o-x-o-x-o-x-o-", "xoxoxoxoxoxoxoxo"),
            _row("clap", 0.6, "----o-------o---"),
            _row("openhat", 0.5, _OFFBEAT, "--------------x-"),
        ),
        ("toms", "rolls"),
    ),
    "jazz": Beat(
        (
            _row("ride", 0, "x---X--ox---X--o"),
            _row("pedalhat", 0, "----x-------x---"),
            _row("kick", 0, "g---g---g---g---"),
            _row("snare", 0.3, "-------g------g----g-------g----", "------g----g-----------g--g-----"),
            _row("kick2", 0.6, "-------o--------" + _SILENT, _SILENT + "---------------o"),
        ),
        ("snares", "toms"),
    ),
    "dembow": Beat(
        (
            _row("kick", 0, "X---X---X---X---", "X---o---X---o---"),
            _row("snare", 0, "---x--x----x--x-"),
            _row("hat", 0.2, "o-o-o-o-o-o-o-o-", "--x---x---x---x-"),
            _row("shaker", 0.5, "goxggoxggoxggoxg"),
            _row("conga", 0.6, "----------o-oo--", "------o-------oo"),
        ),
        ("toms", "snares"),
    ),
}  # fmt: skip
"""Rows of each beat."""

FILLS: dict[str, dict[str, str]] = {
    "snares": {"snare": "g-o-ooxX", "kick": "x-------"},
    "rolls": {"snare": "ggooxxrr", "kick": "X---X---"},
    "claps": {"clap": "----X-xX", "snare": "--o--o--", "kick": "X---X---"},
    "toms": {"tom5": "x-o-----", "tom3": "----xo--", "tom1": "------xX", "kick": "X-------"},
    "drop": {"snare": "-----oxX", "kick": "X-------"},
    "rims": {"rim": "o--o-oxo", "tom2": "----o---", "kick": "X---x---"},
    "breath": {"tom2": "----o--g", "ride": "g-------"},
    "break": {"snare": "X-gX-gXx", "kick": "--x--x--", "hat": "x-x-x-x-"},
    "stutter": {"snare": "x--x--Xx", "kick": "--o--o--", "hat": "rrx-----"},
}
"""Rows of each fill: two pulses of four sixteenths; a short fill is the second."""
