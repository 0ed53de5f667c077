"""What a person did to clips by hand: it takes the place of what was written, and a model hears of it."""

from __future__ import annotations

from collections.abc import Callable

from conduit.composer.by_hand import by_hand
from conduit.messages import Conversation, TextPart, UserMessage
from conduit.music import Clip

__all__ = ["Edits"]

_MOST = 8
"""Clips whose edits are told; of more, the latest."""


class Edits:
    """The clips that a person edited since the conversation began. Everything here runs on the studio's loop.

    Args:
        clips: The clips of the session, oldest first; an edited clip is the newest, in place of the one before.
        took: Told of every edit: the clip before it and after.

    >>> from conduit.music import Note
    >>> clips = [Clip.of([Note(45, 0, 1)], name="Bass"), Clip.of([Note(60, 0, 1)], name="Lead")]
    >>> edits = Edits(clips)
    >>> edits.took(clips[0], clips[0].transpose(2))
    >>> [clip.name for clip in clips]
    ['Lead', 'Bass']
    """

    def __init__(
        self, clips: list[Clip], *, took: Callable[[Clip, Clip], None] = lambda _before, _after: None
    ) -> None:
        self._clips = clips
        self._took = took
        self._pairs: list[tuple[Clip, Clip]] = []  # as it was written, and as it is now

    def took(self, before: Clip, after: Clip) -> None:
        """Take an edit, or many of them at once."""
        place = next((at for at, clip in enumerate(self._clips) if clip is before), None)
        if place is not None:
            del self._clips[place]
        self._clips.append(after)
        first = next((origin for origin, now in self._pairs if now is before), before)
        self._pairs = [pair for pair in self._pairs if pair[1] is not before]
        if first != after:
            self._pairs = [*self._pairs, (first, after)][-_MOST:]
        self._took(before, after)

    def origin(self, clip: Clip) -> Clip | None:
        """Give a clip as it was written, before a person edited it; None of one that nobody edited."""
        return next((origin for origin, now in self._pairs if now is clip), None)

    def untold(self, talk: Conversation) -> tuple[str, ...]:
        """Say of each what a person changed, for a model, as far as a conversation does not say it yet."""
        asked = (message for message in talk.messages if isinstance(message, UserMessage))
        known = {part.text for message in asked for part in message.parts if isinstance(part, TextPart)}
        return tuple(text for pair in self._pairs if (text := by_hand(*pair)) not in known)

    def forget(self) -> None:
        """Begin anew: in another conversation, what was written before is not known."""
        self._pairs = []
