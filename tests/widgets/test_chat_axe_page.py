"""The chat panel as axe-core sees it: no serious or critical violation in any state, theme or width."""

from __future__ import annotations

import pytest
from widgets.axe import violations
from widgets.chat_page import Chat
from widgets.chat_states import STATES, show

pytestmark = pytest.mark.browser


@pytest.fixture
def chat(chromium):
    page = chromium.new_page()
    chat = Chat(page)
    yield chat
    page.close()
    assert chat.errors == []


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_serious(chat, state, theme):
    show(chat, state, theme=theme)

    assert violations(chat.page) == []


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_serious_in_a_narrow_panel(chat, state):
    show(chat, state, width=320)

    assert violations(chat.page) == []
