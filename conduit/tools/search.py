"""Search in the store: what was said in earlier conversations, and the clips that were kept. Read only."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from conduit.engine.define import tool
from conduit.engine.risk import Tier
from conduit.engine.tool import Tool
from conduit.tools.files import page

if TYPE_CHECKING:
    from conduit.store import Store

__all__ = ["search_tools"]

_EXCERPT = 300


def search_tools(store: Callable[[], Store], *, clean: Callable[[str], str]) -> tuple[Tool, ...]:
    """Make the tools that search the store.

    Args:
        store: Gives the store, when it is first needed.
        clean: Takes keys out of a text.
    """

    @tool(tier=Tier.READ_ONLY)
    async def search_conversations(
        text: Annotated[str, Field(min_length=1, max_length=200)],
        limit: Annotated[int, Field(ge=1, le=50)] = 10,
    ) -> str:
        """Search earlier conversations with the user for a word or a phrase.

        Args:
            text: What to look for.
            limit: How many places to give.
        """
        found = await store().do(store().search, text, limit=limit)
        lines = [f"{one.conversation}, turn {one.turn}, {one.role}: {_short(one.excerpt)}" for one in found]
        return clean("\n".join(lines) or "nothing found")

    @tool(tier=Tier.READ_ONLY)
    async def list_kept_clips(limit: Annotated[int, Field(ge=1, le=100)] = 30) -> str:
        """List the clips that were kept, the newest first: name, and the conversation each came from.

        Args:
            limit: How many to give.
        """
        kept = await store().do(store().clips, limit=limit)
        lines = [f"{one.name}, from {one.conversation}" if one.conversation else one.name for one in kept]
        return clean("\n".join(map(_short, lines)) or "no clips")

    @tool(tier=Tier.READ_ONLY)
    async def read_kept_clip(name: str, start_line: int = 1) -> str:
        """Read the newest kept clip of a name in its notation, a page at a time.

        Args:
            name: Its name as list_kept_clips gives it.
            start_line: The first line to read, from 1.
        """
        kept = await store().do(store().clip, name)
        return page(kept.notation, start_line=start_line, clean=clean)

    return (search_conversations.tool, list_kept_clips.tool, read_kept_clip.tool)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _EXCERPT else f"{line[:_EXCERPT]}…"
