"""The words under an answer: what became of a plan, and who answered."""

from __future__ import annotations

from conduit.engine.plan import Plan, Status
from conduit.studio import Answer, Studio

__all__ = ["footer", "notes_of", "told"]


def told(studio: Studio, plan: Plan) -> str:
    """Say where a plan stands, in words for a person."""
    set_name = " (simulated set)" if studio.live.simulated else ""
    place = getattr(studio.plans.change(plan.id), "place", "")
    return {
        Status.PENDING: f"plan {plan.id} waits for approval: {plan.title}",
        Status.APPLIED: f"pushed to {place}{set_name}",
        Status.REJECTED: f"rejected: {plan.title}",
        Status.EXPIRED: f"plan {plan.id} expired; push again",
        Status.UNDONE: f"undone: {place} is as it was{set_name}",
    }[plan.status]


def notes_of(studio: Studio, plan: Plan) -> tuple[str, ...]:
    """Give what to know before a plan is approved; a simulated set has nothing that could be lost."""
    return () if studio.live.simulated else studio.plans.change(plan.id).notes


def footer(answer: Answer | None) -> str:
    """Say who answered, how long it took, and what it was; nothing while there is no answer."""
    if answer is None:
        return ""
    facts = [f"{answer.provider}/{answer.model}", f"{answer.duration_s:.1f} s"]
    if answer.clip is not None:
        facts.append(f"{len(answer.clip)} notes")
    if answer.usage is not None:
        facts.append(f"{answer.usage.input_tokens} in, {answer.usage.output_tokens} out")
    return " · ".join(facts)
