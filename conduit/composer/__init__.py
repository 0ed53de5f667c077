"""Clips from words: briefs, instructions for models, the intake of what they send, the offline composer."""

from conduit.composer.brief import Brief, Options, read_brief
from conduit.composer.by_schema import SchemaComposer
from conduit.composer.instructions import instructions
from conduit.composer.intake import WRITE_CLIP, ClipStream, write_clip_tool
from conduit.composer.offline import OfflineComposer
from conduit.composer.question import ask, decision

__all__ = [
    "WRITE_CLIP",
    "Brief",
    "ClipStream",
    "OfflineComposer",
    "Options",
    "SchemaComposer",
    "ask",
    "decision",
    "instructions",
    "read_brief",
    "write_clip_tool",
]
