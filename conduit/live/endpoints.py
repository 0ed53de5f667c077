"""The table of AbletonOSC's addresses: what each takes, and what comes back.

The link checks what it sends against it; the simulator answers by it. The order within an owner is
AbletonOSC's own, which wildcards show. Sources: ideoforms/AbletonOSC of 2025-11 (494 addresses), and
smithclay/AbletonOSC of 2026-02, whose 84 more are marked as the fork's.

Signatures are written in letters: ``i`` integer, ``f`` number, ``b`` flag (bool, 0 or 1), ``s`` text, with
the signs of regular expressions: ``[x]?`` may be missing, ``(…)*`` is repeated. Ids (track, slot, scene)
count from 0 and stand first in request and reply; negative ones count from the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from conduit.live import addresses
from conduit.live.osc import Value, plain

__all__ = [
    "BEAT",
    "ENDPOINTS",
    "ERROR",
    "NEVER",
    "N_IDS",
    "PROPERTIES",
    "SIMULATED",
    "STARTUP",
    "Endpoint",
    "Kind",
    "Property",
    "checked",
]

ERROR = "/live/error"
"""Where AbletonOSC says what went wrong: one text, without the request it belongs to."""

STARTUP = "/live/startup"
"""Sent without arguments when AbletonOSC starts, and again whenever another set is loaded."""

BEAT = "/live/song/get/beat"
"""Where beats are told while ``/live/song/start_listen/beat`` holds: one integer. It cannot be asked."""

SIMULATED = "/live/test/simulated"
"""Conduit's own question, whether a simulated set answers. Live calls it unknown."""

N_IDS = {
    "song": 0,
    "view": 0,
    "scene": 1,
    "track": 1,
    "clip_slot": 2,
    "clip": 2,
    "device": 2,
    "arrangement_clip": 2,
}
"""How many ids name one object of each owner."""


NEVER: dict[str, str] = {
    "/live/api/reload": "it can leave AbletonOSC deaf until Live is restarted",
    "/live/song/undo": "it may take back the user's own work with ours: undo the plan instead",
    "/live/song/redo": "what it does again is not known: make the plan anew instead",
    "/live/song/export/structure": "it writes a file on Live's machine",
    "/live/clip/remove_notes_by_id": "it cannot work: AbletonOSC passes one id where Live wants a list",
    "/live/scene/fire_as_selected": "it fires another scene than the one that is named",
    "/live/track/duplicate_arrangement_clip": "onto an occupied place it makes Live crash",
    "/live/track/move_arrangement_clip": "onto an occupied place it makes Live crash",
}
"""What is never sent, by anybody's word, and why."""


class Kind(StrEnum):
    """What an address does. ``GET``, ``CALL`` and ``LISTEN`` are answered; ``CALL`` changes something too."""

    GET = "get"
    SET = "set"
    METHOD = "method"
    CALL = "call"
    LISTEN = "start_listen"
    UNLISTEN = "stop_listen"


@dataclass(frozen=True, slots=True)
class Property:
    """A value of an object in Live that is read, and perhaps set and listened to, in one generic way.

    Attributes:
        name: Its name in Live's object model.
        letter: Its type, in the letters of signatures.
        settable: Whether there is a ``set`` address.
        listenable: Whether listening works; the addresses exist for every property.
    """

    name: str
    letter: str
    settable: bool
    listenable: bool


def _properties(rows: str) -> tuple[Property, ...]:
    found = (row.split(":") for row in rows.split())
    return tuple(Property(name, letter, "w" in marks, "l" in marks) for name, letter, marks in found)


PROPERTIES: dict[str, tuple[Property, ...]] = {
    owner: _properties(rows) for owner, rows in addresses.PROPERTIES.items()
}
"""The generic properties of each owner."""


_NAMES_PLACES = re.compile(r"/(delete|duplicate)_|/view/set/selected_")
"""Addresses at which whole numbers behind the ids are indices too."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address.

    Attributes:
        address: The whole address.
        kind: What it does.
        owner: Whose it is: a key of ``N_IDS``, or ``application``, ``api``, ``test``.
        ids: How many of the first arguments are ids, echoed first in the reply.
        takes: Signature of the arguments after the ids.
        gives: Signature of the reply after the ids, or None where none ever comes.
        prop: The generic property it reads, sets or listens to, or None.
        fork: Whether only the fork of smithclay knows it.
    """

    address: str
    kind: Kind
    owner: str
    ids: int
    takes: str = ""
    gives: str | None = None
    prop: Property | None = None
    fork: bool = False

    def check(self, args: Sequence[Value]) -> None:
        """Compare arguments with the signature.

        Raises:
            ValueError: They do not fit; the message shows both.
        """
        letters = "".join(map(_letter, args))
        wanted = "i" * self.ids + self.takes
        if re.fullmatch(wanted.replace("f", "[if]").replace("b", "[bi]"), letters) is None:
            shown = ", ".join(map(repr, args[:8])) + (", …" if len(args) > 8 else "")
            raise ValueError(f"{self.address} takes {wanted or 'nothing'!r}, not ({shown})")
        indices = args if _NAMES_PLACES.search(self.address) else args[: self.ids]
        for value in indices:
            if isinstance(value, int) and value < 0:  # Python's lists would count from their end
                raise ValueError(f"{self.address}: {value} is no index: the first is 0")


def _letter(value: Value) -> str:
    if value is None:
        return "N"
    return {bool: "b", int: "i", float: "f", str: "s"}[type(value)]


def _generic(owner: str) -> Iterator[Endpoint]:
    ids = N_IDS[owner]
    for verb in (Kind.GET, Kind.SET, Kind.LISTEN, Kind.UNLISTEN):
        for prop in PROPERTIES.get(owner, ()):
            if verb is Kind.SET and not prop.settable:
                continue
            takes = prop.letter if verb is Kind.SET else ""
            if verb is Kind.GET:
                takes = "i?"  # getters echo what follows the ids after the value
            gives = prop.letter if verb in {Kind.GET, Kind.LISTEN} else None
            fork = owner == "arrangement_clip"
            yield Endpoint(f"/live/{owner}/{verb}/{prop.name}", verb, owner, ids, takes, gives, prop, fork)


def _special(row: str, *, fork: bool = False) -> Endpoint:
    path, mark, takes, gives = row.split()
    verb, _, n_ids = mark.partition("@")
    owner = path.split("/")[0]
    ids = int(n_ids) if n_ids else N_IDS.get(owner, 0)
    takes = takes.replace("-", "")
    given = None if gives == "-" else gives
    return Endpoint(f"/live/{path}", Kind(verb), owner, ids, takes, given, fork=fork)


def _table() -> dict[str, Endpoint]:
    generic = [endpoint for owner in PROPERTIES for endpoint in _generic(owner)]
    special = [_special(row) for row in addresses.SPECIAL.strip().splitlines()]
    forked = [_special(row, fork=True) for row in addresses.FORK.strip().splitlines()]
    return {endpoint.address: endpoint for endpoint in [*generic, *special, *forked]}


ENDPOINTS: dict[str, Endpoint] = _table()
"""Every address that Conduit knows, by address."""


def checked(address: str, args: Sequence[object], *, kinds: set[Kind]) -> tuple[Endpoint, tuple[Value, ...]]:
    """Find an address, and give its arguments as they go on the wire.

    Raises:
        ValueError: It is none of the kinds wanted, it is never sent, or the arguments do not fit it.
    """
    if address in NEVER:
        raise ValueError(f"the address {address} is never sent: {NEVER[address]}")
    endpoint = ENDPOINTS.get(address)
    if endpoint is None or endpoint.kind not in kinds:
        raise ValueError(f"{address} is not a {' or '.join(sorted(kinds))} address of AbletonOSC known here")
    values = tuple(plain(arg) for arg in args)
    endpoint.check(values)
    return endpoint, values
