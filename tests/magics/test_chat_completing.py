"""What the chat panel's input offers: commands after a slash, variables and takes after an at."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from conduit_magics.chat.completing import MOST, complete, note_of
from conduit_magics.chat.mentions import mention
from conduit_magics.chat.slash import NOT_HERE
from conduit_magics.verbs import VERBS

from conduit.audio import render
from conduit.music import Arrangement, Clip, Note
from conduit.studio.takes import Take

BASS = Clip.of([Note(45, 0, 1)], length=16, name="Acid", instrument="bass")
TAKES = [
    Take("k1", BASS, BASS, called="acid bass", at=1.0),
    Take("k2", BASS, BASS, called="bassline", at=2.0),
]


@pytest.fixture
def desk(ip, studio):
    del studio
    return ip.magics_manager.registry["ConduitMagics"].desk


def offered(desk, text, takes=(), at=None):
    """Give what a text becomes with each of the offers, at the cursor, which stands at the end."""
    at = len(text) if at is None else at
    begin, offers = complete(desk, takes, text, at)
    return [text[:begin] + offer for offer, _ in offers]


def test_a_slash_offers_every_verb_that_runs_here_with_its_help(desk):
    begin, offers = complete(desk, [], "/", 1)

    assert begin == 0
    assert offers == [(f"/{name}", verb.help) for name, verb in VERBS.items() if name not in NOT_HERE][:MOST]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("/app", ["/approve"]),
        ("/APP", ["/approve"]),
        ("/pul", ["/pull"]),
        ("/circuit", ["/reset-circuit"]),
        ("/set nam", ["/set name"]),
        ("/cost by pro", ["/cost by provider"]),
        ("/cost pro", ["/cost provider"]),
        ("/push --t", ["/push --track"]),
        ("/push bass --n", ["/push bass --new-track"]),
        ("/help pu", ["/help push", "/help pull"]),
        ("/live h", ["/live hear"]),
        ("/live evice", ["/live device"]),
        ("/xyzzy a", []),
        ("/seal", []),
        ("/panel --", []),
    ],
)
def test_what_was_typed_is_completed_by_its_beginning_then_by_a_part(desk, text, first):
    found = offered(desk, text)

    assert found[: len(first)] == first
    assert found or not first


def test_a_part_of_a_models_name_finds_the_model(desk, script):
    script("x", provider="quartz")

    found = offered(desk, "/use uart")

    assert "/use quartz" in found
    assert all("uart" in name for name in found)


def test_branches_are_offered_by_name(desk, studio, ip):
    ip.run_cell("%%conduit -n -m offline\nacid bass", store_history=False)
    ip.run_cell("%conduit branch darker", store_history=False)

    assert offered(desk, "/switch d") == ["/switch darker"]
    assert "main" in studio.session.tree.branches


@pytest.mark.parametrize("text", ["a /", "//", "//pu", "words", "/push\n/", "", "a@bass", "a.@b", "`x"])
def test_nothing_is_offered_where_no_command_and_no_mention_begins(desk, ip, text):
    ip.user_ns["bass"] = BASS

    assert complete(desk, TAKES, text, len(text)) == (len(text), [])


def test_only_what_stands_before_the_cursor_counts(desk):
    assert offered(desk, "/app me", at=4) == ["/approve"]


def test_a_clip_is_offered_to_be_pushed(desk, ip):
    ip.user_ns.update(bass=BASS, base=3)

    assert complete(desk, [], "/push ba", 8) == (6, [("bass", "Clip, 4 bars")])


def test_clips_come_before_takes_and_takes_before_other_variables(desk, ip):
    ip.user_ns.update(bass_notes=[1, 2], bass=BASS, contrabass=BASS)

    begin, offers = complete(desk, TAKES, "over @bas", 9)

    assert begin == 5
    assert offers == [
        ("@bass", "Clip, 4 bars"),
        ("@bassline", "take, 4 bars"),
        ("@bass_notes", "list of 2"),
        ("@contrabass", "Clip, 4 bars"),
        ('@"acid bass"', "take, 4 bars"),
    ]


def test_a_quote_offers_takes_alone(desk, ip):
    ip.user_ns["acid"] = BASS

    assert offered(desk, 'over @"acid b', TAKES) == ['over @"acid bass"']
    assert offered(desk, '@"', TAKES) == ['@"acid bass"', '@"bassline"']


def test_what_is_offered_is_what_a_message_understands(desk, ip):
    ip.user_ns["bass"] = BASS

    for text in offered(desk, "over @", TAKES):
        assert "<data" in mention(text, {"bass": BASS}, TAKES) or "bass" not in text


def test_a_take_whose_name_has_a_quote_cannot_be_mentioned_and_is_not_offered(desk):
    assert offered(desk, "@gong", [Take("k3", BASS, BASS, called='8" gong')]) == []


def test_a_variable_goes_before_a_take_of_its_name(desk, ip):
    ip.user_ns["bassline"] = 4

    assert complete(desk, TAKES, "@bassl", 6)[1] == [("@bassline", "number")]


@pytest.mark.parametrize(
    "name", ["_clip", "math", "fun", "Kind", "In", "Out", "get_ipython", "exit", "open", "api_token"]
)
def test_what_cannot_be_sent_or_is_ipythons_own_is_not_offered(desk, ip, name):
    def fun():
        """Do nothing."""

    ip.user_ns.update(_clip=BASS, math=math, fun=fun, Kind=type("Kind", (), {}), api_token=4)
    ip.run_cell("1", store_history=True)

    assert f"@{name}" not in offered(desk, f"@{name}")


def test_a_cursor_is_counted_as_browsers_count(desk, ip):
    ip.user_ns["bass"] = BASS
    text = "🎸 over @ba and on"
    cursor = len("🎸 over @ba".encode("utf-16-le")) // 2

    assert complete(desk, [], text, cursor) == (8, [("@bass", "Clip, 4 bars")])


@pytest.mark.parametrize("at", [-5, 0, 1, 10_000])
def test_a_cursor_that_cannot_be_breaks_nothing(desk, at):
    begin, _ = complete(desk, [], "🎸\ud800 @", at)

    assert 0 <= begin <= 5


def test_of_a_users_object_nothing_is_called(desk, ip):
    called = []

    class Meta(type):
        def __getattribute__(cls, name):
            called.append(name)
            return super().__getattribute__(name)

    class Trap(metaclass=Meta):
        def __getattribute__(self, name):
            called.append(name)
            return super().__getattribute__(name)

        def __repr__(self):
            called.append("repr")
            return "trap"

        def __len__(self):
            called.append("len")
            return 1

    class Own(list):
        def __len__(self):
            called.append("len of a list")
            return 1

    ip.user_ns.update(trap_one=Trap(), trap_many=Own())
    called.clear()
    offers = complete(desk, [], "@trap", 5)[1]

    assert offers == [("@trap_many", "Own"), ("@trap_one", "Trap")]
    assert called == []


@pytest.mark.parametrize(
    ("value", "note"),
    [
        (BASS, "Clip, 4 bars"),
        (Arrangement.of([BASS]), "Arrangement, 1 clip"),
        (render(Clip.of([Note(60, 0, 1)], bpm=120)), None),
        (np.zeros((3, 4)), "array, 3 by 4"),
        ("Am F", "text, 4 characters"),
        (True, "yes or no"),
        (4, "number"),
        (None, "nothing"),
        ({1: 2}, "dict of 1"),
    ],
)
def test_a_note_says_in_words_what_a_variable_holds(value, note):
    found = note_of(value)

    assert found == note if note else found.startswith("Sound, ")


def test_a_table_of_pandas_says_how_large_it_is():
    pandas = pytest.importorskip("pandas")

    assert note_of(pandas.DataFrame({"a": [1, 2]})) == "table, 2 by 1"


def test_at_most_thirty_things_are_offered_within_ten_milliseconds_of_five_thousand(desk, ip):
    ip.user_ns.update({f"variable_{number}": BASS if number % 2 else number for number in range(5000)})

    # What it takes itself: others on this machine are no fault of it.
    took_s = []
    for _ in range(10):
        began = time.thread_time()
        _, offers = complete(desk, TAKES, "@v", 2)
        took_s.append(time.thread_time() - began)

    assert len(offers) == MOST
    assert min(took_s) < 0.010
