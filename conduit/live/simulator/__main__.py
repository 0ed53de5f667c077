"""Run a simulated Live set in the foreground: ``python -m conduit.live.simulator``."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence

from conduit.errors import LinkError
from conduit.live.simulator.server import Simulator

__all__ = ["main"]


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m conduit.live.simulator",
        description="A simulated Ableton Live set that speaks AbletonOSC over UDP, until Ctrl-C.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=11000, help="port to listen on, 0 for any free one")
    parser.add_argument("--reply-port", type=int, default=11001, help="port that answers go to")
    parser.add_argument(
        "--tick", type=float, default=0.1, metavar="SECONDS", help="time between two looks, as Live's 0.1"
    )
    return parser.parse_args(argv)


async def _run(options: argparse.Namespace) -> None:
    simulator = Simulator(
        host=options.host, port=options.port, reply_port=options.reply_port, tick_s=options.tick
    )
    async with simulator:
        sys.stdout.write(
            f"Simulated Live listens on {simulator.host}:{simulator.port} and answers to port "
            f"{simulator.reply_port}; Ctrl-C ends it.\n"
        )
        sys.stdout.flush()
        await asyncio.Event().wait()


def main(argv: Sequence[str] | None = None) -> int:
    """Run until interrupted; give the exit status: 1 when the port is taken."""
    try:
        asyncio.run(_run(_options(argv)))
    except KeyboardInterrupt:
        return 0
    except LinkError as error:
        sys.stderr.write(f"{error.message}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
