"""What a click in a view asks for, done on the studio's loop: one table of intent and function."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from conduit.errors import ApplyFailed, ConduitError
from conduit_magics.file_verb import dropped

if TYPE_CHECKING:
    from conduit_magics.output import Output

__all__ = ["act"]


async def act(output: Output, intent: dict[str, Any]) -> None:
    """Do what an intent asks for; what goes wrong is shown in the output it came from."""
    try:
        await output.tell("")
        await _INTENTS[intent["type"]](output, intent)
    except ApplyFailed as error:
        await output.tell(error.message, failed=True)
    except ConduitError as error:
        await output.tell(error.message)
    except Exception as error:
        # The boundary to the browser: nobody waits for this task, so a fault has to be shown here.
        await output.tell(f"{type(error).__name__}: {error}")
        raise


async def _push(output: Output, intent: dict[str, Any]) -> None:
    parts, part = output.parts, intent["part"]
    if not 0 <= part < len(parts):
        return
    new_track = bool(intent["new_track"])
    track = None if new_track else intent["track"]
    plan = await output.studio.push(parts[part], track=track, slot=intent["slot"], new_track=new_track)
    await output.show_plan(plan)
    await output.offer()


async def _approve(output: Output, intent: dict[str, Any]) -> None:
    await output.show_plan(await output.studio.approve(intent["plan"]))
    await output.offer()


async def _reject(output: Output, intent: dict[str, Any]) -> None:
    await output.show_plan(await output.studio.reject(intent["plan"]))


async def _undo(output: Output, _: dict[str, Any]) -> None:
    if output.plan is not None:  # without one it would undo somebody else's
        await output.show_plan(await output.studio.undo(output.plan))
        await output.offer()


_INTENTS: dict[str, Callable[[Output, dict[str, Any]], Awaitable[None]]] = {
    "push": _push,
    "approve": _approve,
    "reject": _reject,
    "undo": _undo,
    "drop": dropped,
}
