"""The chat panel: a place to make music in, one conversation with the cells of its notebook."""

from __future__ import annotations

from typing import Any

from conduit.errors import SetupError

__all__ = ["open_here"]


def open_here(*, side: bool = False) -> None:
    """Open a panel in the shell that runs; the extension is loaded if it is not.

    Raises:
        SetupError: There is no shell, or ``sidecar`` is missing.
    """
    from IPython import get_ipython  # noqa: PLC0415  the shell that is in use

    from conduit_magics.chat.panel import open_panel  # noqa: PLC0415  it brings the widgets
    from conduit_magics.extension import load  # noqa: PLC0415  as above

    shell: Any = get_ipython()
    if shell is None:
        raise SetupError("the chat panel is for notebooks: open JupyterLab and run conduit.panel() in a cell")
    load(shell)
    open_panel(shell.magics_manager.registry["ConduitMagics"].desk, side=side)
