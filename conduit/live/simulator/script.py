"""What AbletonOSC keeps for itself beside the set; it is gone when AbletonOSC starts again."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Script"]


@dataclass(slots=True)
class Script:
    """The memory of AbletonOSC.

    Attributes:
        log_level: From which level on it logs.
        mappings: What was mapped to MIDI controllers: track, device, parameter, channel from 0, controller.
        hotswap: The key of the device that the browser replaces, or None.
        clip_notes: The notes named by each clip when ``clips/filter`` came first, by track and slot; it never
            looks again.
        errors: What it logged as errors and did not send yet.
    """

    log_level: str = "info"
    mappings: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    hotswap: object = None
    clip_notes: list[list[list[int | None]]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def complain(self, text: str) -> None:
        """Log an error. What stands before the first colon of a log line is cut off on the wire."""
        self.errors.append(text)

    def take_errors(self) -> list[str]:
        """Give what was logged since the last time."""
        taken, self.errors = self.errors, []
        return taken
