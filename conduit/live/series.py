"""Queries whose answers look alike, told apart by barriers. Values of one moment; no socket and no clock.

Each query has a barrier behind it, a query whose answer echoes a number. What comes between the answers of
two barriers belongs to the queries between them. Where fewer answers came than queries stand there, because
some were refused or lost and a barrier's answer with them, nobody can say whose they are: none is believed.
"""

from __future__ import annotations

from conduit.live.osc import Value

__all__ = ["Series"]

_Answer = tuple[Value, ...]


class Series:
    """The answers to some queries, asked in order.

    Args:
        size: How many queries.
        newest: Whether of several answers to one query the last is taken, as when Live also tells of each change.

    Attributes:
        answers: What is known of each; None where nothing is.
        n_closed: For how many it is decided.
        refusals: Live's words on those it refused, as far as they are known.

    >>> series = Series(3)
    >>> series.answered((1,))
    >>> series.closed(0), series.closed(1)  # nothing came for the second
    (0, 1)
    >>> series.answered((3,))
    >>> series.closed(2), series.answers
    (0, [(1,), None, (3,)])
    """

    def __init__(self, size: int, *, newest: bool = False) -> None:
        self.answers: list[_Answer | None] = [None] * size
        self.n_closed = 0
        self.refusals: list[str] = []
        self._newest = newest
        self._open: list[_Answer] = []

    @property
    def done(self) -> bool:
        """Whether all is decided."""
        return self.n_closed == len(self.answers)

    def answered(self, answer: _Answer) -> None:
        """Take an answer to one of the queries."""
        self._open.append(answer)

    def closed(self, index: int) -> int:
        """Take the answer to the barrier behind a query; give how many queries up to there have none."""
        between = range(self.n_closed, index + 1)
        if not between:
            return 0
        found, self._open = self._open, []
        if self._newest and len(between) == 1:
            found = found[-1:]
        self.n_closed = index + 1
        if len(found) == len(between):
            self.answers[between.start : between.stop] = found
        return max(0, len(between) - len(found))
