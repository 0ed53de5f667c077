"""What a reply says: which query it may answer, and what Live's errors and its silence mean. Values only."""

from __future__ import annotations

from conduit.errors import LinkError
from conduit.live.endpoints import ENDPOINTS
from conduit.live.osc import Message, Value

__all__ = ["BARRIER", "Key", "is_barrier", "key_of", "refused", "silence", "unknown"]

Key = tuple[str, tuple[Value, ...]]
"""An address and the ids that its reply echoes."""

BARRIER = "/live/song/get/is_playing"
"""A query that echoes any number sent with it."""

_BUSY = (
    "Is Live running with AbletonOSC as a control surface, and no menu or dialog open in it? "
    "Live answers nothing while one is."
)


def is_barrier(key: Key) -> bool:
    """Whether a query was sent for the number it echoes."""
    return key[0] == BARRIER and key[1] != ()


def key_of(message: Message) -> tuple[Key, tuple[Value, ...]]:
    """Give what a message may be the answer to, and the answer."""
    address, args = message.address, message.args
    if address == BARRIER:  # song getters echo what was sent after the value
        return (address, args[1:]), args[:1]
    ids = ENDPOINTS[address].ids if address in ENDPOINTS else 0
    return (address, args[:ids]), args[ids:]


def refused(address: str, errors: list[str], left: str = "") -> LinkError:
    """Give the error for what Live said no to, in Live's words; ``left`` says what was not sent any more."""
    said = "; ".join(error.partition("Error handling OSC message: ")[2] or error for error in errors)
    text = f"Live refused {address}: {said}{left}"
    if "Unknown OSC address" in said:
        text += ". Update AbletonOSC: this address is newer than the one installed"
    return LinkError(text, kind="refused", address=address)


def silence(address: str, *, wait_s: float, broken: str) -> LinkError:
    """Give the error for what got no answer within ``wait_s`` seconds, or only a ``broken`` one."""
    if broken:
        text = f"{address} got no answer that can be read: {broken}"
        return LinkError(text, kind="protocol", address=address)
    text = f"Live did not answer {address} within {wait_s:g} s. {_BUSY}"
    return LinkError(text, kind="no_reply", address=address)


def unknown(address: str, why: str, *, kind: str = "no_reply") -> LinkError:
    """Give the error for a write that may have been done or not."""
    return LinkError(f"It is not known whether {address} was done. {why}", kind=kind, address=address)
