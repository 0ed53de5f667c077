"""Render MIDI files in one way and say what it took; every way in a process of its own.

``run_audio.py WAY SOUNDFONT FILE...`` prints a JSON object: for each file the CPU seconds of the first rendering
and of the best later one, and the seconds that were rendered. Reading the file is not measured, opening the
soundfont is.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from time import perf_counter, process_time
from typing import Any

RATE = 44_100
TAIL_S = 1.5
LEAST_S, MOST_RUNS = 1.5, 7

Render = Callable[[], Any]


def conduit(engine: str) -> Callable[[str, str], Render]:
    """Render with an engine of Conduit."""

    def prepare(file: str, soundfont: str) -> Render:
        del soundfont  # it knows where it is
        audio = import_module("conduit.audio")
        song = import_module("conduit.music").Arrangement.load(file)
        return lambda: audio.render(song, engine=engine, tail_s=TAIL_S).samples

    return prepare


def pretty_midi(method: str) -> Callable[[str, str], Render]:
    """Render as pretty_midi does: mono, one instrument after another."""

    def prepare(file: str, soundfont: str) -> Render:
        song = import_module("pretty_midi").PrettyMIDI(file)
        if method == "synthesize":
            return lambda: song.synthesize(fs=RATE)
        return lambda: song.fluidsynth(fs=RATE, sf2_path=soundfont)

    return prepare


def symusic(file: str, soundfont: str) -> Render:
    """Render with symusic's synthesizer, in stereo."""
    module = import_module("symusic")
    song = module.Score(file)
    return lambda: module.Synthesizer(soundfont, RATE, 0).render(song, stereo=True)


def tinysoundfont(file: str, soundfont: str) -> Render:
    """Render with TinySoundFont, event by event; its own sequencer takes time that grows with the square."""
    module = import_module("tinysoundfont")
    song = import_module("mido").MidiFile(file)

    def render() -> Any:
        synth = module.Synth(samplerate=RATE)
        font = synth.sfload(soundfont)
        for channel in range(16):
            synth.program_select(channel, font, 128 if channel == 9 else 0, 0, channel == 9)
        parts = []
        now_s, done = 0.0, 0
        for message in song:
            now_s += message.time
            due = round(now_s * RATE) - done
            if due > 0:
                parts.append(bytes(synth.generate(due)))
                done += due
            if message.type == "note_on" and message.velocity:
                synth.noteon(message.channel, message.note, message.velocity)
            elif message.type in ("note_on", "note_off"):
                synth.noteoff(message.channel, message.note)
            elif message.type == "program_change":
                synth.program_change(message.channel, message.program, message.channel == 9)
        parts.append(bytes(synth.generate(round(TAIL_S * RATE))))
        return import_module("numpy").frombuffer(b"".join(parts), "float32").reshape(-1, 2)

    return render


WAYS: dict[str, tuple[Callable[[str, str], Render], str]] = {
    "auto": (conduit("auto"), "conduit-live"),
    "gm": (conduit("gm"), "conduit-live"),
    "synth": (conduit("synth"), "conduit-live"),
    "synthesize": (pretty_midi("synthesize"), "pretty_midi"),
    "fluidsynth": (pretty_midi("fluidsynth"), "pyfluidsynth"),
    "symusic": (symusic, "symusic"),
    "tinysoundfont": (tinysoundfont, "tinysoundfont"),
}


def measured(render: Render) -> dict[str, float]:
    """Render once cold and several times warm; a sound that is silent is a failure."""
    cold, samples = _cpu_s(render)
    numpy = import_module("numpy")
    heard = numpy.asarray(samples, dtype="float64")
    n_frames = max(heard.shape)
    level = float(numpy.sqrt(numpy.mean(heard**2)))
    if not level > 0:
        raise RuntimeError("it is silent")
    warm, walls, began = [], [], perf_counter()
    while len(warm) < 2 or (len(warm) < MOST_RUNS and perf_counter() - began < LEAST_S):
        start = perf_counter()
        warm.append(_cpu_s(render)[0])
        walls.append(perf_counter() - start)
    return {
        "cold_s": cold,
        "warm_s": min(warm),
        "wall_s": min(walls),
        "audio_s": n_frames / RATE,
        "rms": level,
    }


def _cpu_s(render: Render) -> tuple[float, Any]:
    began = process_time()
    samples = render()
    return process_time() - began, samples


def main() -> None:
    """Measure the way that is asked for."""
    way, soundfont, *files = sys.argv[1:]
    prepare, package = WAYS[way]
    found: dict[str, Any] = {"version": f"{package} {version(package)}"}
    for number, file in enumerate(files):
        found |= {f"{what}_{number}": value for what, value in measured(prepare(file, soundfont)).items()}
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
