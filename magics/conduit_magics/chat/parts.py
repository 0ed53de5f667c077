"""What came of a question as items: words, thoughts, tools, clips, plans; from an account or from kept messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any

from conduit.composer import WRITE_CLIP
from conduit.composer.question import decided
from conduit.errors import ClipError
from conduit.messages import (
    AssistantMessage,
    AssistantPart,
    AudioPart,
    ImagePart,
    Node,
    ReasoningPart,
    TextPart,
    ToolCallPart,
    ToolMessage,
    UserMessage,
)
from conduit.messages.aside import aside
from conduit.messages.export import readable_arguments
from conduit.messages.fences import Fenced, split
from conduit.music import Clip, read_clip
from conduit.store import LoggedPlan
from conduit.studio import Studio
from conduit.studio.account import Account, Called, Noted, Part, Planned, Said, Steer, Written
from conduit.studio.takes import Take
from conduit_magics.chat.cards import Cards
from conduit_magics.chat.clips import Clips
from conduit_magics.chat.texts import cut, first_line, shown_text

__all__ = ["Parts"]

Items = dict[str, Mapping[str, Any]]


class Parts:
    """Makes the items of parts.

    Args:
        studio: Whose takes and plans they name.
        clips: The clips of the panel.
        cards: The cards of the panel.

    Attributes:
        logged: The last step in the life of each plan of earlier processes, by the id of its call.
    """

    def __init__(self, studio: Studio, clips: Clips, cards: Cards) -> None:
        self.logged: dict[str, LoggedPlan] = {}
        self._studio = studio
        self._clips = clips
        self._cards = cards
        self._kept: dict[str, Items] = {}
        self._media: dict[str, Mapping[str, Any]] = {}
        self._read: dict[str, Clip | None] = {}

    def of_account(self, account: Account, clips: set[str]) -> Items:
        """Give the items of what came of a question of this process, in order."""
        found: Items = {}
        for number, part in enumerate(account.parts):
            found |= self._of(f"p{account.id}.{number}", part, clips)
        return found

    def _of(self, name: str, part: Part, clips: set[str]) -> Items:
        match part:
            case Written():
                return self._written(name, part, clips)
            case Planned(plan_id=plan_id):
                return self._planned(name, plan_id, clips)
            case _:
                return {name: self._plain(part)}

    def _plain(self, part: Said | Called | Steer | Noted) -> Mapping[str, Any]:
        match part:
            case Said(is_thought=is_thought):
                kind = "thought" if is_thought else "text"
                return {"kind": kind, "text": shown_text(part.text), "open": part.open}
            case Called():
                return _called(part, waits=self._cards.waits(part.plan_id))
            case Steer(text=text, taken=taken):
                return {"kind": "steer", "text": shown_text(text), "taken": taken}
            case Noted(text=text):
                return {"kind": "note", "text": self._studio.scrub(shown_text(text))}

    def _planned(self, name: str, plan_id: str, clips: set[str]) -> Items:
        """Give the item of a plan, and of its clip where that is open for editing."""
        current = self._cards.current(plan_id)
        item, clip = self._cards.item(current), self._cards.amended_clip(current)
        if item is None:
            return {}
        if clip is None:
            return {name: {**item, "clip": ""}}
        clip_id = f"c{name[1:]}"
        clips.add(clip_id)
        take = self._studio.shelf.takes.of(clip)
        shown = take.clip if take is not None else clip
        return {name: {**item, "clip": clip_id}, clip_id: self._clips.item(clip_id, shown)}

    def _written(self, name: str, part: Written, clips: set[str]) -> Items:
        if part.clip is not None:
            return self._clip(name, part.clip, part.repairs, clips)
        clip_id = f"c{name[1:]}"
        clips.add(clip_id)
        try:
            grown = part.grew.clip() if part.grew is not None else None
        except ClipError:
            grown = None  # a header that makes no clip yet is told at the end
        return {
            name: {"kind": "clip", "clip": clip_id, "take": "", "label": ""},
            clip_id: self._clips.growing(clip_id, grown),
        }

    def _clip(self, name: str, clip: Clip, repairs: Iterable[str], clips: set[str]) -> Items:
        """Give the items of a clip as it is now, edits and all, with what was put right in it."""
        take = self._studio.shelf.takes.of(clip)
        clip_id = f"c{name[1:]}"
        clips.add(clip_id)
        found: Items = {
            name: {
                "kind": "clip",
                "clip": clip_id,
                "take": take.id if take is not None else "",
                "label": "",
            },
            clip_id: self._clips.item(clip_id, take.clip if take is not None else clip),
        }
        for number, repair in enumerate(repairs):
            found[f"{name}r{number}"] = {"kind": "note", "text": self._studio.scrub(repair)}
        return found

    def of_clip(self, name: str, clip: Clip) -> Items:
        """Give the items of a clip that no turn wrote; it becomes a take."""
        self._studio.shelf.add(clip, by={})
        return self._clip(name, clip, (), set())

    def clips_of(self, node: Node) -> list[Clip]:
        """Give the clips of a message, as they are now."""
        takes = self._studio.shelf.takes.by_node(node.id)
        if takes:
            return [take.clip for take in takes]
        return [piece for piece in self._pieces(node) if isinstance(piece, Clip)]

    def of_node(self, node: Node, takes: list[Take], clips: set[str]) -> Items:
        """Give the items of a message that is only kept.

        Args:
            node: The message in its place.
            takes: The takes of its turn, in order; those that stand in it are taken out.
            clips: Takes the ids of the clips that are shown.
        """
        found: Items = {}
        for number, piece in enumerate(self._pieces(node)):
            name = f"p{node.id}.{number}"
            match piece:
                case Clip():
                    known = takes.pop(0).origin if takes else piece
                    found |= self._clip(name, known, (), clips)
                case LoggedPlan():
                    found[name] = {**self._cards.logged(piece), "clip": ""}
                case _:
                    found[name] = piece
        return found

    def of_takes(self, takes: list[Take], clips: set[str]) -> Items:
        """Give the items of takes that stand in no message, such as a clip that was edited by a tool."""
        found: Items = {}
        for take in takes:
            found |= self._clip(f"p{take.id}", take.origin, (), clips)
        return found

    def _pieces(self, node: Node) -> Iterator[Mapping[str, Any] | Clip | LoggedPlan]:
        match node.message:
            case AssistantMessage(parts=parts):
                for part in parts:
                    yield from self._answered(part)
            case UserMessage() as message:
                kept, added = aside(message)
                words = [part.text for part in kept if isinstance(part, TextPart)]
                text = decided(message) or "\n".join([*words, *([added] if added else [])])
                yield {"kind": "note", "text": self._studio.scrub(shown_text(text))}
            case ToolMessage(result=result) if result.name != WRITE_CLIP or result.is_error:
                yield {
                    "kind": "tool",
                    "name": result.name,
                    "state": "failed" if result.is_error else "done",
                    "summary": first_line(result.text),
                    "arguments": "",
                    "result": cut(result.text),
                }

    def _answered(self, part: AssistantPart) -> Iterator[Mapping[str, Any] | Clip | LoggedPlan]:
        match part:
            case TextPart(text=text):
                yield from self._worded(text)
            case ReasoningPart(text=text):
                yield {"kind": "thought", "text": shown_text(text), "open": False}
            case ToolCallPart(id=call_id, name=name):
                clip = self._clip_of(part) if name == WRITE_CLIP else None
                if clip is not None:
                    yield clip
                elif call_id in self.logged:
                    yield self.logged[call_id]

    def _worded(self, text: str) -> Iterator[Mapping[str, Any] | Clip]:
        """Give words, with the clips that stand fenced in them."""
        words: list[str] = []
        for piece in split(text):
            clip = (
                self._clip_in(piece.text) if isinstance(piece, Fenced) and piece.language == "clip" else None
            )
            if clip is None:
                words.append(piece if isinstance(piece, str) else piece.written)
                continue
            if words:
                yield _text("\n".join(words))
                words = []
            yield clip
        if words:
            yield _text("\n".join(words))

    def _clip_of(self, call: ToolCallPart) -> Clip | None:
        from conduit.composer.taking import clip_of  # noqa: PLC0415  only for what is read back

        if call.arguments not in self._read:
            self._read[call.arguments] = clip_of(call.arguments)
        return self._read[call.arguments]

    def _clip_in(self, text: str) -> Clip | None:
        if text not in self._read:
            try:
                self._read[text] = read_clip(text)
            except ClipError:
                self._read[text] = None
        return self._read[text]

    def media(self, parts: Iterable[ImagePart | AudioPart]) -> Items:
        """Give pictures and sounds as items; one that is shown twice is one."""
        found: Items = {}
        for part in parts:
            name = f"m{blake2b(part.data, digest_size=8).hexdigest()}"
            if name not in self._media:
                self._media[name] = {"kind": "media", "mime": part.media_type, "name": "", "data": part.data}
            found[name] = self._media[name]
        return found


def _text(text: str) -> Mapping[str, Any]:
    return {"kind": "text", "text": shown_text(text.strip("\n")), "open": False}


def _called(part: Called, *, waits: bool) -> Mapping[str, Any]:
    writes = part.state == "writing"
    state = "done" if part.state == "waiting" and not waits else part.state
    arguments = "" if writes else _arguments(part)
    return {
        "kind": "tool",
        "name": part.name,
        "state": "running" if writes else state,
        "summary": first_line(part.result),
        "arguments": arguments,
        "result": cut(part.result),
    }


def _arguments(part: Called) -> str:
    return cut(
        readable_arguments(ToolCallPart(id=part.call_id, name=part.name, arguments=part.arguments.text))
    )
