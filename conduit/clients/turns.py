"""What of an answer can be given back to its maker. Pure, shared by the adapters that give thoughts back."""

from __future__ import annotations

from conduit.messages import AssistantPart, ReasoningPart, TextPart

__all__ = ["settled"]


def settled(parts: tuple[AssistantPart, ...]) -> tuple[AssistantPart, ...]:
    """Leave out thoughts that led to nothing: vendors refuse an answer that ends with them.

    Such an answer is left where someone interrupted it in the middle of a tool call.

    Args:
        parts: An answer's parts, in order.
    """
    last = max((place for place, part in enumerate(parts) if _says_something(part)), default=-1)
    return parts[: last + 1]


def _says_something(part: AssistantPart) -> bool:
    if isinstance(part, TextPart):
        return bool(part.text.strip())
    return not isinstance(part, ReasoningPart)
