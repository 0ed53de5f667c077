import socket

import pytest
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore"), pytest.mark.timeout(240)]

LOAD = "%load_ext conduit"
BASS = '%%conduit --bars 4 --key "A minor" --seed 7 --track 2 --slot 3 -o bass\na syncopated acid bass line'
BEAT = "%%conduit -n --bars 2 --track 2 --slot 3 -o beat\nhouse drums"
SLOW = """
import json
from conduit import ScriptedClient
from conduit.messages import AssistantMessage, ToolCallPart
from conduit.studio import current
text = "clip Slow | 2 bars | bass\\n1 | 1:A1/2 5:C2/2 9:E2/2\\n2 | 1:A1/4 "
call = ToolCallPart(id="a", name="write_clip", arguments=json.dumps({"clip": text}))
current().add_client(ScriptedClient([AssistantMessage(parts=(call,))], provider="slow", piece=8, stall_after=11))
"""
PORTS = "from conduit.studio import current as c; s = c().live._simulator; print(s.port, s.reply_port)"
NOTES = "print([(n.pitch, n.start, n.duration, n.velocity) for n in {}.notes])"
INK = """
(canvas) => {
  const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  const colours = new Map();
  for (let i = 0; i < pixels.length; i += 4) {
    const colour = (pixels[i] << 16) | (pixels[i + 1] << 8) | pixels[i + 2];
    colours.set(colour, (colours.get(colour) ?? 0) + 1);
  }
  return colours.size;
}
"""


class Listener:
    """Asks the simulated set over OSC from another address of this machine, as a second program would."""

    def __init__(self, port, reply_port):
        self.port = port
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.settimeout(3)
        self.socket.bind(("127.0.0.2", reply_port))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def notes(self, track, slot):
        """The notes in a slot, both counted from 0: (pitch, start, duration, velocity), by pitch and start."""
        builder = OscMessageBuilder("/live/clip/get/notes")
        for value in (track, slot, 0, 128, -8192.0, 16384.0):
            builder.add_arg(value)
        self.socket.sendto(builder.build().dgram, ("127.0.0.1", self.port))
        answer = OscMessage(self.socket.recv(65536))
        if answer.address != "/live/clip/get/notes":
            return []
        values = answer.params[2:]
        return [tuple(values[at : at + 4]) for at in range(0, len(values), 5)]


def notes_of(notebook, name):
    found = eval(notebook.python(NOTES.format(name)))  # noqa: S307  a list of numbers that we printed
    return sorted(found)


def same(heard, notes):
    """Whether the set holds these notes, times as exact as 32 bits allow."""
    return heard == [tuple(pytest.approx(value, abs=1e-4) for value in note) for note in notes]


def test_from_words_to_an_approved_clip_and_back(notebook):
    notebook.open("first.ipynb", LOAD, BASS, BEAT)
    notebook.run(0)
    notebook.run(1)
    view = notebook.view(1)
    view.wait_for(state="visible")

    # The notes are there, as pixels; the record is hidden behind the view.
    assert view.get_attribute("data-phase") == "ready"
    assert int(view.get_attribute("data-notes")) == int(notebook.python("print(len(bass))"))
    assert view.locator("canvas.conduit-grid").evaluate(INK) > 8
    assert not notebook.page.locator("[data-conduit] img").first.is_visible()

    # Play sounds and moves; stop stops.
    view.locator('[data-action="play"]').click()
    notebook.page.wait_for_function(
        "() => document.querySelector('.conduit-clip-view').dataset.playing === 'true'", timeout=5000
    )
    position = view.locator(".cd-position")
    start = position.inner_text()
    notebook.page.wait_for_function(
        "(start) => document.querySelector('.cd-position').textContent !== start", arg=start, timeout=5000
    )
    notebook.page.wait_for_function("() => globalThis.__conduit_sound.level() > 0.001", timeout=5000)
    view.locator('[data-action="play"]').click()
    notebook.page.wait_for_function(
        "() => document.querySelector('.conduit-clip-view').dataset.playing !== 'true'", timeout=5000
    )

    # An empty slot is filled at the click.
    with Listener(*map(int, notebook.python(PORTS).split())) as listener:
        view.locator('[data-action="push"]').click()
        view.locator('.conduit-plan[data-status="applied"]').wait_for()
        bass = notes_of(notebook, "bass")
        assert same(listener.notes(1, 2), bass)

        # A taken slot asks; nothing is changed before the approval.
        notebook.run(2)
        other = notebook.view(2)
        other.locator('[data-action="push"]').click()
        other.locator('.conduit-plan[data-status="pending"]').wait_for()
        assert same(listener.notes(1, 2), bass)
        other.locator('[data-action="approve"]').click()
        other.locator('.conduit-plan[data-status="applied"]').wait_for()
        assert same(listener.notes(1, 2), notes_of(notebook, "beat"))

        # Undo restores exactly.
        other.locator('[data-action="undo"]').click()
        other.locator('.conduit-plan[data-status="undone"]').wait_for()
        assert same(listener.notes(1, 2), bass)

    # Saved and opened again with a new kernel, the records are there; JupyterLab says that their views are not.
    assert not notebook.page.problems
    notebook.command("docmanager:save")
    notebook.page.wait_for_timeout(500)
    saved = str(notebook.content("first.ipynb")["cells"][1]["outputs"])
    assert "pushed to track 2 '2-MIDI', slot 3 (simulated set)" in saved
    notebook.command("kernelmenu:shutdown")
    notebook.visit("first.ipynb")
    record = notebook.page.locator("[data-conduit] img").first
    record.wait_for(state="visible")
    assert record.evaluate("(image) => image.naturalWidth") > 300
    assert "pushed to track 2" in notebook.page.locator(".jp-CodeCell").nth(1).inner_text()
    assert all("widget model not found" in problem for problem in notebook.page.problems)


def stop_a_running_cell(notebook):
    """Run a cell whose answer never ends, and press its Stop."""
    notebook.open("stop.ipynb", LOAD, SLOW, "%%conduit -m slow\nbass")
    notebook.run(0)
    notebook.run(1)
    notebook.start(2)
    notebook.page.locator('.conduit-clip-view[data-notes="4"]').wait_for()

    notebook.view(2).locator('[data-action="stop"]').click()
    notebook.finish()

    notebook.page.locator('.conduit-clip-view[data-phase="interrupted"]').wait_for()
    assert notebook.view(2).get_attribute("data-notes") == "4"
    assert notebook.python("print(len(_clip))").strip() == "4"


def test_the_stop_button_ends_a_running_cell_and_keeps_its_notes(notebook):
    stop_a_running_cell(notebook)

    assert not notebook.page.problems


def test_the_stop_button_works_on_an_older_kernel_too(older_notebook):
    stop_a_running_cell(older_notebook)

    found = older_notebook.python("import ipykernel; print(ipykernel.__version__)")
    assert found.startswith("7.3")
