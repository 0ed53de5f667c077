"""What a person does in a panel: one table of intent and function. Everything here runs on the studio's loop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any

from conduit.composer.aim import Aim
from conduit.errors import ConduitError, SetupError
from conduit.messages import ConversationTree
from conduit.music import Clip
from conduit.studio import Question
from conduit.studio.account import Account
from conduit.widgets import Intent
from conduit_magics.chat.attaching import attachment
from conduit_magics.chat.completing import complete
from conduit_magics.chat.deciding import Deciding
from conduit_magics.chat.entries import FACE
from conduit_magics.chat.sending import Sending
from conduit_magics.chat.taking import Taking

if TYPE_CHECKING:
    from conduit_magics.chat.panel import Panel

__all__ = ["Acts"]

Act = Callable[[Intent], Awaitable[None]]


class Acts:
    """Does what a person asks for in one panel.

    Args:
        panel: Which.
    """

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        self._tasks: set[asyncio.Task[None]] = set()
        self._sending = Sending(panel, ask=self.ask)
        self._deciding = Deciding(panel, ask=self.ask)
        self._taking = Taking(panel, decided=self._deciding)
        self._acts: dict[str, Act] = {
            "send": self._sending.send,
            "stop": self._stop,
            "more": self._more,
            "edit": self._sending.edit,
            "again": self._sending.again,
            "take": lambda intent: self._switch(intent["branch"]),
            "switch": lambda intent: self._switch(intent["branch"]),
            "set": self._set,
            "aim": self._aim,
            "talk": self._talk,
            "complete": self._complete,
            "attach": self._attach,
            "detach": self._detach,
            **self._deciding.acts,
            **self._taking.acts,
        }

    async def act(self, intent: Intent) -> None:
        """Do what an intent asks for; what goes wrong is told in the panel."""
        panel = self._panel
        try:
            await self._acts[intent["type"]](intent)
        except ConduitError as error:
            panel.desk.last_error = error
            panel.say(error.message)
        except Exception as error:
            # The boundary to the browser: nobody waits for this task, so a fault has to be shown here.
            panel.say(f"{type(error).__name__}: {error}")
            raise
        finally:
            panel.changed()

    async def clip_act(self, clip_id: str, intent: Intent) -> None:
        """Do what the view of a clip asks for beside edits."""
        clip = self._panel.clips.clip(clip_id)
        if intent["type"] == "push" and clip is not None:
            await self.act({**intent, "take": "", "clip": clip})

    def follow_up(self) -> None:
        """Do what follows from what has just been shown: what was allowed in advance, and how the model goes on."""
        self._deciding.approve_and_go_on()

    def close(self) -> None:
        """End what the panel would do by itself."""
        self._deciding.close()

    async def amended(self, before: Clip, after: Clip) -> None:
        """Renew the plans that would have put a clip somewhere that has been edited since."""
        self._deciding.amend_with(before, after)

    def ask(self, question: Question) -> None:
        """Put a question; what comes of it is told in the transcript."""
        self._start(self._ask(question))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _ask(self, question: Question) -> None:
        panel = self._panel
        try:
            await panel.studio.ask(question, emit=_ignore, face=FACE)
        except asyncio.CancelledError:
            pass  # a person stopped it
        except ConduitError as error:
            panel.desk.last_error = error
        finally:
            panel.changed()

    async def _stop(self, _: Intent) -> None:
        """End what is answered in what is shown; where that is nothing, what runs elsewhere, as the panel says."""
        studio = self._panel.studio
        running = studio.turns.running
        here = [account for account in running if _is_shown(account, studio.session.tree)]
        for account in here or running:
            account.stop()

    async def _more(self, _: Intent) -> None:
        self._panel.load_more()

    async def _switch(self, branch: str) -> None:
        self._panel.studio.session.switch(branch)

    async def _set(self, intent: Intent) -> None:
        panel, name, value = self._panel, intent["name"], intent["value"]
        if name == "model" and value and value != "auto":
            await panel.studio.providers.registry.choose(value)
        kind = name.removeprefix("auto:")
        if kind != name:
            decisions = panel.studio.decisions
            decisions.auto = decisions.auto | {kind} if value else decisions.auto - {kind}
        panel.wishes = panel.wishes.with_(name, value)

    async def _aim(self, intent: Intent) -> None:
        track, slot = intent["track"], intent["slot"]
        if track < 0 or slot < 0:
            raise SetupError(f"tracks and slots are counted from 1, not {min(track, slot)}")
        self._panel.desk.aim = Aim(track or None, slot or None)

    async def _talk(self, intent: Intent) -> None:
        panel = self._panel
        if panel.studio.turns.running:
            raise SetupError(
                "an answer is under way; stop it, or wait for it, before you change conversations"
            )
        panel.restored = ""
        if intent["name"]:
            await panel.studio.resume(intent["name"])
        else:
            panel.studio.forget()

    async def _complete(self, intent: Intent) -> None:
        panel = self._panel
        takes = panel.studio.shelf.takes
        begins, found = await asyncio.to_thread(complete, panel.desk, [*takes], intent["text"], intent["at"])
        if panel.view is not None:
            items = [list(pair) for pair in found]
            panel.view.tell("completions", {"n": intent["n"], "from": begins, "items": items})

    async def _attach(self, intent: Intent) -> None:
        panel = self._panel
        try:
            found = await asyncio.to_thread(attachment, intent["name"], intent["mime"], intent["data"])
        except ConduitError as error:
            told = {"id": "", "error": panel.studio.scrub(error.message)}
        else:
            told = {"id": panel.attach(found), "error": ""}
        if panel.view is not None:
            panel.view.tell("attached", {"n": intent["n"], **told})

    async def _detach(self, intent: Intent) -> None:
        self._panel.attached.pop(intent["media"], None)


def _is_shown(account: Account, tree: ConversationTree) -> bool:
    """Say whether what is asked stands on the current branch of a conversation, or is on its way there."""
    asked = account.asked
    return account.talk == tree.name and (asked is None or tree.conversation.goes_on_from(asked))


def _ignore(event: object) -> None:
    """Take an event that the account tells of."""
