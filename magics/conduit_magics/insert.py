"""Variables in the text of a cell: ``{name}`` inserts one as data, once; ``--context`` puts some before it.

Only names that exist are touched, so braces in prose or code stay. What is inserted is never looked at again.
Nothing is evaluated: a name may be followed by attributes and indexes, which are walked.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from conduit.errors import SetupError
from conduit.keys import holds_secret, sounds_secret

__all__ = ["FIELD", "PATH", "as_block", "blocks", "filled", "insert", "is_short", "near", "read", "walk"]

PATH = r"(?:\.[A-Za-z_]\w*|\[(?:\d+|'[^']*'|\"[^\"]*\")\])*"
"""What may follow a name: attributes and indexes."""

FIELD = rf"\{{\{{(?P<kept>[A-Za-z_]\w*)\}}\}}|\{{(?P<name>[A-Za-z_]\w*)(?P<path>{PATH})\}}"
"""``{name}``, or ``{{name}}``, which stands for ``{name}`` itself."""

_FIELD = re.compile(FIELD)
_NAMED = re.compile(rf"(?P<name>[A-Za-z_]\w*)(?P<path>{PATH})")
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]|\[['\"](.*?)['\"]\]")
_INLINE = 200
_MOST = 4000


def insert(text: str, variables: Mapping[str, Any]) -> str:
    """Put variables into a text.

    Args:
        text: The cell's text. ``{{name}}`` stands for ``{name}`` itself.
        variables: The notebook's variables.

    Raises:
        SetupError: A name sounds like a secret, or an attribute or item does not exist.

    >>> insert("a {mood} line, {{mood}}, {unknown}", {"mood": "dark"})
    'a dark line, {mood}, {unknown}'
    """
    return _FIELD.sub(lambda match: filled(match, variables), text)


def filled(match: re.Match[str], variables: Mapping[str, Any]) -> str:
    """Give what stands in place of a match of ``FIELD``.

    Raises:
        SetupError: As ``insert``.
    """
    if match["kept"]:
        return match[0][1:-1] if match["kept"] in variables else match[0]
    name, path = match["name"], match["path"]
    if name not in variables:
        return match[0]
    shown = f"{{{name}{path}}}"
    text = read(walk(variables[name], path, shown=shown, or_else=", or use --raw"), shown=shown)
    return text if is_short(text) else f"\n{as_block(name + path, text)}\n"


def blocks(names: Iterable[str], variables: Mapping[str, Any]) -> str:
    """Write variables as blocks of data, one after another; each may be followed by attributes and indexes.

    Args:
        names: The variables, as they were given to ``--context``.
        variables: The notebook's variables.

    Raises:
        SetupError: There is no such variable, its name sounds like a secret, or it holds one.

    >>> print(blocks(["song.key"], {"song": type("Song", (), {"key": "A minor"})}))
    <data name="song.key">
    A minor
    </data>
    """
    named = dict.fromkeys(names)
    return "\n".join(as_block(name, read(_named(name, variables), shown=f"{{{name}}}")) for name in named)


def near(name: str, variables: Iterable[str]) -> str:
    """Give what a message says after a name that does not exist: the names that are like it."""
    found = difflib.get_close_matches(name, [known for known in variables if not known.startswith("_")], n=3)
    return f"; did you mean {' or '.join(found)}?" if found else ""


def _named(given: str, variables: Mapping[str, Any]) -> Any:
    if "/" in given and given in variables:
        return variables[given]  # of the Live set
    match = _NAMED.fullmatch(given)
    if match is None:
        raise SetupError(
            f"--context {given!r} is not a variable's name; write names with commas between them"
        )
    if match["name"] not in variables:
        raise SetupError(f"--context {given}: there is no such variable{near(match['name'], variables)}")
    shown = f"{{{given}}}"
    return walk(variables[match["name"]], match["path"], shown=shown, or_else=", or use --raw")


def walk(value: Any, path: str, *, shown: str, or_else: str = "") -> Any:
    """Follow attributes and indexes.

    Args:
        value: What a variable holds.
        path: As ``PATH`` matches it.
        shown: How it was written, with the variable's name.
        or_else: What else one can do but rename what sounds like a secret.

    Raises:
        SetupError: It does not exist, is private, or sounds like a secret.
    """
    if sounds_secret(shown.strip('{}@"')):
        raise SetupError(f"{shown} sounds like a secret and was not sent; rename it{or_else}")
    for attribute, index, item in _STEP.findall(path):
        if attribute.startswith("_"):
            raise SetupError(f"{shown}: {attribute} is private and is not sent")
        try:
            value = getattr(value, attribute) if attribute else value[int(index) if index else item]
        except (AttributeError, LookupError, TypeError) as error:
            raise SetupError(f"{shown} does not exist: {error}; nothing was sent") from error
        except Exception as error:  # a property is anybody's code
            raise SetupError(f"{shown} cannot be read: {error!r}; nothing was sent") from error
    return value


def is_short(text: str) -> bool:
    """Say whether a text stands in a sentence; any other goes as a block."""
    return len(text) <= _INLINE and "\n" not in text


def as_block(name: str, text: str) -> str:
    """Write a text as data that has a name."""
    return f'<data name="{name}">\n{text}\n</data>'


def read(value: Any, *, shown: str) -> str:
    """Write a value as text, cut where it is long.

    Args:
        value: What to write.
        shown: How it was asked for.

    Raises:
        SetupError: It holds what looks like a key, or fails to show itself.
    """
    try:
        text = value if isinstance(value, str) else _text_of(value)
    except Exception as error:  # a repr is anybody's code
        raise SetupError(f"{shown} cannot be written: {error!r}; nothing was sent") from error
    if holds_secret(text):
        raise SetupError(f"{shown} holds what looks like a key and was not sent")
    if len(text) > _MOST:
        text = f"{text[:_MOST]}… ({len(text) - _MOST} characters left out)"
    return text


def _text_of(value: Any) -> str:
    from conduit.music import Clip, write_clip  # noqa: PLC0415  numpy is not needed to load the extension

    return write_clip(value) if isinstance(value, Clip) else repr(value)
