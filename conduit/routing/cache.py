"""Answers kept by what was asked, in a file beside a notebook or in memory.

The file is JSON Lines, one answer a line, its keys sorted, so that a diff can be read::

    {"hash":"b2:…","message":{…},"metadata":{…},"v":1}

Of two lines with one hash the later counts, so the file is only ever added to, and two branches of a notebook
are merged by keeping the lines of both. The request is not in it, only its hash: no key and no prompt can get
into a repository that way.

A last line that was cut off (a crash, a full disk) is passed over, and cut away by the next write. Anything else
that cannot be read is an error with its line: a recording that shrinks in silence would be no recording.
"""

from __future__ import annotations

import asyncio
import json
import threading
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from conduit.errors import ErrorKind, ProviderError, SetupError
from conduit.messages import AssistantMessage, Request, Response, ResponseMetadata, StopReason
from conduit.messages.content import Value

__all__ = ["VERSION", "AnswerFile", "CacheMode"]

VERSION = 1
"""Version of the lines that are written, and the only one that is read."""

_COMPLETE = {StopReason.STOP, StopReason.TOOL_CALLS}


class CacheMode(StrEnum):
    """What answers of an earlier time are good for."""

    OFF = "off"  # neither read nor written
    ON = "on"  # read where there is one, written where there is none
    REFRESH = "refresh"  # never read; what comes replaces what was there


class _Kept(Value):
    v: int
    hash: str
    message: AssistantMessage
    metadata: ResponseMetadata


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the file; its answer is read when it is wanted."""

    number: int
    text: bytes


@dataclass(frozen=True, slots=True)
class _Stamp:
    """By what another program's writing is noticed."""

    changed_ns: int
    size: int
    node: int


class AnswerFile:
    """Answers by the hash of their request.

    The lines are held in memory as they are, and read again only when another program changed the file. ``get``
    and ``put`` read and write at once; on an event loop await ``find``, ``keep`` and ``replay``.

    Args:
        path: The file, which need not be there yet; None keeps the answers in memory.

    Attributes:
        path: The file.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self._lines: dict[str, _Line] = {}
        self._count = 0
        self._stamp: _Stamp | None = None
        self._lock = threading.Lock()

    async def find(self, request: Request) -> Response | None:
        """Do what ``get`` does, in a thread."""
        return await asyncio.to_thread(self.get, request)

    async def keep(self, response: Response) -> bool:
        """Do what ``put`` does, in a thread."""
        return await asyncio.to_thread(self.put, response)

    async def replay(self, request: Request, *, provider: str = "") -> Response:
        """Give the answer that is kept for a request, where nobody may be asked.

        Args:
            request: What is asked.
            provider: Who would have been asked, for the error.

        Raises:
            ProviderError: There is none.
            SetupError: The file cannot be read.
        """
        response = await self.find(request)
        if response is None:
            place = f"The recording {self.path}" if self.path else "The recording in memory"
            raise ProviderError(
                f"{place} has no answer to this request ({request.hash}, {request.model}), and nobody was "
                "contacted: it is replayed. The request differs from what was recorded, or was never recorded. "
                "Run it once with CONDUIT_ANSWERS_MODE=record",
                kind=ErrorKind.NOT_FOUND,
                provider=provider,
                model=request.model,
            )
        return response

    def get(self, request: Request) -> Response | None:
        """Give the answer that is kept for a request; None where there is none.

        Its metadata are those of the time when it was given, cost and seconds too; only ``cached`` is set.

        Raises:
            SetupError: The file cannot be read.
        """
        with self._lock:
            self._refresh()
            line = self._lines.get(request.hash)
        if line is None:
            return None
        try:
            kept = _Kept.model_validate_json(line.text)
        except ValidationError as error:
            fault = error.errors(include_input=False)[0]
            where = ".".join(map(str, fault["loc"]))
            raise self._broken(line.number, f"{where or 'it'}: {fault['msg']}") from error
        metadata = kept.metadata.model_copy(update={"cached": True})
        return Response(request=request, message=kept.message, metadata=metadata)

    def put(self, response: Response) -> bool:
        """Keep an answer, in place of an earlier one to the same request.

        Returns:
            Whether it was kept: one that is not complete is not, nor one that came from here.

        Raises:
            SetupError: The file cannot be read or written.
        """
        if response.metadata.cached or response.metadata.stop_reason not in _COMPLETE:
            return False
        key = response.request.hash
        text = _line(key, response)
        with self._lock:
            self._refresh()
            if self.path is not None:
                self._append(self.path, text)
            self._count += 1
            self._lines[key] = _Line(self._count, text)
        return True

    def _append(self, path: Path, text: bytes) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _cut_off_what_was_cut_off(path)
            # Unbuffered, so that a line is one write and two programs' lines do not mix.
            with path.open("ab", buffering=0) as file:
                left = memoryview(text + b"\n")
                while left:
                    left = left[file.write(left) :]
            self._stamp = _stamp(path)
        except OSError as error:
            raise SetupError(f"the answer could not be written to {path}: {error.strerror}") from error

    def _refresh(self) -> None:
        if self.path is None:
            return
        try:
            stamp = _stamp(self.path)
            if stamp == self._stamp:
                return
            data = b"" if stamp is None else self.path.read_bytes()
        except OSError as error:
            raise SetupError(f"the answers in {self.path} could not be read: {error.strerror}") from error
        self._lines, self._count = self._index(data)
        self._stamp = stamp

    def _index(self, data: bytes) -> tuple[dict[str, _Line], int]:
        *whole, last = data.split(b"\n")
        lines: dict[str, _Line] = {}
        for number, text in enumerate(whole, start=1):
            if text.strip():
                lines[self._hash(text, number=number)] = _Line(number, text)
        if _is_json(last):
            lines[self._hash(last, number=len(whole) + 1)] = _Line(len(whole) + 1, last)
            return lines, len(whole) + 1
        return lines, len(whole)

    def _hash(self, text: bytes, *, number: int) -> str:
        try:
            answer: Any = json.loads(text)
        except ValueError as error:
            if text.startswith((b"<<<<<<<", b"=======", b">>>>>>>")):
                reason = "it is a mark of a merge; keep the answers of both sides and delete the marks"
            else:
                reason = "it is not JSON; restore the file or delete the line"
            raise self._broken(number, reason) from error
        match answer:
            case {"v": int(version), **_rest} if version != VERSION:
                raise self._broken(
                    number, f"its version is {version} and this Conduit reads {VERSION}; update Conduit"
                )
            case {"v": int(), "hash": str(key), "message": dict(), "metadata": dict()}:
                return key
        raise self._broken(number, "v, hash, message and metadata are expected; delete the line")

    def _broken(self, number: int, reason: str) -> SetupError:
        return SetupError(f"{self.path}, line {number}, is no answer that can be read: {reason}")


def _line(key: str, response: Response) -> bytes:
    answer = {
        "v": VERSION,
        "hash": key,
        "message": response.message.model_dump(mode="json"),
        "metadata": response.metadata.model_dump(mode="json"),
    }
    return json.dumps(answer, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _is_json(text: bytes) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _stamp(path: Path) -> _Stamp | None:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return _Stamp(stat.st_mtime_ns, stat.st_size, stat.st_ino)


def _cut_off_what_was_cut_off(path: Path) -> None:
    """Make the file end with a line break: an editor may have taken it, or a crash the end of the line."""
    if not path.exists():
        return
    with path.open("r+b") as file:
        data_end = file.seek(0, 2)
        if data_end == 0:
            return
        file.seek(data_end - 1)
        if file.read(1) == b"\n":
            return
        file.seek(0)
        data = file.read()
        line_at = data.rfind(b"\n") + 1
        if _is_json(data[line_at:]):
            file.write(b"\n")
        else:
            file.truncate(line_at)
