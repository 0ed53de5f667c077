"""Where conversations, clips, plans and usage last: a database."""

from conduit.store.records import (
    BatchItem,
    Found,
    LoggedPlan,
    Memory,
    Spent,
    StoredClip,
    Summary,
)
from conduit.store.store import Store

__all__ = [
    "BatchItem",
    "Found",
    "LoggedPlan",
    "Memory",
    "Spent",
    "Store",
    "StoredClip",
    "Summary",
]
