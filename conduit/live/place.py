"""A slot that a change is about: looked at, written, checked, and put back when something fails."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass

from conduit.errors import LinkError
from conduit.live.link import LiveLink
from conduit.live.live_clip import LiveClip
from conduit.live.restore import or_restored
from conduit.live.slots import Slot, moved, together

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
        if like is None:
            slot, name, taken = await self.link.look(self.track, self.slot)
            return name, await slot.content() if taken else None
        (_, name, _), clip = await together(
            self.link.look(self.track, self.slot),
            Slot(self.link, self.track - 1, self.slot - 1).content(like=like),
        )
        return name, clip

    async def fingerprint(self, *, like: LiveClip | None = None) -> str:
        """Hash the track's name and the slot's content as they are now; ``like`` is as in ``look``."""
        name, clip = await self.look(like=like)
        return digest(name, await asyncio.to_thread(lambda: clip.digest) if clip else None)

    async def exchange(self, old: LiveClip | None, new: LiveClip | None) -> LiveClip | None:
        """Put ``new`` where ``old`` is, check that it is there, and give what Live holds then.

        Raises:
            ClipError: ``new`` holds what cannot be sent; nothing was done.
            LinkError: It did not hold; the message says whether ``old`` was put back.
        """
        if new is not None:
            await asyncio.to_thread(new.check)
        name, now = await self.look(like=old)
        if name != self.track_name or not _same(now, old):
            raise LinkError(f"nothing was done: {self} is no longer as it was; look again", kind="refused")
        return await or_restored(self._replace(new, taken=old is not None), lambda: self._put_back(old))

    async def put(self, clip: LiveClip | None) -> LiveClip | None:
        """Replace whatever is there, check, and give what Live holds then.

        Raises:
            LinkError: It did not hold; a part of it may be there.
        """
        _, name, taken = await self.link.look(self.track, self.slot)
        if name != self.track_name:
            text = f"track {self.track} cannot be used: {moved(name, self.track_name)}"
            raise LinkError(text, kind="refused")
        return await self._replace(clip, taken=taken)

    async def _replace(self, clip: LiveClip | None, *, taken: bool) -> LiveClip | None:
        """Write to a slot that was looked at immediately before."""
        slot = Slot(self.link, self.track - 1, self.slot - 1)
        if clip is None:
            if taken:
                await slot.clear()
            return None
        await slot.write(clip, over=taken)
        held = await slot.content(like=clip)
        differences = await asyncio.to_thread(clip.differences, held) if held else ["the slot is empty"]
        if differences:
            text = f"Live does not hold what was written to {self}: {'; '.join(differences)}"
            raise LinkError(text, kind="refused")
        return held

    async def _put_back(self, old: LiveClip | None) -> str:
        try:
            if not _same((await self.look())[1], old):
                await self.put(old)
        except LinkError as error:
            return f"What was there before could not be put back: {error.message}"
        return "What was there before is there."


def _same(a: LiveClip | None, b: LiveClip | None) -> bool:
    return a.facts == b.facts if a and b else a is b
