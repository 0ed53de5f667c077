"""Files below a folder that the user chose: list, read, search. Read only, text only, keys taken out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import islice

from conduit.engine.define import tool
from conduit.engine.risk import Tier
from conduit.engine.tool import Tool
from conduit.errors import SetupError
from conduit.tools.folder import MOST_BYTES, Folder, TextFile

__all__ = ["file_tools", "page"]

_LINE = re.compile(r"\r\n|\r|\n")
_MOST_FILES = 300
_MOST_LINES = 400
_MOST_CHARACTERS = 16_000
_LINE_LENGTH = 1_000
_MOST_MATCHES = 50
_MATCH_LENGTH = 200
_SEARCHED_BYTES = 50_000_000


def file_tools(folder: Folder, *, clean: Callable[[str], str]) -> tuple[Tool, ...]:
    """Make the tools that list, read and search a folder.

    Args:
        folder: Where they may look, and nowhere else.
        clean: Takes keys out of a text.
    """

    @tool(tier=Tier.READ_ONLY)
    def list_files(below: str = "", name_contains: str = "") -> str:
        """List the files in the folder that the user chose, with their sizes.

        Args:
            below: A folder in it, such as notes; empty for all of it.
            name_contains: Only files whose path contains this; capitals do not matter.
        """
        wanted = name_contains.casefold()
        return clean(_listed(file for file in folder.files(below) if wanted in file.path.casefold()))

    @tool(tier=Tier.READ_ONLY)
    def read_file(path: str, start_line: int = 1) -> str:
        """Read a text file in the folder that the user chose, a page at a time.

        Args:
            path: Its path as list_files gives it.
            start_line: The first line to read, from 1.
        """
        return page(folder.read(path), start_line=start_line, clean=clean)

    @tool(tier=Tier.READ_ONLY)
    def search_files(text: str, below: str = "") -> str:
        """Find lines that contain a text in the files of the folder that the user chose.

        Args:
            text: What to look for, as it stands; capitals do not matter.
            below: A folder in it to look in; empty for all of it.
        """
        if not text.strip():
            raise SetupError("there is nothing to look for: give a text")
        return _searched(folder, folder.files(below), text=text, clean=clean)

    return (list_files.tool, read_file.tool, search_files.tool)


def page(text: str, *, start_line: int, clean: Callable[[str], str]) -> str:
    r"""Give a part of a text that a model can read at once, and say where it goes on.

    >>> print(page("kick\nsnare", start_line=2, clean=str))
    lines 2-2 of 2
    snare
    """
    lines = _LINE.split(text)
    if not 1 <= start_line <= len(lines):
        raise SetupError(f"start_line {start_line} is not there: the text has lines 1-{len(lines)}")
    shown: list[str] = []
    room = _MOST_CHARACTERS
    for line in lines[start_line - 1 : start_line - 1 + _MOST_LINES]:
        told = _cut(clean(line), _LINE_LENGTH)
        room -= len(told) + 1
        if shown and room < 0:
            break
        shown.append(told)
    last = start_line - 1 + len(shown)
    more = f"; more from start_line {last + 1}" if last < len(lines) else ""
    return "\n".join([f"lines {start_line}-{last} of {len(lines)}{more}", *shown])


def _listed(files: Iterable[TextFile]) -> str:
    found = list(islice(files, _MOST_FILES + 1))
    lines = [f"{file.path} ({file.size:,} bytes)" for file in found[:_MOST_FILES]]
    if len(found) > _MOST_FILES:
        lines.append(f"there are more than {_MOST_FILES}; narrow it with below or name_contains")
    return "\n".join(lines) or "no files"


def _searched(folder: Folder, files: Iterable[TextFile], *, text: str, clean: Callable[[str], str]) -> str:
    wanted = text.casefold()
    found: list[str] = []
    skipped, room = 0, _SEARCHED_BYTES
    for file in files:
        room -= min(file.size, MOST_BYTES)
        if room < 0 or len(found) > _MOST_MATCHES:
            break
        try:
            content = folder.read(file.path)
        except SetupError:  # binary, too large, or gone since
            skipped += 1
            continue
        found += islice(_matches(file.path, content, wanted=wanted, clean=clean), _MOST_MATCHES + 1)
    lines = found[:_MOST_MATCHES]
    if room < 0 or len(found) > _MOST_MATCHES:
        lines.append("there may be more; search for something longer, or give below")
    if skipped:
        lines.append(f"{skipped} files that are not small text files were not searched")
    return "\n".join(lines if found else ["nothing found", *lines])


def _matches(path: str, content: str, *, wanted: str, clean: Callable[[str], str]) -> Iterable[str]:
    if wanted not in content.casefold():
        return
    for number, line in enumerate(_LINE.split(content), start=1):
        # What is only in a key is not found, or it could be guessed letter by letter.
        if wanted in line.casefold() and wanted in (told := clean(line)).casefold():
            yield clean(f"{path}:{number}: ") + _around(told.strip(), wanted)


def _around(line: str, wanted: str) -> str:
    start = max(0, line.casefold().find(wanted) - _MATCH_LENGTH // 2)
    return ("…" if start else "") + _cut(line[start:], _MATCH_LENGTH)


def _cut(line: str, most: int) -> str:
    return line if len(line) <= most else f"{line[:most]}… ({len(line) - most} characters left out)"
