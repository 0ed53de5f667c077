"""A sound engine that breaks or is replaced, and what it asks for, in a bare page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from widgets.engine_page import EnginePage, opened

pytestmark = pytest.mark.browser


@pytest.fixture
def sound(chromium: Browser) -> Iterator[EnginePage]:
    with opened(chromium, "http://localhost") as page:
        yield page


@pytest.fixture
def insecure(chromium: Browser) -> Iterator[EnginePage]:
    with opened(chromium, "http://not-secure.test") as page:
        yield page


# A sound that the sampler cannot play: the processor throws at its first note.
BAD = 'engine.takeSounds("drums", [{ keys: [0, 127] }], Int16Array.of(0));'


def test_a_processor_that_breaks_is_told_and_made_again_at_the_next_play(sound):
    told, level = sound.run(
        f"""
        const good = engine.banks.get("drums");
        const owner = {{ told: [], stopped(why) {{ this.told.push(why); }} }};
        {BAD}
        await engine.play(owner, score([0, 1], {{ loop: [0, 4] }}));
        while (!owner.told.length) await pause(5);
        engine.takeSounds("drums", good.zones, good.samples);
        await engine.play(owner, score(every(0.25, 16), {{ loop: [0, 4] }}));
        while (engine.level() < 0.2) await pause(5);
        const level = engine.level();
        engine.stop(owner);
        return [owner.told, level];
        """
    )

    assert told == ["The sound broke off: press play to start it again", None]
    assert level > 0.2


def test_a_message_that_the_processor_cannot_take_breaks_it_as_well(sound):
    told = sound.run(
        """
        const owner = { told: [], stopped(why) { this.told.push(why); } };
        await engine.play(owner, score([0], { loop: [0, 4] }));
        engine.takeSounds("drums", null, Int16Array.of(0));
        while (!owner.told.length) await pause(5);
        return owner.told;
        """
    )

    assert told == ["The sound broke off: press play to start it again"]


def test_without_a_worklet_a_worker_that_breaks_is_told_and_made_again(insecure):
    told, level = insecure.run(
        f"""
        const good = engine.banks.get("drums");
        const owner = {{ told: [], stopped(why) {{ this.told.push(why); }} }};
        {BAD}
        await engine.play(owner, score([0, 1], {{ loop: [0, 4] }}));
        while (!owner.told.length) await pause(5);
        engine.takeSounds("drums", good.zones, good.samples);
        await engine.play(owner, score(every(0.25, 16), {{ loop: [0, 4] }}));
        while (engine.level() < 0.2) await pause(5);
        return [owner.told, engine.level()];
        """
    )

    assert told == ["The sound broke off: press play to start it again"]
    assert level > 0.2


@pytest.mark.parametrize("origin", ["sound", "insecure"])
def test_an_engine_that_comes_later_takes_the_place_of_the_one_that_plays(origin, request):
    page = request.getfixturevalue(origin)

    told, state, others = page.run(
        """
        await engine.play(owner, score(every(0.25, 16), { loop: [0, 4] }));
        while (engine.level() < 0.2) await pause(5);
        const came = new Promise((done) => addEventListener("conduit-sound", done, { once: true }));
        document.head.append(Object.assign(document.createElement("script"), { src: "/engine.js?again" }));
        await came;
        await pause(50);
        const later = globalThis.__conduit_sound;
        await later.play(owner, { ...score([]), parts: [{ ...clicks([0]), sound: "synth" }] });
        while (later.level() < 0.02) await pause(5);
        return [owner.ended, engine.context.state, [later !== engine, later.owner === owner]];
        """
    )

    assert told == 1
    assert state == "closed"
    assert others == [True, True]


@pytest.mark.parametrize("origin", ["sound", "insecure"])
def test_one_key_is_heard_at_once_while_nothing_plays(origin, request):
    assert request.getfixturevalue(origin).run(
        """
        await engine.audition({ ...clicks([]), sound: "synth", instrument: "piano", drums: false }, 60, 100);
        const began = performance.now();
        while (engine.level() < 0.05) await pause(2);
        return performance.now() - began < 1500 && engine.owner === null;
        """
    )


def test_a_sound_is_asked_for_once_until_it_comes_or_a_while_has_passed(sound):
    asked = sound.run(
        """
        const bass = { ...clicks([]), instrument: "bass", drums: false, program: 33 };
        const parts = [bass, bass, clicks([])];
        const [first, again, later] = [0, 10, 20000].map((now) => engine.lacking(parts, now));
        engine.takeSounds("33", [], new DataView(new ArrayBuffer(8), 2, 4));
        return [first, again, later, engine.lacking(parts, 90000), engine.sampled(parts)];
        """
    )

    assert asked == [["33"], [], ["33"], [], True]
