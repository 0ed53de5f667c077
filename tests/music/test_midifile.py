import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit.errors import ClipError, SetupError
from conduit.music import Clip, Note
from conduit.music.midifile import from_pretty_midi, to_pretty_midi

CLIP = Clip.of(
    [Note(45, 0, 0.5, 110), Note(45, 0.5, 0.5, 90), Note(57, 1.75, 4, 64)],
    length=8,
    name="Baß",
    bpm=128,
    meter="4/4",
    key="F# minor",
    instrument="bass",
)


def test_a_clip_comes_back_from_its_file(tmp_path):
    assert Clip.load(CLIP.save(tmp_path / "bass.mid")) == CLIP


def test_a_drum_clip_comes_back_as_drums_on_channel_10(tmp_path):
    drums = Clip.of([Note(36, 0, 0.25), Note(42, 0.5, 0.25)], name="Beat", instrument="drums")

    path = drums.save(tmp_path / "beat.mid")

    assert {m.channel for m in mido.MidiFile(path).tracks[0] if m.type == "note_on"} == {9}
    assert Clip.load(path) == drums


@given(
    st.lists(st.tuples(st.integers(0, 127), st.integers(0, 7679), st.integers(1, 960), st.integers(1, 127)))
)
def test_any_notes_of_different_pitches_come_back(tmp_path_factory, rows):
    one_a_pitch = {pitch: Note(pitch, start / 960, length / 960, v) for pitch, start, length, v in rows}
    clip = Clip.of(one_a_pitch.values(), length=16)

    again = Clip.load(clip.save(tmp_path_factory.getbasetemp() / "any.mid"))

    assert again.notes == clip.notes


def test_overlapping_notes_of_one_pitch_keep_their_number_and_starts(tmp_path):
    clip = Clip.of([Note(60, 0, 1), Note(60, 0.5, 1)])

    again = Clip.load(clip.save(tmp_path / "overlap.mid"))

    assert [(note.start, note.duration) for note in again.notes] == [(0, 1), (0.5, 1)]


def test_a_muted_note_is_not_written(tmp_path):
    clip = Clip.of([Note(60, 0, 1), Note(62, 1, 1, mute=True)])

    assert len(Clip.load(clip.save(tmp_path / "muted.mid"))) == 1


def test_the_tracks_of_a_format_1_file_become_one_clip(tmp_path):
    midi = mido.MidiFile(type=1, ticks_per_beat=480)
    midi.tracks.append(mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=500000)]))
    for pitch in (60, 64):
        on = mido.Message("note_on", note=pitch, velocity=80)
        midi.tracks.append(mido.MidiTrack([on, mido.Message("note_on", note=pitch, velocity=0, time=480)]))
    midi.save(tmp_path / "two.mid")

    clip = Clip.load(tmp_path / "two.mid")

    assert [(note.pitch, note.duration) for note in clip.notes] == [(60, 1), (64, 1)]
    assert (clip.bpm, clip.ppq) == (120, 480)


def test_a_pretty_midi_object_holds_the_notes_in_seconds_and_gives_them_back():
    midi = to_pretty_midi(CLIP)

    assert midi.instruments[0].notes[0].end == pytest.approx(0.5 * 60 / 128)
    assert from_pretty_midi(midi).notes == CLIP.notes


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        (None, SetupError, "cannot be read"),
        (b"", ClipError, "not a whole Standard MIDI File: it ends too early"),
        (b"RIFF nothing of the kind", ClipError, "MThd not found"),
        (
            b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x01\xe0MTrk\x00\x00\x00\x08\x00\x90",
            ClipError,
            "it ends too early",
        ),
    ],
    ids=["missing", "empty", "another", "cut"],
)
def test_what_is_no_midi_file_is_named(tmp_path, content, error, said):
    path = tmp_path / "x.mid"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(error, match=said):
        Clip.load(path)


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(SetupError, match="cannot be written"):
        CLIP.save(tmp_path / "nowhere" / "x.mid")
