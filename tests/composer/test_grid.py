import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit.band.parts import INSTRUMENTS
from conduit.composer.brief import Options, read_brief
from conduit.composer.grid import GridReader, grid_json, grid_of, grid_schema
from conduit.composer.intake import check
from conduit.music import SCALES, Clip, Key, Note, read_clip, write_clip
from conduit.music.drums import DRUM_PITCHES

ROLES = list(INSTRUMENTS)
METERS = ["4/4", "3/4", "7/8", "5/16", "1/16"]


def grid(text, **facts):
    return grid_of(read_brief(text, options=Options(**facts)))


def spec_of(grid):
    """Give the schema of one note."""
    return grid_schema(grid)["properties"]["notes"]["items"]["properties"]


def pitches(text, **facts):
    return spec_of(grid(text, **facts))["pitch"]["enum"]


def note(step=0, pitch=45, length=1, velocity=100):
    return {"step": step, "pitch": pitch, "length": length, "velocity": velocity}


def clip_text(grid, text, *, size=7):
    """Read a reply in pieces; give the notation that comes of it."""
    reader = GridReader(grid)
    pieces = (text[at : at + size] for at in range(0, len(text), size))
    found = [note for piece in pieces for note in reader.feed(piece)]
    return "\n".join([grid.header, *(note.line(grid) for note in found)])


@st.composite
def grids(draw):
    options = Options(
        role=draw(st.sampled_from(ROLES)),
        bars=draw(st.integers(1, 8)),
        meter=draw(st.sampled_from(METERS)),
        key=Key(f"{draw(st.sampled_from(['C', 'F#', 'Bb']))} {draw(st.sampled_from(list(SCALES)))}"),
        bpm=draw(st.floats(20, 999)),
    )
    octave = draw(st.sampled_from(["", "an octave lower", "two octaves higher"]))
    return grid_of(read_brief(f"a part {octave}", options=options), key=options.key), options


@st.composite
def fitting(draw, schema):
    """Draw a value of the kinds of schema that a grid has."""
    match schema:
        case {"enum": values}:
            return draw(st.sampled_from(values))
        case {"type": "integer", "minimum": low, "maximum": high}:
            return draw(st.integers(low, high))
        case {"type": "array", "items": items, "minItems": fewest, "maxItems": most}:
            return draw(st.lists(fitting(items), min_size=fewest, max_size=most))
        case {"type": "object", "properties": properties}:
            return {name: draw(fitting(value)) for name, value in properties.items()}


@given(st.data())
def test_whatever_fits_the_schema_becomes_a_clip_that_is_valid_and_round_trips(data):
    where, options = data.draw(grids())
    value = data.draw(fitting(grid_schema(where)))
    text = json.dumps(value, indent=data.draw(st.sampled_from([None, 1])))

    clip = read_clip(clip_text(where, text, size=data.draw(st.sampled_from([1, 9, 10_000]))))

    assert check(clip, options) == clip
    assert read_clip(write_clip(clip)) == clip
    assert {one.pitch for one in clip.notes} <= set(where.pitches)
    assert all(one.end <= clip.length for one in clip.notes)
    assert {(one["step"], one["pitch"]) for one in value["notes"]} == {
        (one.start * 4, one.pitch) for one in clip.notes
    }


def test_the_schema_holds_only_what_local_servers_enforce():
    assert grid_schema(grid("bass in A minor", bars=1)) == {
        "type": "object",
        "properties": {
            "notes": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "step": {"type": "integer", "minimum": 0, "maximum": 15},
                        "pitch": {
                            "type": "integer",
                            "enum": [28, 29, 31, 33, 35, 36, 38, 40, 41, 43, 45, 47, 48, 50, 52],
                        },
                        "length": {"type": "integer", "minimum": 1, "maximum": 16},
                        "velocity": {"type": "integer", "minimum": 40, "maximum": 127},
                    },
                    "required": ["step", "pitch", "length", "velocity"],
                    "additionalProperties": False,
                },
                "minItems": 2,
                "maxItems": 4,
            }
        },
        "required": ["notes"],
        "additionalProperties": False,
    }


@pytest.mark.parametrize(("bars", "most"), [(1, 4), (2, 8), (4, 16), (64, 16)])
def test_there_are_four_notes_a_bar_and_never_more_than_a_small_model_can_finish(bars, most):
    assert grid_schema(grid("bass", bars=bars))["properties"]["notes"]["maxItems"] == most


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"drums"}))
def test_every_part_has_the_pitches_of_its_key_over_two_octaves(role):
    found = pitches("in D dorian", role=role)

    assert {pitch % 12 for pitch in found} == set(Key("D dorian").pitch_classes)
    assert found == sorted(found)
    assert 20 <= found[-1] - found[0] <= 24


def test_an_octave_that_is_asked_for_moves_the_pitches():
    low, usual = pitches("bass in A minor an octave lower"), pitches("bass in A minor")

    assert [pitch + 12 for pitch in low] == usual


def test_drums_choose_from_the_kit_or_from_the_pieces_that_are_asked_for():
    assert {DRUM_PITCHES[name] for name in ("kick", "snare", "hat")} <= set(pitches("techno drums"))
    assert pitches("only kick and clap drums") == [35, 36, 39]
    assert not {DRUM_PITCHES["clap"]} & set(pitches("house drums without the clap"))
    assert DRUM_PITCHES["cowbell"] in pitches("drums with cowbell on 2")


def test_the_header_says_what_was_asked_for():
    where = grid("a techno lead in F# minor, 3 bars of 7/8 at 131.5 bpm")

    assert where.header == "clip Techno lead in F# minor | 3 bars | 7/8 | 131.5 bpm | F# minor | lead"
    assert where.steps == 42


def test_drums_bear_a_key_only_where_it_was_asked_for_explicitly():
    brief = read_brief("drums in A minor")

    assert read_clip(grid_of(brief).header).key is None
    assert read_clip(grid_of(brief, key=Key("A minor")).header).key == "A minor"


def test_a_note_is_there_with_the_last_character_of_its_object():
    reader = GridReader(grid("bass in A minor"))

    assert reader.feed('{"notes": [{"step": 0, "pitch": 45, "length": 2, "velocity": 100') == []
    assert len(reader.feed("}")) == 1


def test_notes_may_come_unsorted_and_in_prose_and_fences():
    where = grid("bass in A minor", bars=2)
    text = (
        f"Sure {{here}}:\n```json\n{json.dumps({'bpm': 3, 'notes': [note(20), note(3, 48)]}, indent=2)}\n```"
    )

    clip = read_clip(clip_text(where, text))

    assert [(one.start, one.pitch) for one in clip.notes] == [(0.75, 48), (5.0, 45)]


def test_a_key_is_struck_once_at_a_time():
    where = grid("bass in A minor")

    clip = read_clip(clip_text(where, json.dumps([note(), note(), note(length=4), note(pitch=48)])))

    assert clip.notes == [Note(45, 0, 0.25, 100), Note(48, 0, 0.25, 100)]


def test_a_note_ends_with_the_clip_at_the_latest():
    clip = read_clip(clip_text(grid("bass in A minor", bars=1), json.dumps(note(14, length=16))))

    assert clip.notes[0].end == clip.length == 4


@pytest.mark.parametrize(
    "stray",
    [
        note(step=32),
        note(step=-1),
        note(pitch=46),
        note(pitch="A2"),
        note(velocity=0),
        note(length=0),
        {"step": 0},
    ],
    ids=repr,
)
def test_what_fits_nowhere_is_kept_as_a_stray(stray):
    reader = GridReader(grid("bass in A minor", bars=2))

    assert reader.feed(json.dumps([stray, note()]))[0].pitch == 45
    assert reader.strays == [json.dumps(stray)]
    assert reader.n_notes == 1


@given(st.text(alphabet='{}[]",:01 stepitch', max_size=200))
def test_no_text_is_too_odd_for_the_reader(text):
    whole, single = (GridReader(grid("bass in A minor")) for _ in range(2))

    found = [note for mark in text for note in single.feed(mark)]

    assert whole.feed(text) == found
    assert whole.strays == single.strays


def test_a_clip_as_grid_json_is_short_and_fits_the_schema():
    notes = [Note(45, beat / 4 + 0.01, 9 if beat == 0 else 0.01, 20) for beat in range(40)]

    written = json.loads(grid_json(Clip.of([Note(40, 0, 1, mute=True), *notes], instrument="bass")))["notes"]

    assert len(written) == 16
    assert written[0] == note(0, 45, 16, 40)
    assert all(after["step"] - before["step"] == 1 for before, after in pairwise(written))
