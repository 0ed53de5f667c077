"""Tools: what a model may call, and what comes of a call."""

from __future__ import annotations

import functools
import logging
import time
import traceback
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from pydantic import BaseModel, ValidationError

from conduit.engine.excerpt import excerpt, opening
from conduit.engine.grace import in_time
from conduit.engine.parameters import schema_of
from conduit.engine.plan import Change, Origin
from conduit.engine.plans import Plans
from conduit.engine.rates import RateLimits
from conduit.engine.risk import GATES, Gate, Tier
from conduit.errors import ConduitError, SetupError
from conduit.keys import Keys
from conduit.messages import ToolCallPart, ToolResultPart, ToolSpec

__all__ = ["MOST", "TIMEOUT_S", "IsTool", "Outcome", "Tool", "Toolbox"]

TIMEOUT_S = 60.0
"""Seconds a tool may take that says nothing else."""

MOST = 50_000
"""Characters of a result that a model reads; of a longer one it is given the head and the tail."""

_LOG = logging.getLogger(__name__)
_LONGEST = 300  # characters of a foreign exception's message, or of what is wrong with an argument
_PROBLEMS = 5  # of the arguments that are told


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
        read: Reads the raw arguments, for a tool that takes more than strict JSON; what it gives goes to ``run``.
        spec: The tool as a model is told of it.

    Raises:
        SetupError: There is no such tier, or JSON cannot hold the arguments.

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
    read: Callable[[str], Any] | None = None
    spec: ToolSpec = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        parameters = schema_of(self.arguments, name=self.name)
        spec = ToolSpec(name=self.name, description=self.description, parameters=parameters)
        object.__setattr__(self, "tier", Tier.named(self.tier))
        object.__setattr__(self, "spec", spec)

    @property
    def tool(self) -> Tool:
        """Itself: what a ``Toolbox`` asks of whatever it is given."""
        return self


class IsTool(Protocol):
    """What can be handed to a ``Toolbox``: a ``Tool``, or a function under ``@conduit.tool``.

    >>> def tiers(tools: Iterable[IsTool]) -> list[str]:
    ...     return [given.tool.tier.value for given in tools]
    >>> tiers([])
    []
    """

    @property
    def tool(self) -> Tool:
        """The tool that it is."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a call.

    Attributes:
        result: For the model to read.
        plan_id: The plan it made, if it made one.

    >>> Outcome(ToolResultPart(call_id="1", name="tempo", text="128 bpm")).plan_id is None
    True
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
        clean: Takes secrets out of whatever a model is to read.
        clock: Seconds, never going back.
        origin: Gives the turn that the tools are of, where there is one.

    Raises:
        SetupError: Two tools have the same name.

    >>> import asyncio
    >>> class Nothing(BaseModel):
    ...     pass
    >>> async def tempo(arguments):
    ...     return "128 bpm"
    >>> reading = Tool("tempo", "Read the tempo.", Nothing, Tier.READ_ONLY, tempo)
    >>> toolbox = Toolbox([reading], plans=Plans(clock=lambda: 0.0))
    >>> asyncio.run(toolbox.execute(ToolCallPart(id="1", name="tempo"))).result.text
    '128 bpm'
    >>> asyncio.run(toolbox.execute(ToolCallPart(id="2", name="key"))).result.text
    "there is no tool 'key'; the tools are: tempo"
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
        origin: Callable[[], Origin | None] = lambda: None,
    ) -> None:
        self._origin = origin
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
            return self._refused(call, f"there is no tool {call.name!r}; the tools are: {valid}")
        if GATES[tool.tier] is Gate.REFUSE:
            return self._refused(call, f"{call.name} is {tool.tier} and is never run for a model")
        nothing = call.arguments.strip() in {"", "null"}
        try:
            arguments = (tool.read or tool.arguments.model_validate_json)("{}" if nothing else call.arguments)
        except ValidationError as error:
            return self._refused(call, self._complaint(error, tool))
        except BaseException as error:  # noqa: BLE001  a validator of the tool's author may raise anything
            return self._refused(call, self._failure(call, error))
        refusal = self._rates.admit(tool.tier, at=self._clock()) if tool.limited else None
        if refusal is not None:
            return self._refused(call, f"{call.name} was not run: {refusal}")
        return await self._attempt(call, tool, arguments)

    async def _attempt(self, call: ToolCallPart, tool: Tool, arguments: BaseModel) -> Outcome:
        """Run a tool in the time it has; nothing it raises gets any further."""
        most_s = self._timeout_s if tool.timeout_s is None else tool.timeout_s
        work = functools.partial(self._answer, call, tool, arguments)
        try:
            settled = await in_time(work, most_s=most_s, name=f"tool {tool.name}")
        except TimeoutError:
            return self._refused(
                call, f"{call.name} did not answer in {most_s:g} s and was given up; it may have acted"
            )
        if isinstance(settled.error, ConduitError):
            return self._refused(call, settled.error.message)
        if settled.error is not None:
            return self._refused(call, self._failure(call, settled.error))
        text, plan_id = settled.value
        return self._outcome(call, text, plan_id=plan_id)

    async def _answer(self, call: ToolCallPart, tool: Tool, arguments: BaseModel) -> tuple[str, str | None]:
        """Give what a tool says, and the id of the plan that it makes."""
        answer = await tool.run(arguments)
        plans = GATES[tool.tier] is Gate.PLAN
        if isinstance(answer, str) is plans:
            wanted = "a Change" if plans else "text"
            raise TypeError(f"a tool of tier {tool.tier} gives {wanted}, not {type(answer).__name__}")
        if isinstance(answer, str):
            return answer, None
        known = "".join(f" {note}" for note in answer.notes)
        plan = await self._plans.propose(answer, by="model", call=call.id, origin=self._origin())
        text = (
            f"plan {plan.id} is pending: {plan.title}.{known} A person decides; nothing has been changed yet."
        )
        return text, plan.id

    def _outcome(
        self, call: ToolCallPart, text: str, *, is_error: bool = False, plan_id: str | None = None
    ) -> Outcome:
        """Give what the model reads of a call; all of it passes through here."""
        text = excerpt(text, most=MOST, clean=self._clean)
        result = ToolResultPart(call_id=call.id, name=call.name, text=_sendable(text), is_error=is_error)
        return Outcome(result, plan_id)

    def _refused(self, call: ToolCallPart, text: str) -> Outcome:
        return self._outcome(call, text, is_error=True)

    def _failure(self, call: ToolCallPart, error: BaseException) -> str:
        """Translate a foreign exception into one line; the whole of it goes to the log's details alone."""
        said = ""
        with suppress(Exception):  # an author's __str__ may fail, too
            said = self._opening(str(error))
        line = _sendable(f"tool {call.name} failed: {type(error).__name__}{': ' if said else ''}{said}")
        _LOG.warning("%s", line)
        if _LOG.isEnabledFor(logging.DEBUG):
            _LOG.debug("%s", _sendable(self._clean("".join(traceback.format_exception(error)))))
        return line

    def _complaint(self, error: ValidationError, tool: Tool) -> str:
        """Say what is wrong with arguments, and what would be right."""
        problems = [
            self._opening(f"{'.'.join(map(str, problem['loc'])) or 'arguments'}: {problem['msg']}")
            for problem in error.errors(include_url=False, include_context=False, include_input=False)
        ]
        more = len(problems) - _PROBLEMS
        told = [*problems[:_PROBLEMS], *([f"and {more} more"] if more > 0 else [])]
        takes = ", ".join(tool.spec.parameters.get("properties", {})) or "nothing"
        return f"the arguments are not valid: {'; '.join(told)}. {tool.name} takes: {takes}"

    def _opening(self, text: str) -> str:
        return opening(text, most=_LONGEST, clean=self._clean)


def _sendable(text: str) -> str:
    """Replace halves of characters: no provider takes them, and no log file."""
    return text.encode("utf-8", "replace").decode()
