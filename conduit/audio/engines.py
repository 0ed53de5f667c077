"""The engines that work here. One counts as working when it has made a sound, not when it can be imported.

Each is tried once, on two notes, and listened to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np

from conduit.audio.measure import rms
from conduit.audio.mixer import mixed
from conduit.audio.soundfont import SoundFont
from conduit.audio.synth import Synth
from conduit.audio.voice import Engine
from conduit.errors import SetupError
from conduit.music import DRUMS, Clip, Note

__all__ = ["AUTO", "ENGINES", "Engines", "installed"]

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
        levels = [rms(mixed([clip], engine, tail_frames=0)) for clip in _trial_clips()]
    except SetupError as error:
        return error.message
    except (ValueError, TypeError, LookupError, ArithmeticError, OSError, RuntimeError, ImportError) as error:
        return f"it failed its trial: {type(error).__name__}: {error}"
    return engine if all(np.isfinite(level) and level > 0 for level in levels) else "it is silent"


@cache
def installed() -> Engines:
    """Give the engines of this machine, the same every time, so that each is proved once."""
    return Engines(ENGINES)
