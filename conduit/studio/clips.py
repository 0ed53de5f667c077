"""Clips from a line of Python, without a cell."""

from __future__ import annotations

from conduit.composer import Options
from conduit.composer.reading import checked_bars, checked_bpm
from conduit.errors import SetupError
from conduit.music import Clip, Key, Meter
from conduit.studio.process import current
from conduit.studio.question import Question

__all__ = ["compose", "options"]


def options(
    *,
    bars: float | None = None,
    key: str | None = None,
    bpm: float | None = None,
    meter: str | None = None,
    genre: str | None = None,
    seed: int | None = None,
) -> Options:
    """Check what is asked for explicitly.

    Raises:
        SetupError: A value cannot be; the message says what can.
        TypeError: A value is of another type.
    """
    numbers = {"bars": bars, "bpm": bpm, "seed": seed}
    texts = {"key": key, "meter": meter, "genre": genre}
    for given, kind, what in ((numbers, int | float, "a number"), (texts, str, "a text")):
        for name, value in given.items():
            if value is not None and not isinstance(value, kind):
                raise TypeError(f"{name} is {value!r}; it is {what}, or left out")
    try:
        return Options(
            bars=None if bars is None else checked_bars(bars),
            key=Key(key) if key else None,
            bpm=None if bpm is None else checked_bpm(bpm),
            meter=Meter.parse(meter) if meter else None,
            genre=genre,
            seed=seed,
        )
    except ValueError as error:
        raise SetupError(str(error), valid=getattr(error, "valid", None)) from error


def compose(
    text: str,
    *,
    bars: float | None = None,
    key: str | None = None,
    bpm: float | None = None,
    meter: str | None = None,
    genre: str | None = None,
    seed: int | None = None,
    model: str = "",
    critic: int = 0,
) -> Clip:
    """Ask a model for a clip and wait for it. Works in scripts, and in cells while the notebook's loop runs.

    Args:
        text: What you want to hear.
        bars: Length in bars; by default what the words say, else the model's choice.
        key: Such as ``A minor``.
        bpm: Tempo, 20-999.
        meter: Such as ``7/8``.
        genre: Such as ``techno``.
        seed: The offline composer gives the same notes for the same words and seed, on every machine.
        model: ``provider/model``, a provider, a short name or ``auto``; by default the session's.
        critic: How often the critic may ask the model for a better one, 0-5; the best is given.

    Raises:
        ClipError: No clip came; the message is what the model said instead.
        SetupError: A value cannot be, or there is no such model.
        TypeError: A value is of another type.
        ProviderError: The model failed, and nobody may answer in its place.
    """
    if not isinstance(text, str):
        raise TypeError(f"what you want to hear is a text, not {text!r}")
    studio = current()
    wanted = options(bars=bars, key=key, bpm=bpm, meter=meter, genre=genre, seed=seed)
    return studio.call(studio.compose(Question(text, options=wanted, model=model, critic=critic)))
