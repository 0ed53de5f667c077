"""One answer for all who ask the same at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from conduit.errors import LinkError
from conduit.live.osc import Value

__all__ = ["Sharing"]

_Values = tuple[Value, ...]


class Sharing:
    """The questions that are asked on one link and not answered yet.

    An answer that has not come is as fresh as that to a question sent now: messages keep their order.
    """

    def __init__(self) -> None:
        self._asked: dict[str, asyncio.Future[_Values | LinkError | None]] = {}

    async def asked(self, question: str, ask: Callable[[], Coroutine[Any, Any, _Values]]) -> _Values:
        """Give the answer to a question, asked here unless another waits for it already.

        Raises:
            LinkError: As ``ask`` raises it.
        """
        while question in self._asked:
            found = await asyncio.shield(self._asked[question])
            if isinstance(found, LinkError):
                raise LinkError(found.message, kind=found.kind, address=found.address)
            if found is not None:
                return found  # otherwise the one who asked gave up
        future = self._asked[question] = asyncio.get_running_loop().create_future()
        try:
            answer = await ask()
        except LinkError as error:
            future.set_result(error)
            raise
        else:
            future.set_result(answer)
            return answer
        finally:
            del self._asked[question]
            if not future.done():
                future.set_result(None)
