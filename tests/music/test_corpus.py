"""Real files of others: each opens, and all in it is there after file, arrangement and file; broken ones say so.

``make .corpus/done`` gets them; ``tests/corpus/fetch.py`` says where from.
"""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from conduit.errors import ClipError
from conduit.music import Arrangement, Clip
from conduit.music.midifile import _parsed, midi_bytes, parse_midi

pytestmark = pytest.mark.slow

CORPUS = Path(__file__).parents[2] / ".corpus"
FILES = sorted(path for path in CORPUS.rglob("*") if path.suffix.lower() in {".mid", ".midi"})
BROKEN = {"ValueError_Control168.mid", "Issue104_Bizarre_Love_Triangle2.mid", "issue_60.mid"}
SMALL = [path for path in FILES if path.stat().st_size < 8_000 and path.name not in BROKEN][:12]


def name_of(path):
    return f"{path.parent.name}/{path.name}"


def events(content):
    """Count the events of a file by track, tick and what they say; a note-on of velocity 0 is a note-off."""
    midi = _parsed(content, "x.mid")  # mido, with the times that it forgets
    found = Counter()
    for number, track in enumerate(midi.tracks):
        now = 0
        for message in track:
            now += message.time
            said = vars(message) | {"time": 0}
            if said["type"] == "note_on" and not said["velocity"]:
                said |= {"type": "note_off", "velocity": 64}
            found[number, now, str(sorted(said.items()))] += 1
    return (midi.type, midi.ticks_per_beat), found


def readable():
    return [path for path in FILES if path.name not in BROKEN]


def test_the_corpus_is_there():
    assert len(FILES) > 80, "make .corpus/done gets it"


@pytest.mark.parametrize("path", readable(), ids=name_of)
def test_every_event_of_a_real_file_is_there_again(path):
    content = path.read_bytes()

    arrangement = parse_midi(content, source=path.name)
    written = midi_bytes(arrangement)

    before, after = events(content), events(written)
    lost, new = before[1] - after[1], after[1] - before[1]
    assert before[0] == after[0]
    assert excused(lost, new)
    assert parse_midi(written, source="again") == arrangement


def excused(lost, new):
    """Tell whether nothing is lost: a note of no length may last a tick, a note without an end get one."""
    ends = all("'note_off'" in said for _, _, said in (*lost, *new))
    later = Counter({(track, tick + 1, said): count for (track, tick, said), count in lost.items()})
    return ends and not later - new and lost.total() <= 1 and new.total() <= 1


@pytest.mark.parametrize("path", [path for path in FILES if path.name in BROKEN], ids=name_of)
def test_a_broken_file_says_what_is_wrong_and_where(path):
    with pytest.raises(
        ClipError, match=r"is not a whole Standard MIDI File: .* at byte [\d,]+ of [\d,]+; get it"
    ):
        Arrangement.load(path)


@pytest.mark.parametrize("path", SMALL, ids=name_of)
def test_each_clip_of_a_real_file_comes_back_from_a_file_of_its_own(path, tmp_path):
    for clip in Arrangement.load(path):
        assert Clip.load(clip.save(tmp_path / "clip.mid")) == clip


@pytest.mark.parametrize("path", SMALL, ids=name_of)
def test_a_real_file_with_flipped_bytes_is_read_or_refused_in_words(path):
    rng = random.Random(path.name)
    content = path.read_bytes()
    for _ in range(100):
        damaged = bytearray(content)
        for _ in range(rng.randint(1, 4)):
            damaged[int(rng.random() * len(damaged))] = int(rng.random() * 256)
        assert readable_or_refused(bytes(damaged[: len(damaged) - rng.choice((0, 0, 0, 7, 60))]))


def readable_or_refused(content):
    try:
        read = parse_midi(content, source="x.mid")
        return parse_midi(midi_bytes(read), source="x.mid").clips == read.clips
    except ClipError as error:
        return error.message.startswith("x.mid ")
