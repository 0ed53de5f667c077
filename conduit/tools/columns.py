"""The heads of what has rows: clips, arrays, data frames. Only libraries that are loaded already are asked."""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import islice
from typing import Any

from conduit.keys import MASK, sounds_secret

__all__ = ["head_of", "plain"]

_ROWS = 10
_COLUMNS = 20
_ITEMS = 40
_LINES = 64


def head_of(value: Any, *, start: int, cell: Callable[[Any], str]) -> list[str] | None:
    """Say what a clip, an array, a series or a data frame is, then what its first rows hold.

    Args:
        value: Anything.
        start: The first row, bar or item to tell, from 0.
        cell: Writes what stands in a cell, which may be anything.

    Returns:
        What it is, then its lines; None for anything else.

    >>> import numpy as np
    >>> head_of(np.arange(6).reshape(2, 3), start=0, cell=str)
    ['ndarray (2, 3) of int64', '0, 1, 2, 3, 4, 5']
    >>> head_of("text", start=0, cell=str)
    """
    for module, name, told in _KINDS:
        known = getattr(sys.modules.get(module), name, None)
        if known is not None and known in type(value).__mro__:
            return told(value, start, cell)
    return None


def plain(value: Any) -> Any:
    """Give Python's own value for a scalar of numpy or pandas; anything else as it is."""
    for module, name in _SCALARS:
        known = getattr(sys.modules.get(module), name, None)
        if known is not None and known in type(value).__mro__:
            return known.item(value) if name == "generic" else str(value)
    return value


def _clip(value: Any, start: int, cell: Callable[[Any], str]) -> list[str]:
    from conduit.drawing.caption import caption  # noqa: PLC0415  there is a clip, so music is loaded
    from conduit.music.notation import notation_lines  # noqa: PLC0415

    del cell
    lines = list(islice(notation_lines(value), 1 + start, 1 + start + _LINES))
    return [f"Clip {caption(value)}", next(notation_lines(value)), *lines]


def _array(value: Any, start: int, cell: Callable[[Any], str]) -> list[str]:
    import numpy as np  # noqa: PLC0415  it is loaded

    plain = np.ndarray.view(value, np.ndarray)
    shown = ", ".join(cell(item) for item in plain.flat[start : start + _ITEMS].tolist())
    rest = plain.size - start - _ITEMS
    return [
        f"{type(value).__name__} {plain.shape} of {plain.dtype}",
        shown or "no items",
        *([f"{rest} more; go on with start {start + _ITEMS}"] if rest > 0 else []),
    ]


def _series(value: Any, start: int, cell: Callable[[Any], str]) -> list[str]:
    rows = value.iloc[start : start + _ITEMS]
    pairs = zip(rows.index.tolist(), rows.tolist(), strict=True)
    lines = [f"{cell(at)}: {MASK if _hidden(at) else cell(item)}" for at, item in pairs]
    return [
        f"{type(value).__name__} of {len(value)} ({value.dtype})",
        *lines,
        *_rest(len(value), start, _ITEMS),
    ]


def _frame(value: Any, start: int, cell: Callable[[Any], str]) -> list[str]:
    n_rows, n_columns = value.shape
    rows = value.iloc[start : start + _ROWS, :_COLUMNS]
    names = rows.columns.tolist()
    kinds = ", ".join(f"{cell(name)} {of}" for name, of in zip(names, rows.dtypes.tolist(), strict=True))
    hidden = [_hidden(name) for name in names]
    cells = zip(rows.index.tolist(), rows.to_numpy(dtype=object).tolist(), strict=True)
    lines = [
        f"{cell(at)} | "
        + " | ".join(MASK if no or _hidden(at) else cell(item) for no, item in zip(hidden, row, strict=True))
        for at, row in cells
    ]
    wide = f", {n_columns - _COLUMNS} more columns" if n_columns > _COLUMNS else ""
    told = f"{type(value).__name__} of {n_rows} rows and {n_columns} columns"
    return [told, f"columns: {kinds}{wide}", *lines, *_rest(n_rows, start, _ROWS)]


def _hidden(name: Any) -> bool:
    return type(name) is str and sounds_secret(name)


def _rest(length: int, start: int, shown: int) -> list[str]:
    rest = length - start - shown
    return [f"{rest} more; go on with start {start + shown}"] if rest > 0 else []


_KINDS: tuple[tuple[str, str, Callable[[Any, int, Callable[[Any], str]], list[str]]], ...] = (
    ("conduit.music.clip", "Clip", _clip),
    ("pandas", "DataFrame", _frame),
    ("pandas", "Series", _series),
    ("numpy", "ndarray", _array),
)

_SCALARS = (("numpy", "generic"), ("pandas", "Timestamp"), ("pandas", "Timedelta"), ("pandas", "Period"))
