"""What comes in from a model's ``write_clip`` call: notes while it is written, a checked clip at the end.

The call has one string argument, the clip as text. The text is read out of the raw JSON as it streams, so a
note is there as soon as its last character has come.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable

from pydantic import BaseModel, ConfigDict, Field

from conduit.composer.brief import Options
from conduit.engine.risk import Tier
from conduit.engine.tool import Tool
from conduit.errors import ClipError
from conduit.music import Clip, ClipReader, Note, notation, read_clip

__all__ = ["WRITE_CLIP", "ClipStream", "WriteClip", "check", "write_clip_tool"]

WRITE_CLIP = "write_clip"
_OPEN = re.compile(r'"clip"\s*:\s*"')
_OPENING = 64  # characters of which the opening surely needs no more
_PAIR = r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_SINGLE = r"\\u(?![dD][89abAB])[0-9a-fA-F]{4}"
_WHOLE = re.compile(rf'(?:[^"\\]|\\["\\/bfnrt]|{_PAIR}|{_SINGLE})*')


class ClipStream:
    r"""Reads notes out of a ``write_clip`` call's arguments as they arrive.

    Attributes:
        reader: What has been read of the clip so far.

    >>> stream = ClipStream()
    >>> stream.feed('{"clip": "clip Bass | 1 bars | bass\\n1 | 1:A1/2 ')
    [Note(pitch=45, start=0.0, duration=0.5, velocity=96, mute=False)]
    """

    def __init__(self) -> None:
        self.reader = ClipReader()
        self._raw = ""
        self._inside = False

    def feed(self, arguments: str) -> list[Note]:
        """Take more raw JSON; give the notes that it completes."""
        self._raw += arguments
        if not self._inside:
            start = _OPEN.search(self._raw)
            if start is None:
                self._raw = self._raw[-_OPENING:]
                return []
            self._raw, self._inside = self._raw[start.end() :], True
        whole = _WHOLE.match(self._raw)
        text = whole.group() if whole else ""
        self._raw = self._raw[len(text) :]
        return self.reader.feed(json.loads(f'"{text}"', strict=False))


class WriteClip(BaseModel):
    """The arguments of ``write_clip``."""

    model_config = ConfigDict(extra="forbid")

    clip: str = Field(description="The whole clip in Conduit's notation, header line first.")


def check(clip: Clip, options: Options) -> Clip:
    """Give the clip back if it is what was asked for.

    Raises:
        ClipError: It is empty, of another length, or has notes after its end; the message says how to mend it.
    """
    if not len(clip):
        raise ClipError("the clip has no notes; write at least one")
    late = [note for note in clip.notes if note.start >= clip.length]
    if late:
        raise ClipError(f"{len(late)} notes start after the end at bar {clip.bars:g}; leave them out")
    if options.bars is not None and clip.bars != options.bars:
        raise ClipError(
            f"the clip has {clip.bars:g} bars, not the {options.bars:g} asked for; write all of them"
        )
    asked = {"key": options.key, "metre": options.meter, "tempo": options.bpm}
    found = {"key": clip.key, "metre": clip.meter, "tempo": clip.bpm}
    for name, wanted in asked.items():
        if wanted is not None and str(wanted) != str(found[name]) and wanted != found[name]:
            raise ClipError(f"the {name} is {found[name]}, {wanted} was asked for; write the clip in that")
    return clip


def write_clip_tool(options: Options, *, accept: Callable[[Clip], Awaitable[str]]) -> Tool:
    """Make the tool with which a model hands in a clip.

    Args:
        options: What the user asked for; the clip is checked against it.
        accept: Takes a good clip and says, for the model, what became of it.
    """

    async def run(arguments: WriteClip) -> str:
        return await accept(check(read_clip(arguments.clip), options))

    return Tool(
        name=WRITE_CLIP,
        description=f"Hand in a clip. {notation.__doc__}",
        arguments=WriteClip,
        tier=Tier.STATEFUL,
        run=run,
        limited=False,  # a clip is an answer; many at once are variations
    )
