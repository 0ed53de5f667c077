"""What ``%conduit live`` shows of a Live set: its grid, its beats, what it sounds like, and whether it is there."""

from __future__ import annotations

import math
import queue
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from conduit.audio import render
from conduit.errors import SetupError
from conduit.live.endpoints import BEAT
from conduit.live.listening import Listening
from conduit.live.summary import set_text
from conduit.music import Arrangement, Clip, Meter
from conduit.studio.live_tools import device_text
from conduit_magics.saying import Page, is_heard, overheard, play, say, say_as_it_comes, words
from conduit_magics.session import Session

if TYPE_CHECKING:
    from conduit.studio import Studio
    from conduit_magics.desk import Desk

__all__ = ["USAGE", "look", "names"]

USAGE = "[beat|hear|check|find|device]"

_MOST_BARS = 64
_USUAL_BARS = 4
_TICK_S = 0.1
_SILENT_S = 60.0 / 20.0 + 1.0  # Live's slowest beat, and a moment


def look(desk: Desk, rest: str) -> None:
    """Show the set, or do what follows: beat, hear, check, find, device."""
    name, *more = words(rest) or [""]
    if name not in _LOOKS:
        raise SetupError(
            f"%conduit live does not know {name!r}; write it alone, or with {', '.join(names(None))}",
            valid=names(None),
        )
    _LOOKS[name](desk, more)


def names(studio: Studio | None) -> list[str]:
    """Give what can stand behind ``%conduit live``."""
    del studio
    return [*filter(None, _LOOKS)]


def _grid(desk: Desk, more: list[str]) -> None:
    del more
    why = desk.studio.call(desk.studio.live.stand_in())
    if why is not None:
        again = "%conduit release leaves the simulated set" if why.ok else ""
        say(f"{why} {again}".rstrip())
    if desk.in_notebook and not is_heard():
        desk.outputs.show_session(Session(desk))
        return
    state = desk.studio.call(desk.studio.live.state())
    text = f"{state.label}\n{set_text(state.snapshot)}"
    if not overheard(Page(text)):
        say(text)


def _bars(more: list[str]) -> int:
    if not more:
        return _USUAL_BARS
    if len(more) > 1 or not more[0].isdecimal() or not 1 <= int(more[0]) <= _MOST_BARS:
        raise SetupError(f"how many bars? write a number from 1 to {_MOST_BARS}, not {' '.join(more)!r}")
    return int(more[0])


def _beat(desk: Desk, more: list[str]) -> None:
    """Count along with the set for some bars."""
    bars = _bars(more)
    now = desk.studio.call(desk.studio.live.state()).snapshot
    if not now.is_playing:
        raise SetupError("the set is stopped, so there are no beats: start it with %conduit play")
    beats: queue.SimpleQueue[int] = queue.SimpleQueue()
    listening = desk.studio.call(_listen(desk, beats))
    try:
        say_as_it_comes(_counted(_came(beats, most=math.ceil(bars * now.meter.bar)), now.meter))
    finally:
        desk.studio.call(listening.stop())


async def _listen(desk: Desk, beats: queue.SimpleQueue[int]) -> Listening:
    def heard(values: tuple[Any, ...]) -> None:
        beats.put(int(values[0]))

    return await (await desk.studio.live.link()).listen(BEAT, heard=heard)


def _came(beats: queue.SimpleQueue[int], *, most: int) -> Iterator[int]:
    """Give beats as they come, until the set is silent; an interrupt is only seen by a wait that ends."""
    waited = 0.0
    while most and waited < _SILENT_S:
        try:
            beat = beats.get(timeout=_TICK_S)
        except queue.Empty:
            waited += _TICK_S
            continue
        waited, most = 0.0, most - 1
        yield beat
    if most:
        say("the set has stopped")


def _counted(beats: Iterator[int], meter: Meter) -> Iterator[str]:
    r"""Write beats as musicians count them, a line a bar; a beat of Live is a quarter.

    >>> "".join(_counted(iter([3, 4, 5]), Meter(4, 4)))
    '1.4\n2.1 2.2\n'
    """
    last = None
    for beat in beats:
        bar = math.floor(beat / meter.bar)
        place = math.floor((beat - bar * meter.bar) * meter.denominator / 4)
        yield f"{'' if last is None else ' ' if bar == last else chr(10)}{bar + 1}.{place + 1}"
        last = bar
    if last is not None:
        yield "\n"


def _hear(desk: Desk, more: list[str]) -> None:
    """Render what plays, with Conduit's own sounds."""
    bars = _bars(more)
    if not (desk.in_notebook or is_heard()):
        raise SetupError("a terminal plays no sound: write it in a notebook")
    clips = desk.studio.call(_playing(desk, bars))
    if not clips:
        raise SetupError(
            "nothing plays: launch a clip with %conduit fire TRACK SLOT, or by a click in %conduit live"
        )
    say(f"{', '.join(clip.name for clip in clips)}: {bars} bars with Conduit's own sounds")
    play(render(Arrangement.of(clips, name="Live set")))


async def _playing(desk: Desk, bars: int) -> list[Clip]:
    """Give what plays and is not muted, each clip repeated for some bars."""
    now = (await desk.studio.live.state()).snapshot
    solo = any(track.solo for track in now.tracks)
    length = bars * now.meter.bar
    found = []
    for track in now.midi_tracks:
        if track.playing_slot is None or track.mute or (solo and not track.solo):
            continue
        clip = await desk.studio.live.pull(track.number, track.playing_slot)
        found.append(clip.cut(length).with_(name=track.name))
    return found


def _check(desk: Desk, more: list[str]) -> None:
    """Say whether Live can be reached, and what to do if not."""
    del more
    found = desk.studio.call(desk.studio.live.diagnose())
    say("\n".join(filter(None, (found.said, found.remedy))))


def _find(desk: Desk, more: list[str]) -> None:
    """Search Live's browser."""
    if not more:
        raise SetupError("find what? write a part of its name: %conduit live find reverb")
    found = desk.studio.call(desk.studio.live.search(" ".join(more)))
    say("\n".join(found) if found else "nothing of that name")


def _device(desk: Desk, more: list[str]) -> None:
    """Show a device's parameters."""
    if len(more) not in {1, 2} or not all(number.isdecimal() for number in more):
        raise SetupError("which device? write its track and its place there: %conduit live device 1 1")
    track, device = int(more[0]), int(more[1]) if len(more) > 1 else 1
    say(device_text(desk.studio.call(desk.studio.live.device(track, device))))


_LOOKS: dict[str, Callable[[Desk, list[str]], None]] = {
    "": _grid,
    "beat": _beat,
    "hear": _hear,
    "check": _check,
    "find": _find,
    "device": _device,
}
