"""The conversation of a studio: in which place of it a question goes on, and what was decided meanwhile.

Everything here runs on the studio's loop.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten

from conduit.channel.keeper import Keeper
from conduit.channel.talk import Talk
from conduit.composer.data import without_data
from conduit.composer.question import decision
from conduit.engine.plan import Origin
from conduit.messages import Conversation, ConversationTree, UserMessage
from conduit.studio.question import Question
from conduit.tools import system_text

__all__ = ["Place", "Session"]

_MOST_TITLE = 72
_MOST_UNTOLD = 200  # of conversations that are not the current one, too
_NOTEBOOK = "notebook"  # the metadata that say where a conversation began


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question goes on.

    Attributes:
        talk: The conversation.
        branch: The branch that it begins on.
        start: Where that branch begins, where it was made for the question; None for one that was there.
        back: The branch that was the current one.
        left: The conversation that was left for it, where it begins a new one.
    """

    talk: Talk
    branch: str
    start: Conversation | None
    back: str
    left: Talk | None = None


@dataclass(frozen=True, slots=True)
class _Untold:
    """What a model is yet to hear of: in words, in which conversation, and of which of its turns."""

    text: str
    talk: str
    origin: Origin | None

    def put(self, tree: ConversationTree) -> ConversationTree:
        """Give the tree with it, on a branch where the turn stands; as it was where none does any more."""
        branch = _branch_of(tree, self.origin)
        return tree if branch is None else tree.switch(branch).add(decision(self.text)).switch(tree.current)


class Session:
    """What was said so far, on every branch, and where the next question goes.

    Args:
        keeper: Writes into the store.
        instructions: Gives what every conversation begins with.
        place: The notebook that its conversations are had in; empty where there is none.
        heard: Told whenever the tree or the conversation was changed by anything but a running turn's progress.

    Attributes:
        persona: What a new conversation begins with beside that; empty for nothing.
    """

    def __init__(
        self,
        *,
        keeper: Keeper,
        instructions: Callable[[], str],
        place: str = "",
        heard: Callable[[], None] = lambda: None,
    ) -> None:
        self.persona = ""
        self._keeper = keeper
        self._instructions = instructions
        self._facts = {_NOTEBOOK: place} if place else {}
        self._heard = heard
        self._talk = self._begun()
        self._first = self._talk.tree.name
        self._untold: list[_Untold] = []

    @property
    def tree(self) -> ConversationTree:
        """What was said so far, on every branch."""
        return self._talk.tree

    @property
    def conversation(self) -> Conversation:
        """What was said on the current branch."""
        return self.tree.conversation

    @property
    def untouched(self) -> bool:
        """Whether nothing was said, in the very conversation that the process began with."""
        return self.tree.name == self._first and not self._talk.busy and _is_empty(self.tree)

    async def last_of_place(self) -> str:
        """Name the newest conversation of this notebook in the store; empty where there is none, or no notebook.

        Raises:
            StoreError: The store cannot be read.
        """
        if not self._facts:
            return ""
        await self._keeper.settle()
        return await self._keeper.done(lambda store: store.last_of, self._facts)

    def begin(self, question: Question) -> Place:
        """Go to the place where a question goes on.

        Raises:
            SetupError: The name of the branch cannot be.
            ConversationError: There is no such turn.
        """
        was, left = self.tree, self._talk if question.new else None
        if question.new:
            self._talk = self._begun()
        else:
            placed = _placed(was, question)
            self._talk.put(lambda _: placed)
        tree = self.tree
        if not tree.title:
            # A word that is too long is left out whole: half a key would not be known for one.
            title = shorten(without_data(question.text)[0], _MOST_TITLE, placeholder="…")
            self._talk.put(lambda tree: tree.with_(title=title))
            if self._facts:  # so that the notebook's last conversation is found after a crash, too
                self._keeper.write(lambda store: store.save, self.tree)
        made = left is None and tree.current not in was.branches
        self._heard()
        return Place(self._talk, tree.current, tree.conversation if made else None, was.current, left)

    def end(self, place: Place, *, came: bool) -> None:
        """Note that a question is over.

        Args:
            place: Where it went on.
            came: Whether anything came of it; if not, everything is as if it had not been asked.
        """
        if came:
            self._keeper.write(lambda store: store.save, place.talk.tree)
        elif place.left is not None:
            self._leave(place, place.left)
        else:
            self._take_back(place)
        self._tell()
        self._heard()

    def asked(
        self, question: Question, message: Callable[[Conversation], UserMessage | None]
    ) -> Conversation:
        """Give the conversation that a question would end; nothing is changed. Raises what ``begin`` does.

        Args:
            question: What is asked.
            message: Gives its message, knowing what was said before; None where it stands there already.
        """
        tree = ConversationTree() if question.new else _placed(self.tree, question)
        return self._talk.asked(tree.conversation, message(tree.conversation))

    def tell(self, text: str = "", *, talk: str = "", origin: Origin | None = None) -> None:
        """Let the model hear of a decision: at once, or after the turns that are under way.

        One about another conversation is told there when somebody goes on with it in this process.

        Args:
            text: What was decided; with none, what was decided before is told if it can be.
            talk: The name of the conversation that it is about, by default the current one.
            origin: The turn that it is about, so that it is told on a branch where that stands.
        """
        if text:
            one = _Untold(text, talk or self.tree.name, origin)
            self._untold = [*self._untold, one][-_MOST_UNTOLD:]
        if self._tell():
            self._heard()

    def shows(self, origin: Origin) -> bool:
        """Say whether a turn stands on the current branch of the current conversation."""
        return origin.talk == self.tree.name and _branch_of(self.tree, origin) == self.tree.current

    def _tell(self) -> bool:
        """Put what is untold of this conversation into it, if it can be; say whether anything was."""
        was = self.tree
        mine = [one for one in self._untold if one.talk == was.name]
        if not mine or self._talk.busy or self.conversation.tip is None:
            return False
        tree = was
        for one in mine:
            tree = one.put(tree)
        self._untold = [one for one in self._untold if one not in mine]
        self._talk.put(lambda _: tree)
        self._keep()
        return tree is not was

    def change(self, change: Callable[[ConversationTree], ConversationTree]) -> ConversationTree:
        """Put what a function makes of the tree in its place, such as one with another branch, and keep it.

        Raises:
            SetupError: There is no branch of that name, or there is one already.
            ConversationError: There is no such turn.
        """
        was, tree = self._talk.put(change)
        self._keep(was=was)
        self._heard()
        return tree

    def switch(self, name: str) -> None:
        """Go on with another branch; raises as ``change`` does."""
        self.change(lambda tree: tree.switch(name))

    def branch(self, name: str = "", *, turn: int | None = None) -> str:
        """Begin a branch and go on with it; give its name. Raises as ``change`` does.

        Args:
            name: What it is called; by default the current one's name with the next number.
            turn: The turn after which it goes on; 0 is before the first, and None after the last.
        """
        return self.change(lambda tree: tree.branch(name, turn=turn)).current

    def prune(self, name: str) -> None:
        """Take a branch away, in the store too; raises as ``change`` does."""
        self.change(lambda tree: tree.prune(name))

    async def resume(self, name: str) -> ConversationTree:
        """Go on with a conversation of the store, as it was left.

        Raises:
            SetupError: There is none of that name.
            StoreError: The store cannot be read.
        """
        await self._keeper.settle()
        self._talk = self._fresh(await self._keeper.done(lambda store: store.load, name))
        self._tell()
        self._heard()
        return self.tree

    async def use_persona(self, name: str) -> None:
        """Begin conversations with a persona of the store from now on; an empty name is none.

        Raises:
            SetupError: There is none of that name.
        """
        self.persona = await self._keeper.done(lambda store: store.persona, name) if name else ""

    def forget(self) -> None:
        """Begin a new conversation, which hears nothing of decisions before it; the old one is in the store."""
        self._talk = self._begun()
        self._heard()

    def _begun(self) -> Talk:
        return self._fresh(ConversationTree(name=_name(), metadata=self._facts))

    def _fresh(self, tree: ConversationTree) -> Talk:
        system = system_text(self._instructions(), persona=self.persona)
        return Talk(tree, system=system, keeper=self._keeper)

    def _keep(self, *, was: ConversationTree | None = None) -> None:
        if self.conversation.tip is not None or len(self.tree.branches) > 1:
            self._keeper.write(lambda store: store.save, self.tree, was=was)

    def _leave(self, place: Place, left: Talk) -> None:
        """Go back from a new conversation, unless something else was said in it meanwhile."""
        tree = place.talk.tree
        if place.talk.busy or not _is_empty(tree):
            return
        self._keeper.write(lambda store: store.delete, tree.name)
        self._talk = left if self._talk is place.talk else self._talk

    def _take_back(self, place: Place) -> None:
        """Take away the branch that was made for a question that nothing came of, and go back."""
        was = tree = place.talk.tree
        if place.start is not None and place.talk.rests(place.branch, at=place.start):
            tree = tree.prune(place.branch) if len(tree.branches) > 1 else tree
        if was.current == place.branch and place.back in tree.branches:
            tree = tree.switch(place.back)
        if tree is not was:
            place.talk.put(lambda _: tree)
            self._keeper.write(lambda store: store.save, tree, was=was)


def _placed(tree: ConversationTree, question: Question) -> ConversationTree:
    if question.again is not None:
        return tree.regenerate(question.again)
    if question.branch in tree.branches and question.turn is None:
        return tree.switch(question.branch)
    if question.branch or question.turn is not None:
        return tree.branch(question.branch, turn=question.turn)
    return tree


def _branch_of(tree: ConversationTree, origin: Origin | None) -> str | None:
    """Name a branch where a turn stands, the current one if it does; that one where it is about no turn."""
    if origin is None:
        return tree.current
    if (now := origin.now) is None:
        return None
    names = (tree.current, *tree.branches)
    return next((name for name in names if tree.branches[name].goes_on_from(now)), None)


def _is_empty(tree: ConversationTree) -> bool:
    return all(talk.tip is None for talk in tree.branches.values())


def _name() -> str:
    """Name a conversation by the time it begins; the end tells two of one second apart."""
    return f"{datetime.now().astimezone():%Y-%m-%d %H.%M.%S} {secrets.token_hex(2)}"
