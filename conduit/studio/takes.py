"""Takes: every clip that came into being, as it was written and as it is, and what a person thinks of it.

Everything here runs on the studio's loop. What lasts of a take are rows of the store that only get added: the
oldest is the take as it was written, the newest as it is.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from conduit.errors import SetupError
from conduit.music import Clip
from conduit.store import StoredClip, checked_name

__all__ = ["Take", "Takes", "facts_of", "stored_takes"]

_TAKE, _CHANGES, _NODE, _STAR, _CALLED, _EDITED = "take", "changes", "node", "star", "called", "edited_from"
_OWN = {_TAKE, _CHANGES, _NODE, _STAR, _CALLED, _EDITED}
_OF_CLIP = {"request", "seed"}  # a stored clip gives them back itself


@dataclass(frozen=True, slots=True)
class Take:
    """A clip with its history.

    Attributes:
        id: Its short name, such as ``k3f09a1c2``; it stays the same for ever.
        clip: As it is, with every edit by hand.
        origin: As it was written.
        called: What a person calls it; empty where nobody named it.
        star: Whether a person marked it.
        node: The id of the conversation's node at the end of the turn that wrote it; empty where no turn did.
        at: When it was written, in seconds since 1970.
        talk: The name of the conversation that it belongs to.
        by: Who wrote it, such as its provider, model and branch.
        changes: How often it was kept since it was written.

    >>> Take("k3f09a1c2", clip := Clip.of([], name="Bass"), clip).name
    'Bass'
    """

    id: str
    clip: Clip
    origin: Clip
    called: str = ""
    star: bool = False
    node: str = ""
    at: float = 0.0
    talk: str = ""
    by: Mapping[str, Any] = field(default_factory=dict, hash=False)
    changes: int = 0

    @property
    def name(self) -> str:
        """What it is called: by a person, else its clip's own name."""
        return self.called or self.clip.name or "untitled"

    @property
    def lasting(self) -> tuple[Clip, str, bool]:
        """What may change of it and should last."""
        return self.clip, self.called, self.star


@dataclass(frozen=True, slots=True)
class _Index:
    """What is looked up of takes at every turn of a view: their order, their nodes, their very clips."""

    ordered: tuple[Take, ...]
    nodes: Mapping[str, list[Take]]
    clips: Mapping[int, Take]

    @classmethod
    def of(cls, takes: Iterable[Take]) -> _Index:
        ordered = tuple(sorted(takes, key=lambda take: take.at))
        nodes: dict[str, list[Take]] = {}
        clips: dict[int, Take] = {}
        for take in ordered:
            nodes.setdefault(take.node, []).append(take)
            clips.setdefault(id(take.origin), take)
        return cls(ordered, nodes, clips | {id(take.clip): take for take in ordered})


class Takes:
    """The takes of a session.

    Args:
        keep: Writes a take into the store.
        heard: Told of every change.

    >>> takes = Takes()
    >>> take = takes.add(Clip.of([], name="Bass"))
    >>> takes.rename(take.id, "Low one").name, takes.star(take.id, on=True).star
    ('Low one', True)
    """

    def __init__(
        self, *, keep: Callable[[Take], None] = lambda _: None, heard: Callable[[], None] = lambda: None
    ) -> None:
        self._takes: dict[str, Take] = {}
        self._kept: dict[str, tuple[Clip, str, bool]] = {}  # of each take what the store has
        self._keep = keep
        self._heard = heard
        self._index: _Index | None = None

    def __len__(self) -> int:
        return len(self._takes)

    def __iter__(self) -> Iterator[Take]:
        """Give them, oldest first."""
        return iter(self._indexed.ordered)

    def get(self, take_id: str) -> Take:
        """Give a take by its id.

        Raises:
            SetupError: There is none.
        """
        try:
            return self._takes[take_id]
        except KeyError:
            valid = [f"{take.id} ({take.name})" for take in self][-_MOST_NAMED:]
            raise SetupError(
                f"there is no take {take_id!r}; there are: {', '.join(valid) or 'none yet'}",
                valid=list(self._takes),
            ) from None

    def of(self, clip: Clip) -> Take | None:
        """Give the take of this very clip, as it is or as it was written; None of a clip that is no take's."""
        return self._indexed.clips.get(id(clip))

    def by_node(self, node: str) -> list[Take]:
        """Give the takes of the turn that ended at a node of the conversation, oldest first."""
        return list(self._indexed.nodes.get(node, ())) if node else []

    def add(
        self,
        clip: Clip,
        *,
        by: Mapping[str, Any] | None = None,
        node: str = "",
        talk: str = "",
        at: float = 0.0,
    ) -> Take:
        """Take a clip that was written, and keep it. The arguments are as the attributes of a ``Take``."""
        take = Take(self._free_id(), clip, clip, node=node, at=at, talk=talk, by=by or {})
        self._put(take)
        self.keep(take.id)
        return take

    def edited(self, before: Clip, after: Clip) -> bool:
        """Take an edit of this very clip; say whether it is a take's. It is kept by ``keep``, not at every edit."""
        take = self.of(before)
        if take is None or take.clip is not before:
            return False
        self._put(replace(take, clip=after))
        return True

    def rename(self, take_id: str, name: str) -> Take:
        """Call a take something else; an empty name gives it its clip's own back.

        Raises:
            SetupError: There is no such take, or it cannot be called that.
        """
        called = checked_name(" ".join(name.split()), of="take") if name.strip() else ""
        return self._changed(replace(self.get(take_id), called=called))

    def star(self, take_id: str, *, on: bool) -> Take:
        """Mark a take, or take the mark away.

        Raises:
            SetupError: There is no such take.
        """
        return self._changed(replace(self.get(take_id), star=on))

    def keep(self, take_id: str) -> None:
        """Keep what changed of a take since it was kept last, if anything did."""
        take = self._takes[take_id]
        kept = self._kept.get(take.id)
        if kept == take.lasting:
            return
        if kept is not None:
            take = replace(take, changes=take.changes + 1)
            self._hold(take)
        self._kept[take.id] = take.lasting
        self._keep(take)

    def take_up(self, takes: Iterable[Take]) -> list[Take]:
        """Hold takes of the store, too, and give them; one that is held already stays as it is here."""
        held = []
        for take in takes:
            ours = self._takes.get(take.id)
            held.append(take if ours is None else replace(ours, node=take.node))
            self._hold(held[-1])
            self._kept.setdefault(take.id, take.lasting)
        self._heard()
        return held

    def _changed(self, take: Take) -> Take:
        if take != self._takes[take.id]:
            self._put(take)
            self.keep(take.id)
        return self._takes[take.id]

    def _put(self, take: Take) -> None:
        self._hold(take)
        self._heard()

    def _hold(self, take: Take) -> None:
        self._takes[take.id] = take
        self._index = None

    @property
    def _indexed(self) -> _Index:
        if self._index is None:
            self._index = _Index.of(self._takes.values())
        return self._index

    def _free_id(self) -> str:
        ids = iter(lambda: f"k{secrets.token_hex(4)}", "")
        return next(one for one in ids if one not in self._takes)


_MOST_NAMED = 12
"""Takes that an error names, the newest."""


def facts_of(take: Take) -> dict[str, Any]:
    """Give what a row of the store says of a take beside its clip.

    The number of changes tells two rows apart that say the same, such as before and after two renamings.
    """
    facts = {
        _NODE: take.node,
        _STAR: take.star,
        _CALLED: take.called,
        _EDITED: "" if take.clip is take.origin else take.origin.digest,
    }
    known = {name: value for name, value in facts.items() if value}
    written = asdict(take.clip.provenance) if take.clip.provenance else {}
    return {**take.by, **written, _TAKE: take.id, _CHANGES: take.changes, **known}


def stored_takes(rows: Iterable[StoredClip]) -> list[Take]:
    """Make takes of the rows of one conversation.

    Args:
        rows: Oldest first.

    Returns:
        In the order in which their clips were written or edited last.
    """
    histories: dict[str, list[StoredClip]] = {}
    for row in rows:
        key = row.provenance.get(_TAKE) or _id_of(row)
        history = histories.setdefault(key, [])
        if history and history[-1].notation != row.notation:
            histories[key] = histories.pop(key)  # an edited clip is the newest
        histories[key].append(row)
    return [_take(take_id, history) for take_id, history in histories.items()]


def _take(take_id: str, rows: list[StoredClip]) -> Take:
    first, last = rows[0], rows[-1]
    known, origin = last.provenance, first.clip
    return Take(
        take_id,
        origin if last.notation == first.notation else last.clip,
        origin,
        called=known.get(_CALLED, ""),
        star=bool(known.get(_STAR)),
        node=known.get(_NODE, ""),
        at=first.at,
        talk=first.conversation,
        by={name: value for name, value in first.provenance.items() if name not in _OWN | _OF_CLIP},
        changes=known.get(_CHANGES, 0),
    )


def _id_of(row: StoredClip) -> str:
    """Give the id of a take whose row has none."""
    content = "\n".join((row.conversation, row.name, repr(row.at), row.notation))
    return f"k{hashlib.blake2b(content.encode(errors='replace'), digest_size=4).hexdigest()}"
