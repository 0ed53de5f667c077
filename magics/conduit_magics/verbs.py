"""The verbs of ``%conduit``: one table of name, help and function."""

from __future__ import annotations

import argparse
import difflib
import shlex
import sys
import traceback
from collections import UserDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conduit.engine.plan import Plan, Status
from conduit.errors import SetupError
from conduit.messages import AssistantMessage, ToolMessage, UserMessage
from conduit.music import Clip
from conduit_magics.captions import told

if TYPE_CHECKING:
    from conduit_magics.desk import Desk

__all__ = ["VERBS", "Verb"]


@dataclass(frozen=True, slots=True)
class Verb:
    """What ``%conduit NAME`` does.

    Attributes:
        usage: What may follow the name.
        help: One line.
        run: Takes the desk and the rest of the line.
    """

    usage: str
    help: str
    run: Callable[[Desk, str], None]

    def __call__(self, desk: Desk, rest: str) -> None:
        """Do it, with what followed the name."""
        self.run(desk, rest)


class _Verbs(UserDict[str, Verb]):
    """The verbs by name."""

    def unknown(self, name: str) -> SetupError:
        """Make the error for a verb that does not exist, with those that are near."""
        near = difflib.get_close_matches(name, self, n=1)
        hint = f"did you mean {near[0]}?" if near else "%conduit help lists them"
        return SetupError(f"%conduit has no verb {name!r}; {hint}", valid=list(self))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


def _words(rest: str) -> list[str]:
    try:
        return shlex.split(rest)
    except ValueError as error:
        raise SetupError(f"%conduit: {error} in {rest!r}; close every quote") from error


def _plan_id(rest: str, desk: Desk, *, verb: str) -> str:
    if rest.strip():
        return rest.strip().upper()
    pending = desk.studio.plans.pending
    if len(pending) == 1:
        return pending[0].id
    if not pending:
        raise SetupError(f"there is nothing to {verb}: no plan waits")
    waiting = [plan.id for plan in pending]
    raise SetupError(f"several plans wait; say which: %conduit {verb} {' or '.join(waiting)}", valid=waiting)


def _push(desk: Desk, rest: str) -> None:
    parser = argparse.ArgumentParser(
        prog="%conduit push", add_help=False, exit_on_error=False, allow_abbrev=False
    )
    parser.add_argument("name", nargs="?", default="_clip")
    parser.add_argument("--track", type=int)
    parser.add_argument("--slot", type=int)
    parser.add_argument("--new-track", action="store_true")
    try:
        given, unknown = parser.parse_known_args(_words(rest))
    except argparse.ArgumentError as error:
        raise SetupError(f"%conduit push: {error}; {VERBS['push'].usage}") from error
    if unknown:
        raise SetupError(f"%conduit push does not know {' '.join(unknown)}; {VERBS['push'].usage}")
    clip = desk.shell.user_ns.get(given.name)
    if not isinstance(clip, Clip):
        raise SetupError(
            f"{given.name} is not a clip; make one with %%conduit, or name a variable that holds one"
        )
    studio = desk.studio
    work = studio.push(clip, track=given.track, slot=given.slot, new_track=given.new_track)
    _show_plan(desk, studio.call(work), clip)


def _show_plan(desk: Desk, plan: Plan, clip: Clip | None = None) -> None:
    """Say what became of a plan, also in the output of its clip; one that waits gets a card of its own."""
    shown = next((o for o in desk.outputs if plan.id in o.plans), None)
    if shown is None and plan.status is Status.PENDING and desk.in_notebook:
        desk.show(clip, plan=plan)
        return
    shown = shown or next((o for o in desk.outputs if clip is not None and o.clip is clip), None)
    if shown is not None:
        desk.studio.call(shown.show_plan(plan))
    _say(told(desk.studio, plan))


def _approve(desk: Desk, rest: str) -> None:
    _show_plan(desk, desk.studio.call(desk.studio.approve(_plan_id(rest, desk, verb="approve"))))


def _reject(desk: Desk, rest: str) -> None:
    _show_plan(desk, desk.studio.call(desk.studio.reject(_plan_id(rest, desk, verb="reject"))))


def _undo(desk: Desk, rest: str) -> None:
    _show_plan(desk, desk.studio.call(desk.studio.undo(rest.strip().upper() or None)))


def _live(desk: Desk, rest: str) -> None:
    del rest
    state = desk.studio.call(desk.studio.live.state())
    _say(f"{state.label}\n{state.text}")


def _plans(desk: Desk, rest: str) -> None:
    del rest
    pending = desk.studio.plans.pending
    for plan in pending:
        left_s = desk.studio.plans.seconds_left(plan.id)
        _say(f"{plan.id}  {plan.title} ({left_s / 60:.0f} minutes left to decide)")
    if not pending:
        _say("no plan waits")


def _release(desk: Desk, rest: str) -> None:
    del rest
    desk.studio.call(desk.studio.live.close())
    _say("left Live; the next push or look connects again")


def _clips(desk: Desk, rest: str) -> None:
    del rest
    if not desk.studio.clips:
        _say("no clips yet; write one with %%conduit")
    for number, clip in enumerate(desk.studio.clips, 1):
        _say(f"{number:3} {clip!r}")


def _history(desk: Desk, rest: str) -> None:
    del rest
    shown = 0
    for message in desk.studio.conversation.messages:
        match message:
            case UserMessage(parts=parts):
                _say(f"you   {getattr(parts[0], 'text', '')}")
            case AssistantMessage(text=text, tool_calls=calls):
                for call in calls:
                    _say(f"      called {call.name}")
                if text:
                    _say(f"model {text}")
            case ToolMessage(result=result):
                _say(f"      {result.name}: {result.text}")
            case _:
                continue
        shown += 1
    if not shown:
        _say("nothing has been said yet")


def _models(desk: Desk, rest: str) -> None:
    del rest
    _say("\n".join(desk.studio.models))


def _new(desk: Desk, rest: str) -> None:
    del rest
    desk.studio.forget()
    _say("a new conversation begins with the next cell; clips and plans are kept")


def _seal(desk: Desk, rest: str) -> None:
    del rest
    count = len(desk.outputs)
    desk.close()
    _say(f"sealed {count} outputs: their records stay, also when the notebook is opened again")


def _debug(desk: Desk, rest: str) -> None:
    del rest
    error = desk.last_error
    _say("".join(traceback.format_exception(error)) if error else "nothing has failed")


def _help(desk: Desk, rest: str) -> None:
    del desk, rest
    rows = [(f"{name} {verb.usage}".strip(), verb.help) for name, verb in VERBS.items()]
    width = max(len(usage) for usage, _ in rows)
    _say("\n".join(f"%conduit {usage:{width}}  {text}" for usage, text in rows))
    _say(f"{'%%conduit -h':{width + 9}}  the options of a cell")


VERBS = _Verbs(
    {
        "push": Verb(
            "[NAME] [--track N] [--slot N] [--new-track]",
            "put a clip into the Live set",
            _push,
        ),
        "approve": Verb("[PLAN]", "do what a waiting plan says", _approve),
        "reject": Verb("[PLAN]", "turn a waiting plan down", _reject),
        "undo": Verb("[PLAN]", "restore what was there before the last push", _undo),
        "plans": Verb("", "what waits for a decision", _plans),
        "live": Verb("", "what is in the Live set", _live),
        "release": Verb("", "leave Live to another notebook", _release),
        "clips": Verb("", "the clips of this session", _clips),
        "history": Verb("", "what was said so far", _history),
        "models": Verb("", "who can answer", _models),
        "new": Verb("", "start a new conversation", _new),
        "seal": Verb("", "keep only the records, to share the notebook", _seal),
        "debug": Verb("", "the trace of the last error", _debug),
        "help": Verb("", "this list", _help),
    }
)
