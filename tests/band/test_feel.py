from __future__ import annotations

from random import Random

import numpy as np
import pytest

from conduit.band.facts import Groove
from conduit.band.feel import feel
from conduit.music import Clip, Meter, Note

KICK, SNARE, HAT = 36, 38, 42


def beat(*, meter: str = "4/4", bars: int = 2) -> Clip:
    metre = Meter.parse(meter)
    steps = range(int(metre.steps * bars))
    notes = [Note(HAT, step / 4, 0.25, 80) for step in steps]
    return Clip.of(
        [*notes, Note(SNARE, 1, 0.25, 100)], length=metre.bar * bars, meter=metre, instrument="drums"
    )


def starts(clip: Clip, pitch: int) -> list[float]:
    return [note.start for note in clip.notes if note.pitch == pitch]


def felt(clip: Clip, groove: Groove, role: str = "drums", seed: int = 1) -> Clip:
    return feel(clip, groove, role=role, rng=Random(seed))


def test_a_groove_without_a_lean_changes_nothing():
    assert felt(beat(), Groove()) == beat()


def test_a_late_snare_is_late_and_the_hats_are_not():
    clip = felt(beat(), Groove(late={"snare": 0.025}))

    assert starts(clip, SNARE) == [1.025]
    assert starts(clip, HAT) == starts(beat(), HAT)


def test_all_holds_for_who_is_not_named():
    clip = felt(beat(), Groove(late={"all": 0.05, "hat": 0.0}))

    assert starts(clip, SNARE) == [1.05]
    assert starts(clip, HAT) == starts(beat(), HAT)


def test_nothing_comes_before_the_start_or_ends_after_the_end():
    clip = felt(beat(), Groove(late={"hat": -0.1, "snare": 0.1}, loose=0.05))

    assert min(starts(clip, HAT)) == 0
    assert max(note.end for note in clip.notes) <= clip.length
    assert clip.length == 8


@pytest.mark.parametrize("meter", ["4/4", "3/4", "7/8", "6/8"])
def test_steps_are_counted_from_each_bar_line(meter):
    steps = (0.05, *([0.0] * 15))
    clip = felt(beat(meter=meter), Groove(steps=steps))
    bar = Meter.parse(meter).bar
    late = [start for start in starts(clip, HAT) if start % 0.25 > 0.01]

    assert late == pytest.approx([0.05, bar + 0.05], abs=0.002)


def test_accents_weigh_velocities_by_the_sixteenth():
    clip = felt(beat(), Groove(accents=(1.0, 0.5, 1.0, 0.5) * 4))
    hats = [note.velocity for note in clip.notes if note.pitch == HAT]

    assert hats[:4] == [80, 40, 80, 40]


def test_a_swung_sixteenth_is_still_that_sixteenth():
    clip = Clip.of([Note(HAT, 0.32, 0.1, 80), Note(HAT, 0.5, 0.1, 80)], length=4, instrument="drums")
    hats = [note.velocity for note in felt(clip, Groove(accents=(1.0, 0.5, 1.0, 0.5) * 4)).notes]

    assert hats == [40, 80]


def test_the_notes_of_a_chord_stay_together():
    chord = [Note(pitch, beats, 1, 80) for beats in range(8) for pitch in (60, 64, 67)]
    clip = felt(Clip.of(chord, length=8), Groove(loose=0.03), role="chords")

    assert len(np.unique(clip.table["start"])) == 8


def test_the_same_seed_gives_the_same_feel():
    groove = Groove(loose=0.02)

    assert felt(beat(), groove) == felt(beat(), groove)
    assert felt(beat(), groove) != felt(beat(), groove, seed=2)


def test_a_clip_of_no_notes_stays_one():
    assert felt(Clip.of([]), Groove(loose=0.05)) == Clip.of([])
