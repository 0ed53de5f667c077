"""Texts on their way to the page: not longer than a page can show, and of characters that can be sent."""

from __future__ import annotations

import re

__all__ = ["LONGEST", "cut", "data_blocks", "first_line", "shown_text", "without_data"]

LONGEST = 400_000
"""Characters of a text that go to the page; ``%conduit export`` writes all of it."""

_MOST_FOLDED = 8_000
_BLOCK = r'<data name="(?P<name>[^"\n]*)">\n.*?\n</data>'
_DATA = re.compile(rf"\s*{_BLOCK}\s*", re.DOTALL)
_HALVES = re.compile("[\ud800-\udfff]")


def shown_text(text: str, most: int = LONGEST) -> str:
    r"""Give a text as it is sent: halves of characters replaced, and cut where it is too long.

    >>> shown_text("abcdef", 3)
    'abc\n\n… 3 more characters'
    """
    left_out = len(text) - most
    if left_out > 0:
        text = f"{text[:most]}\n\n… {left_out:,} more characters"
    return _HALVES.sub("\ufffd", text) if _HALVES.search(text) else text


def cut(text: str) -> str:
    """Give what is folded away, such as the result of a tool, which may be a whole file."""
    return shown_text(text, _MOST_FOLDED)


def first_line(text: str) -> str:
    r"""Give a text's first line, shortened.

    >>> first_line("tempo 120\nmore")
    'tempo 120'
    """
    line = text.strip().partition("\n")[0]
    return shown_text(line if len(line) <= 120 else f"{line[:119]}…")


def without_data(text: str) -> str:
    r"""Give a question's words without the data that goes with them.

    >>> without_data('like @bass\n\n<data name="bass">\nclip A\n</data>')
    'like @bass'
    """
    return _DATA.sub("\n\n", text).strip()


def data_blocks(text: str) -> list[tuple[str, str]]:
    r"""Give the blocks of data that go with a question's words, each with its name.

    >>> data_blocks('like @bass\n\n<data name="bass">\nclip A\n</data>')
    [('bass', '<data name="bass">\nclip A\n</data>')]
    """
    return [(match["name"], match[0].strip()) for match in _DATA.finditer(text)]
