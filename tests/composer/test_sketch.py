from __future__ import annotations

from dataclasses import replace

import pytest

from conduit.composer.brief import Options, read_brief
from conduit.composer.revise import revise
from conduit.composer.sketch import describe, sketch
from conduit.music import Clip, Note
from conduit.music.rhythm import offbeat

BRIEF = read_brief("four bars of acid bass in A minor")
CLIP = sketch(BRIEF)
DRUM_BRIEF = read_brief("house drums")
DRUMS = sketch(DRUM_BRIEF)


def pitches(clip: Clip) -> list[int]:
    return [note.pitch for note in clip.notes]


def revised(text: str) -> Clip:
    revision = revise(CLIP, text, BRIEF)
    assert revision is not None
    return revision.clip


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("acid bass in A minor", "Acid bass in A minor"),
        ("house drums", "House drums"),
        ("a pad in F# dorian", "Pad in F# dorian"),
        ("dub techno chords", "Dub techno chords in A minor"),
    ],
)
def test_a_clip_is_named_by_what_it_is(text, name):
    assert sketch(read_brief(text)).name == name


@pytest.mark.parametrize(
    ("role", "instrument"),
    [
        ("bass", "bass"),
        ("chords", "keys"),
        ("pad", "pad"),
        ("lead", "lead"),
        ("arp", "pluck"),
        ("drums", "drums"),
        ("texture", "pad"),
    ],
)
def test_a_part_has_its_instrument(role, instrument):
    assert sketch(read_brief(f"a {role}")).instrument == instrument


def test_tempo_and_key_are_the_genres_where_none_is_asked_for():
    assert sketch(read_brief("house bass")).bpm == 124
    assert sketch(read_brief("house bass")).key == "A minor"
    assert sketch(read_brief("house bass at 90 bpm")).bpm == 90
    assert DRUMS.key is None


def test_a_brief_with_a_problem_makes_no_clip():
    with pytest.raises(ValueError, match="128"):
        sketch(read_brief("500 bars of bass"))


def test_a_description_says_what_was_left_out():
    brief = read_brief("a wobbly bass and drums")

    assert describe(sketch(brief), brief) == (
        "Bass in A minor: 4 bars at 120 bpm. A clip holds one part: ask for the drums next. "
        'I left out what I do not know: "wobbly".'
    )


def test_a_description_names_the_chords():
    brief = read_brief("chords Dm7 G7 Cmaj7")

    assert "on Dm7, G7, Cmaj7" in describe(sketch(brief), brief)


def test_jazz_swings_its_eighths_and_funk_its_sixteenths():
    jazz, funk = (
        {
            round(note.start % 1, 1)
            for note in sketch(read_brief(f"{genre} lead", options=Options(seed=3))).notes
        }
        for genre in ("jazz", "funk")
    )

    assert 0.5 not in jazz
    assert 0.6 in jazz or 0.7 in jazz
    assert 0.5 in funk


def test_lofi_chords_are_rolled_and_house_chords_struck_together():
    lofi, house = (
        [note.start for note in sketch(read_brief(f"{genre} chords", options=Options(seed=1))).notes]
        for genre in ("lofi", "house")
    )

    assert len(set(lofi)) / len(lofi) > 2 * len(set(house)) / len(house)


def test_a_pad_swells_and_other_parts_have_no_controls():
    assert {move.name for move in sketch(read_brief("a pad")).controls} == {"expression"}
    assert not len(sketch(read_brief("chords")).controls)


def test_another_take_of_chords_has_other_chords_and_of_a_bass_the_same():
    chords, bass = read_brief("house chords"), read_brief("house bass")
    takes = [revise(sketch(brief), "another take", brief) for brief in (chords, bass)]

    assert [take.brief.progression for take in takes if take] == [1, 0]


def test_an_octave_moves_the_part():
    high, usual = (
        sketch(replace(read_brief("a lead", options=Options(seed=1)), octave=octave)) for octave in (1, 0)
    )

    assert pitches(high) != pitches(usual)
    assert all((a - b) % 12 == 0 for a, b in zip(pitches(high), pitches(usual), strict=True))


@pytest.mark.parametrize(
    ("text", "semitones"),
    [
        ("an octave lower", -12),
        ("an octave higher please", 12),
        ("move it two octaves up", 24),
        ("transpose up a fifth", 7),
        ("transpose it down 3 semitones", -3),
        ("3 semitones up", 3),
        ("same but in D minor", 5),
        ("in E minor", -5),
    ],
)
def test_a_follow_up_moves_every_pitch(text, semitones):
    assert pitches(revised(text)) == [pitch + semitones for pitch in pitches(CLIP)]


@pytest.mark.parametrize(
    ("text", "bars"),
    [("twice as long", 8), ("half as long", 2), ("make it 6 bars", 6), ("three times as long", 12)],
)
def test_a_follow_up_changes_the_length(text, bars):
    assert revised(text).bars == bars
    assert revised(text).notes[0] == CLIP.notes[0]


@pytest.mark.parametrize(
    "text", ["more syncopated", "a bit more syncopated please", "make the bassline more syncopated"]
)
def test_more_syncopated_lies_further_off_the_beat(text):
    assert offbeat(revised(text)) > offbeat(CLIP)


@pytest.mark.parametrize(
    ("text", "sign"), [("less busy", -1), ("sparser", -1), ("simpler", -1), ("busier", 1), ("more notes", 1)]
)
def test_density_goes_where_it_is_asked(text, sign):
    assert (len(revised(text)) - len(CLIP)) * sign > 0


@pytest.mark.parametrize(("text", "bpm"), [("at 140 bpm", 140), ("faster", 141), ("a bit slower", 122)])
def test_a_tempo_changes_nothing_else(text, bpm):
    assert revised(text) == CLIP.with_(bpm=float(bpm))


@pytest.mark.parametrize(("text", "sign"), [("softer", -1), ("much louder", 1)])
def test_loudness_changes_velocities_alone(text, sign):
    assert sum(n.velocity for n in revised(text).notes) * sign > sum(n.velocity for n in CLIP.notes) * sign
    assert [(n.start, n.pitch) for n in revised(text).notes] == [(n.start, n.pitch) for n in CLIP.notes]


@pytest.mark.parametrize(
    "text", ["another take", "another one", "something different", "try again", "another bassline"]
)
def test_another_take_is_another_clip_of_the_same_brief(text):
    again = revised(text)

    assert again != CLIP
    assert (again.bars, again.key, again.bpm, again.name) == (CLIP.bars, CLIP.key, CLIP.bpm, CLIP.name)


def test_several_changes_follow_each_other_and_are_all_said():
    revision = revise(CLIP, "an octave lower and twice as long, with cheese", BRIEF)

    assert revision is not None
    assert revision.sentence == (
        'I moved it down an octave and made it 8 bars long. I left out what I do not know: "cheese".'
    )
    assert revision.brief.bars == 8
    assert pitches(revision.clip) == [pitch - 12 for pitch in pitches(CLIP)] * 2


def test_a_follow_up_keeps_what_a_person_edited():
    edited = CLIP.with_table(CLIP.table[:3].copy())
    revision = revise(edited, "an octave higher", BRIEF)

    assert revision is not None
    assert len(revision.clip) == 3


def test_a_follow_up_builds_on_the_one_before():
    first = revise(CLIP, "in D minor", BRIEF)
    assert first is not None
    second = revise(first.clip, "another take at 99 bpm", first.brief)

    assert second is not None
    assert (second.clip.key, second.clip.bpm) == ("D minor", 99)


@pytest.mark.parametrize(
    "text",
    [
        "now a pad",
        "a house beat",
        "write a bassline in E minor",
        "four bars of techno bass",
        "what time is it?",
        "",
        "drums please",
    ],
)
def test_a_new_request_is_no_follow_up(text):
    assert revise(CLIP, text, BRIEF) is None


@pytest.mark.parametrize("text", ["an octave up", "in D minor"])
def test_drums_say_that_they_have_no_pitch(text):
    revision = revise(DRUMS, text, DRUM_BRIEF)

    assert revision is not None
    assert revision.clip == DRUMS
    assert "drums have no" in revision.sentence


def test_a_metre_is_written_anew():
    assert str(revised("in 7/8").meter) == "7/8"
    assert revised("in 7/8").bars == 4


def test_swing_comes_and_goes():
    swung = revise(CLIP, "swing it", BRIEF)
    assert swung is not None
    straight = revise(swung.clip, "no swing", swung.brief)

    assert straight is not None
    assert swung.clip != CLIP
    assert [(n.pitch, n.start) for n in straight.clip.notes] == [(n.pitch, n.start) for n in CLIP.notes]


def test_options_count_in_a_follow_up():
    revision = revise(CLIP, "softer", BRIEF, options=Options(bars=2, bpm=100, key="E minor"))

    assert revision is not None
    assert (revision.clip.bars, revision.clip.bpm, revision.clip.key) == (2, 100, "E minor")


def test_a_clip_of_another_hand_can_be_revised():
    foreign = Clip.of([Note(60, 0, 1), Note(64, 1, 1)], name="Mine", instrument="piano")
    revision = revise(foreign, "up a fifth", BRIEF)

    assert revision is not None
    assert pitches(revision.clip) == [67, 71]
