"""Mentions in the panel's input: ``@name`` and ``@"take name"`` send a variable or a take along, as ``{name}``.

What is short stands in the sentence; a clip and everything long goes as a block of data after the words, which
stay as they were typed. Only names that exist are touched, so e-mail addresses stay; so do decorators, code, and
names of modules, functions and classes. What is inserted is never looked at again, and nothing is evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

from conduit.music import Clip
from conduit.studio.takes import Take
from conduit_magics.insert import FIELD, PATH, as_block, filled, insert, is_short, read, walk

__all__ = ["clips_by_name", "is_data", "mention"]

_AT = rf'(?<![\w.@/+-])@(?:"(?P<quoted>[^"\n]+)"|(?P<at>[^\W\d]\w*+)(?P<way>(?>{PATH}))(?!\())'
_SPOKEN = re.compile(f"{FIELD}|{_AT}")
_CODE = re.compile(
    r"^```.*?(?:^```[^\n]*|\Z)|`[^`\n]+`"
    r"|(?:^[ \t]*@[^\n]*\n)++(?=[ \t]*(?:(?:async[ \t]+)?def[ \t]+\w+[ \t]*\(|class[ \t]+\w+[ \t]*[:(]))",
    re.DOTALL | re.MULTILINE,
)
_NO_DATA = (ModuleType, FunctionType, BuiltinFunctionType, MethodType, type)


def is_data(value: object) -> bool:
    """Say whether a variable holds something that can be sent: no module, function or class.

    Its own kind is asked, and not the value, which may be anybody's code.
    """
    return not issubclass(type(value), _NO_DATA)


def clips_by_name(takes: Iterable[Take]) -> dict[str, Clip]:
    """Give the clips of takes by what they are called; of those that are called the same, the newest."""
    return {take.name: take.clip for take in sorted(takes, key=lambda take: take.at)}


def mention(text: str, variables: Mapping[str, Any], takes: Iterable[Take]) -> str:
    """Put what a text mentions into it.

    Args:
        text: As it was typed.
        variables: The notebook's variables; one goes before a take of the same name unless the name is quoted.
        takes: Those of the tray.

    Raises:
        SetupError: A name sounds like a secret, what it holds looks like one, or an attribute does not exist.

    >>> mention("in @key, see @unknown, me@key.org", {"key": "A minor"}, [])
    'in A minor, see @unknown, me@key.org'
    """
    blocks: dict[str, str] = {}
    clips = clips_by_name(takes)

    def put(match: re.Match[str]) -> str:
        if not (match["quoted"] or match["at"]):
            return filled(match, variables)
        found = _found(match, variables, clips)
        if not found:
            return match[0]
        name, value = found
        said = read(value, shown=match[0])
        if is_short(said):
            return said
        blocks[name] = as_block(name, said)
        return match[0]

    words = "".join(
        insert(part, variables) if is_code else _SPOKEN.sub(put, part) for is_code, part in _parts(text)
    )
    return "\n".join([f"{words.rstrip()}\n", *blocks.values()]) if blocks else words


def _found(
    match: re.Match[str], variables: Mapping[str, Any], clips: Mapping[str, Clip]
) -> tuple[str, Any] | None:
    """Give what a mention names and is about; None where there is nothing of that name to be sent."""
    quoted, name = match["quoted"], match["at"]
    if quoted:
        return (quoted, clips[quoted]) if quoted in clips else None
    if name in variables and is_data(variables[name]):
        return name + match["way"], walk(variables[name], match["way"], shown=match[0])
    return (name + match["way"], walk(clips[name], match["way"], shown=match[0])) if name in clips else None


def _parts(text: str) -> list[tuple[bool, str]]:
    """Split a text into prose and code."""
    parts, at = [], 0
    for match in _CODE.finditer(text):
        parts += [(False, text[at : match.start()]), (True, match[0])]
        at = match.end()
    return [*parts, (False, text[at:])]
