"""Run a simulated Live set in the foreground: ``python -m conduit.live.simulator``."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from conduit.errors import LinkError
from conduit.live.simulator.faults import Faults
from conduit.live.simulator.live_set import LiveSet
from conduit.live.simulator.saved import load, save
from conduit.live.simulator.server import Simulator

__all__ = ["main"]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m conduit.live.simulator",
        description="A simulated Ableton Live set that speaks AbletonOSC over UDP, until Ctrl-C.",
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    add("--port", type=int, default=11000, help="port to listen on, 0 for any free one")
    add("--reply-port", type=int, default=11001, help="port that answers go to")
    add("--tick", type=float, default=0.1, metavar="SECONDS", help="time between two looks, as Live's 0.1")
    add("--set", type=Path, metavar="FILE", help="the saved set to load; without it, Live's default set")
    add("--save", action="store_true", help="write the set back to --set on Ctrl-C; it need not be there yet")
    add("--version", type=int, default=12, choices=(11, 12), help="Live's version (default: %(default)s)")
    add(
        "--fork",
        action="store_true",
        help="be the fork of smithclay: 84 more addresses, answers to the sender",
    )
    add(
        "--reply-loss",
        type=float,
        default=0.0,
        metavar="SHARE",
        help="share of the answers that get lost, 0-1",
    )
    add(
        "--message-loss", type=float, default=0.0, metavar="SHARE", help="share of the messages that get lost"
    )
    add("--seed", type=int, default=0, help="which ones get lost; the same seed loses the same ones")
    add("--receive-buffer", type=int, default=0, metavar="BYTES", help="what the system keeps of what waits")
    add("--undo", default="per message", choices=("per message", "merged"), help="what a step of undo is")
    add("--reply-limit", type=int, default=65507, metavar="BYTES", help="largest answer; 9216 on macOS")
    add("--paused", action="store_true", help="read nothing, as while a dialog is open in Live")
    return parser


def _simulator(options: argparse.Namespace) -> Simulator:
    """Make what the options say.

    Raises:
        OSError: The set cannot be read.
        ValueError: An option is out of its range, or the file holds no set.
    """
    faults = Faults(
        tick_s=options.tick,
        paused=options.paused,
        reply_loss=options.reply_loss,
        message_loss=options.message_loss,
        seed=options.seed,
        receive_buffer=options.receive_buffer,
        undo=options.undo,
        reply_limit=options.reply_limit,
        version=options.version,
        fork=options.fork,
    )
    if options.save and options.set is None:
        raise ValueError("--save says where to with --set FILE")
    fresh = options.set is None or (options.save and not options.set.exists())
    return Simulator(
        LiveSet() if fresh else load(options.set),
        host=options.host,
        port=options.port,
        reply_port=options.reply_port,
        faults=faults,
    )


async def _run(simulator: Simulator) -> None:
    async with simulator:
        answers = "the port a message came from" if simulator.faults.fork else f"port {simulator.reply_port}"
        sys.stdout.write(
            f"Simulated Live listens on {simulator.host}:{simulator.port} and answers to {answers}; "
            "Ctrl-C ends it.\n"
        )
        sys.stdout.flush()
        await asyncio.Event().wait()


def main(argv: Sequence[str] | None = None) -> int:
    """Run until interrupted; give the exit status: 1 when it cannot run, such as on a port that is taken."""
    options = _parser().parse_args(argv)
    try:
        simulator = _simulator(options)
        try:
            asyncio.run(_run(simulator))
        except KeyboardInterrupt:
            if options.save:
                save(simulator.live_set, options.set)
    except (LinkError, OSError, ValueError) as error:
        sys.stderr.write(f"{error.message if isinstance(error, LinkError) else error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
