"""A conversation that goes on: where each question stands in the tree, and that every message is kept at once.

Questions that are asked side by side begin at the same place, and each goes on from there on a branch of its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from conduit.channel.keeper import Keeper
from conduit.errors import ConversationError
from conduit.messages import (
    Conversation,
    ConversationTree,
    ResponseMetadata,
    SystemMessage,
    ToolMessage,
    UserMessage,
)

__all__ = ["Line", "Talk"]


@dataclass(slots=True)
class Line:
    """One question's way through the tree.

    Attributes:
        branch: The branch that it began on.
        before: Where the turn began, without the question.
        asked: Ends with the question.
        now: As far as it has come.
        alone: Whether no other question was under way when it began.
        is_new: Whether the question was put there for it; one that stood there already is never taken back.
        made: Whether its branch was made for it.
        back: The branch that was the current one.
    """

    branch: str
    before: Conversation
    asked: Conversation
    now: Conversation
    alone: bool
    is_new: bool
    made: bool = False
    back: str = ""


class Talk:
    """A tree, the questions that are under way in it, and its way into the store.

    ``put`` may be called from any thread, the rest on one loop.

    Args:
        tree: What was said so far; it is stored if it has a name.
        system: What a conversation begins with.
        keeper: Writes into the store.

    Attributes:
        tree: As above.
    """

    def __init__(self, tree: ConversationTree, *, system: str, keeper: Keeper) -> None:
        self.tree = tree
        self._system = system
        self._keeper = keeper
        self._lines: list[Line] = []
        self._lock = threading.Lock()

    async def change(self, change: Callable[[ConversationTree], ConversationTree]) -> ConversationTree:
        """Put what a function makes of the tree in its place, and write it.

        Raises:
            StoreError: It could not be written; the tree is as it was.
        """
        before, after = self.put(change)
        if not after.name:
            return after
        try:
            stored = await self._keeper.done(lambda store: store.save, after, was=before)
        except BaseException:
            self.put(lambda tree: before if tree is after else tree)
            raise
        self.put(lambda tree: stored if tree is after else tree)
        return stored

    def put(
        self, change: Callable[[ConversationTree], ConversationTree]
    ) -> tuple[ConversationTree, ConversationTree]:
        """Put what a function makes of the tree in its place, unwritten; gives the tree before and after."""
        with self._lock:
            before = self.tree
            self.tree = change(before)
            return before, self.tree

    def take_up(self, tree: ConversationTree) -> None:
        """Go on with another tree, which is stored already.

        Raises:
            ConversationError: A question is under way.
        """
        with self._lock:
            if self._lines:
                raise ConversationError("a question is under way; wait for its answer, or abort it")
            self.tree = tree

    @property
    def busy(self) -> bool:
        """Whether a question is under way."""
        return bool(self._lines)

    def rests(self, branch: str, *, at: Conversation) -> bool:
        """Say whether a branch stands there, and no question is under way on it."""
        with self._lock:
            return self.tree.branches.get(branch) == at and all(line.branch != branch for line in self._lines)

    @property
    def system(self) -> str:
        """What a conversation begins with."""
        return self._system

    @property
    def waits(self) -> bool:
        """Whether something waits for an answer that nobody is giving."""
        with self._lock:
            return isinstance(self._before().tail, UserMessage | ToolMessage)

    def begin(self, question: UserMessage | None) -> Line:
        """Put a question into the tree.

        Args:
            question: None to go on with what stands there: a question without an answer, or tools' results. A
                question that stands there already is not put there twice.

        Raises:
            ConversationError: Nothing stands there to go on with.
        """
        with self._lock:
            current, known = self.tree.current, set(self.tree.branches)
            before = self._before()
            question = None if question == before.tail else question
            asked = self.asked(before, question)
            line = Line(
                branch=current,
                before=before,
                asked=asked,
                now=before,
                alone=not self._lines,
                is_new=question is not None,
            )
            self._lines.append(line)
        self.advance(line, asked)
        line.made, line.back = self.branch_of(line) not in known, current
        return line

    def advance(self, line: Line, now: Conversation, metadata: ResponseMetadata | None = None) -> None:
        """Take what a turn has come to, and begin to write it."""
        line.now = now
        with self._lock:
            tree = self.tree.advanced(line.before, now, branch=line.branch)
            if not line.alone:
                tree = tree.switch(self.tree.current)
            self.tree = tree if metadata is None else tree.noted(now.id, metadata)
        if self.tree.name:
            self._keeper.run(self._append(self.branch_of(line), now, metadata))

    def end(self, line: Line) -> str:
        """Note that a turn is over, and give the branch that it is on.

        A question that nothing came of is taken back, so that it can be asked again.
        """
        if line.is_new and line.now == line.asked:
            self._take_back(line)
        self._lines.remove(line)
        return self.branch_of(line)

    def branch_of(self, line: Line) -> str:
        """Name the branch that a question is on; several may end alike while they are not answered."""
        return self._branch_at(line.now, line) or line.branch

    def _before(self) -> Conversation:
        """Give where the current branch stands, without what is under way on it."""
        for line in self._lines:
            if line.now == self.tree.conversation:
                return line.before
        return self.tree.conversation

    def asked(self, before: Conversation, question: UserMessage | None) -> Conversation:
        """Give the conversation with a question, and before the first one what a conversation begins with.

        Raises:
            ConversationError: There is no question, and nothing stands there to go on with.
        """
        if question is None:
            if not isinstance(before.tail, UserMessage | ToolMessage):
                raise ConversationError(
                    "nothing waits for an answer: give a question, or go back to one with regenerate() or edit()"
                )
            return before
        if before.tip is None and self._system:
            before = before.add(SystemMessage(content=self._system))
        return before.add(question)

    def _take_back(self, line: Line) -> None:
        with self._lock:
            was, branch = self.tree, self._branch_at(line.asked, line)
            if branch is None:
                return
            if line.made and len(was.branches) > 1:
                now = was.prune(branch)
                now = now.switch(line.back) if line.back in now.branches and branch == was.current else now
            else:
                now = replace(was, branches={**was.branches, branch: line.before})
            self.tree = now
        line.now = line.before
        if now.name:
            self._keeper.write(lambda store: store.save, now, was=was)

    def _branch_at(self, tip: Conversation, line: Line) -> str | None:
        branches = self.tree.branches
        return next((name for name in (line.branch, *branches) if branches.get(name) == tip), None)

    async def _append(self, branch: str, now: Conversation, metadata: ResponseMetadata | None) -> None:
        name = self.tree.name
        landed = await self._keeper.done(lambda store: store.append, name, branch, now, metadata)
        with self._lock:
            tree = self.tree
            if landed == branch or landed in tree.branches or branch not in tree.branches:
                return
            # Another process has taken the branch elsewhere; what was said here is on a branch of its own.
            self.tree = tree.rename(branch, landed)
            for one in self._lines:
                one.branch = landed if one.branch == branch else one.branch
