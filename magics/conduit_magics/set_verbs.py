"""The verbs that take from a Live set, play it, and plan its changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from conduit.composer.aim import Aim
from conduit.errors import SetupError
from conduit.studio.wishes import WISHES, Wish
from conduit_magics import looks
from conduit_magics.live_verbs import show_plan
from conduit_magics.saying import Clips, overheard, say, words
from conduit_magics.verb import Verb, arguments

if TYPE_CHECKING:
    from conduit.studio import Studio
    from conduit_magics.desk import Desk

__all__ = ["VERBS"]

_IN_WORDS = {
    "name",
    "colour",
    "metre",
    "key",
    "launch",
    "load",
    "new midi track",
    "new audio track",
    "new scene",
}
_SET_USAGE = "WHAT [VALUE] [--track N] [--slot N] [--scene N] [--device N] [--parameter NAME] [--send N]"


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
    aim = Aim(given.track, given.slot)
    if not overheard(Clips((clip,), aim=aim)):
        desk.outputs.show(clip, aim=aim)


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
    what = facts["what"] = given.what.replace("-", " ")
    facts["value"] = given.value if what in _IN_WORDS else _value(given.value)
    if given.parameter is not None and given.parameter.isdecimal():
        facts["parameter"] = int(given.parameter)
    try:
        wish = Wish.model_validate(facts)
    except ValidationError as error:
        first = error.errors()[0]
        raise SetupError(f"--{first['loc'][0]}: {first['msg'].lower()}; not {first['input']!r}") from error
    show_plan(desk, desk.studio.call(desk.studio.live.change([wish])))


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
    "live": Verb(looks.USAGE, "the Live set as a grid, its beats, its sound", looks.look, looks.names),
    "pull": Verb("TRACK SLOT [NAME]", "open a clip of the Live set as a roll", _pull),
    "set": Verb("WHAT [VALUE] [--track N …]", "plan a change: tempo, mixer, names, devices …", _set, _wishes),
    "play": Verb("[on]", "start the transport, or go on", _play),
    "fire": Verb("TRACK SLOT | scene N", "launch a clip, or a scene", _fire),
    "halt": Verb("[TRACK | clips]", "stop the transport, a track, or all clips", _halt),
}
