"""Ways to reach a model. One provider a file, all behind the ``Client`` protocol."""

from conduit.clients.blocking import BlockingClient
from conduit.clients.client import Capabilities, Client, Place, collect, part_events
from conduit.clients.scripted import Cut, ScriptedClient

__all__ = [
    "BlockingClient",
    "Capabilities",
    "Client",
    "Cut",
    "Place",
    "ScriptedClient",
    "collect",
    "part_events",
]
