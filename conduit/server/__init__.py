"""Conduit's own servers: what another Conduit asks over HTTP."""

from conduit.server.http import make_app

__all__ = ["make_app"]
