"""Pictures and sounds that go with a question: ``--attach`` names a variable of the notebook or a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from conduit.errors import SetupError
from conduit.messages import AudioPart, ImagePart
from conduit.messages.media import media_part

__all__ = ["attached"]


def attached(names: Iterable[str], variables: Mapping[str, Any]) -> tuple[ImagePart | AudioPart, ...]:
    """Make the parts of a message.

    Args:
        names: Variables, or names of files; a variable comes first where there are both.
        variables: The notebook's variables.

    Raises:
        SetupError: There is neither, or it is neither a picture nor a sound.
    """
    return tuple(media_part(_found(name, variables)) for name in names)


def _found(name: str, variables: Mapping[str, Any]) -> Any:
    if name in variables:
        return variables[name]
    path = Path(name).expanduser()
    if not path.exists():
        raise SetupError(f"--attach {name}: there is neither a variable nor a file of that name")
    return path
