"""The verbs of ``%conduit``: one table of name, help and function."""

from __future__ import annotations

import difflib
import traceback
from collections import UserDict
from typing import TYPE_CHECKING

from conduit.errors import AllUnavailable, SetupError
from conduit_magics import file_verb, genre_verb, kept_verbs, live_verbs, model_verbs, set_verbs, talk_verbs
from conduit_magics.saying import say, words
from conduit_magics.verb import Verb, arguments

if TYPE_CHECKING:
    from conduit.studio import Studio
    from conduit_magics.desk import Desk

__all__ = ["TOPICS", "VERBS", "complete_verb"]


class _Verbs(UserDict[str, Verb]):
    """The verbs by name."""

    def unknown(self, name: str) -> SetupError:
        """Make the error for a verb that does not exist, with those that are near."""
        near = difflib.get_close_matches(name, self, n=1)
        hint = f"did you mean {near[0]}?" if near else "%conduit help lists them"
        return SetupError(f"%conduit has no verb {name!r}; {hint}", valid=list(self))


def _clips(desk: Desk, rest: str) -> None:
    del rest
    if not desk.studio.clips:
        say("no clips yet; write one with %%conduit")
    for number, clip in enumerate(desk.studio.clips, 1):
        say(f"{number:3} {clip!r}")


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


def _seal(desk: Desk, rest: str) -> None:
    del rest
    count = len(desk.outputs)
    desk.close()
    say(f"sealed {count} outputs: their records stay, also when the notebook is opened again")


def _panel(desk: Desk, rest: str) -> None:
    flag = (("--side",), {"action": "store_true"})
    given = arguments(rest, flag, verb="panel", usage=_PANEL_USAGE)
    from conduit_magics.chat.panel import open_panel  # noqa: PLC0415  only who opens one needs it

    open_panel(desk, side=given.side)


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


def complete_verb(before: str, studio: Studio | None) -> list[str]:
    """Give the verbs, or a verb's values, that could stand at the end of a line.

    Args:
        before: The line up to the cursor, from ``%conduit`` on.
        studio: The studio, where there is one already.
    """
    _, name, *more = before.split(" ")
    if not more:
        return [verb for verb in VERBS if verb.startswith(name)]
    if name not in VERBS:
        return []
    typed = " ".join(more[1:] if more[0] == "by" and len(more) > 1 else more)
    # Values may be several words; those that stand there already are not put there again.
    there = len(typed) - len(more[-1])
    return [value[there:] for value in VERBS[name].values(studio) if value.startswith(typed)]


def _models(studio: Studio | None) -> list[str]:
    return model_verbs.model_names(studio.providers if studio else None)


def _providers(studio: Studio | None) -> list[str]:
    return model_verbs.provider_names(studio.providers if studio else None)


_USAGE_COLUMNS = 32
_PANEL_USAGE = "[--side]"
VERBS = _Verbs(
    {
        "push": Verb(live_verbs.PUSH_USAGE, "put a clip into the Live set", live_verbs.push),
        "approve": Verb("[PLAN]", "do what a waiting plan says", live_verbs.approve),
        "reject": Verb("[PLAN]", "turn a waiting plan down", live_verbs.reject),
        "undo": Verb("[PLAN]", "restore what was there before the last push", live_verbs.undo),
        "plans": Verb(
            "[log]", "what waits for a decision, or what was decided", live_verbs.plans, lambda _: ("log",)
        ),
        **set_verbs.VERBS,
        "release": Verb("", "leave Live to another notebook", live_verbs.release),
        "models": Verb("", "look who is there, and list their models", model_verbs.models),
        "use": Verb("MODEL", "the model for cells that name none", model_verbs.use, _models),
        "providers": Verb("", "how those who can answer are", model_verbs.providers),
        "reset-circuit": Verb(
            "[PROVIDER]", "ask a provider again at once", model_verbs.reset_circuit, _providers
        ),
        "cost": Verb(
            "[by provider|model|day|state|outcome]",
            "what was used, and what is left",
            model_verbs.cost,
            lambda _: ("by", *model_verbs.COST_BY),
        ),
        "keys": Verb("", "which keys are set, and where", model_verbs.keys),
        "warmup": Verb("[MODEL]", "load a model before it is needed", model_verbs.warmup, _models),
        "add": Verb("NAME URL", "make a server of your own known", model_verbs.add),
        "answers": Verb(
            "[record|replay] FILE | off", "give answers from a file, or keep them there", _answers
        ),
        **talk_verbs.VERBS,
        **kept_verbs.VERBS,
        "genres": Verb(
            "[NAME]", "the genres, and what each means", genre_verb.genres, genre_verb.genre_names
        ),
        "panel": Verb(
            _PANEL_USAGE, "a chat panel here, or beside the notebook", _panel, lambda _: ("--side",)
        ),
        "clips": Verb("", "the clips of this session", _clips),
        "open": Verb(
            file_verb.OPEN_USAGE, "show the clips of a MIDI file", file_verb.open_file, file_verb.midi_files
        ),
        "seal": Verb("", "keep only the records, to share the notebook", _seal),
        "debug": Verb("", "the trace of the last error", _debug),
        "help": Verb("", "this list", _help),
    }
)

TOPICS = {
    "Live": (*set_verbs.VERBS, "push", "approve", "reject", "undo", "plans", "release"),
    "Models": ("models", "use", "providers", "reset-circuit", "cost", "keys", "warmup", "add", "answers"),
    "Conversation": (*talk_verbs.VERBS, *kept_verbs.VERBS),
    "Session": ("panel", "genres", "clips", "open", "seal", "debug", "help"),
}
"""The verbs by what they are about, as the help lists them."""
