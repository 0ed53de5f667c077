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
from conduit.store.work import checked_name

__all__ = [
    "BatchItem",
    "Found",
    "LoggedPlan",
    "Memory",
    "Spent",
    "Store",
    "StoredClip",
    "Summary",
    "checked_name",
]
