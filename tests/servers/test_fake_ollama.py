import json

import httpx2
import pytest
from servers.fake_ollama import fake_ollama
from servers.fault import Reply
from servers.recordings import recorded, recorded_request, settled

pytestmark = pytest.mark.slow  # over real sockets

CHAT = {"model": "smollm2:135m", "messages": [{"role": "user", "content": "Say hi"}]}
TOOLS = json.loads(recorded_request("ollama/qwen-tools/chat_tools"))["tools"]


def ollama_chat(server, **changes):
    return httpx2.post(f"{server.url}/api/chat", json={**CHAT, **changes})


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({"model": "nope"}, "chat_missing_model"),
        ({"think": True}, "chat_think_unsupported"),
        ({"tools": TOOLS, "stream": False}, "chat_tools"),
        ({"messages": []}, "chat_no_messages_load"),
    ],
)
def test_ollama_refuses_as_recorded(asked, name):
    expected = recorded(f"ollama/smollm2/{name}")
    with fake_ollama() as server:
        got = ollama_chat(server, **asked)

    assert (got.status_code, settled(got.content)) == (expected.status, settled(expected.body))
    assert got.headers["content-type"] == expected.headers["content-type"]


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/", "smollm2/root"),
        ("GET", "/api/version", "smollm2/version"),
        ("GET", "/api/ps", "smollm2/ps"),
        ("GET", "/api/tags", "qwen-tools/tags"),
        ("POST", "/api/chat", "smollm2/chat_bad_json"),
        ("POST", "/api/show", "smollm2/show_missing"),
        ("POST", "/v1/messages/count_tokens", "qwen-tools-v1/count_tokens"),
    ],
)
def test_ollama_tells_what_was_recorded(method, path, name):
    expected = recorded(f"ollama/{name}")
    with fake_ollama() as server:
        got = httpx2.request(
            method,
            server.url + path,
            content=recorded_request(f"ollama/{name}") if method == "POST" else None,
        )

    assert (got.status_code, got.content) == (expected.status, expected.body)


def test_ollama_streams_a_call_whole_in_one_line_and_ends_with_stop():
    expected = recorded("ollama/qwen-tools/chat_tools_stream")
    with fake_ollama() as server:
        got = ollama_chat(server, model="qwen-tools", tools=TOOLS)

    assert [list(json.loads(line)) for line in got.text.splitlines()] == [
        list(json.loads(line)) for line in expected.body.splitlines()
    ]
    call, end = map(json.loads, got.text.splitlines())
    assert call["message"]["tool_calls"][0]["function"] == {
        "index": 0,
        "name": "set_tempo",
        "arguments": {"bpm": 128},
    }
    assert (call["done"], end["done"], end["done_reason"]) == (False, True, "stop")


def test_ollama_answers_in_words_once_a_tool_has_answered():
    messages = [*CHAT["messages"], {"role": "tool", "tool_name": "set_tempo", "content": "done"}]
    with fake_ollama(text="It is 128 now.") as server:
        got = ollama_chat(server, model="qwen-tools", tools=TOOLS, messages=messages, stream=False)

    assert got.json()["message"] == {"role": "assistant", "content": "It is 128 now."}


def test_ollama_stops_at_the_length_it_is_given():
    with fake_ollama(text="one two three") as server:
        got = ollama_chat(server, stream=False, options={"num_predict": 2}).json()

    assert (got["message"]["content"], got["done_reason"], got["eval_count"]) == ("one two", "length", 2)


def test_ollama_cuts_a_prompt_that_is_too_long_and_says_nothing():
    messages = [{"role": "user", "content": "x" * 4 * 5000}]
    with fake_ollama() as server:
        cut = ollama_chat(server, messages=messages, stream=False)
        whole = ollama_chat(server, messages=messages, stream=False, options={"num_ctx": 8192})

    assert (cut.status_code, cut.json()["prompt_eval_count"], cut.json()["done_reason"]) == (
        200,
        2050,
        "stop",
    )
    assert whole.json()["prompt_eval_count"] == 5000


def test_ollama_that_may_not_cut_a_prompt_refuses_it_with_json_in_a_string():
    expected = recorded("ollama/smollm2/chat_overflow_notrunc")
    messages = [{"role": "user", "content": "x" * 4 * 12010}]
    with fake_ollama() as server:
        got = ollama_chat(server, messages=messages, truncate=False)

    assert (got.status_code, got.content) == (expected.status, expected.body)


def test_ollama_that_fails_in_a_stream_says_so_in_a_line_of_it():
    with fake_ollama(text="one two three", fails_after=2) as server:
        got = ollama_chat(server)

    *said, last = map(json.loads, got.text.splitlines())
    assert got.status_code == 200
    assert [line["message"]["content"] for line in said] == ["one", " two"]
    assert list(last) == ["error"]


def test_ollama_shows_what_a_model_can_do_and_its_context():
    with fake_ollama(extra={"thinker": ("completion", "thinking")}) as server:
        got = httpx2.post(f"{server.url}/api/show", json={"model": "qwen-tools"}).json()
        names_ = [model["name"] for model in httpx2.get(f"{server.url}/api/tags").json()["models"]]

    assert got["capabilities"] == ["completion", "tools"]
    assert got["model_info"]["qwen2.context_length"] == 32768
    assert "thinker" in names_


def test_ollama_can_be_made_to_fail_once():
    with fake_ollama() as server:
        server.add(Reply.json({"error": "busy"}, status=503))

        assert [ollama_chat(server).status_code for _ in range(2)] == [503, 200]
