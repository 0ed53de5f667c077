"""How a channel's question becomes a message, and what moves its conversation on, here or elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from conduit.channel.asking import Runs
from conduit.channel.home import Home
from conduit.channel.model import Model, listed, user_message
from conduit.channel.parser import Parser
from conduit.channel.prompt import Prompt
from conduit.clients.remote import RemoteClient
from conduit.engine.engine import Engine
from conduit.engine.limits import Limits
from conduit.engine.remote import RemoteEngine
from conduit.engine.tool import IsTool, Toolbox
from conduit.errors import PromptError, SetupError
from conduit.messages import ToolSpec, UserMessage

__all__ = ["Asked", "asked", "checked_tools", "engines"]

Asked = str | UserMessage | Mapping[str, Any] | None
"""What a channel can be asked: words, a message, the prompt's inputs, or nothing: to go on with what waits."""


def asked(
    question: Asked, inputs: Mapping[str, Any], *, prompt: Prompt | None, media: object, waits: bool
) -> UserMessage | None:
    """Make the message of a question; None to go on with what waits for an answer.

    Args:
        question: What was given.
        inputs: The prompt's inputs that were given by name.
        prompt: The channel's own.
        media: Pictures and sounds that go with it.
        waits: Whether something waits for an answer.

    Raises:
        PromptError: The inputs are not those of the prompt.
        SetupError: A picture or a sound cannot be read.
    """
    if isinstance(question, UserMessage | str):
        if inputs:
            raise PromptError(
                f"words were given, and inputs of the prompt ({', '.join(inputs)}); give one or the other",
                surplus=list(inputs),
            )
        return user_message(question, media=media)
    given = bool(question or inputs)
    if not given and (prompt is None or waits):
        return None
    if prompt is None:
        raise PromptError("this channel has no prompt to put inputs into; ask in words", surplus=list(inputs))
    if media and "media" in prompt.required and "media" not in (question or {}):
        raise PromptError(
            f"media= is for pictures and sounds; give {prompt} its input in a mapping: {{'media': …}}",
            missing=["media"],
        )
    return user_message(prompt.render(question, **inputs), media=media)


def checked_tools(tools: Iterable[Any], *, is_remote: bool) -> tuple[IsTool | str, ...]:
    """Give the tools, if they can run where the turn runs.

    Raises:
        SetupError: One of them cannot.
    """
    given = listed(tools, names=True)
    if any(isinstance(tool, ToolSpec) for tool in given):
        raise SetupError("a channel runs its tools, and a ToolSpec only describes one; give the tool itself")
    for tool in given:
        if isinstance(tool, str) and not is_remote:
            raise SetupError(f"{tool!r} is a name; give the tool itself, a function under @conduit.tool")
        if not isinstance(tool, str) and is_remote:
            raise SetupError("tools run where the turn runs; with remote= give names of tools that it offers")
    return given


async def engines(
    model: Model,
    *,
    home: Home,
    tools: tuple[IsTool | str, ...],
    parser: Parser[Any] | None,
    remote: RemoteClient | None,
) -> Callable[[Limits], Runs]:
    """Give what makes an engine within limits; all it makes for one question share its budget and its tools.

    Raises:
        SetupError: There is no such model.
    """
    schema = parser.schema if parser is not None else model.response_schema
    if remote is not None:
        names = [tool for tool in tools if isinstance(tool, str)]
        far = partial(RemoteEngine, remote, model=model.name, tools=names, params=model.params)
        return lambda limits: far(limits=limits, response_schema=schema)
    client, name = await model.answerer()
    near_tools = [tool for tool in tools if not isinstance(tool, str)]
    box = Toolbox(near_tools, plans=home.plans, rates=home.rates, clean=home.scrub)
    near = partial(Engine, client, model=name, toolbox=box, params=model.params)
    return lambda limits: near(limits=limits, response_schema=schema)
