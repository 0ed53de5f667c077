import mido
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduit.errors import ClipError, SetupError
from conduit.music import Clip, Note
from conduit.music.kept import KeptEvent
from conduit.music.midifile import midi_bytes, parse_midi
from conduit.music.prettymidi import clip_from_pretty_midi as from_pretty_midi
from conduit.music.prettymidi import clip_to_pretty_midi as to_pretty_midi

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
    st.lists(
        st.tuples(st.integers(0, 127), st.integers(0, 7679), st.integers(1, 960), st.integers(1, 127)),
        min_size=1,
    )
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


def test_a_muted_note_is_no_note_of_the_file_and_comes_back_all_the_same(tmp_path):
    clip = Clip.of([Note(60, 0, 1), Note(62, 1, 1, mute=True)], name="Two")

    path = clip.save(tmp_path / "muted.mid")

    assert [m.note for m in mido.MidiFile(path).tracks[0] if m.type == "note_on"] == [60]
    assert Clip.load(path) == clip


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


def whole(*events, ppq=480):
    """Give a file of one track: these bytes, then a note of a beat, then the end."""
    track = b"".join(events) + b"\x00\x90\x45\x50\x83\x60\x45\x00\x00\xff\x2f\x00"
    header = b"MThd\x00\x00\x00\x06\x00\x00\x00\x01" + ppq.to_bytes(2, "big")
    return header + b"MTrk" + len(track).to_bytes(4, "big") + track


def loaded(tmp_path, content):
    path = tmp_path / "file name.mid"
    path.write_bytes(content)
    return Clip.load(path)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Flöte".encode("latin-1"), "Flöte"),
        ("Flöte".encode(), "Flöte"),
        (b"Flute\0\0\0", "Flute"),
        (b"\x1b Flute\r\n", "Flute"),
        (b"\0\0", "file name"),
    ],
    ids=["latin-1", "utf-8", "padded", "control", "nothing"],
)
def test_a_track_name_is_read_in_any_charset_without_what_cannot_be_shown(tmp_path, written, name):
    clip = loaded(tmp_path, whole(b"\x00\xff\x03", bytes([len(written)]), written))

    assert (clip.name, len(clip)) == (name, 1)


@pytest.mark.parametrize(
    "signature", [b"\x08\x00", b"\x00\x02", b"\x80\x00"], ids=["sharps", "mode", "flats"]
)
def test_a_key_signature_that_is_none_is_passed_over(tmp_path, signature):
    clip = loaded(tmp_path, whole(b"\x00\xff\x59\x02", signature, b"\x00\xff\x59\x02\x03\x01"))

    assert (clip.key, len(clip)) == ("F# minor", 1)


def test_a_key_signature_of_another_length_is_a_broken_file(tmp_path):
    with pytest.raises(ClipError, match="not a whole Standard MIDI File"):
        loaded(tmp_path, whole(b"\x00\xff\x59\x03\x08\x00\x00"))


def test_a_data_byte_over_127_is_a_broken_file_and_its_place_is_named(tmp_path):
    with pytest.raises(ClipError, match=r"data byte must be in range 0..127 at byte 26 of 41; get it again"):
        loaded(tmp_path, whole(b"\x00\x90\x3c\xff\x60\x3c\x00"))


def test_a_metre_that_live_does_not_know_is_passed_over(tmp_path):
    clip = loaded(tmp_path, whole(b"\x00\xff\x58\x04\xc8\x02\x18\x08"))

    assert str(clip.meter) == "4/4"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (whole()[:18] + b"\x00\x00\x00\x04\x00\xff\x2f\x00", "holds no notes"),
        (whole()[:10] + b"\x00\x00\x01\xe0", "holds no notes"),
        (whole(ppq=0), "counts no ticks in a beat"),
        (whole(ppq=0xE001), "counts no ticks in a beat"),
        (whole(b"\xff\xff\xff\xff\xff\xff\xff\x7f\xb0\x07\x40"), "a clip is up to 100,000"),
    ],
    ids=["empty track", "no track", "no resolution", "frames of no known film", "endless"],
)
def test_a_file_that_makes_no_clip_says_why(tmp_path, content, said):
    with pytest.raises(ClipError, match=said):
        loaded(tmp_path, content)


def test_a_clip_with_only_muted_notes_comes_back(tmp_path):
    clip = Clip.of([Note(60, 0, 1, mute=True)], name="Silent")

    assert Clip.load(clip.save(tmp_path / "x.mid")) == clip


@pytest.mark.parametrize(
    ("division", "ppq", "bpm"),
    [(0xE728, 500, 120), (0xE878, 1440, 120), (0xE350, 1160, 120_000 / 1001)],
    ids=["25 frames of 40 ticks", "24 frames of 120", "29.97 frames of 80"],
)
def test_in_a_file_that_counts_frames_half_a_second_is_a_beat(tmp_path, division, ppq, bpm):
    tempo = b"\x00\xff\x51\x03\x01\x00\x00"  # says nothing in such a file

    clip = loaded(tmp_path, whole(tempo, ppq=division))

    assert (clip.ppq, clip.bpm) == (ppq, pytest.approx(bpm))


def test_patterns_that_do_not_sound_together_are_refused(tmp_path):
    one = whole()
    two = one[:8] + b"\x00\x02\x00\x02" + one[12:] + one[14:]

    with pytest.raises(ClipError, match="of format 2: 2 patterns that do not sound together; save each"):
        loaded(tmp_path, two)


def test_a_wrapped_file_is_read(tmp_path):
    one = whole()
    wrapped = b"RIFF" + (len(one) + 12).to_bytes(4, "little") + b"RMIDdata" + len(one).to_bytes(4, "little")

    assert len(loaded(tmp_path, wrapped + one)) == 1


@pytest.mark.parametrize("kind", [b"\x0a", b"\x6b", b"\xf5"])
def test_time_goes_on_before_an_event_of_an_unknown_kind(tmp_path, kind):
    clip = loaded(
        tmp_path, whole(b"\x83\x60\xff" + kind + b"\x01A", b"\x00\xf0\x02\x7e\xf7", b"\x00\xc0\x05")
    )

    assert [note.start for note in clip.notes] == [1]


def test_time_goes_on_before_a_key_signature_that_is_none():
    content = whole(b"\x83\x60\xff\x59\x02\x08\x00")

    song = parse_midi(content, source="x.mid")

    assert song[0].notes[0].start == 1
    assert song.kept[0].data == b"\xff\x59\x08\x00"
    assert midi_bytes(song).count(b"\xff\x59\x02\x08\x00") == 1


def test_a_path_that_cannot_be_is_named():
    with pytest.raises(SetupError, match="null byte; check the path"):
        Clip.load("a\0b.mid")


GOOD = whole(
    b"\x00\xff\x03\x04Bass\x00\xff\x51\x03\x07\xa1\x20\x00\xff\x58\x04\x04\x02\x18\x08",
    b"\x00\xff\x59\x02\x03\x01\x00\xc0\x26\x00\xff\x54\x05\x60\x00\x00\x00\x00\x00\xf0\x02\x7e\xf7",
)


def loaded_or_refused(path):
    try:
        return Clip.load(path)
    except ClipError as error:
        return error


@settings(max_examples=400, deadline=None)
@given(
    changes=st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=4),
    inserted=st.binary(max_size=3),
    place=st.integers(0, len(GOOD)),
    end=st.integers(len(GOOD) - 10, len(GOOD) + 3),
)
def test_any_damage_to_a_file_leaves_a_clip_or_a_clip_error(tmp_path_factory, changes, inserted, place, end):
    content = bytearray(GOOD)
    for at, byte in changes:
        content[at] = byte
    content[place:place] = inserted
    path = tmp_path_factory.getbasetemp() / "damaged.mid"
    path.write_bytes(content[:end])

    assert isinstance(loaded_or_refused(path), Clip | ClipError)


def test_the_file_that_is_damaged_was_whole(tmp_path):
    clip = loaded(tmp_path, GOOD)

    assert (clip.name, clip.key, clip.instrument) == ("Bass", "F# minor", "bass")


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(SetupError, match="cannot be written"):
        CLIP.save(tmp_path / "nowhere" / "x.mid")


_HEAD = bytes.fromhex("4d546864 00000006 0000 0001 0060")
_NOTE = bytes.fromhex("00903c5a 60803c40 00ff2f00")


def _file(events: bytes, *, between: bytes = b"") -> bytes:
    return _HEAD + between + b"MTrk" + len(events).to_bytes(4) + events


def test_the_slowest_tempo_that_a_file_can_state_is_read_and_written():
    content = _file(bytes.fromhex("00ff5103ffffff") + _NOTE)
    slow = parse_midi(content, source="slow.mid")

    assert slow.bpm == pytest.approx(60_000_000 / 0xFFFFFF, rel=1e-4)
    assert midi_bytes(slow) == content


@pytest.mark.parametrize("status", [0xF6, 0xF8, 0xFA, 0xFB, 0xFC])
def test_a_message_of_real_time_is_left_out_and_the_time_before_it_goes_on(status):
    read = parse_midi(_file(bytes((0x30, status)) + _NOTE), source="clock.mid")

    assert [note.start for note in read[0].notes] == [0.5]
    assert not any(event.data[0] == status for event in read.kept)
    assert parse_midi(midi_bytes(read), source="again.mid") == read


def test_a_kept_message_of_real_time_is_not_written():
    plain = parse_midi(_file(_NOTE), source="plain.mid")
    ticking = plain.with_(kept=(*plain.kept, KeptEvent(0, 0, b"\xf8")))

    assert midi_bytes(ticking) == midi_bytes(plain)


@pytest.mark.parametrize("channel", ["1.0", "true", "16", "-1", "null", "[]"])
def test_an_event_of_conduits_own_about_what_is_no_channel_is_damaged(channel):
    own = b"\x7dConduit" + f'{{"channel":{channel},"muted":[[0,96,60,90,true]]}}'.encode()

    with pytest.raises(
        ClipError, match=r"odd\.mid holds an event of Conduit .* is damaged: .* about no channel"
    ):
        parse_midi(_file(b"\x00\xff\x7f" + bytes((len(own),)) + own + _NOTE), source="odd.mid")


@pytest.mark.parametrize("chunk", [b"XFIH\0\0\0\4abcd", b"XFKM\0\0\0\0", b"XFIH\0\0\0\4MTrkXFKM\0\0\0\1a"])
def test_a_chunk_of_an_unknown_kind_is_passed_over(chunk):
    assert parse_midi(_file(_NOTE, between=chunk), source="a") == parse_midi(_file(_NOTE), source="a")


def test_times_after_an_event_of_an_unknown_kind_are_right_after_an_unknown_chunk_too():
    read = parse_midi(_file(b"\x30\xff\x60\x01a" + _NOTE, between=b"XFIH\0\0\0\4abcd"), source="a")

    assert [note.start for note in read[0].notes] == [0.5]
