"""The tree of branches in a real browser: where each parts from its parent, and the way into it."""

from __future__ import annotations

import pytest
from widgets.chat_takes import Chat, document

pytestmark = pytest.mark.browser

TREE = [
    ["main", 9, "A bass line in A minor", False, "", 0],
    ["swing", 4, "The same with more swing", False, "main", 5],
    ["darker", 5, "Make it darker", True, "main", 3],
    ["dub", 1, "Now as dub", False, "darker", 4],
]
EVIL = '<img src=x onerror="window.hacked=1">'


@pytest.fixture
def chat(bare):
    """Give a panel with four branches, and the drawer open."""
    chat = Chat(bare).open(document(tree=TREE))
    chat.open_side("tree")
    return chat


def rows(chat):
    """Give level, words and facts of each branch that is shown."""
    return chat.page.evaluate("""() => [...document.querySelectorAll('[role="treeitem"]')].map((one) => [
      Number(one.ariaLevel), one.querySelector(".cc-branch-words").textContent, one.querySelector(".cc-branch-facts").textContent,
    ])""")  # fmt: skip  # noqa: E501


def focused(chat):
    return chat.page.evaluate(
        "() => document.activeElement.dataset.branch ?? document.activeElement.dataset.action"
    )


def press(chat, *keys):
    for key in keys:
        chat.page.keyboard.press(key)
    chat.bare.frame()


def test_each_branch_stands_under_the_one_that_it_parts_from_in_the_order_of_parting(chat):
    assert rows(chat) == [
        [1, "A bass line in A minor", "main · 9 turns"],
        [2, "Make it darker", "darker · 5 turns · after turn 3"],
        [3, "Now as dub", "dub · 1 turn · after turn 4"],
        [2, "The same with more swing", "swing · 4 turns · after turn 5"],
    ]


def test_the_branch_that_is_shown_is_marked_and_has_the_focus(chat):
    current = chat.page.locator('[aria-current="true"]')

    assert current.get_attribute("data-branch") == "darker"
    assert focused(chat) == "darker"


@pytest.mark.parametrize(
    ("keys", "branch"),
    [
        (["ArrowDown"], "dub"),
        (["ArrowUp"], "main"),
        (["ArrowLeft"], "main"),
        (["ArrowLeft", "ArrowLeft"], "main"),
        (["ArrowRight"], "dub"),
        (["ArrowRight", "ArrowRight"], "dub"),
        (["End"], "swing"),
        (["End", "ArrowDown"], "swing"),
        (["Home"], "main"),
    ],
    ids=" ".join,
)
def test_arrows_go_through_the_tree(chat, keys, branch):
    press(chat, *keys)

    assert focused(chat) == branch
    assert chat.page.locator('[role="treeitem"][tabindex="0"]').count() == 1


@pytest.mark.parametrize("key", ["Enter", " "])
def test_a_key_goes_into_a_branch(chat, key):
    press(chat, "ArrowDown", key)

    assert chat.asked("switch") == [{"type": "switch", "branch": "dub"}]


def test_a_click_goes_into_a_branch(chat):
    chat.page.locator('[data-branch="swing"]').click()

    assert chat.asked("switch") == [{"type": "switch", "branch": "swing"}]


def test_the_branch_that_is_shown_is_not_asked_for(chat):
    press(chat, "Enter")

    assert chat.asked("switch") == []


def test_the_mark_follows_and_the_focus_stays(chat):
    press(chat, "ArrowDown", "Enter")
    tree = [[name, turns, words, name == "dub", parent, at] for name, turns, words, _, parent, at in TREE]
    chat.put(panel={**chat.items["panel"], "tree": tree})

    assert chat.page.locator('[aria-current="true"]').get_attribute("data-branch") == "dub"
    assert focused(chat) == "dub"


def test_escape_closes_it_and_gives_the_focus_back(chat):
    press(chat, "Escape")

    assert chat.page.locator(".cc-forest").is_hidden()
    assert focused(chat) == "tree"


def test_a_conversation_without_branches_says_how_they_come(bare):
    chat = Chat(bare).open(document())

    chat.open_side("tree")

    assert len(rows(chat)) == 1
    assert "stays as a branch of its own" in chat.texts(".cc-tray-empty")[0]


def test_words_of_a_branch_are_text(bare):
    chat = Chat(bare).open(document(tree=[["main", 1, EVIL, True, "", 0]]))

    chat.open_side("tree")

    assert rows(chat)[0][1] == EVIL
    assert chat.page.evaluate("() => window.hacked") is None


def test_branches_that_claim_each_other_or_nobody_as_parents_are_all_shown(bare):
    tree = [["a", 1, "", True, "b", 1], ["b", 1, "", False, "a", 1], ["c", 1, "", False, "lost", 2]]
    chat = Chat(bare).open(document(tree=[*tree, ["d", 1, "", False, "d", 1]]))

    chat.open_side("tree")

    assert sorted(facts.split(" ")[0] for _, _, facts in rows(chat)) == ["a", "b", "c", "d"]
