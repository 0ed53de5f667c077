"""What the kernel's side of the session grid sends and takes."""

from __future__ import annotations

import pytest

from conduit.drawing.session import Column
from conduit.music import Clip, Note
from conduit.widgets.session_view import SessionView, pack_picture


def test_a_picture_is_four_bytes_a_note_and_spans_the_clip():
    clip = Clip.of([Note(36, 0, 4, 1), Note(127, 3.9, 0.1, 127)], length=4)

    assert list(pack_picture(clip)) == [0, 255, 36, 1, 249, 255, 127, 127]


def test_a_note_that_is_longer_than_the_clip_ends_with_its_picture():
    assert list(pack_picture(Clip.of([Note(60, 3, 9, 96)], length=4)))[:2] == [191, 255]


def test_a_picture_has_no_muted_notes_and_is_empty_without_any():
    muted = Note(60, 0, 1, 96, mute=True)

    assert pack_picture(Clip.of([muted], length=4)) == pack_picture(Clip.of([], length=4)) == b""


def test_the_picture_of_a_very_long_clip_stays_small():
    clip = Clip.of([Note(60, beat / 4, 0.25) for beat in range(5000)])

    assert len(pack_picture(clip)) == 1024


def test_a_track_goes_over_with_what_the_grid_shows_of_it():
    view = SessionView()

    view.show_tracks(
        [Column("Bass", midi=True, clips=(("Riff", 4.0), None), color=0xFF8800, playing=1, silent=True)],
        ["", "B"],
    )

    assert view.scenes == ["", "B"]
    assert view.tracks[0] | {"volume": None} == {
        "name": "Bass", "midi": True, "clips": [["Riff", 4.0], None], "color": "#ff8800", "mute": False,
        "solo": False, "volume": None, "devices": [], "silent": True, "playing": 1, "fired": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        ({"type": "fire", "track": 1, "slot": 2, "more": 3}, [{"type": "fire", "track": 1, "slot": 2}]),
        ({"type": "scene", "scene": 4}, [{"type": "scene", "scene": 4}]),
        ({"type": "fire", "track": "1", "slot": 2}, []),
        ({"type": "fire", "track": True, "slot": 2}, []),
        ({"type": "fire", "track": 1}, []),
        ({"type": "delete", "track": 1}, []),
        ("fire", []),
    ],
)
def test_only_wishes_of_the_list_are_handed_on(sent, taken):
    asked = []
    view = SessionView(on_intent=asked.append)

    view._handle_custom_msg(sent, [])

    assert asked == taken
