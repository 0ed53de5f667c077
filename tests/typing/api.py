"""The public names as a user's own code would use them: read by the type checker, never run."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

import conduit
from conduit import Channel, Model, Parser, Prompt, Reply, tool
from conduit.channel import Mending, Partial
from conduit.engine import End


def a_clip_from_words() -> conduit.Clip:
    clip: conduit.Clip = conduit.compose("acid bass", bars=4, key="A minor", seed=1)
    note: conduit.Note = clip.notes[0]
    beats: float = note.start + note.duration + clip.length
    key: str | None = clip.key
    path: Path = clip.save("x.mid")
    del beats, key, path
    return clip


def a_sound_from_a_clip(clip: conduit.Clip) -> NDArray[np.float32]:
    sound: conduit.Sound = conduit.render(clip)
    return sound.samples


def a_clip_is_edited(clip: conduit.Clip, other: conduit.Clip) -> list[conduit.Clip]:
    moved: conduit.Clip = clip.transpose(5).quantise("1/16", strength=0.8).humanise(seed=3).reverse()
    higher: conduit.Clip = clip.transpose(degrees=2, key="A minor").harmonise("third", below=True)
    whole: conduit.Clip = moved.join(higher, other.tile(2)).merge(clip)
    sentence: str = clip.diff(whole).sentence
    names: list[str] = [span.chord.name for span in clip.chords()]
    del sentence, names
    return [*whole.split(bars=1), whole.continuation(bars=4, seed=1)]


def an_error_with_facts() -> list[str]:
    try:
        conduit.compose("")
    except conduit.ClipError as error:
        return error.valid
    return []


class Chord(BaseModel):
    root: str
    quality: Literal["major", "minor"]


class Brief(BaseModel):
    mood: str
    bars: int = 4


@tool
def interval(low: int, high: int = 12) -> str:
    """Name the interval between two pitches.

    Args:
        low: MIDI pitch.
        high: MIDI pitch.
    """
    return f"{high - low} semitones"


@tool(name="tempo", timeout_s=1.0)
async def read_tempo() -> float:
    """Read the tempo in beats per minute."""
    return 120.0


async def a_tool_is_still_its_function() -> tuple[str, float]:
    words: str = interval(60, high=64)
    name: str = interval.name
    tempo: float = await read_tempo()
    return words + name, tempo


def a_prompt_of_ones_own() -> str:
    prompt = Prompt("{{ bars }} bars, {{ mood }}", inputs=Brief)
    inputs: tuple[str, ...] = prompt.inputs
    text: str = prompt.render(mood=inputs[0], bars=4)
    return text + prompt.render(Brief(mood="sad")) + prompt.render({"mood": "sad"})


def an_answer_of_ones_own_type() -> Chord:
    parser = Parser(Chord)
    read: Chord = parser.read("{}")
    partial: Any = parser.partial("{")
    del read, partial
    reply: Reply[Chord] = Channel(Model("offline"), parser=Parser(Chord)).run("sad")
    value: Chord = Channel(Model("offline"), parser=Parser(Chord)).run(mood="sad").value
    return value if value.quality == "minor" else reply.value


def words_where_there_is_no_parser() -> str:
    value: str = Channel("offline", tools=[interval, read_tempo], prompt="{{ mood }}").run(mood="sad").value
    return value + Model("offline").ask("hello").text


def lists_and_literals() -> tuple[list[Chord], str]:
    chords: list[Chord] = Channel(parser=Parser(list[Chord])).run("a progression").value
    drum: Parser[Literal["kick", "snare"]] = Parser(Literal["kick", "snare"])
    hit: Literal["kick", "snare"] = Channel(parser=drum).run("one").value
    return chords, hit


async def a_stream_of_ones_own_type() -> Chord | None:
    channel = Channel(parser=Parser(Chord))
    async with channel.stream_async("sad") as stream:
        async for event in stream:
            match event:
                case Partial(value=value):
                    del value
                case Mending(problems=problems):
                    said: tuple[str, ...] = problems
                    del said
                case End(reason=reason):
                    del reason
                case _:
                    pass
    reply: Reply[Chord] = await channel.run_async("sadder")
    return stream.reply.value if stream.reply else reply.value


def many_at_once(rows: list[Mapping[str, Any]]) -> list[Chord | None]:
    return list(Channel(parser=Parser(Chord), prompt="{{ mood }}").batch(rows).values)


def a_roll_of_notes(clip: conduit.Clip, path: Path) -> tuple[conduit.Clip, ...]:
    view = conduit.roll([(60, 0, 1), (64, 1, 1, 100)], compare=clip)
    view.clip = clip.transpose(12)
    heard: list[conduit.Clip] = []
    view.on_edit(heard.append)
    saved: Path = view.save(path)
    del saved
    return view.parts
