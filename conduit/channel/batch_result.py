"""What a batch gives: its items in the order of the inputs, as a list and as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from decimal import Decimal
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from pydantic import BaseModel

from conduit.channel.batch_item import Item
from conduit.drawing.table import Cell, Column, Table, table_html, table_text
from conduit.errors import ConduitError
from conduit.messages import Usage

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["BatchResult"]

T = TypeVar("T")

_HEAD, _TAIL = 6, 2
"""How many rows are drawn of the beginning and of the end."""
_COLUMNS = (
    Column("", numeric=True),
    Column("input", wraps=True, width=40),
    Column("answer", wraps=True, width=60),
)
_SHOWN = 300
"""Characters of a text that are drawn."""


class BatchResult(Sequence[Item[T]], Generic[T]):
    """The items of a batch in the order of the inputs.

    Of a run that was stopped it has those items that were over.

    Args:
        items: The items.
        labels: The labels of the table that the inputs were, for ``to_dataframe``.
        name: The batch's name.

    >>> from conduit.channel.batch_item import Item
    >>> result = BatchResult([Item(0, "a key?", "F minor", "F minor"), Item(1, "a tempo?", "174", "174")])
    >>> len(result), result[0].text, result.values, result.errors
    (2, 'F minor', ['F minor', '174'], {})
    >>> print(result)
    2 items
       input     answer
    0  a key?    F minor
    1  a tempo?  174
    """

    def __init__(self, items: Iterable[Item[T]] = (), *, labels: Any = None, name: str = "") -> None:
        self.name = name
        self._items = tuple(items)
        self._labels = labels

    @overload
    def __getitem__(self, index: int) -> Item[T]: ...
    @overload
    def __getitem__(self, index: slice) -> BatchResult[T]: ...
    def __getitem__(self, index: int | slice) -> Item[T] | BatchResult[T]:
        if isinstance(index, slice):
            return BatchResult(self._items[index], labels=self._labels, name=self.name)
        return self._items[index]

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Item[T]]:
        return iter(self._items)

    def __repr__(self) -> str:
        return f"<BatchResult {self._summary()}>"

    def __str__(self) -> str:
        return table_text(self._table())

    def _repr_html_(self) -> str:
        return table_html(self._table())

    @property
    def values(self) -> list[T | None]:
        """What was read from each answer; None where it failed."""
        return [item.value for item in self._items]

    @property
    def errors(self) -> dict[int, ConduitError]:
        """What went wrong, by the index of the input."""
        return {item.index: item.error for item in self._items if item.error is not None}

    @property
    def usage(self) -> Usage:
        """The tokens of all items, as far as they are known."""
        return reduce(add, (item.usage for item in self._items if item.usage is not None), Usage())

    @property
    def cost_usd(self) -> Decimal | None:
        """The known costs of all items; None where none is known."""
        costs = [item.cost_usd for item in self._items if item.cost_usd is not None]
        return sum(costs, Decimal(0)) if costs else None

    def to_dataframe(self) -> DataFrame:
        """Give a pandas table with a row for each item.

        Its columns are the inputs, ``input`` where they were texts; ``answer``, and ``answer.NAME`` for each field
        of an answer that has fields; ``error``, ``provider``, ``model``, ``stop``, ``input_tokens``,
        ``output_tokens``, ``cost_usd``, ``duration_s`` and ``calls``. An input whose name is one of these is called
        ``input.NAME``. The labels of the rows are those of the table that was put in.
        """
        from pandas import DataFrame  # noqa: PLC0415  heavy, and only for who wants a table

        rows = [_row(item) for item in self._items]
        labels = None
        if self._labels is not None:
            labels = self._labels.take([item.index for item in self._items])
        return DataFrame(
            rows, index=labels, columns=list(dict.fromkeys(name for row in rows for name in row))
        )

    def _summary(self) -> str:
        failed = len(self.errors)
        words = [f"{len(self):,} item{'' if len(self) == 1 else 's'}"]
        words += [f"{failed:,} failed"] if failed else []
        usage = self.usage
        if usage != Usage():
            words.append(f"{usage.input_tokens:,} tokens in, {usage.output_tokens:,} out")
        if self.cost_usd:
            words.append(f"${self.cost_usd:.4f}")
        return " · ".join(words)

    def _table(self) -> Table:
        items = self._items
        hidden = len(items) - _HEAD - _TAIL
        if hidden <= 1:
            rows = [_cells(item) for item in items]
        else:
            gap: list[str | Cell] = ["…", Cell(f"{hidden:,} more", tone="quiet"), ""]
            rows = [*map(_cells, items[:_HEAD]), gap, *map(_cells, items[-_TAIL:])]
        title = f"{self.name}: {self._summary()}" if self.name else self._summary()
        return Table(_COLUMNS, rows, title=title)


def _cells(item: Item[Any]) -> list[str | Cell]:
    if item.error is None:
        answer = Cell(_short(item.text))
    else:
        answer = Cell(_short(f"{type(item.error).__name__}: {item.error.message}"), tone="quiet")
    return [str(item.index), _short(_told(item.input)), answer]


def _told(given: Any) -> str:
    named = _named(given)
    return str(given) if named is None else ", ".join(f"{name}: {value}" for name, value in named.items())


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _named(value: Any) -> Mapping[str, Any] | None:
    """Give the fields of what has fields."""
    if isinstance(value, BaseModel):
        return dict(value)
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return value if isinstance(value, Mapping) else None


def _row(item: Item[Any]) -> dict[str, Any]:
    usage = item.usage
    facts = {
        "answer": item.value,
        **{f"answer.{name}": value for name, value in (_named(item.value) or {}).items()},
        "error": None if item.error is None else f"{type(item.error).__name__}: {item.error.message}",
        "provider": item.provider,
        "model": item.model,
        "stop": item.stop,
        "input_tokens": None if usage is None else usage.input_tokens,
        "output_tokens": None if usage is None else usage.output_tokens,
        "cost_usd": None if item.cost_usd is None else float(item.cost_usd),
        "duration_s": item.duration_s,
        "calls": item.calls,
    }
    named = _named(item.input)
    given = {"input": item.input} if named is None else named
    return {**{f"input.{name}" if name in facts else name: value for name, value in given.items()}, **facts}
