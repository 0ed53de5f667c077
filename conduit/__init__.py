"""Conduit: a studio for making music with language models and Ableton Live, in Jupyter.

In a notebook: ``%load_ext conduit``, then ``%%conduit`` cells. In Python: ``conduit.compose("…")`` gives a
``Clip``; ``conduit.render`` lets it sound, ``conduit.roll`` shows it; ``conduit.Model``, ``Prompt``, ``Parser``,
``Channel`` and ``Batch`` ask models for anything else; ``conduit.panel()`` opens the chat panel. Names are imported
when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conduit.audio import Sound, render, render_stems
    from conduit.channel import Batch, BatchResult, Channel, Model, Parser, Prompt, Reply
    from conduit.clients import ScriptedClient
    from conduit.engine import Limits, Tier
    from conduit.engine.define import tool
    from conduit.errors import (
        ClipError,
        ConduitError,
        ConversationError,
        LinkError,
        ParseError,
        PlanError,
        PromptError,
        ProviderError,
        SetupError,
        StoreError,
    )
    from conduit.messages import Conversation, ConversationTree
    from conduit.music import Arrangement, Chord, Clip, Key, Meter, Note
    from conduit.store import Store
    from conduit.studio import Studio, compose, current
    from conduit.widgets.roll import roll

__all__ = [
    "Arrangement",
    "Batch",
    "BatchResult",
    "Channel",
    "Chord",
    "Clip",
    "ClipError",
    "ConduitError",
    "Conversation",
    "ConversationError",
    "ConversationTree",
    "Key",
    "Limits",
    "LinkError",
    "Meter",
    "Model",
    "Note",
    "ParseError",
    "Parser",
    "PlanError",
    "Prompt",
    "PromptError",
    "ProviderError",
    "Reply",
    "ScriptedClient",
    "SetupError",
    "Sound",
    "Store",
    "StoreError",
    "Studio",
    "Tier",
    "compose",
    "current",
    "panel",
    "render",
    "render_stems",
    "roll",
    "tool",
]

_HOMES = {
    "Arrangement": "music",
    "Batch": "channel",
    "BatchResult": "channel",
    "Channel": "channel",
    "Chord": "music",
    "Clip": "music",
    "Conversation": "messages",
    "ConversationTree": "messages",
    "Key": "music",
    "Limits": "engine",
    "Meter": "music",
    "Model": "channel",
    "Note": "music",
    "Parser": "channel",
    "Prompt": "channel",
    "Reply": "channel",
    "ScriptedClient": "clients",
    "Sound": "audio",
    "Store": "store",
    "Studio": "studio",
    "Tier": "engine",
    "compose": "studio",
    "current": "studio",
    "render": "audio",
    "render_stems": "audio",
    "roll": "widgets.roll",
    "tool": "engine.define",
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


def panel(*, side: bool = False) -> None:
    """Open the chat panel in the output of the cell that runs, as ``%conduit panel`` does.

    Args:
        side: Whether it stands beside the notebook instead; that takes the package ``sidecar``.

    Raises:
        SetupError: There is no notebook that shows it, or ``sidecar`` is missing.
    """
    from conduit_magics import open_here  # noqa: PLC0415  importing the library never imports IPython

    open_here(side=side)


def load_ipython_extension(ipython: Any) -> None:
    """Answer ``%load_ext conduit``."""
    from conduit_magics import load  # noqa: PLC0415  importing the library never imports IPython

    load(ipython)


def unload_ipython_extension(ipython: Any) -> None:
    """Answer ``%unload_ext conduit``."""
    from conduit_magics import unload  # noqa: PLC0415  as above

    unload(ipython)
