"""How AbletonOSC and Live refuse: values of wrong types, methods called wrongly, what cannot be listened to.

The words are recorded ones, or made after their pattern.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from conduit.live.endpoints import Endpoint, Property

__all__ = ["check_listenable", "check_signature", "checked_value", "set_property"]

_CLASSES = {
    "song": "Song", "track": "Track", "clip": "Clip", "clip_slot": "ClipSlot", "scene": "Scene",
    "device": "Device", "arrangement_clip": "Clip",
}  # fmt: skip
_TYPES: dict[str, tuple[type, ...]] = {"f": (int, float), "i": (int,), "b": (int, type(None)), "s": (str,)}
_CPP = {"f": "float", "i": "int", "b": "bool", "s": "TString"}
_PYTHON: dict[str, Callable[[Any], Any]] = {"f": float, "i": int, "b": bool, "s": str}


def set_property(target: Any, endpoint: Endpoint, value: Any) -> None:
    """Set a property of an object, if the value is of its type.

    Raises:
        AttributeError: There is no object.
        TypeError: The value is of another type.
    """
    prop = endpoint.prop
    if prop is None or target is None:
        raise AttributeError(f"'NoneType' object has no attribute '{prop.name if prop else ''}'")
    name = _CLASSES[endpoint.owner]
    target.set(prop.name, checked_value(value, letter=prop.letter, owner=name))


def checked_value(value: Any, *, letter: str, owner: str, base: str = "") -> Any:
    """Give a value as Live takes it.

    Args:
        value: What came.
        letter: The type wanted, as in signatures.
        owner: The class in Live whose property it is.
        base: The class in C++ if it is called otherwise.

    Raises:
        TypeError: It is of another type.
    """
    if not isinstance(value, _TYPES[letter]):
        raise TypeError(
            f"Python argument types in\n    None.None({owner}, {type(value).__name__})\n"
            f"did not match C++ signature:\n    None(class TPyHandle<class A{base or owner}>, {_CPP[letter]})"
        )
    return _PYTHON[letter](value)


def check_signature(endpoint: Endpoint, args: list[Any]) -> None:
    """Refuse what Live's methods do not take, worded after the recorded errors of its setters.

    Raises:
        TypeError: The arguments do not fit.
    """
    name = _CLASSES.get(endpoint.owner, "Application")
    method = endpoint.address.rpartition("/")[2]
    given = args[endpoint.ids :]
    try:
        endpoint.check([*[0] * endpoint.ids, *given])
    except ValueError:
        types = ", ".join([name, *(type(value).__name__ for value in given)])
        wanted = ", ".join([f"class TPyHandle<class A{name}>", *(_CPP.get(c, "") for c in endpoint.takes)])
        raise TypeError(
            f"Python argument types in\n    {name}.{method}({types})\n"
            f"did not match C++ signature:\n    {method}({wanted})"
        ) from None


def check_listenable(target: Any, prop: Property, owner: str) -> None:
    """Refuse what Live has no listener for.

    Raises:
        AttributeError: There is none.
    """
    if target is None or not prop.listenable:
        kind = "NoneType" if target is None else _CLASSES[owner]
        raise AttributeError(f"'{kind}' object has no attribute 'add_{prop.name}_listener'")
