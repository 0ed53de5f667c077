"""What axe-core finds in a chat panel, where it is serious or critical."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "conduit" / "widgets" / "js" / "node_modules" / "axe-core" / "axe.min.js"
RUN = """
async () => {
  const found = await axe.run(document.querySelector(".conduit-chat"), { resultTypes: ["violations"] });
  const said = ({ html, any }) => `${html.slice(0, 160)} ${any[0]?.message ?? ""}`;
  return found.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, impact, nodes }) => [id, impact, ...nodes.slice(0, 4).map(said)]);
}
"""


def violations(page: Page) -> list[Any]:
    """Give each as its rule, how bad it is, and some places."""
    assert AXE.is_file(), f"{AXE} is missing: run `npm ci` in {AXE.parents[2]}"
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[Any] = page.evaluate(RUN)
    return found
