"""The Live set in a notebook: a session grid that follows the set, and what a click in it does.

The grid is a record and a live view, as every answer. What is clicked is done on the studio's loop; a clip that is
opened from it stands as a roll under the grid.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from IPython.display import display, update_display

from conduit.composer.aim import Aim
from conduit.drawing.session import Column, session_html, session_text
from conduit.errors import ConduitError
from conduit.live import SetSnapshot, SetWatch, SlotSnapshot, TrackSnapshot
from conduit.live.endpoints import BEAT
from conduit.live.listening import Listening
from conduit.live.summary import QUANTIZATION
from conduit.music import Clip
from conduit.widgets import Intent, SessionView
from conduit_magics.place import Alone, Shown

if TYPE_CHECKING:
    from conduit_magics.desk import Desk
    from conduit_magics.output import Output

__all__ = ["Session", "columns_of"]

_MOST_PICTURES = 64


class Session:
    """A session grid in one cell's output. It is opened in the cell's thread; all else happens on the loop.

    Args:
        desk: The notebook's desk.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._live = desk.studio.live
        self._shown = Shown()
        self._view: SessionView | None = None
        self._watch: SetWatch | None = None
        self._unsubscribe: Callable[[], None] = lambda: None
        self._beats: Listening | None = None
        self._pictures: dict[tuple[int, int], tuple[SlotSnapshot, Clip]] = {}
        self._drawing: asyncio.Task[None] | None = None
        self._answers: dict[str, Callable[[Intent], Awaitable[Any]]] = {
            "fire": lambda asked: self._live.fire(asked["track"], asked["slot"]),
            "scene": lambda asked: self._live.fire_scene(asked["scene"]),
            "stop": lambda asked: self._live.stop(asked["track"] or None),
            "transport": lambda asked: self._live.play(on=asked["play"]),
            "target": lambda asked: self._aim(asked["track"], asked["slot"]),
            "open": lambda asked: self._open(asked["track"], asked["slot"]),
        }

    def open(self, *, live: bool) -> None:
        """Show the set; in the cell's thread.

        Args:
            live: Whether a view follows it.

        Raises:
            LinkError: Live does not answer.
        """
        self._watch = self._desk.studio.call(self._live.watch())
        if live:
            self._view = SessionView(on_intent=self._intent, static_id=self._shown.id)
            self._desk.on_loop(self._show)
        self._shown.open(self._record(), self._view)
        if self._view is not None:
            display({"text/plain": ""}, raw=True, display_id=f"{self._shown.id}-roll")
            self._desk.studio.submit(self._follow())

    async def seal(self) -> None:
        """Follow the set no longer; only the record stays."""
        self._unsubscribe()
        if self._drawing is not None:
            self._drawing.cancel()
        if self._beats is not None:
            beats, self._beats = self._beats, None
            await beats.stop()
        if self._view is not None:
            view, self._view = self._view, None
            view.close()
            self._shown.clear()

    async def _follow(self) -> None:
        """Follow the set until the view is closed."""
        watch = self._watch
        if watch is None:
            return
        self._unsubscribe = watch.subscribe(self._show)
        link = await self._live.link()
        self._beats = await link.listen(BEAT, heard=self._beat)
        self._show()

    def _beat(self, values: tuple[Any, ...]) -> None:
        if self._view is not None and values:
            self._view.show_beat(int(values[0]))

    def _show(self) -> None:
        """Bring the view up to the set; on the loop."""
        view, watch = self._view, self._watch
        if view is None or watch is None:
            return
        now = watch.snapshot
        view.show_song(
            self._live.label,
            tempo=now.tempo,
            meter=str(now.meter),
            key=str(now.key or ""),
            playing=now.is_playing,
            launches=QUANTIZATION[now.quantization] if now.quantization else "",
            simulated=self._live.simulated,
            lost=watch.lost,
        )
        view.show_tracks(columns_of(now), now.scenes)
        if not now.is_playing:
            view.show_beat(-1)
        aim = self._desk.aim
        if aim.track is not None:
            view.show_target(aim.track, aim.slot or 1)
        if self._drawing is None or self._drawing.done():
            self._drawing = asyncio.ensure_future(self._draw_clips())

    async def _draw_clips(self) -> None:
        """Read the clips that are new or others than before, one after the other, and draw them."""
        watch = self._watch
        if watch is None:
            return
        now = {
            (track.number, number): slot
            for track in watch.snapshot.midi_tracks
            for number, slot in enumerate(track.slots, 1)
            if slot is not None
        }
        wanted = dict(list(now.items())[:_MOST_PICTURES])
        self._pictures = {
            place: kept for place, kept in self._pictures.items() if wanted.get(place) == kept[0]
        }
        for (track, slot), found in wanted.items():
            if (track, slot) not in self._pictures:
                try:
                    self._pictures[track, slot] = (found, await self._live.pull(track, slot))
                except ConduitError:
                    continue  # it has gone meanwhile; the next snapshot says so
                if self._view is not None:
                    self._view.show_pictures({place: clip for place, (_, clip) in self._pictures.items()})

    def _intent(self, asked: Intent) -> None:
        """Do what was clicked, on the loop; what goes wrong is told in the view."""
        self._desk.studio.submit(self._act(asked))

    async def _act(self, asked: Intent) -> None:
        try:
            await self._answers[asked["type"]](asked)
        except (ConduitError, ValueError) as error:
            if self._view is not None:
                self._view.toast(getattr(error, "message", str(error)))

    async def _aim(self, track: int, slot: int) -> None:
        self._desk.aim = Aim(track, slot)
        if self._view is not None:
            self._view.show_target(track, slot)

    async def _open(self, track: int, slot: int) -> None:
        """Show a clip as a roll under the grid; it can be edited, and pushed back."""
        clip = await self._live.pull(track, slot)
        self._desk.aim = Aim(track, slot)
        place = _Under(f"{self._shown.id}-roll")
        self._desk.outputs.show(clip, place=place, aim=Aim(track, slot))

    def _record(self) -> dict[str, str]:
        if self._watch is None:
            return {"text/plain": ""}
        now = self._watch.snapshot
        key = f", {now.key}" if now.key else ""
        title = f"{self._live.label}: {now.tempo:g} bpm, {now.meter}{key}"
        tracks = columns_of(now)
        return {
            "text/plain": session_text(tracks, now.scenes, title=title),
            "text/html": session_html(tracks, now.scenes, record_id=self._shown.id, title=title),
        }


class _Under(Alone):
    """The place under a grid, which is there already: what is shown replaces what was.

    Args:
        display_id: Of the output that is there.
    """

    def __init__(self, display_id: str) -> None:
        super().__init__()
        self._display_id = display_id

    def open(self, output: Output) -> None:
        """Show the view."""
        if output.view is not None:
            shown = output.view._repr_mimebundle_() or {}
            data, metadata = shown if isinstance(shown, tuple) else (shown, {})
            update_display(
                {**data, "text/plain": ""}, metadata=metadata, raw=True, display_id=self._display_id
            )

    def open_first(self, output: Output) -> None:
        """Show the view."""
        self.open(output)


def columns_of(snapshot: SetSnapshot) -> list[Column]:
    """Give the tracks of a set as the grid shows them."""
    return [_column(track) for track in snapshot.tracks]


def _column(track: TrackSnapshot) -> Column:
    return Column(
        track.name,
        track.is_midi,
        tuple((slot.name, slot.length) if slot else None for slot in track.slots),
        color=track.color,
        mute=track.mute,
        solo=track.solo,
        volume=track.volume,
        devices=tuple(device.name for device in track.devices),
        silent=track.is_midi and not track.has_instrument,
        playing=track.playing_slot or 0,
        fired=track.fired_slot or 0,
    )
