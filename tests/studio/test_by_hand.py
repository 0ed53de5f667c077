"""A clip that a person edited by hand: the next question, the session and the store have it as it is now."""

from __future__ import annotations

import json

import pytest

from conduit.clients import ScriptedClient
from conduit.composer import Options
from conduit.composer.by_hand import MOST_SHOWN, by_hand, read_by_hand
from conduit.composer.question import ask, read_question
from conduit.messages import AssistantMessage, ToolCallPart, UserMessage
from conduit.messages.aside import aside, in_words
from conduit.music import Clip, Note, write_clip
from conduit.studio import Question, Studio

BASS = Clip.of([Note(45 + beat, beat, 0.5) for beat in range(8)], length=8, name="Bass", instrument="bass")


@pytest.fixture
def make():
    """Make a studio with a scripted model; it is closed after the test."""
    made = []

    def studio(*replies):
        steps = [step for clip in replies for step in (wrote(clip), "done")]
        client = ScriptedClient([*steps, *["done"] * 9], piece=64)
        made.append(Studio(clients=[client]))
        return made[-1], client

    yield studio
    for one in made:
        one.close()


def wrote(clip):
    arguments = json.dumps({"clip": write_clip(clip)})
    return AssistantMessage(parts=(ToolCallPart(id="c", name="write_clip", arguments=arguments),))


def put(studio, text, **facts):
    facts = {"model": "scripted", **facts}
    return studio.call(studio.ask(Question(text, **facts), emit=lambda _: None))


def edit(studio, change):
    """Change the latest clip by hand."""
    before = studio.latest
    after = change(before)
    studio.call(studio.edited(before, after))
    return after


def shorter(clip):
    return clip.with_table(clip.table[1:])


def asked_last(client):
    """The texts of the last message of a person that a model was sent."""
    said = [one for one in client.requests[-1].messages if isinstance(one, UserMessage)]
    return [part.text for part in said[-1].parts]


def test_the_next_question_tells_what_was_edited_and_what_stays(make):
    studio, client = make(BASS)
    put(studio, "bass")
    after = edit(studio, lambda clip: clip.with_table(clip.table[1:]).merge(raised()))

    put(studio, "keep my changes, finish bar 2")

    words, told = asked_last(client)
    assert words == "keep my changes, finish bar 2"
    assert "1 note added, 1 removed, 7 kept" in told
    assert "They put there, and it stays unless they ask for something else:\n2 | 3:C3" in told
    assert "They took away, and it stays away unless they ask for it:\n1 | 1:A1/2" in told
    assert f"```clip\n{write_clip(after)}\n```" in told


def raised():
    return Clip.of([Note(60, 4.5, 0.25)], length=8, name="Bass", instrument="bass")


def test_it_is_told_once_and_again_after_another_edit(make):
    studio, client = make(BASS)
    put(studio, "bass")
    edit(studio, shorter)

    put(studio, "one")
    put(studio, "two")
    again = asked_last(client)
    edit(studio, shorter)
    put(studio, "three")

    assert again == ["two"]
    assert len(asked_last(client)) == 2


def test_many_edits_are_told_as_one_and_one_that_was_taken_back_not_at_all(make):
    studio, client = make(BASS)
    first = put(studio, "bass").clip
    edit(studio, shorter)
    edit(studio, shorter)

    put(studio, "one")
    told = asked_last(client)[1]
    edit(studio, lambda _: first)
    put(studio, "two")

    assert "2 notes removed, 6 kept" in told
    assert asked_last(client) == ["two"]


def test_it_is_told_on_every_branch_that_does_not_know_it(make):
    studio, client = make(BASS)
    put(studio, "bass")
    edit(studio, shorter)
    branch = studio.session.tree.current
    put(studio, "one", turn=1, branch="other")

    put(studio, "two", branch=branch)

    assert len(asked_last(client)) == 2


def test_a_new_conversation_knows_nothing_of_it(make):
    studio, client = make(BASS)
    put(studio, "bass")
    edit(studio, shorter)

    put(studio, "drums", new=True)
    put(studio, "and more")

    assert asked_last(client) == ["and more"]


def test_a_dry_run_shows_it(make):
    studio, _ = make(BASS)
    put(studio, "bass")
    edit(studio, shorter)

    request = studio.call(studio.request(Question("more", model="scripted")))

    assert "edited this clip by hand" in request.messages[-1].parts[1].text


def test_the_offline_composer_goes_on_with_the_edited_notes(make):
    studio, _ = make()
    put(studio, "four bars of acid bass in A minor", model="offline")
    after = edit(studio, lambda clip: clip.with_table(clip.table[:4]))

    answer = put(studio, "up an octave", model="offline")

    assert [note.pitch for note in answer.clip.notes] == [note.pitch + 12 for note in after.notes]


def test_the_offline_composer_does_not_write_again_what_it_cannot_change(make):
    studio, _ = make()
    put(studio, "four bars of acid bass in A minor", model="offline")
    edit(studio, shorter)

    assert put(studio, "hmm", model="offline").clip is None


async def keep(studio, clip):
    studio.shelf.keep(clip)
    await studio.keeper.settle()


def test_the_store_keeps_what_the_edited_clip_was_made_of(make):
    studio, _ = make(BASS)
    first = put(studio, "bass").clip
    after = edit(studio, shorter)
    studio.call(keep(studio, after))

    stored = studio.store.clip("Bass")
    assert stored.clip == after
    assert stored.provenance["edited_from"] == first.digest
    assert after.provenance == first.provenance


def test_an_answer_knows_the_clip_that_it_was_made_of(make):
    studio, _ = make(BASS, BASS.transpose(12).merge(BASS))
    put(studio, "bass")
    after = edit(studio, shorter)

    assert put(studio, "add the octave").before is after


def test_another_clip_of_the_same_name_is_not_compared(make):
    studio, _ = make(BASS, BASS.transpose(5))
    put(studio, "bass")

    assert put(studio, "another").before is None


def test_an_edit_is_no_part_of_the_words_for_those_who_read_them():
    message = ask("more", options=Options(bars=2), edits=[by_hand(BASS, shorter(BASS))])

    words, options = read_question(message)
    parts, beside = aside(message)

    assert (words, options.bars) == ("more", 2)
    assert [part.text for part in parts] == ["more"]
    assert beside.startswith("A person edited this clip by hand after it was written: 1 note removed, 7 kept")
    assert beside.endswith("· 2 bars")
    assert "```" not in in_words("\n".join(part.text for part in message.parts))
    assert read_by_hand(message) == [shorter(BASS)]


def test_a_person_who_writes_the_same_marks_is_taken_by_the_word():
    text = by_hand(BASS, shorter(BASS))

    assert read_by_hand(UserMessage.of(text)) == []
    assert read_question(UserMessage.of(text))[0] == text


def test_a_long_clip_is_not_written_out():
    long = Clip.of([Note(45, beat, 0.5) for beat in range(MOST_SHOWN + 2)], name="Long")

    told = by_hand(long, shorter(long))

    assert "```" not in told
    assert "has 401 notes now" in told
