"""Render a clip with the best engine that works here.

An engine counts as working when it has made a sound, not when it can be imported: each is tried once, on
two notes, and listened to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache

import numpy as np

from conduit.audio.measure import rms
from conduit.audio.mixer import CEILING, limited, mixed, wrapped
from conduit.audio.sound import Sound
from conduit.audio.soundfont import SoundFont
from conduit.audio.synth import Synth
from conduit.audio.voice import SAMPLE_RATE_HZ, Engine, Stereo
from conduit.errors import ClipError, SetupError
from conduit.music import DRUMS, Arrangement, Clip, Note
from conduit.music.arranging import one_tempo

__all__ = ["ENGINES", "MAX_CLIP_S", "TAIL_S", "Engines", "mix", "render", "render_loop", "working_engines"]

TAIL_S = 1.5
"""Seconds that a clip rings on after its end, unless asked otherwise."""

MAX_CLIP_S = 1800.0
"""The longest clip that is rendered, in seconds."""

AUTO = "auto"

ENGINES: dict[str, Callable[[], Engine]] = {"gm": SoundFont.installed, "synth": Synth}
"""How each engine is made, the preferred one first."""


class Engines:
    """The engines of a table, each made and proved once, when it is first asked for.

    Args:
        table: How each is made, the preferred one first.
    """

    def __init__(self, table: Mapping[str, Callable[[], Engine]]) -> None:
        self._table = table
        self._proved: dict[str, Engine | str] = {}

    @property
    def working(self) -> list[str]:
        """Names of the engines that make a sound, the preferred one first; tries them all."""
        return [name for name in self._table if not isinstance(self._prove(name), str)]

    def get(self, name: str = AUTO) -> Engine:
        """Give an engine by name, or for ``auto`` the first that works.

        Raises:
            SetupError: There is no such engine, or it does not work here.
        """
        for candidate in self._table if name == AUTO else [name]:
            engine = self._prove(candidate)
            if not isinstance(engine, str):
                return engine
        valid = [AUTO, *self.working]
        why = self._proved.get(name, "there is no such engine" if name != AUTO else "none makes a sound")
        raise SetupError(
            f"cannot render with {name!r}: {why}; engines that work: {', '.join(valid)}", valid=valid
        )

    def _prove(self, name: str) -> Engine | str:
        """Give the engine, or why it does not work."""
        if name not in self._table:
            return "there is no such engine"
        if name not in self._proved:
            self._proved[name] = _proved(self._table[name])
        return self._proved[name]


def _trial_clips() -> list[Clip]:
    notes = {"keys": Note(57, 0, 0.5), DRUMS: Note(38, 0, 0.5)}
    return [Clip.of([note], length=1, bpm=240, instrument=name) for name, note in notes.items()]


def _proved(make: Callable[[], Engine]) -> Engine | str:
    try:
        engine = make()
        levels = [rms(mixed(clip, engine, tail_frames=0)) for clip in _trial_clips()]
    except SetupError as error:
        return error.message
    except (ValueError, TypeError, LookupError, ArithmeticError, OSError, RuntimeError, ImportError) as error:
        return f"it failed its trial: {type(error).__name__}: {error}"
    return engine if all(np.isfinite(level) and level > 0 for level in levels) else "it is silent"


@cache
def _installed() -> Engines:
    return Engines(ENGINES)


def working_engines() -> list[str]:
    """Give the names that ``render`` takes on this machine, the preferred one first."""
    return _installed().working


def render(clip: Clip | Arrangement, *, engine: str = AUTO, tail_s: float = TAIL_S) -> Sound:
    """Render a clip once, as it sounds when Live stops at its end; or all clips of an arrangement together.

    Muted notes are silent; notes that overrun their clip end with it.

    Args:
        clip: What to play with its own instrument, at its own tempo, or at the tempos of the arrangement.
        engine: ``auto``, ``gm`` (General MIDI sounds) or ``synth``.
        tail_s: Seconds to ring on after the clip's end, at least 0; the tail fades out.

    Raises:
        SetupError: The engine does not work here; the message names those that do.
        ClipError: The music lasts longer than half an hour, or there is no clip.
        ValueError: The tail is negative or over a minute.

    >>> render(Clip.of([Note(57, 0, 1)]), engine="synth").duration_s
    3.5
    """
    if not 0 <= tail_s <= 60:
        raise ValueError(f"a tail of {tail_s} s cannot be: 0-60")
    chosen = _chosen(clip, engine)
    parts = (clip,) if isinstance(clip, Clip) else one_tempo(clip)
    if not parts:
        raise ClipError(f"{clip!r} holds no clips: there is nothing to hear")
    played = (mixed(part, chosen, tail_frames=round(tail_s * SAMPLE_RATE_HZ)) for part in parts)
    return _sound(limited(_summed(played)), chosen.name)


def render_loop(clip: Clip, *, engine: str = AUTO) -> Sound:
    """Render one round of a clip that loops without a gap: its tail sounds at its beginning.

    Raises:
        SetupError: The engine does not work here; the message names those that do.
        ClipError: The clip lasts longer than half an hour.

    >>> len(render_loop(Clip.of([Note(57, 0, 1)]), engine="synth"))
    88200
    """
    chosen = _chosen(clip, engine)
    return _sound(limited(wrapped(clip, chosen), loop=True), chosen.name)


def mix(sounds: Iterable[Sound]) -> Sound:
    """Play sounds together, from the same beginning; the longest gives the length.

    Raises:
        ValueError: There are none, or their sample rates differ.
    """
    parts = list(sounds)
    rates = {part.sample_rate_hz for part in parts}
    if len(rates) != 1:
        raise ValueError(f"cannot mix {len(parts)} sounds of sample rates {sorted(rates)}: give one rate")
    out = _summed(part.samples.T for part in parts)
    engines = "+".join(sorted({part.engine for part in parts}))
    return _sound(limited(out), engines, sample_rate_hz=rates.pop())


def _summed(parts: Iterable[Stereo]) -> Stereo:
    """Add sounds from their beginnings on, each of shape ``(2, n_frames)``; the longest gives the length."""
    out = np.zeros((2, 0), dtype=np.float32)
    for part in parts:
        longer = max(out.shape[1], part.shape[1])
        out = np.pad(out, ((0, 0), (0, longer - out.shape[1])))
        out[:, : part.shape[1]] += part
    return out


def _chosen(clip: Clip | Arrangement, engine: str) -> Engine:
    if clip.duration_s > MAX_CLIP_S:
        raise ClipError(
            f"the music lasts {clip.duration_s:.0f} s; at most {MAX_CLIP_S:.0f} s are rendered: take a part"
        )
    return _installed().get(engine)


def _sound(stereo: Stereo, engine: str, *, sample_rate_hz: int = SAMPLE_RATE_HZ) -> Sound:
    samples = np.ascontiguousarray(np.clip(stereo, -CEILING - 0.01, CEILING + 0.01).T)
    return Sound(samples, sample_rate_hz, engine)
