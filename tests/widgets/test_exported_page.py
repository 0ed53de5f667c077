"""A page that is saved: everything lies in it, nothing gets out of it, and it plays from a file."""

from __future__ import annotations

import json
import re
import subprocess
from itertools import product
from pathlib import Path

import pytest
from widgets.test_bundle import node

from conduit.music import GM_PROGRAMS, Clip, Note
from conduit.widgets.packing import pack_clip
from conduit.widgets.page import page, sound_name
from conduit.widgets.roll import roll

JS = Path(__file__).parents[2] / "conduit" / "widgets" / "js"


BASS = Clip.of([Note(45 + beat, beat, 0.5) for beat in range(8)], name="Bass", bpm=90, instrument="bass")


DRUMS = Clip.of([Note(36, beat, 0.25) for beat in range(8)], name="Drums", bpm=90, instrument="drums")


ANGRY = BASS.with_(name="</script><script>globalThis.bad = 1</script><!-- '\"& ]]>")


def test_nothing_in_a_page_ends_its_script_early():
    text = page([ANGRY])
    (data,) = re.findall(r'<script type="application/json" id="conduit-data">(.*?)</script>', text, re.DOTALL)

    assert json.loads(data)["traits"]["clips"][0]["name"] == ANGRY.name
    assert text.count("<script") == 2
    assert "globalThis.bad = 1</script>" not in text


def test_a_page_names_no_address():
    text = page([BASS])
    found = set(re.findall(r"https?://[\w./-]+", text.partition("</style>")[0]))

    assert not found
    assert "default-src 'none'" in text


def test_a_page_holds_the_sounds_that_its_engine_asks_for():
    room = DRUMS.with_(program=8)

    (data,) = re.findall(r'id="conduit-data">(.*?)</script>', page([BASS, room]), re.DOTALL)

    assert [sound["name"] for sound in json.loads(data)["sounds"]] == ["38", "drums:8"]


@pytest.mark.slow
def test_python_and_the_engine_name_the_sound_of_every_instrument_and_program_alike():
    clips = [
        Clip.of([], instrument=instrument, program=program)
        for instrument, program in product([*GM_PROGRAMS, "drums"], [None, 0, 8, 127])
    ]
    facts = [
        {name: one[name] for name in ("instrument", "program", "drums")} for one in map(pack_clip, clips)
    ]
    script = f"""
        import {{ soundName }} from {json.dumps((JS / "engine" / "names.js").as_uri())};
        console.log(JSON.stringify({json.dumps(facts)}.map(soundName)));
    """

    done = subprocess.run(
        [*node(), "--input-type=module", "-e", script], capture_output=True, text=True, check=True
    )

    assert json.loads(done.stdout) == [sound_name(clip) for clip in clips]


@pytest.mark.browser
@pytest.mark.filterwarnings("ignore")
def test_a_page_from_a_file_is_edited_and_played_and_asks_nobody(chromium, tmp_path):
    path = roll([ANGRY, DRUMS]).save(tmp_path / "page.html")
    context = chromium.new_context()
    opened = context.new_page()
    problems, asked = [], []
    opened.on(
        "console", lambda message: message.type in {"error", "warning"} and problems.append(message.text)
    )
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("request", lambda request: asked.append(request.url.partition(":")[0]))

    opened.goto(path.as_uri())
    opened.locator(".conduit-clip-view canvas.conduit-grid").press("n")
    opened.keyboard.press("Delete")
    opened.locator('.conduit-clip-view[data-notes="7"]').wait_for()
    opened.keyboard.press("Control+z")
    opened.locator('.conduit-clip-view[data-notes="8"]').wait_for()
    opened.keyboard.press("Space")
    opened.locator('.conduit-clip-view[data-playing="true"]').wait_for()
    levels = []
    while len(levels) < 50 and max(levels, default=0) < 0.001:
        opened.wait_for_timeout(100)
        levels.append(opened.evaluate("globalThis.__conduit_sound.level()"))

    assert max(levels) > 0.001
    assert opened.evaluate("[Boolean(__conduit_sound.node), __conduit_sound.buffered ?? null]") == [
        True,
        None,
    ]
    assert not problems
    assert set(asked) <= {"file", "blob", "data"}
    assert opened.evaluate("globalThis.bad") is None
    context.close()
