"""Messages as rows hold them: without the bytes of pictures and sounds, and without secrets."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import TypeAdapter

from conduit.messages import AudioPart, ImagePart, Message, UserMessage

__all__ = ["Clean", "cleaned", "cleaned_value", "media_of", "packed", "said", "unpacked"]

Clean = Callable[[str], str]
"""Takes secrets out of a text."""

_MESSAGE: TypeAdapter[Message] = TypeAdapter(Message)
_KINDS = {"type", "role", "media_type"}  # they are Conduit's own
_MEDIA = "media"  # where a part's bytes are
_IDS = {"id", "call_id"}  # by which calls and results find each other


def cleaned(message: Message, clean: Clean | None) -> Message:
    """Give a message without secrets; the same one where it has none."""
    if clean is None:
        return message
    before = message.model_dump()
    after = _cleaned_part(before, clean)
    if "parts" in before:
        after["parts"] = tuple(_cleaned_part(part, clean) for part in before["parts"])
    if "result" in before:
        after["result"] = _cleaned_part(before["result"], clean)
    return message if after == before else _MESSAGE.validate_python(after)


def cleaned_value(value: Any, clean: Clean) -> Any:
    """Give a value of JSON with every text in it cleaned, names too.

    >>> cleaned_value({"sk-1": ["sk-1", 2]}, lambda text: text.replace("sk-1", "•"))
    {'•': ['•', 2]}
    """
    match value:
        case str():
            return clean(value)
        case Mapping():
            return {cleaned_value(key, clean): cleaned_value(one, clean) for key, one in value.items()}
        case list():
            return [cleaned_value(one, clean) for one in value]
        case _:
            return value


def _cleaned_part(part: Mapping[str, Any], clean: Clean) -> dict[str, Any]:
    return {key: one if key in _KINDS else _cleaned_field(key, one, clean) for key, one in part.items()}


def _cleaned_field(key: str, value: Any, clean: Clean) -> Any:
    after = cleaned_value(value, clean)
    if key in _IDS and after != value:
        return f"{after} {_digest(value.encode(), size=2)}"  # two of a message must not become one
    return after


def _digest(data: bytes, *, size: int) -> str:
    return hashlib.blake2b(data, digest_size=size).hexdigest()


def packed(message: Message) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Give a message as JSON, and apart from it the bytes of its pictures and sounds by their hashes."""
    if not isinstance(message, UserMessage):
        return message.model_dump(mode="json"), {}
    media: dict[str, bytes] = {}
    parts: list[dict[str, Any]] = []
    for part in message.parts:
        if isinstance(part, ImagePart | AudioPart):
            name = f"b2:{_digest(part.data, size=16)}"
            media[name] = part.data
            parts.append(part.model_dump(mode="json", exclude={"data"}) | {_MEDIA: name})
        else:
            parts.append(part.model_dump(mode="json"))
    return message.model_dump(mode="json", exclude={"parts"}) | {"parts": parts}, media


def unpacked(value: dict[str, Any], media: Mapping[str, bytes]) -> Message:
    """Read what ``packed`` gave.

    Raises:
        ValueError: It is no message.
        KeyError: Its bytes are not there.
    """
    for part in value.get("parts", ()):
        if _MEDIA in part:
            part["data"] = media[part.pop(_MEDIA)]
    return _MESSAGE.validate_python(value)


def media_of(value: Mapping[str, Any]) -> set[str]:
    """Give the hashes of the pictures and sounds of a packed message."""
    return {part[_MEDIA] for part in value.get("parts", ()) if _MEDIA in part}


def said(value: Mapping[str, Any]) -> str:
    """Give the words of a packed message: what is searched.

    >>> said({"role": "user", "parts": [{"type": "text", "text": "an acid bass"}]})
    'an acid bass'
    """
    if "content" in value:
        return str(value["content"])
    if "result" in value:
        return str(value["result"]["text"])
    return "\n".join(part["text"] for part in value["parts"] if part["type"] == "text")
