"""Broken answers by the thousand; ``CONDUIT_FUZZ=100000`` says how many."""

import os
import random
from time import process_time

import pytest
from composer.fuzz import mutated, reworded

from conduit.composer.brief import Options
from conduit.composer.repair import DROPS
from conduit.composer.taking import take_in

MANY = int(os.environ.get("CONDUIT_FUZZ", "5000"))
CHUNKS = 10
ASKED = (
    Options(),
    Options(bars=2),
    Options(bars=4, key="A minor", bpm=128.0),
    Options(bars=1),
    Options(bars=2, meter="7/8", role="drums"),
)
SLOWEST_S = 0.5


def timed(text, options, *, final):
    began = process_time()
    intake = take_in(text, options, final=final)
    return intake, process_time() - began


def broken_rules(text, options, *, final):
    """Give the rules that the intake of a text does not keep."""
    intake, spent_s = timed(text, options, final=final)
    if spent_s > SLOWEST_S:  # Python's collector may have passed by
        spent_s = min(spent_s, timed(text, options, final=final)[1])
    if spent_s > SLOWEST_S:
        yield f"{spent_s:.2f} s for {len(text)} characters"
    if bool(intake.clips) is (intake.problem is not None):
        yield f"{len(intake.clips)} clips and the problem {intake.problem!r}"
    dropped = sum(repair.count for repair in intake.repairs if repair.kind in DROPS)
    if intake.clips and intake.n_seen != intake.n_kept + dropped:
        yield f"{intake.n_seen} notes seen, {intake.n_kept} kept and {dropped} told"
    for clip in intake.clips:
        yield from _broken_rules_of(clip, options)
    if not all(repair.sentence and repair.count for repair in intake.repairs):
        yield "a repair without a word"


def _broken_rules_of(clip, options):
    if options.meter and (str(clip.meter) != options.meter or clip.meter_changes):
        yield f"{clip.meter}, not {options.meter}"
    if options.bars and clip.length_ticks != round(_length_of(options.bars, clip)):
        yield f"{clip.bars:g} bars, not {options.bars}"
    if not len(clip) or (clip.table["start"] >= clip.length_ticks).any():
        yield "a clip that is empty, or notes after its end"


def _length_of(bars, clip):
    """Add up bars one by one, each in its metre."""
    at = 0
    for _ in range(bars):
        meter = [clip.meter, *(meter for tick, meter in clip.meter_changes if tick <= at)][-1]
        at += meter.bar * clip.ppq
    return at


@pytest.mark.slow
@pytest.mark.timeout(0 if MANY > 5000 else 120)
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_broken_answer_is_a_clip_with_its_repairs_or_a_reason(chunk):
    failed = []
    for seed in range(chunk, MANY, CHUNKS):
        text = mutated(random.Random(seed))
        options = ASKED[seed // CHUNKS % len(ASKED)]
        failed += [(seed, rule) for rule in broken_rules(text, options, final=seed % 7 > 3)]

    assert failed == []


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_no_note_of_an_answer_in_other_words_is_lost_in_silence(chunk):
    failed = []
    for seed in range(chunk, min(MANY, 5000) // 2, CHUNKS):
        text, count = reworded(random.Random(seed))
        intake = take_in(text, final=True)
        failed += [(seed, text)] if not intake.clips or intake.n_seen < count else []
        failed += [(seed, rule) for rule in broken_rules(text, Options(), final=True)]

    assert failed == []
