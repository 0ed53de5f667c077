"""The page of all addresses is made from the table, and is fresh."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from conduit.live.endpoints import ENDPOINTS, SIMULATED

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_of_all_addresses_is_made_from_todays_table():
    spec = importlib.util.spec_from_file_location("abletonosc", DOCS / "abletonosc.py")
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)

    page = generator.page()

    assert (DOCS / "abletonosc.md").read_text(encoding="utf-8") == page
    special = [address for address, endpoint in ENDPOINTS.items() if endpoint.prop is None]
    assert [address for address in special if address != SIMULATED and f"`{address}`" not in page] == []
