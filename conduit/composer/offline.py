"""The offline composer: a model that is always there and gives the same notes for the same words.

It answers as any model does: a ``write_clip`` call, then a sentence. Where no such tool is offered, the clip stands
in its words, in a fence. What it knows of the conversation it reads from the request's messages, so it keeps no
state.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from time import perf_counter

from conduit.clients import Capabilities, Place, collect, part_events
from conduit.composer.brief import Brief, read_brief
from conduit.composer.by_hand import read_by_hand
from conduit.composer.data import fitting, without_data
from conduit.composer.decided import reply_to
from conduit.composer.edit_tools import shown
from conduit.composer.intake import WRITE_CLIP
from conduit.composer.question import is_decision, read_critique, read_question
from conduit.composer.revise import revise
from conduit.composer.sketch import describe, sketch
from conduit.composer.taking import clip_of
from conduit.errors import ClipError
from conduit.messages import (
    AssistantMessage,
    Event,
    Message,
    MessageEnd,
    Request,
    Response,
    ResponseMetadata,
    StopReason,
    TextPart,
    ToolCallPart,
    ToolMessage,
    ToolResultPart,
    UserMessage,
)
from conduit.music import Clip, read_clip, write_clip

__all__ = ["PUSH_CLIP", "OfflineComposer"]

PUSH_CLIP = "push_clip"
_PUSH = re.compile(
    r"\b(?:push|send|put)\b.{0,80}?\btrack\s+(?P<track>\d{1,4})\b(?:.{0,40}?\bslot\s+(?P<slot>\d{1,4})\b)?",
    re.IGNORECASE | re.DOTALL,
)

_ANOTHER = "another take"  # what it makes of any critique
_FENCED = re.compile(r"```clip\n(.*?)```", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Memory:
    """What the messages so far say: the last brief and clip, and what was done in the last step."""

    brief: Brief | None = None
    clip: Clip | None = None
    said: str = ""


class OfflineComposer:
    """A client that composes by itself.

    What it remembers between two requests is a cache: it folds only the messages that are new.

    Args:
        pace_s: Seconds between two pieces of an answer, so that one can watch it being written.

    Attributes:
        pace_s: As above; may be changed.
    """

    provider = "offline"
    place = Place.OFFLINE
    models = ("composer",)
    streams_tool_arguments = True

    def __init__(self, *, pace_s: float = 0.0) -> None:
        self.pace_s = pace_s
        self._recalled: tuple[tuple[Message, ...], _Memory] = ((), _Memory())

    async def list_models(self) -> tuple[str, ...]:
        """Give its one model."""
        return self.models

    async def capabilities(self, model: str) -> Capabilities:  # noqa: ARG002  the same for every model
        """Say that it calls tools and reads words only."""
        return Capabilities(images=False)

    async def complete(self, request: Request) -> Response:
        """Answer a request in one piece."""
        return await collect(self.stream(request), provider=self.provider)

    async def close(self) -> None:
        """Do nothing: there is no connection."""

    async def stream(self, request: Request) -> AsyncGenerator[Event, None]:
        """Answer a request; a clip comes bar by bar."""
        started = perf_counter()
        message = await asyncio.to_thread(self._answer, request.messages, seed=request.params.seed)
        if all(tool.name != WRITE_CLIP for tool in request.tools):
            message = _in_words(message)
        first_s = perf_counter() - started
        for event in part_events(message, split=_pieces):
            yield event
            await asyncio.sleep(self.pace_s)
        metadata = ResponseMetadata(
            provider=self.provider,
            model=request.model,
            stop_reason=StopReason.TOOL_CALLS if message.tool_calls else StopReason.STOP,
            duration_s=perf_counter() - started,
            first_token_s=first_s,
        )
        yield MessageEnd(response=Response(request=request, message=message, metadata=metadata))

    def _answer(self, messages: tuple[Message, ...], *, seed: int | None) -> AssistantMessage:
        memory, tail = self._recall(messages[:-1]), messages[-1]
        call_id = _call_id(messages, seed=seed)
        match tail:
            case ToolMessage(result=result):
                said = (one for one in reversed(messages) if isinstance(one, UserMessage))
                question = next((one for one in said if read_critique(one) is None), None)
                if (
                    result.name == WRITE_CLIP
                    and not result.is_error
                    and question
                    and _PUSH.search(question.text)
                ):
                    return _push(question, call_id=call_id)
                return _say(_report(result, memory))
            case UserMessage() if not is_decision(tail):
                return _respond(tail, memory, call_id=call_id, seed=seed)
            case _:
                return _say(reply_to(tail, memory.clip))

    def _recall(self, messages: tuple[Message, ...]) -> _Memory:
        before, memory = self._recalled
        if messages[: len(before)] != before:
            before, memory = (), _Memory()
        for message in messages[len(before) :]:
            memory = _folded(memory, message)
        self._recalled = (messages, memory)
        return memory


def _call_id(messages: tuple[Message, ...], *, seed: int | None) -> str:
    """Give the id of the call that answers some messages: each question and each seed has its own."""
    last = f"{seed} {messages[-1].model_dump_json()}"
    return f"call_{len(messages)}_{blake2b(last.encode(), digest_size=4).hexdigest()}"


def _in_words(message: AssistantMessage) -> AssistantMessage:
    """Write out a clip that would have been handed in, for those who offer no tool for that."""
    clips = [clip for call in message.tool_calls if (clip := _clip_of(call)) is not None]
    if not clips:
        return message if message.text else _say("There is no tool for that here.")
    return _say(
        "\n".join(f"Here is {clip.name or 'a clip'}.\n\n```clip\n{write_clip(clip)}\n```" for clip in clips)
    )


def _pieces(text: str) -> Iterator[str]:
    """Cut a clip's JSON after each line of the clip, and prose after each word."""
    boundary = r"(?<=\\n)" if text.startswith("{") else r"(?<=\s)"
    return (piece for piece in re.split(boundary, text) if piece)


def _respond(message: UserMessage, memory: _Memory, *, call_id: str, seed: int | None) -> AssistantMessage:
    pushes = _PUSH.search(message.text) is not None
    memory = _by_hand(memory, message)
    after = _compose(message, memory, seed=seed)
    if after.clip is not None and after.clip is not memory.clip:
        return AssistantMessage(parts=(_call(WRITE_CLIP, {"clip": write_clip(after.clip)}, call_id=call_id),))
    if pushes and memory.clip is not None:
        return _push(message, call_id=call_id)
    return _say(after.said)


def _push(message: UserMessage, *, call_id: str) -> AssistantMessage:
    found = _PUSH.search(message.text)
    places = {name: int(value) for name, value in found.groupdict().items() if value} if found else {}
    return AssistantMessage(parts=(_call(PUSH_CLIP, places, call_id=call_id),))


def _compose(message: UserMessage, memory: _Memory, *, seed: int | None = None) -> _Memory:
    text, options = read_question(message, seed=seed)
    text, clips = without_data(text)
    text = _ANOTHER if read_critique(message) else _PUSH.sub("", text)
    if memory.clip is not None:
        revision = revise(memory.clip, text, memory.brief, options=options)
        if revision is not None:
            return _Memory(revision.brief, revision.clip, revision.sentence)
    brief = read_brief(text, options=options, previous=fitting(clips, memory.brief))
    if brief.problem:
        return _Memory(memory.brief, memory.clip, brief.problem)
    clip = sketch(brief)
    return _Memory(brief, clip, describe(clip, brief))


def _by_hand(memory: _Memory, message: UserMessage) -> _Memory:
    """Give what is known after what a message says that a person edited."""
    return replace(memory, clip=[memory.clip, *read_by_hand(message)][-1])


def _folded(memory: _Memory, message: Message) -> _Memory:
    """Give what is known after one more message."""
    match message:
        case UserMessage() if not is_decision(message):
            return _compose(message, _by_hand(memory, message))
        case ToolMessage(result=result):
            return _Memory(memory.brief, shown(result) or memory.clip, memory.said)
        case AssistantMessage(tool_calls=calls, text=text):
            for clip in (*map(_clip_of, calls), *map(_read, _FENCED.findall(text))):
                memory = _Memory(memory.brief, clip or memory.clip, memory.said)
    return memory


def _clip_of(call: ToolCallPart) -> Clip | None:
    """Give the clip of a call, whoever wrote it, or None where it has none that can be read."""
    return clip_of(call.arguments) if call.name == WRITE_CLIP else None


def _read(text: str) -> Clip | None:
    try:
        return read_clip(text)
    except (ClipError, TypeError):
        return None


def _report(result: ToolResultPart, memory: _Memory) -> str:
    if result.is_error:
        return f"That did not work: {result.text}"
    return memory.said if result.name == WRITE_CLIP else result.text


def _call(name: str, arguments: Mapping[str, object], *, call_id: str) -> ToolCallPart:
    return ToolCallPart(id=call_id, name=name, arguments=json.dumps(arguments, ensure_ascii=False))


def _say(text: str) -> AssistantMessage:
    return AssistantMessage(parts=(TextPart(text=text),))
