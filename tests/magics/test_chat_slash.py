"""Slash commands: the verbs of ``%conduit`` in the chat panel, against a simulated set in a real shell."""

from __future__ import annotations

import asyncio
import threading

import pytest
from conduit_magics.chat.slash import NOT_HERE, command, run_slash, words_of
from conduit_magics.saying import Clips, Heard, Line, Page, Proposed, Shown, heard, overheard, say
from conduit_magics.talk_verbs import Again
from conduit_magics.verbs import TOPICS, VERBS, complete_verb
from IPython.utils.capture import capture_output

from conduit import Arrangement, Clip, Note
from conduit.audio.wav import decode_wav
from conduit.errors import ConduitError, ConversationError, SetupError
from conduit.live.endpoints import BEAT
from conduit.studio import Question

BASS = Clip.of([Note(33 + beat, beat, 0.5) for beat in range(4)], name="Bass", bpm=120)
VIEW = "application/vnd.jupyter.widget-view+json"
DRUMS = Clip.of([Note(36, 0, 1)], name="Drums", instrument="drums")


@pytest.fixture
def desk(ip, studio, capsys):
    """Give the desk of a shell whose simulated set is a fresh one, with a clip in track 1, slot 1."""
    studio.call(studio.live.close())
    ip.user_ns["bass"] = BASS
    ip.run_line_magic("conduit", "push bass --track 1 --slot 1")
    capsys.readouterr()
    yield ip.magics_manager.registry["ConduitMagics"].desk
    for plan in studio.plans.pending:
        studio.call(studio.reject(plan.id))
    studio.call(studio.live.close())


def slash(desk, line):
    return asyncio.run(run_slash(desk, line))


def test_what_a_verb_says_comes_back_and_is_not_printed(desk, capsys):
    said = slash(desk, "/fire 1 1")

    assert said == [Line("launched track 1 '1-MIDI', slot 1")]
    assert capsys.readouterr().out == ""


def test_what_others_say_meanwhile_is_printed_as_ever(capsys):
    with heard() as said:
        other = threading.Thread(target=say, args=("from elsewhere",))
        other.start()
        other.join()
        say("from here")

    assert said == [Line("from here")]
    assert capsys.readouterr().out == "from elsewhere\n"


def test_nobody_hears_after_the_end(capsys):
    with heard() as said:
        pass
    say("later")

    assert (said, overheard(Line("lost"))) == ([], False)
    assert capsys.readouterr().out == "later\n"


def test_a_command_runs_while_the_loop_of_the_caller_goes_on(desk):
    async def both():
        ticks = 0
        running = asyncio.ensure_future(run_slash(desk, "/live beat 1"))
        while not running.done():
            await asyncio.sleep(0)
            ticks += 1
        return ticks, running.result()

    slash(desk, "/fire 1 1")
    ticks, said = asyncio.run(both())
    slash(desk, "/halt")

    assert ticks > 100
    [line] = said
    assert ".2" in line.text
    assert BEAT not in line.text


def test_a_command_runs_from_the_studios_own_loop(desk, studio):
    assert studio.call(run_slash(desk, "/fire 1 1")) == [Line("launched track 1 '1-MIDI', slot 1")]


def test_a_table_comes_as_a_table_without_keys(desk, script):
    script("hello", provider="scripted")

    [shown] = slash(desk, "/models")

    assert isinstance(shown, Shown)
    assert any("scripted" in str(row) for row in shown.table.rows)
    assert shown.table.notes[0].startswith("/use MODEL sets the default")


def test_the_set_comes_as_a_drawing_in_characters(desk):
    said = slash(desk, "/live")

    assert isinstance(said[-1], Page)
    assert "slot 1 'Bass' 1 bar" in said[-1].text


def test_a_conversation_comes_in_characters(desk, ip, script):
    script("Answer.")
    ip.run_cell("%%conduit -n -m scripted\nfirst", store_history=False)

    [page] = slash(desk, "/history")

    assert isinstance(page, Page)
    assert "Answer." in page.text


def test_a_pulled_clip_comes_as_a_clip_with_its_place(desk, ip):
    line, clips = slash(desk, "/pull 1 1 riff")

    assert line.text.endswith("a cell with --context riff writes what fits it")
    assert clips.clips == (ip.user_ns["riff"],)
    assert (clips.aim.track, clips.aim.slot) == (1, 1)


def test_the_clips_of_a_file_come_together(desk, tmp_path):
    path = Arrangement.of([BASS, DRUMS], name="Song").save(tmp_path / "song.mid")

    _, clips = slash(desk, f"/open '{path}'")

    assert clips == Clips((BASS, DRUMS), title="Song")


def test_what_plays_comes_as_a_sound(desk):
    slash(desk, "/fire 1 1")

    line, sound = slash(desk, "/live hear 1")

    assert line.text == "1-MIDI: 1 bars with Conduit's own sounds"
    assert isinstance(sound, Heard)
    samples, rate = decode_wav(sound.wav)
    assert len(samples) / rate >= 2
    assert abs(samples).max() > 0.01


def test_a_plan_that_waits_comes_as_it_is_and_its_decision_in_words(desk, studio):
    [proposed] = slash(desk, "/set tempo 128")
    [told] = slash(desk, f"/approve {proposed.plan.id}")
    slash(desk, "/undo")

    assert isinstance(proposed, Proposed)
    assert proposed.plan.title
    assert proposed.clip is None
    assert "128" in told.text
    assert not studio.plans.pending


@pytest.mark.parametrize("line", ["/push bass 1 1", "/push bass --track 1 --slot 1", "/push 1 1"])
def test_a_push_onto_a_clip_proposes_a_plan_about_the_clip(desk, ip, line):
    ip.user_ns["bass"] = ip.user_ns["_clip"] = DRUMS

    [proposed] = slash(desk, line)

    assert proposed.clip is DRUMS
    assert "slot 1" in proposed.plan.title


@pytest.mark.parametrize("line", ["/push bass 1", "/push 1 2 3", "/push a b c", "/push 1 2 3 4"])
def test_a_push_that_says_half_a_place_is_told_how_to_write_it(desk, ip, line):
    ip.user_ns["_clip"] = BASS

    with pytest.raises(SetupError, match=r"write it as /push \[NAME\] \[TRACK SLOT\]"):
        slash(desk, line)


def test_a_turn_that_is_to_be_answered_anew_is_left_to_the_panel(desk, ip, script):
    model = script("Answer.", "Another.")
    ip.run_cell("%%conduit -n -m scripted\nfirst", store_history=False)

    plain = slash(desk, "/regenerate")
    named = slash(desk, "/regenerate 1 -m offline --seed 7")

    assert (plain, named) == ([Again(1, "", 1)], [Again(1, "offline", 7)])
    assert (named[0].question.again, named[0].question.model) == (1, "offline")
    assert len(model.requests) == 1


def test_a_turn_that_is_not_there_cannot_be_answered_anew(desk, studio):
    studio.call(asyncio.sleep(0))
    desk.on_loop(studio.forget)

    with pytest.raises(ConversationError):
        slash(desk, "/regenerate 7")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("/psuh 2 3", "there is no command /psuh; did you mean /push"),
        ("/xyzzy", "/help lists them"),
        ("/aprove", "/approve"),
        ("/seal", "run %conduit seal in a cell"),
        ("/panel --side", "%conduit panel in a cell opens another"),
        ("/open", "/open takes a file here"),
        ("/set nonsense 3", "no plan can change 'nonsense'"),
        ("/history 'x", "close every quote"),
        ("/use", "write it as /use NAME"),
        ("no command", "a command is one line"),
        ("/clips\n/clips", "a command is one line"),
    ],
)
def test_what_cannot_be_is_said_as_it_is_written_here_and_kept_for_debug(desk, line, told):
    with pytest.raises(ConduitError) as caught:
        slash(desk, line)
    [debugged] = slash(desk, "/debug")

    assert told in caught.value.message
    assert desk.last_error is caught.value
    assert caught.value.message.split(";")[0] in debugged.text


def test_an_unknown_command_says_how_words_are_sent_that_begin_with_a_slash(desk):
    with pytest.raises(SetupError, match="//text sends /text as words") as caught:
        slash(desk, "/4 bars of bass")

    assert "/push" in caught.value.valid
    assert not {f"/{name}" for name in NOT_HERE} & set(caught.value.valid)


def test_the_help_lists_every_verb_that_runs_here_as_a_command(desk):
    *tables, hint = slash(desk, "/help")

    listed = [row[0].text.split()[0] for shown in tables for row in shown.table.rows]
    assert [shown.table.title for shown in tables] == [*TOPICS]
    assert sorted(listed) == sorted(f"/{name}" for name in VERBS if name not in NOT_HERE)
    assert "//" in hint.text


def test_the_help_of_one_verb_is_a_line(desk):
    assert slash(desk, "/help pull") == [
        Line("/pull TRACK SLOT [NAME]: open a clip of the Live set as a roll")
    ]


def test_a_slash_alone_is_the_help(desk):
    assert slash(desk, "/") == slash(desk, "/help")


@pytest.mark.parametrize("text", ["a bass", "//text", "// text", "  //a", "", "a /push"])
def test_words_are_no_command(text):
    assert command(text) is None


@pytest.mark.parametrize(
    ("text", "sent"), [("//text", "/text"), ("//a //b", "/a //b"), ("a //b", "a //b"), ("a bass", "a bass")]
)
def test_two_slashes_at_the_beginning_send_one(text, sent):
    assert words_of(text) == sent


def test_the_panel_verb_takes_one_flag(ip):
    result = ip.run_cell("%conduit panel --left", store_history=False)

    assert "%conduit panel: does not know --left" in str(result.error_in_exec)
    assert complete_verb("%conduit panel ", None) == ["--side"]


def test_the_panel_verb_opens_a_panel_in_a_notebook(ip, desk):
    desk.outputs.live = True

    with capture_output() as captured:
        opened = ip.run_cell("%conduit panel", store_history=False)
    ip.run_line_magic("conduit", "seal")

    assert opened.success
    assert any(VIEW in shown.data for shown in captured.outputs)


@pytest.mark.parametrize(
    "line",
    [
        "/help",
        "/models",
        "/providers",
        "/history",
        "/tree",
        "/live",
        "/live check",
        "/live hear 1",
        "/pull 1 1",
        "/push bass 1 1",
        "/set tempo 128",
        "/plans log",
        "/genres",
        "/keys",
        "/clips",
        "/resume",
        "/open SONG",
    ],
)
def test_in_a_notebook_no_command_displays_anything_itself(desk, line, tmp_path):
    path = Arrangement.of([BASS, DRUMS]).save(tmp_path / "song.mid")
    desk.outputs.live = True
    slash(desk, "/fire 1 1")
    before = len(desk.outputs)

    with capture_output() as captured:
        said = slash(desk, line.replace("SONG", f"'{path}'"))

    assert said
    assert (captured.outputs, captured.stdout, len(desk.outputs)) == ([], "", before)


def test_in_a_notebook_a_cell_shows_what_a_verb_says(desk, ip):
    desk.outputs.live = True

    with capture_output() as captured:
        ip.run_line_magic("conduit", "genres")
        ip.run_line_magic("conduit", "tree")

    assert ["text/html" in shown.data for shown in captured.outputs] == [True, True]


def test_a_file_has_to_be_named_where_there_is_no_place_to_drop_one(desk):
    desk.outputs.live = True

    with pytest.raises(SetupError, match="/open takes a file here"):
        slash(desk, "/open")


@pytest.mark.parametrize("line", ["/new", "/resume elsewhere"])
def test_a_conversation_is_not_left_while_an_answer_is_under_way(desk, studio, script, line):
    script("A slow answer.", "x", pace_s=30)

    async def meanwhile():
        begun = asyncio.Event()
        unsubscribe = studio.turns.subscribe(begun.set)
        asked = studio.ask(Question("hello", new=True, model="scripted"), emit=lambda _: None)
        answer = asyncio.ensure_future(asked)
        await begun.wait()
        try:
            with pytest.raises(SetupError, match="an answer is under way"):
                await run_slash(desk, line)
            return await run_slash(desk, "/clips")
        finally:
            unsubscribe()
            answer.cancel()
            await asyncio.wait([answer])

    assert studio.call(meanwhile())
