"""What the loopback server answers, as text and as the bytes of OpenAI's chat protocol.

A model's name says what it answers: ``m-0`` in one piece, ``m-200`` in 200 chunks, ``m-200-paced`` in 200 chunks
that come one by one. No two chunks in a row are alike, because litellm takes that for a model gone astray.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

__all__ = ["ANSWER", "CALL", "NAMED", "PACED", "body", "chunks", "name", "text"]

CALL = "m-0"
"""The model that answers in one piece."""
PACED = "-paced"
WORDS = ("acid", " bass", " in", " A", " minor", ",", " four", " bars", " of", " swing")
NAMED = rb'"model":\s?"m-(\d+)(-paced)?"'
"""Finds a model's name in the body of a request."""
SAME = {"id": "chatcmpl-1", "created": 1_790_000_000, "model": "m-0"}
USAGE = {"prompt_tokens": 8, "completion_tokens": 20, "total_tokens": 28}


def name(count: int, *, paced: bool = False) -> str:
    """Give the name of the model that answers in so many chunks."""
    return f"m-{count}{PACED if paced else ''}"


def pieces(count: int) -> list[str]:
    """Give the text of every chunk."""
    return [f"{WORDS[number % len(WORDS)]}{number}" for number in range(count)]


@cache
def text(count: int) -> str:
    """Give the text that so many chunks make."""
    return "".join(pieces(count))


ANSWER = text(20)
"""What is answered in one piece."""


def body() -> bytes:
    """Write the answer in one piece."""
    message = {"role": "assistant", "content": ANSWER, "refusal": None}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    answer = {**SAME, "object": "chat.completion", "choices": [choice], "usage": USAGE}
    return json.dumps(answer, separators=(",", ":")).encode()


def chunks(count: int) -> list[bytes]:
    """Write a stream: a role, the pieces, the reason of the end, what was used, and the last word."""
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": piece} for piece in pieces(count)]
    events = [_event([_choice(delta, None)]) for delta in deltas]
    events += [_event([_choice({}, "stop")]), _event([], usage=USAGE), b"data: [DONE]\n\n"]
    return events


def _choice(delta: dict[str, Any], reason: str | None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "finish_reason": reason, "logprobs": None}


def _event(choices: list[dict[str, Any]], *, usage: dict[str, int] | None = None) -> bytes:
    chunk = {**SAME, "object": "chat.completion.chunk", "choices": choices, "usage": usage}
    return b"data: " + json.dumps(chunk, separators=(",", ":")).encode() + b"\n\n"
