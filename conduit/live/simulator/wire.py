"""The simulator's UDP socket. What is not read yet waits in the system's buffer, and overflows it, as in Live."""

from __future__ import annotations

import asyncio
import errno
import socket
import struct
from collections.abc import Callable, Iterator

from conduit.errors import LinkError

__all__ = ["Address", "Wire", "unbundled"]

Address = tuple[str, int]

_MAX_BYTES = 65_536
_POLL_S = 0.005
_N_PORTS = 65_536
_BUNDLE = b"#bundle\0"
_BUNDLE_HEAD = 16


class Wire:
    """A UDP socket that is read when it is asked.

    Args:
        host: The address to listen on.
        port: The port to listen on; 0 takes a free one.

    Attributes:
        port: The port it listens on.

    Raises:
        LinkError: ``port_taken``.
        ValueError: There is no such port.
    """

    def __init__(self, host: str, port: int) -> None:
        if port not in range(_N_PORTS):
            raise ValueError(f"port is {port}: a UDP port is 0-{_N_PORTS - 1}")
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)  # noqa: FBT003  the socket's own signature
        self._watched: Callable[[], None] | None = None
        self._poll: asyncio.TimerHandle | None = None
        try:
            self._socket.bind((host, port))
        except OSError as error:
            self._socket.close()
            if error.errno != errno.EADDRINUSE:
                raise
            raise LinkError(
                f"UDP port {port} is taken, so no simulated Live can listen there: "
                "quit Live or the other simulator, or choose another --port",
                kind="port_taken",
            ) from error
        self.port: int = self._socket.getsockname()[1]

    def hold(self, n_bytes: int) -> None:
        """Let the system keep about so many bytes of what waits."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, n_bytes)

    def receive(self) -> tuple[bytes, Address] | None:
        """Take the next datagram, or None when none waits."""
        while True:
            try:
                data, (host, port) = self._socket.recvfrom(_MAX_BYTES)
            except BlockingIOError:
                return None
            except ConnectionError:
                continue  # Windows: an earlier answer met a closed port
            return data, (host, port)

    def send(self, data: bytes, address: Address) -> None:
        """Send a datagram; one that the system cannot take now is lost, as on any full network.

        Raises:
            OSError: It cannot be sent at all, such as one that is too long.
        """
        try:
            self._socket.sendto(data, address)
        except (BlockingIOError, ConnectionError):
            return

    def watch(self, heard: Callable[[], None]) -> None:
        """Call ``heard`` on the running loop whenever something waits."""
        self.ignore()
        loop = asyncio.get_running_loop()
        try:
            loop.add_reader(self._socket, heard)
        except NotImplementedError:  # Windows' own loop watches no sockets of others
            self._look(heard)
        self._watched = heard

    def _look(self, heard: Callable[[], None]) -> None:
        self._poll = asyncio.get_running_loop().call_later(_POLL_S, self._look, heard)
        heard()

    def ignore(self) -> None:
        """Call nobody any more."""
        if self._poll is not None:
            self._poll.cancel()
            self._poll = None
        elif self._watched is not None:
            asyncio.get_running_loop().remove_reader(self._socket)
        self._watched = None

    def close(self) -> None:
        """Free the port."""
        self.ignore()
        self._socket.close()


def unbundled(data: bytes) -> Iterator[bytes]:
    r"""Give the messages of a datagram, those of bundles in order; time tags are passed over.

    Raises:
        ValueError: A bundle is cut off.

    >>> list(unbundled(b"/a\0\0"))
    [b'/a\x00\x00']
    """
    if not data.startswith(_BUNDLE):
        yield data
        return
    if len(data) < _BUNDLE_HEAD:
        raise ValueError(f"a bundle of {len(data)} bytes is cut off")
    at = _BUNDLE_HEAD
    while at < len(data):
        try:
            (size,) = struct.unpack_from(">i", data, at)
        except struct.error as error:
            raise ValueError(f"a bundle of {len(data)} bytes is cut off") from error
        at += 4
        if not 0 < size <= len(data) - at:
            raise ValueError(f"a bundle of {len(data)} bytes holds an element of {size}, which does not fit")
        yield from unbundled(data[at : at + size])
        at += size
