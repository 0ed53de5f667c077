"""What a person does in Live while something is written: before, between and after any two datagrams."""

from __future__ import annotations

import pytest

from conduit.errors import LinkError
from conduit.live import AddTrack, Faults, LiveSet, PutClip
from conduit.live.simulator.note_rows import LiveSetNote
from conduit.music import Clip, Note

MINE = Clip.of([Note(45, start / 4, 0.25) for start in range(8)], name="mine", instrument="bass")
LONG = Clip.of([Note(45 + at % 40, at / 8, 0.1) for at in range(1_400)], name="mine", instrument="bass")


def set_of(*, named):
    """A set of three MIDI tracks; the scenes 1, 2 and 4 of each hold a person's clips, of a note each."""
    live = LiveSet(n_midi=3, n_audio=0)
    for index, track in enumerate(live.tracks):
        if named:
            track.set("name", f"T{index}")
        for scene in (0, 1, 3):
            live.create_clip(index, scene, 4.0)
            clip = track.clip_slots[scene].clip
            clip.set("name", f"USER {index} {scene}")
            clip.add_new_notes([LiveSetNote(100 + index * 10 + scene, 0.0, 1.0, 100.0, mute=False)])
    return live


def persons(live):
    """A person's clips, told by a note of theirs: what they are called, and all of their pitches."""
    found = {}
    for track in live.tracks:
        for slot in track.clip_slots:
            pitches = [note.pitch for note in slot.clip.notes] if slot.clip else []
            for own in [pitch for pitch in pitches if pitch >= 100]:
                found[f"USER {own // 10 - 10} {own % 10}"] = (slot.clip.get("name"), pitches)
    return found


def mine(live):
    """How many notes each clip holds that is not a person's."""
    clips = [slot.clip for track in live.tracks for slot in track.clip_slots if slot.clip]
    return [len(clip.notes) for clip in clips if all(note.pitch < 100 for note in clip.notes)]


def insert_track(live):
    live.create_midi_track(0)


def move_track(live):
    live.tracks.insert(0, live.tracks.pop())
    live.settle()


def insert_scene(live):
    live.create_scene(0)


def delete_scene(live):
    """Take away the first empty scene, so that what is below moves up and no clip of a person goes."""
    live.delete_scene(
        next(at for at in range(len(live.scenes)) if not any(t.clip_slots[at].clip for t in live.tracks))
    )


class Foreign:
    """Stands before a simulator's handlers; somebody else edits the set behind the message of a number."""

    def __init__(self, simulator, edit, at):
        self.handlers, self.live_set = simulator.handlers, simulator.live_set
        self.edit, self.at, self.count = edit, at, 0

    def handle(self, message):
        outcome = self.handlers.handle(message)
        self.count += 1
        if self.count == self.at:
            self.edit(self.live_set)
        return outcome


async def put(link):
    await link.write_slot(2, 3, MINE)


async def put_long(link):
    await link.write_slot(2, 3, LONG)


async def clear(link):
    await link.clear_slot(2, 2)


async def delete_track(link):
    await link.delete_track(2)


async def push(link):
    plan = await PutClip.plan(link, MINE, track=2, slot=3)
    return plan.apply


async def replace(link):
    plan = await PutClip.plan(link, MINE, track=2, slot=2)
    return plan.apply


async def undo(link):
    done = await (await PutClip.plan(link, MINE, track=2, slot=3)).apply()
    return done.apply


async def undo_replacing(link):
    done = await (await PutClip.plan(link, MINE, track=2, slot=2)).apply()
    return done.apply


async def add_track(link):
    plan = await AddTrack.with_clip(link, MINE, name="Lead", slot=3)
    return plan.apply


async def add_unnamed(link):
    plan = await AddTrack.with_clip(link, MINE, name="", slot=3)
    return plan.apply


async def undo_track(link):
    done = await (await AddTrack.with_clip(link, MINE, name="Lead", slot=3)).apply()
    return done.apply


def now(work):
    """Give a work that looks and writes in one."""

    async def unseen(link):
        async def apply():
            await work(link)

        return apply

    return unseen


USER_21 = "USER 1 1"
ROW = {f"USER 1 {scene}" for scene in (0, 1, 3)}

# what is prepared; a person's clips that are to go; the notes of the other clips then; whether tracks have names
WORKS = {
    "write": (now(put), set(), [8], False),
    "write a long clip": (now(put_long), set(), [1_400], False),
    "clear": (now(clear), {USER_21}, [], False),
    "delete a track": (now(delete_track), ROW, [], False),
    "push": (push, set(), [8], True),
    "push over a clip": (replace, {USER_21}, [8], True),
    "undo": (undo, set(), [], True),
    "undo a push over a clip": (undo_replacing, set(), [], True),
    "add a track": (add_track, set(), [8], True),
    "add a track without a name": (add_unnamed, set(), [8], False),
    "undo an added track": (undo_track, set(), [], True),
}
EDITS = (insert_track, move_track, insert_scene, delete_scene)
LOOK = 5  # the messages with which a place is found that nobody has looked at before


def misled(prepare, edit, at, *, named, live):
    """Do a work in a set that somebody edits behind the message of a number, counted from its own first.

    Returns:
        Whether it came to that message; the person's clips before and after; the notes of other clips; what was
        said where it failed.
    """

    async def journey(link, simulator):
        apply = await prepare(link)
        whole = persons(simulator.live_set)
        foreign = Foreign(simulator, edit, at)
        simulator.handlers = foreign
        said = ""
        try:
            await apply()
        except LinkError as error:
            said = error.message
        return (
            foreign.count >= at,
            whole,
            persons(simulator.live_set),
            mine(simulator.live_set),
            said,
        )

    return live(journey, live_set=set_of(named=named))


def faults_of(before, after, held, said, *, goes, wanted):
    """What was done to a person's clips and not told, or is wrong and was reported as a success."""
    lost = [name for name in before if name not in after and (not said or "may be gone" not in said)]
    hit = [
        name for name in after if after[name] != before.get(name, after[name]) and "another clip" not in said
    ]
    if said:
        return [name for name in lost if name not in goes] + hit
    wrong = [] if held == wanted else [f"other clips hold {held}"]
    kept = [f"{name} is still there" for name in goes if name in after]
    return [name for name in lost if name not in goes] + hit + wrong + kept


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("work", WORKS)
def test_whatever_somebody_moves_meanwhile_the_result_is_right_or_the_error_says_what_was_hit(
    live, work, edit
):
    prepare, goes, wanted, named = WORKS[work]
    found = {}
    at, reached = LOOK if prepare.__name__ == "unseen" else 1, True
    while reached:
        reached, *what = misled(prepare, edit, at, named=named, live=live)
        found[at] = faults_of(*what, goes=goes, wanted=wanted)
        at += 1

    assert {at: faults for at, faults in found.items() if faults} == {}
    assert at > 10


@pytest.mark.parametrize("seed", range(12))
def test_answers_that_are_lost_are_not_taken_for_foreign_edits(live, seed):
    async def journey(link, simulator):
        simulator.faults = Faults(reply_loss=0.15, seed=seed)
        await link.write_slot(2, 3, MINE)
        await link.clear_slot(2, 2)
        await link.delete_track(1)
        return sorted(persons(simulator.live_set)), mine(simulator.live_set)

    found = live(journey, live_set=set_of(named=True), timeout_s=0.05, busy_s=2.0)

    assert found == (["USER 1 0", "USER 1 3", "USER 2 0", "USER 2 1", "USER 2 3"], [8])
