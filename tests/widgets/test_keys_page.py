"""The roll by keyboard alone: what each key makes of the clip in Python, and that one undo takes it back."""

from __future__ import annotations

import pytest
from widgets.hand import CLIP, NOTES, ROWS, Hand, but

from conduit.music import Clip, ControlChange, Note, read_clip, write_clip

pytestmark = pytest.mark.browser

ALL = "Control+a"


@pytest.fixture
def hand(bare, ready):
    hand = Hand(bare, ready, CLIP)
    hand.focus()
    return hand


ONE_STEP = {
    "right": (["n", "ArrowRight"], but((60, 0.25, 1, 60), without=[0])),
    "left": (["n", "n", "ArrowLeft"], but((64, 1.75, 1, 80), without=[1])),
    "up": (["n", "ArrowUp"], but((61, 0, 1, 60), without=[0])),
    "down": (["n", "ArrowDown"], but((59, 0, 1, 60), without=[0])),
    "octave up": (["n", "Shift+ArrowUp"], but((72, 0, 1, 60), without=[0])),
    "octave down": (["n", "Shift+ArrowDown"], but((48, 0, 1, 60), without=[0])),
    "a 64th later": (["n", "Alt+ArrowRight"], but((60, 0.0625, 1, 60), without=[0])),
    "a 64th sooner": (["n", "n", "Alt+ArrowLeft"], but((64, 1.9375, 1, 80), without=[1])),
    "longer": (["n", "Shift+ArrowRight"], but((60, 0, 1.25, 60), without=[0])),
    "shorter": (["n", "Shift+ArrowLeft"], but((60, 0, 0.75, 60), without=[0])),
    "louder": (["n", "Alt+ArrowUp"], but((60, 0, 1, 65), without=[0])),
    "softer": (["n", "Alt+ArrowDown"], but((60, 0, 1, 55), without=[0])),
    "deleted": (["n", "n", "Delete"], but(without=[1])),
    "deleted by backspace": (["n", "Shift+N", "n", "x", "Backspace"], but(without=[1, 2])),
    "duplicated": (["n", "x", "Control+d"], but((60, 4, 1, 60), (64, 6, 1, 80))),
    "a figure duplicated": (["n", "Control+d"], but((60, 1, 1, 60))),
    "split at the grid": (
        ["n", "Control+Shift+E"],
        but(*[(60, start / 4, 0.25, 60) for start in range(4)], without=[0]),
    ),
    "split at the caret": (
        ["n", "Escape", "ArrowRight", "ArrowRight", "Control+e"],
        but((60, 0, 0.5, 60), (60, 0.5, 0.5, 60), without=[0]),
    ),
    "legato": ([ALL, "Shift+L"], [(60, 0, 2, 60), (64, 2, 2, 80), (67, 4, 4, 100), (69, 8, 8, 120)]),
    "tilted": (
        [ALL, "Alt+Shift+ArrowUp"],
        [(60, 0, 1, 55), (64, 2, 1, 78), (67, 4, 2, 100), (69, 8, 1, 125)],
    ),
    "drawn at the caret": (["ArrowRight", "ArrowRight", "ArrowUp", "Enter"], but((66, 0.25, 0.25, 96))),
    "under the caret": (["n", "Escape", "Delete"], but(without=[0])),
}


@pytest.mark.parametrize(("keys", "expected"), ONE_STEP.values(), ids=ONE_STEP)
def test_a_key_is_one_edit(hand, keys, expected):
    hand.press(*keys)

    assert hand.notes == expected
    assert hand.undo().notes == CLIP.notes


def test_mute_keeps_notes_and_silences_them(hand):
    hand.press("n", "x", "m")

    assert [note.mute for note in hand.clip.notes] == [True, True, False, False]
    hand.press("m")
    assert not any(note.mute for note in hand.clip.notes)


def test_notes_are_quantised_to_the_grid_wholly_or_half_way(bare, ready):
    hand = Hand(bare, ready, CLIP.with_table(Clip.of([Note(60, 0.3, 1), Note(64, 2.2, 1)]).table))
    hand.focus()
    hand.press("Shift+G", "Shift+G", "Shift+G", "Shift+G", "Shift+G", "Shift+G", ALL, "Control+Shift+U")
    half = [note.start for note in hand.clip.notes]
    hand.undo()
    hand.press(ALL, "Control+u")

    assert half == pytest.approx([0.15, 2.1], abs=1e-3)
    assert [note.start for note in hand.clip.notes] == [0, 2]


def test_joined_notes_are_one(bare, ready):
    hand = Hand(bare, ready, CLIP.with_table(Clip.of([Note(60, 0, 1), Note(60, 2, 1), Note(64, 3, 1)]).table))
    hand.focus()
    hand.press(ALL, "Control+j")

    assert hand.notes == [(60, 0, 3, 96), (64, 3, 1, 96)]
    assert len(hand.undo().notes) == 3


def test_undo_and_redo_go_all_the_way(hand):
    hand.press("n", *["ArrowUp"] * 12)
    hand.press(*["Control+z"] * 14)
    back = hand.notes
    hand.press(*["Control+y"] * 6, *["Control+Shift+Z"] * 6)

    assert back == ROWS
    assert hand.notes[0] == (72, 0, 1, 60)


def test_a_caret_draws_note_after_note(hand):
    hand.press("ArrowRight", "Enter", "Enter", "ArrowRight", "Enter")

    drawn = [row for row in hand.notes if row[3] == 96]
    assert [row[1:3] for row in drawn] == [(0, 0.25), (0.25, 0.25), (0.75, 0.25)]


def test_the_next_note_and_the_one_before_are_selected_and_named(hand):
    for key, name in (("n", "C3"), ("n", "E3"), ("n", "G3"), ("Shift+N", "E3")):
        hand.press(key)
        assert hand.says(f"Selected: {name}")


def test_the_loop_and_the_clips_end_are_set_at_the_caret(hand):
    hand.press(*["ArrowRight"] * 5, "[", *["ArrowRight"] * 4, "]", *["ArrowRight"] * 4, "Shift+End")

    assert hand.clip.loop == (1, 2)
    assert hand.clip.length == 3
    assert hand.undo().length == 16


def test_a_control_is_set_at_the_caret(bare, ready):
    moves = [ControlChange(1, 0, 40)]
    hand = Hand(bare, ready, Clip.of(NOTES, length=16, controls=moves))
    hand.page.locator(".cd-side .cd-menu button").first.click()
    hand.page.locator(".cd-pop:popover-open [role^=menuitem]", has_text="Modulation").click()
    hand.focus()
    hand.press(*["ArrowRight"] * 2, "ArrowDown", "Alt+ArrowUp")

    assert list(hand.clip.controls) == [*moves, ControlChange(1, 0.25, 45)]


def test_what_is_copied_is_notation_and_pasted_at_the_caret(hand):
    hand.press("n", "x", "Control+c", "Escape", *["ArrowRight"] * 12, "Control+v")

    assert hand.notes == but((60, 3, 1, 60), (64, 5, 1, 80))
    assert hand.undo().notes == CLIP.notes


def test_cut_takes_away_what_it_copies(hand):
    hand.press("n", "Control+x")
    left = hand.notes
    hand.press("Control+v")

    assert left == but(without=[0])
    assert hand.notes == ROWS


def test_copied_text_reads_as_the_same_notes_in_a_clip_text(hand):
    hand.press(ALL)
    text = hand.clipboard("copy")

    assert text.splitlines()[0] == "1 | 1:C3/4v60 9:E3v80"
    assert read_clip(f"clip Line | 4 bars | C major\n{text}").notes == CLIP.notes


def test_notation_is_pasted_and_what_cannot_be_read_is_told(hand):
    hand.press(*["ArrowRight"] * 5)
    hand.clipboard("paste", f"1 | 1:A2,C3/2v90 wrong 5:E3\n2 = 7\n1 | {'long' * 20}")

    assert hand.notes == but((57, 1, 0.5, 90), (60, 1, 0.5, 90), (64, 2, 0.5, 90), without=[1])
    assert hand.told == "Not read: wrong, 2 = 7, longlonglonglonglonglong…"


def test_a_cell_that_repeats_bars_is_pasted_with_all_of_them(hand):
    hand.press("ArrowRight")
    text = write_clip(Clip.of([Note(62, 4 * bar + 1, 0.5, 90) for bar in range(4)], length=16))
    hand.clipboard("paste", text)

    assert " = 1" in text
    assert hand.notes == but(*[(62, 4 * bar, 0.5, 90) for bar in range(4)])


def test_view_keys_change_no_note(hand):
    hand.press("b", "g", "f", "s", "v", "+", "-", "0", "l", "Home")

    assert hand.sent() == []
    assert hand.page.locator(".cd-roll[data-folded]").count() == 1


def test_keys_are_kept_from_the_notebook_but_those_it_needs(hand):
    hand.page.evaluate(
        "() => { window.heard = []; document.addEventListener('keydown', (e) => window.heard.push(e.key)); }"
    )

    hand.press(
        "n", "b", "a", "ArrowRight", "Control+d", "Control+z", "Control+c", "Control+s", "Control+Enter"
    )

    heard = [key for key in hand.page.evaluate("() => window.heard") if key != "Control"]
    assert heard == ["s", "Enter"]


def test_a_field_keeps_its_own_keys_and_no_others(hand):
    field = hand.page.locator(".cd-bar input").first
    field.focus()
    hand.page.evaluate(
        "() => { window.heard = []; document.addEventListener('keydown', (e) => window.heard.push(e.key)); }"
    )

    hand.press("1", "Control+z", "Control+a", "Control+s")

    assert [key for key in hand.page.evaluate("() => window.heard") if key != "Control"] == ["s"]


def test_hosts_that_hear_keys_first_are_told_which_are_the_views(hand):
    hand.page.evaluate(
        """() => {
          window.left = [];
          document.addEventListener("keydown", ({ key, target }) => {
            if (!target.hasAttribute("data-lm-suppress-shortcuts")) window.left.push(key);
          }, true);
        }"""
    )

    hand.press("b", "Shift+Enter", "Control+s", "Control+d", "m", "Control+Enter")

    assert [key for key in hand.page.evaluate("() => window.left") if key != "Control"] == ["s", "Enter"]


def test_the_list_of_shortcuts_names_the_keys_of_the_machine(bare, ready):
    bare.page.add_init_script("Object.defineProperty(navigator, 'platform', { get: () => 'MacIntel' })")
    hand = Hand(bare, ready, CLIP)
    hand.focus()
    hand.press("Meta+a", "?")
    hand.bare.frame()

    listed = hand.page.locator(".cd-pop:popover-open").inner_text()
    assert "⌘ Z" in listed
    assert "Ctrl" not in listed
    assert hand.says("4 notes selected")


def test_the_list_of_shortcuts_opens(hand):
    hand.press("?")
    hand.bare.frame()

    assert "Quantise" in hand.page.locator(".cd-pop:popover-open").inner_text()
