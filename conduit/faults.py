"""What can go wrong with a provider, one word each, and what follows from it: one table that everyone reads."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["FAULTS", "ErrorKind", "Fault"]


class ErrorKind(StrEnum):
    """What went wrong with a provider, one word."""

    ALL_UNAVAILABLE = "all_unavailable"
    AUTHENTICATION = "authentication"
    BAD_REQUEST = "bad_request"
    CANCELLED = "cancelled"
    CIRCUIT_OPEN = "circuit_open"
    CONTENT_FILTER = "content_filter"
    CONTEXT_LENGTH = "context_length"
    KEY_MISSING = "key_missing"
    LENGTH = "length"
    NETWORK = "network"
    NOT_FOUND = "not_found"
    OVERLOADED = "overloaded"
    PROTOCOL = "protocol"
    RATE_LIMIT = "rate_limit"
    SERVER = "server"
    STREAM_INCOMPLETE = "stream_incomplete"
    TIMEOUT = "timeout"
    TOO_LARGE = "too_large"


@dataclass(frozen=True, slots=True)
class Fault:
    """What follows from a kind of error.

    Attributes:
        counts: Whether the provider is to blame, so that its circuit breaker counts it.
        retryable: Whether the same request to the same provider may succeed at once.
        passes_on: Whether another provider is asked in its place. Of the caller's own errors only those that are
            tied to one provider are passed on, and only where the caller did not name the provider.
    """

    counts: bool
    retryable: bool
    passes_on: bool


_THEIRS_NOW = Fault(counts=True, retryable=True, passes_on=True)
_THEIRS = Fault(counts=True, retryable=False, passes_on=True)
_KEYS = Fault(counts=False, retryable=False, passes_on=True)
_YOURS = Fault(counts=False, retryable=False, passes_on=False)

FAULTS: dict[ErrorKind, Fault] = {
    ErrorKind.ALL_UNAVAILABLE: _KEYS,  # of another Conduit; the next may be asked
    ErrorKind.AUTHENTICATION: _KEYS,
    ErrorKind.BAD_REQUEST: _YOURS,
    ErrorKind.CANCELLED: _YOURS,
    ErrorKind.CIRCUIT_OPEN: _KEYS,
    ErrorKind.CONTENT_FILTER: _YOURS,
    ErrorKind.CONTEXT_LENGTH: _YOURS,
    ErrorKind.KEY_MISSING: _KEYS,
    ErrorKind.LENGTH: _YOURS,
    ErrorKind.NETWORK: _THEIRS_NOW,
    ErrorKind.NOT_FOUND: _KEYS,
    ErrorKind.OVERLOADED: _THEIRS_NOW,
    ErrorKind.PROTOCOL: _THEIRS,
    ErrorKind.RATE_LIMIT: _THEIRS,
    ErrorKind.SERVER: _THEIRS_NOW,
    ErrorKind.STREAM_INCOMPLETE: _THEIRS_NOW,
    ErrorKind.TIMEOUT: _THEIRS,
    ErrorKind.TOO_LARGE: _YOURS,
}
"""Every kind of error and what follows from it."""
