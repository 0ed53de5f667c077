"""Variations of one request, side by side: the static record that a saved notebook keeps of them.

As in ``record``, only what JupyterLab's sanitiser lets through; so tiles are inline blocks, which wrap in print.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from conduit.drawing.caption import printable
from conduit.drawing.page import escaped, one_line, verbatim
from conduit.drawing.record import record_html, record_text
from conduit.music import Clip

__all__ = ["Tile", "variations_html", "variations_text"]

_TITLE = "margin:0 0 8px 0;font-size:12px;font-weight:600"
_TILE = (
    "display:inline-block;vertical-align:top;box-sizing:border-box;"
    "width:380px;max-width:100%;margin:0;padding:0 16px 16px 0"
)
_LABEL = "margin:0 0 4px 0;font-size:11px;opacity:0.7"


@dataclass(frozen=True, slots=True)
class Tile:
    """One variation, as its record shows it.

    Attributes:
        label: What it is called, such as ``2 · seed 8``.
        clip: The result; None where there is none.
        text: The model's words.
        status: What became of it, or why there is none.
        footer: Small print.
        details: Label and value of each row that unfolds under the footer.
        remarks: What was put right in the clip, a sentence each.
        wav_preview: A WAV file to play; it is written into the notebook.
        before: The clip before a critic's word, where that led to another.
        heard: What the critic said.

    >>> Tile("1 · seed 7", clip=None, status="stopped").status
    'stopped'
    """

    label: str
    clip: Clip | None = None
    text: str = ""
    status: str = ""
    footer: str = ""
    details: Sequence[tuple[str, str]] = ()
    remarks: Sequence[str] = ()
    wav_preview: bytes | None = None
    before: Clip | None = None
    heard: str = ""


def variations_html(
    tiles: Sequence[Tile],
    *,
    record_id: str,
    title: str = "",
    status: str = "",
    wav_preview: bytes | None = None,
) -> str:
    """Give the record of all of them as HTML; every text is escaped.

    Args:
        tiles: The variations, in order.
        record_id: Value of ``data-conduit``, by which a live widget finds the record to hide it.
        title: One line above them.
        status: What became of them together.
        wav_preview: A WAV file of all of them at once.
    """
    drawn = "".join(_tile(tile, f"{record_id}-{number}") for number, tile in enumerate(tiles, 1))
    head = f'<p style="{_TITLE}">{escaped(one_line(title))}</p>' if title else ""
    if status or wav_preview is not None:
        drawn += record_html(clip=None, record_id=f"{record_id}-all", status=status, wav_preview=wav_preview)
    return f'<div data-conduit="{verbatim(record_id)}">{head}{drawn}</div>'


def variations_text(tiles: Sequence[Tile], *, title: str = "") -> str:
    """Give the record of all of them in characters, one under the other."""
    drawn = (
        "\n".join(
            (
                f"── {printable(tile.label)}",
                record_text(
                    clip=tile.clip,
                    text=tile.text,
                    status=tile.status,
                    footer=tile.footer,
                    remarks=tile.remarks,
                ),
            )
        ).rstrip()
        for tile in tiles
    )
    return "\n\n".join(filter(None, (printable(title), *drawn)))


def _tile(tile: Tile, record_id: str) -> str:
    record = record_html(
        clip=tile.clip,
        record_id=record_id,
        text=tile.text,
        status=tile.status,
        footer=tile.footer,
        details=tile.details,
        remarks=tile.remarks,
        wav_preview=tile.wav_preview,
    )
    return f'<div style="{_TILE}"><p style="{_LABEL}">{escaped(one_line(tile.label))}</p>{record}</div>'
