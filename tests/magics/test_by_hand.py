"""What a person edits in a view: it is in the variables at once, and soon in studio, plans and record."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import numpy as np
import pytest
from conduit_magics.by_hand import Names
from conduit_magics.intents import act
from conduit_magics.output import Output

from conduit.engine.plan import Status
from conduit.errors import PlanUsed
from conduit.music import Arrangement, Clip, Note
from conduit.studio.decisions import OUTDATED
from conduit.widgets import ClipView
from conduit.widgets.packing import NOTE_RECORD
from conduit.widgets.roll import roll

sys.path.insert(0, str(Path(__file__).parent))
from kernels import kernel

BASS = Clip.of([Note(45 + beat, beat, 0.5) for beat in range(4)], name="Bass", instrument="bass")
DRUMS = Clip.of([Note(36, beat, 0.25) for beat in range(4)], name="Drums", instrument="drums")


class Hand:
    """Edits a view as its front end does."""

    def __init__(self, view):
        self.view = view

    def raise_first_note(self, part=0):
        """Move the first note of a part up by a semitone."""
        clip = self.view.parts[part]
        old = np.zeros(2, dtype=NOTE_RECORD)
        for name in ("start", "duration", "pitch", "velocity"):
            old[name] = clip.table[name][0]
        old["chance"] = 100
        old["pitch"][1] += 1
        content = {
            "type": "edit",
            "epoch": self.view.epoch,
            "n": self.view.edits + 1,
            "part": part,
            "facts": {},
        }
        self.view._handle_custom_msg(content, [old.tobytes(), b""])


@pytest.fixture
def variables():
    return {}


@pytest.fixture
def names(variables):
    return Names(variables)


@pytest.fixture
def make(studio, names):
    """Make an output that shows clips; it is sealed after the test."""
    made = []

    def output(*clips, **facts):
        made.append(Output(studio, live=True, names=names))
        made[-1].show(*clips, **facts)
        made[-1].settle()
        return made[-1], Hand(made[-1].view)

    yield output
    for one in made:
        studio.call(one.seal())


def heard(studio):
    """Wait until the studio's loop has done what was submitted."""
    studio.call(asyncio.sleep(0))
    studio.call(asyncio.sleep(0))


def test_an_edit_is_in_the_variable_when_the_message_has_been_taken(make, names, variables):
    output, hand = make(BASS)
    variables["bass"] = BASS
    names.bound("bass")

    hand.raise_first_note()

    assert variables["bass"] is output.clip is output.view.clip
    assert [note.pitch for note in variables["bass"].notes] == [46, 46, 47, 48]


def test_edits_of_two_parts_while_the_studio_is_told_are_each_told_once(make, studio):
    before = list(studio.clips)
    clips = [BASS.with_(name="Low"), DRUMS.with_(name="Kit")]
    studio.clips += clips
    output, hand = make(*clips)

    for _ in range(20):
        for part in (0, 1):
            hand.raise_first_note(part)
    heard(studio)

    assert {id(clip) for clip in studio.clips[len(before) :]} == {id(clip) for clip in output.parts}
    assert [studio.shelf.edits.origin(clip) for clip in output.parts] == clips


def test_a_part_that_is_edited_while_the_studio_is_told_of_another_is_told_once(make, studio):
    first, second = BASS.with_(name="One"), BASS.with_(name="Two")
    before = len(studio.clips)
    studio.clips += [first, second]
    output, hand = make(first, second)

    async def meanwhile():
        hand.raise_first_note(0)
        hand.raise_first_note(1)
        await asyncio.sleep(0)
        hand.raise_first_note(1)

    studio.call(meanwhile())
    heard(studio)

    assert len(studio.clips) == before + 2
    assert [studio.shelf.edits.origin(clip) for clip in output.parts] == [first, second]


def test_a_clip_that_was_put_in_its_place_meanwhile_is_no_edit(make, studio):
    studio.clips.append(BASS)
    output, hand = make(BASS)

    hand.raise_first_note()
    edited = output.clip
    output.show(DRUMS)
    heard(studio)

    assert studio.latest is edited
    assert studio.shelf.edits.origin(edited) is BASS


def test_an_edit_that_comes_when_the_view_is_sealed_is_passed_over(make, studio):
    output, hand = make(BASS)
    view = output.view
    studio.call(output.seal())

    hand.view = view
    hand.raise_first_note()

    assert output.clip is BASS


def test_who_made_a_view_still_hears_its_intents_and_once_when_it_is_shown_again(studio, names):
    heard_of = []
    view = ClipView(BASS, on_intent=heard_of.append)
    outputs = [Output(studio, live=True, names=names, view=view) for _ in range(3)]
    for output in outputs:
        output.show(*view.parts)

    Hand(view).raise_first_note()

    assert heard_of == [{"type": "edited", "part": 0}]
    assert [output.view for output in outputs] == [None, None, view]
    assert len(view._trait_notifiers["epoch"]["change"]) == 1
    studio.call(outputs[-1].seal())


def test_a_variable_that_holds_something_else_or_was_not_bound_stays(make, names, variables):
    _, hand = make(BASS)
    variables.update(mine=BASS, bass=BASS.transpose(1), takes=[DRUMS, BASS])
    names.bound("bass", "takes")

    hand.raise_first_note()

    assert variables["mine"] is BASS
    assert variables["bass"] == BASS.transpose(1)
    assert [clip.notes[0].pitch for clip in variables["takes"]] == [36, 46]


def test_the_edited_clip_is_the_newest_in_place_of_the_old_one(make, studio):
    studio.clips += [BASS, DRUMS]
    output, hand = make(studio.clips[-2])

    hand.raise_first_note()
    heard(studio)

    assert studio.latest is output.clip
    assert studio.clips[-2] is DRUMS
    assert not any(clip is BASS for clip in studio.clips)


def test_many_edits_are_one_clip_of_the_session(make, studio):
    _, hand = make(BASS)
    before = len(studio.clips)

    for _ in range(40):
        hand.raise_first_note()
    heard(studio)

    assert len(studio.clips) == before + 1
    assert studio.latest.notes[0].pitch == 85


def test_an_open_plan_is_rejected_when_its_clip_is_edited(make, studio):
    studio.call(studio.push(DRUMS, track=1, slot=1))
    plan = studio.call(studio.push(BASS, track=1, slot=1))
    output, hand = make(BASS)
    studio.call(output.show_plan(plan))

    hand.raise_first_note()
    heard(studio)

    assert studio.plans.get(plan.id).status is Status.REJECTED
    assert output.view.plan["status"] == "rejected"
    assert output.view.plan["result"] == output.status == OUTDATED
    with pytest.raises(PlanUsed):
        studio.call(studio.approve(plan.id))
    studio.call(studio.undo())


def test_what_was_pushed_before_an_edit_says_so(make, studio):
    plan = studio.call(studio.push(BASS, track=1, slot=2))
    output, hand = make(BASS)
    studio.call(output.show_plan(plan))
    pushed = output.status

    hand.raise_first_note()
    output.edited()

    assert output.status == f"{pushed}; edited since"
    studio.call(studio.undo(plan.id))


def test_an_edit_of_one_part_is_in_the_arrangement_that_the_variable_holds(make, names, variables):
    song = Arrangement.of([BASS, DRUMS], name="Song")
    variables["song"] = song
    names.bound("song")
    output, hand = make(*song.clips, song=song)

    hand.raise_first_note(part=1)

    assert variables["song"] is output.song
    assert [clip.notes[0].pitch for clip in variables["song"]] == [45, 37]
    assert output.clip is variables["song"].clips[1]


def test_what_python_puts_into_a_view_is_what_its_output_holds(studio, names):
    view = roll([BASS, DRUMS])
    output = Output(studio, live=True, names=names, view=view)
    output.show(*view.parts)
    output.settle()

    view.clip = BASS.transpose(1)

    assert output.parts == (BASS.transpose(1),)
    studio.call(output.seal())


def test_the_part_that_is_active_is_pushed(make, studio):
    output, _ = make(BASS, DRUMS)

    push = {"type": "push", "track": 1, "slot": 4, "new_track": False, "part": 1}
    studio.call(act(output, push))

    assert studio.plans.change(output.plan).after == DRUMS
    studio.call(studio.undo(output.plan))


class Place:
    """A place that notes what its record would show."""

    id = "place"

    def __init__(self):
        self.drawn = []
        self.has_drawn = asyncio.Event()

    def open(self, output):
        pass

    async def update(self, output):
        self.drawn.append(output.clip)
        self.has_drawn.set()

    def seal(self):
        pass


def test_the_record_is_drawn_once_when_the_edits_have_ended(studio):
    place = Place()
    output = Output(studio, live=True, place=place)
    output.show(BASS)
    output.settle()
    hand = Hand(output.view)

    for _ in range(5):
        hand.raise_first_note()
    studio.call(drawn(place))

    assert place.drawn == [output.clip]


async def drawn(place):
    async with asyncio.timeout(5):
        await place.has_drawn.wait()


EDIT = """
import numpy as np
from conduit.widgets.packing import NOTE_RECORD
def raised(view):
    clip = view.parts[0]
    pair = np.zeros(2, dtype=NOTE_RECORD)
    for name in ("start", "duration", "pitch", "velocity"):
        pair[name] = clip.table[name][0]
    pair["chance"] = 100
    pair["pitch"][1] += 1
    content = {"type": "edit", "epoch": view.epoch, "n": view.edits + 1, "part": 0, "facts": {}}
    view._handle_custom_msg(content, [pair.tobytes(), b""])
desk = get_ipython().magics_manager.registry["ConduitMagics"].desk
"""


@pytest.mark.kernel
@pytest.mark.filterwarnings("ignore")
def test_in_a_kernel_the_variable_that_a_cell_bound_or_ended_with_follows():
    with kernel("newest") as running:
        running.run("%load_ext conduit")
        running.run("%%conduit -n --bars 2 --seed 3 -o bass\nacid bass")
        running.run(EDIT)
        running.run("raised(desk.outputs[-1].view)")
        bound = running.text("print(bass is _clip is desk.outputs[-1].view.clip)")
        shown = running.run("import conduit\nmine = conduit.Clip.of([conduit.Note(60, 0, 1)])\nmine")
        running.run("raised(desk.outputs[-1].view)")
        ended = running.text("print(mine.notes[0].pitch)")
        rolled = [running.run("conduit.roll([(60, 0, 1)])") for _ in range(2)]
        running.run("view = conduit.roll([(60, 0, 1)])")
        running.run("%unload_ext conduit")
        plain = running.run("view")

    assert (bound, ended) == ("True\n", "61\n")
    assert [kind for kind, _ in plain].count("execute_result") == 1
    for messages in (shown, *rolled):
        kinds = [kind for kind, _ in messages]
        assert (kinds.count("display_data"), kinds.count("error")) == (2, 0)
