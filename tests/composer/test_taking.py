import json
from time import process_time

import pytest
from composer.answers import ANSWERS, BEAT, CLIP, NOTES
from hypothesis import given, settings
from hypothesis import strategies as st

from conduit.composer.brief import Options
from conduit.composer.repair import DROPS
from conduit.composer.taking import MOST, clip_of, take_in
from conduit.music import ControlChange, Note, read_clip

ONE = {"pitch": 60, "start_beat": 0, "duration_beats": 1, "velocity": 100}


def taken(*notes, options=None, final=False, **facts):
    """Take in the bridge's JSON; give what came of it."""
    return take_in({"midi_notes": list(notes), **facts}, options, final=final)


def only(*notes, **facts):
    """Give the notes of the one clip that comes."""
    (clip,) = taken(*notes, **facts).clips
    return list(clip.notes)


def kinds(intake):
    return [repair.kind for repair in intake.repairs]


def dropped(intake):
    return sum(repair.count for repair in intake.repairs if repair.kind in DROPS)


@pytest.mark.parametrize("name", ANSWERS)
def test_every_note_of_an_answer_is_in_its_clips(name):
    text, count = ANSWERS[name]

    intake = take_in(text)

    assert (intake.problem, intake.n_seen, intake.n_kept) == (None, count, count)


def test_notation_comes_out_as_the_reader_gives_it():
    assert take_in(CLIP).clips == (read_clip(CLIP),)
    assert take_in(CLIP).repairs == ()


def test_words_around_a_clip_are_given_without_it():
    assert take_in(f"Here:\n\n```clip\n{CLIP}```\n\nEnjoy.").words == "Here:\n\n\n\nEnjoy."
    assert take_in(f"Here: {json.dumps({'notes': NOTES})} Enjoy.").words == "Here:  Enjoy."


@pytest.mark.parametrize(
    ("written", "pitch"),
    [("C4", 60), ("c#4", 61), ("Bb3", 58), ("B♭3", 58), ("A0", 21), ("C-1", 0), ("G9", 127), ("60", 60)],
)
def test_names_of_pitches_are_read_with_c4_as_60(written, pitch):
    assert [note.pitch for note in only(ONE | {"pitch": written})] == [pitch]


def test_whoever_reads_names_of_pitches_is_told_how():
    assert (
        "C4 was taken for middle C (60, which Live calls C3)"
        in taken(ONE | {"pitch": "C4"}).repairs[0].sentence
    )


@pytest.mark.parametrize("written", ["H4", None, float("nan"), "", [], {}, True, 10**400, -500])
def test_a_note_without_a_pitch_that_can_be_read_is_told(written):
    intake = taken(ONE, ONE | {"pitch": written})

    assert (intake.n_seen, intake.n_kept, dropped(intake)) == (2, 1, 1)
    assert "could not be read and was left out: pitch" in intake.repairs[0].sentence


@pytest.mark.parametrize(
    ("fields", "note", "kind"),
    [
        ({"pitch": 140}, Note(116, 0, 1, 100), "octaves"),
        ({"pitch": -1}, Note(11, 0, 1, 100), "octaves"),
        ({"pitch": 60.4}, Note(60, 0, 1, 100), "rounded"),
        ({"velocity": 300}, Note(60, 0, 1, 127), "velocity"),
        ({"velocity": 0}, Note(60, 0, 1, 1), "velocity"),
        ({"velocity": None}, Note(60, 0, 1, 96), "no_velocity"),
        ({"velocity": 0.5}, Note(60, 0, 1, 64), "fractions"),
        ({"duration_beats": 0}, Note(60, 0, 0.5, 100), "no_duration"),
        ({"duration_beats": "long"}, Note(60, 0, 0.5, 100), "no_duration"),
        ({"duration_beats": 99}, Note(60, 0, 4, 100), "ring_over"),
        ({"start_beat": -2}, Note(60, 0, 1, 100), "negative"),
        ({"start_beat": None}, Note(60, 0, 1, 100), "no_start"),
        ({"probability": 4}, Note(60, 0, 1, 100), "extras"),
    ],
    ids=str,
)
def test_a_value_that_cannot_be_is_put_right_and_told(fields, note, kind):
    intake = taken(ONE | fields)

    assert (list(intake.clips[0].notes), kinds(intake)) == ([note], [kind])


@pytest.mark.parametrize(
    ("fields", "start", "duration"),
    [
        ({"note": 60, "time": 1, "dur": 0.5}, 1, 0.5),
        ({"key": "C4", "position": "1.5", "len": "1/8"}, 1.5, 0.5),
        ({"midi": 60, "beat": 2, "length": "4n"}, 2, 1),
        ({"p": 60, "t": 1, "d": 2}, 1, 2),
        ({"pitch": 60, "start": 1, "end": 1.75}, 1, 0.75),
        ({"pitch": 60, "step": 6, "length": 2}, 1.5, 0.5),
        ({"pitch": 60, "step": 6, "duration_beats": 2}, 1.5, 2),
        ({"pitch": 60, "start_seconds": 0.5, "duration_seconds": 0.25}, 1, 0.5),
        ({"pitch": 60, "start_ms": 500, "duration_ms": 250}, 1, 0.5),
        ({"pitch": 60, "start_tick": 480, "duration_ticks": 240}, 1, 0.5),
        ({"pitch": 60, "bar": 2, "beat": 3, "duration": 1}, 6, 1),
        ({"pitch": 60, "bar": 0, "beat": 3, "duration": 1}, 2, 1),
        ({"pitch": 60, "start": "1:2:2", "duration": "8n"}, 6.5, 0.5),
        ({"pitch": 60, "start": "2.3.3", "duration": "8n"}, 6.5, 0.5),
    ],
    ids=str,
)
def test_times_are_read_in_the_units_they_are_written_in(fields, start, duration):
    (note,) = only(fields | {"velocity": 96})

    assert (note.start, note.duration) == (start, duration)


@pytest.mark.parametrize(
    ("chords", "pitches"),
    [
        ([{"chord": "Am7", "start": 0, "duration": 4}], [57, 60, 64, 67]),
        ([{"pitch": "C/E", "start": 0, "duration": 4}], [40, 48, 52, 55]),
        (["Am"], [57, 60, 64]),
        ("F", [53, 57, 60]),
        (["F3"], [53]),
    ],
    ids=str,
)
def test_chord_symbols_are_written_out(chords, pitches):
    intake = take_in({"chords": chords})

    assert [note.pitch for note in intake.clips[0].notes] == pitches
    assert intake.n_seen == len(pitches)


def test_chords_without_times_follow_one_another_bar_by_bar():
    intake = take_in({"chords": ["Am", "F", "C", "G"]})

    assert intake.clips[0].bars == 4
    assert "bar_long" in kinds(intake)


@pytest.mark.parametrize(
    "value",
    [
        {"instrument": "drums", "length": 4, "drums": {"kick": "x...x..."}},
        {"tempo": 120, "length": 4, "notes": [60, 62]},
        {"instrument": "bass", "length": 4, "notes": [ONE, ONE | {"start_beat": 1}]},
    ],
    ids=["drums", "numbers", "bass"],
)
def test_facts_of_a_clip_are_not_taken_for_those_of_a_note(value):
    intake = take_in(value)

    assert (intake.clips[0].length, intake.n_kept) == (4, 2)


def test_pitches_that_are_lists_are_told():
    intake = taken(ONE | {"pitch": [60, [62], 64]}, ONE)

    assert intake.n_seen == intake.n_kept + dropped(intake)


def test_beats_are_counted_from_one_where_some_would_not_fit_else():
    notes = [ONE | {"start_beat": beat} for beat in (1, 2, 4)]

    intake = taken(*notes, options=Options(bars=1))

    assert [note.start for note in intake.clips[0].notes] == [0, 1, 3]
    assert kinds(intake) == ["from_one"]


def test_beats_that_fit_are_left_where_they_are():
    assert [note.start for note in only(*(ONE | {"start_beat": beat} for beat in (1, 2, 3)))] == [1, 2, 3]


def test_notes_without_a_start_follow_one_another():
    notes = [{"pitch": pitch, "duration": 0.5, "velocity": 90} for pitch in (60, 62, 64)]

    assert [note.start for note in only(*notes)] == [0, 0.5, 1]


def test_a_grid_and_a_swing_move_the_notes():
    notes = [ONE | {"start_beat": start, "duration_beats": 0.25} for start in (0, 0.26, 0.5, 0.75)]

    intake = taken(*notes, quantize="1/16", swing=40)

    assert [note.start for note in intake.clips[0].notes] == [0, pytest.approx(0.3), 0.5, pytest.approx(0.8)]
    assert kinds(intake) == ["quantised", "swung"]


def test_triplet_grids_are_read():
    (note,) = only(ONE | {"start_beat": 0.3}, quantize="1/8t")

    assert note.start == pytest.approx(1 / 3, abs=1e-3)


def test_control_changes_become_those_of_the_clip():
    messages = [
        {"cc_number": 74, "value": 64, "beat": 1},
        {"cc": "sustain", "value": 300, "time": 2},
        {"controller": 999, "value": 1, "beat": 0},
    ]

    intake = taken(ONE, cc_messages=messages)

    assert list(intake.clips[0].controls) == [ControlChange(74, 1, 64), ControlChange(64, 2, 127)]
    assert kinds(intake) == ["control", "control_value"]


def test_settings_of_devices_are_told_and_not_done():
    setting = {"track": 2, "device": "Wavetable", "param": "Filter 1 Freq", "value": 0.4}

    intake = taken(ONE, params=[setting, {"param": None}])

    assert [str(one) for one in intake.settings] == ["Filter 1 Freq of Wavetable on track 2 to 0.4"]
    assert [repair.sentence for repair in intake.repairs] == [
        f"The answer also sets {intake.settings[0]}; devices in Live are not set from here yet.",
        "1 setting of a device could not be read and was left out: no name to None.",
    ]


def test_settings_without_notes_are_told_where_no_clip_is_wanted():
    text = json.dumps({"params": [{"track": "Bass", "device": "Saturator", "param": "Drive", "value": 0.5}]})

    assert take_in(text, wanted=False).repairs[0].kind == "params"
    assert "there is no clip" in take_in(text).problem


def test_drums_and_notes_of_one_answer_are_two_clips():
    drums = [{"pitch": "kick", "start": 0, "dur": 0.25}, {"drum": "closed_hihat", "start": 0.5, "dur": 0.25}]

    beat, keys = taken(ONE, drum_notes=drums).clips

    assert (beat.instrument, keys.instrument) == ("drums", "keys")
    assert [note.pitch for note in beat.notes] == [36, 42]


def test_the_same_clip_twice_is_one():
    intake = take_in(f"```clip\n{CLIP}```\nAgain:\n```clip\n{CLIP}```")

    assert (len(intake.clips), dropped(intake)) == (1, 7)


@pytest.mark.parametrize("place", range(1, 400, 7))
def test_of_an_answer_that_broke_off_the_whole_notes_are_kept(place):
    text = json.dumps({"midi_notes": NOTES})[:-place]

    intake = take_in(text, final=True)

    assert intake.n_kept == text.count("}")
    assert intake.n_seen == intake.n_kept + dropped(intake)
    assert "cut" in kinds(intake)


def test_notes_after_the_bars_asked_for_are_left_out_and_told():
    intake = taken(ONE, ONE | {"start_beat": 4}, ONE | {"start_beat": 9}, options=Options(bars=1))

    assert (intake.clips[0].bars, intake.n_kept) == (1, 1)
    assert (
        intake.repairs[0].sentence == "2 notes start after the end of the 1 bar asked for and were left out."
    )


def test_a_clip_that_is_too_short_goes_back():
    said = "the clip has 1 bar, not the 4 bars asked for; write all of them"
    assert taken(ONE, options=Options(bars=4)).problem == said
    assert "broke off" in take_in(json.dumps({"notes": [ONE]})[:-1], Options(bars=4)).problem


def test_a_short_clip_is_repeated_where_nobody_is_asked_again_and_it_comes_out_even():
    intake = taken(ONE, options=Options(bars=4), final=True)

    assert [note.start for note in intake.clips[0].notes] == [0, 4, 8, 12]
    assert (
        intake.repairs[0].sentence == "The answer has 1 bar of the 4 bars asked for; it was repeated 4 times."
    )


def test_a_short_clip_that_does_not_come_out_even_ends_with_rests():
    intake = taken(ONE, ONE | {"start_beat": 8}, options=Options(bars=4), final=True)

    assert (intake.clips[0].bars, intake.n_kept) == (4, 2)
    assert kinds(intake) == ["short"]


def test_notes_outside_the_key_are_told_and_stay():
    intake = taken(ONE, ONE | {"pitch": 65, "start_beat": 1}, options=Options(key="G major"))

    assert [note.pitch for note in intake.clips[0].notes] == [60, 65]
    assert intake.repairs[0].sentence == "1 note lies outside G major (F3); it was kept."


def test_another_tempo_is_set_and_told():
    intake = take_in(CLIP, Options(bpm=90))

    assert (intake.clips[0].bpm, kinds(intake)) == (90, ["tempo"])


@pytest.mark.parametrize(
    ("asked", "said"), [({"key": "E major"}, "the key is A minor"), ({"meter": "3/4"}, "the metre is 4/4")]
)
def test_another_key_or_metre_goes_back_and_is_set_in_the_end(asked, said):
    assert said in take_in(CLIP, Options(**asked)).problem
    assert take_in(CLIP, Options(**asked), final=True).clips[0].length > 0


def test_the_relative_key_has_the_same_notes_and_does_not_go_back():
    assert take_in(CLIP, Options(key="C major")).clips[0].key == "C major"


def test_notation_that_cannot_be_read_goes_back_with_its_place():
    assert "line 2" in take_in(CLIP.replace("4:A1", "4;A1")).problem


def test_of_notation_that_cannot_be_read_the_rest_is_kept_in_the_end():
    intake = take_in(CLIP.replace("4:A1", "4;A1"), final=True)

    assert (intake.n_kept, dropped(intake)) == (6, 1)


@pytest.mark.parametrize(
    "text", ["", "I like [Am, F] and {root}.", "{}", "[]", "null", "```python\nx = [{}]\n```"]
)
def test_an_answer_without_a_clip_has_a_problem_only_where_one_is_wanted(text):
    assert "there is no clip" in take_in(text).problem
    assert take_in(text, wanted=False).problem is None
    assert take_in(text, wanted=False).words == text


def test_a_form_that_is_explained_is_no_clip():
    text = '```json\n{"midi_notes": [{"pitch": "0-127", "velocity": "1-127", "start_beat": "…"}]}\n```'

    assert take_in(text, wanted=False).problem is None


def test_a_call_whose_notes_cannot_be_read_is_told_which():
    assert "1 note could not be read and was left out: pitch 'H9'" in taken(ONE | {"pitch": "H9"}).problem


def test_a_programs_own_fence_is_left_alone():
    assert take_in(f"```python\nx = {json.dumps(NOTES)}\n```").n_seen == 0


def test_an_answer_that_is_too_long_is_refused():
    assert "too long" in take_in("x" * (MOST + 1)).problem
    assert take_in("x" * (MOST + 1), wanted=False).problem is None


def test_the_clip_of_a_call_is_found_however_it_was_written():
    assert clip_of(json.dumps({"clip": BEAT})) == read_clip(BEAT)
    assert len(clip_of(json.dumps({"notes": NOTES}))) == 7
    assert clip_of("{}") is None


_PATTERNS = {
    "brackets": "[", "braces": "{", "objects": '{"a":', "quotes": '["', "single quotes": "'", "junk": '}{][,:"\'',
    "escapes": '\\"', "empty": "[]", "notes": '{"pitch":60,"start":1},', "pitches": '"pitch":', "fences": "```\n",
    "headers": "clip a | b\n", "marks": "x", "commas": ",", "blank": "\n \n", "comments": "/*", "names": "C4 ",
    "calls": '{"notes":[60]} ', "texts": '{\\"a\\":\\"', "prose": "a [Am] {b} ",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("pattern", _PATTERNS.values(), ids=_PATTERNS)
@pytest.mark.parametrize("opening", ["", '{"notes":['])
def test_time_is_linear_whatever_comes(pattern, opening):
    def spent_s(size):
        text = opening + pattern * (size // len(pattern))
        times = []
        for _ in range(3):  # the best of three: Python's collector may pass by in any one
            began = process_time()
            take_in(text, final=True)
            times.append(process_time() - began)
        return min(times)

    short, long = spent_s(MOST // 32), spent_s(MOST // 4)

    assert long < 24 * short + 0.2  # 8 times the text


_SIMPLE = st.none() | st.booleans() | st.floats() | st.integers() | st.text()
_NAMES = st.sampled_from(("notes", "pitch", "start", "drums", "bar"))


@given(
    st.recursive(
        _SIMPLE, lambda inside: st.lists(inside, max_size=4) | st.dictionaries(_NAMES, inside), max_leaves=20
    )
)
@settings(deadline=None)
def test_no_value_makes_it_fail(value):
    intake = take_in(json.dumps(value))

    assert intake.problem is not None or intake.n_seen == intake.n_kept + dropped(intake)


_TWO_PARTS = "clip A | 2 bars | 4/4 | 120 bpm | keys\n1 | 1:C3{}2 | 1:D3\n"


@pytest.mark.parametrize("words", ["\n\n# chorus\n", "\n\n**Bar 2**\n\n", "\n\nThen:\nmore\n", "\n// more\n"])
@pytest.mark.parametrize("form", ["{}", "```clip\n{}```", "call", "a call of a fence"])
def test_bar_lines_after_a_blank_line_are_read_and_words_between_are_told(words, form):
    text = _TWO_PARTS.format(words)
    forms = {"call": json.dumps({"clip": text}), "a call of a fence": json.dumps({"clip": f"```\n{text}```"})}

    intake = take_in(forms.get(form, form.format(text)), Options(bars=2))

    assert [note.start for note in intake.clips[0].notes] == [0, 4]
    assert kinds(intake) == ["words"]


@pytest.mark.parametrize("line", ["| 1:E3", "snare ....x...", "5:E3"])
def test_a_line_of_a_call_that_may_hold_notes_goes_back(line):
    assert "line 4" in take_in(json.dumps({"clip": _TWO_PARTS.format(f"\n\n{line}\n")})).problem


def test_words_after_a_bare_clip_are_no_part_of_it():
    intake = take_in(f"{CLIP}\nEnjoy 1:1, or say {{more}}.")

    assert (intake.clips, intake.repairs) == ((read_clip(CLIP),), ())
    assert intake.words == "Enjoy 1:1, or say {more}."


def test_bar_lines_after_a_block_of_json_go_back():
    assert take_in(f"{CLIP}\n{json.dumps({'notes': NOTES})}\n\n3 | 1:C3\n").problem is not None


def test_notes_of_clips_beyond_the_most_are_counted():
    clips = "".join(CLIP.replace("bass\n", f"bass\n1 | 16:{pitch}\n") for pitch in range(34))

    intake = take_in(clips)

    assert (len(intake.clips), intake.n_seen, dropped(intake)) == (32, 34 * 8, 2 * 8)


@pytest.mark.parametrize(
    ("note", "more", "control"),
    [
        ({"start_beat": 1}, {"start_beat": 4}, {"beat": 4}),
        ({"bar": 1, "beat": 1}, {"bar": 1, "beat": 4}, {"bar": 1, "beat": 4}),
        ({"step": 0}, {"step": 12}, {"step": 12}),
        ({"start_ticks": 0}, {"start_ticks": 1440}, {"tick": 1440}),
        ({"start_seconds": 0}, {"start_seconds": 1.5}, {"time_seconds": 1.5}),
        ({"start": "1.1.1"}, {"start": "1.4.1"}, {"position": "1.4.1"}),
    ],
    ids=str,
)
def test_control_changes_are_timed_as_notes_are(note, more, control):
    pitch = {"pitch": 60, "duration_beats": 1, "velocity": 100}
    messages = [control | {"cc": 74, "value": 64}]

    (clip,) = taken(pitch | note, pitch | more, cc_messages=messages, options=Options(bars=1)).clips

    assert ([note.start for note in clip.notes], [one.start for one in clip.controls]) == ([0, 3], [3])


def test_a_control_change_in_a_later_bar_is_there():
    notes = [ONE | {"start_beat": 1, "bar": bar} for bar in (1, 2)]

    (clip,) = taken(*notes, cc_messages=[{"cc": 74, "bar": 2, "beat": 1, "value": 99}]).clips

    assert [one.start for one in clip.controls] == [4]


@pytest.mark.parametrize(
    ("values", "read", "told"),
    [
        ([0, 0.2, 1], [0, 25, 127], ["control_fraction"]),
        ([0, 1, 1], [0, 1, 1], []),
        ([0.2, 64, 3], [0, 64, 3], ["control_rounded"]),
        ([300, 1, 2], [127, 1, 2], ["control_value"]),
    ],
    ids=str,
)
def test_values_of_controls_within_0_and_1_are_fractions_of_127(values, read, told):
    messages = [{"cc": 74, "beat": beat, "value": value} for beat, value in enumerate(values)]

    intake = taken(ONE, cc_messages=messages)

    assert [one.value for one in intake.clips[0].controls] == read
    assert kinds(intake) == told


def test_a_control_change_before_the_clip_is_moved_and_told():
    intake = taken(ONE, cc_messages=[{"cc": 74, "beat": -1, "value": 9}])

    assert list(intake.clips[0].controls) == [ControlChange(74, 0, 9)]
    assert kinds(intake) == ["control_start"]


@pytest.mark.parametrize(
    "note",
    [
        {"drum": "triangle", "start_beat": 1, "velocity": 90},
        {"drum": "kaboom", "beat": 1},
        {"degree": 5, "start_beat": 1, "duration_beats": 1},
        {"frequency": 440, "start_beat": 1},
        {"degrees": [1, 3], "start_beat": 1},
    ],
    ids=str,
)
@pytest.mark.parametrize("name", ["midi_notes", "drum_notes", "pattern"])
def test_an_object_among_notes_that_is_none_is_told(note, name):
    intake = take_in({name: [ONE, note]})

    assert (intake.n_seen, intake.n_kept, kinds(intake)[0]) == (2, 1, "unreadable")


def test_a_bar_without_notes_is_no_note_that_was_lost():
    bars = [{"bar": 1, "notes": [ONE]}, {"bar": 2, "notes": []}]

    assert take_in({"notes": bars}).n_seen == 1


@pytest.mark.parametrize("lane", ["..x...x.", [0, 0, 1, 0, 0, 0, 1, 0]], ids=["marks", "cells"])
def test_hits_of_a_lane_that_is_no_drum_are_told(lane):
    intake = take_in({"drums": {"kick": "x...x...", "kaboom": lane}})

    assert (intake.n_kept, dropped(intake)) == (2, 2)
    assert "the drum 'kaboom'" in intake.repairs[0].sentence


@pytest.mark.parametrize(
    ("facts", "name", "value"),
    [
        ({"time_signature": [7, 8]}, "meter", "7/8"),
        ({"time_signature": {"numerator": 7, "denominator": 8}}, "meter", "7/8"),
        ({"key": {"tonic": "A", "mode": "minor"}}, "key", "A minor"),
        ({"tempo": {"bpm": 90}}, "bpm", "90.0"),
    ],
    ids=str,
)
def test_facts_that_are_lists_or_objects_are_read(facts, name, value):
    intake = taken(ONE, **facts)

    assert (str(getattr(intake.clips[0], name)), kinds(intake)) == (value, [])


@pytest.mark.parametrize(
    "facts",
    [{"key": {"x": 1}}, {"time_signature": [7]}, {"tempo": {"start": 1, "end": 2}}, {"key": 5}],
    ids=str,
)
def test_facts_in_a_form_that_cannot_be_read_are_told(facts):
    assert kinds(taken(ONE, **facts)) == ["fact"]


def test_a_swing_in_an_object_is_read():
    notes = [ONE, ONE | {"start_beat": 0.25}]

    assert "swung" in kinds(taken(*notes, swing={"amount": 50}))


def test_events_that_end_notes_are_no_notes():
    on = {"type": "note_on", "note": 60, "time": 0, "velocity": 90}
    ends = [{"type": "note_off", "note": 60, "time": 2, "velocity": 0}, on | {"time": 3, "velocity": 0}]

    intake = take_in({"events": [on, *ends]})

    assert list(intake.clips[0].notes) == [Note(60, 0, 2, 90)]
    assert kinds(intake) == ["note_off"]


_CHANGING = "clip A | 2 bars | 4/4 | 7/4 from bar 2 | 120 bpm | keys\n1 | 1:C3\n2 | 1:D3 25:E3\n"


def test_bars_asked_for_are_counted_in_their_own_metres():
    intake = take_in(_CHANGING, Options(bars=2))

    assert (intake.clips[0].length, intake.clips[0].bars, intake.n_kept, kinds(intake)) == (11, 2, 3, [])


def test_half_a_bar_may_be_asked_for():
    assert take_in(_CHANGING, Options(bars=1.5)).clips[0].length == 4 + 7 / 2


def test_a_metre_that_changes_goes_back_and_is_set_throughout_in_the_end():
    options = Options(bars=2, meter="4/4")
    intake = take_in(_CHANGING, options, final=True)

    said = "the metre is 4/4, then 7/4, 4/4 throughout was asked for; write the clip in that"
    assert take_in(_CHANGING, options).problem == said
    assert "The answer is in 4/4, then in 7/4; 4/4 throughout, as asked for, was set." in [
        repair.sentence for repair in intake.repairs
    ]
    assert (intake.clips[0].length, intake.clips[0].meter_changes) == (8, ())


@pytest.mark.parametrize(("loop", "left"), [("loop bars 1-4", (0, 8)), ("loop bars 3-4", None)])
def test_a_loop_past_the_bars_asked_for_ends_with_them_and_is_told(loop, left):
    intake = take_in(f"clip A | 4 bars | 4/4 | {loop} | keys\n1 | 1:C3\n4 | 1:C3\n", Options(bars=2))

    (clip,) = intake.clips
    assert clip.loop_ticks == (left and tuple(beat * clip.ppq for beat in left))
    assert "loop" in kinds(intake)


@pytest.mark.parametrize(
    "when", [{"beat": None}, {"step": None}, {"beat": "later"}, {"bar": 1, "beat": "x"}], ids=str
)
def test_a_control_change_whose_time_cannot_be_read_is_told(when):
    intake = taken(ONE, cc_messages=[when | {"cc": 74, "value": 9}])

    assert (len(intake.clips[0].controls), kinds(intake)) == (0, ["control"])
