"""Widgets for notebooks: they show state and hand on intents, and decide nothing."""

from conduit.widgets.chat_clip import PanelClip, clip_item
from conduit.widgets.chat_panel import ChatPanel
from conduit.widgets.clip_view import ClipView, Phase, PlanStatus
from conduit.widgets.packing import pack_notes
from conduit.widgets.session_view import SessionView
from conduit.widgets.widget import Intent, OnIntent, Widget

__all__ = [
    "ChatPanel",
    "ClipView",
    "Intent",
    "OnIntent",
    "PanelClip",
    "Phase",
    "PlanStatus",
    "SessionView",
    "Widget",
    "clip_item",
    "pack_notes",
]
