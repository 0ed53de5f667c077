"""Ableton Live over AbletonOSC: the link, what it reads, what it changes, and a simulated Live."""

from conduit.live.changes import PutClip, RestoreSlot
from conduit.live.connect import find_live, start_simulated
from conduit.live.device import DeviceSnapshot, ParameterSnapshot
from conduit.live.diagnosis import Diagnosis, diagnose
from conduit.live.link import LiveLink
from conduit.live.live_clip import LiveClip, LiveNote
from conduit.live.loading import LoadDevice, RemoveDevice
from conduit.live.scenes import AddScene, RemoveScene
from conduit.live.setting import Setting
from conduit.live.several import Several
from conduit.live.simulator import Faults, LiveSet, Simulator
from conduit.live.snapshot import DeviceName, SetSnapshot, SlotSnapshot, SongSnapshot, TrackSnapshot
from conduit.live.track_changes import AddTrack, RemoveTrack
from conduit.live.values import SetValues
from conduit.live.watch import SetWatch

__all__ = [
    "AddScene",
    "AddTrack",
    "DeviceName",
    "DeviceSnapshot",
    "Diagnosis",
    "Faults",
    "LiveClip",
    "LiveLink",
    "LiveNote",
    "LiveSet",
    "LoadDevice",
    "ParameterSnapshot",
    "PutClip",
    "RemoveDevice",
    "RemoveScene",
    "RemoveTrack",
    "RestoreSlot",
    "SetSnapshot",
    "SetValues",
    "SetWatch",
    "Setting",
    "Several",
    "Simulator",
    "SlotSnapshot",
    "SongSnapshot",
    "TrackSnapshot",
    "diagnose",
    "find_live",
    "start_simulated",
]
