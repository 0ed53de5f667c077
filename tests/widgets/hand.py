"""A person at the roll of a bare page, and the Python view that takes what they do."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from conduit.music import Clip, Note
from conduit.widgets import ClipView

Place = tuple[float, float]
Row = tuple[int, float, float, int]

NOTES = [Note(60, 0, 1, 60), Note(64, 2, 1, 80), Note(67, 4, 2, 100), Note(69, 8, 1, 120)]
CLIP = Clip.of(NOTES, name="Line", length=16, instrument="keys", key="C major")
ROWS = [(60, 0, 1, 60), (64, 2, 1, 80), (67, 4, 2, 100), (69, 8, 1, 120)]
"""The notes of the clip as a hand finds them in Python: pitch, start, duration, velocity."""

_TOP_PITCH = 73
"""The pitch above the rows of a melody from 60 to 69, which has sixteen rows."""
_ROW_PX = 16
_LANE_PX = 50
"""Between velocities 0 and 127."""


def but(*changed: Row, without: Sequence[int] = ()) -> list[Row]:
    """Give the rows with some in the place of others, in order."""
    kept = [row for i, row in enumerate(ROWS) if i not in without]
    return sorted([*kept, *changed], key=lambda row: (row[1], row[0], row[2]))


class Hand:
    """Mouse, keys and fingers over one clip; edits go to the view as the page sends them."""

    def __init__(self, bare: Any, view: ClipView, clip: Clip, **options: Any) -> None:
        view.show_clip(clip)
        bare.open(view, **options)
        self.bare, self.page, self.view, self.before = bare, bare.page, view, clip
        self.keyboard, self.mouse = bare.page.keyboard, bare.page.mouse

    def at(self, beat: float, pitch: int) -> Place:
        """Give the middle of a row at a beat; only for clips that show 16 beats and pitches from 60 to 69."""
        box = self.page.locator("canvas.conduit-grid").bounding_box()
        assert box is not None
        return box["x"] + beat * box["width"] / 16, box["y"] + (_TOP_PITCH - pitch - 0.5) * _ROW_PX

    def over(self, name: str, beat: float, y: float) -> Place:
        """Give a place on the ruler or the lane, ``y`` pixels from its top."""
        box = self.page.locator(f"canvas.cd-{name}").bounding_box()
        assert box is not None
        return box["x"] + beat * box["width"] / 16, box["y"] + y

    def level(self, beat: float, velocity: int) -> Place:
        """Give the place of a velocity in the lane."""
        return self.over("velocity", beat, (1 - velocity / 127) * _LANE_PX + 4)

    def click(self, place: Place, *held: str, count: int = 1) -> None:
        """Press at a place, with keys held."""
        with self._holding(held):
            self.mouse.click(*place, click_count=count) if count == 1 else self.mouse.dblclick(*place)

    def drag(self, *places: Place, held: tuple[str, ...] = (), steps: int = 6) -> None:
        """Press at the first place and let go at the last."""
        with self._holding(held):
            self.mouse.move(*places[0])
            self.mouse.down()
            for place in places[1:]:
                self.mouse.move(*place, steps=steps)
            self.mouse.up()

    def _holding(self, keys: tuple[str, ...]) -> Any:
        return _Held(self.keyboard, keys)

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.keyboard.press(key)

    def focus(self) -> None:
        """Go to the roll by keyboard."""
        self.page.locator("canvas.conduit-grid").focus()

    def clipboard(self, kind: str, text: str = "") -> str:
        """Send a clipboard event with a clipboard of its own; give the text that is then there."""
        there: str = self.page.evaluate(
            """([kind, text]) => {
              const clipboardData = new DataTransfer();
              if (text) clipboardData.setData("text/plain", text);
              const event = new ClipboardEvent(kind, { clipboardData, bubbles: true, cancelable: true });
              document.querySelector("canvas.conduit-grid").dispatchEvent(event);
              return clipboardData.getData("text/plain");
            }""",
            [kind, text],
        )
        return there

    def sent(self, kind: str = "edit") -> list[dict[str, Any]]:
        """Give what was sent since the last time; the view takes it and its answers come back."""
        self.bare.frame()
        return [intent for intent in self.bare.carry(self.view) if intent["type"] == kind]

    @property
    def clip(self) -> Clip:
        """The clip in Python, every edit taken."""
        self.sent()
        assert self.view.clip is not None
        return self.view.clip

    @property
    def notes(self) -> list[Row]:
        """The notes in Python: pitch, start, duration, velocity."""
        return [(note.pitch, note.start, note.duration, note.velocity) for note in self.clip.notes]

    def says(self, start: str) -> bool:
        """Wait until what is selected, or where the caret is, is said to be so; told once a hand rests."""
        saying = f"() => document.querySelector('.cd-live').textContent.startsWith({json.dumps(start)})"
        self.page.wait_for_function(saying, timeout=5000)
        return True

    @property
    def told(self) -> str:
        """The line that the view shows for a moment."""
        return str(self.page.locator(".cd-toast").inner_text())

    @property
    def has_keys(self) -> bool:
        """Say whether keys go to the notes."""
        return str(self.page.evaluate("() => document.activeElement.className")) == "conduit-grid"

    def listen(self) -> Callable[[], list[list[int]]]:
        """Listen to what is asked to sound; what this gives tells pitch and velocity of each since last time."""
        self.page.evaluate(
            """() => {
              window.heard = [];
              window.__conduit_sound.audition = (part, pitch, velocity) => window.heard.push([pitch, velocity]);
            }"""
        )
        return lambda: list(self.page.evaluate("() => window.heard.splice(0)"))

    def undo(self) -> Clip:
        """Take one step back."""
        self.focus()
        self.press("Control+z")
        return self.clip


def taken_back(hand: Hand) -> bool:
    """Say whether one step back gives the notes that were there at first."""
    return hand.undo().notes == hand.before.notes


class _Held:
    def __init__(self, keyboard: Any, keys: tuple[str, ...]) -> None:
        self.keyboard, self.keys = keyboard, keys

    def __enter__(self) -> None:
        for key in self.keys:
            self.keyboard.down(key)

    def __exit__(self, *_: object) -> None:
        for key in self.keys:
            self.keyboard.up(key)
