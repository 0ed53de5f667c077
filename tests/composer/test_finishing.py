from __future__ import annotations

import pytest

from conduit.composer.revise import revise
from conduit.music import Clip, Note

BASS = Clip.of(
    [Note(pitch, 4 * bar + beat, 0.5) for bar in range(3) for beat, pitch in ((0, 45), (1.5, 48), (3, 40))],
    length=16,
    key="A minor",
    instrument="bass",
    name="Line",
)
BEAT = Clip.of(
    [Note(36, beat, 0.25) for beat in range(8)] + [Note(38, 2 * beat + 1, 0.25) for beat in range(4)],
    length=12,
    instrument="drums",
)


def in_bar(clip: Clip, bar: int) -> list[Note]:
    return [note for note in clip.notes if 4 * (bar - 1) <= note.start < 4 * bar]


@pytest.mark.parametrize(
    "words",
    [
        "keep my changes, finish bar 4",
        "finish bar 4",
        "please complete the clip",
        "fill in the empty bar",
        "finish it",
    ],
)
def test_an_empty_bar_is_finished_and_every_note_kept(words):
    revision = revise(BASS, words)

    assert revision is not None
    assert in_bar(revision.clip, 4)
    assert set(BASS.notes) <= set(revision.clip.notes)
    assert revision.clip.length == 16
    assert "finished bar 4" in revision.sentence


def test_notes_that_a_person_put_there_stay_and_nothing_sounds_over_them():
    mine = Note(52, 12.5, 2)
    clip = Clip.of([*BASS.notes, mine], length=16, key="A minor", instrument="bass")

    revision = revise(clip, "keep my changes, finish bar 4")

    assert revision is not None
    others = [note for note in in_bar(revision.clip, 4) if note != mine]
    assert mine in revision.clip.notes
    assert others
    assert all(note.start + note.duration <= 12.5 or note.start >= 14.5 for note in others)


def test_drums_go_on_in_their_groove():
    revision = revise(BEAT, "finish bar 3")

    assert revision is not None
    assert {36} <= {note.pitch for note in in_bar(revision.clip, 3)}


def test_a_bar_that_is_not_there_is_told():
    revision = revise(BASS, "finish bar 9")

    assert revision is not None
    assert revision.clip == BASS
    assert "no bar 9 in 4" in revision.sentence


def test_making_one_bar_busier_leaves_the_others():
    clip = Clip.of([Note(45, beat, 0.5) for beat in range(16)], key="A minor", instrument="bass")

    revision = revise(clip, "make bar 4 busier")

    assert revision is not None
    assert [len(in_bar(revision.clip, bar)) for bar in (1, 2, 3)] == [4, 4, 4]
    assert len(in_bar(revision.clip, 4)) > 4
