"""A Live set as a session grid, drawn as a table for a notebook's file and as text: tracks across, scenes down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from conduit.drawing.caption import columns, fit, printable
from conduit.drawing.page import escaped, one_line

__all__ = ["Column", "session_html", "session_text"]

_LINE = "1px solid rgba(128,128,128,0.3)"
_WIDE = 14
_MOST_TRACKS = 32


@dataclass(frozen=True, slots=True)
class Column:
    """A track as the grid shows it.

    Attributes:
        name: Its name.
        midi: Whether it takes MIDI clips.
        clips: Name and length in beats of the clip in each slot, None where a slot is empty.
        color: Its colour, ``0xRRGGBB``.
        mute: Whether it is switched off.
        solo: Whether it is soloed.
        volume: Of the fader, 0-1.
        devices: Names of its devices.
        silent: Whether MIDI clips on it make no sound, for want of an instrument.
        playing: The slot that plays, 0 for none.
        fired: The slot that waits for its launch, 0 for none.
    """

    name: str
    midi: bool
    clips: tuple[tuple[str, float] | None, ...]
    color: int = 0
    mute: bool = False
    solo: bool = False
    volume: float = 0.85
    devices: tuple[str, ...] = ()
    silent: bool = False
    playing: int = 0
    fired: int = 0

    @property
    def hex(self) -> str:
        """Its colour as CSS writes it."""
        return f"#{self.color & 0xFFFFFF:06x}"


def session_html(tracks: Sequence[Column], scenes: Sequence[str], *, record_id: str, title: str) -> str:
    """Draw a set as a table that needs no script; every text is escaped.

    Args:
        tracks: In order; of more than 32 the first are drawn.
        scenes: Their names in order, empty where one has none.
        record_id: Id by which a live view finds the record.
        title: One line above.
    """
    shown = tracks[:_MOST_TRACKS]
    head = "".join(
        f'<th style="padding:2px 8px;text-align:left;border-top:3px solid {track.hex};white-space:nowrap">'
        f"{number} {escaped(one_line(track.name))}</th>"
        for number, track in enumerate(shown, 1)
    )
    rows = "".join(
        f'<tr style="background:none"><td style="padding:2px 8px;text-align:left;opacity:0.7">'
        f"{escaped(one_line(name)) or number}</td>{''.join(_cell(track, number) for track in shown)}</tr>"
        for number, name in enumerate(scenes, 1)
    )
    hidden = (
        f" Of {len(tracks)} tracks the first {_MOST_TRACKS} are drawn." if len(tracks) > len(shown) else ""
    )
    return (
        f'<div data-conduit="{escaped(record_id)}" style="overflow-x:auto">'
        f'<p style="margin:0 0 4px 0;font-size:12px"><b>{escaped(title)}</b>{hidden}</p>'
        f'<table style="border-collapse:collapse;font-size:12px;margin:0"><thead><tr style="background:none">'
        f'<th style="padding:2px 8px;text-align:left;font-weight:normal;opacity:0.7">Scene</th>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _cell(track: Column, slot: int) -> str:
    clip = track.clips[slot - 1] if slot <= len(track.clips) else None
    if clip is None:
        return f'<td style="border:{_LINE}"></td>'
    mark = "▶ " if track.playing == slot else ""
    name = escaped(one_line(clip[0])) or "-"
    return (
        f'<td style="padding:2px 8px;text-align:left;border:{_LINE};border-left:3px solid {track.hex};'
        f'white-space:nowrap">{mark}{name}</td>'
    )


def session_text(tracks: Sequence[Column], scenes: Sequence[str], *, title: str) -> str:
    """Draw a set in characters, a column a track."""
    shown = tracks[:_MOST_TRACKS]
    rows = [["scene", *(f"{number} {track.name}" for number, track in enumerate(shown, 1))]]
    for number, scene in enumerate(scenes, 1):
        row = [scene or str(number)]
        for track in shown:
            clip = track.clips[number - 1] if number <= len(track.clips) else None
            mark = "> " if track.playing == number else ""
            row.append(f"{mark}{clip[0] or '-'}" if clip else "")
        rows.append(row)
    cells = [[printable(" ".join(cell.split())) for cell in row] for row in rows]
    widths = [min(_WIDE, max(map(columns, column))) for column in zip(*cells, strict=True)]
    lines = [
        "  ".join(_padded(fit(cell, width), width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]
    return "\n".join([printable(title), *lines])


def _padded(text: str, width: int) -> str:
    return text + " " * (width - columns(text))
