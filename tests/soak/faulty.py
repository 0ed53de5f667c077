"""Servers of three protocols that fail at random and go away at times; in a process of their own.

Run ``python tests/soak/faulty.py SEED``: it prints their addresses as JSON and serves until its input ends.
"""

import json
import random
import select
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))
from servers import streams
from servers.fault import FaultServer, Reply

TEXT = "Here is a bass line, in A minor. " * 8
CALL = ("set_tempo", '{"bpm":128}')
WIRES = {
    "openai": (streams.openai_stream, streams.openai_answer, Reply.sse),
    "anthropic": (streams.anthropic_stream, streams.anthropic_answer, Reply.sse),
    "ollama": (streams.ollama_stream, streams.ollama_answer, Reply.ndjson),
}
"""How each protocol streams, answers in one piece, and frames a stream."""

BEHIND = "behind"
"""The server that the Conduit server asks; it speaks OpenAI's protocol."""

ERRORS = [(429, {"retry-after": "1"}), (429, {}), (500, {}), (529, {}), (503, {})]
GARBAGE = [
    b"<html>hello</html>",
    b"\xff\xfe\x00\n\n",
    b'data: {"choices": 5}\n\n',
    b"event: message_start\ndata: []\n\n",
    b"{}\n[1]\n",
    b"{" * 3000,
]
FAULTS = {"clean": 30, "slow": 2, "error": 3, "garbage": 2, "cut": 4, "stall": 2, "mute": 1}
"""What a question gets, by how often; ``clean`` is most."""

STAY_S, AWAY_S = (0.5, 2.0), (0.05, 0.3)
"""Seconds between two servers' going away, and until one is back."""


def answering(wire, chance):
    """Make what answers a question, well or badly."""
    stream, whole, framed = WIRES[wire]

    def answer(asked):
        if asked.path == "/api/show":
            return Reply.json({"capabilities": ["completion", "tools"], "model_info": {}})
        question = json.loads(asked.body)
        facts = {"tool": CALL} if question.get("tools") and chance.random() < 0.7 else {}
        good = (
            framed(stream(TEXT, pieces=12, **facts))
            if question.get("stream")
            else Reply(body=whole(TEXT, **facts))
        )
        (kind,) = chance.choices(list(FAULTS), FAULTS.values())
        return spoilt(good, kind, chance)

    return answer


def spoilt(good, kind, chance):
    """Make of a good reply one that goes wrong in some way."""
    after = chance.randrange(len(good.body))
    match kind:
        case "slow":
            facts = {"delay_s": chance.uniform(0.02, 0.1)}
        case "error":
            status, headers = chance.choice(ERRORS)
            body = b'{"error":{"message":"no","type":"x"}}'
            facts = {"status": status, "headers": headers, "body": body, "chunks": None}
        case "garbage":
            facts = {"body": chance.choice(GARBAGE)}
        case "cut":
            facts = {"cut_after": after, "then": chance.choice(["end", "close", "reset"])}
        case "stall":
            facts = {"cut_after": after, "then": "stall"}
        case "mute":
            facts = {"status": None, "then": chance.choice(["close", "reset", "stall"])}
        case _:
            facts = {}
    return replace(good, **facts)


def serve(chance):
    """Serve, and let a server go away now and then, until the input ends."""
    servers = {
        name: FaultServer(answer=answering(wire, random.Random(chance.random())))
        for name, wire in {**{wire: wire for wire in WIRES}, BEHIND: "openai"}.items()
    }
    with ExitStack() as stack:
        for server in servers.values():
            stack.enter_context(server)
        sys.stdout.write(json.dumps({name: server.url for name, server in servers.items()}) + "\n")
        sys.stdout.flush()
        while not select.select([sys.stdin], [], [], chance.uniform(*STAY_S))[0]:
            leave_and_come_back(chance.choice(list(servers.values())), chance)


def leave_and_come_back(server, chance):
    """Kill a server; another comes to its address."""
    server.__exit__(None, None, None)
    server.requests.clear()  # nobody reads them, and an hour has many
    while True:
        time.sleep(chance.uniform(*AWAY_S))
        try:
            server.__enter__()
        except OSError:  # a connection got the free port; it does not last
            continue
        return


if __name__ == "__main__":
    serve(random.Random(int(sys.argv[1])))
