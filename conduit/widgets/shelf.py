"""The code that all views of a page share, kept in one widget that has no view of its own.

A widget's module is sent once for each widget. So it is small, and finds here, once a page, the view, the sound
engine and the look: front ends keep the state of every widget, also while the kernel is busy and after a reload. A
style that comes with each widget would also make the page work out the style of every element anew, each time.
"""

from __future__ import annotations

import threading
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import traitlets

__all__ = ["Shelf", "shelf", "shelf_code", "shelf_version"]

_STATIC = Path(__file__).parent / "static"
_FILES = {"view": "view.js", "engine": "engine.js", "look": "clip_view.css"}
"""What lies in the shelf, by the trait that holds it; in this order it is sent to who asks by a message."""


class Shelf(anywidget.AnyWidget):
    """The shared code as the state of a widget."""

    _esm = "export default {};"

    # One a process, as the comms are that it lives by.
    opened: ClassVar[list[Shelf]] = []
    lock: ClassVar[Any] = threading.Lock()

    view = traitlets.Unicode("").tag(sync=True)
    engine = traitlets.Unicode("").tag(sync=True)
    look = traitlets.Unicode("").tag(sync=True)

    def __repr__(self) -> str:
        return "<Shelf>"


@cache
def shelf_code() -> tuple[str, ...]:
    """Give the code of the views and of the sound engine, and the style sheet of the views."""
    return tuple((_STATIC / name).read_text(encoding="utf-8") for name in _FILES.values())


@cache
def shelf_version() -> str:
    """Name the code by what it is, so that a page that has an older one takes this one too."""
    return blake2b("".join(shelf_code()).encode(), digest_size=8).hexdigest()


def shelf() -> Shelf:
    """Give the process's shelf, made when first asked for and again when something has closed it."""
    with Shelf.lock:
        opened = Shelf.opened
        if not (opened and opened[0].comm):
            opened[:] = [Shelf(**dict(zip(_FILES, shelf_code(), strict=True)))]
        return opened[0]
