"""Lines and server-sent events out of bytes that are cut anywhere. Linear in what comes."""

from __future__ import annotations

__all__ = ["Lines", "data_of"]


class Lines:
    r"""Cuts bytes into lines, without their ends.

    >>> lines = Lines()
    >>> lines.feed(b"data: 1\r\nda"), lines.feed(b"ta: 2\n"), lines.rest()
    ([b'data: 1'], [b'data: 2'], b'')
    """

    __slots__ = ("_held",)

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def feed(self, data: bytes) -> list[bytes]:
        """Take bytes; give the lines that they complete."""
        if b"\n" not in data:
            self._held.append(data)
            return []
        if self._held:
            data = b"".join((*self._held, data))
        *whole, last = data.split(b"\n")
        self._held = [last] if last else []
        return [line.removesuffix(b"\r") for line in whole]

    def rest(self) -> bytes:
        """Give what has come of a line that has no end."""
        return b"".join(self._held)


def data_of(line: bytes) -> bytes | None:
    """Give the data of a line of server-sent events; None for any other line.

    Every provider puts one JSON object on one line, so events need not be joined.
    """
    return line[5:].lstrip() if line.startswith(b"data:") else None
