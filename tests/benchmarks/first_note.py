"""How soon the first note comes from the offline composer, and how the answer grows with bars and with talk.

Run ``python tests/benchmarks/first_note.py``. One warm process, ``pace_s`` 0, no face: seconds from
``Studio.ask`` to the first ``ClipGrew`` and to the ``Answer``. Aimed at: the first note within 0.15 s. Linear
growth shows as CPU milliseconds a bar that do not rise from row to row. The second table asks on and on in
one conversation: what was said before is read again with each question.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time

from report.table import spread, table

from conduit.settings import Settings
from conduit.studio import ClipGrew, Question, Studio, StudioEvent, options

BARS = (1, 4, 16, 64, 128)
WORDS = {
    "bass": "a syncopated acid bass line",
    "drums": "busy house drums with ghost notes",
    "pad": "a warm pad",
}
EARLIER = (0, 1, 4, 16, 64)
RUNS = 5


@dataclass(frozen=True)
class Told:
    """When things happened after a question, in seconds, the CPU time of it all, and how many notes came."""

    first_s: float
    answer_s: float
    cpu_s: float
    n_notes: int


@contextmanager
def studio() -> Iterator[Studio]:
    """Open a studio that looks for no Live, and warm it up."""
    opened = Studio(settings=Settings(live="simulated"))
    try:
        for words in WORDS.values():
            ask(opened, words, bars=2, seed=0)
        yield opened
    finally:
        opened.close()


def ask(opened: Studio, words: str, *, bars: int, seed: int, new: bool = True) -> Told:
    """Ask as a face does, from another thread than the studio's loop."""
    came: list[float] = []

    def emit(event: StudioEvent) -> None:
        if isinstance(event, ClipGrew) and not came:
            came.append(perf_counter())

    question = Question(words, options=options(bars=bars, seed=seed), mode="generate", new=new)
    cpu, began = process_time(), perf_counter()
    answer = opened.call(opened.ask(question, emit=emit))
    ended = perf_counter()
    first = came[0] if came else ended
    return Told(first - began, ended - began, process_time() - cpu, len(answer.clip or ()))


def by_bars(opened: Studio) -> None:
    """Print a row for each kind of clip and length."""
    rows = []
    for name, words in WORDS.items():
        for bars in BARS:
            told = [ask(opened, words, bars=bars, seed=seed) for seed in range(1, RUNS + 1)]
            first, answer = spread(run.first_s for run in told), spread(run.answer_s for run in told)
            each = 1000 * min(run.cpu_s for run in told) / bars
            n_notes = round(median(run.n_notes for run in told))
            rows.append((f"{name}, {bars} bars", str(n_notes), *first, *answer, f"{each:.2f}"))
    columns = ("", "notes", "first min", "median", "answer min", "median", "CPU ms a bar")
    table(f"To the first note and to the answer, seconds, {RUNS} runs (aimed at: 0.15)", columns, rows)


def by_talk(opened: Studio) -> None:
    """Print how the same question fares in a conversation that goes on, four bars a turn."""
    told = [ask(opened, WORDS["bass"], bars=4, seed=turn, new=turn == 0) for turn in range(EARLIER[-1] + 1)]
    rows = [
        (
            f"after {turn} earlier questions",
            *(f"{value:.3f}" for value in (run.first_s, run.answer_s, run.cpu_s)),
        )
        for turn in EARLIER
        for run in [told[turn]]
    ]
    whole = sum(run.cpu_s for run in told)
    title = f"In one conversation of {len(told)} questions, {whole:.1f} CPU s in all, seconds"
    table(title, ("", "first note", "answer", "CPU"), rows)


def main() -> None:
    """Print both tables."""
    with studio() as opened:
        by_bars(opened)
        by_talk(opened)


if __name__ == "__main__":
    main()
