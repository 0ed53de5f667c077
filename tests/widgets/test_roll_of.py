"""A roll of anything that has notes."""

from __future__ import annotations

import time

import numpy as np
import pretty_midi
import pytest

import conduit
from conduit.errors import ClipError, SetupError
from conduit.music import Arrangement, Clip, Note

BASS = Clip.of([Note(45, 0, 1), Note(48, 1, 1)], name="Bass", instrument="bass")
DRUMS = Clip.of([Note(36, 0, 0.25)], name="Beat", instrument="drums")
SONG = Arrangement.of([BASS, DRUMS], name="Song")
TUPLES = [(45, 0, 1), (48, 1, 1, 96)]


@pytest.mark.parametrize(
    ("thing", "notes"),
    [
        pytest.param(BASS, [2], id="clip"),
        pytest.param(SONG, [2, 1], id="arrangement"),
        pytest.param([BASS, DRUMS], [2, 1], id="clips"),
        pytest.param((BASS, DRUMS), [2, 1], id="tuple of clips"),
        pytest.param(SONG.to_pretty_midi(), [2, 1], id="pretty_midi"),
        pytest.param(list(BASS.notes), [2], id="notes"),
        pytest.param(BASS.notes, [2], id="a clip's notes"),
        pytest.param(TUPLES, [2], id="tuples"),
        pytest.param((row for row in TUPLES), [2], id="generator"),
        pytest.param(np.array([(45, 0, 1, 96), (48, 1, 1, 96)]), [2], id="numpy"),
    ],
)
def test_each_kind_shows_its_notes(thing, notes):
    view = conduit.roll(thing)

    assert [len(clip) for clip in view.parts] == notes
    assert [note.pitch for note in view.clip.notes] == [45, 48]
    assert view.state["phase"] == "ready"


def test_the_path_of_a_midi_file_shows_its_tracks(tmp_path):
    path = SONG.save(tmp_path / "song.mid")

    assert [clip.name for clip in conduit.roll(path).parts] == ["Bass", "Beat"]
    assert len(conduit.roll(str(path)).parts) == 2


@pytest.mark.parametrize(
    "thing",
    [
        5,
        None,
        b"MThd",
        {"pitch": 45},
        "a bass line",
        [1, 2, 3],
        ["a", "b"],
        [(45, 0)],
        [(45, 0, 1, 96, 0)],
        [("C3", 0, 1)],
        [BASS, (45, 0, 1)],
    ],
    ids=repr,
)
def test_what_holds_no_notes_is_refused_with_what_does(thing):
    with pytest.raises(TypeError, match=r"a Clip, an Arrangement, a pretty_midi\.PrettyMIDI, the path"):
        conduit.roll(thing)


@pytest.mark.parametrize("thing", [[], Arrangement(), pretty_midi.PrettyMIDI()], ids=["list", "song", "midi"])
def test_what_is_empty_is_told(thing):
    with pytest.raises(ClipError, match="nothing to show"):
        conduit.roll(thing)


def test_a_value_outside_its_range_is_told():
    with pytest.raises(ClipError, match="pitch 128 is outside 0-127"):
        conduit.roll([(128, 0, 1)])
    with pytest.raises(ClipError, match="whole numbers"):
        conduit.roll([(45.5, 0, 1)])


def test_a_file_that_is_missing_is_told(tmp_path):
    with pytest.raises(SetupError, match="cannot be read"):
        conduit.roll(tmp_path / "nothing.mid")


def test_it_is_compared_with_anything_too():
    view = conduit.roll(BASS, compare=TUPLES[:1])

    assert view.other["label"] == "before"
    assert len(view.other["notes"]) == 12


def test_a_function_is_told_of_each_edit_until_it_is_taken_away():
    view, heard = conduit.roll(BASS), []
    view.on_edit(heard.append)
    edit = {"type": "edit", "epoch": view.epoch, "n": 1, "part": 0, "facts": {"name": "Low"}}

    view._handle_custom_msg(edit, [b"", b""])
    view.on_edit(heard.append, remove=True)
    view._handle_custom_msg({**edit, "n": 2, "facts": {"name": "High"}}, [b"", b""])

    assert [clip.name for clip in heard] == ["Low"]
    assert view.clip.name == "High"


def test_a_hundred_thousand_notes_are_there_soon():
    table = np.zeros(100_000, dtype=BASS.table.dtype)
    table["start"], table["duration"] = np.arange(100_000) * 120, 100
    table["pitch"], table["velocity"], table["probability"] = 36 + np.arange(100_000) % 48, 90, 1
    clip = BASS.with_table(table, length_ticks=100_000 * 120)

    began = time.process_time()
    view = conduit.roll(clip)
    took_s = time.process_time() - began

    assert len(view.clips[0]["notes"]) == 1_200_000
    assert took_s < 0.5  # 20 ms on an idle machine
