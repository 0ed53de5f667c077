"""Finding a Live, and starting a simulated one.

A simulated Live that Conduit starts takes free ports that only this process knows; it never stands in the
way of a real one at 11000 and 11001.
"""

from __future__ import annotations

from conduit.errors import LinkError
from conduit.live.diagnosis import Diagnosis, Finding, diagnose
from conduit.live.link import LiveLink
from conduit.live.simulator import Faults, LiveSet, Simulator

__all__ = ["find_live", "start_simulated"]


async def find_live(
    *,
    host: str = "127.0.0.1",
    port: int = 11000,
    reply_port: int = 11001,
    timeout_s: float = 0.35,
    busy_s: float | None = None,
) -> LiveLink | None:
    """Look for a Live with AbletonOSC; give an open link to it, or None when nothing answers.

    Args:
        host: Where Live may run.
        port: The port AbletonOSC listens on.
        reply_port: The port it answers to.
        timeout_s: Seconds to wait for the one answer; Live looks at its socket about every 0.1 s.
        busy_s: How long to wait where somebody is there and silent, such as Live with a dialog; as of
            ``LiveLink``.

    Raises:
        LinkError: ``port_taken`` when the answer could not be heard here; ``no_reply`` when Live is there and
            stays silent.
    """
    probe = LiveLink(host=host, port=port, reply_port=reply_port, timeout_s=timeout_s, busy_s=timeout_s)
    try:
        async with probe:
            await probe.ask("/live/test")
    except LinkError as error:
        if error.kind != "no_reply":
            raise
        found = await diagnose(host=host, port=port, reply_port=reply_port, timeout_s=timeout_s)
        if found.kind is Finding.BUSY:
            return await _waited_for(
                LiveLink(host=host, port=port, reply_port=reply_port, busy_s=busy_s), found
            )
        if not found.ok:
            return None
    return await LiveLink(host=host, port=port, reply_port=reply_port).open()


async def _waited_for(link: LiveLink, found: Diagnosis) -> LiveLink:
    await link.open()
    try:
        await link.ask("/live/test")
    except BaseException as error:
        await link.close()
        if isinstance(error, LinkError) and error.kind == "no_reply":
            raise LinkError(str(found), kind="no_reply") from error
        raise
    return link


async def start_simulated(
    live_set: LiveSet | None = None,
    *,
    faults: Faults | None = None,
    timeout_s: float = 0.5,
    busy_s: float | None = None,
) -> tuple[LiveLink, Simulator]:
    """Start a simulated Live on this loop, on free ports, and open a link to it.

    Args:
        live_set: The set it plays; by default Live's default set.
        faults: How it behaves on the wire; by default at once and without loss.
        timeout_s: As of ``LiveLink``.
        busy_s: The same.
    """
    simulator = await Simulator(live_set, port=0, reply_port=0, faults=faults).open()
    link = LiveLink(port=simulator.port, reply_port=0, timeout_s=timeout_s, busy_s=busy_s)
    try:
        await link.open()
    except LinkError:
        await simulator.close()
        raise
    simulator.reply_port = link.reply_port
    return link, simulator
