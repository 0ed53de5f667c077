"""What a small model is asked for: a request of few words, read from the messages of a conversation.

Small models read some 2,000 tokens, so theirs is a short system prompt, the last clip and the last question.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from conduit.band.parts import INSTRUMENTS
from conduit.composer.brief import MAX_BARS, Brief, Options, read_brief
from conduit.composer.by_hand import read_by_hand
from conduit.composer.edit_tools import shown
from conduit.composer.grid import Grid, grid_json, grid_of, grid_schema
from conduit.composer.intake import WRITE_CLIP
from conduit.composer.question import is_decision, read_critique, read_question
from conduit.composer.taking import clip_of
from conduit.messages import (
    AssistantMessage,
    AudioPart,
    ImagePart,
    Message,
    Request,
    SystemMessage,
    TextPart,
    ToolCallPart,
    ToolMessage,
    ToolResultPart,
    UserMessage,
)
from conduit.music import Clip, Key, Note
from conduit.music.drums import DRUM_PITCHES

__all__ = ["GridTask", "read_task"]

_BARS = 2  # where none are asked for: a small model loses its thread in more
_TEMPERATURE = 0.7
_TOKENS_A_NOTE, _TOKENS_AROUND = 30, 60
_WORDS_NOW, _WORDS_BEFORE, _WORDS_OF_ERROR = 1500, 300, 400  # characters
_ROLES = {instrument: role for role, instrument in INSTRUMENTS.items()}
_SYSTEM = """\
You write music as JSON: {part}, {length} of {steps} steps, {tempo}. Answer with compact JSON on one line, \
without spaces, such as {example}
step: when the note starts, in sixteenths from 0 to {last}. pitch: one of {pitches}. length: in sixteenths. \
velocity: 40 soft to 127 hard. Write up to {most} notes in order of step, spread over all steps."""
_NOTHING_ASKED = "Ask for a clip, such as: two bars of acid bass in A minor."


@dataclass(frozen=True, slots=True, kw_only=True)
class GridTask:
    """What a small model is asked for.

    Attributes:
        words: The question, and why the last attempt was refused if it was.
        grid: Where it may put notes.
        words_before: The question that brought the last clip.
        clip_before: The last clip; None where there is none, or it is of another part.
        media: Images and sounds that go with the question.
    """

    words: str
    grid: Grid
    words_before: str = ""
    clip_before: Clip | None = None
    media: tuple[ImagePart | AudioPart, ...] = ()

    def request(self, outer: Request) -> Request:
        """Give the request for the model: no tools, but a schema for the answer.

        Args:
            outer: What was asked for; its model and parameters are kept, but for the choice of a tool.
        """
        params = outer.params
        tokens = _TOKENS_A_NOTE * self.grid.max_notes + _TOKENS_AROUND
        changes = {
            "tool_choice": None,
            "max_tokens": params.max_tokens or tokens,
            "temperature": _TEMPERATURE if params.temperature is None else params.temperature,
        }
        return Request(
            model=outer.model,
            messages=tuple(self._messages()),
            params=params.model_copy(update=changes),
            response_schema=grid_schema(self.grid),
        )

    def _messages(self) -> Iterator[Message]:
        yield SystemMessage(content=_system(self.grid))
        if self.clip_before is not None:
            # With its question: the templates of many models want user and assistant in turn.
            yield UserMessage.of(_shortened(self.words_before, _WORDS_BEFORE))
            yield AssistantMessage(parts=(TextPart(text=grid_json(self.clip_before)),))
        yield UserMessage(parts=(*self.media, TextPart(text=self.words)))


def read_task(messages: tuple[Message, ...]) -> GridTask | str:
    """Give what the model is asked for, or the sentence that is the whole answer already.

    Args:
        messages: Of a request that offers ``write_clip``; at least one.
    """
    error = ""
    match messages[-1]:
        case ToolMessage(result=ToolResultPart(name=name, is_error=True, text=text)) if name == WRITE_CLIP:
            error = f"\nThe last attempt was refused: {_shortened(text, _WORDS_OF_ERROR)}"
        case ToolMessage(result=result):
            return _report(result, messages)
        case UserMessage() as tail if is_decision(tail):
            return _NOTHING_ASKED
        case UserMessage() as tail if said := read_critique(tail):
            error = f"\nYour last clip can be better: {_shortened(said, _WORDS_OF_ERROR)}"
    question = _question(messages)
    if question is None:
        return _NOTHING_ASKED
    words, options = read_question(question)
    before = _before(messages)
    brief = _brief(words, options=options, previous=before.brief if before else None)
    if brief.problem:
        return brief.problem
    follows = before is not None and before.brief.role == brief.role
    return GridTask(
        words=_shortened(words, _WORDS_NOW) + error,
        grid=grid_of(brief, key=Key(options.key) if options.key else None),
        words_before=before.words if before and follows else "",
        clip_before=before.clip if before and follows else None,
        media=tuple(part for part in question.parts if isinstance(part, ImagePart | AudioPart)),
    )


def _system(grid: Grid) -> str:
    clip = grid.empty
    return _SYSTEM.format(
        part=f"{grid.role} in {clip.key}" if clip.key else grid.role,
        length=f"{_counted(clip.bars, 'bar')} of {clip.meter}",
        steps=f"{clip.meter.steps:g}",
        tempo=f"{clip.bpm:g} bpm",
        example=_example(grid),
        last=grid.steps - 1,
        pitches=", ".join(f"{pitch} ({grid.name(pitch)})" for pitch in grid.pitches),
        most=grid.max_notes,
    )


def _example(grid: Grid) -> str:
    """Write a few notes in mid-register: the smallest models copy much of what they are shown."""
    if grid.empty.is_drums:
        usual = [DRUM_PITCHES[name] for name in ("kick", "hat", "snare")]
        pitches = [pitch for pitch in usual if pitch in grid.pitches] or grid.pitches[:3]
    else:
        root = grid.empty.key.root if grid.empty.key else 0
        at = grid.pitches.index(next(pitch for pitch in grid.pitches if pitch % 12 == root))
        pitches = grid.pitches[at : at + 5 : 2]
    notes = [
        Note(pitch, step / 4, 0.25, velocity)
        for pitch, step, velocity in zip(pitches, (0, 3, 6), (110, 80, 95), strict=False)
        if step < grid.steps
    ]
    return grid_json(Clip.of(notes))


def _brief(words: str, *, options: Options, previous: Brief | None) -> Brief:
    """Read the words; what a brief cannot make sense of, a model may: then the part is the one before."""
    brief = read_brief(words, options=options, previous=previous)
    if brief.problem and words.strip():
        role = options.role or (previous or Brief()).role
        options = replace(options, role=role)
        brief = read_brief(words, options=options, previous=previous)
    if brief.problem or previous is not None:
        return brief
    return replace(brief, bars=read_brief(words, options=options, previous=Brief(bars=_BARS)).bars)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Before:
    """The last clip of a conversation, the words that brought it, and what they and the clip say together."""

    words: str
    clip: Clip
    brief: Brief


def _before(messages: tuple[Message, ...]) -> _Before | None:
    clips = list(_clips(messages))
    if not clips:
        return None
    at, clip = clips[0]
    question = _question(messages[:at])
    words, options = read_question(question) if question else ("", Options())
    brief = read_brief(words, options=options)
    brief = replace(
        Brief() if brief.problem else brief,
        role=_ROLES.get(clip.instrument, brief.role),
        bars=max(1, min(MAX_BARS, round(clip.bars))),
        meter=clip.meter,
        bpm=clip.bpm,
        # Drums have no key: then the key of the clip before them holds.
        key=next((one.key for _, one in clips if one.key), brief.key),
    )
    return _Before(words=words, clip=clip, brief=brief)


def _clips(messages: tuple[Message, ...]) -> Iterator[tuple[int, Clip]]:
    """Give the clips that were accepted or edited by hand, and the place of each in the messages, newest first."""
    accepted: set[str] = set()
    for at in range(len(messages) - 1, -1, -1):
        match messages[at]:
            case ToolMessage(result=ToolResultPart(is_error=False, call_id=call_id) as result):
                accepted.add(call_id)
                if edited := shown(result):
                    yield at, edited
            case AssistantMessage(tool_calls=calls):
                found = [_clip_of(call) for call in reversed(calls) if call.id in accepted]
                yield from ((at, clip) for clip in found if clip is not None)
                accepted.clear()  # ids are unique within one message only
            case UserMessage() as asked:
                yield from ((at, clip) for clip in reversed(read_by_hand(asked)))


def _clip_of(call: ToolCallPart) -> Clip | None:
    return clip_of(call.arguments) if call.name == WRITE_CLIP else None


def _question(messages: tuple[Message, ...]) -> UserMessage | None:
    """Give the last thing that a person asked."""
    said = (one for one in reversed(messages) if isinstance(one, UserMessage))
    return next((one for one in said if not is_decision(one) and read_critique(one) is None), None)


def _report(result: ToolResultPart, messages: tuple[Message, ...]) -> str:
    if result.is_error:
        return f"That did not work: {result.text}"
    clip = next((clip for _, clip in _clips(messages)), None) if result.name == WRITE_CLIP else None
    if clip is None:
        return result.text
    return f"{_counted(len(clip), 'note')} in {_counted(clip.bars, 'bar')}."


def _counted(count: float, what: str) -> str:
    return f"{count:g} {what}{'s' if count != 1 else ''}"


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}…"
