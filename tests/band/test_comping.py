from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from random import Random
from statistics import mean

import pytest

from conduit.band.comping import comping_of, render_chords
from conduit.band.genre import GENRES
from conduit.band.harmony import at, changes, voices_of
from conduit.band.phrase import Setting
from conduit.music import Key, Meter, Note
from conduit.music.chord import Chord

KEY = Key("A minor")


def played(genre: str, seed: int = 1, **more: object) -> list[Note]:
    return render_chords(Setting(KEY, genre=GENRES[genre], **more), Random(seed))


def starts(notes: list[Note], *, bar: int) -> set[float]:
    return {note.start % 4 for note in notes if note.start // 4 == bar}


@pytest.mark.parametrize("genre", GENRES)
def test_every_chord_of_the_progression_is_struck(genre):
    setting = Setting(KEY, genre=GENRES[genre], bars=8)
    spans = changes(setting, voices=voices_of(setting))
    notes = render_chords(setting, Random(3))

    for span in spans:
        struck = [n for n in notes if span.start - 0.5 <= n.start < span.end]
        assert len({n.pitch % 12 for n in struck} & set(span.tones)) >= 3


@pytest.mark.parametrize("genre", GENRES)
def test_what_is_struck_belongs_to_its_chord_or_comes_early_to_the_next(genre):
    setting = Setting(KEY, genre=GENRES[genre], bars=8)
    spans = changes(setting, voices=voices_of(setting))

    for note in render_chords(setting, Random(5)):
        early = at(spans, note.start + 0.5) if note.start + 0.5 < setting.length else spans[0]
        assert note.pitch % 12 in {*at(spans, note.start).tones, *early.tones}


@pytest.mark.parametrize("seed", range(12))
def test_the_second_or_the_third_bar_calls_as_the_first_did(seed):
    notes = played("house", seed, chords=(Chord.parse("Am7"),))

    assert starts(notes, bar=0) in [starts(notes, bar=1), starts(notes, bar=2)]


def test_bars_that_answer_differ_from_the_call():
    differ = [
        starts(played("house", seed), bar=0) != starts(played("house", seed), bar=3) for seed in range(20)
    ]

    assert mean(differ) > 0.7


def test_some_phrases_push_into_the_chord_that_follows():
    setting = Setting(KEY, genre=GENRES["lofi"], bars=4)
    first = set(changes(setting, voices=5)[0].tones)
    pushed = [
        {n.pitch % 12 for n in render_chords(setting, Random(seed)) if n.start >= 15.5} for seed in range(30)
    ]

    assert any(found and found <= first for found in pushed)


def test_a_skank_leaves_the_beats_of_one_and_three_alone():
    beats = [note.start % 4 for seed in range(8) for note in played("reggae", seed)]

    assert mean(beat in {0.0, 2.0} for beat in beats) < 0.1


def test_funk_has_ghosts_between_its_accents():
    velocities = [note.velocity for seed in range(8) for note in played("funk", seed)]

    assert min(velocities) < 70
    assert max(velocities) > 95


def test_the_top_voice_sings():
    moves = []
    for seed in range(30):
        tops: dict[float, int] = {}
        for note in played("house", seed):
            tops[note.start] = max(note.pitch, tops.get(note.start, 0))
        line = [tops[start] for start in sorted(tops)]
        moves.append(mean(abs(a - b) for a, b in pairwise(line)))

    assert 0.8 < mean(moves) < 5


def test_more_energy_strikes_louder_and_fuller():
    soft, loud = (
        [note for seed in range(8) for note in played("house", seed, energy=energy)] for energy in (0.2, 0.9)
    )

    assert mean(n.velocity for n in soft) < mean(n.velocity for n in loud)
    assert len(soft) < len(loud)


def test_a_slash_chord_has_its_bass_below():
    notes = played("house", chords=(Chord.parse("C/E"),))
    lowest = min((note for note in notes if note.start < 1), key=lambda note: note.pitch)

    assert lowest.pitch % 12 == 4


def test_a_word_of_style_changes_how_chords_are_played():
    setting = Setting(KEY, genre=GENRES["house"])

    assert comping_of(setting) != comping_of(replace(setting, styles=("held",)))


@pytest.mark.parametrize("meter", ["4/4", "3/4", "7/8", "5/4", "6/8"])
@pytest.mark.parametrize("genre", ["jazz", "lofi", "funk", "trance", "garage"])
def test_no_chord_outlasts_the_clip_and_no_key_is_struck_while_it_is_held(meter, genre):
    setting = Setting(KEY, Meter.parse(meter), 5, GENRES[genre])
    for seed in range(6):
        notes = sorted(render_chords(setting, Random(seed)), key=lambda note: (note.pitch, note.start))

        assert all(note.end <= setting.length for note in notes)
        assert all(a.pitch != b.pitch or a.end <= b.start for a, b in pairwise(notes))
