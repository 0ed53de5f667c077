"""Ways to reach a model. One provider a file, all behind the ``Client`` protocol."""

from conduit.clients.client import Client, part_events
from conduit.clients.scripted import ScriptedClient

__all__ = ["Client", "ScriptedClient", "part_events"]
