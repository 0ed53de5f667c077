"""How fast a Live set is read and written by Conduit, by pylive and by abletonosc-client, side by side.

Run ``python tests/benchmarks/live.py``. One simulated Live, in a process of its own, first answering at once, which
shows the work, then looking at its socket every 0.1 s as Live does, which shows the waiting. The libraries take
turns, each in a process of its own; they are installed into ``.peers/`` the first time. The set has 32 tracks and
32 scenes with 512 clips of 16 notes.

"push" is 100 notes written and read back, "1,000 notes" and "20,000 notes" the same with longer clips; what counts
is the time until the library gives its caller the notes, or gives up. Conduit looks at the slot before it writes
and waits until Live has taken it; the others do neither. "back" is how many came back as they were written, "in
Live" how many stand in the set afterwards, which Conduit's link looks up. "names" is a look at all
clips, "and notes" with their notes. pylive reads no colours, and notes only through its way to send any query.
What a push costs by plan, approval and undo is told by ``push.py``.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from peers.run_live import HUGE, LARGE, LIBRARIES, SLOTS, SMALL
from report.table import table

sys.path.append(str(Path(__file__).parents[1]))
from suites.peers import FOLDER, SUITES, free_ports, install, simulated

from conduit.live import LiveLink, LiveSet
from conduit.live.simulator import save
from conduit.live.simulator.clips import LiveSetClip
from conduit.live.simulator.note_rows import LiveSetNote

N_TRACKS = N_SCENES = 32
N_NOTES = 16
LIVE_TICK_S = 0.1
RUN_S = 600
TASKS = {
    "look": "names",
    "notes": "and notes",
    "push": f"{SMALL} notes",
    "long": f"{LARGE:,} notes",
    "longest": f"{HUGE:,} notes",
}

Found = dict[str, dict[str, Any]]


def live_set() -> LiveSet:
    """Give the set: every other slot holds a clip, but the first track is empty."""
    found = LiveSet(n_midi=N_TRACKS, n_audio=0, n_scenes=N_SCENES)
    places = [(track, scene) for track in range(1, N_TRACKS) for scene in range(N_SCENES)]
    for track, scene in places[: N_TRACKS * N_SCENES // 2]:
        clip = LiveSetClip((0.0, 4.0), (0.0, 4.0))
        clip.set("name", f"clip {track} {scene}")
        clip.add_new_notes(LiveSetNote(36 + at, at / 4, 0.25, 100.0, mute=False) for at in range(N_NOTES))
        found.tracks[track].clip_slots[scene].clip = clip
    return found


def run(name: str, ports: tuple[int, int], temporary: str) -> Found:
    """Run one library against the simulator; give what each task took."""
    paths = [str(suite.folder) for suite in SUITES if suite.name == name]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "TMPDIR": temporary}
    script = Path(__file__).parent / "peers" / "run_live.py"
    command = [sys.executable, "-W", "ignore", str(script), name, *map(str, ports)]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=RUN_S, check=False)
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr.strip().splitlines()[-1]}")
    found: Found = json.loads(done.stdout.splitlines()[-1])
    return found


async def cleared(ports: tuple[int, int]) -> dict[str, int]:
    """Look up how many notes of what a library wrote stand in the set, and empty the slots for the next."""
    async with LiveLink(port=ports[0], reply_port=ports[1]) as link:
        clips = {task: await link.read_slot(1, slot + 1) for task, slot in SLOTS.items()}
        for slot in range(N_SCENES):
            await link.clear_slot(1, slot + 1)
    return {task: len(clip.notes) for task, clip in clips.items() if clip}


def measured(tick_s: float, folder: str) -> dict[str, Found]:
    """Run every library against one simulator."""
    path = Path(folder) / "set.json"
    save(live_set(), path)
    ports = free_ports()
    found = {}
    with simulated("--tick", str(tick_s), "--set", str(path), temporary=Path(folder), ports=ports):
        for name in LIBRARIES:
            sys.stderr.write(f"\r\033[Ktick {tick_s} s: {name}")
            found[name] = run(name, ports, folder)
            for task, count in asyncio.run(cleared(ports)).items():
                found[name][task]["stored"] = count
    sys.stderr.write("\r\033[K")
    return found


def row(name: str, task: str, found: dict[str, Found], tick_s: float) -> Sequence[str]:
    """Give the cells of a library in a task."""
    what, ours = found[name][task], found["conduit"][task]
    return (
        f"{TASKS[task]}, {name}",
        f"{what['s']:.3f}",
        f"{what['s'] / tick_s:.0f}" if tick_s else "-",
        f"{what['s'] / ours['s']:.1f}x",
        what["failed"] if "failed" in what else f"{what['n']:,}",
        f"{what['stored']:,}" if "stored" in what else "-",
    )


def main() -> None:
    """Print a table for each kind of set."""
    if not all(suite.folder.exists() for suite in SUITES):
        install(FOLDER)
    with TemporaryDirectory() as folder:
        for tick_s in (0.0, LIVE_TICK_S):
            found = measured(tick_s, folder)
            rows = [
                row(name, task, found, tick_s) for task in TASKS for name in LIBRARIES if task in found[name]
            ]
            kind = f"looks every {tick_s} s" if tick_s else "answers at once"
            columns = ("", "seconds", "ticks", "to conduit", "back", "in Live")
            table(f"A set that {kind}", columns, rows)


if __name__ == "__main__":
    main()
