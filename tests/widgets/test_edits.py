from __future__ import annotations

import numpy as np

from conduit.music import Clip, Note
from conduit.widgets import ClipView
from conduit.widgets.packing import NOTE_RECORD, pack_clip

BASS = Clip.of([Note(45, 0, 1), Note(48, 1, 1)], name="Bass", instrument="bass")
FIRST, HIGHER = (0, 960, 45, 96, 0, 100), (0, 960, 57, 96, 0, 100)


def edit(before, after, *, epoch=1, n=1, part=0, facts=None):
    """Give an edit of one note as the front end sends it."""
    content = {"type": "edit", "epoch": epoch, "n": n, "part": part, "facts": facts or {}}
    return content, [np.array([before, after], dtype=NOTE_RECORD).tobytes(), b""]


class Page:
    """What a page gets from a view, and what a person's studio hears of it."""

    def __init__(self, *clips):
        self.intents = []
        self.messages = []
        self.synced = []
        self.view = ClipView(on_intent=self.intents.append)
        self.view.show_clips(clips)
        self.view.send = lambda content, **_: self.messages.append(content)
        self.view.send_state = lambda key=None: self.synced.extend([key] if isinstance(key, str) else key)

    def sends(self, content, buffers):
        self.view._handle_custom_msg(content, [memoryview(data) for data in buffers])


def test_an_edit_makes_another_clip_and_is_confirmed():
    page = Page(BASS)

    page.sends(*edit(FIRST, HIGHER))

    assert page.view.clip == Clip.of([Note(57, 0, 1), Note(48, 1, 1)], name="Bass", instrument="bass")
    told = {"chords": [], "strays": [], "loop": None, "length": 4.0}
    assert page.messages == [{"type": "edited", "epoch": 1, "n": 1, "facts": [told]}]
    assert page.intents == [{"type": "edited", "part": 0}]


def test_the_clip_before_an_edit_is_as_it_was():
    page = Page(BASS)

    page.sends(*edit(FIRST, HIGHER))

    assert BASS.notes[0].pitch == 45


def test_an_edit_is_not_sent_back_and_is_there_for_a_page_that_is_loaded_again():
    page = Page(BASS)

    page.sends(*edit(FIRST, HIGHER))

    assert page.synced == []
    assert page.view.get_state()["clips"] == [{**pack_clip(page.view.clip), "epoch": 1}]
    assert page.view.get_state()["edits"] == 1


def test_edits_that_follow_each_other_need_no_answer_between():
    page = Page(BASS)

    page.sends(*edit(FIRST, HIGHER, n=1))
    page.sends(*edit(HIGHER, FIRST, n=2))

    assert page.view.clip == BASS
    assert page.view.edits == 2


def test_an_edit_of_a_clip_that_python_has_replaced_is_left_to_the_person():
    page = Page(BASS)
    page.view.clip = BASS.transpose(1)

    page.sends(*edit(FIRST, HIGHER, epoch=1))

    assert page.view.clip == BASS.transpose(1)
    assert page.messages == []
    assert page.intents == []


def test_an_edit_that_cannot_be_taken_is_told_and_the_clip_is_sent_again():
    page = Page(BASS)

    page.sends(*edit(HIGHER, FIRST))

    assert page.view.clip == BASS
    assert (page.view.epoch, sorted(page.synced)) == (2, ["clips", "epoch"])
    assert page.messages == [
        {"type": "refused", "text": "That edit could not be taken: the clip lacks what was edited"}
    ]


def test_after_a_refused_edit_the_next_is_taken():
    page = Page(BASS)
    page.sends(*edit(HIGHER, FIRST))

    page.sends(*edit(FIRST, HIGHER, epoch=2))

    assert page.view.clip.notes[0].pitch == 57


def test_a_clip_that_differs_only_in_what_is_not_packed_is_sent_too():
    page = Page(BASS)

    page.view.clip = BASS.with_table(BASS.table.copy())
    same = list(page.synced)
    table = BASS.table.copy()
    table["release_velocity"] = 1
    page.view.clip = BASS.with_table(table)

    assert (same, sorted(page.synced)) == ([], ["clips", "epoch"])


def test_an_edit_out_of_range_is_refused_with_the_reason():
    page = Page(BASS)

    page.sends(*edit(FIRST, FIRST, facts={"length": 1e9}))

    assert page.view.clip == BASS
    assert "length" in page.messages[0]["text"]


def test_a_part_that_is_not_there_is_refused():
    page = Page(BASS)

    page.sends(*edit(FIRST, HIGHER, part=3))

    assert page.messages[0]["type"] == "refused"


def test_each_of_several_clips_is_edited_by_its_place():
    page = Page(BASS.transpose(12), BASS)

    page.sends(*edit(FIRST, HIGHER, part=1))

    assert page.view.parts[0] == BASS.transpose(12)
    assert page.view.parts[1].notes[0].pitch == 57
    assert page.intents == [{"type": "edited", "part": 1}]


def test_an_edit_without_its_bytes_is_no_intent():
    page = Page(BASS)

    page.sends(edit(FIRST, HIGHER)[0], [])

    assert page.view.clip == BASS
    assert page.messages == []


def test_a_clip_set_after_edits_is_sent_and_begins_a_new_count():
    page = Page(BASS)
    page.sends(*edit(FIRST, HIGHER))

    page.view.clip = BASS

    assert (page.view.epoch, page.view.edits) == (2, 0)
    assert page.view.clips == [{**pack_clip(BASS), "epoch": 2}]


def restore(number, *, forward, epoch, n):
    """Give a step over a set of Python's, as the front end sends it."""
    return {"type": "restore", "set": number, "forward": forward, "epoch": epoch, "n": n}, []


def test_a_step_back_over_a_set_restores_every_fact():
    page = Page(BASS)
    page.sends(*edit(FIRST, HIGHER))
    edited = page.view.clip
    drums = Clip.of([Note(36, 0, 1)], instrument="drums", bpm=90, ppq=480)
    page.view.clip = drums

    page.sends(*restore(2, forward=False, epoch=2, n=1))
    back = page.view.clip
    page.sends(*restore(2, forward=True, epoch=2, n=2))

    assert (back, page.view.clip) == (edited, drums)
    assert page.intents[1:] == [{"type": "edited", "part": 0}, {"type": "edited", "part": 0}]


def test_a_step_over_a_set_that_is_not_kept_is_refused():
    page = Page(BASS)

    page.sends(*restore(7, forward=False, epoch=1, n=1))

    assert page.messages[0]["type"] == "refused"


def test_an_observer_that_sets_the_clip_is_sent_to_the_page():
    page = Page(BASS)
    page.view.observe(lambda _: page.view.edits and setattr(page.view, "clip", BASS.transpose(5)), "clips")

    page.sends(*edit(FIRST, HIGHER))

    assert page.view.clip == BASS.transpose(5)
    assert (page.view.epoch, page.view.edits, "clips" in page.synced) == (2, 0, True)


def test_a_function_that_fails_on_an_edit_is_told_and_the_next_is_called():
    page = Page(BASS)
    heard = []
    page.view.on_edit(lambda _: 1 / 0)
    page.view.on_edit(heard.append)

    page.sends(*edit(FIRST, HIGHER))

    assert heard == [page.view.clip]
    assert page.messages[-1] == {"type": "toast", "text": "ZeroDivisionError in on_edit: division by zero"}
