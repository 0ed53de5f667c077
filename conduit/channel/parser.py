"""What an answer has to be: a type, its JSON schema, and a reader of what a model wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import cached_property
from inspect import isroutine
from typing import Any, Generic, TypeVar, overload

from pydantic import TypeAdapter, ValidationError, create_model
from pydantic.errors import PydanticSchemaGenerationError, PydanticUserError
from pydantic_core import from_json

from conduit.channel.schema import closed, is_object, wrapped
from conduit.clients import Capabilities
from conduit.errors import ParseError, SetupError
from conduit.messages import ToolSpec
from conduit.messages.aside import MEND

__all__ = ["ANSWER", "Mode", "Parser", "schema_spec", "schema_words"]

T = TypeVar("T")

ANSWER = "answer"
"""The tool that a model answers with where it has no schema mode."""
_FENCE = re.compile(r"```[a-zA-Z]*[ \t\r]*\n(.*?)(?:```|\Z)", re.DOTALL)
_BRACKET = re.compile(r"[{[]")
_BRACKETS = re.compile(r"[{}[\]]")
_OPENING = re.compile(r'\{\s*["}]|\[\s*["{[\]\dtfn-]')
"""What may begin an object or a list; in ``{root}`` and ``[Am]`` the brackets are those of words."""
_STRUCTURE = re.compile(r'\{\s*"|\[\s*[{[]')
"""What is meant as JSON, also where it is broken."""
_MOST_BROKEN = 1000
"""Openings that are tried in vain; each costs time in proportion to the text."""
_DIGIT = re.compile(r"-?\d")
_SHOWN = 8
"""Problems that are told at once; a long list of notes can have hundreds."""


class Mode(StrEnum):
    """How a model is brought to answer in a form."""

    NATIVE = "native"  # its server makes the answer fit the schema
    TOOL = "tool"  # it calls a tool whose arguments are the answer
    FENCED = "fenced"  # it is asked in words for a block of JSON


class Parser(Generic[T]):
    """Asks for answers of a type, and reads them.

    Args:
        kind: A pydantic model, a ``TypedDict``, a dataclass, an enum, a ``Literal``, ``list[…]``, ``int`` …:
            whatever pydantic can check.
        retries: How often a model is told what is wrong with its answer and asked again, at least 0.

    Attributes:
        kind: As above.
        retries: As above.

    Raises:
        SetupError: The type cannot be written as a JSON schema.

    >>> from pydantic import BaseModel
    >>> class Chord(BaseModel):
    ...     root: str
    ...     quality: str
    >>> parser = Parser(Chord)
    >>> parser.read('Here it is: {"root": "A", "quality": "minor"}')
    Chord(root='A', quality='minor')
    >>> parser.partial('{"root": "A", "qual')
    {'root': 'A'}
    >>> Parser(list[int]).read('{"value": [1, 2]}')
    [1, 2]
    """

    @overload
    def __init__(self, kind: type[T], *, retries: int = 2) -> None: ...
    @overload  # what is no class, such as a Literal: say ``parser: Parser[Name] = Parser(Name)``
    def __init__(self, kind: Any, *, retries: int = 2) -> None: ...
    def __init__(self, kind: Any, *, retries: int = 2) -> None:
        if retries < 0:
            raise ValueError(f"retries is {retries}; it has to be 0 or more")
        if isroutine(kind):
            raise SetupError(f"{kind!r} cannot be asked of a model: it is a function; give a type")
        self.kind = kind
        self.retries = retries
        try:
            self._adapter: TypeAdapter[T] = TypeAdapter(kind)
            self._plain = closed(self._adapter.json_schema())
        except (PydanticUserError, PydanticSchemaGenerationError) as error:
            reason = str(error).splitlines()[0]
            raise SetupError(f"{self.name} cannot be asked of a model: {reason}") from error

    def __repr__(self) -> str:
        return f"Parser({self.name}, retries={self.retries})"

    def __reduce__(self) -> tuple[Callable[..., Parser[T]], tuple[Any, ...]]:
        return _made, (self.kind, self.retries)

    @property
    def name(self) -> str:
        """What the type is called."""
        is_class = isinstance(self.kind, type) and not getattr(self.kind, "__args__", ())
        return self.kind.__name__ if is_class else str(self.kind)

    @property
    def is_wrapped(self) -> bool:
        """Whether the answer stands under the name ``value``, because a schema has to be an object."""
        return not is_object(self._plain)

    @cached_property
    def schema(self) -> dict[str, Any]:
        """JSON schema of the answer, an object."""
        return wrapped(self._plain) if self.is_wrapped else self._plain

    @staticmethod
    def mode(can: Capabilities) -> Mode:
        """Say how a model is asked that can do this much.

        >>> str(Parser.mode(Capabilities(schema=True))), str(Parser.mode(Capabilities(tools=False)))
        ('native', 'fenced')
        """
        if can.schema:
            return Mode.NATIVE
        return Mode.TOOL if can.tools else Mode.FENCED

    def read(self, text: str) -> T:
        """Read an answer; words and a fence around its JSON do no harm.

        Raises:
            ParseError: There is no JSON in it, or it is not of the type. ``problems`` lists what is wrong.
        """
        problems: list[str] = []
        cause: Exception | None = None
        for candidate in _candidates(text):
            try:
                return self._checked(candidate)
            except ValidationError as error:
                told = _problems(error)
            except Exception as error:  # noqa: BLE001  the type's own code can raise anything
                cause, told = error, [f"the type's own check raised {type(error).__name__}"]
            problems = problems or told
        raise self._refused(text, problems or _no_json(text)) from cause

    def partial(self, text: str) -> Any:
        """Give the JSON value as far as it has come, unchecked; None where nothing has."""
        begun = _whole_numbers(_begun(text))
        try:
            value = from_json(begun, allow_partial="trailing-strings") if begun else None
        except ValueError:
            return None
        if self.is_wrapped:
            return value.get("value") if isinstance(value, dict) else value
        return value

    def mend(self, error: ParseError) -> str:
        """Tell a model what is wrong with its answer, and ask for another."""
        listed = "\n".join(f"- {problem}" for problem in error.problems)
        return MEND.format(listed)

    def _checked(self, text: str) -> T:
        if self.is_wrapped:
            value = from_json(text)
            if isinstance(value, dict) and set(value) == {"value"}:
                found: T = self._wrapper.validate_json(text).value
                return found
        return self._adapter.validate_json(text)

    @cached_property
    def _wrapper(self) -> TypeAdapter[Any]:
        return TypeAdapter(create_model("Answer", value=(self.kind, ...)))

    def _refused(self, text: str, problems: list[str]) -> ParseError:
        return ParseError(
            f"the answer is no {self.name}: {'; '.join(problems)}", received=text, problems=problems
        )


def schema_spec(schema: dict[str, Any]) -> ToolSpec:
    """Give the tool whose arguments are an answer of this schema."""
    return ToolSpec(
        name=ANSWER, description="Give your final answer by calling this tool.", parameters=schema
    )


def schema_words(schema: dict[str, Any]) -> str:
    """Ask in words for an answer of this schema."""
    return (
        "Answer with one JSON value in a ```json block and nothing else. It has to fit this JSON schema:\n"
        f"{json.dumps(schema, ensure_ascii=False)}"
    )


def _made(kind: type[T], retries: int) -> Parser[T]:
    return Parser(kind, retries=retries)


def _candidates(text: str) -> Iterator[str]:
    """Give what is JSON and may be the answer, the likeliest first.

    That is the whole; else what stands in a fence, the last first, as those before it are drafts; else an object
    between words, the last first; else a list, the longest first, as words have such as ``[1]``.
    """
    whole = text.strip()
    if _is_json(whole):
        yield whole
        return
    fenced = [match[1].strip() for match in _FENCE.finditer(text)]
    yield from filter(_is_json, reversed(fenced))
    between = list(filter(_is_json, _between_words(text)))
    yield from (part for part in reversed(between) if part[0] == "{")
    yield from sorted((part for part in between if part[0] == "["), key=len, reverse=True)


def _between_words(text: str) -> Iterator[str]:
    """Give the outermost objects and lists of a text; nothing out of one that is broken or cut."""
    decoder = json.JSONDecoder()
    at, left = 0, _MOST_BROKEN
    while left and (opening := _OPENING.search(text, at)):
        start = opening.start()
        try:
            at = decoder.raw_decode(text, start)[1]
        except RecursionError:
            return
        except json.JSONDecodeError as error:
            at = _closing(text, start) if _STRUCTURE.match(text, start) else max(error.pos, start + 1)
            left -= 1
        else:
            yield text[start:at]


def _closing(text: str, start: int) -> int:
    """Give where what opens at ``start`` is closed again; the text's end where it is not."""
    depth = 0
    for bracket in _BRACKETS.finditer(text, start):
        depth += 1 if bracket[0] in "{[" else -1
        if depth == 0:
            return bracket.end()
    return len(text)


def _is_json(text: str) -> bool:
    try:
        from_json(text, allow_inf_nan=False)
    except ValueError:
        return False
    return True


def _no_json(text: str) -> list[str]:
    """Say why there is no JSON in a text."""
    begun = _begun(text)
    try:
        from_json(begun, allow_inf_nan=False)
    except ValueError as error:
        return [f"there is no JSON in it: {error}" if begun else "there is no JSON in it"]
    return ["there is no JSON in it"]


def _begun(text: str) -> str:
    """Give what may be the beginning of the answer's JSON."""
    fence = None
    if not text.lstrip().startswith(("{", "[")):
        for fence in _FENCE.finditer(text):  # noqa: B007  the last
            pass
    if fence:
        return fence[1]
    opening = _BRACKET.search(text)
    return text[opening.start() :] if opening else ""


def _whole_numbers(text: str) -> str:
    """Take off a number at the end, which may still grow."""
    number = _DIGIT.search(text, len(text.rstrip("0123456789.eE+-")))
    return text[: number.start()] if number else text


def _problems(error: ValidationError) -> list[str]:
    facts = error.errors(include_url=False, include_input=False, include_context=False)
    told = [f"{'.'.join(map(str, fact['loc'])) or 'the answer'}: {fact['msg']}" for fact in facts]
    more = len(told) - _SHOWN
    return told if more <= 0 else [*told[:_SHOWN], f"and {more} more"]
