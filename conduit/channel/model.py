"""A model by its name: the shortest way to an answer, without a conversation."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import KW_ONLY, dataclass
from functools import partial
from typing import Any, Protocol

from conduit.channel.home import Home, default_home
from conduit.channel.parser import Parser
from conduit.channel.shaped import ShapedClient
from conduit.channel.streaming import arriving, at_home, waiting
from conduit.channel.streams import AnswerStream, AsyncAnswerStream
from conduit.clients import Client
from conduit.errors import ConversationError, SetupError
from conduit.messages import (
    Conversation,
    Event,
    GenerationParams,
    Message,
    Request,
    Response,
    SystemMessage,
    TextPart,
    ToolMessage,
    ToolSpec,
    UserMessage,
    UserPart,
    audio_part,
    image_part,
    media_part,
)

__all__ = ["HasSpec", "Model", "Question", "listed", "user_message"]

Question = str | UserMessage | Conversation | Request
"""What a model can be asked: words, a message, a conversation that ends with a question, or a finished request."""


class HasSpec(Protocol):
    """A tool, of whatever kind."""

    @property
    def spec(self) -> ToolSpec:
        """The tool as a model is told of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Asks a model. Works in scripts, in notebook cells, and in async code.

    Attributes:
        name: ``provider/model``, a provider, a short name such as ``claude``, or empty for the session's default.
        params: How to generate.
        system: What the model is told before anything else.
        tools: What it may call. Here its calls are only told; a ``Channel`` runs them.
        schema: A JSON schema that the answer has to fit, or a parser whose schema it is. A model whose server has
            no schema mode is brought to it by a tool or by words; the answer's text is JSON either way.
        cache: ``off``, ``on`` or ``refresh`` for kept answers; empty as it is set.
        client: Who answers; by default whoever the home finds under the name.
        home: Where the work is done; by default the studio of this process.

    >>> from conduit.clients import ScriptedClient
    >>> model = Model(client=ScriptedClient(["A minor.", "E minor."]), system="Answer with a key.")
    >>> model.ask("something sad").text
    'A minor.'
    >>> with model.stream("something sadder") as stream:
    ...     "".join(stream.text)
    'E minor.'
    """

    name: str = ""
    _: KW_ONLY
    params: GenerationParams | None = None
    system: str = ""
    tools: Sequence[ToolSpec | HasSpec] = ()
    schema: dict[str, Any] | Parser[Any] | None = None
    cache: str = ""
    client: Client | None = None
    home: Home | None = None

    def request(
        self, question: Question, *, media: object = (), images: object = (), audio: object = ()
    ) -> Request:
        """Give what would be asked, without asking it.

        Args:
            question: A finished request is given back as it is.
            media: Pictures and sounds for ``media_part``: one, or a list of them.
            images: Pictures, as ``image_part`` takes them.
            audio: Sounds, as ``audio_part`` takes them.

        Raises:
            SetupError: A picture or a sound cannot be read, or it is to go with a finished request.
            ConversationError: The conversation does not end with a question.
        """
        parts = _parts(media, images, audio)
        if isinstance(question, Request):
            if parts:
                raise SetupError(
                    "pictures and sounds go with words; put them into the request's own messages"
                )
            return question
        return Request(
            model=self._asked_name(),
            messages=_messages(question, parts, system=self.system),
            params=self.params or GenerationParams(),
            tools=tuple(tool if isinstance(tool, ToolSpec) else tool.spec for tool in listed(self.tools)),
            response_schema=self.response_schema,
        )

    def ask(
        self, question: Question, *, media: object = (), images: object = (), audio: object = ()
    ) -> Response:
        """Ask, and wait for the answer.

        Args:
            question: As ``request`` takes it.
            media: As above.
            images: As above.
            audio: As above.

        Raises:
            ProviderError: The model failed, and nobody may answer in its place.
            SetupError: There is no such model, or what is asked cannot be.
            RuntimeError: It was called on Conduit's own loop; await ``ask_async`` there.
        """
        request = self.request(question, media=media, images=images, audio=audio)
        return self._home.call(self._complete(request))

    async def ask_async(
        self, question: Question, *, media: object = (), images: object = (), audio: object = ()
    ) -> Response:
        """Ask on any event loop; takes and raises what ``ask`` does."""
        request = self.request(question, media=media, images=images, audio=audio)
        return await at_home(self._home, self._complete(request))

    @contextmanager
    def stream(
        self, question: Question, *, media: object = (), images: object = (), audio: object = ()
    ) -> Iterator[AnswerStream]:
        """Ask, and give the answer as it comes: ``with model.stream("…") as stream``.

        Leaving the block stops the model. Takes and raises what ``ask`` does.
        """
        request = self.request(question, media=media, images=images, audio=audio)
        with waiting(self._home, partial(self._pump, request)) as events:
            yield AnswerStream(events)

    @asynccontextmanager
    async def stream_async(
        self, question: Question, *, media: object = (), images: object = (), audio: object = ()
    ) -> AsyncGenerator[AsyncAnswerStream, None]:
        """Ask on any event loop, and give the answer as it comes: ``async with model.stream_async("…") as stream``.

        Leaving the block stops the model. Takes and raises what ``ask`` does.
        """
        request = self.request(question, media=media, images=images, audio=audio)
        async with arriving(self._home, partial(self._pump, request)) as events:
            yield AsyncAnswerStream(events)

    def answering(self) -> Client:
        """Give the client that answers one question, and keeps its answer to a schema where there is one."""
        return ShapedClient(self.client or self._home.route(self.name, cache=self.cache))

    async def answerer(self) -> tuple[Client, str]:
        """Give the client that answers one question, and what a request to it calls the model.

        Raises:
            SetupError: It has no model and none is named.
        """
        client = self.answering()
        return client, self._asked_name() or await _default_name(client)

    async def named(self, request: Request, client: Client) -> Request:
        """Give the request with the name of the client's own default model where it names none."""
        if request.model:
            return request
        return request.model_copy(update={"model": await _default_name(client)})

    @property
    def response_schema(self) -> dict[str, Any] | None:
        """The JSON schema that answers have to fit, if any."""
        return self.schema.schema if isinstance(self.schema, Parser) else self.schema

    @property
    def _home(self) -> Home:
        return self.home or default_home()

    def _asked_name(self) -> str:
        if self.client is None:
            return self._home.route(self.name, cache=self.cache).model
        known = self.client.models[:1]
        return self.name.removeprefix(f"{self.client.provider}/") or (known[0] if known else "")

    async def _complete(self, request: Request) -> Response:
        client = self.answering()
        return await client.complete(await self.named(request, client))

    async def _pump(self, request: Request, emit: Callable[[Event], None]) -> None:
        client = self.answering()
        async with aclosing(client.stream(await self.named(request, client))) as events:
            async for event in events:
                emit(event)


async def _default_name(client: Client) -> str:
    models = client.models or await client.list_models()
    if not models:
        raise SetupError(f"{client.provider} has no model; name one: Model('…', client=…)")
    return models[0]


def user_message(said: str | UserMessage, *, media: object = ()) -> UserMessage:
    """Make a person's message of words, pictures and sounds.

    Raises:
        SetupError: A picture or a sound cannot be read.
    """
    return _with_parts(said, _parts(media, (), ()))


def _with_parts(said: str | UserMessage, parts: tuple[UserPart, ...]) -> UserMessage:
    words = (TextPart(text=said),) if isinstance(said, str) else said.parts
    return UserMessage(parts=(*parts, *words))


def _parts(media: object, images: object, audio: object) -> tuple[UserPart, ...]:
    return (
        *map(media_part, _several(media)),
        *map(image_part, _several(images)),
        *map(audio_part, _several(audio)),
    )


def _several(given: object) -> Sequence[object]:
    """Take one thing for a list of one."""
    return given if isinstance(given, list | tuple) else [given]


def listed(tools: Any, *, names: bool = False) -> tuple[Any, ...]:
    """Give tools as a tuple.

    Args:
        tools: What was given for a list of tools.
        names: Whether a name will do.

    Raises:
        SetupError: One of them is no tool, or it is one tool that is not in a list.
    """
    if isinstance(tools, str) or not isinstance(tools, Iterable):
        raise SetupError("tools are a list, also where there is only one: write tools=[…]")
    given = tuple(tools)
    for tool in given:
        is_one = isinstance(tool, ToolSpec) or hasattr(tool, "spec") or (names and isinstance(tool, str))
        if not is_one:
            name = getattr(tool, "__name__", None) or repr(tool)
            raise SetupError(
                f"{name} is no tool; make it a function with a docstring, and put @conduit.tool above it"
            )
    return given


def _messages(
    question: str | UserMessage | Conversation, parts: tuple[UserPart, ...], *, system: str
) -> tuple[Message, ...]:
    if not isinstance(question, Conversation):
        question = Conversation().add(_with_parts(question, parts))
    talk = question
    if talk.open_calls or not isinstance(talk.tail, UserMessage | ToolMessage):
        raise ConversationError(
            "the conversation does not end with a question; add a user's message, or every tool's result"
        )
    told = isinstance(talk.messages[0], SystemMessage) if talk.tip else False
    return talk.messages if told or not system else (SystemMessage(content=system), *talk.messages)
