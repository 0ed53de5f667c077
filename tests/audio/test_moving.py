"""Programs, chance and controls: what a clip says beside its notes is heard."""

from __future__ import annotations

import numpy as np
import pytest

from conduit.audio import dominant_hz, peak, render, render_loop, rms
from conduit.audio.dice import strayed
from conduit.audio.mixer import onset_frames
from conduit.music import DRUMS, Clip, ControlChange, Note
from conduit.music.control import BEND, CONTROLS

RATE = 44_100
BOTH = pytest.mark.parametrize("engine", ["synth", "gm"])


NOTES = (Note(57, 0, 4),)


def played(notes=NOTES, *, moves=(), engine="synth", **facts):
    controls = [ControlChange(CONTROLS.get(name, BEND), start, value) for name, start, value in moves]
    return render(Clip.of(notes, controls=controls, **facts), engine=engine, loudness=None)


def level(sound, start_s, end_s, side=slice(None)):
    return rms(sound.samples[int(start_s * RATE) : int(end_s * RATE), side])


@pytest.mark.parametrize("program", [0, 19, 33, 56, 73, 104, 127])
def test_a_program_is_heard_in_general_midi(program: int):
    sound = played(engine="gm", program=program, length=4)

    assert peak(sound) > 0.01
    assert sound != played(engine="gm", program=(program + 1) % 128, length=4)


def test_the_program_of_an_instrument_is_its_usual_one():
    assert played(engine="gm", instrument="bass") == played(engine="gm", instrument="keys", program=38)


def test_a_kit_is_heard_and_one_that_is_missing_is_the_one_it_is_a_kind_of():
    kits = {
        kit: played([Note(38, 0, 1)], engine="gm", instrument=DRUMS, program=kit) for kit in (0, 8, 9, 99)
    }

    assert kits[0] != kits[8]
    assert kits[9] == kits[8]
    assert peak(kits[99]) > 0.01


def test_the_synth_plays_the_instrument_whatever_the_program():
    assert played(program=19) == played()


@BOTH
def test_onsets_are_the_beats_of_the_browser_to_the_frame(engine: str):
    clip = Clip.of([Note(60, 48 / 960, 1)], bpm=120)  # 1102.5 frames: half of one rounds up

    assert onset_frames(clip, clip.table["start"]).tolist() == [1103]
    assert np.flatnonzero(render(clip, engine=engine).samples.any(axis=1))[0] in range(1103, 1110)


def test_a_chance_is_decided_by_the_seed():
    clip = Clip.of([Note(60, b / 4, 0.25, probability=0.5) for b in range(64)], instrument="pluck")

    takes = [render(clip, engine="synth", seed=seed).digest for seed in (1, 1, 2)]
    assert takes[0] == takes[1] != takes[2]


@pytest.mark.parametrize(("probability", "heard"), [(0.0, False), (1.0, True)])
def test_what_is_sure_is_not_left_to_chance(probability: float, heard: bool):  # noqa: FBT001
    clip = Clip.of([Note(60, 0, 1, probability=probability)])

    assert (peak(render(clip, seed=3)) > 0) == heard


@BOTH
def test_the_pedal_holds_notes_until_it_is_let_up(engine: str):
    short, moves = [Note(57, 0, 0.5)], [("sustain", 0, 127), ("sustain", 4, 0)]

    held, dry = (
        played(short, moves=given, engine=engine, instrument="lead", length=8) for given in (moves, ())
    )

    assert level(dry, 1.5, 1.9) < 0.001
    assert level(held, 1.5, 1.9) > 0.02
    assert level(held, 3.2, 3.9) < 0.001


def test_a_pedal_that_stays_down_holds_to_the_end():
    sound = played([Note(57, 0, 0.5)], moves=[("sustain", 0, 127)], instrument="lead", length=8)

    assert level(sound, 3, 3.9) > 0.02


@BOTH
@pytest.mark.parametrize(("control", "usual"), [("volume", 100), ("expression", 127)])
def test_volume_and_expression_count_squared(control: str, usual: int, engine: str):
    plain, half = (played(moves=[(control, 0, value)], engine=engine) for value in (usual, round(usual / 2)))

    ratio = (round(usual / 2) / usual) ** 2
    assert half.samples[:RATE] == pytest.approx(plain.samples[:RATE] * ratio, abs=2e-4)
    assert plain == played(engine=engine)


@BOTH
def test_a_volume_that_moves_while_a_note_sounds_is_heard(engine: str):
    notes = [Note(57, 0, 8)]
    moving = played(notes, moves=[("volume", 0, 100), ("volume", 2, 0), ("volume", 4, 100)], engine=engine)

    still = played(notes, engine=engine)
    assert level(moving, 1.1, 1.9) < 1e-4
    assert level(moving, 0.1, 0.9) == pytest.approx(level(still, 0.1, 0.9), rel=1e-3)
    assert level(moving, 2.1, 3) == pytest.approx(level(still, 2.1, 3), rel=1e-3)


@BOTH
@pytest.mark.parametrize(("value", "side"), [(0, 0), (127, 1)])
@pytest.mark.parametrize("moves_later", [False, True])
def test_pan_puts_a_clip_to_a_side(value: int, side: int, engine: str, moves_later: bool):  # noqa: FBT001
    moves = [("pan", 0, value), *([("pan", 3, 64)] if moves_later else [])]

    sound = played(moves=moves, engine=engine)

    assert level(sound, 0.1, 1.4, side) > 0.01
    assert level(sound, 0.1, 1.4, 1 - side) < 1e-3


@BOTH
@pytest.mark.parametrize(("value", "semitones"), [(8191, 2), (-8192, -2), (4096, 1)])
def test_a_bend_of_all_its_way_is_two_semitones(value: int, semitones: float, engine: str):
    sound = played([Note(69, 0, 4)], moves=[("bend", 0, value)], engine=engine, program=73, instrument="lead")

    straight = played([Note(69, 0, 4)], engine=engine, program=73, instrument="lead")
    heard, plain = (dominant_hz(one.samples[RATE // 4 : RATE]) for one in (sound, straight))
    assert heard / plain == pytest.approx(2 ** (semitones / 12), rel=0.003)


@BOTH
def test_a_bend_in_the_middle_of_a_note_begins_there(engine: str):
    bent = played([Note(69, 0, 4)], moves=[("bend", 2, 8191)], engine=engine, program=73)

    straight = played([Note(69, 0, 4)], engine=engine, program=73)
    assert bent.samples[: RATE - 100] == pytest.approx(straight.samples[: RATE - 100], abs=1e-4)
    assert dominant_hz(bent.samples[RATE : RATE * 7 // 4]) > 1.1 * dominant_hz(
        straight.samples[RATE : RATE * 7 // 4]
    )


@BOTH
def test_a_loop_moves_as_its_clip_does(engine: str):
    controls = [ControlChange(CONTROLS["volume"], start, value) for start, value in ((0, 100), (2, 0))]
    clip = Clip.of([Note(57, 0, 1), Note(60, 2, 1)], controls=controls, instrument="pluck")

    loop = render_loop(clip, engine=engine, loudness=None)
    assert level(loop, 0, 0.5) > 0.01
    assert level(loop, 1.1, 1.9) < 1e-4


def depth(sound):
    """Give how far the pitch strays from its middle most of the time, in cents, over a second."""
    hz = np.array([dominant_hz(sound.samples[at : at + 4096]) for at in range(2205, 46_305, 2205)])
    return np.percentile(np.abs(1200 * np.log2(hz / np.median(hz))), 80)


@BOTH
def test_modulation_is_a_vibrato_and_half_of_it_is_half_as_deep(engine: str):
    notes, facts = [Note(69, 0, 4)], {"instrument": "bass", "program": 80, "engine": engine}
    still, half, full = (depth(played(notes, moves=[("mod", 0, v)], **facts)) for v in (0, 64, 127))

    assert still < 6
    assert full > 25
    assert half == pytest.approx(full / 2, rel=0.35)


@pytest.mark.parametrize("instrument", [DRUMS, "piano", "pluck"])
def test_what_dies_away_by_itself_has_no_vibrato(instrument: str):
    assert played(moves=[("mod", 0, 127)], instrument=instrument) == played(instrument=instrument)


def test_a_modulation_that_comes_later_leaves_what_was_before():
    later = played([Note(69, 0, 4)], moves=[("mod", 2, 127)], instrument="lead")

    plain = played([Note(69, 0, 4)], instrument="lead")
    assert np.array_equal(later.samples[:RATE], plain.samples[:RATE])
    assert not np.array_equal(later.samples[RATE : 2 * RATE], plain.samples[RATE : 2 * RATE])


@BOTH
def test_a_reverb_send_rings_on_and_twice_of_it_twice_as_loud(engine: str):
    short = [Note(57, 0, 0.25)]
    dry, half, full = (
        played(short, moves=[("reverb", 0, v)], engine=engine, instrument="bass") for v in (0, 60, 120)
    )

    assert dry == played(short, engine=engine, instrument="bass")
    assert level(dry, 1, 1.5) < 1e-4
    assert level(full, 1, 1.5) == pytest.approx(2 * level(half, 1, 1.5), rel=0.02)
    assert level(full, 1, 1.5) > 5e-4


def test_a_loop_rings_on_from_its_end_into_its_beginning():
    clip = Clip.of(
        [Note(57, 3, 0.25)], instrument="bass", controls=[ControlChange(CONTROLS["reverb"], 0, 120)]
    )

    assert level(render_loop(clip, engine="synth", loudness=None), 0, 0.5) > 1e-3


def test_velocities_stray_to_one_side_by_the_seed():
    notes = [Note(60, b / 4, 0.25, 80, velocity_deviation=40) for b in range(64)]
    takes = [
        render(Clip.of(notes, instrument="pluck"), engine="synth", seed=seed).digest for seed in (1, 1, 2)
    ]

    assert takes[0] == takes[1] != takes[2]
    for most in (40, -70):
        table = Clip.of([Note(60, b / 4, 0.25, 80, velocity_deviation=most) for b in range(64)]).table
        found = strayed(table, 0)["velocity"].astype(int) - 80
        assert sorted({0, int(np.sign(most))} | set(np.sign(found))) == sorted({0, int(np.sign(most))})
        assert np.abs(found).max() > 0.8 * min(abs(most), 47)
        assert len(set(found)) > 20


def test_a_velocity_that_strays_stays_one():
    loud, soft = (
        Clip.of([Note(60, b, 1, v, velocity_deviation=d) for b in range(32)])
        for v, d in ((120, 99), (9, -99))
    )

    assert strayed(loud.table, 0)["velocity"].max() == 127
    assert strayed(soft.table, 0)["velocity"].min() == 1
