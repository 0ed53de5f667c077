from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from conduit.audio import (
    Sound,
    loudness_db,
    mix,
    peak,
    render,
    render_loop,
    rms,
    working_engines,
)
from conduit.errors import ClipError, SetupError
from conduit.music import DRUMS, PPQ, Clip, Note

BOTH = pytest.mark.parametrize("engine", ["synth", "gm"])
CHORDS = Clip.of([Note(p, bar * 4, 3.5) for bar in range(4) for p in (48, 55, 60, 64)], bpm=120)
BEAT = Clip.of(
    [Note(36, b, 0.25) for b in range(0, 16, 2)]
    + [Note(38, b + 1, 0.25) for b in range(0, 16, 2)]
    + [Note(42, b / 2, 0.25, 80) for b in range(32)],
    instrument=DRUMS,
)


@cache
def one(pitch: int, instrument: str = "keys", engine: str = "synth", beats: float = 1.0) -> Sound:
    return render(Clip.of([Note(pitch, 0, beats)], instrument=instrument), engine=engine, loudness=None)


def test_both_engines_work_here_and_general_midi_comes_first():
    assert working_engines() == ["gm", "synth"]


def test_auto_takes_the_first_that_works():
    assert render(CHORDS).engine == "gm"


def test_an_unknown_engine_is_refused_with_those_that_work():
    with pytest.raises(SetupError, match=r"'organ'.*auto, gm, synth") as caught:
        render(CHORDS, engine="organ")

    assert caught.value.valid == ["auto", "gm", "synth"]


@BOTH
def test_louder_notes_are_louder(engine: str):
    levels = [
        rms(render(Clip.of([Note(60, 0, 1, velocity)]), engine=engine, loudness=None))
        for velocity in (1, 40, 80, 96, 127)
    ]

    assert levels == sorted(levels)
    assert levels[0] < 0.1 * levels[-1]


@BOTH
@pytest.mark.parametrize("instrument", ["keys", "lead", DRUMS])
def test_32_notes_at_once_do_not_clip(instrument: str, engine: str):
    clip = Clip.of([Note(p, 0, 0.25, 127) for p in range(36, 68)], instrument=instrument)

    assert 0.3 < peak(render(clip, engine=engine)) <= 0.98
    assert peak(render_loop(clip, engine=engine)) <= 0.98


@BOTH
def test_what_fits_is_not_touched_by_the_limiter(engine: str):
    quiet, loud = (
        render(Clip.of([Note(60, 0, 1, v)]), engine=engine, loudness=None).samples for v in (88, 94)
    )

    assert np.abs(loud - quiet * (rms(loud) / rms(quiet))).max() < 1e-4


@pytest.mark.parametrize(
    ("engine", "instrument"),
    [("synth", "keys"), ("synth", "pad"), ("synth", "lead"), ("synth", DRUMS), ("gm", "keys"), ("gm", DRUMS)],
)
def test_sound_is_stereo(instrument: str, engine: str):
    notes = [Note(p, 0, 4) for p in (42, 49, 60, 64)]
    left, right = render(Clip.of(notes, instrument=instrument), engine=engine).samples.T

    assert not np.array_equal(left, right)
    assert abs(20 * np.log10(rms(left) / rms(right))) < 9


@BOTH
@pytest.mark.parametrize("clip", [CHORDS, BEAT], ids=["chords", "beat"])
def test_a_clip_always_gives_the_same_samples(clip: Clip, engine: str):
    first = render(clip, engine=engine).digest
    render(Clip.of([Note(p, 0, 12, 70) for p in (48, 60, 36)], instrument=clip.instrument), engine=engine)
    render(CHORDS, engine="synth")

    assert render(clip, engine=engine).digest == first


@BOTH
@pytest.mark.parametrize("bpm", [20, 97.3, 120, 174.21, 999])
def test_a_loop_has_the_length_of_its_clip_to_the_frame(bpm: float, engine: str):
    loop = render_loop(Clip.of([Note(60, 3, 4)], length=7, bpm=bpm), engine=engine)

    assert len(loop) == round(7 * 60 / bpm * 44_100)


@BOTH
@pytest.mark.parametrize("clip", [CHORDS, BEAT], ids=["chords", "beat"])
def test_a_loop_sounds_like_the_second_of_two_rounds(clip: Clip, engine: str):
    again = clip.table.copy()
    again["start"] += clip.length_ticks
    twice = clip.with_table(np.concatenate([clip.table, again]), length_ticks=2 * clip.length_ticks)

    loop = render_loop(clip, engine=engine, loudness=None)
    second = render(twice, engine=engine, loudness=None).samples[len(loop) :][: len(loop)]

    assert np.abs(loop.samples - second).max() < 2e-3


@BOTH
def test_a_loop_shorter_than_its_tail_keeps_all_of_it(engine: str):
    clip = Clip.of([Note(60, 0, 0.5)], length=0.5, bpm=240, instrument="pad")

    assert rms(render_loop(clip, engine=engine)) > rms(render(clip, engine=engine, tail_s=0))


@BOTH
def test_muted_notes_are_silent(engine: str):
    clip = Clip.of([Note(60, 0, 1), Note(64, 1, 1, mute=True)])
    alone = Clip.of([Note(60, 0, 1)])

    assert render(clip, engine=engine) == render(alone, engine=engine)


@BOTH
def test_an_empty_clip_is_silence_of_its_length(engine: str):
    sound = render(Clip.of([], length=8, bpm=120), engine=engine, tail_s=0.5)

    assert (len(sound), peak(sound)) == (round(4.5 * 44_100), 0)
    assert peak(render_loop(Clip.of([]), engine=engine)) == 0


def test_notes_that_begin_after_the_end_are_not_played():
    assert peak(render(Clip.of([Note(60, 5, 1)], length=4), engine="synth")) == 0


@BOTH
def test_the_tail_fades_to_nothing(engine: str):
    sound = render(Clip.of([Note(60, 0, 4)], instrument="pad"), engine=engine, tail_s=1.0)

    assert len(sound) == round(3.0 * 44_100)
    assert peak(sound.samples[2 * 44_100 : 2 * 44_100 + 4410]) > 0.01
    assert peak(sound.samples[-441:]) < 0.002


def test_without_a_tail_the_end_is_faded_within_5_ms():
    sound = render(Clip.of([Note(45, 0, 4)], instrument="bass"), engine="synth", tail_s=0)

    assert len(sound) == 2 * 44_100
    assert peak(sound.samples[-1]) < 0.002


@BOTH
def test_a_closed_hat_cuts_an_open_one(engine: str):
    open_only = render(Clip.of([Note(46, 0, 0.25)], instrument=DRUMS), engine=engine)
    both = render(Clip.of([Note(46, 0, 0.25), Note(42, 0.5, 0.25)], instrument=DRUMS), engine=engine)
    after = slice(round(0.45 * 44_100), round(0.6 * 44_100))

    assert rms(both.samples[after]) < 0.3 * rms(open_only.samples[after])


def test_an_open_hat_at_a_loops_end_is_cut_by_the_closed_one_at_its_beginning():
    clip = Clip.of([Note(42, 0, 0.25), Note(46, 3.5, 0.25)], instrument=DRUMS)
    closed = Clip.of([Note(42, 0, 0.25)], instrument=DRUMS)
    start = slice(round(0.05 * 44_100), round(0.2 * 44_100))

    difference = render_loop(clip, engine="synth").samples - render_loop(closed, engine="synth").samples
    assert peak(difference[start]) < 1e-4


@BOTH
@pytest.mark.parametrize("instrument", ["lead", "piano"])
@pytest.mark.parametrize("seconds", [0.02, 0.3, 5.0, pytest.param(60.0, marks=pytest.mark.slow)])
def test_notes_from_20_ms_to_a_minute_end_when_they_should(seconds: float, instrument: str, engine: str):
    note = Note(57, 0, seconds * 2)
    clip = Clip.of([note], length=seconds * 2 + 4, instrument=instrument)

    sound = render(clip, engine=engine).samples
    end = round(seconds * 44_100)
    assert peak(sound[: min(end, 44_100)]) > 0.02
    assert peak(sound[end + 44_100 :]) < 0.01


@pytest.mark.slow
@BOTH
def test_a_held_lead_still_sounds_after_a_minute(engine: str):
    sound = render(Clip.of([Note(57, 0, 120)], instrument="lead"), engine=engine)

    assert loudness_db(sound.samples[59 * 44_100 : 60 * 44_100]) > (-30 if engine == "synth" else -60)


@BOTH
@pytest.mark.parametrize("bpm", [20, 999])
def test_extreme_tempos_are_played(bpm: float, engine: str):
    sound = render(BEAT.with_(bpm=float(bpm)), engine=engine)

    assert sound.duration_s == pytest.approx(16 * 60 / bpm + 1.5, abs=1e-4)
    assert 0.1 < peak(sound) <= 0.98


def test_a_clip_of_hours_is_refused():
    clip = Clip.of([Note(60, 0, 1)], length=10_000, bpm=20)

    with pytest.raises(ClipError, match="30000 s; at most 1800 s"):
        render(clip)


@pytest.mark.parametrize("tail_s", [-0.1, 61, float("nan")])
def test_a_tail_outside_its_range_is_refused(tail_s: float):
    with pytest.raises(ValueError, match="0-60"):
        render(CHORDS, tail_s=tail_s)


def test_other_resolutions_sound_the_same():
    notes = [Note(60, 0, 1), Note(67, 1.5, 0.5)]

    assert (
        render(Clip.of(notes, ppq=96), engine="synth").digest
        == render(Clip.of(notes, ppq=PPQ), engine="synth").digest
    )


def test_a_mix_is_as_long_as_its_longest_part_and_does_not_clip():
    parts = [render(BEAT, engine="synth"), *[render(CHORDS, engine="synth", tail_s=3)] * 6]

    together = mix(parts)

    assert len(together) == len(parts[-1])
    assert 0.5 < peak(together) <= 0.98


def test_a_mix_of_nothing_is_refused():
    with pytest.raises(ValueError, match="0 sounds"):
        mix([])
