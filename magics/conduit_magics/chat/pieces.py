"""What a message of a conversation holds for a transcript, where nothing but the message is left of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from hashlib import blake2b

from conduit.composer import WRITE_CLIP
from conduit.composer.question import decided
from conduit.errors import ClipError
from conduit.messages import (
    AssistantMessage,
    AssistantPart,
    Node,
    ReasoningPart,
    TextPart,
    ToolCallPart,
    ToolMessage,
    UserMessage,
)
from conduit.messages.aside import aside
from conduit.messages.fences import Fenced, split
from conduit.music import Clip, read_clip
from conduit.widgets.mirror import Item
from conduit_magics.chat.kept import Kept
from conduit_magics.chat.texts import cut, first_line, shown_text

__all__ = ["Piece", "Pieces"]

Piece = Item | Clip | str
"""An item, a clip, or the id of a call that made a plan."""

_MOST_CLIPS = 4_096


class Pieces:
    """Takes messages apart.

    Args:
        scrub: Takes keys out of texts.
    """

    def __init__(self, scrub: Callable[[str], str]) -> None:
        self._scrub = scrub
        self._read: Kept[bytes, Clip | None] = Kept(_MOST_CLIPS)

    def of(self, node: Node, refused: Collection[str] = ()) -> Iterator[Piece]:
        """Give what is in a message, in order.

        Args:
            node: The message in its place.
            refused: Ids of calls whose result is an error; what was handed in with them is no clip of anybody's.
        """
        match node.message:
            case AssistantMessage(parts=parts):
                for part in parts:
                    yield from self._answered(part, refused)
            case UserMessage() as message:
                kept, added = aside(message)
                words = [part.text for part in kept if isinstance(part, TextPart)]
                text = decided(message) or "\n".join([*words, *([added] if added else [])])
                yield {"kind": "note", "text": self._scrub(shown_text(text))}
            case ToolMessage(result=result) if result.name != WRITE_CLIP or result.is_error:
                yield {
                    "kind": "tool",
                    "name": result.name,
                    "state": "failed" if result.is_error else "done",
                    "summary": first_line(result.text),
                    "arguments": "",
                    "result": cut(result.text),
                }

    def _answered(self, part: AssistantPart, refused: Collection[str]) -> Iterator[Piece]:
        match part:
            case TextPart(text=text):
                yield from self._worded(text)
            case ReasoningPart(text=text):
                yield {"kind": "thought", "text": shown_text(text), "open": False}
            case ToolCallPart(id=call_id) if call_id not in refused:
                clip = self._clip_of(part) if part.name == WRITE_CLIP else None
                yield call_id if clip is None else clip

    def _worded(self, text: str) -> Iterator[Piece]:
        """Give words, with the clips that stand fenced in them."""
        words: list[str] = []
        for piece in split(text):
            is_clip = isinstance(piece, Fenced) and piece.language == "clip"
            clip = self._clip_in(piece.text) if is_clip and isinstance(piece, Fenced) else None
            if clip is None:
                words.append(piece if isinstance(piece, str) else piece.written)
                continue
            if words:
                yield _text("\n".join(words))
                words = []
            yield clip
        if words:
            yield _text("\n".join(words))

    def _clip_of(self, call: ToolCallPart) -> Clip | None:
        from conduit.composer.taking import clip_of  # noqa: PLC0415  only for what is read back

        return self._read.get(_key(call.arguments), lambda: clip_of(call.arguments))

    def _clip_in(self, text: str) -> Clip | None:
        return self._read.get(_key(text), lambda: _read_clip(text))


def _read_clip(text: str) -> Clip | None:
    try:
        return read_clip(text)
    except ClipError:
        return None


def _key(text: str) -> bytes:
    return blake2b(text.encode(errors="surrogatepass"), digest_size=16).digest()


def _text(text: str) -> Item:
    return {"kind": "text", "text": shown_text(text.strip("\n")), "open": False}
