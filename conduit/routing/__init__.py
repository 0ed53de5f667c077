"""Who answers, and who when that fails: circuit breakers, failover, budgets, the odometer, kept answers."""

from conduit.routing.breaker import Breaker
from conduit.routing.budget import Budget, Meter
from conduit.routing.cache import AnswerFile, CacheMode
from conduit.routing.odometer import Odometer, Row
from conduit.routing.registry import Registry
from conduit.routing.router import Policy, Route, Router
from conduit.routing.trials import Failover

__all__ = [
    "AnswerFile",
    "Breaker",
    "Budget",
    "CacheMode",
    "Failover",
    "Meter",
    "Odometer",
    "Policy",
    "Registry",
    "Route",
    "Router",
    "Row",
]
