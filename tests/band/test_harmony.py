from __future__ import annotations

from itertools import pairwise, product

import pytest

from conduit.band.genre import GENRES, PLAIN
from conduit.band.harmony import Span, at, changes, harmony, merged, voice_led, voices_of
from conduit.band.phrase import Setting
from conduit.band.progressions import MODAL, PROGRESSIONS, STATIC, read_progression
from conduit.music import Key, Meter
from conduit.music.chord import Chord
from conduit.music.scale import SCALES

TEXTS = sorted(
    {text for banks in PROGRESSIONS.values() for bank in banks.values() for text in bank}
    | {text for bank in MODAL.values() for text in bank}
    | set(STATIC)
)
METERS = ["4/4", "3/4", "7/8", "5/4", "6/8", "1/4", "15/16"]


def named(spans: list[Span]) -> list[str]:
    return [span.chord.name if span.chord else "?" for span in spans]


def asked(*names: str) -> tuple[Chord, ...]:
    return tuple(Chord.parse(name) for name in names)


@pytest.mark.parametrize("text", TEXTS)
def test_a_progression_is_two_four_or_eight_bars_of_chords_that_can_be_read(text):
    assert sum(change.bars for change in read_progression(text)) in {2, 4, 8}


@pytest.mark.parametrize("text", ["8", "1 X", "VIIIm", "4sus9", "1:x"])
def test_a_chord_that_cannot_be_read_is_named(text):
    with pytest.raises(ValueError, match=r"chord|convert"):
        read_progression(text)


@pytest.mark.parametrize(("genre", "mode"), list(product(PROGRESSIONS, ["minor", "major"])))
def test_every_genre_has_five_progressions_or_more_for_each_mode(genre, mode):
    assert len(set(PROGRESSIONS[genre][mode])) == len(PROGRESSIONS[genre][mode]) >= 4


@pytest.mark.parametrize(
    ("text", "key", "chords"),
    [
        ("1 6 3 7", "A minor", ["Am", "F", "C", "G"]),
        ("2 5 1 VI7", "C major", ["Dm", "G", "C", "A7"]),
        ("1 IVm6 bII7 1add9", "C major", ["C", "Fm6", "C#7", "Cadd9"]),
        ("1sus2 5sus4", "D major", ["Dsus2", "Asus4"]),
    ],
)
def test_degrees_are_of_the_key_and_numerals_of_its_major_scale(text, key, chords):
    genre = GENRES["house"].__class__(progressions={Key(key).scale: (text,)})

    assert named(changes(Setting(Key(key), genre=genre, bars=4)))[: len(chords)] == chords


@pytest.mark.parametrize("meter", METERS)
@pytest.mark.parametrize("bars", [1, 2, 3, 8, 13])
@pytest.mark.parametrize("genre", ["jazz", "lofi", "ambient", "funk", "techno"])
def test_chords_follow_each_other_without_gaps_to_the_end(meter, bars, genre):
    setting = Setting(Key("C major"), Meter.parse(meter), bars, GENRES[genre])
    spans = changes(setting)

    assert spans[0].start == 0
    assert spans[-1].end == setting.length
    assert all(before.end == after.start for before, after in pairwise(spans))
    assert all(span.duration > 0 for span in spans)


def test_a_bar_can_have_two_chords_and_its_downbeat_has_the_first():
    genre = PLAIN.__class__(progressions={"major": ("2:.5 5:.5 1",)})
    setting = Setting(Key("C major"), bars=2, genre=genre)

    assert [(span.start, span.root) for span in changes(setting)] == [(0, 2), (2, 7), (4, 0)]
    assert named(harmony(setting)) == ["Dm", "C"]


def test_chords_that_were_asked_for_come_one_a_bar_and_again():
    setting = Setting(Key("A minor"), bars=5, chords=asked("Am", "F"))

    assert named(changes(setting)) == ["Am", "F", "Am", "F", "Am"]


def test_more_chords_than_bars_share_the_later_bars():
    setting = Setting(Key("A minor"), bars=2, chords=asked("Am", "F", "C"))
    four = Setting(Key("A minor"), bars=2, chords=asked("Dm7", "G7", "Cmaj7", "A7"))

    assert [(span.start, span.root) for span in changes(setting)] == [(0, 9), (4, 5), (6, 0)]
    assert named(changes(four)) == ["Dm7", "G7", "Cmaj7", "A7"]


def test_a_slash_chord_gives_its_bass_to_the_bass():
    (span,) = changes(Setting(Key("C major"), bars=1, chords=asked("C/E")))

    assert (span.root, span.bass) == (0, 4)
    assert span.chord == Chord.parse("C/E")


@pytest.mark.parametrize("genre", GENRES)
def test_another_take_has_other_chords_and_the_same_take_the_same(genre):
    takes = [
        changes(Setting(Key("A minor"), bars=8, genre=GENRES[genre], take=take)) for take in (0, 1, 2, 0)
    ]

    assert takes[0] == takes[3]
    assert any(take != takes[0] for take in takes[1:3])


def test_the_key_says_which_progression_comes_first():
    first = {
        tuple((span.root - key.root) % 12 for span in changes(Setting(key)))
        for key in (Key(f"{tonic} minor") for tonic in "ABCDEFG")
    }

    assert len(first) > 3


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("voices", [3, 4, 5])
def test_every_scale_has_chords_of_three_tones_or_more(scale, voices):
    for take in range(6):
        spans = changes(Setting(Key(f"D {scale}"), bars=8, take=take), voices=voices)

        assert all(3 <= len(set(span.tones)) <= 5 for span in spans)


def test_what_sounds_on_a_beat_is_the_chord_that_began_before_it():
    spans = [Span(0, 2, (0, 4, 7)), Span(2, 2, (7, 11, 2))]

    assert [at(spans, beat).root for beat in (0, 1.9, 2, 9)] == [0, 0, 7, 7]


def test_the_same_chord_again_is_held_up_to_four_times_its_length():
    spans = [Span(4.0 * index, 4.0, (0, 4, 7)) for index in range(6)]

    assert [span.duration for span in merged(spans)] == [16, 8]


def test_triads_stay_triads_and_rich_chords_have_sevenths():
    house = GENRES["house"]

    assert voices_of(Setting(Key("A minor"), genre=house, styles=("triads",))) == 3
    assert voices_of(Setting(Key("A minor"), styles=("rich",))) == 4


@pytest.mark.parametrize("genre", GENRES)
@pytest.mark.parametrize("key", ["A minor", "C major", "E phrygian", "F lydian"])
def test_voices_neither_cross_nor_leap_nor_rub_low(genre, key):
    setting = Setting(Key(key), bars=8, genre=GENRES[genre])
    voicings = voice_led(changes(setting, voices=voices_of(setting)), low=52, high=78)

    assert all(52 <= pitch <= 78 for voicing in voicings for pitch in voicing)
    assert all(a < b for voicing in voicings for a, b in pairwise(voicing))
    assert all(b - a > 1 or a >= 60 for voicing in voicings for a, b in pairwise(voicing))
    moved = [
        abs(a - b)
        for before, after in pairwise(voicings)
        if len(before) == len(after)
        for a, b in zip(before, after, strict=True)
    ]
    assert not moved or sum(moved) / len(moved) < 3


@pytest.mark.parametrize("genre", GENRES)
@pytest.mark.parametrize("key", ["A minor", "Bb major", "F# minor", "Eb major"])
@pytest.mark.parametrize("take", range(3))
def test_one_or_two_bars_begin_on_the_tonic_chord(genre, key, take):
    for bars in (1, 2):
        spans = changes(Setting(Key(key), bars=bars, genre=GENRES[genre], take=take))

        assert spans[0].root == Key(key).root


@pytest.mark.parametrize("tonic", ["A", "Bb", "C", "D", "Eb", "E", "F", "F#", "G"])
@pytest.mark.parametrize("mode", ["minor", "major"])
@pytest.mark.parametrize("bars", [3, 4, 8])
def test_jazz_comes_to_its_tonic_however_short_it_is(tonic, mode, bars):
    key = Key(f"{tonic} {mode}")
    for take in range(6):
        spans = changes(Setting(key, bars=bars, genre=GENRES["jazz"], take=take))

        assert key.root in {span.root for span in spans}


def test_takes_of_four_bars_of_jazz_have_other_chords():
    takes = [
        tuple(named(changes(Setting(Key("A minor"), genre=GENRES["jazz"], take=take)))) for take in range(6)
    ]

    assert len(set(takes)) >= 5
