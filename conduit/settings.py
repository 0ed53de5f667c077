"""What can be set from outside, read in one place: an argument, then the environment, then the default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from conduit.errors import SetupError

__all__ = ["Settings"]


@dataclass(frozen=True, slots=True)
class Settings:
    """How a studio behaves.

    Attributes:
        live: ``auto`` looks for Live and falls back on a simulated set; ``simulated`` never looks.
        live_host: Where AbletonOSC listens.
        live_port: The UDP port it listens on.
        live_reply_port: The UDP port it answers to.
        stream: Whether cells show an answer while it is being written.
    """

    live: str = "auto"
    live_host: str = "127.0.0.1"
    live_port: int = 11000
    live_reply_port: int = 11001
    stream: bool = True

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """Read ``CONDUIT_LIVE``, ``CONDUIT_LIVE_HOST``, ``_PORT``, ``_REPLY_PORT`` and ``CONDUIT_STREAM``.

        Raises:
            SetupError: One of them has a value that cannot be.
        """
        default = cls()
        live = environ.get("CONDUIT_LIVE", default.live)
        if live not in _LIVE:
            raise SetupError(f"CONDUIT_LIVE is {live!r}; it can be {' or '.join(_LIVE)}", valid=list(_LIVE))
        return cls(
            live=live,
            live_host=environ.get("CONDUIT_LIVE_HOST", default.live_host),
            live_port=_port(environ, "CONDUIT_LIVE_PORT", default.live_port),
            live_reply_port=_port(environ, "CONDUIT_LIVE_REPLY_PORT", default.live_reply_port),
            stream=environ.get("CONDUIT_STREAM", "1") != "0",
        )


_LIVE = ("auto", "simulated")


def _port(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name, str(default))
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise SetupError(f"{name} is {text!r}; a port is a number from 1 to 65535")
    return int(text)
