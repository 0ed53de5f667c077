"""Every error that Conduit raises, in one tree sorted by whose fault it is.

::

    ConduitError
    ├── SetupError            you: an option, a key, a file, something not installed
    │   └── PromptError           a template that lacks inputs, or was given some that it does not have
    ├── Interrupted           you stopped it; what had come is kept
    ├── ConversationError     you: messages in an order no model accepts
    ├── BudgetExceeded        you: calls, tokens, cost or time ran over what you allowed
    ├── ProviderError         them: a model's server, or what it sent; ``kind`` says what
    │   ├── ContextTooLong
    │   ├── CircuitOpen           refused without calling, because recent calls failed
    │   └── AllUnavailable        nobody could answer; holds every attempt
    ├── LinkError             them: Ableton Live, or the way to it
    │   └── PartlyDone            a change failed, and not all of what it had done could be taken back
    ├── PlanError             a change that was not made
    │   ├── PlanNotFound
    │   ├── PlanExpired
    │   ├── PlanUsed          it was applied or rejected before
    │   ├── StateChanged      what it would change is no longer what it was made for
    │   └── ApplyFailed       it was tried and did not hold; the plan is kept
    ├── ParseError            them: an answer that is not what was asked for; holds what was received
    ├── StoreError            the database, or the way to it; what is in it stays as it is
    └── ClipError             a clip that cannot be read, with the place and what would be valid

A message says what happened, to what, and what to do next. The facts stand in attributes too, so nobody
parses a message. ``to_json`` and ``from_json`` carry every error over a wire unchanged, and ``pickle`` to
another process. A wrong argument to a function is a plain ``ValueError`` or ``TypeError``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from conduit.faults import FAULTS, ErrorKind, Fault

__all__ = [
    "FAULTS",
    "AllUnavailable",
    "ApplyFailed",
    "BudgetExceeded",
    "CircuitOpen",
    "ClipError",
    "ConduitError",
    "ContextTooLong",
    "ConversationError",
    "ErrorKind",
    "Fault",
    "Interrupted",
    "LinkError",
    "ParseError",
    "PartlyDone",
    "PlanError",
    "PlanExpired",
    "PlanNotFound",
    "PlanUsed",
    "PromptError",
    "ProviderError",
    "SetupError",
    "StateChanged",
    "StoreError",
]


class ConduitError(Exception):
    """What every error of Conduit is; catch it to catch them all.

    Subclasses keep their facts as plain attributes whose values JSON can hold.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def _render_traceback_(self) -> list[str]:
        """Give notebooks one line; IPython asks for it by this name. ``%conduit debug`` shows the trace."""
        return [f"{type(self).__name__}: {self.message}"]

    def to_json(self) -> str:
        """Write the error as JSON that ``from_json`` reads back."""
        return json.dumps({"type": type(self).__name__, **vars(self)}, sort_keys=True)

    def __reduce__(self) -> tuple[Callable[[str], ConduitError], tuple[str]]:
        return ConduitError.from_json, (self.to_json(),)

    @staticmethod
    def from_json(text: str) -> ConduitError:
        """Rebuild an error, of its own class, from what ``to_json`` wrote.

        Raises:
            ValueError: The text names no error of this tree.
        """
        facts = json.loads(text)
        if not isinstance(facts, dict):
            raise ValueError(f"{text[:40]!r} is not an error of Conduit")  # noqa: TRY004  a text, not a type
        name = facts.pop("type", None)
        for kind in _tree(ConduitError):
            if kind.__name__ == name:
                error: ConduitError = kind.__new__(kind)
                facts["message"] = str(facts.get("message", "it failed without a word"))
                Exception.__init__(error, facts["message"])
                vars(error).update(facts)
                if isinstance(error, ProviderError):
                    error.kind = ErrorKind(str(facts.get("kind")))
                return error
        raise ValueError(f"{name!r} is not an error of Conduit")


def _tree(kind: type[ConduitError]) -> Iterator[type[ConduitError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _tree(child)


class SetupError(ConduitError):
    """Something on your side is missing or misspelt.

    Attributes:
        valid: What would have been accepted, where that can be listed.
    """

    def __init__(self, message: str, *, valid: list[str] | None = None) -> None:
        super().__init__(message)
        self.valid = valid or []


class PromptError(SetupError):
    """A template that lacks inputs, was given some that it does not have, or cannot be read.

    Attributes:
        missing: Inputs that were not given.
        surplus: What was given and is no input.
    """

    def __init__(
        self,
        message: str,
        *,
        missing: list[str] | None = None,
        surplus: list[str] | None = None,
        valid: list[str] | None = None,
    ) -> None:
        super().__init__(message, valid=valid)
        self.missing = missing or []
        self.surplus = surplus or []


class Interrupted(ConduitError):
    """A person stopped what was running; what had come is kept."""


class ConversationError(ConduitError):
    """Messages in an order that no model accepts, such as a tool result without its call."""


class BudgetExceeded(ConduitError):
    """A cell or a session used up what it was allowed.

    Attributes:
        scope: ``cell`` or ``session``.
        what: ``calls``, ``tokens``, ``cost_usd`` or ``wall_s``.
        used: How much was used.
        allowed: How much was allowed.
    """

    def __init__(self, message: str, *, scope: str, what: str, used: float, allowed: float) -> None:
        super().__init__(message)
        self.scope = scope
        self.what = what
        self.used = used
        self.allowed = allowed


class ProviderError(ConduitError):
    """A model's server failed, refused, or sent what cannot be used.

    Attributes:
        kind: What went wrong; ``FAULTS`` says what follows from it.
        provider: Who failed.
        model: The model that was asked, as its provider names it; empty where none was.
        status: HTTP status, if there was one.
        request_id: What the provider calls the request, for its support.
        retry_after_s: Seconds the provider asks to wait.
        partial: What had come of the answer, as the JSON object of an ``AssistantMessage``; None for nothing.
    """

    def __init__(
        self,
        message: str,
        *,
        kind: ErrorKind,
        provider: str,
        model: str = "",
        status: int | None = None,
        request_id: str | None = None,
        retry_after_s: float | None = None,
        partial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.provider = provider
        self.model = model
        self.status = status
        self.request_id = request_id
        self.retry_after_s = retry_after_s
        self.partial = partial

    @property
    def retryable(self) -> bool:
        """Whether the same request may succeed at once."""
        return FAULTS[ErrorKind(self.kind)].retryable


class ContextTooLong(ProviderError):
    """The conversation is longer than the model can read.

    Attributes:
        max_tokens: What the model can read; None where it did not say.
        actual_tokens: What it was sent; None where it did not say.
    """

    def __init__(
        self,
        message: str,
        *,
        provider: str,
        max_tokens: int | None = None,
        actual_tokens: int | None = None,
        **facts: Any,
    ) -> None:
        super().__init__(message, kind=ErrorKind.CONTEXT_LENGTH, provider=provider, **facts)
        self.max_tokens = max_tokens
        self.actual_tokens = actual_tokens


class CircuitOpen(ProviderError):
    """Refused without calling, because recent calls failed.

    Attributes:
        retry_in_s: Seconds until a trial call is let through.
        failures: How many calls failed in a row.
    """

    def __init__(self, message: str, *, provider: str, retry_in_s: float, failures: int) -> None:
        super().__init__(message, kind=ErrorKind.CIRCUIT_OPEN, provider=provider)
        self.retry_in_s = retry_in_s
        self.failures = failures


class AllUnavailable(ProviderError):
    """Nobody could answer.

    Attributes:
        attempts: What became of each provider, in the order they were tried: ``provider``, ``model``, ``kind``,
            ``message`` and ``retry_in_s``.
        retry_in_s: Seconds until the first of them may be tried again; None where waiting does not help.
    """

    def __init__(
        self,
        message: str,
        *,
        attempts: list[dict[str, Any]],
        retry_in_s: float | None = None,
        partial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message, kind=ErrorKind.ALL_UNAVAILABLE, provider="", partial=partial)
        self.attempts = attempts
        self.retry_in_s = retry_in_s


class LinkError(ConduitError):
    """Live did not answer, or answered with an error.

    Attributes:
        kind: ``no_reply``, ``refused`` (Live said why), ``port_taken`` or ``protocol``.
        address: The OSC address that was sent, if one was.
    """

    def __init__(self, message: str, *, kind: str, address: str | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.address = address


class PartlyDone(LinkError):
    """A change failed, and what it had done could not all be taken back.

    Attributes:
        left: The change that takes back what is left. It looks at what is there before it acts, so it can be
            tried at any time. An error that was read back from JSON has none.
    """

    __slots__ = ("left",)  # beside the facts, because JSON cannot hold it

    def __init__(self, message: str, *, left: Any, kind: str, address: str | None = None) -> None:
        super().__init__(message, kind=kind, address=address)
        self.left = left


class PlanError(ConduitError):
    """A planned change was not made.

    Attributes:
        plan: The plan's id.
    """

    def __init__(self, message: str, *, plan: str) -> None:
        super().__init__(message)
        self.plan = plan


class PlanNotFound(PlanError):
    """No plan has this id."""


class PlanExpired(PlanError):
    """The plan was older than its life allows when it was approved."""


class PlanUsed(PlanError):
    """The plan was applied or rejected before; each is decided once."""


class StateChanged(PlanError):
    """What the plan would change no longer is what it was when the plan was made."""


class ApplyFailed(PlanError):
    """The change was tried and did not hold. The plan is kept, so it can be tried again.

    Where not all could be taken back, the plan is ``partial``, the message says what is left, and ``undo``
    tries to take back the rest.
    """


class ParseError(ConduitError):
    """An answer that is not of the type that was asked for, after every chance to mend it.

    Attributes:
        received: What the model wrote last.
        problems: What is wrong with it, a place and a reason each.
        attempts: How often the model was asked.
    """

    def __init__(
        self, message: str, *, received: str, problems: list[str] | None = None, attempts: int = 1
    ) -> None:
        super().__init__(message)
        self.received = received
        self.problems = problems or []
        self.attempts = attempts


class StoreError(ConduitError):
    """The store could not be opened, read or written; what is in it stays as it is."""


class ClipError(ConduitError):
    """A clip that cannot be read.

    Attributes:
        line: Line of the text where reading stopped, from 1; 0 when the whole clip is meant.
        column: Column in that line, from 1; 0 when the whole line is meant.
        valid: What would be valid there.
    """

    def __init__(
        self, message: str, *, line: int = 0, column: int = 0, valid: list[str] | None = None
    ) -> None:
        super().__init__(message)
        self.line = line
        self.column = column
        self.valid = valid or []
