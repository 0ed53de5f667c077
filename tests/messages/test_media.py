import io
import os
import subprocess
import sys
import wave
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.display import Image

from conduit.audio import Sound
from conduit.errors import SetupError
from conduit.messages import (
    AudioPart,
    ImagePart,
    UserMessage,
    audio_part,
    image_part,
    media_part,
    read_message,
)

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 8
WAV = b"RIFF\x00\x00\x00\x00WAVEfmt "
KINDS = [
    (PNG, "image/png"),
    (b"\xff\xd8\xff\xe0", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"RIFF\n\n\n\nWEBP", "image/webp"),
    (WAV, "audio/wav"),
    (b"ID3\x04", "audio/mpeg"),
    (b"\xff\xfb\x90", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
]


class Picture:
    def _repr_png_(self):
        return PNG


class Broken:
    def _repr_png_(self):
        raise RuntimeError("no display")


class Shy:
    def _repr_png_(self):
        return None


class Figure:
    def savefig(self, file, *, format):  # noqa: A002  matplotlib's name
        assert format == "png"
        file.write(PNG)


def pixels(part):
    """Read the rows of a PNG without a filter."""
    start = part.data.index(b"IDAT") + 4
    length = int.from_bytes(part.data[start - 8 : start - 4], "big")
    return zlib.decompress(part.data[start : start + length])


@pytest.mark.parametrize(("data", "kind"), KINDS, ids=lambda value: str(value)[:16])
def test_the_kind_is_told_from_the_first_bytes(data, kind):
    assert media_part(data).media_type == kind


@pytest.mark.parametrize(("data", "kind"), KINDS, ids=lambda value: str(value)[:16])
def test_a_file_is_read_whatever_it_is_called(tmp_path, data, kind):
    path = tmp_path / "thing.txt"
    path.write_bytes(data)

    assert media_part(str(path)) == media_part(path)
    assert (media_part(path).media_type, media_part(path).data) == (kind, data)


@pytest.mark.parametrize("shape", [(2, 3), (2, 3, 3), (2, 3, 4)], ids=str)
def test_an_array_of_numbers_is_a_picture_of_the_same_pixels(shape):
    array = np.arange(np.prod(shape), dtype=np.uint8).reshape(shape)

    part = image_part(array)

    assert pixels(part) == b"".join(b"\x00" + row.tobytes() for row in array)
    assert part == image_part(array)
    assert image_part(array / np.float32(255)).data == part.data


@pytest.mark.parametrize("channels", [None, 1, 2])
def test_an_array_of_samples_is_a_sound(channels):
    shape = (100,) if channels is None else (100, channels)
    array = np.linspace(-1, 1, int(np.prod(shape)), dtype=np.float32).reshape(shape)

    part = audio_part(array, sample_rate_hz=8000)

    with wave.open(io.BytesIO(part.data)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getnframes()) == (8000, channels or 1, 100)
        assert file.readframes(100) == (array * 32767).round().astype("<i2").tobytes()


def test_a_sound_keeps_its_rate():
    sound = Sound(np.zeros((10, 2), np.float32), 22050)

    with wave.open(io.BytesIO(media_part(sound).data)) as file:
        assert file.getframerate() == sound.sample_rate_hz


@given(st.lists(st.floats(-1, 1, width=32), min_size=2, max_size=20))
def test_a_sound_is_sent_as_the_file_it_would_be_saved_as(values):
    sound = Sound(np.repeat(np.array(values, np.float32)[:, None], 2, axis=1), 44100)

    assert audio_part(sound).data == sound.wav()


def test_a_half_float_at_full_scale_stays_at_full_scale():
    part = audio_part(np.array([-1, 1], np.float16))

    assert part == audio_part(np.array([-1, 1], np.float32))


@pytest.mark.parametrize(
    "variable",
    [Picture(), Figure(), Image(data=PNG, format="png"), PNG, bytearray(PNG), memoryview(PNG)],
    ids=["shows", "draws", "ipython", "bytes", "bytearray", "memoryview"],
)
def test_what_a_notebook_shows_is_a_picture(variable):
    assert media_part(variable) == ImagePart(media_type="image/png", data=PNG)


@pytest.mark.parametrize("part", [ImagePart(media_type="x", data=b"1"), AudioPart(media_type="y", data=b"2")])
def test_a_part_is_given_back_as_it_is(part):
    assert media_part(part) is part


def test_a_part_goes_through_json_unchanged():
    message = UserMessage(parts=(media_part(PNG), media_part(WAV)))

    assert read_message(message.model_dump_json()) == message


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (b"", "is empty"),
        (b"hello", "none of the kinds"),
        (5, "neither a picture nor a sound"),
        ("/nothing/there.png", "cannot be read"),
        ("a\x00b", "cannot be read"),
        (os.curdir, "is not a file"),
        (np.zeros((2, 2, 2), np.uint8), r"shape \(2, 2, 2\) is no picture"),
        (np.zeros((0, 2), np.uint8), "is no picture"),
        (np.zeros((4, 4), np.int64), "int64 is no picture"),
        (np.full((4, 4), 2.0), "not within"),
        (np.full(9, np.nan), "not within"),
        (np.zeros((2, 3), np.int16), "is no sound"),
        (Broken(), "no display"),
        (Shy(), "neither as PNG nor as JPEG"),
        ("", "is not a file"),
        ("~no such user/a.png", "cannot be read"),
        ("A" * 1000, r"'A{200}\.\.\.' cannot be read"),
    ],
    ids=range(17),
)
def test_what_is_neither_is_refused_with_what_would_be_valid(source, said):
    with pytest.raises(SetupError, match=said):
        media_part(source)


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    path = tmp_path / "big.png"
    with path.open("wb") as file:
        file.truncate(20_000_001)

    with pytest.raises(SetupError, match="at most 20 MB"):
        media_part(path)


@pytest.mark.slow
def test_an_array_whose_file_is_too_large_is_not_sent():
    noise = np.random.default_rng(1).integers(0, 256, (2300, 3000, 3), dtype=np.uint8)

    with pytest.raises(SetupError, match="at most 20 MB"):
        image_part(noise)


def test_a_link_and_a_pipe_are_not_followed(tmp_path):
    (tmp_path / "real.png").write_bytes(PNG)
    (tmp_path / "link.png").symlink_to(tmp_path / "real.png")
    os.mkfifo(tmp_path / "pipe.png")

    for name in ("link.png", "pipe.png"):
        with pytest.raises(SetupError, match="is not a file"):
            media_part(tmp_path / name)


def test_a_sound_is_no_image_and_an_image_no_sound():
    with pytest.raises(SetupError, match=r"audio/wav.*image/png, image/jpeg, image/gif, image/webp"):
        image_part(WAV)
    with pytest.raises(SetupError, match="image/png"):
        audio_part(PNG)


@pytest.mark.parametrize("rate", [0, -1, 10_000_000])
def test_a_rate_that_cannot_be_is_a_value_error(rate):
    with pytest.raises(ValueError, match="sample_rate_hz"):
        audio_part(np.zeros(4), sample_rate_hz=rate)


def test_a_part_in_a_notebook_does_not_print_its_bytes():
    assert repr(media_part(PNG)) == "ImagePart(type='image', media_type='image/png')"


def test_bytes_and_files_need_no_numpy():
    code = (
        "import sys; from conduit.messages import media_part;"
        "media_part(b'GIF89a'); print('numpy' in sys.modules)"
    )

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout.strip() == "False"
