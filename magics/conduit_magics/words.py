"""The model's words while they come: what belongs to a message that broke off is forgotten."""

from __future__ import annotations

import json
from typing import Any

from conduit.channel import Parser
from conduit.messages import MessageEnd, Restart, TextDelta
from conduit.studio import Answer, StudioEvent

__all__ = ["Value", "Words"]


class Words:
    """Collects the words of a turn."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._whole = 0  # how many of the texts belong to messages that are whole

    def on(self, event: StudioEvent) -> None:
        """Take any event of the turn."""
        match event:
            case TextDelta(text=text):
                self._texts.append(text)
            case MessageEnd():
                self._whole = len(self._texts)
            case Restart():
                del self._texts[self._whole :]

    @property
    def text(self) -> str:
        """The words so far."""
        return "".join(self._texts).strip()

    def of(self, answer: Answer) -> str:
        """Give the words of a turn that is over."""
        return answer.text


class Value(Words):
    """Shows the value that an answer is read as, as far as it has come.

    Args:
        parser: Reads it.
    """

    def __init__(self, parser: Parser[Any]) -> None:
        super().__init__()
        self._parser = parser

    def on(self, event: StudioEvent) -> None:
        """Take any event of the turn; a second try takes the place of the first."""
        if isinstance(event, TextDelta) and self._whole == len(self._texts):
            self._texts.clear()
            self._whole = 0
        super().on(event)

    @property
    def text(self) -> str:
        """The value so far as JSON, in a fence."""
        value = self._parser.partial("".join(self._texts))
        if value is None:
            return ""
        return f"```json\n{json.dumps(value, indent=2, ensure_ascii=False)}\n```"

    def of(self, answer: Answer) -> str:
        """Give what was received where it is no value; a value is shown by itself."""
        return answer.text if answer.value is None else ""
