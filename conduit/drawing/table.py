"""Small tables for a notebook and for a terminal: rows in, HTML or aligned text out.

The HTML is made of what JupyterLab's sanitiser lets through, tags, attributes and style values alike (4.6,
``allowedStyles`` of its apputils package); only ``font-variant-numeric`` is not in its list, so an untrusted page
has the digits of its own font. Text has the page's own colour and lines are grey, so it reads in every theme.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from conduit.drawing.caption import columns, fit, printable
from conduit.drawing.page import escaped, one_line, verbatim

__all__ = ["Cell", "Column", "Table", "facts_html", "table_html", "table_text"]

_LINE = "1px solid rgba(128,128,128,0.3)"
_FRAME = "overflow-x:auto;margin:4px 0 8px 0"
_BASE = (
    "border-collapse:collapse;border:none;table-layout:auto;width:auto;line-height:1.5;"
    "font-variant-numeric:tabular-nums"
)
_TABLE = f"{_BASE};margin:0;font-size:12px"
_TITLE = "margin:0 0 4px 0;font-size:12px;font-weight:600"
_NOTE = "margin:4px 0 0 0;font-size:11px;line-height:1.5;opacity:0.7"
_ROW = "background:none"
_HEAD = (
    f"padding:2px 16px 2px 0;border:none;border-bottom:{_LINE};font-size:11px;font-weight:normal;opacity:0.7"
)
_CELL = "padding:2px 16px 2px 0;border:none;vertical-align:baseline"
_FACT = "padding:1px 16px 1px 0;border:none;vertical-align:baseline;text-align:left"
_LABEL = f"{_FACT};white-space:nowrap;opacity:0.7"
_VALUE = f"{_FACT};max-width:576px;overflow-wrap:break-word"
_TONES = {"": "", "strong": "font-weight:600", "quiet": "opacity:0.7"}
_FACTS = f"{_BASE};margin:4px 0 4px 14px;font-size:11px"
_GAP = "  "


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        label: What stands above it.
        numeric: Whether it holds numbers, which stand on the right.
        wraps: Whether its texts may take several lines; in characters they are cut at ``width``.
        width: How many characters a text of it may have in a terminal.
    """

    label: str
    numeric: bool = False
    wraps: bool = False
    width: int = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a table, where it is more than plain text.

    Attributes:
        text: What it says.
        title: What a pointer over it is told.
        tone: ``strong`` for what counts, ``quiet`` for what is only there.
    """

    text: str
    title: str = ""
    tone: Literal["", "strong", "quiet"] = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table to be drawn.

    Attributes:
        columns: What stands above it.
        rows: Cells in the order of the columns; texts are cells without more.
        title: One line above it.
        notes: Lines under it, in small print.
        ruled: Rows, counted from 0, that have a line above them.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[str | Cell]]
    title: str = ""
    notes: Sequence[str] = ()
    ruled: Collection[int] = ()


def table_html(table: Table) -> str:
    """Draw a table as HTML; every text is escaped.

    Args:
        table: What to draw; without rows there is its title and its notes.

    Raises:
        ValueError: A row has more or fewer cells than there are columns.
    """
    rows = _checked(table)
    head = "".join(_th(column) for column in table.columns)
    body = "".join(_tr(table, number, row) for number, row in enumerate(rows))
    parts = [f'<p style="{_TITLE}">{escaped(table.title)}</p>'] if table.title else []
    if rows:
        head = f'<thead><tr style="{_ROW}">{head}</tr></thead>'
        parts.append(f'<table style="{_TABLE}">{head}<tbody>{body}</tbody></table>')
    parts += [f'<p style="{_NOTE}">{escaped(note)}</p>' for note in table.notes]
    return f'<div style="{_FRAME}">{"".join(parts)}</div>'


def table_text(table: Table) -> str:
    """Draw a table in characters with aligned columns.

    Args:
        table: What to draw; a column that wraps is cut at its width.

    Raises:
        ValueError: A row has more or fewer cells than there are columns.

    >>> print(table_text(Table([Column("who"), Column("calls", numeric=True)], [["openai", "12"], ["me", "3"]])))
    who     calls
    openai     12
    me          3
    """
    rows = [[_plain(cell.text, column) for cell, column in _pairs(row, table)] for row in _checked(table)]
    lines = [[column.label for column in table.columns], *rows] if rows else []
    widths = [max(map(columns, column)) for column in zip(*lines, strict=True)]
    drawn = [_aligned(line, widths, table.columns) for line in lines]
    return "\n".join(filter(None, [printable(table.title), *drawn, *map(printable, table.notes)]))


def facts_html(facts: Sequence[tuple[str, str]]) -> str:
    """Draw pairs of label and value as rows in small print; every text is escaped."""
    rows = "".join(
        f'<tr style="{_ROW}"><td style="{_LABEL}">{escaped(label)}</td>'
        f'<td style="{_VALUE}">{escaped(value)}</td></tr>'
        for label, value in facts
    )
    return f'<table style="{_FACTS}"><tbody>{rows}</tbody></table>'


def _checked(table: Table) -> list[list[Cell]]:
    for row in table.rows:
        if len(row) != len(table.columns):
            raise ValueError(f"a row of {len(row)} cells does not fit {len(table.columns)} columns: {row!r}")
    return [[cell if isinstance(cell, Cell) else Cell(cell) for cell in row] for row in table.rows]


def _pairs(row: list[Cell], table: Table) -> list[tuple[Cell, Column]]:
    return list(zip(row, table.columns, strict=True))


def _th(column: Column) -> str:
    return f'<th style="{_HEAD}{_side(column)};white-space:nowrap">{escaped(column.label)}</th>'


def _tr(table: Table, number: int, row: list[Cell]) -> str:
    rule = f";border-top:{_LINE}" if number in table.ruled else ""
    cells = "".join(_td(column, cell, rule) for cell, column in _pairs(row, table))
    return f'<tr style="{_ROW}">{cells}</tr>'


def _td(column: Column, cell: Cell, rule: str) -> str:
    title = f' title="{verbatim(cell.title)}"' if cell.title else ""
    wrap = ";max-width:480px;overflow-wrap:break-word" if column.wraps else ";white-space:nowrap"
    style = f"{_CELL}{rule}{_side(column)}{wrap}"
    tone = _TONES[cell.tone]
    # A quiet text is quiet in a box of its own, so that the line above its cell is not.
    text = f'<span style="{tone}">{escaped(cell.text)}</span>' if tone else escaped(cell.text)
    return f'<td style="{style}"{title}>{text}</td>'


def _side(column: Column) -> str:
    return f";text-align:{'right' if column.numeric else 'left'}"


def _plain(text: str, column: Column) -> str:
    line = one_line(text)
    return fit(line, column.width) if column.wraps else line


def _aligned(line: Sequence[str], widths: Sequence[int], order: Sequence[Column]) -> str:
    cells = []
    for text, width, column in zip(line, widths, order, strict=True):
        space = " " * (width - columns(text))
        cells.append(f"{space}{text}" if column.numeric else f"{text}{space}")
    return _GAP.join(cells).rstrip()
