"""Who answers: which Live, which AbletonOSC, or a simulated set."""

from __future__ import annotations

from conduit.errors import LinkError
from conduit.live.asking import Asker, one
from conduit.live.endpoints import SIMULATED

__all__ = ["has_fork", "is_simulated", "version"]

_FORKED = "/live/browser/list_user_presets"  # takes nothing, changes nothing
_UNKNOWN = "Unknown OSC address"


async def is_simulated(live: Asker) -> bool:
    """Whether a simulated set answers; Live does not know the question.

    Raises:
        LinkError: ``no_reply``.
    """
    try:
        return bool(await one(live, SIMULATED))
    except LinkError as error:
        if error.kind != "refused":
            raise
        return False


async def version(live: Asker) -> str:
    """Give Live's version, such as ``12.3``."""
    return ".".join(map(str, await live.ask("/live/application/get/version")))


async def has_fork(live: Asker) -> bool:
    """Whether it is the fork of smithclay, which knows more addresses.

    Raises:
        LinkError: ``no_reply``.
    """
    try:
        await live.ask(_FORKED)
    except LinkError as error:
        if error.kind != "refused":
            raise
        return _UNKNOWN not in error.message
    return True
