"""Devices that a plan loads onto a track through the browser, and takes off again.

AbletonOSC itself has no way to the browser; a fork of it has (``endpoints`` marks its addresses). It loads onto
the selected track, so the selection is put there and back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from conduit.engine.risk import Tier
from conduit.errors import LinkError
from conduit.live.link import LiveLink
from conduit.live.place import digest
from conduit.live.restore import TakeBack, finished, or_restored
from conduit.live.slots import moved, one
from conduit.live.snapshot import DeviceName, TrackSnapshot, known_as

__all__ = ["LOADS", "LoadDevice", "RemoveDevice", "search"]

LOADS = (
    "instrument",
    "drum_kit",
    "audio_effect",
    "midi_effect",
    "sound",
    "plugin",
    "max_device",
    "user_preset",
)
"""What can be loaded by name."""

_INSTRUMENTS = {"instrument", "drum_kit", "sound"}
_NO_BROWSER = (
    "this AbletonOSC cannot reach Live's browser: load {what} by hand, or install the fork "
    "smithclay/AbletonOSC, which can"
)


async def search(link: LiveLink, text: str) -> tuple[str, ...]:
    """Give the names of what Live's browser finds.

    Raises:
        LinkError: ``refused``: this AbletonOSC has no way to the browser.
    """
    if not await link.has_fork():
        raise LinkError(_NO_BROWSER.format(what="what you look for"), kind="refused")
    found = await link.ask("/live/browser/search", text)  # pairs of category and name
    return tuple(map(str, found[1::2]))


@dataclass(frozen=True, slots=True)
class LoadDevice:
    """Load a device onto a track. Make one with ``plan``.

    Attributes:
        link: The way to Live.
        track: From 1.
        track_name: What the track was called when somebody looked.
        kind: One of ``LOADS``.
        name: What to load, as the browser calls it.
        devices: What is on the track now.
        overwrites: Never: where something would be replaced there is no plan.
        tier: How much it can change.
        notes: What to know before approving it; nothing.
    """

    looks: ClassVar[bool] = True
    link: LiveLink
    track: int
    track_name: str
    kind: str
    name: str
    devices: tuple[DeviceName, ...]
    overwrites: bool = False
    tier: Tier = Tier.CONFIG_CHANGE
    notes: tuple[str, ...] = ()

    @classmethod
    async def plan(cls, link: LiveLink, *, track: int, kind: str, name: str) -> LoadDevice:
        """Look at the track and plan to load something onto it.

        Raises:
            ValueError: The track is below 1.
            LinkError: ``refused``: there is no way to the browser, no such kind or track, or the track has an
                instrument already, which loading another would replace for good.
        """
        if kind not in LOADS:
            raise LinkError(f"there is no loading of {kind!r}: choose of {', '.join(LOADS)}", kind="refused")
        if not await link.has_fork():
            raise LinkError(_NO_BROWSER.format(what=repr(name)), kind="refused")
        found = await link.track(track)
        _check_room(found, kind)
        return cls(link, track, found.name, kind, name, found.devices)

    @property
    def place(self) -> str:
        """Where, such as ``track 2 'Bass'``."""
        return f"track {self.track} {self.track_name!r}"

    @property
    def title(self) -> str:
        """One sentence that says what will happen, and where."""
        return f"Load {self.name!r} onto {self.place}"

    @property
    def lines(self) -> tuple[str, ...]:
        """What changes, a line each."""
        return (self.title,)

    async def fingerprint(self) -> str:
        """Hash the track's name and its devices as they are now."""
        found = await self.link.track(self.track)
        return digest(known_as(self.track, found.name), found.devices)

    async def apply(self) -> RemoveDevice:
        """Load it, check that the track has one device more, and give the change that takes it off.

        What it takes for there is what is there at that moment, so that several can be loaded in one plan.

        Raises:
            LinkError: It did not hold; the track is as it was.
            PartlyDone: It did not hold, and something may have been left on the track.
        """
        found = await self.link.track(self.track)
        if known_as(self.track, found.name) != known_as(self.track, self.track_name):
            text = (
                f"nothing was loaded: track {self.track} cannot be used: {moved(found.name, self.track_name)}"
            )
            raise LinkError(text, kind="refused")
        _check_room(found, self.kind)
        seen = replace(self, devices=found.devices)
        back = TakeBack(
            f"Take {self.name!r} off {self.place}",
            "The track may not be as it was",
            seen._take_off,  # noqa: SLF001  its own kind
        )
        return await or_restored(seen._load(), back)  # noqa: SLF001  its own kind

    async def _load(self) -> RemoveDevice:
        selected = await one(self.link, "/live/view/get/selected_track")
        try:
            await self.link.tell("/live/view/set/selected_track", self.track - 1)
            told = await self.link.call(f"/live/browser/load_{self.kind}", self.name)
        finally:
            await finished(self.link.tell("/live/view/set/selected_track", selected))
        if not told:
            text = f"Live's browser has no {self.kind.replace('_', ' ')} called {self.name!r}"
            raise LinkError(text, kind="refused")
        number, device = await self._loaded()
        made = RemoveDevice(self.link, self, number, device)
        return RemoveDevice(self.link, self, number, device, await made.fingerprint())

    async def _loaded(self) -> tuple[int, DeviceName]:
        """Find the device that is there now and was not before; its number from 1."""
        now = (await self.link.track(self.track)).devices
        if len(now) != len(self.devices) + 1:
            raise LinkError(
                f"Live says that it loaded {self.name!r}, but {self.place} has {len(now)} devices",
                kind="refused",
            )
        index = next(
            (i for i, (a, b) in enumerate(zip(now, self.devices, strict=False)) if a != b), len(now) - 1
        )
        return index + 1, now[index]

    async def _take_off(self) -> str:
        found = await self.link.track(self.track)
        if found.devices == self.devices:
            return "The track is as it was."
        number, _ = await self._loaded()
        await _delete(self.link, self.track, number)
        return "What was loaded was taken off again."


@dataclass(frozen=True, slots=True)
class RemoveDevice:
    """Take a device off a track that ``LoadDevice`` put there, as long as nobody has touched it.

    Attributes:
        link: The way to Live.
        made_by: What loaded it.
        number: Its place on the track, from 1.
        device: What it is.
        base: Fingerprint of it as it was loaded.
        overwrites: Always: the device is there.
        tier: How much it can change.
        notes: What to know before doing it; nothing.
    """

    looks: ClassVar[bool] = True
    link: LiveLink
    made_by: LoadDevice
    number: int
    device: DeviceName
    base: str = ""
    overwrites: bool = True
    tier: Tier = Tier.CONFIG_CHANGE
    notes: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Where, such as ``track 2 'Bass'``."""
        return self.made_by.place

    @property
    def title(self) -> str:
        """One sentence that says what will happen, and where."""
        return f"Take {self.device.name!r} off {self.place}"

    @property
    def lines(self) -> tuple[str, ...]:
        """What changes, a line each."""
        return (self.title,)

    async def fingerprint(self) -> str:
        """Hash the track's name, the device's and its parameters as they are now."""
        found = await self.link.track(self.made_by.track)
        named = known_as(found.number, found.name)
        if named != known_as(found.number, self.made_by.track_name):
            raise LinkError(moved(found.name, self.made_by.track_name), kind="refused")
        values = await self.link.ask(
            "/live/device/get/parameters/value", self.made_by.track - 1, self.number - 1
        )
        return digest(named, found.devices, values)

    async def apply(self) -> LoadDevice:
        """Take it off, check that it is gone, and give the change that loads it again.

        Raises:
            LinkError: ``refused``: it is no longer as it was loaded, or Live kept it.
            PartlyDone: It is not known whether it is gone.
        """
        if await self.fingerprint() != self.base:
            text = f"{self.device.name!r} was not taken off {self.place}: something there was changed since"
            raise LinkError(text, kind="refused")
        back = TakeBack(
            f"Load {self.device.name!r} onto {self.place} again",
            f"{self.device.name!r} may be gone from {self.place}",
            self._load_again,
        )
        await or_restored(self._take_off(), back)
        return self.made_by

    async def _take_off(self) -> None:
        await _delete(self.link, self.made_by.track, self.number)
        if (await self.link.track(self.made_by.track)).devices != self.made_by.devices:
            raise LinkError(f"Live did not take {self.device.name!r} off {self.place}", kind="refused")

    async def _load_again(self) -> str:
        if (await self.link.track(self.made_by.track)).devices == self.made_by.devices:
            await self.made_by.apply()
        return f"{self.device.name!r} is on {self.place}."


def _check_room(track: TrackSnapshot, kind: str) -> None:
    """Make sure that nothing would be replaced or could not sound.

    Raises:
        LinkError: ``refused``, with what to do instead.
    """
    place = f"track {track.number} {track.name!r}"
    if kind in _INSTRUMENTS and track.has_instrument:
        text = f"{place} has an instrument, and loading another would replace it for good: use a new track"
        raise LinkError(text, kind="refused")
    if kind in {*_INSTRUMENTS, "midi_effect"} and not track.is_midi:
        raise LinkError(f"{place} is an audio track: choose a MIDI track", kind="refused")


async def _delete(link: LiveLink, track: int, device: int) -> None:
    await link.tell("/live/track/delete_device", track - 1, device - 1)
