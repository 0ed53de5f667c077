"""Answers, continuations, other takes and ornaments of clips from anywhere."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduit.music import DRUM_PITCHES, Clip, ControlChange, Key, Meter, Note

TUNE = Clip.of(
    [
        Note(pitch, start, length)
        for pitch, start, length in (
            (64, 0, 1), (62, 1, 0.5), (60, 1.5, 0.5), (62, 2, 1), (67, 3, 1), (64, 4, 1), (64, 5, 0.5),
            (65, 5.5, 0.5), (62, 6, 2),
        )
    ],
    key="C major",
    instrument="lead",
    name="Tune",
)  # fmt: skip
CHORDS = Clip.of(
    [
        Note(pitch, 4 * bar, 4)
        for bar, chord in enumerate(((57, 60, 64), (53, 57, 60), (55, 60, 64), (55, 59, 62)))
        for pitch in chord
    ],
    key="A minor",
)
DRUMS = Clip.of(
    [Note(DRUM_PITCHES["kick"], beat, 0.25) for beat in range(8)]
    + [Note(DRUM_PITCHES["hat"], beat + 0.5, 0.25, 70) for beat in range(8)]
    + [Note(DRUM_PITCHES["snare"], beat, 0.25) for beat in (1, 3, 5, 7)],
    instrument="drums",
)
CLIPS = {"tune": TUNE, "chords": CHORDS, "drums": DRUMS}
clips = pytest.mark.parametrize("clip", CLIPS.values(), ids=CLIPS)
seeds = st.integers(0, 1 << 48)
SOME = settings(max_examples=30, deadline=None)


def in_key(clip: Clip) -> bool:
    return clip.is_drums or {note.pitch % 12 for note in clip.notes} <= set(Key(clip.key).pitch_classes)


@given(seed=seeds)
@SOME
def test_an_answer_has_the_rhythm_of_its_call_and_other_pitches(seed):
    reply = TUNE.answer(seed=seed)

    assert [note.start for note in reply.notes] == [note.start for note in TUNE.notes]
    assert [note.pitch for note in reply.notes] != [note.pitch for note in TUNE.notes]
    assert reply.length == TUNE.length
    assert in_key(reply)


@given(seed=seeds)
@SOME
def test_an_answer_comes_to_rest_on_the_tonic(seed):
    tune, chords = TUNE.answer(seed=seed), CHORDS.answer(seed=seed)

    assert tune.notes[-1].pitch % 12 == 0
    assert {note.pitch % 12 for note in chords.notes if note.start == 12} <= {9, 0, 4}


@given(seed=seeds)
@SOME
def test_an_answer_stays_near_its_calls_register(seed):
    pitches = TUNE.answer(seed=seed).table["pitch"]

    assert pitches.min() >= 60 - 12
    assert pitches.max() <= 67 + 12


def test_a_call_and_its_response_are_one_clip():
    whole = TUNE.call_and_response(seed=4)

    assert whole.part(0, 8).table.tolist() == TUNE.table.tolist()
    assert whole.part(8, 16).table.tolist() == TUNE.answer(seed=4).table.tolist()


def test_an_answer_needs_no_key():
    bare = TUNE.with_(key=None)

    assert bare.answer(seed=1).key is None
    assert in_key(bare.answer(seed=1).with_(key="C major"))


@clips
@pytest.mark.parametrize("bars", [1, 2, 5, 8])
def test_a_continuation_has_the_bars_it_is_asked_for_and_stays_in_key(clip, bars):
    more = clip.continuation(bars=bars, seed=3)

    assert more.bars == bars
    assert len(more)
    assert in_key(more)
    assert (more.bpm, more.instrument, more.name) == (clip.bpm, clip.instrument, clip.name)


def test_a_continuation_goes_on_in_the_metre_and_with_the_controls_that_held():
    clip = Clip.of(
        [Note(60, 0, 1), Note(64, 4, 1), Note(67, 7, 1)],
        length=10,
        key="C major",
        meter_changes=[(4, "3/4")],
        controls=[ControlChange(74, 0, 20), ControlChange(74, 5, 90)],
    )
    more = clip.continuation(bars=3, seed=0)

    assert more.meter == Meter(4, 4)
    assert [str(meter) for _, meter in more.meter_changes] == ["3/4"]
    assert more.length == 10
    assert [(c.start, c.value) for c in more.controls] == [(0, 20), (5, 90)]


def test_drums_end_in_a_fill_and_keep_their_kick():
    for filled in (DRUMS.answer(seed=1), DRUMS.continuation(seed=1)):
        late = {note.pitch for note in filled.notes if note.start >= 7}

        assert late & {DRUM_PITCHES[name] for name in ("tom2", "snare", "snare2")}
        assert sum(note.pitch == DRUM_PITCHES["kick"] for note in filled.notes) == 8


@clips
def test_another_take_is_as_long_and_as_full_and_in_the_same_key(clip):
    for seed in range(20):
        take = clip.vary(seed=seed)

        assert take != clip
        assert take.length == clip.length
        assert 0.8 * len(clip) <= len(take) <= 1.3 * len(clip) + 2
        assert in_key(take)


@clips
def test_two_seeds_give_two_takes_and_one_seed_one(clip):
    takes = [clip.vary(seed=seed) for seed in range(40)]

    assert len({take.digest for take in takes}) == len(takes)
    assert clip.vary(seed=7) == takes[7]


@given(seed=seeds)
@SOME
def test_bars_that_were_alike_are_alike_in_another_take(seed):
    take = TUNE.tile(2).vary(seed=seed)
    first, second = take.part(0, 8), take.part(8, 16)

    assert first.table[["start", "pitch"]].tolist() == second.table[["start", "pitch"]].tolist()


@given(seed=seeds)
@SOME
def test_kick_and_snare_stay_in_another_take_of_drums(seed):
    backbone = (DRUM_PITCHES["kick"], DRUM_PITCHES["snare"])
    before, after = (
        {(n.start, n.pitch) for n in clip.notes if n.pitch in backbone}
        for clip in (DRUMS, DRUMS.vary(seed=seed))
    )

    assert before <= after


@given(seed=seeds)
@SOME
def test_ornaments_add_notes_in_key_and_keep_every_pitch(seed):
    graced = TUNE.ornament(seed=seed, share=0.7)
    before, after = (sorted(clip.table["pitch"].tolist()) for clip in (TUNE, graced))

    assert in_key(graced)
    assert all(after.count(pitch) >= before.count(pitch) for pitch in before)
    assert (graced.table["start"] + graced.table["duration"]).max() <= graced.length_ticks


def test_a_share_of_nothing_leaves_a_clip_as_it_is():
    assert TUNE.ornament(share=0) == TUNE
    assert DRUMS.ornament(share=0) == DRUMS


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda: TUNE.continuation(bars=0), "number of bars"),
        (lambda: TUNE.ornament(share=2), "share"),
        (lambda: TUNE.answer(key="H major"), "not a key"),
        (lambda: TUNE.harmonise("tenth"), "third, fourth, fifth, sixth, octave or chord"),
    ],
    ids=["bars", "share", "key", "interval"],
)
def test_a_wrong_argument_is_named_with_what_would_be_right(edit, words):
    with pytest.raises(ValueError, match=words):
        edit()


@pytest.mark.parametrize(
    ("interval", "below", "pitches"),
    [
        ("third", False, [64, 67]),
        ("third", True, [57, 60]),
        ("sixth", False, [69, 72]),
        ("octave", True, [48, 52]),
    ],
)
def test_a_second_voice_goes_in_parallel_in_the_key(interval, below, pitches):
    clip = Clip.of([Note(60, 0, 1), Note(64, 1, 1)], key="C major")
    voice = clip.diff(clip.harmonise(interval, below=below)).added

    assert [row.pitch for row in voice] == pitches


def test_a_voice_of_chord_tones_is_of_the_bars_chord():
    clip = Clip.of(
        [Note(48, 0, 4), Note(55, 0, 4), Note(64, 0, 1), Note(67, 1, 1), Note(72, 2, 2)], key="C major"
    )
    voice = clip.harmonise("chord")

    assert {note.pitch % 12 for note in voice.notes} == {0, 4, 7}


def test_the_chords_of_a_clip_are_symbols_and_a_clip():
    found = [(span.start, span.chord.root) for span in CHORDS.chords()]
    held = CHORDS.chord_clip()

    assert found == [(0, 9), (4, 5), (8, 0), (12, 7)]
    assert [span.chord.root for span in held.chords()] == [9, 5, 0, 7]
    assert (held.length, held.key, held.bpm) == (16, "A minor", 120)
    assert held.name == "Chords"


def test_simplifying_takes_weak_onsets_and_lets_the_others_sound_on():
    plain = TUNE.simplify(0.4)

    assert {n.start for n in plain.notes} < {n.start for n in TUNE.notes}
    assert np.isclose(sum(n.duration for n in plain.notes), sum(n.duration for n in TUNE.notes))


@given(seed=seeds)
@SOME
def test_straightening_takes_syncopation_back(seed):
    off = TUNE.vary(seed=seed).syncopate()
    straight = off.straighten()

    assert len(straight) == len(off)
    assert (straight.table["start"] % 480 == 0).sum() >= (off.table["start"] % 480 == 0).sum()
