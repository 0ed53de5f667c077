"""Tools with which a model changes a clip that is there instead of writing it again, and reads what it is like."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence

from pydantic import BaseModel, ConfigDict, Field

from conduit.composer.brief import Options
from conduit.composer.edits import NAMES, edited, usage
from conduit.composer.fitting import fitted
from conduit.composer.repair import Ledger
from conduit.composer.taking import Intake
from conduit.engine.risk import Tier
from conduit.engine.tool import Tool
from conduit.errors import ClipError
from conduit.messages import ToolResultPart
from conduit.music import Clip, pitch_name, read_clip, write_clip
from conduit.music.analysis import measure
from conduit.music.estimate import estimate_key

__all__ = [
    "EDIT_CLIP",
    "INSPECT_CLIP",
    "EditClip",
    "InspectClip",
    "edit_clip_tool",
    "edit_tools",
    "facts_of",
    "inspect_clip_tool",
    "shown",
]

EDIT_CLIP, INSPECT_CLIP = "edit_clip", "inspect_clip"

Clips = Callable[[], Sequence[Clip]]
"""Gives the clips of the conversation, oldest first."""

_BARS = re.compile(r"\s*(\d{1,5})\s*(?:[-–]\s*(\d{1,5})\s*)?")  # noqa: RUF001  models write dashes
_FENCED = re.compile(r"```clip\n(.*?)\n```", re.DOTALL)
_SHORT = 200  # notes of a clip that is shown again in full
_TAKE = "A clip's name; by default the latest clip."
_EDIT = """\
Change a clip that is there already: exact, and cheaper than writing it again. Edits are done in order; each is a
name and its values, such as "transpose -12", "quantise 1/16 strength=0.8" or "humanise seed=3". degrees= moves in
the scale, gate and loudness multiply, part and cut are in beats, split gives several clips, join puts clips one
after the other, merge lays them on top of each other; answer, continuation and chord_clip give a new clip,
call_and_response both. They are:"""


class EditClip(BaseModel):
    """The arguments of ``edit_clip``."""

    model_config = ConfigDict(extra="forbid")

    edits: list[str] = Field(min_length=1, max_length=16, description="Edits, each a name and its values.")
    bars: str = Field(default="", description='Only these bars, such as "3" or "2-4"; by default all.')
    take: str = Field(default="", description=_TAKE)


class InspectClip(BaseModel):
    """The arguments of ``inspect_clip``."""

    model_config = ConfigDict(extra="forbid")

    take: str = Field(default="", description=_TAKE)
    against: str = Field(default="", description="The name of a clip to compare it with.")


def edit_tools(clips: Clips, options: Options, *, accept: Callable[[Intake], Awaitable[str]]) -> list[Tool]:
    """Make both tools, or none while there is no clip; arguments as for ``edit_clip_tool``."""
    return [edit_clip_tool(clips, options, accept=accept), inspect_clip_tool(clips)] if clips() else []


def edit_clip_tool(clips: Clips, options: Options, *, accept: Callable[[Intake], Awaitable[str]]) -> Tool:
    """Make the tool with which a model hands in a clip by changing one.

    Args:
        clips: As above.
        options: What the user asked for; the clip is brought to it.
        accept: Takes the clip and says, for the model, what became of it.
    """

    async def run(arguments: EditClip) -> str:
        before = _taken(clips(), arguments.take)
        after = await asyncio.to_thread(_changed, before, arguments, clips())
        ledger = Ledger()
        ledger.seen(sum(map(len, after)))
        after = [fitted(one, options, ledger) for one in after]
        said = await accept(Intake(clips=tuple(after), repairs=ledger.repairs, n_seen=ledger.n_seen))
        return "\n".join([f"{said} {before.diff(after[-1]).sentence}", *map(_written, after)])

    return Tool(
        name=EDIT_CLIP,
        description=f"{_EDIT} {'; '.join(map(usage, NAMES))}.",
        arguments=EditClip,
        tier=Tier.STATEFUL,
        run=run,
    )


def _written(clip: Clip) -> str:
    return (
        f"```clip\n{write_clip(clip)}\n```" if len(clip) <= _SHORT else f"{_headline(clip)}: too long to show"
    )


def _changed(clip: Clip, arguments: EditClip, clips: Sequence[Clip]) -> list[Clip]:
    """Do the edits, to some bars alone where it is asked; what is split is edited on in its parts."""
    start, end = _beats(clip, arguments.bars) if arguments.bars else (0.0, clip.length)
    pieces = [clip.part(start, end) if arguments.bars else clip]
    for line in arguments.edits:
        pieces = [
            done for piece in pieces for done in edited(piece, line, named=lambda name: _taken(clips, name))
        ]
    if not arguments.bars:
        return _numbered(pieces)
    if [piece.length for piece in pieces] != [end - start]:
        raise ClipError("an edit that changes the length cannot be done to some bars only; leave bars out")
    return [clip.spliced(pieces[0], start)]


def _numbered(clips: list[Clip]) -> list[Clip]:
    """Give several clips names of their own."""
    if len(clips) == 1:
        return clips
    return [clip.with_(name=f"{clip.name} {number}") for number, clip in enumerate(clips, start=1)]


def _beats(clip: Clip, bars: str) -> tuple[float, float]:
    match = _BARS.fullmatch(bars)
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    lines = clip.bar_lines
    if not 1 <= first <= last or lines.number(first - 1).start >= clip.length_ticks:
        raise ClipError(
            f'bars {bars!r} are not in a clip of {clip.bars:g} bars; write them like "3" or "2-4"'
        )
    ends = min(clip.length_ticks, round(lines.number(last).start))
    return round(lines.number(first - 1).start) / clip.ppq, ends / clip.ppq


def _taken(clips: Sequence[Clip], name: str) -> Clip:
    """Give the latest clip, or the latest of a name."""
    if not clips:
        raise ClipError("there is no clip yet; write one first")
    for clip in reversed(clips):
        if name.strip().lower() in {"", clip.name.lower()}:
            return clip
    names = list(dict.fromkeys(clip.name for clip in reversed(clips)))[:8]
    raise ClipError(
        f"there is no clip named {name!r}; the latest are {', '.join(map(repr, names))}", valid=names
    )


def shown(result: ToolResultPart) -> Clip | None:
    """Give the clip that a result of ``edit_clip`` shows; None for another result, and where it shows none."""
    fenced = _FENCED.findall(result.text) if result.name == EDIT_CLIP and not result.is_error else []
    try:
        return read_clip(fenced[-1]) if fenced else None
    except ClipError:
        return None


def inspect_clip_tool(clips: Clips) -> Tool:
    """Make the tool with which a model reads what a clip is like.

    Args:
        clips: As above.
    """

    async def run(arguments: InspectClip) -> str:
        clip = _taken(clips(), arguments.take)
        facts = await asyncio.to_thread(facts_of, clip)
        if not arguments.against:
            return facts
        other = _taken(clips(), arguments.against)
        return f"{facts}\nagainst {other.name!r}: {(await asyncio.to_thread(other.diff, clip)).sentence}"

    return Tool(
        name=INSPECT_CLIP,
        description="Read a clip's facts: key, chords of its bars, range, density, syncopation and other measures.",
        arguments=InspectClip,
        tier=Tier.READ_ONLY,
        run=run,
    )


def facts_of(clip: Clip) -> str:
    """Say what a clip is like, in a few lines for a model.

    >>> from conduit.music import Note
    >>> clip = Clip.of([Note(pitch, 0, 4) for pitch in (57, 60, 64)], name="Am", key="A minor")
    >>> print(facts_of(clip).partition(", in_key")[0])
    Am: 1 bar of 4/4 at 120 bpm, 3 notes, keys, A minor
    range A2 to E3; sounds like A minor (clarity 0.89)
    chords by bar: 1 Am
    density 0.25, polyphony 3
    """
    lines = [_headline(clip)]
    if clip.table["mute"].all():
        return f"{lines[0]}: nothing sounds" + ("; its notes are all muted" if len(clip) else "")
    if not clip.is_drums:
        low, high = (
            pitch_name(int(pitch)) for pitch in (clip.table["pitch"].min(), clip.table["pitch"].max())
        )
        key, clarity = estimate_key(clip)
        lines.append(f"range {low} to {high}; sounds like {key} (clarity {clarity:.2f})")
        lines.append(f"chords by bar: {_chords(clip)}")
    measures = measure(clip).as_dict()
    said = [f"{name} {_number(measures[name])}" for name in _MEASURES if name in measures]
    return "\n".join([*lines, ", ".join(said)])


_MEASURES = (
    "density", "polyphony", "in_key", "syncopation", "offbeat", "on_grid", "groove", "repetition",
    "velocity_spread", "empty_beats",
)  # fmt: skip
_MOST_CHORDS = 32


def _headline(clip: Clip) -> str:
    bars = f"{clip.bars:g} bar{'s' if clip.bars != 1 else ''} of {clip.meter} at {clip.bpm:g} bpm"
    facts = [bars, f"{len(clip)} note{'s' if len(clip) != 1 else ''}", clip.instrument, clip.key or "no key"]
    if len(clip.controls):
        facts.append(f"{len(clip.controls)} control change{'s' if len(clip.controls) != 1 else ''}")
    return f"{clip.name or 'untitled'}: {', '.join(facts)}"


def _chords(clip: Clip) -> str:
    """Name the chord of each bar; one that goes on is not said again."""
    said: list[str] = []
    last = ""
    for span in clip.chords():
        bar = clip.bar_lines.at(round(span.start * clip.ppq)).index + 1
        name = span.chord.name
        if name != last:
            said.append(f"{bar} {name}")
        last = name
    more = " and so on" if len(said) > _MOST_CHORDS else ""
    return ", ".join(said[:_MOST_CHORDS]) + more


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:.3g}"
