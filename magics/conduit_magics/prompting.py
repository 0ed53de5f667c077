"""``%%conduit_prompt`` keeps a template; ``--prompt`` makes a cell's words of one.

The cell gives the inputs, a line ``name: value`` each, or is the input called ``text`` as a whole. What it does not
give comes from the notebook's variables. Values are data: nothing in them is evaluated or looked at again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conduit.channel import Prompt
from conduit.errors import PromptError, SetupError
from conduit.keys import holds_secret, sounds_secret
from conduit.music import Clip, write_clip
from conduit_magics.insert import insert, near

__all__ = ["TEXT", "kept", "prompted", "prompts"]

TEXT = "text"
"""The input that the whole cell is."""
_GIVEN = re.compile(r"(?P<name>[A-Za-z_]\w*)\s*:\s?(?P<value>.*)")


def kept(name: str, template: str) -> tuple[Prompt, str]:
    """Read a template, and say what it wants.

    Args:
        name: The variable it is kept in.
        template: The text of the cell.

    Raises:
        PromptError: The template is empty or cannot be read.
    """
    if not template.strip():
        raise PromptError(f"%%conduit_prompt {name} has no words; write the template under it")
    prompt = Prompt(template.rstrip("\n"), name=name)
    if not prompt.inputs:
        return prompt, f"{name} is a prompt without inputs: %%conduit --prompt {name}"
    told = [one if one in prompt.required else f"{one} (may be left out)" for one in prompt.inputs]
    return prompt, f"{name} is a prompt; its inputs: {', '.join(told)}"


def prompts(variables: Mapping[str, Any]) -> list[str]:
    """Name the variables that hold a prompt."""
    return [name for name, value in variables.items() if isinstance(value, Prompt) and name[:1] != "_"]


def prompted(name: str, cell: str, variables: Mapping[str, Any], *, raw: bool = False) -> str:
    """Make the words of a cell of a prompt.

    Args:
        name: The variable that holds the prompt.
        cell: What stands in the cell.
        variables: The notebook's variables.
        raw: Leave ``{names}`` in the cell as they are.

    Raises:
        SetupError: There is no such prompt, or a value is a secret.
        PromptError: Inputs are missing or surplus; it names them.
    """
    prompt = _prompt(name, variables)
    given = _given(prompt, cell)
    if not raw:
        given = {one: insert(value, variables) for one, value in given.items()}
    found = {one: variables[one] for one in prompt.inputs if one not in given and one in variables}
    data = {one: _checked(one, value, typed=prompt.model is not None) for one, value in found.items()}
    words = prompt.render({**data, **given})
    if holds_secret(words) and not holds_secret(prompt.template + cell):
        raise SetupError(f"what {prompt} became holds what looks like a key, and was not sent")
    return words


def _prompt(name: str, variables: Mapping[str, Any]) -> Prompt:
    prompt, known = variables.get(name), prompts(variables)
    if isinstance(prompt, Prompt):
        return prompt
    said = f"{name} is a {type(prompt).__name__}" if name in variables else f"there is no {name}"
    hint = f"the prompts are {', '.join(known)}" if known else f"write one under %%conduit_prompt {name}"
    raise SetupError(f"--prompt {name}: {said}{near(name, known)}; {hint}", valid=known)


def _given(prompt: Prompt, cell: str) -> dict[str, str]:
    """Read what the cell gives; a line that is indented goes on with the value above it."""
    if TEXT in prompt.inputs:
        return {TEXT: cell} if cell else {}
    given: dict[str, str] = {}
    last = ""
    for number, line in enumerate(cell.splitlines(), 1):
        match = _GIVEN.fullmatch(line)
        if match:
            last = match["name"]
            if last in given:
                raise PromptError(f"the cell gives {last} twice, again in line {number}", surplus=[last])
            given[last] = match["value"].strip()
        elif last and (line[:1].isspace() or not line):
            given[last] += f"\n{line.strip()}"
        else:
            raise PromptError(
                f"line {number} is not 'name: value': {line.strip()[:40]!r}; "
                f"the inputs of {prompt} are: {', '.join(prompt.inputs) or 'none'}",
                valid=list(prompt.inputs),
            )
    return {name: value.rstrip("\n") for name, value in given.items()}


def _checked(name: str, value: Any, *, typed: bool) -> Any:
    """Give a variable as a value of a template, if it is no secret."""
    if sounds_secret(name):
        raise SetupError(f"the prompt's input {name} sounds like a secret and was not sent; rename it")
    return _ClipText(value) if isinstance(value, Clip) and not typed else value


@dataclass(frozen=True, slots=True)
class _ClipText:
    """A clip in a template: written it is its notation, and its facts are there as on the clip."""

    clip: Clip

    def __str__(self) -> str:
        return write_clip(self.clip)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.clip, name)
