"""Ways to reach a model. One provider a file, all behind the ``Client`` protocol."""

from conduit.clients.client import Capabilities, Client, Place, collect, part_events
from conduit.clients.scripted import ScriptedClient

__all__ = ["Capabilities", "Client", "Place", "ScriptedClient", "collect", "part_events"]
