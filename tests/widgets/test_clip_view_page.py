from __future__ import annotations

import base64
import random

import numpy as np
import pytest

from conduit.music import Clip, Note
from conduit.widgets import ClipView

pytestmark = pytest.mark.browser

ROOT = ".conduit-clip-view"


def with_plan(view: ClipView, **changes) -> ClipView:
    plan = {
        "sentence": "Write 16 notes to track 2",
        "tier": "overwrites",
        "seconds_left": 200.0,
        "overwrites": True,
    }
    view.show_plan("p1", **{**plan, **changes})
    return view


def playhead_x(bare) -> float:
    return bare.page.evaluate(
        "() => new DOMMatrix(getComputedStyle(document.querySelector('.cd-playhead')).transform).e"
    )


def until(bare, condition: str) -> None:
    bare.page.wait_for_function(condition, timeout=5000)


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


@pytest.mark.parametrize("width", [400, 800, 1400])
def test_nothing_sticks_out_at_any_width(bare, ready, width):
    bare.open(with_plan(ready), width=width)

    outside = bare.page.evaluate(
        """() => {
          const root = document.querySelector(".conduit-clip-view").getBoundingClientRect();
          return [...document.querySelectorAll(".conduit-clip-view button, .conduit-clip-view select, canvas")]
            .filter((node) => node.offsetParent)
            .filter((node) => node.getBoundingClientRect().right > root.right + 0.5)
            .map((node) => node.dataset.action ?? node.className);
        }"""
    )
    assert outside == []


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


def test_new_notes_are_drawn_within_80_ms(bare, ready):
    ready.show_state(phase="streaming")
    bare.open(ready)

    took = bare.page.evaluate(
        """async (text) => {
          const began = performance.now();
          window.put({ notes: window.bytes(text) });
          const root = document.querySelector(".conduit-clip-view");
          while (root.dataset.notes !== "0") await new Promise(requestAnimationFrame);
          return performance.now() - began;
        }""",
        "",
    )

    assert took < 80


def test_stop_is_there_while_the_model_writes_and_sends_stop(bare, ready):
    ready.show_state(phase="streaming")
    bare.open(ready)

    bare.action("stop").click()

    assert bare.sent() == [{"type": "stop"}]
    ready.show_state(phase="ready")
    bare.show(ready)
    assert not bare.action("stop").is_visible()


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
    bare.action("fit").click()
    bare.frame()
    assert not bare.page.locator("canvas.cd-overview").is_visible()


def test_keys_zoom_and_the_notebooks_shortcuts_do_not_hear_them(bare, ready):
    bare.open(ready)
    bare.page.evaluate(
        "() => { window.heard = []; document.addEventListener('keydown', (e) => window.heard.push(e.key)); }"
    )
    bare.page.locator("canvas.conduit-grid").focus()

    for key in ("+", "+", "b", "m", "ArrowRight"):
        bare.page.keyboard.press(key)
    bare.page.keyboard.press("Control+s")
    bare.frame()

    assert bare.page.locator("canvas.cd-overview").is_visible()
    assert bare.page.evaluate("() => window.heard") == ["Control", "s"] or bare.page.evaluate(
        "() => window.heard"
    ) == ["s"]
    assert bare.page.locator(ROOT).get_attribute("data-lm-suppress-shortcuts") == "true"


def test_playing_sounds_and_moves_the_playhead(bare, ready):
    bare.open(ready)

    bare.action("play").click()

    until(bare, "() => globalThis.__conduit_v1.level() > 0.01")
    until(bare, "() => !document.querySelector('.cd-playhead').hidden")
    first = playhead_x(bare)
    until(
        bare,
        f"() => new DOMMatrix(getComputedStyle(document.querySelector('.cd-playhead')).transform).e > {first + 5}",
    )
    assert bare.page.locator(ROOT).get_attribute("data-playing") == "true"


def test_space_stops_what_plays(bare, ready):
    bare.open(ready)
    bare.page.locator("canvas.conduit-grid").focus()

    bare.page.keyboard.press(" ")
    until(bare, "() => document.querySelector('.conduit-clip-view').dataset.playing === 'true'")
    bare.page.keyboard.press(" ")

    until(bare, "() => document.querySelector('.conduit-clip-view').dataset.playing === 'false'")
    until(bare, "() => globalThis.__conduit_v1.level() < 0.001")
    assert not bare.page.locator(".cd-playhead").is_visible()


def test_in_an_offline_context_each_note_starts_within_a_millisecond(bare, ready):
    bare.open(ready)
    bare.page.evaluate("() => document.querySelector('[data-action=play]').click()")

    late_ms = bare.page.evaluate(
        """async () => {
          const engine = globalThis.__conduit_v1;
          const rate = 44100;
          const notes = { count: 3, start: [0.25, 1, 2.5], duration: [0.1, 0.1, 0.1], pitch: [36, 36, 36],
                          velocity: [120, 120, 120], muted: [0, 0, 0] };
          const plan = engine.schedule(notes, { length: 4, bpm: 120 }, rate);
          const context = new OfflineAudioContext(2, 2 * rate, rate);
          const node = await engine.createNode(context, { ...plan, instrument: "drums", loop: false, from: 0 });
          node.connect(context.destination);
          const left = (await context.startRendering()).getChannelData(0);
          return notes.start.map((beat) => {
            const due = Math.round(beat * 0.5 * rate);
            let at = due - 200;
            const before = Math.abs(left[at]);
            while (Math.abs(left[at]) < 0.02 + before && at < due + rate) at += 1;
            return ((at - due) / rate) * 1000;
          });
        }"""
    )

    assert all(-1 < late < 1 for late in late_ms), late_ms


def test_without_a_worklet_the_same_sound_is_rendered_in_a_worker(bare, ready):
    bare.open(ready, origin="http://not-secure.test")

    bare.action("play").click()

    until(bare, "() => globalThis.__conduit_v1.level() > 0.01")
    assert bare.page.evaluate("() => [isSecureContext, globalThis.__conduit_v1.node === undefined]") == [
        False,
        True,
    ]


def test_general_midi_is_asked_for_and_played_when_it_comes(bare, ready):
    bare.open(ready)

    bare.action("sound-gm").click()
    asked = bare.sent()
    samples = (np.sin(np.arange(44_100 * 8) * 0.05) * 12_000).astype("<i2")
    stereo = base64.b64encode(np.repeat(samples, 2).tobytes()).decode()
    bare.page.evaluate(
        "(text) => window.say({ type: 'preview', sample_rate: 44100, loop_frames: 44100 * 8 }, window.bytes(text))",
        stereo,
    )
    bare.action("play").click()

    assert asked == [{"type": "preview"}]
    until(bare, "() => globalThis.__conduit_v1.level() > 0.2")


def test_starting_one_clip_stops_the_other(bare, ready):
    bare.open(ready)
    bare.page.evaluate(
        """async () => {
          const other = document.createElement("div");
          document.body.append(other);
          const source = await import("/widget.js?again");
          await source.default.render({ model: window.model, el: other });
        }"""
    )
    plays = bare.page.locator('[data-action="play"]')

    plays.nth(0).click()
    until(bare, "() => document.querySelectorAll('[data-playing=true]').length === 1")
    plays.nth(1).click()

    until(bare, "() => document.querySelectorAll('.conduit-clip-view')[1].dataset.playing === 'true'")
    assert bare.page.locator(ROOT).nth(0).get_attribute("data-playing") == "false"


def test_push_sends_the_chosen_track_and_slot(bare, ready):
    bare.open(ready)

    bare.action("push").click()
    bare.page.get_by_label("Track").select_option(label="New MIDI track")
    bare.page.get_by_label("Slot").select_option("5")
    bare.action("push").click()

    assert bare.sent() == [
        {"type": "push", "track": 2, "slot": 3, "new_track": False},
        {"type": "push", "track": 4, "slot": 5, "new_track": True},
    ]


def test_what_the_page_sends_is_what_the_widget_hands_on(bare, ready):
    got: list[dict[str, object]] = []
    view = ClipView(on_intent=got.append)
    view.put(notes=ready.notes, clip=ready.clip, state=ready.state, live=ready.live)
    bare.open(with_plan(view))

    bare.action("approve").click()
    for intent in bare.sent():
        view._handle_custom_msg(intent, [])

    assert got == [{"type": "approve", "plan": "p1"}]


@pytest.mark.parametrize(
    ("live", "button"),
    [
        pytest.param(
            {"simulated": True, "connected": True}, ("Push to simulated Live", True), id="simulated"
        ),
        pytest.param({"simulated": False, "connected": True}, ("Push to Live", True), id="live"),
        pytest.param({"simulated": False, "connected": False}, ("Push to Live", False), id="not-there"),
    ],
)
def test_the_push_button_says_whether_live_is_real(bare, ready, live, button):
    ready.show_live("The set", tracks=[("Bass", True)], scenes=4, **live)
    bare.open(ready)

    assert (bare.action("push").inner_text(), bare.action("push").is_enabled()) == button


def test_an_audio_track_cannot_be_chosen(bare, ready):
    bare.open(ready)

    disabled = bare.page.locator("option:disabled").all_inner_texts()

    assert disabled == ["3 Vox"]


def test_a_pending_plan_shows_what_comes_and_goes_and_asks(bare, ready, bass):
    old = Clip.of([*list(bass.notes)[:10], Note(60, 0, 2)], name="old")
    bare.open(with_plan(ready, before=old))

    legend = bare.page.locator(".cd-legend span").all_inner_texts()

    assert legend == ["6 added", "1 removed", "10 kept"]
    assert bare.page.locator(".conduit-plan").get_attribute("data-status") == "pending"
    assert len(bare.colours("canvas.cd-compare")) >= 3
    assert not bare.action("push").is_enabled()


def test_reject_sends_once(bare, ready):
    bare.open(with_plan(ready))

    bare.action("reject").click()
    bare.action("reject").click(force=True)

    assert bare.sent() == [{"type": "reject", "plan": "p1"}]


@pytest.mark.parametrize(
    ("outcome", "text", "actions"),
    [
        pytest.param(("applied", "Pushed to track 2"), "Pushed to track 2", ["undo"], id="applied"),
        pytest.param(("rejected", ""), "Nothing was changed", [], id="rejected"),
        pytest.param(("expired", ""), "The offer ran out", [], id="expired"),
        pytest.param(("undone", ""), "as it was before", [], id="undone"),
        pytest.param(("failed", "3 of 16 held"), "3 of 16 held", ["approve", "reject"], id="failed"),
    ],
)
def test_a_decided_plan_says_what_became_of_it(bare, ready, outcome, text, actions):
    status, result = outcome
    with_plan(ready).show_plan_status(status, result=result)
    bare.open(ready)

    card = bare.page.locator(".conduit-plan")

    assert text in card.inner_text()
    assert card.get_attribute("data-status") == status
    visible = [name for name in ("undo", "approve", "reject") if bare.action(name).is_visible()]
    assert visible == actions


def test_undo_sends_undo(bare, ready):
    with_plan(ready).show_plan_status("applied")
    bare.open(ready)

    bare.action("undo").click()

    assert bare.sent() == [{"type": "undo"}]


def test_a_plan_runs_out_in_front_of_the_eyes(bare, ready):
    bare.open(with_plan(ready, seconds_left=0.3))

    until(bare, "() => document.querySelector('.conduit-plan').dataset.status === 'expired'")

    assert not bare.action("approve").is_visible()


@pytest.mark.parametrize("field", ["name", "text", "error", "footer", "sentence", "track", "toast"])
def test_markup_in_any_text_stays_text(bare, ready, bass, field):
    evil = '<img src=x onerror="window.hacked = 1"><b>bold</b>'
    ready.show_clip(bass.with_(name=evil if field == "name" else "ok"))
    state = {key: evil for key in ("text", "error", "footer") if key == field}
    ready.show_state(phase="ready", **state)
    with_plan(ready, sentence=evil if field == "sentence" else "ok")
    tracks = [(evil if field == "track" else "ok", True)]
    ready.show_live("set", simulated=True, connected=True, tracks=tracks, scenes=2, target=(1, 1))
    bare.open(ready)
    bare.page.evaluate("(text) => window.say({ type: 'toast', text })", evil if field == "toast" else "ok")
    bare.frame()

    assert bare.page.locator(f"{ROOT} img, {ROOT} b").count() == 0
    assert bare.page.evaluate("() => window.hacked") is None
    assert "<b>bold</b>" in bare.page.locator(ROOT).text_content()


def test_twenty_thousand_notes_draw_within_a_frame_or_two(bare, ready):
    rng = random.Random(7)
    notes = [Note(rng.randint(30, 90), rng.random() * 4000, 0.5, rng.randint(1, 127)) for _ in range(20_000)]
    ready.show_clip(Clip.of(notes, name="Many"))
    bare.open(ready)
    bare.action("fit").click()
    bare.frame()

    took = bare.page.evaluate(
        """async () => {
          const times = [];
          for (let i = 0; i < 12; i += 1) {
            document.querySelector(`[data-action="zoom-${i % 2 ? "out" : "in"}"]`).click();
            const began = performance.now();
            await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
            times.push(performance.now() - began);
          }
          return times.sort((a, b) => a - b)[6];
        }"""
    )

    assert took < 50
    assert len(bare.colours()) > 20


def test_the_static_record_is_hidden_while_the_widget_lives(bare, ready):
    bare.open(ready)
    bare.frame()
    hidden = bare.page.get_by_text("record", exact=True).is_visible()

    bare.page.evaluate("() => window.unmount()")

    assert hidden is False
    assert bare.page.get_by_text("record", exact=True).is_visible()


def test_a_static_record_that_comes_later_is_hidden_too(bare, ready):
    bare.open(ready)

    bare.page.evaluate(
        """() => {
          document.querySelector("[data-conduit]").closest(".jp-OutputArea-child").remove();
          const child = document.createElement("div");
          child.className = "jp-OutputArea-child";
          child.innerHTML = '<p data-conduit="r1">late record</p>';
          document.querySelector(".jp-OutputArea").append(child);
        }"""
    )
    bare.frame()

    assert not bare.page.get_by_text("late record").is_visible()


def test_hello_is_repeated_until_it_is_routed(bare, ready):
    bare.open(ready)
    until(bare, "() => window.sent.filter((m) => m.type === 'hello').length >= 2")

    bare.page.evaluate("() => window.say({ type: 'routed' })")
    count = len(bare.sent(but=""))
    bare.page.evaluate("() => new Promise((done) => setTimeout(done, 600))")

    assert len(bare.sent(but="")) == count


def test_leaving_stops_the_sound_and_takes_everything_away(bare, ready):
    bare.open(ready)
    bare.action("play").click()
    until(bare, "() => globalThis.__conduit_v1.level() > 0.01")

    bare.page.evaluate("() => window.unmount()")

    assert bare.page.locator(ROOT).count() == 0
    until(bare, "() => globalThis.__conduit_v1.level() < 0.001")


def test_drums_are_named_on_their_lanes_and_in_the_tip(bare, ready):
    beat = Clip.of([Note(36, i, 0.25) for i in range(16)], name="Beat", instrument="drums")
    ready.show_clip(beat)
    bare.open(ready)
    box = bare.page.locator("canvas.conduit-grid").bounding_box()

    bare.page.mouse.move(box["x"] + 3, box["y"] + box["height"] - 8)

    assert bare.page.locator(".cd-tip").inner_text().startswith("kick (36)")
