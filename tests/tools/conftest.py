"""Calls tools as a model does: by name, with JSON, through a Toolbox."""

import asyncio
import json

import pytest

from conduit.engine.plans import Plans
from conduit.engine.tool import Toolbox
from conduit.messages import ToolCallPart


@pytest.fixture
def call():
    """Give the text of a call's result, ``refused: `` before it where it is an error."""

    def made(tools, called, /, **arguments):
        box = Toolbox(tools, plans=Plans(clock=lambda: 0.0))
        result = asyncio.run(
            box.execute(ToolCallPart(id="1", name=called, arguments=json.dumps(arguments)))
        ).result
        return f"{'refused: ' * result.is_error}{result.text}"

    return made
