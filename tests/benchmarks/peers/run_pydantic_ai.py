"""pydantic-ai: its ``Agent``, and ``pydantic_ai.direct``, which asks a model without one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import cache
from importlib import import_module
from typing import Any

from measure import PROMPT, Caller, blocking, run


def connect(url: str, way: str) -> Caller:
    """Connect in the way that is asked for."""
    import_module("pydantic_ai")
    kind = import_module("pydantic_ai.models.openai").OpenAIChatModel
    provider = import_module("pydantic_ai.providers.openai").OpenAIProvider(base_url=url, api_key="x")

    @cache
    def made(model: str) -> Any:
        return kind(model, provider=provider)

    return _direct(made) if way == "direct" else _agent(made, way)


def _agent(made: Any, way: str) -> Caller:
    @cache
    def agent(model: str) -> Any:
        return import_module("pydantic_ai").Agent(made(model))

    def complete(model: str) -> str:
        said: str = agent(model).run_sync(PROMPT).output
        return said

    def stream(model: str) -> Iterator[str]:
        yield from agent(model).run_stream_sync(PROMPT).stream_text(delta=True, debounce_by=None)

    async def acomplete(model: str) -> str:
        said: str = (await agent(model).run(PROMPT)).output
        return said

    async def astream(model: str) -> AsyncIterator[str]:
        async with agent(model).run_stream(PROMPT) as result:
            async for piece in result.stream_text(delta=True, debounce_by=None):
                yield piece

    return blocking(complete, stream) if way == "sync" else Caller(acomplete, astream)


def _direct(made: Any) -> Caller:
    direct = import_module("pydantic_ai.direct")
    messages = import_module("pydantic_ai.messages")

    def asked() -> list[Any]:
        return [messages.ModelRequest.user_text_prompt(PROMPT)]

    async def complete(model: str) -> str:
        said: str = (await direct.model_request(made(model), asked())).parts[0].content
        return said

    async def stream(model: str) -> AsyncIterator[str]:
        async with direct.model_request_stream(made(model), asked()) as events:
            async for event in events:
                match event:
                    case messages.PartStartEvent(part=messages.TextPart(content=piece)) if piece:
                        yield piece
                    case messages.PartDeltaEvent(delta=messages.TextPartDelta(content_delta=piece)):
                        yield piece

    return Caller(complete, stream)


if __name__ == "__main__":
    run(connect, package="pydantic-ai-slim")
