"""Real clips of four bars, and the role that each plays.

Left out are songs of fewer than three parts (somebody alone at a piano), of more than twenty (orchestral scores)
and those whose notes mostly miss every grid (played without a metronome): they do not show what a part does.

The rules, of which the first that holds decides:

drums    channel 10; all tracks of it together are one part
bass     a bass program (32-39) or bass in the track's name; one note at a time, on average below C#2
pad      a pad, string or choir program (88-95, 48-54) or such a name; notes of a beat or longer, three in
         two beats at most, and more than one at a time
texture  at most three onsets in eight beats, of notes of a beat or longer, one or two at a time; or a program of
         effects (96-103, 120-127) or such a name, at most one onset a beat
chords   two or more notes an onset
arp      one note at a time, on average above C2, three or more onsets in two beats, notes of a beat at most, most
         moves a minor third or wider
lead     one note at a time, on average above A#2, at least an onset in four beats; no percussive program (112-119)

What fits none has no role. A clip has to sound in three of its four bars, a texture in two. The same notes count
once in a song, however often and by however many instruments they are played; and of one song no more than twelve
clips of a role count, evenly spaced.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from corpus.reading import Part, Song, read_song

from conduit.music import Clip, Meter
from conduit.music.analysis import Measures, measure
from conduit.music.estimate import estimate_key

__all__ = ["BARS", "ROLES", "RoleClip", "role_clips", "songs"]

BARS = 4
ROLES = ("drums", "bass", "chords", "pad", "lead", "arp", "texture")

_MOST = 12
_ALONE, _ORCHESTRA = 3, 20
_BASSES = range(32, 40)
_PADS = {*range(48, 55), *range(88, 96)}
_EFFECTS = {*range(96, 104), *range(120, 128)}
_PERCUSSIVE = range(112, 120)
_BASS = re.compile(r"\bbasse?\b", re.IGNORECASE)
_PAD = re.compile(r"pad|string|choir", re.IGNORECASE)
_EFFECT = re.compile(r"\bfx\b|noise|sweep|atmos|effect", re.IGNORECASE)


@dataclass(frozen=True)
class RoleClip:
    """A real clip.

    Attributes:
        role: One of ``ROLES``.
        song: Name of the file it is from.
        clip: Four bars, in the key that all the song's parts together have there.
        measures: Its measures.
        struck: Whether its part was given velocities at all: more than one.
    """

    role: str
    song: str
    clip: Clip
    measures: Measures
    struck: bool


def songs(folder: Path) -> Iterator[Song]:
    """Read every song that is not left out, each once, in the order of their paths."""
    seen = set()
    for path in sorted(path for path in folder.rglob("*") if path.suffix.lower() in {".mid", ".midi"}):
        content = path.read_bytes()
        song = None if content in seen else read_song(path)
        seen.add(content)
        if song and _ALONE <= len(song.parts) <= _ORCHESTRA and _on_grid(song) > 0.6:
            yield song


def _on_grid(song: Song) -> float:
    twelfths = np.concatenate([part.table["start"] for part in song.parts]) * 12 / song.ppq
    return float((np.abs(twelfths - np.rint(twelfths)) < 0.25).mean())


def role_clips(song: Song) -> list[RoleClip]:
    """Cut every part of a song into clips of four bars and give those that have a role."""
    drums = [part.table for part in song.parts if part.drums]
    pitched = [part for part in song.parts if not part.drums]
    parts = [Part("", 0, drums=True, table=np.concatenate(drums))] if drums else []
    found: dict[str, list[RoleClip]] = {role: [] for role in ROLES}
    seen: set[bytes] = set()
    for start, ticks, meter in _windows(song):
        together = np.concatenate([part.notes_in(start, ticks) for part in pitched])
        key, _ = estimate_key(song.clip(together, ticks=ticks, meter=meter, instrument="keys"))
        for part in (*parts, *pitched):
            instrument = "drums" if part.drums else "keys"
            clip = song.clip(part.notes_in(start, ticks), ticks=ticks, meter=meter, instrument=instrument)
            sound = np.rint(clip.table["start"] * 12 / song.ppq).tobytes() + clip.table["pitch"].tobytes()
            if sound in seen:
                continue
            seen.add(sound)
            clip = clip if part.drums else clip.with_(key=key)
            measures = measure(clip)
            if len(clip) and (role := _role(part, clip, measures)):
                struck = bool(np.ptp(part.table["velocity"]))
                found[role].append(RoleClip(role, song.path.name, clip, measures, struck=struck))
    return [clip for clips in found.values() for clip in _spread(clips)]


def _spread(clips: Sequence[RoleClip]) -> Sequence[RoleClip]:
    if len(clips) <= _MOST:
        return clips
    return [clips[round(index * (len(clips) - 1) / (_MOST - 1))] for index in range(_MOST)]


def _windows(song: Song) -> Iterator[tuple[int, int, Meter]]:
    """Give start, length and metre of every four bars of one metre, a bar of 2.5 to 6 beats."""
    edges = [*song.meters, (song.end, Meter())]
    for (start, meter), (following, _) in pairwise(edges):
        ticks = round(BARS * meter.bar * song.ppq)
        if 2.5 <= meter.bar <= 6:
            for first in range(start, following - ticks + 1, ticks):
                yield first, ticks, meter


def _role(part: Part, clip: Clip, measures: Measures) -> str | None:
    """Name the role of a clip, or None; the rules are the module's."""
    bars = _bars_sounding(clip)
    if part.drums:
        return "drums" if bars >= 3 and len(clip) >= 8 else None
    if bars >= 3 and (part.program in _BASSES or _BASS.search(part.name)):
        low = clip.table["pitch"].mean() < 49 and measures.voices < 1.2
        return "bass" if low and len(clip) >= 4 else None
    long = measures.note_length >= 1
    held = long and measures.density <= 1.5 and measures.polyphony >= 1.5
    if bars >= 3 and (part.program in _PADS or _PAD.search(part.name)) and held:
        return "pad"
    effect = part.program in _EFFECTS or _EFFECT.search(part.name)
    sparse = long and measures.density <= 3 / 8 and measures.polyphony <= 2
    if bars >= 2 and (sparse or (effect and measures.density <= 1)):
        return "texture"
    return None if bars < 3 or effect or part.program in _PERCUSSIVE else _played(clip, measures)


def _played(clip: Clip, measures: Measures) -> str | None:
    """Tell chords, arpeggios and leads apart."""
    mean = clip.table["pitch"].mean()
    if measures.voices >= 2:
        return "chords"
    if measures.voices >= 1.2:
        return None
    wide = (np.abs(np.diff(clip.table["pitch"].astype(int))) >= 3).mean() > 0.5
    if mean > 48 and wide and measures.density >= 1.5 and measures.note_length <= 1:
        return "arp"
    return "lead" if mean > 58 and measures.density >= 0.25 else None


def _bars_sounding(clip: Clip) -> int:
    """Count the bars of four in which a clip sounds; drums sound where they are struck."""
    bar = clip.length_ticks / BARS
    first = clip.table["start"] // bar
    last = first if clip.is_drums else np.ceil((clip.table["start"] + clip.table["duration"]) / bar) - 1
    return sum(bool(((first <= index) & (last >= index)).any()) for index in range(BARS))
