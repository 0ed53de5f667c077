"""A real llama.cpp server with a small real model: OpenAI's and Anthropic's APIs on loopback.

It runs in a process of its own, so that one test can end it without ending the others, and ends when the tests do.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from threading import Timer
from typing import TextIO

N_PARALLEL = 2
START_S = 60.0


@contextmanager
def llama_server(*, n_ctx: int = 4096, api_key: str | None = None, alias: str = "smollm2") -> Iterator[str]:
    """Start a server and give its address, ``http://127.0.0.1:PORT``.

    Args:
        n_ctx: Tokens that one request may take, prompt and answer together; two requests run at once.
        api_key: The key it asks for; none where it is not given.
        alias: What the model is called.
    """
    from servers.model import model  # noqa: PLC0415  the server's own process does not know this folder

    options = {"n_ctx": n_ctx, "api_key": api_key, "alias": alias, "model": str(model())}
    # Threads that spin while they wait take the processor from those that work, on a busy machine tenfold.
    environ = {**os.environ, "OMP_WAIT_POLICY": "passive"}
    command = [sys.executable, str(Path(__file__).resolve()), json.dumps(options)]
    with (
        TemporaryFile("w+") as log,
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, env=environ
        ) as server,
    ):
        try:
            yield _ready(server, log)
        finally:
            server.kill()


def _ready(server: subprocess.Popen[str], log: TextIO) -> str:
    assert server.stdout
    timer = Timer(START_S, server.kill)
    timer.start()
    line = server.stdout.readline()
    timer.cancel()
    if not line.startswith("READY "):
        server.kill()
        server.wait()
        log.seek(0)
        raise RuntimeError(f"the llama.cpp server did not start within {START_S:g} s: {log.read()[-2000:]}")
    return line.removeprefix("READY ").strip()


def _serve(*, n_ctx: int, api_key: str | None, alias: str, model: str) -> None:
    import xllamacpp  # noqa: PLC0415  only the server's own process

    params = xllamacpp.CommonParams()
    params.model.path = model
    params.model_alias = {alias}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [api_key] if api_key else []
    # The places share the context between them.
    params.n_parallel = N_PARALLEL
    params.n_ctx = n_ctx * N_PARALLEL
    params.warmup = params.ui = False
    params.cpuparams.n_threads = 2
    server = xllamacpp.Server(params)
    sys.stdout.write(f"READY {server.listening_address}\n")
    sys.stdout.flush()
    # The end of the input is the end of the tests, however they ended.
    sys.stdin.read()


if __name__ == "__main__":
    _serve(**json.loads(sys.argv[1]))
