from __future__ import annotations

from dataclasses import replace

import pytest

from conduit.music import Clip

pytestmark = pytest.mark.browser

ROOT = ".conduit-clip-view"


def playhead_x(bare) -> float:
    return bare.page.evaluate(
        "() => new DOMMatrix(getComputedStyle(document.querySelector('.cd-playhead')).transform).e"
    )


def test_playing_sounds_and_moves_the_playhead(bare, ready):
    bare.open(ready)

    bare.action("play").click()

    bare.until("() => globalThis.__conduit_sound.level() > 0.01")
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
    bare.until("() => globalThis.__conduit_sound.level() < 0.001")
    assert not bare.page.locator(".cd-playhead").is_visible()


def test_in_an_offline_context_each_note_starts_within_a_millisecond(bare, ready):
    bare.open(ready)
    bare.page.evaluate("() => document.querySelector('[data-action=play]').click()")

    late_ms = bare.page.evaluate(
        """async () => {
          const engine = globalThis.__conduit_sound;
          const rate = 44100;
          const beats = [0.25, 1, 2.5];
          const events = Float64Array.from(beats.flatMap((beat) => [beat, 0.1, 36, 120, 1]));
          const drums = { events, sound: "synth", instrument: "drums", drums: true, gain: 1 };
          const score = { bpm: 120, length: 4, loop: null, parts: [drums] };
          const context = new OfflineAudioContext(2, 2 * rate, rate);
          const node = await engine.createNode(context, score);
          node.connect(context.destination);
          const left = (await context.startRendering()).getChannelData(0);
          return beats.map((beat) => {
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

    bare.until("() => globalThis.__conduit_sound.level() > 0.01")
    assert bare.page.evaluate("() => [isSecureContext, globalThis.__conduit_sound.node === undefined]") == [
        False,
        True,
    ]


def wanted(bare) -> list[list[str]]:
    return [intent["names"] for intent in bare.sent(but=()) if intent["type"] == "sounds"]


# A sound of one loud tone, as the kernel would send it.
GIVE = """
(name) => {
  const zone = { keys: [0, 127], velocities: [0, 127], start: 0, end: 4410, loop: [0, 4410], root: 33,
                 gain: 3,
                 rate: 44100, pan: 0, attack: 0, hold: 0, decay: 1, sustain: 1, release: 0.05, cutoff: null,
                 choke: 0 };
  const samples = Int16Array.from({ length: 4410 }, (_, i) => 30000 * Math.sin((2 * Math.PI * 10 * i) / 441));
  window.say({ type: "sounds", sounds: [{ name, zones: [zone] }] }, new DataView(samples.buffer));
}
"""


def test_the_sound_of_the_clip_is_asked_for_when_the_clip_shows_and_only_once(bare, ready, bass):
    bare.open(ready)

    ready.show_clip(replace(bass, name="Another"))
    bare.show(ready)

    assert wanted(bare) == [["38"]]


def test_play_begins_at_once_with_the_synthesizer_and_goes_on_with_the_sampled_sound_when_it_comes(
    bare, ready
):
    bare.open(ready)

    bare.action("play").click()
    bare.until("() => globalThis.__conduit_sound.level() > 0.01")
    before = bare.page.evaluate("() => globalThis.__conduit_sound.has('38')")
    bare.page.evaluate(GIVE, "38")

    assert before is False
    assert bare.page.evaluate("() => globalThis.__conduit_sound.has('38')") is True
    bare.until("() => globalThis.__conduit_sound.level() > 0.2")
    assert bare.page.locator(ROOT).get_attribute("data-playing") == "true"


def test_the_person_chooses_between_synthesizer_and_sampled_sound(bare, ready):
    bare.open(ready)
    bare.page.evaluate(GIVE, "38")

    bare.action("sound-synth").click()
    bare.action("play").click()

    bare.until("() => globalThis.__conduit_sound.score?.parts[0].sound === 'synth'")
    bare.action("sound-gm").click()
    bare.until("() => globalThis.__conduit_sound.score?.parts[0].sound === 'gm'")
    assert bare.page.locator(ROOT).get_attribute("data-playing") == "true"


def test_an_edit_in_python_is_heard_without_a_break(bare, ready, bass):
    bare.open(ready)
    bare.action("play").click()
    bare.until("() => globalThis.__conduit_sound.level() > 0.01")

    ready.show_clip(Clip.of(bass.notes[:8], length=16, instrument="bass"))
    bare.show(ready)

    bare.until("() => globalThis.__conduit_sound.score?.parts[0].events.length === 8 * 5")
    assert bare.page.locator(ROOT).get_attribute("data-playing") == "true"
    assert bare.page.evaluate("() => globalThis.__conduit_sound.beat(globalThis.__conduit_sound.owner)") > 0


def test_the_loop_is_turned_off_and_on_while_it_plays(bare, ready):
    bare.open(ready)
    bare.action("play").click()
    bare.until("() => globalThis.__conduit_sound.score?.loop?.[1] === 16")

    bare.action("loop").click()

    bare.until("() => globalThis.__conduit_sound.score?.loop === null")
    assert bare.page.locator(ROOT).get_attribute("data-playing") == "true"


def test_starting_one_clip_stops_the_other(bare, ready):
    bare.open(ready)
    bare.page.evaluate(
        """async () => {
          const other = document.createElement("div");
          document.body.append(other);
          const source = await import("/widget.js?again");
          await source.default.render({ model: window.model, el: other });
          while (!other.firstChild) await new Promise(requestAnimationFrame);
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
    bare.until("() => globalThis.__conduit_sound.level() > 0.01")

    bare.page.evaluate("() => window.unmount()")

    assert bare.page.locator(ROOT).count() == 0
    bare.until("() => globalThis.__conduit_sound.level() < 0.001")
