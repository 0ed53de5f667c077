"""langchain-openai's ``ChatOpenAI``."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import cache
from importlib import import_module
from typing import Any

from measure import PROMPT, Caller, blocking, run


def connect(url: str, way: str) -> Caller:
    """Connect in the way that is asked for."""
    kind = import_module("langchain_openai").ChatOpenAI

    @cache
    def chat(model: str) -> Any:
        return kind(model=model, base_url=url, api_key="x", stream_usage=True)

    def complete(model: str) -> str:
        said: str = chat(model).invoke(PROMPT).content
        return said

    def stream(model: str) -> Iterator[str]:
        yield from (chunk.content for chunk in chat(model).stream(PROMPT) if chunk.content)

    async def acomplete(model: str) -> str:
        said: str = (await chat(model).ainvoke(PROMPT)).content
        return said

    async def astream(model: str) -> AsyncIterator[str]:
        async for chunk in chat(model).astream(PROMPT):
            if chunk.content:
                yield chunk.content

    return blocking(complete, stream) if way == "sync" else Caller(acomplete, astream)


if __name__ == "__main__":
    run(connect, package="langchain-openai")
