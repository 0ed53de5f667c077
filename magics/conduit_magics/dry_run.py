"""``--dry-run``: who would be asked, how many tokens that is about, and the request as it would be sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conduit.drawing.page import escaped, fold, verbatim
from conduit.messages import Request
from conduit.messages.tokens import estimate_tokens
from conduit.studio import Question, Studio
from conduit_magics.asking import seeds
from conduit_magics.saying import show_page

if TYPE_CHECKING:
    from conduit_magics.desk import Desk

__all__ = ["show_dry_run"]

_LONGEST = 400
"""Characters of base64 that are shown of a picture or a sound."""
_LINE = "margin:0 0 4px 0;font-size:12px"
_JSON = "margin:4px 0 0 0;max-height:480px;overflow:auto;font-size:11px;line-height:1.4"


def show_dry_run(desk: Desk, question: Question, *, takes: int | None) -> None:
    """Show what would be asked, and ask nobody.

    Args:
        desk: Where it is shown.
        question: What would be asked.
        takes: How many variations of it.
    """
    who, request = desk.studio.call(_asked(desk.studio, question))
    lines = _lines(who, request, question, takes)
    sent = desk.studio.providers.scrub(_json(request))
    show_page(desk, "\n".join((*lines, sent)), lambda: _html(lines, sent))


async def _asked(studio: Studio, question: Question) -> tuple[str, Request]:
    return await studio.providers.sent(await studio.request(question))


def _lines(who: str, request: Request, question: Question, takes: int | None) -> list[str]:
    count = estimate_tokens(request)
    lines = [f"{who} would be asked, with about {count:,} tokens; nobody was asked"]
    if takes:
        said = ", ".join("its own" if seed is None else str(seed) for seed in seeds(question, takes))
        lines.append(f"{takes} times, with the seeds {said}: about {takes * count:,} tokens in all")
    return lines


def _json(request: Request) -> str:
    facts = request.model_dump(mode="json", exclude_none=True)
    return json.dumps(_shortened(facts), indent=2, ensure_ascii=False)


def _shortened(value: Any) -> Any:
    """Cut what pictures and sounds are made of; words stay whole."""
    if isinstance(value, dict):
        return {key: _cut(part) if key == "data" else _shortened(part) for key, part in value.items()}
    return [_shortened(part) for part in value] if isinstance(value, list) else value


def _cut(data: Any) -> Any:
    if not isinstance(data, str) or len(data) <= _LONGEST:
        return _shortened(data)
    return f"{data[:40]}… ({len(data) - 40:,} characters more)"


def _html(lines: list[str], sent: str) -> str:
    request = f'<pre style="{_JSON}">{verbatim(sent)}</pre>'
    said = "".join(f'<p style="{_LINE}">{escaped(line)}</p>' for line in lines)
    return f"<div>{said}{fold('the request', request)}</div>"
