"""The verbs about what lasts: conversations, to be gone on with, found and written to files; tools and personas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from conduit.drawing.table import Cell, Column, Table
from conduit.engine.define import FunctionTool
from conduit.engine.tool import Tool
from conduit.errors import SetupError
from conduit.messages import ConversationTree
from conduit_magics.saying import say, show, words
from conduit_magics.talk_verbs import where
from conduit_magics.verb import Verb, arguments

if TYPE_CHECKING:
    from conduit.studio import Studio
    from conduit_magics.desk import Desk

__all__ = ["VERBS"]

_MOST_LISTED = 30
_MOST_FOUND = 20
_FORMATS = (".md", ".json")
_WHO = {"user": "you", "assistant": "model", "tool": "tool", "system": "system"}


def _export(desk: Desk, rest: str) -> None:
    given = arguments(
        rest,
        (("file",), {}),
        (("--branch",), {"metavar": "NAME"}),
        verb="export",
        usage=VERBS["export"].usage,
    )
    path = Path(given.file).expanduser()
    if path.suffix not in _FORMATS:
        raise SetupError(
            f"{given.file!r} ends neither in .md, to be read, nor in .json, to be loaded again",
            valid=list(_FORMATS),
        )
    tree = desk.on_loop(lambda: desk.studio.session.tree)
    if path.suffix == ".md":
        text = tree.to_markdown(given.branch)
    else:
        text = (_only(tree, given.branch) if given.branch else tree).to_json()
    try:
        path.write_text(desk.studio.providers.scrub(text), encoding="utf-8")
    except OSError as error:
        raise SetupError(f"{given.file!r} cannot be written: {error.strerror or error}") from error
    count = len(tree.branches) if path.suffix == ".json" and not given.branch else 1
    what = f"branch {given.branch or tree.current}" if count == 1 else f"{count} branches"
    say(f"{what} written to {path}")


def _only(tree: ConversationTree, name: str) -> ConversationTree:
    """Give the tree with one branch alone."""
    return replace(tree, branches={name: tree.switch(name).conversation}, current=name)


def _resume(desk: Desk, rest: str) -> None:
    name = " ".join(words(rest))
    if not name:
        _list_talks(desk)
        return
    tree = desk.studio.call(desk.studio.resume(name))
    title = f", {tree.title!r}" if tree.title else ""
    say(f"on with {name}{title}: on branch {tree.current}, {where(desk)}")


def _list_talks(desk: Desk) -> None:
    desk.studio.call(desk.studio.keeper.settle())
    found = desk.studio.call(desk.studio.store.do(desk.studio.store.conversations, _MOST_LISTED))
    current = desk.studio.session.tree.name
    rows: list[list[str | Cell]] = [
        [
            Cell(one.name, tone="strong" if one.name == current else ""),
            one.title,
            str(one.messages),
            str(len(one.branches)),
            f"{datetime.fromtimestamp(one.updated).astimezone():%Y-%m-%d %H:%M}",
        ]
        for one in found
    ]
    columns = [
        Column("conversation"),
        Column("about", wraps=True, width=48),
        Column("messages", numeric=True),
        Column("branches", numeric=True),
        Column("last used"),
    ]
    title = "" if rows else "No conversation is kept yet"
    notes = [f"%conduit resume NAME goes on with one. They are kept in {desk.studio.store.where}."]
    show(desk, Table(columns, rows, title=title, notes=notes))


def _tools(desk: Desk, rest: str) -> None:
    given = arguments(
        rest,
        (("names",), {"nargs": "*"}),
        (("--folder",), {"metavar": "FOLDER"}),
        verb="tools",
        usage=VERBS["tools"].usage,
    )
    if not given.names and given.folder is None:
        _list_tools(desk)
        return
    names = [] if given.names == ["off"] else [name for one in given.names for name in one.split(",") if name]
    own = {name: tool for name in names if (tool := _own_tool(desk, name)) is not None}
    named = [name for name in names if name not in own]
    desk.on_loop(lambda: desk.studio.tools.choose(named, folder=given.folder, own=own.values()))
    chosen = desk.studio.tools.names
    say(f"models may use {', '.join(chosen)} from now on" if chosen else "models have no tools of these now")


def _own_tool(desk: Desk, name: str) -> Tool | None:
    """Give the tool that a variable of the notebook holds."""
    value = desk.shell.user_ns.get(name)
    if isinstance(value, FunctionTool):
        return value.tool
    return value if isinstance(value, Tool) else None


def _list_tools(desk: Desk) -> None:
    offers, chosen = desk.studio.tools.offers, desk.studio.tools.names
    rows: list[list[str | Cell]] = [
        [
            "●" if name in chosen or offer.group in chosen else "",
            name,
            offer.group,
            str(offer.tier),
            Cell(f"{offer.does} (needs {offer.needs})", tone="quiet") if offer.needs else offer.does,
        ]
        for name, offer in offers.items()
    ]
    # So wide that what a tool needs, which stands at the end, is not cut off in a terminal.
    columns = [Column(""), Column("tool"), Column("group"), Column("tier"), Column("", wraps=True, width=120)]
    notes = [
        "● models may use it. %conduit tools NAME … chooses tools, groups, or variables that hold a tool.",
        "%conduit tools off chooses none; --folder FOLDER is the one whose files may be read.",
    ]
    show(desk, Table(columns, rows, notes=notes))


def _search(desk: Desk, rest: str) -> None:
    text = " ".join(words(rest))
    if not text:
        raise SetupError("%conduit search takes words to look for, such as: %conduit search acid bass")
    store = desk.studio.store
    desk.studio.call(desk.studio.keeper.settle())  # what was just said is to be found too
    found = desk.studio.call(store.do(store.search, text, _MOST_FOUND))
    rows = [[one.conversation, str(one.turn), _WHO.get(one.role, one.role), one.excerpt] for one in found]
    columns = [
        Column("conversation"),
        Column("turn", numeric=True),
        Column("who"),
        Column("said", wraps=True),
    ]
    title = "" if rows else f"Nobody said {text!r} in what is kept"
    more = f"The newest {_MOST_FOUND}; more words find fewer." if len(rows) == _MOST_FOUND else ""
    show(desk, Table(columns, rows, title=title, notes=list(filter(None, [more]))))


def _persona(desk: Desk, rest: str) -> None:
    name = " ".join(words(rest))
    store = desk.studio.store
    if not name:
        known = desk.studio.call(store.do(store.personas))
        columns = [Column("persona"), Column("", wraps=True, width=72)]
        title = (
            ""
            if known
            else "No persona is kept yet; conduit.current().store.save_persona(NAME, TEXT) keeps one"
        )
        rows = [[one, text] for one, text in known.items()]
        show(desk, Table(columns, rows, title=title))
        return
    desk.studio.call(desk.studio.session.use_persona("" if name == "off" else name))
    told = "without a persona" if name == "off" else f"as {name}"
    say(f"new conversations begin {told}; %conduit new begins one")


def _talks(studio: Studio | None) -> Sequence[str]:
    return [one.name for one in studio.store.conversations(_MOST_LISTED)] if studio else ()


def _offered(studio: Studio | None) -> Sequence[str]:
    if studio is None:
        return ()
    offers = studio.tools.offers
    return list(dict.fromkeys([*(offer.group for offer in offers.values()), *offers, "off"]))


VERBS: dict[str, Verb] = {
    "resume": Verb("[NAME]", "go on with a kept conversation, or list them", _resume, _talks),
    "search": Verb("WORDS", "find what was said in any conversation", _search),
    "export": Verb("FILE.md|FILE.json [--branch NAME]", "write the conversation to a file", _export),
    "tools": Verb(
        "[NAME … | off] [--folder FOLDER]", "the tools that models may use, or choose some", _tools, _offered
    ),
    "persona": Verb("[NAME | off]", "as whom models answer in new conversations", _persona),
}
