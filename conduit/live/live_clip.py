"""A clip as Live holds it, exactly, and its two ways to and from ``Clip``. Values only.

Live stores what came over the wire, 32-bit floats, and never lets two notes of one pitch overlap: the
earlier is cut where the later starts, and of two that start together one stays. ``LiveClip.of`` gives a
clip that obeys both already, so nothing changes on the way and a read-back can be compared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from conduit.errors import ClipError
from conduit.live.osc import Value, plain
from conduit.music import Clip, Meter, Note

__all__ = ["LiveClip", "LiveNote", "check_name", "settled", "wire_float"]

_MIN_TOLERANCE_BEATS = 1e-4
_FLOAT32_STEPS = 4 * float(np.finfo(np.float32).eps)
_MAX_NAME_BYTES = 1000  # far below the 8,192 bytes that AbletonOSC takes as one message
_MIN_VELOCITY, _MAX_VELOCITY = 1, 127


def wire_float(value: float) -> float:
    """Give a number as it comes back over OSC, rounded to 32 bits.

    >>> wire_float(1 / 3)
    0.3333333432674408
    """
    return float(np.float32(value))


def check_name(name: str, *, of: str) -> None:
    """Make sure that a name can be sent to Live.

    Args:
        name: What something will be called.
        of: What that is, for the message.

    Raises:
        ClipError: The name has a null character, half of a surrogate pair, or more than 1,000 bytes.
    """
    try:
        size = len(str(plain(name)).encode())
    except ValueError as error:
        raise ClipError(f"the name of {of} cannot be sent to Live: {error}") from error
    if size > _MAX_NAME_BYTES:
        text = f"the name of {of} cannot be sent to Live: it has {size} bytes; use up to {_MAX_NAME_BYTES}"
        raise ClipError(text)


class LiveNote(NamedTuple):
    """A note as Live stores it, its fields in AbletonOSC's order.

    Attributes:
        pitch: 0-127.
        start: Beats in the clip's own time; may be negative.
        duration: Beats.
        velocity: 1-127; Live keeps fractions.
        mute: Whether it is silent.
    """

    pitch: int
    start: float
    duration: float
    velocity: float
    mute: bool


def settled(notes: Iterable[LiveNote]) -> tuple[LiveNote, ...]:
    """Give notes as Live would keep them: no overlap within a pitch, sorted by pitch, then start.

    Of notes that start together the last one given stays.

    >>> [n.duration for n in settled([LiveNote(60, 0, 4, 100, False), LiveNote(60, 1, 1, 100, False)])]
    [1.0, 1.0]
    """
    kept: dict[tuple[int, float], LiveNote] = {}
    for note in notes:
        start = wire_float(note.start)
        kept[note.pitch, start] = note._replace(
            start=start, duration=wire_float(note.duration), velocity=wire_float(note.velocity)
        )
    done: list[LiveNote] = []
    for key in sorted(kept, reverse=True):
        note = kept[key]
        if done and done[-1].pitch == note.pitch:
            gap = wire_float(done[-1].start - note.start)
            note = note._replace(duration=min(note.duration, gap))
        done.append(note)
    return tuple(reversed(done))


@dataclass(frozen=True, slots=True)
class LiveClip:
    """A MIDI clip in a slot.

    Attributes:
        name: Its name.
        notes: Sorted by pitch, then start.
        loop: Start and end of what sounds, in beats of the clip's own time.
        markers: Start and end marker, in the same.
        looping: Whether it loops.
        settings: Other properties that can be read and set (colour, launch mode …), by name.
    """

    name: str
    notes: tuple[LiveNote, ...]
    loop: tuple[float, float]
    markers: tuple[float, float]
    looping: bool = True
    settings: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, clip: Clip) -> LiveClip:
        """Give a clip as Live will hold it, looping from its start to its length.

        Raises:
            ClipError: It holds what cannot be sent to Live, as ``check`` says.
        """
        notes = settled(LiveNote(n.pitch, n.start, n.duration, float(n.velocity), n.mute) for n in clip.notes)
        ends = (0.0, wire_float(clip.length))
        live = cls(clip.name, notes, ends, ends)
        live.check()
        return live

    def check(self) -> None:
        """Make sure that all of it can be sent, before anything is done to what is there.

        Raises:
            ClipError: The name has a null character, is no text or too long, or a number does not fit.
        """
        check_name(self.name, of="the clip")
        values = [*self.loop, *self.markers, *self.settings.values()]
        numbers = np.array([note[:4] for note in self.notes], dtype=np.float64).ravel()
        values += [float(number) for number in numbers[~(np.abs(numbers) <= np.finfo(np.float32).max)]]
        try:
            for value in values:
                plain(value)
        except (TypeError, ValueError) as error:
            raise ClipError(f"the clip {self.name!r} cannot be sent to Live: {error}") from error

    @property
    def length(self) -> float:
        """Length of what sounds, in beats."""
        return self.loop[1] - self.loop[0]

    def clip(self, *, bpm: float = 120.0, meter: Meter | None = None) -> Clip:
        """Give what sounds as a ``Clip``: the notes that start within the loop, counted from its start."""
        start, end = self.loop
        notes = [_note(note, offset=start) for note in self.notes if start <= note.start < end]
        return Clip.of(notes, length=self.length, name=self.name, bpm=bpm, meter=meter or Meter())

    @property
    def n_hidden(self) -> int:
        """How many notes lie outside the loop, and so are not in ``clip``."""
        return sum(not self.loop[0] <= note.start < self.loop[1] for note in self.notes)

    @property
    def digest(self) -> str:
        """A hash of name, place and notes, 16 hexadecimal digits; the settings do not count."""
        return hashlib.blake2b(repr(self.facts).encode(), digest_size=8).hexdigest()

    @property
    def facts(self) -> tuple[object, ...]:
        """What makes two clips the same: name, notes and place; the settings do not count."""
        return self.name, self.notes, self.loop, self.markers, self.looping

    def differences(self, other: LiveClip) -> list[str]:
        """Say in what another clip differs beyond the wire's rounding; empty where it does not."""
        found = []
        if self.name != other.name:
            found.append(f"its name is {other.name!r} instead of {self.name!r}")
        if not all(map(_close, (*self.loop, *self.markers), (*other.loop, *other.markers))):
            found.append(f"it spans {other.loop} beats instead of {self.loop}")
        if self.looping != other.looping:
            found.append(f"its loop is {'on' if other.looping else 'off'}")
        if len(self.notes) != len(other.notes):
            found.append(f"it holds {len(other.notes)} notes instead of {len(self.notes)}")
        elif n_changed := sum(not _same(a, b) for a, b in zip(self.notes, other.notes, strict=True)):
            found.append(f"{n_changed} of its {len(self.notes)} notes differ")
        return found


def _note(note: LiveNote, *, offset: float) -> Note:
    velocity = min(max(round(note.velocity), _MIN_VELOCITY), _MAX_VELOCITY)
    return Note(
        note.pitch, note.start - offset, max(note.duration, _MIN_TOLERANCE_BEATS), velocity, note.mute
    )


def _close(a: float, b: float) -> bool:
    return abs(a - b) <= max(_MIN_TOLERANCE_BEATS, _FLOAT32_STEPS * max(abs(a), abs(b)))


def _same(a: LiveNote, b: LiveNote) -> bool:
    # A duration is the difference of two rounded times, so it is as coarse as the note's end.
    ends = _close(a.start + a.duration, b.start + b.duration)
    return (a.pitch, a.mute) == (b.pitch, b.mute) and all(
        (_close(a.start, b.start), ends, _close(a.velocity, b.velocity))
    )
