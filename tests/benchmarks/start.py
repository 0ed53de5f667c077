"""What ``%load_ext conduit`` costs beyond IPython itself, and how cold Python reaches its first clip.

Run ``python tests/benchmarks/start.py``. Every run is a process of its own with an IPython folder of its own;
the kinds take turns, so that a busy machine slows all of them alike. A step is timed inside its process, after
the shell is made: wall and CPU seconds, the growth of the peak of memory, and how many modules came. Imports
that others know are yardsticks in the same run. Aimed at: ``%load_ext conduit`` within 0.25 s beyond IPython,
without an SDK, a widget, numpy or pydantic.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from statistics import median
from typing import Any

from report.table import spread, table

RUNS = 5
WORDS = "four bars of acid bass in A minor"
SHELL = "from IPython.core.interactiveshell import InteractiveShell; ip = InteractiveShell.instance()"
HEAVY = (
    "anthropic", "openai", "ollama", "httpx", "ipywidgets", "anywidget", "numpy", "pydantic", "mido",
    "pretty_midi", "pythonosc", "conduit.studio", "conduit_magics.desk",
)  # fmt: skip
"""What must not be there after loading: it comes with the first cell that needs it."""

CHILD = """
import json, resource, sys, time
{before}
modules, peak = set(sys.modules), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
wall, cpu = time.perf_counter(), time.process_time()
{step}
wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak
print(json.dumps(dict(wall_s=wall, cpu_s=cpu, grown=grown, modules=sorted(set(sys.modules) - modules))))
"""
RSS_UNIT = 1024 * 1024 if sys.platform == "darwin" else 1024
"""What ``ru_maxrss`` counts is bytes on macOS and KiB elsewhere; divided by this it is MiB."""


@dataclass(frozen=True)
class Step:
    """Something to time in a fresh process.

    Attributes:
        name: As it is printed.
        code: What is timed.
        before: What is done before, untimed.
    """

    name: str
    code: str
    before: str = SHELL


STEPS = (
    Step("InteractiveShell.instance() itself", SHELL, before=""),
    Step("%load_ext conduit", "ip.run_line_magic('load_ext', 'conduit')"),
    Step(
        "first %%conduit cell, in a terminal",
        f"ip.run_cell_magic('conduit', '', {WORDS!r})",
        before=f"{SHELL}; ip.run_line_magic('load_ext', 'conduit')",
    ),
    Step("import pydantic", "import pydantic"),
    Step("import numpy", "import numpy"),
    Step("import ipywidgets", "import ipywidgets"),
    Step("import anywidget", "import anywidget"),
)
PLAIN = (
    Step("import conduit", "import conduit", before=""),
    Step("import numpy, pydantic", "import numpy, pydantic", before=""),
    Step("from conduit import Clip", "from conduit import Clip", before=""),
    Step("first conduit.compose", f"import conduit; conduit.compose({WORDS!r}, seed=1)", before=""),
    Step(
        "second conduit.compose",
        f"conduit.compose({WORDS!r}, seed=2)",
        before=f"import conduit; conduit.compose({WORDS!r}, seed=1)",
    ),
    Step(
        "first conduit.render, 4 bars",
        "conduit.render(clip)",
        before=f"import conduit; clip = conduit.compose({WORDS!r}, seed=1)",
    ),
)


def measure(step: Step, home: str) -> dict[str, Any]:
    """Run one step in a fresh process; give its seconds, bytes and modules."""
    environ = {**os.environ, "IPYTHONDIR": home, "CONDUIT_LIVE": "simulated"}
    code = CHILD.format(before=step.before, step=step.code)
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def interleaved(steps: tuple[Step, ...], home: str) -> dict[str, list[dict[str, Any]]]:
    """Run every step several times, in turns; the first round fills the disk's cache and does not count."""
    runs: dict[str, list[dict[str, Any]]] = {step.name: [] for step in steps}
    for number in range(RUNS + 1):
        for step in steps:
            found = measure(step, home)
            if number:
                runs[step.name].append(found)
    return runs


def show(title: str, runs: dict[str, list[dict[str, Any]]]) -> None:
    """Print the least and the median of each step."""
    columns = ("", "wall min", "median", "CPU min", "median", "RSS MiB", "modules")
    rows = []
    for name, found in runs.items():
        wall, cpu = (spread(run[what] for run in found) for what in ("wall_s", "cpu_s"))
        grown = median(run["grown"] for run in found) / RSS_UNIT
        rows.append((name, *wall, *cpu, f"{grown:.1f}", str(len(found[0]["modules"]))))
    table(title, columns, rows)


def came(runs: dict[str, list[dict[str, Any]]], name: str) -> None:
    """Print what a step imported, and what of the heavy part was among it."""
    modules = set(runs[name][0]["modules"])
    outside = sorted({module.partition(".")[0] for module in modules} - {"conduit", "conduit_magics"})
    own = sorted(module for module in modules if module.startswith("conduit"))
    heavy = [module for module in HEAVY if module in modules]
    sys.stdout.write(f"  came with {name}: {', '.join(own)}\n  beside them: {', '.join(outside) or 'none'}\n")
    sys.stdout.write(f"  of {', '.join(HEAVY)}: {', '.join(heavy) or 'none'}\n")


def main() -> None:
    """Print one table with a shell and one without."""
    with tempfile.TemporaryDirectory() as home:
        shell = interleaved(STEPS, home)
        show(f"Beyond a shell, seconds, {RUNS} fresh processes each (aimed at: 0.25)", shell)
        came(shell, "%load_ext conduit")
        show(f"Without a shell, seconds, {RUNS} fresh processes each", interleaved(PLAIN, home))


if __name__ == "__main__":
    main()
