"""Folder: reads text files below one folder of the user's, and nothing else.

A path comes from a model, so it is refused by its looks before the disk is asked: absolute, ``~``, ``..``, a drive,
NUL. What is left is resolved, and must still be below the folder, be a plain file, small, and text. Links inside
the folder may be followed, links out of it not. Hidden files and files that keep keys are not there at all.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePath, PureWindowsPath
from typing import NoReturn

from conduit.errors import SetupError

__all__ = ["MOST_BYTES", "Folder", "TextFile"]

MOST_BYTES = 2_000_000
"""Files larger than this are not read."""

_MOST_ENTRIES = 20_000
_FLAGS = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY")
)
_KEY_ENDINGS = {".pem", ".key", ".p12", ".pfx", ".kdbx", ".jks", ".ppk", ".keystore"}
_KEY_STEMS = {"credentials", "secret", "secrets", "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "_netrc"}
_PRIVATE = b"PRIVATE KEY-----"


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file that may be read.

    Attributes:
        path: Its path below the folder, with slashes.
        size: Its length in bytes.
    """

    path: str
    size: int


class Folder:
    """Text files below one folder.

    Args:
        root: The folder. It is looked at when something is read, so it may be made later.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     _ = (Path(place) / "ideas.md").write_text("slow, dark")
    ...     folder = Folder(place)
    ...     print([file.path for file in folder.files()], folder.read("ideas.md"))
    ['ideas.md'] slow, dark
    """

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root).expanduser()

    def read(self, path: str) -> str:
        """Give a file's text.

        Raises:
            SetupError: The path leads out of the folder, or to nothing, or to what is not a small text file.
        """
        data = _opened(self._real(path), path)
        if len(data) > MOST_BYTES:
            _refuse(path, f"is larger than {MOST_BYTES:,} bytes, the most that is read")
        if b"\0" in data:
            _refuse(path, "is not text")
        if _PRIVATE in data:
            _refuse(path, "holds a private key and is kept back")
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            _refuse(path, "is not text in UTF-8")

    def files(self, below: str = "") -> Iterator[TextFile]:
        """Give the files that may be read, folder by folder in the order of their names.

        Hidden files, files that keep keys, and links that lead out are left out; folders behind a link are not
        entered. Binary files are among them: only reading tells.

        Raises:
            SetupError: ``below`` leads out of the folder or is no folder.
        """
        start = self._real(below) if below else self._base()
        if not start.is_dir():
            _refuse(below, "is a file; give a folder")
        return islice(self._walk(start), _MOST_ENTRIES)

    def _walk(self, start: Path) -> Iterator[TextFile]:
        base = self._base()
        for place, folders, names in os.walk(start, followlinks=False):
            folders[:] = sorted(name for name in folders if not _kept_back(name))
            for name in sorted(names):
                path = (Path(place) / name).relative_to(base).as_posix()
                try:
                    path.encode()  # a name that is not text cannot be said to a model
                    found = self._real(path).stat()
                except (SetupError, UnicodeEncodeError, OSError):
                    continue
                if stat.S_ISREG(found.st_mode):
                    yield TextFile(path, found.st_size)

    def _base(self) -> Path:
        try:
            base = self.root.resolve(strict=True)
        except (OSError, RuntimeError) as error:
            raise SetupError("the chosen folder is not there; choose another") from error
        if not base.is_dir():
            raise SetupError("the chosen folder is a file; choose a folder")
        return base

    def _real(self, path: str) -> Path:
        base = self._base()
        try:
            real = base.joinpath(*_parts(path)).resolve(strict=True)
        except (OSError, RuntimeError, ValueError):  # RuntimeError: links in a circle, before Python 3.13
            _refuse(path, "is not there; list the files to see what is")
        if not real.is_relative_to(base):
            _refuse(path, "leads out of the chosen folder and is not read")
        if any(map(_kept_back, real.relative_to(base).parts)):
            _refuse(path, "is hidden or keeps keys, and is kept back")
        return real


def _parts(path: str) -> tuple[str, ...]:
    if "\0" in path:
        _refuse(path, "holds a NUL character; give a path below the folder")
    # Both ways of writing a path are refused on every system.
    windows = PureWindowsPath(path)
    if windows.anchor or path.startswith(("~", "/")) or ".." in windows.parts:
        _refuse(path, "leads out of the chosen folder; give a path below it, such as notes/ideas.md")
    parts = PurePath(path).parts
    if any(map(_kept_back, parts)):
        _refuse(path, "is hidden or keeps keys, and is kept back")
    return parts


def _kept_back(name: str) -> bool:
    small = name.lower()
    path = PurePath(small)
    return small.startswith(".") or path.suffix in _KEY_ENDINGS or path.stem in _KEY_STEMS


def _opened(real: Path, path: str) -> bytes:
    try:
        # Opening a device or a pipe may already do something or wait.
        if not stat.S_ISREG(real.lstat().st_mode):
            _refuse(path, "is not a plain file")
        with os.fdopen(os.open(real, _FLAGS), "rb") as file:
            opened = os.fstat(file.fileno())
            # A folder on the way may have become a link since it was resolved.
            if not stat.S_ISREG(opened.st_mode) or real.resolve(strict=True) != real:
                _refuse(path, "changed while it was opened; try again")
            return file.read(MOST_BYTES + 1)
    except (OSError, RuntimeError) as error:
        raise SetupError(f"{_shown(path)} cannot be read: {getattr(error, 'strerror', error)}") from error


def _refuse(path: str, why: str) -> NoReturn:
    raise SetupError(f"{_shown(path)} {why}")


def _shown(path: str) -> str:
    return ascii(path[:200])
