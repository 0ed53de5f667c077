"""What a model can do with a Live set: read it, and ask. What it may not reach, it cannot."""

from __future__ import annotations

import asyncio
import json
import re

import pytest

from conduit.engine.plan import Status
from conduit.engine.plans import Plans
from conduit.engine.tool import Toolbox
from conduit.live import Faults
from conduit.live.endpoints import ENDPOINTS, NEVER, Kind
from conduit.live.simulator import to_json
from conduit.live.simulator.device_library import device
from conduit.messages import ToolCallPart
from conduit.music import Clip, Note, read_clip
from conduit.settings import Settings
from conduit.studio.live_desk import LiveDesk

CLIP = Clip.of([Note(36, i, 0.5) for i in range(4)], name="riff", instrument="bass")
WRITES = {Kind.SET, Kind.METHOD, Kind.CALL}
ALL = [
    {"what": "tempo", "value": 90},
    {"what": "tempo", "value": 90, "scene": 1},
    {"what": "metre", "value": "7/8"},
    {"what": "key", "value": "A minor"},
    {"what": "metronome", "value": True},
    {"what": "launch", "value": "1/4"},
    {"what": "colour", "value": "#ff3636", "track": 2},
    {"what": "mute", "value": True, "track": 2},
    {"what": "solo", "value": True, "track": 2},
    {"what": "arm", "value": True, "track": 2},
    {"what": "volume", "value": 0.5, "track": 2},
    {"what": "panning", "value": 0.5, "track": 2},
    {"what": "send", "value": 0.5, "track": 2, "send": 1},
    {"what": "parameter", "value": 0, "track": 1, "device": 1, "parameter": 1},
    {"what": "delete clip", "track": 1, "slot": 1},
    {"what": "new midi track", "value": "Lead"},
    {"what": "new audio track"},
    {"what": "new scene"},
    {"what": "load", "value": "Reverb", "track": 1, "kind": "audio_effect"},
    {"what": "name", "value": "Bass", "track": 2},
]


class Overheard:
    """Stands before a simulator's handlers and notes what is sent."""

    def __init__(self, simulator):
        self.handlers, self.messages = simulator.handlers, []
        simulator.handlers = self

    def handle(self, message):
        self.messages.append(message)
        return self.handlers.handle(message)

    def __getattr__(self, name):
        return getattr(self.handlers, name)

    @property
    def written(self):
        found = [(m.address, m.args) for m in self.messages if m.address in ENDPOINTS]
        return [(address, args) for address, args in found if ENDPOINTS[address].kind in WRITES]


@pytest.fixture
def desk():
    """Run a journey of a toolbox, its plans and a simulated set with a device, and a clip in the first slot."""

    def run(journey, *, latest=CLIP):
        async def there_and_back():
            plans = Plans(clock=lambda: 0.0)
            found = LiveDesk(plans, settings=Settings(live="simulated"))
            try:
                link = await found.link()
                simulator = found._simulator
                simulator.faults = Faults(fork=True)
                simulator.live_set.tracks[0].devices = [device("Operator")]
                await link.write_slot(1, 1, CLIP)
                box = Toolbox(found.tools(lambda: latest), plans=plans)

                async def call(name, **arguments):
                    part = ToolCallPart(id="1", name=name, arguments=json.dumps(arguments))
                    return await box.execute(part)

                return await journey(call, plans, simulator)
            finally:
                await found.close()

        return asyncio.run(there_and_back())

    return run


def test_asking_changes_nothing_and_makes_one_plan_by_a_model(desk):
    async def journey(call, plans, simulator):
        before = to_json(simulator.live_set)
        outcome = await call("change_set", changes=ALL)
        return outcome, plans.get(outcome.plan_id), before == to_json(simulator.live_set)

    outcome, plan, same = desk(journey)

    assert outcome.result.text.startswith("plan P1 is pending")
    assert "A person decides" in outcome.result.text
    assert (plan.by, plan.status, same) == ("model", Status.PENDING, True)


def test_a_clip_is_pushed_as_a_plan(desk):
    async def journey(call, plans, simulator):
        outcome = await call("push_clip", track=2)
        await plans.approve(outcome.plan_id)
        return simulator.live_set.slot(1, 0).clip.get("name")

    assert desk(journey) == "riff"


def test_without_a_clip_there_is_nothing_to_push(desk):
    async def journey(call, _plans, _simulator):
        return (await call("push_clip", track=2)).result

    result = desk(journey, latest=None)

    assert (result.is_error, result.text) == (True, "there is no clip to push yet; write one first")


def test_the_set_is_read_in_few_words(desk):
    async def journey(call, _plans, _simulator):
        return (await call("read_set")).result.text

    assert desk(journey).splitlines() == [
        "120 bpm, 4/4, C major, stopped, 8 scenes",
        "track 1 '1-MIDI' (MIDI: Operator): slot 1 'riff' 1 bar",
        "track 2 '2-MIDI' (MIDI: no instrument): no clips",
        "tracks 3-4 (audio), empty: '3-Audio', '4-Audio'",
    ]


def test_a_clip_is_read_in_the_notation_in_which_clips_are_written(desk):
    async def journey(call, _plans, _simulator):
        return (await call("read_clip", track=1, slot=1)).result.text

    assert read_clip(desk(journey)).notes == CLIP.notes


def test_a_device_is_read_with_its_ranges(desk):
    async def journey(call, _plans, _simulator):
        return (await call("read_device", track=1)).result.text

    lines = desk(journey).splitlines()

    assert lines[0] == "track 1, device 1: 'Operator' (Operator)"
    assert lines[1] == "1 'Device On': 1 (On), 0 to 1, whole"
    assert all(re.fullmatch(r"\d+ '.+': .+ \(.*\), .+ to .+", line) for line in lines[1:])


def test_the_browser_is_searched_by_name(desk):
    async def journey(call, _plans, _simulator):
        return [(await call("search_browser", text=text)).result.text for text in ("reverb", "nonesuch")]

    found, nothing = desk(journey)

    assert "Reverb" in found.splitlines()
    assert nothing == "nothing of that name"


@pytest.mark.parametrize(
    ("name", "arguments", "reason"),
    [
        ("read_clip", {"track": 1, "slot": 2}, "is empty"),
        ("read_device", {"track": 2}, "there is no device 1 on track 2"),
        ("change_set", {"changes": []}, "at least 1"),
        ("change_set", {"changes": [{"what": "record", "value": True}]}, "no plan can change 'record'"),
        ("change_set", {"changes": [{"what": "mute", "track": 0}]}, "greater than or equal to 1"),
        ("push_clip", {"track": 9}, "no track 9"),
    ],
)
def test_what_cannot_be_is_said_to_the_model(desk, name, arguments, reason):
    async def journey(call, _plans, _simulator):
        return (await call(name, **arguments)).result

    result = desk(journey)

    assert result.is_error
    assert reason in result.text


ALLOWED = re.compile(
    r"""/live/(
      clip_slot/(create_clip|delete_clip)
    | clip/(add/notes|set/\w+)
    | song/(create_(midi_track|audio_track|scene)|delete_(track|scene))
    | song/set/(tempo|signature_\w+|root_note|scale_name|metronome|clip_trigger_quantization)
    | track/(delete_device|set/(name|color|mute|solo|arm|volume|panning|send))
    | scene/set/(name|tempo|tempo_enabled)
    | device/set/parameter/value
    | browser/load_\w+
    | view/set/selected_track
    )""",
    re.VERBOSE,
)


def test_everything_a_model_can_ask_for_sends_only_what_is_allowed_and_deletes_no_track_of_the_user(desk):
    async def journey(call, plans, simulator):
        overheard = Overheard(simulator)
        for tool, arguments in (
            ("read_set", {}),
            ("read_clip", {"track": 1, "slot": 1}),
            ("read_device", {"track": 1}),
            ("search_browser", {"text": "reverb"}),
        ):
            await call(tool, **arguments)
        read = list(overheard.written)
        for tool, arguments in (("change_set", {"changes": ALL}), ("push_clip", {"track": 2})):
            await plans.approve((await call(tool, **arguments)).plan_id)
        while plans.last_undoable:
            await plans.undo()
        return read, overheard.written

    read, written = desk(journey)

    assert read == []
    assert [address for address, _ in written if not ALLOWED.fullmatch(address)] == []
    assert {args[0] for address, args in written if address == "/live/song/delete_track"} == {4, 5}
    assert {args[0] for address, args in written if address == "/live/song/delete_scene"} == {8}
    assert not {address for address, _ in written} & set(NEVER)


@pytest.mark.parametrize("address", sorted(NEVER))
def test_what_is_never_done_is_never_sent(desk, address):
    async def journey(_call, _plans, simulator):
        overheard = Overheard(simulator)
        from conduit.live import LiveLink  # noqa: PLC0415

        async with LiveLink(port=simulator.port, reply_port=0) as link:
            for send in (link.tell, link.ask, link.call):
                with pytest.raises(ValueError, match="is never sent"):
                    await send(address)
        return [message.address for message in overheard.messages]

    assert address not in desk(journey)
