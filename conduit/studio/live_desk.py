"""The studio's way to Live: it finds Live or starts a simulated set, and turns wishes into plans.

Only here is it known which of the two is there, and only so that it can be said.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from conduit.engine.plan import Plan
from conduit.engine.plans import Plans
from conduit.engine.risk import Tier
from conduit.engine.tool import Tool
from conduit.errors import ClipError, LinkError, SetupError
from conduit.live import (
    AddTrack,
    LiveLink,
    PutClip,
    SetSnapshot,
    Simulator,
    TrackSnapshot,
    find_live,
    start_simulated,
)
from conduit.music import Clip
from conduit.settings import Settings

__all__ = ["LiveDesk", "LiveState"]


@dataclass(frozen=True, slots=True)
class LiveState:
    """What is in the set now.

    Attributes:
        label: What is there, in words for a person.
        simulated: Whether it is a simulated set.
        snapshot: The tracks, scenes and clips.
    """

    label: str
    simulated: bool
    snapshot: SetSnapshot

    @property
    def text(self) -> str:
        """The set in lines of text."""
        return set_text(self.snapshot)

    def target(self) -> tuple[int, int] | None:
        """Give the track and slot, from 1, that a push goes to by default; None where there is no MIDI track."""
        number = default_track(self.snapshot)
        return None if number is None else (number, self.snapshot.tracks[number - 1].free_slot or 1)


class PushClip(BaseModel):
    """The arguments of ``push_clip``."""

    model_config = ConfigDict(extra="forbid")

    track: int = Field(ge=1, description="Track number, counted from 1 as in Live.")
    slot: int | None = Field(
        default=None, ge=1, description="Clip slot, from 1; by default the first empty one."
    )


class ReadSet(BaseModel):
    """The arguments of ``read_set``: none."""

    model_config = ConfigDict(extra="forbid")


class LiveDesk:
    """Connects to Live when it is first needed. Its coroutines run on the studio's loop.

    Args:
        plans: Where changes wait for approval.
        settings: Where Live is.
    """

    def __init__(self, plans: Plans, *, settings: Settings) -> None:
        self._plans = plans
        self._settings = settings
        self._link: LiveLink | None = None
        self._simulator: Simulator | None = None
        self._simulated = False
        self._lock = asyncio.Lock()

    @property
    def connected(self) -> bool:
        """Whether a link is open."""
        return self._link is not None

    @property
    def simulated(self) -> bool:
        """Whether the set is a simulated one."""
        return self._simulated

    @property
    def label(self) -> str:
        """What is there, in words for a person."""
        if self._link is None:
            return "not connected"
        if self._simulator is not None:
            return "simulated Live set (no Live was found)"
        return "simulated Live set" if self._simulated else "Ableton Live"

    async def link(self) -> LiveLink:
        """Give the open link, to Live if it answers, otherwise to a simulated set started here.

        Raises:
            LinkError: Another program holds the reply port.
        """
        async with self._lock:
            if self._link is None:
                self._link = await self._find()
            if self._link is None:
                self._link, self._simulator = await start_simulated()
                self._simulated = True
            return self._link

    async def state(self) -> LiveState:
        """Read the set as it is now.

        Raises:
            LinkError: Live does not answer.
        """
        link = await self.link()
        return LiveState(self.label, self.simulated, await self._seen(link))

    async def push(
        self, clip: Clip, *, track: int | None = None, slot: int | None = None, new_track: bool = False
    ) -> Plan:
        """Put a clip into a slot at a person's word: at once if the slot is empty, else as a plan that waits.

        Args:
            clip: What to put there.
            track: From 1; by default the selected MIDI track, or the first.
            slot: From 1; by default the first empty one of the track.
            new_track: Whether to make a track for it, named like the clip.

        Raises:
            LinkError: Live does not answer, or refuses.
            SetupError: There is no such track or slot.
            PlanError: It was tried and did not hold.
        """
        change = await self._change(clip, track=track, slot=slot, new_track=new_track)
        await self._withdraw(change)
        plan = await self._plans.propose(change)
        return plan if plan.overwrites else await self._plans.approve(plan.id)

    def tools(self, latest: Callable[[], Clip | None]) -> list[Tool]:
        """Give the tools with which a model reads the set and asks to change it.

        Args:
            latest: Gives the clip a model means when it pushes one.
        """

        async def push_clip(arguments: PushClip) -> PutClip | AddTrack:
            clip = latest()
            if clip is None:
                raise ClipError("there is no clip to push yet; write one first")
            return await self._change(clip, track=arguments.track, slot=arguments.slot)

        async def read_set(_: ReadSet) -> str:
            return set_text((await self.state()).snapshot)

        return [
            Tool(
                name="push_clip",
                description="Ask to put the latest clip into a clip slot of the Live set. A person decides.",
                arguments=PushClip,
                tier=Tier.CONFIG_CHANGE,
                run=push_clip,
            ),
            Tool(
                name="read_set",
                description="Read the Live set: tempo, tracks, scenes and the names of the clips in them.",
                arguments=ReadSet,
                tier=Tier.READ_ONLY,
                run=read_set,
            ),
        ]

    async def close(self) -> None:
        """Leave Live, and stop the simulated set if one was started."""
        if self._link is not None:
            await self._link.close()
        if self._simulator is not None:
            await self._simulator.close()
        self._link = self._simulator = None
        self._simulated = False

    async def _withdraw(self, change: PutClip | AddTrack) -> None:
        """Turn down what waits for the same place: a person who pushes again means the newer clip."""
        for plan in self._plans.pending:
            if getattr(self._plans.change(plan.id), "place", None) == change.place:
                await self._plans.reject(plan.id)

    async def _seen(self, link: LiveLink) -> SetSnapshot:
        """Read the set; where Live has gone, leave it, so that the next call looks for it again."""
        try:
            return await link.snapshot()
        except LinkError as error:
            if error.kind == "no_reply":
                await self.close()
            raise

    async def _find(self) -> LiveLink | None:
        where = self._settings
        if where.live == "simulated":
            return None
        link = await find_live(host=where.live_host, port=where.live_port, reply_port=where.live_reply_port)
        self._simulated = link is not None and await link.is_simulated()
        return link

    async def _change(
        self, clip: Clip, *, track: int | None, slot: int | None, new_track: bool = False
    ) -> PutClip | AddTrack:
        link = await self.link()
        snapshot = await self._seen(link)
        if new_track:
            wanted = 1 if slot is None else _slot(snapshot, slot)
            return await PutClip.on_new_track(link, clip, name=clip.name or "Conduit", slot=wanted)
        found = _track(snapshot, track)
        wanted = _free_slot(found) if slot is None else _slot(snapshot, slot)
        return await PutClip.plan(link, clip, track=found.number, slot=wanted)


def _track(snapshot: SetSnapshot, number: int | None) -> TrackSnapshot:
    wanted = default_track(snapshot) if number is None else number
    if wanted is None:
        raise SetupError("the set has no MIDI track; push to a new track instead")
    if not 1 <= wanted <= len(snapshot.tracks):
        raise SetupError(f"there is no track {wanted}; the set has tracks 1 to {len(snapshot.tracks)}")
    return snapshot.tracks[wanted - 1]


def _slot(snapshot: SetSnapshot, number: int) -> int:
    if not 1 <= number <= len(snapshot.scenes):
        raise SetupError(f"there is no slot {number}; the set has slots 1 to {len(snapshot.scenes)}")
    return number


def _free_slot(track: TrackSnapshot) -> int:
    if track.free_slot is None:
        raise SetupError(f"every slot of track {track.number} {track.name!r} is taken; say which to replace")
    return track.free_slot


def default_track(snapshot: SetSnapshot) -> int | None:
    """Give the number of the track a clip goes to: the selected MIDI track, or the first; None without one."""
    numbers = [track.number for track in snapshot.midi_tracks]
    if snapshot.selected_track in numbers:
        return snapshot.selected_track
    return numbers[0] if numbers else None


def set_text(snapshot: SetSnapshot) -> str:
    """Write a set as lines: tempo, metre and key, then each track with the clips in its slots."""
    playing = "playing" if snapshot.is_playing else "stopped"
    facts = [
        f"{snapshot.tempo:g} bpm",
        str(snapshot.meter),
        *([snapshot.key] if snapshot.key else []),
        playing,
    ]
    lines = [", ".join([*facts, f"{len(snapshot.scenes)} scenes"])]
    for track in snapshot.tracks:
        clips = [f"slot {slot} {name!r}" for slot, name in enumerate(track.clips, 1) if name is not None]
        kind = "MIDI" if track.is_midi else "audio"
        lines.append(f"track {track.number} {track.name!r} ({kind}): {', '.join(clips) or 'empty'}")
    return "\n".join(lines)
