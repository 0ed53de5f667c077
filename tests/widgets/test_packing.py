from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit.errors import ClipError
from conduit.music import Clip, Note
from conduit.music.control import ControlChange
from conduit.widgets import pack_notes
from conduit.widgets.packing import (
    CONTROL_RECORD,
    NOTE_RECORD,
    StaleEdit,
    pack_clip,
    pack_controls,
    with_edit,
)

NOTES = st.builds(
    Note,
    pitch=st.integers(0, 127),
    start=st.integers(0, 4000).map(lambda tick: tick / 960),
    duration=st.integers(1, 4000).map(lambda tick: tick / 960),
    velocity=st.integers(1, 127),
    mute=st.booleans(),
    probability=st.integers(0, 100).map(lambda percent: percent / 100),
)
ABSENT = (0, 0, 0, 0, 0, 0)
CHORD = [Note(pitch, 4 * bar, 4) for bar in range(2) for pitch in (57, 60, 64)]


def pairs(*changes: tuple[tuple[int, ...], tuple[int, ...]]) -> bytes:
    """Pack changes of notes as the front end does."""
    return np.array([row for change in changes for row in change], dtype=NOTE_RECORD).tobytes()


def control_pairs(*changes: tuple[tuple[int, ...], tuple[int, ...]]) -> bytes:
    """Pack changes of controls as the front end does."""
    return np.array([row for change in changes for row in change], dtype=CONTROL_RECORD).tobytes()


def test_a_note_is_twelve_little_endian_bytes():
    clip = Clip.of([Note(60, 1.5, 0.25, velocity=100, mute=True, probability=0.5)])

    assert pack_notes(clip) == bytes.fromhex("a0050000 f0000000 3c 64 01 32")


def test_a_control_change_is_eight_little_endian_bytes():
    clip = Clip.of([], controls=[ControlChange(128, 1.5, -2)])

    assert pack_controls(clip) == bytes.fromhex("a0050000 8000 feff")


def test_an_empty_clip_packs_to_no_bytes():
    packed = pack_clip(Clip.of([]))

    assert (packed["notes"], packed["controls"], packed["chords"]) == (b"", b"", [])


@given(st.lists(NOTES, max_size=20))
def test_packed_notes_are_the_clips_notes_in_order(notes):
    clip = Clip.of(notes)

    read = np.frombuffer(pack_notes(clip), dtype=NOTE_RECORD)

    assert read["start"].tolist() == clip.table["start"].tolist()
    assert read["duration"].tolist() == clip.table["duration"].tolist()
    assert read["pitch"].tolist() == [note.pitch for note in clip.notes]
    assert read["velocity"].tolist() == [note.velocity for note in clip.notes]
    assert read["flags"].tolist() == [int(note.mute) for note in clip.notes]
    assert read["chance"].tolist() == [round(note.probability * 100) for note in clip.notes]


def test_a_packed_clip_carries_what_the_roll_shows():
    clip = Clip.of(
        CHORD,
        name="Pad",
        key="A minor",
        instrument="pad",
        program=89,
        loop=(0, 4),
        meter="3/4",
        meter_changes=[(6, "4/4")],
    )

    packed = pack_clip(clip, colour=2, label="take A")

    assert (packed["name"], packed["length"], packed["loop"]) == ("Pad", clip.length, [0, 4])
    assert (packed["meter"], packed["changes"]) == ([3, 4], [[6, 4, 4]])
    assert (packed["key"], packed["scale"]) == ("A minor", [9, 11, 0, 2, 4, 5, 7])
    assert (packed["instrument"], packed["program"], packed["colour"]) == ("pad", 89, 2)
    assert (packed["chords"], packed["label"]) == ([[0, "Am"]], "take A")


def test_only_drum_clips_carry_drum_names():
    assert pack_clip(Clip.of([Note(36, 0, 1)], instrument="drums"))["drum_names"]["36"] == "kick"
    assert pack_clip(Clip.of(CHORD))["drum_names"] == {}


def test_a_line_has_no_chords():
    assert pack_clip(Clip.of([Note(45 + i, i, 1) for i in range(8)]))["chords"] == []


def test_an_edit_changes_adds_and_removes():
    clip = Clip.of([Note(60, 0, 1), Note(62, 1, 1), Note(64, 2, 1)])
    edit = pairs(
        ((0, 960, 60, 96, 0, 100), (480, 960, 61, 50, 1, 100)),
        ((960, 960, 62, 96, 0, 100), ABSENT),
        (ABSENT, (0, 240, 40, 127, 0, 25)),
    )

    after = with_edit(clip, edit, b"", {})

    assert list(after.notes) == [
        Note(40, 0, 0.25, 127, probability=0.25),
        Note(61, 0.5, 1, 50, mute=True),
        Note(64, 2, 1),
    ]


def test_a_changed_note_keeps_what_the_front_end_does_not_know():
    note = Note(60, 0, 1, 96, velocity_deviation=7, release_velocity=20, probability=0.333)
    edit = pairs(((0, 960, 60, 96, 0, 33), (0, 960, 72, 96, 0, 33)))

    (after,) = with_edit(Clip.of([note]), edit, b"", {}).notes

    assert (after.pitch, after.velocity_deviation, after.release_velocity) == (72, 7, 20)
    assert after.probability == pytest.approx(0.333)


def test_of_equal_notes_as_many_change_as_are_meant():
    clip = Clip.of([Note(60, 0, 1)] * 3)
    gone = ((0, 960, 60, 96, 0, 100), ABSENT)

    assert len(with_edit(clip, pairs(gone, gone), b"", {})) == 1
    with pytest.raises(StaleEdit):
        with_edit(clip, pairs(gone, gone, gone, gone), b"", {})


def test_an_edit_of_controls_and_facts():
    clip = Clip.of([Note(60, 0, 1)], controls=[ControlChange(74, 0, 10), ControlChange(74, 1, 20)])
    moves = control_pairs(((0, 74, 10), (0, 74, 99)), ((960, 74, 20), (0, -1, 0)), ((0, -1, 0), (480, 1, 5)))

    after = with_edit(clip, b"", moves, {"length": 8, "loop": [1, 3], "name": "Long", "bpm": 99})

    assert [(one.control, one.start, one.value) for one in after.controls] == [(74, 0, 99), (1, 0.5, 5)]
    assert (after.length, after.loop, after.name, after.bpm) == (8, (1, 3), "Long", 99)


@pytest.mark.parametrize(
    ("notes", "controls", "facts"),
    [
        pytest.param(b"123", b"", {}, id="half-a-record"),
        pytest.param(pairs((ABSENT, (0, 960, 128, 96, 0, 100))), b"", {}, id="pitch"),
        pytest.param(pairs((ABSENT, (0, 960, 60, 0, 0, 100))), b"", {}, id="velocity"),
        pytest.param(pairs((ABSENT, (0, 960, 60, 1, 0, 101))), b"", {}, id="chance"),
        pytest.param(pairs((ABSENT, (2**32 - 1, 960, 60, 1, 0, 100))), b"", {}, id="start"),
        pytest.param(b"", control_pairs(((0, -1, 0), (0, 500, 0))), {}, id="control"),
        pytest.param(b"", control_pairs(((0, -1, 0), (0, 7, 300))), {}, id="value"),
        pytest.param(b"", control_pairs(((0, -1, 0), (2**32 - 1, 7, 3))), {}, id="control-start"),
        pytest.param(b"", b"", {"length": 1e308}, id="length-overflow"),
        pytest.param(b"", b"", {"length": 10**400}, id="length-huge"),
        pytest.param(b"", b"", {"loop": [0, 1e308]}, id="loop-overflow"),
        pytest.param(b"", b"", {"length": "long"}, id="length"),
        pytest.param(b"", b"", {"bpm": 10**400}, id="tempo"),
        pytest.param(b"", b"", {"bpm": "fast"}, id="tempo-words"),
        pytest.param(b"", b"", {"bpm": float("nan")}, id="tempo-nan"),
        pytest.param(b"", b"", {"length": float("nan")}, id="length-nan"),
        pytest.param(b"", b"", {"length": -1}, id="length-negative"),
        pytest.param(b"", b"", {"loop": [1]}, id="half-a-loop"),
        pytest.param(b"", b"", {"loop": [3, 1]}, id="loop-backwards"),
    ],
)
def test_an_edit_that_no_clip_can_hold_is_refused(notes, controls, facts):
    with pytest.raises(ClipError):
        with_edit(Clip.of([Note(60, 0, 1)]), notes, controls, facts)


@given(st.lists(NOTES, max_size=12), st.lists(NOTES, max_size=12), st.data())
def test_any_edit_of_any_clip_gives_what_its_notes_say(notes, fresh, data):
    clip = Clip.of(notes, length=16)
    records = np.frombuffer(pack_notes(clip), dtype=NOTE_RECORD)
    gone = sorted(data.draw(st.sets(st.integers(0, len(notes) - 1)) if notes else st.just(set())))
    came = np.frombuffer(pack_notes(Clip.of(fresh)), dtype=NOTE_RECORD)
    changes = [(tuple(records[i].item()), ABSENT) for i in gone] + [
        (ABSENT, tuple(row.item())) for row in came
    ]

    after = with_edit(clip, pairs(*changes), b"", {})

    left = [note for i, note in enumerate(clip.notes) if i not in gone]
    assert after == Clip.of([*left, *fresh], length=16)
