"""That the browser's engine and Python's play one clip alike: filters that move, vibrato, room and velocities."""

from __future__ import annotations

import json
import subprocess
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from widgets.test_bundle import node

from conduit.audio import render, sampled
from conduit.audio.dice import dice
from conduit.audio.reverb import reverberated
from conduit.music import Clip, ControlChange, Note
from conduit.music.control import CONTROLS
from conduit.widgets.packing import pack_clip
from conduit.widgets.page import sound_name

pytestmark = pytest.mark.slow

JS = Path(__file__).parents[2] / "conduit" / "widgets" / "js"
RATE = 44_100

_PLAY = """
    const { packed, sound, seconds } = given;
    const bytes = (text) => new DataView(Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)).buffer);
    const clip = decodeClip({ ...packed, notes: bytes(packed.notes), controls: bytes(packed.controls) });
    const player = new Player(44100);
    player.take(sound.name, { zones: sound.zones, samples: new Int16Array(bytes(sound.samples).buffer) });
    player.play(scoreOf([clip], { sound: "gm" }));
    const [left, right] = [new Float32Array(seconds * 44100), new Float32Array(seconds * 44100)];
    for (let at = 0; at < left.length; at += 128) {
      player.process(left.subarray(at, at + 128), right.subarray(at, at + 128), at);
    }
    const told = Buffer.from(left.buffer).toString("base64");
"""


def run(code: str, given: Any) -> Any:
    """Run JavaScript that sees the engine and ``given``; gives what it leaves in ``told``."""
    modules = {
        "Player, dice": "engine/player.js",
        "Reverb": "engine/reverb.js",
        "decodeClip": "model.js",
        "scoreOf": "score.js",
    }
    imports = "".join(
        f"import {{ {names} }} from {json.dumps((JS / path).as_uri())};" for names, path in modules.items()
    )
    script = f"""
        {imports}
        import {{ readFileSync }} from "node:fs";
        const given = JSON.parse(readFileSync(0, "utf8"));
        {code}
        console.log(JSON.stringify(told));
    """
    done = subprocess.run(
        [*node(), "--input-type=module", "-e", script],
        input=json.dumps(given), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def samples_of(text: str) -> NDArray[np.float32]:
    return np.frombuffer(b64decode(text), "<f4")


def in_browser(clip: Clip, *, seconds: int) -> NDArray[np.float32]:
    """Play a clip with the browser's sampler; give its left side, shape ``(n_frames,)``."""
    packed = pack_clip(clip)
    packed |= {name: b64encode(packed[name]).decode() for name in ("notes", "controls")}
    sound = sampled(sound_name(clip))
    bank = {"name": sound.name, "zones": sound.zones, "samples": b64encode(sound.samples).decode()}
    return samples_of(run(_PLAY, {"packed": packed, "sound": bank, "seconds": seconds}))


def in_python(clip: Clip, *, seconds: int) -> NDArray[np.float32]:
    samples = render(clip, engine="gm", loudness=None, tail_s=10).samples
    return samples[: seconds * RATE, 0]


def moves(**values: int) -> list[ControlChange]:
    return [ControlChange(CONTROLS[name], 0, value) for name, value in values.items()]


def alike(python: NDArray[np.float32], browser: NDArray[np.float32]) -> tuple[float, float]:
    """Give how well two sounds go together at the worst moment of several, and by how many dB they drift apart."""
    together, apart_db = [], []
    for at in (int(at_s * RATE) for at_s in (0.03, 0.1, 0.25, 0.5, 1.0, 1.5)):
        one, other = python[at : at + 4096], browser[at : at + 4097]
        together.append(max(np.corrcoef(one, other[shift : shift + 4096])[0, 1] for shift in (0, 1)))
        apart_db.append(20 * np.log10(np.std(other) / np.std(one)))
    return min(together), float(np.ptp(apart_db))


@pytest.mark.parametrize("program", [4, 38, 50, 62, 81, 87, 89, 95])
@pytest.mark.parametrize("pitch", [45, 64])
def test_a_sampled_sound_is_filtered_in_the_browser_as_in_python_all_along(program, pitch):
    clip = Clip.of([Note(pitch, 0, 4, 60)], program=program, controls=moves(reverb=0))

    together, apart_db = alike(*(play(clip, seconds=2) for play in (in_python, in_browser)))

    assert together > 0.98
    assert apart_db < 1.5


def test_modulation_moves_the_pitch_alike():
    clip = Clip.of([Note(69, 0, 4, 100)], program=80, controls=moves(mod=100, reverb=0), instrument="lead")

    python, browser = (play(clip, seconds=2) for play in (in_python, in_browser))

    still = in_python(clip.with_(control_table=clip.control_table[:0]), seconds=2)
    together = np.corrcoef(python[:RATE], browser[:RATE])[0, 1]
    assert together > 0.9
    assert together > 0.3 + abs(np.corrcoef(still[:RATE], browser[:RATE])[0, 1])


def test_a_reverb_send_rings_on_as_loud():
    clip = Clip.of([Note(60, 0, 0.2, 120)], program=38, length=4, controls=moves(reverb=100))

    python, browser = (play(clip, seconds=3) for play in (in_python, in_browser))

    def level_db(samples, from_s, to_s):
        return 20 * np.log10(np.sqrt(np.mean(samples[int(from_s * RATE) : int(to_s * RATE)] ** 2)))

    falls = [
        [level_db(one, 0, 0.2) - level_db(one, at, at + 0.2) for at in (0.5, 1, 1.5)]
        for one in (python, browser)
    ]
    assert falls[0] == pytest.approx(falls[1], abs=1)


def test_the_room_is_the_same_sample_by_sample():
    send = np.zeros(RATE, dtype=np.float32)
    send[:400] = np.sin(np.arange(400) / 7)

    told = run(
        """
        const room = new Reverb(44100);
        const [left, right] = [new Float32Array(44100), new Float32Array(44100)];
        room.add(left, right, Float32Array.from({ length: 44100 }, (_, i) => i < 400 ? Math.sin(i / 7) : 0), 44100);
        const told = [left, right].map((side) => Buffer.from(side.buffer).toString("base64"));
        """,
        None,
    )

    assert reverberated(send) == pytest.approx(np.stack([samples_of(side) for side in told]), abs=2e-5)


def test_the_dice_are_the_same():
    first, second = np.arange(50) * 3, np.arange(50)

    told = run("const told = given.map((i) => dice(7, 3 * i, i));", second.tolist())

    assert dice(7, first, second) == pytest.approx(told, abs=1e-12)


def test_velocities_stray_alike():
    notes = [Note(57 + i % 5, i / 2, 0.25, 90, velocity_deviation=-70 if i % 3 else 0) for i in range(16)]
    clip = Clip.of(notes, program=80, controls=moves(reverb=0))

    def peaks(samples):
        return np.array([np.abs(samples[i * RATE // 4 :][: RATE // 8]).max() for i in range(8)])

    python, browser = (peaks(play(clip, seconds=4)) for play in (in_python, in_browser))

    assert np.ptp(python) > 0.2 * python.max()
    assert browser / browser.max() == pytest.approx(python / python.max(), rel=0.08)
