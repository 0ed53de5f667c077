"""A Live set in a saved notebook and in a terminal: whole without a script, and harmless whatever its names are."""

from __future__ import annotations

import re

import pytest

from conduit.drawing.caption import columns
from conduit.drawing.session import Column, session_html, session_text

SET = [
    Column("Bass", midi=True, clips=(("Riff", 4.0), None), color=0x5D5EB2, playing=1),
    Column("Drums", midi=True, clips=(None, ("", 4.0)), color=0xEF646B),
]
EVIL = '"><script>alert(1)</script>$x$ \\(y\\)'

# What JupyterLab's sanitiser keeps of a table (4.6, `allowedStyles` of its apputils package).
TAGS = {"div", "p", "b", "table", "thead", "tbody", "tr", "th", "td", "span"}
STYLES = {
    "overflow-x", "margin", "font-size", "border-collapse", "background", "padding", "text-align", "border",
    "border-left", "border-top", "white-space", "opacity", "font-weight",
}  # fmt: skip


def html(tracks=SET, scenes=("Intro", ""), title="Live set: 120 bpm"):
    return session_html(tracks, scenes, record_id="r1", title=title)


def test_a_record_tells_tracks_scenes_clips_and_what_plays():
    cells = re.findall(r"<t[hd] [^>]*>(.*?)</t[hd]>", html())

    assert cells == ["Scene", "1 Bass", "2 Drums", "Intro", "▶ Riff", "", "2", "", "-"]
    assert 'data-conduit="r1"' in html()


def test_a_record_is_made_of_what_the_sanitiser_keeps():
    tags = set(re.findall(r"<(\w+)", html()))
    styles = {
        name for style in re.findall(r'style="([^"]*)"', html()) for name in re.findall(r"([\w-]+):", style)
    }

    assert tags <= TAGS
    assert styles <= STYLES


@pytest.mark.parametrize("where", ["track", "clip", "scene", "title"])
def test_no_name_becomes_part_of_the_page(where):
    track = Column(
        EVIL if where == "track" else "a", midi=True, clips=((EVIL if where == "clip" else "b", 4.0),)
    )

    drawn = html([track], [EVIL if where == "scene" else "c"], EVIL if where == "title" else "d")

    assert "<script" not in drawn
    assert "&lt;script&gt;" in drawn
    assert "<span>$</span>x<span>$</span>" in drawn


def test_of_very_many_tracks_the_first_are_drawn_and_the_rest_is_told():
    drawn = html([Column(f"T{number}", midi=True, clips=(None,)) for number in range(1, 101)], [""])

    assert drawn.count("<th ") == 33
    assert "Of 100 tracks the first 32 are drawn." in drawn


def test_a_set_in_characters_stands_in_columns():
    drawn = session_text(SET, ["Intro", ""], title="Live set")

    assert drawn.splitlines() == ["Live set", "scene  1 Bass  2 Drums", "Intro  > Riff", "2              -"]


def test_names_of_any_width_and_kind_keep_their_columns():
    tracks = [
        Column("低音\x1b[31m", midi=True, clips=(("\u202eabc\n" * 9, 4.0),)),
        Column("b", midi=True, clips=(("x", 1),)),
    ]
    head, row = session_text(tracks, [""], title="t").splitlines()[1:]

    assert "\x1b" not in head
    assert "\n" not in row
    assert columns(head[: head.index("2 b")]) == columns(row[: row.rindex("x")])
