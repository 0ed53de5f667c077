"""The live view of one clip: notes as they are written, sound, the way into Live, and the plan to approve.

It holds the clips and takes their edits; what else is asked for is handed on as intents and decided elsewhere.
Tracks and slots count from 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal, get_args

import traitlets

from conduit.music import Clip
from conduit.widgets.packing import pack_clip
from conduit.widgets.roll_widget import RollWidget
from conduit.widgets.widget import OnIntent, ignore

__all__ = ["ClipView", "Phase", "PlanStatus"]

Phase = Literal["empty", "streaming", "ready", "interrupted", "failed"]
PlanStatus = Literal["pending", "applying", "applied", "partial", "rejected", "expired", "failed", "undone"]

_STATIC = Path(__file__).parent / "static"
_NO_WORDS = {"text": "", "error": "", "footer": ""}


class ClipView(RollWidget):
    """Clips in a cell's output: piano roll with editing, sound, push row and plan card.

    Every method may be called from any thread. An edit changes ``clip`` before ``on_intent`` hears of it as
    ``edited`` with its ``part``. Other intents handed on: ``stop``; ``push`` with ``part``, ``track``, ``slot``
    and ``new_track``; ``approve`` and ``reject`` with ``plan``; ``undo``; ``drop`` with ``name`` and ``data``, a
    file's content in base64.

    Args:
        clip: What to show at first.
        clips: In its place, several clips that sound together.
        phase: Where the answer stands at first.
        on_intent: Called with each intent inside the comm callback; it must return at once.
        static_id: Id of the static record that is hidden while the view lives.

    >>> from conduit.music import Note
    >>> view = ClipView(Clip.of([Note(45, 0, 1)], name="Bass"))
    >>> view.clip = view.clip.transpose(12)
    >>> view.clip.notes[0].pitch
    57
    """

    _esm = _STATIC / "clip_view.js"

    INTENTS: ClassVar[dict[str, dict[str, type]]] = {
        **RollWidget.INTENTS,
        "stop": {},
        "push": {"track": int, "slot": int, "new_track": bool, "part": int},
        "approve": {"plan": str},
        "reject": {"plan": str},
        "undo": {},
        "drop": {"name": str, "data": str},
    }

    state = traitlets.Dict({"phase": "empty", **_NO_WORDS}).tag(sync=True)
    live = traitlets.Dict().tag(sync=True)
    plan = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        clip: Clip | None = None,
        *,
        clips: Sequence[Clip] = (),
        phase: Phase = "empty",
        on_intent: OnIntent = ignore,
        static_id: str = "",
    ) -> None:
        _check(phase, Phase, "phase")
        shown = {"state": {"phase": phase, **_NO_WORDS}}
        super().__init__(clip, clips=clips, on_intent=on_intent, static_id=static_id, shown=shown)

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
        lines: Sequence[str] = (),
        pictured: bool = True,
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
            lines: What changes, a line each.
            pictured: Whether it is about the clip in view, so that a picture shows the difference.
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
                "lines": list(lines),
                "pictured": pictured,
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
