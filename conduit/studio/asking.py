"""A question on its way: as a message, with what moves its conversation on, and whether the answer is one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from conduit.channel.shaped import ShapedClient
from conduit.composer.critic import Critic
from conduit.composer.question import ask
from conduit.engine.engine import Engine
from conduit.engine.limits import Limits
from conduit.engine.tool import Toolbox
from conduit.errors import ClipError
from conduit.messages import GenerationParams, UserMessage
from conduit.routing import Route
from conduit.studio.answer import Answer
from conduit.studio.question import Question

__all__ = ["checked", "critic_of", "engines", "message_of"]


def message_of(question: Question, *, edits: Sequence[str] = ()) -> UserMessage | None:
    """Give a question as a message; None of a turn that is answered anew, whose message is there.

    Args:
        question: What is asked.
        edits: What a person did to clips by hand, in words for a model.
    """
    if question.again is not None:
        return None
    return ask(
        question.text,
        options=question.options,
        clip_wanted=question.mode == "generate",
        media=question.media,
        edits=edits,
    )


def engines(question: Question, route: Route, toolbox: Toolbox) -> Callable[[Limits], Engine]:
    """Give what makes an engine within limits.

    Args:
        question: What is asked.
        route: Who answers.
        toolbox: What the model may call.
    """
    made = partial(
        Engine,
        ShapedClient(route) if question.parser else route,
        model=route.model,
        toolbox=toolbox,
        params=GenerationParams(seed=question.options.seed),
        response_schema=question.parser.schema if question.parser else None,
    )
    return lambda limits: made(limits=limits)


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
