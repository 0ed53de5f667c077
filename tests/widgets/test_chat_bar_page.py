"""The chat panel's bar in a real browser: what it shows of models, target, budget and approvals, and asks for."""

from __future__ import annotations

import pytest
from widgets.chat_input_page import BAR, ChatPage

pytestmark = pytest.mark.browser

EVIL = '<img src=x onerror="window.hacked=1">'
MANY = [["big", "○", "left alone", [f"big/model-{number}" for number in range(40)]], *BAR["models"]]
INSIDE = """
() => {
  const outer = document.querySelector(".cc-bar-frame").getBoundingClientRect();
  const shown = (one) => one.checkVisibility() && !one.closest("[popover]");
  return [...document.querySelectorAll(".cc-bar-frame *")].filter(shown).every((one) => {
    const { left, right } = one.getBoundingClientRect();
    return left >= outer.left - 1 && right <= outer.right + 1;
  });
}
"""


@pytest.fixture
def chat(bare):
    return ChatPage(bare).open()


def control(chat, action):
    return chat.page.locator(f'.cc-bar [data-action="{action}"], .cc-head [data-action="{action}"]').first


def says(chat, action):
    return control(chat, action).inner_text().strip()


def opened(chat, action):
    """Open a menu; give its items, with what stands beside them, and the chosen ones marked."""
    control(chat, action).click()
    chat.bare.frame()
    items = chat.page.locator(":popover-open :is(.cd-item, .cd-heading, .cc-slot):visible").all()
    mark = {"true": "* "}
    return [
        mark.get(one.get_attribute("aria-checked"), "") + " | ".join(one.inner_text().split("\n"))
        for one in items
    ]


def press(chat, action):
    chat.page.locator(f':popover-open [data-action="{action}"]').click()
    chat.bare.frame()


def bar(chat, **fields):
    return chat.put(bar=fields)


@pytest.mark.parametrize(
    ("symbol", "words"), [("●", "asked as usual"), ("◐", "the next call is a trial"), ("○", "left alone")]
)
def test_health_is_a_symbol_with_words(chat, symbol, words):
    bar(chat, health={"symbol": symbol, "words": words})

    shown = chat.page.get_by_role("img", name=words)
    assert shown.inner_text() == symbol
    assert shown.get_attribute("title") == words


def test_models_stand_by_provider_with_its_health(chat):
    assert opened(chat, "model") == [
        "* auto | the first that answers",
        "● offline · asked as usual",
        "composer",
        "◐ ollama · the next call is a trial: it did not answer",
        "llama3.2",
        "qwen3",
    ]


def test_a_chosen_model_shows_at_once_and_gives_way_to_what_the_kernel_says(chat):
    opened(chat, "model")
    press(chat, "model-ollama/qwen3")
    at_once = says(chat, "model")
    bar(chat, usage="1 token")
    still = says(chat, "model")
    bar(chat, model="ollama/llama3.2")

    assert chat.sent() == [{"type": "set", "name": "model", "value": "ollama/qwen3"}]
    assert (at_once, still, says(chat, "model")) == ("qwen3", "qwen3", "llama3.2")


def test_a_refused_choice_is_taken_back(chat):
    opened(chat, "model")
    press(chat, "model-ollama/qwen3")
    chat.say(type="toast", text="There is no model ollama/qwen3.")

    assert says(chat, "model") == "auto"


def test_a_choice_without_an_answer_lapses(chat):
    chat.page.clock.install()
    control(chat, "mode-generate").click()
    chosen = control(chat, "mode-generate").get_attribute("aria-pressed")
    chat.page.clock.run_for(4100)

    assert (chosen, control(chat, "mode-generate").get_attribute("aria-pressed")) == ("true", "false")


@pytest.mark.parametrize("action", ["model", "mode-chat", "mode-generate", "genre", "aim", "auto"])
def test_nothing_can_be_chosen_where_the_kernel_is_gone(chat, action):
    chat.lose()

    assert control(chat, action).is_disabled()
    assert chat.sent() == []


def test_many_models_have_a_filter_and_typing_goes_there(chat):
    bar(chat, models=MANY)
    everything = opened(chat, "model")
    chat.press("m").page.keyboard.type("odel-39")
    chat.bare.frame()
    found = chat.page.locator(":popover-open :is(.cd-item, .cd-heading)").all_inner_texts()
    chat.press("Enter")

    assert len(everything) == 47
    assert found == ["○ big · left alone", "model-39"]
    assert chat.sent() == [{"type": "set", "name": "model", "value": "big/model-39"}]


def test_a_filter_that_fits_nothing_says_so(chat):
    bar(chat, models=MANY)
    opened(chat, "model")
    chat.page.locator(".cc-filter").fill("zzz")

    assert chat.page.locator(":popover-open .cd-item").all_inner_texts() == ["Nothing fits"]


def test_the_mode_is_a_switch_of_two(chat):
    pressed = [control(chat, f"mode-{name}").get_attribute("aria-pressed") for name in ("chat", "generate")]
    control(chat, "mode-generate").click()
    after = [control(chat, f"mode-{name}").get_attribute("aria-pressed") for name in ("chat", "generate")]
    control(chat, "mode-generate").click()

    assert (pressed, after) == (["true", "false"], ["false", "true"])
    assert chat.sent() == [{"type": "set", "name": "mode", "value": "generate"}]


def test_a_genre_is_chosen_and_any_is_one(chat):
    items = opened(chat, "genre")
    press(chat, "genre-techno")
    chosen = says(chat, "genre")
    opened(chat, "genre")
    press(chat, "genre-any")

    assert items == ["* any", "house", "techno", "ambient"]
    assert (chosen, says(chat, "genre")) == ("techno", "Any genre")
    assert [one["value"] for one in chat.sent()] == ["techno", ""]


def test_the_target_offers_tracks_for_notes_and_their_slots(chat):
    assert says(chat, "aim") == "→ 2 Bass / 3"
    assert opened(chat, "aim") == [
        "Simulated Live set", "No target", "1 Drums", "* 2 Bass", "3 Vox | audio",
        "Slot", "1", "2", "* 3", "4", "5", "6", "7", "8",
    ]  # fmt: skip
    assert chat.page.locator('[data-action="track-3"]').is_disabled()


def test_a_track_and_then_a_slot_are_aimed_at(chat):
    opened(chat, "aim")
    press(chat, "track-1")
    stays = chat.page.locator('[data-action="track-1"]').get_attribute("aria-checked")
    press(chat, "slot-7")

    assert stays == "true"
    assert says(chat, "aim") == "→ 1 Drums / 7"
    assert chat.sent() == [{"type": "aim", "track": 1, "slot": 3}, {"type": "aim", "track": 1, "slot": 7}]
    assert chat.page.locator(":popover-open").count() == 0


def test_no_target_is_a_choice(chat):
    opened(chat, "aim")
    press(chat, "track-0")

    assert chat.sent() == [{"type": "aim", "track": 0, "slot": 0}]
    assert says(chat, "aim") == "No target"


def test_slots_are_reached_by_arrows(chat):
    control(chat, "aim").focus()
    # Down from the chosen track, past one that takes no notes, to the first slot.
    chat.press("Enter", "ArrowDown", *["ArrowRight"] * 4, "ArrowLeft", "Enter")

    assert chat.sent() == [{"type": "aim", "track": 2, "slot": 4}]


def test_a_set_that_does_not_answer_says_so(chat):
    bar(chat, target={**BAR["target"], "label": "Live", "connected": False, "simulated": False})

    assert "Live: Live does not answer" in control(chat, "aim").get_attribute("title")
    assert control(chat, "aim").get_attribute("data-set") == "lost"


def test_what_was_used_is_short_and_unfolds_to_sentences(chat):
    assert says(chat, "usage") == "$0.0042"
    control(chat, "usage").click()

    assert chat.page.locator(":popover-open p").all_inner_texts() == [
        "This conversation: 1,200 tokens in, 80 out · $0.0042",
        "$0.0042 of $1.00 this session",
    ]
    assert "of $1.00" in control(chat, "usage").get_attribute("title")


@pytest.mark.parametrize(
    ("share", "hidden", "near"), [(-1, True, False), (0.5, False, False), (0.95, False, True)]
)
def test_a_budget_is_a_meter_that_warns_near_its_end(chat, share, hidden, near):
    bar(chat, budget={"words": "some", "share": share})

    assert chat.page.locator(".cc-meter").is_hidden() == hidden
    assert (control(chat, "usage").get_attribute("data-near") is not None) == near


def test_nothing_is_approved_by_itself_at_first(chat):
    said = says(chat, "auto"), chat.page.locator(".cc-approves").is_hidden()

    assert opened(chat, "auto") == ["Approve without asking", "clips into empty slots", "changes of tempo"]
    assert said == ("Asks first", True)


def test_what_is_approved_by_itself_is_told_and_can_be_ended_at_once(chat):
    opened(chat, "auto")
    press(chat, "auto-clip")
    told = chat.page.locator(".cc-approves").inner_text().split("\n")[0]
    bar(chat, auto=[["clip", "clips into empty slots", True], ["tempo", "changes of tempo", True]])
    both = chat.page.locator(".cc-approves").inner_text().split("\n")[0]
    chat.bare.action("ask-again").click()

    assert told == "Approves by itself: clips into empty slots"
    assert both == "Approves by itself: clips into empty slots, changes of tempo"
    assert chat.page.locator(".cc-approves").is_hidden()
    assert [(one["name"], one["value"]) for one in chat.sent()] == [
        ("auto:clip", True), ("auto:clip", False), ("auto:tempo", False),
    ]  # fmt: skip


def test_conversations_are_listed_with_their_time_and_the_current_one_stands_in_the_head(chat):
    assert says(chat, "talks") == "Dark bass"
    assert opened(chat, "talks") == [
        "New conversation",
        "Conversations",
        "* Dark bass | 14:02",
        "Drums for a bridge | 27 Nov",
    ]


@pytest.mark.parametrize(("action", "name"), [("talk-new", ""), ("talk-t2", "t2")], ids=["new", "another"])
def test_a_conversation_is_begun_or_gone_back_to(chat, action, name):
    opened(chat, "talks")
    press(chat, action)

    assert chat.sent() == [{"type": "talk", "name": name}]
    assert chat.page.evaluate("() => document.activeElement.className") == "cc-input"


def test_the_current_conversation_is_not_asked_for(chat):
    opened(chat, "talks")
    press(chat, "talk-t1")

    assert chat.sent() == []


def test_the_bar_is_one_tab_stop_and_its_menus_open_by_keyboard(chat):
    chat.input.focus()
    stops = []
    for _ in range(4):
        chat.press("Tab")
        stops.append(chat.page.evaluate("() => document.activeElement.dataset.action ?? ''"))
    control(chat, "model").focus()
    chat.press("ArrowRight", "ArrowRight", "ArrowRight", "Enter")
    expanded = control(chat, "genre").get_attribute("aria-expanded")
    chat.press("ArrowDown", "ArrowDown", "Enter")

    assert stops.count("model") == 1
    assert not {"genre", "aim", "auto", "usage"} & set(stops)
    assert expanded == "true"
    assert control(chat, "genre").get_attribute("aria-expanded") == "false"
    assert chat.sent() == [{"type": "set", "name": "genre", "value": "techno"}]


def test_the_bar_is_one_line_at_800_pixels(chat):
    bar(chat, model="ollama/llama3.2", genre="ambient")

    assert chat.page.locator(".cc-bar").bounding_box()["height"] <= 32
    assert chat.page.evaluate(INSIDE)
    assert control(chat, "more").is_hidden()


def test_a_narrow_bar_keeps_its_rarer_controls_in_a_menu(bare):
    chat = ChatPage(bare).open(width=320)
    boxed = chat.page.locator(".cc-bar").bounding_box()["height"], chat.page.evaluate(INSIDE)
    items = opened(chat, "more")
    left = chat.page.locator(":popover-open").bounding_box()["x"]
    press(chat, "genre-house")
    opened(chat, "more")
    press(chat, "auto-tempo")

    assert boxed == (28, True)
    assert left >= 0
    assert items == [
        "Approve without asking", "clips into empty slots", "changes of tempo",
        "Genre", "* any", "house", "techno", "ambient",
        "This conversation: 1,200 tokens in, 80 out · $0.0042 | $0.0042 of $1.00 this session",
    ]  # fmt: skip
    assert [(one["name"], one["value"]) for one in chat.sent()] == [("genre", "house"), ("auto:tempo", True)]
    assert chat.page.locator(".cc-approves").is_visible()


@pytest.mark.parametrize("name", [EVIL, "x" * 400, "\u202eevil", ""], ids=["html", "long", "bidi", "empty"])
@pytest.mark.parametrize("width", [320, 800])
def test_no_name_breaks_the_bar(bare, name, width):
    target = {**BAR["target"], "label": name, "tracks": [[name, True]] * 3}
    shown = {
        **BAR,
        "models": [[name, "●", name, [name]]],
        "model": name,
        "genre": name,
        "target": target,
        "usage": name,
    }
    talks = [["t1", name, name, True]]
    chat = ChatPage(bare).open(width=width, bar={**shown, "talks": talks, "auto": [["clip", name, True]]})
    inside = chat.page.evaluate(INSIDE)
    for action in ("model", "aim", "talks"):
        opened(chat, action)
        chat.press("Escape")

    assert inside
    assert chat.page.evaluate("() => window.hacked") is None
    assert chat.page.locator(".conduit-chat").evaluate("(node) => node.scrollWidth <= node.clientWidth")


def test_a_bar_that_is_not_told_yet_shows_itself(bare):
    chat = ChatPage(bare).open(bar={"kind": "bar"})

    assert (says(chat, "model"), says(chat, "genre"), says(chat, "aim")) == ("auto", "Any genre", "No target")
    assert control(chat, "auto").is_hidden()
