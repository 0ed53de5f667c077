from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from conduit.audio.engines import Engines
from conduit.audio.soundfont import SoundFont, installed_soundfont
from conduit.audio.synth import Synth
from conduit.audio.voice import Body, Engine, Voice
from conduit.errors import SetupError


class Constant:
    """An engine whose every note is one value for 0.1 s."""

    name = "constant"

    def __init__(self, value: float) -> None:
        self._body = Body.of(np.full((2, 4410), value, dtype=np.float32))

    def voices(
        self, instrument: str, pitch: int, *, velocity: int, held_frames: int, program: int | None = None
    ) -> list[Voice]:
        del instrument, pitch, velocity, held_frames, program
        return [Voice(self._body)]


def absent() -> Engine:
    raise SetupError("its soundfont is missing")


def broken() -> Engine:
    raise TypeError("Unable to convert function return value")


NOT_WORKING: dict[str, tuple[Callable[[], Engine], str]] = {
    "absent": (absent, "its soundfont is missing"),
    "broken": (broken, "failed its trial: TypeError"),
    "silent": (lambda: Constant(0.0), "it is silent"),
    "not a number": (lambda: Constant(float("nan")), "it is silent"),
}


@pytest.mark.parametrize("name", NOT_WORKING)
def test_an_engine_that_makes_no_sound_is_passed_over(name: str):
    engines = Engines({name: NOT_WORKING[name][0], "synth": Synth})

    assert engines.get("auto").name == "synth"
    assert engines.working == ["synth"]


@pytest.mark.parametrize("name", NOT_WORKING)
def test_asking_for_an_engine_that_does_not_work_says_why_and_what_does(name: str):
    make, why = NOT_WORKING[name]

    with pytest.raises(SetupError, match=rf"{name!r}: .*{why}.*engines that work: auto, synth"):
        Engines({name: make, "synth": Synth}).get(name)


def test_no_engine_at_all_is_a_setup_error():
    with pytest.raises(SetupError, match="none makes a sound"):
        Engines({"broken": broken}).get()


def test_an_engine_is_made_once():
    made: list[Engine] = []

    def make() -> Engine:
        made.append(Synth())
        return made[-1]

    engines = Engines({"synth": make})
    assert engines.get("synth") is engines.get()
    assert len(made) == 1


def test_a_missing_soundfont_is_a_setup_error(tmp_path: Path):
    with pytest.raises(SetupError, match=r"nowhere\.sf2"):
        SoundFont(tmp_path / "nowhere.sf2")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not a SoundFont"),
        (b"RIFF\x04\0\0\0WAVE", "not a SoundFont"),
        (b"RIFF\x04\0\0\0sfbk", "cut short"),
    ],
    ids=["empty", "a wave file", "a header alone"],
)
def test_what_is_no_soundfont_is_a_setup_error(tmp_path: Path, content: bytes, message: str):
    path = tmp_path / "file.sf2"
    path.write_bytes(content)

    with pytest.raises(SetupError, match=message):
        SoundFont(path)


@pytest.mark.parametrize("share", [0.001, 0.2, 0.9, 0.98, 0.995, 0.9999])
def test_a_soundfont_cut_anywhere_is_refused_or_passed_over(tmp_path: Path, share: float):
    data = installed_soundfont().read_bytes()
    path = tmp_path / "cut.sf2"
    path.write_bytes(data[: int(len(data) * share)])

    assert Engines({"cut": lambda: SoundFont(path), "synth": Synth}).working[-1] == "synth"


@pytest.mark.parametrize(("program", "pitch"), [(78, 100), (65, 64), (122, 24), (113, 120)])
def test_keys_that_the_font_leaves_out_sound_as_their_neighbours_do(program: int, pitch: int):
    engine = SoundFont.installed()

    voices = engine.voices("keys", pitch, velocity=96, held_frames=11_025, program=program)
    assert max(np.abs(voice.body.samples).max() for voice in voices) > 0.001


@pytest.mark.parametrize(
    ("held", "gain", "expected"),
    [(20_000, 1.0, 20_000 + 26_460), (90_000, 1.0, 88_200), (20_000, 0.0, 0), (0, 1.0, 26_460)],
    ids=["a note and its release", "no longer than the body", "silence", "let go at once"],
)
def test_a_note_lasts_until_it_is_released(held: int, gain: float, expected: int):
    body = Body.of(np.ones((1, 88_200), dtype=np.float32), release_s=1.0)

    assert body.sounding(held, gain) == expected


def test_a_note_ends_where_its_body_has_died_away():
    fall = np.exp(-np.arange(88_200) / 4410).astype(np.float32)[None]

    loud, soft = (Body.of(fall.copy()).sounding(88_200, gain) for gain in (1.0, 0.01))
    assert 20 * np.log10(fall[0, soft] * 0.01) == pytest.approx(-82, abs=1.5)
    assert loud - soft == pytest.approx(4410 * np.log(100), abs=1024)


def test_what_a_note_is_made_of_does_not_depend_on_what_was_rendered_before():
    fresh, used = SoundFont.installed(), SoundFont.installed()
    for pitch in (60, 61, 62):
        used.voices("piano", pitch, velocity=30, held_frames=44_100)

    bodies = [engine.voices("piano", 60, velocity=90, held_frames=11_025)[0].body for engine in (fresh, used)]
    assert np.array_equal(bodies[0].samples, bodies[1].samples)
