"""Risk tiers: what a tool may do, and what Conduit does when a model asks for it."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["GATES", "Gate", "Tier"]


class Tier(StrEnum):
    """How much a tool can change."""

    READ_ONLY = "ReadOnly"
    STATEFUL = "Stateful"
    CONFIG_CHANGE = "ConfigChange"
    HARDWARE_IO = "HardwareIO"
    PRIVILEGED = "Privileged"


class Gate(StrEnum):
    """What happens to a model's call of a tool."""

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
