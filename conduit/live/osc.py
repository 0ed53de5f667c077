"""Open Sound Control messages: values to bytes and back.

Only what AbletonOSC speaks: integers, floats, strings, booleans and nil, one message a datagram. Floats are
32 bits wide on the wire. Source: OSC 1.0 specification; the primitives are python-osc's.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from pythonosc.parsing import osc_types

__all__ = ["MAX_DATAGRAM_BYTES", "Message", "Value", "decode", "encode", "plain", "type_tags"]

Value = int | float | str | bool | None
"""What an OSC argument can be here."""

MAX_DATAGRAM_BYTES = 65_507
"""The largest UDP datagram over IPv4."""

_MAX_FLOAT32 = float(np.finfo(np.float32).max)
_INT32 = range(-(2**31), 2**31)
_INT64 = range(-(2**63), 2**63)

_WRITERS: dict[str, Callable[[Any], bytes]] = {
    "i": osc_types.write_int,
    "h": osc_types.write_int64,
    "f": osc_types.write_float,
    "s": osc_types.write_string,
}
_READERS: dict[str, Callable[[bytes, int], tuple[Any, int]]] = {
    "i": osc_types.get_int,
    "h": osc_types.get_int64,
    "f": osc_types.get_float,
    "d": osc_types.get_double,
    "s": osc_types.get_string,
}
_CONSTANTS: dict[str, bool | None] = {"T": True, "F": False, "N": None}


@dataclass(frozen=True, slots=True)
class Message:
    """One OSC message.

    Attributes:
        address: Such as ``/live/song/get/tempo``.
        args: Its arguments in order.
    """

    address: str
    args: tuple[Value, ...] = ()

    @property
    def tags(self) -> str:
        """The OSC type tags of the arguments, with their comma."""
        return "," + type_tags(self.args)


def plain(value: object) -> Value:
    """Give a value as the plain Python value that goes on the wire; numpy's scalars become Python's.

    Raises:
        TypeError: OSC has no form for it here.
        ValueError: It is of a right type but does not fit: not finite, too large, or text with a null.
    """
    if isinstance(value, np.generic):
        value = value.item()
    match value:
        case bool() | None:
            return value
        case int():
            if value not in _INT64:
                raise ValueError(f"{value} does not fit OSC's 64-bit integer")
            return int(value)
        case float():
            if not (math.isfinite(value) and abs(value) <= _MAX_FLOAT32):
                raise ValueError(
                    f"{value!r} does not fit OSC's 32-bit float: send a finite number up to 3.4e38"
                )
            return float(value)
        case str():
            return _text(value)
    raise TypeError(f"{value!r} is a {type(value).__name__}; OSC takes int, float, bool, str or None")


def _text(value: str) -> str:
    if "\0" in value:
        raise ValueError(f"{value!r} holds a null character, which ends an OSC string: remove it")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"{value!r} cannot be written as UTF-8: {error.reason}") from error
    return str(value)


def type_tags(args: tuple[Value, ...]) -> str:
    """Give the OSC type tags of plain values.

    >>> type_tags((60, 0.5, True, None, "a", 2**40))
    'ifTNsh'
    """
    return "".join(map(_tag, args))


def _tag(value: Value) -> str:
    match value:
        case None:
            return "N"
        case bool():
            return "T" if value else "F"
        case int():
            return "i" if value in _INT32 else "h"
        case float():
            return "f"
        case str():
            return "s"


def encode(address: str, *args: object) -> bytes:
    r"""Write one message.

    Raises:
        TypeError: An argument has no OSC form here.
        ValueError: The address does not start with a slash, or an argument does not fit.

    >>> encode("/a", 1)
    b'/a\x00\x00,i\x00\x00\x00\x00\x00\x01'
    """
    if not address.startswith("/"):
        raise ValueError(f"{address!r} is not an OSC address: it starts with a slash")
    values = tuple(plain(arg) for arg in args)
    tags = type_tags(values)
    parts = [osc_types.write_string(_text(address)), osc_types.write_string(f",{tags}")]
    parts += [_WRITERS[tag](value) for tag, value in zip(tags, values, strict=True) if tag not in _CONSTANTS]
    return b"".join(parts)


def decode(data: bytes) -> Message:
    """Read one message.

    Raises:
        ValueError: The bytes are not one whole message of the types above; bundles are not read.
    """
    if not data.startswith(b"/"):
        raise ValueError(
            f"a datagram of {len(data)} bytes is not an OSC message: it does not start with a slash"
        )
    try:
        return _decode(data)
    except (osc_types.ParseError, UnicodeDecodeError) as error:
        raise ValueError(f"a datagram of {len(data)} bytes is not an OSC message: {error}") from error


def _decode(data: bytes) -> Message:
    address, at = osc_types.get_string(data, 0)
    if at == len(data):  # old senders leave the tags out when there are no arguments
        return Message(address)
    tags, at = osc_types.get_string(data, at)
    if not tags.startswith(","):
        raise osc_types.ParseError(f"its type tags {tags!r} do not start with a comma")
    args: list[Value] = []
    for tag in tags[1:]:
        if tag in _CONSTANTS:
            args.append(_CONSTANTS[tag])
        elif tag in _READERS:
            value, at = _READERS[tag](data, at)
            args.append(value)
        else:
            raise osc_types.ParseError(f"its type tag {tag!r} is unknown")
    if at > len(data):  # python-osc fills up a float that was cut off
        raise osc_types.ParseError("it is cut off")
    return Message(address, tuple(args))
