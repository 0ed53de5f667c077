"""Small tables: rows in, HTML or aligned text out."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduit.drawing.table import Cell, Column, Table, facts_html, table_html, table_text

EVIL = "<img src=x onerror=alert(1)>\"'</td><script>alert(1)</script>"
COLUMNS = [Column("provider"), Column("calls", numeric=True), Column("why", wraps=True, width=12)]

# Tags, attributes and declarations that the sanitiser of JupyterLab 4.6 keeps.
KEPT_TAGS = {"div", "p", "table", "thead", "tbody", "tr", "th", "td", "span"}
KEPT_STYLES = {
    "background:none",
    "border-bottom:1px solid rgba(128,128,128,0.3)",
    "border-collapse:collapse",
    "border-top:1px solid rgba(128,128,128,0.3)",
    "border:none",
    "font-size:11px",
    "font-size:12px",
    "font-weight:600",
    "font-weight:normal",
    "line-height:1.5",
    "margin:0",
    "margin:0 0 4px 0",
    "margin:4px 0 0 0",
    "margin:4px 0 4px 14px",
    "margin:4px 0 8px 0",
    "max-width:480px",
    "max-width:576px",
    "opacity:0.7",
    "overflow-wrap:break-word",
    "overflow-x:auto",
    "padding:1px 16px 1px 0",
    "padding:2px 16px 2px 0",
    "table-layout:auto",
    "text-align:left",
    "text-align:right",
    "vertical-align:baseline",
    "white-space:nowrap",
    "width:auto",
}
# Not in the sanitiser's list: it goes, and the digits are those of the page's font.
DROPPED_STYLES = {"font-variant-numeric:tabular-nums"}


class Page(HTMLParser):
    """Collects tags with their attributes, and the text of each."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.said = [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.said.append(data)

    def of(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def test_numbers_stand_on_the_right_and_words_on_the_left():
    text = table_text(Table(COLUMNS, [["openai", "12", ""], ["me", "1,204", ""]]))

    assert text == "provider  calls  why\nopenai       12\nme        1,204"


def test_wide_characters_take_two_columns():
    text = table_text(Table(COLUMNS[:2], [["音楽", "1"], ["abcdefgh", "22"]]))

    assert text.splitlines()[1:] == ["音楽          1", "abcdefgh     22"]


def test_a_long_text_is_cut_in_a_terminal_and_whole_in_a_notebook():
    table = Table(COLUMNS, [["a", "1", "a very long reason\nin two lines"]])

    assert table_text(table).splitlines()[1] == "a             1  a very long…"
    assert "a very long reason\nin two lines" in Page(table_html(table)).said


def test_title_and_notes_stand_around_the_rows():
    table = Table(COLUMNS[:1], [["openai"]], title="Who", notes=["one", "two"])

    assert table_text(table) == "Who\nprovider\nopenai\none\ntwo"
    assert Page(table_html(table)).said == ["Who", "provider", "openai", "one", "two"]


def test_without_rows_there_is_no_head():
    table = Table(COLUMNS, [], title="Nobody", notes=["yet"])

    assert table_text(table) == "Nobody\nyet"
    assert Page(table_html(table)).of("table") == []


def test_a_cell_tells_more_to_a_pointer():
    page = Page(table_html(Table([Column("")], [[Cell("●", title="closed")]])))

    assert page.of("td")[0]["title"] == "closed"


def test_a_ruled_row_has_a_line_above_it():
    page = Page(table_html(Table([Column("")], [["a"], ["total"]], ruled={1})))

    assert ["border-top" in cell["style"] for cell in page.of("td")] == [False, True]


def test_a_row_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="a row of 2 cells does not fit 3 columns"):
        table_text(Table(COLUMNS, [["a", "1"]]))


def test_facts_are_rows_of_label_and_value():
    assert Page(facts_html([("cost", "free"), ("calls", "2")])).said == ["cost", "free", "calls", "2"]


@given(text=st.text(), tone=st.sampled_from(["", "strong", "quiet"]))
@settings(max_examples=60, deadline=None)
def test_a_table_is_made_of_nothing_but_what_the_sanitiser_keeps(text, tone):
    cells = [Cell(text, title=text, tone=tone), Cell(EVIL, title=EVIL), text]
    drawn = table_html(Table(COLUMNS, [cells, cells], title=text, notes=[EVIL], ruled={1}))
    page = Page(drawn + facts_html([(EVIL, text)]))

    assert {tag for tag, _ in page.tags} <= KEPT_TAGS
    assert all(attributes.keys() <= {"style", "title"} for _, attributes in page.tags)
    styles = {one for _, a in page.tags for one in a.get("style", "").split(";") if one}
    assert styles <= KEPT_STYLES | DROPPED_STYLES


def test_a_terminal_gets_no_control_characters():
    assert "\x1b" not in table_text(Table([Column("")], [["\x1b[31mred"]], title="\x1b[0m"))
