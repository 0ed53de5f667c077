import pytest

from conduit.messages import (
    GenerationParams,
    ImagePart,
    Request,
    SystemMessage,
    TextPart,
    ToolSpec,
    UserMessage,
    media_part,
)

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 8
WAV = b"RIFF\x00\x00\x00\x00WAVEfmt "

REQUEST = Request(
    model="composer",
    messages=(
        SystemMessage(content="you compose"),
        UserMessage(parts=(TextPart(text="like this"), media_part(PNG), media_part(WAV))),
    ),
    params=GenerationParams(
        temperature=0.5,
        top_p=0.9,
        max_tokens=100,
        stop=("END",),
        seed=1,
        tool_choice="auto",
        reasoning="low",
        extra={"top_k": 40},
    ),
    tools=(ToolSpec(name="write_clip", description="writes", parameters={"type": "object"}),),
    response_schema={"type": "object"},
)

OTHER_PARAMS = {
    "temperature": 0.6,
    "top_p": 0.8,
    "max_tokens": 101,
    "stop": ("END", "STOP"),
    "seed": 2,
    "tool_choice": "none",
    "reasoning": "high",
    "extra": {"top_k": 41},
}
OTHER_FIELDS = {
    "model": "other",
    "messages": REQUEST.messages[1:],
    "params": GenerationParams(),
    "tools": (),
    "response_schema": None,
}
OTHER_TOOLS = {"name": "read_set", "description": "reads", "parameters": {"type": "array"}}
OTHER_PARTS = {
    "order of parts": (REQUEST.messages[1].parts[0], media_part(WAV), media_part(PNG)),
    "bytes of an image": (REQUEST.messages[1].parts[0], media_part(PNG + b"x"), media_part(WAV)),
    "bytes of a sound": (REQUEST.messages[1].parts[0], media_part(PNG), media_part(WAV + b"x")),
    "media type": (
        REQUEST.messages[1].parts[0],
        ImagePart(media_type="image/gif", data=PNG),
        media_part(WAV),
    ),
    "one attachment less": REQUEST.messages[1].parts[:2],
}
CHANGES = {
    **{name: {name: value} for name, value in OTHER_FIELDS.items()},
    **{
        f"params.{name}": {"params": REQUEST.params.model_copy(update={name: value})}
        for name, value in OTHER_PARAMS.items()
    },
    **{
        f"tools.{name}": {"tools": (REQUEST.tools[0].model_copy(update={name: value}),)}
        for name, value in OTHER_TOOLS.items()
    },
    **{
        f"attachments: {name}": {"messages": (REQUEST.messages[0], UserMessage(parts=parts))}
        for name, parts in OTHER_PARTS.items()
    },
}


def test_a_requests_hash_never_changes():
    # Kept answers are found by it: another value here loses every answer that anybody has kept.
    assert REQUEST.hash == "b2:3eee7373c9ffa80b3dd5023945f26ed3"


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_request_that_differs_anywhere_has_another_hash(change):
    assert REQUEST.model_copy(update=change).hash != REQUEST.hash


@pytest.mark.parametrize(
    ("model", "others"),
    [(Request, OTHER_FIELDS), (GenerationParams, OTHER_PARAMS), (ToolSpec, OTHER_TOOLS)],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_every_field_of_a_request_is_tried(model, others):
    assert set(others) == set(model.model_fields)
