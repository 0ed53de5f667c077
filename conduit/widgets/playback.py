"""How a view plays its clips: tempo, swing, what is muted or soloed, and with which sounds.

None of it changes a clip. What is saved as sound is what one hears; notes are saved as they are written, and those
of a part that is silent are muted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conduit.music import Arrangement, Clip
from conduit.music.arranging import finer
from conduit.music.joining import rescaled
from conduit.music.limits import MAX_BPM, MAX_PPQ, MIN_BPM

__all__ = ["AS_WRITTEN", "Playback"]

_STRAIGHT, _MOST_SWING, _STEP = 0.5, 0.75, 0.5
_LONGEST_STEP = 4.0
_FINE_PPQ = 9600  # what swings falls between the ticks of a clip
_ENGINES = {"gm": "auto", "synth": "synth"}


@dataclass(frozen=True, slots=True)
class Playback:
    """How clips are heard together.

    Attributes:
        tempo: Beats a minute of all; None leaves the music's own.
        swing: Share of each pair of steps that its first half lasts, 0.5 (straight) to 0.75.
        step: Beats of a step that swings.
        engine: What ``render`` plays them with.
        muted: Numbers of the parts that are silent.
        soloed: Numbers of the parts that alone are heard, if there are any.
    """

    tempo: float | None = None
    swing: float = _STRAIGHT
    step: float = _STEP
    engine: str = "auto"
    muted: frozenset[int] = frozenset()
    soloed: frozenset[int] = frozenset()

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Playback:
        """Read what a view says; what is no such value is left as the music has it.

        >>> Playback.of({"swing": 0.62, "muted": [1], "tempo": "fast"})
        Playback(tempo=None, swing=0.62, step=0.5, engine='auto', muted=frozenset({1}), soloed=frozenset())
        """
        return cls(
            tempo=_number(facts.get("tempo"), MIN_BPM, MAX_BPM, None),
            swing=_number(facts.get("swing"), _STRAIGHT, _MOST_SWING, _STRAIGHT),
            step=_number(facts.get("step"), 1 / 32, _LONGEST_STEP, _STEP),
            engine=_ENGINES.get(str(facts.get("sound")), "auto"),
            muted=_parts(facts.get("muted")),
            soloed=_parts(facts.get("soloed")),
        )

    @property
    def facts(self) -> dict[str, Any]:
        """What a view begins with, as plain values."""
        sound = next(name for name, engine in _ENGINES.items() if engine == self.engine)
        return {
            "tempo": self.tempo,
            "swing": self.swing,
            "step": self.step,
            "sound": sound,
            "muted": sorted(self.muted),
            "soloed": sorted(self.soloed),
        }

    def audible(self, part: int) -> bool:
        """Say whether a part is heard."""
        return part not in self.muted and (not self.soloed or part in self.soloed)

    def sounding(self, music: Sequence[Clip] | Arrangement) -> Sequence[Clip] | Arrangement:
        """Give music to render as it is heard: clips at the tempo of the first, or an arrangement at its own.

        A silent part stays as a clip without notes, so that the music is as long as before.
        """
        if isinstance(music, Arrangement):
            fine = finer(music, _fine(music.ppq))
            clips = tuple(self._heard(clip, part) for part, clip in enumerate(fine))
            return fine.with_(clips=clips, **({"tempos": ((0, self.tempo),)} if self.tempo else {}))
        bpm = self.tempo or music[0].bpm
        return tuple(self._heard(clip, part).with_(bpm=bpm) for part, clip in enumerate(music))

    def written(self, clips: Sequence[Clip]) -> tuple[Clip, ...]:
        """Give clips as they stand, the notes of the silent ones muted."""
        return tuple(clip if self.audible(part) else _muted(clip) for part, clip in enumerate(clips))

    def _heard(self, clip: Clip, part: int) -> Clip:
        if not self.audible(part):
            return clip.with_table(clip.table[:0])
        return clip if self.swing == _STRAIGHT else self._swung(rescaled(clip, _fine(clip.ppq)))

    def _swung(self, clip: Clip) -> Clip:
        table, controls = clip.table.copy(), clip.control_table.copy()
        starts = self._late(table["start"], clip)
        ends = self._late(table["start"] + table["duration"], clip)
        table["start"], table["duration"] = starts, np.maximum(1, ends - starts)
        controls["start"] = self._late(controls["start"], clip)
        return replace(clip.with_table(table), control_table=controls)

    def _late(self, ticks: NDArray[np.int64], clip: Clip) -> NDArray[np.int64]:
        """Give where straight ticks are heard, as ``js/engine/clock.js`` does; none comes after the clip's end."""
        pair = 2 * self.step * clip.ppq
        whole, x = np.divmod(ticks / pair, 1)
        bent = np.where(x < 0.5, 2 * x * self.swing, self.swing + (2 * x - 1) * (1 - self.swing))
        moved = np.rint((whole + bent) * pair).astype(np.int64)
        out: NDArray[np.int64] = np.where(
            ticks < clip.length_ticks, np.minimum(moved, clip.length_ticks), ticks
        )
        return out


AS_WRITTEN = Playback()
"""Music as it stands."""


def _muted(clip: Clip) -> Clip:
    table = clip.table.copy()
    table["mute"] = True
    return clip.with_table(table)


def _fine(ppq: int) -> int:
    return ppq * max(1, min(_FINE_PPQ, MAX_PPQ) // ppq)


def _number(value: Any, low: float, high: float, usual: Any) -> Any:
    return value if type(value) in {int, float} and low <= value <= high else usual


def _parts(value: object) -> frozenset[int]:
    return (
        frozenset(one for one in value if type(one) is int)
        if isinstance(value, list | tuple)
        else frozenset()
    )
