"""Fenced code in words: where it begins, what is in it, and what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Fenced", "split"]

# As in CommonMark, but at any indentation: models put code under points of a list.
_OPENS = re.compile(r"([ \t]*)(`{3,}|~{3,})[ \t]*([\w+#.-]*)[^`]*")


@dataclass(frozen=True, slots=True)
class Fenced:
    """A piece of code.

    Attributes:
        code: What is in the fence.
        language: The word after it, such as ``python``; empty where there is none.
        indent: How far the fence is indented, and the code with it.
        written: The whole with its fence, as it was written.
    """

    code: str
    language: str
    indent: int
    written: str

    @property
    def text(self) -> str:
        """The code without the indentation of its fence."""
        return re.sub(rf"(?m)^[ \t]{{1,{self.indent}}}", "", self.code) if self.indent else self.code


def split(text: str) -> Iterator[str | Fenced]:
    r"""Split words at their fences; one that is not closed goes on to the end.

    >>> words, fenced = split("Here:\n```python\nx = 1")
    >>> words, fenced.language, fenced.code
    ('Here:', 'python', 'x = 1')
    """
    words: list[str] = []
    rest = iter(text.replace("\r\n", "\n").split("\n"))
    for line in rest:
        opened = _OPENS.fullmatch(line)
        if opened is None:
            words.append(line)
            continue
        if words:
            yield "\n".join(words)
            words = []
        yield _fenced(line, opened, rest)
    if words:
        yield "\n".join(words)


def _fenced(first: str, opened: re.Match[str], rest: Iterator[str]) -> Fenced:
    space, fence, language = opened.groups()
    ends = re.compile(rf"[ \t]*{fence[0]}{{{len(fence)},}}[ \t]*")
    code: list[str] = []
    written = [first]
    for line in rest:
        written.append(line)
        if ends.fullmatch(line):
            break
        code.append(line)
    return Fenced("\n".join(code), language, len(space), "\n".join(written))
