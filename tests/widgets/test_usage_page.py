from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

LINE = "anthropic/claude · 2.1 s · 16 notes · $0.0042"
ROWS = [
    ("provider", "anthropic"),
    ("cost", "$0.0042"),
    ("sources", "https://a.example"),
    ("", "https://b.example"),
]


def test_what_an_answer_took_is_folded_and_unfolds_at_a_click(bare, ready):
    ready.show_state(footer=LINE, details=ROWS)
    bare.open(ready)
    rows = bare.page.locator(".cd-took")
    folded = rows.is_visible()

    bare.page.locator(".cd-usage summary").click()

    assert not folded
    assert rows.locator(":nth-child(even)").all_inner_texts() == [value for _, value in ROWS]
    assert rows.locator(":nth-child(odd)").all_inner_texts() == [label for label, _ in ROWS]


def test_it_unfolds_by_the_keyboard_too(bare, ready):
    ready.show_state(footer=LINE, details=ROWS)
    bare.open(ready)

    bare.page.locator(".cd-usage summary").focus()
    bare.page.keyboard.press("Enter")

    assert bare.page.locator(".cd-took").is_visible()


def test_it_stays_unfolded_when_the_state_changes(bare, ready):
    ready.show_state(footer=LINE, details=ROWS)
    bare.open(ready)
    bare.page.locator(".cd-usage summary").click()

    ready.show_state(footer="pushed", details=[*ROWS, ("calls", "2")])
    bare.show(ready)

    assert bare.page.locator(".cd-took :nth-child(even)").last.inner_text() == "2"
    assert bare.page.locator(".cd-took").is_visible()


def test_without_details_there_is_nothing_to_unfold(bare, ready):
    bare.open(ready)

    assert bare.page.locator(".cd-usage").inner_text() == "offline · 0.2 s · 16 notes"
    assert bare.page.locator(".cd-usage summary").count() == 0


def test_what_was_put_right_is_listed_as_text_and_goes_with_the_next_answer(bare, ready):
    ready.show_state(remarks=["2 notes <b>were</b> left out.", "1 velocity was brought to 127."])
    bare.open(ready)
    listed = bare.page.locator(".cd-remarks li")
    said = listed.all_inner_texts()

    ready.show_state(remarks=[])
    bare.show(ready)
    bare.page.locator(".cd-remarks").wait_for(state="hidden")

    assert said == ["2 notes <b>were</b> left out.", "1 velocity was brought to 127."]
    assert listed.count() == 0


def test_addresses_are_text_and_no_links(bare, ready):
    ready.show_state(footer=LINE, details=[*ROWS, ("<b>x</b>", "<img src=x>")])
    bare.open(ready)
    bare.page.locator(".cd-usage summary").click()

    assert bare.page.locator(".cd-usage a, .cd-usage b, .cd-usage img").count() == 0
    assert "<img src=x>" in bare.page.locator(".cd-usage").inner_text()


@pytest.mark.parametrize("width", [400, 800])
def test_a_long_row_stays_inside(bare, ready, width):
    ready.show_state(footer=LINE, details=[("sources", "https://example.org/" + "a" * 300)])
    bare.open(ready, width=width)
    bare.page.locator(".cd-usage summary").click()

    inside = bare.page.evaluate(
        """() => {
          const root = document.querySelector(".conduit-clip-view").getBoundingClientRect();
          return document.querySelector(".cd-took :nth-child(even)").getBoundingClientRect().right <= root.right;
        }"""
    )
    assert inside


def test_a_broken_answer_is_taken_from_the_roll_and_said(bare, ready):
    ready.show_state(phase="streaming")
    bare.open(ready)

    ready.clear_clip()
    ready.show_state(text="", footer="first broke off; second answers now")
    bare.show(ready)
    bare.page.evaluate("() => window.say({ type: 'toast', text: 'first broke off; second answers now' })")
    bare.frame()

    root = bare.page.locator(".conduit-clip-view")
    assert root.get_attribute("data-notes") == "0"
    assert bare.page.locator(".cd-hint").inner_text() == "Waiting for the first note"
    assert bare.page.locator(".cd-toast").inner_text() == "first broke off; second answers now"
    assert bare.page.locator(".cd-usage").inner_text() == "Writing · first broke off; second answers now"


def test_a_notebooks_own_styles_do_not_reach_the_rows(bare, ready):
    ready.show_state(footer=LINE, details=ROWS)
    bare.open(ready)
    bare.page.add_style_tag(content="dl dt, dl dd { float: left; width: 20px } td { width: 20px }")
    bare.page.locator(".cd-usage summary").click()

    heights = bare.page.locator(".cd-took > *").evaluate_all("all => all.map((one) => one.offsetHeight)")
    assert max(heights) < 24
