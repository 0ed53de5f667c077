"""The studio of this process: made when it is first asked for, closed when the process ends."""

from __future__ import annotations

import atexit
import os
import threading
from functools import cache

from conduit.studio.studio import Studio

__all__ = ["current"]

_making = threading.RLock()
# A fork in the middle would leave it locked there for ever.
os.register_at_fork(before=_making.acquire, after_in_parent=_making.release, after_in_child=_making.release)


def current() -> Studio:
    """Give the process's own studio, made when it is first asked for, from whichever thread.

    A fork has its own. The one that it inherits is kept, untouched: its connections are those of the other process.
    """
    with _making:
        return _studio_of(os.getpid())


@cache
def _studio_of(process: int) -> Studio:  # noqa: ARG001  it is what tells a fork's own from the one it inherits
    studio = Studio()
    atexit.register(studio.close)
    return studio
