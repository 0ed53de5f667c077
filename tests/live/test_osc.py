from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit.live.osc import Message, decode, encode

# The two worked examples of the OSC 1.0 specification.
FREQUENCY = bytes.fromhex("2f6f7363696c6c61746f722f342f6672657175656e6379002c66000043dc0000")
FOO = bytes.fromhex("2f666f6f000000002c69697366660000000003e8ffffffff68656c6c6f0000003f9df3b640b5b22d")

TEXTS = st.text(st.characters(exclude_characters="\0", codec="utf-8"))
VALUES = st.one_of(
    st.integers(-(2**63), 2**63 - 1), st.floats(width=32, allow_nan=False, allow_infinity=False),
    TEXTS, st.booleans(), st.none(),
)  # fmt: skip


def test_the_bytes_are_those_of_the_specification():
    assert encode("/oscillator/4/frequency", 440.0) == FREQUENCY
    assert encode("/foo", 1000, -1, "hello", 1.234, 5.678) == FOO


def test_the_specifications_bytes_are_read():
    assert decode(FREQUENCY) == Message("/oscillator/4/frequency", (440.0,))
    assert decode(FOO).args[:3] == (1000, -1, "hello")


@given(st.lists(VALUES))
def test_what_is_written_is_read_back_with_its_types(values):
    message = decode(encode("/live/any", *values))

    assert message == Message("/live/any", tuple(values))
    assert [type(arg) for arg in message.args] == [type(value) for value in values]


@pytest.mark.parametrize("end", range(len(FOO)))
def test_a_message_that_is_cut_anywhere_is_refused(end):
    if end == 8:  # old senders leave the type tags out, so an address alone is a message
        assert decode(FOO[:end]) == Message("/foo")
        return
    with pytest.raises(ValueError, match="not an OSC message"):
        decode(FOO[:end])


@pytest.mark.parametrize(
    ("value", "tag"),
    [(np.int64(60), ",i"), (np.uint8(60), ",i"), (np.float32(0.5), ",f"), (np.bool_(1), ",T"), (2**40, ",h")],
    ids=lambda value: type(value).__name__,
)
def test_numpys_scalars_go_out_as_plain_values(value, tag):
    message = decode(encode("/a", value))

    assert message.tags == tag
    assert message.args == (value,)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (math.nan, "finite"),
        (math.inf, "finite"),
        (1e39, "32-bit"),
        (2**63, "64-bit"),
        ("a\0b", "null"),
        ("\ud800", "UTF-8"),
    ],
    ids=["nan", "infinity", "too large a float", "too large an integer", "a null", "half a character"],
)
def test_a_value_that_does_not_fit_is_refused_with_the_reason(value, reason):
    with pytest.raises(ValueError, match=reason):
        encode("/a", value)


@pytest.mark.parametrize("value", [b"bytes", [1], object()], ids=["bytes", "list", "object"])
def test_a_value_without_an_osc_form_is_a_type_error(value):
    with pytest.raises(TypeError, match="OSC takes"):
        encode("/a", value)


@pytest.mark.parametrize(
    "data",
    [b"", b"#bundle\0", b"/a\0\0i\0\0\0", b"/a\0\0,q\0\0", b"/a\0\0,s\0\0\xff\0\0\0", b"\xff" * 9],
    ids=["empty", "bundle", "no comma", "unknown tag", "not UTF-8", "noise"],
)
def test_what_is_not_a_message_is_refused(data):
    with pytest.raises(ValueError, match="not an OSC message"):
        decode(data)


@given(st.binary(max_size=64))
def test_noise_is_a_message_or_a_value_error(data):
    try:
        decode(data)
    except ValueError:
        return
