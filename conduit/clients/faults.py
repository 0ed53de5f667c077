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

__all__ = ["cut_off", "declined", "fault"]

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
    "internal_error": ErrorKind.SERVER,
    "internal_server_error": ErrorKind.SERVER,
    "invalid_api_key": ErrorKind.AUTHENTICATION,
    "invalid_prompt": ErrorKind.BAD_REQUEST,
    "invalid_request_error": ErrorKind.BAD_REQUEST,
    "model_not_found": ErrorKind.NOT_FOUND,
    "not_found_error": ErrorKind.NOT_FOUND,
    "overloaded_error": ErrorKind.OVERLOADED,
    "permission_error": ErrorKind.AUTHENTICATION,
    "rate_limit_error": ErrorKind.RATE_LIMIT,
    "rate_limit_exceeded": ErrorKind.RATE_LIMIT,
    "refusal": ErrorKind.CONTENT_FILTER,
    "request_too_large": ErrorKind.TOO_LARGE,
    "server_error": ErrorKind.SERVER,
    "timeout_error": ErrorKind.TIMEOUT,
}
_SPECIFIC = {ErrorKind.CONTEXT_LENGTH, ErrorKind.CONTENT_FILTER, ErrorKind.NOT_FOUND}

_TOO_LONG = re.compile(
    r"context (?:length|size|window)|maximum (?:context|prompt length)|prompt is too long|"
    r"exceeds? the (?:available )?context|input token count",
    re.IGNORECASE,
)
_MAX = re.compile(
    r"(?:context length (?:is|of)(?: only)? |context size \(|> |prompt length is |tokens allowed \()(\d{1,9})|"
    r"(\d{1,9})\s*maximum",
    re.IGNORECASE,
)
_ACTUAL = re.compile(
    r"(?:request \(|too long: |at least |resulted in |requested (?:about )?|you passed |contains |token count \()"
    r"(\d{1,9})",
    re.IGNORECASE,
)
_BAD_KEY = re.compile(r"(?:invalid|incorrect) api key|api key (?:is )?(?:not valid|invalid)", re.IGNORECASE)
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
    shared = {"model": model, "status": status, **_from_headers(headers or {}, facts)}
    where = f"{provider}/{model}" if model else provider
    code = f" ({status})" if status is not None else ""
    text = f"{where} {_WORDS.get(kind, 'refused')}{code}: {said}{_NEXT.get(kind, '')}"
    if kind is ErrorKind.CONTEXT_LENGTH:
        most, actual = _sizes(facts, said)
        return ContextTooLong(text, provider=provider, max_tokens=most, actual_tokens=actual, **shared)
    return ProviderError(text, kind=kind, provider=provider, **shared)


def _from_headers(headers: Mapping[str, str], facts: dict[str, Any]) -> dict[str, Any]:
    found = {name.lower(): value for name, value in headers.items()}
    request_id = found.get("x-request-id") or found.get("request-id") or _text(facts.get("request_id"))
    return {"request_id": request_id, "retry_after_s": _seconds(found)}


def cut_off(provider: str) -> ProviderError:
    """Make the error of a stream that ended before the provider's own terminal event."""
    return ProviderError(
        f"{provider} stopped in the middle of its answer; what came is kept, ask again",
        kind=ErrorKind.STREAM_INCOMPLETE,
        provider=provider,
    )


def declined(provider: str, *, partial: dict[str, Any]) -> ProviderError:
    """Make the error of an answer that the provider ended because of its content.

    Args:
        provider: Who declined.
        partial: What had come, as the JSON object of an ``AssistantMessage``.
    """
    return ProviderError(
        f"{provider} stopped the answer because of its content; ask in other words",
        kind=ErrorKind.CONTENT_FILTER,
        provider=provider,
        partial=partial,
    )


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
    except (ValueError, RecursionError):
        return {}
    if isinstance(value, list) and value:  # Gemini wraps its errors in a list
        value = value[0]
    if not isinstance(value, dict):
        return {}
    inner = value.get("error") or value.get("detail")
    if isinstance(inner, dict):
        return {**inner, **({"request_id": value["request_id"]} if "request_id" in value else {})}
    if isinstance(inner, str):
        return _facts(inner) or {"message": inner}
    return value


def _said(facts: dict[str, Any], body: bytes) -> str:
    message = facts.get("message")
    if isinstance(message, str) and message.strip():
        return _plain(message, most=500)
    return _plain(re.sub(r"<[^>]*>", " ", body[:400].decode(errors="replace")), most=200) or "without a word"


def _plain(text: str, *, most: int) -> str:
    """Make a server's words fit to be shown: on one line, without control characters or halves of characters."""
    text = text[: 4 * most].encode(errors="replace").decode()
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", text)[:most].strip().rstrip(". ")


def _kind(facts: dict[str, Any], said: str, status: int | None) -> ErrorKind:
    words = [facts.get("code"), facts.get("type"), facts.get("status")]
    named = [_BY_WORD[word] for word in words if isinstance(word, str) and word in _BY_WORD]
    specific = next((kind for kind in named if kind in _SPECIFIC), None)
    if specific is not None:
        return specific
    if _TOO_LONG.search(said) and status in {None, 200, 400, 413, 422, 500}:
        return ErrorKind.CONTEXT_LENGTH
    if "insufficient_quota" in words or (_BAD_KEY.search(said) and status in {None, 200, 400}):
        return ErrorKind.AUTHENTICATION
    number = status if status not in {None, 200} else _number(facts.get("code"))
    if number in _BY_STATUS:
        return _BY_STATUS[number]
    if named:
        return named[0]
    return ErrorKind.BAD_REQUEST if number is not None and number < 500 else ErrorKind.SERVER


def _number(code: Any) -> int | None:
    """Read a status that stands in a body, as a number or in words."""
    if isinstance(code, str) and re.fullmatch(r"[45]\d\d", code, re.ASCII):
        return int(code)
    return code if isinstance(code, int) and 400 <= code < 600 else None


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
        text = headers.get(name, "").strip()
        if re.fullmatch(r"\d{1,7}(?:\.\d{1,6})?", text, re.ASCII):
            return float(text) * scale
    return None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
