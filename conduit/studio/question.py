"""What a person asks, as one value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from conduit.channel import Parser
from conduit.composer import Options
from conduit.composer.aim import Aim
from conduit.composer.critic import MOST_ROUNDS
from conduit.errors import SetupError
from conduit.messages import AudioPart, ImagePart

__all__ = ["MODES", "Question"]

MODES = ("chat", "generate")


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asks.

    Attributes:
        text: The words; of a turn that is answered anew they are left out.
        options: What is asked for explicitly.
        model: ``provider/model``, a provider, a short name or ``auto``; empty for the session's default.
        mode: ``chat`` lets the model choose between a clip and words; in ``generate`` no clip is an error.
        new: Whether to start a new conversation.
        turn: The turn to go on from, counted from 1, on a branch of its own; 0 is before the first.
        branch: The branch to go on, or the name of the one that is begun.
        again: The turn to answer anew, counted from 1.
        goes_on: Whether to answer what stands there, such as a decision; the words are left out.
        parser: What the answer is read as; no clip is written then.
        cache: ``off``, ``on`` or ``refresh``; empty as it is set.
        media: Images and sounds that go with the words.
        aim: Where the clip is meant to go; what it does not name is as the conversation has it.
        critic: How often the critic may ask for the clip again, 0-5; 0 is no critic.

    >>> Question("a bass line", mode="generate").branch
    ''
    """

    text: str
    options: Options = field(default_factory=Options)
    model: str = ""
    mode: str = "chat"
    new: bool = False
    turn: int | None = None
    branch: str = ""
    again: int | None = None
    goes_on: bool = False
    parser: Parser[Any] | None = None
    cache: str = ""
    media: tuple[ImagePart | AudioPart, ...] = ()
    aim: Aim = field(default_factory=Aim)
    critic: int = 0

    def checked(self) -> Question:
        """Give it back if it can be asked.

        Raises:
            SetupError: There is no such mode, or what is asked for excludes itself.
        """
        if self.mode not in MODES:
            raise SetupError(f"{self.mode!r} is not a mode: {' or '.join(MODES)}", valid=list(MODES))
        if self.new and (self.turn is not None or self.branch or self.again is not None):
            raise SetupError(
                "a new conversation has no turns and branches to go on from; leave out one of them"
            )
        if not 0 <= self.critic <= MOST_ROUNDS:
            raise SetupError(f"the critic hears a clip 0 to {MOST_ROUNDS} times, not {self.critic}")
        if self.parser is not None and self.critic:
            raise SetupError("the critic hears clips; leave it out where the answer is a value of a type")
        if self.parser is not None and self.mode == "generate":
            raise SetupError("an answer is either a clip or a value of a type; leave out one of them")
        return self
