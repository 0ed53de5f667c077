"""What a function takes, read from its signature and docstring as a pydantic model."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, create_model
from pydantic.errors import PydanticUserError
from pydantic.fields import FieldInfo
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaWarningKind

from conduit.errors import SetupError

__all__ = ["Arguments", "arguments_model", "schema_of"]


def _without_titles(schema: dict[str, Any]) -> None:
    """Leave out titles, which only repeat names and cost tokens."""
    schema.pop("title", None)
    for parameter in schema.get("properties", {}).values():
        parameter.pop("title", None)


class Arguments(BaseModel):
    """The arguments of one call. Its fields are numbered, so that a parameter may have any name.

    >>> def transpose(pitch: int, by: int = 12) -> int:
    ...     "Move a pitch."
    >>> model, _ = arguments_model(transpose, name="transpose")
    >>> model.model_validate_json('{"pitch": 45}').given()
    {'pitch': 45, 'by': 12}
    """

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
    annotations = _annotations(function, signature, name)
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
    described = {
        param.arg_name.lstrip("-*• "): _line(param.description)
        for param in found.params
        if param.args[0] != "attribute"
    }
    returned = [_line(part.type_name, part.description) for part in found.many_returns]
    returns = "".join(f"\n\nReturns: {line}" for line in returned if line)
    return f"{found.description.strip()}{returns}" if found.description else text, described


def _line(*parts: str | None) -> str:
    return " ".join(": ".join(filter(None, parts)).split())


def _annotations(function: Callable[..., Any], signature: inspect.Signature, name: str) -> dict[str, Any]:
    """Give what each parameter takes, which is null, too, where that is its default."""
    try:
        hints = typing.get_type_hints(function, include_extras=True)
        for parameter in signature.parameters.values():
            given = parameter.default
            default = given.default if isinstance(given, FieldInfo) else given
            if default is None and parameter.name in hints:
                hints[parameter.name] = _nullable(hints[parameter.name])
    except (NameError, AttributeError, SyntaxError, TypeError) as error:
        raise SetupError(
            f"an annotation of tool {name} cannot be read: {error}; import or define the type outside any function"
        ) from error
    return hints


def _nullable(hint: Any) -> Any:
    if typing.get_origin(hint) is Annotated:
        return Annotated[(_nullable(hint.__origin__), *hint.__metadata__)]
    return hint if hint is Any else hint | None


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
    words = next((note for note in getattr(annotation, "__metadata__", ()) if isinstance(note, str)), None)
    # A description in a Field of the function's own stays where nothing is said here.
    said: dict[str, Any] = {"description": words or described} if words or described else {}
    if isinstance(parameter.default, FieldInfo):
        return Annotated[annotation, parameter.default], Field(alias=parameter.name, **said)
    default = ... if parameter.default is inspect.Parameter.empty else parameter.default
    return annotation, Field(default, alias=parameter.name, **said)


def _made(name: str, fields: dict[str, Any]) -> type[Arguments]:
    try:
        model: type[Arguments] = create_model(name, __base__=Arguments, **fields)
    except (PydanticUserError, TypeError) as error:
        raise _unfit(name, error) from error
    return model


def schema_of(model: type[BaseModel], *, name: str) -> dict[str, Any]:
    """Give the JSON schema of a tool's arguments; defaults that JSON cannot hold are left out.

    Args:
        model: The arguments.
        name: The tool's name, for what goes wrong.

    Raises:
        SetupError: JSON cannot hold them.

    >>> class Transpose(BaseModel):
    ...     by: int
    >>> schema_of(Transpose, name="transpose")["required"]
    ['by']
    """
    try:
        return model.model_json_schema(schema_generator=_Quiet)
    except (PydanticUserError, TypeError) as error:
        raise _unfit(name, error) from error


class _Quiet(GenerateJsonSchema):
    """Does not warn of the defaults that it leaves out: the function still has them."""

    def emit_warning(self, kind: JsonSchemaWarningKind, detail: str) -> None:
        pass


def _unfit(name: str, error: Exception) -> SetupError:
    said = str(error).splitlines()[0]
    return SetupError(
        f"what tool {name} takes cannot be written as JSON ({said}); take text, numbers, lists, dicts, enums, "
        "dataclasses or pydantic models"
    )


def _listed(names: Any) -> str:
    return ", ".join(names)
