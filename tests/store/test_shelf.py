import pytest

from conduit.errors import SetupError
from conduit.music import Clip, Note
from conduit.store import Store

BASS = Clip.of([Note(45, 0, 0.5), Note(48, 1.25, 0.125, 127)], name="Bass", instrument="bass", key="A minor")
HIGHER = Clip.of([Note(46, 0, 0.5)], name="Bass", instrument="bass")
NASTY = "a\0b \x1a \x1a0000 \ud800 🎹 100%_\\"


def test_a_clip_comes_back_as_it_was(store):
    store.save_clip("bass", BASS, conversation="acid", provenance={"seed": 7, "brief": NASTY})

    found = store.clip("bass")

    assert found.clip.table.tolist() == BASS.table.tolist()
    assert (found.clip.name, found.clip.key) == ("Bass", "A minor")
    assert (found.conversation, found.provenance) == ("acid", {"seed": 7, "brief": NASTY})


def test_earlier_clips_of_a_name_stay_and_the_newest_is_given(store):
    for clip in (BASS, HIGHER, HIGHER):
        store.save_clip("bass", clip)
    store.save_clip("lead", BASS)

    assert [each.clip.notes[0].pitch for each in store.clips("bass")] == [46, 45]
    assert [each.name for each in store.clips(limit=2)] == ["lead", "bass"]
    assert store.clip("bass").clip.notes[0].pitch == 46


def test_a_clip_that_is_not_there_is_an_error_with_near_names(store):
    store.save_clip("acid bass", BASS)

    with pytest.raises(SetupError, match=r"no clip 'acid' in the store; did you mean acid bass\?"):
        store.clip("acid")


def test_the_log_of_plans_only_grows(store):
    for status in ("pending", "applied"):
        store.log_plan("P1", title=NASTY, tier="config_change", status=status, details={"slot": 3})

    newest, oldest = store.plans()
    assert (newest.status, oldest.status, newest.title, newest.details) == (
        "applied",
        "pending",
        NASTY,
        {"slot": 3},
    )
    assert newest.session == oldest.session


def test_plans_of_two_processes_are_told_apart(place):
    with Store(place) as one, Store(place) as other:
        for store in (one, other):
            store.log_plan("P1", title="Fill slot 1", tier="config_change", status="pending")

        assert len({plan.session for plan in one.plans()}) == 2


def test_a_memory_is_replaced_by_its_key_and_can_be_forgotten(store):
    store.remember("tempo", "120")
    store.remember("key", NASTY)
    store.remember("tempo", "128")

    assert {each.key: each.text for each in store.memories()} == {"key": NASTY, "tempo": "128"}
    store.forget("tempo")
    assert [each.key for each in store.memories()] == ["key"]
    with pytest.raises(SetupError, match="no memory 'tempo'"):
        store.forget("tempo")


def test_a_persona_is_kept_by_its_name(store):
    store.save_persona("dj", "You are a DJ.")
    store.save_persona("dj", "You are the DJ.")

    assert store.personas() == {"dj": "You are the DJ."}
    assert store.persona("dj") == "You are the DJ."
    with pytest.raises(SetupError, match="did you mean dj"):
        store.persona("jd")


def test_a_text_without_a_word_is_refused(store):
    with pytest.raises(SetupError, match="'tempo' has no text"):
        store.remember("tempo", " ")


def test_clips_of_one_conversation_are_listed_by_themselves(store):
    for name, talk in (("bass", "acid"), ("lead", "dub"), ("bass", "dub")):
        store.save_clip(name, BASS, conversation=talk)

    assert [each.name for each in store.clips(conversation="dub")] == ["bass", "lead"]
    assert [each.conversation for each in store.clips("bass")] == ["dub", "acid"]
    assert [each.conversation for each in store.clips("bass", conversation="acid", limit=1)] == ["acid"]


def test_the_plans_of_one_conversation_are_read_by_its_name():
    with Store("memory") as store:
        for plan_id, talk in (("P1", "one"), ("P2", "other"), ("P3", "one")):
            store.log_plan(plan_id, title="Push", tier="config_change", status="pending", conversation=talk)

        found = store.plans(conversation="one"), store.plans(1, conversation="other")

    assert [[plan.id for plan in plans] for plans in found] == [["P3", "P1"], ["P2"]]
