"""The room itself: its names, and that it reaches for nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

import conduit.drawing


def test_the_public_names_are_these():
    assert conduit.drawing.__all__ == [
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


@pytest.mark.parametrize("name", conduit.drawing.__all__)
def test_every_public_name_is_there(name):
    assert getattr(conduit.drawing, name)


def test_drawing_loads_no_network():
    foreign = "{'socket', 'http.client', 'asyncio', 'IPython'}"
    loaded = f"import sys, conduit.drawing; print({foreign} & set(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "set()"
