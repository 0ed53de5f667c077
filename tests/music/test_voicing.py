"""Voicings and voice leading, against the examples of arranging books."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from conduit.music import parse_pitch
from conduit.music.chord import QUALITIES, Chord
from conduit.music.leading import least_movement
from conduit.music.near import UnknownNameError
from conduit.music.voicing import STYLES, essential_tones, parallels, voice_lead, voicings

chords = st.builds(Chord, st.integers(0, 11), st.sampled_from([*QUALITIES]))
triads = st.builds(Chord, st.integers(0, 11), st.sampled_from(["", "m", "dim"]))
slashes = st.builds(
    Chord, st.integers(0, 11), st.sampled_from(["", "m7", "9"]), st.one_of(st.none(), st.integers(0, 11))
)


def pitches(names: str) -> tuple[int, ...]:
    return tuple(map(parse_pitch, names.split()))


@pytest.mark.parametrize(
    ("symbol", "style", "names"),
    [
        ("C", "close", "C3 E3 G3"),
        ("C", "close", "E3 G3 C4"),
        ("C", "open", "C3 G3 E4"),
        ("Cmaj7", "close", "C3 E3 G3 B3"),
        ("Cmaj7", "drop 2", "G2 C3 E3 B3"),
        ("Cmaj7", "drop 2", "C3 G3 B3 E4"),
        ("Cmaj7", "drop 3", "E2 C3 G3 B3"),
        ("Cmaj7", "drop 3", "C2 B2 E3 G3"),
        ("Cmaj7", "drop 2 and 4", "C2 G2 E3 B3"),
        ("Dm9", "rootless", "F2 A2 C3 E3"),
        ("Dm9", "rootless", "C3 E3 F3 A3"),
        ("G13", "rootless", "F2 A2 B2 E3"),
        ("G13", "rootless", "B2 E3 F3 A3"),
        ("C7", "shell", "C2 E2 Bb2"),
        ("C7", "shell", "C2 Bb2 E3"),
        ("Cmaj7", "spread", "C2 B2 E3 G3"),
        ("C/E", "close", "E2 G2 C3"),
        ("Am7/D", "close", "D2 G2 A2 C3 E3"),
    ],
)
def test_a_style_has_the_voicing_of_the_books(symbol, style, names):
    assert pitches(names) in voicings(Chord.parse(symbol), style=style, low=36, high=84)


@given(chord=chords, style=st.sampled_from([*STYLES]), low=st.integers(24, 60))
def test_a_voicing_ascends_within_its_range_and_has_only_the_chords_notes(chord, style, low):
    for voicing in voicings(chord, style=style, low=low, high=low + 43):
        assert all(one < other for one, other in pairwise(voicing))
        assert low <= voicing[0]
        assert voicing[-1] <= low + 43
        assert {pitch % 12 for pitch in voicing} <= set(chord.pitch_classes)


@given(chord=chords, style=st.sampled_from(["close", "open", "drop 2", "drop 3", "drop 2 and 4", "spread"]))
def test_a_voicing_has_every_note_of_the_chord_once(chord, style):
    for voicing in voicings(chord, style=style, low=24, high=96):
        assert sorted(pitch % 12 for pitch in voicing) == sorted(chord.pitch_classes)


@given(chord=slashes, style=st.sampled_from([*STYLES]))
def test_a_slash_chord_has_its_bass_lowest_in_every_voicing(chord, style):
    assume(chord.bass is not None)

    assert all(voicing[0] % 12 == chord.bass for voicing in voicings(chord, style=style, low=24, high=96))


@given(chord=chords)
def test_a_close_voicing_lies_within_an_octave_and_drop_2_does_not(chord):
    assume(len(chord.pitch_classes) > 2)

    assert all(voicing[-1] - voicing[0] < 12 for voicing in voicings(chord, low=24, high=96))
    assert all(voicing[-1] - voicing[0] > 12 for voicing in voicings(chord, style="drop 2", low=24, high=96))


@pytest.mark.parametrize("symbol", ["Dm9", "G13", "Cmaj9", "G7b9", "C6/9", "Fm11"])
def test_a_rootless_voicing_stands_on_the_third_or_the_seventh(symbol):
    chord = Chord.parse(symbol)
    third, *_ = chord.pitch_classes[1:]
    guides = {third, (chord.root + 10) % 12, (chord.root + 11) % 12, (chord.root + 9) % 12}

    for voicing in voicings(chord, style="rootless", low=36, high=84):
        assert voicing[0] % 12 in guides
        assert chord.root not in {pitch % 12 for pitch in voicing}


@pytest.mark.parametrize(
    ("symbol", "voices", "kept"),
    [("C13", 4, "C E Bb A"), ("C13", 3, "C E Bb"), ("C7b5", 3, "C E Bb"), ("C9", 2, "E Bb"), ("C", 2, "C E"),
     ("C6", 3, "C E A"), ("C7sus4", 3, "C F Bb"), ("C5", 4, "C G"), ("C7alt", 4, "C E Gb Bb")],
)  # fmt: skip
def test_the_fifth_is_left_out_first_and_third_and_seventh_last(symbol, voices, kept):
    classes = {parse_pitch(f"{name}3") % 12 for name in kept.split()}

    assert set(essential_tones(Chord.parse(symbol).pitch_classes, voices)) == classes


@given(chord=chords, voices=st.integers(1, 4))
def test_no_more_voices_are_played_than_asked(chord, voices):
    for style in STYLES:
        assert all(len(one) <= voices for one in voicings(chord, style=style, voices=voices, low=24, high=96))


def test_a_style_that_is_none_is_refused_with_near_ones():
    with pytest.raises(UnknownNameError, match="did you mean") as refusal:
        voicings((0, 4, 7), style="drop2")

    assert "drop 2" in refusal.value.valid


def test_a_range_that_holds_no_voicing_is_refused():
    with pytest.raises(ValueError, match="widen the range"):
        voicings(Chord.parse("Cmaj7"), low=60, high=64)


def test_two_five_one_moves_as_in_the_jazz_books():
    progression = [Chord.parse(name) for name in ("Dm9", "G13", "Cmaj9")]

    assert voice_lead(progression, style="rootless", low=52, high=66) == [
        pitches("F2 A2 C3 E3"), pitches("F2 A2 B2 E3"), pitches("E2 G2 B2 D3"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C", "Am"),
        ("C", "Em"),
        ("C", "F"),
        ("C", "G"),
        ("Am", "F"),
        ("C", "Ab"),
        ("Cmaj7", "Am7"),
        ("Dm7", "G7"),
    ],
)
def test_common_tones_stay_at_their_pitch(one, other):
    before, after = voice_lead([Chord.parse(one), Chord.parse(other)])
    common = set(Chord.parse(one).pitch_classes) & set(Chord.parse(other).pitch_classes)

    assert {pitch % 12 for pitch in set(before) & set(after)} == common


@given(progression=st.lists(triads, min_size=2, max_size=12))
def test_no_triad_moves_further_than_a_third_on_average(progression):
    for before, after in pairwise(voice_lead(progression)):
        assert sum(abs(a - b) for a, b in zip(before, after, strict=True)) <= 9


@given(progression=st.lists(chords, min_size=1, max_size=8))
def test_voice_leading_is_no_choice_of_chance(progression):
    assert voice_lead(progression) == voice_lead(progression)


@given(progression=st.lists(triads, min_size=2, max_size=8))
def test_the_whole_moves_no_more_than_going_from_chord_to_chord(progression):
    choices = [voicings(chord) for chord in progression]
    led = least_movement(choices, centre=63.5)
    greedy = [led[0]]
    for options in choices[1:]:
        greedy.append(min(options, key=lambda v: sum(abs(a - b) for a, b in zip(greedy[-1], v, strict=True))))

    assert _weight(led) <= _weight(greedy) + 1e-9


def _weight(path):
    """The cost that ``leading`` states: semitones, five for a common tone that moves, and the register's pull."""
    moved = sum(abs(a - b) for one, two in pairwise(path) for a, b in zip(one, two, strict=True))
    lost = sum(
        len({p % 12 for p in one} & {p % 12 for p in two}) - len({p % 12 for p in set(one) & set(two)})
        for one, two in pairwise(path)
    )
    return moved + 5 * lost + sum(0.3 * abs((v[0] + v[-1]) / 2 - 63.5) for v in path)


@given(one=triads, other=triads)
def test_parallels_are_avoided_where_they_can_be(one, other):
    before, after = voice_lead([one, other], avoid_parallels=True, low=40, high=84)
    free = any(not parallels(before, option) for option in voicings(other, low=40, high=84))

    assert not free or not parallels(before, after)


def test_a_voicing_that_sounded_before_is_led_from():
    (after,) = voice_lead([Chord.parse("F")], before=(60, 64, 67))

    assert after == (60, 65, 69)


@pytest.mark.parametrize(
    ("one", "two", "found"),
    [
        ((60, 67), (62, 69), [(0, 1)]),
        ((60, 72), (62, 74), [(0, 1)]),
        ((60, 67), (67, 62), []),
        ((60, 67), (60, 67), []),
        ((60, 64, 67), (62, 65, 69), [(0, 2)]),
        ((60, 79), (59, 78), [(0, 1)]),
    ],
)
def test_fifths_and_octaves_that_move_the_same_way_are_parallel(one, two, found):
    assert parallels(one, two) == found


def test_no_chords_are_no_voicings():
    assert voice_lead([]) == []
