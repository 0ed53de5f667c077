"""A simulated set whose time the test moves."""

from __future__ import annotations

from conduit.live import LiveSet
from conduit.live.osc import Message
from conduit.live.simulator.handlers import Handlers


class Stage:
    """A set with clips of 4 beats in some slots of tracks 0 and 1; its time is moved by hand."""

    def __init__(self, *slots):
        self.live = LiveSet()
        self.handlers = Handlers(self.live)
        self.now_s = 100.0
        self.live.advance(self.now_s)
        for track, scene in slots:
            self.live.create_clip(track, scene, 4.0)

    def send(self, path, *args):
        replies = self.handlers.handle(Message(f"/live/{path}", args)).replies
        return [(reply.address.removeprefix("/live/"), *reply.args) for reply in replies]

    def get(self, path, *ids):
        owner, name = path.split()
        return self.send(f"{owner}/get/{name}", *ids)[0][-1]

    def play(self, beats):
        """Let some beats pass at the song's tempo; give what listeners hear."""
        self.now_s += beats * 60 / self.live.get("tempo")
        self.live.advance(self.now_s)
        updates = [*self.handlers.listeners.updates()]
        return [(update.address.removeprefix("/live/"), *update.args) for update in updates]

    def track(self, number=0):
        """What plays and what waits on a track."""
        return tuple(self.get(f"track {name}_slot_index", number) for name in ("playing", "fired"))
