"""How an entry of the transcript stands: what it is at, what went wrong, and what it took."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conduit.messages import Turn
from conduit.messages.facts import cost_of, fact_words, sum_words, usage_of
from conduit.studio import Studio
from conduit.studio.account import Account
from conduit_magics.captions import details, footer
from conduit_magics.chat.kept import Kept

__all__ = ["Endings"]

_MOST = 2_048
_STOPPED = {"interrupted", "aborted"}


class Endings:
    """Says how entries stand.

    Args:
        studio: Whose.
    """

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._over: Kept[str, Mapping[str, Any]] = Kept(_MOST)  # of accounts that are over

    def of(self, accounts: tuple[Account, ...], turn: Turn) -> Mapping[str, Any]:
        """Say how a turn stands.

        Args:
            accounts: Those that tell of it, in order.
            turn: The turn, whose facts are told where nobody tells of it.
        """
        if not accounts:
            return {"footer": self._studio.scrub(self._kept(turn))}
        if any(account.running for account in accounts):
            return {**self._told(accounts[-1], turn), "state": "running"}
        return self._over.get(accounts[-1].id, lambda: self._told(accounts[-1], turn))

    def in_vain(self, account: Account) -> Mapping[str, Any]:
        """Say how a question stands that nothing has come of."""
        if account.running:
            return {"state": "running"}
        error = self._studio.scrub(account.error)
        return {"state": "failed" if error else "stopped", "error": error}

    def _told(self, account: Account, turn: Turn) -> Mapping[str, Any]:
        studio, answer = self._studio, account.answer
        said = footer(answer, names=studio.providers.registry.names) if answer else self._kept(turn)
        stopped = answer is not None and answer.reason.value in _STOPPED
        return {
            "state": "failed" if account.error else "stopped" if stopped else "done",
            "error": studio.scrub(account.error),
            "footer": studio.scrub(said),
            "details": [[label, studio.scrub(value)] for label, value in (details(answer) if answer else ())],
        }

    def _kept(self, turn: Turn) -> str:
        """Say who answered and what it took, as it was kept."""
        facts = self._studio.session.tree.facts
        known = [facts[node.id] for node in turn.after.nodes_since(len(turn.before)) if node.id in facts]
        if len(known) <= 1:
            return "".join(map(fact_words, known))
        asked = dict.fromkeys(f"{fact.provider}/{fact.model}" for fact in known)
        spent = sum_words(usage_of(known), cost_of(known))
        return " · ".join(filter(None, [*asked, f"{len(known)} answers", spent]))
