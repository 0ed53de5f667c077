"""Several changes of a Live set as one: all of them hold in the end, or none does, or it is said what is left.

They are done in order, each checking its own place. Where one does not hold, those before it are taken back,
the last first. What cannot be taken back goes with the error, so that it can be tried again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from conduit.engine.plan import Change
from conduit.engine.risk import Tier
from conduit.errors import PartlyDone
from conduit.live.place import digest
from conduit.live.restore import failure, finished, is_silent, still
from conduit.live.slots import together

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
    def looks(self) -> bool:
        """Whether each of them refuses where its place is not as it was."""
        return all(getattr(change, "looks", False) for change in self.changes)

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
        return digest(*await together(*(change.fingerprint() for change in self.changes)))

    async def apply(self) -> Several:
        """Do all, in order, and give the change that takes all back.

        Raises:
            LinkError: One did not hold; the message says which. What was done before it was taken back.
            PartlyDone: One did not hold, and the message says what could not be taken back.
        """
        inverses: list[Change] = []
        try:
            for change in self.changes:
                inverses.append(await change.apply())  # noqa: PERF401  what was done before a failure counts
        except BaseException as error:
            said, left = await finished(_take_back(inverses, error))
            place = f"Change {len(inverses) + 1} of {len(self.changes)} did not hold"
            rest = Several(tuple(left)) if left else None
            told = failure(error, f"{place}. {said}", left=rest)
            if told is error:
                raise
            raise told from error
        return Several(tuple(reversed(inverses)))


async def _take_back(inverses: Sequence[Change], error: BaseException) -> tuple[str, list[Change]]:
    """Undo what was done, the last first.

    Returns:
        In a sentence how that went, and what is left to be taken back, in order.
    """
    left: list[Change] = [error.left] if isinstance(error, PartlyDone) else []
    kept: list[str] = []
    silent = False
    for inverse in reversed(inverses):
        try:
            if not silent:
                await inverse.apply()
                continue
            problem = "Live does not answer"  # to wait for it at each would take long
        except Exception as other:  # noqa: BLE001  whatever it is, the others are taken back, too
            problem, silent = still(other), is_silent(other)
            left += [other.left] if isinstance(other, PartlyDone) else []
        left.append(inverse)
        kept.append(f"{inverse.title}: {problem}")
    if kept:
        return f"Of what had been done, this could not be taken back: {'; '.join(kept)}", left
    said = "What had been done before it was taken back." if inverses else "Nothing else had been done."
    return said, left
