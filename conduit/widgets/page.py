"""One self-contained HTML page of a view: it is edited and played in any browser, without Python or a network.

The page holds the widget's own module, the sound engine and what the view shows as JSON, and a small model that
answers what a kernel would. Nothing in it can end a script early: in JSON every ``<`` is written as an escape.
"""

from __future__ import annotations

import html
import json
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from conduit.drawing.record import roll_html
from conduit.errors import ConduitError
from conduit.music import DRUMS, GM_PROGRAMS, Clip
from conduit.widgets.packing import pack_clip
from conduit.widgets.playback import AS_WRITTEN, Playback
from conduit.widgets.shelf import shelf_code, shelf_version

__all__ = ["MOST_SOUND_BYTES", "page", "sound_name"]

MOST_SOUND_BYTES = 1_500_000
"""Of sampled sounds; a page with more of them plays with the synthesizer."""

_HERE = Path(__file__).parent
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' blob: data:; worker-src blob:; style-src 'unsafe-inline'; "
    "img-src data: blob:; media-src data: blob:"
)


def page(clips: Sequence[Clip], *, title: str = "", playback: Playback = AS_WRITTEN) -> str:
    """Give clips as a page on which they can be seen, heard and edited.

    Args:
        clips: The clips that sound together, at least one.
        title: The page's title; by default the first clip's name.
        playback: How the page plays them at first.
    """
    title = title or clips[0].name or "Clip"
    data = {
        "traits": _traits(clips, playback),
        "sounds": _sounds(clips),
        "module": _text("static/clip_view.js"),
        "code": shelf_code(),
    }
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="generator" content="Conduit">',
            f"<title>{html.escape(title)}</title>",
            f"<style>{_style()}</style></head>",
            f'<body><main><div id="conduit">{roll_html(clips[0])}</div></main>',
            f'<script type="application/json" id="conduit-data">{_json(data)}</script>',
            f'<script type="module">{_text("page.js")}</script>',
            "</body></html>",
        ]
    )


def _traits(clips: Sequence[Clip], playback: Playback) -> dict[str, Any]:
    packed = [pack_clip(clip) for clip in clips]
    for one in packed:
        for name in ("notes", "controls"):
            one[name] = b64encode(one[name]).decode()
    state = {"phase": "ready", "text": "", "error": "", "footer": ""}
    return {
        "clips": packed,
        "epoch": 1,
        "edits": 0,
        "other": {},
        "playback": playback.facts,
        "state": state,
        "live": {},
        "plan": {},
        "static_id": "",
        "shelf": "",
        "version": shelf_version(),
    }


def _sounds(clips: Sequence[Clip]) -> list[dict[str, Any]]:
    """Give the sampled sounds that the clips are played with; none where they are too many, or missing here."""
    from conduit.audio.sampled import sampled  # noqa: PLC0415  reads a soundfont

    names = dict.fromkeys(map(sound_name, clips))
    try:
        found = [sampled(name) for name in names]
    except ConduitError:
        return []
    if sum(len(one.samples) for one in found) > MOST_SOUND_BYTES:
        return []
    return [
        {"name": one.name, "zones": one.zones, "samples": b64encode(one.samples).decode()} for one in found
    ]


def sound_name(clip: Clip) -> str:
    """Name the sampled sound that the page's engine asks for to play a clip, as ``js/engine/names.js`` does.

    >>> sound_name(Clip.of([], instrument="bass")), sound_name(Clip.of([], instrument="drums", program=8))
    ('38', 'drums:8')
    """
    if clip.is_drums:
        return f"{DRUMS}:{clip.program}" if clip.program else DRUMS
    return str(GM_PROGRAMS[clip.instrument] if clip.program is None else clip.program)


def _json(data: dict[str, Any]) -> str:
    r"""Write JSON that no text in it can end.

    >>> _json({"name": "</script><!-- &"})
    '{"name": "\\u003c/script>\\u003c!-- &"}'
    """
    return json.dumps(data).replace("<", "\\u003c")


def _style() -> str:
    return _text("page.css").replace("</", "<\\/")


@cache
def _text(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
