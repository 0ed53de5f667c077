"""Scenes that a plan adds, and takes away again as long as nobody has used them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from conduit.engine.risk import Tier
from conduit.errors import LinkError
from conduit.live.link import LiveLink
from conduit.live.live_clip import check_name
from conduit.live.place import digest
from conduit.live.restore import TakeBack, finished, or_restored
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

    looks: ClassVar[bool] = True
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
            LinkError: It did not hold; the scene was removed.
            PartlyDone: It did not hold, and a scene may have been left.
        """
        number = await _count(self.link) + 1
        back = TakeBack(
            f"Delete the scene {number} that was made",
            f"A new scene {number} may be there",
            lambda: self._take_back(number),
        )
        return await or_restored(self._add(number), back)

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
        """Delete the scene, unless somebody has used it since."""
        if await _count(self.link) < number:
            return "No scene was left behind."
        name, is_empty = await _look(self.link, number)
        if name not in {"", self.name} or not is_empty:
            text = f"scene {number} {name!r} is in use; delete it by hand if it is not wanted"
            raise LinkError(text, kind="refused")
        await _delete(self.link, number)
        return "The new scene was removed."


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

    looks: ClassVar[bool] = True
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
        return digest(*await _look(self.link, self.number))

    async def apply(self) -> AddScene:
        """Delete the scene, check that it is gone, and give the change that makes it again.

        Raises:
            LinkError: ``refused``: it is another or holds clips, or Live kept it.
            PartlyDone: It is not known whether it is gone.
        """
        if await _look(self.link, self.number) != (self.name, True):
            text = f"{self.place} was not deleted: it is no longer empty, or scenes have moved"
            raise LinkError(text, kind="refused")
        back = TakeBack(f"Make {self.place} again", f"{self.place} may be gone", self._make_again)
        await or_restored(_delete(self.link, self.number), back)
        return AddScene(self.link, self.name)

    async def _make_again(self) -> str:
        if await _count(self.link) < self.number:
            await AddScene(self.link, self.name).apply()
        return f"{self.place} is there."


async def _look(link: LiveLink, number: int) -> tuple[str, bool]:
    """Give a scene's name, and whether it is empty."""
    name, is_empty = await together(
        *(one(link, f"/live/scene/get/{what}", number - 1) for what in ("name", "is_empty"))
    )
    return str(name), bool(is_empty)


async def _delete(link: LiveLink, number: int) -> None:
    count = await _count(link)
    await link.tell("/live/song/delete_scene", number - 1)
    if await _count(link) != count - 1:
        raise LinkError(f"Live did not delete scene {number}", kind="refused")


async def _count(link: LiveLink) -> int:
    return int(await one(link, "/live/song/get/num_scenes"))
