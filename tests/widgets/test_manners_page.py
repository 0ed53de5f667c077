"""How the roll behaves under a producer's hands, in the real bundle with the real widget."""

from __future__ import annotations

import pytest

from conduit.music import Clip, Note
from conduit.widgets import ClipView

pytestmark = pytest.mark.browser

LINE = Clip.of([Note(60, 0, 1), Note(60, 2, 1), Note(64, 1, 1)], length=8, name="Line", instrument="keys")


@pytest.fixture
def view():
    made = ClipView(LINE)
    made.show_state(phase="ready")
    return made


def focus(bare):
    bare.page.locator("canvas.conduit-grid").focus()


def pitches(view):
    return [note.pitch for note in view.clip.notes]


def test_the_other_version_is_looked_at_and_not_edited(bare, view):
    view.compare(LINE.transpose(7), label="take B")
    bare.open(view)

    bare.action("take-b").click()
    for key in ("Control+a", "Delete", "Control+z"):
        bare.page.keyboard.press(key)
    bare.carry(view)

    assert view.clip == LINE
    assert "go back to" in bare.page.locator(".cd-toast").inner_text()


def test_the_other_version_is_put_in_the_place_of_the_clip_in_one_step(bare, view):
    view.compare(LINE.transpose(7))
    bare.open(view)

    bare.action("more").click()
    bare.action("keep").click()
    bare.carry(view)
    kept = pitches(view)
    bare.page.keyboard.press("Control+z")
    bare.carry(view)

    assert (kept, pitches(view)) == ([67, 71, 67], [60, 64, 60])


def test_a_copy_in_the_same_place_makes_no_hidden_notes(bare, view):
    bare.open(view)
    focus(bare)

    for key in ("Control+a", "Control+c", "Escape", "Home", "Control+v"):
        bare.page.keyboard.press(key)
    bare.carry(view)

    assert len(view.clip) == 3


def test_a_typed_tempo_is_the_clips_and_is_undone(bare, view):
    bare.open(view)

    bare.page.locator(".cd-bpm").fill("96")
    bare.page.locator(".cd-bpm").press("Enter")
    bare.carry(view)
    typed = view.clip.bpm
    bare.page.keyboard.press("Control+z")
    bare.carry(view)

    assert (typed, view.clip.bpm) == (96, 120)


def test_after_a_click_in_the_bar_the_keys_are_the_rolls_again(bare, view):
    bare.open(view)

    bare.action("metronome").click()
    after_button = bare.page.evaluate("() => document.activeElement.className")
    bare.action("grid").click()
    bare.action("grid-1/8").click()
    after_menu = bare.page.evaluate("() => document.activeElement.className")

    assert (after_button, after_menu) == ("conduit-grid", "conduit-grid")


def test_a_clip_is_made_twice_as_long_with_its_notes_again(bare, view):
    bare.open(view)

    bare.action("more").click()
    bare.action("double").click()
    bare.carry(view)

    assert (view.clip.length, len(view.clip)) == (16, 6)
    assert [note.start for note in view.clip.notes] == [0, 1, 2, 8, 9, 10]


def test_quantise_with_nothing_selected_takes_all_notes(bare, view):
    view.clip = Clip.of([Note(60, 0.1, 1), Note(62, 1.05, 1)], length=4)
    bare.open(view)

    bare.action("quantise").click()
    bare.action("quantise-100 %").click()
    bare.carry(view)

    assert [note.start for note in view.clip.notes] == [0, 1]


def test_the_end_of_a_clip_is_taken_hold_of_only_where_it_is_seen(bare, view):
    bare.open(view)
    for _ in range(4):
        bare.page.locator("canvas.conduit-grid").press("+")
    box = bare.page.locator("canvas.cd-ruler").bounding_box()

    bare.page.mouse.move(box["x"] + box["width"] - 2, box["y"] + 18)
    bare.page.mouse.down()
    bare.page.mouse.move(box["x"] + box["width"] - 60, box["y"] + 18)
    bare.page.mouse.up()
    bare.carry(view)

    assert view.clip.length == 8


def test_what_is_moved_by_keys_stays_in_sight(bare, view):
    bare.open(view)
    focus(bare)
    before = bare.colours()

    bare.page.keyboard.press("Control+a")
    for _ in range(3):
        bare.page.keyboard.press("Shift+ArrowUp")
    bare.carry(view)
    bare.page.keyboard.press("Escape")
    bare.frame()

    assert pitches(view) == [96, 100, 96]
    assert len(bare.colours()) >= len(before) - 2


def test_the_playhead_reaches_the_end_of_the_lane_and_not_into_the_overview(bare, view):
    bare.open(view)

    def bottoms():
        boxes = (bare.page.locator(name).bounding_box() for name in (".cd-lines", "canvas.cd-velocity"))
        return [round(box["y"] + box["height"]) for box in boxes]

    whole = bottoms()
    for _ in range(4):
        bare.page.locator("canvas.conduit-grid").press("+")
    bare.frame()
    zoomed = bottoms()

    assert abs(whole[0] - whole[1]) <= 1
    assert abs(zoomed[0] - zoomed[1]) <= 1
    assert bare.page.locator(".cd-strip").is_visible()
