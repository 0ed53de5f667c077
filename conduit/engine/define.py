"""Tools out of functions: name, description and schema are read from the signature and the docstring.

The function stays what it was and can be called as before. What a model could not use well is refused where it
is defined, with what to write instead.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable
from typing import Any, Generic, ParamSpec, TypeVar, overload

from conduit.engine.parameters import arguments_model
from conduit.engine.plan import Change
from conduit.engine.returning import as_text, gives_change
from conduit.engine.risk import GATES, Gate, Tier
from conduit.engine.threads import in_thread
from conduit.engine.tool import Tool
from conduit.errors import SetupError
from conduit.messages import ToolSpec

__all__ = ["FunctionTool", "tool"]

P = ParamSpec("P")
R = TypeVar("R")

_DESCRIPTORS = (staticmethod, classmethod, property, functools.partial)
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")  # what every provider takes


class FunctionTool(Generic[P, R]):
    """A function that a model may call, too. ``@conduit.tool`` makes it.

    Attributes:
        tool: What a ``Toolbox`` runs.

    >>> @tool
    ... def transpose(pitch: int, by: int = 12) -> int:
    ...     '''Move a pitch.
    ...
    ...     Args:
    ...         pitch: MIDI pitch, 0-127.
    ...         by: Semitones.
    ...     '''
    ...     return pitch + by
    >>> transpose(45)
    57
    >>> transpose.spec.parameters["properties"]["by"]
    {'default': 12, 'description': 'Semitones.', 'type': 'integer'}
    """

    def __init__(self, function: Callable[P, R], tool: Tool) -> None:
        functools.update_wrapper(self, function)
        self._function = function
        self.tool = tool

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call the function as it was written."""
        return self._function(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<tool {self.name} ({self.tier})>"

    @property
    def name(self) -> str:
        """What the model calls it by."""
        return self.tool.name

    @property
    def tier(self) -> Tier:
        """How much it can change."""
        return self.tool.tier

    @property
    def spec(self) -> ToolSpec:
        """The tool as a model is told of it."""
        return self.tool.spec


class _Decorator:
    """Makes tools with the options that ``tool`` was given."""

    def __init__(self, *, name: str, tier: str, timeout_s: float | None) -> None:
        self._name = name
        self._tier = Tier.named(tier)
        self._timeout_s = timeout_s

    def __call__(self, function: Callable[P, R], /) -> FunctionTool[P, R]:
        return FunctionTool(function, self._tool(function))

    def _tool(self, function: Callable[..., Any]) -> Tool:
        _check_kind(function)
        name = self._name or _name_of(function)
        _check_name(name)
        if self._timeout_s is not None and not self._timeout_s > 0:
            raise SetupError(f"timeout_s of tool {name} is {self._timeout_s}; it is more than 0 seconds")
        model, description = arguments_model(function, name=name)
        if GATES[self._tier] is Gate.PLAN and not gives_change(function):
            raise SetupError(
                f"tool {name} is of tier {self._tier}, so a person decides before anything happens: let it do "
                "nothing but return a Change, annotated as such, which is made once it is approved; or give it "
                "another tier"
            )
        return Tool(
            name=name,
            description=description,
            arguments=model,
            tier=self._tier,
            run=_runner(function, name),
            timeout_s=self._timeout_s,
        )


@overload
def tool(function: Callable[P, R], /) -> FunctionTool[P, R]: ...


@overload
def tool(*, name: str = ..., tier: Tier | str = ..., timeout_s: float | None = ...) -> _Decorator: ...


def tool(
    function: Callable[P, R] | None = None,
    /,
    *,
    name: str = "",
    tier: Tier | str = Tier.STATEFUL,
    timeout_s: float | None = None,
) -> FunctionTool[P, R] | _Decorator:
    """Make a function a tool that a model may call; use it as ``@tool`` or ``@tool(tier=…)``.

    The docstring says when and how to use it, and what each parameter means; ``Annotated[int, "words"]`` or
    pydantic's ``Field`` do the latter, too. A plain function runs in a thread, an async one on the loop. What it
    returns is sent as text if it is text, and as JSON otherwise.

    Args:
        function: Its parameters have annotations, and it has a docstring.
        name: What the model calls it by; by default the function's name.
        tier: How much it can change. A function that says nothing is Stateful: it runs at once, and less often
            than one that only reads. One of the tiers ConfigChange and HardwareIO returns a ``Change`` that waits
            for a person; a Privileged one is never run for a model.
        timeout_s: Seconds it may take; by default what its ``Toolbox`` says.

    Raises:
        SetupError: A model could not use it; the message says what to write.

    >>> @tool(tier=Tier.READ_ONLY, timeout_s=10)
    ... def transpose(pitch: int, by: int = 12) -> int:
    ...     '''Move a pitch.'''
    ...     return pitch + by
    >>> transpose, transpose(45)
    (<tool transpose (ReadOnly)>, 57)
    """
    decorator = _Decorator(name=name, tier=tier, timeout_s=timeout_s)
    return decorator if function is None else decorator(function)


def _name_of(function: Callable[..., Any]) -> str:
    name = str(function.__name__)
    if name == "<lambda>":
        raise SetupError(
            "a lambda has no name, docstring or annotations; write a def, and put @tool above it"
        )
    return name


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise SetupError(
            f"{name!r} is not a name that every provider takes: 1 to 64 of the letters a-z and A-Z, digits, _ "
            "and -; write @tool(name=…)"
        )


def _check_kind(function: Callable[..., Any]) -> None:
    name = getattr(function, "__name__", "") or f"this {type(function).__name__}"
    if isinstance(function, FunctionTool):
        raise SetupError(f"{name} is a tool already; write @tool once")
    # What wraps a function and says so, as functools.wraps does, has its name, words and annotations.
    wraps = hasattr(function, "__wrapped__") and not isinstance(function, _DESCRIPTORS)
    if not (inspect.isfunction(function) or inspect.ismethod(function) or wraps):
        raise SetupError(
            f"{name} is not a plain function; write a def that calls it, and put @tool above that, or call "
            "tool(…) with a bound method"
        )
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        raise SetupError(f"{name} yields, and a tool answers once; return the whole, such as a list")


def _runner(function: Callable[..., Any], name: str) -> Callable[[Any], Any]:
    """Give what a ``Toolbox`` calls with the arguments."""

    async def run(arguments: Any) -> str | Change:
        given = arguments.given()
        if inspect.iscoroutinefunction(function):
            return as_text(await function(**given))

        def work() -> Any:
            value = function(**given)
            return value if inspect.isawaitable(value) else as_text(value)

        value = await in_thread(work, name=f"tool-{name}")
        return as_text(await value) if inspect.isawaitable(value) else value

    return run
