"""Error answers of every provider as one ``ProviderError``: one table by word, one by status.

Servers send four shapes of body: an object, an object around a string, a string that holds JSON again, and
Anthropic's wrapper. All are read here. Pure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from conduit.errors import ContextTooLong, ErrorKind, ProviderError

__all__ = ["fault"]

_BY_STATUS = {
    400: ErrorKind.BAD_REQUEST,
    401: ErrorKind.AUTHENTICATION,
    402: ErrorKind.AUTHENTICATION,
    403: ErrorKind.AUTHENTICATION,
    404: ErrorKind.NOT_FOUND,
    408: ErrorKind.TIMEOUT,
    413: ErrorKind.TOO_LARGE,
    422: ErrorKind.BAD_REQUEST,
    429: ErrorKind.RATE_LIMIT,
    503: ErrorKind.OVERLOADED,
    504: ErrorKind.TIMEOUT,
    529: ErrorKind.OVERLOADED,
}

# What providers call it: error types and codes of OpenAI, Anthropic, llama.cpp, vLLM and OpenRouter.
_BY_WORD = {
    "api_error": ErrorKind.SERVER,
    "authentication_error": ErrorKind.AUTHENTICATION,
    "content_filter": ErrorKind.CONTENT_FILTER,
    "content_policy_violation": ErrorKind.CONTENT_FILTER,
    "context_length_exceeded": ErrorKind.CONTEXT_LENGTH,
    "exceed_context_size_error": ErrorKind.CONTEXT_LENGTH,
    "insufficient_quota": ErrorKind.AUTHENTICATION,
    "invalid_api_key": ErrorKind.AUTHENTICATION,
    "invalid_request_error": ErrorKind.BAD_REQUEST,
    "model_not_found": ErrorKind.NOT_FOUND,
    "not_found_error": ErrorKind.NOT_FOUND,
    "overloaded_error": ErrorKind.OVERLOADED,
    "permission_error": ErrorKind.AUTHENTICATION,
    "rate_limit_error": ErrorKind.RATE_LIMIT,
    "rate_limit_exceeded": ErrorKind.RATE_LIMIT,
    "request_too_large": ErrorKind.TOO_LARGE,
    "server_error": ErrorKind.SERVER,
    "timeout_error": ErrorKind.TIMEOUT,
}
_SPECIFIC = {ErrorKind.CONTEXT_LENGTH, ErrorKind.CONTENT_FILTER, ErrorKind.NOT_FOUND}

_TOO_LONG = re.compile(
    r"context (?:length|size|window)|maximum context|prompt is too long|exceeds? the (?:available )?context",
    re.IGNORECASE,
)
_MAX = re.compile(
    r"(?:maximum context length (?:is|of) |context size \(|> )(\d+)|(\d+)\s*maximum", re.IGNORECASE
)
_ACTUAL = re.compile(
    r"(?:request \(|too long: |at least |resulted in |requested |you passed )(\d+)", re.IGNORECASE
)
_NEXT = {
    ErrorKind.AUTHENTICATION: "; check the key, %conduit keys shows where it was found",
    ErrorKind.NOT_FOUND: "; %conduit models lists what there is",
    ErrorKind.CONTEXT_LENGTH: "; start a new conversation with -n, or ask a model that reads more",
}


def fault(
    *,
    provider: str,
    model: str,
    status: int | None,
    body: bytes,
    headers: Mapping[str, str] | None = None,
) -> ProviderError:
    """Make the error of an error answer, or of an error object inside a stream.

    Args:
        provider: Who answered.
        model: What was asked.
        status: HTTP status; None inside a stream.
        body: The answer's body, in whatever shape.
        headers: The answer's headers, for ``retry-after`` and the request's id.
    """
    facts = _facts(body)
    said = _said(facts, body)
    kind = _kind(facts, said, status)
    found = {name.lower(): value for name, value in (headers or {}).items()}
    shared: dict[str, Any] = {
        "model": model,
        "status": status,
        "request_id": found.get("x-request-id") or found.get("request-id") or _text(facts.get("request_id")),
        "retry_after_s": _seconds(found),
    }
    where = f"{provider}/{model}" if model else provider
    code = f" ({status})" if status is not None else ""
    text = f"{where} {_WORDS.get(kind, 'refused')}{code}: {said}{_NEXT.get(kind, '')}"
    if kind is ErrorKind.CONTEXT_LENGTH:
        most, actual = _sizes(facts, said)
        return ContextTooLong(text, provider=provider, max_tokens=most, actual_tokens=actual, **shared)
    return ProviderError(text, kind=kind, provider=provider, **shared)


_WORDS = {
    ErrorKind.AUTHENTICATION: "did not accept the key",
    ErrorKind.CONTENT_FILTER: "declined the content",
    ErrorKind.CONTEXT_LENGTH: "was sent more than it can read",
    ErrorKind.NOT_FOUND: "does not have that",
    ErrorKind.OVERLOADED: "is overloaded",
    ErrorKind.RATE_LIMIT: "asks to wait",
    ErrorKind.SERVER: "failed",
    ErrorKind.TIMEOUT: "took too long",
    ErrorKind.TOO_LARGE: "was sent too much",
}


def _facts(body: bytes | str) -> dict[str, Any]:
    """Dig out the object that says what went wrong."""
    try:
        value = json.loads(body)
    except ValueError:
        return {}
    if isinstance(value, list) and value:  # Gemini wraps its errors in a list
        value = value[0]
    if not isinstance(value, dict):
        return {}
    inner = value.get("error", value.get("detail"))
    if isinstance(inner, dict):
        return {**inner, **({"request_id": value["request_id"]} if "request_id" in value else {})}
    if isinstance(inner, str):
        return _facts(inner) or {"message": inner}
    return value


def _said(facts: dict[str, Any], body: bytes) -> str:
    message = facts.get("message")
    if isinstance(message, str) and message:
        return message[:500].rstrip(". ")
    start = re.sub(r"<[^>]*>|\s+", " ", body[:400].decode(errors="replace")).strip()
    return start[:200] or "without a word"


def _kind(facts: dict[str, Any], said: str, status: int | None) -> ErrorKind:
    words = [facts.get("code"), facts.get("type"), facts.get("status")]
    named = [_BY_WORD[word] for word in words if isinstance(word, str) and word in _BY_WORD]
    specific = next((kind for kind in named if kind in _SPECIFIC), None)
    if specific is not None:
        return specific
    if _TOO_LONG.search(said) and status in {400, 413, 422, 500, None}:
        return ErrorKind.CONTEXT_LENGTH
    if "insufficient_quota" in words:
        return ErrorKind.AUTHENTICATION
    code = facts.get("code")
    number = status if status not in {None, 200} else code if isinstance(code, int) else None
    if number in _BY_STATUS:
        return _BY_STATUS[number]
    if named:
        return named[0]
    return ErrorKind.BAD_REQUEST if number is not None and number < 500 else ErrorKind.SERVER


def _sizes(facts: dict[str, Any], said: str) -> tuple[int | None, int | None]:
    most, actual = facts.get("n_ctx"), facts.get("n_prompt_tokens")
    if isinstance(most, int) and isinstance(actual, int):
        return most, actual
    found_most, found_actual = _MAX.search(said), _ACTUAL.search(said)
    return (
        int(next(filter(None, found_most.groups()))) if found_most else None,
        int(found_actual[1]) if found_actual else None,
    )


def _seconds(headers: Mapping[str, str]) -> float | None:
    """Read how long to wait; a date instead of a number is not read, as it needs a clock."""
    for name, scale in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        text = headers.get(name, "")
        if re.fullmatch(r"\d{1,7}(?:\.\d{1,6})?", text):
            return float(text) * scale
    return None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
