"""Keys at the roll in a real JupyterLab and Notebook 7: the roll's never reach the notebook, the host's own do."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore"), pytest.mark.timeout(180)]

CELLS = (
    "%load_ext conduit",
    "import conduit\nmine = conduit.Clip.of([conduit.Note(60, beat, 1) for beat in range(4)])\nmine",
    "x = 1",
)
ROLLS = ("b", "a", "d", "d", "x", "y", "m", "Shift+M", "0", "0", "l", "h", "Shift+Enter", "Control+z")
"""Keys that do something to a cell, or run one, where the notebook gets them."""
STATE = """
() => {
  const { context, content } = window.jupyterapp.shell.currentWidget;
  const cells = Array.from({ length: context.model.cells.length }, (_, i) => context.model.cells.get(i));
  return [cells.map(({ type }) => type).join(), content.activeCellIndex, content.mode,
    cells.map(({ executionCount }) => executionCount).join(), document.activeElement.className];
}
"""
UNSAVED = "() => { window.jupyterapp.shell.currentWidget.context.model.dirty = true; }"
SAVED = "() => !window.jupyterapp.shell.currentWidget.context.model.dirty"


@pytest.fixture(params=["notebook", "notebook_7"])
def host(request):
    return request.getfixturevalue(request.param)


def test_the_rolls_keys_stay_with_it_and_the_hosts_own_command_saves(host):
    host.open("keys.ipynb", *CELLS)
    host.run(0)
    host.run(1)
    view = host.view(1)
    view.wait_for()
    grid = view.locator("canvas.conduit-grid")
    grid.focus()
    before = host.page.evaluate(STATE)

    host.page.evaluate(UNSAVED)
    host.page.keyboard.press("Control+s")
    host.page.wait_for_function(SAVED, timeout=10_000)
    for key in ROLLS:
        host.page.keyboard.press(key)

    assert host.page.evaluate(STATE) == before
