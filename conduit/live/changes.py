"""Changes of clip slots that can be planned, approved and undone.

A change reads what it touches when it is planned, looks again before it acts, reads back what it wrote, and
gives the change that takes it back. Live's own undo is not used: it may take back the user's work with ours.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import ClassVar

from conduit.engine.risk import Tier
from conduit.errors import LinkError
from conduit.live.link import LiveLink
from conduit.live.live_clip import LiveClip
from conduit.live.place import SlotPlace
from conduit.live.remarks import about_old, as_live, n_notes, silent
from conduit.live.slots import together
from conduit.music import Clip

__all__ = ["PutClip", "RestoreSlot"]


@dataclass(frozen=True, slots=True)
class PutClip:
    """Write a clip into a slot. Make one with ``plan``.

    Attributes:
        at: The slot.
        before: What sounds there now, None when it is empty.
        after: What will be there.
        notes: What to know before approving it, a sentence each.
        old: What is there now, exactly.
        new: What will be there, exactly.
        tier: How much it can change.
    """

    looks: ClassVar[bool] = True
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
        found, song, (there, _, taken) = await together(
            link.track(track), link.song(), link.look(track, slot)
        )
        if not found.is_midi:
            text = f"track {track} {found.name!r} is not a MIDI track; choose one that is"
            raise LinkError(text, kind="refused")
        place = SlotPlace(link, track, slot, found.name)
        old = await there.content() if taken else None
        before = await asyncio.to_thread(old.clip, bpm=song.tempo, meter=song.meter) if old else None
        new, remarks = await asyncio.to_thread(as_live, clip, song)
        notes = [*remarks, *about_old(old)]
        if not found.has_instrument:
            notes.append(silent(f"Track {track}"))
        return cls(place, before, clip, tuple(notes), old, new)

    @property
    def place(self) -> str:
        """Where, such as ``track 2 'Bass', slot 3``."""
        return str(self.at)

    @property
    def title(self) -> str:
        """One sentence that says what will happen, and where."""
        replaced = f": replaces {self.old.name!r}, {n_notes(self.old.notes)}" if self.old else ""
        return f"Write {n_notes(self.new.notes)} to {self.at}{replaced}"

    @property
    def lines(self) -> tuple[str, ...]:
        """What changes, a line each."""
        return (self.title, *_difference(self.before, self.after))

    @property
    def overwrites(self) -> bool:
        """Whether the slot holds a clip now."""
        return self.old is not None

    async def fingerprint(self) -> str:
        """Hash the slot's content and its track's name as they are now."""
        return await self.at.fingerprint(like=self.old)

    async def apply(self) -> RestoreSlot:
        """Write the clip, check it, and give the change that puts back what was there.

        Raises:
            LinkError: It did not hold; what was there is there again.
            PartlyDone: It did not hold, and what was there could not be put back.
        """
        held, was = await self.at.exchange(self.old, self.new)
        return RestoreSlot(self.at, self.after, self.before, held, was)


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

    looks: ClassVar[bool] = True
    at: SlotPlace
    before: Clip | None
    after: Clip | None
    old: LiveClip | None
    new: LiveClip | None
    tier: Tier = Tier.CONFIG_CHANGE
    notes: tuple[str, ...] = ()

    @classmethod
    async def emptying(cls, link: LiveLink, *, track: int, slot: int) -> RestoreSlot:
        """Read a slot and plan to delete its clip.

        Raises:
            ValueError: A number is below 1.
            LinkError: ``refused``: there is no such slot, it is empty, or it holds an audio clip, which
                could not be put back.
        """
        song, found = await together(link.song(), link.track(track))
        place = SlotPlace(link, track, slot, found.name)
        _, old = await place.look()
        if old is None:
            raise LinkError(f"there is no clip to delete in {place}", kind="refused")
        before = await asyncio.to_thread(old.clip, bpm=song.tempo, meter=song.meter)
        return cls(place, before, None, old, None, notes=tuple(about_old(old)))

    @property
    def place(self) -> str:
        """Where, such as ``track 2 'Bass', slot 3``."""
        return str(self.at)

    @property
    def title(self) -> str:
        """One sentence that says what will happen, and where."""
        if self.new is None:
            return (
                f"Delete {self.old.name!r}, {n_notes(self.old.notes)}, from {self.at}"
                if self.old
                else f"Empty {self.at}"
            )
        return f"Put {self.new.name!r} back into {self.at}"

    @property
    def lines(self) -> tuple[str, ...]:
        """What changes, a line each."""
        return (self.title, *_difference(self.before, self.after))

    @property
    def overwrites(self) -> bool:
        """Whether the slot holds a clip now."""
        return self.old is not None

    async def fingerprint(self) -> str:
        """Hash the slot's content and its track's name as they are now."""
        return await self.at.fingerprint(like=self.old)

    async def apply(self) -> RestoreSlot:
        """Do it, check it, and give the inverse.

        Raises:
            LinkError: It did not hold; what was there is there again.
            PartlyDone: It did not hold, and what was there could not be put back.
        """
        held, was = await self.at.exchange(self.old, self.new)
        return RestoreSlot(self.at, self.after, self.before, held, was)


def _difference(before: Clip | None, after: Clip | None) -> tuple[str, ...]:
    """Say how two versions differ, where there are two."""
    return (before.diff(after).sentence,) if before and after else ()
