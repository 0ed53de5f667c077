"""Playing a set: transport, clips and scenes. What is played changes nothing that is written in the set.

Live starts and stops at its launch quantization. Numbers count from 1.
"""

from __future__ import annotations

from conduit.errors import LinkError
from conduit.live.link import LiveLink
from conduit.live.slots import one

__all__ = ["fire", "fire_scene", "play", "stop"]


async def fire(link: LiveLink, track: int, slot: int) -> str:
    """Launch the clip in a slot; give what was launched, in words.

    Raises:
        ValueError: A number is below 1.
        LinkError: ``refused``: there is no such slot, or it is empty; launching that would stop the track.
    """
    place, name, taken = await link.look(track, slot)
    if not taken:
        text = f"slot {slot} of track {track} {name!r} is empty, and launching it would stop the track"
        raise LinkError(text, kind="refused")
    await link.tell("/live/clip_slot/fire", place.track, place.scene)
    return f"track {track} {name!r}, slot {slot}"


async def fire_scene(link: LiveLink, scene: int) -> str:
    """Launch every clip of a scene; give what was launched, in words.

    Raises:
        LinkError: ``refused``: there is no such scene.
    """
    count = int(await one(link, "/live/song/get/num_scenes"))
    if not 1 <= scene <= count:
        raise LinkError(f"there is no scene {scene}: the set has 1 to {count}", kind="refused")
    await link.tell("/live/scene/fire", scene - 1)
    name = await one(link, "/live/scene/get/name", scene - 1)
    return f"scene {scene} {name!r}" if name else f"scene {scene}"


async def stop(link: LiveLink, track: int | None = None) -> str:
    """Stop the clips of a track, or of all; give what was stopped, in words.

    Raises:
        LinkError: ``refused``: there is no such track.
    """
    if track is None:
        await link.tell("/live/song/stop_all_clips")
        return "all clips"
    found = await link.track(track)
    await link.tell("/live/track/stop_all_clips", track - 1)
    return f"track {track} {found.name!r}"


async def play(link: LiveLink, *, on: bool, go_on: bool = False) -> None:
    """Start or stop the transport.

    Args:
        link: The way to Live.
        on: Whether it shall run.
        go_on: Whether it starts where it stopped instead of at its start.
    """
    starting = "continue_playing" if go_on else "start_playing"
    await link.tell(f"/live/song/{starting if on else 'stop_playing'}")
