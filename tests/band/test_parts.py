from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduit.band.arpeggio import ARPS
from conduit.band.figures import FIGURES
from conduit.band.genre import GENRES, PLAIN
from conduit.band.harmony import changes, harmony
from conduit.band.motifs import IDIOMS
from conduit.band.parts import INSTRUMENTS, RENDERERS
from conduit.band.phrase import VELOCITIES, Setting, fit, form
from conduit.band.progressions import PROGRESSIONS
from conduit.band.texture import TEXTURES
from conduit.music import Clip, Key, Meter
from conduit.music.drums import DRUM_PITCHES
from conduit.music.pulse import pulse_starts, pulses
from conduit.music.scale import SCALES

METERS = ["4/4", "3/4", "5/4", "6/8", "7/8", "9/8", "2/4", "12/8", "5/8", "11/8", "15/16", "1/4", "3/2"]
PITCHED = [role for role in RENDERERS if role != "drums"]
STYLES = ["sparse", "busy", "syncopated", "rich", "dub", "acid", "up", "random"]
KICK, SNARE, CLAP = (DRUM_PITCHES[name] for name in ("kick", "snare", "clap"))

settings_of_any_kind = st.builds(
    Setting,
    key=st.builds(
        lambda tonic, scale: Key(f"{tonic} {scale}"),
        st.sampled_from(["C", "F#", "Bb", "A"]),
        st.sampled_from(list(SCALES)),
    ),
    meter=st.sampled_from(METERS).map(Meter.parse),
    bars=st.integers(1, 17),
    genre=st.sampled_from([PLAIN, *GENRES.values()]),
    styles=st.lists(st.sampled_from(STYLES), max_size=2).map(tuple),
    energy=st.integers(0, 20).map(lambda twentieth: twentieth / 20),
    take=st.integers(0, 3),
)


def clip_of(role: str, setting: Setting, seed: int = 1) -> Clip:
    return Clip.of(
        RENDERERS[role](setting, Random(seed)),
        length=setting.length,
        meter=setting.meter,
        instrument=INSTRUMENTS[role],
    )


@pytest.mark.parametrize("role", RENDERERS)
@given(setting=settings_of_any_kind, seed=st.integers(0, 2**40))
@settings(max_examples=40, deadline=None)
def test_every_note_lies_inside_the_clip(role, setting, seed):
    notes = RENDERERS[role](setting, Random(seed))

    assert notes
    assert all(note.start >= 0 and note.end <= setting.length + 1e-9 for note in notes)


def borrowed(setting: Setting, role: str) -> set[int]:
    """Pitch classes of the chords, and of the half steps by which a lead, or a bass that walks, reaches them."""
    tones = {tone for span in changes(setting, voices=5) for tone in (*span.tones, span.bass)}
    below = {(tone - 1) % 12 for tone in tones if IDIOMS[setting.genre.lead].close}
    walks = role == "bass" and setting.genre.bass.walk
    return tones | below | {(tone + side) % 12 for tone in tones for side in (-1, 1) if walks}


@pytest.mark.parametrize("role", PITCHED)
@given(setting=settings_of_any_kind, seed=st.integers(0, 2**40))
@settings(max_examples=40, deadline=None)
def test_pitched_parts_leave_their_key_only_for_a_chord_that_is_not_of_it(role, setting, seed):
    notes = RENDERERS[role](setting, Random(seed))

    assert {note.pitch % 12 for note in notes} <= {*setting.key.pitch_classes, *borrowed(setting, role)}


@pytest.mark.parametrize("role", RENDERERS)
@given(setting=settings_of_any_kind, seed=st.integers(0, 2**40))
@settings(max_examples=20, deadline=None)
def test_no_pitch_starts_twice_at_once(role, setting, seed):
    notes = RENDERERS[role](setting, Random(seed))

    assert len({(note.start, note.pitch) for note in notes}) == len(notes)


@pytest.mark.parametrize("meter", METERS)
@pytest.mark.parametrize("role", RENDERERS)
def test_twenty_seeds_give_twenty_clips(role, meter):
    setting = Setting(Key("A minor"), Meter.parse(meter))
    digests = {clip_of(role, setting, seed).digest for seed in range(20)}

    assert len(digests) == 20


@pytest.mark.parametrize("role", ["bass", "drums", "lead", "chords"])
def test_velocities_are_alive(role):
    velocities = {note.velocity for note in clip_of(role, Setting(Key("A minor"))).notes}

    assert len(velocities) >= 5


@pytest.mark.parametrize("role", ["chords", "pad"])
@given(setting=settings_of_any_kind, seed=st.integers(0, 2**40))
@settings(max_examples=30, deadline=None)
def test_chords_have_three_to_six_notes_between_38_and_91(role, setting, seed):
    clip = clip_of(role, setting, seed)
    onsets = sorted({note.start for note in clip.notes})
    sounding = [sum(n.start <= onset < n.end for n in clip.notes) for onset in onsets]

    assert min(sounding) >= 3
    assert max(sounding) <= 6
    assert all(38 <= note.pitch <= 91 for note in clip.notes)


def test_voices_move_little_from_chord_to_chord():
    clip = clip_of("chords", Setting(Key("A minor"), genre=GENRES["house"]))
    firsts = [min(n.start for n in clip.notes if n.start // 4 == bar) for bar in range(4)]
    voicings = [[n.pitch for n in clip.notes if n.start == first] for first in firsts]

    assert all(
        abs(a - b) <= 4 for before, after in pairwise(voicings) for a, b in zip(before, after, strict=True)
    )


@pytest.mark.parametrize("genre", ["house", "dub", "trance", "hip hop"])
def test_parts_of_one_key_and_genre_share_their_chords(genre):
    setting = Setting(Key("D minor"), genre=GENRES[genre])
    spans = harmony(setting)
    bass, pad = clip_of("bass", setting, 3), clip_of("pad", setting, 99)
    roots = {note.pitch % 12 for note in bass.notes}

    assert {span.root for span in spans} <= roots | {note.pitch % 12 for note in pad.notes}


@pytest.mark.parametrize(("way", "first", "second"), [("up", 0, 1), ("down", 1, 0)])
def test_an_arpeggio_goes_where_it_is_asked(way, first, second):
    pitches = [note.pitch for note in clip_of("arp", Setting(Key("A minor"), styles=(way,))).notes[:3]]
    pair = (pitches[0], pitches[1])

    assert pair[first] < pair[second]


@pytest.mark.parametrize(
    ("meter", "lengths"),
    [
        ("4/4", (4, 4, 4, 4)),
        ("7/8", (4, 4, 6)),
        ("6/8", (6, 6)),
        ("5/8", (6, 4)),
        ("11/8", (6, 6, 6, 4)),
        ("3/16", (3,)),
    ],
)
def test_a_bar_is_grouped_as_it_is_counted(meter, lengths):
    assert pulses(Meter.parse(meter)) == lengths


@pytest.mark.parametrize("meter", METERS)
def test_a_fitted_pattern_fills_its_bar(meter):
    metre = Meter.parse(meter)

    assert len(fit("X-x_--x_x_x-x___", metre)) == metre.steps
    assert len(fit("X-x_--x_x_x-x___", metre, lilt=True)) == metre.steps
    assert pulse_starts(metre)[0] == 0


def test_a_phrase_ends_in_a_turn():
    assert [form(bars) for bars in (1, 2, 3, 4, 6)] == ["A", "AC", "ABC", "ABAC", "ABACAC"]


@pytest.mark.parametrize("genre", GENRES)
def test_a_genre_names_what_is_there(genre):
    facts = GENRES[genre]

    assert facts.chords in FIGURES
    assert facts.harmony in PROGRESSIONS
    assert facts.lead in IDIOMS
    assert facts.arp in ARPS
    assert facts.texture in TEXTURES
    assert facts.role in RENDERERS


def test_every_rhythm_of_a_pitched_part_is_a_bar_of_known_letters():
    rows = [row for comping in FIGURES.values() for row in (*comping.rhythms, *comping.turns)]
    rows += [row for idiom in IDIOMS.values() for row in idiom.rhythms]
    rows += [row for arp in ARPS.values() for row in arp.masks]

    assert {len(row) for row in rows} == {16}
    assert {letter for row in rows for letter in row} <= {*VELOCITIES, "-", "_"}


@pytest.mark.parametrize("role", RENDERERS)
@pytest.mark.parametrize("genre", GENRES)
def test_with_more_energy_no_part_has_fewer_notes(role, genre):
    for seed in range(2):
        counts = [
            len(RENDERERS[role](Setting(Key("A minor"), genre=GENRES[genre], energy=energy), Random(seed)))
            for energy in (0.05, 0.15, 0.3, 0.45, 0.55, 0.7, 0.8, 0.95)
        ]

        assert counts == sorted(counts)


@pytest.mark.parametrize("role", ["bass", "chords", "pad", "lead", "arp"])
@pytest.mark.parametrize("bars", [1, 2])
def test_a_loop_of_a_bar_or_two_tells_its_key(role, bars):
    for genre in GENRES.values():
        for seed, key in enumerate(map(Key, ("Bb major", "A minor", "F# minor", "Eb major"))):
            notes = RENDERERS[role](Setting(key, bars=bars, genre=genre), Random(seed))

            assert key.root in {note.pitch % 12 for note in notes}, (genre.name, key)
