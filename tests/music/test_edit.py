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
    clip = Clip.of([Note(120, 0, 1), Note(3, 1, 1)])

    assert [note.pitch for note in transpose(clip, 12).notes] == [120, 15]
    assert [note.pitch for note in transpose(clip, -12).notes] == [108, 3]


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
