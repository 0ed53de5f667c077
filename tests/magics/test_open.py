"""MIDI files in the notebook: ``%conduit open``, and files dropped on a view."""

from __future__ import annotations

import base64
import sys
from pathlib import Path

import pytest
from conduit_magics.file_verb import midi_files
from conduit_magics.intents import act
from conduit_magics.output import Output

from conduit.errors import SetupError
from conduit.music import Arrangement, Clip, Note
from conduit.music.midifile import midi_bytes
from conduit.widgets.roll import roll

sys.path.insert(0, str(Path(__file__).parent))
from kernels import kernel

VIEW = "application/vnd.jupyter.widget-view+json"
BASS = Clip.of([Note(45, 0, 1)], name="Bass", instrument="bass")
DRUMS = Clip.of([Note(36, 0, 1)], name="Drums", instrument="drums")
SONG = Arrangement.of([BASS, DRUMS], name="Song")


def run(ip, code):
    return ip.run_cell(code, store_history=False)


def test_the_clips_of_a_file_are_told_and_kept(ip, studio, tmp_path, capsys):
    path = SONG.save(tmp_path / "my song.mid")

    assert run(ip, f"%conduit open '{path}'").success

    assert ip.user_ns["_song"] == SONG
    assert ip.user_ns["_clip"] == studio.clips[-2] == BASS
    said = capsys.readouterr().out.splitlines()
    assert said == [f"{SONG!r} is in _song, its first clip in _clip", f"  0 {BASS!r}", f"  1 {DRUMS!r}"]


def test_a_clip_that_is_alone_is_drawn(ip, tmp_path, capsys):
    path = BASS.save(tmp_path / "bass.mid")

    assert run(ip, f"%conduit open {path} -o mine").success

    assert ip.user_ns["mine"][0] == BASS
    assert "A1 │" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "%conduit open nothing.mid",
            "nothing.mid cannot be read: No such file or directory; check the path",
        ),
        ("%conduit open a.mid -o 1x", "'1x' is not a name for a variable"),
        ("%conduit open", "takes a file here"),
    ],
)
def test_what_cannot_be_opened_is_told_in_one_line(ip, line, said):
    result = run(ip, line)

    assert isinstance(result.error_in_exec, SetupError)
    assert said in result.error_in_exec.message


def test_tab_offers_the_files_of_the_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("b.mid", "a b.MIDI", "c.wav"):
        (tmp_path / name).touch()

    assert midi_files(None) == ['"a b.MIDI"', "b.mid"]


def test_an_arrangement_at_the_end_of_a_cell_shows_its_clips(ip, capsys):
    ip.user_ns["song"] = SONG

    assert run(ip, "song").success

    assert f"  1 {DRUMS!r}" in capsys.readouterr().out


def test_what_has_no_display_of_its_own_shows_as_a_roll(ip, capsys):
    ip.user_ns["midi"] = SONG.to_pretty_midi()
    ip.user_ns["view"] = roll(BASS)

    assert run(ip, "midi").success
    assert f"  1 {DRUMS!r}" in capsys.readouterr().out
    assert run(ip, "view").success
    assert "A1 │" in capsys.readouterr().out


@pytest.fixture
def output(studio):
    shown = Output(studio, live=True)
    shown.clip = DRUMS
    yield shown
    studio.call(shown.seal())


def drop(output, name, content):
    data = base64.b64encode(content).decode() if isinstance(content, bytes) else content
    output.studio.call(act(output, {"type": "drop", "name": name, "data": data}))


def test_a_dropped_file_takes_the_place_of_the_clip(output, studio):
    drop(output, "bass.mid", midi_bytes(BASS))

    assert output.clip == studio.latest == BASS
    assert output.view.clip == BASS
    assert output.view.state["footer"] == "opened from bass.mid; conduit.current().latest holds it"
    assert "opened from bass.mid" in output.tile.status


def test_the_clips_of_a_dropped_file_become_one(output):
    drop(output, "song.mid", midi_bytes(SONG))

    assert (len(output.clip), output.clip.name) == (2, "Song")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no midi", "x.mid is not a whole Standard MIDI File"),
        (midi_bytes(Arrangement()), "x.mid holds no notes"),
        ("AAA", "x.mid did not arrive whole"),
        ("A" * 1_500_000, "x.mid is over 1 MB"),
    ],
    ids=["another kind", "empty", "cut", "large"],
)
def test_a_dropped_file_that_is_none_is_told_in_the_view_and_changes_nothing(output, content, said):
    drop(output, "x.mid", content)

    assert output.view.state["error"].startswith(said)
    assert output.clip == DRUMS


@pytest.mark.kernel
@pytest.mark.filterwarnings("ignore")
def test_in_a_notebook_the_clips_stand_in_one_view_and_a_place_waits_for_a_file(tmp_path):
    path = SONG.save(tmp_path / "song.mid")

    with kernel("newest") as running:
        running.run("%load_ext conduit")
        opened = running.run(f"%conduit open {path}")
        waiting = running.run("%conduit open")
        told = running.text("%conduit clips")

    records = [
        content["data"]["text/html"] for kind, content in opened if "text/html" in content.get("data", {})
    ]
    drawn = next(record for record in records if "Song: 2 clips" in record)
    assert ["1 · Bass" in drawn, "2 · Drums" in drawn] == [True, True]
    views = [content for kind, content in (*opened, *waiting) if VIEW in content.get("data", {})]
    assert len(views) == 2
    assert "Drums" in told
    assert not [content for kind, content in (*opened, *waiting) if kind == "error"]
