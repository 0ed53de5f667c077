from dataclasses import replace

import pytest
from IPython.core.completer import provisionalcompleter

from conduit.music import Clip


def run(shell, code):
    return shell.run_cell(code, store_history=False)


def test_a_cell_leaves_its_clip_in_its_variables(ip, capsys):
    result = run(ip, "%%conduit -n --bars 2 --key 'D minor' --seed 3 -o bass\nacid bass")

    assert result.success
    assert isinstance(ip.user_ns["bass"], Clip)
    assert ip.user_ns["_clip"] is ip.user_ns["bass"]
    assert (ip.user_ns["bass"].bars, ip.user_ns["bass"].key) == (2, "D minor")
    assert "Acid bass in D minor" in capsys.readouterr().out


def test_code_may_call_the_magic_and_it_waits(ip):
    ip.run_cell_magic("conduit", "-n -o beat", "house drums")

    assert ip.user_ns["beat"].is_drums


@pytest.mark.parametrize("above", ["%%time", "%%capture", "%%capture out"])
def test_another_magic_may_stand_above_a_cell(ip, above):
    result = run(ip, f"{above}\n%%conduit -n -o inner\nhouse drums")

    assert result.success
    assert ip.user_ns["inner"].is_drums
    assert run(ip, "%%conduit -n -o after\nacid bass").success


def test_a_loop_over_prompts_works_in_a_running_loop(ip):
    code = "clips = []\nfor role in ('bass', 'drums'):\n"
    code += "    get_ipython().run_cell_magic('conduit', '-n', role)\n    clips.append(_clip)\n"
    code += "await __import__('asyncio').sleep(0)"

    assert run(ip, code).success
    assert [clip.is_drums for clip in ip.user_ns["clips"]] == [False, True]


def test_words_are_an_answer_in_a_chat(ip, capsys):
    assert run(ip, "%%conduit -n\nwhat is the weather like").success
    assert "try: four bars" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("code", "error", "said"),
    [
        ("%%conduit --bars 0\nbass", "SetupError", "--bars"),
        ("%%conduit --key 'H minor'\nbass", "SetupError", "'H minor' is not a key"),
        ("%%conduit -m nobody\nbass", "SetupError", "'nobody'"),
        ("%%conduit --mode generate --genre polkacore\nbass", "ClipError", "polkacore"),
        ("%%conduit -o x\nwhat is the weather like", "ClipError", "try: four bars"),
        ("%conduit fly", "SetupError", "no verb 'fly'"),
        ("%conduit approve", "SetupError", "no plan waits"),
        ("%conduit push nothing", "SetupError", "nothing is not a clip"),
        ("%conduit push --track x", "SetupError", "--track"),
    ],
)
def test_an_error_fails_the_cell_with_one_line(ip, capsys, code, error, said):
    result = run(ip, code)

    shown = capsys.readouterr().out.strip()
    assert not result.success
    assert type(result.error_in_exec).__name__ == error
    assert said in shown
    assert "\n" not in shown


def test_debug_shows_the_trace_of_the_last_error(ip, capsys):
    run(ip, "%conduit fly")
    run(ip, "%conduit debug")

    assert "Traceback" in capsys.readouterr().out


@pytest.mark.parametrize("code", ["%%conduit -h", "%%conduit --help\n", "%%conduit -h\nx"])
def test_help_is_printed_and_asks_nothing(ip, capsys, code):
    assert run(ip, code).success
    assert "--no-stream" in capsys.readouterr().out


def test_an_empty_cell_is_answered_in_words(ip, capsys):
    assert run(ip, "%%conduit -n --bars 4").success
    assert "no words" in capsys.readouterr().out


def test_no_inner_name_is_shown_to_the_user(ip):
    assert [name for name in ip.magics_manager.magics["cell"] if "conduit" in name] == [
        "conduit",
        "conduit_prompt",
    ]


def test_a_newer_push_to_the_same_slot_takes_the_place_of_the_older(ip, capsys):
    run(ip, "%%conduit -n -o bass\nacid bass")
    for _ in range(3):
        run(ip, "%conduit push bass --track 1 --slot 6")
    capsys.readouterr()
    run(ip, "%conduit plans")
    waiting = capsys.readouterr().out
    run(ip, "%conduit reject")

    assert waiting.count("track 1 '1-MIDI', slot 6") == 1


def test_live_can_be_released_and_is_found_again(ip, capsys):
    run(ip, "%conduit release")

    assert run(ip, "%conduit live").success
    assert "simulated Live set" in capsys.readouterr().out


def test_a_push_goes_to_the_set_and_undo_takes_it_back(ip, capsys):
    run(ip, "%%conduit -n -o bass\nacid bass")
    run(ip, "%conduit push bass --track 1 --slot 5")
    run(ip, "%conduit live")
    pushed = capsys.readouterr().out
    run(ip, "%conduit undo")
    run(ip, "%conduit live")
    undone = capsys.readouterr().out

    assert "pushed to track 1 '1-MIDI', slot 5 (simulated set)" in pushed
    assert "slot 5 'Acid bass" in pushed
    assert "slot 5 'Acid" not in undone


def test_a_taken_slot_asks_first(ip, capsys):
    run(ip, "%%conduit -n -o bass\nacid bass")
    run(ip, "%%conduit -n -o beat\nhouse drums")
    run(ip, "%conduit push bass --track 2 --slot 1")
    run(ip, "%conduit push beat --track 2 --slot 1")
    waiting = capsys.readouterr().out
    run(ip, "%conduit live")
    before = capsys.readouterr().out
    run(ip, "%conduit approve")
    run(ip, "%conduit live")
    after = capsys.readouterr().out

    assert "waits for approval" in waiting
    assert "slot 1 'Acid bass" in before
    assert "slot 1 'House drums'" in after


def test_a_model_asks_and_a_rejection_changes_nothing(ip, capsys):
    run(ip, "%%conduit -n\nacid bass")
    run(ip, "%%conduit\nplease push it to track 1 slot 7")
    run(ip, "%conduit reject")
    run(ip, "%conduit live")

    shown = capsys.readouterr().out
    assert "rejected: Write" in shown
    assert "slot 7" not in shown.split("rejected: Write")[1].partition("\n")[2]


def test_loading_twice_and_unloading_leave_no_trace(ip):
    matchers, transformers = len(ip.Completer.custom_matchers), len(ip.input_transformers_post)

    ip.run_line_magic("load_ext", "conduit")
    ip.run_line_magic("reload_ext", "conduit")

    assert len(ip.Completer.custom_matchers) == matchers
    assert len(ip.input_transformers_post) == transformers
    ip.run_line_magic("unload_ext", "conduit")
    assert "conduit" not in ip.magics_manager.magics["cell"]
    ip.run_line_magic("load_ext", "conduit")


def test_tab_completes_options_and_verbs(ip):
    def tab(text):
        with provisionalcompleter():
            return [c.text for c in ip.Completer.completions(text, len(text))]

    assert "--seed" in tab("%%conduit --se")
    assert tab("%conduit un") == ["undo"]


def test_the_genres_are_listed_with_what_each_means(ip, capsys):
    assert run(ip, "%conduit genres").success
    shown = capsys.readouterr().out

    assert "drum and bass" in shown
    assert "125-140" in shown
    assert "%conduit genres NAME says more" in shown


def test_a_genre_is_told_by_any_of_its_names(ip, capsys):
    assert run(ip, "%conduit genres dnb").success
    shown = capsys.readouterr().out

    assert "170-180 bpm, usually 174" in shown
    assert "reese bass" in shown


def test_a_genre_that_is_not_there_is_an_error_of_one_line(ip, capsys):
    assert not run(ip, "%conduit genres tehcnopop").success
    assert "Did you mean techno?" in capsys.readouterr().out


def test_a_genre_of_ones_own_is_listed_and_a_broken_file_is_told(ip, studio, capsys, tmp_path):
    (tmp_path / "my_own.yaml").write_text("like: house\nbpm: 111\n")
    (tmp_path / "broken.yaml").write_text("bpm: [")
    settings, studio.settings = studio.settings, replace(studio.settings, genres=str(tmp_path))
    try:
        run(ip, "%conduit genres")
        shown = capsys.readouterr().out
        made = run(ip, "%%conduit --genre my-own --seed 1\ndrums")
    finally:
        studio.settings = settings
        studio.read_genres()

    assert "my own" in shown
    assert "not read:" in shown
    assert "broken.yaml, line 2: this is not YAML" in shown
    assert made.success
    assert ip.user_ns["_clip"].bpm == 111
