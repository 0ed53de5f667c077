"""Widgets for notebooks: they show state and hand on intents, and decide nothing."""

from conduit.widgets.clip_view import ClipView, Phase, PlanStatus
from conduit.widgets.packing import pack_notes
from conduit.widgets.session_view import SessionView
from conduit.widgets.widget import Intent, OnIntent, Widget

__all__ = ["ClipView", "Intent", "OnIntent", "Phase", "PlanStatus", "SessionView", "Widget", "pack_notes"]
