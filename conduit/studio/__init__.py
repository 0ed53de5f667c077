"""The object behind every face, and what it tells them."""

from conduit.studio.compose import compose, options
from conduit.studio.live_desk import LiveState
from conduit.studio.studio import Question, Studio, current
from conduit.studio.turn import Answer, ClipGrew, ClipWritten, PlanProposed, StudioEvent

__all__ = [
    "Answer",
    "ClipGrew",
    "ClipWritten",
    "LiveState",
    "PlanProposed",
    "Question",
    "Studio",
    "StudioEvent",
    "compose",
    "current",
    "options",
]
