from __future__ import annotations

import base64
import random

import pytest

from conduit.music import Clip, Note
from conduit.widgets import ClipView, pack_notes

pytestmark = pytest.mark.browser

ROOT = ".conduit-clip-view"


def test_a_ready_clip_says_how_many_notes_it_draws(bare, ready):
    bare.open(ready)

    assert bare.page.locator(ROOT).get_attribute("data-phase") == "ready"
    assert bare.page.locator(ROOT).get_attribute("data-notes") == "16"
    label = bare.page.locator("canvas.conduit-grid").get_attribute("aria-label")
    assert label == "Piano roll of Bass line: 16 notes, 4 bars, A0 to F#1, A minor"


def test_notes_are_drawn_in_strengths_of_the_clips_colour(bare, ready):
    bare.open(ready)

    with_notes = bare.colours()
    ready.show_clip(Clip.of([], length=16))
    bare.show(ready)
    assert len(with_notes) > len(bare.colours()) + 20


def test_light_and_dark_draw_different_surfaces(bare, ready):
    surfaces = {}
    for theme in ("light", "dark", "contrast"):
        counts = bare.open(ready, theme=theme).colours()
        surfaces[theme] = max(counts, key=counts.__getitem__)[:3]

    assert min(surfaces["light"]) > 200
    assert max(surfaces["dark"]) < 60
    assert max(surfaces["contrast"]) < 60


def test_a_theme_change_redraws(bare, ready):
    bare.open(ready)
    before = bare.colours()

    bare.page.evaluate(
        "() => { document.body.style.setProperty('--jp-layout-color0', '#111');"
        " document.body.style.setProperty('--jp-ui-font-color0', 'white');"
        " document.body.dataset.jpThemeLight = 'false'; }"
    )
    bare.frame()
    bare.frame()

    assert max(bare.colours(), key=bare.colours().__getitem__) != max(before, key=before.__getitem__)


def test_streaming_notes_arrive_without_moving_anything(bare, ready, bass):
    ready.show_clip(bass.with_table(bass.table[:3]))
    ready.show_state(phase="streaming", text="")
    bare.open(ready)
    height = bare.page.locator(".cd-roll").bounding_box()["height"]

    ready.show_clip(bass.with_table(bass.table[:9]))
    bare.show(ready)

    assert bare.page.locator(ROOT).get_attribute("data-notes") == "9"
    assert bare.page.locator(".cd-roll").bounding_box()["height"] == height
    assert bare.page.locator(".cd-writer").is_visible()


def test_new_notes_are_drawn_with_the_next_frames(bare, ready, bass):
    ready.show_state(phase="streaming")
    bare.open(ready)
    before = bare.colours()
    notes = pack_notes(Clip.of([*bass.notes, *(Note(40, beat, 1, 127) for beat in range(16))]))

    frames = bare.page.evaluate(
        """async (text) => {
          window.put({ clips: [{ ...window.model.get("clips")[0], notes: window.bytes(text) }] });
          const root = document.querySelector(".conduit-clip-view");
          let frames = 0;
          for (; root.dataset.notes !== "32"; frames += 1) await new Promise(requestAnimationFrame);
          return frames;
        }""",
        base64.b64encode(notes).decode(),
    )
    bare.frame()

    assert frames <= 2
    assert bare.colours() != before


def test_pointing_at_a_note_names_it(bare, ready):
    bare.open(ready)
    box = bare.page.locator("canvas.conduit-grid").bounding_box()
    x, y = bare.page.evaluate(
        """() => {
          const canvas = document.querySelector("canvas.conduit-grid");
          return [canvas.clientWidth * (0.3 / 16), canvas.clientHeight];
        }"""
    )

    texts = set()
    for step in range(0, int(y), 8):
        bare.page.mouse.move(box["x"] + x, box["y"] + step)
        tip = bare.page.locator(".cd-tip")
        if tip.is_visible():
            texts.add(tip.inner_text())

    assert texts == {"A0 (33) · 1.1.1 · 0.75 beat · vel 40"}


def test_control_and_wheel_zooms_and_a_plain_wheel_is_left_to_the_page(bare, ready):
    bare.open(ready)
    box = bare.page.locator("canvas.conduit-grid").bounding_box()
    bare.page.mouse.move(box["x"] + 100, box["y"] + 100)

    plain = bare.page.evaluate(
        """() => document.querySelector("canvas.conduit-grid").dispatchEvent(
             new WheelEvent("wheel", { deltaY: 50, bubbles: true, cancelable: true }))"""
    )
    bare.page.keyboard.down("Control")
    bare.page.mouse.wheel(0, -300)
    bare.page.keyboard.up("Control")
    bare.frame()

    assert plain is True
    assert bare.page.locator("canvas.cd-overview").is_visible()
    bare.page.locator("canvas.conduit-grid").press("0")
    bare.frame()
    assert not bare.page.locator("canvas.cd-overview").is_visible()


def test_keys_zoom_and_the_notebooks_shortcuts_do_not_hear_them(bare, ready):
    bare.open(ready)
    bare.page.evaluate(
        "() => { window.heard = []; document.addEventListener('keydown', (e) => window.heard.push(e.key)); }"
    )
    grid = bare.page.locator("canvas.conduit-grid")
    grid.focus()

    for key in ("+", "+", "b", "m", "ArrowRight"):
        bare.page.keyboard.press(key)
    bare.page.keyboard.press("Control+s")
    bare.frame()

    assert bare.page.locator("canvas.cd-overview").is_visible()
    assert bare.page.evaluate("() => window.heard") == ["Control", "s"] or bare.page.evaluate(
        "() => window.heard"
    ) == ["s"]
    assert grid.get_attribute("data-lm-suppress-shortcuts") is None
    bare.page.keyboard.press("b")
    assert grid.get_attribute("data-lm-suppress-shortcuts") is not None


def test_twenty_thousand_notes_draw_within_a_frame_or_two(bare, ready):
    rng = random.Random(7)
    notes = [Note(rng.randint(30, 90), rng.random() * 4000, 0.5, rng.randint(1, 127)) for _ in range(20_000)]
    ready.show_clip(Clip.of(notes, name="Many"))
    bare.open(ready)
    bare.page.locator("canvas.conduit-grid").press("0")
    bare.frame()

    took = bare.page.evaluate(
        """async () => {
          const times = [];
          for (let i = 0; i < 12; i += 1) {
            const key = i % 2 ? "-" : "+";
            const grid = document.querySelector(".conduit-grid");
            grid.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
            const began = performance.now();
            await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
            times.push(performance.now() - began);
          }
          return Math.min(...times);
        }"""
    )

    assert took < 50
    assert len(bare.colours()) > 20


def test_a_drum_clip_that_streams_has_its_lanes_from_the_first_note_and_one_height(bare):
    beat = Clip.of([Note(36 + 2 * (i % 5), i, 0.25) for i in range(16)], name="Beat", instrument="drums")
    view = ClipView()
    view.show_state(phase="streaming")
    bare.open(view)
    box = bare.page.locator("canvas.conduit-grid")

    heights, names = [box.bounding_box()["height"]], []
    for count, phase in ((1, "streaming"), (9, "streaming"), (16, "ready")):
        view.show_clip(beat.with_table(beat.table[:count]))
        view.show_state(phase=phase)
        bare.show(view)
        heights.append(box.bounding_box()["height"])
        at = box.bounding_box()
        bare.page.mouse.move(at["x"] + 3, at["y"] + 9.5 * 25)
        names.append(bare.page.locator(".cd-tip").inner_text()[:4])

    assert heights == [256] * 4
    assert names == ["kick"] * 3


def test_the_roll_keeps_its_height_and_rows_when_streaming_ends(bare, ready, bass):
    ready.show_clip(bass.with_table(bass.table[:7]))
    ready.show_state(phase="streaming")
    bare.open(ready)
    ready.show_clip(bass)
    bare.show(ready)
    before = bare.page.locator(".cd-roll").bounding_box(), bare.colours("canvas.cd-keys")

    ready.show_state(phase="ready")
    bare.show(ready)

    assert (bare.page.locator(".cd-roll").bounding_box(), bare.colours("canvas.cd-keys")) == before


@pytest.mark.parametrize("width", [400, 800])
def test_name_tempo_and_bars_are_in_sight_at_any_width(bare, ready, bass, width):
    ready.show_clip(bass.with_(name="A name that is far too long for the bar of a narrow notebook cell"))
    bare.open(ready, width=width)

    cut = bare.page.evaluate(
        """() => [".cd-tempo", ".cd-bars"].map((s) => document.querySelector(s))
             .filter((node) => !node.offsetWidth || node.scrollWidth > node.clientWidth + 1).length"""
    )

    assert cut == 0
    assert bare.page.locator(".cd-bpm").input_value() == "120"
    assert bare.page.locator(".cd-bars").inner_text() == "4 bars"
    assert bare.page.locator(".cd-name").bounding_box()["width"] > 100


def test_drums_are_named_on_their_lanes_and_in_the_tip(bare, ready):
    beat = Clip.of([Note(36, i, 0.25) for i in range(16)], name="Beat", instrument="drums")
    ready.show_clip(beat)
    bare.open(ready)
    box = bare.page.locator("canvas.conduit-grid").bounding_box()

    bare.page.mouse.move(box["x"] + 3, box["y"] + box["height"] - 8)

    assert bare.page.locator(".cd-tip").inner_text().startswith("kick (36)")
