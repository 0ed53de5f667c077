from __future__ import annotations

import base64

import pytest

from conduit.music import Clip, Note
from conduit.music.midifile import midi_bytes

pytestmark = pytest.mark.browser

CONTENT = midi_bytes(Clip.of([Note(60, 0, 1)], name="Dropped"))

DROP = """
async ([name, content]) => {
  const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  if (name) dataTransfer.items.add(new File([bytes], name));
  else dataTransfer.setData("text/plain", "words");
  const kept = (kind) => {
    const event = new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true });
    document.querySelector("canvas.conduit-grid").dispatchEvent(event);
    return event.defaultPrevented;
  };
  return [kept("dragover"), kept("drop")];
}
"""

LISTED = """
([name, format, content]) => {
  const kind = "application/x-jupyter-icontentsrich";
  const withContent = async () => ({ name, format, content });
  const mimeData = { hasData: (one) => one === kind, getData: () => ({ withContent }) };
  const event = new Event("lm-drop", { bubbles: true, cancelable: true });
  Object.assign(event, { mimeData, proposedAction: "move" });
  document.querySelector("canvas.conduit-grid").dispatchEvent(event);
  return [event.defaultPrevented, event.dropAction];
}
"""


def encoded(content):
    return base64.b64encode(content).decode()


def test_a_file_from_the_desktop_is_handed_on_with_its_name(bare, ready):
    bare.open(ready)

    kept = bare.page.evaluate(DROP, ["song.mid", encoded(CONTENT)])
    bare.until("() => window.sent.some((one) => one.type === 'drop')")

    assert kept == [True, True]
    assert bare.sent() == [{"type": "drop", "name": "song.mid", "data": encoded(CONTENT)}]


def test_a_file_of_jupyterlabs_browser_is_handed_on_too(bare, ready):
    bare.open(ready)

    kept = bare.page.evaluate(LISTED, ["song.mid", "base64", encoded(CONTENT)])
    bare.until("() => window.sent.some((one) => one.type === 'drop')")

    assert kept == [True, "move"]
    assert bare.sent()[0]["data"] == encoded(CONTENT)


def test_a_large_file_is_refused_where_it_is_dropped(bare, ready):
    bare.open(ready)

    bare.page.evaluate(DROP, ["long.mid", encoded(bytes(1_200_000))])
    bare.until("() => !document.querySelector('.cd-toast').hidden")

    assert bare.page.locator(".cd-toast").inner_text() == "long.mid is over 1 MB: use %conduit open"
    assert bare.sent() == []


def test_what_is_no_file_is_left_to_the_page(bare, ready):
    bare.open(ready)

    assert bare.page.evaluate(DROP, ["", ""]) == [False, False]
    assert bare.sent() == []
