"""What a person sends: words, commands, edits of what was said; while an answer comes, words steer it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from conduit.errors import ConduitError, ConversationError, SetupError
from conduit.messages import AudioPart, ImagePart
from conduit.studio import Question
from conduit.studio.account import Account
from conduit.studio.answering import steer
from conduit.widgets import Intent
from conduit_magics.chat.attaching import Attached
from conduit_magics.chat.mentions import mention
from conduit_magics.chat.slash import Again, command, run_slash, words_of

if TYPE_CHECKING:
    from conduit_magics.chat.panel import Panel

__all__ = ["Sending"]


class Sending:
    """Sends what a person writes in one panel.

    Args:
        panel: Which.
        ask: Puts a question.
    """

    def __init__(self, panel: Panel, *, ask: Callable[[Question], None]) -> None:
        self._panel = panel
        self._ask = ask

    async def send(self, intent: Intent) -> None:
        """Send a message, do a command, or steer the answer that is under way."""
        attached = self._panel.attached
        media = tuple(attached.pop(name) for name in intent["media"] if name in attached)
        await self._send(intent["text"].strip(), media)

    async def _send(self, text: str, media: tuple[Attached, ...]) -> None:
        panel = self._panel
        try:
            if command(text) is None:
                self._put(await self._question(text, media))
            elif media:
                raise SetupError(
                    "a command takes no files: send them with words, or the command without them"
                )
            else:
                await self._command(text)
        except ConduitError as error:
            # It stays in the transcript with all that belongs to it, to be mended and sent again.
            panel.extras.failed(panel.shown, text, panel.studio.scrub(error.message), media)
            raise

    async def edit(self, intent: Intent) -> None:
        """Ask a turn's question otherwise, on a branch of its own; the turn stays where it is."""
        panel, entry, text = self._panel, intent["entry"], intent["text"].strip()
        turn = panel.shown.turns.get(entry)
        if turn is None:
            media = panel.extras.media_of(entry)
            panel.put_away(entry)
            await self._send(text, media)
            return
        kept = tuple(part for part in turn.question.parts if isinstance(part, ImagePart | AudioPart))
        question = await self._question(text, ())
        self._ask(replace(question, media=kept, turn=turn.number - 1))

    async def again(self, intent: Intent) -> None:
        """Answer a turn anew, on a branch of its own; ask once more what nothing came of."""
        panel, entry = self._panel, intent["entry"]
        turn = panel.shown.turns.get(entry)
        if turn is not None:
            # Who composes by a seed would give the same answer again.
            seed = len(panel.studio.session.tree.takes(turn.number))
            self._ask(Again(turn.number, panel.wishes.model, seed).question)
            return
        account = next((one for one in panel.studio.turns if f"e{one.id}" == entry), None)
        if account is not None:
            panel.put_away(entry)
            self._ask(replace(account.question, model=panel.wishes.model))

    async def _question(self, text: str, media: tuple[Attached, ...]) -> Question:
        """Make the question of what was typed; what it mentions may be anybody's code, so not on the loop."""
        panel = self._panel
        variables, takes = panel.desk.shell.user_ns, [*panel.studio.shelf.takes]
        words = await asyncio.to_thread(mention, words_of(text), variables, takes)
        words = "\n\n".join(filter(None, (words, *(one.found.text for one in media))))
        for found in (one.found for one in media):
            for clip in found.clips:
                panel.studio.shelf.add(clip, by={"file": found.name})
        parts = tuple(one.found.part for one in media if one.found.part is not None)
        return panel.wishes.question(words, media=parts, aim=panel.aim)

    def _put(self, question: Question) -> None:
        running = self._running()
        if running is not None:
            try:
                steer(running, question)
            except ConversationError:
                pass  # it has just ended, or not begun
            else:
                self._panel.studio.turns.tell()
                return
        self._ask(question)

    def _running(self) -> Account | None:
        """Give the answer that is under way in what is shown."""
        shown = self._panel.shown
        for account in reversed(self._panel.studio.turns.running):
            if account.asked is not None and account.asked.id in shown.nodes:
                return account
        return None

    async def _command(self, text: str) -> None:
        panel = self._panel
        extra = panel.extras.begin(panel.shown, text)
        panel.changed()
        try:
            said = await run_slash(panel.desk, text)
        except ConduitError as error:
            extra.fail(panel.studio.scrub(error.message))
            return
        for again in (one for one in said if isinstance(one, Again)):
            panel.extras.take_away(extra)
            self._ask(again.question)
            return
        extra.done([one for one in said if not isinstance(one, Again)])
        panel.refresh()
