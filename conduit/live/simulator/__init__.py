"""A Live set that speaks AbletonOSC on UDP, for those who have no Live at hand."""

from conduit.live.simulator.faults import Faults
from conduit.live.simulator.live_set import LiveSet
from conduit.live.simulator.saved import from_json, load, save, to_json
from conduit.live.simulator.server import Simulator

__all__ = ["Faults", "LiveSet", "Simulator", "from_json", "load", "save", "to_json"]
