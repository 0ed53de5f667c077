"""Whatever is sent, the simulator answers, plays on, and holds a set that can be saved."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from conduit.live import Faults, LiveSet
from conduit.live.endpoints import ENDPOINTS
from conduit.live.osc import Message, encode
from conduit.live.simulator import from_json, to_json
from conduit.live.simulator.handlers import Handlers

ADDRESSES = sorted(ENDPOINTS)
VALUES = (
    st.integers(-3, 9)
    | st.sampled_from([2**31 - 1, -(2**31), 2**40, 127, 3e38, -3e38, float("nan"), float("inf"), 1e-30])
    | st.floats(-20, 40, width=32)
    | st.booleans()
    | st.none()
    | st.sampled_from(["", "*", "Operator", "Main", "a" * 300])
)
LETTERS = {
    "i": st.integers(-1, 4) | st.sampled_from([127, 2**31 - 1, 2**40]),
    "f": st.floats(0, 12, width=32) | st.sampled_from([-1.0, 3e38, -3e38, 1e-30]),
    "b": st.booleans(),
    "s": st.sampled_from(["x", "Reverb", "Operator", "Main"]),
}


@st.composite
def fitting(draw):
    """A message as the table wants it, to things that are likely there."""
    endpoint = ENDPOINTS[draw(st.sampled_from(ADDRESSES))]
    letters = "i" * endpoint.ids + "".join(letter for letter in endpoint.takes if letter in LETTERS)
    return Message(endpoint.address, tuple(draw(LETTERS[letter]) for letter in letters))


ANY = st.builds(
    lambda address, args: Message(address, tuple(args)),
    st.sampled_from([*ADDRESSES, "/live/*/get/*", "/live/song/set/*", "/live/clip/*", "/nix"]),
    st.lists(VALUES, max_size=9),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(fitting() | ANY, st.floats(0, 5)), max_size=25))
def test_whatever_is_sent_it_answers_plays_on_and_can_be_saved(sent):
    handlers = Handlers(LiveSet())
    live_set = handlers.live_set
    live_set.faults = Faults(fork=True)
    for scene in (0, 1):
        live_set.create_clip(0, scene, 4.0)
    now_s = 0.0
    for message, pause_s in sent:
        replies = handlers.handle(message).replies
        now_s += pause_s
        live_set.advance(now_s)
        for reply in (*replies, *handlers.listeners.updates()):
            try:
                encode(reply.address, *reply.args)
            except ValueError as error:
                assert "does not fit" in str(error)  # noqa: PT017  the server says so in its place

    assert to_json(from_json(to_json(live_set))) == to_json(live_set)
