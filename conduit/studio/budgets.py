"""What cells and sessions may use, by the user's settings."""

from __future__ import annotations

from decimal import Decimal

from conduit.routing import Budget
from conduit.settings import Settings

__all__ = ["cell_budget", "session_budget"]


def cell_budget(settings: Settings) -> Budget:
    """Give what one cell may use."""
    return Budget(
        scope="cell",
        calls=settings.cell_calls,
        tokens=settings.cell_tokens,
        cost_usd=_dollars(settings.cell_cost_usd),
        wall_s=settings.cell_wall_s,
        how="set CONDUIT_CELL_CALLS, _TOKENS, _COST_USD or _WALL_S, or [budget.cell] in the config file",
    )


def session_budget(settings: Settings) -> Budget:
    """Give what a session may use."""
    return Budget(
        scope="session",
        calls=settings.session_calls,
        tokens=settings.session_tokens,
        cost_usd=_dollars(settings.session_cost_usd),
        how="set CONDUIT_SESSION_CALLS, _TOKENS or _COST_USD, or [budget.session] in the config file",
    )


def _dollars(amount: float | None) -> Decimal | None:
    return None if amount is None else Decimal(str(amount))
