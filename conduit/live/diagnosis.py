"""Why Live does not answer: what was found, and what to do about it.

``diagnose`` looks, ``judged`` decides; it alone knows what follows from what, and it is pure.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from dataclasses import dataclass
from enum import StrEnum

from conduit.errors import LinkError
from conduit.live.holder import Holder, holder_of, live_process
from conduit.live.link import LiveLink
from conduit.live.osc import encode

__all__ = ["Diagnosis", "Facts", "Finding", "diagnose", "diagnose_link", "judged"]

_REFUSAL_S = 0.3


class Finding(StrEnum):
    """What stands between Conduit and Live, or that nothing does."""

    CONNECTED = "connected"
    SIMULATED = "simulated"
    NO_LIVE = "no_live"
    SCRIPT_MISSING = "script_missing"
    BUSY = "busy"
    PORT_TAKEN = "port_taken"
    WRONG_HOST = "wrong_host"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found.

    Attributes:
        kind: What it is.
        said: It in a sentence.
        remedy: What to do, in a sentence; empty where there is nothing to do.
    """

    kind: Finding
    said: str
    remedy: str = ""

    @property
    def ok(self) -> bool:
        """Whether something answers."""
        return self.kind in {Finding.CONNECTED, Finding.SIMULATED}

    def __str__(self) -> str:
        return f"{self.said} {self.remedy}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What was seen on the way to Live.

    Attributes:
        host: Where Live was sought.
        port: AbletonOSC's port there.
        reply_port: The port here where the answers arrive.
        is_here: Whether the host is this machine.
        trouble: Why the reply port could not be bound, or None.
        version: Live's version if it answered, or None.
        simulated: Whether a simulated set answered.
        fork: Whether the fork of AbletonOSC answered.
        refused: Whether the host's system said that nobody listens at the port.
        holder: Who holds the port that the trouble is about: the reply port, or else AbletonOSC's.
        live: Live's own process on this machine, or None.
    """

    host: str
    port: int
    reply_port: int
    is_here: bool = True
    trouble: LinkError | None = None
    version: str | None = None
    simulated: bool = False
    fork: bool = False
    refused: bool = False
    holder: Holder | None = None
    live: Holder | None = None


def judged(facts: Facts) -> Diagnosis:
    """Say what follows from what was seen.

    >>> judged(Facts(host="127.0.0.1", port=11000, reply_port=11001, refused=True)).kind.value
    'no_live'
    """
    if facts.trouble is not None:
        return _no_way(facts, facts.trouble)
    if facts.version is not None:
        return _answered(facts, facts.version)
    return _silent_here(facts) if facts.is_here else _silent_there(facts)


def _no_way(facts: Facts, trouble: LinkError) -> Diagnosis:
    if trouble.kind != "port_taken":
        return Diagnosis(
            Finding.WRONG_HOST, f"{facts.host!r} is no address that can be reached.", "Check the host."
        )
    who = facts.holder or "another program"
    remedy = facts.holder.remedy if facts.holder else "Quit it, or restart that notebook's kernel"
    return Diagnosis(
        Finding.PORT_TAKEN,
        f"UDP port {facts.reply_port}, where Live's answers arrive, is taken by {who}.",
        f"{remedy}.",
    )


def _answered(facts: Facts, version: str) -> Diagnosis:
    where = f"at {facts.host}:{facts.port}"
    if facts.simulated:
        return Diagnosis(Finding.SIMULATED, f"A simulated Live {version} answers {where}.")
    script = "the fork of AbletonOSC" if facts.fork else "AbletonOSC"
    return Diagnosis(Finding.CONNECTED, f"Ableton Live {version} answers {where}, through {script}.")


def _silent_here(facts: Facts) -> Diagnosis:
    holder = facts.holder
    if holder is not None and not (holder.is_live or holder.is_simulator or holder.is_me):
        return Diagnosis(
            Finding.PORT_TAKEN,
            f"UDP port {facts.port}, where AbletonOSC listens, is taken by {holder}.",
            f"{holder.remedy}, then start Live again.",
        )
    if not facts.refused and (holder is not None or facts.live is not None):
        return Diagnosis(
            Finding.BUSY,
            f"Somebody listens at UDP port {facts.port}, but answers nothing.",
            "Close every menu and dialog in Live, then try again: it answers nothing while one is open.",
        )
    if facts.live is not None:
        return Diagnosis(
            Finding.SCRIPT_MISSING,
            f"Ableton Live runs (pid {facts.live.pid}), but nobody listens at UDP port {facts.port}.",
            "Choose AbletonOSC as a control surface in Live's settings under Link, Tempo & MIDI. Where it is "
            "not in the list, put it into the folder Remote Scripts of Live's user library and start Live again.",
        )
    return Diagnosis(
        Finding.NO_LIVE,
        "Ableton Live does not run on this machine.",
        "Start it with AbletonOSC as a control surface; without it Conduit works on a simulated set.",
    )


def _silent_there(facts: Facts) -> Diagnosis:
    if facts.refused:
        return Diagnosis(
            Finding.NO_LIVE,
            f"The machine at {facts.host} is there, but nobody listens at its UDP port {facts.port}.",
            "Start Live there with AbletonOSC as a control surface.",
        )
    return Diagnosis(
        Finding.WRONG_HOST,
        f"Nothing at all comes back from {facts.host}.",
        f"Check the host, that no dialog is open in Live there, and that firewalls let UDP port {facts.port} "
        f"in there and UDP port {facts.reply_port} in here.",
    )


async def diagnose(
    *, host: str = "127.0.0.1", port: int = 11000, reply_port: int = 11001, timeout_s: float = 0.35
) -> Diagnosis:
    """Look for Live and say what is there, or what is in the way. Nothing is changed.

    Args:
        host: Where Live may run.
        port: The port AbletonOSC listens on.
        reply_port: The port it answers to, which must be free here.
        timeout_s: Seconds to wait for an answer before asking again; three times are enough.
    """
    facts = await _seen(host, port, reply_port, timeout_s)
    return judged(facts)


async def diagnose_link(link: LiveLink) -> Diagnosis:
    """Say what is at the other end of a link that is open; as ``diagnose``."""
    return judged(await _answers(link))


async def _seen(host: str, port: int, reply_port: int, timeout_s: float) -> Facts:
    link = LiveLink(host=host, port=port, reply_port=reply_port, timeout_s=timeout_s, busy_s=3 * timeout_s)
    try:
        await link.open()
    except LinkError as error:
        return await _taken(host, port, reply_port, error)
    async with link:
        return await _answers(link)


async def _answers(link: LiveLink) -> Facts:
    try:
        await link.ask("/live/test")
        version, simulated = await link.version(), await link.is_simulated()
        fork = await link.has_fork()
    except LinkError as error:
        if error.kind == "port_taken":  # an idle link had let go of it
            return await _taken(link.host, link.port, link.reply_port, error)
        return await _unanswered(link.host, link.port, link.reply_port)
    return Facts(
        host=link.host,
        port=link.port,
        reply_port=link.reply_port,
        version=version,
        simulated=simulated,
        fork=fork,
    )


async def _taken(host: str, port: int, reply_port: int, trouble: LinkError) -> Facts:
    holder = await asyncio.to_thread(holder_of, reply_port)
    return Facts(host=host, port=port, reply_port=reply_port, trouble=trouble, holder=holder)


async def _unanswered(host: str, port: int, reply_port: int) -> Facts:
    try:
        ip, refused = await _refusal(host, port)
    except OSError as error:  # no address, or no way there
        trouble = LinkError(str(error), kind="protocol")
        return Facts(host=host, port=port, reply_port=reply_port, trouble=trouble)
    here = ipaddress.ip_address(ip).is_loopback
    return Facts(
        host=host,
        port=port,
        reply_port=reply_port,
        is_here=here,
        refused=refused,
        holder=await asyncio.to_thread(holder_of, port) if here else None,
        live=await asyncio.to_thread(live_process) if here else None,
    )


class _Refusal(asyncio.DatagramProtocol):
    """Waits to be told by the other system that nobody listens; only a connected socket is told."""

    def __init__(self) -> None:
        self.came = asyncio.Event()

    def error_received(self, exc: Exception) -> None:
        if isinstance(exc, ConnectionError):
            self.came.set()


async def _refusal(host: str, port: int) -> tuple[str, bool]:
    """Give the host's IP address, and whether it says that nobody listens at a port."""
    loop = asyncio.get_running_loop()
    transport, refusal = await loop.create_datagram_endpoint(
        _Refusal, remote_addr=(host, port), family=socket.AF_INET
    )
    try:
        transport.sendto(encode("/live/test"))
        async with asyncio.timeout(_REFUSAL_S):
            await refusal.came.wait()
    except TimeoutError:
        pass
    finally:
        ip = str(transport.get_extra_info("peername")[0])
        transport.close()
    return ip, refusal.came.is_set()
