from __future__ import annotations

import asyncio

import pytest

from conduit.live import start_simulated


@pytest.fixture
def live():
    """Run a journey, an async function of a link and its simulated Live, on real UDP and free ports."""

    def run(journey, **options):
        async def there_and_back():
            link, simulator = await start_simulated(**options)
            async with link, simulator:
                return await journey(link, simulator)

        return asyncio.run(there_and_back())

    return run
