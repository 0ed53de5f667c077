"""Words and code of an answer in a real browser, whole and while they are written."""

from __future__ import annotations

import pytest
from widgets.chat_input_page import ChatPage
from widgets.chat_parts import ALL_KINDS, part, tool, with_parts, words

pytestmark = pytest.mark.browser

KINDS = (
    "h3",
    "h4",
    "p strong",
    "p em",
    "p s",
    "p code",
    "p a",
    "p br",
    "ul ul li",
    "ol li",
    "input:disabled",
)
CONTRASTS = """
(kinds) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");
  const rgb = (colour, under = "#fff") => {
    canvas.fillStyle = under; canvas.fillRect(0, 0, 1, 1);
    canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const linear = (v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = (parts) => parts.map((v) => linear(v / 255))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const under = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if (!/rgba\\(.*, 0\\)|transparent/.test(backgroundColor)) return backgroundColor;
    }
    return "#fff";
  };
  const found = {};
  for (const node of document.querySelectorAll(kinds)) {
    const [a, b] = [light(rgb(getComputedStyle(node).color)), light(rgb(under(node)))].sort((x, y) => y - x);
    const name = node.className || node.tagName;
    found[name] = Math.min(found[name] ?? 99, (a + 0.05) / (b + 0.05));
  }
  return found;
}
"""
COLOURED = (
    "[class^='ct-'], .cc-md a, .cc-unseen, .cc-fold summary span:not(.cc-fold-dot), .cc-code-language, "
    ".cc-wide th, .cc-table-notes, blockquote p"
)
CODES = (
    "```python\n@wraps\nclass A(B):\n    '''doc'''\n    def f(self): return 1 + len('x')  # so\n```",
    '```json\n{"a": [1, true, null, "x"]}\n```',
    "```clip\nclip A | 2 bars\n1 | 1:A1/2v90 5:C\n1 | kick X..x\n2 = 1\n```",
    "```js\nconst a = /x/.test(`b${1}`);\n```\n\n> said\n\n[a](https://b.example) \u202e",
)


@pytest.fixture
def chat(bare):
    return ChatPage(bare)


def test_everything_of_github_markdown_is_drawn(chat):
    chat.open(**with_parts(words(ALL_KINDS)))

    text = chat.page.locator(".cc-text")
    missing = [kind for kind in KINDS if not text.locator(kind).count()]
    assert missing == []
    assert text.locator("blockquote p, hr, img, table th, table td, pre code, li input:checked").count() == 9
    assert text.locator("ol").get_attribute("start") == "3"
    assert "break & entity" in text.inner_text()
    assert text.locator("td >> nth=1").evaluate("(cell) => getComputedStyle(cell).textAlign") == "right"


def test_a_link_opens_elsewhere_and_says_where_it_leads(chat):
    chat.open(**with_parts(words("[https://bank.example](https://bank.example@evil.example/x)")))

    link = chat.page.locator(".cc-text a")
    told = {name: link.get_attribute(name) for name in ("rel", "target", "title")}
    assert told == {"rel": "noopener noreferrer", "target": "_blank", "title": "evil.example"}


def test_finished_text_stays_and_so_does_what_is_selected_in_it(chat):
    text = "The first **part**.\n\nThe second "
    chat.open(**with_parts(words(text, still=True)))
    chat.page.evaluate(
        """() => {
          window.kept = document.querySelector(".cc-md p");
          getSelection().selectAllChildren(window.kept);
        }"""
    )

    for i in range(1, 20):
        chat.put(p0={"text": text + "goes on, **and on** " * i})

    assert chat.page.evaluate("() => getSelection().toString()") == "The first part."
    assert chat.page.evaluate("() => document.querySelector('.cc-md p') === window.kept")
    assert chat.page.locator(".cc-md p").count() == 2


@pytest.mark.parametrize(
    "text",
    [ALL_KINDS, "**bold** and `code`", "| a | b |\n|---|---|\n| 1 | 2 |\n", "```python\nx = 1\n```\n\nend"],
    ids=["all kinds", "marks", "table", "code"],
)
def test_a_text_that_came_in_pieces_looks_as_one_that_was_there(chat, text):
    chat.open(**with_parts(words("", still=True), words(text)))
    for end in range(3, len(text), 5):
        chat.put(p0={"text": text[:end]})
    chat.put(p0={"text": text, "open": False})
    chat.bare.frame()

    first, second = chat.page.locator(".cc-md").all()
    assert first.inner_html() == second.inner_html()


def test_marks_that_are_half_written_are_not_seen(chat):
    table = "| a | b |\n|---|---|\n| 1 | 2 |\n"
    text = f"A **bold** word, `code` and [a link](https://example.com).\n\n{table}\n```py\nx\n```\n"
    chat.open(**with_parts(words("", still=True)))
    seen = []

    for end in range(1, len(text)):
        chat.put(p0={"text": text[:end]})
        shown = chat.page.locator(".cc-md").inner_text()
        seen += [(end, mark) for mark in ("*", "`", "|", "](", "---") if mark in shown]

    assert seen == []


def test_code_that_is_written_grows_in_place_and_is_coloured_in_the_end(chat):
    text = "```python\ndef f():\n"
    chat.open(**with_parts(words(text, still=True)))
    chat.page.evaluate("() => { window.kept = document.querySelector('.cc-code'); }")

    chat.put(p0={"text": text + "    return 'x'\n"})
    chat.put(p0={"text": text + "    return 'x'\n```\n\nDone", "open": True})

    assert chat.page.evaluate("() => document.querySelector('.cc-code') === window.kept")
    assert chat.page.locator(".cc-code .ct-keyword").all_inner_texts() == ["def", "return"]
    assert chat.page.locator(".cc-code code").inner_text() == "def f():\n    return 'x'"


def test_open_code_is_coloured_now_and_then(chat):
    chat.open(**with_parts(words("```python\nreturn 1\n", still=True)))

    chat.bare.until("() => document.querySelector('.cc-code .ct-keyword')")


def test_copy_gives_the_code_without_what_is_hidden(chat):
    chat.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    chat.open(**with_parts(words("```bash\necho \u202ehi\n```")))

    chat.page.locator('[data-action="copy-code"]').click()
    chat.bare.until("() => document.querySelector('[data-action=copy-code]').textContent === 'Copied'")

    assert chat.page.evaluate("() => navigator.clipboard.readText()") == "echo hi"


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_every_colour_of_text_can_be_read(chat, theme):
    code = "\n".join(CODES)
    table = part("table", columns=[["A", False]], rows=[[["x", "quiet"]]], title="T", notes=["n"])
    chat.open(theme=theme, **with_parts(words(code), tool(state="failed", summary="no"), table))

    found = chat.page.evaluate(CONTRASTS, COLOURED)

    assert len(found) > 12
    assert {name: round(ratio, 2) for name, ratio in found.items() if ratio < 4.5} == {}
