from __future__ import annotations

import threading

import pytest

from conduit.music import Clip, Note
from conduit.widgets import ClipView
from conduit.widgets.packing import pack_clip

BASS = Clip.of([Note(45, 0, 1), Note(48, 1, 1)], name="Bass", key="A minor", instrument="bass")
DRUMS = Clip.of([Note(36, 0, 0.25)], name="Beat", instrument="drums")


def heard(view: ClipView) -> list[tuple[dict[str, object], list[bytes]]]:
    """Collect the custom messages that a view sends from now on."""
    found: list[tuple[dict[str, object], list[bytes]]] = []
    view.send = lambda content, buffers=None: found.append((content, buffers or []))
    return found


def test_a_clip_that_is_shown_is_packed_with_its_facts():
    view = ClipView()

    view.show_clip(BASS, colour=3)

    assert view.clips == [{**pack_clip(BASS, colour=3), "epoch": 1}]
    assert (view.clip, view.epoch, view.edits) == (BASS, 1, 0)


def test_a_clip_is_shown_by_setting_it():
    view = ClipView(BASS)

    view.clip = DRUMS

    assert view.clips == [{**pack_clip(DRUMS), "epoch": 2}]


def test_several_clips_stand_beside_each_other():
    view = ClipView()

    view.show_clips([BASS, DRUMS])

    assert view.parts == (BASS, DRUMS)
    assert [one["name"] for one in view.clips] == ["Bass", "Beat"]


def test_what_is_shown_already_is_not_shown_again():
    view = ClipView(BASS)

    view.show_clip(BASS)

    assert view.epoch == 1


def test_another_version_stands_beside_the_clip_until_it_is_taken_away():
    view = ClipView(BASS)

    view.compare(DRUMS, label="take B")
    shown = view.other
    view.compare(None)

    assert (shown, view.other) == (pack_clip(DRUMS, label="take B"), {})


def test_a_colour_outside_the_palette_is_refused():
    with pytest.raises(ValueError, match="colour 12 is outside 0-11"):
        ClipView().show_clip(BASS, colour=12)


def test_state_that_is_not_given_stays():
    view = ClipView()
    view.show_state(phase="streaming", text="Here")

    view.show_state(footer="offline")

    assert view.state == {"phase": "streaming", "text": "Here", "error": "", "footer": "offline"}


def test_details_are_pairs_that_unfold_under_the_footer():
    view = ClipView()

    view.show_state(details=[("cost", "free")])

    assert view.state["details"] == [["cost", "free"]]


def test_remarks_are_sentences_beside_the_clip():
    view = ClipView()

    view.show_state(remarks=("2 notes were left out.",))

    assert view.state["remarks"] == ["2 notes were left out."]


def test_a_cleared_clip_leaves_no_notes():
    view = ClipView()
    view.show_clip(BASS)

    view.clear_clip()

    assert (view.clips, view.clip) == ([], None)


def test_an_unknown_phase_is_refused_with_the_valid_ones():
    with pytest.raises(ValueError, match="empty, streaming, ready, interrupted, failed"):
        ClipView().show_state(phase="done")


def test_a_plan_carries_what_was_there_before():
    view = ClipView()

    view.show_plan("p1", sentence="Write", tier="overwrites", seconds_left=300, overwrites=True, before=BASS)

    assert view.plan["before"] == pack_clip(BASS)
    assert view.plan["status"] == "pending"


def test_a_plans_status_changes_without_the_rest():
    view = ClipView()
    view.show_plan("p1", sentence="Write", tier="creates", seconds_left=300)

    view.show_plan_status("applied", result="Pushed")

    assert (view.plan["id"], view.plan["status"], view.plan["result"]) == ("p1", "applied", "Pushed")


def test_a_status_without_a_plan_is_refused():
    with pytest.raises(ValueError, match="no plan is shown"):
        ClipView().show_plan_status("applied")


@pytest.mark.parametrize(
    ("sent", "handed_on"),
    [
        pytest.param({"type": "stop"}, [{"type": "stop"}], id="stop"),
        pytest.param(
            {"type": "push", "track": 2, "slot": 3, "new_track": False, "part": 0, "more": 1},
            [{"type": "push", "track": 2, "slot": 3, "new_track": False, "part": 0}],
            id="only-listed-fields",
        ),
        pytest.param(
            {"type": "push", "track": "2", "slot": 3, "new_track": False, "part": 0}, [], id="wrong-type"
        ),
        pytest.param(
            {"type": "push", "track": True, "slot": 3, "new_track": False, "part": 0},
            [],
            id="bool-is-no-track",
        ),
        pytest.param({"type": "approve"}, [], id="missing-field"),
        pytest.param({"type": "format_disk"}, [], id="unknown"),
        pytest.param({"type": ["stop"]}, [], id="unhashable"),
        pytest.param("stop", [], id="not-a-dict"),
    ],
)
def test_only_listed_intents_are_handed_on(sent, handed_on):
    got: list[dict[str, object]] = []
    view = ClipView(on_intent=got.append)

    view._handle_custom_msg(sent, [])

    assert got == handed_on


def test_hello_is_answered_and_is_no_intent():
    got: list[dict[str, object]] = []
    view = ClipView(on_intent=got.append)
    messages = heard(view)

    view._handle_custom_msg({"type": "hello"}, [])

    assert messages == [({"type": "routed", "beside": False}, [])]
    assert got == []


class Shell:
    """A shell whose kernel has subshells, in the middle of a message that came by one or by none."""

    _supports_kernel_subshells = True

    def __init__(self, subshell: str | None) -> None:
        self.kernel = self
        self.subshell = subshell

    def get_parent(self, _channel: str) -> dict[str, dict[str, str | None]]:
        return {"header": {"subshell_id": self.subshell}}


@pytest.mark.parametrize(
    ("subshell", "hello", "answers"),
    [
        pytest.param("s1", {}, [{"type": "routed", "beside": True}], id="own-route"),
        pytest.param("s1", {"ping": True}, [{"type": "routed", "beside": True}], id="ping-own-route"),
        pytest.param(None, {}, [], id="not-yet-routed"),
        pytest.param(None, {"ping": True}, [{"type": "alive", "beside": False}], id="ping-by-any-route"),
    ],
)
def test_a_ping_is_answered_by_any_route_and_tells_which(monkeypatch, subshell, hello, answers):
    monkeypatch.setattr("conduit.widgets.widget.get_ipython", lambda: Shell(subshell))
    view = ClipView()
    messages = heard(view)

    view._handle_custom_msg({"type": "hello", **hello}, [])

    assert [content for content, _ in messages] == answers


def test_the_representation_has_no_address():
    view = ClipView()
    view.show_clip(BASS)

    assert repr(view) == "<ClipView 'Bass', 2 notes>"
    assert view._repr_mimebundle_()[0]["text/plain"] == "<ClipView 'Bass', 2 notes>"


def test_no_thread_undoes_what_another_says():
    view = ClipView()
    said = {"text": "x", "footer": "y", "error": "z", "remarks": ["w"]}
    writers = [threading.Thread(target=view.show_state, kwargs={name: said[name]}) for name in said]

    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert {name: view.state[name] for name in said} == said


def test_a_view_opens_with_what_it_shows_and_says_no_more():
    opened, later = [], []

    class Heard(ClipView):
        def open(self):
            super().open()
            opened.append(self.get_state())
            later.clear()

        def send_state(self, key=None):
            later.append(key)

    Heard(clips=[BASS, BASS.transpose(12)], phase="ready")

    assert [len(clip["notes"]) for clip in opened[0]["clips"]] == [12 * len(BASS)] * 2
    assert opened[0]["state"]["phase"] == "ready"
    assert later == []
