"""What the cells of a session grid hold: each clip read once, and those again whose notes may have changed."""

from __future__ import annotations

import asyncio

from conduit_magics.pictures import Pictures

from conduit.errors import LinkError
from conduit.live import SetSnapshot, SlotSnapshot, TrackSnapshot
from conduit.music import Clip, Meter, Note

ONE = Clip.of([Note(60, 0, 1)], length=4)
OTHER = Clip.of([Note(61, 0, 1)], length=4)


def a_set(*names, is_midi=True):
    slots = tuple(SlotSnapshot(name, 4.0, 0) if name else None for name in names)
    track = TrackSnapshot(1, "Bass", is_midi, slots)
    return SetSnapshot(
        tempo=120.0,
        meter=Meter(),
        key=None,
        is_playing=False,
        tracks=(track,),
        scenes=("",) * len(names),
        selected_track=1,
    )


class Held(dict):
    """The clips of a track by slot; it notes which were read."""

    def __init__(self, clips):
        super().__init__(clips)
        self.read = []

    async def pull(self, _track, slot):
        self.read.append(slot)
        if slot not in self:
            raise LinkError("the slot is empty", kind="refused")
        return self[slot]


def looked(pictures, *sets):
    """Look at sets one after the other; give what was told at each."""

    async def look():
        return [[clips async for clips in pictures.read(one)] for one in sets]

    return asyncio.run(look())


def test_each_clip_is_read_once_and_then_the_one_that_stood_longest():
    clips = Held({1: ONE, 2: ONE, 3: ONE})

    looked(Pictures(clips.pull), *[a_set("a", "b", "c")] * 4)

    assert clips.read == [1, 2, 3, 1, 2, 3]


def test_what_is_as_it_was_is_not_told_again():
    clips = Held({1: ONE})

    told = looked(Pictures(clips.pull), a_set("a"), a_set("a"))

    assert told == [[{(1, 1): ONE}], []]


def test_notes_that_are_others_under_the_same_name_are_seen_where_a_person_works():
    clips = Held({1: ONE, 2: ONE, 3: ONE})
    pictures = Pictures(clips.pull)
    looked(pictures, a_set("a", "b", "c"))
    pictures.opened = (1, 3)
    clips[3] = OTHER

    told = looked(pictures, a_set("a", "b", "c"))

    assert told[-1][-1][1, 3] == OTHER


def test_a_renamed_clip_is_read_again_and_one_that_has_gone_is_told():
    clips = Held({1: ONE, 2: ONE})

    told = looked(Pictures(clips.pull), a_set("a", "b"), a_set("A", None))

    assert clips.read == [1, 2, 1]
    assert told[-1] == [{(1, 1): ONE}]


def test_a_clip_that_goes_while_it_is_read_hinders_no_other():
    clips = Held({2: ONE})

    assert looked(Pictures(clips.pull), a_set("a", "b")) == [[{(1, 2): ONE}]]


def test_audio_clips_are_not_read():
    clips = Held({1: ONE})

    looked(Pictures(clips.pull), a_set("a", is_midi=False))

    assert clips.read == []


def test_of_a_very_full_set_a_part_is_read_and_told_as_it_comes():
    clips = Held(dict.fromkeys(range(1, 101), ONE))

    (told,) = looked(Pictures(clips.pull), a_set(*map(str, range(100))))

    assert [len(known) for known in told] == [8, 16, 24, 32, 40, 48, 56, 64]
