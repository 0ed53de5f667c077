"""A model's words as HTML: paragraphs, pieces of code in their fences, and inline code. Nothing else is markup.

More of Markdown would be a guess at what models write, and a library for it would bring HTML of theirs with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conduit.drawing import page

__all__ = ["prose_html"]

_WORDS = "margin:0 0 8px 0;max-width:576px;line-height:1.5;overflow-wrap:break-word"  # 72 characters a line
_CODE = (
    "box-sizing:border-box;max-width:576px;margin:0 0 8px 0;padding:8px 12px;"
    "border-left:2px solid rgba(128,128,128,0.3);background:rgba(128,128,128,0.08);"
    "font-size:12px;line-height:1.5;white-space:pre;overflow-x:auto"
)
_TICKS = re.compile("`+")


def prose_html(text: str) -> str:
    r"""Draw words as HTML; every text is escaped.

    >>> "<code>x&lt;1</code>" in prose_html("so `x<1` is it")
    True
    >>> prose_html("```python\nx\n```").endswith(">x</pre>")
    True
    """
    # Words come from messages, so these are loaded; the pictures of this room can be had without them.
    from conduit.messages.fences import Fenced, split  # noqa: PLC0415

    return "".join(
        f'<pre style="{_CODE}">{page.verbatim(piece.text)}</pre>'
        if isinstance(piece, Fenced)
        else _paragraphs(piece)
        for piece in split(text)
    )


def _paragraphs(words: str) -> str:
    return "".join(
        f'<p style="{_WORDS}">{"".join(_inline(paragraph))}</p>' for paragraph in page.paragraphs(words)
    )


def _inline(text: str) -> Iterator[str]:
    """Give a paragraph with its inline code, which ends at as many backticks as it begins with."""
    ticks = list(_TICKS.finditer(text))
    begun = 0
    for number, closing in _closings(ticks).items():
        opening = ticks[number]
        if opening.start() < begun:
            continue
        yield page.lines(text[begun : opening.start()])
        inside = text[opening.end() : closing.start()].replace("\n", " ")
        yield f"<code>{page.verbatim(_unpadded(inside))}</code>"
        begun = closing.end()
    yield page.lines(text[begun:])


def _closings(ticks: list[re.Match[str]]) -> dict[int, re.Match[str]]:
    """Give for each run of backticks, in order, the next one of its length, if there is one; linear in the runs."""
    found: dict[int, re.Match[str]] = {}
    nearest: dict[int, re.Match[str]] = {}
    for number in range(len(ticks) - 1, -1, -1):
        length = len(ticks[number].group())
        if length in nearest:
            found[number] = nearest[length]
        nearest[length] = ticks[number]
    return dict(reversed(found.items()))


def _unpadded(text: str) -> str:
    is_padded = len(text) > 2 and text[0] == text[-1] == " " and text.strip()
    return text[1:-1] if is_padded else text
