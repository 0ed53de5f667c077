"""Arrangement: clips that play together from beat 0, and what belongs to no one of them.

Times are whole ticks inside and beats outside, as in a clip; every method returns a new arrangement.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conduit.errors import ClipError
from conduit.music import arranging, bounds
from conduit.music.bounds import common_ppq
from conduit.music.clip import PPQ, Clip
from conduit.music.joining import merged, rescaled
from conduit.music.kept import SIGNATURES, KeptEvent
from conduit.music.limits import one_line
from conduit.music.meter import Bars, Meter
from conduit.music.near import near_misses
from conduit.music.scale import Key
from conduit.music.tempo import DEFAULT_BPM, TempoMap

if TYPE_CHECKING:
    import pretty_midi

__all__ = ["Arrangement"]


@dataclass(frozen=True, eq=False, repr=False)
class Arrangement:
    """Clips that play together: the tracks of a song.

    Make one with ``Arrangement.of`` or ``Arrangement.load``. It is a sequence of its clips; a clip is found by its
    number, from 0, or by its name.

    Attributes:
        clips: One a track, all of ``ppq`` ticks a beat; lengths may differ.
        name: What it is called.
        tempos: Ticks, rising, and the beats a minute from there on, as near as a file can hold them; until the
            first, and where there is none, 120.
        markers: Ticks and texts, in order.
        keys: Ticks, rising, and the major or minor key from there on, as key signatures name them.
        ppq: Ticks in a beat, 1-32767.
        kept: Events of the file it comes from that no clip holds, such as lyrics and aftertouch of single keys.
            Those that say what ``tempos``, ``markers``, ``keys`` and the clips say are written as they stand as
            long as that holds, and otherwise replaced.
        places: Track and channel, both from 0, of each clip in a file; empty to give each a track after the first.
        one_track: Whether its file has one track for all (format 0).
    """

    clips: tuple[Clip, ...] = ()
    name: str = ""
    tempos: tuple[tuple[int, float], ...] = ()
    markers: tuple[tuple[int, str], ...] = ()
    keys: tuple[tuple[int, Key], ...] = ()
    ppq: int = PPQ
    kept: tuple[KeptEvent, ...] = ()
    places: tuple[tuple[int, int], ...] = ()
    one_track: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        for name, value in {
            "name": one_line(self.name),
            "tempos": bounds.tempos(self.tempos),
            "markers": bounds.markers(self.markers),
            "keys": bounds.keys(self.keys),
            "clips": bounds.clips(self.clips, ppq=self.ppq),
            "places": bounds.places(self.places, clips=self.clips),
        }.items():
            # A frozen value can put its own fields right only this way, and only here.
            object.__setattr__(self, name, value)

    @classmethod
    def of(
        cls,
        clips: Iterable[Clip],
        *,
        name: str = "",
        tempos: Sequence[tuple[float, float]] = (),
        markers: Sequence[tuple[float, str]] = (),
    ) -> Arrangement:
        """Put clips together, each a track from beat 0.

        Args:
            clips: With any ticks a beat; all get the least that holds them exactly.
            name: What it is called.
            tempos: Beats and the beats a minute from there on; by default the first clip's tempo.
            markers: Beats and texts.

        Raises:
            ClipError: No resolution that a file can have holds all clips, or a tempo or marker cannot be.
            TypeError: What is given is not clips.

        >>> from conduit.music import Note
        >>> Arrangement.of([Clip.of([Note(36, 0, 1)], name="Kick"), Clip.of([Note(45, 0, 1)], name="Bass")]).bars
        1.0
        """
        if isinstance(clips, Clip | str) or not isinstance(clips, Iterable):
            raise TypeError(f"{clips!r:.80} is no list of clips; write Arrangement.of([drums, bass])")
        given = tuple(clips)
        for clip in given:
            if not isinstance(clip, Clip):
                raise TypeError(f"{clip!r:.80} is no clip; write Arrangement.of([drums, bass])")
        ppq = common_ppq(clip.ppq for clip in given)
        key = next((clip.key for clip in given if clip.key in SIGNATURES), None)
        stated = tempos or [(0, clip.bpm) for clip in given[:1]]
        return cls(
            tuple(rescaled(clip, ppq) for clip in given),
            name=name,
            tempos=tuple((round(beat * ppq), float(bpm)) for beat, bpm in stated),
            markers=tuple((round(beat * ppq), text) for beat, text in markers),
            keys=((0, key),) if key else (),
            ppq=ppq,
        )

    def __len__(self) -> int:
        return len(self.clips)

    def __iter__(self) -> Iterator[Clip]:
        return iter(self.clips)

    def __getitem__(self, which: str | int) -> Clip:
        return self.clips[self.number(which)]

    def number(self, which: str | int) -> int:
        """Give the number of a clip, from 0, by its name; capitals matter only where names differ in nothing else.

        Raises:
            ClipError: There is no such clip; the message lists the names.
        """
        if not isinstance(which, str):
            if not -len(self.clips) <= which < len(self.clips):
                raise IndexError(f"there is no clip {which}: there are {len(self.clips)}, counted from 0")
            return which % len(self.clips)
        for spelt in (str, str.casefold):
            for number, name in enumerate(self.names):
                if spelt(name) == spelt(which):
                    return number
        valid = near_misses(which, self.names) or list(self.names)
        raise ClipError(f"no clip is called {which!r}; there is {', '.join(valid) or 'none'}", valid=valid)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its clips."""
        return tuple(clip.name for clip in self.clips)

    @property
    def length_ticks(self) -> int:
        """Length of the longest clip in ticks."""
        return max((clip.length_ticks for clip in self.clips), default=0)

    @property
    def length(self) -> float:
        """Length of the longest clip in beats."""
        return self.length_ticks / self.ppq

    @property
    def bar_lines(self) -> Bars:
        """Where its bars lie: those of the first clip."""
        return self.clips[0].bar_lines if self.clips else Bars(Meter(), ppq=self.ppq)

    @property
    def bars(self) -> float:
        """Length in bars."""
        return self.bar_lines.count(self.length_ticks)

    @property
    def meter(self) -> Meter:
        """The metre at the start: that of the first clip."""
        return self.clips[0].meter if self.clips else Meter()

    @property
    def bpm(self) -> float:
        """The tempo at the start."""
        return self.tempos[0][1] if self.tempos and self.tempos[0][0] == 0 else DEFAULT_BPM

    @property
    def key(self) -> Key | None:
        """The first key, or that of the first clip that has one."""
        return self.keys[0][1] if self.keys else next((clip.key for clip in self.clips if clip.key), None)

    @cached_property
    def tempo_map(self) -> TempoMap:
        """Seconds from ticks and back."""
        return TempoMap(self.tempos, ppq=self.ppq)

    @property
    def duration_s(self) -> float:
        """Length in seconds, at its tempos."""
        return self.tempo_map.seconds(self.length_ticks)

    @cached_property
    def digest(self) -> str:
        """A hash of everything in it, 16 hexadecimal digits; equal arrangements have equal digests."""
        facts = (self.name, self.ppq, self.one_track, self.tempos, self.markers, self.keys, self.places)
        content = repr((facts, [tuple(event) for event in self.kept], [clip.digest for clip in self.clips]))
        return hashlib.blake2b(content.encode(), digest_size=8).hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Arrangement) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        counts = {"clip": len(self), "bar": self.bars, "note": sum(map(len, self.clips))}
        facts = [f"{count:,g} {what}{'s' if count != 1 else ''}" for what, count in counts.items()]
        facts += [str(self.meter), f"{self.bpm:g} bpm"]
        if len(self.tempos) > 1:
            facts.append(f"{len(self.tempos) - 1} changes of tempo")
        return f"<Arrangement {self.name!r} {', '.join([*facts, *([self.key] if self.key else [])])}>"

    def with_(self, **changes: Any) -> Arrangement:
        """Give the arrangement with some of its attributes replaced.

        Raises:
            ClipError: A value cannot be.
        """
        return replace(self, **changes)

    # A function of an arrangement is a method of it, as with clips.
    solo = arranging.solo
    then = arranging.then
    with_clip = arranging.with_clip
    without = arranging.without

    def merged(self, *, name: str = "") -> Clip:
        """Give every note as one clip, at the first tempo and in the metre of the first clip.

        Controllers act on a channel of their own: they come along where one clip alone has any. What belongs to
        no clip, such as markers and changes of tempo, does not.

        Args:
            name: The clip's name; by default the arrangement's, or the first clip's.

        Raises:
            ClipError: There are no clips.
        """
        if not self.clips:
            raise ClipError(f"{self!r} holds no notes: there is nothing to make a clip of")
        if len(self.clips) == 1:
            return self.clips[0].with_(name=name) if name else self.clips[0]
        return merged(self.clips, name=name or self.name or self.clips[0].name)

    def save(self, path: str | Path) -> Path:
        """Write a Standard MIDI File: the first track says what all share, each clip has one of its own.

        An arrangement that was loaded is written as it was, but for what was changed.

        Raises:
            SetupError: The file cannot be written.
        """
        from conduit.music.midifile import write_midi  # noqa: PLC0415  the one module that touches files

        return write_midi(self, path)

    @classmethod
    def load(cls, path: str | Path) -> Arrangement:
        """Read a Standard MIDI File and lose nothing: each channel of each track that plays becomes a clip.

        Raises:
            SetupError: There is no such file.
            ClipError: It is not a MIDI file, is broken, or is too long.
        """
        from conduit.music.midifile import read_arrangement  # noqa: PLC0415  the one module that touches files

        return read_arrangement(path)

    def to_pretty_midi(self) -> pretty_midi.PrettyMIDI:
        """Give it as a ``pretty_midi.PrettyMIDI``, an instrument a clip; ``prettymidi`` says what is lost."""
        from conduit.music.prettymidi import to_pretty_midi  # noqa: PLC0415  slow to import

        return to_pretty_midi(self)

    @classmethod
    def from_pretty_midi(cls, midi: pretty_midi.PrettyMIDI) -> Arrangement:
        """Make an arrangement of a ``pretty_midi.PrettyMIDI``, a clip an instrument."""
        from conduit.music.prettymidi import from_pretty_midi  # noqa: PLC0415  slow to import

        return from_pretty_midi(midi)
