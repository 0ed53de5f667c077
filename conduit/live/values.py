"""Values of a Live set that a plan changes together: tempo, mixer, names, colours, parameters of devices.

What a value belongs to is known by its names, which are looked at again before anything is written. What was
there is read before, what Live made of it after; when a part does not hold, all of it is put back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from conduit.engine.risk import Tier
from conduit.errors import LinkError
from conduit.live.link import LiveLink
from conduit.live.osc import Value
from conduit.live.place import digest
from conduit.live.restore import or_restored
from conduit.live.setting import Setting
from conduit.live.slots import batched, one, together

__all__ = ["SetValues"]

_WRITES_AT_ONCE = 16
_TOLERANCE = 1e-4
_SNAPPED = {"color", "color_index"}  # Live takes the nearest of its palette
_NAMED: dict[str, tuple[tuple[str, int], ...]] = {  # what a thing is known by: an address, and its ids
    "track": (("/live/track/get/name", 1),),
    "send": (("/live/track/get/name", 1),),
    "scene": (("/live/scene/get/name", 1),),
    "clip": (("/live/track/get/name", 1), ("/live/clip/get/name", 2)),
    "clip_slot": (("/live/track/get/name", 1),),
    "parameter": (
        ("/live/track/get/name", 1),
        ("/live/device/get/name", 2),
        ("/live/device/get/parameter/name", 3),
    ),
    "song": (),
}


@dataclass(frozen=True, slots=True)
class SetValues:
    """Set values. Make one with ``plan``.

    Attributes:
        link: The way to Live.
        settings: What shall be.
        old: What is, in the same order.
        names: What each thing is called, in the same order: its track, and its clip, or its device and parameter.
        tier: How much it can change.
        notes: What to know before approving it, a sentence each.
    """

    link: LiveLink
    settings: tuple[Setting, ...]
    old: tuple[Value, ...]
    names: tuple[tuple[str, ...], ...]
    tier: Tier = Tier.CONFIG_CHANGE
    notes: tuple[str, ...] = ()

    @classmethod
    async def plan(cls, link: LiveLink, settings: Iterable[Setting]) -> SetValues:
        """Read what is there and plan to change it. Of two settings of one value the later counts.

        Args:
            link: The way to Live.
            settings: What shall be; at least one.

        Raises:
            LinkError: ``refused``: there is no such thing in the set, or it has no such value.
        """
        wanted = tuple({(s.setter, s.numbers): s for s in settings}.values())
        names, old = await _read(link, wanted)
        for setting, value, name in zip(wanted, old, names, strict=True):
            if value is None:
                text = f"{_called(setting, name)} cannot be set: Live has no such value there"
                raise LinkError(text, kind="refused", address=setting.setter)
        return cls(link, wanted, old, names)

    @property
    def lines(self) -> tuple[str, ...]:
        """What changes, a line each, such as ``volume of track 2 'Bass': 0.85 → 0.7``."""
        return tuple(
            f"{_called(setting, name)}: {setting.shown(old)} → {setting.shown(_like(old, setting.value))}"
            for setting, old, name in zip(self.settings, self.old, self.names, strict=True)
        )

    @property
    def place(self) -> str:
        """Where, in words."""
        first = _called(self.settings[0], self.names[0])
        more = len(self.settings) - 1
        return f"{first} and {more} more value{'s' * (more > 1)}" if more else first

    @property
    def title(self) -> str:
        """One sentence that says what will happen, and where."""
        return f"Set {self.lines[0]}" if len(self.lines) == 1 else f"Change {self.place}"

    @property
    def overwrites(self) -> bool:
        """Always: a value is there."""
        return True

    async def fingerprint(self) -> str:
        """Hash the names of what it touches and the values as they are now."""
        return digest(*await _read(self.link, self.settings))

    async def apply(self) -> SetValues:
        """Set the values, read them back, and give the change that restores them.

        Raises:
            LinkError: It did not hold; the message says whether what was there is there again.
        """
        if await _read(self.link, self.settings) != (self.names, self.old):
            text = f"nothing was done: {self.place} is no longer as it was; look again"
            raise LinkError(text, kind="refused")
        held = await or_restored(self._set(), self._put_back)
        back = tuple(replace(s, value=value) for s, value in zip(self.settings, self.old, strict=True))
        return SetValues(self.link, tuple(reversed(back)), tuple(reversed(held)), await self._renamed())

    async def _set(self) -> tuple[Value, ...]:
        await _write(self.link, self.settings)
        held = (await _read(self.link, self.settings))[1]
        for setting, name, got in zip(self.settings, self.names, held, strict=True):
            if setting.name not in _SNAPPED and not _same(setting.value, got):
                text = (
                    f"Live does not hold what was set: {_called(setting, name)} is {setting.shown(got)} "
                    f"instead of {setting.shown(setting.value)}"
                )
                raise LinkError(text, kind="refused", address=setting.setter)
        return held

    async def _renamed(self) -> tuple[tuple[str, ...], ...]:
        """Give the names as they are now, in the order of the inverse: one of the values may be a name."""
        return tuple(reversed((await _read(self.link, self.settings))[0]))

    async def _put_back(self) -> str:
        back = [replace(s, value=value) for s, value in zip(self.settings, self.old, strict=True)]
        try:
            await _write(self.link, list(reversed(back)))
            if (await _read(self.link, self.settings))[1] == self.old:
                return "What was there before is there."
        except LinkError as error:
            return f"What was there before could not be put back: {error.message}"
        return "What was there before could not be put back."


async def _read(
    link: LiveLink, settings: Sequence[Setting]
) -> tuple[tuple[tuple[str, ...], ...], tuple[Value, ...]]:
    """Read the names and the values of all in the same breath."""
    asks = [
        (address, setting.ids[:n_ids]) for setting in settings for address, n_ids in _NAMED[setting.thing]
    ]
    asks += [(setting.getter, setting.ids) for setting in settings]
    unique = list(dict.fromkeys(asks))
    found = await together(*(one(link, address, *ids) for address, ids in unique))
    answers = dict(zip(unique, found, strict=True))
    names = tuple(
        tuple(str(answers[address, setting.ids[:n_ids]]) for address, n_ids in _NAMED[setting.thing])
        for setting in settings
    )
    return names, tuple(answers[setting.getter, setting.ids] for setting in settings)


async def _write(link: LiveLink, settings: Sequence[Setting]) -> None:
    for some in batched(settings, _WRITES_AT_ONCE):
        await link.tell_all(*((setting.setter, *setting.ids, setting.value) for setting in some))


def _called(setting: Setting, names: Sequence[str]) -> str:
    """Say what is meant, with its names."""
    match setting.thing, names:
        case "parameter", (track, device, parameter):
            return f"{parameter!r} of {device!r} on track {setting.numbers[0]} {track!r}"
        case "clip", (track, clip):
            place = f"track {setting.numbers[0]} {track!r} slot {setting.numbers[1]}"
            return f"{setting.word} of the clip {clip!r}, {place}"
        case "send", (track,):
            return f"send {setting.numbers[1]} of track {setting.numbers[0]} {track!r}"
        case _, (name,):
            return f"{setting.label} {name!r}" if name else setting.label
    return setting.label


def _like(old: Value, new: Value) -> Value:
    return bool(new) if isinstance(old, bool) else new


def _same(wanted: Value, got: Value) -> bool:
    if isinstance(wanted, int | float) and isinstance(got, int | float):
        return abs(wanted - got) <= _TOLERANCE * max(1.0, abs(wanted))
    return wanted == got
