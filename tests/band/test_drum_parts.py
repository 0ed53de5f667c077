from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduit.band.beats import PLAIN_BEAT, STEPPERS, VELOCITIES
from conduit.band.genre import GENRES, PLAIN, Genre
from conduit.band.groove import render_drums
from conduit.band.phrase import Setting, onsets
from conduit.music import Key, Meter, Note
from conduit.music.drums import DRUM_PITCHES
from conduit.music.pulse import pulse_starts

METERS = ["4/4", "3/4", "5/4", "6/8", "7/8", "12/8", "9/8", "2/4", "5/8", "11/8", "15/16", "1/4", "3/2"]
DANCE = ["techno", "house", "acid", "minimal", "trance", "disco", "deep house"]
BACKBEAT = ["house", "drum and bass", "hip hop", "garage", "rock", "funk", "disco", "breakbeat", "synthwave"]
A_MINOR = Key("A minor")

settings_of_any_kind = st.builds(
    Setting,
    key=st.just(A_MINOR),
    meter=st.sampled_from(METERS).map(Meter.parse),
    bars=st.integers(1, 17),
    genre=st.sampled_from([PLAIN, *GENRES.values()]),
    styles=st.lists(
        st.sampled_from(["sparse", "busy", "dub", "acid", "steppers", "half time"]), max_size=2
    ).map(tuple),
    energy=st.integers(0, 20).map(lambda twentieth: twentieth / 20),
)


def played(genre: str, seed: int = 1, *, meter: str = "4/4", bars: int = 4, **more: object) -> list[Note]:
    setting = Setting(A_MINOR, Meter.parse(meter), bars, GENRES[genre], **more)
    return render_drums(setting, Random(seed))


def of(notes: list[Note], *drums: str) -> list[float]:
    pitches = [DRUM_PITCHES[drum] for drum in drums]
    return [note.start for note in notes if note.pitch in pitches]


def bars_of(notes: list[Note], bars: int, length: float = 4) -> list[set[tuple[float, int]]]:
    return [{(n.start % length, n.pitch) for n in notes if n.start // length == bar} for bar in range(bars)]


@given(setting=settings_of_any_kind, seed=st.integers(0, 2**40))
@settings(max_examples=60, deadline=None)
def test_drums_are_as_long_as_asked_and_no_drum_is_struck_twice_at_once(setting, seed):
    notes = render_drums(setting, Random(seed))

    assert notes
    assert all(note.start >= 0 and note.end <= setting.length + 1e-9 for note in notes)
    assert len({(note.start, note.pitch) for note in notes}) == len(notes)


@pytest.mark.parametrize("genre", GENRES)
def test_seeds_differ_by_more_than_velocity(genre):
    onsets = {frozenset((note.start, note.pitch) for note in played(genre, seed)) for seed in range(40)}

    assert len(onsets) >= 34


@pytest.mark.parametrize("genre", DANCE)
@pytest.mark.parametrize("meter", ["4/4", "3/4", "7/8", "6/8", "5/4", "12/8"])
def test_a_dance_beat_has_its_kick_on_every_downbeat(genre, meter):
    kicks = of(played(genre, meter=meter, bars=8), "kick")

    assert {bar * Meter.parse(meter).bar for bar in range(8)} <= set(kicks)


@pytest.mark.parametrize("genre", DANCE)
@pytest.mark.parametrize("seed", range(5))
def test_four_on_the_floor_means_a_kick_on_every_beat(genre, seed):
    assert set(range(8)) <= set(of(played(genre, seed), "kick"))


@pytest.mark.parametrize("genre", BACKBEAT)
@pytest.mark.parametrize("seed", range(5))
def test_a_backbeat_falls_on_two_and_four(genre, seed):
    assert {1.0, 3.0} <= set(of(played(genre, seed), "snare", "clap", "rim"))


@pytest.mark.parametrize("genre", ["dubstep", "trap"])
def test_half_time_has_its_snare_on_three(genre):
    snares = of(played(genre, energy=0.2), "snare", "clap")

    assert 2.0 in snares
    assert not {1.0, 3.0} & set(snares)


@pytest.mark.parametrize("genre", ["dub", "reggae"])
@pytest.mark.parametrize("seed", range(5))
def test_one_drop_puts_kick_and_rim_on_three(genre, seed):
    notes = played(genre, seed)

    assert 2.0 in of(notes, "kick")
    assert 2.0 in of(notes, "rim")


@pytest.mark.parametrize("seed", range(5))
def test_jazz_rides_and_closes_the_hat_on_two_and_four(seed):
    notes = played("jazz", seed)

    assert {0.0, 1.0, 2.0, 3.0} <= set(of(notes, "ride"))
    assert set(of(notes, "pedalhat")) == {beat for beat in range(16) if beat % 2 == 1}


def test_footwork_has_triplets_against_its_sixteenths():
    places = {round(start % 0.25, 4) for seed in range(40) for start in of(played("footwork", seed), "kick")}

    assert places - {0.0}


@pytest.mark.parametrize("genre", ["funk", "drum and bass", "jungle", "breakbeat"])
def test_breaks_have_ghost_snares(genre):
    quiet = sum(
        note.pitch == DRUM_PITCHES["snare"] and note.velocity < 70
        for seed in range(10)
        for note in played(genre, seed)
    )

    assert quiet >= 30


@pytest.mark.parametrize("genre", GENRES)
@pytest.mark.parametrize("seed", range(4))
def test_the_last_bar_of_a_beat_has_a_fill(genre, seed):
    bars = bars_of(played(genre, seed), 4)

    assert bars[3] not in bars[:3]


def test_long_beats_have_a_fill_at_the_end_of_each_phrase():
    bars = bars_of(played("house", bars=16), 16)

    assert all(bars[end] != bars[end - 2] for end in (3, 7, 11, 15))


def test_without_fills_the_pattern_goes_on_to_the_end():
    notes = played("rock", fills=False, styles=("sparse",))
    bars = bars_of(notes, 4)

    assert bars[1] == bars[3]


@pytest.mark.parametrize("genre", GENRES)
def test_more_energy_plays_more(genre):
    hits = [
        sum(len(played(genre, seed, energy=energy, fills=False)) for seed in range(8))
        for energy in (0.1, 0.5, 0.95)
    ]

    assert hits[0] < hits[1] < hits[2]


def test_a_long_clip_grows():
    beats = [bars_of(played("techno", seed, bars=16, energy=0.6, fills=False), 16) for seed in range(10)]
    ends = [(len(set().union(*bars[:4])), len(set().union(*bars[12:]))) for bars in beats]

    assert sum(last for _, last in ends) > sum(first for first, _ in ends)


@pytest.mark.parametrize("genre", GENRES)
@pytest.mark.parametrize("meter", ["3/4", "6/8", "5/4", "7/8", "12/8"])
def test_every_bar_of_any_metre_says_where_its_pulses_are(genre, meter):
    metre = Meter.parse(meter)
    notes = played(genre, meter=meter, fills=False)
    pulses = {step / 4 for step in pulse_starts(metre)}
    heard = [pulses & {place for place, _ in bar} for bar in bars_of(notes, 4, metre.bar)]

    assert all(len(bar) >= len(pulses) - 1 or genre in {"ambient", "footwork", "trap"} for bar in heard)


def test_a_row_of_twelve_is_in_triplets_in_any_metre():
    assert [step for step, _ in onsets("xxx---------", Meter())] == [0, 4 / 3, 8 / 3]
    assert [step for step, _ in onsets("xxx---------", Meter.parse("6/8"))] == [0, 2, 4]


def test_the_velocities_of_a_genre_lie_where_it_says():
    loud, quiet = (played(genre, energy=0.6) for genre in ("industrial", "ambient"))

    assert min(note.velocity for note in loud) > 40
    assert max(note.velocity for note in quiet) < 90


def test_the_shipped_beats_have_bars_of_known_letters():
    for beat in (PLAIN_BEAT, STEPPERS, *(genre.drums for genre in GENRES.values())):
        rows = [bar for rows in beat.core for _, bars in rows for bar in bars]
        rows += [bar for layer in beat.layers for bars in layer.patterns for bar in bars]

        assert {len(row) for row in rows} <= {12, 16, 24}
        assert {letter for row in rows for letter in row} <= set(VELOCITIES) | {"-", "_"}


def test_a_beat_of_one_row_plays_it():
    only = Genre(name="only", drums=type(PLAIN_BEAT)(core=((("cowbell", ("x---------------",)),),)))
    notes = render_drums(Setting(A_MINOR, bars=2, genre=only), Random(1))

    assert [(note.pitch, note.start) for note in notes] == [(DRUM_PITCHES["cowbell"], 0.0), (56, 4.0)]
