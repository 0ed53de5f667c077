from __future__ import annotations

import base64
import io
import re
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from conduit.audio import Sound, decode_wav, dominant_hz, encode_wav, peak, rms
from conduit.errors import SetupError

RATE = 44_100


def sine(seconds: float, *, hz: float = 440.0, level: float = 0.5) -> Sound:
    wave_ = level * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE)
    return Sound(np.stack([wave_, wave_], axis=1).astype(np.float32), RATE, "test")


def test_a_sound_knows_its_length_and_shape():
    sound = sine(0.5)

    assert (sound.duration_s, len(sound), sound.shape) == (0.5, 22_050, (22_050, 2))


def test_a_sound_is_an_array_to_numpy():
    assert np.asarray(sine(0.1)).dtype == np.float32
    assert np.asarray(sine(0.1), dtype=np.float64).shape == (4410, 2)


def test_a_sound_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        sine(0.1).samples[0] = 1


def test_equal_sounds_are_equal_and_others_are_not():
    assert sine(0.1) == sine(0.1)
    assert sine(0.1) != sine(0.1, hz=441)
    assert len({sine(0.1), sine(0.1), sine(0.2)}) == 2


@pytest.mark.parametrize(
    "samples",
    [np.zeros(4), np.zeros((4, 1)), np.full((4, 2), 1.5), np.full((4, 2), np.nan)],
    ids=["one axis", "one channel", "too loud", "not a number"],
)
def test_what_is_no_stereo_sound_is_refused(samples: np.ndarray):
    with pytest.raises(ValueError, match="samples"):
        Sound(samples.astype(np.float32), RATE)


def test_a_wav_is_16_bit_stereo_that_python_reads():
    with wave.open(io.BytesIO(sine(0.1).wav())) as file:
        assert file.getparams()[:4] == (2, 2, RATE, 4410)


def test_a_saved_sound_is_read_back(tmp_path: Path):
    path = sine(0.02).save(tmp_path / "tone.wav")

    back = Sound.load(path)
    assert back.samples == pytest.approx(sine(0.02).samples, abs=1 / 32_000)


def test_an_unwritable_path_is_a_setup_error(tmp_path: Path):
    with pytest.raises(SetupError, match=r"cannot write .*nowhere"):
        sine(0.1).save(tmp_path / "nowhere" / "tone.wav")


def test_a_missing_file_is_a_setup_error(tmp_path: Path):
    with pytest.raises(SetupError, match=r"cannot read .*tone"):
        Sound.load(tmp_path / "tone.wav")


def test_a_notebook_shows_a_player_with_the_whole_sound():
    html = sine(0.3)._repr_html_()

    data = re.fullmatch(r'<audio controls src="data:audio/wav;base64,([A-Za-z0-9+/=]+)"></audio>', html)
    assert data is not None
    assert base64.b64decode(data[1]) == sine(0.3).wav()


@pytest.mark.slow
def test_the_player_of_a_long_sound_stays_small():
    assert len(sine(120)._repr_html_()) < 6 * 2**20


@pytest.mark.parametrize("seconds", [0.0, 0.01, 1, 5, 8, 11, 20, 60])
@pytest.mark.parametrize("max_bytes", [1024, 20_000, 256 * 1024])
def test_a_preview_stays_under_its_cap(seconds: float, max_bytes: int):
    data = sine(seconds).preview(max_bytes=max_bytes)

    assert len(data) <= max_bytes
    assert decode_wav(data)[0].shape[1] == 1


@pytest.mark.parametrize("seconds", [1, 5, 8, 11, 20])
def test_a_preview_that_fits_keeps_length_pitch_and_level(seconds: float):
    samples, rate = decode_wav(sine(seconds).preview())

    assert len(samples) / rate == pytest.approx(seconds, abs=1e-3)
    assert dominant_hz(samples, sample_rate_hz=rate) == pytest.approx(440, rel=0.001)
    assert rms(samples) == pytest.approx(rms(sine(1)), rel=0.02)


def test_a_preview_that_does_not_fit_is_shortened_with_a_fade():
    samples, rate = decode_wav(sine(60).preview())

    assert 20 < len(samples) / rate < 24
    assert peak(samples[-100:]) < 0.02


def test_a_preview_drops_what_its_rate_cannot_hold():
    samples, _ = decode_wav(sine(1, hz=15_000).preview())

    assert peak(samples[200:-200]) < 0.01


def test_a_preview_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least 1024"):
        sine(1).preview(max_bytes=1000)


@given(
    arrays(np.int16, st.tuples(st.integers(0, 50), st.integers(1, 3)), elements=st.integers(-32767, 32767))
)
def test_decoding_undoes_encoding(whole: np.ndarray):
    samples = (whole / np.float64(32767)).astype(np.float32)

    back, rate = decode_wav(encode_wav(samples, sample_rate_hz=8000))

    assert rate == 8000
    assert np.array_equal(np.rint(back * 32767), whole)


def test_encoding_follows_the_bytes_of_the_format():
    data = encode_wav(np.array([0.0, 1.0, -1.0, 2.0]), sample_rate_hz=44_100)

    assert data[:4] + data[8:16] == b"RIFFWAVEfmt "
    assert data[20:24] == b"\x01\0\x01\0"
    assert data[44:] == bytes.fromhex("0000 ff7f 0180 ff7f")


@pytest.mark.parametrize(
    ("width", "frames"),
    [
        (1, b"\x80\xff\x01"),
        (3, b"\0\0\0\xff\xff\x7f\x01\0\x80"),
        (4, b"\0\0\0\0\xff\xff\xff\x7f\x01\0\0\x80"),
    ],
    ids=["8 bits", "24 bits", "32 bits"],
)
def test_other_widths_are_read(width: int, frames: bytes):
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, width, RATE, 3, "NONE", "not compressed"))
        file.writeframes(frames)

    assert decode_wav(out.getvalue())[0][:, 0] == pytest.approx([0, 1, -1], abs=1e-6)


@pytest.mark.parametrize("cut", range(0, 60, 3))
def test_a_cut_wav_is_refused_or_read_as_far_as_it_goes(cut: int):
    data = encode_wav(np.zeros((8, 2)), sample_rate_hz=RATE)[:cut]

    try:
        samples, _ = decode_wav(data)
    except ValueError as error:
        assert "not a WAV file" in str(error)  # noqa: PT017  either outcome is right
    else:
        assert len(samples) <= 8


def test_other_depths_are_not_written():
    with pytest.raises(ValueError, match="12 bits"):
        encode_wav(np.zeros(4), sample_rate_hz=RATE, bits=12)


@pytest.mark.parametrize("bits", [8, 16, 24])
def test_depths_that_are_written_are_read_back(bits: int):
    samples = np.linspace(-1, 1, 64).reshape(-1, 2)

    back, _ = decode_wav(encode_wav(samples, sample_rate_hz=RATE, bits=bits))

    assert back == pytest.approx(samples, abs=1 / 2 ** (bits - 1))


@pytest.mark.parametrize(
    ("name", "begins", "tolerance"),
    [("tone.flac", b"fLaC", 1 / 32_000), ("tone.OGG", b"OggS", 0.05), ("tone", b"RIFF", 1 / 32_000)],
)
def test_the_end_of_a_name_says_how_a_sound_is_saved(
    name: str, begins: bytes, tolerance: float, tmp_path: Path
):
    path = sine(2).save(tmp_path / name)

    assert path.read_bytes()[:4] == begins
    if name != "tone":
        samples, rate = soundfile.read(path)
        assert rate == RATE
        assert samples[4410:-4410] == pytest.approx(sine(2).samples[4410:-4410], abs=tolerance)


def test_a_sound_is_saved_with_24_bits_where_that_is_asked_for(tmp_path: Path):
    assert soundfile.info(sine(0.1).save(tmp_path / "tone.wav", bits=24)).subtype == "PCM_24"
    assert soundfile.info(sine(0.1).save(tmp_path / "tone.flac", bits=24)).subtype == "PCM_24"


def test_a_depth_that_files_do_not_have_is_refused(tmp_path: Path):
    with pytest.raises(ValueError, match="12 bits"):
        sine(0.1).save(tmp_path / "tone.flac", bits=12)


def test_a_name_of_another_kind_of_file_is_a_setup_error(tmp_path: Path):
    with pytest.raises(SetupError, match=r"\.mp3 is not a kind.*\.wav, \.flac or \.ogg"):
        sine(0.1).save(tmp_path / "tone.mp3")


def test_without_soundfile_the_error_says_what_to_install(tmp_path: Path):
    script = """
import sys
sys.modules["soundfile"] = None
import numpy as np
from conduit.audio import Sound
Sound(np.zeros((9, 2), dtype=np.float32), 44100).save(sys.argv[1])
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "tone.flac")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (
        "SetupError: .flac files need the package soundfile: pip install 'conduit-live[audio]'" in done.stderr
    )
