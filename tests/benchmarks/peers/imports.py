"""Imports the modules it is told to, in a bare interpreter, and prints what that cost as JSON."""

from __future__ import annotations

import sys
from importlib import import_module
from time import perf_counter

from memory import peak_mib


def main(modules: list[str]) -> None:
    """Import, then print."""
    before, peak, began = set(sys.modules), peak_mib(), perf_counter()
    for module in modules:
        import_module(module)
    took_s, grown, came = perf_counter() - began, peak_mib() - peak, set(sys.modules) - before
    json = import_module("json")  # after the measuring: most libraries bring it
    found = {"import_ms": took_s * 1_000, "import_mib": grown, "modules": len(came)}
    sys.stdout.write(f"{json.dumps(found)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
