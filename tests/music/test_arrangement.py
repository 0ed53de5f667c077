from __future__ import annotations

import pickle

import pretty_midi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit.errors import ClipError, SetupError
from conduit.music import BEND, Arrangement, Clip, ControlChange, Meter, Note
from conduit.music.arranging import one_tempo
from conduit.music.kept import KeptEvent

DRUMS = Clip.of([Note(36, beat, 0.25) for beat in range(4)], name="Drums", instrument="drums", bpm=128)
BASS = Clip.of(
    [Note(45, 0, 3.5), Note(48, 3.5, 4)],
    name="Bass",
    instrument="bass",
    key="A minor",
    length=8,
    controls=[ControlChange(74, 1, 100), ControlChange(BEND, 2, -8192)],
)
SONG = Arrangement.of([DRUMS, BASS], name="Song", markers=[(4, "Drop"), (0, "Intro")])


def test_it_is_as_long_as_its_longest_clip():
    assert (SONG.length, SONG.bars, SONG.meter, SONG.bpm, SONG.key) == (8, 2, Meter(), 128, "A minor")


def test_a_clip_is_found_by_number_and_by_name_in_any_capitals():
    assert SONG[0] == SONG["Drums"] == SONG["drums"]
    assert SONG[-1] == SONG["Bass"]
    assert list(SONG) == [DRUMS, BASS]


def test_names_that_differ_in_capitals_alone_are_two():
    song = Arrangement.of([BASS.with_(name="bass"), BASS])

    assert song["Bass"] == BASS


def test_an_unknown_name_is_an_error_with_those_that_come_near():
    with pytest.raises(ClipError, match="no clip is called 'Drum'; there is Drums") as caught:
        SONG["Drum"]

    assert caught.value.valid == ["Drums"]


def test_an_unknown_number_is_an_index_error():
    with pytest.raises(IndexError, match="no clip 2: there are 2"):
        SONG[2]


def test_it_shows_itself_in_a_line():
    assert repr(SONG) == "<Arrangement 'Song' 2 clips, 2 bars, 6 notes, 4/4, 128 bpm, A minor>"


def test_equal_arrangements_have_equal_digests_and_pickle_as_they_are():
    same = Arrangement.of([DRUMS, BASS], name="Song", markers=[(0, "Intro"), (4, "Drop")])

    assert same == SONG
    assert {same} == {SONG}
    assert pickle.loads(pickle.dumps(SONG)) == SONG  # noqa: S301  our own bytes


@pytest.mark.parametrize(
    "change",
    [
        {"name": "X"},
        {"tempos": ((0, 90),)},
        {"markers": ()},
        {"keys": ()},
        {"kept": (KeptEvent(0, 1, b"\xff\x01A"),)},
    ],
)
def test_arrangements_that_differ_in_one_fact_are_not_equal(change):
    assert SONG.with_(**change) != SONG


def test_clips_of_other_ticks_are_put_together_exactly():
    thirds = Clip.of([Note(60, 1 / 3, 1 / 3)], ppq=3)
    fifths = Clip.of([Note(60, 1 / 5, 1 / 5)], ppq=5, loop=(1, 2), meter_changes=[(4, "3/4")], length=7)

    song = Arrangement.of([thirds, fifths])

    assert song.ppq == 15
    assert [clip.notes[0].start for clip in song] == [1 / 3, 1 / 5]
    assert (song[1].loop, song[1].meter_changes) == ((1, 2), ((60, Meter(3, 4)),))


def test_clips_that_no_file_can_hold_together_are_refused():
    with pytest.raises(ClipError, match=r"clips of 480, 32767 ticks a beat cannot be put together exactly"):
        Arrangement.of([BASS.with_(ppq=480), Clip.of([Note(60, 0, 1)], ppq=32_767)])


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"tempos": ((4, 90), (0, 100))}, "tempos at ticks"),
        ({"tempos": ((0, 1),)}, "a tempo of an arrangement is 3.576 to"),
        ({"tempos": ((0, float("nan")),)}, "a tempo of an arrangement is 3.576 to"),
        ({"markers": ((-1, "A"),)}, "a marker at tick -1 cannot be"),
        ({"keys": ((0, "D dorian"),)}, "a key signature cannot say D dorian"),
        ({"ppq": 480}, "Arrangement.of gives all the same"),
        ({"places": ((1, 0), (1, 0))}, "2 clips have 1 places"),
    ],
)
def test_what_cannot_be_is_refused(facts, said):
    with pytest.raises(ClipError, match=said):
        SONG.with_(**facts)


def test_seconds_follow_every_change_of_tempo():
    song = Arrangement.of([BASS], tempos=[(0, 120), (4, 60), (6, 240)])

    assert song.duration_s == pytest.approx(4 * 0.5 + 2 * 1 + 2 * 0.25)


def test_until_the_first_tempo_it_is_120():
    song = Arrangement.of([BASS], tempos=[(4, 60)])

    assert (song.bpm, song.duration_s) == (120, pytest.approx(6))


def test_nothing_drifts_in_a_thousand_bars():
    bar = Clip.of([Note(60, 0, 1 / 3), Note(60, 3, 1 / 3)], meter="7/8", length=3.5, bpm=127.3)
    song = Arrangement.of([bar])
    for _ in range(10):
        song = song.then(song)

    assert song.bars == 1024
    assert song[0].table["start"].tolist()[-2:] == [1023 * 3360, 1023 * 3360 + 2880]
    assert song.duration_s == pytest.approx(1024 * 3.5 * 60 / 127.3, abs=1e-3)


def test_then_goes_on_with_clips_of_the_same_name():
    pad = Clip.of([Note(60, 0, 4)], name="Pad", bpm=100, key="C major", meter="3/4")

    whole = SONG.then(Arrangement.of([BASS.with_(bpm=100), pad], markers=[(0, "Break")]))

    assert whole.names == ("Drums", "Bass", "Pad")
    assert [note.start for note in whole["Bass"].notes] == [0, 3.5, 8, 11.5]
    assert [move.start for move in whole["Bass"].controls] == [1, 2, 9, 10]
    assert whole["Pad"].notes[0].start == 8
    assert whole.tempos == ((0, 128), (8 * 960, 100))
    assert whole.markers == ((0, "Intro"), (4 * 960, "Drop"), (8 * 960, "Break"))


def test_then_takes_the_metre_along():
    first = Arrangement.of([Clip.of([Note(60, 0, 1)], length=5)])
    second = Arrangement.of([Clip.of([Note(60, 0, 1)], meter="3/4")])

    assert [str(meter) for _, meter in first.then(second)[0].meter_changes] == ["3/4"]
    assert first.then(first)[0].meter_changes == ((5 * 960, Meter()),)


def test_solo_and_without_take_what_belongs_to_the_others_away():
    words = (
        KeptEvent(0, 0, b"\xff\x01all"),
        KeptEvent(1, 0, b"\xff\x05drum"),
        KeptEvent(2, 5, b"\xa0\x2d\x10"),
    )
    song = SONG.with_(kept=words)

    assert song.solo("Bass").names == song.without("Drums").names == ("Bass",)
    assert song.solo("Bass").kept == (words[0], KeptEvent(1, 5, b"\xa0\x2d\x10"))
    assert song.without("Bass").kept == words[:2]


def test_with_clip_puts_another_in_the_place_of_one():
    other = Clip.of([Note(60, 0, 1 / 7)], ppq=7, name="Other")

    song = SONG.with_clip("Bass", other)

    assert (song.names, song.ppq) == (("Drums", "Other"), 6720)
    assert song.markers == ((0, "Intro"), (4 * 6720, "Drop"))


def test_merged_holds_every_note_and_the_controllers_of_the_one_clip_that_has_some():
    clip = SONG.merged()

    assert (len(clip), clip.name, clip.instrument, clip.length) == (6, "Song", "bass", 8)
    assert clip.controls == BASS.controls


def test_merged_has_no_controllers_where_they_would_act_on_other_clips():
    assert len(Arrangement.of([BASS, BASS.with_(name="Two")]).merged().controls) == 0


def test_an_arrangement_of_one_clip_merges_to_it():
    assert Arrangement.of([BASS]).merged() == BASS


def test_nothing_cannot_be_merged():
    with pytest.raises(ClipError, match="holds no notes"):
        Arrangement().merged()


def test_what_was_kept_from_a_file_is_written_again_and_moves_along(tmp_path):
    pressure = KeptEvent(2, 960, b"\xa0\x2d\x40")
    sysex = KeptEvent(0, 0, b"\xf0\x7e\x7f\x09\x01")
    song = SONG.with_(kept=(sysex, pressure))

    path = song.then(song).save(tmp_path / "song.mid")

    moved = (sysex, sysex._replace(tick=8 * 960), pressure, pressure._replace(tick=9 * 960))
    assert sorted(Arrangement.load(path).kept) == sorted(moved)


def test_a_changed_tempo_replaces_the_one_in_the_file(tmp_path):
    loaded = Arrangement.load(SONG.save(tmp_path / "a.mid"))

    faster = loaded.with_(tempos=((0, 140), (960, 70)))

    assert Arrangement.load(faster.save(tmp_path / "b.mid")) == faster


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(SetupError, match="cannot be written"):
        SONG.save(tmp_path / "nowhere" / "x.mid")


def test_a_pretty_midi_object_holds_every_clip_and_gives_them_back():
    again = Arrangement.from_pretty_midi(SONG.to_pretty_midi())

    assert [clip.notes for clip in again] == [clip.notes for clip in SONG]
    assert (again.names, again.tempos, again.key) == (SONG.names, SONG.tempos, "A minor")
    assert [(move.control, move.start, move.value) for move in again["Bass"].controls] == [
        (74, 1, 100),
        (BEND, 2, -8192),
    ]


def test_pretty_midi_takes_changes_of_tempo_and_metre_and_words():
    clip = Clip.of([Note(60, beat, 1) for beat in range(14)], meter_changes=[(4, "3/4")], length=16)
    song = Arrangement.of([clip], tempos=[(0, 100), (5, 73.37)]).with_(
        kept=(KeptEvent(0, 960, "\xff\x05ß".encode("latin1")),)
    )

    midi = song.to_pretty_midi()
    again = Arrangement.from_pretty_midi(midi)

    assert (again[0].notes, again[0].meter_changes, again.tempos) == (
        clip.notes,
        clip.meter_changes,
        song.tempos,
    )
    assert [(word.text, word.time) for word in midi.lyrics] == [("ß", pytest.approx(0.6))]


def played(notes):
    """Give an object of one instrument that plays these: velocity, pitch, start and end in seconds."""
    midi = pretty_midi.PrettyMIDI()
    midi.instruments.append(pretty_midi.Instrument(0))
    midi.instruments[0].notes = [pretty_midi.Note(*note) for note in notes]
    return midi


@given(st.lists(st.floats(0, 60), min_size=1, max_size=8))
def test_times_between_the_ticks_of_an_object_are_read_finely(times):
    midi = played([(90, 60, time, time + 0.5) for time in times])

    starts = sorted(note.start / 2 for note in Clip.from_pretty_midi(midi).notes)

    assert starts == pytest.approx(sorted(times), abs=0.5 / 220 * 0.02 + 0.25 / 1100)


def test_a_note_that_cannot_be_is_refused():
    midi = played([(200, 60, 0, 1)])

    with pytest.raises(ClipError, match="pitch 60 and velocity 200 at tick 0 cannot be"):
        Clip.from_pretty_midi(midi)


def test_at_one_tempo_every_note_stands_at_its_second():
    song = Arrangement.of([BASS, DRUMS], tempos=[(0, 120), (2, 61.7), (5, 15)])

    evened = one_tempo(song)

    clip = evened[0]
    ends = song.tempo_map.all_seconds(BASS.table["start"] + BASS.table["duration"])
    assert [note.end * 60 / clip.bpm for note in clip.notes] == pytest.approx(ends.tolist(), abs=1e-4)
    assert clip.duration_s == pytest.approx(song.duration_s, abs=1e-4)
    assert [move.start * 60 / clip.bpm for move in clip.controls] == pytest.approx([0.5, 1.0], abs=1e-4)


def test_without_changes_of_tempo_clips_only_take_the_tempo_of_all():
    assert one_tempo(SONG) == (DRUMS, BASS.with_(bpm=128))


def test_music_that_is_too_long_for_pretty_midi_is_refused():
    song = Arrangement.of([BASS.with_(length_ticks=20_000 * 960)])

    with pytest.raises(ClipError, match="is too long for pretty_midi"):
        song.to_pretty_midi()


def test_a_metre_of_an_object_that_live_does_not_know_is_passed_over():
    midi = played([(90, 60, 0, 1)])
    midi.time_signature_changes = [pretty_midi.TimeSignature(5, 32, 0), pretty_midi.TimeSignature(3, 4, 2)]

    song = Arrangement.from_pretty_midi(midi)

    assert (song.meter, [str(meter) for _, meter in song[0].meter_changes]) == (Meter(), ["3/4"])


@pytest.mark.parametrize("clips", ["abc", 4, ["abc"], Clip.of([])], ids=["text", "number", "texts", "clip"])
def test_what_is_not_clips_is_refused_with_how_to_write_them(clips):
    with pytest.raises(TypeError, match=r"write Arrangement.of\(\[drums, bass\]\)"):
        Arrangement.of(clips)
