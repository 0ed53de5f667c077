"""The session grid in a real browser: what is seen of a Live set, and what each click, key and tap asks for."""

from __future__ import annotations

import re

import pytest
from widgets.conftest import BareWidget
from widgets.test_touch_page import Fingers

from conduit.drawing.session import Column
from conduit.music import Clip, Note
from conduit.widgets.session_view import SessionView

pytestmark = pytest.mark.browser

RIFF = Clip.of([Note(60 + beat, beat, 0.5) for beat in range(4)], length=4)
BASS = Column(
    "Bass", midi=True, clips=(("Riff", 4.0), None, ("Idea", 8.0), None), color=0x5D5EB2, devices=("Operator",)
)
DRUMS = Column(
    "Drums", midi=True, clips=(("Beat", 4.0), ("Fill", 1.0), None, None), color=0xEF646B, silent=True
)
VOX = Column("Vox", midi=False, clips=(("Take", 16.0), None, None, None), color=0x07A269)
SCENES = ("Intro", "", "Drop", "")
EVIL = '<img src=x onerror="window.hacked=1">'
# How many changes an update makes to the page.
COUNT = """
() => {
  window.changes = 0;
  const root = document.querySelector(".conduit-session");
  new MutationObserver((records) => { window.changes += records.length; })
    .observe(root, { subtree: true, childList: true, attributes: true, characterData: true });
}
"""


def song(view, **facts):
    said = {"tempo": 128, "meter": "4/4", "key": "A minor", "playing": True, "launches": "1 bar", **facts}
    view.show_song("Live set", **said)


@pytest.fixture
def view():
    view = SessionView(static_id="s1")
    song(view)
    view.show_tracks([BASS, DRUMS, VOX], SCENES)
    return view


@pytest.fixture
def grid(chromium, view):
    """Give the grid in a bare page; an error in the page fails the test."""
    page = chromium.new_page()
    grid = BareWidget(page, name="session_view").open(view)
    yield grid
    page.close()
    assert grid.errors == []


def cell(grid, track, slot):
    return grid.page.locator(f'[id$="-{track}-{slot}"]')


def asked(grid):
    return grid.sent()


def has(grid, track, slot, state):
    grid.frame()
    return cell(grid, track, slot).get_attribute(f"data-{state}") is not None


def text_of(grid, selector):
    return grid.page.locator(selector).inner_text()


@pytest.mark.parametrize(
    ("selector", "intent"),
    [
        ('[id$="-1-3"] [data-action="launch"]', {"type": "fire", "track": 1, "slot": 3}),
        ('.cs-row:nth-child(4) [data-action="scene"]', {"type": "scene", "scene": 3}),
        ('.cs-stop:nth-child(3) [data-action="stop-track"]', {"type": "stop", "track": 2}),
        ('[data-action="stop-all"]', {"type": "stop", "track": 0}),
        ('[data-action="play"]', {"type": "transport", "play": False}),
    ],
    ids=["launch", "scene", "stop a track", "stop all", "transport"],
)
def test_a_click_asks_for_what_it_is_on(grid, selector, intent):
    grid.page.locator(selector).click()

    assert asked(grid) == [intent]


@pytest.mark.parametrize(
    ("action", "intent"),
    [
        ("fire", {"type": "fire", "track": 2, "slot": 2}),
        ("open", {"type": "open", "track": 2, "slot": 2}),
        ("target", {"type": "target", "track": 2, "slot": 2}),
        ("stop", {"type": "stop", "track": 2}),
    ],
)
def test_what_stands_below_the_grid_is_about_the_chosen_slot(grid, action, intent):
    cell(grid, 2, 2).click(position={"x": 80, "y": 20})
    grid.action(action).click()

    assert asked(grid) == [intent]
    assert "2 Drums, slot 2: Fill" in text_of(grid, ".cs-foot")


def test_a_double_click_opens_a_clip_and_nothing_where_there_is_none(grid):
    cell(grid, 1, 1).dblclick(position={"x": 80, "y": 20})
    cell(grid, 1, 2).dblclick()

    assert asked(grid) == [{"type": "open", "track": 1, "slot": 1}]


@pytest.mark.parametrize(
    ("keys", "intent"),
    [
        (["Enter"], {"type": "fire", "track": 1, "slot": 1}),
        (["ArrowDown", "ArrowDown", "o"], {"type": "open", "track": 1, "slot": 3}),
        (["ArrowRight", "ArrowDown", "ArrowDown", "t"], {"type": "target", "track": 2, "slot": 3}),
        (["ArrowRight", "ArrowRight", "ArrowLeft", "s"], {"type": "stop", "track": 2}),
        (["ArrowUp", "ArrowLeft", "Enter"], {"type": "fire", "track": 1, "slot": 1}),
        ([*["ArrowDown"] * 9, *["ArrowRight"] * 9, "s"], {"type": "stop", "track": 3}),
    ],
    ids=["launch", "open", "target", "stop", "the first corner", "the last corner"],
)
def test_all_is_done_by_keyboard_alone(grid, keys, intent):
    for _ in range(3):  # play, stop all, grid
        grid.page.keyboard.press("Tab")
    for key in keys:
        grid.page.keyboard.press(key)

    assert asked(grid) == [intent]


def test_keys_do_nothing_where_there_is_nothing_to_do(grid):
    grid.page.locator(".cs-grid").focus()
    for key in ("ArrowDown", "Enter", "o", "ArrowRight", "ArrowRight", "ArrowUp", "o", "t", "Control+s", "x"):
        grid.page.keyboard.press(key)

    assert asked(grid) == []


def test_the_slot_that_has_the_keyboard_is_outlined_and_told(grid):
    before = cell(grid, 1, 2).evaluate("(cell) => getComputedStyle(cell).boxShadow")
    for _ in range(3):
        grid.page.keyboard.press("Tab")
    grid.page.keyboard.press("ArrowDown")
    grid.frame()

    told = grid.page.locator(".cs-grid").get_attribute("aria-activedescendant")
    assert told == cell(grid, 1, 2).get_attribute("id")
    assert cell(grid, 1, 2).get_attribute("aria-selected") == "true"
    assert cell(grid, 1, 2).evaluate("(cell) => getComputedStyle(cell).boxShadow") != before == "none"


def test_it_is_a_grid_for_who_cannot_see_it(grid, view):
    view.show_tracks([BASS, with_(DRUMS, playing=1, fired=2), VOX], SCENES)
    view.show_target(1, 2)
    grid.show(view)

    said = {
        role: grid.page.get_by_role(role).count()
        for role in ("grid", "row", "columnheader", "rowheader", "gridcell")
    }
    assert said == {"grid": 1, "row": 6, "columnheader": 4, "rowheader": 5, "gridcell": 15}
    labels = [cell(grid, *place).get_attribute("aria-label") for place in ((2, 1), (2, 2), (1, 2), (3, 1))]
    assert labels == [
        "Drums, slot 1, Beat, playing",
        "Drums, slot 2, Fill, about to start",
        "Bass, slot 2, empty, target",
        "Vox, slot 1, Take",
    ]
    buttons = grid.page.get_by_role("button")
    assert buttons.count() == grid.page.get_by_role("button", name=re.compile(r"\w")).count() == 18


def _facts(column):
    return {name: getattr(column, name) for name in Column.__dataclass_fields__}


def with_(column, **changes):
    return Column(**{**_facts(column), **changes})


def test_playing_fired_and_target_are_seen_and_go_again(grid, view):
    view.show_tracks([with_(BASS, playing=1, fired=3), DRUMS, VOX], SCENES)
    view.show_target(2, 3)
    grid.show(view)
    shown = [has(grid, 1, 1, "playing"), has(grid, 1, 3, "fired"), has(grid, 2, 3, "target")]

    view.show_tracks([BASS, DRUMS, VOX], SCENES)
    view.show_target(2, 4)
    grid.show(view)

    assert shown == [True, True, True]
    gone = [has(grid, 1, 1, "playing"), has(grid, 1, 3, "fired"), has(grid, 2, 3, "target")]
    assert gone == [False, False, False]


def test_the_edge_of_a_playing_clip_moves_and_stands_still_where_motion_is_unwanted(grid, view):
    view.show_tracks([with_(BASS, playing=1), DRUMS, VOX], SCENES)
    grid.show(view)
    running = "() => document.getAnimations().filter((one) => one.playState === 'running').length"
    moving = grid.page.evaluate(running)

    grid.page.emulate_media(reduced_motion="reduce")
    grid.frame()

    assert (moving, grid.page.evaluate(running)) == (1, 0)


def test_the_bar_tells_of_the_song(grid, view):
    song(view, simulated=True)
    view.show_beat(17)
    grid.show(view)

    assert text_of(grid, ".cs-position") == "5.2"
    assert text_of(grid, ".cs-facts") == "128 bpm · 4/4 · A minor · launch at 1 bar"


def test_a_stopped_set_has_no_position_and_can_be_started(grid, view):
    song(view, playing=False)
    view.show_beat(-1)
    grid.show(view)
    grid.action("play").click()

    assert text_of(grid, ".cs-position") == "\u2013"
    assert asked(grid) == [{"type": "transport", "play": True}]


def test_a_lost_set_says_why_and_takes_no_wish_until_it_is_there_again(grid, view):
    song(view, lost="Live does not answer.")
    grid.show(view)
    said, hidden = text_of(grid, ".cs-lost"), grid.action("fire").is_disabled()
    grid.page.locator(".cs-grid").focus()
    for key in ("Enter", "o", "t", "s"):
        grid.page.keyboard.press(key)
    cell(grid, 1, 1).locator("button").dispatch_event("click")
    none = asked(grid)

    song(view)
    grid.show(view)
    grid.page.keyboard.press("Enter")

    assert (said, hidden, none) == ("Live does not answer.", True, [])
    assert grid.page.locator(".cs-lost").is_hidden()
    assert asked(grid) == [{"type": "fire", "track": 1, "slot": 1}]


def test_a_set_that_comes_while_it_is_lost_takes_no_wish_either(grid, view):
    song(view, lost="Live does not answer.")
    view.show_tracks([BASS], SCENES)
    grid.show(view)

    cell(grid, 1, 1).locator("button").dispatch_event("click")

    assert asked(grid) == []


def test_a_clip_is_drawn_and_drawn_anew_when_its_notes_are_others(grid, view):
    view.show_pictures({(1, 1): RIFF})
    grid.show(view)
    first = cell(grid, 1, 1).locator("path").last.get_attribute("d")

    view.show_pictures({(1, 1): RIFF.invert(60)})
    grid.show(view)

    assert first.count("M") == 4
    assert cell(grid, 1, 1).locator("path").last.get_attribute("d") not in {None, first}


@pytest.mark.parametrize(
    "name",
    [EVIL, "\u202eevil\u2066", "x" * 5000, "a\nb\tc", ""],
    ids=["html", "bidi", "long", "lines", "empty"],
)
def test_no_name_breaks_the_page(grid, view, name):
    column = Column(name, midi=True, clips=((name, 4.0), None), devices=(name,), playing=1)
    view.show_tracks([column, DRUMS], [name, name])
    grid.show(view)

    width = grid.page.locator(".conduit-session").evaluate("(node) => node.scrollWidth")
    head = grid.page.locator(".cs-track").first.bounding_box()["width"]
    assert grid.page.evaluate("() => window.hacked") is None
    assert grid.page.locator(".conduit-session img").count() == 0
    assert width <= 800
    assert head < 500
    assert grid.page.locator(".cs-track bdi").first.evaluate("(node) => node.textContent") == name


def test_names_that_run_the_other_way_turn_nothing_around_them(grid, view):
    view.show_tracks([with_(BASS, name="\u202eretsam"), DRUMS], SCENES)
    grid.show(view)

    number, name = (
        grid.page.locator(f".cs-track {part}").first.bounding_box()["x"] for part in (".cs-number", "bdi")
    )
    assert number < name


def test_a_narrow_page_scrolls_inside_the_grid_and_hides_no_control(chromium, view):
    page = chromium.new_page()
    grid = BareWidget(page, name="session_view").open(view, width=320)
    cell(grid, 1, 1).click(position={"x": 50, "y": 30})
    boxes = [
        grid.action(name).bounding_box() for name in ("play", "stop-all", "fire", "open", "target", "stop")
    ]
    wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.close()

    assert wide == 0
    assert all(box["x"] >= 16 and box["x"] + box["width"] <= 336 for box in boxes)


def test_a_finger_launches_chooses_and_scrolls(chromium, view):
    context = chromium.new_context(has_touch=True, is_mobile=True, viewport={"width": 400, "height": 800})
    page = context.new_page()
    grid = BareWidget(page, name="session_view").open(view, width=360)
    fingers = Fingers(page)
    box = cell(grid, 1, 1).locator("button").bounding_box()
    fingers.tap((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2))
    place = cell(grid, 2, 3).bounding_box()
    fingers.tap((place["x"] + 40, place["y"] + 20))
    grid.until("() => document.querySelector('.cs-place').textContent.includes('slot 3')")
    page.locator('[data-action="target"]').tap()
    sent = asked(grid)
    context.close()

    assert box["height"] >= 40
    assert sent == [{"type": "fire", "track": 1, "slot": 1}, {"type": "target", "track": 2, "slot": 3}]


def big(size, *, playing=0):
    clips = tuple((f"clip {slot}", 4.0) for slot in range(size))
    tracks = [Column(f"Track {number}", midi=True, clips=clips, color=0x808080) for number in range(size)]
    return [with_(tracks[0], playing=playing), *tracks[1:]], [""] * size


@pytest.mark.parametrize("size", [4, 32])
def test_what_changes_on_the_page_does_not_grow_with_the_set(grid, view, size):
    view.show_tracks(*big(size))
    grid.show(view)
    grid.page.evaluate(COUNT)
    # As the kernel sends it: only what is another.
    view.show_tracks(*big(size, playing=2))
    grid.show(view)
    launched = grid.page.evaluate("() => window.changes")

    grid.page.evaluate("() => { window.changes = 0; window.put({ beat: 4 }); }")
    grid.frame()

    assert 0 < launched <= 40
    assert grid.page.evaluate("() => window.changes") <= 2


def test_a_set_without_tracks_says_so(grid, view):
    view.show_tracks([], [])
    grid.show(view)

    assert text_of(grid, ".cs-grid") == "This set has no tracks."


def test_the_record_is_hidden_while_the_grid_lives(grid):
    record = grid.page.locator('[data-conduit="s1"]')
    hidden = record.is_hidden()
    grid.page.evaluate("() => window.unmount()")

    assert hidden
    assert record.is_visible()


def test_what_a_wish_came_to_is_told_and_nothing_is_said_of_one_that_was_done(grid):
    grid.page.clock.install()
    grid.action("fire").click()
    grid.page.evaluate("() => window.say({ type: 'done' })")
    grid.page.clock.run_for(60_000)
    quiet = grid.page.locator(".cs-toast").is_hidden()

    grid.page.evaluate("() => window.say({ type: 'toast', text: 'slot 1 is empty' })")

    assert quiet
    assert text_of(grid, ".cs-toast") == "slot 1 is empty"
