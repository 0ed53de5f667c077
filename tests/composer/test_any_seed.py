"""Five hundred clips over all roles and genres: what has to hold whatever the seed is."""

from __future__ import annotations

from functools import cache
from itertools import product
from statistics import mean

import pytest
from corpus.standing import failures

from conduit.band.genre import GENRES
from conduit.band.harmony import Span, at, changes, voices_of
from conduit.band.motifs import IDIOMS
from conduit.band.parts import RENDERERS
from conduit.composer.brief import Brief, Options, read_brief
from conduit.composer.revise import revise
from conduit.composer.sketch import key_of, setting_of, sketch
from conduit.music import Clip
from conduit.music.analysis import measure
from conduit.music.drums import DRUM_NAMES

ROLES = tuple(RENDERERS)
STYLES = ("", *GENRES)
KEYS = (
    "A minor",
    "C major",
    "F# minor",
    "Eb major",
    "D dorian",
    "G minor",
    "E phrygian",
    "Bb major",
    "C minor",
)
LENGTHS = ((4, "4/4"), (1, "4/4"), (2, "3/4"), (8, "4/4"), (3, "7/8"), (5, "6/8"), (4, "5/4"), (16, "4/4"))
EACH = 72  # clips of a role: 504 in all

RANGES = {
    "bass": (24, 60), "chords": (38, 91), "pad": (36, 91), "lead": (55, 96), "arp": (40, 96), "texture": (45, 96),
}  # fmt: skip

IN_KEY = {"bass": 0.99, "chords": 0.98, "pad": 0.98, "lead": 0.99, "arp": 0.98, "texture": 0.99}
"""Share of notes in the key as asked, the mean over all genres. Some borrow chords (jazz, funk, lofi, pop …), and
the leads of some reach a tone by a half step; where neither is so it is 1."""


def brief_of(role: str, style: str, seed: int, **options: object) -> Brief:
    return read_brief(f"{style} {role}", options=Options(seed=seed, role=role, **options))


@cache
def clips(role: str) -> tuple[tuple[Brief, Clip], ...]:
    briefs = [
        brief_of(role, STYLES[index % len(STYLES)], seed=index, bars=4, key=KEYS[index % len(KEYS)])
        for index in range(EACH)
    ]
    return tuple((brief, sketch(brief)) for brief in briefs)


def chords_of(brief: Brief) -> list[Span]:
    setting = setting_of(brief)
    return changes(setting, voices=max(4, voices_of(setting)))


def sounding(spans: list[Span], beat: float) -> set[int]:
    """Tones that a note of this beat may have: of its chord, and of the next where it comes early."""
    early = at(spans, beat + 0.5) if beat + 0.5 < spans[-1].end else spans[0]
    return {tone for span in (at(spans, beat), early) for tone in (*span.tones, span.bass)}


@pytest.mark.parametrize("role", ROLES)
def test_every_clip_is_exactly_as_long_as_asked(role):
    for index, (bars, meter) in enumerate(LENGTHS * 9):
        brief = brief_of(role, STYLES[index % len(STYLES)], seed=index, bars=bars, meter=meter)
        clip = sketch(brief)

        assert clip.length == bars * brief.meter.bar
        assert len(clip)
        assert all(0 <= note.start < note.end <= clip.length for note in clip.notes)


@pytest.mark.parametrize("role", ROLES)
def test_every_note_lies_in_the_range_of_its_role(role):
    pitches = [note.pitch for _, clip in clips(role) for note in clip.notes]

    if role == "drums":
        assert set(pitches) <= set(DRUM_NAMES)
    else:
        low, high = RANGES[role]
        assert low <= min(pitches)
        assert max(pitches) <= high


def stays(role: str, brief: Brief) -> bool:
    """Tell whether nothing in a brief leads out of its key: no borrowed chord, no half step into a tone."""
    chords = {tone for span in chords_of(brief) for tone in span.tones}
    close = {"lead": IDIOMS[brief.facts.lead].close > 0, "bass": brief.facts.bass.walk}
    return chords <= set(key_of(brief).pitch_classes) and not close.get(role, False)


@pytest.mark.parametrize("role", IN_KEY)
def test_where_nothing_leads_out_of_the_key_every_note_is_in_it(role):
    shares = [measure(clip).in_key for brief, clip in clips(role) if stays(role, brief)]

    assert len(shares) >= EACH // 2
    assert set(shares) == {1.0}


@pytest.mark.parametrize("role", IN_KEY)
def test_notes_lie_in_the_key_as_asked(role):
    shares = [measure(clip).in_key for _, clip in clips(role)]

    assert mean(share for share in shares if share is not None) >= IN_KEY[role]


@pytest.mark.parametrize("role", ["chords", "pad", "arp"])
def test_what_lies_outside_the_key_belongs_to_a_chord_that_sounds(role):
    for brief, clip in clips(role):
        spans, key = chords_of(brief), key_of(brief)
        outside = [note for note in clip.notes if note.pitch % 12 not in key.pitch_classes]

        assert all(note.pitch % 12 in sounding(spans, note.start) for note in outside if note.duration > 1)


def test_a_lead_leaves_its_key_only_where_its_style_reaches_tones_by_half_steps():
    for brief, clip in clips("lead"):
        classes = {tone for span in chords_of(brief) for tone in span.tones} | set(
            key_of(brief).pitch_classes
        )
        outside = [note for note in clip.notes if note.pitch % 12 not in classes]

        assert not outside or IDIOMS[brief.facts.lead].close


@pytest.mark.parametrize("role", ROLES)
def test_no_two_seeds_of_one_request_give_equal_clips(role):
    for style in STYLES:
        digests = {sketch(brief_of(role, style, seed=seed)).digest for seed in range(6)}

        assert len(digests) == 6


@pytest.mark.parametrize("role", ROLES)
def test_clips_measure_like_real_clips_of_their_role(role):
    assert failures([measure(clip) for _, clip in clips(role)], role) == []


def first_after(clip: Clip, beat: float) -> int | None:
    """The pitch class of the first note of the beat; of two at once the lower."""
    return next((note.pitch % 12 for note in clip.notes if beat - 0.05 <= note.start < beat + 0.95), None)


@pytest.mark.parametrize("style", STYLES)
def test_bass_and_chords_of_one_request_agree(style):
    agree = []
    for seed, key in product(range(4), KEYS[:4]):
        bass = brief_of("bass", style, seed=seed, key=key)
        spans = chords_of(brief_of("chords", style, seed=seed + 100, key=key))
        pedal = {key_of(bass).root} if bass.facts.bass.pedal else set()
        clip = sketch(bass)
        strong = [bar * 4.0 + place for bar in range(bass.bars) for place in (0, 2)]
        heard = [(beat, first_after(clip, beat)) for beat in strong]
        agree += [pitch in sounding(spans, beat) | pedal for beat, pitch in heard if pitch is not None]

    assert mean(agree) >= 0.9


@pytest.mark.parametrize("style", STYLES)
def test_later_requests_of_a_conversation_keep_the_chords(style):
    first = read_brief(f"{style} chords in D minor", options=Options(seed=1))
    again = revise(sketch(first), "another take", first)
    assert again is not None
    for before in (first, again.brief):
        later = read_brief("now the bass", options=Options(seed=2), previous=before)

        assert chords_of(later) == chords_of(before)
    assert again.brief.progression == 1
