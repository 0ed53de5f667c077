"""What an account is made of: words, thoughts, tools, clips, plans, what a person added, and notes.

Each has the ``number`` that its account gave it. It stays the same wherever the part moves to, so a page that
shows the part can tell that it is still the same one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from conduit.messages import UserMessage
from conduit.music import Clip
from conduit.studio.answer import ClipGrew

__all__ = ["Called", "Noted", "Part", "Planned", "Said", "Steer", "Written"]

CallState = Literal["writing", "running", "done", "failed", "waiting"]


@dataclass(slots=True, eq=False)
class Said:
    """Words, or a thought.

    Attributes:
        is_thought: Whether it is a thought.
        open: Whether more may come.

    >>> said = Said()
    >>> said.add("four "), said.add("bars")
    (None, None)
    >>> said.text
    'four bars'
    """

    is_thought: bool = False
    open: bool = True
    number: int = 0
    _pieces: list[str] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Take more of it."""
        self._pieces.append(text)

    def put(self, text: str) -> None:
        """Take a text in place of all that came."""
        self._pieces[:] = [text]

    @property
    def text(self) -> str:
        """All of it so far; the work is linear in what came since it was last looked at."""
        if len(self._pieces) > 1:
            self._pieces[:] = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""


@dataclass(slots=True, eq=False)
class Called:
    """A tool that the model called.

    Attributes:
        call_id: Ties the result to the call.
        name: The tool's name.
        arguments: What it was given, as JSON; grows while it is written.
        state: Where it stands; ``waiting`` is for a person's decision.
        result: What it answered.
        plan_id: The plan that it made; empty where it made none.
    """

    call_id: str
    name: str
    arguments: Said = field(default_factory=Said)
    state: CallState = "writing"
    result: str = ""
    plan_id: str = ""
    number: int = 0


@dataclass(slots=True, eq=False)
class Written:
    """A clip, whole or as far as it has come.

    Attributes:
        grew: What has come, while it is being written.
        clip: The clip, once it is whole.
        repairs: What was put right in it, a sentence each.
    """

    grew: ClipGrew | None = None
    clip: Clip | None = None
    repairs: tuple[str, ...] = ()
    number: int = 0


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan that the model made."""

    plan_id: str
    number: int = 0


@dataclass(slots=True, eq=False)
class Steer:
    """What a person added while the answer came.

    Attributes:
        message: The message.
        text: Its words, as they were typed.
        taken: Whether the model has seen it.
    """

    message: UserMessage
    text: str
    taken: bool = False
    number: int = 0


@dataclass(frozen=True, slots=True)
class Noted:
    """Something to know, in words."""

    text: str
    number: int = 0


Part = Said | Called | Written | Planned | Steer | Noted
