"""The studio of this process: made when it is first asked for, closed when the process ends."""

from __future__ import annotations

import atexit
import threading
from functools import cache

from conduit.studio.studio import Studio

__all__ = ["current"]

_making = threading.Lock()


def current() -> Studio:
    """Give the process's own studio, made when it is first asked for, from whichever thread."""
    with _making:
        return _only_studio()


@cache
def _only_studio() -> Studio:
    studio = Studio()
    atexit.register(studio.close)
    return studio
