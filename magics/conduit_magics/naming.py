"""The names that Tab can put after an option of a cell; nobody is contacted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from conduit_magics.genre_verb import genre_names
from conduit_magics.kinds import kinds
from conduit_magics.model_verbs import model_names
from conduit_magics.prompting import prompts

if TYPE_CHECKING:
    from conduit.studio import Studio

__all__ = ["names_after"]


def names_after(what: str, studio: Studio | None, variables: Mapping[str, Any]) -> Sequence[str]:
    """Give the names of one kind.

    Args:
        what: ``model``, ``branch``, ``prompt``, ``kind``, ``genre`` or ``context``.
        studio: The studio, where there is one already.
        variables: The notebook's variables.
    """
    match what:
        case "model":
            return model_names(studio.providers if studio else None)
        case "branch":
            return list(studio.session.tree.branches) if studio else ()
        case "prompt":
            return prompts(variables)
        case "kind":
            return kinds(variables)
        case "genre":
            return [name.replace(" ", "-") for name in genre_names(studio)]
        case _:
            return [name for name in variables if not name.startswith("_")]
