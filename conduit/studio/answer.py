"""What a turn brings, as values: notes that come, a clip that is whole, a plan, and at the end the answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from conduit.channel.reply import ChannelEvent
from conduit.composer.aim import Aim
from conduit.composer.repair import Repair
from conduit.engine.limits import Reason
from conduit.engine.plan import Plan
from conduit.messages import Usage
from conduit.music import Clip, ClipReader

__all__ = ["Answer", "ClipGrew", "ClipWritten", "PlanProposed", "StudioEvent"]


@dataclass(frozen=True, slots=True)
class ClipGrew:
    """Notes came.

    Attributes:
        reader: Holds all of them so far.
    """

    reader: ClipReader

    def clip(self) -> Clip:
        """Give the clip so far; the work is linear in its notes, so ask when you draw."""
        return self.reader.clip()


@dataclass(frozen=True, slots=True)
class ClipWritten:
    """A clip is whole and was found to be what was asked for, or was brought to it.

    Attributes:
        clip: The clip.
        repairs: What was put right in it.
    """

    clip: Clip
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanProposed:
    """The model wants to change something; a person decides."""

    plan: Plan


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question brought. The last event of a turn.

    Attributes:
        text: The model's words.
        clip: The clip; of a turn that was stopped, its notes so far; None where none was written.
        reason: Why the turn ended.
        plans: Ids of plans that wait.
        provider: Who answered.
        model: The model that answered.
        duration_s: Seconds from the question to the end.
        first_s: Seconds to the first piece; None where nothing came.
        usage: Tokens, summed; None where the provider does not count.
        cost_usd: What it cost in US dollars; None where a price is not known.
        calls: How often a model answered.
        cached: Whether every answer was a kept one.
        citations: Addresses that the answer refers to.
        troubles: What went wrong before somebody answered, in words.
        branch: The branch of the conversation that it is on.
        value: What the answer was read as, where it was asked for as a type.
        clips: Every clip that was taken, in order.
        repairs: What was put right in them, left out or taken for granted.
        problem: Why the turn was ended: what was handed in could not be taken, nor what came when it went back.
        before: The clip that this one was made of: as it was first written, where the critic's word led to a
            better one, else the version before it, where both share enough to be compared.
        heard: What the critic found, in words; empty where there was none.
        aim: Where in the Live set the conversation's clips are meant to go, as far as it was named.
    """

    text: str
    clip: Clip | None
    reason: Reason
    plans: tuple[str, ...]
    provider: str
    model: str
    duration_s: float
    first_s: float | None
    usage: Usage | None
    cost_usd: Decimal | None = None
    calls: int = 0
    cached: bool = False
    citations: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()
    branch: str = ""
    value: Any = None
    clips: tuple[Clip, ...] = ()
    repairs: tuple[Repair, ...] = ()
    problem: str = ""
    before: Clip | None = None
    heard: str = ""
    aim: Aim = field(default_factory=Aim)


StudioEvent = ChannelEvent | ClipGrew | ClipWritten | PlanProposed | Answer
