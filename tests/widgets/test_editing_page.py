"""Every gesture of the mouse on the roll: what it makes of the clip in Python, and that one undo takes it back."""

from __future__ import annotations

import pytest
from widgets.hand import CLIP, NOTES, Hand, but, taken_back

from conduit.music import Clip, Note

pytestmark = pytest.mark.browser


@pytest.fixture
def hand(bare, ready):
    return Hand(bare, ready, CLIP)


def test_a_click_selects_a_note_and_a_click_beside_it_none(hand):
    hand.click(hand.at(0.5, 60))
    one = hand.says("Selected: C3 (60)")
    hand.click(hand.at(6.5, 61))

    assert one
    assert hand.says("C#3, 2.3.3")
    assert hand.sent() == []


@pytest.mark.parametrize("key", ["Shift", "Control"])
def test_a_click_with_shift_or_control_adds_and_takes_away(hand, key):
    hand.click(hand.at(0.5, 60))
    hand.click(hand.at(2.5, 64), key)
    hand.click(hand.at(5, 67), key)
    three = hand.says("3 notes selected")
    hand.click(hand.at(2.5, 64), key)

    assert three
    assert hand.says("2 notes selected")


def test_a_marquee_selects_what_it_touches_and_with_shift_adds(hand):
    hand.drag(hand.at(3.5, 69), hand.at(1.5, 63))
    one = hand.says("Selected: E3")
    hand.drag(hand.at(9.5, 70), hand.at(7, 68), held=("Shift",))

    assert one
    assert hand.says("2 notes selected")
    assert hand.page.locator(".cd-marquee").is_hidden()


def test_a_marquee_is_seen_while_it_is_drawn(hand):
    hand.mouse.move(*hand.at(1, 70))
    hand.mouse.down()
    hand.mouse.move(*hand.at(3, 62), steps=3)

    assert hand.page.locator(".cd-marquee").is_visible()
    hand.mouse.up()


def test_a_dragged_note_moves_by_steps_and_rows(hand):
    hand.drag(hand.at(0.5, 60), hand.at(1.55, 62))

    assert hand.notes == but((62, 1, 1, 60), without=[0])
    assert taken_back(hand)


def test_all_that_is_selected_moves_along(hand):
    hand.drag(hand.at(3.5, 65), hand.at(-0.2, 59))
    hand.drag(hand.at(2.5, 64), hand.at(3.5, 63))

    assert hand.notes == but((59, 1, 1, 60), (63, 3, 1, 80), without=[0, 1])
    assert taken_back(hand)


def test_one_drag_is_one_edit(hand):
    hand.drag(hand.at(0.5, 60), hand.at(5.5, 66), steps=40)

    assert [edit["n"] for edit in hand.sent()] == [1]


def test_with_control_a_note_moves_off_the_grid_to_a_whole_tick(hand):
    hand.drag(hand.at(0.5, 60), hand.at(0.6, 60), held=("Alt",))

    note = hand.clip.notes[0]
    assert note.start % 0.25 != 0
    assert (note.start * 960) % 1 == 0
    assert abs(note.start - 0.1) < 0.02


def test_with_alt_a_copy_is_dragged(hand):
    hand.drag(hand.at(0.5, 60), hand.at(10.5, 61), held=("Control",))

    assert hand.notes == but((61, 10, 1, 60))
    assert hand.says("Selected: C#3")
    assert taken_back(hand)


@pytest.mark.parametrize(
    ("grabbed", "to", "note"),
    [(2.97, 4.01, (64, 2, 2, 80)), (2.03, 1.52, (64, 1.5, 1.5, 80)), (2.97, -3, (64, 2, 1 / 960, 80))],
    ids=["end", "start", "never shorter than a tick"],
)
def test_a_note_is_resized_at_its_edges(hand, grabbed, to, note):
    hand.drag(hand.at(grabbed, 64), hand.at(to, 64))

    assert hand.notes == but(note, without=[1])
    assert taken_back(hand)


def test_all_that_is_selected_is_resized_by_the_same(hand):
    hand.click(hand.at(0.5, 60))
    hand.click(hand.at(5, 67), "Shift")
    hand.drag(hand.at(5.97, 67), hand.at(6.5, 67))

    assert hand.notes == but((60, 0, 1.5, 60), (67, 4, 2.5, 100), without=[0, 2])
    assert taken_back(hand)


def test_a_double_click_draws_on_the_grid_with_the_velocity_last_touched(hand):
    hand.click(hand.at(8.5, 69))
    hand.click(hand.at(10.6, 62), count=2)

    assert hand.notes == but((62, 10.5, 0.25, 120))
    assert hand.says("Selected: D3")
    assert taken_back(hand)


def test_a_double_click_on_a_note_deletes_it(hand):
    hand.click(hand.at(5, 67), count=2)

    assert hand.notes == but(without=[2])
    assert taken_back(hand)


def test_the_draw_tool_draws_by_a_press_and_a_drag_gives_the_length(hand):
    hand.focus()
    hand.press("b")
    hand.click(hand.at(10.1, 62))
    hand.drag(hand.at(12.1, 64), hand.at(13.6, 64))

    assert hand.notes == but((62, 10, 0.25, 96), (64, 12, 1.75, 96))
    assert hand.undo().notes == Clip.of([*NOTES, Note(62, 10, 0.25, 96)]).notes
    assert taken_back(hand)


def test_nothing_is_drawn_past_the_end_and_a_drag_stops_there(hand):
    hand.drag(hand.at(8.5, 69), hand.at(15.9, 69))

    assert hand.notes == but((69, 15, 1, 120), without=[3])


def test_escape_gives_up_a_drag(hand):
    hand.mouse.move(*hand.at(0.5, 60))
    hand.mouse.down()
    hand.mouse.move(*hand.at(4.5, 66), steps=4)
    hand.press("Escape")
    hand.mouse.move(*hand.at(5.5, 66), steps=4)
    hand.mouse.up()

    assert hand.sent() == []


def test_the_loop_has_handles_on_the_ruler(hand):
    hand.drag(hand.over("ruler", 0.02, 3), hand.over("ruler", 4.05, 3))
    start = hand.clip.loop
    hand.drag(hand.over("ruler", 15.98, 3), hand.over("ruler", 8.1, 3))
    end = hand.clip.loop
    hand.drag(hand.over("ruler", 6, 3), hand.over("ruler", 8.1, 3))

    assert [start, end, hand.clip.loop] == [(4, 16), (4, 8), (6, 10)]
    assert [hand.undo().loop for _ in range(3)] == [(4, 8), (4, 16), CLIP.loop]


def test_the_clips_end_is_dragged_to_the_grid(hand):
    hand.drag(hand.over("ruler", 15.98, 16), hand.over("ruler", 12.1, 16))

    assert hand.clip.length == 12
    assert hand.undo().length == 16


def test_a_click_on_the_ruler_sets_where_play_starts(hand):
    hand.click(hand.over("ruler", 4, 16))
    hand.bare.frame()

    assert hand.page.locator(".cd-position").inner_text().startswith("2.1.1")
    assert hand.sent() == []


def test_nothing_is_edited_while_the_model_writes(hand):
    hand.view.show_state(phase="streaming")
    hand.bare.show(hand.view)
    hand.drag(hand.at(0.5, 60), hand.at(4.5, 66))
    hand.click(hand.at(10.6, 62), count=2)
    hand.click(hand.at(0.5, 60))
    hand.press("Delete", "m", "Control+d")

    assert hand.sent() == []
    assert hand.says("Selected: C3")
    assert hand.told == "The clip can be edited when it is written"


@pytest.fixture
def heard(hand):
    """Give what has been asked to sound, as pitch and velocity."""
    return hand.listen()


def test_a_click_on_a_note_or_a_key_sounds_it(hand, heard):
    hand.click(hand.at(5, 67))
    note = heard()
    hand.click(hand.at(-0.4, 62))

    assert note == [[67, 100]]
    assert heard() == [[62, 100]]


def test_a_note_that_is_moved_sounds_once_at_each_pitch(hand, heard):
    hand.drag(hand.at(0.5, 60), hand.at(3.5, 60), steps=20)
    along = heard()
    hand.drag(hand.at(3.5, 60), hand.at(3.5, 63), steps=30)

    assert along == [[60, 60]]
    assert heard() == [[60, 60], [61, 60], [62, 60], [63, 60]]


def test_the_pointer_shows_what_a_press_would_do(hand):
    cursors = []
    for beat, pitch in ((4.03, 67), (5, 67), (5.97, 67), (7, 61)):
        hand.mouse.move(*hand.at(beat, pitch))
        cursors.append(hand.page.evaluate("() => document.querySelector('.conduit-grid').style.cursor"))

    assert cursors == ["ew-resize", "move", "ew-resize", ""]


def test_a_press_on_any_part_of_the_roll_gives_it_the_keys(hand):
    for place in (hand.at(6, 61), hand.at(-0.4, 62), hand.over("ruler", 4, 16), hand.level(7, 64)):
        hand.page.evaluate("() => document.activeElement.blur()")
        hand.click(place)
        assert hand.page.evaluate("() => document.activeElement.className") == "conduit-grid"


def test_a_drag_past_the_edge_scrolls_the_roll(hand):
    hand.focus()
    hand.press("+", "+", "+", "Home")
    hand.bare.frame()
    box = hand.page.locator("canvas.conduit-grid").bounding_box()
    y = hand.at(0, 60)[1]
    hand.drag((box["x"] + 30, y), (box["x"] + box["width"] + 40, y), steps=30)

    beats_shown = 16 / 1.4**3
    [start] = [note.start for note in hand.clip.notes if note.pitch == 60]
    assert start > beats_shown


def test_the_middle_button_and_a_drag_on_the_keys_scroll(hand):
    for start, end in (((3, 66), (3, 62)), ((-0.4, 66), (-0.4, 62))):
        before = hand.bare.colours("canvas.cd-keys")
        hand.mouse.move(*hand.at(*start))
        hand.mouse.down(button="middle" if start[0] > 0 else "left")
        hand.mouse.move(*hand.at(*end), steps=3)
        hand.mouse.up(button="middle" if start[0] > 0 else "left")
        hand.bare.frame()
        assert hand.bare.colours("canvas.cd-keys") != before


def test_a_drum_moves_from_lane_to_lane(bare, ready):
    beat = Clip.of([Note(36, 0, 0.25), Note(38, 4, 0.25)], name="Beat", length=16, instrument="drums")
    hand = Hand(bare, ready, beat)
    hand.focus()
    hand.press("n", "ArrowUp")

    assert [note.pitch for note in hand.clip.notes] == [38, 38]
    assert hand.undo().notes == beat.notes


def test_an_edit_is_of_the_part_that_is_chosen(bare, ready):
    other = Clip.of([Note(62, 1, 1)], name="Other", length=16, instrument="bass")
    hand = Hand(bare, ready, CLIP)
    hand.view.show_clips([CLIP, other])
    hand.bare.show(hand.view)
    hand.page.locator(".cd-tracks button", has_text="Other").click()
    hand.focus()
    hand.press("n", "ArrowRight")

    assert [edit["part"] for edit in hand.sent()] == [1]
    assert [clip.notes[0].start for clip in hand.view.parts] == [0, 1.25]
