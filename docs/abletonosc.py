"""Write ``docs/abletonosc.md`` anew: every address, from the table that the link and the simulator go by."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from conduit.live.endpoints import ENDPOINTS, NEVER, SIMULATED, Endpoint

PAGE = Path(__file__).with_suffix(".md")

HEAD = """# Every address of AbletonOSC

Made from the table in `conduit/live/addresses.py`; after a change there, run `python docs/abletonosc.py`.

`get` asks, `set` and `method` change and never answer, `call` changes and answers, `start_listen` has a value told
whenever it changes. Ids (which track, slot, device) come first, in the request and in the answer, and count from 0
here. Letters: `i` whole number, `f` number, `b` switch, `s` text, `N` nothing, `.` any; `x?` may be missing, `(…)*`
is repeated. A getter echoes one more number behind the value.
"""


def page() -> str:
    """Give the page."""
    owners = [endpoint for endpoint in ENDPOINTS.values() if endpoint.address != SIMULATED]
    owners.sort(key=lambda endpoint: (endpoint.fork, endpoint.owner))
    parts = [HEAD]
    for (fork, owner), some in groupby(owners, key=lambda endpoint: (endpoint.fork, endpoint.owner)):
        title = owner.replace("_", " ").capitalize()
        parts.append(f"## {title}{', in the fork smithclay/AbletonOSC only' if fork else ''}\n")
        parts.append(_rows(list(some)))
    parts.append("## Never sent\n\n| address | why |\n|---|---|")
    parts.append("\n".join(f"| `{address}` | {why} |" for address, why in NEVER.items()) + "\n")
    return "\n".join(parts)


def _rows(endpoints: list[Endpoint]) -> str:
    """Write addresses that differ only in the verb as one row."""
    rows = ["| address | verbs | ids | takes | gives |", "|---|---|---|---|---|"]
    generic = [endpoint for endpoint in endpoints if endpoint.prop is not None]
    for name in dict.fromkeys(endpoint.prop.name for endpoint in generic if endpoint.prop):
        same = [endpoint for endpoint in generic if endpoint.prop and endpoint.prop.name == name]
        prop, first = same[0].prop, same[0]
        if prop is None:
            continue
        # The addresses for listening exist for every property; not all of them work.
        verbs = ["get", *(["set"] if prop.settable else []), *(["listen"] if prop.listenable else [])]
        facts = (f"`/live/{first.owner}/…/{name}`", ", ".join(verbs), first.ids or "", f"`{prop.letter}`")
        rows.append(f"| {' | '.join(map(str, facts))} | `{prop.letter}` |")
    for endpoint in endpoints:
        if endpoint.prop is None:
            takes, gives = (
                f"`{text.replace('|', chr(92) + '|')}`" if text else ""
                for text in (endpoint.takes, endpoint.gives)
            )
            rows.append(
                f"| `{endpoint.address}` | {endpoint.kind} | {endpoint.ids or ''} | {takes} | {gives} |"
            )
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
