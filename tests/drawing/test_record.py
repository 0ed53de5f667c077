"""The static record: what a saved notebook keeps."""

from __future__ import annotations

import re
from base64 import b64decode
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduit.drawing import record_html, record_text, roll_svg, roll_text
from conduit.music import Clip, Note

EVIL = "<img src=x onerror=alert(1)>\"'</p><script>alert(1)</script>"
CLIP = Clip.of([Note(45, 0, 1), Note(48, 2, 1)], name="Acid", key="A minor")
RIFF = b"RIFF\x24\x00\x00\x00WAVE"

# What JupyterLab's sanitiser keeps of what a record is made of.
KEPT = {
    "div": {"data-conduit"},
    "p": {"style"},
    "br": set(),
    "span": set(),
    "pre": {"style"},
    "code": set(),
    "details": {"style"},
    "summary": {"style"},
    "table": {"style"},
    "tbody": set(),
    "tr": {"style"},
    "td": {"style"},
    "img": {"alt", "style", "src"},
    "audio": {"controls", "style", "src"},
}


class Page(HTMLParser):
    """Collects tags with their attributes, and the text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.said = [], ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.said += data

    def one(self, tag):
        (found,) = [attributes for name, attributes in self.tags if name == tag]
        return found


def full(**changes):
    facts = {
        "clip": CLIP,
        "record_id": "r1",
        "text": "Hello.",
        "status": "ok",
        "footer": "f",
        "wav_preview": RIFF,
    }
    return Page(record_html(**{**facts, **changes}))


def test_the_record_is_found_by_its_id():
    assert full().tags[0] == ("div", {"data-conduit": "r1"})


def test_the_picture_is_the_clips_roll():
    source = full().one("img")["src"]

    assert b64decode(source.removeprefix("data:image/svg+xml;base64,")).decode() == roll_svg(CLIP)


def test_the_picture_is_described_for_those_who_do_not_see_it():
    assert full().one("img")["alt"] == "Piano roll: Acid · 1 bar · 4/4 · 120 bpm · A minor · 2 notes"


def test_the_sound_is_in_the_record():
    source = full().one("audio")["src"]

    assert b64decode(source.removeprefix("data:audio/wav;base64,")) == RIFF


def test_without_a_sound_there_is_no_player():
    assert "<audio" not in record_html(clip=CLIP, record_id="r1")


def test_without_a_clip_there_is_no_picture():
    assert "<img" not in record_html(clip=None, record_id="r1", status="LinkError: Live did not answer")


def test_words_keep_their_paragraphs_and_lines():
    page = full(text="one\ntwo\n\nthree", status="", footer="")

    assert [tag for tag, _ in page.tags] == ["div", "p", "br", "p", "img", "audio"]


def test_words_status_and_footer_stand_in_this_order():
    assert full(text="words", status="pushed to track 2, slot 3", footer="$0.01").said == (
        "wordspushed to track 2, slot 3$0.01"
    )


def test_what_was_put_right_stands_under_the_picture():
    drawn = record_html(clip=CLIP, record_id="r", remarks=["2 notes <were> left out."], status="pushed")

    assert drawn.index("<img") < drawn.index("2 notes &lt;were&gt; left out.") < drawn.index("pushed")
    assert "2 notes were left out.\npushed" in record_text(
        clip=None, remarks=["2 notes were left out."], status="pushed"
    )


def test_the_details_are_folded_under_the_footer():
    page = full(text="", status="", details=[("cost", "free")])

    tags = [tag for tag, _ in page.tags]
    assert tags[tags.index("details") :] == ["details", "summary", "table", "tbody", "tr", "td", "td"]
    assert "open" not in page.one("details")
    assert page.said == "fcostfree"


def test_markup_in_the_details_stays_text():
    page = full(details=[(EVIL, EVIL)])

    assert page.said.count(EVIL) == 2
    assert all(attributes.keys() <= KEPT[tag] for tag, attributes in page.tags)


@pytest.mark.parametrize("field", ["text", "status", "footer"])
def test_markup_in_a_text_stays_text(field):
    assert EVIL in full(**{field: EVIL}).said


def test_markup_in_a_name_stays_text():
    page = full(clip=CLIP.with_(name=EVIL))

    assert EVIL in page.one("img")["alt"]
    assert page.one("img").keys() == KEPT["img"]


def test_markup_in_an_id_stays_in_the_attribute():
    assert full(record_id=EVIL).tags[0] == ("div", {"data-conduit": EVIL})


@given(
    text=st.text(st.characters(exclude_categories=())), name=st.text(), status=st.text(), record_id=st.text()
)
@settings(max_examples=60, deadline=None)
def test_a_record_is_made_of_nothing_but_what_the_sanitiser_keeps(text, name, status, record_id):
    details = [(name, text)]
    page = full(text=text, clip=CLIP.with_(name=name), status=status, record_id=record_id, details=details)

    assert all(attributes.keys() <= KEPT[tag] for tag, attributes in page.tags)
    assert all(a["src"].startswith("data:") for _, a in page.tags if "src" in a)


def test_a_record_has_no_script_and_no_handler():
    text = record_html(clip=CLIP, record_id="r1", text="words", status="ok", wav_preview=RIFF)

    assert not re.search(r"<script|<svg|<style|javascript:|\son\w+\s*=", text)


def test_the_text_record_has_the_words_the_roll_and_the_status():
    assert record_text(clip=CLIP, text="words", status="pushed", footer="$0.01") == (
        f"words\n\n{roll_text(CLIP)}\n\npushed\n$0.01"
    )


def test_an_empty_record_is_empty_text():
    assert record_text(clip=None) == ""
