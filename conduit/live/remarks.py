"""What a person should know before a clip is written to Live, a sentence each. Values only."""

from __future__ import annotations

from collections.abc import Sized

from conduit.live.live_clip import LiveClip, wire_float
from conduit.live.snapshot import SongSnapshot
from conduit.music import Clip, Meter

__all__ = ["about_clip", "about_old", "as_live", "n_notes", "silent"]

_SAME_BPM = 0.01


def _notes(count: int, one: str, many: str) -> str:
    return f"1 note {one}" if count == 1 else f"{count} notes {many}"


def about_clip(clip: Clip, live: LiveClip, *, bpm: float, meter: Meter) -> list[str]:
    """Say what of a clip will not be in Live as it is here.

    Args:
        clip: What will be written.
        live: The same as Live will hold it.
        bpm: The set's tempo.
        meter: The set's metre.
    """
    given = {(note.pitch, wire_float(note.start)): wire_float(note.duration) for note in clip.notes}
    n_cut = sum(note.duration < given[note.pitch, note.start] for note in live.notes)
    said = []
    if n_lost := len(clip) - len(live.notes):
        what = _notes(n_lost, "starts", "start")
        said.append(f"{what} together with another of the same pitch; Live keeps one.")
    if n_cut:
        what = _notes(n_cut, "is", "are")
        said.append(f"{what} cut where the next of the same pitch starts; Live keeps no overlaps.")
    if n_late := live.n_hidden:
        said.append(f"{_notes(n_late, 'starts', 'start')} after the clip's end and will not sound.")
    if abs(clip.bpm - bpm) > _SAME_BPM:
        said.append(f"The clip was made at {clip.bpm:g} bpm; the set plays it at {bpm:g}.")
    if clip.meter != meter:
        said.append(f"The clip is in {clip.meter}; Live shows it in the set's {meter}.")
    return said


def about_old(old: LiveClip | None) -> list[str]:
    """Say what undo cannot bring back of a clip that will be replaced."""
    if old is None:
        return []
    loop = "" if old.looping else ", a loop that is switched off"
    text = (
        f"Undo brings back the notes, loop, colour and launch settings of {old.name!r}, but not automation, "
        f"groove{loop} or note probabilities: AbletonOSC cannot read them."
    )
    return [text]


def silent(track: str) -> str:
    """Say that a track has no instrument."""
    return f"{track} has no instrument, so the clip is silent until one is loaded."


def as_live(clip: Clip, song: SongSnapshot) -> tuple[LiveClip, list[str]]:
    """Give a clip as Live will hold it, and what to know about that; takes a while for a long one."""
    live = LiveClip.of(clip)
    return live, about_clip(clip, live, bpm=song.tempo, meter=song.meter)


def n_notes(notes: Sized) -> str:
    """Say how many notes there are.

    >>> n_notes([1]), n_notes([])
    ('1 note', '0 notes')
    """
    return f"{len(notes)} note{'s' * (len(notes) != 1)}"
