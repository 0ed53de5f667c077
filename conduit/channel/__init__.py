"""The framework for a person's own programs: Model, Prompt, Parser, and what joins them: Channel, Batch."""

from conduit.channel.batch import Batch
from conduit.channel.batch_item import Item
from conduit.channel.batch_result import BatchResult
from conduit.channel.channel import Channel
from conduit.channel.home import Home, LocalHome, default_home
from conduit.channel.model import Model
from conduit.channel.parser import Mode, Parser
from conduit.channel.prompt import Prompt
from conduit.channel.reply import Mending, Partial, Reply

__all__ = [
    "Batch",
    "BatchResult",
    "Channel",
    "Home",
    "Item",
    "LocalHome",
    "Mending",
    "Mode",
    "Model",
    "Parser",
    "Partial",
    "Prompt",
    "Reply",
    "default_home",
]
