"""Changes to a Live set that can be planned, approved and undone.

A change reads what it touches when it is planned, looks again before it acts, reads back what it wrote, and
gives the change that takes it back. Live's own undo is not used: it may take back the user's work with ours.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from conduit.engine.risk import Tier
from conduit.errors import LinkError
from conduit.live.link import LiveLink
from conduit.live.live_clip import LiveClip, check_name
from conduit.live.place import SlotPlace, digest
from conduit.live.remarks import about_clip, about_old, silent
from conduit.live.restore import or_restored
from conduit.live.slots import together
from conduit.live.snapshot import SongSnapshot
from conduit.music import Clip

__all__ = ["AddTrack", "PutClip", "RemoveTrack", "RestoreSlot"]


@dataclass(frozen=True, slots=True)
class PutClip:
    """Write a clip into a slot. Make one with ``plan`` or ``on_new_track``.

    Attributes:
        at: The slot.
        before: What sounds there now, None when it is empty.
        after: What will be there.
        notes: What to know before approving it, a sentence each.
        old: What is there now, exactly.
        new: What will be there, exactly.
        tier: How much it can change.
    """

    at: SlotPlace
    before: Clip | None
    after: Clip
    notes: tuple[str, ...]
    old: LiveClip | None
    new: LiveClip
    tier: Tier = Tier.CONFIG_CHANGE

    @classmethod
    async def plan(cls, link: LiveLink, clip: Clip, *, track: int, slot: int) -> PutClip:
        """Read the slot and plan to put a clip there.

        Args:
            link: The way to Live.
            clip: What to write.
            track: From 1; a MIDI track.
            slot: From 1.

        Raises:
            ValueError: A number is below 1.
            ClipError: The clip holds what cannot be sent to Live, such as a null character in its name.
            LinkError: ``refused``: there is no such place, or it is not on a MIDI track.
        """
        found, song = await together(link.track(track), link.song())
        if not found.is_midi:
            text = f"track {track} {found.name!r} is not a MIDI track; choose one that is"
            raise LinkError(text, kind="refused")
        place = SlotPlace(link, track, slot, found.name)
        _, old = await place.look()
        before = await asyncio.to_thread(old.clip, bpm=song.tempo, meter=song.meter) if old else None
        new, remarks = await asyncio.to_thread(_seen, clip, song)
        notes = [*remarks, *about_old(old)]
        if not found.has_instrument:
            notes.append(silent(f"Track {track}"))
        return cls(place, before, clip, tuple(notes), old, new)

    @classmethod
    async def on_new_track(cls, link: LiveLink, clip: Clip, *, name: str, slot: int) -> AddTrack:
        """Plan to add a MIDI track at the end of the set with a clip on it.

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
        new, remarks = await asyncio.to_thread(_seen, clip, song)
        return AddTrack(link, name, slot, clip, (*remarks, silent("The new track")), new)

    @property
    def place(self) -> str:
        """Where, such as ``track 2 'Bass', slot 3``."""
        return str(self.at)

    @property
    def title(self) -> str:
        """One sentence that says what will happen, and where."""
        replaced = f": replaces {self.old.name!r}, {_count(len(self.old.notes))}" if self.old else ""
        return f"Write {_count(len(self.new.notes))} to {self.at}{replaced}"

    @property
    def overwrites(self) -> bool:
        """Whether the slot holds a clip now."""
        return self.old is not None

    async def fingerprint(self) -> str:
        """Hash the slot's content and its track's name as they are now."""
        return await self.at.fingerprint()

    async def apply(self) -> RestoreSlot:
        """Write the clip, check it, and give the change that puts back what was there.

        Raises:
            LinkError: It did not hold; the message says whether what was there is there again.
        """
        held = await self.at.exchange(self.old, self.new)
        return RestoreSlot(self.at, self.after, self.before, held, self.old)


@dataclass(frozen=True, slots=True)
class RestoreSlot:
    """Put back what a slot held. It is the inverse of ``PutClip``, and its inverse is of its own kind.

    Attributes:
        at: The slot.
        before: What sounds there now.
        after: What will sound there, None for nothing.
        old: What is there now, exactly.
        new: What will be there, exactly.
        tier: How much it can change.
    """

    at: SlotPlace
    before: Clip | None
    after: Clip | None
    old: LiveClip | None
    new: LiveClip | None
    tier: Tier = Tier.CONFIG_CHANGE
    notes: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Where, such as ``track 2 'Bass', slot 3``."""
        return str(self.at)

    @property
    def title(self) -> str:
        """One sentence that says what will happen, and where."""
        return f"Put {self.new.name!r} back into {self.at}" if self.new else f"Empty {self.at}"

    @property
    def overwrites(self) -> bool:
        """Whether the slot holds a clip now."""
        return self.old is not None

    async def fingerprint(self) -> str:
        """Hash the slot's content and its track's name as they are now."""
        return await self.at.fingerprint()

    async def apply(self) -> RestoreSlot:
        """Do it, check it, and give the inverse.

        Raises:
            LinkError: It did not hold; the message says whether what was there is there again.
        """
        held = await self.at.exchange(self.old, self.new)
        return RestoreSlot(self.at, self.after, self.before, held, self.old)


@dataclass(frozen=True, slots=True)
class AddTrack:
    """Add a MIDI track at the end of the set, with a clip on it.

    Attributes:
        link: The way to Live.
        name: The track's name; empty leaves the naming to Live.
        slot: Where the clip goes, from 1.
        after: The clip.
        notes: What to know before approving it, a sentence each.
        new: The clip as Live will hold it.
        before: None, as there is nothing yet.
        overwrites: Never.
        tier: How much it can change.
    """

    link: LiveLink
    name: str
    slot: int
    after: Clip
    notes: tuple[str, ...]
    new: LiveClip
    before: None = None
    overwrites: bool = False
    tier: Tier = Tier.CONFIG_CHANGE

    @property
    def place(self) -> str:
        """Where, such as ``a new track 'Bass', slot 1``."""
        return f"a new track {self.name!r}, slot {self.slot}"

    @property
    def title(self) -> str:
        """One sentence that says what will happen, and where."""
        return f"Write {_count(len(self.new.notes))} to {self.place}"

    async def fingerprint(self) -> str:
        """Hash nothing but its name: it touches nothing that is there."""
        return digest(self.place)

    async def apply(self) -> RemoveTrack:
        """Add the track, write the clip, check it, and give the change that removes the track.

        Raises:
            LinkError: It did not hold; the track was removed, or the message says that it was not.
        """
        track = await self.link.create_track(self.name)
        return await or_restored(self._fill(track), lambda: self._remove(track))

    async def _fill(self, track: int) -> RemoveTrack:
        place = SlotPlace(self.link, track, self.slot, (await self.link.track(track)).name)
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
        return f"Delete {self.place} and its clip"

    async def fingerprint(self) -> str:
        """Hash the track: its name, which slots hold what, its devices, and its clip."""
        track = await self.at.link.track(self.at.track)
        return digest(track, await self.at.fingerprint())

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


def _seen(clip: Clip, song: SongSnapshot) -> tuple[LiveClip, list[str]]:
    """Give a clip as Live will hold it, and what to know about that; takes a while for a long one."""
    live = LiveClip.of(clip)
    return live, about_clip(clip, live, bpm=song.tempo, meter=song.meter)


def _count(number: int) -> str:
    return f"{number} note{'s' if number != 1 else ''}"
