"""A channel joins a model, a prompt and a parser, runs tools, and keeps the conversation."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from functools import partial
from typing import Any, Generic, Self, cast

from typing_extensions import TypeVar  # its default came with Python 3.13

from conduit.channel.asking import Asking, Question
from conduit.channel.batch import Batch
from conduit.channel.batch_result import BatchResult
from conduit.channel.controls import Controls
from conduit.channel.home import Home, default_home
from conduit.channel.keeper import Keeper
from conduit.channel.model import Model, listed
from conduit.channel.parser import Parser
from conduit.channel.prompt import Prompt
from conduit.channel.reply import ChannelEvent, Reply
from conduit.channel.spread import Cluster
from conduit.channel.streaming import arriving, at_home, waiting
from conduit.channel.streams import AsyncReplyStream, ReplyStream
from conduit.channel.talk import Talk
from conduit.channel.ways import Asked, asked, checked_tools, engines
from conduit.clients import Client
from conduit.clients.remote import RemoteClient
from conduit.engine.limits import Limits
from conduit.engine.tool import IsTool
from conduit.errors import SetupError
from conduit.messages import Conversation, ConversationTree, UserMessage
from conduit.messages.branches import Comparison

__all__ = ["Channel"]

T = TypeVar("T", default=str)


class Channel(Generic[T]):
    """Asks a model, reads its answers as ``T`` (text without a parser), and keeps the conversation, all branches.

    Args:
        model: A model, or its name.
        prompt: A template for questions; its inputs are given to ``run`` by name.
        parser: What answers have to be. One that cannot be read goes back to the model with what is wrong with it.
        tools: What the model may call: functions under ``@conduit.tool``; with ``remote`` the names of tools there.
        system: What the model is told before anything else; by default the model's.
        limits: How far one question may go, with all its steps and answers.
        name: What the conversation is called in the store, where each message is kept as soon as it is complete;
            without a name nothing is stored. What is stored under that name already stays as it is, and this
            becomes a branch of it; to go on with it, call ``resume_from``.
        window_tokens: How much of the conversation the model is shown, in tokens by estimate; None for all of it.
        home: Where the work is done; by default the studio of this process.
        client: Who answers; by default whoever the home finds under the model's name.
        remote: Another Conduit, which does the whole turn with its own models and tools.

    >>> from conduit.clients import ScriptedClient
    >>> client = ScriptedClient(["A minor", "E minor", "B minor"])
    >>> channel = Channel(client=client, prompt="a key for {{ mood }} music")
    >>> channel.run(mood="sad").value
    'A minor'
    >>> channel.run("another").value
    'E minor'
    >>> channel.regenerate()
    'main-2'
    >>> print(channel.run())
    B minor
    >>> list(channel.tree.branches), len(channel.conversation)
    (['main', 'main-2'], 4)
    """

    def __init__(
        self,
        model: Model | str = "",
        *,
        prompt: Prompt | str | None = None,
        parser: Parser[T] | None = None,
        tools: Iterable[IsTool | str] = (),
        system: str = "",
        limits: Limits | None = None,
        name: str = "",
        window_tokens: int | None = None,
        home: Home | None = None,
        client: Client | None = None,
        remote: RemoteClient | None = None,
    ) -> None:
        model = Model(model) if isinstance(model, str) else model
        self.model = replace(model, client=client or model.client, home=home or model.home)
        self.prompt = Prompt(prompt) if isinstance(prompt, str) else prompt
        self.parser = parser
        self.limits = limits or Limits()
        self.window_tokens = window_tokens
        self.tools = checked_tools(
            (*listed(self.model.tools), *listed(tools, names=True)), is_remote=remote is not None
        )
        self._remote = remote
        self._keeper = Keeper(lambda: self.home.store)
        self._talk = Talk(ConversationTree(name=name), system=system or model.system, keeper=self._keeper)
        self._controls = Controls(lambda: self.home)

    def __repr__(self) -> str:
        name = f" {self.tree.name!r}" if self.tree.name else ""
        return (
            f"<Channel{name} of {self.model.name or 'the default model'}: {len(self.conversation)} messages>"
        )

    @property
    def home(self) -> Home:
        """Where the work is done."""
        return self.model.home or default_home()

    @property
    def tree(self) -> ConversationTree:
        """Everything that was said, on every branch."""
        return self._talk.tree

    @property
    def conversation(self) -> Conversation:
        """What was said on the current branch."""
        return self._talk.tree.conversation

    def run(self, question: Asked = None, /, *, media: object = (), **inputs: Any) -> Reply[T]:
        """Ask, run what tools the model calls, and wait for the answer.

        Args:
            question: Words, as they are; or the prompt's inputs as a mapping; or nothing, to go on with what waits
                for an answer, as after ``edit`` or ``regenerate``.
            media: Pictures and sounds for ``media_part``: one, or a list of them.
            inputs: The prompt's inputs by name.

        Raises:
            PromptError: The inputs are not those of the prompt.
            ParseError: The last of the answers that were allowed could not be read either; the tree holds them all.
            ProviderError: The model failed. What had come is in the tree; a question that nothing came of is not,
                so it can be asked again.
            ConversationError: Nothing was asked and nothing waits for an answer.
            RuntimeError: It was called on Conduit's own loop, such as in an async tool; await ``run_async`` there.
        """
        message = self._asked(question, inputs, media)
        return self.home.call(self._answer(message, _ignore))

    async def run_async(self, question: Asked = None, /, *, media: object = (), **inputs: Any) -> Reply[T]:
        """Ask on any event loop; takes and raises what ``run`` does. Cancelling it keeps what had come."""
        message = self._asked(question, inputs, media)
        return await at_home(self.home, self._answer(message, _ignore))

    @contextmanager
    def stream(
        self, question: Asked = None, /, *, media: object = (), **inputs: Any
    ) -> Iterator[ReplyStream[T]]:
        """Ask, and tell what happens as it does: ``with channel.stream("…") as stream``.

        Leaving the block stops the turn and keeps what had come. Takes and raises what ``run`` does.
        """
        message = self._asked(question, inputs, media)
        with waiting(self.home, partial(self._answer, message)) as events:
            yield ReplyStream(events)

    @asynccontextmanager
    async def stream_async(
        self, question: Asked = None, /, *, media: object = (), **inputs: Any
    ) -> AsyncGenerator[AsyncReplyStream[T], None]:
        """Ask on any event loop, and tell what happens: ``async with channel.stream_async("…") as stream``.

        Leaving the block stops the turn and keeps what had come. Takes and raises what ``run`` does.
        """
        message = self._asked(question, inputs, media)
        async with arriving(self.home, partial(self._answer, message)) as events:
            yield AsyncReplyStream(events)

    def batch(
        self,
        inputs: Iterable[Any],
        *,
        name: str = "",
        concurrency: int = 8,
        executor: Cluster | Executor | None = None,
        progress: bool = True,
        fresh: bool = False,
        retry_errors: bool = False,
    ) -> BatchResult[T]:
        """Ask about each of many inputs, each by itself, without the conversation; see ``Batch``.

        Raises:
            SetupError: The channel has tools, which a batch cannot run.
        """
        if self.tools or self._remote is not None:
            raise SetupError(
                "a batch asks models and runs no tools, here or elsewhere; make a channel without them for it"
            )
        return Batch(
            replace(self.model, system=self._talk.system),
            prompt=self.prompt,
            parser=cast("Parser[T]", self.parser),  # where it is None, T is str
            name=name,
            concurrency=concurrency,
            executor=executor,
            progress=progress,
        ).run(inputs, fresh=fresh, retry_errors=retry_errors)

    def branch(self, name: str = "", *, turn: int | None = None) -> str:
        """Begin a branch after a turn, and go there; gives its name.

        Args:
            name: By default the current one's with the next number.
            turn: 0 is before the first, None after the last.
        """
        return self._changed(lambda tree: tree.branch(name, turn=turn)).current

    def switch(self, name: str) -> str:
        """Go to another branch; gives its name."""
        return self._changed(lambda tree: tree.switch(name)).current

    def regenerate(self, turn: int | None = None) -> str:
        """Begin a branch that ends with a turn's question, for ``run()`` to answer anew; gives its name."""
        return self._changed(lambda tree: tree.regenerate(turn)).current

    def edit(self, turn: int, question: UserMessage | str) -> str:
        """Begin a branch in which a turn asks something else, for ``run()`` to answer; gives its name."""
        return self._changed(lambda tree: tree.edit(turn, question)).current

    def prune(self, name: str) -> str:
        """Remove a branch; gives the name of the current one."""
        return self._changed(lambda tree: tree.prune(name)).current

    def compare(self, one: str, other: str) -> Comparison:
        """Say where two branches part, and what each says after that."""
        return self.tree.compare(one, other)

    def describe(self, *, title: str | None = None, metadata: Mapping[str, Any] | None = None) -> None:
        """Give the conversation a title, or metadata of JSON values."""
        self._changed(lambda tree: tree.with_(title=title, metadata=metadata))

    def resume_from(self, name: str) -> Self:
        """Go on with a conversation that is stored under this name, in place of this channel's; gives itself.

        Raises:
            SetupError: There is none of that name; the text has names that come near.
            ConversationError: A question is under way.
        """
        tree = self.home.call(self._keeper.done(lambda store: store.load, name))
        self._talk.take_up(tree)
        return self

    def pause(self) -> None:
        """Let every turn that runs stand still before its next step."""
        self._controls.each(lambda question: question.control.pause())

    def resume(self) -> None:
        """Let every turn go on."""
        self._controls.each(lambda question: question.control.resume())

    def abort(self) -> None:
        """End every turn that runs at once, with what has come; its ``Reply`` says so."""
        self._controls.each(lambda question: question.control.abort())

    def steer(self, message: UserMessage | str) -> None:
        """Add a message to the turn that began last; the model sees it at its next step.

        Raises:
            ConversationError: No turn runs; ask it as a question.
        """
        self._controls.last(lambda question: question.steer(message))

    def _changed(self, change: Callable[[ConversationTree], ConversationTree]) -> ConversationTree:
        return self.home.call(self._talk.change(change))

    def _asked(self, question: Asked, inputs: Mapping[str, Any], media: object) -> UserMessage | None:
        return asked(question, inputs, prompt=self.prompt, media=media, waits=self._talk.waits)

    async def _answer(self, message: UserMessage | None, emit: Callable[[ChannelEvent], None]) -> Reply[T]:
        engine = await engines(
            self.model, home=self.home, tools=self.tools, parser=self.parser, remote=self._remote
        )
        question = Question(Asking(engine, self.parser, self.limits, self.window_tokens), self._talk, emit)
        with self._controls.running(question):
            try:
                reply = await question.answer(message)
            finally:
                await self._keeper.settle()
        return replace(reply, remarks=(*reply.remarks, *self._keeper.troubles()))


def _ignore(event: object) -> None:
    """Take an event nobody waits for."""
