"""Values of a Live set that a plan changes together: tempo, mixer, names, colours, parameters of devices.

What a value belongs to is known by its names, which are looked at again before anything is written. What was
there is read before, what Live made of it after; when a part does not hold, all of it is put back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from conduit.engine.risk import Tier
from conduit.errors import LinkError
from conduit.live.link import LiveLink
from conduit.live.live_clip import check_name
from conduit.live.osc import Value
from conduit.live.place import digest
from conduit.live.restore import TakeBack, or_restored
from conduit.live.setting import Setting
from conduit.live.setting_order import in_order, in_order_of_undo, resets, steps, within_step
from conduit.live.slots import batched, one, together
from conduit.live.snapshot import known_as

__all__ = ["SetValues"]

_WRITES_AT_ONCE = 16
_TOLERANCE = 1e-4
_SNAPPED = {"color", "color_index"}  # Live takes the nearest of its palette
_NO_TRACK = {"song", "scene"}
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

    looks: ClassVar[bool] = True
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
            ClipError: A name or text cannot be sent to Live.
            LinkError: ``refused``: there is no such thing in the set, or it has no such value.
        """
        wanted = tuple(in_order(settings))
        for setting in wanted:
            if isinstance(setting.value, str):
                check_name(setting.value, of=setting.label)
        names, old = await _read_or_say(link, wanted)
        for setting, value, name in zip(wanted, old, names, strict=True):
            if value is None:
                text = (
                    f"{_called(setting, name)} cannot be set: it has none, and could not be given back none"
                )
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
        names, values = await _read(self.link, self.settings)
        return digest(_known(self.settings, names), values)

    async def apply(self) -> SetValues:
        """Set the values, read them back, and give the change that restores them.

        Raises:
            LinkError: It did not hold; what was there is there again.
            PartlyDone: It did not hold, and what was there could not be put back.
        """
        names, now = await _read(self.link, self.settings)
        if _known(self.settings, names) != _known(self.settings, self.names) or now != self.old:
            text = f"nothing was done: {self.place} is no longer as it was; look again"
            raise LinkError(text, kind="refused")
        seen: list[Setting] = []
        back = TakeBack(
            f"Put back {self.place}",
            "What was there before could not be put back",
            lambda: self._put_back(seen),
        )
        return await or_restored(self._set(seen), back)

    async def _set(self, seen: list[Setting]) -> SetValues:
        """Set the values; note what was there when the turn of each came, before it is set."""
        along = resets(self.settings)
        seen += _having(along, (await _read(self.link, along))[1])
        await _in_steps(self.link, self.settings, seen)
        back = in_order_of_undo(seen)
        names, held = await _read(self.link, back)
        return SetValues(self.link, tuple(back), held, names)

    async def _put_back(self, seen: Sequence[Setting]) -> str:
        """Set what was seen, if the things are still the same ones."""
        names = (await _read(self.link, self.settings))[0]
        ours = {setting.value for setting in self.settings if setting.name == "name"}
        for setting, found, wanted in zip(self.settings, names, self.names, strict=True):
            pairs = zip(_known([setting], [found])[0], _known([setting], [wanted])[0], strict=True)
            if any(one != other and one not in ours for one, other in pairs):
                text = f"{_called(setting, wanted)} is {_called(setting, found)} now; look again"
                raise LinkError(text, kind="refused")
        await _in_steps(self.link, in_order_of_undo(seen), [])
        return "What was there before is there."


async def _in_steps(link: LiveLink, settings: Sequence[Setting], seen: list[Setting]) -> None:
    """Set values, step by step, and make sure that Live holds them; note before what was there.

    Raises:
        LinkError: One does not hold.
    """
    for step in steps(settings):
        before = (await _read(link, step))[1]
        seen += _having(step, before)
        await _write(link, [s for s in within_step(step, before) if s not in _having(step, before)])
        names, held = await _read(link, step)
        for setting, name, got in zip(step, names, held, strict=True):
            if setting.name not in _SNAPPED and not _same(setting.value, got):
                text = (
                    f"Live does not hold what was set: {_called(setting, name)} is {setting.shown(got)} "
                    f"instead of {setting.shown(setting.value)}"
                )
                raise LinkError(text, kind="refused", address=setting.setter)


def _having(settings: Sequence[Setting], values: Sequence[Value]) -> list[Setting]:
    return [replace(setting, value=value) for setting, value in zip(settings, values, strict=True)]


def _known(settings: Sequence[Setting], names: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Give what things are known by: their names, but not those that Live gives tracks."""
    return [
        (known_as(setting.numbers[0], name[0]), *name[1:]) if setting.thing not in _NO_TRACK else name
        for setting, name in zip(settings, names, strict=True)
    ]


async def _read_or_say(
    link: LiveLink, settings: Sequence[Setting]
) -> tuple[tuple[tuple[str, ...], ...], tuple[Value, ...]]:
    """Read as ``_read``; where something is not there, say what.

    Raises:
        LinkError: It is not there.
    """
    try:
        return await _read(link, settings)
    except LinkError as error:
        if error.kind != "refused":
            raise
    for setting in settings:
        try:
            await _read(link, [setting])
        except LinkError as error:
            text = f"{setting.label} cannot be set: {error.message}"
            raise LinkError(text, kind=error.kind, address=error.address) from error
    return await _read(link, settings)  # it is there after all


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
    """Send settings. A track's name that is as Live would give it is left to Live where that comes to the same."""
    given = [s for s in settings if s.thing == "track" and s.name == "name" and not known_as(*_named(s))]
    writes = [replace(setting, value="") if setting in given else setting for setting in settings]
    for some in batched(writes, _WRITES_AT_ONCE):
        await link.tell_all(*((setting.setter, *setting.ids, setting.value) for setting in some))
    if given:
        now = (await _read(link, given))[1]
        wrong = [setting for setting, name in zip(given, now, strict=True) if name != setting.value]
        if wrong:
            await link.tell_all(*((setting.setter, *setting.ids, setting.value) for setting in wrong))


def _named(setting: Setting) -> tuple[int, str]:
    return setting.numbers[0], str(setting.value)


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
