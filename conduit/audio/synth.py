"""The engine that is always there: six synthesised instruments and a drum kit, with numpy alone.

The same notes give the same samples every time.
"""

from __future__ import annotations

from functools import partial

from conduit.audio.kit import drum_of
from conduit.audio.patches import PATCHES
from conduit.audio.voice import Bodies, Body, Voice, body_frames
from conduit.music import DRUMS

__all__ = ["Synth"]

_COLOURS = 8
_DRUM_COLOURS = 4
_REFERENCE_VELOCITY = 96
_VELOCITY_POWER = 1.4


class Synth:
    """Render notes with the built-in instruments."""

    def __init__(self) -> None:
        self._bodies = Bodies()

    @property
    def name(self) -> str:
        """The engine's name."""
        return "synth"

    def voices(
        self, instrument: str, pitch: int, *, velocity: int, held_frames: int, program: int | None = None
    ) -> tuple[Voice, ...]:
        """Give what sounds for one key, as ``Engine.voices`` says; it has no programs."""
        del program
        gain = (velocity / _REFERENCE_VELOCITY) ** _VELOCITY_POWER
        if instrument == DRUMS:
            colour = _middle(velocity, _DRUM_COLOURS)
            return (Voice(self._bodies.get((DRUMS, pitch, colour), partial(_hit, pitch, colour)), gain),)
        colour = _middle(velocity, _COLOURS)
        key = (instrument, pitch, colour, held_frames)
        return (Voice(self._bodies.get(key, partial(_play, *key)), gain),)


def _hit(pitch: int, velocity: int) -> Body:
    drum = drum_of(pitch)
    return Body.of(drum.body(velocity / 127), choke=drum.choke)


def _play(instrument: str, pitch: int, velocity: int, held_frames: int) -> Body:
    patch = PATCHES[instrument]
    samples = patch.play(pitch, velocity, body_frames(held_frames, release_s=patch.release_s))
    samples *= 10 ** (patch.level_db / 20)
    return Body.of(samples, release_s=patch.release_s)


def _middle(velocity: int, n_buckets: int) -> int:
    """Give the middle of a velocity's bucket: the colour that its notes share."""
    width = 128 // n_buckets
    return velocity // width * width + width // 2
