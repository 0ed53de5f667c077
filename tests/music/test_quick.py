"""Notes read quickly: by symusic or by mido, they are the same."""

from __future__ import annotations

import sys
from pathlib import Path

import mido
import numpy as np
import pytest
from hypothesis import given, settings

from conduit.errors import ClipError, SetupError
from conduit.music import Arrangement, Clip, Note
from conduit.music.midifile import midi_bytes, read_notes
from conduit.music.midiread import notes_of
from conduit.music.midiwrite import midi_of
from conduit.music.quick import quick_notes

sys.path.insert(0, str(Path(__file__).parent))
from clip_strategies import clips

CORPUS = Path(__file__).parents[2] / ".corpus"


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(clips())
def test_symusic_reads_the_notes_that_mido_reads(clip):
    song = Arrangement.of([clip])

    assert np.array_equal(quick_notes(midi_bytes(song)), notes_of(midi_of(song), "x.mid"))


def test_the_notes_of_all_tracks_come_in_one_table_with_the_ticks_of_a_beat(tmp_path):
    parts = [
        Clip.of([Note(60, 0, 1)], ppq=480),
        Clip.of([Note(36, 1, 1, mute=True), Note(38, 0.5, 1)], ppq=480),
    ]

    notes, ppq = read_notes(Arrangement.of(parts).save(tmp_path / "x.mid"))

    assert (notes[["start", "pitch"]].tolist(), ppq) == ([(0, 60), (240, 38)], 480)


def test_a_broken_or_missing_file_is_refused_as_ever(tmp_path):
    (tmp_path / "x.mid").write_bytes(midi_bytes(Clip.of([Note(60, 0, 1)]))[:-9])

    with pytest.raises(ClipError, match="not a whole Standard MIDI File"):
        read_notes(tmp_path / "x.mid")
    with pytest.raises(SetupError, match="cannot be read"):
        read_notes(tmp_path / "y.mid")


def test_a_file_that_counts_frames_is_refused(tmp_path):
    content = midi_bytes(Clip.of([Note(60, 0, 1)]))
    (tmp_path / "x.mid").write_bytes(content[:12] + b"\xe7\x28" + content[14:])

    with pytest.raises(ClipError, match="counts no ticks in a beat"):
        read_notes(tmp_path / "x.mid")


@pytest.mark.slow
def test_the_notes_of_real_files_are_the_same_either_way():
    for path in sorted(CORPUS.rglob("*.mid")):
        quick = quick_notes(path.read_bytes())
        try:
            slow = notes_of(mido.MidiFile(path), path.name)
        except OSError:
            assert quick is None
        else:
            assert np.array_equal(quick, slow), path.name
