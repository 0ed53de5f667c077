"""Reading and writing the clip of one slot over AbletonOSC, whatever its size.

What does not depend on another answer is asked in the same breath: Live looks at its socket about every 0.1 s.
Notes are written in pieces small enough for every receiver; ``note_windows`` reads them. Indices count from 0
here; ``link`` alone speaks to callers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from types import MappingProxyType
from typing import Any

from conduit.errors import LinkError
from conduit.live.asking import Asker, batched, every, one, sure, together
from conduit.live.guards import Check, Seen, tell_checked
from conduit.live.live_clip import LiveClip, LiveNote
from conduit.live.note_windows import (
    NOTES_A_DATAGRAM,
    WHOLE,
    end_of,
    read_all,
    read_whole,
    read_windows,
    windows_like,
)
from conduit.live.osc import Value

__all__ = ["Asker", "Slot", "batched", "every", "moved", "one", "sure", "together"]

_NOTE_WRITES_AT_ONCE = 4  # about 25 kB; Windows gives a socket 64 kB unless it asks for more
_SETTINGS = ("color", "muted", "launch_mode", "launch_quantization", "legato", "velocity_amount")
_SHAPE = ("name", "loop_start", "loop_end", "start_marker", "end_marker", "looping", "is_midi_clip")

_Write = tuple[Value, ...]


def moved(name: str, wanted: str) -> str:
    """Say that a track is not the one that was meant."""
    return f"it is {name!r} now, not {wanted!r}; tracks have moved, so look again"


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot, by index.

    Args:
        live: Carries the messages.
        track: Index from 0.
        scene: Index from 0.
        seen: What was around it when somebody looked; None where that was not asked.
    """

    live: Asker
    track: int
    scene: int
    seen: Seen | None = None

    def __str__(self) -> str:
        return f"track {self.track + 1}, slot {self.scene + 1}"

    async def track_name(self) -> str:
        """Give the name of the slot's track."""
        return str(await one(self.live, "/live/track/get/name", self.track))

    async def is_midi(self) -> bool:
        """Whether the slot's track takes MIDI clips."""
        return bool(await one(self.live, "/live/track/get/has_midi_input", self.track))

    async def has_clip(self) -> bool:
        """Whether there is a clip."""
        return bool(await one(self.live, "/live/clip_slot/get/has_clip", self.track, self.scene))

    async def read(self) -> LiveClip | None:
        """Read the clip, all of it, or None when the slot is empty."""
        return await self.content() if await self.has_clip() else None

    async def content(self, *, like: LiveClip | None = None) -> LiveClip | None:
        """Read the clip, as ``read``, where there most likely is one: Live is slow at saying no.

        Args:
            like: What is most likely there. Then its notes are read in as few looks of Live as they need.
        """
        names = (*_SHAPE, *_SETTINGS)
        windows = windows_like(like.notes if like else ())
        reading = (
            read_whole(self.live, self._place)
            if windows == [WHOLE]
            else read_windows(self.live, self._place, windows)
        )
        *values, taken, notes = await every(*map(self._get, names), self.has_clip(), reading)
        if not sure([taken])[0]:
            return None
        found = dict(zip(names, sure(values), strict=True))
        if not found["is_midi_clip"]:
            text = f"{found['name']!r} is an audio clip; only MIDI clips can be read"
            raise LinkError(text, kind="refused")
        loop = (float(found["loop_start"]), float(found["loop_end"]))
        markers = (float(found["start_marker"]), float(found["end_marker"]))
        end = max(loop[1], markers[1])
        if isinstance(notes, LinkError) or end > end_of(windows):
            notes = await read_all(self.live, self._place, end=end)
        settings = MappingProxyType({name: found[name] for name in _SETTINGS})
        held: tuple[LiveNote, ...] = tuple(sorted(sure([notes])[0]))
        return LiveClip(str(found["name"]), held, loop, markers, bool(found["looping"]), settings)

    async def write(self, clip: LiveClip, *, over: bool = False, name: str | None = None) -> None:
        """Put a clip into the slot; a failure may leave a part of it there.

        The clip is made alone: were it refused, what follows would land in the clip that is there.

        Args:
            clip: What to write.
            over: Whether a clip is there, which is deleted before.
            name: What that clip is called, if it is known.

        Raises:
            LinkError: ``refused``: Live's words, or what was moved meanwhile and what may have been hit.
        """
        if self.seen is None:
            await replace(self, seen=await self._look()).write(clip, over=over, name=name)
            return
        length = max(clip.loop[1], clip.markers[1])
        if over:
            await self.clear(name=name)
        await self._tell(
            self._write("clip_slot/create_clip", length if length > 0 else 1.0),
            before=[self._holds(taken=False)],
            after=[self._holds(taken=True), self._named("")],
            risk=f"A clip may have been made elsewhere than in {self}, with nothing in it; "
            "delete it by hand if it is there.",
        )
        fresh = (0.0, length)
        shape = clip.loop != fresh or clip.markers != fresh or not clip.looping
        notes = [
            self._write("clip/add/notes", *chain.from_iterable(some))
            for some in batched(clip.notes, NOTES_A_DATAGRAM)
        ]
        first = [self._write("clip/set/name", clip.name), *(self._shape(clip) if shape else ())]
        await self._fill(*first, *notes[:_NOTE_WRITES_AT_ONCE], was="", name=clip.name)
        for some in batched(notes[_NOTE_WRITES_AT_ONCE:], _NOTE_WRITES_AT_ONCE):
            await self._fill(*some, was=clip.name, name=clip.name)
        wanted: dict[str, Value] = {key: value for key, value in clip.settings.items() if value is not None}
        await self._set(wanted, name=clip.name)

    async def clear(self, *, name: str | None = None) -> None:
        """Empty the slot, which holds a clip.

        Args:
            name: What the clip is called, if it is known.

        Raises:
            LinkError: ``refused``, also when the clip is still there afterwards, or another may be gone.
        """
        if self.seen is None:
            await replace(self, seen=await self._look()).clear(name=name)
            return
        known = str(await self._get("name")) if name is None else name
        await self._tell(
            self._write("clip_slot/delete_clip"),
            before=[self._holds(taken=True), self._named(known)],
            after=[self._holds(taken=False)],
            risk=f"{known!r} was to be deleted from {self}; the clip that was there at that moment may be gone "
            "instead. Undo in Live brings it back.",
        )

    @property
    def _place(self) -> tuple[int, int]:
        return self.track, self.scene

    async def _get(self, name: str) -> Any:
        return await one(self.live, f"/live/clip/get/{name}", self.track, self.scene)

    def _write(self, path: str, *args: Value) -> _Write:
        return f"/live/{path}", self.track, self.scene, *args

    async def _look(self) -> Seen:
        counts = (one(self.live, f"/live/song/get/num_{what}") for what in ("tracks", "scenes"))
        return Seen.of(self.track, *await together(self.track_name(), *counts))

    def _holds(self, *, taken: bool) -> Check:
        alone = "" if taken else "Live did not delete the clip"
        return Check(
            "whether there is a clip", "/live/clip_slot/get/has_clip", self._place, (taken,), alone=alone
        )

    def _named(self, name: str) -> Check:
        return Check("the clip", "/live/clip/get/name", self._place, (name,))

    async def _tell(
        self, *writes: _Write, before: Sequence[Check], after: Sequence[Check], risk: str
    ) -> None:
        around = self.seen.checks(self.track) if self.seen else ()
        await tell_checked(self.live, *writes, before=[*around, *before], after=[*around, *after], risk=risk)

    async def _fill(self, *writes: _Write, was: str, name: str) -> None:
        """Write to the clip, which is called ``was`` before and ``name`` after."""
        risk = (
            f"What was written to {name!r} in {self} may have gone into another clip, and what was in that is not "
            "known here. Undo in Live takes it back."
        )
        await self._tell(*writes, before=[self._named(was)], after=[self._named(name)], risk=risk)

    async def _set(self, settings: dict[str, Value], *, name: str) -> None:
        """Set what is not so already."""
        found = await together(*map(self._get, settings))
        wrong = [key for key, value in zip(settings, found, strict=True) if value != settings[key]]
        if wrong:
            writes = (self._write(f"clip/set/{key}", settings[key]) for key in wrong)
            await self._fill(*writes, was=name, name=name)

    def _shape(self, clip: LiveClip) -> Iterator[_Write]:
        """Give what sets loop and markers. The new clip ends where the later of both ends, so starts go first."""
        yield self._write("clip/set/loop_start", clip.loop[0])
        yield self._write("clip/set/loop_end", clip.loop[1])
        yield self._write("clip/set/start_marker", clip.markers[0])
        yield self._write("clip/set/end_marker", clip.markers[1])
        if not clip.looping:
            yield self._write("clip/set/looping", 0)
