import asyncio
import gc
import socket
import warnings
from contextlib import contextmanager, suppress

import httpx2
import pytest
from servers.fault import FaultServer, Reply

from conduit.clients.connect import ollama_client
from conduit.clients.network import closing_at_once
from conduit.clients.remote import RemoteClient
from conduit.errors import ProviderError

N_KEPT = 4
TOKEN = "a-token-of-this-test"  # noqa: S105  of a server that lives for one test


class Proxied:
    """A bare client that asks through a proxy."""

    def __init__(self, proxy):
        self._http = closing_at_once(httpx2.AsyncClient(proxy=proxy))

    async def list_models(self):
        await self._http.get("http://models.test/v1/models")

    async def close(self):
        await self._http.aclose()


CLIENTS = {
    "ollama": lambda url: ollama_client(base_url=url),
    "conduit": lambda url: RemoteClient(base_url=url, token=TOKEN),
    "proxied": Proxied,
}


@contextmanager
def nothing_unclosed():
    """Fail where a socket became garbage without having been closed."""
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always", ResourceWarning)
        yield
        gc.collect()
    assert [str(one.message) for one in seen] == []


async def cancel(task):
    task.cancel()
    with suppress(asyncio.CancelledError, ProviderError, httpx2.HTTPError):
        await task


@pytest.mark.parametrize("steps", range(8))
@pytest.mark.parametrize("make", CLIENTS.values(), ids=CLIENTS)
def test_a_call_cancelled_at_any_step_leaves_no_connection_of_a_server_that_went_open(make, steps):
    async def call():
        with FaultServer(answer=lambda _: Reply.json({"models": [], "data": []})) as server:
            client = make(server.url)
            await asyncio.gather(*(client.list_models() for _ in range(N_KEPT)))
            assert server.opened.count == N_KEPT
        task = asyncio.ensure_future(client.list_models())
        for _ in range(steps):
            await asyncio.sleep(0)
        await cancel(task)
        await client.close()

    with nothing_unclosed():
        asyncio.run(call())


def test_a_handshake_that_is_cancelled_closes_its_connection():
    async def call(listener):
        loop = asyncio.get_running_loop()
        client = RemoteClient(base_url=f"https://127.0.0.1:{listener.getsockname()[1]}", token=TOKEN)
        task = asyncio.ensure_future(client.list_models())
        there, _ = await loop.sock_accept(listener)
        with there:
            there.settimeout(0)
            assert await loop.sock_recv(there, 3) == b"\x16\x03\x01"  # RFC 8446, 5.1: a handshake
            await cancel(task)
            with suppress(ConnectionResetError):
                while await loop.sock_recv(there, 4096):
                    pass
        await client.close()

    with nothing_unclosed(), socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        asyncio.run(asyncio.wait_for(call(listener), 10))
