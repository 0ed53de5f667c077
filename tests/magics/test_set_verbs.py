"""The verbs that look into a Live set, play it and change it, against a simulated set in a real shell."""

from __future__ import annotations

import pytest

from conduit import Clip, Note

BASS = Clip.of([Note(33 + beat, beat, 0.5) for beat in range(4)], name="Bass", bpm=120)


@pytest.fixture
def shell(ip, studio):
    """Give a shell whose simulated set is a fresh one, with a clip in track 1, slot 1."""
    studio.call(studio.live.close())
    ip.user_ns["bass"] = BASS
    ip.run_line_magic("conduit", "push bass --track 1 --slot 1")
    yield ip
    studio.call(studio.live.close())


def said(shell, capsys, line):
    capsys.readouterr()
    result = shell.run_cell(f"%conduit {line}", store_history=False)
    return result.success, capsys.readouterr().out


def test_a_terminal_tells_the_set_in_lines(shell, capsys):
    done, text = said(shell, capsys, "live")

    assert done
    assert "120 bpm, 4/4" in text
    assert "track 1 '1-MIDI' (MIDI: no instrument): slot 1 'Bass' 1 bar" in text


def test_a_pulled_clip_is_the_one_in_the_set(shell, capsys):
    done, text = said(shell, capsys, "pull 1 1 riff")

    assert done
    assert [note.pitch for note in shell.user_ns["riff"].notes] == [33, 34, 35, 36]
    assert "is in riff" in text


def test_what_was_pulled_fits_the_next_cell_as_context(shell, script):
    model = script("No clip, only words.")
    shell.run_line_magic("conduit", "pull 1 1 riff")

    shell.run_cell("%%conduit -n -m scripted --mode chat --context riff\nwhat is this?", store_history=False)

    assert "Bass" in str(model.requests[-1])


@pytest.mark.parametrize(("named", "told"), [("live", "MIDI: no instrument"), ("live/1/1", "1:A0")])
def test_the_set_and_its_clips_can_be_context_themselves(shell, script, named, told):
    model = script("No clip, only words.")

    shell.run_cell(
        f"%%conduit -n -m scripted --mode chat --context {named}\nwhat is this?", store_history=False
    )

    assert told in str(model.requests[-1])


def test_a_launched_clip_plays_and_is_counted_and_stops(shell, studio, capsys):
    launched = said(shell, capsys, "fire 1 1")
    playing = studio.call(studio.live.state()).snapshot
    counted = said(shell, capsys, "live beat 1")
    stopped = said(shell, capsys, "halt")

    assert launched == (True, "launched track 1 '1-MIDI', slot 1\n")
    assert (playing.is_playing, playing.tracks[0].playing_slot) == (True, 1)
    assert counted[0]
    assert ".2" in counted[1]
    assert stopped == (True, "stopped\n")
    assert not studio.call(studio.live.state()).snapshot.is_playing


def test_a_change_waits_for_its_approval_and_is_taken_back(shell, studio, capsys):
    def tempo():
        return studio.call(studio.live.state()).snapshot.tempo

    waiting = said(shell, capsys, "set tempo 128")
    before = tempo()
    said(shell, capsys, "approve")
    after = tempo()
    said(shell, capsys, "undo")

    assert waiting[0]
    assert "waits for approval" in waiting[1]
    assert (before, after, tempo()) == (120, 128, 120)


def test_the_log_tells_what_was_decided_by_whom_and_what_it_changed(shell, capsys):
    said(shell, capsys, "set tempo 128")
    said(shell, capsys, "approve")

    done, text = said(shell, capsys, "plans log")

    assert done
    newest = text.splitlines()[1]
    assert [word in newest for word in ("applied", "person", "120 bpm", "128 bpm")] == [True] * 4


def test_a_word_may_be_a_number_where_a_name_is_meant(shell, studio, capsys):
    said(shell, capsys, "set name 808 --track 1")
    said(shell, capsys, "approve")

    assert studio.call(studio.live.state()).snapshot.tracks[0].name == "808"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("pull 1 2", "is empty"),
        ("pull 99 1", "no track 99"),
        ("pull 1 1 not-a-name", "not a name for a variable"),
        ("fire 1 2", "is empty"),
        ("fire scene 99", "no scene 99"),
        ("fire", "fire TRACK SLOT"),
        ("halt nonsense", "stop what?"),
        ("play backwards", "write %conduit play"),
        ("plans nonsense", "write it alone, or with log"),
        ("live dance", "does not know 'dance'"),
        ("live beat", "the set is stopped"),
        ("live find reverb", "browser"),
        ("live device 1 1", "no device 1"),
        ("set tempo fast", "needs a number"),
        ("set weather sunny", "no plan can change 'weather'"),
        ("set volume 0.5", "needs its track"),
        ("set tempo 5", "20"),
    ],
)
def test_what_cannot_be_is_one_error_and_changes_nothing(shell, studio, capsys, line, why):
    before = studio.call(studio.live.state()).snapshot

    done, text = said(shell, capsys, line)

    assert (done, why in text) == (False, True)
    assert studio.call(studio.live.state()).snapshot == before
