from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduit.band.bass import render_bass
from conduit.band.genre import GENRES, PLAIN
from conduit.band.groove import kick_under, render_drums
from conduit.band.harmony import at, changes, harmony
from conduit.band.lock import locked
from conduit.band.phrase import Hit, Setting, onsets
from conduit.music import Key, Meter, Note
from conduit.music.chord import Chord
from conduit.music.scale import SCALES

METERS = ["4/4", "3/4", "5/4", "6/8", "7/8", "12/8", "9/8", "2/4", "5/8", "11/8", "15/16", "1/4", "3/2"]
PEDAL = [name for name in GENRES if GENRES[name].bass.pedal]

settings_of_any_kind = st.builds(
    Setting,
    key=st.builds(
        lambda tonic, scale: Key(f"{tonic} {scale}"),
        st.sampled_from(["C", "F#", "Bb", "A", "E"]),
        st.sampled_from(list(SCALES)),
    ),
    meter=st.sampled_from(METERS).map(Meter.parse),
    bars=st.integers(1, 17),
    genre=st.sampled_from([PLAIN, *GENRES.values()]),
    styles=st.lists(
        st.sampled_from(["sparse", "busy", "acid", "walking", "808", "syncopated", "drone"]), max_size=2
    ).map(tuple),
    energy=st.integers(0, 20).map(lambda twentieth: twentieth / 20),
    take=st.integers(0, 3),
)


def played(genre: str, seed: int = 1, *, key: str = "A minor", bars: int = 4, **more: object) -> list[Note]:
    return render_bass(Setting(Key(key), bars=bars, genre=GENRES[genre], **more), Random(seed))


@given(setting=settings_of_any_kind, seed=st.integers(0, 2**40))
@settings(max_examples=80, deadline=None)
def test_a_line_is_as_long_as_asked_lies_between_24_and_60_and_has_one_voice(setting, seed):
    notes = render_bass(setting, Random(seed))

    assert notes
    assert all(24 <= note.pitch <= 60 for note in notes)
    assert all(note.start >= 0 and note.end <= setting.length + 1e-9 for note in notes)
    assert all(before.start < after.start for before, after in pairwise(notes))
    assert all(before.end <= after.start + 0.25 for before, after in pairwise(notes))


@pytest.mark.parametrize("genre", [name for name in GENRES if name != "ambient"])
def test_seeds_differ_by_more_than_velocity(genre):
    lines = {tuple((note.start, note.pitch) for note in played(genre, seed)) for seed in range(40)}

    assert len(lines) >= 25


@pytest.mark.parametrize("genre", [name for name in GENRES if name not in PEDAL])
@pytest.mark.parametrize("seed", range(4))
def test_bass_and_chords_of_one_request_agree(genre, seed):
    setting = Setting(Key("D minor"), genre=GENRES[genre])
    notes = render_bass(setting, Random(seed))
    spans = harmony(setting)
    downbeats = [note for note in notes if note.start % 4 == 0]

    assert all(
        note.pitch % 12 in {spans[int(note.start) // 4].bass, *spans[int(note.start) // 4].tones}
        for note in downbeats
    )
    assert notes[0].pitch % 12 == spans[0].bass


@pytest.mark.parametrize("genre", PEDAL)
def test_a_pedal_stays_on_the_tonic_unless_chords_are_asked_for(genre):
    firsts = [note.pitch % 12 for note in played(genre, 3) if note.start % 4 == 0]
    asked = played(genre, 3, chords=(Chord.parse("Am"), Chord.parse("F")))
    later = [note.pitch % 12 for note in asked if 4 <= note.start < 7]

    assert set(firsts) <= {9}
    assert 5 in later


@pytest.mark.parametrize("seed", range(6))
def test_a_walking_bass_walks_in_quarters_and_moves(seed):
    notes = played("jazz", seed, key="F major", bars=8)
    quarters = {note.start for note in notes if note.start % 1 == 0}
    repeats = sum(one.pitch == two.pitch for one, two in pairwise(notes))

    assert len(quarters) >= 28
    assert repeats <= len(notes) / 6


def test_a_walking_bass_leads_into_the_next_root_by_step():
    setting = Setting(Key("F major"), bars=8, genre=GENRES["jazz"])
    spans = changes(setting)
    lines = [render_bass(setting, Random(seed)) for seed in range(20)]
    last = [
        max((n for n in line if n.start // 4 == bar), key=lambda n: n.start)
        for line in lines
        for bar in range(8)
    ]
    gaps = [(note.pitch - at(spans, (index % 8 + 1) * 4 % 32).bass) % 12 for index, note in enumerate(last)]

    assert sum(gap in {1, 2, 10, 11} for gap in gaps) >= 0.6 * len(gaps)


def test_acid_slides_jumps_octaves_and_accents():
    lines = [played("acid", seed) for seed in range(20)]
    slides = sum(one.end > two.start for line in lines for one, two in pairwise(line))
    octaves = sum(abs(one.pitch - two.pitch) == 12 for line in lines for one, two in pairwise(line))
    accents = {note.velocity > 110 for note in lines[0]}

    assert slides >= 40
    assert octaves >= 40
    assert accents == {True, False}


@pytest.mark.parametrize("seed", range(6))
def test_dub_leaves_space(seed):
    notes = played("dub", seed)

    assert sum(note.duration for note in notes) < 14
    assert len(notes) <= 26


def test_funk_has_ghost_notes_and_octaves():
    notes = [note for seed in range(10) for note in played("funk", seed)]
    ghosts = [note for note in notes if note.velocity < 85]

    assert ghosts
    assert all(note.duration <= 0.2 for note in ghosts)
    assert any(abs(one.pitch - two.pitch) == 12 for one, two in pairwise(notes))


@pytest.mark.parametrize("genre", ["hip hop", "trap", "footwork", "rock", "drum and bass", "house", "techno"])
def test_the_bass_stands_with_the_kick_or_between_its_beats(genre):
    kicks, basses = (
        [{n.start % 4 for n in part(seed) if n.start < 4} for seed in range(20)]
        for part in (
            lambda seed: [
                n
                for n in render_drums(Setting(Key("A minor"), genre=GENRES[genre]), Random(seed))
                if n.pitch == 36
            ],
            lambda seed: played(genre, seed),
        )
    )
    places = {place for bar in kicks for place in bar}
    with_kick = sum(place in places for bar in basses for place in bar) / sum(map(len, basses))
    offbeat = sum(place % 1 == 0.5 for bar in basses for place in bar) / sum(map(len, basses))

    assert with_kick + offbeat >= 0.6


@pytest.mark.parametrize("genre", ["hip hop", "trap", "footwork", "rock", "drum and bass"])
@pytest.mark.parametrize("seed", range(6))
def test_a_bass_knows_the_kick_that_drums_of_its_seed_play(genre, seed):
    setting = Setting(Key("A minor"), genre=GENRES[genre])
    known = kick_under(setting, Random(seed))
    kicks = {note.start * 4 for note in render_drums(setting, Random(seed)) if note.pitch == 36}

    assert known
    assert {step for step, _ in onsets(known[0], Meter())} <= kicks


def test_over_a_kick_on_every_beat_nothing_moves():
    assert kick_under(Setting(Key("A minor"), genre=GENRES["techno"]), Random(1)) == ()


def test_notes_near_a_kick_move_to_it_and_keep_their_order():
    line = [(Hit(step, 1, "x"), "root") for step in (0, 3, 5, 8, 13, 15)]
    moved = [hit.step for hit, _ in locked(line, "X-----x---x---x-", Meter())]

    assert moved == [0, 3, 6, 8, 14, 15]


@pytest.mark.parametrize("genre", ["house", "hip hop", "rock", "synthwave"])
def test_roots_move_as_little_as_they_can(genre):
    notes = played(genre, 2, bars=16)
    roots = [min((n for n in notes if n.start // 4 == bar), key=lambda n: n.start).pitch for bar in range(16)]

    assert all(abs(one - two) <= 12 for one, two in pairwise(roots))


@pytest.mark.parametrize("genre", GENRES)
@pytest.mark.parametrize("meter", ["3/4", "6/8", "5/4", "7/8", "12/8"])
def test_in_any_metre_most_bars_begin_with_a_note_or_right_after(genre, meter):
    notes = played(genre, 2, meter=Meter.parse(meter))
    length = Meter.parse(meter).bar
    firsts = [
        min((n.start for n in notes if n.start // length == bar), default=99) - bar * length
        for bar in range(4)
    ]

    assert max(firsts) <= 1


@pytest.mark.parametrize("key", ["A minor", "F major", "Bb major", "C minor"])
@pytest.mark.parametrize("seed", range(4))
def test_a_walking_bass_stays_within_an_octave_and_seldom_leaps(key, seed):
    notes = played("jazz", seed, key=key, bars=8)
    intervals = [abs(one.pitch - two.pitch) for one, two in pairwise(notes)]

    assert max(intervals) <= 12
    assert sum(interval > 7 for interval in intervals) <= len(intervals) * 0.15


def test_a_walking_bass_skips_no_octave_on_one_tone():
    lines = [played("jazz", seed, key=key, bars=8) for seed in range(10) for key in ("A minor", "F major")]
    skips = [abs(one.pitch - two.pitch) == 12 for line in lines for one, two in pairwise(line)]

    assert sum(skips) <= len(skips) * 0.02


def test_a_walking_bass_reaches_most_new_chords_by_a_half_step():
    setting = Setting(Key("F major"), bars=8, genre=GENRES["jazz"])
    starts = {span.start for span in changes(setting)}
    reached = [
        abs(one.pitch - two.pitch)
        for seed in range(20)
        for one, two in pairwise(render_bass(setting, Random(seed)))
        if two.start in starts
    ]

    assert sum(interval == 1 for interval in reached) >= len(reached) * 0.5


@pytest.mark.parametrize("genre", GENRES)
@pytest.mark.parametrize("key", ["A minor", "Bb major"])
@pytest.mark.parametrize("bars", [1, 2])
def test_a_loop_of_a_bar_or_two_begins_on_the_tonic(genre, key, bars):
    for seed in range(6):
        first = played(genre, seed, key=key, bars=bars)[0]

        assert first.pitch % 12 == Key(key).root


def test_four_bars_of_one_take_each_are_seldom_the_same():
    loops = [
        {
            tuple((note.start, note.pitch) for note in played("house", 4 * four + one, bars=1))
            for one in range(4)
        }
        for four in range(50)
    ]

    assert sum(len(loop) < 4 for loop in loops) <= 6
