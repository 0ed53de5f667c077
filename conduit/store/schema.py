r"""The tables, and how text stands in them.

Text comes back as it was, on every database. PostgreSQL refuses NUL characters, and no database takes lone
surrogates, so both are written as an escape, and so is the character that begins one (``\x1a``). An escape ends
with a character of private use, so that no word that is searched for is found in one. JSON is kept as such text: it
is read by Conduit, not by the database.
"""

from __future__ import annotations

import json
import re
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

__all__ = [
    "TABLES",
    "ExactJson",
    "ExactText",
    "batches",
    "branches",
    "clips",
    "conversations",
    "facts",
    "items",
    "media",
    "memories",
    "nodes",
    "personas",
    "plans",
    "schema_version",
]

_UNSAFE = re.compile("[\0\x1a\ud800-\udfff]")
_ESCAPE = re.compile("\x1a([\ue000-\uf8ff])")
_SURROGATE = 0xD800
_PRIVATE, _PRIVATE_CONTROL = 0xE000, 0xF000  # where surrogates and control characters are written


class ExactText(TypeDecorator[str]):
    r"""Text that comes back exactly, also where the database would refuse it.

    >>> ExactText().process_bind_param("a\0b", None)
    'a\x1a\uf000b'
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect | None) -> str | None:  # noqa: ARG002
        """Escape what a database cannot hold."""
        if value is None or not _UNSAFE.search(value):
            return value
        return _UNSAFE.sub(_escape, value)

    def process_result_value(self, value: str | None, dialect: Dialect | None) -> str | None:  # noqa: ARG002
        """Give the text as it was."""
        if value is None or "\x1a" not in value:
            return value
        return _ESCAPE.sub(_unescape, value)


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return "\x1a" + chr(code - _SURROGATE + _PRIVATE if code >= _SURROGATE else code + _PRIVATE_CONTROL)


def _unescape(found: re.Match[str]) -> str:
    code = ord(found[1])
    return chr(code - _PRIVATE_CONTROL if code >= _PRIVATE_CONTROL else code - _PRIVATE + _SURROGATE)


class ExactJson(TypeDecorator[Any]):
    """A value of JSON, kept as text.

    >>> ExactJson().process_bind_param({"b": 1, "a": "ü"}, None)
    '{"b":1,"a":"ü"}'
    """

    impl = Text
    cache_ok = True
    _text = ExactText()

    def process_bind_param(self, value: Any, dialect: Dialect | None) -> str | None:
        """Write the value."""
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return self._text.process_bind_param(text, dialect)

    def process_result_value(self, value: str | None, dialect: Dialect | None) -> Any:
        """Read the value."""
        return json.loads(self._text.process_result_value(value, dialect) or "null")


TABLES = MetaData()

_NUMBER = BigInteger().with_variant(Integer, "sqlite")  # only so SQLite makes it the row's own number


def _number() -> Column[int]:
    return Column("number", _NUMBER, Identity(), primary_key=True)


def _conversation(*, primary_key: bool = False) -> Column[int]:
    return Column(
        "conversation",
        _NUMBER,
        ForeignKey("conduit_conversations.number"),
        primary_key=primary_key,
        nullable=False,
        autoincrement=False,
    )


def _text(name: str, *, primary_key: bool = False) -> Column[str]:
    return Column(name, ExactText, nullable=False, primary_key=primary_key)


def _at(name: str = "at") -> Column[float]:
    return Column(name, Float(53), nullable=False)


# The names begin alike because a PostgreSQL database may be shared with others.
schema_version = Table("conduit_schema", TABLES, Column("version", Integer, nullable=False))

conversations = Table(
    "conduit_conversations",
    TABLES,
    _number(),
    Column("name", ExactText, nullable=False, unique=True),
    _text("title"),
    Column("metadata", ExactJson, nullable=False),
    _text("current"),
    _at("created"),
    _at("updated"),
    Index("conduit_conversations_updated", "updated"),
)

branches = Table(
    "conduit_branches",
    TABLES,
    _conversation(primary_key=True),
    _text("name", primary_key=True),
    _text("tip"),  # a node's id; empty for a conversation without messages
    Column("position", Integer, nullable=False),
)

# A node belongs to one conversation, so deleting a conversation deletes what was said in it. Whatever is
# there has all its ancestors there, and numbers rise from parent to child.
nodes = Table(
    "conduit_nodes",
    TABLES,
    _number(),
    _conversation(),
    _text("id"),
    _text("parent"),  # empty at the root
    Column("depth", Integer, nullable=False),
    Column("turn", Integer, nullable=False),
    _text("role"),
    Column("message", ExactJson, nullable=False),
    _text("text"),  # case-folded, for searching; what was said stands in ``message``
    _at(),
    UniqueConstraint("conversation", "id"),
)

facts = Table(
    "conduit_facts",
    TABLES,
    _conversation(primary_key=True),
    _text("node", primary_key=True),
    _text("provider"),
    _text("model"),
    Column("input_tokens", Integer),
    Column("output_tokens", Integer),
    Column("cost_usd", ExactText),  # decimal digits: no database rounds them
    Column("metadata", ExactJson, nullable=False),
    _at(),
)

# Bytes of pictures and sounds, once in a conversation, found by their hash.
media = Table(
    "conduit_media",
    TABLES,
    _conversation(primary_key=True),
    _text("id", primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

clips = Table(
    "conduit_clips",
    TABLES,
    _number(),
    _text("name"),
    _text("notation"),
    _text("conversation"),
    Column("provenance", ExactJson, nullable=False),
    _at(),
    Index("conduit_clips_name", "name"),
)

plans = Table(
    "conduit_plans",
    TABLES,
    _number(),
    _text("session"),
    _text("id"),
    _text("title"),
    _text("tier"),
    _text("status"),
    _text("conversation"),
    Column("details", ExactJson, nullable=False),
    _at(),
)

memories = Table("conduit_memories", TABLES, _text("key", primary_key=True), _text("text"), _at())

personas = Table("conduit_personas", TABLES, _text("name", primary_key=True), _text("text"), _at())

batches = Table(
    "conduit_batches",
    TABLES,
    _number(),
    Column("name", ExactText, nullable=False, unique=True),
    _text("digest"),
    _at(),
)

items = Table(
    "conduit_items",
    TABLES,
    Column("batch", _NUMBER, ForeignKey("conduit_batches.number"), primary_key=True, autoincrement=False),
    Column("place", _NUMBER, primary_key=True, autoincrement=False),
    _text("key"),
    Column("payload", ExactText),
    Column("error", ExactText),
    _at(),
)
