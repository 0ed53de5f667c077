r"""How a text becomes part of a page in a notebook: escaped, in lines, and never taken for mathematics.

JupyterLab typesets ``$…$``, ``\(…\)``, ``\[…\]``, ``\begin{…}`` and ``\ref{…}`` wherever an HTML output holds
them, and reads ``\\`` as one backslash. MathJax looks for them in one text node, or in several that only ``br``,
``wbr`` or comments part (``HTMLDomStrings`` of MathJax 3; MathJax 2 and KaTeX join less). So each dollar and each
backslash stands in an element of its own: the text stays what it was, to be seen, found and copied. What stands
in ``pre`` and ``code`` is left alone by all of them.
"""

from __future__ import annotations

import html
import re

from conduit.drawing.caption import printable

__all__ = ["escaped", "fold", "lines", "one_line", "paragraphs", "verbatim"]

_MATHS = re.compile(r"[$\\]")
_FOLD = "margin:0;font-size:11px;line-height:1.5"
_LINE = "cursor:pointer;font-size:11px;opacity:0.7"


def escaped(text: str) -> str:
    r"""Give a text as HTML that shows it, and nothing else.

    >>> escaped("<b> for $5")
    '&lt;b&gt; for <span>$</span>5'
    """
    return _MATHS.sub(r"<span>\g<0></span>", verbatim(text))


def verbatim(text: str) -> str:
    """Give a text as HTML where nothing is typeset: in ``pre``, in ``code``, in the value of an attribute."""
    return html.escape(printable(text), quote=True)


def one_line(text: str) -> str:
    """Give a text on one printable line; it is not HTML yet."""
    return " ".join(printable(text).split())


def lines(text: str) -> str:
    """Give a text as HTML that keeps its lines."""
    return escaped(text).replace("\n", "<br>")


def paragraphs(text: str) -> list[str]:
    """Split a text at its empty lines; it is not HTML yet."""
    blocks = text.replace("\r\n", "\n").split("\n\n")
    return [block.strip("\n") for block in blocks if block.strip()]


def fold(summary: str, inside: str, *, style: str = _FOLD, line: str = _LINE, is_open: bool = False) -> str:
    """Give HTML that unfolds under a line.

    Args:
        summary: The line, as text.
        inside: What unfolds, as HTML.
        style: Declarations of the whole.
        line: Declarations of the line.
        is_open: Whether it stands open at first.
    """
    opened = " open" if is_open else ""
    return f'<details style="{style}"{opened}><summary style="{line}">{lines(summary)}</summary>{inside}</details>'
