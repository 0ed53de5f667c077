"""The words under an answer: what became of a plan, who answered, and what that took."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from conduit.clients.presets import PRESETS
from conduit.engine.plan import Plan, Status
from conduit.messages import Restart, Usage
from conduit.studio import Answer, Studio

__all__ = ["broke_off", "details", "footer", "lines_of", "money", "notes_of", "told"]

_LEAST_SHOWN = Decimal("0.0001")


def told(studio: Studio, plan: Plan) -> str:
    """Say where a plan stands, in words for a person."""
    set_name = " (simulated set)" if studio.live.simulated else ""
    change = studio.plans.change(plan.id)
    place = getattr(change, "place", "")
    is_clip = getattr(change, "after", None) is not None
    return {
        Status.PENDING: f"plan {plan.id} waits for approval: {plan.title}",
        Status.APPLIED: f"pushed to {place}{set_name}" if is_clip else f"done{set_name}: {plan.title}",
        Status.PARTIAL: f"plan {plan.id} failed and a part of it is left; undo {plan.id} to take it back",
        Status.REJECTED: studio.decisions.reasons.get(plan.id) or f"rejected: {plan.title}",
        Status.EXPIRED: f"plan {plan.id} expired; push again",
        Status.UNDONE: f"undone: {place} is as it was{set_name}",
    }[plan.status]


def lines_of(studio: Studio, plan: Plan) -> tuple[str, ...]:
    """Give what a plan changes, a line each; nothing where its title or the picture of its clip says it all."""
    change = studio.plans.change(plan.id)
    is_clip = getattr(change, "after", None) is not None
    return () if is_clip or len(change.lines) == 1 else change.lines


def notes_of(studio: Studio, plan: Plan) -> tuple[str, ...]:
    """Give what to know before a plan is approved; a simulated set has nothing that could be lost."""
    return () if studio.live.simulated else studio.plans.change(plan.id).notes


def footer(answer: Answer | None, *, names: Collection[str] = ()) -> str:
    """Say in one line who answered, how long it took, what it was and what it cost.

    Args:
        answer: The answer; nothing is said while there is none.
        names: The providers there are, so that one of the user's own can be named as the one that failed.
    """
    if answer is None:
        return ""
    who = "/".join(filter(None, (answer.provider, answer.model)))
    facts = [f"{who} {_after(answer, names)}".strip(), f"{answer.duration_s:.1f} s"]
    if answer.clip is not None:
        facts.append(f"{len(answer.clip)} note{'s'[: len(answer.clip) != 1]}")
    if answer.usage is not None:
        facts.append(f"{answer.usage.input_tokens:,} in, {answer.usage.output_tokens:,} out")
    if answer.cached:
        facts.append("kept answer")
    elif answer.calls and answer.cost_usd != 0:
        facts.append("cost unknown" if answer.cost_usd is None else money(answer.cost_usd))
    return " · ".join(facts)


def details(answer: Answer | None) -> list[tuple[str, str]]:
    """Say the same in rows of label and value, with all that is known."""
    if answer is None:
        return []
    rows = [("provider", answer.provider), ("model", answer.model), ("time", f"{answer.duration_s:.1f} s")]
    if answer.first_s is not None:
        rows.append(("first token", f"{answer.first_s:.1f} s"))
    if answer.calls:
        rows += [("calls", str(answer.calls)), *_tokens(answer.usage), ("cost", _cost(answer))]
    rows += _under("went wrong before", answer.troubles)
    rows += _under("sources", answer.citations)
    return [(label, value) for label, value in rows if value]


def money(amount: Decimal | None) -> str:
    """Write an amount of US dollars.

    >>> [money(Decimal(text)) for text in ("0", "0.00001", "0.0042", "12.5")], money(None)
    (['free', 'under $0.0001', '$0.0042', '$12.50'], 'unknown')
    """
    if amount is None:
        return "unknown"
    if amount == 0:
        return "free"
    if amount < _LEAST_SHOWN:
        return f"under ${_LEAST_SHOWN}"
    return f"${amount:.4f}" if amount < 1 else f"${amount:,.2f}"


def broke_off(event: Restart, *, names: Collection[str] = ()) -> str:
    """Say that an answer broke off, and who answers now.

    Args:
        event: What says so.
        names: The providers there are.
    """
    failed = _blamed(event.reason, names)
    if failed == event.provider:
        return f"{failed} broke off and begins anew"
    return f"{failed or 'The answer'} broke off; {event.provider} answers now"


def _after(answer: Answer, names: Collection[str]) -> str:
    if not answer.troubles:
        return ""
    blamed = dict.fromkeys(_blamed(trouble, names) for trouble in answer.troubles)
    failed = [name for name in blamed if name and name != answer.provider]
    if failed:
        return f"(after {' and '.join(failed)} failed)"
    return "(at a second try)" if answer.calls else ""


def _blamed(trouble: str, names: Collection[str]) -> str:
    """Give the provider that an error's message begins with, as all of them do; empty where it is none."""
    name = trouble.partition(" ")[0].partition("/")[0]
    return name if name in names or name in PRESETS else ""


def _tokens(usage: Usage | None) -> list[tuple[str, str]]:
    if usage is None:
        return [("tokens", "not counted")]
    counts = (
        ("tokens in", usage.input_tokens),
        ("of them cached", usage.cached_tokens),
        ("tokens out", usage.output_tokens),
        ("of them reasoning", usage.reasoning_tokens),
    )
    return [(label, f"{count:,}") for label, count in counts if count or label.startswith("tokens")]


def _cost(answer: Answer) -> str:
    return "nothing: a kept answer" if answer.cached else money(answer.cost_usd)


def _under(label: str, values: tuple[str, ...]) -> list[tuple[str, str]]:
    return [("" if place else label, value) for place, value in enumerate(values)]
