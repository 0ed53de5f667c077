"""Who makes an answer fit a schema is told, so that the others are asked for it in another way."""

import asyncio

import pytest

from conduit.clients.connect import connect
from conduit.clients.presets import PRESETS, custom


@pytest.mark.parametrize(
    ("preset", "model", "schema", "tools"),
    [
        (PRESETS["openai"], "gpt-6.1-terra", True, True),
        (PRESETS["gemini"], "gemini-flash-latest", True, True),
        (PRESETS["perplexity"], "sonar", True, False),
        (PRESETS["openrouter"], "openrouter/auto", False, True),
        (PRESETS["anthropic"], "claude-sonnet-5-5", True, True),
        (PRESETS["anthropic"], "claude-3-5-haiku-latest", False, True),
        (PRESETS["conduit"], "", True, True),
        (custom("mine", "https://example.com/v1"), "any", False, True),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_a_cloud_says_without_being_asked_what_it_takes(preset, model, schema, tools):
    can = asyncio.run(connect(preset, api_key="k").capabilities(model))

    assert (can.schema, can.tools) == (schema, tools)
