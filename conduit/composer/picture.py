"""A clip's piano roll as a PNG file, for models that see."""

from __future__ import annotations

from conduit.drawing import roll_svg
from conduit.music import Clip

__all__ = ["roll_png"]

_WIDTH_PX = 960


def roll_png(clip: Clip, *, width: int = _WIDTH_PX) -> bytes:
    """Draw a clip as ``roll_svg`` does, as the bytes of a PNG file; names need a font on the machine.

    Args:
        clip: What to draw.
        width: Pixels, 240 or more.
    """
    import resvg_py  # noqa: PLC0415  only for pictures that go to a model

    return bytes(resvg_py.svg_to_bytes(svg_string=roll_svg(clip, width=width), width=width))
