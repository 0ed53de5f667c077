"""A MIDI file dragged into a notebook of a real JupyterLab shows as a roll."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from conduit.music import Arrangement, Clip, Note

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore"), pytest.mark.timeout(240)]

SONG = Arrangement.of(
    [
        Clip.of([Note(45, beat, 0.5) for beat in range(8)], name="Bass", instrument="bass"),
        Clip.of([Note(36, beat, 0.25) for beat in range(8)], name="Drums", instrument="drums"),
    ],
    name="Song",
)

DROP = """
([content]) => {
  const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], "desk.mid"));
  const canvas = document.querySelector(".conduit-clip-view canvas.conduit-grid");
  for (const kind of ["dragover", "drop"]) {
    canvas.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
  }
}
"""


def test_a_file_dragged_from_the_file_browser_or_the_desktop_shows_as_a_roll(notebook):
    content = SONG.save(Path(notebook._root) / "song.mid").read_bytes()
    notebook.open("drop.ipynb", "%load_ext conduit\n%conduit open")
    notebook.run(0)
    view = notebook.view(0)
    view.wait_for()

    drag(notebook.page, notebook.page.locator(".jp-DirListing-item", has_text="song.mid"), view)
    notebook.page.wait_for_function("document.querySelector('.conduit-clip-view').dataset.notes === '16'")

    assert "opened from song.mid" in view.inner_text()
    assert notebook.python("import conduit; print(conduit.current().latest.name)").strip() == "Song"
    notebook.page.evaluate(DROP, [base64.b64encode(content[:60]).decode()])
    view.locator(".cd-error").wait_for()
    assert "desk.mid is not a whole Standard MIDI File" in view.inner_text()


def drag(page, source, target):
    """Move the mouse as a person does; JupyterLab begins to drag after a few pixels."""
    start, end = source.bounding_box(), target.bounding_box()
    page.mouse.move(start["x"] + 30, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(start["x"] + 60, start["y"] + 20, steps=5)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=10)
    page.mouse.up()
