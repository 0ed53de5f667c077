"""Who is answered: who asks this machine by its own name, from no foreign page, and knows the token."""

from __future__ import annotations

import hmac
import re
from collections.abc import Awaitable, Callable

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from conduit.errors import ConduitError
from conduit.server.replies import plain, refusal

__all__ = ["Endpoint", "guard"]

HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})

Endpoint = Callable[[Request], Awaitable[Response]]


def guard(token: str | None) -> Callable[[Endpoint], Endpoint]:
    """Make what stands before an endpoint; without a token, whoever is on this machine is let through.

    An error of Conduit that an endpoint raises is its answer.
    """

    def guarded(endpoint: Endpoint) -> Endpoint:
        async def answer(asked: Request) -> Response:
            host = asked.headers.get("host", "")
            if _name(host) not in HOSTS:
                return plain(421, f"this server does not answer for the host {host!r}")
            origin = asked.headers.get("origin")
            if origin is not None and _name(origin.partition("://")[2]) not in HOSTS:
                return plain(403, "pages of other origins are not answered")
            given = asked.headers.get("authorization", "").removeprefix("Bearer ")
            if token is not None and not hmac.compare_digest(given.encode(), token.encode()):
                return plain(401, "the token is missing or wrong; it is the one of this server's machine")
            try:
                return await endpoint(asked)
            except ConduitError as error:
                return refusal(error)
            except ClientDisconnect:  # nobody is there to be answered
                return plain(400, "the question was not sent to its end")

        return answer

    return guarded


def _name(address: str) -> str:
    """Give the host's name of ``host:port``."""
    return re.sub(r":\d{1,5}$", "", address).lower()
