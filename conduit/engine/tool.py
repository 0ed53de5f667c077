"""Tools: what a model may call, and what comes of a call."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from conduit.engine.plan import Change
from conduit.engine.plans import Plans
from conduit.engine.risk import GATES, Gate, Tier
from conduit.errors import ConduitError
from conduit.messages import ToolCallPart, ToolResultPart, ToolSpec

__all__ = ["Outcome", "Tool", "Toolbox"]


@dataclass(frozen=True, slots=True)
class Tool:
    """Something a model may call.

    Attributes:
        name: What the model calls it by.
        description: When and how to use it, for the model.
        arguments: A pydantic model of the arguments.
        tier: How much it can change.
        run: Takes the validated arguments. A tool of a tier that acts at once gives its answer as text; one
            of a tier that needs approval does nothing yet and gives the ``Change`` to plan.
    """

    name: str
    description: str
    arguments: type[BaseModel]
    tier: Tier
    run: Callable[[Any], Awaitable[str | Change]]

    @property
    def spec(self) -> ToolSpec:
        """The tool as a model is told of it."""
        return ToolSpec(
            name=self.name, description=self.description, parameters=self.arguments.model_json_schema()
        )


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
    """

    def __init__(self, tools: Iterable[Tool], *, plans: Plans) -> None:
        self._tools = {tool.name: tool for tool in tools}
        self._plans = plans

    @property
    def specs(self) -> tuple[ToolSpec, ...]:
        """The tools as a model is told of them."""
        return tuple(tool.spec for tool in self._tools.values())

    async def execute(self, call: ToolCallPart) -> Outcome:
        """Run a call as its tier allows. What the model did wrong comes back as an error result."""
        tool = self._tools.get(call.name)
        if tool is None:
            valid = ", ".join(self._tools) or "none"
            return _refused(call, f"there is no tool {call.name!r}; the tools are: {valid}")
        if GATES[tool.tier] is Gate.REFUSE:
            return _refused(call, f"{call.name} is {tool.tier} and is never run for a model")
        try:
            arguments = tool.arguments.model_validate_json(call.arguments or "{}")
            return await self._finish(call, tool, await tool.run(arguments))
        except ValidationError as error:
            return _refused(call, _complaint(error))
        except ConduitError as error:
            return _refused(call, error.message)

    async def _finish(self, call: ToolCallPart, tool: Tool, answer: str | Change) -> Outcome:
        if isinstance(answer, str) and GATES[tool.tier] is Gate.ALLOW:
            return Outcome(ToolResultPart(call_id=call.id, name=call.name, text=answer))
        if isinstance(answer, str) or GATES[tool.tier] is not Gate.PLAN:
            raise TypeError(f"tool {tool.name} of tier {tool.tier} answered with {type(answer).__name__}")
        plan = await self._plans.propose(answer)
        known = "".join(f" {note}" for note in answer.notes)
        text = (
            f"plan {plan.id} is pending: {plan.title}.{known} A person decides; nothing has been changed yet."
        )
        return Outcome(ToolResultPart(call_id=call.id, name=call.name, text=text), plan_id=plan.id)


def _refused(call: ToolCallPart, text: str) -> Outcome:
    return Outcome(ToolResultPart(call_id=call.id, name=call.name, text=text, is_error=True))


def _complaint(error: ValidationError) -> str:
    problems = (f"{'.'.join(map(str, e['loc'])) or 'arguments'}: {e['msg']}" for e in error.errors())
    return f"the arguments are not valid: {'; '.join(problems)}"
