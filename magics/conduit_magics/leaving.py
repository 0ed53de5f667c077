"""What a cell leaves behind: variables in the notebook, and lines in a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from conduit.drawing import roll_text
from conduit_magics.job import Job
from conduit_magics.output import Output

__all__ = ["left", "said"]


def left(job: Job) -> dict[str, Any]:
    """Give the variables that a job leaves: ``_clip``, ``_clips`` or ``_value``, and the one that was asked for."""
    found: dict[str, Any] = {}
    wanted: Any
    if job.is_many and job.clips:
        found["_clips"] = wanted = job.clips
        found["_clip"] = wanted[0]
    elif job.reads:
        found["_value"] = wanted = job.value
    elif job.clips:
        found["_clip"] = wanted = job.clips[0]
    else:
        return {}
    return {**found, job.out: wanted} if job.out else found


def said(job: Job) -> Iterator[str]:
    """Give what a terminal shows of the answers."""
    for output in job.outputs:
        shown = list(_shown(output))
        if job.is_many:
            yield f"── {output.label}"
            # The one line of the cell's error tells of a single answer, not of one among many.
            shown = shown or list(filter(None, [output.tile.status]))
        # An answer that is nothing but an error is told by the error's one line.
        yield from (*shown, output.footer) if shown or job.reads else ()


def _shown(output: Output) -> Iterator[str]:
    if output.clip is not None:
        yield roll_text(output.clip)
    if output.text:
        yield output.text
    yield from output.repairs
    if heard := output.tile.heard:
        yield heard
