import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from servers.recordings import names, recorded

from conduit.clients.faults import cut_off, declined, fault
from conduit.errors import ConduitError, ContextTooLong, ErrorKind, ProviderError


def told(body, status=400, headers=None):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return fault(provider="p", model="m", status=status, body=data, headers=headers)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, ErrorKind.BAD_REQUEST),
        (401, ErrorKind.AUTHENTICATION),
        (402, ErrorKind.AUTHENTICATION),
        (403, ErrorKind.AUTHENTICATION),
        (404, ErrorKind.NOT_FOUND),
        (405, ErrorKind.BAD_REQUEST),
        (408, ErrorKind.TIMEOUT),
        (413, ErrorKind.TOO_LARGE),
        (418, ErrorKind.BAD_REQUEST),
        (422, ErrorKind.BAD_REQUEST),
        (429, ErrorKind.RATE_LIMIT),
        (500, ErrorKind.SERVER),
        (502, ErrorKind.SERVER),
        (503, ErrorKind.OVERLOADED),
        (504, ErrorKind.TIMEOUT),
        (520, ErrorKind.SERVER),
        (529, ErrorKind.OVERLOADED),
    ],
)
@pytest.mark.parametrize("body", [b"", b"<html><body>Bad</body></html>", b"{}", b"null", b"5"])
def test_a_status_alone_tells_the_kind(status, kind, body):
    assert told(body, status).kind is kind


RECORDED = {
    "llamacpp/chat_badkey": ErrorKind.AUTHENTICATION,
    "llamacpp/messages_badkey": ErrorKind.AUTHENTICATION,
    "llamacpp/chat_overflow": ErrorKind.CONTEXT_LENGTH,
    "llamacpp/chat_overflow_stream": ErrorKind.CONTEXT_LENGTH,
    "ollama/qwen-tools/chat_overflow_notrunc": ErrorKind.CONTEXT_LENGTH,
    "ollama/qwen-tools/chat_missing_model": ErrorKind.NOT_FOUND,
    "ollama/qwen-tools/show_missing": ErrorKind.NOT_FOUND,
    "ollama/qwen-tools/v1_chat_missing": ErrorKind.NOT_FOUND,
    "ollama/qwen-tools/v1_messages_missing": ErrorKind.NOT_FOUND,
    "ollama/qwen-tools/chat_think_unsupported": ErrorKind.BAD_REQUEST,
    "ollama/qwen-tools/chat_bad_json": ErrorKind.BAD_REQUEST,
    "ollama/smollm2/chat_tools": ErrorKind.BAD_REQUEST,
}


@pytest.mark.parametrize("name", RECORDED)
def test_recorded_errors_are_told_in_kind(name):
    answer = recorded(name)

    assert told(answer.body, answer.status).kind is RECORDED[name]


def test_no_recorded_error_is_told_in_its_raw_form():
    errors = [(name, recorded(name)) for name in names() if recorded(name).status >= 400]

    assert len(errors) > 12
    for name, answer in errors:
        words = str(told(answer.body, answer.status))
        assert '{"' not in words, name


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"error": {"message": "x", "type": "insufficient_quota"}}, 429, ErrorKind.AUTHENTICATION),
        ({"error": {"message": "x", "code": "context_length_exceeded"}}, 400, ErrorKind.CONTEXT_LENGTH),
        ({"error": {"message": "x", "code": "content_filter"}}, 400, ErrorKind.CONTENT_FILTER),
        ({"error": {"message": "x", "code": "model_not_found"}}, 403, ErrorKind.NOT_FOUND),
        ({"error": "Unauthorized"}, 401, ErrorKind.AUTHENTICATION),
        ({"error": {"message": "No auth credentials found", "code": 401}}, 401, ErrorKind.AUTHENTICATION),
        (
            [{"error": {"code": 400, "message": "API key not valid.", "status": "INVALID_ARGUMENT"}}],
            400,
            ErrorKind.AUTHENTICATION,
        ),
        ({"detail": "Not Found"}, 404, ErrorKind.NOT_FOUND),
        ({"detail": [{"loc": ["body"], "msg": "field required"}]}, 422, ErrorKind.BAD_REQUEST),
        (
            {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}},
            529,
            ErrorKind.OVERLOADED,
        ),
        (
            {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}},
            None,
            ErrorKind.OVERLOADED,
        ),
        (
            {"type": "error", "error": {"type": "authentication_error", "message": "x"}},
            None,
            ErrorKind.AUTHENTICATION,
        ),
        ({"error": {"message": "x", "code": 429}}, None, ErrorKind.RATE_LIMIT),
        ({"error": {"message": "x", "code": "503"}}, None, ErrorKind.OVERLOADED),
        ({"error": {"message": "x", "code": 502}}, 200, ErrorKind.SERVER),
        ({"error": {"message": "x", "code": 7}}, None, ErrorKind.SERVER),
        ({"error": {"message": "x", "code": True}}, None, ErrorKind.SERVER),
        ({"error": {"message": "x", "code": ["a"], "type": {}}}, 400, ErrorKind.BAD_REQUEST),
        ({"error": "something broke"}, None, ErrorKind.SERVER),
    ],
)
def test_words_and_numbers_in_a_body_tell_the_kind(body, status, kind):
    assert told(body, status).kind is kind


@pytest.mark.parametrize(
    ("words", "most", "actual"),
    [
        (
            "The model's maximum context length is 128000 tokens. Your messages resulted in 150000 tokens.",
            128_000,
            150_000,
        ),
        (
            "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens",
            4096,
            5000,
        ),
        (
            "You passed 4097 input tokens and requested 9 output tokens. The model's context length is only 4096",
            4096,
            4097,
        ),
        (
            "This endpoint's maximum context length is 131072 tokens. However, you requested about 140000 tokens",
            131_072,
            140_000,
        ),
        ("prompt is too long: 208310 tokens > 200000 maximum", 200_000, 208_310),
        ("request (12009 tokens) exceeds the available context size (4096 tokens)", 4096, 12_009),
        (
            "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
            1_048_576,
            1_200_000,
        ),
        (
            "This model's maximum prompt length is 131072 but the request contains 200000 tokens.",
            131_072,
            200_000,
        ),
        (
            "Prompt contains 40000 tokens, too large for model with 32768 maximum context length",
            32_768,
            40_000,
        ),
        ("the request exceeds the available context size, try increasing it", None, None),
    ],
)
@pytest.mark.parametrize("status", [400, 413, None])
def test_a_prompt_that_is_too_long_is_told_with_its_sizes(words, most, actual, status):
    error = told({"error": {"message": words, "type": "invalid_request_error"}}, status)

    assert isinstance(error, ContextTooLong)
    assert (error.max_tokens, error.actual_tokens) == (most, actual)


@pytest.mark.parametrize(
    "words",
    [
        "max_tokens is too large: 100000. This model supports at most 16384 completion tokens",
        "no such context",
    ],
)
def test_other_errors_are_not_taken_for_a_long_prompt(words):
    assert told({"error": {"message": words}}).kind is ErrorKind.BAD_REQUEST


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "20"}, 20),
        ({"retry-after": " 1.5 "}, 1.5),
        ({"retry-after-ms": "250", "retry-after": "1"}, 0.25),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "99999999999"}, None),
        ({"retry-after": "\u0663"}, None),
        ({}, None),
        (None, None),
    ],
)
def test_how_long_to_wait_is_read(headers, seconds):
    assert told({}, 429, headers).retry_after_s == seconds


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ({}, {"X-Request-Id": "r"}),
        ({}, {"request-id": "r"}),
        ({"error": {"type": "x"}, "request_id": "r"}, {}),
    ],
)
def test_the_requests_id_is_kept(body, headers):
    assert told(body, 500, headers).request_id == "r"


def test_the_message_says_who_what_and_what_next():
    error = told({"error": {"message": "Bad key."}}, 401)

    assert str(error) == (
        "p/m did not accept the key (401): Bad key; check the key, %conduit keys shows where it was found"
    )


@pytest.mark.parametrize("words", ["\x1b[31mred\x07", "a\r\nb\u0085c", "half \ud800 here"])
def test_a_servers_words_cannot_harm_a_screen(words):
    message = str(told({"error": {"message": words}}))

    assert message.encode().isascii()
    assert message.isprintable()


def test_a_page_of_html_is_told_as_its_words():
    assert "Gateway busy" in str(told(b"<html><h1>Gateway</h1>\n\n<p>busy</p></html>", 502))


def test_a_body_without_words_is_told_too():
    assert "without a word" in str(told(b"", 500))


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"error":' * 50_000,
        b"\xff\xfe\x00",
        b'{"error": {"message": ' + b"9" * 9000 + b"}}",
        b"1" * 9000,
    ],
)
def test_a_hostile_body_is_an_error_like_any_other(body):
    assert told(body, 500).kind is ErrorKind.SERVER


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(["error", "detail", "message", "code", "type", "status", "request_id", "n_ctx"]),
            inner,
        )
    ),
)


@given(JSON, st.none() | st.integers(400, 599))
def test_any_body_makes_an_error_that_can_be_sent_and_read_back(body, status):
    error = told(body, status)
    again = ConduitError.from_json(error.to_json())

    assert isinstance(again, ProviderError)
    assert (str(again), again.kind) == (str(error), error.kind)
    assert str(error).encode()


def test_what_ends_an_answer_early_is_told_in_kind():
    assert cut_off("p").kind is ErrorKind.STREAM_INCOMPLETE
    assert declined("p", partial={"parts": []}).kind is ErrorKind.CONTENT_FILTER
    assert declined("p", partial={"parts": []}).partial == {"parts": []}
