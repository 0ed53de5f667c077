"""The chat panel as axe-core sees it: no serious or critical violation in any state, theme or width."""

from __future__ import annotations

from pathlib import Path

import pytest
from widgets.chat_page import Chat
from widgets.chat_states import STATES, show

pytestmark = pytest.mark.browser

AXE = Path("/tmp/w/T/ax/node_modules/axe-core/axe.min.js")
RUN = """
async () => {
  const found = await axe.run(document.querySelector(".conduit-chat"), { resultTypes: ["violations"] });
  return found.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, impact, nodes }) => [id, impact, ...nodes.slice(0, 4).map(({ html, any }) => `${html.slice(0, 160)} ${any[0]?.message ?? ""}`)]);
}
"""


@pytest.fixture
def chat(chromium):
    page = chromium.new_page()
    chat = Chat(page)
    yield chat
    page.close()
    assert chat.errors == []


def violations(page):
    assert AXE.is_file(), f"{AXE} is missing: run `npm ci` in {AXE.parents[2]}"
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return page.evaluate(RUN)


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_serious(chat, state, theme):
    show(chat, state, theme=theme)

    assert violations(chat.page) == []


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_serious_in_a_narrow_panel(chat, state):
    show(chat, state, width=320)

    assert violations(chat.page) == []
