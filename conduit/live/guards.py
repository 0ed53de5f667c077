"""Writes that are sent together with questions about what they are for, so that no foreign edit goes unseen.

AbletonOSC addresses everything by index, and a person may move what is there at any moment. Live handles what
waits at its socket in one go and strictly in order. So a write travels between two rows of questions: those
before it show what it will meet, those behind it what it has left. Nothing can keep a write back that is on its
way, but the first difference becomes an error that says what may have been hit. Indices count from 0 here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from conduit.errors import LinkError
from conduit.live.asking import Asker
from conduit.live.endpoints import ENDPOINTS
from conduit.live.osc import Message, Value
from conduit.live.replies import BARRIER, Key, key_of
from conduit.live.snapshot import known_as

__all__ = ["Check", "Seen", "tell_checked"]

_BETWEEN: Key = (BARRIER, (0,))  # an exchange's own barriers have other numbers

_Answers = Mapping[Key, tuple[Value, ...]]


@dataclass(frozen=True, slots=True)
class Check:
    """A question about what is written to, and its answer as long as nothing has moved.

    Attributes:
        what: What is asked about, such as ``the track``.
        address: A query.
        args: Its arguments.
        wanted: What follows the ids in the answer; None where anything will do.
        number: The number of the first track whose name is asked, from 1; 0 where it is not about names.
        alone: What to say where all that differs is that this is still as before the writes; empty for nothing.
    """

    what: str
    address: str
    args: tuple[int, ...]
    wanted: tuple[Value, ...] | None
    number: int = 0
    alone: str = ""

    @property
    def key(self) -> Key:
        """The address and the ids that its answer echoes."""
        return self.address, self.args[: ENDPOINTS[self.address].ids]

    def fits(self, answer: tuple[Value, ...]) -> bool:
        """Whether an answer is the one that is wanted; names that Live gives follow the place."""
        if self.wanted is None:
            return True
        if not self.number:
            return answer == self.wanted
        names = [known_as(number, str(name)) for number, name in enumerate(answer, self.number)]
        return names == list(self.wanted)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen around a slot when somebody looked.

    Attributes:
        track_name: What its track is known by, see ``known_as``.
        n_tracks: How many tracks there are.
        n_scenes: How many scenes there are.
    """

    track_name: str
    n_tracks: int
    n_scenes: int

    @classmethod
    def of(cls, track: int, name: str, n_tracks: int, n_scenes: int) -> Seen:
        """Take what was read; ``track`` is an index."""
        return cls(known_as(track + 1, name), n_tracks, n_scenes)

    def holds(self, now: Seen) -> bool:
        """Whether a slot is most likely still where it was: tracks may have come behind one that has a name."""
        same = (self.track_name, self.n_scenes) == (now.track_name, now.n_scenes)
        return same and (bool(self.track_name) or self.n_tracks == now.n_tracks)

    def checks(self, track: int) -> tuple[Check, ...]:
        """Give the questions whether all is as it was."""
        return (
            Check("the track", "/live/track/get/name", (track,), (self.track_name,), number=track + 1),
            Check("the number of tracks", "/live/song/get/num_tracks", (), (self.n_tracks,)),
            Check("the number of scenes", "/live/song/get/num_scenes", (), (self.n_scenes,)),
        )


async def tell_checked(
    live: Asker,
    *writes: tuple[Value, ...],
    before: Sequence[Check],
    after: Sequence[Check],
    risk: str,
) -> None:
    """Send writes and the questions around them at once.

    An answer that was lost is asked for again where it comes behind the writes; without those before, it is
    still known that all was as it should be at the end.

    Args:
        live: Carries them.
        writes: Address first.
        before: What must hold when the writes come.
        after: What must hold when they are done.
        risk: A sentence about what may have happened where something does not hold.

    Raises:
        LinkError: ``refused``, with every difference and the risk, or in Live's words; ``no_reply``.
    """
    heard: list[Message] = []
    refusal: LinkError | None = None
    try:
        await live.tell_all(*_asked(before), (BARRIER, 0), *writes, *_asked(after), heard=heard)
    except LinkError as error:
        if error.kind != "refused":
            raise
        refusal = error
    ahead, behind, is_parted = _parted(heard)
    if refusal is None:
        behind = await _again(live, after, behind, is_parted=is_parted)
    wrong = [*_wrong(before, ahead), *_wrong(after, behind)]
    if wrong:
        raise _told(wrong, risk, refusal, before)
    if refusal is not None:
        raise refusal


def _asked(checks: Iterable[Check]) -> list[tuple[Value, ...]]:
    return [(check.address, *check.args) for check in checks]


def _parted(heard: Iterable[Message]) -> tuple[_Answers, _Answers, bool]:
    """Give the last answers to each question before and behind the writes, and whether they can be told apart."""
    ahead: dict[Key, tuple[Value, ...]] = {}
    behind: dict[Key, tuple[Value, ...]] = {}
    is_parted = False
    for key, answer in map(key_of, heard):
        if key == _BETWEEN:
            ahead, behind, is_parted = behind, {}, True
        else:
            behind[key] = answer
    return ahead, behind, is_parted


async def _again(live: Asker, checks: Iterable[Check], found: _Answers, *, is_parted: bool) -> _Answers:
    """Ask again for what was lost, and for what may be an answer from before the writes."""
    return {
        check.key: found[check.key]
        if check.key in found and (is_parted or check.fits(found[check.key]))
        else await live.ask(check.address, *check.args)
        for check in checks
    }


def _wrong(checks: Iterable[Check], found: _Answers) -> list[tuple[Check, tuple[Value, ...]]]:
    return [
        (check, found[check.key])
        for check in checks
        if check.key in found and not check.fits(found[check.key])
    ]


def _told(
    wrong: Sequence[tuple[Check, tuple[Value, ...]]],
    risk: str,
    refusal: LinkError | None,
    before: Sequence[Check],
) -> LinkError:
    check, answer = wrong[0]
    was = {one.key: one.wanted for one in before}
    if len(wrong) == 1 and check.alone and answer == was[check.key] and refusal is None:
        return LinkError(f"{check.alone}, or something was moved in Live meanwhile. {risk}", kind="refused")
    found = "; ".join(dict.fromkeys(_difference(check, answer) for check, answer in wrong))
    text = f"something has been moved or changed in Live meanwhile ({found}). {risk}"
    if refusal is not None:
        text += f" {refusal.message}"
    return LinkError(text, kind="refused")


def _difference(check: Check, answer: tuple[Value, ...]) -> str:
    shown, wanted = (", ".join(map(repr, values)) for values in (answer, check.wanted or ()))
    return f"{check.what} is {shown}" if wanted == "''" else f"{check.what} is {shown}, not {wanted}"
