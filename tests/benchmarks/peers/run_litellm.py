"""litellm's ``completion`` and ``acompletion``, with the price table it ships."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from importlib import import_module
from typing import Any

from measure import PROMPT, Caller, blocking, run

MESSAGES = [{"role": "user", "content": PROMPT}]
STREAM = {"stream": True, "stream_options": {"include_usage": True}}


def connect(url: str, way: str) -> Caller:
    """Connect in the way that is asked for."""
    litellm = import_module("litellm")
    same = {"messages": MESSAGES, "api_base": url, "api_key": "x"}
    return _blocking(litellm, same) if way == "sync" else _waiting(litellm, same)


def _blocking(litellm: Any, same: dict[str, Any]) -> Caller:
    def complete(model: str) -> str:
        said: str = litellm.completion(model=f"openai/{model}", **same).choices[0].message.content
        return said

    def stream(model: str) -> Iterator[str]:
        for chunk in litellm.completion(model=f"openai/{model}", **same, **STREAM):
            if chunk.choices and chunk.choices[0].delta.content:
                yield chunk.choices[0].delta.content

    return blocking(complete, stream)


def _waiting(litellm: Any, same: dict[str, Any]) -> Caller:
    async def complete(model: str) -> str:
        answer = await litellm.acompletion(model=f"openai/{model}", **same)
        said: str = answer.choices[0].message.content
        return said

    async def stream(model: str) -> AsyncIterator[str]:
        async for chunk in await litellm.acompletion(model=f"openai/{model}", **same, **STREAM):
            if chunk.choices and chunk.choices[0].delta.content:
                yield chunk.choices[0].delta.content

    return Caller(complete, stream)


if __name__ == "__main__":
    run(connect, package="litellm")
