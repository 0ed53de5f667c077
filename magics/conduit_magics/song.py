"""The place of clips that stand in one view: a tile of each in the static record, and one sound of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conduit.drawing.variations import Tile, variations_html, variations_text
from conduit_magics.place import Alone
from conduit_magics.preview import preview

if TYPE_CHECKING:
    from conduit_magics.output import Output

__all__ = ["MOST_SHOWN", "Together"]

MOST_SHOWN = 16
"""Clips that are drawn in a record; the view shows all."""


class Together(Alone):
    """An output of several clips.

    Args:
        title: One line above them.
    """

    def __init__(self, *, title: str) -> None:
        super().__init__()
        self._title = title

    def _record(self, output: Output) -> dict[str, str]:
        parts = output.parts
        if len(parts) < 2:
            return super()._record(output)
        hidden = f", of which {MOST_SHOWN} are drawn" if len(parts) > MOST_SHOWN else ""
        title = f"{self._title}: {len(parts)} clips{hidden}"
        tiles = [
            Tile(f"{number} · {clip.name}", clip=clip) for number, clip in enumerate(parts[:MOST_SHOWN], 1)
        ]
        return {
            "text/plain": variations_text(tiles, title=title),
            "text/html": variations_html(
                tiles, record_id=self.id, title=title, status=output.status, wav_preview=preview(*parts)
            ),
        }
