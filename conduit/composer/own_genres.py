"""Genres of the user's own: a folder of YAML files, each of which adds one."""

from __future__ import annotations

from pathlib import Path

from conduit.band.genre import GENRES, Genres
from conduit.band.genre_file import MOST_BYTES
from conduit.errors import SetupError

__all__ = ["read_own_genres"]

_ENDINGS = {".yaml", ".yml"}


def read_own_genres(folder: Path, *, genres: Genres = GENRES) -> list[str]:
    """Add the genres of a folder to those that ship; those that were added before are forgotten.

    A file that cannot be read breaks no other: what is wrong with it is in ``genres.faults``. A file without a
    ``name`` is called after its own name. Files may come before those they are like.

    Args:
        folder: Where the files are; there need not be one.
        genres: What they are added to.

    Returns:
        The names that were added.
    """
    genres.clear()
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix.lower() in _ENDINGS)
    except OSError:
        return []
    added: list[str] = []
    waiting = files
    while waiting:
        left = [path for path in waiting if not _add(path, genres, added)]
        if len(left) == len(waiting):
            break
        waiting = left
    return added


def _add(path: Path, genres: Genres, added: list[str]) -> bool:
    name = " ".join(path.stem.lower().replace("_", " ").split())
    try:
        text = _text(path)
    except (OSError, UnicodeDecodeError) as error:
        genres.faults[name] = (
            f"{path}: it cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8'}"
        )
        return False
    try:
        added.append(genres.add(text, name=name, file=str(path)).name)
    except SetupError as error:
        genres.faults[name] = error.message
        return False
    except (ValueError, RecursionError) as error:  # what no check foresees is to stop no start
        genres.faults[name] = f"{path}: it cannot be read: {type(error).__name__}: {str(error)[:100]}"
        return False
    genres.faults.pop(name, None)
    return True


def _text(path: Path) -> str:
    """Read a file no further than where it is sure to be too long."""
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    return content.decode("utf-8-sig", errors="strict" if len(content) <= MOST_BYTES else "replace")
