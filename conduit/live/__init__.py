"""Ableton Live over AbletonOSC: the link, what it reads, what it changes, and a simulated Live."""

from conduit.live.changes import AddTrack, PutClip, RemoveTrack, RestoreSlot
from conduit.live.connect import find_live, start_simulated
from conduit.live.link import LiveLink
from conduit.live.live_clip import LiveClip, LiveNote
from conduit.live.simulator import LiveSet, Simulator
from conduit.live.snapshot import SetSnapshot, SongSnapshot, TrackSnapshot

__all__ = [
    "AddTrack",
    "LiveClip",
    "LiveLink",
    "LiveNote",
    "LiveSet",
    "PutClip",
    "RemoveTrack",
    "RestoreSlot",
    "SetSnapshot",
    "Simulator",
    "SongSnapshot",
    "TrackSnapshot",
    "find_live",
    "start_simulated",
]
