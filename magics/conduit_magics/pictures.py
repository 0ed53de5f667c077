"""What the cells of a session grid hold: read clip by clip, and read again, as nobody tells that notes changed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

from conduit.errors import ConduitError
from conduit.live import SetSnapshot, SlotSnapshot
from conduit.music import Clip

__all__ = ["Pictures"]

_MOST = 64
_AT_ONCE = 8

Place = tuple[int, int]


class Pictures:
    """The clips of a set as they were last read.

    Args:
        pull: Reads the clip in a slot.

    Attributes:
        opened: The place that a person works at, whose clip is read again each time; None where there is none.
    """

    def __init__(self, pull: Callable[[int, int], Awaitable[Clip]]) -> None:
        self.opened: Place | None = None
        self._pull = pull
        self._known: dict[Place, tuple[SlotSnapshot, Clip]] = {}

    async def read(self, now: SetSnapshot) -> AsyncIterator[dict[Place, Clip]]:
        """Read the clips that are others than before, one that has stood longest, and the one a person works at.

        Args:
            now: The set; of its MIDI clips the first 64 are read.

        Yields:
            All that is known, by track and slot, whenever there is more of it.
        """
        held = _held(now)
        gone = {place for place, (slot, _) in self._known.items() if held.get(place) != slot}
        for place in gone:
            del self._known[place]
        wanted = [place for place in held if place not in self._known]
        # The first of a dict has stood longest: what is read goes to its end.
        again = [*([self.opened] if self.opened else []), *list(self._known)[:1]]
        wanted += [place for place in dict.fromkeys(again) if place in self._known]
        changed = bool(gone)
        for number, place in enumerate(wanted, 1):
            changed |= await self._read(place, held[place])
            if changed and (number % _AT_ONCE == 0 or number == len(wanted)):
                changed = False
                yield self._clips
        if changed:
            yield self._clips

    @property
    def _clips(self) -> dict[Place, Clip]:
        return {place: clip for place, (_, clip) in self._known.items()}

    async def _read(self, place: Place, slot: SlotSnapshot) -> bool:
        """Read one clip; whether it is another than before."""
        _, before = self._known.pop(place, (slot, None))
        try:
            clip = await self._pull(*place)
        except ConduitError:
            return before is not None  # it has gone meanwhile; the next snapshot says so
        self._known[place] = slot, clip
        return clip != before


def _held(now: SetSnapshot) -> dict[Place, SlotSnapshot]:
    found = {
        (track.number, number): slot
        for track in now.midi_tracks
        for number, slot in enumerate(track.slots, 1)
        if slot is not None
    }
    return dict(list(found.items())[:_MOST])
