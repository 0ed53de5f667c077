from __future__ import annotations

import json

import numpy as np
import pytest
from corpus.clips import ROLES
from corpus.roles import CORPUS, TARGET, TYPICAL, real_clips, role_table, typical

from conduit.music.analysis import MEASURES, measure

PITCHED = [role for role in ROLES if role != "drums"]


@pytest.fixture(scope="module")
def clips():
    assert CORPUS.is_dir(), "these tests need real music: run `make .corpus/done`"
    return real_clips()


def with_random_pitches(clip, rng):
    table = clip.table.copy()
    table["pitch"] = rng.integers(table["pitch"].min(), table["pitch"].max() + 13, len(table))
    return clip.with_table(table)


def with_pitches_in_another_order(clip, rng):
    table = clip.table.copy()
    table["pitch"] = rng.permutation(table["pitch"])
    return clip.with_table(table)


def with_random_times(clip, rng):
    table = clip.table.copy()
    table["start"] = rng.integers(0, clip.length_ticks, len(table))
    return clip.with_table(table)


def auc(higher, lower):
    """Give how likely a value of the first is above one of the second; 0.5 is blind."""
    one, two = (np.array([value for value in values if value is not None]) for values in (higher, lower))
    return (one[:, None] > two).mean() + (one[:, None] == two).mean() / 2


@pytest.mark.slow
def test_the_stored_numbers_are_those_of_the_corpus(clips):
    stored = json.loads(TARGET.read_text(encoding="utf-8"))["roles"]

    found = role_table(clips)["roles"]

    assert {role: (facts["clips"], facts["files"]) for role, facts in stored.items()} == {
        role: (facts["clips"], facts["files"]) for role, facts in found.items()
    }
    for role, facts in stored.items():
        assert found[role]["measures"] == {
            name: pytest.approx(points, abs=1e-3) for name, points in facts["measures"].items()
        }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("corrupt", "name", "least"),
    [
        (with_random_pitches, "in_key", 0.9),
        (with_random_pitches, "motif", 0.85),
        (with_random_pitches, "repetition", 0.8),
        (with_random_pitches, "key_clarity", 0.75),
        (with_pitches_in_another_order, "motif", 0.7),
        (with_random_times, "on_grid", 0.9),
        (with_random_times, "groove", 0.8),
        (with_random_times, "repetition", 0.75),
    ],
)
def test_a_corrupted_clip_measures_less_than_a_real_one(clips, corrupt, name, least):
    pitched = [clip for clip in clips if clip.role in PITCHED]
    corrupted = [
        measure(corrupt(clip.clip, np.random.default_rng(index))) for index, clip in enumerate(pitched)
    ]

    real = [getattr(clip.measures, name) for clip in pitched]

    assert auc(real, [getattr(one, name) for one in corrupted]) >= least


def test_the_package_ships_the_same_numbers():
    table = json.loads(TARGET.read_text(encoding="utf-8"))

    assert json.loads(TYPICAL.read_text(encoding="utf-8")) == typical(table)


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_clips_of_many_files(role):
    facts = json.loads(TARGET.read_text(encoding="utf-8"))["roles"][role]

    assert facts["clips"] >= 50
    assert facts["files"] >= 10


@pytest.mark.parametrize("role", ROLES)
def test_points_rise(role):
    measures = json.loads(TARGET.read_text(encoding="utf-8"))["roles"][role]["measures"]

    assert set(measures) <= set(MEASURES)
    assert all(points == sorted(points) for points in measures.values())
