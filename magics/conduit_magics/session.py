"""The Live set in a notebook: a session grid that follows the set, and what a click in it does.

The grid is a record and a live view, as every answer. What is clicked is done on the studio's loop; a clip that is
opened from it stands as a roll under the grid.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from IPython.display import display, update_display

from conduit.composer.aim import Aim
from conduit.drawing.session import Column, session_html, session_text
from conduit.errors import ConduitError, LinkError
from conduit.live import SetSnapshot, SetWatch, TrackSnapshot
from conduit.live.endpoints import BEAT
from conduit.live.listening import Listening
from conduit.live.snapshot import QUANTIZATION
from conduit.widgets import Intent, SessionView
from conduit_magics.pictures import Pictures
from conduit_magics.place import Alone, Shown, bundle

if TYPE_CHECKING:
    from conduit_magics.desk import Desk
    from conduit_magics.output import Output

__all__ = ["Session", "columns_of"]

_BREATH_S = 0.04
_LOOK_S = 2.0


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
        self._showing: asyncio.TimerHandle | None = None
        self._beats: Listening | None = None
        self._pictures = Pictures(self._live.pull)
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
        studio = self._desk.studio
        if not live:
            self._shown.open(self._record(studio.call(self._live.state()).snapshot), None)
            return
        watch = self._watch = studio.call(self._live.watch())
        self._view = SessionView(on_intent=self._intent, static_id=self._shown.id)
        self._desk.on_loop(self._show)
        self._shown.open(self._record(watch.snapshot), self._view)
        display({"text/plain": ""}, raw=True, display_id=f"{self._shown.id}-roll")
        studio.submit(self._follow(watch))

    async def seal(self) -> None:
        """Follow the set no longer; only the record stays."""
        self._unsubscribe()
        for going in (self._showing, self._drawing):
            if going is not None:
                going.cancel()
        if self._beats is not None:
            beats, self._beats = self._beats, None
            await beats.stop()
        if self._watch is not None:
            watch, self._watch = self._watch, None
            await self._live.unwatch(watch)
        if self._view is not None:
            view, self._view = self._view, None
            view.close()
            self._shown.clear()

    async def _follow(self, watch: SetWatch) -> None:
        """Follow the set until the view is closed."""
        self._unsubscribe = watch.subscribe(self._changed)
        self._drawing = asyncio.create_task(self._draw(watch))
        with contextlib.suppress(LinkError):  # the watch says so
            self._beats = await (await self._live.link()).listen(BEAT, heard=self._beat)
        self._show()

    def _beat(self, values: tuple[Any, ...]) -> None:
        if self._view is not None and values:
            self._view.show_beat(int(values[0]))

    def _changed(self) -> None:
        """Show what has changed, and what changes in the same breath with it."""
        if self._showing is None:
            self._showing = asyncio.get_running_loop().call_later(_BREATH_S, self._show)

    def _show(self) -> None:
        """Bring the view up to the set; on the loop."""
        self._showing = None
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

    async def _draw(self, watch: SetWatch) -> None:
        """Draw what is in the slots, again and again: that notes are others than before nobody tells."""
        while True:
            if not watch.lost:
                async for clips in self._pictures.read(watch.snapshot):
                    if self._view is not None:
                        self._view.show_pictures(clips)
            await asyncio.sleep(_LOOK_S)

    def _intent(self, asked: Intent) -> None:
        """Do what was clicked, on the loop; what goes wrong is told in the view."""
        self._desk.studio.submit(self._act(asked))

    async def _act(self, asked: Intent) -> None:
        try:
            if self._watch is not None and self._watch.lost:
                raise LinkError(self._watch.lost, kind="no_reply")
            await self._answers[asked["type"]](asked)
            if self._view is not None:
                self._view.done()
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
        await self._aim(track, slot)
        self._pictures.opened = (track, slot)
        place = _Under(f"{self._shown.id}-roll")
        # A thread of its own, since showing waits for the loop, on which this runs.
        await asyncio.to_thread(self._desk.outputs.show, clip, place=place, aim=Aim(track, slot))

    def _record(self, now: SetSnapshot) -> dict[str, str]:
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
            data, metadata = bundle(output.view)
            update_display(data, metadata=metadata, raw=True, display_id=self._display_id)

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
