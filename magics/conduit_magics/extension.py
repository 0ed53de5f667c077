"""What ``%load_ext conduit`` puts into IPython, and what unloading takes away again.

Nothing here imports a provider's SDK, a widget or the studio: they come with the first cell that needs them.
"""

from __future__ import annotations

from typing import Any

from IPython.core.completer import SimpleCompletion, context_matcher
from IPython.core.magic import Magics, cell_magic, line_magic, magics_class, no_var_expand

__all__ = ["ConduitMagics", "load", "unload"]

FIRST_AWAITING = (7, 4)
"""The first ipykernel that takes clicks while a cell awaits."""

_SYNC_CALL = "get_ipython().run_cell_magic('conduit', "
_ASYNC_CALL = "await get_ipython().magics_manager.registry['ConduitMagics'].awaited("


@magics_class
class ConduitMagics(Magics):
    """The magics. A shell that can await gets its cells through ``awaited``, so that clicks work meanwhile."""

    def __init__(self, shell: Any) -> None:
        super().__init__(shell)
        self._desk: Any = None
        self._depth = 0
        self._awaits = _kernel_version(shell) >= FIRST_AWAITING

    def entered(self) -> None:
        """Note that a cell begins."""
        self._depth += 1

    def left(self) -> None:
        """Note that a cell has ended."""
        self._depth = max(0, self._depth - 1)

    def await_cells(self, lines: list[str]) -> list[str]:
        """Rewrite a ``%%conduit`` cell into an awaited call where that is what lets clicks through.

        Only since ipykernel 7.4 does an awaiting cell take clicks at once; 7.3 takes them in any case, by a thread,
        and may lose the next cell when an await is interrupted; 6 takes none. A cell inside another magic, such as
        ``%%time``, cannot be awaited at all.
        """
        return awaited_calls(lines) if self._awaits and not self._depth else filled_calls(lines)

    @no_var_expand
    @cell_magic
    def conduit(self, line: str, cell: str) -> None:
        """Ask a model for music; blocks until it has answered. ``%%conduit -h`` shows the options."""
        self.desk.run(line, cell)

    def awaited(self, line: str, cell: str) -> Any:
        """Ask a model for music, in a cell that can be awaited."""
        return self.desk.run_async(line, cell)

    @line_magic("conduit")
    def verb(self, line: str) -> None:
        """Push, approve, undo, look around. ``%conduit help`` lists the verbs."""
        self.desk.verb(line)

    @property
    def desk(self) -> Any:
        """What runs cells and verbs, made at the first of them."""
        if self._desk is None:
            from conduit_magics.desk import Desk  # noqa: PLC0415  it brings the studio and the widgets

            self._desk = Desk(self.shell)
        return self._desk


def filled_calls(lines: list[str]) -> list[str]:
    r"""Give a ``%%conduit`` cell without words an empty line: IPython refuses a cell magic without a body.

    >>> filled_calls(["get_ipython().run_cell_magic('conduit', '-h', '')\n"])
    ["get_ipython().run_cell_magic('conduit', '-h', '\\n')\n"]
    """
    return [
        line.replace(", '')\n", ", '\\n')\n")
        if line.startswith(_SYNC_CALL) and line.endswith(", '')\n")
        else line
        for line in lines
    ]


def _kernel_version(shell: Any) -> tuple[int, ...]:
    """Give the version of the kernel a shell runs in, empty outside of one."""
    if not hasattr(shell, "kernel"):
        return ()
    import ipykernel  # noqa: PLC0415  it runs, so it is imported already

    return tuple(ipykernel.version_info[:2])


def awaited_calls(lines: list[str]) -> list[str]:
    r"""Rewrite the call of a ``%%conduit`` cell into an awaited one; other lines stay.

    >>> awaited_calls(["get_ipython().run_cell_magic('conduit', '', 'bass')\n"])
    ["await get_ipython().magics_manager.registry['ConduitMagics'].awaited('', 'bass')\n"]
    """
    return [
        _ASYNC_CALL + line.removeprefix(_SYNC_CALL) if line.startswith(_SYNC_CALL) else line for line in lines
    ]


@context_matcher()
def complete(context: Any) -> dict[str, Any]:
    """Complete options of ``%%conduit``, verbs of ``%conduit``, and their values; nobody is contacted."""
    line = context.line_with_cursor[: context.cursor_position] if context.cursor_line == 0 else ""
    found: list[str] = []
    if line.startswith("%%conduit "):
        found = _options(line)
    elif line.startswith("%conduit "):
        from conduit_magics.verbs import complete_verb  # noqa: PLC0415  only for Tab

        found = complete_verb(line, _model_desk())
    # IPython replaces what it takes for a word, which begins after a colon: "ollama/qwen:0.5b".
    kept = len(line.rpartition(" ")[2]) - len(context.token)
    # Suppress only with something in hand: otherwise Python's own completion stays as it was.
    words = [SimpleCompletion(text=text[max(kept, 0) :], type="param") for text in found]
    return {"completions": words, "suppress": bool(words)}


def _options(line: str) -> list[str]:
    from conduit_magics.options import completions  # noqa: PLC0415  argparse tables, only for Tab

    if line.split(" ")[-2] not in {"-m", "--model"}:
        return completions(line)
    from conduit_magics.model_verbs import model_names  # noqa: PLC0415  it brings the table of providers

    return completions(line, models=model_names(_model_desk()))


def _model_desk() -> Any:
    """Give the way to models if something has made the studio already; Tab makes none."""
    from IPython import get_ipython  # noqa: PLC0415  the shell that completes, not the one that loaded

    desk = get_ipython().magics_manager.registry["ConduitMagics"]._desk  # noqa: SLF001  as in unload
    return desk and desk.studio.providers


def load(ip: Any) -> None:
    """Put Conduit into a shell; a second time changes nothing."""
    if "ConduitMagics" in ip.magics_manager.registry:
        return
    magics = ConduitMagics(ip)
    ip.register_magics(magics)
    ip.input_transformers_post.append(magics.await_cells)
    ip.events.register("pre_execute", magics.entered)
    ip.events.register("post_execute", magics.left)
    ip.Completer.custom_matchers.append(complete)
    formatter = ip.display_formatter.ipython_display_formatter
    formatter.for_type_by_name("conduit.music.clip", "Clip", _show_clip)


def _show_clip(clip: Any) -> None:
    from IPython import get_ipython  # noqa: PLC0415  the shell that displays, not the one that loaded

    get_ipython().magics_manager.registry["ConduitMagics"].desk.show(clip)


def unload(ip: Any) -> None:
    """Take Conduit out of a shell again, and stop what it runs."""
    magics = ip.magics_manager.registry.pop("ConduitMagics", None)
    if magics is None:
        return
    for kind, name in (("cell", "conduit"), ("line", "conduit")):
        ip.magics_manager.magics[kind].pop(name, None)
    ip.input_transformers_post.remove(magics.await_cells)
    ip.events.unregister("pre_execute", magics.entered)
    ip.events.unregister("post_execute", magics.left)
    ip.Completer.custom_matchers.remove(complete)
    ip.display_formatter.ipython_display_formatter.pop("conduit.music.clip.Clip", None)
    if magics._desk is not None:  # noqa: SLF001  asking for the desk would make one
        magics.desk.close()
