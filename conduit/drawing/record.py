"""The static record of a result: what a saved notebook shows without a kernel, without trust, and in print.

It is made of what JupyterLab's sanitiser lets through: ``div``, ``p``, ``br``, ``details``, tables, ``img`` and
``audio`` with ``data:`` addresses, and inline styles; never a script, an inline SVG, a handler or a link.
Colours of text are the page's own, so that it reads in a dark theme too; the picture brings its surface.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence

from conduit.drawing import page
from conduit.drawing.caption import caption, printable
from conduit.drawing.diff import diff_svg, diff_text
from conduit.drawing.prose import prose_html
from conduit.drawing.roll import roll_svg
from conduit.drawing.table import facts_html
from conduit.drawing.text import roll_text
from conduit.music import Clip

__all__ = ["record_html", "record_text", "roll_html"]

_PICTURE = "display:block;max-width:100%;height:auto;margin:0 0 8px 0"
_AUDIO = "display:block;width:100%;max-width:380px;height:32px;margin:0 0 8px 0"
_STATUS = "margin:0 0 4px 0;font-size:12px;font-weight:600"
_REMARK = "margin:0 0 4px 0;font-size:12px;opacity:0.8"
_FOOTER = "margin:0;font-size:11px;opacity:0.7"


def record_html(
    *,
    clip: Clip | None,
    record_id: str,
    text: str = "",
    status: str = "",
    footer: str = "",
    details: Sequence[tuple[str, str]] = (),
    remarks: Sequence[str] = (),
    wav_preview: bytes | None = None,
    before: Clip | None = None,
    heard: str = "",
) -> str:
    """Give the record as HTML; every text is escaped.

    Args:
        clip: The result, drawn as a piano roll; None when there is none.
        record_id: Value of ``data-conduit``, by which a live widget finds the record to hide it.
        text: The model's words, as ``prose_html`` takes them.
        status: What became of the result, such as ``pushed to track 2, slot 3``.
        footer: Small print, such as the provider and the cost.
        details: Label and value of each row that unfolds under the footer.
        remarks: What was put right in the clip, a sentence each.
        wav_preview: A WAV file to play; it is written into the notebook, so keep it under 256 KB.
        before: The clip before a critic's word; compared with the clip it unfolds, also beside a live view.
        heard: What the critic said.
    """
    parts = [prose_html(text)]
    if clip is not None:
        parts.append(roll_html(clip))
    if wav_preview is not None:
        sound = b64encode(wav_preview).decode()
        parts.append(f'<audio controls style="{_AUDIO}" src="data:audio/wav;base64,{sound}"></audio>')
    parts += (f'<p style="{_REMARK}">{page.lines(remark)}</p>' for remark in remarks)
    if status:
        parts.append(f'<p style="{_STATUS}">{page.lines(status)}</p>')
    if footer:
        parts.append(_footer(footer, details))
    compared = _compared(before, clip, heard) if heard else ""
    return f'<div data-conduit="{page.verbatim(record_id)}">{"".join(parts)}</div>{compared}'


def record_text(
    *,
    clip: Clip | None,
    text: str = "",
    status: str = "",
    footer: str = "",
    remarks: Sequence[str] = (),
    heard: str = "",
) -> str:
    """Give the record as plain text, with the roll in characters; the parts are those of ``record_html``."""
    roll = "" if clip is None else roll_text(clip)
    below = "\n".join(line for line in map(printable, (*remarks, heard, status, footer)) if line)
    return "\n\n".join(part for part in (printable(text).strip(), roll, below) if part)


def roll_html(clip: Clip, *, width: int = 760, title: bool = True) -> str:
    """Give the clip's roll as an image that says what it shows.

    Args:
        clip: What to draw.
        width: Px; the page may show it smaller.
        title: Whether the header line is in the picture.
    """
    said = page.verbatim(f"Piano roll: {caption(clip)}")
    drawn = b64encode(roll_svg(clip, width=width, title=title).encode()).decode()
    return f'<img alt="{said}" style="{_PICTURE}" src="data:image/svg+xml;base64,{drawn}">'


def _compared(before: Clip | None, clip: Clip | None, heard: str) -> str:
    """Say what a critic found, and compare the clip before it spoke with the one that was kept."""
    if before is None or clip is None:
        return f'<p style="{_REMARK}">{page.lines(heard)}</p>'
    said = page.verbatim(f"Before and after: {diff_text(before, clip)}")
    drawn = b64encode(diff_svg(before, clip).encode()).decode()
    return page.fold(heard, f'<img alt="{said}" style="{_PICTURE}" src="data:image/svg+xml;base64,{drawn}">')


def _footer(footer: str, details: Sequence[tuple[str, str]]) -> str:
    if not details:
        return f'<p style="{_FOOTER}">{page.lines(footer)}</p>'
    return page.fold(footer, facts_html(details))
