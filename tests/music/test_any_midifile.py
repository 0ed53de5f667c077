"""Every clip and arrangement comes back from its file; every damaged file ends in a clip error."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduit.errors import ClipError
from conduit.music import Arrangement, Clip, Note
from conduit.music.midifile import midi_bytes, parse_midi

sys.path.insert(0, str(Path(__file__).parent))
from clip_strategies import clips

WHOLE = Clip.of(
    [
        Note(60, 0, 4, 100, probability=0.5, velocity_deviation=-7, release_velocity=3),
        Note(60, 1, 1, 50),
        Note(64, 2, 1, mute=True),
    ],
    name="Baß",
    key="D dorian",
    colour=0xFF8800,
    loop=(1, 3),
    meter_changes=[(4, "7/8")],
    length=8,
)


def again(music):
    read = parse_midi(midi_bytes(music), source="x.mid")
    return read.merged() if isinstance(music, Clip) else read


def test_a_clip_with_everything_comes_back():
    assert again(WHOLE) == WHOLE


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(clips())
def test_any_clip_comes_back_from_its_file(clip):
    assert again(clip) == clip


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.lists(clips(), max_size=4), st.text(max_size=8))
def test_any_arrangement_comes_back_from_its_file(parts, name):
    arrangement = Arrangement.of(
        parts, name=name, markers=[(0, "A"), (1, "ß")], tempos=[(0, 90), (2, 0.1 + 100)]
    )

    assert again(arrangement) == arrangement


DAMAGED = [midi_bytes(WHOLE), midi_bytes(Arrangement.of([WHOLE, WHOLE], markers=[(1, "A")]))]


@settings(max_examples=300, deadline=None)
@given(
    content=st.sampled_from(DAMAGED),
    places=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=5),
    end=st.floats(0.2, 1),
    inserted=st.binary(max_size=3),
)
def test_a_damaged_file_is_read_or_refused_in_words(content, places, end, inserted):
    damaged = bytearray(content)
    for place, byte in places:
        damaged[int(place * len(damaged))] = byte
    if places:
        at = int(places[0][0] * len(damaged))
        damaged[at:at] = inserted

    assert readable_or_refused(bytes(damaged[: round(end * len(damaged))]))


def readable_or_refused(content):
    try:
        read = parse_midi(content, source="x.mid")
    except ClipError as error:
        return error.message.startswith("x.mid ")
    return parse_midi(midi_bytes(read), source="again").clips == read.clips


@pytest.mark.parametrize("content", DAMAGED, ids=["clip", "arrangement"])
def test_a_file_cut_anywhere_is_refused(content):
    for end in range(len(content)):
        with pytest.raises(ClipError, match="not a whole Standard MIDI File"):
            parse_midi(content[:end], source="x.mid")
