"""Conduit in a notebook: ``%%conduit`` cells and ``%conduit`` verbs. Loaded by ``%load_ext conduit``."""

from conduit_magics.extension import load, unload

__all__ = ["load", "unload"]
