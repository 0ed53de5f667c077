"""Conduit: a studio for making music with language models and Ableton Live, in Jupyter.

In a notebook: ``%load_ext conduit``, then ``%%conduit`` cells. In Python: ``conduit.compose("…")`` gives a
``Clip``; ``conduit.render`` lets it sound. Names are imported when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conduit.audio import Sound, render
    from conduit.clients import ScriptedClient
    from conduit.errors import (
        ClipError,
        ConduitError,
        ConversationError,
        LinkError,
        PlanError,
        ProviderError,
        SetupError,
    )
    from conduit.messages import Conversation
    from conduit.music import Clip, Key, Meter, Note
    from conduit.studio import Studio, compose

__all__ = [
    "Clip",
    "ClipError",
    "ConduitError",
    "Conversation",
    "ConversationError",
    "Key",
    "LinkError",
    "Meter",
    "Note",
    "PlanError",
    "ProviderError",
    "ScriptedClient",
    "SetupError",
    "Sound",
    "Studio",
    "compose",
    "render",
]

_HOMES = {
    "Clip": "music",
    "Conversation": "messages",
    "Key": "music",
    "Meter": "music",
    "Note": "music",
    "ScriptedClient": "clients",
    "Sound": "audio",
    "Studio": "studio",
    "compose": "studio",
    "render": "audio",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415  slow, and seldom asked for

        return version("conduit-live")
    if name not in __all__:
        raise AttributeError(f"module 'conduit' has no attribute {name!r}")
    return getattr(import_module(f"conduit.{_HOMES.get(name, 'errors')}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


def load_ipython_extension(ipython: Any) -> None:
    """Answer ``%load_ext conduit``."""
    from conduit_magics import load  # noqa: PLC0415  importing the library never imports IPython

    load(ipython)


def unload_ipython_extension(ipython: Any) -> None:
    """Answer ``%unload_ext conduit``."""
    from conduit_magics import unload  # noqa: PLC0415  as above

    unload(ipython)
