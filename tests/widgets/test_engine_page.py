"""The sound engine in a bare page: what it plays, sample by sample, with the page as busy as it may be."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

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


def test_over_five_minutes_every_onset_is_within_a_millisecond_of_its_beat(sound):
    late_ms, count = sound.run(
        """
        const beats = every(1 / 3, 1850);
        const found = onsets(await offline(score(beats, { bpm: 123.4, length: 620 }), 300));
        const late = found.map((frame, i) => frame / 44.1 - (beats[i] * 60000) / 123.4);
        return [late.reduce((most, ms) => Math.max(most, Math.abs(ms)), 0), found.length];
        """
    )

    assert count > 1840
    assert late_ms < 1


def test_over_five_minutes_of_a_loop_every_round_is_within_a_millisecond(sound):
    late_ms, count = sound.run(
        """
        const found = onsets(await offline(score([1, 2.5, 3.6], { bpm: 123.4, loop: [1, 3.7] }), 300));
        const due = (i) => [0, 1.5, 2.6][i % 3] + 2.7 * Math.floor(i / 3);
        const late = found.map((frame, i) => frame / 44.1 - (due(i) * 60000) / 123.4);
        // Play begins at beat 0, one beat before the loop.
        return [late.reduce((most, ms) => Math.max(most, Math.abs(ms - 60000 / 123.4)), 0), found.length];
        """
    )

    assert count > 670
    assert late_ms < 1


def test_without_a_worklet_every_round_of_five_minutes_is_within_a_millisecond_too(insecure):
    late_ms, count = insecure.run(
        """
        const context = new OfflineAudioContext(2, 300 * 44100, 44100);
        const buffered = engine.createBuffered(context, context.destination, { ahead_s: 300, chunk_s: 2 });
        const value = score([1, 2.5, 3.6], { bpm: 123.4, loop: [1, 3.7] });
        const anchor = await buffered.play(value, 0);
        while (buffered.next < 300 * 44100) await pause(20);
        const found = onsets((await context.startRendering()).getChannelData(0));
        buffered.close();
        const beat = (i) => 1 + [0, 1.5, 2.6][i % 3] + 2.7 * Math.floor(i / 3);
        const late = found.map((frame, i) => (frame - anchor.frame) / 44.1 - (beat(i) * 60000) / 123.4);
        return [late.reduce((most, ms) => Math.max(most, Math.abs(ms)), 0), found.length];
        """
    )

    assert count > 670
    assert late_ms < 0.1


def test_the_chunks_of_the_worker_join_to_what_the_worklet_plays(sound):
    apart, loudest = sound.run(
        """
        const pad = { ...clicks([]), sound: "synth", instrument: "pad", drums: false,
                      events: Float64Array.of(0.5, 3, 57, 100, 1, 1, 2, 64, 90, 0.5) };
        const value = score([], { bpm: 123.4, loop: [0.3, 3.7], parts: [pad] });
        const context = new OfflineAudioContext(1, 6 * 44100, 44100);
        const buffered = engine.createBuffered(context, context.destination, { ahead_s: 6 });
        const { frame } = await buffered.play(value, 0);
        while (buffered.next < 6 * 44100) await pause(5);
        const joined = (await context.startRendering()).getChannelData(0).subarray(frame);
        buffered.close();
        const whole = await offline(value, 5);
        const furthest = (samples) => samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        return [furthest(whole.map((value, i) => value - joined[i])), furthest(whole)];
        """
    )

    assert loudest > 0.05
    assert apart < 1e-3


def test_a_page_that_stands_still_again_and_again_makes_no_note_late(sound):
    found = sound.run(
        """
        const take = await record();
        await engine.play(owner, score(every(0.25, 16), { bpm: 123.4, loop: [0, 4] }));
        for (let i = 0; i < 10; i += 1) { await pause(30); block(300); }
        engine.stop(owner);
        return take();
        """
    )

    step = 60 / 123.4 / 4 * 44_100
    late = [frame - found[0] - round((frame - found[0]) / step) * step for frame in found]
    rows = [round((frame - found[0]) / step) for frame in found]
    assert len(found) > 20
    assert rows == list(range(len(rows)))
    assert max(map(abs, late)) <= 1


def test_the_tempo_changes_while_it_plays_and_the_beat_that_is_told_follows(sound):
    found, told = sound.run(
        """
        const take = await record();
        await engine.play(owner, score(every(0.25, 64), { bpm: 120, length: 16 }));
        await pause(700);
        engine.update(owner, score(every(0.25, 64), { bpm: 240, length: 16 }));
        await pause(300);
        const [from, at] = [engine.beat(owner), engine.context.currentTime];
        await pause(600);
        const told = (engine.beat(owner) - from) / (engine.context.currentTime - at);
        engine.stop(owner);
        return [await take(), told];
        """
    )

    gaps = [after - before for before, after in pairwise(found)]
    slow, fast = 44_100 / 8, 44_100 / 16
    between = [gap for gap in gaps if abs(gap - slow) > 1 and abs(gap - fast) > 1]
    assert len(between) <= 1
    assert gaps[0] == pytest.approx(slow, abs=1)
    assert gaps[-1] == pytest.approx(fast, abs=1)
    assert told == pytest.approx(4, rel=0.05)


def test_the_beat_runs_from_where_play_began_and_ends_with_the_clip(sound):
    first, ended = sound.run(
        """
        await engine.play(owner, score([], { length: 2.5 }), { from: 2 });
        while (engine.beat(owner) === null) await pause(5);
        const first = engine.beat(owner);
        while (!owner.ended) await pause(5);
        return [first, [engine.beat(owner), owner.ended]];
        """
    )

    assert 2 <= first < 2.2
    assert ended == [None, 1]


def test_one_owner_plays_a_page_and_the_one_before_is_told(sound):
    told = sound.run(
        """
        const other = { ended: 0, stopped() { this.ended += 1; } };
        await engine.play(owner, score([0], { loop: [0, 4] }));
        await engine.play(other, score([0], { loop: [0, 4] }));
        engine.stop(owner);
        await engine.play(other, score([0], { loop: [0, 4] }));
        return [owner.ended, other.ended, engine.beat(owner), engine.owner === other];
        """
    )

    assert told == [1, 0, None, True]


def test_a_hundred_thousand_notes_in_ten_parts_begin_quickly_and_leave_the_processor_time(sound):
    starts_ms, update_ms, faster = sound.run(
        """
        const kinds = ["drums", "bass", "keys", "pad", "lead", "pluck", "piano", "keys", "pad", "lead"];
        const rows = (part) => Float64Array.from({ length: 50000 }, (_, k) => {
          const i = Math.floor(k / 5);
          return [i * 0.12, 0.5, part ? 40 + ((i * 7 + part * 5) % 40) : 36 + (i % 12), 70 + (i % 50), 1][k % 5];
        });
        const value = score([], { length: 1200, parts: kinds.map((instrument, i) =>
          ({ ...clicks([]), sound: "synth", instrument, drums: !i, events: rows(i) })) });
        const began = performance.now();
        engine.play(owner, value, { from: 600 });
        while (engine.level() < 0.01) await pause(5);
        const starts = performance.now() - began;
        const changed = performance.now();
        engine.update(owner, { ...value, bpm: 100 });
        const updates = performance.now() - changed;
        engine.stop(owner);
        await offline(value, 1);
        const before = performance.now();
        await offline(value, 10);
        return [starts, updates, 10000 / (performance.now() - before)];
        """
    )

    assert starts_ms < 1500
    assert update_ms < 50
    assert faster > 1


def test_without_a_worklet_the_same_score_is_rendered_and_loops_at_its_place(insecure):
    level, beat, ended = insecure.run(
        """
        const value = score([0, 1, 2, 3], { loop: [2, 4] });
        await engine.play(owner, value, { from: 1 });
        while (engine.level() < 0.2) await pause(5);
        const level = engine.level();
        while (!(engine.beat(owner) > 2)) await pause(5);
        await pause(1200);
        engine.update(owner, { ...value, bpm: 90 });
        while (engine.level() < 0.2) await pause(5);
        const beat = engine.beat(owner);
        engine.stop(owner);
        return [level, beat, [isSecureContext, engine.node ?? null, owner.ended]];
        """
    )

    assert level > 0.2
    assert 2 <= beat < 4
    assert ended == [False, None, 1]


def test_without_a_worklet_what_follows_is_ready_while_the_page_stands_still(insecure):
    beats, levels = insecure.run(
        """
        await engine.play(owner, score(every(0.25, 16), { loop: [0, 4] }));
        while (!(engine.beat(owner) > 1)) await pause(5);
        await pause(200);
        block(1500);
        const before = engine.beat(owner);
        const levels = [];
        for (let i = 0; i < 60; i += 1) {
          await pause(5);
          levels.push(engine.level());
        }
        engine.stop(owner);
        return [[before, engine.beat(owner)], levels];
        """
    )

    assert beats[0] >= 0
    assert beats[1] is None
    assert max(levels) > 0.2


def test_without_a_worklet_it_ends_with_the_clip_and_its_last_note_rings_on(insecure):
    ended, level = insecure.run(
        """
        const pad = { ...clicks([]), sound: "synth", instrument: "pad", drums: false,
                      events: Float64Array.of(0, 1, 57, 120, 1) };
        await engine.play(owner, score([], { length: 1, parts: [pad] }));
        while (!owner.ended) await pause(5);
        await pause(100);
        return [owner.ended, engine.level()];
        """
    )

    assert ended == 1
    assert level > 0.001
