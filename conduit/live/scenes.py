"""Scenes that a plan adds, and takes away again as long as nobody has used them."""

from __future__ import annotations

from dataclasses import dataclass

from conduit.engine.risk import Tier
from conduit.errors import LinkError
from conduit.live.link import LiveLink
from conduit.live.live_clip import check_name
from conduit.live.place import digest
from conduit.live.restore import finished, or_restored
from conduit.live.slots import one, together

__all__ = ["AddScene", "RemoveScene"]


@dataclass(frozen=True, slots=True)
class AddScene:
    """Add a scene at the end of the set.

    Attributes:
        link: The way to Live.
        name: The scene's name; empty leaves it without one.
        overwrites: Never.
        tier: How much it can change.
        notes: What to know before approving it; nothing.
    """

    link: LiveLink
    name: str = ""
    overwrites: bool = False
    tier: Tier = Tier.CONFIG_CHANGE
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_name(self.name, of="the new scene")

    @property
    def place(self) -> str:
        """Where, such as ``a new scene 'Drop'``."""
        return f"a new scene {self.name!r}" if self.name else "a new scene"

    @property
    def title(self) -> str:
        """One sentence that says what will happen, and where."""
        return f"Add {self.place} at the end"

    @property
    def lines(self) -> tuple[str, ...]:
        """What changes, a line each."""
        return (self.title,)

    async def fingerprint(self) -> str:
        """Hash nothing but its name: it touches nothing that is there."""
        return digest(self.place)

    async def apply(self) -> RemoveScene:
        """Add the scene, check that it is there, and give the change that takes it away.

        Raises:
            LinkError: It did not hold; the scene was removed, or the message says that it was not.
        """
        number = await _count(self.link) + 1
        return await or_restored(self._add(number), lambda: self._take_back(number))

    async def _add(self, number: int) -> RemoveScene:
        await finished(self.link.tell("/live/song/create_scene", -1))
        if await _count(self.link) != number:
            raise LinkError("Live made no scene: try again in a moment", kind="refused")
        if self.name:
            await self.link.tell("/live/scene/set/name", number - 1, self.name)
        made = RemoveScene(self.link, number, str(await one(self.link, "/live/scene/get/name", number - 1)))
        if self.name and made.name != self.name:
            raise LinkError(f"Live called the scene {made.name!r} instead of {self.name!r}", kind="refused")
        return made

    async def _take_back(self, number: int) -> str:
        try:
            if await _count(self.link) == number:
                await self.link.tell("/live/song/delete_scene", number - 1)
            left = await _count(self.link) >= number
        except LinkError as error:
            return f"A new scene {number} may be there: {error.message}"
        return f"The new scene {number} is still there." if left else "No scene was left behind."


@dataclass(frozen=True, slots=True)
class RemoveScene:
    """Delete a scene that ``AddScene`` made, as long as it is empty and bears its name.

    Attributes:
        link: The way to Live.
        number: The scene's, from 1.
        name: Its name.
        overwrites: Always: the scene is there.
        tier: How much it can change.
        notes: What to know before doing it; nothing.
    """

    link: LiveLink
    number: int
    name: str
    overwrites: bool = True
    tier: Tier = Tier.CONFIG_CHANGE
    notes: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Which scene, such as ``scene 9 'Drop'``."""
        return f"scene {self.number} {self.name!r}" if self.name else f"scene {self.number}"

    @property
    def title(self) -> str:
        """One sentence that says what will happen, and where."""
        return f"Delete {self.place}, which is empty"

    @property
    def lines(self) -> tuple[str, ...]:
        """What changes, a line each."""
        return (self.title,)

    async def fingerprint(self) -> str:
        """Hash the scene's name and whether it is empty."""
        return digest(*await self._look())

    async def apply(self) -> AddScene:
        """Delete the scene, check that it is gone, and give the change that makes it again.

        Raises:
            LinkError: ``refused``: it is another or holds clips, or Live kept it.
        """
        count = await _count(self.link)
        if await self._look() != (self.name, True):
            text = f"{self.place} was not deleted: it is no longer empty, or scenes have moved"
            raise LinkError(text, kind="refused")
        await self.link.tell("/live/song/delete_scene", self.number - 1)
        if await _count(self.link) != count - 1:
            raise LinkError(f"Live did not delete {self.place}", kind="refused")
        return AddScene(self.link, self.name)

    async def _look(self) -> tuple[str, bool]:
        name, is_empty = await together(
            *(one(self.link, f"/live/scene/get/{what}", self.number - 1) for what in ("name", "is_empty"))
        )
        return str(name), bool(is_empty)


async def _count(link: LiveLink) -> int:
    return int(await one(link, "/live/song/get/num_scenes"))
