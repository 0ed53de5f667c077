"""The bar of a panel: who is asked and how they are, how, for where in the Live set, and what it has cost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from conduit.band.genre import GENRES
from conduit.composer import Options
from conduit.composer.aim import Aim
from conduit.messages.facts import sum_words
from conduit.routing import Meter
from conduit.store import Summary
from conduit.studio import LiveState, Question, Studio
from conduit.studio.decisions import AUTO
from conduit.widgets.mirror import Item

__all__ = ["Wishes", "bar_item"]

_HEALTH = {
    "●": "asked as usual",
    "◐": "the next call is a trial",
    "○": "left alone for a while after failures",
}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person set in the bar for the questions of one panel.

    Attributes:
        model: Who is asked; empty for the session's default.
        mode: ``chat`` or ``generate``.
        genre: Empty for what the words say.

    >>> Wishes().with_("mode", "generate").mode
    'generate'
    """

    model: str = ""
    mode: str = "chat"
    genre: str = ""

    def with_(self, name: str, value: str) -> Wishes:
        """Give them with one changed; a name that is none of them changes nothing."""
        match name:
            case "model":
                return replace(self, model="" if value == "auto" else value)
            case "mode":
                return replace(self, mode="generate" if value == "generate" else "chat")
            case "genre":
                return replace(self, genre=value if value in GENRES else "")
            case _:
                return self

    def question(self, text: str, **facts: Any) -> Question:
        """Ask as they say."""
        options = Options(genre=self.genre or None)
        return Question(text, options=options, model=self.model, mode=self.mode, **facts)


def bar_item(
    studio: Studio, wishes: Wishes, *, state: LiveState | None, aim: Aim, talks: list[Summary]
) -> Item:
    """Give the item of the bar.

    Args:
        studio: What it tells of.
        wishes: What the person set.
        state: The Live set as it was last read; None where it was not.
        aim: Where in it clips are to go.
        talks: The conversations that are kept, the last used first.
    """
    models = _models(studio)
    tree = studio.session.tree
    return {
        "kind": "bar",
        "models": models,
        "model": wishes.model or studio.providers.default or "auto",
        "health": _health(models, wishes.model or studio.providers.default),
        "mode": wishes.mode,
        "genres": list(GENRES),
        "genre": wishes.genre,
        "target": _target(studio, state, aim),
        "budget": _budget(studio.providers.session),
        "usage": studio.scrub(sum_words(tree.usage, tree.cost_usd)),
        "auto": [[kind, words, kind in studio.decisions.auto] for kind, words in AUTO.items()],
        "talks": _talks(studio, talks),
    }


def _models(studio: Studio) -> list[list[Any]]:
    found = []
    for state in studio.providers.states():
        words = _HEALTH.get(state.symbol, state.state)
        if state.last_error:
            words = f"{words}: {studio.scrub(state.last_error)}"
        names = [f"{state.name}/{model}" for model in studio.providers.registry.models_of(state.name)]
        found.append([state.name, state.symbol, words, names])
    return found


def _health(models: list[list[Any]], chosen: str) -> dict[str, str]:
    name = chosen.partition("/")[0]
    known = {provider: (symbol, words) for provider, symbol, words, _ in models}
    if name in known:
        symbol, words = known[name]
        return {"symbol": symbol, "words": f"{name}: {words}"}
    up = [provider for provider, (symbol, _) in known.items() if symbol == "●"]
    said = f"ready: {', '.join(up)}" if up else "nobody is asked as usual at the moment"
    return {"symbol": "●" if up else "○", "words": said}


def _target(studio: Studio, state: LiveState | None, aim: Aim) -> dict[str, Any]:
    snapshot = state.snapshot if state is not None else None
    return {
        "label": state.label if state is not None else studio.live.label,
        "simulated": state.simulated if state is not None else studio.live.simulated,
        "connected": state is not None,
        "tracks": [[studio.scrub(track.name), track.is_midi] for track in snapshot.tracks]
        if snapshot
        else [],
        "scenes": len(snapshot.scenes) if snapshot else 0,
        "track": aim.track or 0,
        "slot": aim.slot or 0,
    }


def _budget(meter: Meter) -> dict[str, Any]:
    """Say how much of the session's budget is used: of what is nearest to its end."""
    allowed, spent = meter.budget, f"${meter.cost_usd:.2f}"
    shares: list[tuple[float, str]] = []
    if allowed.cost_usd:
        shares.append((float(meter.cost_usd / allowed.cost_usd), f"{spent} of ${allowed.cost_usd:.2f}"))
    if allowed.tokens:
        shares.append((meter.tokens / allowed.tokens, f"{meter.tokens:,} of {allowed.tokens:,} tokens"))
    if allowed.calls:
        shares.append((meter.calls / allowed.calls, f"{meter.calls} of {allowed.calls} calls"))
    share, words = max(shares, default=(-1.0, spent))
    return {"words": f"{words} this session", "share": round(min(1.0, share), 3)}


def _talks(studio: Studio, talks: list[Summary]) -> list[list[Any]]:
    """Give the conversations: the one that goes on first, also where it is not kept yet."""
    tree = studio.session.tree
    others = [one for one in talks if one.name != tree.name]
    rows = [[one.name, studio.scrub(one.title) or one.name, _when(one.updated), False] for one in others]
    return [[tree.name, studio.scrub(tree.title), "", True], *rows]


def _when(at: float) -> str:
    then, now = datetime.fromtimestamp(at).astimezone(), datetime.now().astimezone()
    return f"{then:%H:%M}" if then.date() == now.date() else f"{then:%d %b %H:%M}"
