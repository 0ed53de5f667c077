"""What stands in a transcript beside the conversation: commands and what they said, pushes, what was not sent.

It is no part of the conversation: no model sees it, and it goes with the panel.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from conduit.drawing.table import Cell, Table
from conduit.engine.plan import Plan
from conduit.music import Clip
from conduit.widgets.mirror import Item
from conduit_magics.chat.cards import Cards
from conduit_magics.chat.draft import Draft
from conduit_magics.chat.entries import Transcript
from conduit_magics.chat.texts import cut, shown_text
from conduit_magics.chat.turn_item import turn_item
from conduit_magics.saying import Clips, Heard, Line, Page, Proposed, Shown

__all__ = ["Extra", "Extras"]

_MOST = 200
_numbers = itertools.count(1)


@dataclass(slots=True, eq=False)
class Extra:
    """An entry of its own.

    Attributes:
        after: Id of the entry that it stands after; empty where it is the first.
        asked: What was typed.
        talk: The conversation that it belongs to.
        who: As of an entry: ``verb`` or ``you``.
        id: Its entry's id.
        at: When it was typed, in seconds since 1970.
        state: As of an entry.
        error: What went wrong.
        said: What came of it.
        media: Items of the pictures, sounds and files that were to go with it.
        draft: What was to be sent; None of what was.
    """

    after: str
    asked: str
    talk: str
    who: str = "verb"
    id: str = field(default_factory=lambda: f"ex{next(_numbers)}")
    at: float = field(default_factory=time.time)
    state: str = "running"
    error: str = ""
    said: Sequence[object] = ()
    media: tuple[Item, ...] = ()
    draft: Draft | None = None

    def done(self, said: Sequence[object]) -> None:
        """Take what came of it."""
        self.state, self.said = "done", said

    def fail(self, error: str) -> None:
        """Note that it went wrong."""
        self.state, self.error = "failed", error


class Extras:
    """The entries of a panel that are no turns.

    Args:
        talk: Names the conversation that is shown.
        cards: The cards of the panel.
        clip_part: Gives the items of a clip part, by the part's id and the clip.
    """

    def __init__(
        self,
        *,
        talk: Callable[[], str],
        cards: Cards,
        clip_part: Callable[[str, Clip], dict[str, Mapping[str, Any]]],
    ) -> None:
        self._talk = talk
        self._cards = cards
        self._clip_part = clip_part
        self._extras: list[Extra] = []

    def begin(self, shown: Transcript, asked: str, *, who: str = "verb") -> Extra:
        """Add an entry at the end of what is shown."""
        after = next((entry for entry in reversed(shown.order) if entry in shown.turns), "")
        extra = Extra(after, asked, self._talk(), who)
        self._extras = [*self._extras, extra][-_MOST:]
        return extra

    def failed(self, shown: Transcript, draft: Draft, error: str, media: Sequence[Item]) -> None:
        """Add what could not be sent, so that it can be mended."""
        extra = self.begin(shown, draft.text, who="you")
        extra.media, extra.draft = tuple(media), draft
        extra.fail(error)

    def draft_of(self, entry: str) -> Draft | None:
        """Give what was to be sent with an entry; None where there is no such entry, or it was sent."""
        return next((extra.draft for extra in self._extras if extra.id == entry), None)

    def take_away(self, extra: Extra) -> None:
        """Take an entry away."""
        self._extras.remove(extra)

    def put_away(self, entry: str) -> None:
        """Take the entry of an id away, if there is one."""
        self._extras = [extra for extra in self._extras if extra.id != entry]

    def placed(self, shown: Transcript, items: dict[str, Any]) -> list[str]:
        """Add the items of what belongs to the conversation that is shown; give the order of all entries."""
        talk = self._talk()
        after: dict[str, list[str]] = {}
        for extra in (one for one in self._extras if one.talk == talk):
            place = extra.after if extra.after in shown.order else "" if not extra.after else None
            if place is None and shown.earlier:
                continue  # it stands among the turns that are not loaded
            after.setdefault(shown.order[-1] if place is None and shown.order else place or "", []).append(
                extra.id
            )
            items |= self._items(extra)
        order = list(after.get("", ())) if not shown.earlier else []
        for entry in shown.order:
            order += [entry, *after.get(entry, ())]
        return order

    def _items(self, extra: Extra) -> dict[str, Any]:
        parts: dict[str, Any] = {}
        media: dict[str, Any] = {f"m{extra.id}.f{at}": item for at, item in enumerate(extra.media)}
        for number, said in enumerate(_joined(extra.said)):
            if isinstance(said, Heard):
                media[f"m{extra.id}.{number}"] = _heard(said)
            else:
                parts |= self._parts(f"p{extra.id}.{number}", said)
        entry = turn_item(
            cut(extra.asked),
            at=extra.at,
            ending={"state": extra.state, "error": shown_text(extra.error)},
            parts=parts,
            media=media,
            who=extra.who,
        )
        return {extra.id: entry, **parts, **media}

    def _parts(self, name: str, said: object) -> dict[str, Any]:
        match said:
            case Clips(clips=clips):
                shown = (self._clip_part(f"{name}.{place}", clip) for place, clip in enumerate(clips))
                return {part: item for one in shown for part, item in one.items()}
            case Plan() | Proposed():
                item = self._cards.item(
                    self._cards.current(said.id if isinstance(said, Plan) else said.plan.id)
                )
                return {name: {**item, "clip": ""}} if item is not None else {}
            case Shown(table=table):
                return {name: _table(table)}
            case Line(text=text) | Page(text=text):
                return {name: {"kind": "output", "text": shown_text(text)}}
        return {}


def _heard(said: Heard) -> dict[str, Any]:
    return {"kind": "media", "mime": "audio/wav", "name": "Live set", "data": said.wav}


def _joined(said: Sequence[object]) -> list[object]:
    """Make one text of the lines that stand together."""
    found: list[object] = []
    for one in said:
        last = found[-1] if found else None
        if isinstance(one, Line) and isinstance(last, Line):
            found[-1] = Line(f"{last.text}\n{one.text}")
        else:
            found.append(one)
    return found


def _table(table: Table) -> dict[str, Any]:
    rows = [[cell if isinstance(cell, Cell) else Cell(cell) for cell in row] for row in table.rows]
    return {
        "kind": "table",
        "columns": [[column.label, column.numeric] for column in table.columns],
        "rows": [[[cell.text, cell.tone] for cell in row] for row in rows],
        "title": table.title,
        "notes": list(table.notes),
    }
