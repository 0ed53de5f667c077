"""How often a text names fields that nothing but a note has, however broken the JSON around them is."""

from __future__ import annotations

import re
from collections.abc import Collection

from conduit.composer.aliases import plain

__all__ = ["mentions"]

_FIELD = re.compile(r"([A-Za-z_][\w]{0,30})[\"'”]?\s*+:")


def mentions(text: str, names: Collection[str]) -> int:
    """Count the fields of these names.

    >>> mentions('{"pitch": 60, "midi_note": 61, pitch : 62', {"pitch", "midinote"})
    3
    """
    return sum(plain(match[1]) in names for match in _FIELD.finditer(text))
