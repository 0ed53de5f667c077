"""The verbs that look into a Live set and play it: its clips, devices and transport, and what it sounds like."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from IPython.display import Audio, display

from conduit.audio import render
from conduit.composer.aim import Aim
from conduit.errors import SetupError
from conduit.live.endpoints import BEAT
from conduit.live.summary import set_text
from conduit.music import Arrangement, Clip, Meter
from conduit.studio.live_tools import device_text
from conduit.studio.wishes import WISHES, Wish
from conduit_magics.live_verbs import show_plan
from conduit_magics.saying import say, words
from conduit_magics.session import Session
from conduit_magics.verb import Verb, arguments

if TYPE_CHECKING:
    from collections.abc import Callable

    from conduit.studio import Studio
    from conduit_magics.desk import Desk

__all__ = ["VERBS"]

_MOST_BARS = 64
_WAIT_S = 0.1
_SET_USAGE = "WHAT [VALUE] [--track N] [--slot N] [--scene N] [--device N] [--parameter NAME] [--send N]"


def _live(desk: Desk, rest: str) -> None:
    """Show the set, or do what follows: beat, hear, check, find, device."""
    name, *more = words(rest) or [""]
    if name not in _LOOKS:
        said = ", ".join(filter(None, _LOOKS))
        raise SetupError(
            f"%conduit live does not know {name!r}; write it alone, or with {said}", valid=[*_LOOKS]
        )
    _LOOKS[name](desk, more)


def _grid(desk: Desk, more: list[str]) -> None:
    if more:
        raise SetupError(f"%conduit live does not know {more[0]!r}")
    if desk.in_notebook:
        desk.outputs.show_session(Session(desk))
    else:
        state = desk.studio.call(desk.studio.live.state())
        say(f"{state.label}\n{set_text(state.snapshot)}")


def _bars(more: list[str], *, usual: int) -> int:
    if not more:
        return usual
    if len(more) > 1 or not more[0].isdecimal() or not 1 <= int(more[0]) <= _MOST_BARS:
        raise SetupError(f"how many bars? write a number from 1 to {_MOST_BARS}, not {' '.join(more)!r}")
    return int(more[0])


def _beat(desk: Desk, more: list[str]) -> None:
    """Count along with the set for some bars."""
    bars = _bars(more, usual=4)
    state = desk.studio.call(desk.studio.live.state())
    meter = state.snapshot.meter
    if not state.snapshot.is_playing:
        raise SetupError("the set is stopped, so there are no beats: start it with %conduit play")
    counting = desk.studio.submit(_count(desk, meter, round(bars * meter.numerator)))
    try:
        counting.result()
    except KeyboardInterrupt:
        counting.cancel()
        raise


async def _count(desk: Desk, meter: Meter, n_beats: int) -> None:
    link = await desk.studio.live.link()
    beats: asyncio.Queue[int] = asyncio.Queue()
    listening = await link.listen(BEAT, heard=lambda values: beats.put_nowait(int(values[0])))
    per_bar = max(1, round(meter.bar))
    line: list[str] = []
    try:
        for _ in range(n_beats):
            async with asyncio.timeout(_longest_beat_s()):
                beat = await beats.get()
            bar, place = divmod(beat, per_bar)
            line.append(f"{bar + 1}.{place + 1}" if place == 0 else f".{place + 1}")
            if place == per_bar - 1:
                say(" ".join(line))
                line.clear()
    except TimeoutError:
        say("the beats ended: the set has stopped")
    finally:
        if line:
            say(" ".join(line))
        with contextlib.suppress(Exception):
            await listening.stop()


def _longest_beat_s() -> float:
    return 60.0 / 20.0 + 1.0  # Live's slowest tempo, and a moment


def _hear(desk: Desk, more: list[str]) -> None:
    """Render what plays, with Conduit's own sounds."""
    bars = _bars(more, usual=4)
    clips = desk.studio.call(_playing(desk, bars))
    if not clips:
        raise SetupError(
            "nothing plays: launch a clip with %conduit fire TRACK SLOT, or by a click in %conduit live"
        )
    sound = render(Arrangement.of(clips, name="Live set"))
    say(
        f"{len(clips)} clip{'s' * (len(clips) != 1)}, {bars} bars, with Conduit's sounds: Live's are heard in Live"
    )
    display(Audio(sound.samples.T, rate=sound.sample_rate_hz))


async def _playing(desk: Desk, bars: int) -> list[Clip]:
    """Give what plays and is not muted, each clip repeated for some bars."""
    now = (await desk.studio.live.state()).snapshot
    solo = any(track.solo for track in now.tracks)
    found = []
    for track in now.midi_tracks:
        if track.playing_slot is None or track.mute or (solo and not track.solo):
            continue
        clip = await desk.studio.live.pull(track.number, track.playing_slot)
        times = max(1, round(bars * now.meter.bar / clip.length + 0.5))
        found.append(clip.with_(name=track.name).tile(times).cut(bars * now.meter.bar))
    return found


def _check(desk: Desk, more: list[str]) -> None:
    """Say whether Live can be reached, and what to do if not."""
    del more
    found = desk.studio.call(desk.studio.live.diagnose())
    say(f"{found.said}\n{found.remedy}".rstrip())


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
    found = desk.studio.call(desk.studio.live.device(track, device))
    say(device_text(found))


_LOOKS: dict[str, Callable[[Desk, list[str]], None]] = {
    "": _grid,
    "beat": _beat,
    "hear": _hear,
    "check": _check,
    "find": _find,
    "device": _device,
}


def _pull(desk: Desk, rest: str) -> None:
    """Open a clip of the set as a roll, and keep it in a variable."""
    usage = "TRACK SLOT [NAME]"
    given = arguments(
        rest,
        (("track",), {"type": int}),
        (("slot",), {"type": int}),
        (("name",), {"nargs": "?", "default": "_clip"}),
        verb="pull",
        usage=usage,
    )
    if not given.name.isidentifier():
        raise SetupError(f"{given.name!r} is not a name for a variable; write letters, digits and _")
    clip = desk.studio.call(desk.studio.live.pull(given.track, given.slot))
    desk.shell.user_ns[given.name] = clip
    desk.names.bound(given.name)
    desk.on_loop(lambda: desk.studio.clips.append(clip))
    say(f"{clip!r} is in {given.name}; a cell with --context {given.name} writes what fits it")
    desk.outputs.show(clip, aim=Aim(given.track, given.slot))


def _fire(desk: Desk, rest: str) -> None:
    """Launch a clip, or a scene."""
    given = words(rest)
    numbers = [int(word) for word in given if word.isdecimal()]
    live = desk.studio.live
    if len(given) == 2 and len(numbers) == 2:
        say(f"launched {desk.studio.call(live.fire(*numbers))}")
    elif len(given) == 2 and given[0] == "scene" and len(numbers) == 1:
        say(f"launched {desk.studio.call(live.fire_scene(numbers[0]))}")
    else:
        raise SetupError("launch what? write %conduit fire TRACK SLOT, or %conduit fire scene NUMBER")


def _halt(desk: Desk, rest: str) -> None:
    """Stop a track, all clips, or the transport."""
    given = words(rest)
    live = desk.studio.live
    if not given:
        desk.studio.call(live.play(on=False))
        say("stopped")
    elif given == ["clips"]:
        say(f"stopped {desk.studio.call(live.stop())}")
    elif len(given) == 1 and given[0].isdecimal():
        say(f"stopped {desk.studio.call(live.stop(int(given[0])))}")
    else:
        raise SetupError("stop what? write %conduit halt alone, with clips, or with a track's number")


def _play(desk: Desk, rest: str) -> None:
    """Start the transport."""
    given = words(rest)
    if given not in ([], ["on"]):
        raise SetupError("write %conduit play, or %conduit play on to go on where it stopped")
    desk.studio.call(desk.studio.live.play(on=True, go_on=bool(given)))
    say("playing")


def _set(desk: Desk, rest: str) -> None:
    """Plan a change of the set."""
    numbers = [((f"--{name}",), {"type": int}) for name in ("track", "slot", "scene", "device", "send")]
    given = arguments(
        rest,
        (("what",), {}),
        (("value",), {"nargs": "?"}),
        (("--parameter",), {}),
        (("--kind",), {}),
        *numbers,
        verb="set",
        usage=_SET_USAGE,
    )
    if given.what.replace("-", " ") not in WISHES:
        raise SetupError(f"no plan can change {given.what!r}; choose of {', '.join(WISHES)}", valid=WISHES)
    facts = {name: value for name, value in vars(given).items() if value is not None}
    facts["what"] = given.what.replace("-", " ")
    facts["value"] = _value(given.value)
    show_plan(desk, desk.studio.call(desk.studio.live.change([Wish.model_validate(facts)])))


def _value(text: str | None) -> float | bool | str | None:
    """Read a value as it was meant: a switch, a number, or a text."""
    if text is None:
        return None
    switches = {"on": True, "true": True, "off": False, "false": False}
    if text.lower() in switches:
        return switches[text.lower()]
    try:
        return float(text)
    except ValueError:
        return text


def _wishes(studio: Studio | None) -> list[str]:
    del studio
    return [wish.replace(" ", "-") for wish in WISHES]


VERBS = {
    "live": Verb(
        "[beat|hear|check|find|device]",
        "the Live set: its grid; counted, heard, checked, searched",
        _live,
        lambda _: [*filter(None, _LOOKS)],
    ),
    "pull": Verb("TRACK SLOT [NAME]", "open a clip of the Live set as a roll", _pull),
    "set": Verb("WHAT [VALUE] [--track N …]", "plan a change: tempo, mixer, names, devices …", _set, _wishes),
    "play": Verb("[on]", "start the transport, or go on", _play),
    "fire": Verb("TRACK SLOT | scene N", "launch a clip, or a scene", _fire),
    "halt": Verb("[TRACK | clips]", "stop the transport, a track, or all clips", _halt),
}
