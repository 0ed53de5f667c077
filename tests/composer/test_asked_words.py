"""What producers write in passing, read as it is meant: edits, swing, one note, chords, parts."""

from __future__ import annotations

import numpy as np
import pytest

from conduit.composer.brief import Brief, read_brief
from conduit.composer.revise import Revision, revise
from conduit.composer.sketch import describe, sketch
from conduit.music import Clip, Note, edit
from conduit.music.drums import DRUM_NAMES

BASS = read_brief("four bars of acid bass in A minor")
CHORDS = read_brief("house chords in A minor")
DRUMS = read_brief("house drums")


def revised(brief: Brief, text: str) -> tuple[Clip, Revision]:
    before = sketch(brief)
    revision = revise(before, text, brief)
    assert revision is not None
    return before, revision


def drums_of(clip: Clip) -> set[str]:
    return {DRUM_NAMES[note.pitch] for note in clip.notes}


def without(clip: Clip, *drums: str) -> list[Note]:
    return [note for note in clip.notes if DRUM_NAMES[note.pitch] not in drums]


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("make it swing like 60%", 60),
        ("swing 60", 60),
        ("swing it 62 percent", 62),
        ("swing at 66", 66),
        ("with 55% swing", 55),
        ("set the swing to 90", 75),
        ("make it swing", 60),
        ("swing", 60),
        ("transpose up 3 and swing it", 60),
    ],
)
def test_swing_is_put_on_the_clip_that_is_there(text, percent):
    before, after = revised(BASS, text)

    assert after.brief.swing == percent
    assert len(after.clip) == len(before)
    assert (
        np.array_equal(
            np.sort(edit.swing(after.clip, 50, was=percent).table["start"]), np.sort(before.table["start"])
        )
        or abs(edit.swing(after.clip, 50, was=percent).table["start"] - before.table["start"]).max() <= 6
    )


@pytest.mark.parametrize("text", ["remove the swing", "take out the swing", "no swing", "swing 50%"])
def test_swing_is_taken_out_where_that_is_asked(text):
    swung = revise(sketch(BASS), "swing 60", BASS)
    assert swung is not None
    after = revise(swung.clip, text, swung.brief)

    assert after is not None
    assert "took the swing out" in after.sentence
    assert after.brief.swing == 50


def test_a_swing_that_cannot_be_is_told():
    assert "75% (50 to 75 is what there is)" in revised(BASS, "set the swing to 90")[1].sentence


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("hamonise it", "harmonise it"),
        ("tranpose up 3", "transpose up 3"),
        ("simplfy it", "simplify it"),
        ("make it legatto", "make it legato"),
        ("revers it", "reverse it"),
        ("anwser it", "answer it"),
        ("humanze it", "humanise it"),
        ("quantsie it", "quantise it"),
    ],
)
def test_an_edit_with_a_letter_wrong_is_done_and_told(wrong, right):
    _, after = revised(BASS, wrong)

    assert after.clip == revised(BASS, right)[1].clip
    assert f'I took "{after.guessed[0][0]}" for ' in after.sentence


def test_words_that_are_near_a_verb_and_mean_another_thing_stay():
    assert revised(BASS, "simply make it louder")[1].guessed == ()


@pytest.mark.parametrize(
    ("text", "place", "column", "grows"),
    [
        ("make the first note longer", 0, "duration", True),
        ("make the second note shorter", 1, "duration", False),
        ("make the last note louder", -1, "velocity", True),
        ("the third note softer", 2, "velocity", False),
    ],
)
def test_one_note_is_changed_and_the_others_stay(text, place, column, grows):
    clip = Clip.of([Note(60 + index, index, 0.5, 80) for index in range(4)], key="C major")
    after = revise(clip, text)

    assert after is not None
    difference = after.clip.table[column].astype(int) - clip.table[column]
    assert list(np.flatnonzero(difference)) == [place % 4]
    assert bool(difference[place] > 0) is grows


@pytest.mark.parametrize(
    ("text", "factor"), [("make the notes longer", 1.8), ("make all the notes shorter", 0.5)]
)
def test_notes_are_made_longer_and_the_clip_is_not(text, factor):
    before, after = revised(BASS, text)

    assert after.clip == edit.gate(before, factor)


def test_chords_that_are_named_are_put_under_the_part():
    _, after = revised(CHORDS, "as Am F C G")

    assert [chord.name for chord in after.brief.chords] == ["Am", "F", "C", "G"]
    assert "wrote it again over Am, F, C, G" in after.sentence
    assert (after.brief.genre, after.clip.bars) == ("house", 4)


def test_one_chord_is_changed_and_the_others_stay():
    before = read_brief("chords Am F C G in A minor")
    after = revise(sketch(before), "change the second chord to Dm", before)

    assert after is not None
    assert [chord.name for chord in after.brief.chords] == ["Am", "Dm", "C", "G"]


def test_the_chords_of_another_hand_are_left_alone():
    clip = Clip.of([Note(60, 0, 1), Note(63, 1.3, 1)], key="C major", name="Mine", instrument="piano")
    after = revise(clip, "as Am F C G")

    assert after is not None
    assert after.clip == clip


@pytest.mark.parametrize(
    "text",
    ["make it wobble", "turn this into cheese", "move the second note up a bit", "do something with it"],
)
def test_an_edit_that_is_not_understood_leaves_the_clip_and_says_what_can_be_done(text):
    before, after = revised(BASS, text)

    assert after.clip == before
    assert "I can transpose" in after.sentence


def test_both_of_two_edits_are_done():
    sentence = revised(BASS, "half time and up 2")[1].sentence

    assert "half time" in sentence
    assert "up 2 semitones" in sentence


def test_a_genre_beside_an_edit_is_told_when_it_is_not_done():
    assert '"make it techno"' in revised(DRUMS, "make it techno with a shaker")[1].sentence


def test_half_time_says_which_bars_fell_out():
    assert "bars 3-4 fell out" in revised(BASS, "half time")[1].sentence


@pytest.mark.parametrize(
    ("text", "drums"),
    [
        ("drums with shaker", {"shaker"}),
        ("house drums with a cowbell", {"cowbell", "clap", "kick"}),
        ("with a ride", {"ride", "kick"}),
        ("with congas and a tambourine", {"conga", "tambourine", "kick"}),
        ("house drums and a shaker", {"shaker", "clap"}),
        ("techno drums with a cowbell and no hats", {"cowbell", "kick"}),
        ("house drums, ride instead of hats", {"ride", "kick"}),
    ],
)
def test_a_piece_asked_for_beside_the_beat_is_in_it(text, drums):
    assert drums <= drums_of(sketch(read_brief(text)))


def test_a_piece_that_the_beat_has_keeps_its_pattern():
    assert read_brief("jazz drums with a ride").pieces.placed == ()


def test_only_the_pieces_named_alone_play():
    assert drums_of(sketch(read_brief("kick and snare"))) == {"kick", "snare"}


def test_where_an_added_piece_plays_is_told_as_the_metre_has_it():
    brief = read_brief("waltz drums with a tambourine")

    assert "The tambourine plays on 2." in describe(sketch(brief), brief)


def test_an_added_piece_leaves_the_clip_that_is_there_alone():
    before, after = revised(DRUMS, "add a cowbell")

    assert "cowbell" in drums_of(after.clip)
    assert without(after.clip, "cowbell") == list(before.notes)


def test_a_piece_that_is_there_is_not_added_again():
    before, after = revised(DRUMS, "add a clap")

    assert after.clip == before


@pytest.mark.parametrize("text", ["ride instead of hats", "replace the hats with a ride"])
def test_one_piece_takes_the_place_of_another(text):
    before, after = revised(DRUMS, text)
    hats = ("hat", "openhat", "pedalhat")
    onsets = {note.start for note in before.notes if DRUM_NAMES[note.pitch] in hats}

    assert {note.start for note in after.clip.notes if DRUM_NAMES[note.pitch] == "ride"} == onsets
    assert without(after.clip, "ride") == without(before, *hats)


@pytest.mark.parametrize(
    "text", ["less kick", "fewer kicks", "more kick", "louder kick", "make the kick softer"]
)
def test_what_is_asked_of_one_piece_leaves_the_others_alone(text):
    before, after = revised(DRUMS, text)

    assert after.clip != before
    assert without(after.clip, "kick") == without(before, "kick")


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("a piano melody", "lead"),
        ("piano solo", "lead"),
        ("guitar riff", "lead"),
        ("guitar blues riff", "lead"),
        ("electric piano solo", "lead"),
        ("piano bass line", "bass"),
        ("piano arpeggio", "arp"),
        ("piano", "chords"),
        ("piano and bass", "chords"),
        ("piano, bass", "chords"),
    ],
)
def test_an_instrument_before_a_part_names_its_sound_only(text, role):
    assert read_brief(text).role == role


@pytest.mark.parametrize(
    ("text", "bars", "chords"),
    [
        ("chords: Am7 Dm9 G13 Cmaj7, one bar each", 4, "Am7 Dm9 G13 Cmaj7"),
        ("chords: Am F C, one bar each", 3, "Am F C"),
        ("chords: Am F, two bars each", 4, "Am Am F F"),
        ("A min F maj C maj chords", 4, "Am F C"),
    ],
)
def test_bars_for_each_chord_are_counted_by_the_chords(text, bars, chords):
    brief = read_brief(text)

    assert (brief.bars, " ".join(chord.name for chord in brief.chords)) == (bars, chords)


def test_a_word_among_chords_that_is_none_is_told_and_the_chords_stay():
    brief = read_brief("house chords Am7 Xyz F")

    assert [chord.name for chord in brief.chords] == ["Am7", "F"]
    assert brief.unknown == ("Xyz",)
