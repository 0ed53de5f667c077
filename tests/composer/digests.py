"""Requests whose clips are stored as digests, so that no release changes them unawares.

Where a change is meant, write them anew: ``PYTHONPATH=tests .venv/bin/python tests/composer/digests.py``.
"""

from __future__ import annotations

import json
from pathlib import Path

from conduit.composer.brief import read_brief
from conduit.composer.sketch import sketch

STORED = Path(__file__).parents[1] / "data" / "digests.json"

REQUESTS = (
    "four bars of acid bass in A minor",
    "house drums, 8 bars",
    "dub chords in D dorian",
    "an ambient pad in 7/8",
    "a syncopated lead in F# minor",
    "trance arp",
    "a texture in E minor",
    "techno bass in F minor",
    "techno drums with a fill",
    "techno chords in G minor",
    "techno arp, 16 bars",
    "house bass in C minor",
    "house chords in C major",
    "deep house pad in Eb minor",
    "a house lead in A minor",
    "drum and bass drums",
    "dnb bass in F minor, 8 bars",
    "a drum and bass pad",
    "dubstep drums",
    "dubstep bass in D minor",
    "hip hop drums, swung",
    "hip hop chords in Bb major",
    "lofi chords in C major",
    "a lofi lead in A minor",
    "jazz chords in F",
    "walking jazz bass in Bb",
    "a jazz lead in C major",
    "jazz drums in 3/4",
    "funk drums",
    "funk bass in E minor",
    "funk chords in E dorian",
    "garage drums",
    "garage chords in G minor",
    "footwork drums",
    "idm drums",
    "an idm arp in D minor",
    "trance lead in A minor, 8 bars",
    "trance chords",
    "an ambient texture in C lydian",
    "dub bass in A minor",
    "chords Dm7 G7 Cmaj7 A7",
    "12 bar blues in E",
    "a waltz in G",
)


def digests() -> dict[str, str]:
    """Give the digest of each request's clip."""
    return {text: sketch(read_brief(text)).digest for text in REQUESTS}


if __name__ == "__main__":
    STORED.write_text(json.dumps(digests(), indent=1) + "\n", encoding="utf-8")
