"""Genres: what each means in tempo, swing, harmony and playing. One table; renderers and readers take it.

Tempi are the usual centre of each style. Swing is where the second sixteenth of each pair falls, in per cent
of the pair, as on drum machines since the MPC: 50 is straight, 66 a triplet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["GENRES", "PLAIN", "Genre"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Genre:
    """The facts of one genre.

    Attributes:
        bpm: Tempo when none is asked for.
        swing: Where the second sixteenth of a pair falls, per cent: 50 (straight) to 66 (triplet).
        drums: Name of its beat in ``beats.BEATS``.
        bass: Name of its bank in ``bass.BASSES``.
        chords: Name of its bank in ``comping.RHYTHMS``.
        harmony: Name of its progressions in ``harmony.PROGRESSIONS``.
        voices: Different notes in a chord: 3 triads, 4 sevenths, 5 ninths.
        bars_per_chord: How long a chord lasts.
        scale: Scale when no key is asked for.
        role: What is made when no role is asked for.
    """

    bpm: float = 120
    swing: int = 50
    drums: str = "plain"
    bass: str = "plain"
    chords: str = "plain"
    harmony: str = "plain"
    voices: int = 3
    bars_per_chord: int = 1
    scale: str = "minor"
    role: str = "drums"


PLAIN = Genre()
"""What holds where no genre is named."""

_TECHNO = {"drums": "techno", "bass": "rolling", "chords": "techno", "harmony": "techno"}
_HIPHOP = {"drums": "hiphop", "bass": "hiphop", "chords": "laid back", "harmony": "hiphop", "voices": 4}
_ROCK = {"drums": "rock", "bass": "eighths"}


def _genre(facts: Mapping[str, object], **more: object) -> Genre:
    return Genre(**{**facts, **more})  # type: ignore[arg-type]  # the rows above are checked by the tests


GENRES: dict[str, Genre] = {
    "techno": _genre(_TECHNO, bpm=130),
    "house": Genre(bpm=124, swing=54, drums="house", bass="house", chords="house", harmony="house", voices=4),
    "deep house": Genre(
        bpm=122, swing=56, drums="house", bass="deep", chords="house", harmony="house", voices=5
    ),
    "acid": _genre(_TECHNO, bpm=128, drums="acid", bass="acid", role="bass"),
    "dub": Genre(
        bpm=72, swing=56, drums="dub", bass="dub", chords="skank", harmony="dub", role="bass"
    ),
    "reggae": Genre(bpm=76, swing=56, drums="dub", bass="dub", chords="skank", harmony="dub", role="drums"),
    "ambient": Genre(
        bpm=76, drums="ambient", bass="drone", chords="held", harmony="ambient", voices=5,
        bars_per_chord=2, role="pad",
    ),
    "minimal": _genre(_TECHNO, bpm=126, swing=54, drums="minimal", bass="minimal"),
    "trance": Genre(
        bpm=138, drums="trance", bass="offbeat", chords="gated", harmony="trance", role="arp"
    ),
    "drum and bass": Genre(
        bpm=174, drums="two step", bass="long", chords="held", harmony="plain", voices=4, bars_per_chord=2
    ),
    "jungle": Genre(
        bpm=166, drums="breakbeat", bass="long", chords="held", harmony="plain", voices=4, bars_per_chord=2
    ),
    "breakbeat": Genre(bpm=132, drums="breakbeat", bass="syncopated", chords="house", voices=4),
    "hip hop": _genre(_HIPHOP, bpm=90, swing=58),
    "lofi": _genre(_HIPHOP, bpm=80, swing=60, voices=5, role="chords"),
    "downtempo": _genre(_HIPHOP, bpm=92, swing=56),
    "trap": Genre(bpm=140, drums="trap", bass="808", chords="held", harmony="hiphop"),
    "dubstep": Genre(bpm=140, drums="dubstep", bass="808", chords="held", harmony="dub"),
    "electro": Genre(bpm=128, drums="electro", bass="electro", chords="techno", harmony="techno"),
    "garage": Genre(bpm=132, swing=60, drums="garage", bass="deep", chords="house", harmony="house", voices=4),
    "disco": Genre(bpm=118, drums="disco", bass="octaves", chords="funk", harmony="house", voices=4),
    "funk": Genre(bpm=104, swing=54, drums="funk", bass="funk", chords="funk", harmony="dub", voices=5),
    "synthwave": Genre(bpm=100, drums="synthwave", bass="eighths", chords="held", harmony="trance", role="arp"),
    "jazz": Genre(
        bpm=126, swing=66, drums="jazz", bass="walking", chords="charleston", harmony="jazz", voices=4,
        scale="major", role="chords",
    ),
    "pop": _genre(_ROCK, bpm=116, scale="major", role="chords"),
    "rock": _genre(_ROCK, bpm=124),
    "latin": Genre(bpm=96, drums="dembow", bass="tresillo", chords="house", voices=4),
    "industrial": _genre(_TECHNO, bpm=134, bass="eighths"),
}  # fmt: skip
"""Facts of each genre, by its name."""
