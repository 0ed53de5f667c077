from __future__ import annotations

from itertools import product
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduit.music import Clip, Key, Note
from conduit.music.chord import Chord
from conduit.music.estimate import estimate_chords, estimate_key

# Degrees of a loop that says its key: home, away, further, and the way back.
LOOPS = {
    "major": (0, 3, 4, 0),
    "minor": (0, 5, 3, 0),
    "dorian": (0, 3, 0, 3),
    "mixolydian": (0, 6, 3, 0),
    "phrygian": (0, 1, 0, 1),
    "lydian": (0, 1, 0, 1),
    "harmonic minor": (0, 3, 4, 0),
}
TONICS = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"]


def block(chord: Chord, *, bar: float, bars: float = 1, low: int = 48) -> list[Note]:
    """Give a chord in close position over its bass, an octave below."""
    root = low + (chord.root - low) % 12
    bass = low - 12 + ((chord.root if chord.bass is None else chord.bass) - low) % 12
    pitches = [bass, *(root + (pc - chord.root) % 12 for pc in chord.pitch_classes)]
    return [Note(pitch, 4 * bar, 4 * bars) for pitch in pitches]


def played(*symbols: str, bars_each: float = 1) -> Clip:
    return Clip.of(
        [
            note
            for index, symbol in enumerate(symbols)
            for note in block(Chord.parse(symbol), bar=index * bars_each, bars=bars_each)
        ]
    )


def loop(key: Key) -> Clip:
    degrees = LOOPS[key.scale]
    return Clip.of(
        [
            Note(key.pitch(degree + third, octave=octave), 4 * bar, 4)
            for bar, degree in enumerate(degrees)
            for third, octave in ((0, 1), (0, 3), (2, 3), (4, 3))
        ]
    )


@pytest.mark.parametrize(("tonic", "scale"), [*product(TONICS, LOOPS)])
def test_a_loop_of_triads_tells_its_key_in_every_transposition(tonic, scale):
    asked = Key(f"{tonic} {scale}")

    found, _ = estimate_key(loop(asked))

    assert (found.root, found.scale) == (asked.root, asked.scale)


def test_a_scale_is_clearer_than_all_twelve_notes():
    scale = Clip.of([Note(pitch, index, 1) for index, pitch in enumerate((60, 62, 64, 65, 67, 69, 71, 72))])
    chromatic = Clip.of([Note(60 + index, index, 1) for index in range(12)])

    assert estimate_key(scale)[1] - estimate_key(chromatic)[1] > 0.6


def test_keys_are_spelled_as_they_are_written():
    assert [estimate_key(loop(Key(name)))[0] for name in ("D# major", "Gb minor")] == ["Eb major", "F# minor"]


@pytest.mark.parametrize(
    "clip", [Clip.of([]), Clip.of([Note(36, 0, 1)], instrument="drums"), Clip.of([Note(60, 0, 1, mute=True)])]
)
def test_without_pitched_notes_there_is_no_key_and_no_chord(clip):
    assert (estimate_key(clip)[1], estimate_chords(clip)) == (0, [])


@pytest.mark.parametrize(
    "symbols",
    [
        ("Am", "F", "C", "G"),
        ("Dm7", "G7", "Cmaj7", "Am7"),
        ("Bm7b5", "E7", "Am", "A#dim7"),
        ("C/E", "F", "G/B", "C"),
        ("Csus4", "C", "Faug", "Gsus4"),
        ("C5", "D#5", "F5", "G5"),
    ],
)
def test_chords_that_are_played_are_found(symbols):
    assert [span.chord for span in estimate_chords(played(*symbols))] == [Chord.parse(one) for one in symbols]


@given(root=st.integers(0, 11), quality=st.sampled_from(["", "m", "7", "maj7", "m7", "dim", "m7b5"]))
@settings(deadline=None)
def test_a_chord_over_its_root_is_found_on_every_note(root, quality):
    chord = Chord(root, quality)

    assert [span.chord for span in estimate_chords(played(chord.name))] == [chord]


def test_a_passing_note_does_not_change_the_chord():
    clip = played("Am", "F")
    line = [Note(pitch, beat / 2, 0.5) for beat, pitch in enumerate((69, 71, 72, 74, 76, 74, 72, 71))]

    chords = estimate_chords(Clip.of([*clip.notes, *line]))

    assert [span.chord.name for span in chords] == ["Am", "F"]


def test_an_inversion_without_a_bass_is_no_slash_chord():
    clip = Clip.of([Note(pitch, 0, 4) for pitch in (64, 67, 72)])

    assert [span.chord.name for span in estimate_chords(clip)] == ["C"]


@pytest.mark.parametrize(
    ("key", "pitches", "name"),
    [
        ("Eb major", (56, 59, 63), "Abm"),
        ("E major", (56, 59, 63), "G#m"),
        ("F# major", (49, 53, 56), "C#"),
        ("C major", (49, 52, 55, 58), "C#dim7"),
        (None, (54, 58, 61), "F#"),
    ],
)
def test_chords_are_written_in_the_clips_key(key, pitches, name):
    clip = Clip.of([Note(pitch, 0, 4) for pitch in pitches], key=key)

    assert [span.chord.name for span in clip.chords()] == [name]


@pytest.mark.parametrize("durations", [(1, 1, 1, 1), (1.5, 1, 0.5, 1), (2, 0.5, 0.5, 1)])
def test_a_tone_that_does_not_sound_is_taken_from_the_key(durations):
    starts = (sum(durations[:index]) for index in range(4))
    lead = zip((71, 76, 72, 71), starts, durations, strict=True)
    clip = Clip.of([Note(*note) for note in lead], key="C major")

    assert {note.pitch % 12 for note in clip.chord_clip().notes} <= set(Key("C major").pitch_classes)


def test_a_chord_from_outside_the_key_that_sounds_is_found():
    clip = played("Am", "D7", "E7", "Bb").with_(key=Key("A minor"))

    assert [span.chord.name for span in clip.chords()] == ["Am", "D7", "E7", "Bb"]


def test_half_bars_have_chords_of_their_own():
    spans = estimate_chords(played("Am", "G", "F", "E", bars_each=0.5), bars_each=0.5)

    assert [(span.start, span.duration, span.chord.name) for span in spans] == [
        (0, 2, "Am"),
        (2, 2, "G"),
        (4, 2, "F"),
        (6, 2, "E"),
    ]


def test_stretches_follow_a_change_of_metre():
    clip = Clip.of(
        [*(Note(pitch, 0, 3) for pitch in (45, 60, 64)), *(Note(pitch, 3, 4) for pitch in (41, 60, 69))],
        meter="3/4",
        meter_changes=[(3, "4/4")],
    )

    assert [(span.start, span.chord.name) for span in estimate_chords(clip)] == [(0, "Am"), (3, "F")]


def test_silent_bars_have_no_chord():
    spans = estimate_chords(Clip.of(block(Chord.parse("Am"), bar=2), length=16))

    assert [span.start for span in spans] == [8]


def test_what_hangs_over_the_end_or_starts_after_it_is_not_heard():
    clip = played("Am").with_(length_ticks=960)
    late = [Note(66, 2, 1), Note(68, 3, 1)]

    chords = estimate_chords(Clip.of([*clip.notes, *late], length=1))

    assert [(span.duration, span.chord.name, span.fit) for span in chords] == [(1, "Am", 1)]


@pytest.mark.parametrize("bars", [0, -1, float("nan"), float("inf")])
def test_a_stretch_that_cannot_be_is_refused(bars):
    with pytest.raises(ValueError, match="1/16 to 64"):
        estimate_chords(played("Am"), bars_each=bars)


@pytest.mark.slow
def test_ten_times_the_notes_take_about_ten_times_as_long():
    small, large = (
        Clip.of([Note(36 + index * 7 % 60, index / 3, 0.5 + index % 5) for index in range(count)])
        for count in (4_000, 40_000)
    )

    def cpu_s(clip: Clip) -> float:
        start = process_time()
        estimate_chords(clip)
        estimate_key(clip)
        return process_time() - start

    assert min(cpu_s(large) for _ in range(3)) < 25 * min(cpu_s(small) for _ in range(3))
