"""Tracks that a plan adds, with a clip or without, and takes away again as long as nobody has touched them.

A track that was there before is never deleted: what is on it could not be brought back.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from conduit.engine.risk import Tier
from conduit.errors import LinkError
from conduit.live.link import LiveLink
from conduit.live.live_clip import LiveClip, check_name
from conduit.live.place import SlotPlace, digest
from conduit.live.remarks import as_live, n_notes, silent
from conduit.live.restore import or_restored
from conduit.music import Clip

__all__ = ["AddTrack", "RemoveTrack"]


@dataclass(frozen=True, slots=True)
class AddTrack:
    """Add a track at the end of the set. Make one with ``empty`` or ``with_clip``.

    Attributes:
        link: The way to Live.
        name: The track's name; empty leaves the naming to Live.
        is_midi: Whether it takes MIDI clips.
        slot: Where its clip goes, from 1.
        after: The clip, None where it has none.
        notes: What to know before approving it, a sentence each.
        new: The clip as Live will hold it.
        before: None, as there is nothing yet.
        overwrites: Never.
        tier: How much it can change.
    """

    link: LiveLink
    name: str
    is_midi: bool = True
    slot: int = 1
    after: Clip | None = None
    notes: tuple[str, ...] = ()
    new: LiveClip | None = None
    before: None = None
    overwrites: bool = False
    tier: Tier = Tier.CONFIG_CHANGE

    @classmethod
    def empty(cls, link: LiveLink, *, name: str, midi: bool = True) -> AddTrack:
        """Plan to add a track with nothing on it.

        Raises:
            ClipError: The name holds what cannot be sent to Live.
        """
        check_name(name, of="the new track")
        return cls(link, name, midi)

    @classmethod
    async def with_clip(cls, link: LiveLink, clip: Clip, *, name: str, slot: int) -> AddTrack:
        """Plan to add a MIDI track with a clip on it.

        Args:
            link: The way to Live.
            clip: What to write.
            name: The new track's name; empty leaves the naming to Live.
            slot: From 1.

        Raises:
            ValueError: The slot is below 1.
            ClipError: The clip or the name holds what cannot be sent to Live.
            LinkError: ``refused``: the set has no such slot.
        """
        song = await link.song()
        if slot < 1:
            raise ValueError(f"slot {slot} cannot be: they count from 1, as in Live's window")
        if slot > song.n_scenes:
            raise LinkError(f"there is no slot {slot}: the set has 1 to {song.n_scenes}", kind="refused")
        check_name(name, of="the new track")
        new, remarks = await asyncio.to_thread(as_live, clip, song)
        notes = (*remarks, silent("The new track"))
        return cls(link, name, slot=slot, after=clip, notes=notes, new=new)

    @property
    def place(self) -> str:
        """Where, such as ``a new track 'Bass', slot 1``."""
        kind = "track" if self.is_midi else "audio track"
        named = f"a new {kind} {self.name!r}" if self.name else f"a new {kind}"
        return f"{named}, slot {self.slot}" if self.new else named

    @property
    def title(self) -> str:
        """One sentence that says what will happen, and where."""
        return (
            f"Write {n_notes(self.new.notes)} to {self.place}" if self.new else f"Add {self.place} at the end"
        )

    @property
    def lines(self) -> tuple[str, ...]:
        """What changes, a line each."""
        return (self.title,)

    async def fingerprint(self) -> str:
        """Hash nothing but its name: it touches nothing that is there."""
        return digest(self.place)

    async def apply(self) -> RemoveTrack:
        """Add the track, write the clip, check it, and give the change that removes the track.

        Raises:
            LinkError: It did not hold; the track was removed, or the message says that it was not.
        """
        track = await self.link.create_track(self.name, midi=self.is_midi)
        return await or_restored(self._fill(track), lambda: self._remove(track))

    async def _fill(self, track: int) -> RemoveTrack:
        place = SlotPlace(self.link, track, self.slot, (await self.link.track(track)).name)
        if self.new is not None:
            await place.put(self.new)
        made = RemoveTrack(place, self)
        return RemoveTrack(place, self, await made.fingerprint())

    async def _remove(self, track: int) -> str:
        try:
            await self.link.delete_track(track, track_name=self.name or None)
        except LinkError as error:
            return f"The new track {track} is still there: {error.message}"
        return "The new track was removed."


@dataclass(frozen=True, slots=True)
class RemoveTrack:
    """Delete a track that ``AddTrack`` made, as long as nobody has touched it.

    Attributes:
        at: The slot its clip is in.
        made_by: What made it.
        base: Fingerprint of the track as it was made.
        overwrites: Always: the track is there.
        tier: How much it can change.
        notes: What to know before doing it; nothing.
    """

    at: SlotPlace
    made_by: AddTrack
    base: str = ""
    overwrites: bool = True
    tier: Tier = Tier.CONFIG_CHANGE
    notes: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Which track, such as ``track 5 'Bass'``."""
        return f"track {self.at.track} {self.at.track_name!r}"

    @property
    def title(self) -> str:
        """One sentence that says what will happen, and where."""
        return (
            f"Delete {self.place} and its clip"
            if self.made_by.new
            else f"Delete {self.place}, which is empty"
        )

    @property
    def lines(self) -> tuple[str, ...]:
        """What changes, a line each."""
        return (self.title,)

    async def fingerprint(self) -> str:
        """Hash the track: its name, which slots hold what, its devices, and its clip."""
        track = await self.at.link.track(self.at.track)
        return digest(track.content, await self.at.fingerprint())

    async def apply(self) -> AddTrack:
        """Delete the track, check that it is gone, and give the change that makes it again.

        Raises:
            LinkError: ``refused``: the track is no longer as it was made, or Live kept it.
        """
        if await self.fingerprint() != self.base:
            text = (
                f"{self.place} was not deleted: it has been changed since it was made, or tracks have moved"
            )
            raise LinkError(text, kind="refused")
        await self.at.link.delete_track(self.at.track, track_name=self.at.track_name)
        return self.made_by
