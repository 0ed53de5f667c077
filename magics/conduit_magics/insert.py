"""Variables in the text of a cell: ``{name}`` inserts one as data, once.

Only names that exist are touched, so braces in prose or code stay. What is inserted is never looked at again.
Nothing is evaluated: a name may be followed by attributes and indexes, which are walked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from conduit.errors import SetupError

__all__ = ["insert"]

_PATH = r"(?:\.[A-Za-z_]\w*|\[(?:\d+|'[^']*'|\"[^\"]*\")\])*"
_FIELD = re.compile(rf"\{{\{{(?P<kept>[A-Za-z_]\w*)\}}\}}|\{{(?P<name>[A-Za-z_]\w*)(?P<path>{_PATH})\}}")
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]|\[['\"](.*?)['\"]\]")
_SECRET_NAME = re.compile(
    r"(?:api|secret|private|access)_?key|(?:^|_|\b)(?:token|secret|pwd|auth|passw\w*|credentials?)(?:$|_|\b)",
    re.IGNORECASE,
)
_SECRET_CONSTANT = re.compile(r"[A-Z0-9_]*_KEY")  # an environment's OPENAI_KEY, not a song's root_key
_SECRET_VALUE = re.compile(r"\b(?:sk|pk|rk|ghp|gho|xox[abp]|AKIA|AIza)[-_A-Za-z0-9]{16,}")
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


def _walk(value: Any, name: str, path: str) -> Any:
    if _SECRET_NAME.search(name + path) or _SECRET_CONSTANT.fullmatch(name):
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
    try:
        text = value if isinstance(value, str) else _text_of(value)
    except Exception as error:  # a repr is anybody's code
        raise SetupError(f"{{{name}}} cannot be written: {error!r}; the cell was not sent") from error
    if _SECRET_VALUE.search(text):
        raise SetupError(f"{{{name}}} holds what looks like a key and was not sent")
    if len(text) > _MOST:
        text = f"{text[:_MOST]}… ({len(text) - _MOST} characters left out)"
    if len(text) <= _INLINE and "\n" not in text:
        return text
    return f'\n<data name="{name}">\n{text}\n</data>\n'


def _text_of(value: Any) -> str:
    from conduit.music import Clip, write_clip  # noqa: PLC0415  numpy is not needed to load the extension

    return write_clip(value) if isinstance(value, Clip) else repr(value)
