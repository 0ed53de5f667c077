"""Events of a turn as lines of JSON, for whoever sits at the other end of a wire or reads a log.

Both ends may name the conversation that they share: a line then holds only what comes after it, so the lines
of a turn stay as short as what they tell. Writer and reader move on alike, with each ``Advanced``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter

from conduit.engine.events import Advanced, Paused, Resumed, Steered, ToolFinished, ToolStarted, TurnEvent
from conduit.engine.limits import Reason
from conduit.engine.machine import End
from conduit.engine.tool import Outcome
from conduit.errors import ConversationError
from conduit.messages import (
    AssistantMessage,
    Conversation,
    Event,
    Message,
    MessageEnd,
    Request,
    Response,
    ResponseMetadata,
    ToolCallPart,
    ToolResultPart,
    Usage,
    UserMessage,
)

__all__ = ["dump_event", "load_event"]

_STREAM: TypeAdapter[Any] = TypeAdapter(Event)
_MESSAGES: TypeAdapter[list[Message]] = TypeAdapter(list[Message])


def dump_event(event: TurnEvent, *, shared: Conversation | None = None) -> str:
    """Write an event as one line of JSON, without the line break.

    Args:
        event: What happened.
        shared: A conversation that the reader has, such as that of the last ``Advanced``; None where it has none.

    >>> dump_event(Steered(UserMessage.of("darker")))
    '{"type":"steered","message":{"role":"user","parts":[{"type":"text","text":"darker","provider_data":{}}]}}'
    """
    writer = _WRITERS.get(type(event))
    facts = writer(event, shared or Conversation()) if writer else _STREAM.dump_python(event, mode="json")
    return json.dumps(facts, separators=(",", ":"))


def load_event(line: str | bytes, *, shared: Conversation | None = None) -> TurnEvent:
    """Read what ``dump_event`` wrote.

    Args:
        line: The line.
        shared: The conversation that the writer named. The request inside a ``MessageEnd`` then has its messages,
            but neither its parameters nor its tools, which stay with who asked.

    Raises:
        ValueError: It is no event.
        ConversationError: Its messages are in an order no model accepts, or come after a conversation that is not
            ``shared``.
    """
    facts = json.loads(line)
    if not isinstance(facts, dict):
        raise ValueError(f"{line[:40]!r} is not an event of a turn")  # noqa: TRY004  a text, not a type
    reader = _READERS.get(str(facts.get("type")))
    try:
        return reader(facts, shared or Conversation()) if reader else _STREAM.validate_python(facts)
    except (KeyError, TypeError, ArithmeticError, RecursionError) as error:
        raise ValueError(f"{line[:40]!r} is not an event of a turn: {error!r}") from error


def _write_talk(talk: Conversation, shared: Conversation) -> dict[str, Any]:
    base = shared if len(shared) <= len(talk) and talk.at(len(shared)) == shared else Conversation()
    messages, node = [], talk.tip
    while node is not None and node.depth > len(base):
        messages.append(node.message)
        node = node.parent
    return {"after": base.id, "messages": _MESSAGES.dump_python(messages[::-1], mode="json")}


def _read_talk(facts: dict[str, Any], shared: Conversation) -> Conversation:
    if facts["after"] not in {"", shared.id}:
        raise ConversationError(
            f"the event goes on from {facts['after']}, and {shared.id or 'nothing'} is what both have"
        )
    talk = shared if facts["after"] else Conversation()
    for message in _MESSAGES.validate_json(json.dumps(facts["messages"])):
        talk = talk.add(message)
    return talk


def _write_message_end(event: MessageEnd, shared: Conversation) -> dict[str, Any]:
    if shared.tip is None:
        return event.model_dump(mode="json")
    response = event.response.model_dump(mode="json", include={"message", "metadata"})
    return {"type": event.type, "model": event.response.request.model, **response}


def _read_message_end(facts: dict[str, Any], shared: Conversation) -> MessageEnd:
    if "response" in facts:
        return MessageEnd.model_validate_json(json.dumps(facts))
    return MessageEnd(
        response=Response(
            request=Request(model=facts["model"], messages=shared.messages),
            message=AssistantMessage.model_validate(facts["message"]),
            metadata=ResponseMetadata.model_validate_json(json.dumps(facts["metadata"])),
        )
    )


def _write_advanced(event: Advanced, shared: Conversation) -> dict[str, Any]:
    metadata = event.metadata.model_dump(mode="json") if event.metadata else None
    return {"type": "advanced", **_write_talk(event.conversation, shared), "metadata": metadata}


def _read_advanced(facts: dict[str, Any], shared: Conversation) -> Advanced:
    metadata = facts["metadata"]
    known = None if metadata is None else ResponseMetadata.model_validate_json(json.dumps(metadata))
    return Advanced(_read_talk(facts, shared), known)


def _write_end(event: End, shared: Conversation) -> dict[str, Any]:
    return {
        "type": "end",
        **_write_talk(event.conversation, shared),
        "reason": event.reason.value,
        "usage": event.usage.model_dump(mode="json") if event.usage else None,
        "cost_usd": None if event.cost_usd is None else str(event.cost_usd),
        "steps": event.steps,
        "remarks": list(event.remarks),
    }


def _read_end(facts: dict[str, Any], shared: Conversation) -> End:
    usage, cost_usd = facts["usage"], facts["cost_usd"]
    return End(
        _read_talk(facts, shared),
        Reason(facts["reason"]),
        usage=None if usage is None else Usage.model_validate(usage),
        cost_usd=None if cost_usd is None else Decimal(cost_usd),
        steps=int(facts["steps"]),
        remarks=tuple(map(str, facts["remarks"])),
    )


def _read_tool_finished(facts: dict[str, Any], _: Conversation) -> ToolFinished:
    result = ToolResultPart.model_validate(facts["result"])
    plan_id = None if facts["plan_id"] is None else str(facts["plan_id"])
    return ToolFinished(ToolCallPart.model_validate(facts["call"]), Outcome(result, plan_id))


_WRITERS: dict[type, Callable[[Any, Conversation], dict[str, Any]]] = {
    MessageEnd: _write_message_end,
    ToolStarted: lambda event, _: {"type": "tool_started", "call": event.call.model_dump(mode="json")},
    ToolFinished: lambda event, _: {
        "type": "tool_finished",
        "call": event.call.model_dump(mode="json"),
        "result": event.outcome.result.model_dump(mode="json"),
        "plan_id": event.outcome.plan_id,
    },
    Advanced: _write_advanced,
    Paused: lambda _, __: {"type": "paused"},
    Resumed: lambda _, __: {"type": "resumed"},
    Steered: lambda event, _: {"type": "steered", "message": event.message.model_dump(mode="json")},
    End: _write_end,
}

_READERS: dict[str, Callable[[dict[str, Any], Conversation], TurnEvent]] = {
    "message_end": _read_message_end,
    "tool_started": lambda facts, _: ToolStarted(ToolCallPart.model_validate(facts["call"])),
    "tool_finished": _read_tool_finished,
    "advanced": _read_advanced,
    "paused": lambda _, __: Paused(),
    "resumed": lambda _, __: Resumed(),
    "steered": lambda facts, _: Steered(UserMessage.model_validate_json(json.dumps(facts["message"]))),
    "end": _read_end,
}
