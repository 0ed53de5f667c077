"""Write, read and look through a Live set with one library; ``run_live.py LIBRARY PORT REPLY_PORT``.

It prints a line of JSON: for each task its seconds, and how many notes or clips came back. A library that has no
call for something is asked through its own way of sending any query; what it has no way for is null.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine
from itertools import starmap
from time import perf_counter
from typing import Any, Protocol

SMALL, LARGE, HUGE = 100, 1_000, 20_000
"""Notes of a push, of a long clip, and of the longest."""
PUSHES = 5
"""How often the push is repeated, each time into another slot."""
SLOTS = {"long": 0, "longest": 1, "push": 2}
"""Where the clips go, on the first track; the pushes into the slots from there on."""
AT_ONCE = 32
"""Clips that Conduit's link is asked for at one time."""

Row = tuple[int, float, float, int]
"""A note: pitch, start and duration in beats, velocity."""


class Library(Protocol):
    """What is compared. Tracks and slots count from 0; a clip that is written is 4 beats for 16 notes long."""

    def write(self, track: int, slot: int, rows: list[Row]) -> None:
        """Make a clip of these notes."""

    def read(self, track: int, slot: int) -> list[Row]:
        """Read a clip."""

    def look(self) -> int:
        """Read names, lengths and colours of all clips, as far as it can; give how many clips."""

    def look_at_notes(self) -> int | None:
        """Read the notes of all clips; give how many notes."""


class Conduit:
    """This project's link."""

    def __init__(self, port: int, reply_port: int) -> None:
        from conduit.live import LiveLink  # noqa: PLC0415  only this one needs it

        self._runner = asyncio.Runner()
        self._link = LiveLink(port=port, reply_port=reply_port)
        self._run(self._link.open())

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._runner.run(work)

    def write(self, track: int, slot: int, rows: list[Row]) -> None:
        from conduit.music import Clip, Note  # noqa: PLC0415

        clip = Clip.of(list(starmap(Note, rows)), name="written")
        self._run(self._link.write_slot(track + 1, slot + 1, clip))

    def read(self, track: int, slot: int) -> list[Row]:
        clip = self._run(self._link.read_slot(track + 1, slot + 1))
        return [(note.pitch, float(note.start), float(note.duration), note.velocity) for note in clip.notes]

    def look(self) -> int:
        found = self._run(self._link.snapshot())
        return sum(slot is not None for track in found.tracks for slot in track.slots)

    def look_at_notes(self) -> int:
        async def all_notes() -> int:
            found = await self._link.snapshot()
            places = [
                (track.number, number)
                for track in found.tracks
                for number, slot in enumerate(track.slots, start=1)
                if slot
            ]
            count = 0
            for at in range(0, len(places), AT_ONCE):
                some = [self._link.read_slot(*place) for place in places[at : at + AT_ONCE]]
                count += sum(len(clip.notes) for clip in await asyncio.gather(*some) if clip)
            return count

        count: int = self._run(all_notes())
        return count


class PyLive:
    """pylive: a note at a time, no call for reading notes, colours of tracks only."""

    def __init__(self, port: int, reply_port: int) -> None:
        import live  # noqa: PLC0415

        self._query = live.Query(("127.0.0.1", port), reply_port)
        self._set = live.Set(scan=True)

    def write(self, track: int, slot: int, rows: list[Row]) -> None:
        clip = self._set.tracks[track].create_clip(slot, len(rows) / 4)
        for pitch, start, duration, velocity in rows:
            clip.add_note(pitch, start, duration, velocity, False)  # noqa: FBT003

    def read(self, track: int, slot: int) -> list[Row]:
        values = self._query.query("/live/clip/get/notes", (track, slot))[2:]
        return [tuple(values[at : at + 4]) for at in range(0, len(values), 5)]  # type: ignore[misc]

    def look(self) -> int:
        self._set.scan(mode="network")
        return sum(len(track.active_clips) for track in self._set.tracks)

    def look_at_notes(self) -> int:
        self.look()
        return sum(
            len(self.read(track.index, clip.index))
            for track in self._set.tracks
            for clip in track.active_clips
        )


class AbletonOSCClient:
    """abletonosc-client: a clip's notes in one message, one reply for a clip."""

    def __init__(self, port: int, reply_port: int) -> None:
        import abletonosc_client as module  # noqa: PLC0415
        from abletonosc_client.client import AbletonOSCClient as Client  # noqa: PLC0415
        from abletonosc_client.clip import Note  # noqa: PLC0415

        client = Client(send_port=port, receive_port=reply_port)
        self._song, self._track = module.Song(client), module.Track(client)
        self._clip, self._slot = module.Clip(client), module.ClipSlot(client)
        self._note: Callable[..., Any] = Note

    def write(self, track: int, slot: int, rows: list[Row]) -> None:
        self._slot.create_clip(track, slot, len(rows) / 4)
        self._clip.add_notes(track, slot, list(starmap(self._note, rows)))

    def read(self, track: int, slot: int) -> list[Row]:
        return [tuple(note)[:4] for note in self._clip.get_notes(track, slot)]  # type: ignore[misc]

    def _names(self) -> list[tuple[Any, ...]]:
        names = []
        for track in range(self._song.get_num_tracks()):
            self._track.get_name(track)
            names.append(self._track.get_clips_names(track))
            self._track.get_clips_lengths(track)
            self._track.get_clips_colors(track)
        return names

    def look(self) -> int:
        return sum(name is not None for names in self._names() for name in names)

    def look_at_notes(self) -> int:
        return sum(
            len(self._clip.get_notes(track, slot))
            for track, names in enumerate(self._names())
            for slot, name in enumerate(names)
            if name is not None
        )


LIBRARIES: dict[str, Callable[[int, int], Library]] = {
    "conduit": Conduit,
    "pylive": PyLive,
    "abletonosc-client": AbletonOSCClient,
}


def rows(count: int) -> list[Row]:
    """Give sixteenths, no two of one pitch at one time."""
    return [(36 + 7 * at % 48, at / 4, 0.25, 60 + at % 60) for at in range(count)]


def there(library: Library, slot: int, count: int) -> dict[str, Any]:
    """Write a clip to the first track and read it back: seconds, and how many of its notes came back as written."""
    wanted = rows(count)
    began = perf_counter()
    library.write(0, slot, wanted)
    try:
        found = library.read(0, slot)
    except Exception as error:  # noqa: BLE001  whatever a library raises is what its user sees
        return {"s": perf_counter() - began, "failed": f"{type(error).__name__}"}
    same = len(set(wanted) & {(int(p), float(s), float(d), int(v)) for p, s, d, v in found})
    return {"s": perf_counter() - began, "n": same}


def median_of(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Give the run of the median time."""
    return sorted(runs, key=lambda run: float(run["s"]))[len(runs) // 2]


def looked(work: Callable[[], int | None]) -> dict[str, Any]:
    """Look through the set."""
    began = perf_counter()
    try:
        count = work()
    except Exception as error:  # noqa: BLE001
        return {"s": perf_counter() - began, "failed": f"{type(error).__name__}"}
    return {"s": perf_counter() - began, "n": count}


def main(name: str, port: int, reply_port: int) -> None:
    """Do it all and print it. The first track of the set is empty."""
    library = LIBRARIES[name](port, reply_port)
    found = {
        "look": looked(library.look),
        "notes": looked(library.look_at_notes),
        "push": median_of([there(library, SLOTS["push"] + number, SMALL) for number in range(PUSHES)]),
        "long": there(library, SLOTS["long"], LARGE),
    }
    if name == "conduit":
        found["longest"] = there(library, SLOTS["longest"], HUGE)
    sys.stdout.write(f"{json.dumps(found)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
