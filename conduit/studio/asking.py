"""A question on its way: as a message, with what moves its conversation on, and whether the answer is one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from conduit.channel.asking import Asking
from conduit.channel.asking import Question as Asked
from conduit.channel.shaped import ShapedClient
from conduit.channel.talk import Talk
from conduit.composer.critic import Critic
from conduit.composer.question import ask
from conduit.engine.engine import Engine
from conduit.engine.limits import Limits
from conduit.engine.tool import Toolbox
from conduit.errors import ClipError
from conduit.messages import Conversation, GenerationParams, Request, UserMessage
from conduit.routing import Route
from conduit.studio.answer import Answer
from conduit.studio.handed import InWords
from conduit.studio.question import Question
from conduit.studio.turn import Turn

__all__ = ["asked", "checked", "critic_of", "message_of", "request_of"]


def message_of(question: Question, *, edits: Sequence[str] = ()) -> UserMessage | None:
    """Give a question as a message; None where its message is there: it is answered anew, or gone on with.

    Args:
        question: What is asked.
        edits: What a person did to clips by hand, in words for a model.
    """
    if question.again is not None or question.goes_on:
        return None
    return ask(
        question.text,
        options=question.options,
        aim=question.aim,
        clip_wanted=question.mode == "generate",
        media=question.media,
        edits=edits,
    )


def asked(
    question: Question,
    talk: Talk,
    turn: Turn,
    *,
    route: Route,
    toolbox: Toolbox,
    window_tokens: int | None = None,
) -> Asked[Any]:
    """Give a question as it is put in a conversation, and let the turn follow it.

    Args:
        question: What is asked.
        talk: The conversation.
        turn: Follows it, and takes the clips that stand in words.
        route: Who answers.
        toolbox: What the model may call.
        window_tokens: How much of the conversation the model is shown; None for all of it.
    """
    parser = question.parser or InWords(turn.handed, question.options, take=turn.accept_words)
    how = Asking(_engines(question, route, toolbox), parser, Limits(), window_tokens)
    put = Asked(how, talk, turn.on)
    turn.of(put)
    return put


def _engines(question: Question, route: Route, toolbox: Toolbox) -> Callable[[Limits], Engine]:
    """Give what makes an engine within limits."""
    made = partial(
        Engine,
        ShapedClient(route) if question.parser else route,
        model=route.model,
        toolbox=toolbox,
        params=_params(question),
        response_schema=_schema(question),
    )
    return lambda limits: made(limits=limits)


def request_of(question: Question, talk: Conversation, *, route: Route, toolbox: Toolbox) -> Request:
    """Give what would be sent to the model first.

    Args:
        question: What is asked.
        talk: The conversation, which ends with it.
        route: Who would answer.
        toolbox: What the model might call.
    """
    return Request(
        model=route.model,
        messages=talk.messages,
        params=_params(question),
        tools=toolbox.specs,
        response_schema=_schema(question),
    )


def _params(question: Question) -> GenerationParams:
    return GenerationParams(seed=question.options.seed)


def _schema(question: Question) -> dict[str, Any] | None:
    return question.parser.schema if question.parser else None


def checked(answer: Answer, question: Question) -> Answer:
    """Give an answer back if it is one.

    Raises:
        ClipError: A clip was wanted, and none came: the message is what the model said instead. Or none that
            could be taken, and the message is why.
    """
    if answer.problem and answer.clip is None and not answer.plans:
        raise ClipError(answer.problem)
    if question.mode == "generate" and answer.clip is None and not answer.plans:
        raise ClipError(answer.text or "the model wrote no clip; ask for a part, such as a bass line")
    return answer


async def critic_of(question: Question, route: Route) -> Critic | None:
    """Give the critic that a question asks for, if it does."""
    if not question.critic:
        return None
    can = await route.capabilities(route.model)
    return await asyncio.to_thread(
        Critic.of, question.text, question.options, rounds=question.critic, sees=can.images
    )
