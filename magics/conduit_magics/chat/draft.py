"""What a person wants to send: words, and all that belongs to them; what cannot be sent is kept as one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from conduit.messages import AudioPart, ImagePart, TextPart, UserMessage
from conduit.messages.aside import aside
from conduit_magics.chat.attaching import Attached
from conduit_magics.chat.texts import data_blocks, without_data

__all__ = ["Draft", "media_in", "words_in"]

Media = tuple[ImagePart | AudioPart, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    r"""Words, and what goes with them.

    Attributes:
        text: As it was typed.
        files: Files that were attached for it.
        media: Pictures and sounds of the question that it stands in for.
        before: The words of that question, with its blocks of data.
        turn: The turn to go on from, on a branch of its own; None for where the conversation stands.

    >>> Draft("less", before='like @a\n\n<data name="a">\n1\n</data>\n<data name="b.mid">\n2\n</data>').kept("less")
    '<data name="b.mid">\n2\n</data>'
    """

    text: str
    files: tuple[Attached, ...] = ()
    media: Media = ()
    before: str = ""
    turn: int | None = None

    def kept(self, text: str) -> str:
        """Give the blocks of data of the question before that the new one needs, too.

        What was mentioned in the words goes with the mention; a mention that stays brings its own block again,
        unless its variable is gone.

        Args:
            text: The new words with their blocks.
        """
        has = {name for name, _ in data_blocks(text)}
        was, now = _mentions(without_data(self.before)), _mentions(self.text)
        return "\n".join(
            block
            for name, block in data_blocks(self.before)
            if name not in has and (now(name) or not was(name))
        )


def _mentions(words: str) -> Callable[[str], bool]:
    def has(name: str) -> bool:
        return f'@"{name}"' in words or re.search(rf"@{re.escape(name)}(?!\w)", words) is not None

    return has


def media_in(message: UserMessage) -> Media:
    """Give the pictures and sounds of a message."""
    return tuple(part for part in message.parts if isinstance(part, ImagePart | AudioPart))


def words_in(message: UserMessage) -> str:
    """Give a person's words in a message, with their blocks of data."""
    kept, _ = aside(message)
    return "\n".join(part.text for part in kept if isinstance(part, TextPart))
