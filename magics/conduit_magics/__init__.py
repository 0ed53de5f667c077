"""Conduit in a notebook: ``%%conduit`` cells, ``%conduit`` verbs, the chat panel; see ``%load_ext conduit``."""

from conduit_magics.chat import open_here
from conduit_magics.extension import load, unload

__all__ = ["load", "open_here", "unload"]
