"""The openai SDK as its own documentation uses it, over httpx2 and over aiohttp."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from importlib import import_module
from typing import Any

from measure import PROMPT, Caller, blocking, run

MESSAGES = [{"role": "user", "content": PROMPT}]
STREAM = {"messages": MESSAGES, "stream": True, "stream_options": {"include_usage": True}}


def connect(url: str, way: str) -> Caller:
    """Connect in the way that is asked for."""
    openai = import_module("openai")
    if way == "sync":
        return _blocking(openai.OpenAI(base_url=url, api_key="x"))
    http = openai.DefaultAioHttpClient() if way == "aiohttp" else None
    return _waiting(openai.AsyncOpenAI(base_url=url, api_key="x", http_client=http))


def _blocking(client: Any) -> Caller:
    def complete(model: str) -> str:
        said: str = client.chat.completions.create(model=model, messages=MESSAGES).choices[0].message.content
        return said

    def stream(model: str) -> Iterator[str]:
        for chunk in client.chat.completions.create(model=model, **STREAM):
            if chunk.choices and chunk.choices[0].delta.content:
                yield chunk.choices[0].delta.content

    return blocking(complete, stream)


def _waiting(client: Any) -> Caller:
    async def complete(model: str) -> str:
        answer = await client.chat.completions.create(model=model, messages=MESSAGES)
        said: str = answer.choices[0].message.content
        return said

    async def stream(model: str) -> AsyncIterator[str]:
        async for chunk in await client.chat.completions.create(model=model, **STREAM):
            if chunk.choices and chunk.choices[0].delta.content:
                yield chunk.choices[0].delta.content

    return Caller(complete, stream)


if __name__ == "__main__":
    run(connect, package="openai")
