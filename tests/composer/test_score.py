from __future__ import annotations

from dataclasses import replace
from functools import cache
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduit.composer import Brief
from conduit.composer.score import JUDGES, score
from conduit.composer.typical import fit, points
from conduit.music import Clip, Key, Meter, Note
from conduit.music.chord import Chord

A_MINOR = Key("A minor")
BARS = 4
CHORDS = ("Am", "F", "C", "G")


def line(pitches: list[int], steps: list[int], *, role: str, velocities=(104, 88, 96, 84)) -> Clip:
    """Play pitches on the sixteenths of four bars, a note as long as the way to the next, at most half a beat."""
    ends = [*steps[1:], 16 * BARS]
    notes = [
        Note(pitch, step / 4, min(0.5, (end - step) / 4), velocities[index % len(velocities)])
        for index, (pitch, step, end) in enumerate(zip(pitches, steps, ends, strict=True))
    ]
    return Clip.of(notes, length=4 * BARS, key=A_MINOR, instrument=role)


def bass() -> Clip:
    steps = [16 * bar + step for bar in range(3) for step in (0, 4, 7, 10, 12)]
    tones = [root + move for root in (33, 29, 36) for move in (0, 0, 7, 12, 7)]
    return line([*tones, 31, 31, 38, 43, 40, 35], [*steps, 48, 52, 55, 58, 60, 62], role="bass")


def lead() -> Clip:
    call, reply = [69, 72, 71, 69, 67], [64, 67, 65, 64, 60]
    steps = [16 * bar + step for bar in range(3) for step in (0, 4, 6, 8, 14)]
    return line([*call, *reply, *call, 67, 71, 74, 72, 71], [*steps, 48, 52, 54, 56, 60], role="lead")


def chords() -> Clip:
    notes = [
        Note(pitch, 4 * bar + beat, 0.5, velocity)
        for bar, triad in enumerate(((57, 60, 64), (57, 60, 65), (55, 60, 64), (55, 59, 62)))
        for beat, velocity in ((0, 100), (1.5, 84), *(((3, 92),) if bar < 3 else ((2.5, 88), (3.5, 96))))
        for pitch in triad
    ]
    return Clip.of(notes, key=A_MINOR, instrument="keys")


def drums() -> Clip:
    hats = [Note(42, beat / 2, 0.25, 70 + 20 * (beat % 2)) for beat in range(32)]
    kicks = [Note(36, 4 * bar + beat, 0.25, 110) for bar in range(4) for beat in (0, 2.5)]
    snares = [Note(38, 4 * bar + beat, 0.25, 100) for bar in range(4) for beat in (1, 3)]
    turn = [Note(38, 15.5, 0.25, 84), Note(38, 15.75, 0.25, 96)]
    return Clip.of([*hats, *kicks, *snares, *turn], instrument="drums")


GOOD = {"bass": bass, "lead": lead, "chords": chords, "drums": drums}


def brief_of(role: str) -> Brief:
    return Brief(role=role, bars=BARS, key=None if role == "drums" else A_MINOR)


@cache
def good(role: str) -> float:
    return score(GOOD[role](), brief_of(role)).total


def with_random_pitches(clip: Clip, rng: Random) -> Clip:
    table = clip.table.copy()
    low, high = int(table["pitch"].min()), int(table["pitch"].max())
    table["pitch"] = [rng.randrange(low, high + 1) for _ in table]
    return clip.with_table(table)


def with_random_times(clip: Clip, rng: Random) -> Clip:
    table = clip.table.copy()
    table["start"] = [rng.randrange(clip.length_ticks - clip.ppq) for _ in table]
    return clip.with_table(table)


def with_one_velocity(clip: Clip, _: Random) -> Clip:
    table = clip.table.copy()
    table["velocity"] = 100
    return clip.with_table(table)


def with_one_bar_for_ever(clip: Clip, _: Random) -> Clip:
    bar = 4 * clip.ppq
    first = clip.table[clip.table["start"] < bar]
    bars = [first.copy() for _ in range(BARS)]
    for number, table in enumerate(bars):
        table["start"] += number * bar
    return clip.with_table(np.concatenate(bars))


def with_empty_bars(clip: Clip, _: Random) -> Clip:
    return clip.with_table(clip.table[clip.table["start"] < 8 * clip.ppq])


def three_octaves_too_high(clip: Clip, _: Random) -> Clip:
    table = clip.table.copy()
    table["pitch"] += 36
    return clip.with_table(table)


CORRUPTIONS = [
    with_random_pitches,
    with_random_times,
    with_one_velocity,
    with_one_bar_for_ever,
    with_empty_bars,
]

clips = st.builds(
    lambda notes, drums, meter, length, key: Clip.of(
        notes, length=length, meter=meter, key=key, instrument="drums" if drums else "keys"
    ),
    st.lists(
        st.builds(
            Note,
            st.integers(0, 127),
            st.floats(0, 20),
            st.floats(0.01, 30),
            st.integers(1, 127),
            st.booleans(),
        ),
        max_size=30,
    ),
    st.booleans(),
    st.sampled_from(["4/4", "3/4", "7/16", "1/16", "5/2"]),
    st.floats(0.1, 40),
    st.sampled_from([None, "C major", "F# blues"]),
)
briefs = st.builds(
    Brief,
    role=st.sampled_from(["bass", "drums", "chords", "pad", "lead", "arp", "texture"]),
    bars=st.integers(1, 128),
    meter=st.sampled_from(["4/4", "7/8"]).map(Meter.parse),
    key=st.sampled_from([None, A_MINOR]),
    bpm=st.sampled_from([None, 60.0, 174.0]),
    styles=st.sampled_from([(), ("sparse",), ("syncopated", "busy")]),
    energy=st.floats(0, 1),
    octave=st.integers(-8, 8),
    chords=st.sampled_from([(), (Chord.parse("Am"), Chord.parse("F/A"))]),
)


@pytest.mark.slow
@given(clip=clips, brief=briefs)
@settings(max_examples=300, deadline=None)
def test_any_clip_has_a_score_for_any_brief(clip, brief):
    found = score(clip, brief)

    assert 0 <= found.total <= 1
    assert all(0 <= part.value <= 1 and part.said for part in found.parts)
    assert found.text().startswith("score ")


@pytest.mark.parametrize("role", GOOD)
def test_a_good_clip_needs_no_mending(role):
    found = score(GOOD[role](), brief_of(role))

    assert found.weak == ()
    assert found.total >= 0.9


@pytest.mark.parametrize("corrupt", CORRUPTIONS)
@pytest.mark.parametrize("role", GOOD)
def test_a_good_clip_beats_its_corruption(role, corrupt):
    totals = [score(corrupt(GOOD[role](), Random(seed)), brief_of(role)).total for seed in range(10)]

    assert max(totals) < good(role) - 0.05


@pytest.mark.parametrize("role", ["bass", "lead", "chords"])
def test_a_part_far_from_its_register_loses(role):
    found = score(three_octaves_too_high(GOOD[role](), Random(1)), brief_of(role))

    assert "range" in {part.name for part in found.weak}


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("bars", {"bars": 8}),
        ("metre", {"meter": Meter(7, 8)}),
        ("tempo", {"bpm": 174.0}),
        ("key", {"key": Key("C# major")}),
        ("chords", {"chords": (Chord.parse("C#m"), Chord.parse("B"))}),
        ("instrument", {"role": "drums"}),
    ],
)
def test_what_was_asked_for_and_is_not_so_is_the_first_to_mend(name, asked):
    found = score(bass(), replace(brief_of("bass"), **asked))

    assert name in {part.name for part in found.weak[:2]}
    assert found.total < good("bass")


def test_the_chords_that_were_asked_for_may_be_outside_the_key():
    e_major = Chord.parse("E")
    clip = Clip.of([Note(pitch, beat, 1) for beat in range(16) for pitch in (52, 56, 59)], key=A_MINOR)

    found = score(clip, Brief(role="chords", key=A_MINOR, chords=(e_major,)))

    assert (found["key"].value, found["chords"].value) == (1, 1)


@pytest.mark.parametrize("plan", [(0, 1, 0, 1), (0, 0, 1, 1)])
def test_chords_may_come_in_turn_or_be_spread(plan):
    two = (Chord.parse("Am"), Chord.parse("F"))
    clip = Clip.of(
        [Note(48 + pc, 4 * bar, 4) for bar, index in enumerate(plan) for pc in two[index].pitch_classes]
    )

    assert score(clip, Brief(role="chords", chords=two))["chords"].value == 1


def test_notes_outside_the_key_are_named_with_their_bar():
    clip = Clip.of([Note(57, 0, 1), Note(58, 4, 1)], length=8)

    assert "not A#2 in bar 2" in score(clip, Brief(key=A_MINOR, bars=2))["key"].said


def test_swing_is_in_time():
    swung = Clip.of(
        [Note(42, beat / 2 + late, 0.25) for beat in range(32) for late in (0, 0.29)], instrument="drums"
    )

    assert score(swung, Brief(role="drums"))["timing"].value == 1


def test_few_notes_are_no_fault_where_few_were_asked_for():
    clip = Clip.of([Note(33, 4 * bar, 1) for bar in range(4)])

    plain, sparse = (
        score(clip, Brief(role="bass", styles=styles))["density"] for styles in ((), ("sparse",))
    )

    assert plain.value < sparse.value == 1


def test_silence_scores_nothing():
    assert score(Clip.of([Note(60, 0, 1, mute=True)]), Brief()).total == 0


def test_the_text_gives_the_weakest_first_and_is_short():
    text = score(with_one_velocity(bass(), Random(1)), brief_of("bass")).text()

    assert text.splitlines()[1].startswith("- velocity 0.2: velocities stray by 0 around 100")
    assert len(text) < 400


def test_a_part_is_found_by_its_name():
    found = score(bass(), brief_of("bass"))

    assert found["bars"].said == "4 bars, as asked"
    assert {part.name for part in found.parts} <= set(JUDGES)


@pytest.mark.parametrize("role", ["bass", "drums", "chords", "pad", "lead", "arp", "texture"])
def test_the_quartiles_fit_and_what_lies_far_outside_does_not(role):
    row = points(role, "density")

    assert row is not None
    assert [fit(value, role, "density") for value in (row[1], row[2], row[3], 50)] == [1, 1, 1, 0]
