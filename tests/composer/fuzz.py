"""Answers of models with some of them broken: cut, doubled, swapped, with junk in them, with other digits."""

import json
import random
import re

from composer.answers import ANSWERS

_JUNK = (
    "{", "}", "[", "]", '"', "'", ",", ":", "```", "```json\n", "\n", "\\", "\\u00", "//", "/*", "*/", "|", " | ",
    "null", "NaN", "-Infinity", "1e999", "-1", "9" * 40, "9" * 5000, "C#4", "🎹", "\u202e", "\ud800", "\0", "“",
    "{" * 200, "[" * 200, "}" * 50, '{"pitch":', '"pitch": 60, ', '"notes": [', "<tool_call>", "clip x | 1 bars\n",
    "1 | 1:A1", "2 = 1\n", "true", "0.1.2", "1:2:3", "x" * 600, "#", "(", ")", '"""', "\t" * 30,
)  # fmt: skip


def mutated(rng: random.Random) -> str:
    """Give an answer with some of it broken."""
    text = rng.choice(list(ANSWERS.values()))[0]
    for _ in range(rng.choice((1, 1, 1, 2, 3, 5, 9))):
        text = rng.choice(_MUTATIONS)(text, rng)
    return text


def reworded(rng: random.Random) -> tuple[str, int]:
    """Give an answer in other words, and how many notes stand in it, known or not."""
    text, count = rng.choice(list(ANSWERS.values()))
    for _ in range(rng.choice((1, 1, 2, 3))):
        text = rng.choice(_REWORDINGS)(text, rng)
    return text, count


def _places(text, rng):
    a, b = rng.randrange(len(text) + 1), rng.randrange(len(text) + 1)
    return min(a, b), max(a, b)


def _short_piece(text, rng):
    start = rng.randrange(len(text) + 1)
    return start, min(len(text), start + rng.randrange(1, 60))


def _cut(text, rng):
    return text[: rng.randrange(len(text) + 1)]


def _cut_begin(text, rng):
    return text[rng.randrange(len(text) + 1) :]


def _drop(text, rng):
    start, end = _short_piece(text, rng)
    return text[:start] + text[end:]


def _drop_one(text, rng):
    at = rng.randrange(len(text) + 1)
    return text[:at] + text[at + 1 :]


def _double(text, rng):
    start, end = _short_piece(text, rng)
    return text[:end] + text[start:end] * rng.choice((1, 1, 2, 20)) + text[end:]


def _swap(text, rng):
    start, end = _places(text, rng)
    middle = rng.randrange(start, end + 1)
    return text[:start] + text[middle:end] + text[start:middle] + text[end:]


def _insert(text, rng):
    at = rng.randrange(len(text) + 1)
    return text[:at] + rng.choice(_JUNK) + text[at:]


def _digits(text, rng):
    return "".join(
        rng.choice("0123456789.-") if mark.isdigit() and rng.random() < 0.1 else mark for mark in text
    )


def _mark(text, rng):
    old, new = rng.choice('{}[]",:'), rng.choice('{}[]",:  \n')
    at = text.find(old, rng.randrange(len(text) + 1))
    return text if at < 0 else text[:at] + new + text[at + 1 :]


def _word(text, rng):
    old = rng.choice(
        ("pitch", "start_beat", "duration_beats", "velocity", "midi_notes", "clip", "bars", "start")
    )
    new = rng.choice(
        ("note", "bar", "step", "seconds", "", "key", "tempo", "drums", "steps", "end", "time", "cc")
    )
    return text.replace(old, new, rng.choice((1, 3, 99)))


def _other(text, rng):
    other = rng.choice(list(ANSWERS.values()))[0]
    at = rng.randrange(len(text) + 1)
    return text[:at] + other + text[at:]


def _escaped(text, _):
    return json.dumps({"clip": text})


def _upper(text, _):
    return text.upper()


_MUTATIONS = (
    _cut, _cut, _cut_begin, _drop, _drop, _drop_one, _drop_one, _double, _swap, _insert, _insert, _insert, _digits,
    _digits, _mark, _mark, _word, _other, _escaped, _upper,
)  # fmt: skip

_FIELDS = {
    "start_beat": ("time", "onset", "startBeat", "position"),
    "duration_beats": ("dur", "length", "durationBeats"),
    "velocity": ("vel", "volume", "dynamics"),
    "pitch": ("midi_note", "note", "NoteNumber"),
}
_UNKNOWN = (
    '"degree": 5',
    '"frequency": 440',
    '"drum": "kaboom"',
    '"drum": "triangle"',
    '"pitch": "Zz"',
    '"string": 3',
)
_PITCH = re.compile(r'"pitch": (?:\d+|"[^"]*")')
_SECOND_BAR = re.compile(r"\n(?=2 [|=])")


def _other_field(text, rng):
    old = rng.choice(list(_FIELDS))
    return text.replace(f'"{old}"', f'"{rng.choice(_FIELDS[old])}"')


def _unknown_pitch(text, rng):
    found = list(_PITCH.finditer(text))
    if len(found) < 4:
        return text
    at = rng.choice(found[1:])
    return text[: at.start()] + rng.choice(_UNKNOWN) + text[at.end() :]


def _words_inside(text, rng):
    words = rng.choice(("\n\n# chorus\n", "\n\n**Bar 2**\n\n", "\n\n", "\n\nThen:\n", "\n// more\n"))
    return _SECOND_BAR.sub(words, text, count=1)


def _words_around(text, _):
    return f"Here it is:\n\n{text}\n\nEnjoy!"


def _fact_as_object(text, rng):
    facts = ('"time_signature": [4, 4]', '"tempo": {"bpm": 120}', '"key": {"tonic": "A", "mode": "minor"}')
    return text.replace('{"midi_notes":', "{" + rng.choice(facts) + ', "midi_notes":', 1)


_REWORDINGS = (_other_field, _unknown_pitch, _unknown_pitch, _words_inside, _words_around, _fact_as_object)
