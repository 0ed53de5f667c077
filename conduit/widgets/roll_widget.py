"""The base of views with a piano roll: it holds clips, takes their edits, and gives them as sound and as files."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

import traitlets

from conduit.errors import ConduitError
from conduit.music import Arrangement, Clip
from conduit.widgets.export import exported, saved
from conduit.widgets.held import Held
from conduit.widgets.packing import StaleEdit, pack_clip
from conduit.widgets.playback import Playback
from conduit.widgets.shared_code import SharedCode
from conduit.widgets.widget import Intent, OnIntent, ignore

__all__ = ["RollWidget"]

_TOLD = ("chords", "strays", "loop", "length")
"""What Python knows better of an edited clip than the front end."""


class RollWidget(SharedCode):
    """Clips on a roll. Every method may be called from any thread.

    An edit changes ``clip`` before ``on_intent`` hears of it as ``edited`` with its ``part``.

    Args:
        clip: What to show at first.
        clips: In its place, several clips that sound together.
        on_intent: Called with each intent inside the comm callback; it must return at once.
        static_id: Id of the static record that is hidden while the view lives.
        shown: Other traits to begin with.

    Attributes:
        song: The arrangement whose clips are shown, if it is one: files that are saved keep its tempos and markers.
    """

    INTENTS: ClassVar[dict[str, dict[str, type]]] = {
        **SharedCode.INTENTS,
        "edit": {"epoch": int, "n": int, "part": int, "facts": dict, "notes": bytes, "controls": bytes},
        "restore": {"epoch": int, "n": int, "set": int, "forward": bool},
        "sounds": {"names": list},
        "export": {"kind": str, "part": int},
        "playback": {"playback": dict},
    }

    clips: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    epoch = traitlets.Int(0).tag(sync=True)
    edits = traitlets.Int(0).tag(sync=True)
    other = traitlets.Dict().tag(sync=True)
    playback = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        clip: Clip | None = None,
        *,
        clips: Sequence[Clip] = (),
        on_intent: OnIntent = ignore,
        static_id: str = "",
        shown: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        self._held = Held()
        self._made: dict[str, Any] = {}
        self.song: Arrangement | None = None
        self._on_edit: list[Callable[[Clip], None]] = []
        clips = clips if clip is None else (clip,)
        facts = self._set(clips, [pack_clip(one) for one in clips]) if clips else {}
        super().__init__(on_intent=on_intent, static_id=static_id, shown={**facts, **shown})
        self._answers: dict[str, Callable[[Intent], None]] = {
            "edit": self._edit,
            "restore": self._edit,
            "sounds": lambda intent: self._beside(self._send_sounds, intent["names"]),
            "export": lambda intent: self._beside(self._send_file, intent, Playback.of(self.playback)),
            "playback": lambda intent: self.put(playback=Playback.of(intent["playback"]).facts),
        }

    def __repr__(self) -> str:
        clips = self.parts
        name = clips[0].name if clips else ""
        return f"<ClipView {name!r}, {sum(map(len, clips))} notes>"

    @property
    def clip(self) -> Clip | None:
        """The clip as it is now, edits and all; the first, where several are shown. Set it to show another."""
        return self.parts[0] if self.parts else None

    @clip.setter
    def clip(self, clip: Clip) -> None:
        self.show_clip(clip)

    @property
    def parts(self) -> tuple[Clip, ...]:
        """Every clip that is shown, as it is now."""
        return self._held.clips

    def show_clip(self, clip: Clip, *, colour: int | None = None) -> None:
        """Show a clip, whole or as far as it has been written.

        Args:
            clip: What to show.
            colour: Index of its colour, 0-11; by default the one that its name has everywhere.

        Raises:
            ValueError: There is no such colour.
        """
        if self.parts != (clip,) or colour not in {None, self.clips[0]["colour"]}:
            self._show([clip], [pack_clip(clip, colour=colour)])

    def show_clips(self, clips: Sequence[Clip]) -> None:
        """Show several clips that sound together, such as the tracks of a song; each can be edited."""
        if self.parts != tuple(clips):
            self._show(clips, [pack_clip(clip) for clip in clips])

    def _show(self, clips: Sequence[Clip], packed: list[dict[str, Any]]) -> None:
        with self._lock:
            if tuple(clips) != self.parts:
                self.song = None  # whoever shows the clips of a song says so after
            self.put(**self._set(clips, packed))

    def _set(self, clips: Sequence[Clip], packed: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Hold clips; give the traits that show them."""
        self._held.set(clips)
        epoch = self._held.epoch
        # The number makes them others than before, so that they are sent in any case.
        return {"clips": [{**one, "epoch": epoch} for one in packed], "epoch": epoch, "edits": 0}

    def _packed(self, clip: Clip, colour: int | None) -> dict[str, Any]:
        return {**pack_clip(clip, colour=colour), "epoch": self._held.epoch}

    def clear_clip(self) -> None:
        """Take every note away: an answer broke off and begins anew."""
        self._show([], [])

    def compare(self, other: Clip | None, *, label: str = "before") -> None:
        """Show the clip against another version of it, and let a switch change between them while they play.

        Args:
            other: What to compare with; None ends it.
            label: What the other is called.
        """
        self.put(other={} if other is None else pack_clip(other, label=label))

    def on_edit(self, call: Callable[[Clip], None], *, remove: bool = False) -> None:
        """Call a function with the clip after each edit in the view, in whichever thread takes the edit.

        Args:
            call: What is called; it should return soon.
            remove: Whether to call it no longer.
        """
        calls = [one for one in self._on_edit if one != call]
        self._on_edit = calls if remove else [*calls, call]

    def save(self, path: str | Path) -> Path:
        """Write what is shown to a file; its ending says what kind: .mid, .wav, .flac, .ogg, .svg, .png or .html.

        Sounds are as the view plays them: its tempo and swing, and without the parts that are muted. In a MIDI file
        the notes lie as they are written, and those of silent parts are muted.

        Raises:
            ClipError: There is nothing to write.
            SetupError: The ending is another, or the file cannot be written.
        """
        return saved(self.parts, path, song=self.song, playback=Playback.of(self.playback))

    def act(self, intent: Intent) -> None:
        """Do what the view does by itself, in this thread or one beside it; hand on everything else."""
        own = self._answers.get(intent["type"])
        if own is None:
            super().act(intent)
        else:
            own(intent)

    def _edit(self, intent: Intent) -> None:
        """Take an edit, or a step back over what Python has set; either is answered, whatever becomes of it."""
        take = self._held.edit if intent["type"] == "edit" else self._held.restore
        try:
            with self._lock:
                before = self.parts
                take(intent)
                self._keep(before)
        except StaleEdit as error:
            self._refuse(intent, str(error))
        except ConduitError as error:
            self._refuse(intent, error.message)
        else:
            self._confirm(intent, before)

    def _confirm(self, intent: Intent, before: tuple[Clip, ...]) -> None:
        told = [{name: one[name] for name in _TOLD} for one in self.clips]
        self.send({"type": "edited", "facts": told, **{name: intent[name] for name in ("epoch", "n")}})
        for part, clip in enumerate(self.parts):
            if part >= len(before) or clip is not before[part]:
                super().act({"type": "edited", "part": part})
                self._tell(clip)

    def _tell(self, clip: Clip) -> None:
        for call in tuple(self._on_edit):
            try:
                call(clip)
            except Exception as error:  # noqa: BLE001  a person's function, called where no cell shows what it raises
                self.toast(f"{type(error).__name__} in on_edit: {error}")

    def _refuse(self, intent: Intent, why: str) -> None:
        with self._lock:
            if intent["epoch"] != self._held.epoch:
                return  # the front end is told by what was set since, and asks the person
            self._show(self.parts, list(self.clips))
        self.send({"type": "refused", "text": f"That edit could not be taken: {why}"})

    def _keep(self, before: tuple[Clip, ...]) -> None:
        """Pack the clips that an edit made. The front end has them, since it made them: they are not sent to it."""
        colours = [one["colour"] for one in self.clips]
        colours += [None] * (len(self.parts) - len(colours))
        packed = [
            self.clips[part]
            if part < len(before) and clip is before[part]
            else self._packed(clip, colours[part])
            for part, clip in enumerate(self.parts)
        ]
        self._made = {"clips": packed, "edits": self._held.edits}
        with self.hold_trait_notifications():
            for name, value in self._made.items():
                self.set_trait(name, value)

    def _should_send_property(self, key: str, value: Any) -> bool:
        known = key in self._made and self._made[key] is value
        return not known and bool(super()._should_send_property(key, value))

    def _beside(self, work: Callable[..., None], *args: Any) -> None:
        """Do work of some milliseconds in a thread of its own; what goes wrong is told in the view."""

        def run() -> None:
            try:
                work(*args)
            except ConduitError as error:
                self.toast(error.message)

        threading.Thread(target=run, name="conduit-view", daemon=True).start()

    def _send_sounds(self, names: list[Any]) -> None:
        from conduit.audio.sampled import sampled  # noqa: PLC0415  reads a soundfont; only for who listens

        for name in names:
            with suppress(ValueError):  # a page asked for a sound that there is not
                found = sampled(str(name))
                sound = {"name": found.name, "zones": found.zones}
                self.send({"type": "sounds", "sounds": [sound]}, buffers=[found.samples])

    def _send_file(self, intent: Intent, playback: Playback) -> None:
        file = exported(self.parts, intent["kind"], part=intent["part"], song=self.song, playback=playback)
        self.send({"type": "file", "name": file.name, "mime": file.mime}, buffers=[file.content])
