"""The verbs about models: who is there, who is asked, how they are, and what they cost."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, get_args

from conduit.clients import Place
from conduit.drawing.table import Cell, Column, Table
from conduit.errors import ConduitError, SetupError
from conduit.routing import Meter, Row
from conduit.routing.odometer import By
from conduit.routing.registry import ALIASES, AUTO, LOCAL
from conduit.studio.model_desk import ModelDesk, ProviderState
from conduit_magics.captions import money
from conduit_magics.saying import say, show, words

if TYPE_CHECKING:
    from conduit_magics.desk import Desk

__all__ = [
    "COST_BY",
    "add",
    "cost",
    "keys",
    "model_names",
    "models",
    "provider_names",
    "providers",
    "reset_circuit",
    "use",
    "warmup",
]

COST_BY: tuple[By, ...] = get_args(By)
"""What a table of costs can have a row for."""

_MOST_MODELS = 12
_HEALTH = "● asked as usual · ◐ the next call is a trial · ○ left alone for a while after failures"
_SYMBOL_WORDS = {"●": "asked as usual", "◐": "the next call is a trial", "○": "left alone for a while"}
_PLACES = {
    Place.OFFLINE: "here, by rules",
    Place.LOCAL: "this machine or network",
    Place.CLOUD: "cloud",
}


def models(desk: Desk, rest: str) -> None:
    """Look who is there, and list their models."""
    del rest
    found = desk.studio.providers
    troubles = desk.studio.call(found.find())
    default, trouble = _default(desk)
    rows = list(_models_of_all(found, troubles, default))
    absent = list(_absent(found))
    columns = [Column("model"), Column("where"), Column("", wraps=True, width=72)]
    asked = f"{found.default}, which is {default}" if found.default != default else default
    title = f"By default: {asked}" if default else f"By default: {found.default}, but {trouble}"
    notes = [
        "%conduit use MODEL sets the default, -m MODEL asks another in one cell; a provider's name will do"
    ]
    show(desk, Table(columns, [*rows, *absent], title=title, notes=notes, ruled={len(rows)}))


def use(desk: Desk, rest: str) -> None:
    """Set the model that is asked where none is named."""
    (name,) = _exactly(rest, "NAME", verb="use")
    full = desk.studio.call(desk.studio.providers.use(name))
    by = f" (by {name})" if name in {AUTO, LOCAL} else ""
    say(f"{full} answers from now on{by}")


def providers(desk: Desk, rest: str) -> None:
    """Say how those are that are known."""
    del rest
    states = desk.on_loop(desk.studio.providers.states)
    numeric = {"health", "of calls", "models", "retry in"}
    labels = ("", "provider", "where", "health", "of calls", "models", "retry in", "last error")
    columns = [Column(label, label in numeric, wraps=label == "last error", width=72) for label in labels]
    notes = [_HEALTH, "These are known so far; %conduit models looks for all."]
    rows = [_state(state) for state in states]
    show(desk, Table(columns, rows, notes=notes))


def reset_circuit(desk: Desk, rest: str) -> None:
    """Let a provider be asked again at once."""
    given = words(rest)
    if len(given) > 1:
        raise SetupError("%conduit reset-circuit takes one provider, or none for all")
    known = desk.studio.providers.registry.names
    name = ALIASES.get(given[0], given[0]) if given else None
    if name is not None and name not in known:
        raise SetupError(f"there is no provider {given[0]!r}; there is {', '.join(known)}", valid=known)
    reset = desk.on_loop(lambda: desk.studio.providers.router.reset(name))
    say(f"asked again as usual: {', '.join(reset)}" if reset else "nobody has been asked yet")


def cost(desk: Desk, rest: str) -> None:
    """Say what was used, by what, and what the session may still use."""
    by = _by(words(rest))
    odometer, session = desk.studio.providers.router.odometer, desk.studio.providers.session
    rows, total = desk.on_loop(lambda: (odometer.table(by), odometer.total()))
    labels = ("answers", "calls", "tokens in", "cached", "tokens out", "reasoning", "first token", "cost")
    columns = [Column(by), *(Column(label, numeric=True) for label in labels)]
    cells: list[list[str] | list[Cell]] = [_used(row) for row in rows]
    if len(rows) > 1:
        cells.append([Cell(cell, tone="strong") for cell in _used(total)])
    notes = [_left(session)]
    if total.unknown_costs:
        notes.append("A cost is unknown where the provider counts no tokens or has no price in our table.")
    title = "" if rows else "No model has been asked yet"
    show(desk, Table(columns, cells, title=title, notes=notes, ruled={len(rows)}))


def keys(desk: Desk, rest: str) -> None:
    """Say of every key whether it is set and where, never what it is."""
    del rest
    presets = desk.studio.providers.registry.presets
    said_of_keys = desk.studio.providers.keys()  # in this thread: a keyring may take its time
    rows = [
        [
            Cell(name, tone=_tone(said)),
            Cell(said, tone=_tone(said)),
            Cell(" or ".join(presets[name].keys), tone="quiet"),
        ]
        for name, said in said_of_keys
    ]
    columns = [Column("provider"), Column("key"), Column("looked for in")]
    notes = [
        "Looked for in the environment, then in the system's keyring (service conduit), then in the config file."
    ]
    show(desk, Table(columns, rows, notes=notes))


def warmup(desk: Desk, rest: str) -> None:
    """Let a model answer one word, so that the next answer comes sooner."""
    given = words(rest)
    if len(given) > 1:
        raise SetupError("%conduit warmup takes one model, or none for the default")
    name = given[0] if given else ""
    took_s = desk.studio.call(desk.studio.providers.warm_up(name))
    say(f"{name or desk.studio.providers.default} is warm: it answered in {took_s:.1f} s")


def add(desk: Desk, rest: str) -> None:
    """Make a server known by a name."""
    name, url = _exactly(rest, "NAME URL", verb="add")
    client, trouble = desk.studio.call(desk.studio.providers.add(name, url))
    if trouble:
        said = desk.studio.providers.scrub(" ".join(trouble.split()))
        say(f"{client.provider} is known, but: {said}")
        return
    count = len(client.models)
    some = ", ".join(f"{client.provider}/{model}" for model in client.models[:_MOST_MODELS])
    more = f" and {count - _MOST_MODELS} more" if count > _MOST_MODELS else ""
    say(
        f"{client.provider} is there: {some}{more}"
        if count
        else f"{client.provider} is there, but lists no model"
    )


def provider_names(found: ModelDesk | None) -> list[str]:
    """Give every name that a provider may be called by."""
    from conduit.clients.presets import PRESETS  # noqa: PLC0415  only for Tab

    known = found.registry.names if found else []
    return list(dict.fromkeys([*known, *PRESETS, "offline", *ALIASES]))


def model_names(found: ModelDesk | None) -> list[str]:
    """Give what may stand after ``-m``, as far as it is known; nobody is contacted."""
    known = found.registry.models if found else []
    return list(dict.fromkeys([*known, AUTO, LOCAL, *provider_names(found)]))


def _exactly(rest: str, usage: str, *, verb: str) -> list[str]:
    given = words(rest)
    if len(given) != len(usage.split()):
        raise SetupError(f"write it as %conduit {verb} {usage}")
    return given


def _by(given: list[str]) -> By:
    given = given[1:] if given[:1] == ["by"] else given
    for by in COST_BY:
        if given == [by]:
            return by
    if not given:
        return "provider"
    raise SetupError(
        f"%conduit cost: {' '.join(given)!r} cannot be; it is by {', '.join(COST_BY)}", valid=list(COST_BY)
    )


def _default(desk: Desk) -> tuple[str, str]:
    """Give the full name of the default model, or why there is none."""
    found = desk.studio.providers
    try:
        return desk.studio.call(found.use(found.default)), ""
    except ConduitError as error:
        return "", error.message


def _models_of_all(found: ModelDesk, troubles: dict[str, str], default: str) -> Iterator[list[str | Cell]]:
    """Give a row for each model; where a provider runs is said in its first."""
    registry = found.registry
    for name in registry.names:
        where = _PLACES[registry.clients[name].place]
        known = registry.models_of(name)
        if not known or name in troubles:
            yield [Cell(name, tone="quiet"), where, troubles.get(name, "has no model")]
            where = ""
        for model in _some(known, default):
            yield _model(f"{name}/{model}", where, default)
            where = ""
        if len(known) > _MOST_MODELS:
            more = f"{len(known) - _MOST_MODELS} more; Tab after -m lists them"
            yield [Cell(f"{name}/…", tone="quiet"), "", Cell(more, tone="quiet")]


def _absent(found: ModelDesk) -> Iterator[list[str | Cell]]:
    """Give a row for each provider that is not there, with the reason."""
    registry = found.registry
    for name, detected in registry.found.items():
        if name not in registry.clients:
            texts = (name, _PLACES[registry.presets[name].place], detected.reason)
            yield [Cell(text, tone="quiet") for text in texts]


def _some(known: tuple[str, ...], default: str) -> list[str]:
    first = known[:_MOST_MODELS]
    return [*first, *(model for model in known[_MOST_MODELS:] if default.endswith(f"/{model}"))]


def _model(full: str, where: str, default: str) -> list[str | Cell]:
    if full == default:
        return [Cell(full, tone="strong"), where, Cell("default", tone="strong")]
    return [full, where, ""]


def _state(state: ProviderState) -> list[str | Cell]:
    return [
        Cell(state.symbol, title=f"{state.state}: {_SYMBOL_WORDS[state.symbol]}"),
        state.name,
        _PLACES[state.place],
        Cell(str(state.health), title=f"of the last {state.calls} calls") if state.calls else "",
        str(state.calls) if state.calls else "",
        str(state.models),
        f"{state.retry_in_s:.0f} s" if state.retry_in_s else "",
        Cell(state.last_error, title=state.last_error, tone="quiet"),
    ]


def _used(row: Row) -> list[str]:
    known = money(row.cost_usd)
    amount = f"at least {known}" if row.unknown_costs and row.cost_usd else known
    first = f"{row.first_token_s:.1f} s" if row.first_token_s is not None else ""
    counts = (
        row.operations,
        row.attempts,
        row.input_tokens,
        row.cached_tokens,
        row.output_tokens,
        row.reasoning_tokens,
    )
    return [row.label, *(f"{count:,}" for count in counts), first, amount]


def _left(session: Meter) -> str:
    budget = session.budget
    left = [
        f"{budget.calls - session.calls:,} calls" if budget.calls is not None else "any number of calls",
        f"{budget.tokens - session.tokens:,} tokens" if budget.tokens is not None else "any number of tokens",
        _dollars_left(budget.cost_usd, session.cost_usd),
    ]
    return f"This session may still use {left[0]}, {left[1]} and {left[2]}."


def _dollars_left(allowed: Decimal | None, used: Decimal) -> str:
    return "any amount of dollars" if allowed is None else f"${max(Decimal(0), allowed - used):,.2f}"


def _tone(said: str) -> Literal["", "quiet"]:
    return "quiet" if said == "not set" else ""
