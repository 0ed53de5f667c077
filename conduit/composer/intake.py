"""What comes in from a model's ``write_clip`` call: notes while it is written, a clip at the end.

The call has one string argument, the clip as text. The text is read out of the raw JSON as it streams, so a
note is there as soon as its last character has come.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable

from pydantic import BaseModel, ConfigDict, Field

from conduit.composer.brief import Options
from conduit.composer.fitting import fitted
from conduit.composer.repair import Ledger
from conduit.composer.taking import Intake, take_in
from conduit.engine.risk import Tier
from conduit.engine.tool import Tool
from conduit.errors import ClipError
from conduit.music import Clip, ClipReader, Note, notation

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
    """Give the clip back if it is as it was asked for, and nothing had to be put right.

    Raises:
        ClipError: It is not; the message says what is not as asked.
    """
    ledger = Ledger()
    fitted(clip, options, ledger)
    if ledger.repairs:
        raise ClipError(ledger.repairs[0].sentence)
    return clip


def write_clip_tool(
    options: Options,
    *,
    accept: Callable[[Intake], Awaitable[str]],
    final: Callable[[], bool] = lambda: False,
) -> Tool:
    """Make the tool with which a model hands in a clip, in the notation or however else it can be read.

    Args:
        options: What the user asked for; the clip is brought to it.
        accept: Takes what came in and says, for the model, what became of it; it raises ``ClipError`` for what the
            model has to mend.
        final: Says whether the model will not be asked again.
    """

    async def run(arguments: str) -> str:
        return await accept(await asyncio.to_thread(take_in, arguments, options, final=final()))

    return Tool(
        name=WRITE_CLIP,
        description=f"Hand in a clip.\n\n{notation.page()}",
        arguments=WriteClip,
        tier=Tier.STATEFUL,
        run=run,
        limited=False,  # a clip is an answer; many at once are variations
        read=str,
    )
