"""The studio's way to Live: it finds Live or starts a simulated set, looks at it, plays it, and plans changes.

Only here is it known which of the two is there, and only so that it can be said.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from conduit.engine.plan import Change, Plan
from conduit.engine.plans import Plans
from conduit.engine.tool import Tool
from conduit.errors import LinkError
from conduit.live import (
    AddTrack,
    DeviceSnapshot,
    Diagnosis,
    LiveLink,
    PutClip,
    SetWatch,
    Simulator,
    diagnose,
    find_live,
    performing,
    start_simulated,
)
from conduit.live.diagnosis import diagnose_link
from conduit.live.loading import search
from conduit.music import Clip
from conduit.settings import Settings
from conduit.studio.live_state import LiveState, free_slot, slot_of, track_of
from conduit.studio.live_tools import live_tools
from conduit.studio.wishes import Wish, change_of

__all__ = ["LiveDesk"]

T = TypeVar("T")

_LEFT = "Live was left: run the cell again to follow the set."


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
        self._watch: SetWatch | None = None
        self._watchers = 0
        self._watching = asyncio.Lock()

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
        snapshot = await self._on(LiveLink.snapshot)
        return LiveState(self.label, self.simulated, snapshot)

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
        change = await self.placed(clip, track=track, slot=slot, new_track=new_track)
        await self._withdraw(change)
        plan = await self._plans.propose(change)
        return plan if plan.overwrites else await self._plans.approve(plan.id)

    async def change(self, wishes: Sequence[Wish]) -> Plan:
        """Plan what somebody wishes to be changed in the set; nothing is done before it is approved.

        Raises:
            SetupError: A wish cannot be understood.
            LinkError: Live does not answer, or has no such thing.
        """
        return await self._plans.propose(await self.changes(wishes))

    async def changes(self, wishes: Sequence[Wish]) -> Change:
        """Give the one change that does what somebody wishes; raises as ``change`` does."""
        return await self._on(lambda link: change_of(link, wishes))

    async def pull(self, track: int, slot: int) -> Clip:
        """Read the clip in a slot.

        Raises:
            LinkError: Live does not answer; there is no such slot, it is empty, or it holds an audio clip.
        """
        found = await self._on(lambda link: link.read_slot(track, slot))
        if found is None:
            raise LinkError(
                f"slot {slot} of track {track} is empty: choose one that holds a clip", kind="refused"
            )
        return found

    async def device(self, track: int, device: int) -> DeviceSnapshot:
        """Read a device and its parameters.

        Raises:
            LinkError: Live does not answer, or there is no such device.
        """
        return await self._on(lambda link: link.device(track, device))

    async def search(self, text: str) -> tuple[str, ...]:
        """Give what Live's browser finds.

        Raises:
            LinkError: Live does not answer, or its AbletonOSC has no way to the browser.
        """
        return await self._on(lambda link: search(link, text))

    async def fire(self, track: int, slot: int) -> str:
        """Launch the clip in a slot; see ``conduit.live.performing``."""
        return await self._on(lambda link: performing.fire(link, track, slot))

    async def fire_scene(self, scene: int) -> str:
        """Launch every clip of a scene."""
        return await self._on(lambda link: performing.fire_scene(link, scene))

    async def stop(self, track: int | None = None) -> str:
        """Stop the clips of a track, or of all."""
        return await self._on(lambda link: performing.stop(link, track))

    async def play(self, *, on: bool, go_on: bool = False) -> None:
        """Start or stop the transport."""
        await self._on(lambda link: performing.play(link, on=on, go_on=go_on))

    async def watch(self) -> SetWatch:
        """Give the snapshot that follows the set; one serves all who look; each says ``unwatch`` at the end.

        Raises:
            LinkError: Live does not answer.
        """
        async with self._watching:
            if self._watch is None:
                self._watchers = 0
                self._watch = await self._on(lambda link: SetWatch(link).open())
            self._watchers += 1
            return self._watch

    async def unwatch(self, watch: SetWatch) -> None:
        """Look no longer; the last who looked closes it."""
        async with self._watching:
            if watch is not self._watch:
                return  # Live was left meanwhile
            self._watchers -= 1
            if not self._watchers:
                self._watch = None
                await watch.close()

    async def diagnose(self) -> Diagnosis:
        """Look for Live, and say what is there or what is in the way; a simulated set only where it is wanted."""
        if self._settings.live == "simulated":
            return await diagnose_link(await self.link())
        if self._link is not None and self._simulator is None:
            return await diagnose_link(self._link)
        where = self._settings
        async with self._lock:  # who looks binds the reply port
            return await diagnose(
                host=where.live_host, port=where.live_port, reply_port=where.live_reply_port
            )

    async def stand_in(self) -> Diagnosis | None:
        """Say why there is a simulated set although Live was sought; None where that is not so."""
        await self.link()
        return (
            None if self._simulator is None or self._settings.live == "simulated" else await self.diagnose()
        )

    def tools(self, latest: Callable[[], Clip | None]) -> list[Tool]:
        """Give the tools with which a model reads the set and asks to change it.

        Args:
            latest: Gives the clip a model means when it pushes one.
        """
        return live_tools(self, latest)

    async def close(self) -> None:
        """Leave Live, and stop the simulated set if one was started."""
        if self._watch is not None:
            watch, self._watch = self._watch, None
            await watch.close(why=_LEFT)
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
                await self._plans.reject(plan.id, why="A newer clip was pushed to the same place.")

    async def _on(self, work: Callable[[LiveLink], Awaitable[T]]) -> T:
        """Do something on the link; where Live is silent, say why.

        Raises:
            LinkError: As it comes, ``no_reply`` with what was found in the way.
        """
        link = await self.link()
        try:
            return await work(link)
        except LinkError as error:
            if error.kind != "no_reply":
                raise
            if self._watch is None:
                await self.close()  # the next call looks for it again
            found = await self.diagnose()
            raise (error if found.ok else LinkError(str(found), kind="no_reply")) from error

    async def _find(self) -> LiveLink | None:
        where = self._settings
        if where.live == "simulated":
            return None
        link = await find_live(host=where.live_host, port=where.live_port, reply_port=where.live_reply_port)
        try:
            self._simulated = link is not None and await link.is_simulated()
        except LinkError:
            if link is not None:
                await link.close()
            raise
        return link

    async def placed(
        self, clip: Clip, *, track: int | None, slot: int | None, new_track: bool = False
    ) -> PutClip | AddTrack:
        """Give the change that puts a clip into a slot; arguments and errors as of ``push``."""
        link = await self.link()
        snapshot = await self._on(LiveLink.snapshot)
        if new_track:
            wanted = 1 if slot is None else slot_of(snapshot, slot)
            return await AddTrack.with_clip(link, clip, name=clip.name or "Conduit", slot=wanted)
        found = track_of(snapshot, track)
        wanted = free_slot(found) if slot is None else slot_of(snapshot, slot)
        return await PutClip.plan(link, clip, track=found.number, slot=wanted)
