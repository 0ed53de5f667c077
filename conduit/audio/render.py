"""Render clips with the best engine that works here, at the loudness that is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from conduit.audio.engines import AUTO, installed
from conduit.audio.limiter import CEILING, limited, top
from conduit.audio.loudness import TARGET_LUFS, gain_to
from conduit.audio.mixer import mixed, wrapped
from conduit.audio.sound import Sound
from conduit.audio.voice import SAMPLE_RATE_HZ, Engine, Stereo
from conduit.errors import ClipError
from conduit.music import Arrangement, Clip
from conduit.music.arranging import one_tempo

__all__ = [
    "MAX_CLIP_S",
    "TAIL_S",
    "Music",
    "each_stem",
    "mix",
    "render",
    "render_loop",
    "render_stems",
    "working_engines",
]

TAIL_S = 1.5
"""Seconds that a clip rings on after its end, unless asked otherwise."""

MAX_CLIP_S = 1800.0
"""The longest clip that is rendered, in seconds."""

MAX_STEMS_S = 5400.0
"""The longest stems that are rendered, in seconds of all together; they fill 2 GB."""

_QUIETEST_LUFS = -60.0

Music = Clip | Arrangement | Iterable[Clip]
"""What is rendered: a clip, an arrangement at its tempos, or clips that play together, each at its own."""


def working_engines() -> list[str]:
    """Give the names that ``render`` takes on this machine, the preferred one first."""
    return installed().working


def render(
    music: Music,
    *,
    engine: str = AUTO,
    tail_s: float = TAIL_S,
    loudness: float | None = TARGET_LUFS,
    seed: int = 0,
) -> Sound:
    """Render music once, as it sounds when Live stops at its end.

    Muted notes are silent; notes that overrun their clip end with it. Sustain pedal, volume, expression, pan,
    pitch bend, modulation and the reverb send are heard. What is rendered together keeps its balance.

    Args:
        music: A clip with its own instrument, at its own tempo; several of them together; or an arrangement.
        engine: ``auto``, ``gm`` (General MIDI sounds) or ``synth``.
        tail_s: Seconds to ring on after the clip's end, at least 0; the tail fades out.
        loudness: Integrated loudness in LUFS, -60 to 0; peaks are limited, not clipped. Silence stays silent,
            and what is very soft is raised by 12 dB at most. ``None`` leaves levels as velocities say.
        seed: Decides which notes of a probability below 1 are played, and how far velocities stray.

    Raises:
        SetupError: The engine does not work here; the message names those that do.
        ClipError: The music lasts longer than half an hour, or there is no clip.
        ValueError: The tail is negative or over a minute, or no such loudness can be.

    >>> from conduit.music import Note
    >>> render(Clip.of([Note(57, 0, 1)]), engine="synth").duration_s
    3.5
    """
    parts, chosen, tail_frames = _asked(music, engine, tail_s, loudness)
    played = mixed(parts, chosen, tail_frames=tail_frames, seed=seed)
    return _sound(limited(_levelled(played, loudness)), chosen.name)


def render_stems(
    music: Music,
    *,
    engine: str = AUTO,
    tail_s: float = TAIL_S,
    loudness: float | None = TARGET_LUFS,
    seed: int = 0,
) -> dict[str, Sound]:
    """Render each clip for itself; together they are what ``render`` gives before its limiter.

    All are kept in memory; ``each_stem`` gives them one by one. One gain serves all. It is the one of the whole,
    or less where a stem would not fit into full scale.

    Args:
        music: As for ``render``, and so are the other arguments and what is raised.
        engine: ``auto``, ``gm`` or ``synth``.
        tail_s: Seconds to ring on after the end.
        loudness: Of the whole, in LUFS.
        seed: Decides which notes of a probability below 1 are played, and how far velocities stray.

    Raises:
        ClipError: As for ``render``, or the stems together last longer than an hour and a half.

    Returns:
        Sounds of one length by the names of the clips, or of their instruments; a second of one name is
        ``Bass 2``.
    """
    parts, chosen, tail_frames = _asked(music, engine, tail_s, loudness)
    longest_s = max(part.duration_s for part in parts) + tail_s
    if longest_s * len(parts) > MAX_STEMS_S:
        raise ClipError(
            f"{len(parts)} stems of {longest_s:.0f} s are too much sound at once: "
            f"{len(parts)} may last {MAX_STEMS_S / len(parts):.0f} s; take a part, or fewer clips at a time, "
            "or let each_stem give them one by one"
        )
    played = [mixed([part], chosen, tail_frames=tail_frames, seed=seed) for part in parts]
    fit = _fit(played, loudness)
    # Each goes as it is taken, so that one which is made longer does not stay.
    return {name: _fitted(played.pop(0), fit, chosen.name) for name in _names(parts)}


def each_stem(
    music: Music,
    *,
    engine: str = AUTO,
    tail_s: float = TAIL_S,
    loudness: float | None = TARGET_LUFS,
    seed: int = 0,
) -> Iterator[tuple[str, Sound]]:
    """Give the stems that ``render_stems`` gives one by one, each as it is asked for, so that one fits into memory.

    It takes twice as long: each is rendered once for the gain of all, and again when its turn comes.

    Args:
        music: As for ``render``, and so are the other arguments and what is raised, at once.
        engine: ``auto``, ``gm`` or ``synth``.
        tail_s: Seconds to ring on after the end.
        loudness: Of the whole, in LUFS.
        seed: As for ``render``.

    Returns:
        Names and sounds, in the order of the clips.

    >>> from conduit.music import Note
    >>> clips = [Clip.of([Note(57, 0, 1)], name=name) for name in ("Low", "High")]
    >>> [name for name, stem in each_stem(clips, engine="synth")]
    ['Low', 'High']
    """
    parts, chosen, tail_frames = _asked(music, engine, tail_s, loudness)

    def played() -> Iterator[Stereo]:
        return (mixed([part], chosen, tail_frames=tail_frames, seed=seed) for part in parts)

    fit = _fit(played(), loudness)
    return zip(_names(parts), (_fitted(stem, fit, chosen.name) for stem in played()), strict=True)


def render_loop(
    clip: Clip, *, engine: str = AUTO, loudness: float | None = TARGET_LUFS, seed: int = 0
) -> Sound:
    """Render one round of a clip that loops without a gap: its tail sounds at its beginning.

    Args:
        clip: What to play.
        engine: ``auto``, ``gm`` or ``synth``.
        loudness: In LUFS, as for ``render``.
        seed: Decides which notes of a probability below 1 are played, and how far velocities stray.

    Raises:
        SetupError: The engine does not work here; the message names those that do.
        ClipError: The clip lasts longer than half an hour.
        ValueError: No such loudness can be.

    >>> from conduit.music import Note
    >>> len(render_loop(Clip.of([Note(57, 0, 1)]), engine="synth"))
    88200
    """
    _, chosen, _ = _asked(clip, engine, 0, loudness)
    return _sound(limited(_levelled(wrapped(clip, chosen, seed=seed), loudness), loop=True), chosen.name)


def mix(sounds: Iterable[Sound]) -> Sound:
    """Play sounds together as loud as they are, from the same beginning; the longest gives the length.

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


def _asked(
    music: Music, engine: str, tail_s: float, loudness: float | None
) -> tuple[Sequence[Clip], Engine, int]:
    """Check what was asked for; give the clips, the engine and the frames of the tail."""
    if not 0 <= tail_s <= 60:
        raise ValueError(f"a tail of {tail_s} s cannot be: 0-60")
    if loudness is not None and not _QUIETEST_LUFS <= loudness <= 0:
        raise ValueError(f"a loudness of {loudness} LUFS cannot be: {_QUIETEST_LUFS:g} to 0, or None")
    parts = _parts(music)
    if not parts:
        raise ClipError(f"{music!r} holds no clips: there is nothing to hear")
    longest_s = max(part.duration_s for part in parts)
    if longest_s > MAX_CLIP_S:
        raise ClipError(
            f"the music lasts {longest_s:.0f} s; at most {MAX_CLIP_S:.0f} s are rendered: take a part"
        )
    return parts, installed().get(engine), round(tail_s * SAMPLE_RATE_HZ)


def _parts(music: Music) -> Sequence[Clip]:
    match music:
        case Clip():
            return (music,)
        case Arrangement():
            return one_tempo(music)
        case _:
            return tuple(music)


def _names(parts: Sequence[Clip]) -> list[str]:
    names: list[str] = []
    for part in parts:
        plain = part.name or part.instrument
        numbered = (f"{plain} {number}" for number in range(2, len(parts) + 2))
        names.append(plain if plain not in names else next(name for name in numbered if name not in names))
    return names


def _levelled(sound: Stereo, loudness: float | None) -> Stereo:
    """Bring a sound to a loudness, in place."""
    if loudness is not None:
        sound *= np.float32(gain_to(sound, loudness, sample_rate_hz=SAMPLE_RATE_HZ))
    return sound


def _summed(parts: Iterable[Stereo]) -> Stereo:
    """Add sounds from their beginnings on, each of shape ``(2, n_frames)``; the longest gives the length."""
    out = np.zeros((2, 0), dtype=np.float32)
    for part in parts:
        out = _lengthened(out, part.shape[1])
        out[:, : part.shape[1]] += part
    return out


def _lengthened(sound: Stereo, n_frames: int) -> Stereo:
    rest = n_frames - sound.shape[1]
    return np.pad(sound, ((0, 0), (0, rest))) if rest > 0 else sound


def _fit(stems: Iterable[Stereo], loudness: float | None) -> tuple[float, int]:
    """Give the gain of stems, at which each fits into full scale, and their frames; they may come one by one."""
    loudest = 0.0

    def listened() -> Iterator[Stereo]:
        nonlocal loudest
        for stem in stems:
            loudest = max(loudest, top(stem))
            yield stem

    whole = _summed(listened())
    gain = 1.0 if loudness is None else gain_to(whole, loudness, sample_rate_hz=SAMPLE_RATE_HZ)
    return (min(gain, CEILING / loudest) if loudest else gain), whole.shape[1]


def _fitted(stem: Stereo, fit: tuple[float, int], engine: str) -> Sound:
    gain, n_frames = fit
    np.multiply(stem, np.float32(gain), out=stem)
    return _sound(_lengthened(stem, n_frames), engine)


def _sound(stereo: Stereo, engine: str, *, sample_rate_hz: int = SAMPLE_RATE_HZ) -> Sound:
    return Sound(stereo.T, sample_rate_hz, engine)
