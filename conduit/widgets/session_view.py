"""The live view of a Live set as a session grid: tracks across, scenes down, clips in their colours.

What a person clicks is handed on as an intent and decided elsewhere. Tracks, slots and scenes count from 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import traitlets

from conduit.drawing.session import Column
from conduit.music import Clip
from conduit.widgets.widget import Widget

__all__ = ["SessionView", "pack_picture"]

_STATIC = Path(__file__).parent / "static"
_MOST_NOTES = 256
_STEPS = 255


class SessionView(Widget):
    """A set in a cell's output. Every method may be called from any thread.

    Intents handed on: ``fire`` and ``open`` and ``target`` with ``track`` and ``slot``; ``scene`` with ``scene``;
    ``stop`` with ``track``, 0 for all; ``transport`` with ``play``.

    Args:
        on_intent: Called with each intent inside the comm callback; it must return at once.
        static_id: Id of the static record that is hidden while the view lives.
    """

    _esm = _STATIC / "session_view.js"

    INTENTS: ClassVar[dict[str, dict[str, type]]] = {
        "fire": {"track": int, "slot": int},
        "open": {"track": int, "slot": int},
        "target": {"track": int, "slot": int},
        "scene": {"scene": int},
        "stop": {"track": int},
        "transport": {"play": bool},
    }

    song = traitlets.Dict().tag(sync=True)
    tracks: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    scenes: traitlets.List[str] = traitlets.List().tag(sync=True)
    target: traitlets.List[int] = traitlets.List().tag(sync=True)
    pictures = traitlets.Dict().tag(sync=True)
    beat = traitlets.Int(-1).tag(sync=True)

    def show_song(
        self,
        label: str,
        *,
        tempo: float,
        meter: str,
        key: str = "",
        playing: bool = False,
        launches: str = "",
        simulated: bool = False,
        lost: str = "",
    ) -> None:
        """Show what holds for the whole set.

        Args:
            label: What the set is called, such as ``Ableton Live``.
            tempo: Beats a minute.
            meter: Such as ``4/4``.
            key: Such as ``A minor``; empty where it is unknown.
            playing: Whether the transport runs.
            launches: When clips start, such as ``1 bar``.
            simulated: Whether it is a simulated set; the view says so.
            lost: Why nothing is heard of the set at the moment; empty while all is well.
        """
        self.put(
            song={
                "label": label,
                "tempo": tempo,
                "meter": meter,
                "key": key,
                "playing": playing,
                "launches": launches,
                "simulated": simulated,
                "lost": lost,
            }
        )

    def show_tracks(self, tracks: Sequence[Column], scenes: Sequence[str]) -> None:
        """Show the grid.

        Args:
            tracks: In order.
            scenes: Names in order, empty where one has none.
        """
        self.put(tracks=[_column(track) for track in tracks], scenes=list(scenes))

    def show_target(self, track: int, slot: int) -> None:
        """Mark the slot that the next clip goes to."""
        self.put(target=[track, slot])

    def show_pictures(self, clips: Mapping[tuple[int, int], Clip]) -> None:
        """Draw what is in some slots, by track and slot, as tiny rolls; of the others nothing is known."""
        self.put(pictures={f"{track}/{slot}": pack_picture(clip) for (track, slot), clip in clips.items()})

    def show_beat(self, beat: int) -> None:
        """Show where the song is, in whole beats from 0; -1 shows none."""
        self.put(beat=beat)

    def done(self) -> None:
        """Say that an intent was done, also where nothing is to be seen of it."""
        self.send({"type": "done"})


def pack_picture(clip: Clip) -> bytes:
    """Give a clip's notes for a tiny roll: start, end, pitch and velocity, a byte each; 0-255 spans the clip.

    Of many notes, those that come first are drawn.

    >>> from conduit.music import Note
    >>> list(pack_picture(Clip.of([Note(60, 2, 1, 100)], length=4)))
    [128, 191, 60, 100]
    """
    table = clip.table[:_MOST_NOTES]
    notes = table[~table["mute"].astype(bool)]
    step = _STEPS / max(clip.length_ticks, 1)
    start, end = notes["start"] * step, (notes["start"] + notes["duration"]) * step
    rows = np.stack([start, end, notes["pitch"], notes["velocity"]], axis=1)
    return bytes(np.clip(np.rint(rows), 0, _STEPS).astype(np.uint8))


def _column(track: Column) -> dict[str, object]:
    return {
        "name": track.name,
        "midi": track.midi,
        "clips": [list(clip) if clip else None for clip in track.clips],
        "color": track.hex,
        "mute": track.mute,
        "solo": track.solo,
        "volume": track.volume,
        "devices": list(track.devices),
        "silent": track.silent,
        "playing": track.playing,
        "fired": track.fired,
    }
