"""What came of a question as items: words, thoughts, tools, clips, plans; from an account or from kept messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any

from conduit.errors import ClipError
from conduit.messages import AssistantMessage, AudioPart, ImagePart, Node, ToolCallPart, ToolMessage
from conduit.messages.export import readable_arguments
from conduit.music import Clip
from conduit.store import LoggedPlan
from conduit.studio import Studio
from conduit.studio.account import Account
from conduit.studio.account_parts import Called, Noted, Part, Planned, Said, Steer, Written
from conduit.studio.takes import Take
from conduit.widgets.mirror import Item
from conduit_magics.chat.cards import Cards
from conduit_magics.chat.clips import Clips
from conduit_magics.chat.kept import Kept
from conduit_magics.chat.pieces import Piece, Pieces
from conduit_magics.chat.texts import cut, first_line, shown_text, without_data

__all__ = ["Items", "Parts"]

Items = dict[str, Mapping[str, Any]]

_MOST_PARTS = 8_192


class Parts:
    """Makes the items of parts. It only looks; nothing is changed by it.

    Args:
        studio: Whose takes and plans they name.
        clips: The clips of the panel.
        cards: The cards of the panel.

    Attributes:
        version: Counts up when the log of plans says something else.
    """

    def __init__(self, studio: Studio, clips: Clips, cards: Cards) -> None:
        self.version = 0
        self._logged: dict[str, LoggedPlan] = {}
        self._studio = studio
        self._clips = clips
        self._cards = cards
        self._pieces = Pieces(studio.scrub)
        self._over: Kept[str, Item] = Kept(_MOST_PARTS)  # of accounts that are over, what stays as it is

    @property
    def logged(self) -> dict[str, LoggedPlan]:
        """The last step in the life of each plan of earlier processes, by the id of its call."""
        return self._logged

    @logged.setter
    def logged(self, logged: dict[str, LoggedPlan]) -> None:
        self.version += logged != self._logged
        self._logged = logged

    def of_account(self, account: Account) -> Items:
        """Give the items of what came of a question of this process, in order."""
        found: Items = {}
        for part in account.parts:
            name = f"p{account.id}.{part.number}"
            if account.running:
                found |= self._of(name, part)
            else:
                found |= self._of_over(name, part)
        return found

    def _of_over(self, name: str, part: Part) -> Items:
        match part:
            case Said() | Steer() | Noted() | Called(plan_id=""):
                return {name: self._over.get(name, lambda: self._plain(part))}
            case _:
                return self._of(name, part)

    def _of(self, name: str, part: Part) -> Items:
        match part:
            case Written():
                return self._written(name, part)
            case Planned(plan_id=plan_id):
                return self._planned(name, plan_id)
            case _:
                return {name: self._plain(part)}

    def _plain(self, part: Said | Called | Steer | Noted) -> Item:
        match part:
            case Said(is_thought=is_thought):
                kind = "thought" if is_thought else "text"
                return {"kind": kind, "text": shown_text(part.text), "open": part.open}
            case Called():
                return _called(part, waits=self._cards.waits(part.plan_id))
            case Steer(text=text, taken=taken):
                return {"kind": "steer", "text": shown_text(without_data(text)), "taken": taken}
            case Noted(text=text):
                return {"kind": "note", "text": self._studio.scrub(shown_text(text))}

    def _planned(self, name: str, plan_id: str) -> Items:
        """Give the item of a plan, and of its clip where that is open for editing."""
        current = self._cards.current(plan_id)
        item, clip = self._cards.item(current), self._cards.amended_clip(current)
        if item is None:
            return {}
        if clip is None:
            return {name: {**item, "clip": ""}}
        clip_id = f"c{name[1:]}"
        take = self._studio.shelf.takes.of(clip)
        shown = take.clip if take is not None else clip
        return {name: {**item, "clip": clip_id}, clip_id: self._clips.item(clip_id, shown)}

    def _written(self, name: str, part: Written) -> Items:
        if part.clip is not None:
            return self.of_clip(name, part.clip, part.repairs)
        clip_id = f"c{name[1:]}"
        try:
            grown = part.grew.clip() if part.grew is not None else None
        except ClipError:
            grown = None  # a header that makes no clip yet is told at the end
        return {name: _clip_part(clip_id, None), clip_id: self._clips.growing(clip_id, grown)}

    def of_clip(self, name: str, clip: Clip, repairs: Iterable[str] = ()) -> Items:
        """Give the items of a clip as it is now, edits and all, with what was put right in it."""
        take = self._studio.shelf.takes.of(clip)
        clip_id = f"c{name[1:]}"
        found: Items = {
            name: _clip_part(clip_id, take),
            clip_id: self._clips.item(clip_id, take.clip if take is not None else clip),
        }
        for number, repair in enumerate(repairs):
            found[f"{name}r{number}"] = {"kind": "note", "text": self._studio.scrub(repair)}
        return found

    def clips_of(self, nodes: Iterable[Node]) -> list[Clip]:
        """Give the clips of a turn's messages, as they are now."""
        found = [one for pieces in self.of_nodes(list(nodes)).values() for _, one in pieces]
        takes = [(clip, self._studio.shelf.takes.of(clip)) for clip in found if isinstance(clip, Clip)]
        return [take.clip if take is not None else clip for clip, take in takes]

    def of_nodes(self, nodes: list[Node]) -> dict[str, list[tuple[str, Item | Clip]]]:
        """Take a turn's messages apart that are only kept.

        Args:
            nodes: The messages in their places.

        Returns:
            By the id of each message, and in the end of ``""`` for the takes that stand in none, the parts' ids and
            items; a clip stands as it was written.
        """
        refused = _refused(nodes)
        pieces = {node.id: list(self._pieces.of(node, refused[node.id])) for node in nodes}
        takes = [take for node in nodes for take in self._studio.shelf.takes.by_node(node.id)]
        written = [piece for one in pieces.values() for piece in one if isinstance(piece, Clip)]
        matched, rest = _matched(written, takes)
        known = iter(matched)
        found: dict[str, list[tuple[str, Item | Clip]]] = {}
        for node, ones in pieces.items():
            told = ((f"p{node}.{number}", self._told(one, known)) for number, one in enumerate(ones))
            found[node] = [(name, one) for name, one in told if one is not None]
        return {**found, "": [(f"p{take.id}", take.origin) for take in rest]}

    def _told(self, piece: Piece, known: Iterator[Clip]) -> Item | Clip | None:
        match piece:
            case Clip():
                return next(known)
            case str():
                step = self._logged.get(piece)
                return {**self._cards.logged(step), "clip": ""} if step is not None else None
            case _:
                return piece

    @staticmethod
    def media(parts: Iterable[ImagePart | AudioPart]) -> Items:
        """Give pictures and sounds as items; one that is shown twice is one."""
        return {
            f"m{blake2b(part.data, digest_size=8).hexdigest()}": {
                "kind": "media",
                "mime": part.media_type,
                "name": "",
                "data": part.data,
            }
            for part in parts
        }


def _refused(nodes: list[Node]) -> dict[str, set[str]]:
    """Give, by the id of each message, the ids of its calls whose result is an error."""
    found: dict[str, set[str]] = {node.id: set() for node in nodes}
    asker = ""
    for node in nodes:
        match node.message:
            case AssistantMessage():
                asker = node.id
            case ToolMessage(result=result) if result.is_error and asker:
                found[asker].add(result.call_id)
    return found


def _matched(written: list[Clip], takes: list[Take]) -> tuple[list[Clip], list[Take]]:
    """Say which take each clip of a turn became: the one that is like it, else, as it was mended, the next one.

    Returns:
        The clips of the takes, as they were written, in the place of each; and the takes that are left.
    """
    left = list(takes)
    found: list[Clip | None] = []
    for clip in written:
        like = next((take for take in left if take.origin == clip), None)
        found.append(like.origin if like is not None else None)
        left = [take for take in left if take is not like]
    mended = iter(tuple(left))
    known = [
        next((take.origin for take in mended), clip) if one is None else one
        for one, clip in zip(found, written, strict=True)
    ]
    return known, list(mended)


def _clip_part(clip_id: str, take: Take | None) -> Item:
    return {"kind": "clip", "clip": clip_id, "take": take.id if take is not None else "", "label": ""}


def _called(part: Called, *, waits: bool) -> Item:
    writes = part.state == "writing"
    state = "done" if part.state == "waiting" and not waits else part.state
    return {
        "kind": "tool",
        "name": shown_text(part.name),
        "state": "running" if writes else state,
        "summary": first_line(part.result),
        "arguments": "" if writes else _arguments(part),
        "result": cut(part.result),
    }


def _arguments(part: Called) -> str:
    return cut(
        readable_arguments(ToolCallPart(id=part.call_id, name=part.name, arguments=part.arguments.text))
    )
