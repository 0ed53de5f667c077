"""What a musician expects of an editor: where play starts, that a clip grows, that the keys stay with the notes."""

from __future__ import annotations

import pytest
from widgets.hand import CLIP, ROWS, Hand

from conduit.music import Clip, Note

pytestmark = pytest.mark.browser

ALL = "Control+a"


@pytest.fixture
def hand(bare, ready):
    hand = Hand(bare, ready, CLIP)
    hand.focus()
    return hand


def played_from(hand, *keys):
    """Press keys that let it play; give the beat from which it plays."""
    hand.press(*keys)
    hand.bare.until("() => __conduit_sound.owner && __conduit_sound.beat(__conduit_sound.owner) !== null")
    return hand.page.evaluate("() => __conduit_sound.from")


def stopped(hand, *keys):
    """Press keys that stop it; give the beat that was heard before."""
    beat = hand.page.evaluate("() => __conduit_sound.beat(__conduit_sound.owner)")
    hand.press(*keys)
    hand.bare.until("() => !__conduit_sound.owner")
    return beat


def heard_past(hand, beat):
    hand.bare.until(f"() => __conduit_sound.beat(__conduit_sound.owner) > {beat}")


def test_play_starts_at_the_place_that_was_clicked_each_time(hand):
    hand.click(hand.at(6.1, 62))

    first = played_from(hand, "Space")
    heard_past(hand, 6.2)
    stopped(hand, "Space")

    assert (first, played_from(hand, "Space")) == (6, 6)
    assert hand.sent() == []


def test_play_starts_at_the_place_on_the_ruler_on_the_grid_unless_the_grid_is_left(hand):
    hand.click(hand.over("ruler", 8.06, 16))
    on = played_from(hand, "Space")
    stopped(hand, "Space")
    hand.click(hand.over("ruler", 8.1, 16), "Alt")

    assert on == 8
    assert played_from(hand, "Space") == pytest.approx(8.1, abs=0.02)


def test_the_ruler_and_the_caret_are_one_place(hand):
    hand.press(*["ArrowRight"] * 3)
    by_keys = hand.page.locator(".cd-position").inner_text()
    hand.click(hand.over("ruler", 4, 16))
    hand.press("Enter")

    assert by_keys == "1.1.3"
    assert (4, 0.25) in [row[1:3] for row in hand.notes]


def test_it_goes_on_from_where_it_stopped_and_its_start_stays(hand):
    hand.click(hand.at(2, 61))
    played_from(hand, "Space")
    heard_past(hand, 2.4)
    reached = stopped(hand, "Space")

    on = played_from(hand, "Shift+Space")
    stopped(hand, "Shift+Space")

    assert reached <= on < reached + 1
    assert played_from(hand, "Space") == 2


def test_a_click_in_the_grid_leaves_what_plays_and_says_where_it_starts_the_next_time(hand):
    played_from(hand, "Space")
    hand.click(hand.at(10, 61))
    still = hand.page.evaluate("() => __conduit_sound.from")
    beat = stopped(hand, "Space")

    assert still == 0
    assert beat < 8
    assert played_from(hand, "Space") == 10


def test_play_from_inside_the_loop_comes_round_to_its_start(bare, ready):
    hand = Hand(bare, ready, CLIP.with_(loop_ticks=(4 * CLIP.ppq, 8 * CLIP.ppq), bpm=300))
    hand.focus()
    hand.click(hand.at(7, 61))

    start = played_from(hand, "Space")
    hand.bare.until("() => __conduit_sound.beat(__conduit_sound.owner) < 6")

    assert start == 7
    assert hand.page.evaluate("() => __conduit_sound.beat(__conduit_sound.owner)") >= 4


def test_what_is_duplicated_past_the_end_makes_the_clip_longer_by_whole_bars_in_the_same_edit(hand):
    hand.press(ALL, "Control+d")

    assert hand.notes == [*ROWS, (60, 12, 1, 60), (64, 14, 1, 80), (67, 16, 2, 100), (69, 20, 1, 120)]
    assert hand.clip.length == 24
    assert hand.undo().length == 16
    assert hand.notes == ROWS


def test_what_is_pasted_at_the_end_makes_the_clip_longer_by_whole_bars(hand):
    hand.press(*["ArrowRight"] * 62)
    hand.clipboard("paste", "1 | 1:A2/4v90\n2 | 16:C3/1v90")

    assert hand.clip.length == 24
    assert hand.notes == [*ROWS, (57, 15.25, 1, 90), (60, 23, 0.25, 90)]


@pytest.mark.parametrize(
    ("changes", "length"), [((), 18), (((15, "4/4"),), 19)], ids=["3/4", "a bar of 4/4 after five"]
)
def test_bars_that_are_added_have_the_metre_at_the_end(bare, ready, changes, length):
    hand = Hand(bare, ready, Clip.of([Note(60, 12, 3)], length=15, meter="3/4", meter_changes=changes))
    hand.focus()
    hand.press(ALL, "Control+d")

    assert hand.clip.length == length


def test_a_phrase_that_rings_over_its_bar_by_a_hair_comes_again_on_the_next(bare, ready):
    hand = Hand(bare, ready, CLIP.with_table(Clip.of([Note(60, 0, 1), Note(62, 3, 1.05)]).table))
    hand.focus()
    hand.press(ALL, "Control+d")

    assert [note.start for note in hand.clip.notes] == [0, 3, 4, 7]


def test_a_loop_keeps_its_place_where_the_clip_gets_longer(bare, ready):
    hand = Hand(bare, ready, CLIP.with_(loop_ticks=(0, 8 * CLIP.ppq)))
    hand.focus()
    hand.press(ALL, "Control+d")

    assert (hand.clip.length, hand.clip.loop) == (24, (0, 8))


def test_what_is_added_past_the_end_is_brought_into_sight(hand):
    hand.press(ALL, "Control+d")
    hand.bare.frame()

    first, last = hand.page.evaluate(
        """() => {
          const strip = document.querySelector(".cd-overview").getBoundingClientRect();
          const window = document.querySelector(".cd-window").getBoundingClientRect();
          return [window.left, window.right].map((x) => (x - strip.left) / strip.width * 24);
        }"""
    )

    assert first <= 12
    assert last > 21


def test_escape_leaves_the_selection_then_the_caret_and_keeps_the_keys(hand):
    hand.press("n", "Escape")
    caret = hand.says("C3, 1.1.1")
    hand.press("Escape", "Escape")
    hand.bare.frame()

    assert caret
    assert not hand.page.locator(".cd-caret").is_visible()
    assert hand.has_keys


@pytest.mark.parametrize("control", ["loop", "tempo"])
def test_escape_comes_back_to_the_roll_from_its_bar(hand, control):
    hand.press("n")
    hand.page.locator(f'[data-action="{control}"]').focus()
    hand.press("Escape")

    assert hand.has_keys
    assert hand.says("Selected: C3")


def test_escape_closes_the_sheet_and_leaves_the_caret(hand):
    hand.press("ArrowRight", "?")
    hand.bare.until("() => document.querySelector('.cd-sheet:popover-open')")
    hand.press("Escape")
    hand.bare.frame()

    assert hand.page.locator(".cd-sheet:popover-open").count() == 0
    assert hand.page.locator(".cd-caret").is_visible()
    assert hand.has_keys


def test_escape_in_the_tempo_takes_back_what_was_typed(hand):
    field = hand.page.locator(".cd-bpm")
    field.focus()
    hand.press("9", "9", "Escape")

    assert field.input_value() == "120"
    assert hand.sent() == []
