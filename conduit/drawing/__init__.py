"""Pictures and text of clips: a piano roll, a comparison, a record for a notebook. Values in, text out."""

from conduit.drawing.diff import diff_svg, diff_text
from conduit.drawing.record import record_html, record_text
from conduit.drawing.roll import roll_svg
from conduit.drawing.text import roll_text
from conduit.drawing.tokens import CLIP_COLOURS, LIGHT, colour_of

__all__ = [
    "CLIP_COLOURS",
    "LIGHT",
    "colour_of",
    "diff_svg",
    "diff_text",
    "record_html",
    "record_text",
    "roll_svg",
    "roll_text",
]
