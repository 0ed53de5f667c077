"""A panel beside the notebook, in a sidebar of JupyterLab, by the package ``sidecar``."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Protocol

from conduit.errors import SetupError
from conduit_magics.place import bundle

__all__ = ["Closed", "beside", "sidecars"]


class Closed(Protocol):
    """What stands on a page and can be taken away."""

    def close(self) -> None:
        """Take it away."""


def sidecars() -> Any:
    """Give the class of a sidecar.

    Raises:
        SetupError: ``sidecar`` is missing.
    """
    try:
        return import_module("sidecar").Sidecar
    except ImportError as error:
        raise SetupError(
            'a panel beside the notebook takes the package sidecar: pip install "conduit-live[side]", or open '
            "the panel in a cell and choose Create New View for Cell Output"
        ) from error


def beside(sidecar: Any, view: Any) -> Closed:
    """Put a view beside the notebook.

    It stands there as an output that the sidecar has, and is not displayed into it: so it comes back by itself when
    the page is loaded again, and the notebook holds nothing of it.

    Args:
        sidecar: As ``sidecars`` gives it.
        view: What is shown.
    """
    data, metadata = bundle(view)
    shown = {"output_type": "display_data", "data": data, "metadata": metadata}
    opened: Closed = sidecar(title="Conduit", anchor="split-right", outputs=(shown,))
    return opened
