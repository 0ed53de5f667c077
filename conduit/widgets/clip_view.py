"""The live view of one clip: notes as they are written, sound, the way into Live, and the plan to approve.

It holds state and hands on intents; what they do is decided elsewhere. Tracks and slots count from 1.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal, get_args

import numpy as np
import traitlets
from numpy.typing import NDArray

from conduit.drawing import CLIP_COLOURS, colour_of
from conduit.music import DRUM_NAMES, Clip
from conduit.widgets.packing import RECORD, pack_notes
from conduit.widgets.widget import OnIntent, Widget, ignore

__all__ = ["ClipView", "Phase", "PlanStatus"]

Phase = Literal["empty", "streaming", "ready", "interrupted", "failed"]
PlanStatus = Literal["pending", "applying", "applied", "rejected", "expired", "failed", "undone"]

_STATIC = Path(__file__).parent / "static"
_FULL_SCALE = 32767


class ClipView(Widget):
    """A clip in a cell's output: piano roll, playback, push row and plan card.

    Every method may be called from any thread. Intents handed to ``on_intent``: ``stop``; ``push`` with ``track``,
    ``slot`` and ``new_track``; ``approve`` and ``reject`` with ``plan``; ``undo``; ``preview``, which
    ``send_preview`` answers; ``drop`` with ``name`` and ``data``, a file's content in base64.

    Args:
        on_intent: Called with each intent inside the comm callback; it must return at once.
        static_id: Id of the static record that is hidden while the view lives.
    """

    _esm = _STATIC / "clip_view.js"
    _css = _STATIC / "clip_view.css"

    INTENTS: ClassVar[dict[str, dict[str, type]]] = {
        "stop": {},
        "push": {"track": int, "slot": int, "new_track": bool},
        "approve": {"plan": str},
        "reject": {"plan": str},
        "undo": {},
        "preview": {},
        "drop": {"name": str, "data": str},
    }

    notes = traitlets.Bytes(b"").tag(sync=True)
    clip = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict({"phase": "empty", "text": "", "error": "", "footer": ""}).tag(sync=True)
    live = traitlets.Dict().tag(sync=True)
    plan = traitlets.Dict().tag(sync=True)

    def __init__(self, *, on_intent: OnIntent = ignore, static_id: str = "") -> None:
        super().__init__(on_intent=on_intent, static_id=static_id)

    def __repr__(self) -> str:
        name = self.clip.get("name", "")
        return f"<ClipView {name!r}, {len(self.notes) // RECORD.itemsize} notes>"

    def show_clip(self, clip: Clip, *, colour: int | None = None) -> None:
        """Show a clip, whole or as far as it has been written.

        Args:
            clip: What to show.
            colour: Index of its colour, 0-11; by default the one that its name has everywhere.

        Raises:
            ValueError: There is no such colour.
        """
        index = colour_of(clip) if colour is None else colour
        if not 0 <= index < len(CLIP_COLOURS):
            raise ValueError(f"colour {index} is outside 0-{len(CLIP_COLOURS) - 1}")
        self.put(notes=pack_notes(clip), clip=_facts(clip, index))

    def clear_clip(self) -> None:
        """Take every note away: an answer broke off and begins anew."""
        self.put(notes=b"", clip={})

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
                "before": _before(before),
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

    def send_preview(self, samples: NDArray[Any], *, sample_rate_hz: int, loop_frames: int) -> None:
        """Answer ``preview`` with sound that the view plays in place of its own synthesizer.

        Args:
            samples: Stereo, shape ``(n_frames, 2)``, float within [-1, 1] or int16; frames after
                ``loop_frames`` are the tail, which sounds over the start of the next round.
            sample_rate_hz: Frames a second.
            loop_frames: The clip's length in frames, at most ``n_frames``.

        Raises:
            ValueError: The samples are not stereo, or shorter than the loop.
        """
        if samples.ndim != 2 or samples.shape[1] != 2:
            raise ValueError(f"samples of shape {samples.shape} are not stereo; the shape is (n_frames, 2)")
        if not 0 < loop_frames <= len(samples):
            raise ValueError(f"loop_frames {loop_frames} is outside 1-{len(samples)}")
        content = {"type": "preview", "sample_rate": sample_rate_hz, "loop_frames": loop_frames}
        self.send(content, buffers=[_int16(samples).tobytes()])


def _facts(clip: Clip, colour: int) -> dict[str, Any]:
    return {
        "name": clip.name,
        "length": clip.length,
        "bpm": clip.bpm,
        "meter": [clip.meter.numerator, clip.meter.denominator],
        "key": str(clip.key or ""),
        "instrument": clip.instrument,
        "drums": clip.is_drums,
        "drum_names": {str(pitch): name for pitch, name in DRUM_NAMES.items()} if clip.is_drums else {},
        "colour": colour,
        "ink": CLIP_COLOURS[colour],
    }


def _before(clip: Clip | None) -> dict[str, Any]:
    if clip is None:
        return {"notes": None, "name": "", "length": 0.0}
    notes = base64.b64encode(pack_notes(clip)).decode("ascii")
    return {"notes": notes, "name": clip.name, "length": clip.length}


def _int16(samples: NDArray[Any]) -> NDArray[np.int16]:
    if samples.dtype == np.int16:
        return np.ascontiguousarray(samples, dtype="<i2")
    return np.asarray(np.clip(samples, -1.0, 1.0) * _FULL_SCALE).round().astype("<i2")


def _check(value: str, choices: Any, what: str) -> None:
    valid = get_args(choices)
    if value not in valid:
        raise ValueError(f"{what} {value!r} is unknown; it is one of {', '.join(valid)}")
