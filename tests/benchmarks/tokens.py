"""Tokens of clips in Conduit's notation against a list of JSON objects, on twenty real clips.

Run ``python tests/benchmarks/tokens.py``; it needs the corpus (``make .corpus/done``) and node, and installs
js-tiktoken the first time. The ratio aimed at is a third. JSON has five decimals; "in full" is what ``json.dumps``
makes of the numbers. JSON says only the notes: "notes/JSON" leaves our header line out, "text/JSON" counts all.
"""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median, quantiles

from report.table import table

TESTS = Path(__file__).parents[1]
sys.path.insert(0, str(TESTS))

from corpus.cuts import cut_clips, other_clips  # noqa: E402  after its path
from corpus.tokens import clip_json, count_tokens  # noqa: E402

from conduit.music import Clip, read_clip, write_clip  # noqa: E402

CORPUS = TESTS.parent / ".corpus"


def texts(clip: Clip) -> list[str]:
    """Give what is counted of a clip: JSON, JSON in full, our text, our text without its header."""
    text = write_clip(clip)
    assert read_clip(text) == clip
    return [clip_json(clip), clip_json(clip, full=True), text, text.split("\n", 1)[1]]


def main() -> None:
    """Print the table of each encoding."""
    if not CORPUS.is_dir():
        sys.exit("there is no real music to count; run `make .corpus/done`")
    cuts = cut_clips(CORPUS)
    others = other_clips(CORPUS)
    written = [text for clip in [*(clip for _, clip in cuts), *others] for text in texts(clip)]
    columns = ("", "notes", "JSON", "in full", "ours", "notes/JSON", "text/JSON", "text/in full")
    for encoding, counts in count_tokens(written).items():
        rows = [counts[at : at + 4] for at in range(0, len(counts), 4)]
        named = [
            (f"{cut.what}: {cut.file}, {cut.bars} bars", len(clip), row)
            for (cut, clip), row in zip(cuts, rows, strict=False)
        ]
        rows, rest = rows[: len(cuts)], rows[len(cuts) :]
        total = [sum(column) for column in zip(*rows, strict=True)]
        named.append(("all", sum(len(clip) for _, clip in cuts), total))
        title = f"Tokens of clips, {encoding}; aimed at: a third of JSON or less"
        table(title, columns, [(name, str(n_notes), *cells(row)) for name, n_notes, row in named])
        spread_of(rest)


def spread_of(rows: list[list[int]]) -> None:
    """Print how the ratios of all other clips of the corpus lie."""
    shares = {"notes/JSON": [row[3] / row[0] for row in rows], "text/JSON": [row[2] / row[0] for row in rows]}
    lines = [
        (
            name,
            *(f"{value:.3f}" for value in (median(found), quantiles(found, n=10)[-1], max(found))),
            within(found),
        )
        for name, found in shares.items()
    ]
    title = f"{len(rows)} other clips of four bars"
    table(title, ("", "median", "90 %", "highest", "up to a third"), lines)


def within(shares: list[float]) -> str:
    """Give what part of shares is up to a third."""
    return f"{sum(share <= 1 / 3 for share in shares) / len(shares):.0%}"


def cells(row: list[int]) -> list[str]:
    """Give the counts of a clip and their ratios as text."""
    plain, full, ours, notes = row
    return [
        *map(str, (plain, full, ours)),
        *(f"{part:.3f}" for part in (notes / plain, ours / plain, ours / full)),
    ]


if __name__ == "__main__":
    main()
