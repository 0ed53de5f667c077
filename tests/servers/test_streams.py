import httpx2
import pytest
from servers.fault import FaultServer
from servers.recordings import names, recorded, replay, settled
from servers.streams import (
    Tokens,
    anthropic_answer,
    anthropic_stream,
    ollama_answer,
    ollama_stream,
    openai_answer,
    openai_stream,
)

WORDS = ["#", " Hi", "!", " How", " can", " I", " assist", " you"]
CALL = ("set_tempo", '{"bpm": 128}')
CALL_PIECES = ["{", '"', "b", "pm", '":', " 1", "2", "8", "}"]
CALL_TOKENS = Tokens(n_in=116, n_cached=115, n_out=21)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        (openai_stream("x", pieces=WORDS, finish="length"), "llamacpp/chat_stream"),
        (openai_stream(tool=CALL, pieces=CALL_PIECES, usage=False), "llamacpp/chat_tools_stream"),
        (
            openai_answer("".join(WORDS), finish="length", tokens=Tokens(n_cached=0)),
            "llamacpp/chat",
        ),
        (
            openai_answer(tool=CALL, tokens=Tokens(n_in=116, n_cached=1, n_out=21)),
            "llamacpp/chat_tools",
        ),
        (
            anthropic_stream("x", pieces=["#", " Hello", *WORDS[2:]], finish="max_tokens"),
            "llamacpp/messages_stream",
        ),
        (
            anthropic_stream(tool=CALL, pieces=CALL_PIECES, tokens=CALL_TOKENS),
            "llamacpp/messages_tools_stream",
        ),
        (
            anthropic_answer('import sys\n\nsys.stdout.write("Hello', finish="max_tokens"),
            "llamacpp/messages",
        ),
        (anthropic_answer(tool=CALL, tokens=CALL_TOKENS), "llamacpp/messages_tools"),
        (ollama_stream("x", pieces=WORDS, finish="length"), "ollama/qwen-tools/chat_stream"),
        (
            ollama_stream(tool=CALL, tokens=Tokens(n_in=90, n_out=21)),
            "ollama/qwen-tools/chat_tools_stream",
        ),
        (
            ollama_answer("".join(WORDS), finish="length"),
            "ollama/qwen-tools/chat",
        ),
        (ollama_answer(tool=CALL, tokens=Tokens(n_in=90, n_out=21)), "ollama/qwen-tools/chat_tools"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_written_is_what_was_recorded_but_for_ids_and_times(written, name):
    assert settled(written) == settled(recorded(name).body)


def test_every_recording_played_again_comes_as_it_was_recorded():
    by_path = {f"/{name}": replay(name) for name in names()}
    with FaultServer(by_path=by_path) as server, httpx2.Client(base_url=server.url) as client:
        got = {name: client.get(f"/{name}") for name in names()}

    assert len(got) > 80
    for name, response in got.items():
        expected = recorded(name)
        assert (response.status_code, response.content) == (expected.status, expected.body), name
        assert response.headers["content-type"] == expected.headers["content-type"], name
