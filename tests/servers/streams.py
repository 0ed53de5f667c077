"""Streams and answers as the servers write them, byte for byte as recorded but for ids and times.

OpenAI's and Anthropic's are llama.cpp's, Ollama's are its own. ``text`` comes first, then the call of a tool:
its name, and its arguments as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Tool = tuple[str, str]
Pieces = int | Sequence[str]
"""How many pieces, of one length, a text or a tool's arguments are cut into; or the pieces themselves."""

CREATED = 1795242049
CREATED_AT = "2026-11-21T06:21:29.608151981Z"
COMPLETION_ID = "chatcmpl-PUx8NR0LrjHUi7JCC9vH1w04Ynw6bD3q"
CALL_ID = "4z7Irrf86qnsts1Khw6JR6oLsJvhUysG"
OLLAMA_CALL_ID = "call_jex84sm3"


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a request used: tokens of the prompt, of them from the cache, and of the answer."""

    n_in: int = 10
    n_cached: int = 9
    n_out: int = 8


USED = Tokens()


def openai_stream(
    text: str = "",
    *,
    tool: Tool | None = None,
    usage: bool = True,
    pieces: Pieces = 3,
    finish: str = "",
    model: str = "qwen0.5b",
    tokens: Tokens = USED,
) -> bytes:
    """Write a stream of chat completions.

    Args:
        text: What the model says.
        tool: The tool it calls after that.
        usage: Whether a last chunk tells the tokens, as where it was asked for.
        pieces: How the text and the arguments are cut.
        finish: The reason it ended; ``tool_calls`` or ``stop`` where it is not given.
        model: The name it gives of itself.
        tokens: What it used.
    """
    rest = {"created": CREATED, "id": COMPLETION_ID, "model": model, "system_fingerprint": "b0-unknown"}
    rest["object"] = "chat.completion.chunk"
    deltas = [{"role": "assistant", "content": None}, *({"content": piece} for piece in _cut(text, pieces))]
    deltas += [{"tool_calls": [{"index": 0, **call}]} for call in _openai_calls(tool, pieces)]
    chunks = [{"finish_reason": None, "index": 0, "delta": delta} for delta in deltas]
    chunks.append({"finish_reason": finish or ("tool_calls" if tool else "stop"), "index": 0, "delta": {}})
    events: list[dict[str, Any]] = [{"choices": [chunk], **rest} for chunk in chunks]
    if usage:
        events.append({"choices": [], **rest, "usage": _openai_usage(tokens)})
    return b"".join(b"data: %s\n\n" % data for data in (*map(_compact, events), b"[DONE]"))


def openai_answer(
    text: str = "",
    *,
    tool: Tool | None = None,
    usage: bool = True,
    finish: str = "",
    model: str = "qwen0.5b",
    tokens: Tokens = USED,
) -> bytes:
    """Write a chat completion; the arguments are those of ``openai_stream``."""
    message: dict[str, Any] = {"role": "assistant", "content": text}
    if tool:
        name, arguments = tool
        call = {"type": "function", "function": {"name": name, "arguments": arguments}, "id": CALL_ID}
        message["tool_calls"] = [call]
    reason = finish or ("tool_calls" if tool else "stop")
    return _compact(
        {
            "choices": [{"finish_reason": reason, "index": 0, "message": message}],
            "created": CREATED,
            "model": model,
            "system_fingerprint": "b0-unknown",
            "object": "chat.completion",
            **({"usage": _openai_usage(tokens)} if usage else {}),
            "id": COMPLETION_ID,
        }
    )


def anthropic_stream(
    text: str = "",
    *,
    tool: Tool | None = None,
    usage: bool = True,
    pieces: Pieces = 3,
    finish: str = "",
    model: str = "qwen0.5b",
    tokens: Tokens = USED,
) -> bytes:
    """Write a stream of messages; the arguments are those of ``openai_stream``, without usage it tells none."""
    message = _anthropic_message([], model=model)
    if usage:
        message["usage"] = _anthropic_usage(tokens, n_out=0)
    reason = finish or ("tool_use" if tool else "end_turn")
    end: dict[str, Any] = {"delta": {"stop_reason": reason, "stop_sequence": None}}
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": message},
        *_anthropic_blocks(text, tool, pieces),
        {"type": "message_delta", **end, **({"usage": {"output_tokens": tokens.n_out}} if usage else {})},
        {"type": "message_stop"},
    ]
    return b"".join(
        b"event: %s\ndata: %s\n\n" % (event["type"].encode(), _compact(event)) for event in events
    )


def anthropic_answer(
    text: str = "",
    *,
    tool: Tool | None = None,
    usage: bool = True,
    finish: str = "",
    model: str = "qwen0.5b",
    tokens: Tokens = USED,
) -> bytes:
    """Write a message; the arguments are those of ``anthropic_stream``."""
    content: list[dict[str, Any]] = [{"type": "text", "text": text}] if text else []
    if tool:
        name, arguments = tool
        content.append({"type": "tool_use", "id": CALL_ID, "name": name, "input": json.loads(arguments)})
    message = _anthropic_message(content, model=model)
    message["stop_reason"] = finish or ("tool_use" if tool else "end_turn")
    if usage:
        message["usage"] = _anthropic_usage(tokens, n_out=tokens.n_out)
    return _compact(message)


def ollama_stream(
    text: str = "",
    *,
    tool: Tool | None = None,
    usage: bool = True,
    pieces: Pieces = 3,
    finish: str = "stop",
    model: str = "qwen-tools",
    tokens: Tokens = USED,
    thinking: str = "",
    error: str = "",
) -> bytes:
    """Write a stream of Ollama's chat: a tool's call stands whole in one line, and ends with ``stop`` too.

    The arguments are those of ``openai_stream``. ``thinking`` comes before the text; it is after Ollama's
    documentation, no recording has it. An ``error`` is a last line in place of the end of the answer, as it comes
    where the model's process fails.
    """
    said: list[dict[str, Any]] = [{"content": "", "thinking": thinking}] if thinking else []
    said += [{"content": piece} for piece in _cut(text, pieces)]
    if tool:
        said.append({"content": "", "tool_calls": [_ollama_call(tool)]})
    lines = [_ollama_line(part, model=model) for part in said]
    end = _ollama_line({"content": ""}, model=model, finish=finish, tokens=tokens if usage else None)
    lines.append({"error": error} if error else end)
    return b"".join(_compact(line) + b"\n" for line in lines)


def ollama_answer(
    text: str = "",
    *,
    tool: Tool | None = None,
    usage: bool = True,
    finish: str = "stop",
    model: str = "qwen-tools",
    tokens: Tokens = USED,
    thinking: str = "",
) -> bytes:
    """Write an answer of Ollama's chat in one piece; the arguments are those of ``ollama_stream``."""
    said: dict[str, Any] = {"content": text, **({"thinking": thinking} if thinking else {})}
    said |= {"tool_calls": [_ollama_call(tool)]} if tool else {}
    return _compact(_ollama_line(said, model=model, finish=finish, tokens=tokens if usage else None))


def _compact(content: Any) -> bytes:
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()


def _cut(text: str, pieces: Pieces) -> list[str]:
    if not isinstance(pieces, int):
        return list(pieces) if text else []
    length = max(1, -(-len(text) // pieces))
    return [text[start : start + length] for start in range(0, len(text), length)]


def _openai_calls(tool: Tool | None, pieces: Pieces) -> Iterator[dict[str, Any]]:
    if not tool:
        return
    name, arguments = tool
    first, *others = _cut(arguments, pieces) or [""]
    yield {"id": CALL_ID, "type": "function", "function": {"name": name, "arguments": first}}
    yield from ({"function": {"arguments": piece}} for piece in others)


def _openai_usage(tokens: Tokens) -> dict[str, Any]:
    counts = {"completion_tokens": tokens.n_out, "prompt_tokens": tokens.n_in}
    total = {"total_tokens": tokens.n_in + tokens.n_out}
    return {**counts, **total, "prompt_tokens_details": {"cached_tokens": tokens.n_cached}}


def _anthropic_message(content: list[dict[str, Any]], *, model: str) -> dict[str, Any]:
    head = {"id": COMPLETION_ID, "type": "message", "role": "assistant", "content": content, "model": model}
    return {**head, "stop_reason": None, "stop_sequence": None}


def _anthropic_usage(tokens: Tokens, *, n_out: int) -> dict[str, int]:
    fresh = tokens.n_in - tokens.n_cached
    return {"cache_read_input_tokens": tokens.n_cached, "input_tokens": fresh, "output_tokens": n_out}


def _anthropic_blocks(text: str, tool: Tool | None, pieces: Pieces) -> Iterator[dict[str, Any]]:
    blocks: list[tuple[dict[str, Any], list[dict[str, Any]]]] = []
    if text:
        deltas = [{"type": "text_delta", "text": piece} for piece in _cut(text, pieces)]
        blocks.append(({"type": "text", "text": ""}, deltas))
    if tool:
        name, arguments = tool
        deltas = [{"type": "input_json_delta", "partial_json": piece} for piece in _cut(arguments, pieces)]
        blocks.append(({"type": "tool_use", "id": CALL_ID, "name": name}, deltas))
    for index, (block, deltas) in enumerate(blocks):
        yield {"type": "content_block_start", "index": index, "content_block": block}
        for delta in deltas:
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}


def _ollama_call(tool: Tool) -> dict[str, Any]:
    name, arguments = tool
    return {"id": OLLAMA_CALL_ID, "function": {"index": 0, "name": name, "arguments": json.loads(arguments)}}


def _ollama_line(
    said: dict[str, Any], *, model: str, finish: str = "", tokens: Tokens | None = None
) -> dict[str, Any]:
    line: dict[str, Any] = {
        "model": model,
        "created_at": CREATED_AT,
        "message": {"role": "assistant", **said},
    }
    if not finish:
        return {**line, "done": False}
    line |= {"done": True, "done_reason": finish}
    if not tokens:
        return line
    line |= {"total_duration": 466667040, "load_duration": 1030646, "prompt_eval_count": tokens.n_in}
    line |= {"prompt_eval_duration": 151924000, "eval_count": tokens.n_out, "eval_duration": 311159000}
    return line
