"""A real small model behind a real llama.cpp server, with the vendors' own SDKs as a second opinion.

Asserted is form, never taste: a model of 135 million parameters writes what it likes.
"""

import asyncio
import json
from contextlib import aclosing

import anthropic
import openai
import pytest
from servers.llamacpp import llama_server

from conduit.clients.connect import anthropic_client, connect, openai_client
from conduit.clients.presets import custom
from conduit.errors import ContextTooLong, ErrorKind, ProviderError, SetupError
from conduit.messages import (
    AssistantMessage,
    GenerationParams,
    MessageEnd,
    Request,
    StopReason,
    SystemMessage,
    TextDelta,
    TextPart,
    UserMessage,
)
from conduit.studio import Question, Studio, options

pytestmark = pytest.mark.slow

TALK = (
    SystemMessage(content="You answer in a few words."),
    UserMessage.of("Name a drum."),
    AssistantMessage(parts=(TextPart(text="The snare."),)),
    UserMessage.of("Name another."),
)
PLAIN = [
    {"role": "system", "content": "You answer in a few words."},
    {"role": "user", "content": "Name a drum."},
    {"role": "assistant", "content": "The snare."},
    {"role": "user", "content": "Name another."},
]
ASKED = Request(model="smollm2", messages=TALK, params=GenerationParams(temperature=0, max_tokens=16, seed=1))
CLIENTS = {
    "openai": lambda url, **facts: openai_client("llamacpp", base_url=f"{url}/v1", **facts),
    "anthropic": lambda url, **facts: anthropic_client("llamacpp", base_url=url, **facts),
}


@pytest.fixture(params=list(CLIENTS))
def protocol(request):
    return request.param


def run(work, client):
    async def inner():
        try:
            return await work(client)
        finally:
            await client.close()

    return asyncio.run(inner())


async def streamed(client):
    async with aclosing(client.stream(ASKED)) as events:
        return [event async for event in events]


def official(protocol, url):
    """Give the answer, its tokens and its reason as the vendor's own SDK has them."""
    if protocol == "openai":
        with openai.OpenAI(base_url=f"{url}/v1", api_key="x") as sdk:
            answer = sdk.chat.completions.create(
                model="smollm2", messages=PLAIN, temperature=0, max_tokens=16, seed=1
            )
        return answer.choices[0].message.content, answer.usage.prompt_tokens, answer.usage.completion_tokens
    with anthropic.Anthropic(base_url=url, api_key="x") as sdk:
        answer = sdk.messages.create(
            model="smollm2",
            system=PLAIN[0]["content"],
            messages=PLAIN[1:],
            max_tokens=16,
            extra_body={"temperature": 0, "seed": 1},
        )
    usage = answer.usage
    n_in = usage.input_tokens + (usage.cache_read_input_tokens or 0)
    return answer.content[0].text, n_in, usage.output_tokens


def test_the_answer_is_the_one_the_vendors_sdk_gets(llamacpp, protocol):
    response = run(lambda client: client.complete(ASKED), CLIENTS[protocol](llamacpp))
    text, n_in, n_out = official(protocol, llamacpp)

    usage = response.metadata.usage
    assert response.message.text == text
    assert (usage.input_tokens, usage.output_tokens) == (n_in, n_out)
    assert response.metadata.model == "smollm2"


def test_a_stream_gives_the_same_answer_and_ends_once(llamacpp, protocol):
    events = run(streamed, CLIENTS[protocol](llamacpp))
    whole = run(lambda client: client.complete(ASKED), CLIENTS[protocol](llamacpp))

    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == whole.message.text
    assert [isinstance(event, MessageEnd) for event in events].count(True) == 1
    assert events[-1].response.metadata.stop_reason == whole.metadata.stop_reason
    assert events[-1].response.metadata.usage.output_tokens == whole.metadata.usage.output_tokens


def test_an_answer_that_reaches_its_limit_says_so(llamacpp, protocol):
    long = ASKED.model_copy(update={"params": GenerationParams(max_tokens=3, temperature=0)})

    response = run(lambda client: client.complete(long), CLIENTS[protocol](llamacpp))

    assert response.metadata.stop_reason is StopReason.LENGTH


def test_a_prompt_that_is_too_long_is_told_with_both_lengths(llamacpp, protocol):
    long = ASKED.model_copy(update={"messages": (UserMessage.of("la " * 12_000),)})

    with pytest.raises(ContextTooLong) as caught:
        run(lambda client: client.complete(long), CLIENTS[protocol](llamacpp))

    assert caught.value.max_tokens == 4096
    assert caught.value.actual_tokens > 12_000


def test_a_wrong_key_is_an_authentication_error_that_does_not_show_it(protocol):
    with llama_server(api_key="sk-right-key-0123456789") as url:
        good = run(lambda c: c.complete(ASKED), CLIENTS[protocol](url, api_key="sk-right-key-0123456789"))
        with pytest.raises(ProviderError) as caught:
            run(lambda c: c.complete(ASKED), CLIENTS[protocol](url, api_key="sk-wrong-key-0123456789"))

    assert good.message.text
    assert caught.value.kind == ErrorKind.AUTHENTICATION
    assert "sk-" not in caught.value.to_json()


def test_the_openai_schema_is_kept_to(llamacpp):
    schema = {
        "type": "object",
        "properties": {"drum": {"enum": ["kick", "snare"]}, "velocity": {"type": "integer", "maximum": 127}},
        "required": ["drum", "velocity"],
        "additionalProperties": False,
    }
    asked = ASKED.model_copy(update={"response_schema": schema, "params": GenerationParams(max_tokens=60)})

    response = run(lambda client: client.complete(asked), CLIENTS["openai"](llamacpp))

    found = json.loads(response.message.text)
    assert found["drum"] in {"kick", "snare"}
    assert isinstance(found["velocity"], int)


@pytest.fixture(scope="module")
def studio(llamacpp):
    made = Studio(clients=[connect(custom("llamacpp", f"{llamacpp}/v1"))])
    yield made
    made.close()


def test_a_model_that_the_server_does_not_have_is_never_asked(studio):
    question = Question("bass", model="llamacpp/gpt-9")

    with pytest.raises(SetupError, match="llamacpp has no model 'gpt-9'; it has smollm2"):
        studio.call(studio.ask(question, emit=lambda _: None))


PROMPTS = [
    ("acid bass in A minor", {}),
    ("house drums", {}),
    ("a dreamy pad in D dorian", {}),
    ("a walking bass in F major", {"bars": 2}),
    ("techno kick and hats", {"bars": 1}),
    ("sad piano chords", {"key": "C minor"}),
    ("a lead melody for trance", {"key": "E minor", "bpm": 138}),
    ("dub bass line", {"key": "F# minor"}),
    ("an arpeggio in G major", {}),
    ("breakbeat", {"bpm": 170}),
    ("waltz chords", {"meter": "3/4"}),
    ("7/8 drums", {"meter": "7/8"}),
    ("minimal bass", {"bars": 1, "key": "B minor"}),
    ("hiphop drums at 90 bpm", {}),
    ("ambient pad in E lydian", {}),
    ("disco octave bass", {"key": "D minor"}),
    ("gibberish xyzzy plugh", {}),
    ("ein Basslauf in a-Moll", {}),
    ("a short melody", {"bars": 1}),
    ("offbeat stabs in C minor", {"bars": 2}),
]


@pytest.mark.timeout(240)
@pytest.mark.parametrize(("words", "wanted"), PROMPTS, ids=lambda value: str(value)[:24])
def test_a_cell_gets_a_valid_clip_by_schema(studio, words, wanted):
    question = Question(words, options=options(**wanted), model="llamacpp/smollm2", mode="generate", new=True)
    events = []

    answer = studio.call(studio.ask(question, emit=events.append))

    clip = answer.clip
    assert len(clip) >= 2
    assert all(note.start < clip.length for note in clip.notes)
    assert (
        clip.key is None
        or clip.is_drums
        or all(note.pitch % 12 in clip.key.pitch_classes for note in clip.notes)
    )
    for name, value in wanted.items():
        found = getattr(clip, name)
        assert value in {found, str(found)}
    assert (answer.provider, answer.model) == ("llamacpp", "smollm2")
