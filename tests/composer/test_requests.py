"""What a producer asks for in passing: pieces of the kit, what is not wanted, forms, and changes of a clip."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from conduit.composer.brief import Brief, Options, read_brief
from conduit.composer.revise import Revision, revise
from conduit.composer.sketch import describe, sketch
from conduit.music import Clip
from conduit.music.drums import DRUM_NAMES

BASS = read_brief("four bars of acid bass in A minor")
DRUMS = read_brief("house drums")


def revised(brief: Brief, *texts: str) -> Revision:
    done = Revision(sketch(brief), brief, ())
    for text in texts:
        revision = revise(done.clip, text, done.brief)
        assert revision is not None
        done = revision
    return done


def drums_of(clip: Clip) -> set[str]:
    return {DRUM_NAMES[note.pitch] for note in clip.notes}


def said(text: str) -> str:
    brief = read_brief(text)
    return describe(sketch(brief), brief)


def onsets(clip: Clip, drum: str, *, bar: int = 0) -> list[float]:
    """Beats of a drum in a bar, from 1, to the nearest eighth: a hand comes a little late or early."""
    size = clip.meter.bar
    beats = [round(n.start * 2) / 2 for n in clip.notes if DRUM_NAMES[n.pitch] == drum]
    return [beat % size + 1 for beat in beats if beat // size == bar]


@pytest.mark.parametrize(
    ("text", "drums"),
    [
        ("only hi-hats", {"hat", "openhat"}),
        ("hi-hats only", {"hat", "openhat"}),
        ("a hi-hat pattern", {"hat", "openhat"}),
        ("just a kick drum on every beat", {"kick"}),
        ("minimal techno kick only", {"kick"}),
        ("kick and snare only", {"kick", "snare"}),
        ("house drums with cowbell only", {"cowbell"}),
        ("claps on 2 and 4", {"clap"}),
        ("drums without kick, snare and hats", {"shaker"}),
        ("drum and bass hats", {"hat", "openhat"}),
        ("kick, snare and hats", {"kick", "snare", "hat", "openhat"}),
    ],
)
def test_only_the_pieces_that_were_asked_for_play(text, drums):
    assert drums_of(sketch(read_brief(text))) == drums


@pytest.mark.parametrize(
    ("text", "silent", "sentence"),
    [
        ("drums without hats", {"hat", "openhat"}, "Without hats."),
        ("house drums, no clap", {"clap"}, "Without clap."),
        ("techno drums with no kick or claps", {"kick", "clap"}, "Without kick and clap."),
    ],
)
def test_a_piece_that_is_not_wanted_is_silent_in_the_fill_too(text, silent, sentence):
    assert not drums_of(sketch(read_brief(text))) & silent
    assert sentence in said(text)


@pytest.mark.parametrize(
    ("text", "drum", "beats"),
    [
        ("just a kick drum on every beat", "kick", [1, 2, 3, 4]),
        ("house beat with claps on 2 and 4", "clap", [2, 4]),
        ("techno beat, snare on three", "snare", [3]),
        ("open hats on the offbeats", "openhat", [1.5, 2.5, 3.5, 4.5]),
    ],
)
def test_a_piece_plays_on_the_beats_it_was_put_on(text, drum, beats):
    clip = sketch(read_brief(text))

    assert all(onsets(clip, drum, bar=bar) == beats for bar in range(4))
    assert "play" in said(text)


@pytest.mark.parametrize(
    "text", ["dub techno drums", "dub house drums", "ambient techno drums", "minimal house beat"]
)
def test_the_second_genre_is_the_base_and_the_first_colours_it(text):
    assert onsets(sketch(read_brief(text)), "kick") == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("text", "has_fill"),
    [
        ("2 bars of house drums", False),
        ("2 bars of house drums with a fill", True),
        ("1 bar of techno drums", False),
        ("4 bars of house drums", True),
        ("4 bars of house drums, no fill", False),
        ("4 bars of house drums without fills", False),
    ],
)
def test_a_short_clip_has_a_fill_only_when_asked(text, has_fill):
    brief = read_brief(text)

    assert (sketch(brief) != sketch(replace(brief, fills=False))) == has_fill


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("big band drums", "I have no big band groove of its own; this is the nearest, jazz."),
        ("afrobeat", "I have no afrobeat groove of its own; this is the nearest, funk."),
        ("a bass without octaves", 'I did not make sure of "without octaves".'),
        ("12 bar blues in E", "12 bars at 120 bpm on E7, A7, E7, B7, A7, E7, B7."),
        ("ii-V-I jazz chords in C major", "on Dm7, G7, Cmaj7"),
        ("jazz chords in F", "on Gm7, C7, Fmaj7, Dm7"),
        ("lush chords in C", "maj7"),
        ("a bass with a fill", "a fill is for drums"),
    ],
)
def test_a_sentence_tells_what_was_made_of_the_words(text, sentence):
    assert sentence in said(text)


def test_a_blues_bass_plays_the_form():
    clip = sketch(read_brief("12 bar blues bass in E"))
    roots = [next(n.pitch % 12 for n in clip.notes if n.start >= bar * 4) for bar in range(12)]

    assert roots == [4, 4, 4, 4, 9, 9, 4, 4, 11, 9, 4, 11]


def test_a_waltz_has_its_bass_on_one_and_its_chords_on_two_and_three():
    clip = sketch(read_brief("a waltz in G"))
    starts = [note.start for note in clip.notes if note.start < 3]

    assert starts.count(0) == 1
    assert starts.count(1) == starts.count(2) == 3


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("wobble frobnicate", '"wobble", "frobnicate"; try:'), ("tell me a joke", '"tell", "joke"; try:')],
)
def test_a_refusal_is_one_sentence_with_the_words_and_an_example(text, sentence):
    problem = read_brief(text).problem

    assert problem is not None
    assert sentence in problem
    assert len(problem) < 140


@pytest.mark.parametrize(
    "brief",
    ["acid bass in A minor", "techno bass", "bass in E, 8 bars", "trance arp", "a lead", "chords Am F C G"],
)
def test_more_syncopated_moves_a_fifth_of_the_onsets_and_keeps_the_downbeat(brief):
    before = sketch(read_brief(brief))
    after = revised(read_brief(brief), "more syncopated").clip
    moved = set(before.table["start"].tolist()) - set(after.table["start"].tolist())

    assert len(moved) >= max(2, 0.2 * (len(np.unique(before.table["start"])) - 1))
    assert after.notes[0].start == before.notes[0].start


@pytest.mark.parametrize(
    "steps", [("an octave higher",), ("up a fifth",), ("two octaves up",), ("in D minor",), ()], ids=" ".join
)
def test_another_take_keeps_register_and_key(steps):
    before = revised(BASS, *steps, "softer").clip
    after = revised(BASS, *steps, "another take").clip

    assert after.key == before.key
    assert abs(np.mean(after.table["pitch"]) - np.mean(before.table["pitch"])) < 7


@pytest.mark.parametrize(
    ("text", "bpm"),
    [("half the tempo", 64), ("twice as fast", 256), ("double the tempo", 256), ("at half speed", 64)],
)
def test_a_tempo_is_halved_and_doubled_alone(text, bpm):
    assert revised(BASS, text).clip == sketch(BASS).with_(bpm=float(bpm))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("change the key to Eb", "Eb minor"),
        ("in Eb instead", "Eb minor"),
        ("in major", "A major"),
        ("make it major", "A major"),
        ("not in D minor but in E minor", "E minor"),
    ],
)
def test_a_key_is_changed_and_the_rhythm_kept(text, key):
    clip = revised(BASS, text).clip

    assert clip.key == key
    assert clip.table["start"].tolist() == sketch(BASS).table["start"].tolist()


def test_major_and_back_again_is_the_same_clip():
    assert revised(BASS, "in major", "in minor").clip == sketch(BASS)


@pytest.mark.parametrize(
    ("text", "bars"),
    [
        ("only the first bar", 1),
        ("just the first 2 bars", 2),
        ("keep the last bar", 1),
        ("repeat it 4 times", 16),
        ("loop it 3 times", 12),
    ],
)
def test_a_clip_is_cut_and_repeated_in_bars(text, bars):
    assert revised(BASS, text).clip.bars == bars


def test_the_last_note_goes():
    assert list(revised(BASS, "remove the last note").clip.notes) == list(sketch(BASS).notes)[:-1]


def test_a_hand_moves_times_and_velocities_and_no_pitch():
    before, after = sketch(BASS), revised(BASS, "humanize").clip

    assert sorted(n.pitch for n in after.notes) == sorted(n.pitch for n in before.notes)
    assert np.abs(after.table["start"] - before.table["start"]).max() <= before.ppq // 40
    assert after != before


@pytest.mark.parametrize("text", ["4/4 to 3/4", "in 3/4 instead"])
def test_another_metre_keeps_the_notes_that_the_bar_still_has(text):
    before, revision = sketch(BASS), revised(BASS, text)
    kept = [(n.pitch, n.start // 4, round(n.start % 4, 6)) for n in before.notes if n.start % 4 < 3]

    assert [(n.pitch, n.start // 3, round(n.start % 3, 6)) for n in revision.clip.notes] == kept
    assert "3/4" in revision.sentence


def test_more_notes_in_one_bar_leave_the_others_alone():
    before, after = list(sketch(BASS).notes), list(revised(BASS, "more notes in bar 2").clip.notes)

    assert [n for n in after if not 4 <= n.start < 8] == [n for n in before if not 4 <= n.start < 8]
    assert len(after) > len(before)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("more notes in bar 9", "it has no bar 9"),
        ("faster in bar 2", "cannot be done to one bar alone"),
        ("more acid in bar 2", "cannot be done to one bar alone"),
        ("add a fill at the end", "a fill is for drums"),
        ("in minor", "it is so already"),
        ("no drums", "left it as it is"),
        ("no more notes", "left it as it is"),
    ],
)
def test_what_cannot_be_done_is_said_and_the_clip_left_alone(text, sentence):
    revision = revised(BASS, text)

    assert revision.clip == sketch(BASS)
    assert sentence in revision.sentence


def test_what_is_not_to_be_done_is_not_done():
    assert revised(BASS, "not louder, an octave lower").clip == revised(BASS, "an octave lower").clip
    assert len(revised(BASS, "not so busy").clip) < len(sketch(BASS))


def test_drums_get_a_fill_at_the_end():
    brief = read_brief("2 bars of house drums")
    before, after = sketch(brief), revised(brief, "add a fill at the end").clip

    assert [n for n in after.notes if n.start < 6] == [n for n in before.notes if n.start < 6]
    assert after != before


@pytest.mark.parametrize(
    ("text", "drums"),
    [("only the kick", {"kick"}), ("just kick and snare", {"kick", "snare"})],
)
def test_a_follow_up_leaves_only_some_pieces(text, drums):
    assert drums_of(revised(DRUMS, text).clip) == drums


@pytest.mark.parametrize("text", ["remove the clap", "no clap", "without the claps", "take out the clap"])
def test_a_follow_up_takes_a_piece_away_and_leaves_the_rest_as_it_was(text):
    rest = [note for note in sketch(DRUMS).notes if DRUM_NAMES[note.pitch] != "clap"]

    assert list(revised(DRUMS, text).clip.notes) == rest


@pytest.mark.parametrize("text", ["much softer, and another take", "much softer and with more energy"])
def test_what_writes_the_notes_again_leaves_what_else_was_asked(text):
    loud = np.mean([note.velocity for note in sketch(BASS).notes])
    soft = np.mean([note.velocity for note in revised(BASS, text).clip.notes])

    assert soft < loud - 15


def test_options_that_shape_a_new_clip_only_are_named_when_a_clip_is_changed():
    revision = revise(sketch(BASS), "an octave lower", BASS, options=Options(genre="house", seed=9))

    assert revision.sentence.endswith("left out genre and seed, which shape a new clip only.")
