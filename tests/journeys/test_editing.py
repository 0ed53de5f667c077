"""Notes edited in a view of a real JupyterLab: they reach Python, Live and the saved notebook, and none is lost."""

from __future__ import annotations

import base64

import pytest
from test_first_clip import PORTS, Listener, notes_of, same

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore"), pytest.mark.timeout(240)]

LOAD = "%load_ext conduit"
BASS = '%%conduit --bars 4 --key "A minor" --seed 7 --track 2 --slot 3 -o bass\na syncopated acid bass line'
MINE = "import conduit\nmine = conduit.Clip.of([conduit.Note(60, beat, 1) for beat in range(4)], name='Mine')\nmine"
FIRST = "print({}.notes[0].pitch)"
# Milliseconds of work in the kernel, and the time of day in them when it was done.
TIMED = """
import time
view = get_ipython().magics_manager.registry["ConduitMagics"].desk.outputs[-1].view
taken, took, done = view._edit, [], []
def timed(intent):
    began = time.perf_counter()
    taken(intent)
    took.append(round((time.perf_counter() - began) * 1000, 2))
    done.append(time.time() * 1000)
view._answers["edit"] = timed
"""
PRESSED = (
    "addEventListener('keydown', ({ key }) => { if (key === 'ArrowUp') window.pressed = Date.now(); }, true)"
)


def grid(view):
    """The roll's grid, focused."""
    canvas = view.locator("canvas.conduit-grid")
    canvas.focus()
    return canvas


def raise_next(view):
    """Select the next note and move it up, by keyboard."""
    grid(view).press("n")
    view.page.keyboard.press("ArrowUp")


def until(notebook, code, wanted):
    """Ask Python until it says what is wanted; give the milliseconds that it took."""
    for _ in range(200):
        if notebook.python(code).strip() == wanted:
            return
        notebook.page.wait_for_timeout(20)
    raise AssertionError(f"{code} says {notebook.python(code)!r}, not {wanted!r}")


def test_an_edit_is_in_the_variable_and_a_push_writes_it(notebook):
    notebook.open("edit.ipynb", LOAD, BASS)
    notebook.run(0)
    notebook.run(1)
    view = notebook.view(1)
    view.wait_for()
    count, first = (int(notebook.python(code)) for code in ("print(len(bass))", FIRST.format("bass")))
    notebook.python(TIMED)
    notebook.page.evaluate(PRESSED)

    # By keyboard, then by mouse.
    raise_next(view)
    until(notebook, FIRST.format("bass"), str(first + 1))
    box = grid(view).bounding_box()
    notebook.page.mouse.dblclick(box["x"] + box["width"] * 0.97, box["y"] + 8)
    until(notebook, "print(len(bass))", str(count + 1))
    way_ms = float(notebook.python("print(done[0])")) - notebook.page.evaluate("window.pressed")
    print(f"from the key to the variable: {way_ms:.0f} ms, of work", notebook.python("print(took)"))  # noqa: T201

    with Listener(*map(int, notebook.python(PORTS).split())) as listener:
        view.locator('[data-action="push"]').click()
        view.locator('.conduit-plan[data-status="applied"]').wait_for()
        assert same(listener.notes(1, 2), notes_of(notebook, "bass"))
        assert len(listener.notes(1, 2)) == count + 1
    assert not notebook.page.problems


def test_edits_while_the_kernel_is_busy_are_delivered_and_kept_over_a_reload(notebook):
    notebook.open("busy.ipynb", LOAD, MINE, "import time\ntime.sleep(2)")
    notebook.run(0)
    notebook.run(1)
    view = notebook.view(1)
    view.wait_for()

    notebook.start(2)
    for _ in range(4):
        raise_next(view)
    notebook.finish()
    until(notebook, "print([note.pitch for note in mine.notes])", "[61, 61, 61, 61]")

    notebook.command("docmanager:save")
    notebook.page.reload()
    notebook.page.locator('.conduit-clip-view[data-notes="4"]').wait_for(timeout=60_000)
    raise_next(notebook.view(1))
    until(notebook, FIRST.format("mine"), "62")
    assert notebook.python("print([note.pitch for note in mine.notes])").strip() == "[62, 61, 61, 61]"


def test_what_python_sets_shows_at_once_can_be_undone_and_is_never_put_over_edits_unasked(notebook):
    notebook.open(
        "both.ipynb",
        LOAD,
        f"{MINE.removesuffix('mine')}view = conduit.roll(mine)\nview",
        "view.clip = view.clip.transpose(12)",
        "import time\ntime.sleep(1)\nview.clip = mine.transpose(5)",
    )
    notebook.run(0)
    notebook.run(1)
    view = notebook.view(1)
    view.wait_for()

    notebook.run(2)
    until(notebook, FIRST.format("view.clip"), "72")
    grid(view)
    notebook.page.keyboard.press("Control+z")
    until(notebook, FIRST.format("view.clip"), "60")

    # Python sets the clip while edits wait: the view keeps its own, and asks.
    notebook.python("import threading; view._edit = view._answers['edit']; gate = threading.Event()")
    notebook.python("view._answers['edit'] = lambda intent: (gate.wait(20), view._edit(intent))")
    notebook.start(3)
    raise_next(view)
    view.locator('[data-action="keep-mine"]').wait_for()
    notebook.python("gate.set()")
    view.locator('[data-action="keep-mine"]').click()
    until(notebook, FIRST.format("view.clip"), "61")
    assert not notebook.page.problems


def test_a_saved_notebook_shows_the_edited_notes_without_a_kernel(notebook):
    notebook.open("saved.ipynb", LOAD, MINE)
    notebook.run(0)
    notebook.run(1)
    view = notebook.view(1)
    view.wait_for()
    written = record(notebook.page)

    for _ in range(3):
        raise_next(view)
    notebook.page.wait_for_function(CHANGED, arg=written)
    edited = record(notebook.page)
    notebook.command("docmanager:save")
    notebook.page.wait_for_timeout(500)
    notebook.command("kernelmenu:shutdown")
    notebook.visit("saved.ipynb")

    notebook.page.locator("[data-conduit] img").first.wait_for(state="visible")
    assert record(notebook.page) == edited
    assert base64.b64decode(edited.partition(",")[2]) != base64.b64decode(written.partition(",")[2])


def test_in_notebook_7_the_same_view_is_edited(notebook_7):
    notebook_7.open("seven.ipynb", LOAD, MINE)
    notebook_7.page.problems.clear()  # what Notebook itself says while it starts
    notebook_7.run(0)
    notebook_7.run(1)
    view = notebook_7.view(1)
    view.wait_for()

    raise_next(view)
    until(notebook_7, FIRST.format("mine"), "61")

    assert not notebook_7.page.locator("[data-conduit] img").first.is_visible()
    assert not notebook_7.page.problems


def record(page):
    """The picture in the static record."""
    return page.locator("[data-conduit] img").first.get_attribute("src")


CHANGED = "(src) => document.querySelector('[data-conduit] img').src !== src"
