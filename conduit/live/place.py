"""A slot that a change is about: looked at, written, checked, and put back when something fails."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass

from conduit.errors import LinkError
from conduit.live.guards import Seen
from conduit.live.link import LiveLink
from conduit.live.live_clip import LiveClip
from conduit.live.restore import TakeBack, or_restored
from conduit.live.slots import Slot, moved, together
from conduit.live.snapshot import known_as

__all__ = ["SlotPlace", "digest"]


def digest(*facts: object) -> str:
    """Hash facts whose ``repr`` says all about them; 16 hexadecimal digits."""
    return hashlib.blake2b(repr(facts).encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class SlotPlace:
    """A slot of a track, found by number and known by the track's name.

    Attributes:
        link: The way to Live.
        track: From 1.
        slot: From 1.
        track_name: What the track was called when somebody looked.
    """

    link: LiveLink
    track: int
    slot: int
    track_name: str

    def __str__(self) -> str:
        return f"track {self.track} {self.track_name!r}, slot {self.slot}"

    async def look(self, *, like: LiveClip | None = None) -> tuple[str, LiveClip | None]:
        """Read the track's name and what the slot holds.

        Args:
            like: What is most likely there, None for most likely nothing. It is found out at one look of Live
                if that is so, and after some more if it is not.
        """
        _, name, clip = await self._found(like=like)
        return name, clip

    async def fingerprint(self, *, like: LiveClip | None = None) -> str:
        """Hash the track's name and the slot's content as they are now; ``like`` is as in ``look``."""
        name, clip = await self.look(like=like)
        named = known_as(self.track, name)
        return digest(named, await asyncio.to_thread(lambda: clip.digest) if clip else None)

    async def exchange(
        self, old: LiveClip | None, new: LiveClip | None
    ) -> tuple[LiveClip | None, LiveClip | None]:
        """Put ``new`` where ``old`` is and check that it is there.

        Returns:
            What Live holds then, and what it held before, with the settings it had at that moment.

        Raises:
            ClipError: ``new`` holds what cannot be sent; nothing was done.
            LinkError: It did not hold; what was there is there again.
            PartlyDone: It did not hold, and what was there could not be put back.
        """
        if new is not None:
            await asyncio.to_thread(new.check)
        there, name, now = await self._found(like=old)
        if not self._is_track(name) or not _same(now, old):
            raise LinkError(f"nothing was done: {self} is no longer as it was; look again", kind="refused")
        back = TakeBack(
            f"Put {now.name!r} back into {self}" if now else f"Empty {self} again",
            "What was there before could not be put back",
            lambda: self._put_back(now, written=new, seen=there.seen),
        )
        return await or_restored(self._replace(there, new, now), back), now

    async def fill(self, clip: LiveClip, *, seen: Seen) -> LiveClip | None:
        """Put a clip where nothing is, check, and give what Live holds then.

        Args:
            clip: What to write.
            seen: What must be around the slot.

        Raises:
            LinkError: ``refused``: there is something, or tracks have moved; or it did not hold, and a part of
                it may be there.
        """
        there, _, taken = await self.link.look(self.track, self.slot)
        if taken or there.seen != seen:
            text = f"nothing was written to {self}: tracks or scenes have moved; look again"
            raise LinkError(text, kind="refused")
        return await self._replace(there, clip, None)

    async def _found(self, *, like: LiveClip | None) -> tuple[Slot, str, LiveClip | None]:
        if like is None:
            slot, name, taken = await self.link.look(self.track, self.slot)
            return slot, name, await slot.content() if taken else None
        (slot, name, _), clip = await together(
            self.link.look(self.track, self.slot),
            Slot(self.link, self.track - 1, self.slot - 1).content(like=like),
        )
        return slot, name, clip

    async def _replace(self, slot: Slot, clip: LiveClip | None, old: LiveClip | None) -> LiveClip | None:
        """Write to a slot that was looked at immediately before, and held ``old`` then."""
        if clip is None:
            if old is not None:
                await slot.clear(name=old.name)
            return None
        await slot.write(clip, over=old is not None, name=old.name if old else None)
        held = await slot.content(like=clip)
        differences = await asyncio.to_thread(clip.differences, held) if held else ["the slot is empty"]
        if differences:
            text = f"Live does not hold what was written to {self}: {'; '.join(differences)}"
            raise LinkError(text, kind="refused")
        return held

    async def _put_back(self, old: LiveClip | None, *, written: LiveClip | None, seen: Seen | None) -> str:
        """Restore the slot, unless it has moved or somebody else has put something there since."""
        there, name, now = await self._found(like=old)
        if not self._is_track(name):
            raise LinkError(moved(name, self.track_name), kind="refused")
        if seen and there.seen and not seen.holds(there.seen):
            text = f"tracks or scenes were added, deleted or moved; what is in {self} was left alone"
            raise LinkError(text, kind="refused")
        if not _same(now, old, settings=True):
            if now is not None and not any(_is_part(now, clip) for clip in (written, old)):
                text = f"somebody has put {now.name!r} there; move it to another slot and try again"
                raise LinkError(text, kind="refused")
            await self._replace(there, old, now)
        return "What was there before is there."

    def _is_track(self, name: str) -> bool:
        return known_as(self.track, name) == known_as(self.track, self.track_name)


def _same(a: LiveClip | None, b: LiveClip | None, *, settings: bool = False) -> bool:
    if a is None or b is None:
        return a is b
    return a.facts == b.facts and (not settings or dict(a.settings) == dict(b.settings))


def _is_part(found: LiveClip, clip: LiveClip | None) -> bool:
    """Whether a clip is what is there after some of another was written."""
    if clip is None:
        return False
    starts = {(note.pitch, note.start) for note in clip.notes}
    return found.name in {"", clip.name} and starts.issuperset((n.pitch, n.start) for n in found.notes)
