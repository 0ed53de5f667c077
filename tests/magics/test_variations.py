"""Variations of one request: asked at once, shown side by side, each on a branch of its own."""

import asyncio
import json
import threading
import time

import pytest
from conduit_magics.board import Board
from conduit_magics.output import Output

from conduit.errors import ErrorKind, ProviderError
from conduit.messages import AssistantMessage, ToolCallPart
from conduit.music import Clip, Note, write_clip

pytestmark = pytest.mark.usefixtures("studio")

BASS = Clip.of([Note(45, beat, 0.5) for beat in range(4)], name="Line", key="A minor")

LONG = Clip.of([Note(45 + beat % 7, beat, 0.5) for beat in range(64)], name="Long")


def run(shell, code):
    return shell.run_cell(code, store_history=False)


def said(capsys):
    return capsys.readouterr().out


def call(clip):
    part = ToolCallPart(id="a", name="write_clip", arguments=json.dumps({"clip": write_clip(clip)}))
    return AssistantMessage(parts=(part,))


def gone():
    return ProviderError("scripted is gone", kind=ErrorKind.BAD_REQUEST, provider="scripted")


def test_variations_differ_and_are_left_in_variables(ip):
    result = run(ip, "%%conduit -n -x 4 --bars 2 --seed 3 -o takes\nacid bass")

    takes = ip.user_ns["takes"]
    assert result.success
    assert len({str(list(clip.notes)) for clip in takes}) == 4
    assert ip.user_ns["_clips"] is takes
    assert ip.user_ns["_clip"] is takes[0]


def test_the_first_variation_is_what_the_cell_alone_gives(ip):
    run(ip, "%%conduit -n --seed 3 -o alone\nacid bass")
    run(ip, "%%conduit -n --seed 4 -o other\nacid bass")
    run(ip, "%%conduit -n -x 2 --seed 3 -o takes\nacid bass")

    assert ip.user_ns["takes"] == [ip.user_ns["alone"], ip.user_ns["other"]]


def test_one_variation_is_a_list_of_one(ip):
    run(ip, "%%conduit -n -x 1 -o takes\nacid bass")

    assert [type(clip) for clip in ip.user_ns["takes"]] == [Clip]


@pytest.mark.slow
def test_as_many_as_may_be_are_asked_at_once(ip):
    result = run(ip, "%%conduit -n -x 32 --bars 2 -o takes\nacid bass")

    assert result.success
    assert len({str(list(clip.notes)) for clip in ip.user_ns["takes"]}) == 32


def test_each_variation_is_on_a_branch_of_its_own_and_the_first_goes_on(ip, studio):
    run(ip, "%%conduit -n\nacid bass")
    run(ip, "%%conduit -x 3\nhouse drums")

    tree = studio.session.tree
    assert list(tree.branches) == ["main", "main-2", "main-3"]
    assert tree.current == "main"
    assert [len(talk.turns) for talk in tree.branches.values()] == [2, 2, 2]
    assert tree.takes(2) == ("main", "main-2", "main-3")


@pytest.mark.parametrize("options", ["--from 0 --branch bold", "--branch bold", "--from 0"])
def test_variations_begin_where_the_cell_says(ip, studio, options):
    run(ip, "%%conduit -n\nacid bass")

    result = run(ip, f"%%conduit -x 3 {options}\nhouse drums")

    tree = studio.session.tree
    assert result.success
    assert len(tree.branches) == 4
    assert ("bold" in tree.branches) == ("bold" in options)


def test_a_terminal_shows_each_with_its_seed_and_branch(ip, capsys):
    run(ip, "%%conduit -n -x 2 --seed 3\nacid bass")

    shown = said(capsys)
    assert "── 1 · seed 3 · main\nAcid bass" in shown
    assert "── 2 · seed 4 · main-2\nAcid bass" in shown


def test_the_cell_is_well_while_one_variation_is(ip, script, capsys):
    script(gone(), call(BASS), "done")

    result = run(ip, "%%conduit -n -m scripted -x 2 -o takes\nbass")

    shown = said(capsys)
    assert result.success
    assert ip.user_ns["takes"] == [BASS]
    assert shown.count("scripted is gone") == 1


def test_the_cell_fails_where_all_do(ip, script, capsys):
    script(gone(), gone())

    result = run(ip, "%%conduit -n -m scripted -x 2 -o takes\nbass")

    assert isinstance(result.error_in_exec, ProviderError)
    assert "takes" not in ip.user_ns
    assert "scripted is gone" in said(capsys).splitlines()[-1]


def test_a_dry_run_tells_the_seeds_and_asks_nobody(ip, script, capsys):
    client = script("Yes.")

    result = run(ip, "%%conduit -n -m scripted -x 3 --seed 5 --dry-run\nbass")

    shown = said(capsys)
    assert result.success
    assert client.requests == []
    assert "3 times, with the seeds 5, 6, 7" in shown


def test_a_dry_run_shows_who_is_asked_and_the_exact_request(ip, script, studio, capsys):
    client = script("Yes.", "Yes.")
    run(ip, "%%conduit -n -m scripted\nbefore")
    tree = studio.session.tree
    said(capsys)

    run(ip, "%%conduit -m scripted --dry-run --seed 2\nbass")
    first, _, sent = said(capsys).partition("\n")
    unchanged = studio.session.tree is tree
    run(ip, "%%conduit -m scripted --seed 2\nbass")

    asked = client.requests[1].model_dump(mode="json", exclude_none=True)
    assert unchanged
    assert first.startswith("scripted/script would be asked, with about ")
    assert json.loads(sent) == asked


def test_a_dry_run_shows_no_key_and_little_of_a_picture(ip, script, capsys):
    script("Yes.")
    ip.user_ns["cover"] = b"GIF89a\x01\x00\x01\x00" + bytes(3000)
    key = "sk-ant-planted-0123456789abcdef"

    run(ip, f"%%conduit -n -m scripted --attach cover --dry-run\nmy key is {key}")

    shown = said(capsys)
    assert key not in shown
    assert "characters more)" in shown


@pytest.mark.parametrize(
    ("code", "told"),
    [("%%conduit --dry-run --from 9\nx", "turn"), ("%%conduit --dry-run -m nobody\nx", "'nobody'")],
)
def test_a_dry_run_of_what_cannot_be_asked_fails(ip, capsys, code, told):
    assert not run(ip, code).success
    assert told in said(capsys)


def test_a_dry_run_shows_how_a_model_is_kept_to_a_type(ip, script, capsys):
    script("4")

    run(ip, "%%conduit -n -m scripted --parse int --dry-run\nhow many")

    sent = json.loads(said(capsys).partition("\n")[2])
    assert [tool["name"] for tool in sent["tools"]] == ["answer"]


@pytest.fixture
def board(studio):
    """Give a board with three outputs that have clips, and the views that it shows them with."""
    made = Board(title="3 variations, in _clips")
    for number in range(1, 4):
        output = Output(studio, live=True, place=made, label=f"{number} · seed {number}")
        output.clip = BASS.with_(name=f"Take {number}")
        made.outputs.append(output)
    return made


def test_the_views_stand_in_one_grid_and_hide_the_one_record(board):
    grid = board._view()

    views = [tile.children[1] for tile in grid.children]
    assert views == [output.view for output in board.outputs]
    assert {view.static_id for view in views} == {board.id}
    assert "seed 2" in grid.children[1].children[0].value


def test_the_record_holds_every_variation_once(board):
    record = board._record()

    assert record["text/html"].count("data:image/svg+xml") == 3
    assert record["text/html"].count("data:audio/wav") == 3
    assert "── 2 · seed 2\nTake 2" in record["text/plain"]


def test_many_variations_hold_no_more_sound_than_a_few(studio):
    board = Board(title="")
    for _ in range(32):
        board.outputs.append(Output(studio, live=False, place=board))
        board.outputs[-1].clip = BASS

    assert len(board._record()["text/html"]) < 2_500_000


def test_the_grid_goes_with_the_last_of_its_views(board):
    grid = board._view()
    for output in board.outputs[:2]:
        asyncio.run(output.seal())
    still = grid.comm is not None
    asyncio.run(board.outputs[2].seal())

    assert still
    assert grid.comm is None


def test_a_stop_ends_all_of_them(ip, script):
    client = script(*[call(LONG)] * 3, piece=8, stall_after=20)
    desk = ip.magics_manager.registry["ConduitMagics"].desk
    stopper = threading.Thread(target=stop_when_notes_come, args=(desk,))
    stopper.start()

    result = run(ip, "%%conduit -n -m scripted -x 3\nbass")

    stopper.join()
    assert result.success
    assert client.closed == 3
    assert len(ip.user_ns["_clips"]) == 3


def stop_when_notes_come(desk):
    """Press Stop in the last tile as soon as every tile has notes."""
    until = time.monotonic() + 10
    while len(desk.outputs) < 3 or not all(output.running.grows for output in list(desk.outputs)[-3:]):
        if time.monotonic() > until:
            break
        time.sleep(0.01)
    desk.outputs[-1]._intent({"type": "stop"})
