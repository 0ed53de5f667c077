"""The live view of one clip: notes as they are written, sound, the way into Live, and the plan to approve.

It holds the clips and takes their edits; what else is asked for is handed on as intents and decided elsewhere.
Tracks and slots count from 1.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar, Literal, get_args

import traitlets

from conduit.errors import ConduitError
from conduit.music import Clip
from conduit.widgets.export import exported, saved
from conduit.widgets.held import Held
from conduit.widgets.packing import StaleEdit, pack_clip
from conduit.widgets.shelf import shelf, shelf_code, shelf_version
from conduit.widgets.widget import Intent, OnIntent, Widget, ignore

__all__ = ["ClipView", "Phase", "PlanStatus"]

Phase = Literal["empty", "streaming", "ready", "interrupted", "failed"]
PlanStatus = Literal["pending", "applying", "applied", "rejected", "expired", "failed", "undone"]

_STATIC = Path(__file__).parent / "static"


class ClipView(Widget):
    """Clips in a cell's output: piano roll with editing, sound, push row and plan card.

    Every method may be called from any thread. An edit changes ``clip`` before ``on_intent`` hears of it as
    ``edited`` with its ``part``. Other intents handed on: ``stop``; ``push`` with ``part``, ``track``, ``slot``
    and ``new_track``; ``approve`` and ``reject`` with ``plan``; ``undo``; ``drop`` with ``name`` and ``data``, a
    file's content in base64.

    Args:
        clip: What to show at first.
        on_intent: Called with each intent inside the comm callback; it must return at once.
        static_id: Id of the static record that is hidden while the view lives.

    >>> from conduit.music import Note
    >>> view = ClipView(Clip.of([Note(45, 0, 1)], name="Bass"))
    >>> view.clip = view.clip.transpose(12)
    >>> view.clip.notes[0].pitch
    57
    """

    _esm = _STATIC / "clip_view.js"
    _css = _STATIC / "clip_view.css"

    INTENTS: ClassVar[dict[str, dict[str, type]]] = {
        "stop": {},
        "push": {"track": int, "slot": int, "new_track": bool, "part": int},
        "approve": {"plan": str},
        "reject": {"plan": str},
        "undo": {},
        "drop": {"name": str, "data": str},
        "edit": {"epoch": int, "n": int, "part": int, "facts": dict, "notes": bytes, "controls": bytes},
        "code": {},
        "sounds": {"names": list},
        "export": {"kind": str, "part": int},
    }

    shelf = traitlets.Unicode("").tag(sync=True)
    version = traitlets.Unicode("").tag(sync=True)
    clips: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    epoch = traitlets.Int(0).tag(sync=True)
    edits = traitlets.Int(0).tag(sync=True)
    other = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict({"phase": "empty", "text": "", "error": "", "footer": ""}).tag(sync=True)
    live = traitlets.Dict().tag(sync=True)
    plan = traitlets.Dict().tag(sync=True)

    @traitlets.default("shelf")
    def _default_shelf(self) -> str:
        return f"IPY_MODEL_{shelf().model_id}"

    @traitlets.default("version")
    def _default_version(self) -> str:
        return shelf_version()

    # What the front end has already, because it made it: not sent back to it.
    _known: ClassVar[frozenset[str]] = frozenset({"clips", "edits"})

    def __init__(
        self, clip: Clip | None = None, *, on_intent: OnIntent = ignore, static_id: str = ""
    ) -> None:
        self._held = Held()
        self._quiet = False
        self._on_edit: list[Callable[[Clip], None]] = []
        super().__init__(on_intent=on_intent, static_id=static_id)
        self._answers: dict[str, Callable[[Intent], None]] = {
            "edit": self._edit,
            "code": lambda _: self._send_code(),
            "sounds": lambda intent: self._beside(self._send_sounds, intent["names"]),
            "export": lambda intent: self._beside(self._send_file, intent),
        }
        if clip is not None:
            self.show_clip(clip)

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
        self._show([clip], [pack_clip(clip, colour=colour)])

    def show_clips(self, clips: Sequence[Clip]) -> None:
        """Show several clips that sound together, such as the tracks of a song; each can be edited."""
        if not self.clips or tuple(clips) != self.parts:
            self._show(clips, [pack_clip(clip) for clip in clips])

    def _show(self, clips: Sequence[Clip], packed: list[dict[str, Any]]) -> None:
        with self._lock:
            if tuple(clips) == self._held.clips and packed == self.clips:
                return
            self._held.set(clips)
            self.put(clips=packed, epoch=self._held.epoch, edits=0)

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
        """Write what is shown to a file; its ending says what kind: .mid, .wav, .svg, .png or .html.

        Raises:
            ClipError: There is nothing to write.
            SetupError: The ending is another, or the file cannot be written.
        """
        return saved(self.parts, path)

    def act(self, intent: Intent) -> None:
        """Do what the view does by itself, in this thread or one beside it; hand on everything else."""
        own = self._answers.get(intent["type"])
        if own is None:
            super().act(intent)
        else:
            own(intent)

    def _edit(self, intent: Intent) -> None:
        try:
            with self._lock:
                clip = self._held.edit(intent)
                part, facts = intent["part"], pack_clip(clip, colour=self.clips[intent["part"]]["colour"])
                self._keep(clips=[*self.clips[:part], facts, *self.clips[part + 1 :]], edits=self._held.edits)
        except StaleEdit as error:
            # Either the front end has already been sent what counts, or it never had it.
            self._refuse(intent, str(error))
            return
        except ConduitError as error:
            self._refuse(intent, error.message)
            return
        told = {"chords": facts["chords"], "loop": facts["loop"]}
        answer = {"type": "edited", "facts": told}
        self.send({**answer, **{name: intent[name] for name in ("epoch", "n", "part")}})
        super().act({"type": "edited", "part": part})
        for call in tuple(self._on_edit):
            call(clip)

    def _refuse(self, intent: Intent, why: str) -> None:
        with self._lock:
            if intent["epoch"] != self._held.epoch:  # the front end sees it by itself, and asks the person
                return
            self._held.set(self._held.clips)
            self.put(epoch=self._held.epoch, edits=0, clips=[dict(one) for one in self.clips])
        self.send({"type": "refused", "text": f"That edit could not be taken: {why}"})

    def _keep(self, **traits: Any) -> None:
        """Set traits to what the front end made itself."""
        self._quiet = True
        try:
            for name, value in traits.items():
                self.set_trait(name, value)
        finally:
            self._quiet = False

    def _should_send_property(self, key: str, value: Any) -> bool:
        known = self._quiet and key in self._known
        return not known and bool(super()._should_send_property(key, value))

    def _beside(self, work: Callable[..., None], *args: Any) -> None:
        """Do work of some milliseconds in a thread of its own; what goes wrong is told in the view."""

        def run() -> None:
            try:
                work(*args)
            except ConduitError as error:
                self.toast(error.message)

        threading.Thread(target=run, name="conduit-view", daemon=True).start()

    def _send_code(self) -> None:
        """Answer a front end that cannot look at the shelf."""
        self.send({"type": "code"}, buffers=[code.encode() for code in shelf_code()])

    def _send_sounds(self, names: list[Any]) -> None:
        from conduit.audio.sampled import sampled  # noqa: PLC0415  reads a soundfont; only for who listens

        for name in names:
            with suppress(ValueError):  # a page asked for a sound that there is not
                found = sampled(str(name))
                sound = {"name": found.name, "zones": found.zones}
                self.send({"type": "sounds", "sounds": [sound]}, buffers=[found.samples])

    def _send_file(self, intent: Intent) -> None:
        clips = self.parts
        file = exported(clips, intent["kind"], part=intent["part"])
        self.send({"type": "file", "name": file.name, "mime": file.mime}, buffers=[file.content])

    def show_state(
        self,
        *,
        phase: Phase | None = None,
        text: str | None = None,
        error: str | None = None,
        footer: str | None = None,
        details: Sequence[tuple[str, str]] | None = None,
        remarks: Sequence[str] | None = None,
    ) -> None:
        """Show how far the answer is; what is None stays as it is.

        Args:
            phase: Where the answer stands.
            text: The model's words so far, plain or light Markdown.
            error: What went wrong, for a person.
            footer: Provider, time and notes, such as ``offline · 0.2 s · 36 notes``.
            details: Label and value of each row that unfolds under the footer.
            remarks: What was put right in the clip, a sentence each.

        Raises:
            ValueError: There is no such phase.
        """
        if phase is not None:
            _check(phase, Phase, "phase")
        rows = None if details is None else [list(pair) for pair in details]
        told = None if remarks is None else list(remarks)
        given = {
            "phase": phase,
            "text": text,
            "error": error,
            "footer": footer,
            "details": rows,
            "remarks": told,
        }
        with self._lock:
            self.put(
                state={**self.state, **{key: value for key, value in given.items() if value is not None}}
            )

    def show_live(
        self,
        label: str,
        *,
        simulated: bool,
        connected: bool,
        tracks: Sequence[tuple[str, bool]] = (),
        scenes: int = 0,
        target: tuple[int, int] = (1, 1),
    ) -> None:
        """Show where the clip can be pushed.

        Args:
            label: What the set is called, such as ``Simulated Live set``.
            simulated: Whether it is a simulated set; the view says so.
            connected: Whether it answers; where it does not, nothing can be pushed.
            tracks: Name of each track and whether it takes MIDI clips.
            scenes: How many slots a track has.
            target: Track and slot that are chosen at first, from 1.
        """
        self.put(
            live={
                "label": label,
                "simulated": simulated,
                "connected": connected,
                "tracks": [{"name": name, "midi": midi} for name, midi in tracks],
                "scenes": scenes,
                "target": {"track": target[0], "slot": target[1]},
            }
        )

    def show_plan(
        self,
        plan: str,
        *,
        sentence: str,
        tier: str,
        seconds_left: float,
        life_s: float = 300.0,
        overwrites: bool = False,
        before: Clip | None = None,
        notes: Sequence[str] = (),
        status: PlanStatus = "pending",
        result: str = "",
    ) -> None:
        """Show a planned change of the Live set as a card; the clip in view is what will be there.

        Args:
            plan: The plan's id, handed back with ``approve`` and ``reject``.
            sentence: What will happen and where.
            tier: Its risk tier, a word.
            seconds_left: Until it expires.
            life_s: Seconds it had from the start.
            overwrites: Whether something that is there is replaced.
            before: What is in the slot now, if anything.
            notes: What to know before approving it, a sentence each.
            status: Where the plan stands.
            result: What was done, in place of the sentence once it is.

        Raises:
            ValueError: There is no such status.
        """
        _check(status, PlanStatus, "status")
        self.put(
            plan={
                "id": plan,
                "sentence": sentence,
                "tier": tier,
                "seconds_left": seconds_left,
                "life_s": life_s,
                "overwrites": overwrites,
                "before": None if before is None else pack_clip(before),
                "notes": list(notes),
                "status": status,
                "result": result,
            }
        )

    def show_plan_status(self, status: PlanStatus, *, result: str = "") -> None:
        """Show what became of the plan on the card.

        Raises:
            ValueError: There is no such status, or no plan is shown.
        """
        _check(status, PlanStatus, "status")
        with self._lock:
            if not self.plan:
                raise ValueError(f"no plan is shown that could be {status}; call show_plan first")
            self.put(plan={**self.plan, "status": status, "result": result})

    def hide_plan(self) -> None:
        """Take the card away."""
        self.put(plan={})


def _check(value: str, choices: Any, what: str) -> None:
    valid = get_args(choices)
    if value not in valid:
        raise ValueError(f"{what} {value!r} is unknown; it is one of {', '.join(valid)}")
