"""The drawer of takes in a real browser: what is seen of them, and what each click, key and drag asks for."""

from __future__ import annotations

import pytest
from widgets.chat_takes import TARGET, Chat, document, entry, riff, take, with_takes

from conduit.widgets.chat_clip import clip_item

pytestmark = pytest.mark.browser

EVIL = '<img src=x onerror="window.hacked=1">'
HEARD = "() => globalThis.__conduit_sound?.level() > 0.01"
SILENT = "() => !globalThis.__conduit_sound?.owner"
# What the page changes, and in which of the takes.
COUNT = """
() => {
  window.touched = new Set();
  const list = document.querySelector(".cc-takes");
  const takeOf = (node) => (node.closest ? node : node.parentElement).closest("[data-take]")?.dataset.take;
  new MutationObserver((records) => {
    for (const { target } of records) window.touched.add(takeOf(target));
  }).observe(list, { subtree: true, childList: true, attributes: true, characterData: true });
  window.pictures = [...list.querySelectorAll("svg.cs-picture")];
}
"""


@pytest.fixture
def takes():
    return {
        "k3": take(riff("Third", by=2), entry=""),
        "k2": take(riff("Second", by=1), star=True),
        "k1": take(riff("First"), heard="c1"),
    }


@pytest.fixture
def chat(bare, takes):
    """Give a panel with three takes, of which one has its clip in the document, and the drawer open."""
    chat = Chat(bare).open(with_takes(takes, c1=clip_item(riff("First"))))
    chat.open_side("tray")
    return chat


def row(chat, name):
    return chat.page.locator(f'[data-take="{name}"]')


def act(chat, name, action):
    row(chat, name).locator(f'[data-action="{action}"]').click()


def choose(chat, name, action):
    act(chat, name, "take-menu")
    row(chat, name).locator(f'.cd-pop [data-action="{action}"]').click()
    chat.bare.frame()


def focused(chat):
    return chat.page.evaluate(
        "() => [document.activeElement.closest('[data-take]')?.dataset.take,"
        " document.activeElement.dataset.action ?? 'name']"
    )


def names(chat):
    return chat.texts(".cc-take-name")


def test_starred_takes_stand_first_and_then_the_newest(chat):
    assert names(chat) == ["Second", "Third", "First"]


def test_a_take_shows_its_words_and_its_picture_in_its_colour(chat, takes):
    path = row(chat, "k1").locator(".cs-picture path").get_attribute("d")

    assert "4 bars · A minor · 120 bpm · 32 notes" in row(chat, "k1").inner_text()
    assert path.count("M") == 32
    assert takes["k1"]["ink"] in row(chat, "k1").get_attribute("style")


def test_takes_of_one_name_are_numbered_from_the_oldest(bare):
    takes = {"k3": take(riff("Acid", by=2)), "k2": take(riff("Pad")), "k1": take(riff("Acid"))}
    chat = Chat(bare).open(with_takes(takes))
    chat.open_side("tray")

    assert [row(chat, name).locator(".cc-take-which").inner_text() for name in takes] == [
        "take 2",
        "",
        "take 1",
    ]
    assert row(chat, "k3").locator('[data-action="hear"]').get_attribute("aria-label") == "Hear Acid, take 2"


def test_an_empty_drawer_says_what_will_stand_there(bare):
    chat = Chat(bare).open(document())

    chat.open_side("tray")

    assert "is kept here" in chat.texts(".cc-tray-empty")[0]


def test_what_a_model_calls_a_clip_is_text(bare):
    chat = Chat(bare).open(with_takes({"k1": take(riff("A"), name=EVIL)}))

    chat.open_side("tray")

    assert names(chat) == [EVIL]
    assert chat.page.evaluate("() => window.hacked") is None


def test_a_star_is_asked_for_and_counts_at_once(chat):
    act(chat, "k1", "star")

    assert chat.asked("star") == [{"type": "star", "take": "k1", "on": True}]
    assert names(chat) == ["Second", "First", "Third"]


def test_a_star_that_moves_its_take_keeps_the_focus(chat):
    row(chat, "k1").locator('[data-action="star"]').press("Enter")

    assert names(chat)[1] == "First"
    assert focused(chat) == ["k1", "star"]


@pytest.mark.parametrize("begin", ["F2", "Enter", "double click", "menu"])
def test_a_name_is_written_in_its_place(chat, begin):
    if begin == "double click":
        row(chat, "k1").locator(".cc-take-name").dblclick()
    elif begin == "menu":
        choose(chat, "k1", "rename")
    else:
        row(chat, "k1").locator(".cc-take-main").press(begin)
    chat.page.keyboard.type("Deep one")
    chat.page.keyboard.press("Enter")

    assert chat.asked("rename") == [{"type": "rename", "take": "k1", "name": "Deep one"}]
    assert "Deep one" in names(chat)
    assert focused(chat) == ["k1", "name"]


def test_escape_leaves_a_name_as_it_was_and_the_drawer_open(chat):
    row(chat, "k1").locator(".cc-take-main").press("F2")
    chat.page.keyboard.type("Deep one")
    chat.page.keyboard.press("Escape")

    assert chat.asked("rename") == []
    assert "First" in names(chat)


def test_a_field_that_is_left_takes_the_name_and_an_empty_one_does_not(chat):
    row(chat, "k1").locator(".cc-take-main").press("F2")
    chat.page.keyboard.type("Deep one")
    row(chat, "k2").locator(".cc-take-main").press("F2")
    chat.page.keyboard.press("Delete")
    chat.page.keyboard.press("Enter")

    assert [intent["name"] for intent in chat.asked("rename")] == ["Deep one"]


def test_hearing_plays_a_clip_that_is_there_and_stops_it(chat):
    act(chat, "k1", "hear")
    chat.bare.until(HEARD)
    chat.bare.until("() => document.querySelector('[data-take=\"k1\"] .cc-take-playhead').style.transform")
    moves = row(chat, "k1").locator(".cc-take-playhead").is_visible()
    act(chat, "k1", "hear")
    chat.bare.until(SILENT)

    assert moves
    assert chat.asked("hear") == []
    assert row(chat, "k1").locator(".cc-take-playhead").is_hidden()


def test_hearing_asks_for_a_clip_that_is_not_there_and_plays_it_when_it_comes(chat, takes):
    act(chat, "k3", "hear")
    asked = chat.asked("hear")
    chat.put(k3={**takes["k3"], "clip": "c3"}, c3=clip_item(riff("Third", by=2)))
    chat.bare.until(HEARD)

    assert asked == [{"type": "hear", "take": "k3"}]
    assert row(chat, "k3").get_attribute("data-sounds") is not None


def test_one_take_sounds_at_a_time(chat, takes):
    chat.put(k2={**takes["k2"], "clip": "c2"}, c2=clip_item(riff("Second", by=1)))
    act(chat, "k1", "hear")
    chat.bare.until(HEARD)
    act(chat, "k2", "hear")
    chat.bare.until("() => globalThis.__conduit_sound.score.parts[0].events.length === 5 * 30")

    assert chat.page.locator("[data-sounds]").count() == 1


def test_a_click_on_the_picture_plays_from_there(chat):
    box = row(chat, "k1").locator(".cc-take-picture").bounding_box()
    chat.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 5)
    chat.bare.until(HEARD)

    assert chat.page.evaluate("() => globalThis.__conduit_sound.from") == pytest.approx(8, abs=0.1)


def test_the_sounds_of_a_take_are_asked_for_through_its_clip_and_taken(chat):
    act(chat, "k1", "hear")
    chat.bare.until(HEARD)
    wanted = [intent for intent in chat.bare.sent(but=()) if intent["type"] == "clip"]

    assert [(intent["clip"], intent["message"]["type"]) for intent in wanted] == [("c1", "sounds")]


def test_a_drawer_that_closes_is_silent(chat):
    act(chat, "k1", "hear")
    chat.bare.until(HEARD)
    chat.page.keyboard.press("Escape")
    chat.bare.until(SILENT)

    assert chat.page.locator(".cc-tray").is_hidden()


def test_escape_gives_the_focus_back(chat):
    chat.page.keyboard.press("Escape")

    assert chat.page.evaluate("() => document.activeElement.dataset.action") == "tray"


@pytest.mark.parametrize(
    ("action", "intent"),
    [
        ("push", {"type": "push", "track": 2, "slot": 3, "new_track": False}),
        ("push-new", {"type": "push", "track": 4, "slot": 3, "new_track": True}),
        ("cell", {"type": "cell"}),
        ("star", {"type": "star", "on": True}),
    ],
)
def test_the_menu_of_a_take_asks_for_what_it_says(chat, action, intent):
    choose(chat, "k1", action)

    assert chat.asked(intent["type"]) == [{"take": "k1", **intent}]


def test_without_a_target_a_take_goes_to_a_new_track(chat):
    chat.put(bar={**chat.items["bar"], "target": {**TARGET, "track": 0, "slot": 0}})
    act(chat, "k1", "take-menu")

    texts = row(chat, "k1").locator(".cd-item").all_inner_texts()
    assert [text for text in texts if "Push" in text] == ["Push to a new track"]


def test_nothing_is_pushed_while_live_does_not_answer(chat):
    chat.put(bar={**chat.items["bar"], "target": {**TARGET, "connected": False}})
    act(chat, "k1", "take-menu")

    assert row(chat, "k1").locator('.cd-pop [data-action="push"]').is_disabled()


def test_a_take_is_put_into_a_plan_that_waits_and_into_no_other(chat):
    plan = {"id": "p7", "sentence": "Write 24 notes to track 2 'Bass', slot 3", "status": "pending"}
    done = {**plan, "id": "p8", "status": "applied"}
    chat.put(a={"kind": "plan", "plan": plan}, b={"kind": "plan", "plan": done})
    choose(chat, "k1", "drop")

    assert chat.asked("drop") == [{"type": "drop", "take": "k1", "plan": "p7"}]


def test_a_file_is_asked_for_once_the_clip_is_known_and_saved_when_it_comes(chat, takes):
    choose(chat, "k3", "midi")
    before = chat.asked("hear", "file")
    chat.put(k3={**takes["k3"], "clip": "c3"}, c3=clip_item(riff("Third", by=2)))
    after = chat.asked("hear", "file")
    with chat.page.expect_download() as download:
        message = {"type": "file", "name": "third.mid", "mime": "audio/midi"}
        chat.tell("clip", b"MThd", clip="c3", message=message)

    assert before == [{"type": "hear", "take": "k3"}]
    assert after[1:] == [{"type": "file", "take": "k3", "kind": "midi"}]
    assert download.value.suggested_filename == "third.mid"


def test_the_way_to_a_takes_turn_is_offered_where_the_turn_is_shown(chat):
    act(chat, "k3", "take-menu")
    without = row(chat, "k3").locator('.cd-pop [data-action="entry"]').count()
    chat.page.keyboard.press("Escape")
    choose(chat, "k1", "entry")

    assert without == 0
    assert (
        chat.page.evaluate("() => document.activeElement.closest('article')?.getAttribute('aria-label')")
        == "Turn 1"
    )


def drag(chat, name, to):
    """Drag a take by hand to the place that has a text."""
    mouse = chat.page.mouse
    box = row(chat, name).locator(".cc-take-main").bounding_box()
    mouse.move(box["x"] + 20, box["y"] + 8)
    mouse.down()
    mouse.move(box["x"] + 30, box["y"] + 20, steps=4)
    place = chat.page.locator(".cc-drop", has_text=to)
    place.wait_for()
    target = place.bounding_box()
    mouse.move(target["x"] + 20, target["y"] + 20, steps=4)
    mouse.up()
    chat.bare.frame()


@pytest.mark.parametrize(
    ("to", "intent"),
    [
        ("Push to 2 Bass / slot 3", {"track": 2, "slot": 3, "new_track": False}),
        ("Push to a new track", {"track": 4, "slot": 3, "new_track": True}),
    ],
)
def test_a_take_that_is_dragged_can_be_dropped_on_the_places_that_show(chat, to, intent):
    drag(chat, "k1", to)

    assert chat.asked("push") == [{"type": "push", "take": "k1", **intent}]
    assert chat.page.locator(".cc-zone").is_hidden()


def test_what_is_dragged_tells_other_places_which_take_it_is(chat):
    held = chat.page.evaluate("""() => {
      const dataTransfer = new DataTransfer();
      const begins = new DragEvent("dragstart", { bubbles: true, dataTransfer });
      document.querySelector('[data-take="k1"]').dispatchEvent(begins);
      return [dataTransfer.getData("application/x-conduit-take"), dataTransfer.getData("text/plain")];
    }""")

    assert held == ["k1", "First"]


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        (["ArrowDown"], ["k3", "hear"]),
        (["ArrowDown", "ArrowDown", "ArrowDown"], ["k1", "hear"]),
        (["ArrowRight"], ["k2", "name"]),
        (["ArrowRight", "ArrowRight", "ArrowDown"], ["k3", "star"]),
        (["End"], ["k1", "hear"]),
        (["End", "Home"], ["k2", "hear"]),
    ],
    ids=" ".join,
)
def test_arrows_go_between_takes_and_what_can_be_done_with_them(chat, keys, place):
    for key in keys:
        chat.page.keyboard.press(key)

    assert focused(chat) == place


def test_the_takes_are_one_tab_stop(chat):
    stops = chat.page.locator('.cc-takes [tabindex="0"]').count()
    chat.page.keyboard.press("ArrowDown")
    chat.page.keyboard.press("Tab")

    assert stops == 1
    assert focused(chat)[0] is None


def test_space_on_a_name_is_heard(chat):
    row(chat, "k1").locator(".cc-take-main").press(" ")

    chat.bare.until(HEARD)


def test_a_take_that_is_gone_leaves_the_list_and_is_silent(chat):
    act(chat, "k1", "hear")
    chat.bare.until(HEARD)
    del chat.items["k1"]
    chat.put(tray={"kind": "tray", "order": ["k3", "k2"]})
    chat.bare.until(SILENT)

    assert names(chat) == ["Second", "Third"]


def test_a_change_of_one_take_of_hundreds_touches_that_one_and_draws_no_picture(bare):
    many = {f"k{i}": take(riff(f"Take {i}", by=i % 3)) for i in range(300)}
    chat = Chat(bare).open(with_takes(many))
    chat.open_side("tray")
    chat.page.evaluate(COUNT)
    chat.put(k7={**many["k7"], "name": "Lucky"})

    same = "() => window.pictures.every((one) => one.isConnected)"
    assert chat.page.evaluate("() => [...window.touched]") == ["k7"]
    assert chat.page.evaluate(same)


def test_many_takes_can_be_searched(bare):
    many = {f"k{i}": take(riff(f"Take {i}")) for i in range(12)}
    chat = Chat(bare).open(with_takes(many))
    chat.open_side("tray")
    chat.page.locator(".cc-find").fill("take 1")
    found = names(chat)
    chat.page.locator(".cc-find").fill("nothing like that")

    assert found == ["Take 1", "Take 10", "Take 11"]
    assert chat.texts(".cc-tray-empty") == ["No clip is called so."]


@pytest.fixture
def seen(bare, takes):
    """Give a panel with a clip in sight, and the drawer open."""
    parts = {
        "p2": {"kind": "clip", "clip": "c0", "take": "k3", "label": ""},
        "e1": entry("you", ["p1", "p2"]),
    }
    clips = {"c0": clip_item(riff("Third", by=2)), "c1": clip_item(riff("First"))}
    chat = Chat(bare).open(with_takes(takes, **parts, **clips))
    chat.page.locator(".cc-roll canvas").first.wait_for()
    chat.open_side("tray")
    return chat


def test_a_take_is_compared_with_the_clip_in_sight_on_a_sheet_that_escape_closes(seen):
    choose(seen, "k1", "compare")
    seen.page.locator(".cc-sheet canvas").first.wait_for()
    compared = seen.texts(".cc-sheet .cc-side-name")
    seen.page.keyboard.press("Escape")

    assert compared == ["Third", "First"]
    assert seen.page.locator(".cc-sheet").count() == 0
    assert focused(seen) == ["k1", "take-menu"]


def test_the_take_in_sight_is_not_compared_with_itself(seen):
    act(seen, "k3", "take-menu")

    assert row(seen, "k3").locator('.cd-pop [data-action="compare"]').count() == 0


@pytest.fixture
def gone(chat):
    """Give the panel after its kernel is gone."""
    chat.page.evaluate("() => document.getElementById('here').classList.add('jupyter-widgets-disconnected')")
    chat.page.evaluate("() => window.live()")
    chat.bare.until("() => document.querySelector('.conduit-chat').dataset.kernel === 'gone'")
    return chat


def test_with_the_kernel_gone_only_what_needs_none_is_offered(gone):
    act(gone, "k1", "take-menu")

    enabled = row(gone, "k1").locator(".cd-item:not(:disabled)").all_inner_texts()
    assert enabled == ["Go to its turn"]


def test_with_the_kernel_gone_a_clip_that_is_there_is_heard_and_no_other(gone):
    act(gone, "k3", "hear")
    said = gone.texts(".cc-toast")
    act(gone, "k1", "hear")
    gone.bare.until(HEARD)

    assert "is gone" in said[0]
    assert gone.page.locator("[data-sounds]").get_attribute("data-take") == "k1"


def test_with_the_kernel_gone_a_star_stays_as_it_is(gone):
    act(gone, "k1", "star")

    assert names(gone) == ["Second", "Third", "First"]
