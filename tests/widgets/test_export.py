"""What a view gives as files, and that an exported page is alive without a kernel and asks nobody."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from itertools import product
from pathlib import Path

import pretty_midi
import pytest
from widgets.test_bundle import node

from conduit.audio import decode_wav
from conduit.errors import ClipError, SetupError
from conduit.music import GM_PROGRAMS, Arrangement, Clip, Note
from conduit.widgets import ClipView
from conduit.widgets.export import exported, file_name, saved
from conduit.widgets.packing import pack_clip
from conduit.widgets.page import page, sound_name
from conduit.widgets.roll import roll

JS = Path(__file__).parents[2] / "conduit" / "widgets" / "js"
BASS = Clip.of([Note(45 + beat, beat, 0.5) for beat in range(8)], name="Bass", bpm=90, instrument="bass")
DRUMS = Clip.of([Note(36, beat, 0.25) for beat in range(8)], name="Drums", bpm=90, instrument="drums")
ANGRY = BASS.with_(name="</script><script>globalThis.bad = 1</script><!-- '\"& ]]>")


def test_one_clip_is_a_midi_file_of_one_track_and_several_are_one_song():
    alone = exported([BASS], "mid")
    song = exported([BASS, DRUMS], "mid")

    assert (alone.name, alone.mime) == ("Bass.mid", "audio/midi")
    assert alone.content[:4] == song.content[:4] == b"MThd"


def test_a_saved_midi_file_holds_every_part_as_it_is_now(tmp_path):
    view = roll([BASS, DRUMS])
    view.show_clips([BASS.transpose(12), DRUMS])

    song = Arrangement.load(view.save(tmp_path / "song.mid"))

    assert [clip.notes for clip in song] == [BASS.transpose(12).notes, DRUMS.notes]
    assert len(pretty_midi.PrettyMIDI(str(tmp_path / "song.mid")).instruments) == 2


def test_a_wave_file_sounds_as_long_as_the_clip():
    samples, rate = decode_wav(exported([BASS], "wav").content)

    assert len(samples) / rate == pytest.approx(BASS.duration_s + 1.5, abs=0.01)
    assert abs(samples).max() > 0.05


SONG = Arrangement.of([BASS, DRUMS], name="Song", tempos=[(0, 120), (4, 60)], markers=[(0, "verse")])


def test_a_song_is_saved_with_its_tempos_and_markers_and_the_edits(tmp_path):
    edited = (SONG[0].transpose(12), SONG[1])

    saved(edited, tmp_path / "song.mid", song=SONG)

    song = Arrangement.load(tmp_path / "song.mid")
    assert (song.tempos, song.markers) == (SONG.tempos, SONG.markers)
    assert [clip.notes for clip in song] == [clip.notes for clip in edited]


def test_the_wave_file_of_a_song_lasts_as_its_tempos_say():
    samples, rate = decode_wav(exported(SONG.clips, "wav", song=SONG).content)

    assert len(samples) / rate == pytest.approx(SONG.duration_s + 1.5, abs=0.01)


def test_a_song_of_another_number_of_clips_is_passed_over():
    assert exported([BASS], "mid", song=SONG).content == exported([BASS], "mid").content


def test_a_song_whose_first_clip_got_another_tempo_begins_in_it(tmp_path):
    clips = (SONG[0].with_(bpm=100), SONG[1])

    saved(clips, tmp_path / "song.mid", song=SONG)

    tempos = Arrangement.load(tmp_path / "song.mid").tempos
    assert [round(bpm) for _, bpm in tempos] == [100, 60]


def test_a_roll_knows_the_song_it_shows_also_that_of_a_file(tmp_path):
    path = SONG.save(tmp_path / "song.mid")

    assert roll(SONG).song is SONG
    assert roll(path).song.tempos == SONG.tempos
    assert roll([BASS, DRUMS]).song is None


def test_a_package_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "resvg_py", None)

    with pytest.raises(SetupError, match=r"\.png files need the package resvg_py"):
        exported([BASS], "png")


def test_pictures_are_of_the_part_that_is_active():
    svg, png = (exported([BASS, DRUMS], kind, part=1) for kind in ("svg", "png"))

    assert (svg.name, png.name) == ("Drums.svg", "Drums.png")
    assert b"kick" in svg.content.lower()
    assert png.content.startswith(b"\x89PNG")


@pytest.mark.parametrize("kind", ["exe", "", "MID"])
def test_a_kind_that_is_none_is_refused_with_those_that_are(kind):
    with pytest.raises(ClipError, match="kinds are mid, wav, svg, png, html"):
        exported([BASS], kind)


def test_a_part_that_is_not_there_is_refused():
    with pytest.raises(ClipError):
        exported([BASS], "mid", part=1)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Acid Bass 2", "Acid Bass 2"),
        ("../../etc/passwd", "--..-etc-passwd"),
        ("a\\b:c*?", "a-b-c--"),
        ("Größe ♪", "Größe -"),
        ("CON", "clip-CON"),
        ("", "clip"),
        ("...", "clip"),
        ("x" * 200, "x" * 60),
    ],
)
def test_names_of_files_are_safe(name, safe):
    assert file_name(name) == safe


def test_an_ending_that_is_none_is_refused_with_those_that_are(tmp_path):
    with pytest.raises(SetupError, match=r"\.mid, \.wav, \.svg, \.png, \.html"):
        ClipView(BASS).save(tmp_path / "bass.mp9")


def test_what_cannot_be_written_is_told(tmp_path):
    with pytest.raises(SetupError, match="choose a folder that exists"):
        ClipView(BASS).save(tmp_path / "nowhere" / "bass.mid")


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
