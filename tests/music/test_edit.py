from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conduit.band.genre import GENRES
from conduit.band.parts import INSTRUMENTS, RENDERERS
from conduit.band.phrase import Setting
from conduit.errors import ClipError
from conduit.music import Clip, Key, Meter, Note
from conduit.music.density import thicken, thin
from conduit.music.edit import cut, gate, loudness, quantise, stretch, swing, tile, to_key, transpose
from conduit.music.rhythm import offbeat, syncopate

SCALE = Clip.of(
    [Note(p, i / 2, 0.5) for i, p in enumerate((57, 59, 60, 62, 64, 65, 67, 69))],
    key="A minor",
    instrument="lead",
)
DRUMS = Clip.of([Note(36, beat, 0.25) for beat in range(4)], instrument="drums")


def _rendered(role: str, genre: str, meter: str, bars: int, seed: int) -> Clip:
    setting = Setting(Key("A minor"), Meter.parse(meter), bars, GENRES[genre])
    return Clip.of(
        RENDERERS[role](setting, Random(seed)),
        length=setting.length,
        meter=setting.meter,
        key=None if role == "drums" else "A minor",
        instrument=INSTRUMENTS[role],
    )


clips = st.builds(
    _rendered,
    st.sampled_from(list(RENDERERS)),
    st.sampled_from(["techno", "house", "dub", "jazz", "ambient", "acid"]),
    st.sampled_from(["4/4", "7/8", "3/4", "6/8"]),
    st.integers(1, 6),
    st.integers(0, 1000),
)

EDITS = {
    "thin": thin,
    "thicken": lambda clip: thicken(clip, Random(1)),
    "syncopate": syncopate,
    "swing": lambda clip: swing(clip, 62),
    "quantise": lambda clip: quantise(clip, 0.5),
    "gate": lambda clip: gate(clip, 3),
    "loudness": lambda clip: loudness(clip, 1.4),
    "half time": lambda clip: stretch(clip, 2),
    "double time": lambda clip: stretch(clip, 0.5),
    "cut": lambda clip: cut(clip, 3.5),
    "tile": lambda clip: tile(clip, 3),
}


@pytest.mark.parametrize("edit", EDITS)
@given(clip=clips)
@settings(max_examples=15, deadline=None)
def test_no_edit_leaves_a_note_outside_or_two_of_a_pitch_at_once(edit, clip):
    table = EDITS[edit](clip).table
    length = EDITS[edit](clip).length_ticks
    ordered = table[np.lexsort((table["start"], table["pitch"]))]
    same = ordered["pitch"][1:] == ordered["pitch"][:-1]

    assert ((table["start"] + table["duration"]) <= length).all()
    assert (table["duration"] > 0).all()
    assert (ordered["start"][1:] >= (ordered["start"] + ordered["duration"])[:-1])[same].all()


@given(clip=clips)
@example(_rendered("chords", "jazz", "3/4", 1, 0))  # one chord, near the end
@settings(max_examples=40, deadline=None)
def test_syncopating_raises_the_offbeat_share(clip):
    assert offbeat(syncopate(clip)) > offbeat(clip) or offbeat(clip) == pytest.approx(0.85)  # all is off it


@given(clip=clips)
@settings(max_examples=20, deadline=None)
def test_thinning_takes_notes_away_and_thickening_adds_some(clip):
    assert len(thin(clip)) <= len(clip) <= len(thicken(clip, Random(2), share=1.0))


def test_thinning_keeps_the_downbeat():
    assert thin(SCALE, 0.8).notes[0].start == 0


@given(semitones=st.integers(-24, 24))
def test_transposing_back_gives_the_clip_back(semitones):
    assert transpose(transpose(SCALE, semitones), -semitones).table.tolist() == SCALE.table.tolist()


def test_transposing_takes_the_key_along():
    assert transpose(SCALE, 5).key == "D minor"


def test_what_would_leave_the_range_goes_an_octave_back():
    clip = Clip.of([Note(127, 0, 1), Note(2, 1, 1)])

    assert [note.pitch for note in transpose(clip, 9).notes] == [124, 11]


def test_degrees_of_one_scale_become_those_of_the_other():
    assert [note.pitch for note in to_key(SCALE, Key("A major")).notes] == [57, 59, 61, 62, 64, 66, 68, 69]
    assert [note.pitch for note in to_key(SCALE, Key("D minor")).notes] == [62, 64, 65, 67, 69, 70, 72, 74]


def test_a_smaller_scale_takes_every_note_in():
    key = Key("E minor pentatonic")

    assert all(note.pitch % 12 in key.pitch_classes for note in to_key(SCALE, key).notes)


@pytest.mark.parametrize(
    "change", [lambda clip: transpose(clip, 2), lambda clip: to_key(clip, Key("D minor"))]
)
def test_drums_have_no_pitch_to_move(change):
    with pytest.raises(ClipError, match="drum is struck"):
        change(DRUMS)


def test_a_clip_cut_longer_begins_again():
    assert [note.start for note in cut(DRUMS, 6).notes] == [0, 1, 2, 3, 4, 5]
    assert cut(DRUMS, 6).length == 6


def test_a_swung_sixteenth_comes_late_and_goes_back():
    straight = Clip.of([Note(42, step / 4, 0.25) for step in range(16)], instrument="drums")
    swung = swing(straight, 60)

    assert [note.start for note in swung.notes[:4]] == [0, 0.3, 0.5, 0.8]
    assert swing(swung, 50, was=60) == straight


def eighths(swung: float = 0.5) -> Clip:
    return Clip.of([Note(60, beat + late, 0.25) for beat in range(4) for late in (0, swung)])


def test_a_line_of_eighths_swings_in_eighths():
    swung = swing(eighths(), 60)

    assert [note.start for note in swung.notes[:4]] == [0, 0.6, 1, 1.6]
    assert swing(swung, 50, was=60) == eighths()
    assert swing(swung, 66, was=60) == swing(eighths(), 66)


def test_one_sixteenth_makes_the_sixteenths_swing():
    line = eighths().merge(Clip.of([Note(72, 0.25, 0.25)]))

    assert [note.start for note in swing(line, 60).notes[:3]] == [0, 0.3, 0.5]


@pytest.mark.parametrize("meter", ["7/8", "6/8"])
def test_eighths_that_are_no_halves_of_beats_do_not_swing_in_pairs(meter):
    line = Clip.of([Note(60, eighth / 2, 0.5) for eighth in range(6)], meter=meter)

    assert [note.start for note in swing(line, 60).notes] == [note.start for note in line.notes]


def test_a_grid_that_is_given_is_the_one_that_swings():
    assert swing(eighths(), 60, grid="1/8") == swing(eighths(), 60)
    assert [note.start for note in swing(eighths(), 60, grid="1/16").notes] == [
        n.start for n in eighths().notes
    ]


def test_what_has_nothing_between_the_beats_comes_back_equal():
    line = Clip.of([Note(60, beat, 0.5) for beat in range(4)])

    assert swing(line, 60, grid="1/16") == line


def test_drums_turned_round_stay_on_the_grid():
    steps = (0, 3, 4, 7, 10, 12, 14, 15)
    drums = Clip.of([Note(36, step / 4, 0.1, 60 + step) for step in steps], instrument="drums")
    back = drums.reverse()

    assert [note.start * 4 for note in back.notes] == [0, 1, 2, 4, 6, 9, 12, 13]
    assert back.reverse() == drums


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        (lambda clip: clip.transpose(2.5), ValueError, "2.5 semitones cannot be.* whole number, -127 to 127"),
        (lambda clip: clip.transpose(1000), ValueError, "1000 semitones cannot be"),
        (lambda clip: clip.transpose("3"), TypeError, "'3' is no number of semitones"),
        (lambda clip: clip.transpose(degrees="3"), TypeError, "'3' is no number of degrees"),
        (lambda clip: clip.swing("60"), TypeError, "'60' is no number; it is 50"),
        (lambda clip: clip.swing(60, grid=[1]), TypeError, "is not a grid"),
        (lambda clip: clip.join("x"), TypeError, "'x' is no clip"),
        (lambda clip: clip.merge("x"), TypeError, "'x' is no clip"),
        (lambda clip: clip.legato(overlap=-3), ValueError, "-3 beats cannot be.* -1 .*to 16"),
        (lambda clip: clip.legato(overlap="1"), TypeError, "'1' is no number"),
        (lambda clip: clip.add_octave(11), ValueError, "11 octaves cannot be.* -10 to 10"),
        (lambda clip: clip.add_octave(10), ClipError, "at most 5 up, 5 down"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_what_can(change, error, said):
    with pytest.raises(error, match=said):
        change(eighths())


@pytest.mark.parametrize("semitones", [100, -100, 60, -60])
def test_a_transposition_out_of_range_keeps_the_intervals(semitones):
    moved = Clip.of([Note(60, 0, 1), Note(67, 1, 1), Note(76, 2, 1)]).transpose(semitones)
    pitches = [note.pitch for note in moved.notes]

    assert [pitch - pitches[0] for pitch in pitches] == [0, 7, 16]
    assert (pitches[0] - 60 - semitones) % 12 == 0


@pytest.mark.parametrize("percent", [40, 80])
def test_a_swing_that_cannot_be_is_refused(percent):
    with pytest.raises(ValueError, match="swing"):
        swing(DRUMS, percent)


def test_half_time_doubles_every_time():
    assert [note.start for note in stretch(DRUMS, 2).notes] == [0, 2, 4, 6]


def test_velocities_stay_in_their_range():
    assert {note.velocity for note in loudness(SCALE, 9).notes} == {127}
    assert {note.velocity for note in loudness(SCALE, 0).notes} == {1}


def test_quantising_half_way_goes_half_way():
    clip = Clip.of([Note(60, 0.2, 0.5)])

    assert quantise(clip, 0.25, strength=0.5).notes[0].start == pytest.approx(0.225)


@pytest.mark.parametrize("times", [0, -1])
def test_a_clip_is_repeated_once_or_more(times):
    with pytest.raises(ValueError, match="times"):
        tile(DRUMS, times)
