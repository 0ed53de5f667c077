"""How a question is answered: a turn begins, a model is asked, and what came is kept, whichever way it ends.

Everything here runs on the studio's loop.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conduit.channel.reply import Reply
from conduit.channel.talk import Talk
from conduit.composer import instructions
from conduit.composer.aim import Aim
from conduit.composer.question import aim_of
from conduit.errors import BudgetExceeded, ClipError, ConversationError, ParseError, ProviderError
from conduit.messages import ConversationTree, Request
from conduit.music import Clip
from conduit.routing import Route
from conduit.studio.account import Account
from conduit.studio.answer import Answer, StudioEvent
from conduit.studio.asking import asked, checked, critic_of, message_of, request_of
from conduit.studio.edits import Edits
from conduit.studio.question import Question
from conduit.studio.turn import Turn

if TYPE_CHECKING:
    from conduit.studio.studio import Studio

__all__ = ["Emit", "ask", "compose", "request", "steer"]

Emit = Callable[[StudioEvent], None]


async def ask(studio: Studio, question: Question, *, emit: Emit, face: str) -> Answer:
    """Put a question, and tell what happens while it is answered.

    Args:
        studio: Where it is put.
        question: What is asked.
        emit: Told, on the studio's loop, of every event. The ``Answer`` is the last, also of a turn that
            is stopped or fails, and then holds what had come.
        face: Where it was asked, such as ``cell``.

    Raises:
        SetupError: There is no such model, mode or branch.
        ConversationError: There is no such turn.
        ClipError: No clip came in ``generate`` mode; the message is what the model said instead.
        ParseError: The answer is not of the type that was asked for.
        ProviderError: The model failed, and nobody may answer in its place.
        BudgetExceeded: The cell or the session used up what it was allowed.
    """
    account = studio.turns.begin(question, face=face)
    account.talk = studio.session.tree.name
    failure: BaseException | None = None

    def told(event: StudioEvent) -> None:
        account.on(event)
        emit(event)
        studio.turns.tell()

    try:
        return await _ask(studio, question, account, told)
    except BaseException as error:
        failure = error
        raise
    finally:
        studio.turns.end(account, failure)


async def _ask(studio: Studio, question: Question, account: Account, emit: Emit) -> Answer:
    route = studio.route(question.checked().model, cache=question.cache)
    turn = studio.turn(emit, critic=await critic_of(question, route))
    toolbox = studio.toolbox(question, turn)
    place = studio.session.begin(question)
    if question.new:
        studio.shelf.edits.forget()
    before = place.talk.tree.conversation
    account.talk = place.talk.tree.name
    account.after = before.id if before.tip is not None else ""
    message = message_of(question, edits=studio.shelf.edits.untold(before))
    window = studio.settings.window_tokens
    asking = asked(question, place.talk, turn, route=route, toolbox=toolbox, window_tokens=window)
    account.begins(asking)
    reply: Reply[Any] | None = None
    try:
        reply = await asking.answer(message)
    except (ProviderError, BudgetExceeded):
        if not turn.has_heard:
            raise
    finally:
        studio.session.end(place, came=asking.came)
        value = reply.read if reply is not None and question.parser is not None else None
        aim = aim_of(before).then(question.aim)
        answer = _ended(studio, turn, route, account, value=value, aim=aim)
    if isinstance(value, ParseError):
        raise value
    return checked(answer, question)


async def request(studio: Studio, question: Question) -> Request:
    """Give what would be sent to the model for a question; nobody is asked and nothing is changed.

    Raises:
        SetupError: There is no such mode or branch.
        ConversationError: There is no such turn.
    """
    edits = Edits([]) if question.new else studio.shelf.edits
    talk = studio.session.asked(
        question.checked(), lambda before: message_of(question, edits=edits.untold(before))
    )
    if studio.settings.window_tokens is not None:
        talk = talk.window_tokens(studio.settings.window_tokens)
    toolbox = studio.toolbox(question, studio.turn(_ignore))
    return request_of(question, talk, route=studio.route(question.model), toolbox=toolbox)


async def compose(studio: Studio, question: Question) -> Clip:
    """Ask for a clip in a conversation of its own.

    Raises:
        ClipError: No clip came; the message is what the model said instead.
        ProviderError: The model failed.
    """
    wanted = replace(question, mode="generate").checked()
    route = studio.route(wanted.model, cache=wanted.cache)
    turn = studio.turn(_ignore, critic=await critic_of(wanted, route))
    talk = Talk(ConversationTree(), system=instructions(), keeper=studio.keeper)
    asking = asked(wanted, talk, turn, route=route, toolbox=studio.toolbox(wanted, turn))
    await asking.answer(message_of(wanted))
    answer = checked(turn.answer(route), wanted)
    if answer.clip is None:
        raise ClipError(
            "the model asked for a change of the Live set instead of writing a clip; ask in a cell"
        )
    return answer.clip


def steer(account: Account, question: Question) -> None:
    """Add what a person says to an answer that is being made; the model sees it with its next step.

    Raises:
        ConversationError: It is over, or not begun; ask it as the next question.
    """
    message = message_of(question)
    if account.asking is None or message is None:
        raise ConversationError("the answer has not begun, so nothing can be added to it; ask it as the next")
    account.asking.steer(message)
    account.steered(message, question.text)


def _ended(studio: Studio, turn: Turn, route: Route, account: Account, *, value: Any, aim: Aim) -> Answer:
    """Take stock of a turn, whichever way it ended, and tell the last of its events."""
    asking = account.asking
    branch = asking.branch if asking is not None else ""
    answer = turn.answer(route, branch=branch, value=value, troubles=studio.keeper.troubles(), aim=aim)
    clips = sorted(turn.handed.clips or filter(None, [turn.clip]), key=lambda one: one is turn.clip)
    by = {"provider": answer.provider, "model": answer.model, "branch": answer.branch}
    now = asking.now if asking is not None else None
    studio.shelf.put(clips, by=by, node=now.id if now is not None and now.tip is not None else "")
    return answer


def _ignore(event: object) -> None:
    """Take an event nobody waits for."""
