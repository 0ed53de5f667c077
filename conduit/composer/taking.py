"""The intake of whatever models send: a clip, an honest list of repairs, or a reason that goes back to the model.

It takes the notation, JSON in many forms (see ``aliases``) and words around both. Pure and linear in the length of
what it is given, which has an upper end; it never raises. Names of pitches in JSON are read with C4 as 60, as the
bridge and most software have it; those of the notation are Live's, where 60 is C3. Whoever reads names in JSON is
told so in a repair.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from conduit.composer.assembly import assembled, parted
from conduit.composer.blocks import Block
from conduit.composer.brief import Options
from conduit.composer.finding import Candidate, find
from conduit.composer.fitting import fitted
from conduit.composer.params import Setting, settings
from conduit.composer.repair import DROPS, Ledger, Repair
from conduit.errors import ClipError
from conduit.music import Clip, ClipReader

__all__ = ["MOST", "Intake", "clip_of", "take_in"]

MOST = 250_000
"""Characters that one answer may have."""

_MOST_CLIPS = 32
_MOST_COUNTED = 1_000  # notes beyond those clips that are counted one by one
_NOTHING = "there is no clip in it; write the whole clip in the notation, its header line first."


@dataclass(frozen=True, slots=True)
class Intake:
    """What came of an answer.

    Attributes:
        clips: What was taken, in the order written; the last is the one that counts.
        repairs: What was put right, left out or taken for granted, a sentence each.
        problem: Why nothing was taken, for the model to mend; None where something was, or where none was to be.
        settings: Parameters of devices that the answer sets; they are told and not yet done.
        words: The answer without what became of the clips.
        n_seen: Notes that were recognised in it, each once; those of a repeated clip count as often.

    >>> taken = take_in('{"midi_notes": [{"pitch": 45, "start_beat": 0, "duration_beats": 1, "velocity": 200}]}')
    >>> taken.clips[0].notes[0].velocity, [repair.kind for repair in taken.repairs]
    (127, ['velocity'])
    """

    clips: tuple[Clip, ...] = ()
    repairs: tuple[Repair, ...] = ()
    problem: str | None = None
    settings: tuple[Setting, ...] = ()
    words: str = ""
    n_seen: int = 0

    @property
    def n_kept(self) -> int:
        """Notes that were taken."""
        return sum(map(len, self.clips))


def take_in(
    given: str | Mapping[str, Any] | list[Any],
    options: Options | None = None,
    *,
    final: bool = False,
    wanted: bool = True,
) -> Intake:
    """Take in what a model sent.

    Args:
        given: An answer in words, the raw arguments of a tool call, or its arguments as an object.
        options: What was asked for.
        final: Whether nobody will be asked again; then more is put right, and told.
        wanted: Whether there has to be a clip in it; if not, an answer without one has no problem.
    """
    text = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False, default=str)
    if len(text) > MOST:
        said = f"an answer of {len(text):,} characters is too long to be read; write up to {MOST:,}"
        return Intake(problem=said if wanted else None, words=text)
    text = _unpacked(text)
    return _Taking(options or Options(), final=final, wanted=wanted).take(text)


def _unpacked(text: str) -> str:
    """Give the text that a text is as JSON, where it is one as a whole; else the text itself."""
    if not (text.startswith('"') and text.endswith('"')):
        return text
    try:
        return str(json.loads(text))
    except ValueError:
        return text


def clip_of(arguments: str) -> Clip | None:
    """Give the clip of a call's arguments as it was written; None where there is none that can be read."""
    clips = take_in(arguments, final=True).clips
    return clips[-1] if clips else None


class _Taking:
    """One answer on its way to clips."""

    def __init__(self, options: Options, *, final: bool, wanted: bool) -> None:
        self._options = options
        self._final = final
        self._wanted = wanted
        self._ledger = Ledger()
        self._settings: list[Setting] = []

    def take(self, text: str) -> Intake:
        found = find(text, self._ledger)
        if not found.candidates:
            return self._told(found.others, text)
        problems: list[str] = []
        clips: list[Clip] = []
        for number, candidate in enumerate(found.candidates):
            if number >= _MOST_CLIPS:
                self._left_out(candidate)
                continue
            made, wrong = self._clips(candidate)
            clips += made
            problems += wrong
        if problems and not (self._final and clips):
            return Intake(problem=problems[0], words=text)
        clips = self._distinct(clips)
        if not clips:
            return Intake(problem=self._nothing(), words=text)
        self._ledger.add("several", len(clips) if len(clips) > 1 else 0)
        return Intake(
            clips=tuple(clips),
            repairs=self._ledger.repairs,
            settings=tuple(self._settings),
            words=_without(text, found.written[:_MOST_CLIPS]),
            n_seen=self._ledger.n_seen,
        )

    def _told(self, others: list[Block], text: str) -> Intake:
        """Give an answer without notes: what else it says is told, unless a clip had to be there."""
        if self._wanted:
            return Intake(problem=self._nothing(), words=text)
        ledger = Ledger()
        found = tuple(one for other in others for one in settings(other.params, ledger))
        return Intake(repairs=ledger.repairs, settings=found, words=text)

    def _nothing(self) -> str | None:
        """Say that there is no clip, where one has to be, and which notes could not be read."""
        lost = [repair.sentence for repair in self._ledger.repairs if repair.kind in DROPS]
        return " ".join((_NOTHING, *lost)) if self._wanted else None

    def _clips(self, candidate: Candidate) -> tuple[list[Clip], list[str]]:
        """Give the clips of a candidate, and why others of it cannot be taken."""
        clips: list[Clip] = []
        problems: list[str] = []
        for part in self._parts(candidate.content):
            try:
                written = (
                    self._notation(part, cut=candidate.cut)
                    if isinstance(part, str)
                    else self._assembled(part)
                )
                clips.append(self._fitted(written, cut=candidate.cut))
            except ClipError as error:
                problems.append(error.message)
        return clips, problems

    def _parts(self, content: str | Block) -> Iterator[str | Block]:
        if isinstance(content, str):
            yield content
            return
        self._settings += settings(content.params, self._ledger)
        yield from (part for part in parted(content) if part.rows)

    def _assembled(self, block: Block) -> Clip:
        return assembled(block, self._options, self._ledger)

    def _left_out(self, candidate: Candidate) -> None:
        """Count a clip beyond those that one answer may have."""
        if isinstance(candidate.content, str):
            count = _notes_in(candidate.content) if self._ledger.count("too_many") < _MOST_COUNTED else 1
            self._ledger.seen(count)
        else:
            count = sum(len(row.pitches) for row in candidate.content.rows)
        self._ledger.add("too_many", count, what=f"{_MOST_CLIPS} clips")

    def _notation(self, text: str, *, cut: bool) -> Clip:
        """Read notation; where nobody is asked again, what can be read of it."""
        reader = ClipReader()
        reader.feed(text.rstrip().rpartition(" ")[0] + "\n" if cut else text)
        try:
            clip = reader.finish()
        except ClipError as error:
            if not self._final or reader.header is None:
                self._ledger.lost(len(reader.errors), what=error.message)
                raise
            self._ledger.lost(len(reader.errors), what=error.message)
            clip = reader.clip()
        self._ledger.seen(len(clip))
        return clip

    def _fitted(self, clip: Clip, *, cut: bool) -> Clip:
        try:
            return fitted(clip, self._options, self._ledger, final=self._final, cut=cut)
        except ClipError as error:
            self._ledger.add("refused", len(clip), what=error.message)
            raise

    def _distinct(self, clips: list[Clip]) -> list[Clip]:
        """Leave out clips that come twice."""
        kept: list[Clip] = []
        digests: set[str] = set()
        for clip in clips:
            if clip.digest in digests:
                self._ledger.add("repeated", len(clip))
            else:
                digests.add(clip.digest)
                kept.append(clip)
        return kept


def _without(text: str, written: list[str]) -> str:
    """Give a text without what became of the clips."""
    text = text.replace("\r\n", "\n")
    for one in written:
        text = text.replace(one, "", 1)
    return text.strip()


def _notes_in(text: str) -> int:
    """Count the notes of notation that is not taken, at least 1."""
    reader = ClipReader()
    reader.feed(f"{text}\n")
    return max(1, len(reader.clip()))
