"""The record of variations side by side."""

from html.parser import HTMLParser

from conduit.drawing import record_html
from conduit.drawing.variations import Tile, variations_html, variations_text
from conduit.music import Clip, Note

EVIL = "<script>alert(1)</script>\"'"
CLIP = Clip.of([Note(45, 0, 1), Note(48, 2, 1)], name="Acid", key="A minor")


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.said = [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.said += data


def test_every_variation_is_a_tile_with_its_label_and_picture():
    page = Page(variations_html([Tile("1", clip=CLIP), Tile("2", clip=CLIP)], record_id="c1", title="Two"))

    assert [tag for tag, _ in page.tags].count("img") == 2
    assert page.said == "Two12"
    assert [facts["data-conduit"] for _, facts in page.tags if "data-conduit" in facts] == [
        "c1",
        "c1-1",
        "c1-2",
    ]


def test_a_tile_is_drawn_as_a_record_is():
    drawn = variations_html([Tile("1", clip=CLIP, text="Words.", footer="offline")], record_id="c1")

    assert record_html(clip=CLIP, record_id="c1-1", text="Words.", footer="offline") in drawn


def test_no_text_becomes_markup():
    evil = Tile(EVIL, text=EVIL, status=EVIL, footer=EVIL, details=[(EVIL, EVIL)])

    assert "<script" not in variations_html([evil], record_id=EVIL, title=EVIL)


def test_tiles_stand_beside_each_other_with_what_the_sanitiser_keeps():
    drawn = variations_html([Tile("1")], record_id="c")

    assert "display:inline-block" in drawn
    assert {tag for tag, _ in Page(drawn).tags} == {"div", "p"}


def test_in_characters_they_stand_one_under_the_other():
    drawn = variations_text([Tile("1 · seed 3", clip=CLIP), Tile("2", status="it failed")], title="Two")

    assert drawn.startswith("Two\n\n── 1 · seed 3\nAcid · ")
    assert drawn.endswith("\n\n── 2\nit failed")


def test_clips_that_sound_together_have_one_status_and_one_sound():
    html = variations_html([Tile("1"), Tile("2")], record_id="r", status="pushed <here>", wav_preview=b"RIFF")

    assert html.count("<audio") == 1
    assert "pushed &lt;here&gt;" in html
    assert 'data-conduit="r-all"' in html
