from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit.music import Clip, Note
from conduit.widgets import pack_notes
from conduit.widgets.packing import RECORD

NOTES = st.builds(
    Note,
    pitch=st.integers(0, 127),
    start=st.integers(0, 4000).map(lambda tick: tick / 960),
    duration=st.integers(1, 4000).map(lambda tick: tick / 960),
    velocity=st.integers(1, 127),
    mute=st.booleans(),
)


def test_a_note_is_twelve_little_endian_bytes():
    packed = pack_notes(Clip.of([Note(60, 1.5, 0.25, velocity=100, mute=True)]))

    assert packed == bytes.fromhex("0000c03f 0000803e 3c 64 01 00")


def test_an_empty_clip_packs_to_no_bytes():
    packed = pack_notes(Clip.of([]))

    assert packed == b""


@given(st.lists(NOTES, max_size=20))
def test_packed_notes_are_the_clips_notes_in_order(notes):
    clip = Clip.of(notes)

    read = np.frombuffer(pack_notes(clip), dtype=RECORD)

    assert read["pitch"].tolist() == [note.pitch for note in clip.notes]
    assert read["velocity"].tolist() == [note.velocity for note in clip.notes]
    assert read["flags"].tolist() == [int(note.mute) for note in clip.notes]
    assert read["start"].tolist() == pytest.approx([note.start for note in clip.notes], abs=1e-6)
    assert read["duration"].tolist() == pytest.approx([note.duration for note in clip.notes], abs=1e-6)
