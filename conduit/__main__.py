"""``python -m conduit``: clips from a shell, the server that another Conduit asks, and a look for Live."""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import sys
from collections.abc import Sequence
from importlib.metadata import version

from conduit.audio import render
from conduit.drawing import roll_text
from conduit.errors import ClipError, ConduitError
from conduit.live.diagnosis import diagnose
from conduit.server.http import PORT
from conduit.server.serve import start
from conduit.settings import Settings
from conduit.studio import Question, current, options

__all__ = ["main"]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m conduit", description="Make music from a shell.")
    parser.add_argument("--version", action="version", version=f"conduit {version('conduit-live')}")
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("compose", help="write a clip and show it")
    one.add_argument("text", help="what you want to hear")
    one.add_argument("-m", "--model", default="", help="provider/model, a provider, or auto")
    one.add_argument("--bars", type=float, help="length in bars")
    one.add_argument("--key", help="such as 'A minor'")
    one.add_argument("--bpm", type=float, help="tempo, 20-999")
    one.add_argument("--meter", "--metre", help="such as 7/8")
    one.add_argument("--genre", help="such as techno")
    one.add_argument("--seed", type=int, help="another seed, another take")
    one.add_argument("--out", metavar="FILE", help="write a MIDI file")
    one.add_argument("--wav", metavar="FILE", help="write a WAV file")
    one.set_defaults(run=_compose)
    two = commands.add_parser("serve", help="answer another Conduit over HTTP, on this machine")
    two.add_argument("--port", type=int, default=PORT, help=f"port to listen on, {PORT} by default")
    two.add_argument(
        "--tools",
        default="",
        metavar="NAMES",
        help="tools it may ask for by name, such as 'files,search'",
    )
    two.add_argument("--folder", help="the one folder whose files those tools may read")
    two.set_defaults(run=_serve)
    three = commands.add_parser("check", help="say whether Live answers, and what to do if it does not")
    three.add_argument("--host", help="where Live runs; by default as in the settings, as the ports")
    three.add_argument("--port", type=int, help="port AbletonOSC listens on")
    three.add_argument("--reply-port", type=int, help="port it answers to")
    three.set_defaults(run=_check)
    return parser


def _check(given: argparse.Namespace) -> int:
    settings = Settings.from_environment(os.environ)
    found = asyncio.run(
        diagnose(
            host=given.host or settings.live_host,
            port=given.port or settings.live_port,
            reply_port=settings.live_reply_port if given.reply_port is None else given.reply_port,
        )
    )
    about = f"conduit {version('conduit-live')}, Python {platform.python_version()}, {platform.platform()}"
    sys.stdout.write(f"{about}\nLive: {found}\n")
    return 0 if found.ok else 1


def _compose(given: argparse.Namespace) -> int:
    wanted = options(
        bars=given.bars,
        key=given.key,
        bpm=given.bpm,
        meter=given.meter,
        genre=given.genre,
        seed=given.seed,
    )
    studio = current()
    question = Question(given.text, options=wanted, model=given.model, mode="generate")
    answer = studio.call(studio.ask(question, emit=lambda _: None))
    if answer.clip is None:
        raise ClipError("the model asked for a change of the Live set instead of writing a clip")
    sys.stdout.write(f"{roll_text(answer.clip)}\n{answer.text}\n")
    for repair in answer.repairs:
        sys.stdout.write(f"{repair.sentence}\n")
    if given.out:
        sys.stdout.write(f"wrote {answer.clip.save(given.out)}\n")
    if given.wav:
        sys.stdout.write(f"wrote {render(answer.clip).save(given.wav)}\n")
    return 0


def _serve(given: argparse.Namespace) -> int:
    studio = current()
    names = [name.strip() for name in given.tools.split(",") if name.strip()]
    studio.tools.choose(names, folder=given.folder)
    server = studio.call(start(studio, port=given.port, token=studio.providers.token()))
    sys.stdout.write(
        f"Conduit answers at {server.url}; its token is in {studio.providers.token_file}\nStop it with Ctrl-C.\n"
    )
    sys.stdout.flush()
    try:
        studio.call(server.closed())
    except KeyboardInterrupt:
        studio.call(server.close())
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; give the exit status: 0, or 1 where it failed or ``check`` found no Live."""
    given = _parser().parse_args(arguments)
    try:
        return int(given.run(given))
    except ConduitError as error:
        sys.stderr.write(f"{error.message}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
