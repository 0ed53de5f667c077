"""The model's words while they come: what belongs to a message that broke off is forgotten."""

from __future__ import annotations

from conduit.messages import MessageEnd, Restart, TextDelta
from conduit.studio import StudioEvent

__all__ = ["Words"]


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
