"""The transcript of a panel: the turns of the current branch as items, from what was kept and from what comes.

A turn is told from the accounts of this process where there are some, since they know more, and else from its
messages. Everything is derived anew each time; the panel sends only what differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from conduit.messages import (
    AudioPart,
    ConversationTree,
    ImagePart,
    TextPart,
    Turn,
    UserMessage,
)
from conduit.messages.aside import aside
from conduit.messages.branches import takes
from conduit.messages.facts import cost_of, fact_words, sum_words, usage_of
from conduit.studio import Studio
from conduit.studio.account import Account
from conduit_magics.captions import details, footer
from conduit_magics.chat.parts import Parts
from conduit_magics.chat.texts import shown_text, without_data

__all__ = ["FACE", "Entries", "Transcript"]

FACE = "panel"
"""Where a question was asked that came out of a panel."""

Items = dict[str, Mapping[str, Any]]


@dataclass(slots=True)
class Transcript:
    """What is shown of a conversation.

    Attributes:
        order: Ids of the entries.
        items: The entries and their parts.
        turns: The turn of each entry, by its id.
        nodes: The entry that tells of a node, by the node's id.
        earlier: How many turns are not shown.
        clips: Ids of the clips that are shown.
    """

    order: list[str] = field(default_factory=list)
    items: Items = field(default_factory=dict)
    turns: dict[str, Turn] = field(default_factory=dict)
    nodes: dict[str, str] = field(default_factory=dict)
    earlier: int = 0
    clips: set[str] = field(default_factory=set)

    def parts_of(self, entry: str) -> list[Mapping[str, Any]]:
        """Give the parts of an entry, in order."""
        return [self.items[part] for part in self.items.get(entry, {}).get("parts", ())]


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
        self._accounts: dict[str, Account] = {}
        self._told: set[str] = set()  # accounts that stand in the transcript that is being made
        self._seen: tuple[ConversationTree | None, tuple[Turn, ...], Mapping[int, tuple[str, ...]]] = (
            None,
            (),
            {},
        )

    def transcript(self, most: int) -> Transcript:
        """Give what is shown.

        Args:
            most: How many turns at most, the last ones.
        """
        tree, turns, taken = self._looked()
        self._accounts = {node: account for account in self._studio.turns for node in account.nodes}
        self._told = set()
        found = Transcript(earlier=max(0, len(turns) - most))
        for turn in turns[found.earlier :]:
            self._turn(tree, turn, taken.get(turn.number, ()), found)
        self._unplaced(found, {node.id for node in tree.conversation.nodes})
        return found

    def _looked(self) -> tuple[ConversationTree, tuple[Turn, ...], Mapping[int, tuple[str, ...]]]:
        """Give the tree, its turns and their takes, worked out once for each tree."""
        tree = self._studio.session.tree
        if self._seen[0] is not tree:
            self._seen = (tree, tree.conversation.turns, takes(tree.branches, tree.current))
        return tree, self._seen[1], self._seen[2]

    def _turn(self, tree: ConversationTree, turn: Turn, taken: tuple[str, ...], found: Transcript) -> None:
        entry, nodes = f"e{turn.asked.id}", turn.after.nodes_since(len(turn.asked))
        places = {turn.asked.id, *(node.id for node in nodes)}
        mine: list[Account] = []
        parts: Items = {}
        asker = self._accounts.get(turn.asked.id)
        fresh = not nodes and (asker is None or asker.id not in self._told)
        kept = (node.id for node in nodes if node.id not in self._accounts)
        takes = [take for node in kept for take in self._studio.shelf.takes.by_node(node)]
        for node in nodes:
            account = self._accounts.get(node.id)
            if account is None:
                parts |= self._parts.of_node(node, takes, found.clips)
            elif account.id not in self._told:
                parts |= self._tell(account, mine, found)
            fresh = fresh or account is None or account in mine
        parts |= self._parts.of_takes(takes, found.clips)
        for account in self._beside(places, mine):
            parts |= self._tell(account, mine, found)
            fresh = True
        if not fresh:
            return  # a person's word while an answer came: it is told there
        found.nodes |= dict.fromkeys(places, entry)
        found.turns[entry] = turn
        found.order.append(entry)
        media, words = self._asked(turn.question)
        found.items[entry] = {
            "kind": "turn",
            "who": "you",
            "number": turn.number,
            "asked": words,
            "media": list(media),
            "at": self._at(turn, mine),
            "parts": [part for part in parts if not part.startswith("c")],
            **_ending(mine, tree, turn, self._studio),
            "takes": {"names": list(taken), "at": taken.index(tree.current)} if tree.current in taken else {},
            "origin": _origin(mine),
        }
        found.items |= parts
        found.items |= media

    def _beside(self, places: set[str], mine: list[Account]) -> list[Account]:
        """Give what is asked, or was in vain, at one of these places and has said nothing yet."""
        since = max((account.began_at for account in mine), default=0.0)
        return [
            account
            for account in self._studio.turns
            if account.asked is not None
            and account.asked.id in places
            and account.id not in self._told
            and (account.running or (account.error and not account.nodes and account.began_at > since))
        ]

    def _tell(self, account: Account, mine: list[Account], found: Transcript) -> Items:
        self._told.add(account.id)
        mine.append(account)
        return self._parts.of_account(account, found.clips)

    def _unplaced(self, found: Transcript, here: set[str]) -> None:
        """Tell of questions that stand nowhere: those that have just been asked, and those that nothing came of."""
        for account in self._studio.turns:
            here_too = account.talk == self._studio.session.tree.name and not account.nodes
            if not here_too or account.id in self._told or f"e{account.id}" in self.hidden:
                continue
            if account.running and account.asked is None:
                place = len(found.order)
            elif account.error and (account.after == "" or account.after in here):
                place = self._place_after(found, account.after)
            else:
                continue
            entry = f"e{account.id}"
            found.order.insert(place, entry)
            found.items[entry] = {
                "kind": "turn",
                "who": "you",
                "number": 0,
                "asked": shown_text(without_data(account.question.text)),
                "media": [],
                "at": account.began_at,
                "parts": [],
                "state": "running" if account.running else "failed",
                "error": self._studio.scrub(account.error),
                "footer": "",
                "details": [],
                "takes": {},
                "origin": _origin([account]),
            }
            found.nodes.setdefault(account.id, entry)

    def _place_after(self, found: Transcript, node: str) -> int:
        entry = found.nodes.get(node)
        place = found.order.index(entry) + 1 if entry in found.order else 0 if not node else len(found.order)
        while place < len(found.order) and found.order[place] not in found.turns:
            place += 1
        return place

    def _asked(self, message: UserMessage) -> tuple[Items, str]:
        """Give the pictures and sounds of a question, as items, and its words."""
        kept, added = aside(message)
        texts = [without_data(part.text) for part in kept if isinstance(part, TextPart)]
        media = self._parts.media(part for part in kept if isinstance(part, ImagePart | AudioPart))
        del added
        return media, shown_text("\n".join(texts).strip())

    def _at(self, turn: Turn, mine: list[Account]) -> float:
        return mine[0].began_at if mine else self.times.get(turn.asked.id, 0.0)


def _ending(mine: list[Account], tree: ConversationTree, turn: Turn, studio: Studio) -> dict[str, Any]:
    """Say how a turn stands, and what it took."""
    last = mine[-1] if mine else None
    answer = last.answer if last is not None else None
    running = any(account.running for account in mine)
    state = "done"
    if last is not None and not running:
        stopped = answer is not None and answer.reason.value in {"interrupted", "aborted"}
        state = "failed" if last.error else "stopped" if stopped else "done"
    rows = details(answer) if answer is not None else []
    said = footer(answer, names=studio.providers.registry.names) if answer is not None else _kept(tree, turn)
    return {
        "state": "running" if running else state,
        "error": studio.scrub(last.error) if last is not None else "",
        "footer": studio.scrub(said),
        "details": [[label, studio.scrub(value)] for label, value in rows],
    }


def _origin(mine: list[Account]) -> str:
    return mine[0].face if mine and mine[0].face != FACE else ""


def _kept(tree: ConversationTree, turn: Turn) -> str:
    """Say who answered and what it took, as it was kept."""
    nodes = turn.after.nodes_since(len(turn.before))
    known = [tree.facts[node.id] for node in nodes if node.id in tree.facts]
    if len(known) <= 1:
        return "".join(map(fact_words, known))
    asked = dict.fromkeys(f"{fact.provider}/{fact.model}" for fact in known)
    spent = sum_words(usage_of(known), cost_of(known))
    return " · ".join(filter(None, [*asked, f"{len(known)} answers", spent]))
