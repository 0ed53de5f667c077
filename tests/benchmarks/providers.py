"""What a call, 64 at once and a stream cost by Conduit, by the openai SDK under it, and by its peers.

Run ``python tests/benchmarks/providers.py``; ``--quick`` repeats less, ``--only NAME,NAME`` takes some. The peers
are installed into ``.peers/`` the first time. All ask one loopback server, which answers at once with bytes that
were made before: what is seen is the work of the libraries, not a model. Every subject and way is a process of
its own; they take turns, beginning with another one in each repetition. "to openai" is the median over the
repetitions of the ratio to the plain openai SDK in the same repetition, blocking calls to blocking ones.
"sync" and "async" of Conduit go over aiohttp where it is installed, "httpx2" is how it goes without.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from peers.venvs import HERE, PeerError, Subject, prepare, script
from report.table import spread, table

OPENAI = "openai==3.52.0"
SUBJECTS = (
    Subject("stdlib", "run_raw.py", ("sync", "async"), ("http.client",)),
    Subject(
        "openai",
        "run_openai.py",
        ("sync", "async", "aiohttp"),
        ("openai",),
        ("openai[aiohttp]==3.52.0", "httpx2==2.16.2", "aiohttp==3.14.5"),
    ),
    Subject(
        "conduit",
        "run_conduit.py",
        ("sync", "async", "httpx2"),
        ("conduit.routing", "conduit.clients.connect"),
    ),
    Subject("litellm", "run_litellm.py", ("sync", "async"), ("litellm",), ("litellm==1.106.2",)),
    Subject(
        "pydantic-ai",
        "run_pydantic_ai.py",
        ("sync", "async", "direct"),
        ("pydantic_ai", "pydantic_ai.models.openai"),
        ("pydantic-ai-slim[openai]==2.68.0", OPENAI),
    ),
    Subject(
        "langchain",
        "run_langchain.py",
        ("sync", "async"),
        ("langchain_openai",),
        ("langchain-openai==1.7.3", OPENAI),
    ),
)
BASE = "openai"
RUNS, QUICK_RUNS = 5, 2
FAILED = "failed"

Key = tuple[str, str]


@dataclass
class Results:
    """What was found, by subject and way.

    Attributes:
        runs: A dict for every repetition; an empty one for a repetition that failed.
        failures: The last failure of each.
    """

    runs: dict[Key, list[dict[str, Any]]] = field(default_factory=dict)
    failures: dict[Key, str] = field(default_factory=dict)

    def values(self, key: Key, what: str) -> list[float]:
        """Give a figure of every repetition that has it."""
        return [run[what] for run in self.runs[key] if what in run]

    def ratio(self, key: Key, what: str) -> str:
        """Give the median of the ratios to the plain SDK, each within its repetition."""
        base = self.runs.get((BASE, "sync" if key[1] == "sync" else "async"), [])
        pairs = zip(self.runs[key], base, strict=False)
        ratios = [run[what] / plain[what] for run, plain in pairs if what in run and what in plain]
        return f"{median(ratios):.2f}x" if ratios else "-"


@contextmanager
def serving() -> Iterator[int]:
    """Run the loopback server; give its port."""
    command = [sys.executable, str(HERE / "server.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin
        assert server.stdout
        try:
            yield int(server.stdout.readline())
        finally:
            server.stdin.close()


def measured(subject: Subject, way: str, url: str) -> dict[str, Any]:
    """Measure one way of one subject, in processes of its own."""
    return {
        **script(subject, "imports.py", *subject.modules),
        **script(subject, subject.runner, url, way),
    }


def interleaved(subjects: Sequence[Subject], url: str, *, runs: int) -> Results:
    """Measure everything several times, in turns."""
    turns = [(subject, way) for subject in subjects for way in subject.ways]
    results = Results({(subject.name, way): [] for subject, way in turns})
    for number in range(runs):
        first = number * len(turns) // runs
        for subject, way in (*turns[first:], *turns[:first]):
            key = subject.name, way
            found: dict[str, Any] = {}
            sys.stderr.write(f"\r\033[K{number + 1} of {runs}: {subject.name} {way}")
            try:
                prepare(subject)
                found = measured(subject, way, url)
            except PeerError as error:
                results.failures[key] = str(error)
            results.runs[key].append(found)
    sys.stderr.write("\r\033[K")
    return results


def calls(results: Results) -> None:
    """Print what one call costs."""
    rows = [
        (
            *_named(key, results),
            *spread(results.values(key, "call_us"), digits=0),
            results.ratio(key, "call_us"),
        )
        for key in results.runs
    ]
    table("One call after another, us", ("", "least", "median", "to openai"), rows)


def crowds(results: Results) -> None:
    """Print what many callers at once get."""
    rows = []
    for key in results.runs:
        rates, late = results.values(key, "per_s"), spread(results.values(key, "p99_ms"), digits=0)
        if not rates and key not in results.failures:
            continue  # it blocks
        most = (f"{max(rates):.0f}", f"{median(rates):.0f}") if rates else ("-", "-")
        rows.append((*_named(key, results), *most, results.ratio(key, "per_s"), *late))
    columns = ("", "most/s", "median/s", "to openai", "p99 ms least", "median")
    table("64 callers at once, requests a second (more is better)", columns, rows)


def streams(results: Results) -> None:
    """Print what a chunk of a stream costs."""
    rows = []
    for key in results.runs:
        short, long = (spread(results.values(key, f"chunk_us_{count}"), digits=1) for count in (200, 2_000))
        growth = results.values(key, "chunk_us_2000"), results.values(key, "chunk_us_200")
        grown = [late / early for late, early in zip(*growth, strict=True)]
        paced = spread(results.values(key, "paced_us"), digits=0)
        ratios = results.ratio(key, "chunk_us_2000"), results.ratio(key, "paced_us")
        rise = f"{median(grown):.2f}x" if grown else "-"
        rows.append((*_named(key, results), *short, *long, rise, ratios[0], *paced, ratios[1]))
    columns = (
        "", "200 least", "median", "2000 least", "median", "2000/200", "to openai",
        "paced CPU", "median", "to openai",
    )  # fmt: skip
    title = "A stream, us a chunk (2000/200 is 1 or less where time is linear; paced: 200 chunks, 1 ms apart)"
    table(title, columns, rows)


def sizes(results: Results) -> None:
    """Print what importing costs, and what there is once an answer has come."""
    rows = []
    for key in results.runs:
        imported, first = (spread(results.values(key, what), digits=0) for what in ("import_ms", "first_ms"))
        modules, grown, has, used = (
            spread(results.values(key, what), digits=0)[1]
            for what in ("modules", "import_mib", "first_mib", "used_mib")
        )
        ratios = results.ratio(key, "import_ms"), results.ratio(key, "first_ms")
        rows.append(
            (*_named(key, results), *imported, ratios[0], modules, grown, *first, ratios[1], has, used)
        )
    columns = (
        "", "import least", "median", "to openai", "modules", "MiB more",
        "first answer least", "median", "to openai", "MiB then", "at most",
    )  # fmt: skip
    title = (
        "Import in a bare interpreter, ms; from import to the first answer in a script that has asyncio, ms"
    )
    table(title, columns, rows)


def _named(key: Key, results: Results) -> tuple[str]:
    mark = f" ({FAILED})" if key in results.failures else ""
    return (f"{' '.join(key)}{mark}",)


def remarks(results: Results) -> None:
    """Print which versions were measured, and what failed."""
    found = {key[0]: run["version"] for key, runs in results.runs.items() for run in runs if run}
    versions = ", ".join(f"{name} {version}" for name, version in found.items())
    sys.stdout.write(f"\n  versions: {versions or 'none'}\n")
    for key, why in results.failures.items():
        count = sum(not run for run in results.runs[key])
        sys.stdout.write(f"  {FAILED} {count} of {len(results.runs[key])}: {' '.join(key)}: {why}\n")


def main() -> None:
    """Measure, and print four tables."""
    parser = argparse.ArgumentParser(description="Conduit beside the openai SDK and its peers.")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_RUNS} repetitions, not {RUNS}")
    parser.add_argument("--only", default="", help="names of subjects, with commas between")
    asked = parser.parse_args()
    names = set(filter(None, asked.only.split(","))) or {subject.name for subject in SUBJECTS}
    unknown = names - {subject.name for subject in SUBJECTS}
    if unknown:
        parser.error(f"no {', '.join(unknown)}; there are {', '.join(subject.name for subject in SUBJECTS)}")
    chosen = [subject for subject in SUBJECTS if subject.name in names]
    with serving() as port:
        ceiling = script(SUBJECTS[0], "server.py", str(port))
        sys.stdout.write(f"the server answers at least {ceiling['per_s']:.0f} requests a second\n")
        results = interleaved(chosen, f"http://127.0.0.1:{port}/v1", runs=QUICK_RUNS if asked.quick else RUNS)
    for show in (calls, crowds, streams, sizes):
        show(results)
    remarks(results)


if __name__ == "__main__":
    main()
