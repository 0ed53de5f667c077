"""Where an answer stands in a notebook: a static record that survives closing, and under it a live view.

The record is updated when something is decided; the view hides it while it lives. A place is opened in the cell's
own thread; afterwards everything happens on the studio's loop.
"""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING, Any, Protocol

from IPython.display import display, update_display

from conduit.drawing import record_html, record_text
from conduit_magics.preview import preview

if TYPE_CHECKING:
    from conduit_magics.output import Output

__all__ = ["Alone", "Place", "Shown", "bundle", "display_view", "is_quick"]

# Counts for the life of the process: a front end remembers the ids of outputs even when the extension is reloaded.
_numbers = itertools.count(1)


_DEAD = (
    "<style>.jp-OutputArea-child:has(> .jp-OutputArea-output > [data-conduit])"
    " + .jp-OutputArea-child:has(> .lm-Panel):not(:has(> .lm-Panel > *)){display:none}</style>"
)
"""Hides a view under a record while there is nothing in it but words.

That is what JupyterLab makes of a view without its model: "Error displaying widget: model not found". It is said of
trusted outputs only, which keep a style; of others neither the style nor the view is left. A view that comes, also
later, is an element, and so shown.
"""

QUICK = 5000
"""Notes up to which a record is drawn in less time than one sees."""


def is_quick(output: Output) -> bool:
    """Say whether an output's record is drawn while one waits."""
    return sum(map(len, output.parts)) <= QUICK


class Place(Protocol):
    """Where an output stands.

    Attributes:
        id: By which a live view finds the record to hide it.
    """

    id: str

    def open(self, output: Output) -> None:
        """Show the output; in the cell's thread."""

    async def update(self, output: Output) -> None:
        """Bring the record up to what the output has."""

    def seal(self) -> None:
        """Take a view away that has been closed."""


class Shown:
    """A record and a view on the page.

    Attributes:
        id: The record's name, and the view's with ``-view``.
        is_open: Whether they are on the page.
    """

    def __init__(self) -> None:
        self.id = f"conduit-{next(_numbers)}"
        self.is_open = False
        self._has_view = False

    def open(self, record: dict[str, str], view: Any) -> None:
        """Put both on the page; the view may be None."""
        self.is_open, self._has_view = True, view is not None
        display(self._said(record), raw=True, display_id=self.id)
        if view is not None:
            display_view(view, display_id=f"{self.id}-view")

    def update(self, record: dict[str, str]) -> None:
        """Replace the record."""
        if self.is_open:
            update_display(self._said(record), raw=True, display_id=self.id)

    def _said(self, record: dict[str, str]) -> dict[str, str]:
        return {**record, "text/html": _DEAD + record["text/html"]} if self._has_view else record

    def clear(self) -> None:
        """Leave nothing of the view."""
        update_display({"text/plain": "", "text/html": ""}, raw=True, display_id=f"{self.id}-view")


def display_view(view: Any, **facts: Any) -> None:
    """Put only a view on the page: what stands for it where no kernel runs is its record."""
    data, metadata = bundle(view)
    display(data, metadata=metadata, raw=True, **facts)


def bundle(view: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give what is displayed of a view, and what is known about that; its text is its record's business."""
    shown: Any = view._repr_mimebundle_() or {}
    data, metadata = shown if isinstance(shown, tuple) else (shown, {})
    return {**data, "text/plain": ""}, metadata


class Alone:
    """An output of its own.

    Attributes:
        id: The record's name.
    """

    def __init__(self) -> None:
        self._shown = Shown()
        self.id = self._shown.id

    def open(self, output: Output) -> None:
        """Show the record, and the view under it; a record that takes long to draw has to be updated afterwards."""
        self._shown.open(self._record(output) if is_quick(output) else self._later(output), output.view)

    def open_first(self, output: Output) -> None:
        """Show the view at once; the record beside it is drawn with the next update."""
        self._shown.open(self._record(output) if output.view is None else self._later(output), output.view)

    async def update(self, output: Output) -> None:
        """Draw the record anew; words alone need no live view."""
        self._shown.update(await asyncio.to_thread(self._record, output))
        if output.clip is None and output.plan is None:
            await output.seal()

    def seal(self) -> None:
        """Take the view away."""
        self._shown.clear()

    def _later(self, output: Output) -> dict[str, str]:
        said = f"{sum(map(len, output.parts)):,} notes"
        return {
            "text/plain": said,
            "text/html": record_html(clip=None, record_id=self.id, status=said),
        }

    def _record(self, output: Output) -> dict[str, str]:
        tile = output.tile
        return {
            "text/plain": record_text(
                clip=tile.clip,
                text=tile.text,
                status=tile.status,
                footer=tile.footer,
                remarks=tile.remarks,
                heard=tile.heard,
            ),
            "text/html": record_html(
                clip=tile.clip,
                record_id=self.id,
                text=tile.text,
                status=tile.status,
                footer=tile.footer,
                details=tile.details,
                remarks=tile.remarks,
                wav_preview=preview(tile.clip) if tile.clip else None,
                before=tile.before,
                heard=tile.heard,
            ),
        }
