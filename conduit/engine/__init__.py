"""The state machine that turns conversations forward, the tools it runs and the plans it makes."""

from conduit.engine.control import Control
from conduit.engine.define import FunctionTool
from conduit.engine.engine import Engine
from conduit.engine.events import Advanced, Paused, Resumed, Steered, ToolFinished, ToolStarted, TurnEvent
from conduit.engine.limits import Limits, Reason
from conduit.engine.machine import End
from conduit.engine.plan import Change, Plan
from conduit.engine.plans import Plans
from conduit.engine.rates import RateLimits
from conduit.engine.risk import Tier
from conduit.engine.tool import IsTool, Outcome, Tool, Toolbox

__all__ = [
    "Advanced",
    "Change",
    "Control",
    "End",
    "Engine",
    "FunctionTool",
    "IsTool",
    "Limits",
    "Outcome",
    "Paused",
    "Plan",
    "Plans",
    "RateLimits",
    "Reason",
    "Resumed",
    "Steered",
    "Tier",
    "Tool",
    "ToolFinished",
    "ToolStarted",
    "Toolbox",
    "TurnEvent",
]
