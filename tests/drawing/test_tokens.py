"""The colours: one table, apart for every eye, readable on white and on near-black."""

from __future__ import annotations

import re
from itertools import combinations

import numpy as np
import pytest

from conduit.drawing import CLIP_COLOURS, LIGHT, colour_of
from conduit.drawing.tokens import mix
from conduit.music import DRUMS, GM_PROGRAMS, Clip

# Dichromacy in linear RGB: Machado, Oliveira and Fernandes (2009), severity 1.0.
EYES = {
    "normal": np.eye(3),
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.01182, 0.04294, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.3039],
    ],
}
# OKLab from linear sRGB: Ottosson (2020).
LMS = [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
       [0.0883024619, 0.2817188376, 0.6299787005]]  # fmt: skip
LAB = [[0.2104542553, 0.793617785, -0.0040720468], [1.9779984951, -2.428592205, 0.4505937099],
       [0.0259040371, 0.7827717662, -0.808675766]]  # fmt: skip


def linear(colour):
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    low, high = sorted(float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (one, other))
    return (high + 0.05) / (low + 0.05)


def oklab(colour, eye):
    seen = np.clip(np.asarray(eye) @ linear(colour), 0, 1)
    return np.asarray(LAB) @ np.cbrt(np.asarray(LMS) @ seen)


def test_there_are_twelve_clip_colours_and_no_two_are_equal():
    assert len(set(CLIP_COLOURS)) == 12


@pytest.mark.parametrize("colour", [*CLIP_COLOURS, *LIGHT.values()])
def test_every_colour_is_written_in_six_hexadecimal_digits(colour):
    assert re.fullmatch("#[0-9a-f]{6}", colour)


@pytest.mark.parametrize("surface", ["#ffffff", "#111111"])
@pytest.mark.parametrize("colour", CLIP_COLOURS)
def test_a_clip_colour_stands_out_in_light_and_in_dark(colour, surface):
    assert contrast(colour, surface) >= 3


@pytest.mark.parametrize("eye", EYES.values(), ids=EYES.keys())
def test_clip_colours_stay_apart_for_every_eye(eye):
    nearest = min(
        float(np.linalg.norm(oklab(a, eye) - oklab(b, eye))) for a, b in combinations(CLIP_COLOURS, 2)
    )

    assert nearest >= 0.07


@pytest.mark.parametrize("ink", ["text", "text2", "accent", "warn", "error", "success"])
def test_ink_is_readable_on_the_surface(ink):
    assert contrast(LIGHT[ink], LIGHT["surface"]) >= 4.5


@pytest.mark.parametrize("instrument", [DRUMS, *GM_PROGRAMS])
def test_every_instrument_gives_an_unnamed_clip_a_colour(instrument):
    assert 0 <= colour_of(Clip.of([], instrument=instrument)) < 12


def test_a_clip_keeps_its_colour_whatever_its_notes_and_the_case_of_its_name():
    one = Clip.of([], name="Acid", length=4)
    other = Clip.of([], name=" acid ", length=16, instrument="bass")

    assert colour_of(one) == colour_of(other)


def test_a_colour_mixes_to_itself_with_a_full_share():
    assert mix("#07a269", "#ffffff", share=1) == "#07a269"
