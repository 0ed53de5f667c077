"""What in an answer may become a clip: notation, and blocks of JSON however deep, in the order written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from conduit.composer.blocks import COUNTED, Block, BlockReader
from conduit.composer.loose import openings
from conduit.composer.mentions import mentions
from conduit.composer.passages import Passage, passages
from conduit.composer.repair import Ledger

__all__ = ["Candidate", "Found", "find"]

_DEEPEST = 3  # texts of JSON inside one another


@dataclass(slots=True)
class Candidate:
    """Something that may become a clip.

    Attributes:
        content: Notation, or a block.
        cut: Whether the text broke off in it.
    """

    content: str | Block
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What was found.

    Attributes:
        candidates: What may become clips.
        others: Blocks that have no notes.
        written: The passages of the text that all of them stand in, as they are written there.
    """

    candidates: list[Candidate]
    others: list[Block]
    written: list[str]


def find(text: str, ledger: Ledger) -> Found:
    """Look through an answer.

    Args:
        text: The answer.
        ledger: Told of every note that is seen, and of what is put right.
    """
    finder = _Finder(ledger)
    candidates, others = _joined(finder.candidates(text, depth=0))
    return Found(candidates, others, finder.written)


class _Finder:
    """Finds candidates in one answer, and keeps the passages they stand in."""

    def __init__(self, ledger: Ledger) -> None:
        self.written: list[str] = []
        self._ledger = ledger

    def candidates(self, text: str, *, depth: int, cut: bool = False) -> Iterator[Candidate]:
        for passage in passages(text, enclosed=depth > 0):
            for line in passage.left_out:
                self._ledger.add("words", what=repr(line))
            found = (
                [Candidate(passage.text, cut)] if passage.is_notation else list(self._json(passage, depth))
            )
            if found and not depth:
                self.written.append(passage.written)
            yield from found

    def _json(self, passage: Passage, depth: int) -> Iterator[Candidate]:
        reader = BlockReader(self._ledger)
        looks_like = mentions(passage.text, COUNTED)
        for value in openings(passage.text):
            found = reader.read(value.value)
            candidates: list[Candidate] = []
            for one in found:
                if isinstance(one, Block):
                    candidates.append(Candidate(one, value.cut))
                elif depth < _DEEPEST:
                    candidates += self.candidates(one, depth=depth + 1, cut=value.cut)
            if candidates and not depth and not passage.written:
                self.written.append(passage.text[value.start : value.end])
            if candidates:
                self._ledger.add("syntax", value.n_mended)
                self._ledger.add("cut", int(value.cut))
            yield from candidates
        unread = looks_like - reader.n_counted
        if reader.n_counted and unread > 0:
            self._ledger.seen(unread)
            self._ledger.add("unread", unread)


def _joined(candidates: Iterator[Candidate]) -> tuple[list[Candidate], list[Block]]:
    """Give the candidates, notes that stand alone in a row joined, and the blocks that have no notes.

    What these say is joined to the first block that has some.
    """
    kept: list[Candidate] = []
    others: list[Block] = []
    for candidate in candidates:
        block, last = candidate.content, kept[-1] if kept else None
        before = last.content if last else None
        if isinstance(block, Block) and not block.rows:
            others.append(block)
        elif isinstance(block, Block) and isinstance(before, Block) and last and block.alone and before.alone:
            before.rows += block.rows
            last.cut = last.cut or candidate.cut
        else:
            kept.append(candidate)
    first = next((one.content for one in kept if isinstance(one.content, Block)), None)
    if first is not None:
        for other in others:
            first.controls += other.controls
            first.params += other.params
    return kept, others
