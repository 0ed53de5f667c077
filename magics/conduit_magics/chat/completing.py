"""What Tab offers in the panel's input: commands and their values after ``/``, variables and takes after ``@``.

Nothing is evaluated, and nobody is contacted. Of a variable only its kind is looked at; what a value says of itself
is asked of known kinds alone, because a property or a repr is anybody's code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from conduit.audio.sound import Sound
from conduit.keys import sounds_secret
from conduit.music import Arrangement, Clip
from conduit_magics.chat.mentions import clips_by_name, is_data
from conduit_magics.chat.slash import NOT_HERE
from conduit_magics.verbs import VERBS, complete_verb

if TYPE_CHECKING:
    from conduit.studio.takes import Take
    from conduit_magics.desk import Desk

__all__ = ["MOST", "Offer", "complete", "note_of"]

MOST = 30
"""How many things are offered at once."""

Offer = tuple[str, str]
"""What is put there, and what is said of it."""

_COMMAND = re.compile(r"\s*/(?!/)(?P<line>[^\n]*)")
_MENTION = re.compile(r"(?<![\w.@/+-])@(?:\"(?P<quoted>[^\"\n]*)|(?P<name>\w*))\Z")
_FLAG = re.compile(r"--?[a-z][\w-]*")
_NAME, _MODULE = (type.__dict__[fact].__get__ for fact in ("__name__", "__module__"))
"""Read what a class is called, past whatever its metaclass says."""


def complete(desk: Desk, takes: Iterable[Take], text: str, at: int) -> tuple[int, list[Offer]]:
    """Give what could stand at the cursor; it may read a folder or the store, so ask in a thread.

    Args:
        desk: The notebook's desk.
        takes: Those of the tray.
        text: What stands in the input.
        at: Where the cursor is, counted as a browser counts, in units of UTF-16.

    Returns:
        Where what is put there begins, counted in the same way, and up to ``MOST`` offers, the nearest first.
    """
    before = _before(text, at)
    if command := _COMMAND.fullmatch(before):
        begin, offers = _commands(desk, command["line"], command.start("line"))
    elif mention := _MENTION.search(before):
        begin, offers = mention.start(), _mentions(desk, clips_by_name(takes), mention)
    else:
        begin, offers = len(before), iter(())
    return _units(before[:begin]), list(islice(offers, MOST))


def _before(text: str, at: int) -> str:
    units = text.encode("utf-16-le", "surrogatepass")[: 2 * max(at, 0)]
    return units.decode("utf-16-le", "surrogatepass")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _commands(desk: Desk, line: str, begin: int) -> tuple[int, Iterator[Offer]]:
    """Offer verbs, or what can follow one."""
    name, blank, rest = line.partition(" ")
    if not blank:
        known = {verb: facts.help for verb, facts in VERBS.items() if verb not in NOT_HERE}
        return begin - 1, ((f"/{verb}", known[verb]) for verb in _near(name, known))
    if name not in VERBS or name in NOT_HERE:
        return begin, iter(())
    last = rest.rpartition(" ")[2]
    return begin + len(line) - len(last), _values(desk, name, rest, last)


def _values(desk: Desk, verb: str, rest: str, last: str) -> Iterator[Offer]:
    if last.startswith("-"):
        flags = dict.fromkeys(_FLAG.findall(VERBS[verb].usage))
        return ((flag, "") for flag in flags if flag.startswith(last))
    if verb in _MORE:
        known = _MORE[verb](desk) if rest == last else {}
        return ((value, known[value]) for value in _near(last, known))
    found = complete_verb(f"%conduit {verb} {rest}", desk.studio)
    if not found and rest == last:
        # A part of a model's name is what one remembers of it.
        found = [*_near(last, VERBS[verb].values(desk.studio))]
    return ((value, "") for value in found)


def _clips(desk: Desk) -> dict[str, str]:
    found = ((name, value) for name, value in _variables(desk) if type(value) is Clip)
    return {name: note_of(value) for name, value in found}


def _verbs(desk: Desk) -> dict[str, str]:
    del desk
    return {verb: facts.help for verb, facts in VERBS.items()}


_MORE: Mapping[str, Callable[[Desk], dict[str, str]]] = MappingProxyType({"push": _clips, "help": _verbs})
"""What can follow a verb in the input that Tab does not know in a cell."""


def _mentions(desk: Desk, takes: Mapping[str, Clip], mention: re.Match[str]) -> Iterator[Offer]:
    """Offer conduit's own values first, then takes, then other variables."""
    quoted = mention["quoted"] is not None
    typed = mention["quoted"] if quoted else mention["name"]
    values = {} if quoted else dict(_variables(desk))
    groups = {name: 0 if _is_ours(value) else 2 for name, value in values.items()}
    sayable = {name: clip for name, clip in takes.items() if name and not set('"\n') & set(name)}
    groups |= {name: 1 for name in sayable if name not in values}
    for name in _near(typed, groups, first=groups):
        if groups[name] == 1:
            whole = f'@"{name}"' if quoted or not name.isidentifier() else f"@{name}"
            yield whole, f"take, {_counted(sayable[name].bars, 'bar')}"
        elif not sounds_secret(name):
            yield f"@{name}", note_of(values[name])


def _variables(desk: Desk) -> Iterator[tuple[str, Any]]:
    """Give the notebook's variables that hold something that can be sent, without IPython's own."""
    hidden = desk.shell.user_ns_hidden
    nothing = object()
    # The list is made at once: a cell may bind another meanwhile.
    for name, value in list(desk.shell.user_ns.items()):
        if name[:1] != "_" and is_data(value) and hidden.get(name, nothing) is not value:
            yield name, value


def _near(typed: str, names: Iterable[str], *, first: Mapping[str, int] | None = None) -> Iterator[str]:
    """Give names that begin with what was typed, then those that hold it; case does not count."""
    wanted = typed.casefold()
    found = []
    for place, name in enumerate(names):
        folded = name.casefold()
        if (where := folded.find(wanted)) >= 0:
            found.append((where > 0, first[name] if first else place, folded, name))
    return (name for *_, name in sorted(found))


def _is_ours(value: object) -> bool:
    return str(_MODULE(type(value))).partition(".")[0] == "conduit"


def note_of(value: object) -> str:
    """Say in words what kind of thing a variable holds, and how much of it.

    >>> note_of([1, 2]), note_of("Am F C G"), note_of(object())
    ('list of 2', 'text, 8 characters', 'object')
    """
    kind = type(value)
    name = str(_NAME(kind))
    known = _KNOWN.get(kind) or _FOREIGN.get((str(_MODULE(kind)).partition(".")[0], name))
    return known(value) if known else name


def _counted(count: float, what: str) -> str:
    return f"{count:,g} {what}{'s' * (count != 1)}"


def _shape(value: Any) -> str:
    return " by ".join(f"{size:,}" for size in value.shape)


_KNOWN: Mapping[type, Callable[[Any], str]] = MappingProxyType(
    {
        Clip: lambda clip: f"Clip, {_counted(clip.bars, 'bar')}",
        Arrangement: lambda song: f"Arrangement, {_counted(len(song.clips), 'clip')}",
        Sound: lambda sound: f"Sound, {sound.duration_s:.1f} s",
        str: lambda text: f"text, {_counted(len(text), 'character')}",
        bool: lambda _: "yes or no",
        int: lambda _: "number",
        float: lambda _: "number",
        list: lambda values: f"list of {len(values):,}",
        tuple: lambda values: f"tuple of {len(values):,}",
        set: lambda values: f"set of {len(values):,}",
        dict: lambda values: f"dict of {len(values):,}",
        type(None): lambda _: "nothing",
    }
)
"""What is said of the kinds that are known, by the kind itself: a class made of one may say anything."""

_FOREIGN: Mapping[tuple[str, str], Callable[[Any], str]] = MappingProxyType(
    {
        ("numpy", "ndarray"): lambda array: f"array, {_shape(array)}",
        ("pandas", "DataFrame"): lambda table: f"table, {_shape(table)}",
        ("pandas", "Series"): lambda column: f"column of {len(column):,}",
    }
)
"""The same of kinds that are not imported for it, by package and name."""
