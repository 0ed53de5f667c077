import asyncio
from functools import partial

from engine.turns import by_hand, calls, kinds, pass_time, tool_of, turn
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conduit.clients import ScriptedClient
from conduit.clients.anthropic import MessagesAdapter
from conduit.clients.ollama_adapter import OllamaAdapter
from conduit.clients.openai import ChatAdapter
from conduit.clients.responses import ResponsesAdapter
from conduit.engine.control import Control
from conduit.engine.events import Advanced, Paused
from conduit.engine.limits import Limits
from conduit.errors import ErrorKind, ProviderError
from conduit.messages import Conversation, Request, UserMessage

BROKEN = ProviderError("gone", kind=ErrorKind.NETWORK, provider="scripted")
MADE = {"calls": calls("do", "nobody", "fail"), "words": "some words, in pieces", "broken": BROKEN}
REPLIES = st.lists(st.sampled_from([*MADE]), min_size=1, max_size=6)
# Their strict payloads refuse what their servers would.
ADAPTERS = [
    MessagesAdapter("anthropic", caches=True),
    ChatAdapter("openai", newest=True),
    OllamaAdapter("ollama"),
    ResponsesAdapter("openai"),
]
ACTS = ["pause", "resume", "steer", "abort", "cancel", "time"]


async def echo(arguments):
    return arguments.word


async def fail(_):
    raise ValueError("no")


def act(what, control, task):
    deeds = {
        "cancel": task.cancel,
        "time": partial(pass_time, 61),
        "steer": (lambda: None) if control.over else partial(control.steer, "darker"),
        "pause": control.pause,
        "resume": control.resume,
        "abort": control.abort,
    }
    deeds[what]()


async def disturbed(replies, acts, *, steps, events, control):
    """Run a turn and do what is to be done to it when its n-th event is told."""

    def on(event):
        if len(events) - 1 in acts:
            act(acts[len(events) - 1], control, task)
        if isinstance(event, Paused):
            control.resume()

    task = asyncio.ensure_future(
        turn(
            ScriptedClient([MADE[reply] for reply in replies], piece=4),
            *(tool_of(echo), tool_of(fail, name="fail")),
            events=events,
            control=control,
            on=on,
            limits=Limits(steps=steps, wall_s=60),
        )
    )
    await asyncio.wait([task])
    assert task.cancelled() or isinstance(task.exception(), ProviderError | None)


@given(
    replies=REPLIES,
    acts=st.dictionaries(st.integers(0, 60), st.sampled_from(ACTS), max_size=6),
    steps=st.integers(1, 8),
)
@example(replies=["calls"], acts={0: "steer"}, steps=1)  # heard only when the limit had ended the turn
@settings(max_examples=150, deadline=None)
def test_whatever_is_done_to_a_turn_it_ends_once_and_every_provider_takes_what_is_left(replies, acts, steps):
    events, control = [], Control()

    by_hand(disturbed(replies, acts, steps=steps, events=events, control=control))

    talk = events[-1].conversation
    told = [event.conversation for event in events if isinstance(event, Advanced)]
    assert kinds(events).count("End") == 1
    assert told == [talk.at(depth) for depth in range(2, len(talk) + 1)]
    assert control.waiting == ()
    assert Conversation.from_json(talk.to_json()) == talk
    asked = Request(model="m", messages=talk.add(UserMessage.of("and now?")).messages)
    for adapter in ADAPTERS:
        adapter.encode(asked, stream=True)
