"""The chat panel in a real JupyterLab: asked, stopped, edited, branched, approved, reloaded, restarted, side by side."""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path

import pytest
from chat import BASS, LOAD, PANEL, Chat, ChatNotebook
from conftest import watched
from lab import jupyterlab

from conduit.music import Arrangement, Clip, Note

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore"), pytest.mark.timeout(240)]

KERNELS = Path(__file__).parents[2] / ".kernels"
OLDER = ("7.3", "6.30")
RED_DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
)
SLOWLY = 'says("slow", *["Words that come one after the other, each in its time. " * 40] * 9, pace_s=0.03, piece=8)'
WRITES = f"""
clip = {BASS!r}
says("writes", *[[call("write_clip", clip=clip), call("push_clip", track=2, slot=1), call("push_clip", track=2, slot=2)],
                 "Both wait for you.", "Thank you.", "So be it."], piece=64)
"""


@pytest.fixture(scope="module")
def chat_lab(tmp_path_factory):
    """Give JupyterLab with a store on a file, and with the older kernels beside the newest."""
    home = tmp_path_factory.mktemp("chat") / "lab"
    with jupyterlab(home, CONDUIT_STORE=str(home / "conduit.db")) as server:
        for version in OLDER:
            spec = {
                "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
                "display_name": f"ipykernel {version}",
                "language": "python",
                "env": {"PYTHONPATH": str(KERNELS / version)},
            }
            place = home / "data" / "kernels" / f"ipykernel-{version}"
            place.mkdir(parents=True)
            (place / "kernel.json").write_text(json.dumps(spec))
        yield server


@pytest.fixture(scope="module")
def chat_page(chromium, chat_lab):
    context = chromium.new_context(viewport={"width": 1280, "height": 1000})
    yield watched(context.new_page())
    context.close()


@pytest.fixture
def open_chat(chat_page, chat_lab):
    """Give ``open_chat(name, *cells)``: a notebook whose second cell holds a panel; a console error fails the test."""

    def opened(name, *cells, kernel="python3"):
        notebook = ChatNotebook(chat_page, *chat_lab)
        notebook.open(name, LOAD, PANEL, *cells, kernel=kernel)
        notebook.run(0)
        notebook.run(1)
        chat = Chat(notebook)
        chat.root.wait_for()
        return chat

    chat_page.problems.clear()
    yield opened
    assert chat_page.problems == []


def notes_in(chat, track, slot):
    code = f"from conduit.studio import current; print(len(current().call(current().live.pull({track}, {slot})).notes))"
    return chat.notebook.python(code).strip()


def test_a_clip_is_asked_for_approved_written_to_the_set_and_taken_back(open_chat):
    chat = open_chat("ask.ipynb")
    chat.picture("empty")

    chat.send("4 bars of acid bass in A minor, push it to track 2 slot 3")
    chat.card("pending").wait_for(timeout=20_000)
    chat.wait(entry=1)
    chat.entry(1).locator('.conduit-clip-view[data-phase="ready"]').wait_for()
    before = notes_in(chat, 2, 3)
    asks = chat.root.get_by_text("Asks first").count()
    chat.picture("plan-waits")
    chat.action("approve").click()
    chat.card("applied").wait_for()
    written = notes_in(chat, 2, 3)
    chat.wait()
    chat.picture("plan-approved")
    chat.action("undo").last.click()
    chat.card("undone").wait_for()

    assert asks == 1
    assert not before.isdigit()
    assert int(written) > 8
    assert not notes_in(chat, 2, 3).isdigit()
    chat.picture("plan-undone", dark=False)


def words_of(chat, entry=-1):
    """The text of an answer."""
    return chat.entry(entry).locator(".cc-parts").inner_text()


def grows(chat, entry=-1):
    """Wait until more text of an answer is there than now."""
    now = len(words_of(chat, entry))
    chat.page.wait_for_function(
        "([entry, now]) => entry.querySelector('.cc-parts').innerText.length > now",
        arg=[chat.entry(entry).element_handle(), now],
        timeout=15_000,
    )
    return len(words_of(chat, entry))


def test_an_answer_streams_is_steered_and_is_stopped_with_what_has_come(open_chat):
    chat = open_chat("stop.ipynb")
    chat.notebook.python(SLOWLY)

    chat.send("Tell me slowly")
    chat.wait("running")
    first = grows(chat)
    second = grows(chat)
    chat.send("Shorter, please")
    steer = chat.root.get_by_text("Shorter, please")
    steer.wait_for()
    chat.picture("streaming")
    chat.action("stop").click()
    chat.wait("stopped")

    kept = words_of(chat)
    assert second > first > 0
    assert len(kept) >= second
    assert chat.root.locator(".cc-entry").count() == 1
    assert "Stopped" in chat.entry(1).inner_text()
    assert chat.input.input_value() == ""
    chat.picture("stopped", dark=False)


def test_a_turn_is_edited_switched_between_takes_and_two_are_compared(open_chat):
    chat = open_chat("branches.ipynb")
    chat.ask("4 bars of acid bass in A minor", entries=1)
    chat.ask("now techno drums", entries=2)

    chat.entry(1).hover()
    chat.entry(1).locator('[data-action="edit"]').click()
    chat.root.locator(".cc-field").fill("4 bars of acid bass in C minor")
    chat.root.locator(".cc-field").press("Enter")
    chat.root.locator('.cc-takes-switch, .cc-take-switch, .cc-switch').first.wait_for(timeout=20_000)
    chat.wait(entry=1)
    chat.picture("branches")
