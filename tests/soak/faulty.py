"""A server that speaks three protocols and fails at random; a process of its own, so that its memory is its own."""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))
from servers import streams
from servers.fault import FaultServer, Reply

CALL = ("set_tempo", '{"bpm":128}')
WIRES = {
    "/v1/chat/completions": (streams.openai_stream, streams.openai_answer, Reply.sse),
    "/v1/messages": (streams.anthropic_stream, streams.anthropic_answer, Reply.sse),
    "/api/chat": (streams.ollama_stream, streams.ollama_answer, Reply.ndjson),
}
SHOWN = {"capabilities": ["completion", "tools"], "model_info": {}}
ERRORS = [
    (429, {"retry-after": "1"}),
    (500, {}),
    (529, {}),
    (401, {}),
    (400, {}),
]


def answers(chance: random.Random):
    """Make what answers a request, well or badly."""

    def answer(asked):
        if asked.path not in WIRES:
            return Reply.json(SHOWN if asked.path == "/api/show" else {"data": [{"id": "m"}]})
        stream, whole, framed = WIRES[asked.path]
        facts = {"tool": CALL} if chance.random() < 0.4 else {}
        streaming = json.loads(asked.body).get("stream", asked.path == "/api/chat")
        good = (
            framed(stream("A bass line. " * 20, pieces=20, **facts))
            if streaming
            else Reply(body=whole("Yes.", **facts))
        )
        return bad(good) if chance.random() < 0.35 else good

    def bad(good):
        kind = chance.choice(["error", "garbage", "cut", "cut", "stall", "slow"])
        if kind == "error":
            status, headers = chance.choice(ERRORS)
            return Reply(status=status, headers=headers, body=b'{"error": {"message": "no", "type": "x"}}')
        if kind == "garbage":
            return Reply(headers=good.headers, body=b"\xff{garbage}\n\n" * 9)
        if kind == "slow":
            return Reply(headers=good.headers, body=good.body, chunks=good.chunks, delay_s=0.02)
        after = chance.randrange(len(good.body))
        then = "stall" if kind == "stall" else chance.choice(["end", "close", "reset"])
        return Reply(headers=good.headers, body=good.body, chunks=256, cut_after=after, then=then)

    return answer


if __name__ == "__main__":
    with FaultServer(answer=answers(random.Random(int(sys.argv[1])))) as server:
        sys.stdout.write(server.url + "\n")
        sys.stdout.flush()
        sys.stdin.read()
