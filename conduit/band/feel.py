"""Feel: a finished clip, leaning on the grid as the players of its genre do."""

from __future__ import annotations

from random import Random

import numpy as np
from numpy.typing import NDArray

from conduit.band.facts import Groove
from conduit.music.clip import Clip
from conduit.music.drums import DRUM_NAMES
from conduit.music.edit import tidied
from conduit.music.timing import FINEST

__all__ = ["feel"]

_STEPS = 4  # in a beat


def feel(clip: Clip, groove: Groove, *, role: str, rng: Random) -> Clip:
    """Move notes off the grid and weigh their velocities, as a groove says; the clip keeps its length.

    Notes that start together stay together, but for drums, each of which has its own hands.

    Args:
        clip: A clip, swung already.
        groove: Whose feel it is.
        role: Who plays; of ``drums`` each drum has its own delay.
        rng: Says how far hits stray.
    """
    table = clip.table.copy()
    if not len(table):
        return clip
    steps = _steps(clip, table["start"])
    drums = role == "drums"
    who = [DRUM_NAMES.get(int(pitch), "all") for pitch in table["pitch"]] if drums else [role] * len(table)
    keys = list(zip(table["start"].tolist(), who if drums else [role] * len(table), strict=True))
    stray = {key: (2 * rng.random() - 1) * groove.loose for key in dict.fromkeys(keys)}
    late = [
        groove.delay(one, step) + stray[key] for one, step, key in zip(who, steps.tolist(), keys, strict=True)
    ]
    moved = np.rint(np.array(late) * FINEST).astype(np.int64) * clip.ppq // FINEST
    table["start"] = np.clip(table["start"] + moved, 0, clip.length_ticks - 1)
    accents = np.array(groove.accents)[steps % len(groove.accents)]
    table["velocity"] = np.clip(np.rint(table["velocity"] * accents), 1, 127).astype(np.uint8)
    return tidied(clip, table)


def _steps(clip: Clip, ticks: NDArray[np.int64]) -> NDArray[np.int64]:
    """The sixteenth of its bar on which each note was written."""
    starts = np.unique(ticks)
    lines = clip.bar_lines
    places = np.array([float(tick - lines.at(int(tick)).start) for tick in starts])
    # What is swung is late by less than a sixteenth, so it belongs to the step before.
    steps = np.floor(places * _STEPS / clip.ppq + 1e-6).astype(np.int64)
    whole: NDArray[np.int64] = steps[np.searchsorted(starts, ticks)]
    return whole
