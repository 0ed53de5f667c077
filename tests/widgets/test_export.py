"""What a view gives as files, and that an exported page is alive without a kernel and asks nobody."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pretty_midi
import pytest
from widgets.test_bundle import node

from conduit.audio import Sound, decode_wav, onsets
from conduit.errors import ClipError, SetupError
from conduit.music import Arrangement, Clip, Note
from conduit.widgets import ClipView
from conduit.widgets.export import exported, file_name, saved
from conduit.widgets.playback import Playback
from conduit.widgets.roll import roll

JS = Path(__file__).parents[2] / "conduit" / "widgets" / "js"
BASS = Clip.of([Note(45 + beat, beat, 0.5) for beat in range(8)], name="Bass", bpm=90, instrument="bass")
DRUMS = Clip.of([Note(36, beat, 0.25) for beat in range(8)], name="Drums", bpm=90, instrument="drums")


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


def sound_of(clips, **heard):
    samples, rate = decode_wav(exported(clips, "wav", **heard).content)
    return Sound(samples, rate)


CLICKS = Clip.of([Note(37, beat / 2, 0.1) for beat in range(8)], name="Clicks", instrument="drums")


@pytest.mark.parametrize("song", [None, Arrangement.of([CLICKS])], ids=["clip", "song"])
def test_a_sound_is_saved_with_the_swing_that_is_heard(song):
    found = onsets(sound_of([CLICKS], song=song, playback=Playback(swing=0.62)))

    # At 120 bpm a beat is half a second; the second eighth of each comes at 0.62 of it.
    assert found == pytest.approx([0, 0.31, 0.5, 0.81, 1, 1.31, 1.5, 1.81], abs=0.012)


@pytest.mark.parametrize("song", [None, SONG], ids=["clips", "song"])
def test_a_sound_is_saved_at_the_tempo_that_is_heard(song):
    sound = sound_of([BASS, DRUMS], song=song, playback=Playback(tempo=180))

    assert sound.duration_s == pytest.approx(8 / 3 + 1.5, abs=0.01)


@pytest.mark.parametrize("song", [None, SONG], ids=["clips", "song"])
@pytest.mark.parametrize(
    "playback", [Playback(muted={1}), Playback(soloed={0}), Playback(muted={1}, soloed={0, 1})], ids=str
)
def test_what_is_not_heard_is_not_in_a_saved_sound(playback, song):
    heard = sound_of([BASS, DRUMS], song=song, playback=playback)

    assert heard == sound_of([BASS, DRUMS.with_table(DRUMS.table[:0])], song=song)


def test_a_view_in_which_all_is_muted_is_saved_as_silence():
    sound = sound_of([BASS], playback=Playback(muted={0}))

    assert (sound.samples.any(), sound.duration_s > 5) == (False, True)


def test_the_sound_that_is_chosen_is_saved():
    assert sound_of([BASS], playback=Playback(engine="synth")) != sound_of([BASS])


@pytest.mark.parametrize("song", [None, SONG], ids=["clips", "song"])
def test_a_midi_file_holds_notes_as_they_stand_and_those_of_silent_parts_muted(song, tmp_path):
    playback = Playback(tempo=180, swing=0.62, soloed={0})

    path = saved([BASS, DRUMS], tmp_path / "song.mid", song=song, playback=playback)

    bass, drums = Arrangement.load(path)
    assert bass.notes == BASS.notes
    assert [note.start for note in drums.notes] == [note.start for note in DRUMS.notes]
    assert all(note.mute for note in drums.notes)
    assert [one.is_drum for one in pretty_midi.PrettyMIDI(str(path)).instruments if one.notes] == [False]


def test_a_page_begins_to_play_as_the_view_does():
    playback = Playback(swing=0.62, muted={1})

    content = exported([BASS, DRUMS], "html", playback=playback).content.decode()

    (data,) = re.findall(r'id="conduit-data">(.*?)</script>', content, re.DOTALL)
    assert Playback.of(json.loads(data)["traits"]["playback"]) == playback


def test_what_a_view_says_of_its_playback_counts_for_what_python_saves(tmp_path):
    view = roll([BASS, DRUMS])

    view.act({"type": "playback", "playback": {"swing": 0.62, "sound": "synth", "muted": [1]}})

    expected = exported(
        [BASS, DRUMS], "wav", playback=Playback(swing=0.62, engine="synth", muted=frozenset({1}))
    )
    assert view.save(tmp_path / "heard.wav").read_bytes() == expected.content


@pytest.mark.parametrize(
    "facts",
    [{}, {"tempo": "fast", "swing": 9, "step": None}, {"muted": "all", "soloed": [True, 0.5]}, {"sound": []}],
    ids=str,
)
def test_what_no_view_would_say_of_its_playback_is_as_if_it_had_not(facts):
    assert Playback.of(facts) == Playback()


@pytest.mark.parametrize("kind", ["flac", "ogg"])
def test_a_sound_is_saved_packed_too(kind, tmp_path):
    path = ClipView(BASS).save(tmp_path / f"bass.{kind}")

    assert path.read_bytes()[:4] == {"flac": b"fLaC", "ogg": b"OggS"}[kind]


@pytest.mark.slow
@pytest.mark.parametrize(("swing", "step"), [(0.58, 0.5), (2 / 3, 0.25), (0.5, 0.5)])
def test_python_and_the_engine_swing_alike(swing, step):
    beats = [k / 7 for k in range(60)]
    clip = Clip.of([Note(60, beat, 0.1) for beat in beats], length=12)
    script = f"""
        import {{ swung }} from {json.dumps((JS / "engine" / "clock.js").as_uri())};
        const beats = {json.dumps([note.start for note in clip.notes])};
        console.log(JSON.stringify(beats.map((beat) => swung(beat, {{ swing: {swing}, swingStep: {step} }}))));
    """

    done = subprocess.run(
        [*node(), "--input-type=module", "-e", script], capture_output=True, text=True, check=True
    )

    (heard,) = Playback(swing=swing, step=step).sounding([clip])
    assert [note.start for note in heard.notes] == pytest.approx(json.loads(done.stdout), abs=1e-4)


@pytest.mark.browser
def test_muting_swing_and_tempo_reach_python_and_are_there_when_the_view_is_shown_again(bare):
    view = roll([BASS, DRUMS])
    bare.open(view)

    bare.action("mute-1").click()
    bare.action("quantise").click()
    bare.action("swing-62 %").click()
    bare.until("() => window.sent.some(({ playback }) => playback?.swing === 0.62)")  # told when it rests
    bare.carry(view)

    assert Playback.of(view.playback) == Playback(swing=0.62, muted=frozenset({1}))
    bare.open(view)
    assert bare.action("mute-1").get_attribute("aria-pressed") == "true"


@pytest.mark.browser
def test_what_is_heard_is_told_before_a_file_is_asked_for(bare):
    bare.open(roll([BASS, DRUMS]))

    bare.action("solo-0").click()
    bare.action("more").click()
    bare.action("export-wav").click()

    assert [(one["type"], one.get("playback", {}).get("soloed")) for one in bare.sent()] == [
        ("playback", [0]),
        ("export", None),
    ]


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
