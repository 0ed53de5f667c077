"""What a function takes, read from its signature and docstring as a pydantic model."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, create_model
from pydantic.errors import PydanticInvalidForJsonSchema, PydanticUserError

from conduit.errors import SetupError

__all__ = ["Arguments", "arguments_model"]


def _without_titles(schema: dict[str, Any]) -> None:
    """Leave out titles, which only repeat names and cost tokens."""
    schema.pop("title", None)
    for parameter in schema.get("properties", {}).values():
        parameter.pop("title", None)


class Arguments(BaseModel):
    """The arguments of one call. Its fields are numbered, so that a parameter may have any name."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_without_titles)

    def given(self) -> dict[str, Any]:
        """Give the values by the names of the parameters."""
        return {field.alias or name: getattr(self, name) for name, field in type(self).model_fields.items()}


def arguments_model(function: Callable[..., Any], *, name: str) -> tuple[type[Arguments], str]:
    """Give the model of a function's arguments, and what the function does.

    Raises:
        SetupError: Something is missing that a model needs; the message says what to write.
    """
    description, described = _read_docstring(function, name)
    signature = inspect.signature(function)
    annotations = _annotations(function, name)
    fields: dict[str, Any] = {}
    for number, parameter in enumerate(signature.parameters.values()):
        _check(parameter, annotations, name)
        fields[f"p{number}"] = _field(
            parameter, annotations[parameter.name], described.pop(parameter.name, "")
        )
    if described:
        raise SetupError(
            f"the docstring of tool {name} describes {_listed(described)}, which it does not take; "
            f"it takes {_listed(signature.parameters) or 'nothing'}"
        )
    return _made(name, fields), description


def _read_docstring(function: Callable[..., Any], name: str) -> tuple[str, dict[str, str]]:
    from docstring_parser import ParseError, parse  # noqa: PLC0415  with the first tool

    text = inspect.getdoc(function) or ""
    if not text.strip():
        raise SetupError(
            f"tool {name} has no docstring; say in one when and how to use it: a model reads nothing else"
        )
    try:
        found = parse(text)
    except ParseError:  # whatever it looks like to the parser, a person wrote it as words
        return text, {}
    described = {param.arg_name: " ".join((param.description or "").split()) for param in found.params}
    return (found.description or text).strip(), described


def _annotations(function: Callable[..., Any], name: str) -> dict[str, Any]:
    try:
        return typing.get_type_hints(function, include_extras=True)
    except (NameError, AttributeError, SyntaxError, TypeError) as error:
        raise SetupError(
            f"an annotation of tool {name} cannot be read: {error}; import or define the type outside any function"
        ) from error


def _check(parameter: inspect.Parameter, annotations: dict[str, Any], name: str) -> None:
    shown = str(parameter).split(":")[0].split("=")[0].strip()
    if parameter.kind in {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}:
        raise SetupError(
            f"tool {name} takes {shown}, which has no schema; name each parameter, or take one list"
        )
    if parameter.kind is inspect.Parameter.POSITIONAL_ONLY:
        raise SetupError(
            f"{shown} of tool {name} is positional only, and a model names its arguments; take the / away"
        )
    if parameter.name not in annotations:
        hint = ", or hand in a bound method: tool(thing.method)" if shown == "self" else ""
        raise SetupError(
            f"{shown} of tool {name} has no annotation; write what it takes, such as {shown}: int{hint}"
        )


def _field(parameter: inspect.Parameter, annotation: Any, described: str) -> tuple[Any, Any]:
    default = ... if parameter.default is inspect.Parameter.empty else parameter.default
    words = next((note for note in getattr(annotation, "__metadata__", ()) if isinstance(note, str)), None)
    # A description in the annotation's own Field stays where nothing is said here.
    said: dict[str, Any] = {"description": words or described} if words or described else {}
    return annotation, Field(default, alias=parameter.name, **said)


def _made(name: str, fields: dict[str, Any]) -> type[Arguments]:
    try:
        model: type[Arguments] = create_model(name, __base__=Arguments, **fields)
        model.model_json_schema()
    except (PydanticInvalidForJsonSchema, PydanticUserError, TypeError) as error:
        said = str(error).splitlines()[0]
        raise SetupError(
            f"what tool {name} takes cannot be written as JSON ({said}); take text, numbers, lists, dicts, enums, "
            "dataclasses or pydantic models"
        ) from error
    return model


def _listed(names: Any) -> str:
    return ", ".join(names)
