"""How a conversation and a reply show themselves at the end of a cell; no key in them is shown."""

from __future__ import annotations

from typing import Any

from IPython.lib.pretty import pretty

from conduit.channel import Reply
from conduit.drawing import record_html, record_text
from conduit.drawing.transcript import transcript_html, transcript_text
from conduit.engine.machine import Reason
from conduit.errors import ParseError
from conduit.messages import Conversation, ConversationTree
from conduit.studio import current
from conduit_magics.captions import money

__all__ = ["reply_html", "reply_text", "talk_html", "talk_text"]


def talk_html(talk: Conversation | ConversationTree) -> str:
    """Draw a conversation as a readable transcript."""
    scrub = current().providers.scrub
    return scrub(transcript_html(talk, clean=scrub))


def talk_text(talk: Conversation | ConversationTree) -> str:
    """Write a conversation as a readable transcript."""
    return current().providers.scrub(transcript_text(talk))


def reply_html(reply: Reply[Any]) -> str:
    """Draw a reply: what it was read as, or its words, and what it took."""
    text, status = _said(reply)
    drawn = record_html(clip=None, record_id="", text=text, status=status, footer=_footer(reply))
    return current().providers.scrub(drawn)


def reply_text(reply: Reply[Any]) -> str:
    """Write a reply, with the same parts."""
    text, status = _said(reply)
    return current().providers.scrub(record_text(clip=None, text=text, status=status, footer=_footer(reply)))


def _said(reply: Reply[Any]) -> tuple[str, str]:
    """Give the words, and what went wrong."""
    if isinstance(reply.read, ParseError):
        return reply.text, reply.read.message
    text = reply.read if isinstance(reply.read, str) else pretty(reply.read)
    return text, "" if reply.reason is Reason.DONE else f"ended: {reply.reason.value.replace('_', ' ')}"


def _footer(reply: Reply[Any]) -> str:
    facts = [f"branch {reply.branch}", f"{reply.duration_s:.1f} s"]
    if reply.usage is not None:
        facts.append(f"{reply.usage.input_tokens:,} in, {reply.usage.output_tokens:,} out")
    if reply.cost_usd:
        facts.append(money(reply.cost_usd))
    return " · ".join((*facts, *reply.remarks))
