"""General MIDI sounds as data: whole, small, and in tune with the engine that they come from."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from conduit.audio import dominant_hz, render, sampled
from conduit.music import Clip, Note

KEYS = {
    "keys", "velocities", "start", "end", "loop", "root", "rate", "gain", "pan",
    "attack", "hold", "decay", "sustain", "release", "cutoff", "quality", "sweep", "choke",
}  # fmt: skip
KITS = ["drums", "drums:8", "drums:25", "drums:48"]
NAMES = [*map(str, range(128)), *KITS]


@pytest.mark.parametrize("name", NAMES)
def test_every_sound_is_whole(name: str):
    sound = sampled(name)
    n_frames = len(sound.samples) // 2

    for zone in sound.zones:
        assert set(zone) == KEYS
        assert 0 <= zone["start"] < zone["end"] <= n_frames
        assert zone["loop"] is None or zone["start"] <= zone["loop"][0] < zone["loop"][1] <= zone["end"]
        assert 0 < zone["gain"] < 4
        assert -1 <= zone["pan"] <= 1
        assert 0 <= zone["sustain"] <= 1
        assert min(zone["attack"], zone["hold"], zone["decay"], zone["release"]) > 0
        assert zone["cutoff"] is None or 20 < zone["cutoff"] < 20_000
    assert json.loads(json.dumps(sound.zones)) == sound.zones


@pytest.mark.parametrize("name", NAMES)
def test_every_key_has_a_zone(name: str):
    held = {key for zone in sampled(name).zones for key in range(zone["keys"][0], zone["keys"][1] + 1)}

    assert held >= (set(range(35, 82)) if name.startswith("drums") else set(range(128)))


@pytest.mark.parametrize("name", ["0", "33", "73", "80", "drums"])
def test_every_frame_is_used_by_a_zone(name: str):
    sound = sampled(name)
    used = np.zeros(len(sound.samples) // 2, dtype=bool)

    for zone in sound.zones:
        used[zone["start"] : zone["end"]] = True

    assert used.all()


@pytest.mark.parametrize("pitch", [48, 60, 69])
@pytest.mark.parametrize("program", [19, 73, 80])
def test_a_sampler_that_follows_root_and_rate_is_in_tune_with_the_engine(program: int, pitch: int):
    sound = sampled(str(program))
    zone = next(zone for zone in sound.zones if zone["keys"][0] <= pitch <= zone["keys"][1])
    frames = np.frombuffer(sound.samples, "<i2")[slice(*zone["loop"])].astype(float)
    speed = 2 ** ((pitch - zone["root"]) / 12) * zone["rate"] / 44_100

    heard = dominant_hz(np.tile(frames, 40_000 // len(frames) + 1)) * speed

    engine = dominant_hz(
        render(Clip.of([Note(pitch, 0, 4)], program=program), engine="gm").samples[22_050:66_150]
    )
    octaves = np.log2(heard / engine)  # of an organ's many
    assert octaves == pytest.approx(round(octaves), abs=0.01)


def test_open_and_closed_hats_choke_each_other():
    hats = [
        zone["choke"] for zone in sampled("drums").zones if zone["keys"] in ([42, 42], [44, 44], [46, 46])
    ]

    assert len(set(hats)) == 1
    assert hats[0] > 0


def test_a_sound_is_made_once_for_all_threads():
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(sampled, ["48"] * 16))

    assert all(sound is found[0] for sound in found)


def test_a_kit_that_the_font_lacks_is_the_one_it_is_a_kind_of():
    assert sampled("drums:9").samples == sampled("drums:8").samples
    assert sampled("drums:99").zones == sampled("drums").zones


@pytest.mark.parametrize(
    "name", ["", "128", "-1", "piano", "drums:", "drums:128", "drums8", "٣", "0:drums", "1e1"]
)
def test_what_is_no_sound_is_refused(name: str):
    with pytest.raises(ValueError, match="not a General MIDI sound: give '0' to '127'"):
        sampled(name)
