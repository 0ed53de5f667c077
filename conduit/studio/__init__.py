"""The object behind every face, and what it tells them."""

from conduit.studio.answer import Answer, ClipGrew, ClipWritten, PlanProposed, StudioEvent
from conduit.studio.clips import compose, options
from conduit.studio.live_state import LiveState
from conduit.studio.process import current
from conduit.studio.question import Question
from conduit.studio.session import Session
from conduit.studio.studio import Studio

__all__ = [
    "Answer",
    "ClipGrew",
    "ClipWritten",
    "LiveState",
    "PlanProposed",
    "Question",
    "Session",
    "Studio",
    "StudioEvent",
    "compose",
    "current",
    "options",
]
