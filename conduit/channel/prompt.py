"""Templates for questions: Jinja2 in a sandbox, with inputs that are known and checked.

A template is a person's own text. What is put into it is data: it is never escaped, and never read as a template
again. Blocks take their own line with them (``trim_blocks``, ``lstrip_blocks``), so a loop leaves no blank lines.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from conduit.errors import PromptError

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.nodes import Node
    from jinja2.sandbox import SandboxedEnvironment

__all__ = ["Prompt"]

_MAX_BYTES = 1_000_000
_TEMPLATE_FILE = "<template>"
"""What Jinja2 calls the file of a template that came as text."""


class Prompt:
    r"""A template whose inputs are found in it.

    Args:
        template: Jinja2. An input that it asks about (``x is defined``) or has a default for
            (``x | default(…)``) may be left out; every other has to be given.
        name: What it is called by, in errors and in the notebook.
        inputs: A pydantic model of the inputs, where their types are to be checked.

    Attributes:
        template: As above.
        name: As above.
        model: The pydantic model, or None.

    Raises:
        PromptError: The template cannot be read, with its line; or asks for what ``inputs`` has not.

    >>> prompt = Prompt("{{ bars }} bars of {{ part }} in {{ key | default('A minor') }}")
    >>> prompt.inputs, prompt.required
    (('bars', 'key', 'part'), ('bars', 'part'))
    >>> prompt.render(bars=4, part="bass")
    '4 bars of bass in A minor'
    >>> prompt.render(bars=4)
    Traceback (most recent call last):
    ...
    conduit.errors.PromptError: the prompt lacks part; its inputs are: bars, key, part
    """

    def __init__(self, template: str, *, name: str = "", inputs: type[BaseModel] | None = None) -> None:
        self.template = template
        self.name = name
        self.model = inputs
        used = self._read()
        if inputs is not None and (unknown := sorted(used - set(inputs.model_fields))):
            valid = list(inputs.model_fields)
            raise PromptError(
                f"{self} uses {', '.join(unknown)}, and {inputs.__name__} has no such field; "
                f"it has: {', '.join(valid) or 'none'}",
                missing=unknown,
                valid=valid,
            )

    @classmethod
    def from_file(cls, path: str | Path, *, inputs: type[BaseModel] | None = None) -> Prompt:
        """Read a template from a file of UTF-8; it is called by the file's name without its ending.

        Raises:
            PromptError: The file cannot be read, is larger than 1 MB, or is no template.
        """
        path = Path(path).expanduser()
        try:
            with path.open("rb") as file:
                data = file.read(_MAX_BYTES + 1)
            text = data.decode()
        except OSError as error:
            raise PromptError(f"{str(path)!r} cannot be read: {error.strerror}; name a template") from error
        except UnicodeDecodeError as error:
            raise PromptError(f"{str(path)!r} is no text in UTF-8: {error}") from error
        if len(data) > _MAX_BYTES:
            raise PromptError(
                f"{str(path)!r} has more than {_MAX_BYTES // 1_000_000} MB; that is no template"
            )
        return cls(text, name=path.stem, inputs=inputs)

    def __str__(self) -> str:
        return f"the prompt {self.name!r}" if self.name else "the prompt"

    def __repr__(self) -> str:
        return f"Prompt({self.template!r}, name={self.name!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Prompt) and self._facts == other._facts

    def __hash__(self) -> int:
        return hash(self._facts)

    def __reduce__(self) -> tuple[Callable[..., Prompt], tuple[Any, ...]]:
        return _made, self._facts

    @property
    def _facts(self) -> tuple[str, str, type[BaseModel] | None]:
        return self.template, self.name, self.model

    @property
    def inputs(self) -> tuple[str, ...]:
        """Every input it takes, in alphabetical order; a model's fields in their own."""
        return tuple(self.model.model_fields) if self.model else tuple(sorted(self._used[0]))

    @property
    def required(self) -> tuple[str, ...]:
        """The inputs that have to be given."""
        if self.model:
            return tuple(name for name, fact in self.model.model_fields.items() if fact.is_required())
        used, optional = self._used
        return tuple(sorted(used - optional))

    @property
    def schema(self) -> dict[str, Any]:
        """JSON schema of the inputs."""
        if self.model:
            return self.model.model_json_schema()
        return {
            "type": "object",
            "properties": {name: {} for name in self.inputs},
            "required": list(self.required),
            "additionalProperties": False,
        }

    def render(self, values: Mapping[str, Any] | BaseModel | None = None, /, **more: Any) -> str:
        """Put values into the template.

        Args:
            values: Some or all of the inputs, as a mapping or as the prompt's own model.
            more: The same by name.

        Raises:
            PromptError: Inputs are missing, surplus or of a wrong type, or the template fails on them; it says
                which and in what line.
        """
        given = {**_named(values), **more}
        self._check(given)
        if self.model and (more or not isinstance(values, self.model)):
            given = self._validated(self.model, given)
        try:
            return self._compiled.render(given)
        except Exception as error:  # a value's own code can raise anything
            raise self._failed(error) from error

    def _check(self, given: Mapping[str, Any]) -> None:
        missing = [name for name in self.required if name not in given]
        surplus = sorted(set(given) - set(self.inputs))
        if not missing and not surplus:
            return
        lacks = [f"lacks {', '.join(missing)}"] if missing else []
        has_no = [f"has no {', '.join(surplus)}"] if surplus else []
        raise PromptError(
            f"{self} {' and '.join(lacks + has_no)}; its inputs are: {', '.join(self.inputs) or 'none'}",
            missing=missing,
            surplus=surplus,
            valid=list(self.inputs),
        )

    def _validated(self, model: type[BaseModel], given: Mapping[str, Any]) -> dict[str, Any]:
        try:
            checked = model.model_validate(given, by_name=True)
        except ValidationError as error:
            problems = "; ".join(
                f"{'.'.join(map(str, fact['loc'])) or 'the inputs'}: {fact['msg']}"
                for fact in error.errors(include_url=False, include_input=False)
            )
            raise PromptError(
                f"the inputs of {self} are not valid: {problems}", valid=list(self.inputs)
            ) from None
        return {name: getattr(checked, name) for name in model.model_fields}

    def _failed(self, error: Exception) -> PromptError:
        places = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if _is_own(frame)]
        where = f" in line {places[-1]}" if places else ""
        return PromptError(f"{self} fails{where}: {str(error) or type(error).__name__}")

    def _read(self) -> frozenset[str]:
        from jinja2 import TemplateError  # noqa: PLC0415  only who has a prompt needs it

        try:
            _ = self._compiled
            return self._used[0]
        except TemplateError as error:
            line = getattr(error, "lineno", None)
            where = f" in line {line}" if line else ""
            raise PromptError(f"{self} cannot be read{where}: {error.message}") from error
        except RecursionError as error:
            raise PromptError(f"{self} cannot be read: it is nested too deeply") from error

    @cached_property
    def _compiled(self) -> Template:
        from jinja2.sandbox import safe_range  # noqa: PLC0415  as above

        own = {} if "range" in self.inputs else {"range": safe_range}
        return _environment().from_string(self.template, globals=own)

    @cached_property
    def _used(self) -> tuple[frozenset[str], frozenset[str]]:
        """Give the names it looks up, and those of them that it can do without."""
        from jinja2 import meta, nodes  # noqa: PLC0415  as above

        tree = _environment().parse(self.template)
        if any(name.name == "self" for name in tree.find_all(nodes.Name)):
            raise PromptError(f"{self} uses self, a name of Jinja's own; call the input something else")
        used = meta.find_undeclared_variables(tree)
        return frozenset(used - {"range"} if _only_counts(tree) else used), frozenset(_optional(tree))


def _made(template: str, name: str, model: type[BaseModel] | None) -> Prompt:
    return Prompt(template, name=name, inputs=model)


def _named(values: Mapping[str, Any] | BaseModel | None) -> dict[str, Any]:
    if isinstance(values, BaseModel):
        return {name: getattr(values, name) for name in type(values).model_fields}
    return {str(name): value for name, value in (values or {}).items()}


def _is_own(frame: traceback.FrameSummary) -> bool:
    return frame.filename == _TEMPLATE_FILE


def _environment() -> SandboxedEnvironment:
    from jinja2 import StrictUndefined  # noqa: PLC0415  as above
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415  as above

    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,  # the text goes to a model, not to a browser
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.clear()  # an input may be called as one of them
    return environment


def _only_counts(tree: Node) -> bool:
    """Say whether ``range`` is only called, as Jinja2's own: ``range(4)``."""
    from jinja2 import nodes  # noqa: PLC0415  as above

    called = {id(call.node) for call in tree.find_all(nodes.Call)}
    return all(id(name) in called for name in tree.find_all(nodes.Name) if name.name == "range")


def _optional(tree: Node) -> Iterable[str]:
    from jinja2 import nodes  # noqa: PLC0415  as above

    for asked in tree.find_all((nodes.Filter, nodes.Test)):
        if asked.name in {"default", "d", "defined", "undefined"} and isinstance(asked.node, nodes.Name):
            yield asked.node.name
