"""The tray of the panel: every take as an item, at little cost."""

from __future__ import annotations

import pytest
from conduit_magics.chat.tray import tray_items

from conduit.drawing import CLIP_COLOURS, colour_of
from conduit.keys import Keys
from conduit.music import Clip, Note
from conduit.settings import Settings
from conduit.studio import Studio
from conduit.widgets.session_view import pack_picture

KEY = "sk-proj-" + "a1B2c3D4" * 4
BASS = Clip.of(
    [Note(45, beat, 0.5) for beat in range(16)], length=16, name="Bass", instrument="bass", key="A minor"
)
HIT = Clip.of([Note(36, 0, 0.5)], length=4, name="Hit", instrument="drums", bpm=124)


@pytest.fixture
def studio():
    """A studio that keeps nothing and knows a key."""
    keys = Keys({"OPENAI_API_KEY": KEY})
    made = Studio(settings=Settings(live="simulated", store="memory"), keys=keys)
    yield made
    made.close()


def do(studio, work):
    async def there():
        return work()

    return studio.call(there())


def put(studio, *clips, node=""):
    do(studio, lambda: studio.shelf.put(clips, by={}, node=node))
    return list(studio.shelf.takes)[-len(clips) :]


def test_a_take_is_an_item_with_what_a_person_wants_to_know(studio):
    (take,) = put(studio, BASS, node="b2:1")

    items = tray_items(studio, {"b2:1": "e7"})

    assert items[take.id] == {
        "kind": "take",
        "name": "Bass",
        "star": False,
        "words": "4 bars · A minor · 120 bpm · 16 notes",
        "ink": CLIP_COLOURS[colour_of(BASS)],
        "picture": pack_picture(BASS),
        "entry": "e7",
        "clip": "",
        "at": take.at,
    }


def test_a_clip_without_a_key_and_of_one_bar_is_said_so(studio):
    (take,) = put(studio, HIT)

    item = tray_items(studio, {})[take.id]

    assert (item["words"], item["entry"]) == ("1 bar · 124 bpm · 1 note", "")


def test_the_tray_has_the_newest_first(studio):
    takes = [put(studio, clip)[0] for clip in (BASS, HIT)]

    items = tray_items(studio, {})

    assert items["tray"] == {"kind": "tray", "order": [takes[1].id, takes[0].id]}
    assert set(items) == {"tray", *(take.id for take in takes)}


def test_without_takes_the_tray_is_empty(studio):
    assert tray_items(studio, {}) == {"tray": {"kind": "tray", "order": []}}


def test_names_stars_and_edits_are_shown(studio):
    (take,) = put(studio, BASS)
    before = tray_items(studio, {})[take.id]
    after = BASS.with_table(BASS.table[:1])
    do(studio, lambda: studio.shelf.takes.rename(take.id, "Low"))
    do(studio, lambda: studio.shelf.takes.star(take.id, on=True))
    studio.call(studio.edited(BASS, after))

    item = tray_items(studio, {})[take.id]

    assert (item["name"], item["star"], item["picture"]) == ("Low", True, pack_picture(after))
    assert item["words"].endswith("1 note")
    assert item["at"] == before["at"]


def test_a_secret_in_one_name_is_taken_out_and_the_others_are_whole(studio):
    secret, plain = put(studio, BASS.with_(name=f"for {KEY}"), HIT)

    items = tray_items(studio, {})

    assert KEY not in items[secret.id]["name"]
    assert items[secret.id]["name"].startswith("for ")
    assert items[plain.id]["name"] == "Hit"


def test_what_no_page_should_meet_is_replaced_in_a_name(studio):
    (take,) = put(studio, BASS.with_(name="a\u202eb"))

    assert tray_items(studio, {})[take.id]["name"] == "a\ufffdb"


def test_a_take_that_did_not_change_is_not_drawn_again(studio):
    (take,) = put(studio, BASS)

    first, second = (tray_items(studio, {})[take.id]["picture"] for _ in range(2))

    assert first is second
