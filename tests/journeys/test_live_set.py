"""A Live set in a real JupyterLab: launched by a click, opened as a roll, edited, pushed back, pointed to."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore"), pytest.mark.timeout(180)]

CELLS = (
    "%load_ext conduit",
    """
import conduit
bass = conduit.Clip.of([conduit.Note(45, beat, 0.5) for beat in range(4)], name="Bass")
%conduit push bass --track 1 --slot 1
""",
    "%conduit live",
    "%%conduit -n --bars 1 --seed 2\nhouse drums",
)

PITCHES = """
from conduit.studio import current
print([note.pitch for note in current().call(current().live.pull(1, 1)).notes])
"""


@pytest.fixture
def opened(notebook):
    """Give a notebook whose third cell shows a set with a clip."""
    notebook.open("live.ipynb", *CELLS)
    for index in range(3):
        notebook.run(index)
    grid = notebook.page.locator(".conduit-session")
    grid.locator(".cs-cell[data-clip]").wait_for()
    return notebook, grid


def test_a_clip_is_launched_by_a_click_and_stopped(opened):
    notebook, grid = opened

    grid.locator('[data-action="launch"]').click()
    notebook.page.locator(".conduit-session[data-playing] .cs-cell[data-playing]").wait_for()
    grid.locator('[data-action="stop-all"]').click()
    grid.locator(".cs-cell[data-playing]").wait_for(state="detached")

    assert notebook.page.problems == []


def test_a_clip_is_opened_edited_and_pushed_back_with_approval_and_undone(opened):
    notebook, grid = opened
    grid.locator(".cs-cell[data-clip]").click()
    grid.locator('[data-action="open"]').click()
    view = notebook.view(2)
    roll = view.locator("canvas.conduit-grid")
    roll.wait_for()

    roll.focus()
    for key in ("Control+a", "ArrowUp"):
        notebook.page.keyboard.press(key)
    view.locator('[data-action="push"]').click()
    view.locator('.conduit-plan[data-status="pending"]').wait_for()
    waiting = notebook.python(PITCHES)
    view.locator('[data-action="approve"]').click()
    view.locator('.conduit-plan[data-status="applied"]').wait_for()
    pushed = notebook.python(PITCHES)
    view.locator('[data-action="undo"]:visible').last.click()
    view.locator('.conduit-plan[data-status="undone"]').wait_for()

    assert "[45, 45, 45, 45]" in waiting
    assert "[46, 46, 46, 46]" in pushed
    assert "[45, 45, 45, 45]" in notebook.python(PITCHES)
    assert notebook.page.problems == []


def test_the_next_cell_is_offered_where_one_has_pointed(opened):
    notebook, grid = opened
    empty = grid.locator(".cs-row:not(.cs-head)").nth(2).locator(".cs-cell").nth(1)

    empty.click()
    grid.locator('[data-action="target"]').click()
    grid.locator(".cs-cell[data-target]").wait_for()
    notebook.run(3)
    view = notebook.view(3)
    view.locator('[data-action="push"]').click()
    grid.locator(".cs-cell[data-clip]").nth(1).wait_for()

    assert "2-MIDI, slot 3" in empty.get_attribute("aria-label")
    assert empty.get_attribute("data-clip") is not None
    assert notebook.page.problems == []
