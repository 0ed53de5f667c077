"""What can go wrong between a link and Live, as switches of the simulator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from conduit.live.osc import MAX_DATAGRAM_BYTES

__all__ = ["Faults", "Undo"]

Undo = Literal["per message", "merged"]

_VERSIONS = (11, 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """How a simulated Live behaves on the wire. Without arguments: at once, and nothing is lost.

    Attributes:
        tick_s: Seconds between two looks at the socket; about 0.1 in Live. 0 answers at once.
        paused: Whether nothing is read, as while a menu or a dialog is open in Live. What waits is
            answered in a burst afterwards, as far as the receive buffer held it.
        reply_loss: Share of what is sent to the link that gets lost, 0-1.
        message_loss: Share of what the link sends that gets lost, 0-1.
        seed: Which ones get lost; the same seed loses the same ones.
        reply_limit: The largest answer in bytes that can be sent; 9216 on macOS.
        receive_buffer: Bytes the system keeps for messages that wait (SO_RCVBUF; Linux sets twice as much
            and counts its own overhead); 0 leaves it as it is.
        version: Live's major version.
        fork: Whether it is the fork of smithclay: its addresses exist, and answers go to the port that a
            message came from.
        undo: Whether Live takes each message for a step of its own, or all since the last undo for one.
            Which it does is not known, and may differ.

    Raises:
        ValueError: A value is outside its range.
    """

    tick_s: float = 0.0
    paused: bool = False
    reply_loss: float = 0.0
    message_loss: float = 0.0
    seed: int = 0
    reply_limit: int = MAX_DATAGRAM_BYTES
    receive_buffer: int = 0
    version: int = 12
    fork: bool = False
    undo: Undo = "per message"

    def __post_init__(self) -> None:
        if not 0 <= self.tick_s < float("inf"):
            raise ValueError(f"tick_s is {self.tick_s}: it is seconds, at least 0")
        for name in ("reply_loss", "message_loss"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} is {getattr(self, name)}: it is a share from 0 to 1")
        if not 0 < self.reply_limit <= MAX_DATAGRAM_BYTES or self.receive_buffer < 0:
            raise ValueError(
                f"reply_limit is {self.reply_limit} and receive_buffer {self.receive_buffer} bytes: "
                f"an answer has 1-{MAX_DATAGRAM_BYTES}, a buffer at least 0"
            )
        if self.version not in _VERSIONS:
            raise ValueError(f"version is {self.version}: only Live 11 and 12 are simulated")
        if self.undo not in {"per message", "merged"}:
            raise ValueError(f"undo is {self.undo!r}: it is 'per message' or 'merged'")
