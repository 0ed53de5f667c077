"""The words for scales: which say so alone, and which only after a note or before "scale"."""

from __future__ import annotations

from conduit.music.modes import SCALE_NAMES, SCALES

__all__ = ["MODES", "SHY"]

_FOREIGN = {
    "major": "dur, majeur, majeure, maggiore, mayor, maior",
    "minor": "moll, mineur, mineure, minore, menor",
    "dorian": "dorisch",
    "phrygian": "phrygisch",
    "lydian": "lydisch",
    "mixolydian": "mixolydisch",
    "locrian": "lokrisch",
}

_SHY_WORDS = (
    "acoustic, overtone, dominant, gospel, jewish, arabic, arabian, gypsy, hungarian, flamenco, algerian, "
    "oriental, spanish, augmented, chromatic, altered, altered dominant, mystic, chinese, japanese, balinese, "
    "egyptian, hindu, hexatonic, romanian, persian, tritone, diminished, half diminished, yo, sakura, enigmatic, "
    "byzantine, bebop, jazz minor, neapolitan"
)
SHY = frozenset(_SHY_WORDS.split(", "))
"""Names of scales that mean something else alone: an acoustic bass is in no acoustic scale."""

_SHORT = frozenset({"m", "min", "maj"})


def _modes() -> dict[str, str]:
    found: dict[str, list[str]] = {name: [] for name in SCALES}
    for written, name in SCALE_NAMES.items():
        if written in SHY:
            found[name] += [f"{written} scale", f"{written} mode"]
        elif written not in _SHORT and not written.endswith("."):
            found[name].append(written)
    for name, words in _FOREIGN.items():
        found[name] += words.split(", ")
    return {name: ", ".join(words) for name, words in found.items()}


MODES: dict[str, str] = _modes()
"""Words for each scale of ``music.SCALES`` that name it wherever they stand."""
