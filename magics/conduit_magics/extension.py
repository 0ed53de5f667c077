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
_OUR_CALLS = (_SYNC_CALL, "get_ipython().run_cell_magic('conduit_prompt', ")
_ASYNC_CALL = "await get_ipython().magics_manager.registry['ConduitMagics'].awaited("
_AWAITED = {
    _SYNC_CALL: _ASYNC_CALL,
    "get_ipython().run_line_magic('conduit', 'regenerate": _ASYNC_CALL.replace("awaited", "awaited_verb")
    + "'regenerate",
}
"""Calls that wait for a model, and how they are awaited instead."""


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
        return filled_calls(awaited_calls(lines) if self._awaits and not self._depth else lines)

    @no_var_expand
    @cell_magic
    def conduit(self, line: str, cell: str) -> None:
        """Ask a model for music; blocks until it has answered. ``%%conduit -h`` shows the options."""
        self.desk.run(line, cell)

    def awaited(self, line: str, cell: str) -> Any:
        """Ask a model for music, in a cell that can be awaited."""
        return self.desk.run_async(line, cell)

    def awaited_verb(self, line: str) -> Any:
        """Do a verb that asks a model, in a cell that can be awaited."""
        return self.desk.verb_async(line)

    @no_var_expand
    @cell_magic
    def conduit_prompt(self, line: str, cell: str) -> None:
        """Keep a template in a variable, for ``%%conduit --prompt NAME``."""
        self.desk.make_prompt(line, cell)

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
    r"""Give a cell of ours without words an empty line: IPython refuses a cell magic without a body.

    >>> filled_calls(["get_ipython().run_cell_magic('conduit', '-h', '')\n"])
    ["get_ipython().run_cell_magic('conduit', '-h', '\\n')\n"]
    """
    return [
        line.replace(", '')\n", ", '\\n')\n")
        if line.startswith(_OUR_CALLS) and line.endswith(", '')\n")
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
    r"""Rewrite calls that wait for a model into awaited ones; other lines stay.

    >>> awaited_calls(["get_ipython().run_cell_magic('conduit', '', 'bass')\n"])
    ["await get_ipython().magics_manager.registry['ConduitMagics'].awaited('', 'bass')\n"]
    >>> awaited_calls(["get_ipython().run_line_magic('conduit', 'regenerate 2')\n"])
    ["await get_ipython().magics_manager.registry['ConduitMagics'].awaited_verb('regenerate 2')\n"]
    """
    return [_awaited(line) for line in lines]


def _awaited(line: str) -> str:
    for call, instead in _AWAITED.items():
        if line.startswith(call):
            return instead + line.removeprefix(call)
    return line


@context_matcher()
def complete(context: Any) -> dict[str, Any]:
    """Complete options of ``%%conduit``, verbs of ``%conduit``, and their values; nobody is contacted."""
    line = context.line_with_cursor[: context.cursor_position] if context.cursor_line == 0 else ""
    found: list[str] = []
    if line.startswith("%%conduit "):
        found = _options(line)
    elif line.startswith("%conduit "):
        from conduit_magics.verbs import complete_verb  # noqa: PLC0415  only for Tab

        found = complete_verb(line, _studio())
    # IPython replaces what it takes for a word, which begins after a colon: "ollama/qwen:0.5b".
    kept = len(line.rpartition(" ")[2]) - len(context.token)
    # Suppress only with something in hand: otherwise Python's own completion stays as it was.
    words = [SimpleCompletion(text=text[max(kept, 0) :], type="param") for text in found]
    return {"completions": words, "suppress": bool(words)}


def _options(line: str) -> list[str]:
    from conduit_magics.options import completions  # noqa: PLC0415  argparse tables, only for Tab

    before = line.split(" ")[-2]
    if before not in _NAMED:
        return completions(line)
    from conduit_magics.naming import names_after  # noqa: PLC0415  it brings the table of providers

    return completions(line, more={before: names_after(_NAMED[before], _studio(), _variables())})


_NAMED = {
    "-m": "model",
    "--model": "model",
    "--branch": "branch",
    "--prompt": "prompt",
    "--parse": "kind",
    "--genre": "genre",
    "--context": "context",
}
"""Options whose values are names that Tab can look up."""


def _shell() -> Any:
    from IPython import get_ipython  # noqa: PLC0415  the shell that is in use, not the one that loaded

    return get_ipython()


def _variables() -> dict[str, Any]:
    variables: dict[str, Any] = _shell().user_ns
    return variables


def _studio() -> Any:
    """Give the studio if something has made it already; Tab makes none."""
    desk = _shell().magics_manager.registry["ConduitMagics"]._desk  # noqa: SLF001  as in unload
    return desk and desk.studio


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
    for kind, (where, name), show in _DISPLAYS:
        _formatters(ip)[kind].for_type_by_name(where, name, show)


def _formatters(ip: Any) -> dict[str, Any]:
    formatter = ip.display_formatter
    return {"ipython": formatter.ipython_display_formatter, **formatter.formatters}


def _shown_by(name: str) -> Any:
    """Give a function that shows a value by one of ``displays``."""

    def show(value: Any) -> None:
        from conduit_magics import displays  # noqa: PLC0415  only for who has something to show

        # A widget makes a class of its own for each object; IPython would know the first of them only.
        kind = type(value)
        alike = (base for base in kind.__mro__ if base.__qualname__ == kind.__qualname__)
        _formatters(_shell())["ipython"].for_type([*alike][-1], show)
        getattr(displays, name)(_shell().magics_manager.registry["ConduitMagics"].desk, value)

    return show


def _talk_html(talk: Any) -> str:
    from conduit_magics.showing import talk_html  # noqa: PLC0415  only for who has one

    return talk_html(talk)


def _talk_text(talk: Any, printer: Any, cycle: bool) -> None:  # noqa: FBT001  IPython's signature
    del cycle
    from conduit_magics.showing import talk_text  # noqa: PLC0415  as above

    printer.text(talk_text(talk))


def _reply_html(reply: Any) -> str:
    from conduit_magics.showing import reply_html  # noqa: PLC0415  as above

    return reply_html(reply)


def _reply_text(reply: Any, printer: Any, cycle: bool) -> None:  # noqa: FBT001  IPython's signature
    del cycle
    from conduit_magics.showing import reply_text  # noqa: PLC0415  as above

    printer.text(reply_text(reply))


_CONVERSATION = ("conduit.messages.conversation", "Conversation")
_REPLY = ("conduit.channel.reply", "Reply")
_TREE = ("conduit.messages.tree", "ConversationTree")
_DISPLAYS: tuple[tuple[str, tuple[str, str], Any], ...] = (
    ("ipython", ("conduit.music.clip", "Clip"), _shown_by("show_clip")),
    ("ipython", ("conduit.music.arrangement", "Arrangement"), _shown_by("show_song")),
    ("ipython", ("conduit.widgets.clip_view", "ClipView"), _shown_by("show_view")),
    ("ipython", ("pretty_midi.pretty_midi", "PrettyMIDI"), _shown_by("show_pretty_midi")),
    ("text/html", _CONVERSATION, _talk_html),
    ("text/plain", _CONVERSATION, _talk_text),
    ("text/html", _TREE, _talk_html),
    ("text/plain", _TREE, _talk_text),
    ("text/html", _REPLY, _reply_html),
    ("text/plain", _REPLY, _reply_text),
)
"""How values show themselves, by the names of their types, so that none of them is imported for it."""


def unload(ip: Any) -> None:
    """Take Conduit out of a shell again, and stop what it runs."""
    magics = ip.magics_manager.registry.pop("ConduitMagics", None)
    if magics is None:
        return
    for kind, name in (("cell", "conduit"), ("cell", "conduit_prompt"), ("line", "conduit")):
        ip.magics_manager.magics[kind].pop(name, None)
    ip.input_transformers_post.remove(magics.await_cells)
    ip.events.unregister("pre_execute", magics.entered)
    ip.events.unregister("post_execute", magics.left)
    ip.Completer.custom_matchers.remove(complete)
    for kind, (where, name), _ in _DISPLAYS:
        while _formatters(ip)[kind].pop(f"{where}.{name}", None) is not None:
            pass  # it knows some kinds by several classes
    if magics._desk is not None:  # noqa: SLF001  asking for the desk would make one
        magics.desk.quit()
