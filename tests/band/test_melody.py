from __future__ import annotations

from itertools import pairwise
from random import Random
from statistics import mean

import pytest

from conduit.band.genre import GENRES
from conduit.band.harmony import at, changes
from conduit.band.melody import render_lead
from conduit.band.motifs import IDIOMS, contour
from conduit.band.phrase import Setting
from conduit.music import Key, Note
from conduit.music.scale import SCALES

KEY = Key("A minor")


def lines(genre: str, *, count: int = 12, **more: object) -> list[list[Note]]:
    setting = Setting(KEY, genre=GENRES[genre], **more)
    return [render_lead(setting, Random(seed)) for seed in range(count)]


@pytest.mark.parametrize("genre", GENRES)
def test_strong_beats_have_tones_of_the_chord(genre):
    spans = changes(Setting(KEY, genre=GENRES[genre], bars=8))
    heard = [
        note.pitch % 12 in at(spans, note.start).tones
        for line in lines(genre, bars=8)
        for note in line
        if note.start % 2 == 0
    ]

    assert not heard or mean(heard) >= 0.95


@pytest.mark.parametrize("genre", GENRES)
def test_a_line_has_one_voice_and_moves_by_step_more_than_by_leap(genre):
    moves = []
    for line in lines(genre):
        assert all(before.end <= after.start + 1e-9 for before, after in pairwise(line))
        moves += [abs(a.pitch - b.pitch) for a, b in pairwise(line)]

    assert mean(move <= 4 for move in moves) > 0.7
    assert max(moves) <= 14


def test_the_climax_comes_in_the_second_half_of_the_phrase():
    peaks = []
    for line in lines("trance", count=30):
        top = max(note.pitch for note in line)
        peaks.append(mean(note.start // 4 for note in line if note.pitch == top))

    assert 1.3 < mean(peaks) < 2.6


def test_a_melody_ends_on_the_tonic_where_the_last_chord_has_it():
    setting = Setting(KEY, bars=4, genre=GENRES["trance"].__class__(progressions={"minor": ("1 6 3 1",)}))
    for seed in range(12):
        strong = [note for note in render_lead(setting, Random(seed)) if note.start % 2 == 0]

        assert strong[-1].pitch % 12 == KEY.root


def test_a_line_breathes():
    rests = [
        any(after.start - before.end >= 0.25 for before, after in pairwise(line))
        for line in lines("house", count=20)
    ]

    assert mean(rests) > 0.4


def test_bebop_reaches_tones_of_the_chord_by_half_steps_and_trance_stays_in_key():
    outside = {
        genre: mean(
            note.pitch % 12 not in KEY.pitch_classes for line in lines(genre, count=40) for note in line
        )
        for genre in ("jazz", "trance")
    }

    assert 0.02 < outside["jazz"] < 0.25
    assert outside["trance"] == 0


def test_an_acid_line_stays_on_its_riff():
    spans = [max(n.pitch for n in line) - min(n.pitch for n in line) for line in lines("acid")]

    assert mean(spans) < 12


def test_energy_says_how_dense_a_line_is():
    still, full = (mean(len(line) for line in lines("house", energy=energy)) for energy in (0.15, 0.9))

    assert still * 1.5 < full


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("idiom", ["plain", "bebop"])
def test_every_scale_can_be_sung(scale, idiom):
    genre = GENRES["jazz" if idiom == "bebop" else "pop"]
    for seed in range(4):
        notes = render_lead(Setting(Key(f"F# {scale}"), genre=genre, bars=3), Random(seed))

        assert all(48 <= note.pitch <= 96 for note in notes)


@pytest.mark.parametrize("shape", ["rise", "fall", "arch", "wave", "pendulum", "flat"])
def test_a_shape_begins_at_nought_and_keeps_within_an_octave(shape):
    for seed in range(20):
        moves = contour(Random(seed), 12, shape)

        assert moves[0] == 0
        assert len(moves) == 12
        assert max(moves) - min(moves) <= 12


@pytest.mark.parametrize("name", IDIOMS)
def test_every_idiom_names_shapes_there_are(name):
    assert all(contour(Random(1), 5, shape) for shape in IDIOMS[name].shapes)


@pytest.mark.parametrize("genre", GENRES)
@pytest.mark.parametrize("bars", [1, 2])
def test_a_loop_of_a_bar_or_two_has_the_tonic(genre, bars):
    for seed in range(6):
        setting = Setting(Key("Bb major"), bars=bars, genre=GENRES[genre])
        tones = {note.pitch % 12 for note in render_lead(setting, Random(seed))}

        assert Key("Bb major").root in tones


@pytest.mark.parametrize("key", ["A minor", "C major", "D minor"])
def test_over_chords_held_for_bars_no_long_note_lies_a_semitone_above_one_of_their_tones(key):
    setting = Setting(Key(key), bars=8, genre=GENRES["ambient"])
    spans = changes(setting)
    notes = [note for seed in range(10) for note in render_lead(setting, Random(seed))]
    held = [note for note in notes if note.start % 4 == 0 and note.duration >= 1.5 and note.start < 28]
    rubs = [(note.pitch - 1) % 12 in at(spans, note.start).tones for note in held]

    assert sum(rubs) <= len(rubs) * 0.1


def test_a_reggae_tune_of_eight_bars_seldom_has_three_pitches():
    setting = Setting(Key("A minor"), bars=8, genre=GENRES["reggae"])
    counts = [len({note.pitch for note in render_lead(setting, Random(seed))}) for seed in range(40)]

    assert mean(counts) >= 6
    assert sum(count <= 3 for count in counts) <= 1
