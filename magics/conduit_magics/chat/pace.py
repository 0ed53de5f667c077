"""How often a panel is brought up to date."""

from __future__ import annotations

import time

from conduit.studio.turns import Turns

__all__ = ["FLUSH_S", "pace_s"]

FLUSH_S = 0.05
_LONG_FLUSH_S = 0.125
_LONG_S = 2.0
"""Seconds after which an answer is a long one."""


def pace_s(turns: Turns) -> float:
    """Give the seconds between two updates: more while a long answer comes.

    Three quarters of what an update costs on the wire are Jupyter's own, however little it says.

    >>> pace_s(Turns())
    0.05
    """
    began = min((account.began_at for account in turns.running), default=0.0)
    return _LONG_FLUSH_S if began and time.time() - began > _LONG_S else FLUSH_S
