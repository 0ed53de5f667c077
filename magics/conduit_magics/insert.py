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

__all__ = ["blocks", "insert", "near"]

_PATH = r"(?:\.[A-Za-z_]\w*|\[(?:\d+|'[^']*'|\"[^\"]*\")\])*"
_FIELD = re.compile(rf"\{{\{{(?P<kept>[A-Za-z_]\w*)\}}\}}|\{{(?P<name>[A-Za-z_]\w*)(?P<path>{_PATH})\}}")
_NAMED = re.compile(rf"(?P<name>[A-Za-z_]\w*)(?P<path>{_PATH})")
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

    def put(match: re.Match[str]) -> str:
        if match["kept"]:
            return match[0][1:-1] if match["kept"] in variables else match[0]
        name, path = match["name"], match["path"]
        if name not in variables:
            return match[0]
        return _as_data(f"{name}{path}", _walk(variables[name], name, path))

    return _FIELD.sub(put, text)


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
    return "\n".join(_block(name, _read(_named(name, variables), name)) for name in dict.fromkeys(names))


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
    return _walk(variables[match["name"]], match["name"], match["path"])


def _walk(value: Any, name: str, path: str) -> Any:
    if sounds_secret(name + path):
        raise SetupError(f"{{{name}{path}}} sounds like a secret and was not sent; rename it, or use --raw")
    for attribute, index, item in _STEP.findall(path):
        if attribute.startswith("_"):
            raise SetupError(f"{{{name}{path}}}: {attribute} is private and is not sent")
        try:
            value = getattr(value, attribute) if attribute else value[int(index) if index else item]
        except (AttributeError, LookupError, TypeError) as error:
            raise SetupError(f"{{{name}{path}}} does not exist: {error}; the cell was not sent") from error
        except Exception as error:  # a property is anybody's code
            raise SetupError(f"{{{name}{path}}} cannot be read: {error!r}; the cell was not sent") from error
    return value


def _as_data(name: str, value: Any) -> str:
    text = _read(value, name)
    return text if len(text) <= _INLINE and "\n" not in text else f"\n{_block(name, text)}\n"


def _block(name: str, text: str) -> str:
    return f'<data name="{name}">\n{text}\n</data>'


def _read(value: Any, name: str) -> str:
    try:
        text = value if isinstance(value, str) else _text_of(value)
    except Exception as error:  # a repr is anybody's code
        raise SetupError(f"{{{name}}} cannot be written: {error!r}; the cell was not sent") from error
    if holds_secret(text):
        raise SetupError(f"{{{name}}} holds what looks like a key and was not sent")
    if len(text) > _MOST:
        text = f"{text[:_MOST]}… ({len(text) - _MOST} characters left out)"
    return text


def _text_of(value: Any) -> str:
    from conduit.music import Clip, write_clip  # noqa: PLC0415  numpy is not needed to load the extension

    return write_clip(value) if isinstance(value, Clip) else repr(value)
