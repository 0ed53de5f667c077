"""Text that means harm, or is far too much, in a real browser: nothing runs, the panel stays quick and whole."""

from __future__ import annotations

import pytest
from playwright.sync_api import CDPSession
from widgets.chat_input_page import ChatPage
from widgets.chat_parts import ALL_KINDS, OVERFLOWS, SHOWN, part, tool, with_parts, words
from widgets.stage import JS

pytestmark = pytest.mark.browser

HARM = """<script>window.hacked = 1</script>

<img src=x onerror="window.hacked = 2">

a <b onclick="window.hacked = 3">b</b> <iframe src="javascript:window.hacked=4"></iframe>

[one](javascript:window.hacked=5) [two](data:text/html,<script>window.hacked=6</script>)

<javascript:window.hacked=7>

![three](https://elsewhere.example/track.png) ![four](data:image/svg+xml;base64,AAAA) [![five](x.png)](vbscript:x)

[ref]: javascript:window.hacked=8

[ref] <style>*{display:none}</style> <a href="https://x" style="position:fixed">over</a>
"""
MEGABYTE = 1_000_000
HOSTILE = {
    "a line of a megabyte": "x" * MEGABYTE,
    "a megabyte of words": "lorem ipsum " * (MEGABYTE // 12),
    "ten megabytes": "many words here. " * (10 * MEGABYTE // 17),
    "code of a megabyte in a line": "```python\n" + "(" * MEGABYTE,
    "a long word of code": "`" + "y" * 9000 + "`",
    "deep quotes": ">" * 10_000 + " x",
    "deep quotes, spaced": "> " * 10_000 + "x",
    "deep items": "- " * 10_000 + "x",
    "deep items, each on its line": "".join("  " * i + "- a\n" for i in range(300)),
    "open ticks": "`a" * 50_000,
    "ticks of every length": " ".join("`" * i for i in range(1, 140)),
    "open stars": "**a *b " * 10_000,
    "open brackets": "[" * 50_000,
    "open links": "[a](" * 20_000,
    "open tags": "<a " * 20_000,
    "addresses": "a@b." * 20_000,
    "many links": "[a](https://example.com) " * 8000,
    "a wide table": "|" + " a |" * 500 + "\n|" + "-|" * 500 + "\n" + ("|" + "b|" * 500 + "\n") * 3,
    "a long table": "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 20_000,
    "colours of a terminal": "\x1b[31mred\x1b[0m\x1b]0;title\x07 \x1b[2J" * 5000,
    "turned text": "\u202e" + "gnp.exe \u2066\u202a" * 5000,
    "nothing to see": "a" + "\u200b" * 500_000 + "b",
    "a pile of signs": ("Z" + "\u0335" * 200) * 2000,
    "many marks": "a\u200bb" * 20_000,
    "blank lines": "a" + "\n" * 500_000 + "b",
}


def worked_s(devtools: CDPSession) -> float:
    metrics = devtools.send("Performance.getMetrics")["metrics"]
    return next(float(one["value"]) for one in metrics if one["name"] == "ThreadTime")


@pytest.fixture
def chat(bare):
    return ChatPage(bare)


def test_nothing_in_a_text_runs_loads_or_counts_as_html(chat):
    asked: list[str] = []
    chat.page.on("request", lambda request: asked.append(request.url))
    chat.open(**with_parts(words(HARM)))
    asked.clear()
    chat.page.wait_for_timeout(100)

    text = chat.page.locator(".cc-text")
    assert chat.page.evaluate("() => window.hacked") is None
    assert text.locator("script, iframe, style, b, img, [onclick], [style]").count() == 0
    assert {one.get_attribute("href") for one in text.locator("a").all()} == {
        "https://elsewhere.example/track.png"
    }
    assert '<img src=x onerror="window.hacked = 2">' in text.inner_text()
    assert asked == []


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_drawn_quickly_within_its_column(chat, text):
    chat.open(width=320, **with_parts(words("first")))
    devtools = chat.page.context.new_cdp_session(chat.page)
    # What the page's thread worked, however busy the machine is.
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
    before_s = worked_s(devtools)

    chat.put(p0={"text": text})

    assert worked_s(devtools) - before_s < 1
    assert "first" not in chat.page.evaluate(SHOWN)
    assert chat.page.evaluate(OVERFLOWS) == []
    assert chat.page.locator(".cc-text *").count() < 20_000


def test_hostile_text_that_is_still_written_is_about_as_quick_as_any_other(chat):
    chat.open(**with_parts(words("", still=True)))

    took_ms = chat.page.evaluate(
        """async () => {
          let n = 1;
          const took = async (parts) => {
            const begun = performance.now();
            for (const part of parts) for (let i = 1; i <= 10; i += 1) {
              window.say({ type: "patch", n: (n += 1), set: { p0: { text: part.repeat(1000 * i) } } });
              await new Promise(requestAnimationFrame);
            }
            return (performance.now() - begun) / parts.length;
          };
          await took(["warm "]);
          const hostile = ["`a", "**a *b ", "[a](", ">", "| a ", "\\n    - "];
          return [await took(["words", "a b ", "c\\n\\n"]), await took(hostile)];
        }"""
    )

    assert took_ms[1] < 5 * took_ms[0] + 500


def test_a_text_of_ten_megabytes_is_shown_in_steps(chat):
    chat.open(**with_parts(words("many words here. " * 600_000)))
    drawn = [len(chat.page.evaluate(SHOWN))]

    chat.page.locator('[data-action="show-more"]').click()
    chat.bare.frame()

    drawn.append(len(chat.page.evaluate(SHOWN)))
    assert 190_000 < drawn[0] < 210_000
    assert 390_000 < drawn[1] < 410_000


def test_a_text_of_very_many_elements_is_shown_in_steps_and_nothing_is_lost(chat):
    chat.open(**with_parts(words("| a |\n|---|\n" + "| 1 |\n" * 9000 + "\n\nThe end")))
    first = chat.page.locator(".cc-md td").count()

    while chat.page.locator('[data-action="show-more"]').count():
        chat.page.locator('[data-action="show-more"]').click()

    assert first < 9000 == chat.page.locator(".cc-md td").count()
    assert chat.page.evaluate(SHOWN).endswith("The end")


def test_hidden_characters_are_seen_and_told(chat):
    chat.open(**with_parts(words("file\u202egnp.exe `a\u2066b`\n\n```\nc\u202ed\n```")))

    marks = chat.page.locator(".cc-unseen")
    assert marks.all_inner_texts() == ["U+202E", "U+2066", "U+202E"]
    assert "right-to-left override" in marks.first.get_attribute("title")
    text = chat.page.evaluate(SHOWN)
    assert not any(char in text for char in "\u202e\u2066")


def test_colours_of_a_terminal_are_taken_away(chat):
    chat.open(**with_parts(words("a \x1b[31mred\x1b[0m word"), tool(result="\x1b[1mbold\x1b[0m")))
    chat.page.locator(".cc-tool summary").click()

    assert chat.page.locator(".cc-text").inner_text().strip() == "a red word"
    assert chat.page.locator(".cc-tool pre").inner_text() == "bold"


@pytest.mark.parametrize("width", [320, 800, 1400])
def test_nothing_sticks_out_of_the_column(chat, width):
    long = "w" * 400
    wide = f"```\n{long}\n```\n\n| {long} |\n|---|\n| {long} |\n"
    text = f"{ALL_KINDS}\n\n{long} `{long}` https://x.example/{long}\n\n{wide}"
    table = part("table", columns=[[long, False]] * 3, rows=[[[long, ""]] * 3], title=long, notes=[long])
    chat.open(
        width=width,
        **with_parts(
            words(text), tool(name=long, summary=long), part("thought", text=long, open=True), table
        ),
    )

    assert chat.page.evaluate(OVERFLOWS) == []


def test_no_module_of_the_chat_makes_html_of_a_text_or_code_of_it():
    words_of_it = (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "DOMParser",
        "srcdoc",
        "eval(",
        "new Function",
    )
    modules = sorted((JS / "chat").glob("*.js"))

    found = [(one.name, word) for one in modules for word in words_of_it if word in one.read_text("utf-8")]

    assert len(modules) > 10
    assert found == []
