"""Several answers side by side: one static record of all, and one live view that holds theirs."""

from __future__ import annotations

import asyncio
import html
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conduit.drawing.variations import Tile, variations_html, variations_text
from conduit_magics.place import Shown
from conduit_magics.preview import preview

if TYPE_CHECKING:
    from conduit_magics.output import Output

__all__ = ["Board"]

_SOUNDS = 4
"""As many records' sounds a saved notebook keeps of all of them; the more there are, the less of each."""
_COLUMNS = "repeat(auto-fit, minmax(min(360px, 100%), 1fr))"
_LABEL = "font-size:11px;line-height:1.5;opacity:0.7"


class Board:
    """The place of several outputs.

    Args:
        title: One line above them.

    Attributes:
        id: The name of their record.
        outputs: What stands on it, in order; to be filled before it is opened.
    """

    def __init__(self, *, title: str) -> None:
        self._shown = Shown()
        self.id = self._shown.id
        self.outputs: list[Output] = []
        self._title = title
        self._grid: Any = None
        self._labels: list[Any] = []
        self._is_complete = False

    def open(self, output: Output) -> None:
        """Show all of them, with the first."""
        if output is self.outputs[0]:
            self._shown.open(self._record(), self._view())

    async def update(self, output: Output) -> None:
        """Draw the record anew once all are there; while they come, the live views show them."""
        del output
        if self._is_complete:
            self._shown.update(await asyncio.to_thread(self._record))

    async def complete(self) -> None:
        """Note that all are there, and draw their record."""
        self._is_complete = True
        for label, output in zip(self._labels, self.outputs, strict=False):
            label.value = _written(output.label)
        await self.update(self.outputs[0])

    def seal(self) -> None:
        """Take the grid away with the last of its views."""
        if self._grid is not None and all(output.view is None for output in self.outputs):
            self._grid.close()
            self._grid = None
            self._shown.clear()

    def _view(self) -> Any:
        """Give the grid of live views; None where there are none."""
        if any(output.view is None for output in self.outputs):
            return None
        from ipywidgets import HTML, GridBox, Layout, VBox  # noqa: PLC0415  only where views are shown

        self._labels = [HTML(_written(output.label)) for output in self.outputs]
        tiles = [
            VBox([label, output.view], layout=Layout(min_width="0", overflow="hidden"))
            for label, output in zip(self._labels, self.outputs, strict=True)
        ]
        layout = Layout(grid_template_columns=_COLUMNS, grid_gap="12px", width="100%")
        self._grid = GridBox(tiles, layout=layout)
        return self._grid

    def _record(self) -> dict[str, str]:
        share = min(1.0, _SOUNDS / len(self.outputs))
        tiles = [_sounding(output.tile, share) for output in self.outputs]
        return {
            "text/plain": variations_text(tiles, title=self._title),
            "text/html": variations_html(tiles, record_id=self.id, title=self._title),
        }


def _sounding(tile: Tile, share: float) -> Tile:
    return tile if tile.clip is None else replace(tile, wav_preview=preview(tile.clip, share=share))


def _written(label: str) -> str:
    return f'<span style="{_LABEL}">{html.escape(label)}</span>'
