"""Risk tiers: what a tool may do, and what Conduit does when a model asks for it."""

from __future__ import annotations

from enum import StrEnum

from conduit.errors import SetupError

__all__ = ["GATES", "Gate", "Tier"]


class Tier(StrEnum):
    """How much a tool can change.

    >>> [str(tier) for tier in Tier]
    ['ReadOnly', 'Stateful', 'ConfigChange', 'HardwareIO', 'Privileged']
    """

    READ_ONLY = "ReadOnly"
    STATEFUL = "Stateful"
    CONFIG_CHANGE = "ConfigChange"
    HARDWARE_IO = "HardwareIO"
    PRIVILEGED = "Privileged"

    @classmethod
    def named(cls, name: str) -> Tier:
        """Give the tier of a name.

        Raises:
            SetupError: It is the name of none.

        >>> Tier.named("ReadOnly") is Tier.READ_ONLY
        True
        """
        try:
            return cls(name)
        except ValueError:
            raise SetupError(
                f"{name!r} is no tier; the tiers are: {', '.join(cls)}", valid=[str(tier) for tier in cls]
            ) from None


class Gate(StrEnum):
    """What happens to a model's call of a tool.

    >>> GATES[Tier.HARDWARE_IO] is Gate.PLAN
    True
    """

    ALLOW = "allow"
    PLAN = "plan"
    REFUSE = "refuse"


GATES: dict[Tier, Gate] = {
    Tier.READ_ONLY: Gate.ALLOW,
    Tier.STATEFUL: Gate.ALLOW,
    Tier.CONFIG_CHANGE: Gate.PLAN,
    Tier.HARDWARE_IO: Gate.PLAN,
    Tier.PRIVILEGED: Gate.REFUSE,
}
"""Fail closed: a tool nobody has given a tier is Privileged."""
