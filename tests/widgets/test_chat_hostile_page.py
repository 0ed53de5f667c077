"""Whatever a model, a file or a set says, the chat panel shows it as text: nothing runs, overflows or stalls."""

from __future__ import annotations

import time

import pytest
from widgets.chat_page import BAR, TARGET, Chat
from widgets.chat_states import plan_item
from widgets.chat_takes import riff, take

pytestmark = pytest.mark.browser

EVIL = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
LINKS = """
[a](javascript:window.hacked=1) [b](JaVaScRiPt:window.hacked=1) [c](data:text/html,<script>window.hacked=1</script>)
[d](vbscript:window.hacked=1) ![e](javascript:window.hacked=1) <javascript:window.hacked=1> [f][g]
<a href="javascript:1">h</a>

[g]: javascript:window.hacked=1
[i](  java&#115;cript:window.hacked=1 ) [j](file:///etc/passwd) [k](//example.org/x) ![l](http://example.org/pixel.png)
"""
ANSI = "\x1b[31mred\x1b[0m \x1b]8;;http://example.org\x07link\x1b]8;;\x07 \x9b2J"
BIDI = "safe \u202egnp.exe\u202c \u2066hidden\u2069 \u200f\u061c end"
MEGABYTE = 2**20
ANSWERS_S = 1.0
"""A panel that was given something answers a click within this time."""

HARM = """
() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const known = ["http:", "https:", "mailto:"];
  return {
    ran: window.hacked ?? null,
    made: all(".conduit-chat :is(script, iframe, object, embed, base, form, link, meta)").length,
    handlers: all(".conduit-chat *").flatMap((one) => one.getAttributeNames()).filter((name) => /^on/.test(name)),
    links: all(".conduit-chat a[href]").map((one) => one.protocol).filter((one) => !known.includes(one)),
    fetched: all(".conduit-chat img").map((one) => one.src).filter((src) => !/^(blob|data:image)/.test(src)),
    wide: [".conduit-chat", ".cc-scroll", ".cc-column"].filter((name) => {
      const one = document.querySelector(name);
      return one.scrollWidth > one.clientWidth + 1;
    }),
  };
}
"""
NONE = {"ran": None, "made": 0, "handlers": [], "links": [], "fetched": [], "wide": []}


@pytest.fixture
def chat(chromium):
    page = chromium.new_page()
    chat = Chat(page)
    yield chat
    page.close()
    assert chat.errors == []


def answers(chat):
    """Give the seconds until the page has done what was asked before, and draws again."""
    began = time.monotonic()
    chat.frame()
    return time.monotonic() - began


def pressed(chat):
    """Click and press whatever of the conversation can be, folded lines first."""
    for one in chat.page.locator('.cc-parts [aria-expanded="false"]:visible').all():
        one.click()
    chat.frame()


def text_of(text):
    return {"kind": "text", "text": text, "open": False}


PARTS = {
    "markup": {
        "p1": text_of(EVIL),
        "p2": text_of(f"`{EVIL}`\n\n```html\n{EVIL}\n```\n\n> {EVIL}\n\n| {EVIL} |\n|-|\n| {EVIL} |"),
    },
    "links": {"p1": text_of(LINKS)},
    "escapes": {
        "p1": text_of(ANSI),
        "p2": {"kind": "output", "text": ANSI},
        "p3": {"kind": "note", "text": ANSI},
    },
    "bidi": {
        "p1": text_of(BIDI),
        "p2": {"kind": "output", "text": BIDI},
        "p3": {"kind": "note", "text": BIDI},
    },
    "a thought": {"p1": {"kind": "thought", "text": EVIL + LINKS, "open": False}},
    "a tool": {
        "p1": {
            "kind": "tool",
            "name": EVIL,
            "state": "failed",
            "summary": EVIL,
            "arguments": EVIL,
            "result": EVIL,
        },
        "p2": {
            "kind": "tool",
            "name": "x" * 5000,
            "state": "done",
            "summary": "y" * 5000,
            "arguments": '{"a": "' + "z" * 5000 + '"}',
            "result": BIDI,
        },
    },
    "a table": {
        "p1": {
            "kind": "table",
            "columns": [[EVIL, False], ["w" * 3000, True]],
            "rows": [[[EVIL, "strong"], ["w" * 3000, EVIL]]],
            "title": EVIL,
            "notes": [EVIL],
        }
    },
    "a plan": {
        "p1": plan_item(sentence=EVIL, tier=EVIL, notes=[EVIL, "n" * 3000], lines=[EVIL]),
        "p2": plan_item(id="P2", sentence="s" * 3000, status="applied", result=EVIL),
    },
    "a steering word": {"p1": {"kind": "steer", "text": EVIL + "v" * 3000, "taken": False}},
    "an unknown part": {"p1": {"kind": EVIL, "text": EVIL}},
}


@pytest.mark.parametrize("name", PARTS)
def test_what_came_is_shown_as_text_and_does_nothing(chat, name):
    chat.turn(
        "e1",
        asked=EVIL + "u" * 3000,
        parts=PARTS[name],
        error=EVIL,
        footer=EVIL,
        details=[[EVIL, EVIL]],
        origin=EVIL,
    )
    chat.start()

    pressed(chat)

    assert chat.page.evaluate(HARM) == NONE
    assert answers(chat) < ANSWERS_S


@pytest.mark.parametrize("name", ["escapes", "bidi"])
def test_what_only_steers_a_terminal_or_the_order_of_letters_is_not_obeyed(chat, name):
    chat.turn("e1", parts=PARTS[name])
    chat.start()

    shown = chat.page.locator(".cc-parts").inner_text()
    boxes = chat.page.evaluate(
        "() => [...document.querySelectorAll('.cc-parts > *')].map((one) => getComputedStyle(one).unicodeBidi)"
    )

    assert "\x1b" not in shown
    assert "\x9b" not in shown
    assert "\u202e" not in shown or all(one in {"isolate", "plaintext", "isolate-override"} for one in boxes)


@pytest.mark.parametrize("width", [320, 800])
def test_names_of_takes_branches_models_and_tracks_are_text_and_fit(chat, width):
    rows = [["main", 3, EVIL, True, "", 0], [EVIL, 2, "b" * 3000, False, "main", 1]]
    chat.items["panel"] = {
        **chat.items["panel"],
        "tree": rows,
        "title": EVIL,
        "restored": EVIL,
        "examples": [[EVIL, EVIL]],
    }
    names = {"tracks": [[EVIL, True], ["t" * 300, False]], "label": EVIL}
    chat.items["bar"] = {
        **BAR,
        "models": [[EVIL, "●", EVIL, [EVIL]]],
        "model": EVIL,
        "genres": [EVIL],
        "genre": EVIL,
        "target": {**TARGET, **names},
        "budget": {"words": EVIL, "share": 0.5},
        "usage": EVIL,
        "health": {"symbol": "●", "words": EVIL},
        "auto": [["clip", EVIL, False]],
        "talks": [["t1", EVIL, EVIL, True], ["t2", "l" * 3000, "", False]],
    }
    takes = {"k1": take(riff("Acid"), name=EVIL), "k2": take(riff("Acid"), name="n" * 3000)}
    chat.items.update({name: dict(item) for name, item in takes.items()})
    chat.items["tray"] = {"kind": "tray", "order": list(takes)}
    chat.text("e1", takes={"names": ["main", EVIL], "at": 1})
    chat.start(width=width)
    found = [chat.page.evaluate(HARM)]

    for side in ("tray", "tree"):
        chat.action(side).click()
        found.append(chat.page.evaluate(HARM))
        chat.page.keyboard.press("Escape")
    for menu in ("talks", "model", "target", "genre"):
        if chat.action(menu).first.is_visible():
            chat.action(menu).first.click()
            found.append(chat.page.evaluate(HARM))
            chat.page.keyboard.press("Escape")

    assert found == [NONE] * len(found)


@pytest.mark.parametrize(
    "text",
    ["x" * MEGABYTE, "word " * (MEGABYTE // 5), "*_`[" * (MEGABYTE // 4)],
    ids=["one word", "one line", "marks"],
)
def test_a_line_of_a_megabyte_leaves_the_page_answering(chat, text):
    chat.start()
    chat.turn("e1", parts={"p1": text_of(text)})

    assert answers(chat) < ANSWERS_S
    assert chat.page.evaluate(HARM) == NONE


def test_ten_megabytes_leave_the_page_answering(chat):
    chat.start()
    chat.turn("e1", parts={"p1": text_of("A line of an answer that never ends.\n\n" * (10 * MEGABYTE // 38))})

    assert answers(chat) < ANSWERS_S
    assert chat.page.evaluate(HARM) == NONE


def test_a_long_text_that_grows_stays_as_quick_as_at_its_beginning(chat):
    chat.start()
    chat.turn(
        "e1",
        parts={"p1": {"kind": "text", "text": "A paragraph.\n\n" * 20_000, "open": True}},
        state="running",
    )
    chat.frame()
    began = time.monotonic()
    for _ in range(10):
        chat.change(p1={"text": chat.items["p1"]["text"] + "More of it.\n\n"})

    assert (time.monotonic() - began) / 10 < ANSWERS_S
