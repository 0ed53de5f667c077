"""The offline composer plays in every scale there is."""

from __future__ import annotations

import pytest

from conduit.band.harmony import harmony
from conduit.composer.brief import Brief
from conduit.composer.sketch import describe, setting_of, sketch
from conduit.music import SCALES, Key, read_clip, write_clip

ROLES = ("bass", "chords", "pad", "lead", "arp")
TONICS = ("C", "F#", "Bb", "A", "D#")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("scale", SCALES)
def test_every_part_can_be_made_in_every_scale_and_stays_in_it(scale, role):
    key = Key(f"{TONICS[len(scale) % len(TONICS)]} {scale}")
    brief = Brief(role=role, key=key, seed=len(scale))
    clip = sketch(brief)

    borrowed = {pc for span in harmony(setting_of(brief)) for pc in span.tones}  # the sevenths of a blues
    inside = sum(note.pitch % 12 in {*key.pitch_classes, *borrowed} for note in clip.notes)
    assert len(clip.notes) > 0
    assert inside >= 0.8 * len(clip.notes)
    assert clip.key == key
    assert clip.bars == 4
    assert key in describe(clip, brief)


@pytest.mark.parametrize("scale", SCALES)
def test_a_clip_in_any_scale_reads_back_from_its_notation(scale):
    clip = sketch(Brief(role="lead", key=Key(f"G# {scale}"), seed=1))

    again = read_clip(write_clip(clip))
    assert (again.key, again.table.tolist()) == (clip.key, clip.table.tolist())
