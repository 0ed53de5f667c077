"""The transcript of a panel: the turns of the current branch as items, from what was kept and from what comes.

A turn is told from the accounts of this process where there are some, since they know more, and else from its
messages. The document is derived anew each time, and the panel sends only what differs; what cannot change any
more is held, so that a long conversation costs little.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from conduit.messages import Turn
from conduit.music import Clip
from conduit.studio import Studio
from conduit.studio.account import Account
from conduit.widgets.mirror import Item
from conduit_magics.chat.draft import media_in, words_in
from conduit_magics.chat.endings import Endings
from conduit_magics.chat.kept import Kept
from conduit_magics.chat.parts import Items, Parts
from conduit_magics.chat.places import Place, Seen
from conduit_magics.chat.texts import shown_text, without_data
from conduit_magics.chat.turn_item import turn_item

__all__ = ["FACE", "Entries", "Transcript"]

FACE = "panel"
"""Where a question was asked that came out of a panel."""

_MOST_TURNS = 2_048


@dataclass(slots=True)
class Transcript:
    """What is shown of a conversation.

    Attributes:
        order: Ids of the entries.
        items: The entries and their parts.
        turns: The turn of each entry, by its id.
        nodes: The entry that tells of a node, by the node's id.
        earlier: How many turns are not shown.
    """

    order: list[str] = field(default_factory=list)
    items: Items = field(default_factory=dict)
    turns: dict[str, Turn] = field(default_factory=dict)
    nodes: dict[str, str] = field(default_factory=dict)
    earlier: int = 0

    def parts_of(self, entry: str) -> list[Mapping[str, Any]]:
        """Give the parts of an entry, in order."""
        return [self.items[part] for part in self.items.get(entry, {}).get("parts", ())]


@dataclass(frozen=True, slots=True)
class _KeptTurn:
    """A turn that is only kept, as long as all that it was made of stays the same.

    Attributes:
        made_of: What may change of it from outside.
        parts: Ids and items of its parts; a clip as it was written.
        item: Its entry.
    """

    made_of: tuple[object, ...]
    parts: list[tuple[str, Item | Clip]]
    item: Item


class Entries:
    """Makes the transcript.

    Args:
        studio: Where the conversation is.
        parts: Makes the items of what came.

    Attributes:
        times: When each node was said, by its id, in seconds since 1970, as far as it is known.
        hidden: Entries of questions that nothing came of, which were asked again.
    """

    def __init__(self, studio: Studio, parts: Parts) -> None:
        self.times: dict[str, float] = {}
        self.hidden: set[str] = set()
        self._studio = studio
        self._parts = parts
        self._endings = Endings(studio)
        self._seen = Seen()
        self._kept: Kept[str, _KeptTurn] = Kept(_MOST_TURNS)
        self._questions: Kept[str, tuple[Items, str]] = Kept(_MOST_TURNS)
        self._accounts: dict[str, Account] = {}  # by the nodes that they tell of
        self._asked: dict[
            str, list[Account]
        ] = {}  # by the node of their question, where no node tells of them
        self._told: set[str] = set()  # those that stand in the transcript that is being made

    def transcript(self, most: int) -> Transcript:
        """Give what is shown.

        Args:
            most: How many turns at most, the last ones.
        """
        seen = self._seen = self._seen.of(self._studio.session.tree)
        self._look_at_accounts()
        found = Transcript(earlier=max(0, len(seen.places) - most))
        for place in seen.places[found.earlier :]:
            self._turn(place, found)
        self._unplaced(found)
        return found

    def account_of(self, entry: str) -> Account | None:
        """Give the question of an entry that stands at no turn, since nothing came of it."""
        return next((account for account in self._studio.turns if f"e{account.id}" == entry), None)

    def _look_at_accounts(self) -> None:
        self._accounts, self._asked, self._told = {}, {}, set()
        for account in self._studio.turns:
            self._accounts |= dict.fromkeys(account.nodes, account)
            if account.asked is not None and (account.running or (account.error and not account.nodes)):
                self._asked.setdefault(account.asked.id, []).append(account)

    def _turn(self, place: Place, found: Transcript) -> None:
        turn, entry = place.turn, place.entry
        places = {turn.asked.id, *(node.id for node in place.nodes)}
        accounts = [self._accounts[node] for node in places & self._accounts.keys()]
        if place.nodes and not accounts and not places & self._asked.keys():
            item, parts = self._as_kept(place)
        else:
            mine: list[Account] = []
            told = self._as_told(place, mine)
            if told is None:
                return  # a person's word while an answer came: it is told there
            parts, item = told, self._item(place, told, mine)
        found.nodes |= dict.fromkeys(places, entry)
        found.turns[entry] = turn
        found.order.append(entry)
        found.items[entry] = item
        found.items |= parts
        found.items |= self._question(turn)[0]

    def _as_kept(self, place: Place) -> tuple[Item, Items]:
        """Tell of a turn that no account tells of."""
        turn, shelf = place.turn, self._studio.shelf.takes
        at = self.times.get(turn.asked.id, 0.0)
        here = [take for node in place.nodes for take in shelf.by_node(node.id)]
        made_of = (self._parts.version, at, place.takes, place.take, here)
        kept = self._kept.find(turn.after.id)
        if kept is None or kept.made_of != made_of:
            parts = [part for one in self._parts.of_nodes(place.nodes).values() for part in one]
            item = self._item(place, (name for name, _ in parts), ())
            kept = _KeptTurn(made_of, parts, item)
        self._kept.put(turn.after.id, kept)
        items: Items = {}
        for name, part in kept.parts:
            self._add(items, name, part)
        return kept.item, items

    def _add(self, items: Items, name: str, part: Item | Clip) -> None:
        if isinstance(part, Clip):
            items |= self._parts.of_clip(name, part)
        else:
            items[name] = part

    def _as_told(self, place: Place, mine: list[Account]) -> Items | None:
        """Tell of a turn from its accounts, which are noted; None where all of it is told elsewhere."""
        items: Items = {}
        kept = self._parts.of_nodes([node for node in place.nodes if node.id not in self._accounts])
        asker = self._accounts.get(place.turn.asked.id)
        is_fresh = len(kept) > 1 or (not place.nodes and (asker is None or asker.id not in self._told))
        for node in place.nodes:
            for name, part in kept.get(node.id, ()):
                self._add(items, name, part)
            account = self._accounts.get(node.id)
            if account is not None:
                self._tell(account, mine, items)
        for name, part in kept[""]:
            self._add(items, name, part)
        for account in self._beside(place, mine):
            self._tell(account, mine, items)
        return items if is_fresh or mine else None

    def _beside(self, place: Place, mine: list[Account]) -> list[Account]:
        """Give what is asked, or was in vain, at one of these places and has said nothing yet."""
        since = max((account.began_at for account in mine), default=0.0)
        ids = [place.turn.asked.id, *(node.id for node in place.nodes)]
        asked = (account for one in ids for account in self._asked.get(one, ()))
        return [account for account in asked if account.running or account.began_at > since]

    def _tell(self, account: Account, mine: list[Account], items: Items) -> None:
        if account.id not in self._told:
            self._told.add(account.id)
            mine.append(account)
            items |= self._parts.of_account(account)

    def _item(self, place: Place, parts: Iterable[str], mine: Iterable[Account]) -> Item:
        turn, accounts = place.turn, tuple(mine)
        media, words = self._question(turn)
        return turn_item(
            words,
            at=accounts[0].began_at if accounts else self.times.get(turn.asked.id, 0.0),
            ending=self._endings.of(accounts, turn),
            parts=parts,
            media=media,
            number=turn.number,
            takes=place.takes,
            take=place.take,
            origin=_origin(accounts),
        )

    def _question(self, turn: Turn) -> tuple[Items, str]:
        """Give the pictures and sounds of a question, as items, and its words."""

        def made() -> tuple[Items, str]:
            words = shown_text(without_data(words_in(turn.question)).strip())
            return self._parts.media(media_in(turn.question)), words

        return self._questions.get(turn.asked.id, made)

    def _unplaced(self, found: Transcript) -> None:
        """Tell of questions that stand nowhere: those that have just been asked, and those that nothing came of."""
        for account in self._studio.turns:
            here_too = account.talk == self._studio.session.tree.name and not account.nodes
            if not here_too or account.id in self._told or f"e{account.id}" in self.hidden:
                continue
            if account.running and account.asked is None:
                self._put(account, len(found.order), found)
            elif self._was_in_vain(account):
                self._put(account, self._place_after(found, account.after), found)

    def _was_in_vain(self, account: Account) -> bool:
        """Say whether nothing came of a question that was asked on this branch; it waits to be asked again."""
        here, asked = self._seen.here, account.asked
        if account.running or (account.after and account.after not in here):
            return False
        # Who answers anew, or goes on, asks nothing: the turn tells of it.
        asks = bool(account.question.text or account.question.media)
        return asks or (bool(account.error) and (asked is None or asked.id not in here))

    def _put(self, account: Account, place: int, found: Transcript) -> None:
        entry = f"e{account.id}"
        media = self._parts.media(account.question.media)
        found.order.insert(place, entry)
        found.items[entry] = turn_item(
            shown_text(without_data(account.question.text)),
            at=account.began_at,
            ending=self._endings.in_vain(account),
            media=media,
            origin=_origin((account,)),
        )
        found.items |= media
        found.nodes.setdefault(account.id, entry)

    @staticmethod
    def _place_after(found: Transcript, node: str) -> int:
        entry = found.nodes.get(node)
        place = found.order.index(entry) + 1 if entry in found.order else 0 if not node else len(found.order)
        while place < len(found.order) and found.order[place] not in found.turns:
            place += 1
        return place


def _origin(mine: tuple[Account, ...]) -> str:
    return mine[0].face if mine and mine[0].face != FACE else ""
