"""Write what real clips of each role measure into ``tests/data/roles.json`` and ``conduit/composer/typical.json``.

Run ``make .corpus/done``, then ``PYTHONPATH=tests .venv/bin/python -m corpus.roles``. What clips, and which role
they have, says ``clips``. Velocities are measured only on parts that were given more than one: a part written at
100 throughout does not tell how it is played.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from corpus.clips import BARS, ROLES, RoleClip, role_clips, songs

from conduit.music.analysis import MEASURES

__all__ = ["CORPUS", "main", "points", "real_clips"]

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / ".corpus"
TARGET = ROOT / "tests" / "data" / "roles.json"
TYPICAL = ROOT / "conduit" / "composer" / "typical.json"
POINTS = (1, 25, 50, 75, 99)
_STRUCK = ("velocity", "velocity_spread")
_DECIMALS = 4


def real_clips(folder: Path = CORPUS) -> list[RoleClip]:
    """Give every clip of the corpus that has a role."""
    return [clip for song in songs(folder) for clip in role_clips(song)]


def points(clips: Sequence[RoleClip]) -> dict[str, list[float]]:
    """Give the percentage ``POINTS`` of each measure that has a meaning for these clips."""
    found = {}
    for name in MEASURES:
        counted = [clip for clip in clips if clip.struck or name not in _STRUCK]
        values = [value for clip in counted if (value := getattr(clip.measures, name)) is not None]
        if values:
            found[name] = [round(point, _DECIMALS) for point in np.percentile(values, POINTS).tolist()]
    return found


def role_table(clips: Sequence[RoleClip]) -> dict[str, Any]:
    """Give the table of roles as it is stored."""
    table = {}
    for role in ROLES:
        mine = [clip for clip in clips if clip.role == role]
        table[role] = {
            "clips": len(mine),
            "files": len({clip.song for clip in mine}),
            "measures": points(mine),
        }
    return {"bars": BARS, "points": list(POINTS), "roles": table}


def typical(table: dict[str, Any]) -> dict[str, Any]:
    """Give the part of the table that the package ships."""
    return {role: facts["measures"] for role, facts in table["roles"].items()}


def written(value: Any, *, depth: int = 0) -> str:
    """Write JSON with a line for each measure."""
    if not isinstance(value, dict):
        return json.dumps(value)
    inner = "  " * (depth + 1)
    lines = [f"{inner}{json.dumps(name)}: {written(one, depth=depth + 1)}" for name, one in value.items()]
    return "{\n" + ",\n".join(lines) + "\n" + "  " * depth + "}"


def main() -> None:
    """Measure the corpus and write both files."""
    table = role_table(real_clips())
    TARGET.write_text(written(table) + "\n", encoding="utf-8")
    TYPICAL.write_text(written(typical(table)) + "\n", encoding="utf-8")
    for role, facts in table["roles"].items():
        print(f"{role:8} {facts['clips']:4} clips of {facts['files']:2} files")  # noqa: T201  a report


if __name__ == "__main__":
    main()
