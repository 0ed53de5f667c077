"""Copies that are other objects than what they were made from: of their own key, and nothing plays on them."""

from __future__ import annotations

from conduit.live.simulator.clips import LiveSetClip
from conduit.live.simulator.objects import ClipSlot, Scene, Track
from conduit.live.simulator.shown import DERIVED

__all__ = ["twin_clip", "twin_scene", "twin_slot", "twin_track"]


def twin_clip(clip: LiveSetClip) -> LiveSetClip:
    """Copy a clip."""
    twin = clip.copy()
    twin.values |= DERIVED["clip"]
    return twin


def twin_slot(slot: ClipSlot) -> ClipSlot:
    """Copy a slot and its clip."""
    twin = slot.copy()
    twin.key = object()
    twin.values |= DERIVED["clip_slot"]
    twin.clip = twin_clip(slot.clip) if slot.clip else None
    return twin


def twin_scene(scene: Scene) -> Scene:
    """Copy a scene."""
    twin = scene.copy()
    twin.key = object()
    return twin


def twin_track(track: Track) -> Track:
    """Copy a track and what stands on it."""
    twin = track.copy()
    twin.key = object()
    twin.clip_slots = [twin_slot(slot) for slot in track.clip_slots]
    for device in twin.devices:
        device.key = object()
    for clip in twin.arrangement_clips:
        clip.key = object()
    return twin
