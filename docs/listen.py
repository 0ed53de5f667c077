"""The listening sheet: 24 seeded examples of the offline composer on one page, with rolls and sound.

Run it with ``make listen``. A band plays its parts together, as one request after the other would make them; then
each part is shown by itself. The same seed gives the same page on every machine.
"""

from __future__ import annotations

import sys
from base64 import b64encode
from dataclasses import dataclass
from html import escape
from pathlib import Path

from conduit.audio import render
from conduit.composer import Options
from conduit.composer.brief import read_brief
from conduit.composer.sketch import sketch
from conduit.drawing.record import roll_html
from conduit.music import Clip, write_clip

PAGE = Path("dist", "listen.html")
SOUND_BYTES = 700_000


@dataclass(frozen=True, slots=True)
class Example:
    """One example: what is asked for, in which key, from which seed, by which parts."""

    words: str
    key: str
    seed: int
    parts: tuple[str, ...]
    bars: int = 8


BAND = ("drums", "bass", "chords", "lead")
EXAMPLES = (
    Example("techno", "A minor", 1, ("drums", "bass", "chords", "arp")),
    Example("house", "C minor", 2, BAND),
    Example("acid", "A minor", 3, ("drums", "bass", "texture")),
    Example("drum and bass", "F minor", 4, ("drums", "bass", "pad", "lead")),
    Example("dubstep", "E minor", 5, ("drums", "bass", "pad")),
    Example("hip hop", "D dorian", 6, BAND),
    Example("lofi", "C major", 7, BAND),
    Example("ambient", "D lydian", 8, ("pad", "lead", "texture")),
    Example("idm", "B minor", 9, ("drums", "bass", "pad", "arp")),
    Example("trance", "F# minor", 10, ("drums", "bass", "chords", "arp", "lead")),
    Example("dub", "G minor", 11, ("drums", "bass", "chords")),
    Example("garage", "A minor", 12, BAND),
    Example("footwork", "E minor", 13, ("drums", "bass", "chords")),
    Example("jazz", "F major", 14, BAND),
    Example("funk", "E dorian", 15, BAND),
    Example("acid", "F# phrygian", 16, ("bass",), 4),
    Example("jazz", "Bb major", 17, ("bass",), 8),
    Example("drum and bass", "C minor", 18, ("drums",), 4),
    Example("funk", "A minor", 19, ("drums",), 4),
    Example("lofi", "Eb major", 20, ("chords",), 4),
    Example("trance", "E minor", 21, ("lead",), 8),
    Example("plain", "G major", 22, ("arp",), 4),
    Example("ambient", "E minor", 23, ("texture",), 8),
    Example("7/8", "D minor", 24, ("drums", "bass", "chords"), 4),
)

STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 1000px; margin: 32px auto; padding: 0 16px }
section { border-top: 1px solid #8884; padding: 16px 0 }
h2 { font-size: 17px; margin: 0 } .said { opacity: .7; margin: 0 0 8px }
audio { display: block; width: 100%; max-width: 460px; height: 34px; margin: 0 0 10px }
img { background: #fff; border-radius: 6px } pre { overflow-x: auto; font-size: 11px; opacity: .8 }
"""


def clips(example: Example) -> list[Clip]:
    """Make the parts of an example, all in one tempo."""
    made: list[Clip] = []
    for part in example.parts:
        bpm = made[0].bpm if made else None
        options = Options(bars=example.bars, key=example.key, seed=example.seed, bpm=bpm)
        brief = read_brief(f"{example.words.removeprefix('plain')} {part}", options=options)
        if brief.problem:
            sys.exit(f"{example.words} {part}: {brief.problem}")
        made.append(sketch(brief))
    return made


def section(number: int, example: Example) -> str:
    """Give an example as HTML."""
    parts = clips(example)
    sound = render(parts).preview(max_bytes=SOUND_BYTES)
    title = f"{number}. {example.words}: {', '.join(example.parts)}"
    said = f"{example.key} · {parts[0].bpm:g} bpm · {example.bars} bars · seed {example.seed}"
    texts = "\n\n".join(map(write_clip, parts))
    return "".join(
        (
            f"<section><h2>{escape(title)}</h2><p class='said'>{escape(said)}</p>",
            f"<audio controls preload='none' src='data:audio/wav;base64,{b64encode(sound).decode()}'></audio>",
            *(roll_html(clip, width=960) for clip in parts),
            f"<details><summary>as text</summary><pre>{escape(texts)}</pre></details></section>",
        )
    )


def main() -> None:
    """Write the page and say where it is."""
    sections = "".join(section(number, example) for number, example in enumerate(EXAMPLES, 1))
    head = (
        f"<!doctype html><meta charset='utf-8'><title>Conduit: listening sheet</title><style>{STYLE}</style>"
    )
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(f"{head}<h1>Listening sheet</h1>{sections}", encoding="utf-8")
    print(f"{PAGE.resolve()}: {len(EXAMPLES)} examples")


if __name__ == "__main__":
    main()
