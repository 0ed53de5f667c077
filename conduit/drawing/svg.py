"""The few SVG elements that pictures are made of, as text. No ids, classes, scripts or addresses."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from conduit.drawing.caption import printable
from conduit.drawing.tokens import LIGHT

__all__ = ["attr", "document", "group", "label", "number", "path", "rect"]

_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
_CAP = 0.36  # half of a capital's height in ems: centres a line on its y


def number(value: float) -> str:
    """Write a length in px with at most two decimals.

    >>> number(3.0), number(1 / 3)
    ('3', '0.33')
    """
    return f"{value:.2f}".rstrip("0").rstrip(".")


def attr(text: str) -> str:
    """Escape a text for an attribute in double quotes."""
    return escape(printable(text), quote=True)


def rect(x: float, y: float, width: float, height: float, extra: str = "") -> str:
    """Draw a rectangle; ``extra`` is further attributes."""
    space = " " if extra else ""
    box = f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'
    return f"<rect {box}{space}{extra}/>"


def path(moves: Iterable[str], *, stroke: str, width: float = 1, extra: str = "") -> str:
    """Draw lines of one colour as one element; nothing if there are none."""
    d = "".join(moves)
    return (
        f'<path d="{d}" fill="none" stroke="{stroke}" stroke-width="{number(width)}" {extra}/>' if d else ""
    )


def group(part: str, inner: Iterable[str], extra: str = "") -> str:
    """Join elements under a name that says which part of the picture they are."""
    space = " " if extra else ""
    return f'<g data-part="{part}"{space}{extra}>{"".join(inner)}</g>'


def label(
    text: str,
    x: float,
    y: float,
    *,
    size: float = 11,
    fill: str = LIGHT["text2"],
    anchor: str = "start",
    weight: int = 400,
) -> str:
    """Write a line of text centred on ``y``; ``anchor`` is ``start``, ``middle`` or ``end``."""
    said = escape(printable(text), quote=False)
    place = f'x="{number(x)}" y="{number(y + size * _CAP)}" text-anchor="{anchor}"'
    return f'<text {place} font-size="{number(size)}" font-weight="{weight}" fill="{fill}">{said}</text>'


def document(inner: Iterable[str], *, width: float, height: float, alt: str) -> str:
    """Wrap elements as a picture with its own surface and border, so that it reads on any page."""
    size = f'width="{number(width)}" height="{number(height)}" viewBox="0 0 {number(width)} {number(height)}"'
    frame = f'rx="4" fill="{LIGHT["surface"]}" stroke="{LIGHT["border"]}"'
    type_ = f'font-family="{_FONT}" style="font-variant-numeric:tabular-nums"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{attr(alt)}" {type_}>'
    return head + rect(0.5, 0.5, width - 1, height - 1, frame) + "".join(inner) + "</svg>"
