from __future__ import annotations

import json
import os
import subprocess
import sys
from random import Random
from typing import Any

import pytest
from composer.digests import STORED, digests
from hypothesis import given, settings
from hypothesis import strategies as st

from conduit.band.genre import GENRES
from conduit.composer.brief import Options, read_brief
from conduit.composer.sketch import sketch
from conduit.music import read_clip, write_clip
from conduit.music.drums import DRUM_PITCHES

PROMPTS: list[tuple[str, dict[str, Any]]] = [
    ("four bars of acid bass in A minor", {"role": "bass", "bars": 4, "key": "A minor", "genre": "acid"}),
    ("acid bassline, syncopated", {"role": "bass", "genre": "acid", "styles": ("syncopated",), "key": None}),
    ("a bassline", {"role": "bass", "bars": 4, "key": None, "bpm": None}),
    ("techno drums at 128 bpm", {"role": "drums", "bpm": 128, "genre": "techno"}),
    ("a sixteen-bar pad in F# dorian", {"role": "pad", "bars": 16, "key": "F# dorian"}),
    (
        "two bars of house chords, Bb major",
        {"role": "chords", "bars": 2, "key": "Bb major", "genre": "house"},
    ),
    ("arp in Am, 140bpm", {"role": "arp", "key": "A minor", "bpm": 140}),
    ("lead in C sharp phrygian, tempo 90", {"role": "lead", "key": "C# phrygian", "bpm": 90}),
    ("e flat minor pads", {"role": "pad", "key": "Eb minor"}),
    ("7/8 drum pattern", {"role": "drums", "meter": "7/8"}),
    ("a waltz melody", {"role": "lead", "meter": "3/4"}),
    ("bass in five four", {"role": "bass", "meter": "5/4"}),
    ("drums in 6/8 with 1/16 notes hats", {"role": "drums", "meter": "6/8"}),
    ("drum and bass beat", {"role": "drums", "genre": "drum and bass"}),
    ("dnb bassline", {"role": "bass", "genre": "drum and bass"}),
    ("hip-hop groove, eight bars", {"role": "drums", "genre": "hip hop", "bars": 8}),
    ("dub techno stabs", {"role": "chords", "genre": "techno", "styles": ("dub",)}),
    ("acid house bass", {"genre": "house", "styles": ("acid",)}),
    ("thirty-two bars of minimal kick pattern", {"role": "drums", "bars": 32, "genre": "minimal"}),
    ("a couple of bars of arpeggio going up", {"role": "arp", "bars": 2, "styles": ("up",)}),
    ("chords Am F C G", {"role": "chords", "key": "A minor", "chords": ["Am", "F", "C", "G"]}),
    ("Dm7-G7-Cmaj7 on piano", {"role": "chords", "chords": ["Dm7", "G7", "Cmaj7"], "key": "C major"}),
    ("ii V I in Bb major", {"role": "chords", "chords": ["Cm", "F", "Bb"], "key": "Bb major"}),
    ("a dark dorian bassline", {"role": "bass", "key": "D dorian"}),
    ("a melody in a minor key", {"role": "lead", "key": "A minor"}),
    ("a happy hook", {"role": "lead", "key": "C major"}),
    ("bass in A for my techno track", {"key": "A minor"}),
    ("bass in A", {"key": "A major"}),
    ("eine Basslinie in a-Moll, acht Takte", {"role": "bass", "bars": 8, "key": "A minor", "unknown": ()}),
    ("Akkorde in fis-Moll", {"role": "chords", "key": "F# minor"}),
    ("h-Moll Melodie", {"role": "lead", "key": "B minor"}),
    ("une ligne de basse en la mineur, 8 mesures", {"role": "bass", "bars": 8, "key": "A minor"}),
    ("línea de bajo en fa sostenido menor, cuatro compases", {"role": "bass", "bars": 4, "key": "F# minor"}),
    ("una melodia in do maggiore, quattro battute", {"role": "lead", "bars": 4, "key": "C major"}),
    ("linha de baixo em lá menor", {"role": "bass", "key": "A minor"}),
    ("a wobbly cheese bassline please", {"role": "bass", "unknown": ("wobbly", "cheese")}),
    ("basline for a tehcno track", {"role": "bass", "genre": "techno", "unknown": ()}),
    ("bass and drums", {"role": "bass", "others": ("drums",)}),
    ("house beat with a fill every 4 bars, 16 bars", {"bars": 16, "unknown": ()}),
    ("drums, 16 beats", {"role": "drums", "bars": 4}),
    ("bass two octaves down, seed 7", {"octave": -2, "seed": 7}),
    ("I am in love with this hook in Em", {"role": "lead", "key": "E minor"}),
    ("HOUSE", {"role": "drums", "genre": "house"}),
    ("ambient", {"role": "pad", "genre": "ambient"}),
    ("something calm, a soft pad", {"energy": 0.3}),
    ("swung drums", {"swing": 60}),
    ("walking bass in C", {"role": "bass", "key": "C major", "styles": ("walking",)}),
    ("walking bass in B flat", {"role": "bass", "key": "Bb major"}),
    ("jazz walking bass in Bb", {"role": "bass", "key": "Bb major", "genre": "jazz"}),
    ("long chords in D", {"role": "chords", "styles": ("held",)}),
    ("no drums, only bass", {"role": "bass", "others": ()}),
    ("techno without drums", {"role": "bass", "genre": "techno"}),
    ("bass instead of drums", {"role": "bass", "others": ()}),
    ("a bass line, not in A minor but in G minor", {"role": "bass", "key": "G minor"}),
    ("a lead, not in C but in D minor", {"role": "lead", "key": "D minor"}),
    ("not house but techno drums", {"role": "drums", "genre": "techno"}),
    ("a bass, not too busy", {"styles": (), "unknown": ()}),
    ("a pad, not too loud", {"energy": 0.55}),
    ("a pad, not 120 bpm but 90 bpm", {"bpm": 90}),
    ("a bass without octaves", {"styles": (), "unknown": ("without octaves",)}),
    ("bass with no reverb", {"unknown": ("reverb",)}),
    ("drums with no swing", {"swing": 50}),
    ("sad slow piano", {"role": "chords", "key": "A minor", "bpm": 72}),
    ("slow techno drums", {"bpm": 110}),
    ("fast techno drums", {"bpm": 150}),
    ("slow techno drums at 140 bpm", {"bpm": 140}),
    ("12 bar blues in E", {"role": "chords", "bars": 12, "key": "E blues"}),
    ("a waltz", {"role": "chords", "meter": "3/4"}),
    ("bossa nova drums", {"genre": "latin", "near": ("bossa nova",)}),
    ("big band drums", {"genre": "jazz", "near": ("big band",)}),
]

PROBLEMS = [
    ("", "no words"),
    ("   \n", "no words"),
    ("what is the weather today?", "nothing about music"),
    ("ベースライン", "nothing about music"),
    ("asdf qwer zxcv", "acid bass in A minor"),
    ("500 bars of techno", "1 to 128 bars"),
    ("0 bars of bass", "1 to 128 bars"),
    ("-3 bars of bass", "1 to 128 bars"),
    ("3.5 bars of bass", "whole bars"),
    ("half a bar of drums", "whole bars"),
    ("a bassline in H minor", "notes are A to G"),
    ("a lead in C superlocrain", "Did you mean superlocrian"),
    ("a lead in C mixolidian", "Did you mean mixolydian"),
    ("bass at 5000 bpm", "20 to 999"),
    ("bass in 4/5", "not a metre"),
    ("128 bars of bass in 31/1", "too long"),
]

OPTIONS = [
    (Options(bars=8), {"bars": 8}),
    (Options(key="D minor"), {"key": "D minor"}),
    (Options(bpm=99), {"bpm": 99}),
    (Options(meter="7/8"), {"meter": "7/8"}),
    (Options(genre="house"), {"genre": "house"}),
    (Options(role="pad"), {"role": "pad"}),
    (Options(seed=3), {"seed": 3}),
    (Options(bars=500), {"problem": "500 bars cannot be made: a clip has 1 to 128 bars."}),
]


def facts_of(brief: Any) -> dict[str, Any]:
    facts = {name: getattr(brief, name) for name in brief.__slots__}
    return {**facts, "meter": str(brief.meter), "chords": [chord.name for chord in brief.chords]}


@pytest.mark.parametrize(("text", "expected"), PROMPTS, ids=[text[:40] for text, _ in PROMPTS])
def test_a_prompt_is_read_and_made(text, expected):
    brief = read_brief(text)
    clip = sketch(brief)

    assert {name: facts_of(brief)[name] for name in expected} == expected
    assert clip.bars == brief.bars
    assert len(clip) > 0
    assert all(note.end <= clip.length for note in clip.notes)


@pytest.mark.parametrize(("text", "named"), PROBLEMS, ids=[text[:30] or "empty" for text, _ in PROBLEMS])
def test_what_cannot_be_made_says_why(text, named):
    problem = read_brief(text).problem

    assert problem is not None
    assert named in problem


@pytest.mark.parametrize(("options", "expected"), OPTIONS, ids=[next(iter(row[1])) for row in OPTIONS])
def test_options_win_over_the_words(options, expected):
    brief = read_brief("2 bars of techno bass in A minor at 140 bpm in 3/4, seed 9", options=options)

    assert {name: facts_of(brief)[name] for name in expected} == expected


@pytest.mark.parametrize(
    "unit", ["bass in A minor ", "a ", "bars 12 ", "in ", "x", "1", "C ", "drum & ", "(", "é"]
)
def test_ten_thousand_letters_are_read(unit):
    brief = read_brief((unit * 10_000)[:10_000])

    assert brief.problem or sketch(brief).bars == brief.bars


@given(text=st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text_gives_a_clip_or_a_problem(text):
    brief = read_brief(text)

    assert brief.problem or len(sketch(brief))


@given(
    role=st.sampled_from(["bass", "drums", "chords", "pad", "lead", "arp", "texture"]),
    genre=st.sampled_from([*GENRES, ""]),
    style=st.sampled_from(["", "syncopated", "sparse", "busy", "calm", "hard", "swung"]),
    seed=st.integers(0, 2**48),
)
@settings(max_examples=80, deadline=None)
def test_a_clip_written_as_text_is_the_same_clip(role, genre, style, seed):
    clip = sketch(read_brief(f"{style} {genre} {role}", options=Options(seed=seed)))

    assert read_clip(write_clip(clip)) == clip


@pytest.mark.parametrize("genre", ["techno", "house", "acid", "trance"])
def test_dance_drums_begin_with_the_kick(genre):
    clip = sketch(read_brief(f"{genre} drums"))

    assert any(note.pitch == DRUM_PITCHES["kick"] and note.start == 0 for note in clip.notes)


def test_clips_are_those_of_the_last_release():
    assert digests() == json.loads(STORED.read_text(encoding="utf-8"))


@pytest.mark.slow
@pytest.mark.parametrize("hash_seed", ["0", "1", "12345"])
def test_the_same_words_give_the_same_clip_under_every_hash_seed(hash_seed):
    script = "import json; from composer.digests import digests; print(json.dumps(digests()))"
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(STORED.parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )

    assert json.loads(done.stdout) == json.loads(STORED.read_text(encoding="utf-8"))


def test_other_seeds_give_other_clips():
    digests = {
        sketch(read_brief("acid bass", options=Options(seed=Random(n).getrandbits(32)))).digest
        for n in range(20)
    }

    assert len(digests) == 20
