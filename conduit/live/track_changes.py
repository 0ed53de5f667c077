"""Tracks that a plan adds, with a clip or without, and takes away again as long as nobody has touched them.

A track that was there before is never deleted: what is on it could not be brought back.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import ClassVar

from conduit.engine.risk import Tier
from conduit.errors import LinkError
from conduit.live.guards import Seen
from conduit.live.link import LiveLink
from conduit.live.live_clip import LiveClip, check_name
from conduit.live.place import SlotPlace, digest
from conduit.live.remarks import as_live, n_notes, silent
from conduit.live.restore import TakeBack, or_restored
from conduit.live.slots import together
from conduit.live.snapshot import known_as
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

    looks: ClassVar[bool] = True
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
            LinkError: It did not hold; the track was removed.
            PartlyDone: It did not hold, and a track was left.
        """
        number = await self.link.create_track(self.name, midi=self.is_midi)
        back = TakeBack(
            f"Delete the track {number} that was made",
            f"The new track {number} is still there",
            lambda: self._remove(number),
        )
        return await or_restored(self._fill(number), back)

    async def _fill(self, track: int) -> RemoveTrack:
        found, song = await together(self.link.track(track), self.link.song())
        is_named = found.name == self.name or not known_as(track, found.name)
        if not is_named or song.n_tracks != track:
            text = f"nothing was written to track {track} {found.name!r}: tracks have moved, so look again"
            raise LinkError(text, kind="refused")
        place = SlotPlace(self.link, track, self.slot, found.name)
        if self.new is not None:
            seen = Seen.of(track - 1, found.name, song.n_tracks, song.n_scenes)
            await place.fill(self.new, seen=seen)
        made = RemoveTrack(place, self)
        return RemoveTrack(place, self, await made.fingerprint())

    async def _remove(self, number: int) -> str:
        """Delete the track, unless somebody has put something there since."""
        count = (await self.link.song()).n_tracks
        if count < number:
            return "The new track is gone."
        found = await self.link.track(number)
        foreign = [slot for place, slot in enumerate(found.slots, 1) if slot and place != self.slot]
        is_named = found.name == self.name or not known_as(number, found.name)
        if not is_named or foreign or found.devices or count != number:
            text = f"track {number} is {found.name!r} and not as it was made; delete it by hand if it is not wanted"
            raise LinkError(text, kind="refused")
        await self.link.delete_track(number, track_name=found.name, n_tracks=number)
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

    looks: ClassVar[bool] = True
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
        """Hash the track: its name, which slots hold what, its devices, its clip, and its arrangement."""
        track, arranged, clip = await together(
            self.at.link.track(self.at.track),
            self.at.link.ask("/live/track/get/arrangement_clips/name", self.at.track - 1),
            self.at.fingerprint(like=self.made_by.new),
        )
        return digest(track.content, len(arranged), clip)

    async def apply(self) -> AddTrack:
        """Delete the track, check that it is gone, and give the change that makes it again.

        Raises:
            LinkError: ``refused``: the track is no longer as it was made, or Live kept it.
            PartlyDone: It is not known whether it is gone.
        """
        n_tracks = (await self.at.link.song()).n_tracks
        if await self.fingerprint() != self.base:
            text = (
                f"{self.place} was not deleted: it has been changed since it was made, or tracks have moved"
            )
            raise LinkError(text, kind="refused")
        back = TakeBack(f"Make {self.place} again", f"{self.place} may be gone", self._make_again)
        work = self.at.link.delete_track(self.at.track, track_name=self.at.track_name, n_tracks=n_tracks)
        await or_restored(work, back)
        return self.made_by

    async def _make_again(self) -> str:
        if (await self.at.link.song()).n_tracks < self.at.track:
            await self.made_by.apply()
        return f"{self.place} is there."
