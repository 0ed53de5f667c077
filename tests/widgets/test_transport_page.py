"""The transport of a view in a bare page, with the sound engine and no view around it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from widgets.transport_page import ORIGIN, START, TransportPage, give

pytestmark = pytest.mark.browser


@pytest.fixture
def transport(chromium: Browser) -> Iterator[TransportPage]:
    page = chromium.new_page()
    made = TransportPage(page)
    yield made
    page.close()
    assert made.errors == []


def test_the_take_that_plays_is_exchanged_at_its_place_and_back(transport):
    beats, counts = transport.run(
        """
        transport.load([clip(every)]);
        transport.play(3);
        await heard();
        const [beats, counts] = [[transport.beat()], []];
        const look = async () => {
          await pause(100);
          beats.push(transport.beat());
          counts.push(engine.score.parts[0].events.length / 5);
        };
        transport.swapTo([clip([0, 2, 4, 6])]);
        await look();
        transport.swapTo(null);
        await look();
        return [beats, counts];
        """
    )

    assert counts == [4, 8]
    assert 3 <= beats[0] < beats[1] < beats[2] < 4.5


def test_an_edit_while_another_take_plays_does_not_take_its_place(transport):
    counts = transport.run(
        """
        transport.load([clip(every)]);
        transport.swapTo([clip([0, 2])]);
        transport.play(0);
        await heard();
        transport.load([clip([0])]);
        return [engine.score.parts[0].events.length / 5, transport.score.parts[0].events.length / 5];
        """
    )

    assert counts == [2, 2]


def test_tempo_swing_metronome_mute_and_solo_are_heard_while_it_plays(transport):
    score, beat, own = transport.run(
        """
        transport.load([clip(every), clip(every)]);
        transport.play(2);
        await heard();
        transport.setTempo(90);
        transport.set({ swing: 0.6, metronome: true });
        transport.mute(0);
        transport.solo(1);
        const { bpm, swing, metronome, parts } = engine.score;
        const flags = parts.map(({ muted, soloed }) => [muted, soloed]);
        await pause(50);
        const beat = transport.beat();
        transport.setTempo(null);
        return [[bpm, swing, metronome, flags], beat, engine.score.bpm];
        """
    )

    assert score == [90, 0.6, True, [[True, False], [False, True]]]
    assert 2 <= beat < 3
    assert own == 120


def test_a_cue_that_is_set_while_it_plays_is_where_it_goes_on(transport):
    beat, playing, frames = transport.run(
        """
        transport.load([clip(every)]);
        transport.play(0);
        await heard();
        frames.length = 0;
        transport.setCue(5);
        await heard();
        return [transport.beat(), transport.playing, frames.includes(null)];
        """
    )

    assert 5 <= beat < 5.5
    assert (playing, frames) == (True, False)


def test_a_cue_that_is_not_to_jump_leaves_what_plays(transport):
    beat, cue = transport.run(
        """
        transport.load([clip(every)]);
        transport.play(0);
        await heard();
        transport.setCue(5, { jump: false });
        await pause(50);
        return [transport.beat(), transport.cue];
        """
    )

    assert beat < 4
    assert cue == 5


def test_what_was_stopped_goes_on_there_and_what_has_ended_begins_again_at_the_cue(transport):
    reached, on, again = transport.run(
        """
        transport.load([clip([0], { length: 2 })]);
        transport.setLoop(false);
        transport.setCue(0.5);
        transport.toggle();
        while (!(transport.beat() > 0.8)) await pause(5);
        const reached = transport.beat();
        transport.toggleOn();
        transport.toggleOn();
        const on = engine.from;
        while (transport.playing) await pause(5);
        transport.toggleOn();
        return [reached, on, engine.from];
        """
    )

    assert reached <= on < 2
    assert again == 0.5


def test_without_loop_it_stops_at_the_end_and_the_playhead_goes(transport):
    last, playing = transport.run(
        """
        transport.load([clip([0], { length: 2 })]);
        transport.setLoop(false);
        transport.play(1);
        while (transport.playing) await pause(5);
        return [frames.at(-1), transport.playing];
        """
    )

    assert (last, playing) == (None, False)


def test_the_sounds_of_parts_with_notes_are_wanted_once(transport):
    wanted = transport.run(
        """
        transport.load([clip([]), clip([0], { drums: true }), clip([0], { program: 33 })]);
        transport.load([clip([0], { drums: true }), clip([1], { program: 33 })]);
        transport.setSound("synth");
        return wanted;
        """
    )

    assert wanted == [["drums", "33"]]


def test_one_key_is_heard_as_the_chosen_part_sounds(transport):
    assert transport.run(
        """
        transport.load([clip([]), clip([0], { instrument: "piano" })]);
        transport.part = 1;
        transport.audition(60, 100);
        const began = performance.now();
        while (engine.level() < 0.03 && performance.now() - began < 3000) await pause(2);
        return engine.level() >= 0.03 && !transport.playing;
        """
    )


def test_sound_that_breaks_off_is_said_and_can_be_played_again(transport):
    said, playing, again = transport.run(
        """
        transport.load([clip(every, { drums: true, instrument: "drums" })]);
        engine.takeSounds("drums", [{ keys: [0, 127] }], Int16Array.of(0));
        transport.play(0);
        while (transport.playing) await pause(5);
        const after = [[...said], transport.playing];
        transport.setSound("synth");
        transport.play(0);
        await heard();
        return [...after, transport.playing];
        """
    )

    assert said == ["The sound broke off: press play to start it again"]
    assert (playing, again) == (False, True)


# Run by the page: what a test evaluates counts as a click of the person.
_UNASKED = """
  transport.load([clip(every)]);
  transport.play(0);
  const poll = setInterval(() => {
    if (transport.playing) return;
    clearInterval(poll);
    console.log(JSON.stringify([said, engine.context.state, navigator.userActivation.hasBeenActive]));
  }, 5);
  document.addEventListener("click", () => transport.play(0));
"""


@pytest.fixture
def strict(chromium: Browser) -> Iterator[Page]:
    """Give a page whose browser lets nothing sound before a click."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    options = ["--no-sandbox", "--disable-gpu", "--autoplay-policy=document-user-activation-required"]
    browser = chromium.browser_type.launch(executable_path=path, args=options)
    yield browser.new_page()
    browser.close()


def test_where_the_browser_plays_nothing_yet_that_is_said_and_a_click_later_it_plays(strict):
    start = f"(async () => {{ await ({START})(); const engine = globalThis.__conduit_sound; {_UNASKED} }})();"
    strict.route(f"{ORIGIN}/**", lambda route: give(route, f"<script type=module>{start}</script>"))

    ours = lambda message: message.text.startswith("[")  # noqa: E731  the browser has a word of its own to say
    with strict.expect_console_message(ours, timeout=10_000) as told:
        strict.goto(f"{ORIGIN}/")
    said, state, active = json.loads(told.value.text)
    strict.mouse.click(100, 100)
    strict.wait_for_function("() => transport.beat() !== null", timeout=10_000)

    assert said == ["The browser does not play sound in this tab yet: click the page, then press play again"]
    assert (state, active) == ("suspended", False)


def test_a_page_that_has_been_silent_gives_the_sound_card_back_and_takes_it_again_to_play(transport):
    states = transport.run(
        """
        engine.restsAfter_ms = 20;
        transport.load([clip(every)]);
        transport.play(0);
        await heard();
        transport.stop();
        while (engine.context.state !== "suspended") await pause(5);
        const before = engine.context.state;
        transport.play(0);
        await heard();
        await pause(50);
        return [before, engine.context.state];
        """
    )

    assert states == ["suspended", "running"]
