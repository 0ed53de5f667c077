import pytest

from conduit.__main__ import main
from conduit.music import Clip


def test_a_shell_gets_a_text_roll_a_midi_file_and_a_wav_file(tmp_path, capsys):
    midi, wav = tmp_path / "bass.mid", tmp_path / "bass.wav"

    status = main(["compose", "acid bass", "--bars", "2", "--out", str(midi), "--wav", str(wav)])

    shown = capsys.readouterr().out
    assert status == 0
    assert "Acid bass" in shown
    assert "│" in shown
    assert "2 bars at" in shown
    assert Clip.load(midi).bars == 2
    assert wav.read_bytes()[:4] == b"RIFF"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--bars", "500"], "500"),
        (["--key", "H"], "'H'"),
        (["-m", "nobody"], "nobody"),
        (["--wav", "x.mp3"], "end the name in .wav"),
        (["--out", "x.txt"], "end it in .mid"),
    ],
    ids=["bars", "key", "model", "wav", "midi"],
)
def test_what_cannot_be_is_one_line_on_standard_error(capsys, arguments, said):
    status = main(["compose", "bass", *arguments])

    shown = capsys.readouterr()
    assert status == 1
    assert said in shown.err
    assert shown.err.count("\n") == 1
