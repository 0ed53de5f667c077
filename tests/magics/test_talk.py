"""Conversations that branch, in cells and verbs."""

import json

import pytest
from IPython.core.completer import provisionalcompleter
from IPython.utils.capture import capture_output

from conduit import ConversationError, ScriptedClient, SetupError
from conduit.channel import Channel, Parser
from conduit.messages import ConversationTree

pytestmark = pytest.mark.usefixtures("studio")

KEY = "sk-ant-planted-0123456789abcdef"


def run(shell, code):
    return shell.run_cell(code, store_history=False)


def said(capsys):
    return capsys.readouterr().out


def asked(client):
    """Give the questions that the last request holds."""
    return [message.text for message in client.requests[-1].messages if message.role == "user"]


@pytest.fixture
def talk(ip, script, capsys):
    """Give a scripted model with two turns behind it."""
    client = script(*(f"Answer {number}." for number in range(1, 20)))
    run(ip, "%conduit use scripted")
    run(ip, "%%conduit -n\nfirst")
    run(ip, "%%conduit\nsecond")
    said(capsys)
    return client


def test_a_cell_goes_on_from_a_turn_on_a_branch_of_its_own(ip, talk, studio):
    run(ip, "%%conduit --from 1\nthird")

    assert asked(talk) == ["first", "third"]
    assert list(studio.session.tree.branches) == ["main", "main-2"]
    assert studio.session.tree.current == "main-2"


@pytest.mark.parametrize(
    ("later", "offered"),
    [
        ("%%conduit\nmake it busier", {"track": 2, "slot": 3}),
        ("%conduit regenerate", {"track": 2, "slot": 3}),
        ("%%conduit --track 1\nmake it busier", {"track": 1, "slot": 1}),
        ("%%conduit -n\nacid bass", {"track": 1, "slot": 1}),
    ],
    ids=["follow-up", "answer anew", "another track", "new conversation"],
)
def test_a_clip_is_offered_where_its_conversation_wants_it(ip, studio, later, offered):
    desk = ip.magics_manager.registry["ConduitMagics"].desk
    desk.outputs.live = True

    with capture_output():
        run(ip, "%%conduit -n -m offline --track 2 --slot 3\nacid bass")
        run(ip, later)
    studio.call(desk.outputs[-1].offer())

    assert desk.outputs[-1].view.live["target"] == offered


def test_a_cell_goes_on_from_before_the_first_turn(ip, talk):
    run(ip, "%%conduit --from 0 --branch bold\nthird")

    assert asked(talk) == ["third"]


def test_a_branch_is_begun_by_its_name_and_gone_on_with(ip, talk, studio):
    run(ip, "%%conduit --branch bold\nthird")
    run(ip, "%%conduit --branch main\nfourth")
    run(ip, "%%conduit --branch bold\nfifth")

    assert asked(talk) == ["first", "second", "third", "fifth"]
    assert list(studio.session.tree.branches) == ["main", "bold"]


@pytest.mark.parametrize(
    "case",
    [
        ("%%conduit --from 7\nx", ConversationError, "there is no turn 7: branch 'main' has turns 1 to 2"),
        ("%conduit history 7", ConversationError, "turns 1 to 2"),
        ("%conduit history two", SetupError, "takes a turn"),
        ("%conduit branch bold --from 7", ConversationError, "turns 1 to 2"),
        ("%conduit branch main", SetupError, "main"),
        ("%conduit branch --from x", SetupError, "write it as %conduit branch [NAME] [--from TURN]"),
        ("%conduit branch a b", SetupError, "does not know b"),
        ("%conduit switch nowhere", SetupError, "main"),
        ("%conduit switch", SetupError, "write it as %conduit switch NAME"),
        ("%conduit prune main", ConversationError, "the only branch"),
        ("%conduit tree x", SetupError, "takes nothing after it"),
        ("%conduit regenerate 7", ConversationError, "turns 1 to 2"),
        ("%conduit regenerate x", SetupError, "write it as %conduit regenerate"),
        ("%conduit regenerate -m nobody", SetupError, "'nobody'"),
        ("%conduit export talk.txt", SetupError, ".md"),
        ("%conduit export", SetupError, "write it as %conduit export FILE.md"),
        ("%conduit export /nowhere/at/all/talk.md", SetupError, "cannot be written"),
        ("%conduit export x.md --branch nowhere", SetupError, "main"),
        ("%conduit resume never", SetupError, "never"),
        ("%conduit search", SetupError, "takes words"),
        ("%conduit tools nothing", SetupError, "nothing"),
        ("%conduit tools files", SetupError, "a folder"),
        ("%conduit tools files --folder /nowhere/at/all", SetupError, "not a folder"),
        ("%conduit persona nobody", SetupError, "nobody"),
    ],
)
def test_what_cannot_be_fails_the_cell_with_one_line(ip, talk, capsys, case):
    code, error, told = case
    result = run(ip, code)

    shown = said(capsys).strip()
    assert isinstance(result.error_in_exec, error)
    assert told in shown
    assert "\n" not in shown
    assert len(talk.requests) == 2


@pytest.mark.usefixtures("talk")
def test_the_history_can_be_read_with_the_numbers_of_its_turns(ip, capsys):
    run(ip, "%conduit history")

    shown = said(capsys)
    assert "1 You\n  first\n  Model\n  Answer 1." in shown
    assert "2 You\n  second\n  Model\n  Answer 2." in shown


@pytest.mark.usefixtures("talk")
def test_one_turn_of_the_history_can_be_read(ip, capsys):
    run(ip, "%conduit history 1")

    shown = said(capsys)
    assert "first" in shown
    assert "second" not in shown


def test_options_and_decisions_are_read_in_words(ip, studio, capsys):
    run(ip, "%%conduit -n --bars 2 --key 'A minor' -o bass\nacid bass")
    run(ip, "%conduit push bass --track 3 --slot 8 --new-track")
    run(ip, "%conduit undo")
    said(capsys)
    run(ip, "%conduit history")
    shown = said(capsys)
    run(ip, "%conduit tree")

    assert "acid bass\n  (2 bars · A minor)\n" in shown
    assert "was undone" in shown
    assert "<" not in shown + said(capsys)
    assert "<brief>" in studio.conversation.turns[0].question.parts[-1].text


def test_a_history_of_nothing_says_so(ip, capsys):
    run(ip, "%conduit new")
    said(capsys)
    run(ip, "%conduit history")

    assert said(capsys) == "nothing has been said yet\n"


def test_branches_are_begun_drawn_switched_and_pruned(ip, talk, capsys):
    run(ip, "%conduit branch bold --from 1")
    run(ip, "%%conduit\nthird")
    said(capsys)
    run(ip, "%conduit tree")
    drawn = said(capsys)
    run(ip, "%conduit switch main")
    run(ip, "%%conduit\nfourth")
    run(ip, "%conduit prune bold")
    run(ip, "%conduit tree")

    assert "● bold" in drawn
    assert "○ main" in drawn
    assert asked(talk) == ["first", "second", "fourth"]
    assert "bold" not in said(capsys).splitlines()[-1]


@pytest.mark.usefixtures("talk")
def test_verbs_say_where_one_is(ip, capsys):
    run(ip, "%conduit branch bold --from 0")
    run(ip, "%conduit switch main")

    assert said(capsys).splitlines() == [
        "branch bold begins before the first turn; the next cell goes on there",
        "on branch main again, after turn 2",
    ]


def test_a_turn_is_answered_anew_on_a_branch_of_its_own(ip, talk, studio, capsys):
    result = run(ip, "%conduit regenerate 1")

    assert result.success
    assert asked(talk) == ["first"]
    assert "Answer 3." in said(capsys)
    assert studio.session.tree.takes(1) == ("main", "main-2")


def test_an_answer_anew_is_another_take_and_is_left_in_clip(ip, studio):
    run(ip, "%%conduit -n -o bass\nacid bass")
    run(ip, "%conduit regenerate")
    first = ip.user_ns["_clip"]
    run(ip, "%conduit regenerate")

    takes = [ip.user_ns["bass"], first, ip.user_ns["_clip"]]
    assert len({str(list(clip.notes)) for clip in takes}) == 3
    assert len(studio.session.tree.branches) == 3


@pytest.mark.usefixtures("talk")
def test_another_model_answers_anew(ip, script):
    other = script("From the other.", provider="other")

    run(ip, "%conduit regenerate -m other")

    assert asked(other) == ["first", "second"]


@pytest.mark.usefixtures("talk")
def test_a_conversation_is_exported_to_be_read_and_to_be_loaded(ip, studio, tmp_path, capsys):
    run(ip, "%conduit branch bold --from 1")
    said(capsys)
    run(ip, f"%conduit export '{tmp_path}/a talk.md' --branch main")
    run(ip, f"%conduit export '{tmp_path}/a talk.json'")

    written = ConversationTree.from_json((tmp_path / "a talk.json").read_text())
    assert "Answer 2." in (tmp_path / "a talk.md").read_text()
    assert written.branches == studio.session.tree.branches
    assert said(capsys).splitlines() == [
        f"branch main written to {tmp_path}/a talk.md",
        f"2 branches written to {tmp_path}/a talk.json",
    ]


@pytest.mark.usefixtures("talk")
def test_one_branch_is_exported_alone(ip, tmp_path):
    run(ip, "%conduit branch bold --from 1")
    run(ip, f"%conduit export {tmp_path}/main.json --branch main")

    written = ConversationTree.from_json((tmp_path / "main.json").read_text())
    assert list(written.branches) == ["main"]


def test_no_key_is_exported_or_shown(ip, script, tmp_path, capsys):
    script(f"Your key is {KEY}.")
    run(ip, "%%conduit -n -m scripted\nwhat is it")
    said(capsys)
    run(ip, f"%conduit export {tmp_path}/talk.md")
    run(ip, f"%conduit export {tmp_path}/talk.json")
    run(ip, "%conduit history")
    run(ip, "get_ipython().run_line_magic('conduit', 'history 1')")
    run(ip, "import conduit; conduit.current().session.tree")

    written = (tmp_path / "talk.md").read_text() + (tmp_path / "talk.json").read_text()
    assert KEY not in written + said(capsys)


def test_a_kept_conversation_is_listed_and_gone_on_with(ip, talk, studio, capsys):
    name = studio.session.tree.name
    run(ip, "%conduit new")
    run(ip, "%%conduit\nelsewhere")
    said(capsys)
    run(ip, "%conduit resume")
    listed = said(capsys)
    run(ip, f"%conduit resume {name}")
    run(ip, "%%conduit\nthird")

    assert name in listed
    assert "first" in listed
    assert asked(talk) == ["first", "second", "third"]
    assert f"on with {name}, 'first': on branch main, after turn 2" in said(capsys)


@pytest.mark.usefixtures("talk")
def test_what_was_said_is_found(ip, studio, capsys):
    run(ip, "%conduit search answer 2.")
    found = said(capsys)
    run(ip, "%conduit search zebra crossing")

    assert studio.session.tree.name in found
    assert "model" in found
    assert "Answer 2." in found
    assert "Nobody said 'zebra crossing'" in said(capsys)


@pytest.mark.usefixtures("talk")
def test_what_is_found_is_said_in_words(ip, capsys):
    run(ip, "%%conduit --bars 2 --key 'A minor'\nsquelching glissando")
    said(capsys)
    run(ip, "%conduit search glissando")

    assert "squelching glissando 2 bars · A minor" in said(capsys)


def test_tools_are_listed_and_off_until_chosen(ip, talk, studio, capsys):
    run(ip, "%conduit tools")
    listed = said(capsys)
    run(ip, "%%conduit\nthird")
    before = {tool.name for tool in talk.requests[-1].tools}
    run(ip, "%conduit tools variables")
    run(ip, "%%conduit\nfourth")
    after = {tool.name for tool in talk.requests[-1].tools}
    run(ip, "%conduit tools off")
    run(ip, "%%conduit\nfifth")

    assert "list_variables" in listed
    assert "Read a text file in the folder that the user chose, a page at a time. (needs a folder)" in listed
    assert after - before == {"list_variables", "inspect_variable"}
    assert {tool.name for tool in talk.requests[-1].tools} == before
    assert studio.tools.names == ()


def test_a_tool_of_the_notebook_is_chosen_by_its_name(ip, talk):
    define = (
        "from conduit.engine.define import tool\n@tool\ndef tempo(bpm: int) -> str:\n"
        "    '''Set the tempo.\n\n    Args:\n        bpm: Beats a minute.\n    '''\n    return 'ok'"
    )
    assert run(ip, define).success
    assert run(ip, "%conduit tools tempo").success
    run(ip, "%%conduit\nthird")

    assert "tempo" in {tool.name for tool in talk.requests[-1].tools}


def test_a_persona_speaks_in_new_conversations(ip, talk, studio, capsys):
    studio.store.save_persona("teacher", "You teach.")
    run(ip, "%conduit persona")
    listed = said(capsys)
    run(ip, "%conduit persona teacher")
    run(ip, "%%conduit -n\nthird")

    assert "teacher" in listed
    assert "You teach." in talk.requests[-1].messages[0].content


@pytest.mark.usefixtures("talk")
def test_tab_completes_branches_conversations_and_tools(ip, studio):
    def tab(text):
        with provisionalcompleter():
            return [found.text for found in ip.Completer.completions(text, len(text))]

    run(ip, "%conduit branch bold")
    name = studio.session.tree.name

    assert tab("%conduit switch bo") == ["bold"]
    assert tab("%%conduit --branch ma") == ["main"]
    assert tab("%conduit tools ski") == ["skills"]
    assert tab(f"%conduit resume {name[:-2]}")[0].endswith(name[-2:])


@pytest.mark.usefixtures("talk")
def test_a_conversation_shows_itself(ip, studio):
    tree = studio.session.tree

    for value in (tree, tree.conversation):
        shown, _ = ip.display_formatter.format(value)
        assert "Answer 2." in shown["text/html"]
        assert "2 You\n  second" in shown["text/plain"]
    assert json.loads(tree.to_json())


def test_a_reply_shows_what_it_was_read_as_and_what_it_took(ip):
    reply = Channel(client=ScriptedClient(['{"value": [1, 2]}']), parser=Parser(list[int])).run("which?")

    shown, _ = ip.display_formatter.format(reply)
    assert shown["text/plain"].startswith("[1, 2]\n\nbranch main · 0.")
    assert "[1, 2]" in shown["text/html"]
    assert "Conversation" not in shown["text/plain"]


def test_a_reply_in_words_shows_the_words(ip):
    shown, _ = ip.display_formatter.format(
        Channel(client=ScriptedClient(["Two <b>bars</b>."])).run("how long?")
    )

    assert shown["text/plain"].startswith("Two <b>bars</b>.\n")
    assert "&lt;b&gt;" in shown["text/html"]
