"""What a person does with the takes of the tray, and with two takes of a turn, in one panel."""

from __future__ import annotations

import keyword
import re
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING

from conduit.errors import SetupError
from conduit.music import Clip
from conduit.studio.takes import Take
from conduit.widgets import Intent

if TYPE_CHECKING:
    from conduit_magics.chat.deciding import Deciding
    from conduit_magics.chat.panel import Panel

__all__ = ["Taking", "variable_name"]

_KINDS = {"midi": "mid", "wav": "wav"}


class Taking:
    """Does what a person asks for with takes.

    Args:
        panel: In which panel.
        decided: Decides its plans.
    """

    def __init__(self, panel: Panel, *, decided: Deciding) -> None:
        self._panel = panel
        self._decided = decided
        self.acts: dict[str, Callable[[Intent], Awaitable[None]]] = {
            "star": self._star,
            "rename": self._rename,
            "push": self._push,
            "drop": self._drop,
            "hear": self._hear,
            "cell": self._cell,
            "file": self._file,
            "compare": self._compare,
        }

    def _take(self, intent: Intent) -> Take:
        return self._panel.studio.shelf.takes.get(intent["take"])

    async def _star(self, intent: Intent) -> None:
        self._panel.studio.shelf.takes.star(intent["take"], on=intent["on"])

    async def _rename(self, intent: Intent) -> None:
        self._panel.studio.shelf.takes.rename(intent["take"], intent["name"])

    async def _push(self, intent: Intent) -> None:
        """Push a take; what becomes of it is told on a card in the transcript."""
        panel = self._panel
        clip, name = (
            (intent["clip"], "") if "clip" in intent else (self._take(intent).clip, self._take(intent).name)
        )
        new_track = intent["new_track"]
        track = None if new_track else intent["track"] or None
        slot = intent["slot"] or None
        plan = await panel.studio.push(clip, track=track, slot=slot, new_track=new_track)
        extra = panel.extras.begin(panel.shown, f"Push {name or clip.name or 'the clip'}")
        extra.done([plan])
        await panel.look_at_live()

    async def _drop(self, intent: Intent) -> None:
        await self._decided.replace(intent["plan"], self._take(intent).clip)

    async def _hear(self, intent: Intent) -> None:
        self._panel.heard.add(self._take(intent).id)

    async def _cell(self, intent: Intent) -> None:
        """Put a take into a variable of the notebook, and a cell under the panel's that shows it."""
        panel, take = self._panel, self._take(intent)
        variables = panel.desk.shell.user_ns
        name = next(
            (one for one, value in variables.items() if value is take.clip and not one.startswith("_")), ""
        )
        name = name or variable_name(take.name, variables)
        variables[name] = take.clip
        panel.desk.names.bound(name)
        if panel.view is not None:
            panel.view.tell("cell", {"source": name})

    async def _file(self, intent: Intent) -> None:
        if intent["kind"] not in _KINDS:
            raise SetupError(f"a take is saved as {' or '.join(_KINDS)}, not as {intent['kind']!r}")
        take = self._take(intent)
        clip_id = f"c{take.id}"
        self._panel.clips.item(clip_id, take.clip)
        self._panel.clips.take(clip_id, {"type": "export", "kind": _KINDS[intent["kind"]], "part": 0}, ())

    async def _compare(self, intent: Intent) -> None:
        """Show the clip of a turn and that of another take, one over the other; again, or with none, ends it."""
        panel, entry, branch = self._panel, intent["entry"], intent["branch"]
        shown = self._shown_clip(entry)
        was = panel.compared.pop(shown, None)
        if not branch or (was is not None and was[1] == branch):
            return
        other = self._clip_on(entry, branch)
        clip_id = f"c{shown}~{branch}"
        panel.clips.item(clip_id, other)
        panel.compared[shown] = (clip_id, branch)

    def _shown_clip(self, entry: str) -> str:
        """Give the id of the last clip of an entry."""
        for part in reversed(self._panel.shown.parts_of(entry)):
            if part.get("kind") == "clip":
                return str(part["clip"])
        raise SetupError("there is no clip in this turn that could be compared")

    def _clip_on(self, entry: str, branch: str) -> Clip:
        """Give the last clip of the same turn on another branch.

        Raises:
            SetupError: There is none.
        """
        panel = self._panel
        tree, turn = panel.studio.session.tree, panel.shown.turns.get(entry)
        talk = tree.branches.get(branch)
        if talk is not None and turn is not None and len(talk.turns) >= turn.number:
            other = talk.turns[turn.number - 1]
            found = panel.parts.clips_of(other.after.nodes_since(len(other.asked)))
            if found:
                return found[-1]
        raise SetupError(f"there is no clip in this turn on branch {branch!r} to compare with")


def variable_name(name: str, taken: dict[str, object]) -> str:
    """Give a free name for a variable, like what a take is called.

    >>> variable_name("Acid bass", {}), variable_name("Acid bass", {"acid_bass": 1}), variable_name("303", {})
    ('acid_bass', 'acid_bass_2', 'clip_303')
    """
    word = re.sub(r"\W+", "_", name.lower()).strip("_") or "clip"
    word = f"clip_{word}" if not word.isidentifier() or keyword.iskeyword(word) else word
    return next(one for one in _numbered(word) if one not in taken)


def _numbered(word: str) -> Iterator[str]:
    yield word
    number = 2
    while True:
        yield f"{word}_{number}"
        number += 1
