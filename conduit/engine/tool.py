"""Tools: what a model may call, and what comes of a call."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import BaseModel, ValidationError

from conduit.engine.plan import Change
from conduit.engine.plans import Plans
from conduit.engine.rates import RateLimits
from conduit.engine.risk import GATES, Gate, Tier
from conduit.errors import ConduitError, SetupError
from conduit.keys import Keys
from conduit.messages import ToolCallPart, ToolResultPart, ToolSpec

__all__ = ["TIMEOUT_S", "IsTool", "Outcome", "Tool", "Toolbox"]

TIMEOUT_S = 60.0
"""Seconds a tool may take that says nothing else."""

_LOG = logging.getLogger(__name__)
_LONGEST = 300  # characters of a foreign exception's message


@dataclass(frozen=True, slots=True)
class Tool:
    """Something a model may call; ``@conduit.tool`` makes one of a function.

    Attributes:
        name: What the model calls it by.
        description: When and how to use it, for the model.
        arguments: A pydantic model of the arguments.
        tier: How much it can change.
        run: Takes the validated arguments. A tool of a tier that acts at once gives its answer as text; one
            of a tier that needs approval does nothing yet and gives the ``Change`` to plan.
        timeout_s: Seconds it may take; None for as many as its ``Toolbox`` says.
        limited: Whether its calls count towards the limits of its tier; not where a call is the answer itself.

    >>> class Nothing(BaseModel):
    ...     pass
    >>> async def tempo(arguments):
    ...     return "128 bpm"
    >>> Tool("tempo", "Read the tempo.", Nothing, Tier.READ_ONLY, tempo).spec.name
    'tempo'
    """

    name: str
    description: str
    arguments: type[BaseModel]
    tier: Tier
    run: Callable[[Any], Awaitable[str | Change]]
    timeout_s: float | None = None
    limited: bool = True

    @property
    def tool(self) -> Tool:
        """Itself: what a ``Toolbox`` asks of whatever it is given."""
        return self

    @property
    def spec(self) -> ToolSpec:
        """The tool as a model is told of it."""
        return ToolSpec(
            name=self.name, description=self.description, parameters=self.arguments.model_json_schema()
        )


class IsTool(Protocol):
    """What can be handed to a ``Toolbox``: a ``Tool``, or a function under ``@conduit.tool``."""

    @property
    def tool(self) -> Tool:
        """The tool that it is."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a call.

    Attributes:
        result: For the model to read.
        plan_id: The plan it made, if it made one.
    """

    result: ToolResultPart
    plan_id: str | None = None


class Toolbox:
    """The tools of one turn.

    Args:
        tools: What the model may call.
        plans: Where changes wait for approval.
        rates: How often tools may run; hand in the process's own, so that it lasts across turns.
        timeout_s: Seconds a tool may take that says nothing else.
        clean: Takes secrets out of what a foreign exception says, before a model reads it.
        clock: Seconds, never going back.

    Raises:
        SetupError: Two tools have the same name.
    """

    def __init__(
        self,
        tools: Iterable[IsTool],
        *,
        plans: Plans,
        rates: RateLimits | None = None,
        timeout_s: float = TIMEOUT_S,
        clean: Callable[[str], str] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tools: dict[str, Tool] = {}
        for tool in (given.tool for given in tools):
            if tool.name in self._tools:
                raise SetupError(f"two tools are called {tool.name!r}; give one of them another name=")
            self._tools[tool.name] = tool
        self._plans = plans
        self._rates = rates or RateLimits()
        self._timeout_s = timeout_s
        self._clean = clean or Keys({}).scrub
        self._clock = clock
        self.specs = tuple(tool.spec for tool in self._tools.values())
        """The tools as a model is told of them."""

    async def execute(self, call: ToolCallPart) -> Outcome:
        """Run a call as its tier allows. Whatever goes wrong with it comes back as an error result."""
        tool = self._tools.get(call.name)
        if tool is None:
            valid = ", ".join(self._tools) or "none"
            return _refused(call, f"there is no tool {call.name!r}; the tools are: {valid}")
        if GATES[tool.tier] is Gate.REFUSE:
            return _refused(call, f"{call.name} is {tool.tier} and is never run for a model")
        try:
            arguments = tool.arguments.model_validate_json(call.arguments or "{}")
        except ValidationError as error:
            return _refused(call, _complaint(error, tool))
        except Exception as error:  # noqa: BLE001  a validator of the tool's author may raise anything
            return _refused(call, self._failure(call, error))
        refusal = self._rates.admit(tool.tier, at=self._clock()) if tool.limited else None
        if refusal is not None:
            return _refused(call, f"{call.name} was not run: {refusal}")
        return await self._attempt(call, tool, arguments)

    async def _attempt(self, call: ToolCallPart, tool: Tool, arguments: BaseModel) -> Outcome:
        """Run a tool in the time it has; nothing it raises gets any further, but a cancellation of the turn."""
        allowed_s = self._timeout_s if tool.timeout_s is None else tool.timeout_s
        scope = asyncio.timeout(allowed_s)
        try:
            async with scope:
                return await self._finish(call, tool, await tool.run(arguments))
        except ConduitError as error:
            return _refused(call, error.message)
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            return _refused(call, self._failure(call, error))
        except (Exception, SystemExit, KeyboardInterrupt) as error:  # noqa: BLE001  the author's, whatever it is
            if scope.expired():
                return _refused(
                    call, f"{call.name} did not answer in {allowed_s:g} s and was given up; it may have acted"
                )
            return _refused(call, self._failure(call, error))

    async def _finish(self, call: ToolCallPart, tool: Tool, answer: str | Change) -> Outcome:
        if isinstance(answer, str) and GATES[tool.tier] is Gate.ALLOW:
            return Outcome(ToolResultPart(call_id=call.id, name=call.name, text=_sendable(answer)))
        if isinstance(answer, str) or GATES[tool.tier] is not Gate.PLAN:
            wanted = "a Change" if GATES[tool.tier] is Gate.PLAN else "text"
            raise TypeError(f"a tool of tier {tool.tier} gives {wanted}, not {type(answer).__name__}")
        plan = await self._plans.propose(answer)
        known = "".join(f" {note}" for note in answer.notes)
        text = (
            f"plan {plan.id} is pending: {plan.title}.{known} A person decides; nothing has been changed yet."
        )
        return Outcome(ToolResultPart(call_id=call.id, name=call.name, text=text), plan_id=plan.id)

    def _failure(self, call: ToolCallPart, error: BaseException) -> str:
        """Translate a foreign exception into one line; the whole of it goes to the log's details alone."""
        said = self._clean(" ".join(str(error).split()))
        said = said if len(said) <= _LONGEST else said[: _LONGEST - 1] + "…"
        line = _sendable(f"tool {call.name} failed: {type(error).__name__}{': ' if said else ''}{said}")
        _LOG.warning("%s", line)
        _LOG.debug("%s: where it was raised", call.name, exc_info=error)
        return line


def _refused(call: ToolCallPart, text: str) -> Outcome:
    return Outcome(ToolResultPart(call_id=call.id, name=call.name, text=_sendable(text), is_error=True))


def _complaint(error: ValidationError, tool: Tool) -> str:
    problems = (f"{'.'.join(map(str, e['loc'])) or 'arguments'}: {e['msg']}" for e in error.errors())
    takes = ", ".join(tool.spec.parameters.get("properties", {})) or "nothing"
    return f"the arguments are not valid: {'; '.join(problems)}. {tool.name} takes: {takes}"


def _sendable(text: str) -> str:
    """Replace halves of characters, which no provider takes."""
    return text.encode("utf-8", "replace").decode()
