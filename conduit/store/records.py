"""What the store gives back: plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from conduit.messages import Usage
from conduit.music import Clip, Provenance, read_clip

__all__ = ["BatchItem", "Found", "LoggedPlan", "Memory", "Spent", "StoredClip", "Summary"]


@dataclass(frozen=True, slots=True)
class Summary:
    """A conversation in a list.

    Attributes:
        name: What it is found by.
        title: What it is about; may be empty.
        messages: How many it has, all branches together, shared ones once.
        branches: The names of its branches, in the order they were made.
        current: The branch that was used last.
        created: Seconds since 1970.
        updated: Seconds since 1970.
        metadata: JSON values of the user's own, and where it was begun.

    >>> Summary("acid", "Acid bass", 4, ("main",), "main", created=0.0, updated=1.0).branches
    ('main',)
    """

    name: str
    title: str
    messages: int
    branches: tuple[str, ...]
    current: str
    created: float
    updated: float
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """A message that holds what was searched for.

    Attributes:
        conversation: The name of its conversation.
        node: Its node's id in the conversation's tree.
        turn: The turn it belongs to, from 1; 0 for the system message.
        role: Who said it: ``system``, ``user``, ``assistant`` or ``tool``.
        excerpt: The place in its text, with a little around it, on one line.
        at: When it was stored, in seconds since 1970.

    >>> Found("acid", "b2:0", 1, "user", "…an acid bassline…", at=0.0).turn
    1
    """

    conversation: str
    node: str
    turn: int
    role: str
    excerpt: str
    at: float


@dataclass(frozen=True, slots=True)
class Spent:
    """What was used of one model.

    Attributes:
        provider: Who answered.
        model: The model, as its provider names it.
        answers: How many answers.
        usage: Tokens, of the answers whose provider counts them.
        cost_usd: What it cost, of the answers whose price is known.
        unpriced: Answers whose price is not known.

    >>> Spent("openai", "gpt", 2, Usage(output_tokens=7), Decimal("0.01"), unpriced=0).usage.output_tokens
    7
    """

    provider: str
    model: str
    answers: int
    usage: Usage
    cost_usd: Decimal
    unpriced: int


@dataclass(frozen=True, slots=True)
class StoredClip:
    r"""A clip as it was stored.

    Attributes:
        name: What it is found by.
        notation: The clip's text, as ``write_clip`` gives it.
        conversation: The name of the conversation it came from; may be empty.
        provenance: Where it came from, such as model, seed and brief.
        at: When it was stored, in seconds since 1970.

    >>> StoredClip("bass", "clip Bass | 1 bars | 4/4 | 120 bpm | bass\n1 | 1:A1/2").clip.length
    4.0
    """

    name: str
    notation: str
    conversation: str = ""
    provenance: Mapping[str, Any] = field(default_factory=dict)
    at: float = 0.0

    @property
    def clip(self) -> Clip:
        """The clip itself, read anew at each use; it knows where it comes from."""
        known = self.provenance
        named = {name: str(known.get(name) or "") for name in ("provider", "model", "request")}
        origin = Provenance(**named, seed=known.get("seed")) if named["request"] else None
        return read_clip(self.notation).with_(provenance=origin)


@dataclass(frozen=True, slots=True)
class LoggedPlan:
    """One step in the life of a plan: made, applied, rejected, expired, undone.

    Attributes:
        id: The plan's short name, such as ``P3``; it is unique within ``session``.
        title: What it would do, and where.
        tier: How much it could change.
        status: Where it stood after this step.
        conversation: The name of the conversation it came from; may be empty.
        details: Whatever else was worth keeping, such as the diff or why it failed.
        session: The process that made it.
        at: When it was logged, in seconds since 1970.

    >>> LoggedPlan("P3", "Fill slot 1", "config_change", "applied", session="k1", at=0.0).status
    'applied'
    """

    id: str
    title: str
    tier: str
    status: str
    session: str
    at: float
    conversation: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Memory:
    """A remembered fact.

    Attributes:
        key: What it is found by.
        text: The fact.
        at: When it was remembered last, in seconds since 1970.

    >>> Memory("tempo", "likes 128 bpm", at=0.0).text
    'likes 128 bpm'
    """

    key: str
    text: str
    at: float


@dataclass(frozen=True, slots=True)
class BatchItem:
    """One item of a batch that was answered, or failed; exactly one of ``payload`` and ``error`` is set.

    Attributes:
        index: Its place in the batch, from 0.
        key: What was asked, as a hash, so that a changed question is noticed.
        payload: The answer, as JSON.
        error: Why there is none, as ``ConduitError.to_json`` wrote it.

    >>> BatchItem(0, "b2:0", payload='"yes"').failed
    False
    """

    index: int
    key: str
    payload: str | None = None
    error: str | None = None

    @property
    def failed(self) -> bool:
        """Whether there is no answer."""
        return self.payload is None
