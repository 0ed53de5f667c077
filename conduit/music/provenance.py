"""Where a clip comes from."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Provenance"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Who wrote a clip, and what for.

    Attributes:
        provider: Who was asked, such as ``anthropic`` or ``offline``.
        model: The model that answered.
        request: Hash of the request; the same request has the same hash.
        seed: The seed, where there was one.
    """

    provider: str
    model: str
    request: str
    seed: int | None = None
