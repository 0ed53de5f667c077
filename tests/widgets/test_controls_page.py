"""The bar, its menus, the lane and the tracks: what they show and what they ask for."""

from __future__ import annotations

import pytest

from conduit.widgets import ClipView

pytestmark = pytest.mark.browser

CLIP = {
    "name": "Keys",
    "length": 8,
    "meter": [4, 4],
    "bpm": 120,
    "ink": "#d55e00",
    "scale": [0, 2, 4, 5, 7, 9, 11],
    "notes": [[0, 2, 60, 100], [4, 2, 64, 40]],
    "controls": [[0, 1, 0], [2, 1, 127], [4, 20, 64], [4, 128, -8192]],
}
BASS = {**CLIP, "name": "Bass", "instrument": "bass", "ink": "#0072b2", "notes": [[0, 1, 36, 100]]}


def click(stage, action):
    stage.page.locator(f'[data-action="{action}"]').click()


def items(stage):
    return stage.page.locator(".cd-pop:popover-open .cd-item").all_inner_texts()


def test_the_grid_is_chosen_in_a_menu_that_keys_alone_can_use(stage):
    stage.show(CLIP)
    grid = stage.page.locator('[data-action="grid"]')
    grid.press("Enter")
    assert grid.get_attribute("aria-expanded") == "true"
    assert stage.run("() => document.activeElement.textContent") == "1/16"

    stage.page.keyboard.press("ArrowDown")
    stage.page.keyboard.press("Enter")

    assert stage.asked() == [["grid", 0.125]]
    assert grid.get_attribute("aria-expanded") == "false"


def test_the_next_key_is_the_menus_as_soon_as_it_is_open(stage):
    stage.show(CLIP)

    focused = stage.run(
        """() => {
          document.querySelector('[data-action="grid"]').click();
          return document.activeElement.textContent;
        }"""
    )

    assert focused == "1/16"


def test_escape_closes_a_menu_and_gives_the_focus_back(stage):
    stage.show(CLIP)
    stage.page.locator('[data-action="rows"]').press("Enter")
    stage.page.keyboard.press("End")

    stage.page.keyboard.press("Escape")

    assert items(stage) == []
    assert stage.run("() => document.activeElement.dataset.action") == "rows"


def test_rows_can_be_folded_to_the_scale_only_where_there_is_one(stage):
    stage.show({**CLIP, "scale": []})
    click(stage, "rows")
    assert items(stage) == ["All rows", "Rows in use"]
    stage.page.keyboard.press("Escape")

    stage.show(CLIP)
    click(stage, "rows")
    click(stage, "highlight")

    assert stage.asked() == [["highlight", True]]


def test_quantise_has_strengths_and_swing(stage):
    stage.show(CLIP)
    for action in ("quantise-75 %", "swing-58 %"):
        click(stage, "quantise")
        click(stage, action)

    assert stage.asked() == [["quantise", 0.75], ["swing", 0.58]]


def test_a_tempo_is_typed_or_dragged_and_heard_on_its_way(stage):
    stage.show(CLIP)
    field = stage.page.locator(".cd-bpm")
    field.fill("96")
    field.press("Enter")
    box = field.bounding_box()
    stage.page.mouse.move(box["x"] + 10, box["y"] + 10)
    stage.page.mouse.down()
    stage.page.mouse.move(box["x"] + 10, box["y"] - 10)
    stage.page.mouse.up()

    assert stage.asked()[0] == ["tempo", 96, True]
    assert stage.asked()[-2:] == [["tempo", 101, False], ["tempo", 101, True]]
    stage.show(CLIP, heard={"tempo": 101})
    assert stage.page.locator(".cd-tempo").get_attribute("data-set") == ""


def test_takes_are_offered_only_in_a_comparison(stage):
    stage.show(CLIP)
    assert not stage.page.locator(".cd-takes").is_visible()

    stage.show(CLIP, bar={"take": {"take": "both", "label": "take 2"}})
    click(stage, "take-b")

    assert stage.asked() == [["take", "b"]]
    assert stage.page.locator('[data-action="take-both"]').get_attribute("aria-pressed") == "true"
    assert stage.page.locator('[data-action="take-b"]').inner_text() == "take 2"


def test_everything_is_saved_from_the_menu_and_the_shortcuts_are_listed(stage):
    stage.show(CLIP)
    click(stage, "more")
    click(stage, "export-wav")
    assert stage.asked() == [["export", "wav"]]

    stage.run("() => bar.showHelp()")

    assert "Quantise" in stage.page.locator(".cd-sheet:popover-open").inner_text()


@pytest.mark.parametrize("width", [400, 560, 800])
def test_all_controls_of_the_bar_stand_in_one_line(stage, width):
    stage.page.set_viewport_size({"width": width + 32, "height": 900})
    stage.show(CLIP, bar={"take": {"take": "both", "label": "x"}}, heard={"tempo": 99.5})
    stage.frame()

    tops = stage.run(
        """() => [...new Set([...bar.root.querySelectorAll(".cd-button")].filter((b) => b.offsetWidth)
             .map((b) => Math.round(b.getBoundingClientRect().top + b.offsetHeight / 2)))]"""
    )

    stage.page.set_viewport_size({"width": 832, "height": 900})
    assert len(tops) == 1


def test_the_lane_shows_the_controller_that_is_chosen_and_lists_those_of_the_clip(stage):
    stage.show(CLIP)
    stems = stage.colours(".cd-velocity")
    click(stage, "lane")
    assert items(stage)[:2] == ["Velocity", "Modulation\n•"]
    assert items(stage)[-1] == "Controller 20\n•"

    stage.page.locator(".cd-pop:popover-open .cd-item").nth(1).click()
    stage.frame()

    assert stage.run("() => roll.options.lane") == 1
    assert stage.colours(".cd-velocity") != stems
    x = stage.place(3, 60)[0]
    assert stage.colour(x, 3.5, ".cd-velocity") == stage.theme("clip")


def test_bend_has_its_zero_in_the_middle(stage):
    stage.show({**CLIP, "controls": []}).set(lane=128)

    found = stage.run(
        """() => {
          const box = roll.velocity.getBoundingClientRect();
          return [4, 29, 54].map((y) => roll.laneAt({ clientX: box.left + 9, clientY: box.top + y }).value);
        }"""
    )

    assert found[0] == 8191
    assert abs(found[1]) < 120
    assert found[2] == -8192


def test_the_lane_takes_hold_of_the_nearest_stem(stage):
    stage.show(CLIP)

    found = stage.run(
        """() => {
          const box = roll.velocity.getBoundingClientRect();
          const x = (beat) => box.left + beat * roll.view.perBeat + 2;
          return [0, 4, 6].map((beat) => roll.laneAt({ clientX: x(beat), clientY: box.top + 10 }).index);
        }"""
    )

    assert found == [0, 1, -1]


def test_a_folded_lane_takes_no_room(stage):
    stage.show(CLIP)
    click(stage, "fold")
    stage.frame()

    assert not stage.page.locator(".cd-velocity").is_visible()
    assert stage.page.locator('[data-action="fold"]').get_attribute("aria-expanded") == "false"


def test_tracks_are_named_chosen_muted_and_heard_alone(stage):
    stage.show(CLIP, parts=[None, BASS], active=0, muted=[False, True])
    for action in ("track-1", "mute-0", "solo-1"):
        click(stage, action)

    assert stage.asked() == [["choose", 1], ["mute", 0], ["solo", 1]]
    assert stage.page.locator('[data-action="mute-1"]').get_attribute("aria-pressed") == "true"
    assert stage.page.locator('[data-action="track-1"]').inner_text().split() == ["Bass", "bass"]
    assert stage.page.locator(".cd-track[data-silent]").count() == 1


def test_stacked_tracks_have_small_rolls_in_line_with_the_grid(stage):
    stage.show(CLIP, parts=[None, BASS], active=0).set(stacked=True)

    strip = stage.page.locator(".cd-track canvas").nth(1).bounding_box()
    grid = stage.page.locator(".conduit-grid").bounding_box()

    assert (strip["x"], strip["width"]) == (grid["x"], grid["width"])
    assert len(stage.colours(".cd-track:nth-child(2) canvas")) > 1


def test_a_muted_track_and_a_stacked_view_show_at_once(bare, bass):
    view = ClipView()
    view.show_clips([bass, bass.with_(name="Other")])
    bare.open(view)

    bare.action("mute-1").click()
    bare.action("rows").click()
    bare.action("stacked").click()
    bare.frame()

    assert bare.action("mute-1").get_attribute("aria-pressed") == "true"
    assert bare.page.locator(".cd-track canvas").nth(1).is_visible()


def test_one_clip_has_no_list_of_tracks(stage):
    stage.show(CLIP, parts=[None])

    assert not stage.page.locator(".cd-tracks").is_visible()
