"""The takes of a session: what a person thinks of a clip, and that it lasts."""

from __future__ import annotations

import json
import re

import pytest

from conduit.clients import ScriptedClient
from conduit.errors import SetupError
from conduit.messages import AssistantMessage, ToolCallPart
from conduit.music import Clip, Note, write_clip
from conduit.settings import Settings
from conduit.store import StoredClip
from conduit.studio import Question, Studio
from conduit.studio.takes import Takes, stored_takes

BASS = Clip.of([Note(45, beat, 0.5) for beat in range(4)], length=4, name="Bass", instrument="bass")
LEAD = Clip.of([Note(69, 0, 1)], length=4, name="Lead")


@pytest.fixture
def make(tmp_path):
    """Make studios on one store, each with a model that writes some clips; they are closed after the test."""
    made = []

    def studio(*clips, settings=None):
        steps = [step for clip in clips for step in (wrote(clip), "done")]
        settings = settings or Settings(live="simulated", store=str(tmp_path / "store.db"))
        made.append(Studio(clients=[ScriptedClient(steps)], settings=settings))
        for _ in clips:
            made[-1].call(made[-1].ask(Question("a clip", model="scripted"), emit=lambda _: None))
        return made[-1]

    yield studio
    for one in made:
        one.close()


def wrote(clip):
    arguments = json.dumps({"clip": write_clip(clip)})
    return AssistantMessage(parts=(ToolCallPart(id="c", name="write_clip", arguments=arguments),))


def do(studio, work):
    """Do something on the studio's loop, and wait until it is written."""

    async def there():
        done = work()
        await studio.keeper.settle()
        return done

    return studio.call(there())


def shorter(clip):
    return clip.with_table(clip.table[1:])


def edit(studio, change=shorter):
    before = studio.latest
    after = change(before)
    studio.call(studio.edited(before, after))
    return after


def again(studio, make):
    """Give another studio that goes on with the conversation, as after a restart."""
    name = studio.session.tree.name
    studio.close()
    other = make()
    other.call(other.resume(name))
    return other


def test_a_clip_that_was_written_is_a_take_of_the_turn_that_wrote_it(make):
    studio = make(BASS, LEAD)

    takes = list(studio.shelf.takes)

    assert [(take.name, take.clip, take.star) for take in takes] == [
        ("Bass", BASS, False),
        ("Lead", LEAD, False),
    ]
    assert all(take.clip is take.origin is clip for take, clip in zip(takes, studio.clips, strict=True))
    assert all(re.fullmatch("k[0-9a-f]{8}", take.id) for take in takes)
    assert takes[0].at <= takes[1].at
    assert studio.shelf.takes.by_node(studio.conversation.id) == takes[1:]
    assert studio.shelf.takes.by_node("") == []


def test_an_edit_moves_the_take_and_leaves_what_was_written(make):
    studio = make(BASS)
    written = studio.latest

    after = edit(studio, lambda clip: shorter(shorter(clip)))

    (take,) = studio.shelf.takes
    assert take.clip is after
    assert take.origin is written
    assert studio.shelf.takes.of(after) is studio.shelf.takes.of(written) is take


def test_a_clip_of_nobodys_becomes_a_take_when_it_is_edited_and_both_are_kept(make):
    studio = make()
    own = Clip.of([Note(50, 0, 1), Note(52, 1, 1)], name="Mine")
    assert studio.shelf.takes.of(own) is None
    after = own.transpose(1)

    studio.call(studio.edited(own, after))
    do(studio, lambda: studio.shelf.keep(after))

    (take,) = studio.shelf.takes
    assert (take.origin, take.clip) == (own, after)
    assert [row.clip for row in studio.store.clips()] == [after, own]


def test_two_views_of_one_clip_that_part_are_two_takes(make):
    studio = make(BASS)
    written = studio.latest
    one, other = written.transpose(1), written.transpose(2)
    studio.call(studio.edited(written, one))

    studio.call(studio.edited(written, other))

    assert [take.clip for take in studio.shelf.takes] == [one, other]
    assert studio.clips == [one, other]


def test_a_clip_that_comes_from_elsewhere_is_a_take_with_its_source(make):
    studio = make()

    take = do(studio, lambda: studio.shelf.add(LEAD, by={"file": "lead.mid"}))

    assert studio.shelf.takes.of(LEAD) is take
    assert studio.latest is LEAD
    assert (take.node, take.by) == ("", {"file": "lead.mid"})
    assert studio.store.clip("Lead").provenance["file"] == "lead.mid"


def test_a_clip_that_is_there_already_is_no_second_take(make):
    studio = make()

    first, second = (do(studio, lambda: studio.shelf.add(LEAD, by={})) for _ in range(2))

    assert first is second
    assert studio.clips == [LEAD]


def test_names_stars_and_edits_last_beyond_a_restart(make):
    studio = make(BASS, LEAD)
    bass, lead = studio.shelf.takes
    do(studio, lambda: studio.shelf.takes.rename(bass.id, "  the low   one "))
    do(studio, lambda: studio.shelf.takes.star(lead.id, on=True))
    after = edit(studio, lambda clip: clip.transpose(12))
    do(studio, lambda: studio.shelf.keep(after))

    other = again(studio, make)

    low, high = other.shelf.takes
    assert (low.id, low.name, low.star, low.clip) == (bass.id, "the low one", False, BASS)
    assert (high.id, high.name, high.star, high.clip, high.origin) == (lead.id, "Lead", True, after, LEAD)
    assert (low.node, high.node) == (bass.node, lead.node)
    assert (low.by, low.talk) == (bass.by, bass.talk)
    assert low.clip is low.origin
    assert other.clips == [BASS, after]


def test_a_name_that_was_had_before_lasts_too(make):
    studio = make(BASS)
    (bass,) = studio.shelf.takes
    for name in ("one", "two", "one"):
        do(studio, lambda name=name: studio.shelf.takes.rename(bass.id, name))

    other = again(studio, make)

    assert [take.name for take in other.shelf.takes] == ["one"]
    do(other, lambda: other.shelf.takes.rename(bass.id, ""))
    assert [take.name for take in again(other, make).shelf.takes] == ["Bass"]


def test_an_edit_that_is_taken_back_is_as_it_was_written_after_a_restart(make):
    studio = make(BASS)
    written = studio.latest
    do(studio, lambda: studio.shelf.keep(edit_on_loop(studio, shorter)))
    do(studio, lambda: studio.shelf.keep(edit_on_loop(studio, lambda _: written)))

    (take,) = again(studio, make).shelf.takes

    assert take.clip is take.origin
    assert take.clip == BASS


def edit_on_loop(studio, change):
    before = studio.latest
    studio.shelf.edits.took(before, change(before))
    return studio.latest


def test_many_edits_are_one_row_and_nothing_is_written_twice(make):
    studio = make(BASS)
    for _ in range(3):
        edit(studio)

    for _ in range(2):
        do(studio, lambda: studio.shelf.keep(studio.latest))

    assert len(studio.store.clips()) == 2
    do(studio, lambda: studio.shelf.takes.star(next(iter(studio.shelf.takes)).id, on=False))
    assert len(studio.store.clips()) == 2


def test_an_edited_clip_is_the_newest_after_a_restart_and_a_starred_one_is_not(make):
    studio = make(BASS, LEAD)
    bass, lead = studio.shelf.takes
    after = shorter(bass.clip)
    studio.call(studio.edited(bass.clip, after))
    do(studio, lambda: studio.shelf.keep(after))
    do(studio, lambda: studio.shelf.takes.star(lead.id, on=True))

    other = again(studio, make)

    assert other.latest == after
    assert [take.id for take in other.shelf.takes] == [bass.id, lead.id]


def test_clips_of_an_earlier_conduit_become_takes_that_can_be_named(make):
    first = make()
    for clip in (BASS, LEAD):
        first.store.save_clip(clip.name, clip, conversation="old", provenance={"model": "m"})
    first.store.save(first.session.tree.with_(name="old"))
    first.call(first.resume("old"))
    old = list(first.shelf.takes)
    do(first, lambda: first.shelf.takes.rename(old[0].id, "kept"))

    other = again(first, make)

    assert [(take.id, take.name) for take in other.shelf.takes] == [(old[0].id, "kept"), (old[1].id, "Lead")]
    assert other.clips == [BASS, LEAD]


def test_a_conversation_that_is_gone_on_with_holds_no_take_twice(make):
    studio = make(BASS)
    (take,) = studio.shelf.takes
    name = studio.session.tree.name
    studio.call(forget(studio))
    do(studio, lambda: studio.shelf.add(LEAD, by={}))

    studio.call(studio.resume(name))

    assert [one.id for one in studio.shelf.takes][:1] == [take.id]
    assert [clip.name for clip in studio.clips] == ["Lead", "Bass"]
    assert studio.latest is take.clip


def test_a_take_of_an_earlier_conversation_stays_with_it(make):
    studio = make(BASS)
    (take,) = studio.shelf.takes
    name = studio.session.tree.name
    studio.call(forget(studio))
    do(studio, lambda: studio.shelf.takes.star(take.id, on=True))

    assert {row.conversation for row in studio.store.clips()} == {name}


async def forget(studio):
    studio.forget()


def test_more_clips_than_a_list_shows_come_back(make):
    studio = make()

    def add():
        for number in range(260):
            studio.shelf.add(Clip.of([Note(60, 0, 1)], name=f"clip {number}"), by={})

    do(studio, add)
    do(studio, lambda: studio.store.save(studio.session.tree))

    assert len(again(studio, make).shelf.takes) == 260


def test_every_change_is_heard():
    heard = []
    takes = Takes(heard=lambda: heard.append([(take.name, take.star, len(take.clip)) for take in takes]))
    take = takes.add(BASS)
    takes.rename(take.id, "Low")
    takes.star(take.id, on=True)
    takes.edited(BASS, shorter(BASS))

    takes.star(take.id, on=True)

    assert heard == [
        [("Bass", False, 4)],
        [("Low", False, 4)],
        [("Low", True, 4)],
        [("Low", True, 3)],
    ]


def test_takes_are_given_oldest_first_whenever_they_came():
    takes = Takes()
    for at in (2.0, 1.0, 3.0):
        takes.add(Clip.of([], name=str(at)), at=at)

    assert [take.at for take in takes] == [1.0, 2.0, 3.0]
    assert len(takes) == 3


@pytest.mark.parametrize("name", ["a\nb\x07", "x" * 201, "\u2028\x00"])
def test_a_name_that_cannot_be_found_again_is_refused(name):
    takes = Takes()
    take = takes.add(BASS)

    with pytest.raises(SetupError, match="cannot name a take"):
        takes.rename(take.id, name)

    assert takes.get(take.id).name == "Bass"


def test_a_take_that_is_not_there_is_told_with_those_that_are():
    takes = Takes()
    take = takes.add(BASS)

    with pytest.raises(SetupError, match=rf"no take 'k0'; there are: {take.id} \(Bass\)") as caught:
        takes.star("k0", on=True)

    assert caught.value.valid == [take.id]


def test_a_clip_without_a_name_has_one_in_the_tray():
    assert Takes().add(Clip.of([])).name == "untitled"


def test_a_take_is_found_by_its_node_after_a_restart_also_where_a_secret_was_said(make):
    key = "sk-proj-" + "a1B2c3D4" * 4
    studio = make(BASS)
    client = ScriptedClient([wrote(LEAD), "done"])
    client.provider = "other"
    studio.add_client(client)
    studio.call(studio.ask(Question(f"with {key}", model="other"), emit=lambda _: None))
    lead = list(studio.shelf.takes)[-1]
    assert studio.shelf.takes.by_node(studio.conversation.id) == [lead]

    other = again(studio, make)

    assert [take.id for take in other.shelf.takes.by_node(other.conversation.id)] == [lead.id]


def test_a_take_that_comes_from_the_store_is_not_written_again_before_it_changes():
    (take,) = stored_takes([StoredClip("Bass", write_clip(BASS), "acid", {"take": "k1", "changes": 4})])
    written = []
    takes = Takes(keep=lambda take: written.append((take.name, take.changes)))
    takes.take_up([take])

    takes.keep("k1")
    takes.rename("k1", "Low")

    assert written == [("Low", 5)]
