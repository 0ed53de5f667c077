"""Every error that Conduit raises, in one tree sorted by whose fault it is.

::

    ConduitError
    ├── SetupError            you: an option, a key, a file, something not installed
    ├── Interrupted           you stopped it; what had come is kept
    ├── ConversationError     you: messages in an order no model accepts
    ├── ProviderError         them: a model's server, or what it sent
    ├── LinkError             them: Ableton Live, or the way to it
    ├── PlanError             a change that was not made
    │   ├── PlanNotFound
    │   ├── PlanExpired
    │   ├── PlanUsed          it was applied or rejected before
    │   ├── StateChanged      what it would change is no longer what it was made for
    │   └── ApplyFailed       it was tried and did not hold; the plan is kept
    └── ClipError             a clip that cannot be read, with the place and what would be valid

A message says what happened, to what, and what to do next. The facts stand in attributes too, so nobody
parses a message. ``to_json`` and ``from_json`` carry every error over a wire unchanged. A wrong argument to
a function is a plain ``ValueError`` or ``TypeError``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

__all__ = [
    "ApplyFailed",
    "ClipError",
    "ConduitError",
    "ConversationError",
    "Interrupted",
    "LinkError",
    "PlanError",
    "PlanExpired",
    "PlanNotFound",
    "PlanUsed",
    "ProviderError",
    "SetupError",
    "StateChanged",
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

    @staticmethod
    def from_json(text: str) -> ConduitError:
        """Rebuild an error, of its own class, from what ``to_json`` wrote.

        Raises:
            ValueError: The text names no error of this tree.
        """
        facts = json.loads(text)
        name = facts.pop("type", None)
        for kind in _tree(ConduitError):
            if kind.__name__ == name:
                error: ConduitError = kind.__new__(kind)
                Exception.__init__(error, facts.get("message", ""))
                vars(error).update(facts)
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


class Interrupted(ConduitError):
    """A person stopped what was running; what had come is kept."""


class ConversationError(ConduitError):
    """Messages in an order that no model accepts, such as a tool result without its call."""


class ProviderError(ConduitError):
    """A model's server failed, or sent what cannot be used.

    Attributes:
        kind: What went wrong, one word: ``network``, ``timeout``, ``stream_incomplete``, ``protocol``, ….
        provider: Who failed.
        retryable: Whether the same request may succeed later.
    """

    def __init__(self, message: str, *, kind: str, provider: str, retryable: bool = False) -> None:
        super().__init__(message)
        self.kind = kind
        self.provider = provider
        self.retryable = retryable


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
    """The change was tried and did not hold. The plan is kept, so it can be tried again."""


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
