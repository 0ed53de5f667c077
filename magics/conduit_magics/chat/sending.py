"""What a person sends: words, commands, edits of what was said; while an answer comes, words steer it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from conduit.errors import ConduitError, ConversationError, SetupError
from conduit.studio import Question
from conduit.studio.account import Account
from conduit.studio.answering import steer
from conduit.widgets import Intent
from conduit_magics.chat.draft import Draft, media_in, words_in
from conduit_magics.chat.mentions import mention
from conduit_magics.chat.slash import Again, command, run_slash, words_of
from conduit_magics.saying import Clips

if TYPE_CHECKING:
    from conduit_magics.chat.panel import Panel

__all__ = ["Sending"]


class Sending:
    """Sends what a person writes in one panel, one after the other.

    Args:
        panel: Which.
        ask: Puts a question.
    """

    def __init__(self, panel: Panel, *, ask: Callable[[Question], None]) -> None:
        self._panel = panel
        self._ask = ask
        self._turn = (
            asyncio.Lock()
        )  # what is sent first goes first, however long it takes to read what it names

    async def send(self, intent: Intent) -> None:
        """Send a message, do a command, or steer the answer that is under way."""
        attached = self._panel.attached
        files = tuple(attached.pop(name) for name in intent["media"] if name in attached)
        await self._send(Draft(intent["text"].strip(), files))

    async def edit(self, intent: Intent) -> None:
        """Ask a turn's question otherwise, on a branch of its own; the turn stays where it is."""
        draft = self._draft_of(intent["entry"])
        if intent["entry"] not in self._panel.shown.turns:
            self._panel.put_away(intent["entry"])
        await self._send(replace(draft, text=intent["text"].strip()))

    async def again(self, intent: Intent) -> None:
        """Answer a turn anew, on a branch of its own; ask once more what nothing came of."""
        panel, entry = self._panel, intent["entry"]
        turn, draft = panel.shown.turns.get(entry), panel.extras.draft_of(entry)
        account = panel.entries.account_of(entry)
        if turn is not None:
            # Who composes by a seed would give the same answer again.
            seed = len(panel.studio.session.tree.takes(turn.number))
            self._ask(Again(turn.number, panel.wishes.model, seed).question)
        elif account is not None:
            panel.put_away(entry)
            self._ask(replace(account.question, model=panel.wishes.model))
        elif draft is not None:
            panel.put_away(entry)
            await self._send(draft)

    def _draft_of(self, entry: str) -> Draft:
        """Give what was sent, or was to be sent, with an entry."""
        panel = self._panel
        turn, account = panel.shown.turns.get(entry), panel.entries.account_of(entry)
        if turn is not None:
            question = turn.question
            return Draft("", media=media_in(question), before=words_in(question), turn=turn.number - 1)
        if account is not None:
            asked = account.question
            return Draft("", media=asked.media, before=asked.text, turn=asked.turn)
        return panel.extras.draft_of(entry) or Draft("")

    async def _send(self, draft: Draft) -> None:
        panel = self._panel
        try:
            async with self._turn:
                await self._sent(draft)
        except Exception as error:
            # Whatever went wrong, it stays in the transcript with all that belongs to it, to be sent again.
            media = [*(one.item for one in draft.files), *panel.parts.media(draft.media).values()]
            panel.extras.failed(panel.shown, draft, panel.studio.scrub(_words(error)), media)
            raise

    async def _sent(self, draft: Draft) -> None:
        if draft.turn is not None or command(draft.text) is None:
            await self._put(await self._question(draft))
        elif draft.files or draft.media:
            raise SetupError("a command takes no files: send them with words, or the command without them")
        else:
            await self._command(draft)

    async def _question(self, draft: Draft) -> Question:
        """Make the question of what was typed; what it mentions may be anybody's code, so not on the loop."""
        panel = self._panel
        variables, takes = panel.desk.shell.user_ns, [*panel.studio.shelf.takes]
        words = await asyncio.to_thread(mention, words_of(draft.text), variables, takes)
        found = [one.found for one in draft.files]
        text = "\n\n".join(filter(None, (words, draft.kept(words), *(one.text for one in found))))
        for one in found:
            for clip in one.clips:
                panel.studio.shelf.add(clip, by={"file": one.name})
        media = (*draft.media, *(one.part for one in found if one.part is not None))
        return panel.wishes.question(text, media=media, aim=panel.desk.aim, turn=draft.turn)

    async def _put(self, question: Question) -> None:
        """Steer the answer that is under way, else ask; words for one that is about to begin wait for that."""
        running = self._running() if question.turn is None else None
        if running is not None:
            await running.begun.wait()
            if running is self._running():
                try:
                    steer(running, question)
                except ConversationError:
                    pass  # it has just ended
                else:
                    self._panel.studio.turns.tell()
                    return
        self._ask(question)

    def _running(self) -> Account | None:
        """Give the answer that is under way where the conversation stands."""
        tree = self._panel.studio.session.tree
        here = {node.id for node in tree.conversation.nodes}
        for account in reversed(self._panel.studio.turns.running):
            asked = account.asked
            if account.talk == tree.name and (asked is None or asked.id in here):
                return account
        return None

    async def _command(self, draft: Draft) -> None:
        panel = self._panel
        extra = panel.extras.begin(panel.shown, draft.text)
        panel.changed()
        try:
            said = await run_slash(panel.desk, draft.text)
        except ConduitError as error:
            extra.draft = draft
            extra.fail(panel.studio.scrub(error.message))
            return
        except BaseException:
            panel.extras.take_away(extra)
            raise
        for again in (one for one in said if isinstance(one, Again)):
            panel.extras.take_away(extra)
            self._ask(again.question)
            return
        for clip in (clip for one in said if isinstance(one, Clips) for clip in one.clips):
            panel.studio.shelf.add(clip, by={})  # what a person had shown is what is meant by "it"
        extra.done([one for one in said if not isinstance(one, Again)])
        panel.refresh()


def _words(error: Exception) -> str:
    return error.message if isinstance(error, ConduitError) else f"{type(error).__name__}: {error}"
