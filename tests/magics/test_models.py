import json
import re

import pytest
from conduit_magics.verbs import TOPICS, VERBS
from IPython.core.completer import provisionalcompleter
from IPython.utils.capture import capture_output
from servers.fault import FaultServer, Reply

from conduit.clients.scripted import Cut
from conduit.errors import ErrorKind, ProviderError
from conduit.messages import AssistantMessage, ImagePart, TextPart, ToolCallPart
from conduit.music import Clip, Note, write_clip
from conduit.routing import AnswerFile

PIXEL = b"GIF89a\x01\x00\x01\x00"
BASS = Clip.of([Note(45, beat, 0.5) for beat in range(4)], name="Line", key="A minor")
PLANTED = "sk-ant-planted-0123456789abcdef"
UNSHAPED = "plantedwithoutanyshape42"

pytestmark = pytest.mark.usefixtures("studio")


def run(shell, code):
    return shell.run_cell(code, store_history=False)


def said(capsys):
    return capsys.readouterr().out


def call(clip):
    part = ToolCallPart(id="a", name="write_clip", arguments=json.dumps({"clip": write_clip(clip)}))
    return AssistantMessage(parts=(part,))


def broken(name, *, message="it is gone", after=6):
    error = ProviderError(f"{name} {message}", kind=ErrorKind.PROTOCOL, provider=name)
    return Cut(
        AssistantMessage(parts=(TextPart(text="These words never end. " * 9),)), after=after, error=error
    )


def test_a_cell_without_a_model_asks_the_sessions_default(ip, script, capsys):
    client = script("Hello from the script.")

    run(ip, "%conduit use scripted")
    run(ip, "%%conduit -n\nhello")

    assert "scripted/script answers from now on" in said(capsys)
    assert len(client.requests) == 1


def test_using_a_short_name_or_auto_says_who_that_is(ip, script, capsys):
    script("x", provider="anthropic")

    run(ip, "%conduit use claude")
    run(ip, "%conduit use auto")

    assert said(capsys).splitlines() == [
        "anthropic/script answers from now on",
        "anthropic/script answers from now on (by auto)",
    ]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("%conduit use", "write it as %conduit use NAME"),
        ("%conduit use nobody", "no model is called 'nobody'"),
        ("%conduit add home", "write it as %conduit add NAME URL"),
        ("%conduit add offline http://127.0.0.1:1", "cannot name a provider"),
        ("%conduit add home ftp://x", "a URL is needed"),
        ("%conduit reset-circuit nobody", "there is no provider 'nobody'; there is offline"),
        ("%conduit reset-circuit a b", "takes one provider"),
        ("%conduit cost by taste", "it is by provider, model, day, state, outcome"),
        ("%conduit warmup a b", "takes one model"),
        ("%conduit answers", "write it as %conduit answers [record|replay] FILE | off"),
        ("%conduit answers nothing.jsonl", "there is no file 'nothing.jsonl' to replay"),
        ("%conduit warmup nobody", "no model is called 'nobody'"),
        ("%%conduit --cache maybe\nbass", "--cache"),
        (
            "%%conduit --attach nothing_of_that_name\nbass",
            "there is neither a variable nor a file of that name",
        ),
        ("%%conduit --attach run\nbass", "neither a picture nor a sound"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(ip, capsys, code, words):
    ip.user_ns["run"] = len
    result = run(ip, code)

    shown = said(capsys).strip()
    assert type(result.error_in_exec).__name__ == "SetupError"
    assert words in shown
    assert "\n" not in shown


def test_models_lists_who_is_there_and_marks_the_default(ip, script, capsys):
    script("x", provider="zz")
    run(ip, "%conduit use offline")
    capsys.readouterr()

    run(ip, "%conduit models")

    shown = said(capsys)
    assert "By default: offline, which is offline/composer" in shown
    assert re.search(r"^offline/composer +here, by rules +default$", shown, re.MULTILINE)
    assert re.search(r"^zz/script +this machine or network$", shown, re.MULTILINE)


def test_models_says_why_a_server_is_not_there(ip, capsys):
    with FaultServer(by_path={"/v1/models": Reply.json({"error": "broken"}, status=500)}) as server:
        run(ip, f"%conduit add home {server.url}")
        run(ip, "%conduit models")

    assert re.search(r"^home +this machine or network +home .*\(500\)", said(capsys), re.MULTILINE)


def test_a_long_list_of_models_is_cut_and_completed(ip, capsys):
    listed = {"data": [{"id": f"model-{number}"} for number in range(40)]}
    with FaultServer(by_path={"/v1/models": Reply.json(listed)}) as server:
        run(ip, f"%conduit add home {server.url}")
        run(ip, "%conduit models")

    shown = said(capsys)
    assert "28 more; Tab after -m lists them" in shown
    assert "home/model-11" in shown
    assert "home/model-12" not in shown
    assert "home/model-39" in tab(ip, "%%conduit -m home/model-3")


def test_an_added_server_is_there_at_once(ip, capsys):
    with FaultServer(by_path={"/v1/models": Reply.json({"data": [{"id": "tiny"}]})}) as server:
        run(ip, f"%conduit add home {server.url}")

    assert said(capsys) == "home is there: home/tiny\n"


def test_an_added_server_that_does_not_answer_is_known_all_the_same(ip, studio, capsys):
    run(ip, "%conduit add home http://127.0.0.1:9")

    assert said(capsys).startswith("home is known, but: home cannot be reached")
    assert "home" in studio.providers.registry.clients


def test_providers_tell_how_they_are_and_can_be_asked_again(ip, script, capsys):
    error = ProviderError("busy is busy", kind=ErrorKind.RATE_LIMIT, provider="busy", retry_after_s=50)
    script(error, provider="busy")
    run(ip, "%%conduit -n -m busy\nbass")
    capsys.readouterr()

    run(ip, "%conduit providers")
    shut = said(capsys)
    run(ip, "%conduit reset-circuit busy")
    run(ip, "%conduit providers")
    again = said(capsys)

    assert re.search(
        r"^○  busy +this machine or network +\d+ +1 +1 +(50|49) s +busy is busy$", shut, re.MULTILINE
    )
    assert "asked again as usual: busy" in again
    assert re.search(r"^●  busy ", again, re.MULTILINE)


def test_cost_counts_by_what_is_asked_for(ip, script, capsys):
    script("one", "two", provider="counted")
    run(ip, "%%conduit -n -m counted\nhello")
    run(ip, "%%conduit -m counted\nhello")
    capsys.readouterr()

    run(ip, "%conduit cost")
    by_provider = said(capsys)
    run(ip, "%conduit cost by outcome")
    by_outcome = said(capsys)

    assert re.search(r"^counted +2 +2 +0 .*free$", by_provider, re.MULTILINE)
    assert "This session may still use" in by_provider
    assert by_outcome.startswith("outcome")


def test_keys_say_where_and_never_what(ip, monkeypatch, capsys):
    monkeypatch.setenv("ANTHROPIC_API_KEY", PLANTED)

    run(ip, "%conduit keys")

    shown = said(capsys)
    assert re.search(r"^anthropic +set \(environment\) +ANTHROPIC_API_KEY$", shown, re.MULTILINE)
    assert re.search(r"^openai +not set +OPENAI_API_KEY$", shown, re.MULTILINE)
    assert PLANTED not in shown


def test_a_model_can_be_warmed_up(ip, script, capsys):
    client = script("hi")

    run(ip, "%conduit warmup scripted")

    assert "scripted is warm: it answered in" in said(capsys)
    assert client.requests[0].params.max_tokens == 1


def test_a_notebook_gets_tables_as_html_and_as_text(ip):
    desk = ip.magics_manager.registry["ConduitMagics"].desk
    desk.outputs.live = True
    with capture_output() as shown:
        run(ip, "%conduit models")

    (table,) = shown.outputs
    assert "<table" in table.data["text/html"]
    assert "offline/composer" in table.data["text/plain"]


def test_an_answer_that_breaks_off_is_begun_anew_by_another(ip, script, capsys):
    script(broken("first"), broken("first"), provider="first")
    script(call(BASS), "Here is the line.", provider="second")

    result = run(ip, "%%conduit -n -m first -o line\nbass")

    shown = said(capsys)
    assert result.success
    assert shown.splitlines()[0] == "first broke off; second answers now"
    assert "second/script (after first failed)" in shown
    assert "These words never end" not in shown
    assert len(ip.user_ns["line"]) == 4


def test_a_kept_answer_is_called_one(ip, studio, script, tmp_path, capsys):
    client = script("Kept words.", "New words.")
    studio.providers.router.answers = AnswerFile(tmp_path / "answers.jsonl")

    run(ip, "%%conduit -n -m scripted --cache refresh\nhello")
    run(ip, "%%conduit -n -m scripted --cache on\nhello")

    assert "kept answer" in said(capsys)
    assert len(client.requests) == 1


def test_answers_are_recorded_into_a_file_and_given_from_it(ip, studio, script, tmp_path, capsys):
    client = script("Recorded words.")
    before = studio.providers._settings
    path = tmp_path / "song.answers.jsonl"

    run(ip, f"%conduit answers record '{path}'")
    run(ip, "%%conduit -n -m scripted\nhello")
    run(ip, f"%conduit answers '{path}'")
    run(ip, "%%conduit -n -m scripted\nhello")
    run(ip, "%conduit answers off")
    studio.providers._settings = before

    shown = said(capsys)
    assert f"answers come from {path} from now on, and nobody is asked" in shown
    assert shown.count("Recorded words.") == 2
    assert "kept answer" in shown
    assert len(client.requests) == 1


def test_a_picture_goes_with_the_words_and_the_history_shows_the_words(ip, script, tmp_path, capsys):
    client = script("A cover.", "Two covers.")
    path = tmp_path / "cover.gif"
    path.write_bytes(PIXEL)
    ip.user_ns["cover"] = PIXEL

    run(ip, f"%%conduit -n -m scripted --attach cover --attach '{path}'\nwhat is it")
    run(ip, "%conduit history")

    parts = client.requests[0].messages[-1].parts
    assert [type(part) for part in parts[:2]] == [ImagePart, ImagePart]
    assert "1 You\n  (image/gif, 1 KB)\n  (image/gif, 1 KB)\n  what is it" in said(capsys)


def tab(ip, text):
    with provisionalcompleter():
        return [completion.text for completion in ip.Completer.completions(text, len(text))]


def test_models_and_values_are_completed_without_asking_anybody(ip, script):
    client = script("x", provider="tabbed")
    run(ip, "%conduit plans")

    assert "tabbed/script" in tab(ip, "%%conduit --bars 2 -m tabbed/")
    assert "claude" in tab(ip, "%%conduit --model cl")
    assert "tabbed" in tab(ip, "%conduit use tab")
    assert tab(ip, "%conduit reset-circuit tabb") == ["tabbed"]
    assert tab(ip, "%conduit cost by pro") == ["provider"]
    assert tab(ip, "%%conduit --cache re") == ["refresh"]
    assert client.requests == []


def test_completion_makes_no_studio(ip):
    assert "anthropic" in tab(ip, "%%conduit -m anth")
    assert ip.magics_manager.registry["ConduitMagics"]._desk is None


def test_a_model_with_a_colon_is_completed_after_it(ip):
    listed = {"data": [{"id": "qwen2.5:0.5b"}, {"id": "qwen2.5:1.5b"}]}
    with FaultServer(by_path={"/v1/models": Reply.json(listed)}) as server:
        run(ip, f"%conduit add home {server.url}")

    assert tab(ip, "%%conduit -m home/qwen2.5:0") == ["0.5b"]


def test_the_help_has_every_verb_once():
    listed = [name for names in TOPICS.values() for name in names]

    assert sorted(listed) == sorted(VERBS)


def test_the_help_fits_into_a_hundred_columns(ip, capsys):
    run(ip, "%conduit help")

    assert max(map(len, said(capsys).splitlines())) <= 100


def echo(asked):
    """Refuse, and tell the key that was sent."""
    sent = asked.headers.get("x-api-key") or asked.headers.get("authorization", "")
    return Reply.json(
        {"error": {"type": "authentication_error", "message": f"invalid key {sent}"}}, status=401
    )


def test_no_output_ever_has_a_key(ip, monkeypatch, capsys):
    monkeypatch.setenv("ANTHROPIC_API_KEY", PLANTED)
    monkeypatch.setenv("HOME_SERVER_API_KEY", UNSHAPED)
    with FaultServer(answer=echo) as server:
        codes = [
            f"%conduit add anthropic {server.url}",
            f"%conduit add home-server {server.url}",
            "%conduit models",
            "%conduit keys",
            "%%conduit -n -m anthropic\nbass",
            "%conduit debug",
            "%%conduit -n -m home-server/tiny\nbass",
            "%conduit debug",
            "%conduit use anthropic/claude",
            "%conduit warmup",
            "%conduit providers",
            "%conduit cost by outcome",
            "%conduit history",
        ]
        results = [run(ip, code) for code in codes]
        asked = str([request.headers for request in server.requests])

    shown = "".join(capsys.readouterr())
    errors = [repr(result.error_in_exec) for result in results if result.error_in_exec]
    assert PLANTED in asked
    assert UNSHAPED in asked
    assert len(errors) >= 3
    for key in (PLANTED, UNSHAPED):
        assert key not in shown
        assert key not in "".join(errors)


def test_a_notebooks_outputs_have_no_key_either(ip, monkeypatch):
    monkeypatch.setenv("HOME_SERVER_API_KEY", UNSHAPED)
    desk = ip.magics_manager.registry["ConduitMagics"].desk
    desk.outputs.live = True
    with FaultServer(answer=echo) as server, capture_output() as shown:
        run(ip, f"%conduit add home-server {server.url}")
        run(ip, "%%conduit -n -m home-server/tiny --no-stream\nbass")
        run(ip, "%conduit models")
        run(ip, "%conduit providers")

    everything = shown.stdout + str([output.data for output in shown.outputs])
    assert "home-server" in everything
    assert UNSHAPED not in everything


def test_debug_lists_every_attempt_of_an_answer_that_nobody_gave(ip, script, capsys):
    for name in ("first", "second"):
        script(ProviderError(f"{name} is gone", kind=ErrorKind.PROTOCOL, provider=name), provider=name)

    result = run(ip, "%%conduit -n -m first\nbass")
    line = said(capsys).strip()
    run(ip, "%conduit debug")

    assert type(result.error_in_exec).__name__ == "AllUnavailable"
    assert "\n" not in line
    shown = said(capsys)
    assert "asked first/script: protocol: first is gone" in shown
    assert "asked second/script: protocol: second is gone" in shown
