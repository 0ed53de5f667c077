"""The public names as a user's own code would use them: read by the type checker, never run."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import conduit


def a_clip_from_words() -> conduit.Clip:
    clip: conduit.Clip = conduit.compose("acid bass", bars=4, key="A minor", seed=1)
    note: conduit.Note = clip.notes[0]
    beats: float = note.start + note.duration + clip.length
    key: str | None = clip.key
    path: Path = clip.save("x.mid")
    del beats, key, path
    return clip


def a_sound_from_a_clip(clip: conduit.Clip) -> NDArray[np.float32]:
    sound: conduit.Sound = conduit.render(clip)
    return sound.samples


def an_error_with_facts() -> list[str]:
    try:
        conduit.compose("")
    except conduit.ClipError as error:
        return error.valid
    return []
