"""Files that are dropped on the chat panel: what they are is told from their content."""

from __future__ import annotations

import contextlib
import time

import numpy as np
import pytest
from conduit_magics.chat.attaching import MOST_BYTES, VALID, attachment
from conduit_magics.file_verb import MOST_BYTES as MOST_MIDI_BYTES
from hypothesis import given, settings
from hypothesis import strategies as st

from conduit.composer.data import without_data
from conduit.errors import SetupError
from conduit.messages import AudioPart, ImagePart
from conduit.messages.media import audio_part, image_part
from conduit.music import Arrangement, Clip, Note
from conduit.music.midifile import midi_bytes

PNG = image_part(np.zeros((2, 3), np.uint8)).data
WAV = audio_part(np.zeros(100)).data
BASS = Clip.of([Note(45, 0, 1), Note(47, 1, 1)], name="Bass", instrument="bass", bpm=120)
DRUMS = Clip.of([Note(36, 0, 1)], name="Drums", instrument="drums", bpm=120)
SONG = midi_bytes(Arrangement.of([BASS, DRUMS], name="Song"))


def smf(events):
    """Give a MIDI file of one track, 480 ticks a beat."""
    track = events + b"\x00\xff\x2f\x00"
    return b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x01\xe0MTrk" + len(track).to_bytes(4, "big") + track


def rmid(content):
    return (
        b"RIFF"
        + (len(content) + 12).to_bytes(4, "little")
        + b"RMIDdata"
        + len(content).to_bytes(4, "little")
        + content
    )


@pytest.mark.parametrize(
    ("data", "kind", "media_type"),
    [
        (PNG, "image", "image/png"),
        (b"\xff\xd8\xff\xe0 a photo", "image", "image/jpeg"),
        (b"GIF89a\x01\x00\x01\x00", "image", "image/gif"),
        (WAV, "audio", "audio/wav"),
        (b"ID3 a song", "audio", "audio/mpeg"),
        (b"OggS", "audio", "audio/ogg"),
        (b"fLaC\x00", "audio", "audio/flac"),
    ],
)
@pytest.mark.parametrize(("name", "mime"), [("a.txt", "text/plain"), ("a.mid", "audio/midi"), ("a.png", "")])
def test_a_picture_or_a_sound_is_known_by_its_content_whatever_it_is_called(
    data, kind, media_type, name, mime
):
    found = attachment(name, mime, data)

    assert (found.kind, found.name, found.clips, found.text) == (kind, name, (), "")
    assert found.part == (ImagePart if kind == "image" else AudioPart)(media_type=media_type, data=data)
    assert found.words.startswith(f"{media_type}, ")


@pytest.mark.parametrize("data", [SONG, rmid(SONG)], ids=["plain", "in RIFF"])
def test_a_midi_file_gives_its_clips(data):
    found = attachment("my song.mid", "image/png", data)

    assert (found.kind, found.part, found.words) == ("midi", None, "2 clips, 3 notes, 120 bpm")
    assert [clip.name for clip in found.clips] == ["Bass", "Drums"]


def test_a_clip_that_is_alone_is_called_as_its_file():
    [clip] = attachment("riff.mid", "", smf(b"\x00\x90\x3c\x40\x60\x80\x3c\x00")).clips

    assert clip.name == "riff"


def test_the_text_of_a_midi_file_is_data_that_the_offline_composer_reads():
    found = attachment('my "song".mid', "", SONG)

    words, clips = without_data(f"a melody for this\n\n{found.text}")

    assert words == "a melody for this"
    assert clips == list(found.clips)


@pytest.mark.parametrize(
    ("data", "most"),
    [(PNG, MOST_BYTES), (WAV, MOST_BYTES), (b"MThd", MOST_MIDI_BYTES)],
    ids=["png", "wav", "midi"],
)
def test_what_is_too_large_is_told_with_both_sizes(data, most):
    with pytest.raises(SetupError) as caught:
        attachment("big", "", data.ljust(most + 1, b"\x00"))

    assert f"at most {most // 1_000_000}.0 MB are taken here" in caught.value.message
    assert caught.value.message.startswith("big has ")


def test_what_is_as_large_as_may_be_is_taken():
    assert attachment("big.png", "", PNG.ljust(MOST_BYTES, b"\x00")).words == "image/png, 8.0 MB"


@pytest.mark.parametrize(
    "data",
    [b"%PDF-1.7", b"<svg onload='x'/>", b"PK\x03\x04", b"just words", b"RIFF\x00\x00\x00\x00AVI "],
    ids=["pdf", "svg", "zip", "text", "avi"],
)
def test_anything_else_says_what_can_be_attached(data):
    with pytest.raises(SetupError) as caught:
        attachment("notes.png", "application/x", data)

    assert caught.value.message.startswith("notes.png (application/x) cannot be attached; drop PNG, JPEG")
    assert caught.value.valid == list(VALID)


def test_an_empty_file_is_said_to_be_empty():
    with pytest.raises(SetupError, match=r"a\.wav is empty"):
        attachment("a.wav", "audio/wav", b"")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"MThd", "is not a whole Standard MIDI File"),
        (SONG[:-9], "is not a whole Standard MIDI File"),
        (midi_bytes(Clip.of([], length=4)), "holds no notes"),
        (smf(b""), "holds no notes"),
    ],
    ids=["head alone", "cut", "an empty clip", "no events"],
)
def test_a_broken_midi_file_is_one_clear_error(data, told):
    with pytest.raises(SetupError, match=told):
        attachment("a.mid", "audio/midi", data)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_midi_file_breaks_anything(data):
    content = bytearray(SONG)
    for place in data.draw(st.lists(st.integers(4, len(SONG) - 1), max_size=8)):
        content[place] = data.draw(st.integers(0, 255))

    with contextlib.suppress(SetupError):
        assert attachment("a.mid", "", bytes(content)).kind == "midi"


def test_a_midi_file_of_the_largest_size_is_read_in_some_seconds():
    content = smf(b"\x01\x90\x3c\x40\x01\x80\x3c\x00" * (MOST_MIDI_BYTES // 8 - 8))

    began = time.perf_counter()
    found = attachment("many.mid", "", content)

    assert sum(map(len, found.clips)) > 120_000
    assert time.perf_counter() - began < 20


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("a\x1b[31m\nb\u202e.png", "a"),
        ("x" * 500, "x" * 79 + "…"),
        ("", "the file"),
        (" \n ", "the file"),
    ],
)
def test_a_name_is_one_short_line(name, called):
    found = attachment(name, "", PNG)

    assert found.name.startswith(called)
    assert len(found.name) <= 80
    assert not {"\n", "\x1b", "\u202e"} & set(found.name)
