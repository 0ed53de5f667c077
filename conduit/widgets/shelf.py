"""The code that all views of a page share, kept in one widget that has no view of its own.

A widget's module is sent once for each widget. So it is small, and finds here, once a page, the view and the sound
engine: front ends keep the state of every widget, also while the kernel is busy and after a reload.
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


class Shelf(anywidget.AnyWidget):
    """The shared code as the state of a widget."""

    _esm = "export default {};"

    # One a process, as the comms are that it lives by.
    opened: ClassVar[list[Shelf]] = []
    lock: ClassVar[Any] = threading.Lock()

    view = traitlets.Unicode("").tag(sync=True)
    engine = traitlets.Unicode("").tag(sync=True)

    def __repr__(self) -> str:
        return "<Shelf>"


@cache
def shelf_code() -> tuple[str, str]:
    """Give the code of the views and of the sound engine."""
    view, engine = ((_STATIC / name).read_text(encoding="utf-8") for name in ("view.js", "engine.js"))
    return view, engine


@cache
def shelf_version() -> str:
    """Name the code by what it is, so that a page that has an older one takes this one too."""
    return blake2b("".join(shelf_code()).encode(), digest_size=8).hexdigest()


def shelf() -> Shelf:
    """Give the process's shelf, made when first asked for and again when something has closed it."""
    with Shelf.lock:
        opened = Shelf.opened
        if not (opened and opened[0].comm):
            view, engine = shelf_code()
            opened[:] = [Shelf(view=view, engine=engine)]
        return opened[0]
