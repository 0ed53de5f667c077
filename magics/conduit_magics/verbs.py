"""The verbs of ``%conduit``: one table of name, help and function."""

from __future__ import annotations

import argparse
import difflib
import traceback
from collections import UserDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conduit.engine.plan import Plan, Status
from conduit.errors import AllUnavailable, SetupError
from conduit.messages import AssistantMessage, TextPart, ToolMessage, UserMessage
from conduit.music import Clip
from conduit_magics import model_verbs
from conduit_magics.captions import told
from conduit_magics.saying import say, words

if TYPE_CHECKING:
    from conduit.studio.model_desk import ModelDesk
    from conduit_magics.desk import Desk

__all__ = ["TOPICS", "VERBS", "Verb", "complete_verb"]


@dataclass(frozen=True, slots=True)
class Verb:
    """What ``%conduit NAME`` does.

    Attributes:
        usage: What may follow the name.
        help: One line.
        run: Takes the desk and the rest of the line.
        values: What Tab may put after it, from the way to models, where that is there already.
    """

    usage: str
    help: str
    run: Callable[[Desk, str], None]
    values: Callable[[ModelDesk | None], Sequence[str]] = lambda _: ()

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
        given, unknown = parser.parse_known_args(words(rest))
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
    say(told(desk.studio, plan))


def _approve(desk: Desk, rest: str) -> None:
    _show_plan(desk, desk.studio.call(desk.studio.approve(_plan_id(rest, desk, verb="approve"))))


def _reject(desk: Desk, rest: str) -> None:
    _show_plan(desk, desk.studio.call(desk.studio.reject(_plan_id(rest, desk, verb="reject"))))


def _undo(desk: Desk, rest: str) -> None:
    _show_plan(desk, desk.studio.call(desk.studio.undo(rest.strip().upper() or None)))


def _live(desk: Desk, rest: str) -> None:
    del rest
    state = desk.studio.call(desk.studio.live.state())
    say(f"{state.label}\n{state.text}")


def _plans(desk: Desk, rest: str) -> None:
    del rest
    pending = desk.studio.plans.pending
    for plan in pending:
        left_s = desk.studio.plans.seconds_left(plan.id)
        say(f"{plan.id}  {plan.title} ({left_s / 60:.0f} minutes left to decide)")
    if not pending:
        say("no plan waits")


def _release(desk: Desk, rest: str) -> None:
    del rest
    desk.studio.call(desk.studio.live.close())
    say("left Live; the next push or look connects again")


def _clips(desk: Desk, rest: str) -> None:
    del rest
    if not desk.studio.clips:
        say("no clips yet; write one with %%conduit")
    for number, clip in enumerate(desk.studio.clips, 1):
        say(f"{number:3} {clip!r}")


def _history(desk: Desk, rest: str) -> None:
    del rest
    shown = 0
    for message in desk.studio.conversation.messages:
        match message:
            case UserMessage(parts=parts):
                say(f"you   {next((part.text for part in parts if isinstance(part, TextPart)), '')}")
            case AssistantMessage(text=text, tool_calls=calls):
                for call in calls:
                    say(f"      called {call.name}")
                if text:
                    say(f"model {text}")
            case ToolMessage(result=result):
                say(f"      {result.name}: {result.text}")
            case _:
                continue
        shown += 1
    if not shown:
        say("nothing has been said yet")


def _answers(desk: Desk, rest: str) -> None:
    given = words(rest)
    modes = {"record": "record", "replay": "replay", "off": "off"}
    mode = modes.get(given[0], "") if given and (len(given) == 2 or given == ["off"]) else ""
    files = given[1:] if mode else given
    if len(files) != (mode != "off"):
        raise SetupError(f"write it as %conduit answers {VERBS['answers'].usage}")
    path = files[0] if files else ""
    set_to = desk.on_loop(lambda: desk.studio.providers.use_answers(path, mode=mode))
    told = {
        "record": f"answers are kept in {path} from now on",
        "replay": f"answers come from {path} from now on, and nobody is asked",
        "off": "answers are no longer kept in a file or taken from one",
    }
    say(told[set_to])


def _new(desk: Desk, rest: str) -> None:
    del rest
    desk.studio.forget()
    say("a new conversation begins with the next cell; clips and plans are kept")


def _seal(desk: Desk, rest: str) -> None:
    del rest
    count = len(desk.outputs)
    desk.close()
    say(f"sealed {count} outputs: their records stay, also when the notebook is opened again")


def _debug(desk: Desk, rest: str) -> None:
    del rest
    error = desk.last_error
    if error is None:
        say("nothing has failed")
        return
    trace = "".join(traceback.format_exception(error))
    attempts = error.attempts if isinstance(error, AllUnavailable) else []
    tried = [f"asked {_name_of(attempt)}: {attempt['kind']}: {attempt['message']}" for attempt in attempts]
    say(desk.studio.providers.scrub("\n".join([trace.rstrip(), *tried])))


def _name_of(attempt: dict[str, str]) -> str:
    return "/".join(filter(None, (attempt["provider"], attempt["model"])))


def _help(desk: Desk, rest: str) -> None:
    del desk, rest
    for topic, names in TOPICS.items():
        say(topic)
        for name in names:
            usage = f"{name} {VERBS[name].usage}".strip()
            broken = f"\n{'':{_USAGE_COLUMNS + 11}}" if len(usage) > _USAGE_COLUMNS else ""
            say(f"  %conduit {usage:{_USAGE_COLUMNS}}{broken}  {VERBS[name].help}")
        say("")
    say(f"  {'%%conduit -h':{_USAGE_COLUMNS + 9}}  the options of a cell")


def complete_verb(before: str, found: ModelDesk | None) -> list[str]:
    """Give the verbs, or a verb's values, that could stand at the end of a line.

    Args:
        before: The line up to the cursor, from ``%conduit`` on.
        found: The way to models, where it is there already.
    """
    _, name, *more = before.split(" ")
    if not more:
        return [verb for verb in VERBS if verb.startswith(name)]
    if name not in VERBS or len(more) > 1 + (more[0] == "by"):
        return []
    return [value for value in VERBS[name].values(found) if value.startswith(more[-1])]


_USAGE_COLUMNS = 32
VERBS = _Verbs(
    {
        "push": Verb("[NAME] [--track N] [--slot N] [--new-track]", "put a clip into the Live set", _push),
        "approve": Verb("[PLAN]", "do what a waiting plan says", _approve),
        "reject": Verb("[PLAN]", "turn a waiting plan down", _reject),
        "undo": Verb("[PLAN]", "restore what was there before the last push", _undo),
        "plans": Verb("", "what waits for a decision", _plans),
        "live": Verb("", "what is in the Live set", _live),
        "release": Verb("", "leave Live to another notebook", _release),
        "models": Verb("", "look who is there, and list their models", model_verbs.models),
        "use": Verb("MODEL", "the model for cells that name none", model_verbs.use, model_verbs.model_names),
        "providers": Verb("", "how those who can answer are", model_verbs.providers),
        "reset-circuit": Verb(
            "[PROVIDER]",
            "ask a provider again at once",
            model_verbs.reset_circuit,
            model_verbs.provider_names,
        ),
        "cost": Verb(
            "[by provider|model|day|state|outcome]",
            "what was used, and what is left",
            model_verbs.cost,
            lambda _: ("by", *model_verbs.COST_BY),
        ),
        "keys": Verb("", "which keys are set, and where", model_verbs.keys),
        "warmup": Verb(
            "[MODEL]", "load a model before it is needed", model_verbs.warmup, model_verbs.model_names
        ),
        "add": Verb("NAME URL", "make a server of your own known", model_verbs.add),
        "answers": Verb(
            "[record|replay] FILE | off", "give answers from a file, or keep them there", _answers
        ),
        "clips": Verb("", "the clips of this session", _clips),
        "history": Verb("", "what was said so far", _history),
        "new": Verb("", "start a new conversation", _new),
        "seal": Verb("", "keep only the records, to share the notebook", _seal),
        "debug": Verb("", "the trace of the last error", _debug),
        "help": Verb("", "this list", _help),
    }
)

TOPICS = {
    "Live": ("push", "approve", "reject", "undo", "plans", "live", "release"),
    "Models": ("models", "use", "providers", "reset-circuit", "cost", "keys", "warmup", "add", "answers"),
    "Session": ("clips", "history", "new", "seal", "debug", "help"),
}
"""The verbs by what they are about, as the help lists them."""
