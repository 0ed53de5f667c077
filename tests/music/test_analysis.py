from __future__ import annotations

from random import Random
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduit.music import Clip, Note
from conduit.music.analysis import MEASURES, Measures, measure

SHARES = [
    "empty_beats",
    "in_key",
    "key_clarity",
    "motif",
    "clash",
    "offbeat",
    "on_grid",
    "groove",
    "repetition",
]
PITCH_MEASURES = [
    *("polyphony", "note_length", "lowest", "highest", "span", "mean_interval", "motif"),
    *("pitch_entropy", "in_key", "key_clarity", "clash"),
]
# Two bars of a line in A minor and their answer, four times eight eighths.
LINE = [57, 60, 64, 60, 62, 60, 57, 55, 57, 60, 64, 67, 65, 64, 62, 59]
RIFF = Clip.of(
    [
        Note(pitch, beat * 0.5, 0.5, 80 + 20 * (beat % 4 == 0))
        for beat, pitch in enumerate(LINE * 2)
        if beat % 8 != 5
    ],
    key="A minor",
)

clips = st.builds(
    lambda notes, drums, meter: Clip.of(
        notes, length=16, meter=meter, key="C dorian", instrument="drums" if drums else "keys"
    ),
    st.lists(
        st.builds(
            Note,
            st.integers(0, 127),
            st.integers(0, 191).map(lambda slot: slot / 12),
            st.integers(1, 48).map(lambda slots: slots / 12),
            st.integers(1, 127),
            st.booleans(),
        ),
        max_size=40,
    ),
    st.booleans(),
    st.sampled_from(["4/4", "3/4", "7/8", "5/16", "1/2"]),
)


def line(*pitches: int, each: float = 1.0, **facts) -> Clip:
    return Clip.of([Note(pitch, each * index, each) for index, pitch in enumerate(pitches)], **facts)


def rhythm(steps: list[int], *, bars: int = 1, **facts) -> Clip:
    return Clip.of([Note(60, step / 4, 0.25) for step in steps], length=4 * bars, **facts)


def with_random_pitches(clip: Clip, rng: Random) -> Clip:
    table = clip.table.copy()
    table["pitch"] = [rng.randrange(45, 81) for _ in table]
    return clip.with_table(table)


def with_random_times(clip: Clip, rng: Random) -> Clip:
    table = clip.table.copy()
    table["start"] = [rng.randrange(clip.length_ticks - clip.ppq) for _ in table]
    return clip.with_table(table)


@given(clip=clips)
@settings(max_examples=200, deadline=None)
def test_shares_lie_between_0_and_1(clip):
    values = measure(clip).as_dict()

    assert all(0 <= values[name] <= 1 for name in SHARES if values[name] is not None)


@given(clip=clips)
@settings(max_examples=100, deadline=None)
def test_what_is_moved_by_an_octave_measures_the_same_but_for_its_range(clip):
    table = clip.table[clip.table["pitch"] < 116].copy()
    before = measure(clip.with_table(table)).as_dict()
    table["pitch"] += 12

    after = measure(clip.with_table(table)).as_dict()

    assert {name for name in MEASURES if before[name] != pytest.approx(after[name])} <= {"lowest", "highest"}


def test_the_table_has_a_function_for_every_measure():
    assert list(MEASURES) == list(Measures.__slots__)


def test_an_empty_clip_has_no_notes_and_only_empty_beats():
    values = measure(Clip.of([])).as_dict()

    assert {name: value for name, value in values.items() if value is not None} == {
        "n_notes": 0,
        "density": 0,
        "empty_beats": 1,
    }


def test_muted_notes_are_not_heard():
    assert measure(Clip.of([Note(60, 0, 1), Note(61, 0, 1, mute=True)])) == measure(Clip.of([Note(60, 0, 1)]))


def test_drums_have_no_measures_of_pitch():
    values = measure(Clip.of([Note(36, 0, 0.25), Note(38, 1, 0.25)], instrument="drums")).as_dict()

    assert [name for name, value in values.items() if value is None] == [
        *PITCH_MEASURES,
        "groove",
        "repetition",
    ]


def test_density_counts_a_chord_as_one_onset():
    clip = Clip.of([Note(pitch, beat, 1) for beat in range(4) for pitch in (60, 64, 67)])

    assert (measure(clip).density, measure(clip).voices) == (1, 3)


def test_polyphony_counts_only_while_something_sounds():
    clip = Clip.of([Note(60, 0, 2), Note(64, 1, 1), Note(67, 6, 1)], length=8)

    assert measure(clip).polyphony == pytest.approx(4 / 3)


def test_a_note_that_hangs_over_the_end_counts_up_to_it():
    clip = Clip.of([Note(60, 2, 8)], length=4)

    assert measure(clip).note_length == 2


def test_a_beat_is_empty_if_nothing_starts_or_sounds_on_in_it():
    clip = Clip.of([Note(60, 0.5, 1), Note(60, 3.5, 0.25)], length=8)

    assert measure(clip).empty_beats == 5 / 8


def test_a_drum_does_not_fill_the_beats_over_which_its_note_is_written():
    clip = Clip.of([Note(49, 0, 4)], length=4, instrument="drums")

    assert measure(clip).empty_beats == 0.75


def test_the_line_is_made_of_the_highest_notes():
    clip = Clip.of([Note(pitch, beat, 1) for beat, top in enumerate([72, 74, 71]) for pitch in (48, top)])

    assert measure(clip).mean_interval == 2.5


def test_a_transposed_motif_is_a_repeat():
    motif = [60, 62, 65]

    assert measure(line(*motif, *(pitch + 5 for pitch in motif))).motif == pytest.approx(0.25)


@pytest.mark.parametrize(("pitches", "bits"), [([60, 72], 0), ([60, 67], 1), ([60, 62, 64, 65], 2)])
def test_entropy_is_that_of_pitch_classes_in_bits(pitches, bits):
    assert measure(line(*pitches)).pitch_entropy == pytest.approx(bits)


def test_in_key_is_the_share_of_notes_in_the_clips_own_key():
    assert measure(line(60, 62, 64, 66, key="C major")).in_key == 0.75


def test_without_a_key_nothing_is_in_key():
    assert measure(line(60, 62)).in_key is None


def test_a_semitone_that_sounds_together_clashes():
    clip = Clip.of([Note(60, 0, 2), Note(61, 1, 2), Note(67, 0, 4)])

    assert measure(clip).clash == pytest.approx(2 / 3)


def test_a_semitone_one_after_the_other_does_not_clash_even_legato():
    clip = Clip.of([Note(60, 0, 1.05), Note(61, 1, 1)])

    assert measure(clip).clash == 0


@pytest.mark.parametrize(
    ("steps", "syncopation"),
    [
        ([0, 4, 8, 12], 0),
        ([0, 2, 4, 6, 8, 10, 12, 14], 0),
        ([0, 6], 2),  # an eighth (-3) held over the half bar (-1)
        ([0, 3, 6, 9, 12], 2 + 2 + 1),  # dotted: over the second beat, the half bar and an eighth
        ([14], 3),  # held over the next downbeat: the clip goes round
    ],
)
def test_syncopation_is_that_of_longuet_higgins_and_lee(steps, syncopation):
    assert measure(rhythm(steps)).syncopation == syncopation


@pytest.mark.parametrize(
    ("meter", "beats", "offbeat"),
    [("4/4", [0, 1, 2, 3], 0), ("4/4", [0, 1.5, 2.5, 3], 0.5), ("6/8", [0, 1.5], 0), ("7/8", [0, 1, 2], 0)],
)
def test_offbeat_counts_what_falls_between_the_pulses_of_the_metre(meter, beats, offbeat):
    clip = Clip.of([Note(60, beat, 0.25) for beat in beats], meter=meter)

    assert measure(clip).offbeat == offbeat


def test_a_change_of_metre_moves_the_pulses():
    clip = Clip.of(
        [Note(60, beat, 0.5) for beat in (0, 2, 3.5, 5)], meter="7/8", meter_changes=[(3.5, "6/8")]
    )

    assert measure(clip).offbeat == 0


@pytest.mark.parametrize(
    ("beat", "on_grid"), [(0.25, 1), (1 / 3, 1), (0.27, 1), (0.125, 0), (0.95, 0), (0.99, 1)]
)
def test_sixteenths_and_triplets_are_on_the_grid(beat, on_grid):
    assert measure(Clip.of([Note(60, beat, 0.1)])).on_grid == on_grid


def test_groove_is_1_where_every_bar_has_the_same_onsets():
    assert measure(rhythm([0, 3, 6, 16, 19, 22], bars=2)).groove == 1


def test_groove_loses_the_share_of_steps_that_differ():
    assert measure(rhythm([0, 4, 16, 22], bars=2)).groove == 1 - 2 / 16


def test_repetition_finds_the_most_alike_of_earlier_bars():
    bars = [[60, 64], [62, 65], [60, 64], [60, 65]]
    clip = Clip.of(
        [Note(pitch, 4 * bar + beat, 1) for bar, two in enumerate(bars) for beat, pitch in enumerate(two)]
    )

    assert measure(clip).repetition == pytest.approx((0 + 1 + 1 / 3) / 3)


def test_velocity_spread_is_0_where_all_notes_are_struck_alike():
    assert (measure(line(60, 62)).velocity, measure(line(60, 62)).velocity_spread) == (96, 0)


@pytest.mark.parametrize("name", ["in_key", "key_clarity", "motif", "repetition"])
def test_random_pitches_lower(name):
    corrupted = [getattr(measure(with_random_pitches(RIFF, Random(seed))), name) for seed in range(20)]

    assert max(corrupted) < getattr(measure(RIFF), name)


@pytest.mark.parametrize("name", ["groove", "on_grid", "repetition"])
def test_random_times_lower(name):
    corrupted = [getattr(measure(with_random_times(RIFF, Random(seed))), name) for seed in range(20)]

    assert max(corrupted) < getattr(measure(RIFF), name)


def test_random_times_raise_syncopation():
    corrupted = [measure(with_random_times(RIFF, Random(seed))).syncopation for seed in range(20)]

    assert min(corrupted) > measure(RIFF).syncopation


@pytest.mark.slow
def test_ten_times_the_notes_take_about_ten_times_as_long():
    small, large = (
        Clip.of([Note(36 + index * 7 % 60, index / 3, 0.5 + index % 5) for index in range(count)])
        for count in (4_000, 40_000)
    )

    def cpu_s(clip: Clip) -> float:
        start = process_time()
        measure(clip)
        return process_time() - start

    assert min(cpu_s(large) for _ in range(3)) < 25 * min(cpu_s(small) for _ in range(3))
