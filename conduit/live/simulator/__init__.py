"""A Live set that speaks AbletonOSC on UDP, for those who have no Live at hand."""

from conduit.live.simulator.live_set import LiveSet
from conduit.live.simulator.server import Simulator

__all__ = ["LiveSet", "Simulator"]
