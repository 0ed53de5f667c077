from __future__ import annotations

from conduit.band.dynamics import phrased, rolled, velocity_of
from conduit.music import Clip, Note

LINE = Clip.of([Note(60, float(beat), 0.5, 90) for beat in range(32)], length=32)
CHORD = Clip.of(
    [Note(pitch, 1, 2, 90) for pitch in (60, 64, 67)] + [Note(60, 3.5, 0.25), Note(64, 3.5, 0.25)]
)


def loudness(clip: Clip, bar: int) -> int:
    return next(note.velocity for note in clip.notes if note.start // 4 == bar)


def test_a_phrase_grows_to_its_last_bar_and_the_clip_from_phrase_to_phrase():
    bars = [loudness(phrased(LINE), bar) for bar in range(8)]

    assert bars[0] < bars[1] < bars[2] < bars[3]
    assert bars[4] < bars[3]
    assert bars[7] > bars[3]


def test_a_single_bar_stays_as_it_is():
    clip = Clip.of([Note(60, 0, 1)])

    assert phrased(clip) is clip


def test_the_voices_of_a_held_chord_come_one_after_the_other_and_end_together():
    notes = rolled(CHORD, 0.025).notes[:3]

    assert [note.start for note in notes] == [1, 1.025, 1.05]
    assert [note.end for note in notes] == [3, 3, 3]


def test_stabs_and_pairs_are_not_rolled():
    assert rolled(CHORD, 0.025).notes[3:] == CHORD.notes[3:]
    assert rolled(CHORD, 0) is CHORD


def test_contrast_is_a_share_of_what_drums_have():
    assert velocity_of("x", contrast=0) == velocity_of("X", contrast=0)
    assert velocity_of("g", contrast=50) < velocity_of("o", contrast=50) < velocity_of("X", contrast=50)
