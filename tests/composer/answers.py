"""Answers as models give them, in every form that is taken in, each with the notes that stand in it."""

import json

NOTES = [
    {"pitch": 45, "start_beat": 0, "duration_beats": 0.5, "velocity": 110},
    {"pitch": 45, "start_beat": 0.75, "duration_beats": 0.25, "velocity": 80},
    {"pitch": 48, "start_beat": 1.5, "duration_beats": 0.5, "velocity": 96},
    {"pitch": 52, "start_beat": 2.5, "duration_beats": 0.5, "velocity": 90},
    {"pitch": 57, "start_beat": 4, "duration_beats": 1, "velocity": 100},
    {"pitch": 55, "start_beat": 5.25, "duration_beats": 0.5, "velocity": 70},
    {"pitch": 43, "start_beat": 7.5, "duration_beats": 0.5, "velocity": 118},
]
DRUMS = [
    {"pitch": pitch, "start_beat": beat, "duration_beats": 0.25, "velocity": 60 + 8 * beat}
    for beat in range(8)
    for pitch in ((36, 42) if beat % 2 == 0 else (38, 42))
]
CLIP = (
    "clip Acid bass | 2 bars | 4/4 | 128 bpm | A minor | bass\n"
    "1 | 1:A1/2v110 4:A1/1v80 7:C2/2v96 11:E2/2v90\n"
    "2 | 1:A2/4v100 6:G2/2v70 15:G1/2v118\n"
)
BEAT = (
    "clip Beat | 2 bars | 4/4 | 124 bpm | drums\n"
    "1 | kick X...x...X...x...\n"
    "1 | 5:snare/1v110 13:snare\n"
    "2 = 1\n"
)
WORDS = (
    'Here is an acid bass in A minor with a climb in bar 2:\n\n{}\n\nIt\'s short; say "longer" if you like.'
)


def _renamed(**names):
    return [{names.get(key, key): value for key, value in note.items()} for note in NOTES]


def _loose(value):
    text = json.dumps(value)
    return text.replace('"', "'").replace("}, {", "},{").replace("}]", "},]")


def _unquoted(value):
    return json.dumps(value).replace('"', "")


def _commented(value):
    return json.dumps(value, indent=1).replace("[\n", "[ // the notes\n").replace("96", "96 /* softer */")


def _fence(text, language="json"):
    return f"```{language}\n{text}\n```"


def _steps():
    return [
        {
            "step": int(note["start_beat"] * 4),
            "pitch": note["pitch"],
            "length": max(1, int(note["duration_beats"] * 4)),
            "velocity": note["velocity"],
        }
        for note in NOTES
    ]


def _answers():
    bridge = {"midi_notes": NOTES, "cc_messages": [{"cc_number": 74, "value": 64, "beat": 1}]}
    bridge |= {"swing": 20, "quantize": "1/16"}
    whole = json.dumps(bridge)
    yield "notation", CLIP, 7
    yield "notation in words", WORDS.format(_fence(CLIP, "clip")), 7
    yield "notation bare in words", WORDS.format(CLIP), 7
    yield "a beat", BEAT, 12
    yield "a metre that changes", CLIP.replace("| 128", "| 7/4 from bar 2 | 128"), 7
    yield "a call in parts", json.dumps({"clip": CLIP.replace("\n2 |", "\n\n# climb\n2 |")}), 7
    yield "two clips", _fence(CLIP, "clip") + "\nand\n" + _fence(BEAT, "clip"), 19
    yield "arguments", json.dumps({"clip": CLIP}), 7
    yield "arguments under another name", json.dumps({"text": CLIP}), 7
    yield "a call", json.dumps({"name": "write_clip", "arguments": json.dumps({"clip": CLIP})}), 7
    yield "clip in a fence in arguments", json.dumps({"clip": _fence(CLIP, "")}), 7
    yield "raw line breaks in arguments", '{"clip": "' + CLIP + '"}', 7
    yield "the bridge", whole, 7
    yield "the bridge in words", WORDS.format(_fence(whole)), 7
    yield "indented", WORDS.format(_fence(json.dumps(bridge, indent=2))), 7
    yield "bare in words", WORDS.format(whole), 7
    yield "drums", json.dumps({"drum_notes": DRUMS}), 16
    yield "both", json.dumps({"midi_notes": NOTES, "drum_notes": DRUMS, "params": [_param()]}), 23
    yield "two blocks", _fence(json.dumps({"midi_notes": NOTES})) + _fence(json.dumps({"drums": DRUMS})), 23
    yield "aliases", json.dumps({"notes": _renamed(pitch="note", start_beat="time", duration_beats="dur")}), 7
    yield "a list", json.dumps(_renamed(start_beat="start", duration_beats="length", velocity="vel")), 7
    yield (
        "camel case",
        json.dumps({"melody": _renamed(start_beat="startBeat", duration_beats="durationBeats")}),
        7,
    )
    yield "names", json.dumps({"notes": [note | {"pitch": "C#4"} for note in NOTES]}), 7
    yield "texts", json.dumps({"notes": [{key: str(one) for key, one in note.items()} for note in NOTES]}), 7
    yield "nulls", json.dumps({"notes": [note | {"velocity": None} for note in NOTES]}), 7
    yield "columns", json.dumps([list(note.values()) for note in NOTES]), 7
    yield "steps", json.dumps({"notes": _steps()}), 7
    yield "fractions", json.dumps({"notes": [note | {"velocity": 0.7} for note in NOTES]}), 7
    yield "single quotes", _loose(bridge), 7
    yield "no quotes", _unquoted({"midi_notes": NOTES}), 7
    yield "comments", _commented(bridge), 7
    yield "doubled braces", json.dumps({"midi_notes": NOTES}).replace("{", "{{").replace("}", "}}"), 7
    yield "lines", "Notes:\n" + "\n".join(map(json.dumps, NOTES)), 7
    yield (
        "bars",
        json.dumps({"bars": [{"bar": 1, "notes": NOTES[:4]}, {"bar": 2, "notes": _second_bar()}]}),
        7,
    )
    yield "tracks", json.dumps({"bpm": 128, "tracks": [{"name": "Bass", "notes": NOTES}]}), 7
    yield (
        "lanes",
        json.dumps({"drums": {"kick": "x...x...x...x...", "snare": [4, 12], "hat": [1, 0] * 8}}),
        14,
    )
    yield "a chord", json.dumps({"notes": [{"pitch": [60, 64, 67], "start": 0, "duration": 4}]}), 3


def _param():
    return {"track": 2, "device": "Wavetable", "param": "Filter 1 Freq", "value": 0.4}


def _second_bar():
    return [note | {"start_beat": note["start_beat"] - 4} for note in NOTES[4:]]


ANSWERS = {name: (text, count) for name, text, count in _answers()}
"""The text of each answer, and the notes in it."""
