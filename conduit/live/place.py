"""A slot that a change is about: looked at, written, checked, and put back when something fails."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass

from conduit.errors import LinkError
from conduit.live.link import LiveLink
from conduit.live.live_clip import LiveClip
from conduit.live.restore import or_restored
from conduit.live.slots import moved

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

    async def look(self) -> tuple[str, LiveClip | None]:
        """Read the track's name and what the slot holds."""
        slot, name, taken = await self.link.look(self.track, self.slot)
        return name, await slot.content() if taken else None

    async def fingerprint(self) -> str:
        """Hash the track's name and the slot's content as they are now."""
        name, clip = await self.look()
        return digest(name, await asyncio.to_thread(lambda: clip.digest) if clip else None)

    async def exchange(self, old: LiveClip | None, new: LiveClip | None) -> LiveClip | None:
        """Put ``new`` where ``old`` is, check that it is there, and give what Live holds then.

        Raises:
            ClipError: ``new`` holds what cannot be sent; nothing was done.
            LinkError: It did not hold; the message says whether ``old`` was put back.
        """
        name, now = await self.look()
        if name != self.track_name or not _same(now, old):
            raise LinkError(f"nothing was done: {self} is no longer as it was; look again", kind="refused")
        if new is not None:
            await asyncio.to_thread(new.check)
        return await or_restored(self.put(new), lambda: self._put_back(old))

    async def put(self, clip: LiveClip | None) -> LiveClip | None:
        """Replace whatever is there, check, and give what Live holds then.

        Raises:
            LinkError: It did not hold; a part of it may be there.
        """
        slot, name, taken = await self.link.look(self.track, self.slot)
        if name != self.track_name:
            text = f"track {self.track} cannot be used: {moved(name, self.track_name)}"
            raise LinkError(text, kind="refused")
        if taken:
            await slot.clear()
        if clip is None:
            return None
        await slot.write(clip)
        held = await slot.read()
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
