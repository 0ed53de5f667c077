"""What of an answer can be given back to its maker. Pure, shared by the adapters that give thoughts back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from conduit.messages import (
    AssistantMessage,
    AssistantPart,
    Message,
    ReasoningPart,
    TextPart,
    ToolCallPart,
    ToolMessage,
)

__all__ = ["distinct", "settled"]


def distinct(messages: Iterable[Message], *, write: Callable[[str], str]) -> Iterator[Message]:
    """Give each tool call an id that no call before it has, and its result the same; vendors refuse a second one.

    Servers that give no ids, or count them anew in each answer, leave equal ones in a conversation.

    Args:
        messages: A conversation.
        write: Gives an id the form the vendor takes; two may become one by it.
    """
    taken: set[str] = set()
    ids: dict[str, str] = {}
    for message in messages:
        match message:
            case AssistantMessage(tool_calls=calls) if calls:
                ids = {call.id: _free(write(call.id), taken) for call in calls}
                yield message.model_copy(
                    update={"parts": tuple(_renamed(part, ids) for part in message.parts)}
                )
            case ToolMessage(result=result):
                own = ids.get(result.call_id, result.call_id)
                yield message.model_copy(update={"result": result.model_copy(update={"call_id": own})})
            case _:
                yield message


def settled(parts: tuple[AssistantPart, ...]) -> tuple[AssistantPart, ...]:
    """Leave out thoughts that led to nothing: vendors refuse an answer that ends with them.

    Such an answer is left where someone interrupted it in the middle of a tool call.

    Args:
        parts: An answer's parts, in order.
    """
    last = max((place for place, part in enumerate(parts) if _says_something(part)), default=-1)
    return parts[: last + 1]


def _free(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}_{number}"
    taken.add(name)
    return name


def _renamed(part: AssistantPart, ids: dict[str, str]) -> AssistantPart:
    return part.model_copy(update={"id": ids[part.id]}) if isinstance(part, ToolCallPart) else part


def _says_something(part: AssistantPart) -> bool:
    if isinstance(part, TextPart):
        return bool(part.text.strip())
    return not isinstance(part, ReasoningPart)
