"""Keys of providers: where they are found, and how they never show.

A key is looked for in this order: an argument, the environment, the system's keyring, the config file. Nothing
here prints, logs or writes one; ``scrub`` takes them out of text that came from elsewhere.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

__all__ = ["MASK", "Found", "Keys", "Secret", "holds_secret", "sounds_secret"]

MASK = "•••"
"""What is shown in place of a key."""


class Secret:
    """Holds a key that shows as ``•••`` wherever it is printed; ``reveal`` gives it.

    Equal to another that holds the same key. A copy is the thing itself; pickling is refused, so that a key does
    not end up in a file or on another machine by accident.

    >>> f"{Secret('sk-123')} {Secret('sk-123')!r}"
    '••• •••'
    """

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        self.__value = value

    def reveal(self) -> str:
        """Give the key itself."""
        return self.__value

    def __repr__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.reveal() == self.reveal()

    def __hash__(self) -> int:
        return hash((Secret, self.__value))

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Secret:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a key is not pickled; set it again where it is needed")


@dataclass(frozen=True, slots=True)
class Found:
    """A key and where it was.

    Attributes:
        secret: The key.
        source: ``argument``, ``environment``, ``keyring`` or ``config file``.
    """

    secret: Secret
    source: str


_SERVICE = "conduit"
_SHORT = 8
_WORDS = r"(?!(?:token|auth|authentication|authorization|scheme|keys?|is|was|and|or|in)\b)"
_SHAPES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<![A-Za-z0-9])sk-[\w*-]{8,}"), MASK),
    (re.compile(r"(?<![A-Za-z0-9])AIza[\w-]{16,}"), MASK),
    (re.compile(r"(?<![A-Za-z0-9])(?:gsk_|hf_|ghp_|github_pat_|r8_|xai-|pplx-)\w{12,}"), MASK),
    (re.compile(rf"(\bbearer\s+){_WORDS}[\w.~+/=*-]{{3,}}", re.IGNORECASE), rf"\1{MASK}"),
    (
        re.compile(r"(\b(?:x-)?(?:goog-)?api[-_]?key[\"']?\s*[:=]\s*[\"']?)[\w.~+/=*-]{6,}", re.IGNORECASE),
        rf"\1{MASK}",
    ),
    (re.compile(r"([?&]key=)[^&\s\"']+"), rf"\1{MASK}"),
    (re.compile(r"(://)[^/\s@:]*:[^/\s@]+(?=@)"), rf"\1{MASK}"),
)
"""What keys look like in texts of providers and of HTTP libraries, and what is put there."""

_SECRET_NAME = re.compile(
    r"(?:api|secret|private|access)_?key|(?:access|refresh|session|bearer)_?token"
    r"|(?:^|_|\b)(?:token|secret|pwd|auth|passw\w*|passphrase|credentials?)(?:$|_|\b)",
    re.IGNORECASE,
)
_SECRET_CONSTANT = re.compile(r"[A-Z0-9_]*_KEY\b")  # an environment's OPENAI_KEY, not a song's root_key
_SECRET_VALUE = re.compile(r"\b(?:sk|pk|rk|ghp|gho|xox[abp]|AKIA|AIza)[-_A-Za-z0-9]{16,}")


def sounds_secret(name: str) -> bool:
    """Say whether a variable of this name, or what its attributes and items lead to, is kept from models.

    >>> [name for name in ("OPENAI_KEY", "song.auth", "root_key", "author") if sounds_secret(name)]
    ['OPENAI_KEY', 'song.auth']
    """
    return bool(_SECRET_NAME.search(name) or _SECRET_CONSTANT.match(name))


def holds_secret(text: str) -> bool:
    """Say whether a text holds what looks like a key, so that it is kept from models whole.

    >>> holds_secret("sk-" + "a1" * 10), holds_secret("a dark line")
    (True, False)
    """
    return bool(_SECRET_VALUE.search(text))


class Keys:
    """Finds the keys of providers, and remembers each it has seen so that it can be taken out of any text.

    Args:
        environ: The environment.
        config: Keys of the config file, by provider.
        given: Keys given as an argument, by provider.
        wait_s: How long the keyring may take; some desktops hang, or ask a person first. A late answer counts
            at the next ``find``; while one look-up hangs no other is begun.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        *,
        config: Mapping[str, Secret] | None = None,
        given: Mapping[str, Secret] | None = None,
        wait_s: float = 1.0,
    ) -> None:
        self._environ = environ
        self._config = dict(config or {})
        self._given = dict(given or {})
        self._wait_s = wait_s
        self._lookups: dict[str, _Lookup] = {}
        self._seen = {secret.reveal(): None for secret in (*self._given.values(), *self._config.values())}

    def find(self, provider: str, names: Sequence[str]) -> Found | None:
        """Look for a provider's key; it may wait for the keyring, so ask from a thread that may wait.

        Args:
            provider: The provider's name, which is also the user's name in the keyring.
            names: Environment variables that may hold the key, the first that is set counts.
        """
        found = self._look(provider, names)
        if found:
            self._seen[found.secret.reveal()] = None
        return found

    def _look(self, provider: str, names: Sequence[str]) -> Found | None:
        if provider in self._given:
            return Found(self._given[provider], "argument")
        for name in names:
            if value := self._environ.get(name, "").strip():
                return Found(Secret(value), "environment")
        if value := self._in_keyring(provider):
            return Found(Secret(value), "keyring")
        if provider in self._config:
            return Found(self._config[provider], "config file")
        return None

    def _in_keyring(self, provider: str) -> str:
        if provider not in self._lookups:
            if any(lookup.is_waiting for lookup in self._lookups.values()):
                return ""
            self._lookups[provider] = _Lookup(provider)
            self._lookups[provider].wait(self._wait_s)
        return self._lookups[provider].answer

    def forget(self, provider: str) -> None:
        """Ask the keyring anew for this provider next time, after its key was put there or taken out."""
        self._lookups.pop(provider, None)

    def remember(self, secret: Secret) -> None:
        """Take a secret out of texts, too, that was not found here."""
        self._seen[secret.reveal()] = None

    def known(self) -> list[str]:
        """Give every key seen so far, the longest first."""
        return sorted(self._seen, key=len, reverse=True)

    def scrub(self, text: str) -> str:
        """Put ``•••`` in place of every key seen, and of whatever is shaped like one.

        >>> Keys({}).scrub("401: Authorization: Bearer abc123 was refused")
        '401: Authorization: Bearer ••• was refused'
        """
        for key in self.known():
            # A short one may be a part of any word.
            exact = re.escape(key) if len(key) >= _SHORT else rf"(?<!\w){re.escape(key)}(?!\w)"
            text = re.sub(exact, MASK, text)
        for shape, shown in _SHAPES:
            text = shape.sub(shown, text)
        return text

    def status(self, wanted: Mapping[str, Sequence[str]]) -> dict[str, str]:
        """Say for each provider where its key was found, such as ``set (environment)``, or ``not set``.

        Args:
            wanted: The environment variables of each provider, by its name.
        """
        found = {provider: self.find(provider, names) for provider, names in wanted.items()}
        return {provider: f"set ({key.source})" if key else "not set" for provider, key in found.items()}


class _Lookup:
    """One question to the keyring, in a thread of its own."""

    def __init__(self, provider: str) -> None:
        self.answer = ""
        self._provider = provider
        self._thread = threading.Thread(target=self._ask, name="conduit-keyring", daemon=True)
        self._thread.start()

    @property
    def is_waiting(self) -> bool:
        return self._thread.is_alive()

    def wait(self, seconds: float) -> None:
        self._thread.join(seconds)

    def _ask(self) -> None:
        try:
            import keyring  # noqa: PLC0415  slow to import, and not on every machine
            from keyring.errors import KeyringError  # noqa: PLC0415
        except ImportError:
            return
        try:
            self.answer = (keyring.get_password(_SERVICE, self._provider) or "").strip()
        except (KeyringError, OSError):
            return
