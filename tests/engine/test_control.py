import asyncio

import pytest
from engine.turns import (
    ASKED,
    HandLoop,
    Stubborn,
    alone,
    by_hand,
    calls,
    engine,
    kinds,
    pass_time,
    results,
    tool_of,
    turn,
)

from conduit.clients import ScriptedClient
from conduit.engine.control import Control
from conduit.engine.events import Paused, Resumed, Steered
from conduit.engine.limits import Limits, Reason
from conduit.engine.machine import End
from conduit.errors import ConversationError, SetupError
from conduit.messages import UserMessage

DARKER = UserMessage.of("darker")
SCRIPT = [calls("do", "do"), "here you are"]


async def echo(arguments):
    return arguments.word


ECHO = tool_of(echo)


def whole_turn():
    """Give the kinds of the events of a turn that nobody disturbs."""
    events = []
    asyncio.run(turn(SCRIPT, ECHO, events=events))
    return kinds(events)[:-1]


PLACES = range(len(whole_turn()))


def disturbed(act, *, at, script=(*SCRIPT, "more", "more"), **options):
    """Run a turn; when its n-th event is told, ``act`` is called with the control. Give events, end and client."""
    events, control, client = [], Control(), ScriptedClient(script)

    def on(_):
        if len(events) == at + 1:
            act(control)

    end = by_hand(turn(client, ECHO, events=events, control=control, on=on, **options))
    return events, end, client


@pytest.mark.parametrize("place", PLACES)
def test_an_abort_ends_the_turn_wherever_it_is_with_what_came(place):
    events, end, _ = disturbed(Control.abort, at=place)

    assert end.reason is Reason.ABORTED
    assert kinds(events).count("End") == 1
    assert events[-1] is end
    assert not end.conversation.open_calls
    assert end.conversation.at(1) == ASKED


@pytest.mark.parametrize("place", PLACES)
def test_nothing_new_begins_after_an_abort(place):
    events, _, _ = disturbed(Control.abort, at=place)

    assert set(kinds(events[place + 1 :])) <= {"Advanced", "End", "ToolStarted", "ToolFinished", "Steered"}
    assert kinds(events[place + 1 :]).count("ToolStarted") <= 1  # of the same message, begun together


@pytest.mark.parametrize("place", PLACES)
def test_a_message_is_seen_at_the_next_step_wherever_it_was_added(place):
    events, end, client = disturbed(lambda control: control.steer("darker"), at=place)

    assert events.count(Steered(DARKER)) == 1
    assert DARKER in client.requests[-1].messages
    assert end.reason is Reason.DONE
    assert end.conversation.tail.role == "assistant"


@pytest.mark.parametrize("place", PLACES)
def test_a_pause_holds_before_the_next_step_wherever_it_was_asked_for(place):
    events = []

    async def main():
        control, held = Control(), asyncio.Event()

        def on(event):
            if len(events) == place + 1:
                control.pause()
            if isinstance(event, Paused | End):
                held.set()

        task = asyncio.ensure_future(turn(SCRIPT, ECHO, events=events, control=control, on=on))
        await held.wait()
        before = len(events)
        for _ in range(50):
            await asyncio.sleep(0)
        still = len(events) == before
        control.resume()
        return await task, still

    end, still = asyncio.run(alone(main()))

    assert still
    assert end.reason is Reason.DONE
    last_step = kinds(events)[: place + 1].count("PartStart") == 3  # two calls, one answer
    # Where no step is left, there is nothing to hold.
    assert events.count(Paused()) == events.count(Resumed()) == (0 if last_step else 1)


def test_a_turn_that_is_paused_before_it_begins_does_nothing():
    async def main():
        client, control = ScriptedClient(["hello"]), Control()
        control.pause()
        held = asyncio.Event()
        task = asyncio.ensure_future(turn(client, control=control, on=lambda _: held.set()))
        await held.wait()
        asked = len(client.requests)
        control.resume()
        await task
        return asked, len(client.requests)

    assert asyncio.run(alone(main())) == (0, 1)


def test_what_is_added_in_a_pause_is_seen_when_the_turn_goes_on():
    async def main():
        client, control = ScriptedClient(SCRIPT), Control()

        def on(event):
            if isinstance(event, Paused):
                control.steer("darker")
                control.steer("and slower")
                control.resume()
            elif kinds([event]) == ["ToolFinished"]:
                control.pause()

        end = await turn(client, ECHO, control=control, on=on)
        return end, client.requests

    end, requests = asyncio.run(alone(main()))

    assert [message.role for message in end.conversation.messages] == [
        *("user", "assistant", "tool", "tool", "user", "user", "assistant")
    ]
    assert [message.text for message in requests[1].messages[-2:]] == ["darker", "and slower"]


def test_an_abort_ends_a_pause():
    def on_paused(control):
        return lambda event: control.abort() if isinstance(event, Paused) else None

    control = Control()
    control.pause()

    end = asyncio.run(alone(turn(["hello"], control=control, on=on_paused(control))))

    assert (end.reason, end.conversation) == (Reason.ABORTED, ASKED)


def test_an_abort_and_a_resume_at_once_are_an_abort():
    def both(control):
        control.resume()
        control.abort()

    control = Control()
    control.pause()
    on = lambda event: both(control) if isinstance(event, Paused) else None  # noqa: E731

    end = by_hand(turn(["hello"], control=control, on=on, limits=Limits(wall_s=60)))

    assert end.reason is Reason.ABORTED


def test_a_turn_that_was_aborted_before_it_began_asks_nobody():
    client, control = ScriptedClient(["hello"]), Control()
    control.abort()

    end = asyncio.run(turn(client, control=control))

    assert (end.reason, client.requests) == (Reason.ABORTED, [])


def test_an_abort_in_mid_answer_keeps_the_words_and_closes_the_stream():
    client = ScriptedClient(["one two three four"], piece=4, stall_after=3)

    async def main():
        control, events = Control(), []
        there = asyncio.Event()
        on = lambda _: there.set() if len(events) == 3 else None  # noqa: E731
        task = asyncio.ensure_future(turn(client, events=events, control=control, on=on))
        await there.wait()
        control.abort()
        return await task

    end = asyncio.run(alone(main()))

    assert (end.reason, end.conversation.text, client.closed) == (Reason.ABORTED, "one two ", 1)


def test_an_abort_stops_a_tool_and_keeps_its_siblings_result():
    async def main():
        control = Control()

        async def one_waits(arguments):
            if arguments.word == "1":
                await asyncio.Event().wait()
            return "came"

        on = lambda event: control.abort() if kinds([event]) == ["ToolFinished"] else None  # noqa: E731
        return await turn([calls("do", "do")], tool_of(one_waits), control=control, on=on)

    end = asyncio.run(alone(main()))

    assert end.reason is Reason.ABORTED
    assert results(end) == ["came", "result unavailable: the turn was stopped before the tool had answered"]


def test_the_end_of_the_time_keeps_the_words_in_mid_answer():
    client = ScriptedClient(["one two three four"], piece=4, stall_after=3)
    events = []
    on = lambda _: pass_time(61) if len(events) == 3 else None  # noqa: E731

    end = by_hand(turn(client, events=events, on=on, limits=Limits(wall_s=60)))

    assert (end.reason, end.conversation.text, client.closed) == (Reason.TIME_LIMIT, "one two ", 1)
    assert kinds(events)[-2:] == ["Advanced", "End"]


def test_the_end_of_the_time_stops_a_tool():
    async def late(_):
        pass_time(61)
        await asyncio.Event().wait()

    end = by_hand(turn([calls("do")], tool_of(late, timeout_s=1000), limits=Limits(wall_s=60)))

    assert end.reason is Reason.TIME_LIMIT
    assert results(end) == ["result unavailable: the turn was stopped before the tool had answered"]


def test_an_answer_that_was_whole_when_the_time_ended_is_done():
    on = lambda event: pass_time(61) if kinds([event]) == ["MessageEnd"] else None  # noqa: E731

    end = by_hand(turn(["hello"], on=on, limits=Limits(wall_s=60)))

    assert (end.reason, end.conversation.text) == (Reason.DONE, "hello")


def test_the_time_stands_still_in_a_pause():
    control = Control()
    control.pause()

    def on(event):
        if isinstance(event, Paused):
            pass_time(1000)
            control.resume()

    end = by_hand(turn(["hello"], control=control, on=on, limits=Limits(wall_s=60)))

    assert end.reason is Reason.DONE


def test_the_time_goes_on_where_it_stood_after_a_pause():
    control = Control()
    control.pause()
    events = []

    def on(event):
        if isinstance(event, Paused):
            pass_time(1000)
            control.resume()
        elif len(events) == 4:
            pass_time(61)

    client = ScriptedClient(["hello"], stall_after=2)
    end = by_hand(turn(client, events=events, control=control, on=on, limits=Limits(wall_s=60)))

    assert end.reason is Reason.TIME_LIMIT


def test_what_was_added_too_late_to_be_seen_is_kept():
    def late(control):
        control.steer("darker")
        control.abort()

    events, end, _ = disturbed(late, at=1, script=SCRIPT)

    assert end.conversation.tail == DARKER
    assert kinds(events)[-3:] == ["Steered", "Advanced", "End"]


def test_what_was_added_in_the_last_step_that_is_allowed_is_kept():
    _, end, client = disturbed(lambda c: c.steer("darker"), at=1, script=["hi"], limits=Limits(steps=1))

    assert (end.reason, end.conversation.tail) == (Reason.STEP_LIMIT, DARKER)
    assert len(client.requests) == 1


def test_nothing_can_be_added_to_a_turn_that_is_over():
    control = Control()
    asyncio.run(turn(["hello"], control=control))

    with pytest.raises(ConversationError, match="ask it as the next question"):
        control.steer("darker")


def test_an_abort_of_a_turn_that_is_over_does_nothing():
    control = Control()
    asyncio.run(turn(["hello"], control=control))

    control.abort()

    assert not control.aborted


def test_a_control_belongs_to_one_turn():
    control = Control()
    asyncio.run(turn(["hello"], control=control))

    with pytest.raises(SetupError, match="make another"):
        asyncio.run(turn(["hello"], control=control))


def test_a_second_turn_that_is_refused_a_control_leaves_the_first_alone():
    async def main():
        control, refused = Control(), []

        def on(event):
            if isinstance(event, Paused):
                control.steer("darker")
                refused.append(asyncio.ensure_future(turn(["other"], control=control)))
                refused[0].add_done_callback(lambda _: control.resume())

        control.pause()
        end = await turn(["hello"], control=control, on=on)
        return end, refused[0].exception()

    end, error = asyncio.run(alone(main()))

    assert isinstance(error, SetupError)
    assert (end.reason, end.conversation.messages[1]) == (Reason.DONE, DARKER)


def test_a_cancellation_from_outside_is_no_abort():
    async def main():
        control, events = Control(), []
        there = asyncio.Event()
        client = ScriptedClient(["one two"], stall_after=1)
        task = asyncio.ensure_future(turn(client, events=events, control=control, on=lambda _: there.set()))
        await there.wait()
        control.abort()
        task.cancel()
        await asyncio.wait([task])
        return task.cancelled(), events[-1].reason

    assert asyncio.run(alone(main())) == (True, Reason.INTERRUPTED)


class Failing:
    """A client whose stream fails in its own way when it is closed."""

    provider = "failing"
    models = ("script",)
    streams_tool_arguments = True

    async def stream(self, request):
        try:
            async for event in ScriptedClient(["one two"], stall_after=1).stream(request):
                yield event
        finally:
            raise OSError("cannot even close")


def test_an_abort_is_an_abort_whatever_closing_the_stream_raises():
    control = Control()

    end = by_hand(turn(Failing(), control=control, on=lambda _: control.abort()))

    assert end.reason is Reason.ABORTED


def test_the_loop_of_these_tests_moves_its_clock_by_hand():
    async def main():
        loop = asyncio.get_running_loop()
        before = loop.time()
        pass_time(100)
        return loop.time() - before, engine([])

    with asyncio.Runner(loop_factory=HandLoop) as runner:
        assert runner.run(main())[0] >= 100


@pytest.mark.parametrize("stop", ["abort", "cancel", "time"])
def test_a_turn_ends_also_where_a_tool_will_not(stop):
    events = []

    async def main():
        control, stubborn = Control(), Stubborn()
        tool = tool_of(stubborn, timeout_s=1000)
        limits = Limits(wall_s=60)
        running = asyncio.ensure_future(
            turn([calls("do")], tool, events=events, control=control, limits=limits)
        )
        await stubborn.begun.wait()
        {"abort": control.abort, "cancel": running.cancel, "time": lambda: pass_time(61)}[stop]()
        await asyncio.wait([running])
        await stubborn.released()

    by_hand(main())

    assert events[-1].reason == {"abort": "aborted", "cancel": "interrupted", "time": "time_limit"}[stop]
    assert results(events[-1]) == ["result unavailable: the turn was stopped before the tool had answered"]


def test_an_abort_together_with_a_resume_still_leaves_at_once():
    async def main():
        control = Control()
        control.pause()

        def both():
            control.resume()
            control.abort()

        async with control.within(1000) as left:
            asyncio.get_running_loop().call_soon(both)
            await control.held(tell=lambda: None)
            await asyncio.wait_for(asyncio.Event().wait(), 5)
        return left.reason

    assert asyncio.run(main()) is Reason.ABORTED


def test_an_abort_in_the_moment_a_pause_ends_is_an_abort_also_without_a_time_limit():
    control = Control()
    control.pause()

    def on(event):
        if isinstance(event, Paused):
            control.resume()
        elif kinds([event]) == ["Resumed"]:
            control.abort()

    client = ScriptedClient(["hello"])
    end = by_hand(turn(client, control=control, on=on))

    assert (end.reason, client.requests) == (Reason.ABORTED, [])
