"""A client that answers by what it is asked, and can be held up."""

import asyncio
import threading

from conduit.clients import Capabilities, Place
from conduit.errors import ConduitError
from conduit.messages import AssistantMessage, Response, ResponseMetadata, StopReason, TextPart, Usage


def echo(prompt):
    return f"heard: {prompt}"


class EchoClient:
    """Answers each request with what a function makes of its last words; an error is raised.

    Attributes:
        asked: What it was asked, in order.
        open: How many requests are under way, and the most there ever were.
        gate: Where it waits before it answers; then it takes some turns of the loop, by chance where there is one.
        all_open: Set when as many as ``full`` are under way.
    """

    provider, place, models, streams_tool_arguments = "echo", Place.LOCAL, ("m",), True

    def __init__(self, say=echo, *, gated=False, full=0, turns=1, chance=None):
        self.asked = []
        self.n_open = self.most_open = 0
        self._say = say
        self._gated = gated
        self.gate = asyncio.Event()
        self.all_open = threading.Event()
        self._full = full
        self._turns, self._chance = turns, chance

    async def list_models(self):
        return self.models

    async def capabilities(self, _model):
        return Capabilities(schema=True)

    async def complete(self, request):
        prompt = request.messages[-1].text
        self.asked.append(prompt)
        self.n_open += 1
        self.most_open = max(self.most_open, self.n_open)
        if self.n_open == self._full:
            self.all_open.set()
        try:
            if self._gated:
                await self.gate.wait()
            for _ in range(self._chance.randrange(self._turns) if self._chance else self._turns):
                await asyncio.sleep(0)
            said = self._say(prompt)
        finally:
            self.n_open -= 1
        if isinstance(said, ConduitError):
            raise said
        usage = Usage(input_tokens=1, output_tokens=2)
        facts = ResponseMetadata(
            provider=self.provider, model=request.model, stop_reason=StopReason.STOP, usage=usage
        )
        return Response(
            request=request, message=AssistantMessage(parts=(TextPart(text=said),)), metadata=facts
        )

    async def close(self):
        pass
