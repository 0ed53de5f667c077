"""What can be set from outside, read in one place.

A value is taken from the first that has it: an argument, the environment, the config file, the default. The file
is ``config.toml`` in the user's configuration folder, or what ``CONDUIT_CONFIG`` names::

    model = "anthropic/claude-sonnet-5-5"
    order = ["anthropic", "home", "offline"]

    [budget.cell]
    cost_usd = 0.5

    [keys]
    anthropic = "…"

    [providers.home]
    base_url = "http://192.168.1.20:8000/v1"
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conduit.errors import SetupError
from conduit.keys import Found, Keys, Secret

__all__ = ["DEFAULT_ORDER", "Found", "Keys", "Secret", "Settings"]

_CLOUD = ("anthropic", "openai", "gemini", "openrouter", "perplexity")
DEFAULT_ORDER = (*_CLOUD, "lmstudio", "llamacpp", "vllm", "ollama", "conduit", "offline")
"""Who is asked first where nothing is set."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a studio behaves.

    Attributes:
        live: ``auto`` looks for Live and falls back on a simulated set; ``simulated`` never looks.
        live_host: Where AbletonOSC listens.
        live_port: The UDP port it listens on.
        live_reply_port: The UDP port it answers to.
        stream: Whether cells show an answer while it is being written.
        order: The providers that may be asked, the first choice first. Servers of the user's own stand before
            ``offline`` where no order is set.
        model: ``auto``, a model, or ``provider/model``.
        store: Where conversations last: ``auto`` for a file in the user's data folder, ``memory`` for nowhere, or a
            file's path, or the URL of a PostgreSQL database.
        answers: A file of recorded answers; empty for none.
        answers_mode: ``replay`` answers from that file and asks nobody; ``record`` writes it.
        cache: ``on`` gives a stored answer to a request asked before; ``refresh`` asks anew and stores.
        failover: What the next provider does when one fails in the middle of an answer: ``restart`` it,
            ``continue`` it, or nothing (``off``).
        allow_cloud: Whether a request meant for a local model may go to the cloud when that fails.
        allow_offline: Whether the offline composer may answer for a model that failed.
        window_tokens: How much of a conversation a model is shown, its newest turns, in tokens by estimate; None
            for all of it.
        cell_calls: How many calls to models one cell may make; None for any, as in all that follow.
        cell_tokens: How many tokens it may use, in and out.
        cell_cost_usd: What it may cost.
        cell_wall_s: How long it may take.
        session_calls: How many calls a session may make.
        session_tokens: How many tokens it may use.
        session_cost_usd: What it may cost.
        genres: The folder of the user's own genres; ``auto`` for ``genres`` beside the config file's usual place.
        providers: Base URLs of the user's own servers, by name.
        keys: Keys of the config file, by provider.
    """

    live: str = "auto"
    live_host: str = "127.0.0.1"
    live_port: int = 11000
    live_reply_port: int = 11001
    stream: bool = True
    order: tuple[str, ...] = DEFAULT_ORDER
    model: str = "auto"
    store: str = "auto"
    answers: str = ""
    answers_mode: str = "replay"
    cache: str = "off"
    failover: str = "restart"
    allow_cloud: bool = False
    allow_offline: bool = False
    window_tokens: int | None = 50_000
    cell_calls: int | None = 40
    cell_tokens: int | None = 400_000
    cell_cost_usd: float | None = 2.0
    cell_wall_s: float | None = 900
    session_calls: int | None = 2000
    session_tokens: int | None = 20_000_000
    session_cost_usd: float | None = 20.0
    genres: str = "auto"
    providers: Mapping[str, str] = field(default_factory=dict, hash=False)
    keys: Mapping[str, Secret] = field(default_factory=dict, hash=False)

    @classmethod
    def from_environment(
        cls, environ: Mapping[str, str], *, given: Mapping[str, object] | None = None
    ) -> Settings:
        """Read the environment and the config file.

        An environment variable is ``CONDUIT_`` and the name in capitals, such as ``CONDUIT_LIVE_PORT``; the order
        is ``CONDUIT_PROVIDERS``, names with commas between. An empty one counts as not set.

        Args:
            environ: The environment.
            given: What was asked for in words of the program, by name; it comes before everything else.

        Raises:
            SetupError: A value cannot be, a key of the file is unknown, or the file cannot be read.
        """
        path, file = _read_file(environ)
        providers = _named(file, "providers", ".base_url")
        order = (*DEFAULT_ORDER[:-1], *(name for name in providers if name not in DEFAULT_ORDER), "offline")
        rules = {**_RULES, "order": _some_of(order)}
        tables = [f"keys.{name}" for name in order[:-1]]
        tables += [f"providers.{name}.base_url" for name in providers]
        _refuse_unknown(given or {}, valid=list(rules), where="the arguments")
        _refuse_unknown(file, valid=[*map(_key, rules), *tables], where=str(path))
        said = _said(environ, file, path)
        said |= {name: (f"the argument {name}", value) for name, value in (given or {}).items()}
        values = {name: rules[name].read(value, where=where) for name, (where, value) in said.items()}
        values.setdefault("order", order)
        values["providers"] = _table(file, "providers", ".base_url", path=path)
        values["keys"] = {name: Secret(key) for name, key in _table(file, "keys", "", path=path).items()}
        return cls(**values)


@dataclass(frozen=True, slots=True)
class _Rule:
    """How a value is read; ``parse`` takes text as well as what TOML and Python write."""

    parse: Callable[[Any], Any]
    can_be: str
    valid: tuple[str, ...] = ()

    def read(self, value: object, *, where: str) -> Any:
        try:
            return self.parse(value)
        except (ValueError, TypeError, LookupError):
            message = f"{where} is {value!r}; it can be {self.can_be}"
        raise SetupError(message, valid=list(self.valid))


def _word(value: object) -> str:
    return str(value).strip().lower()


def _one_of(*valid: str) -> _Rule:
    choice = {name: name for name in valid}
    return _Rule(lambda value: choice[_word(value)], " or ".join(valid), valid)


def _some_of(valid: tuple[str, ...]) -> _Rule:
    def parse(value: Any) -> tuple[str, ...]:
        names = tuple(map(_word, value.split(",") if isinstance(value, str) else value))
        if not names or len(set(names)) < len(names) or not set(names) <= set(valid):
            raise ValueError(names)
        return names

    return _Rule(parse, f"some of these, each once: {', '.join(valid)}", valid)


def _number(
    kind: Callable[[str], float], can_be: str, *, low: float, high: float = math.inf, lifts: bool = True
) -> _Rule:
    def parse(value: object) -> float | None:
        if lifts and _word(value) == "none":
            return None
        # By way of text, so that neither 2.5 calls nor True calls pass for a whole number.
        number = kind(_word(value))
        if not (low <= number <= high and math.isfinite(number)):
            raise ValueError(number)
        return number

    return _Rule(parse, f"{can_be}, or none" if lifts else can_be)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError(value)
    return value.strip()


_FLAGS = {"1": True, "true": True, "yes": True, "on": True} | dict.fromkeys(
    ("0", "false", "no", "off"), False
)
_FLAG = _Rule(lambda value: _FLAGS[_word(value)], "1 or 0", ("1", "0"))
_PORT = _number(int, "a port, a number from 1 to 65535", low=1, high=65535, lifts=False)
_COUNT = _number(int, "a whole number from 1", low=1)
_COST = _number(float, "dollars, a number from 0", low=0)

_RULES: dict[str, _Rule] = {
    "live": _one_of("auto", "simulated"),
    "live_host": _Rule(_text, "a host, such as 127.0.0.1"),
    "live_port": _PORT,
    "live_reply_port": _PORT,
    "stream": _FLAG,
    "order": _some_of(DEFAULT_ORDER),
    "model": _Rule(_text, "auto, a model, or provider/model"),
    "store": _Rule(_text, "auto, memory, the path of a file, or a postgresql:// URL"),
    "answers": _Rule(_text, "the path of a file"),
    "answers_mode": _one_of("record", "replay"),
    "cache": _one_of("off", "on", "refresh"),
    "failover": _one_of("restart", "continue", "off"),
    "allow_cloud": _FLAG,
    "allow_offline": _FLAG,
    "window_tokens": _COUNT,
    "cell_calls": _COUNT,
    "cell_tokens": _COUNT,
    "cell_cost_usd": _COST,
    "cell_wall_s": _number(float, "seconds, a number from 1", low=1),
    "session_calls": _COUNT,
    "session_tokens": _COUNT,
    "session_cost_usd": _COST,
    "genres": _Rule(_text, "auto, or the path of a folder"),
}
"""Every setting but the two tables of the config file, and how it is read."""


def _variable(name: str) -> str:
    return "CONDUIT_PROVIDERS" if name == "order" else f"CONDUIT_{name.upper()}"


def _key(name: str) -> str:
    scope, _, rest = name.partition("_")
    return f"budget.{scope}.{rest}" if scope in {"cell", "session"} else name


def _said(
    environ: Mapping[str, str], file: Mapping[str, object], path: Path
) -> dict[str, tuple[str, object]]:
    """Give what the environment, and after it the file, say of each setting, and where they say it."""
    inside = {name: (f"{_key(name)} in {path}", file[_key(name)]) for name in _RULES if _key(name) in file}
    around = {name: (_variable(name), environ.get(_variable(name), "")) for name in _RULES}
    return {**inside, **{name: said for name, said in around.items() if said[1].strip()}}


def _read_file(environ: Mapping[str, str]) -> tuple[Path, dict[str, object]]:
    """Give the config file's path, and its values by dotted key."""
    import tomllib  # noqa: PLC0415  only where a studio starts

    from platformdirs import user_config_path  # noqa: PLC0415

    named = environ.get("CONDUIT_CONFIG", "").strip()
    path = Path(named).expanduser() if named else user_config_path("conduit") / "config.toml"
    try:
        return path, dict(_flat(tomllib.loads(path.read_text("utf-8-sig")), under=""))
    except FileNotFoundError:
        if not named:
            return path, {}
        message = f"CONDUIT_CONFIG names {path}, where there is no file; make it, or unset CONDUIT_CONFIG"
    except OSError as error:
        message = f"the config file {path} cannot be read: {error.strerror}"
    except ValueError as error:
        place = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "it is not UTF-8"
        message = f"the config file {path} is not TOML: {place}"
    raise SetupError(message)


def _flat(table: Mapping[str, object], *, under: str) -> Iterator[tuple[str, object]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, under=f"{under}{name}.")
        else:
            yield f"{under}{name}", value


def _named(file: Mapping[str, object], table: str, end: str) -> list[str]:
    """Give the names that stand between the table and the end of a dotted key."""
    names = [key.removeprefix(f"{table}.").removesuffix(end) for key in file if key.startswith(f"{table}.")]
    return [name for name in names if f"{table}.{name}{end}" in file]


def _table(file: Mapping[str, object], table: str, end: str, *, path: Path) -> dict[str, str]:
    """Read a table of texts by name; a value that is none is not shown, as it may be a key."""
    found: dict[str, str] = {}
    for name in _named(file, table, end):
        value = file[f"{table}.{name}{end}"]
        if not isinstance(value, str) or not value.strip():
            raise SetupError(f"{table}.{name}{end} in {path} has to be a text in quotes, not empty")
        found[name] = value.strip()
    return found


def _refuse_unknown(names: Iterable[str], *, valid: list[str], where: str) -> None:
    for name in names:
        if name not in valid:
            raise SetupError(
                f"{where}: there is no setting {name!r}; valid are {', '.join(valid)}", valid=valid
            )
