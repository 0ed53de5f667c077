"""Whatever happens to a plan, the set holds what it held before, or what the plan says, or it is told what is left.

Random plans of every kind, through ``Plans``, on a simulated Live over UDP; between making a plan and approving it
the user edits the set, time goes by, and Live refuses, loses answers or stops in a dialog.
"""

from __future__ import annotations

import asyncio
import random
import struct
from dataclasses import dataclass, field

import pytest

from conduit.engine.plan import Status
from conduit.engine.plans import LIFE_S, Plans
from conduit.errors import ApplyFailed, LinkError, PlanExpired, StateChanged
from conduit.live import (
    AddScene,
    AddTrack,
    Faults,
    LiveSet,
    LoadDevice,
    PutClip,
    RestoreSlot,
    Setting,
    SetValues,
    Several,
    start_simulated,
)
from conduit.live.endpoints import ENDPOINTS, ERROR, Kind
from conduit.live.osc import Message
from conduit.live.simulator import to_json
from conduit.live.simulator.device_library import device
from conduit.live.simulator.handlers import Outcome
from conduit.live.simulator.note_rows import LiveSetNote
from conduit.music import Clip, Note

N_STEPS = 7
N_MIDI = 2
N_SLOTS = 3
PATIENCE = {"timeout_s": 0.05, "busy_s": 0.1}
WRITES = {Kind.SET, Kind.METHOD, Kind.CALL}
REFUSED = Message(ERROR, ("Error handling OSC message: not today",))


def full_state(live_set):
    """Give all that is in a set, numbers as they come over the wire; what is selected does not count.

    The loop of a clip that does not loop is not shown by Live, so nobody can restore it. A colour's place in the
    palette follows from the colour.
    """
    state = to_json(live_set)
    del state["selected_track"], state["selected_scene"]
    for track in state["tracks"]:
        del track["selected_device"]
        track["values"].pop("color_index", None)
        track["values"].setdefault(
            "volume", 0.85
        )  # where it is not as in a fresh track, it came over the wire
        for slot in track["slots"]:
            if slot["clip"]:
                slot["clip"]["values"].pop("color_index", None)
            if slot["clip"] and not slot["clip"]["looping"]:
                del slot["clip"]["loop"]
    return plain(state)


def plain(value):
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return struct.unpack("f", struct.pack("f", value))[0] if isinstance(value, float) else value


def differences(one, other, place=""):
    """Say where two states differ; empty where they do not."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = sorted(one.keys() | other.keys())
        return [d for key in keys for d in differences(one.get(key), other.get(key), f"{place}.{key}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return [d for number, pair in pairs for d in differences(*pair, f"{place}.{number}")]
    return [] if one == other else [f"{place}: {one!r} instead of {other!r}"]


def clip_names(live_set):
    """Count the clips of the user's own by their names."""
    slots = [slot.clip for track in live_set.tracks for slot in track.clip_slots]
    return sorted(clip.get("name") for clip in slots if clip and clip.get("name").startswith("user"))


def filled_set(rng):
    """Give a set in which a user has been at work."""
    live_set = LiveSet(n_midi=N_MIDI, n_audio=1, n_scenes=N_SLOTS)
    for track in range(N_MIDI):
        if rng.random() < 0.5:
            live_set.tracks[track].set("name", f"Mine {track}")
        if rng.random() < 0.5:
            live_set.tracks[track].devices = [device("Operator")]
        for slot in range(N_SLOTS):
            if rng.random() < 0.5:
                user_clip(rng, live_set, track, slot)
    return live_set


def user_clip(rng, live_set, track, slot):
    live_set.create_clip(track, slot, 8.0)
    clip = live_set.slot(track, slot).clip
    clip.set("name", f"user {track} {slot} {rng.randrange(1000)}")
    clip.set("color", rng.randrange(0xFFFFFF))
    clip.set("launch_mode", rng.randrange(4))
    starts = [(rng.randrange(30, 60), rng.randrange(32) / 4) for _ in range(rng.randrange(1, 12))]
    clip.add_new_notes(LiveSetNote(pitch, start, 0.25, 90.5, mute=False) for pitch, start in starts)
    if rng.random() < 0.3:
        clip.set("loop_start", 2.0)
        clip.set("start_marker", 1.0)
    if rng.random() < 0.2:
        clip.set("looping", 0)


class Trouble:
    """Stands before a simulator's handlers and makes trouble at the n-th write from now on."""

    def __init__(self, simulator):
        self.simulator = simulator
        self.handlers = simulator.handlers
        self.calm()

    def calm(self):
        self.at, self.kind, self.count = 0, "", 0

    def brew(self, kind, *, at):
        self.kind, self.at, self.count = kind, at, 0

    def handle(self, message):
        endpoint = ENDPOINTS.get(message.address)
        if self.kind and endpoint and endpoint.kind in WRITES:
            self.count += 1
            if self.count == self.at or (self.count > self.at and self.kind == "refuse on"):
                if self.kind.startswith("refuse"):
                    return Outcome((REFUSED,), failed=True)
                self.simulator.faults = Faults(fork=True, paused=True)
        return self.handlers.handle(message)

    def __getattr__(self, name):
        return getattr(self.handlers, name)


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self):
        return self.now


@dataclass
class World:
    rng: random.Random
    link: object
    simulator: object
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self):
        self.plans = Plans(clock=self.clock)
        self.renamed = set()  # the tracks that the changes made last rename
        self.live_set = self.simulator.live_set
        self.trouble = self.simulator.handlers = Trouble(self.simulator)

    def clip(self):
        notes = [Note(self.rng.randrange(60, 80), i / 2, 0.5) for i in range(self.rng.randrange(1, 9))]
        return Clip.of(notes, name=f"ours {self.rng.randrange(1000)}")

    def slot(self):
        return self.rng.randrange(N_MIDI), self.rng.randrange(N_SLOTS)

    async def change(self):
        """Give a random change, and what it touches."""
        if self.rng.random() < 0.3:
            self.renamed.clear()
            found = [await self.simple() for _ in range(self.rng.randrange(2, 4))]
            kept, touched, renamed = [], set(), self.renamed
            for change, touches in found:
                by_name = (
                    "name",
                    next(iter(renamed), None),
                ) in touched | touches  # found by another name then
                if not {key for key in touches if key[0] != "name"} & touched and not by_name:
                    kept.append(change)
                    touched |= touches
            return Several(tuple(kept or [found[0][0]])), touched or found[0][1]
        return await self.simple()

    async def simple(self):
        makers = [self.put, self.delete, self.values, self.clip_values, self.parameter, self.add, self.load]
        while True:
            made = await self.rng.choice(makers)()
            if made is not None:
                return made

    async def put(self):
        track, slot = self.slot()
        change = await PutClip.plan(self.link, self.clip(), track=track + 1, slot=slot + 1)
        return change, {("slot", track, slot), ("notes", track, slot), ("name", track)}

    async def delete(self):
        track, slot = self.slot()
        if self.live_set.slot(track, slot).clip is None:
            return None
        change = await RestoreSlot.emptying(self.link, track=track + 1, slot=slot + 1)
        return change, {("slot", track, slot), ("notes", track, slot), ("name", track)}

    async def values(self):
        track = self.rng.randrange(N_MIDI)
        settings = {
            ("tempo",): Setting("song", (), "tempo", float(self.rng.randrange(60, 180))),
            ("key",): Setting("song", (), "root_note", self.rng.randrange(12)),
            ("volume", track): Setting("track", (track + 1,), "volume", self.rng.random()),
            ("mute", track): Setting("track", (track + 1,), "mute", self.rng.randrange(2)),
            ("colour", track): Setting("track", (track + 1,), "color", self.rng.randrange(0xFFFFFF)),
            ("send", track): Setting("send", (track + 1, 1), "level", self.rng.random()),
            ("scene",): Setting("scene", (1,), "tempo", float(self.rng.randrange(60, 180))),
            ("scene on",): Setting("scene", (1,), "tempo_enabled", 1),
            ("called", track): Setting("track", (track + 1,), "name", f"Ours {self.rng.randrange(100)}"),
        }
        chosen = self.rng.sample(list(settings), self.rng.randrange(1, 4))
        touches = {*chosen, *([("name", track)] if any(len(key) == 2 for key in chosen) else [])}
        if any(key[0] == "called" for key in chosen):
            self.renamed.add(track)
        return await SetValues.plan(self.link, [settings[key] for key in chosen]), touches

    async def clip_values(self):
        track, slot = self.slot()
        clip = self.live_set.slot(track, slot).clip
        if clip is None:
            return None
        place = (track + 1, slot + 1)
        start = float(self.rng.randrange(0, 20))
        names = {
            "loop": [
                Setting("clip", place, "loop_start", start),
                Setting("clip", place, "loop_end", start + 4),
            ],
            "name": [Setting("clip", place, "name", f"user {self.rng.randrange(100)}")],
            "looks": [Setting("clip", place, "color", self.rng.randrange(0xFFFFFF))],
        }
        chosen = [one for name in self.rng.sample(list(names), 2) for one in names[name]]
        return await SetValues.plan(self.link, chosen), {("slot", track, slot), ("name", track)}

    async def parameter(self):
        track = self.rng.randrange(N_MIDI)
        if not self.live_set.tracks[track].devices:
            return None
        setting = Setting("parameter", (track + 1, 1, 1), "value", float(self.rng.randrange(2)))
        return await SetValues.plan(self.link, [setting]), {("devices", track), ("name", track)}

    async def add(self):
        match self.rng.randrange(4):
            case 0:
                return AddScene(self.link, self.rng.choice(["", "Drop"])), {("scenes",)}
            case 1:
                return AddTrack.empty(self.link, name="", midi=self.rng.random() < 0.5), {("tracks",)}
            case _:
                name = self.rng.choice(["", "Lead"])
                made = await AddTrack.with_clip(self.link, self.clip(), name=name, slot=1)
                return made, {("tracks",)}

    async def load(self):
        track = self.rng.randrange(N_MIDI)
        kind, name = self.rng.choice([("audio_effect", "Reverb"), ("midi_effect", "Arpeggiator")])
        change = await LoadDevice.plan(self.link, track=track + 1, kind=kind, name=name)
        return change, {("devices", track), ("name", track)}

    def edit(self):
        """Let the user edit something; give what it touches, and what takes it back."""
        track, slot = self.slot()
        tracks = (
            self.live_set.tracks
        )  # what is on it is looked for anew each time: Live makes copies for its undo
        match self.rng.choice(["tempo", "name", "volume", "clip", "clip"]):
            case "tempo":
                tempo = self.live_set.get("tempo")
                self.live_set.set("tempo", 33.0)
                return {("tempo",)}, lambda: self.live_set.set("tempo", tempo)
            case "name":
                name = tracks[track].own_name
                tracks[track].set("name", "the user's")
                return {("name", track)}, lambda: self.live_set.tracks[track].set("name", name)
            case "volume":
                volume = tracks[track].get("volume")
                tracks[track].set("volume", 0.123)
                return {("volume", track)}, lambda: self.live_set.tracks[track].set("volume", volume)
            case _:
                return self.edit_slot(track, slot)

    def edit_slot(self, track, slot):
        there = self.live_set.slot(track, slot)
        if there.clip and self.rng.random() < 0.5:
            there.clip.add_new_notes([LiveSetNote(1, 0.125, 0.1, 64.0, mute=False)])
            back = lambda: self.live_set.slot(track, slot).clip.remove_notes(1, 1, 0.0, 1.0)  # noqa: E731
            return {("notes", track, slot)}, back
        before, there.clip = there.clip, None
        user_clip(self.rng, self.live_set, track, slot)

        def put_back():
            self.live_set.slot(track, slot).clip = before

        return {("notes", track, slot), ("slot", track, slot)}, put_back

    async def calm(self):
        """Let Live answer again, and do what still waits at its socket."""
        self.trouble.calm()
        self.simulator.faults = Faults(fork=True)
        for _ in range(3):
            await asyncio.sleep(0)
        await self.link.song()

    async def step(self):
        """Make a plan, let something happen, approve it, and look at what came of it."""
        change, touches = await self.change()
        before = full_state(self.live_set)
        plan = await self.plans.propose(change)
        assert change.lines
        assert full_state(self.live_set) == before
        match self.rng.choice(["nothing", "nothing", "edit", "late", "refuse", "refuse on", "pause", "loss"]):
            case "late":
                await self.expire(plan, before)
            case "edit":
                await self.edited(plan, touches)
            case trouble:
                await self.troubled(plan, before, trouble)

    async def expire(self, plan, before):
        self.clock.now += LIFE_S
        with pytest.raises(PlanExpired):
            await self.plans.approve(plan.id)
        assert full_state(self.live_set) == before

    async def edited(self, plan, touches):
        """A user's edit voids a plan that touches the same, and no other."""
        edits, back = self.edit()
        between = full_state(self.live_set)
        if edits & touches:
            with pytest.raises((StateChanged, LinkError)):
                await self.plans.approve(plan.id)
            assert full_state(self.live_set) == between
        else:
            await self.plans.approve(plan.id)
        back()

    async def troubled(self, plan, before, trouble):
        if trouble == "loss":
            self.simulator.faults = Faults(fork=True, reply_loss=0.1, seed=self.rng.randrange(1000))
        elif trouble != "nothing":
            self.trouble.brew(trouble, at=self.rng.randrange(1, 8))
        clips = clip_names(self.live_set)
        try:
            await self.plans.approve(plan.id)
        except (ApplyFailed, LinkError) as error:
            said = str(error)
            assert trouble != "nothing", said
            await self.calm()
            if self.plans.get(plan.id).status is Status.PARTIAL:
                assert "is left" in said
                await self.plans.undo(plan.id)
            assert differences(full_state(self.live_set), before) == [], (said, plan.title, trouble)
            assert clip_names(self.live_set) == clips
        await self.calm()

    async def undo_some(self):
        """Undo the last plan in trouble: it holds afterwards, or nothing was undone, or it can be tried again."""
        before = full_state(self.live_set)
        wanted = self.plans.last_undoable
        if wanted is None:
            return
        trouble = self.rng.choice(["nothing", "refuse", "refuse on", "pause"])
        if trouble != "nothing":
            self.trouble.brew(trouble, at=self.rng.randrange(1, 6))
        try:
            await self.plans.undo()
        except (ApplyFailed, LinkError):
            await self.calm()
            if self.plans.get(wanted).status is Status.APPLIED:
                assert differences(full_state(self.live_set), before) == []
        await self.calm()


async def journey(seed):
    rng = random.Random(seed)
    link, simulator = await start_simulated(filled_set(rng), faults=Faults(fork=True), **PATIENCE)
    async with link, simulator:
        world = World(rng, link, simulator)
        first = full_state(simulator.live_set)
        for _ in range(N_STEPS):
            await world.step()
            if rng.random() < 0.2:
                await world.undo_some()
        while world.plans.last_undoable is not None:
            await world.plans.undo()
        assert differences(full_state(simulator.live_set), first) == []


@pytest.mark.parametrize("seed", range(6))
def test_a_set_is_as_before_or_as_planned_or_it_is_told_what_is_left(seed):
    asyncio.run(journey(seed))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 300))
def test_in_the_long_run_a_set_is_as_before_or_as_planned_or_it_is_told_what_is_left(seed):
    asyncio.run(journey(seed))
