"""Several changes of a Live set as one: all of them hold in the end, or none does, or it is said what is left.

They are done in order, each checking its own place. Where one does not hold, those before it are taken back,
the last first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from conduit.engine.plan import Change
from conduit.engine.risk import Tier
from conduit.errors import LinkError
from conduit.live.place import digest
from conduit.live.restore import finished

__all__ = ["Several"]

_TIERS = list(Tier)


@dataclass(frozen=True, slots=True)
class Several:
    """Changes that belong together.

    Attributes:
        changes: In the order in which they are done; at least one.
    """

    changes: tuple[Change, ...]

    @property
    def tier(self) -> Tier:
        """The highest tier among them."""
        return max((change.tier for change in self.changes), key=_TIERS.index)

    @property
    def title(self) -> str:
        """One sentence that says what will happen, and where."""
        first = self.changes[0].title
        return first if len(self.changes) == 1 else f"{len(self.changes)} changes: {first}, and more"

    @property
    def place(self) -> str:
        """Where, in words."""
        return ", ".join(
            dict.fromkeys(str(getattr(change, "place", change.title)) for change in self.changes)
        )

    @property
    def lines(self) -> tuple[str, ...]:
        """What changes, a line each."""
        return tuple(line for change in self.changes for line in change.lines)

    @property
    def overwrites(self) -> bool:
        """Whether any of them replaces something that is there now."""
        return any(change.overwrites for change in self.changes)

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know before approving it, a sentence each."""
        return tuple(dict.fromkeys(note for change in self.changes for note in change.notes))

    async def fingerprint(self) -> str:
        """Hash what all of them touch."""
        return digest(*[await change.fingerprint() for change in self.changes])

    async def apply(self) -> Several:
        """Do all, in order, and give the change that takes all back.

        Raises:
            LinkError: One did not hold; the message says which, and whether those before it were taken back.
        """
        inverses: list[Change] = []
        try:
            for change in self.changes:
                inverses.append(await change.apply())  # noqa: PERF401  what was done before a failure counts
        except LinkError as error:
            left = await finished(_take_back(inverses))
            done = f"change {len(inverses) + 1} of {len(self.changes)} did not hold: {error.message}"
            raise LinkError(f"{done}. {left}", kind=error.kind, address=error.address) from error
        except BaseException:
            await finished(_take_back(inverses))
            raise
        return Several(tuple(reversed(inverses)))


async def _take_back(inverses: Sequence[Change]) -> str:
    """Undo what was done, the last first; say in a sentence how that went."""
    if not inverses:
        return "Nothing else had been done."
    kept = []
    for inverse in reversed(inverses):
        try:
            await inverse.apply()
        except LinkError as error:
            kept.append(f"{inverse.title}: {error.message}")
    if kept:
        return f"Of what had been done, this could not be taken back: {'; '.join(kept)}"
    return "What had been done before it was taken back."
