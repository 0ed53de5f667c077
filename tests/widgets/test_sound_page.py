from __future__ import annotations

import base64

import numpy as np
import pytest

pytestmark = pytest.mark.browser

ROOT = ".conduit-clip-view"


def playhead_x(bare) -> float:
    return bare.page.evaluate(
        "() => new DOMMatrix(getComputedStyle(document.querySelector('.cd-playhead')).transform).e"
    )


def test_playing_sounds_and_moves_the_playhead(bare, ready):
    bare.open(ready)

    bare.action("play").click()

    bare.until("() => globalThis.__conduit_v1.level() > 0.01")
    bare.until("() => !document.querySelector('.cd-playhead').hidden")
    first = playhead_x(bare)
    bare.until(
        f"() => new DOMMatrix(getComputedStyle(document.querySelector('.cd-playhead')).transform).e > {first + 5}"
    )
    assert bare.page.locator(ROOT).get_attribute("data-playing") == "true"


def test_space_stops_what_plays(bare, ready):
    bare.open(ready)
    bare.page.locator("canvas.conduit-grid").focus()

    bare.page.keyboard.press(" ")
    bare.until("() => document.querySelector('.conduit-clip-view').dataset.playing === 'true'")
    bare.page.keyboard.press(" ")

    bare.until("() => document.querySelector('.conduit-clip-view').dataset.playing === 'false'")
    bare.until("() => globalThis.__conduit_v1.level() < 0.001")
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

    bare.until("() => globalThis.__conduit_v1.level() > 0.01")
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
    bare.until("() => globalThis.__conduit_v1.level() > 0.2")


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
    bare.until("() => document.querySelectorAll('[data-playing=true]').length === 1")
    plays.nth(1).click()

    bare.until("() => document.querySelectorAll('.conduit-clip-view')[1].dataset.playing === 'true'")
    assert bare.page.locator(ROOT).nth(0).get_attribute("data-playing") == "false"


def test_leaving_stops_the_sound_and_takes_everything_away(bare, ready):
    bare.open(ready)
    bare.action("play").click()
    bare.until("() => globalThis.__conduit_v1.level() > 0.01")

    bare.page.evaluate("() => window.unmount()")

    assert bare.page.locator(ROOT).count() == 0
    bare.until("() => globalThis.__conduit_v1.level() < 0.001")
