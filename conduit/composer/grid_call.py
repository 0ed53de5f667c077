"""A ``write_clip`` call made of what a model without tools writes: grid JSON, or a clip in another form."""

from __future__ import annotations

import json
from collections.abc import Iterator

from conduit.composer.grid import FEWEST, Grid, GridReader
from conduit.composer.intake import WRITE_CLIP
from conduit.composer.taking import MOST, take_in
from conduit.errors import ErrorKind, ProviderError
from conduit.messages import (
    Event,
    PartEnd,
    PartStart,
    ReasoningDelta,
    ReasoningPart,
    ResponseMetadata,
    Restart,
    StopReason,
    TextDelta,
    TextPart,
    ToolCallDelta,
    ToolCallPart,
)

__all__ = ["GridCall"]

_SHOWN = 200  # characters of an answer that an error quotes


class GridCall:
    """Turns the events of an answer in grid JSON into those of a ``write_clip`` call.

    Args:
        grid: Where the model may put notes.
        id: Of the call.
    """

    def __init__(self, grid: Grid, *, id: str) -> None:  # noqa: A002  as it is called in ``ToolCallPart``
        self._grid = grid
        self._id = id
        self._reset()

    def _reset(self) -> None:
        self._reader = GridReader(self._grid)
        self._index = -1
        self._last = -1
        self._arguments: list[str] = []
        self._came: list[str] = []
        self._length = 0

    @property
    def struck_one_key(self) -> bool:
        """Whether all that has come is one note, written several times."""
        return self._reader.n_notes < FEWEST and self._reader.n_doubled > 0

    def feed(self, event: Event) -> Iterator[Event]:
        """Take an event of the model's answer; give those that follow. Thoughts pass, words are read."""
        match event:
            case Restart():
                self._reset()
                yield event
            case PartStart(kind="reasoning", index=index) | PartEnd(index=index, part=ReasoningPart()):
                self._last = max(self._last, index)
                yield event
            case ReasoningDelta():
                yield event
            case TextDelta(index=index, text=text):
                yield from self._read(text, index=index)

    def finish(self, metadata: ResponseMetadata) -> Iterator[Event]:
        """Give the events that complete the call, and a remark where notes are missing.

        Raises:
            ProviderError: What came is no clip.
        """
        cut = metadata.stop_reason is StopReason.LENGTH
        if self._reader.n_notes == 0 and self._is_clip():
            yield from self._whole()
        elif self._reader.n_notes < (FEWEST if cut else 1):
            raise self._unreadable(metadata, cut=cut)
        else:
            yield self._more('"}')
        part = ToolCallPart(id=self._id, name=WRITE_CLIP, arguments="".join(self._arguments))
        yield PartEnd(index=self._index, part=part)
        if self._reader.n_notes and (remark := _remark(self._reader, cut=cut)):
            index = self._last + 1
            yield PartStart(index=index, kind="text")
            yield TextDelta(index=index, text=remark)
            yield PartEnd(index=index, part=TextPart(text=remark))

    def _read(self, text: str, *, index: int) -> Iterator[Event]:
        if self._length <= MOST:
            self._came.append(text)
            self._length += len(text)
        self._last = max(self._last, index)
        for note in self._reader.feed(text):
            if not self._arguments:
                self._index = index
                yield PartStart(index=index, kind="tool_call", id=self._id, name=WRITE_CLIP)
                yield self._more('{"clip": "' + _escaped(self._grid.header))
            yield self._more(_escaped(note.line(self._grid)))

    def _more(self, arguments: str) -> ToolCallDelta:
        self._arguments.append(arguments)
        return ToolCallDelta(index=self._index, arguments=arguments)

    def _is_clip(self) -> bool:
        """Say whether what came is a clip in another form, from a server that enforces no schema."""
        if any('"step"' in stray for stray in self._reader.strays):
            return False
        return bool(take_in("".join(self._came), final=True, wanted=False).clips)

    def _whole(self) -> Iterator[Event]:
        """Give the call whose clip is what came; whoever runs it takes it in as that of any other model."""
        self._index = max(0, self._last)
        yield PartStart(index=self._index, kind="tool_call", id=self._id, name=WRITE_CLIP)
        yield self._more(json.dumps({"clip": "".join(self._came)}, ensure_ascii=False))

    def _unreadable(self, metadata: ResponseMetadata, *, cut: bool) -> ProviderError:
        what = "was cut off before it had two notes" if cut else "holds no note that fits the schema"
        step = "allow more tokens" if cut else "ask again, or use a server that enforces JSON schemas"
        begins = "".join(self._came)[:_SHOWN]
        return ProviderError(
            f"the answer of {metadata.model} {what}; {step}. It begins: {begins!r}",
            kind=ErrorKind.LENGTH if cut else ErrorKind.PROTOCOL,
            provider=metadata.provider,
            model=metadata.model,
        )


def _escaped(line: str) -> str:
    """Write a line and its break as the inside of a JSON string."""
    return json.dumps(line + "\n", ensure_ascii=False)[1:-1]


def _remark(reader: GridReader, *, cut: bool) -> str:
    said = []
    if cut:
        said.append(f"The answer was cut off after {reader.n_notes} notes.")
    if n_doubled := reader.n_doubled:
        what = (
            f"{n_doubled} notes strike keys that sound"
            if n_doubled > 1
            else "1 note strikes a key that sounds"
        )
        said.append(f"{what} already and had to be left out.")
    if reader.strays:
        n_strays = len(reader.strays)
        what = f"{n_strays} notes do" if n_strays > 1 else "1 note does"
        said.append(f"{what} not fit and had to be left out, such as {reader.strays[0][:_SHOWN]}.")
    return " ".join(said)
