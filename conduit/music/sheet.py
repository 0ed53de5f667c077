"""The bars of a clip text as far as they are written: notes and moves of controls, and bars written over again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conduit.errors import ClipError
from conduit.music.clip import Clip
from conduit.music.control import ControlChange
from conduit.music.event import Hit, Move
from conduit.music.header import Header
from conduit.music.meter import Bar
from conduit.music.note import Note

__all__ = ["MAX_NOTES", "Sheet"]

MAX_NOTES = 100_000
"""Notes, changes of controls, and bars that repeat others, in one text: repeats make many of few characters."""

_MAX_VALID = 16  # bars that one error lists


class Sheet:
    """What a text has written into its bars; bars count from 1.

    Args:
        header: What holds for the whole clip.
    """

    def __init__(self, header: Header) -> None:
        self.header = header
        self._bars: dict[int, list[Hit | Move]] = {}
        self._places: dict[int, Bar] = {}
        self._notes: list[Note] = []
        self._changes: list[ControlChange] = []
        self._n_repeated = 0

    def clip(self) -> Clip:
        """Give the clip as far as it is written."""
        header = self.header
        ppq, ticks = header.ppq, header.length_ticks
        if ticks is None:
            ticks = round(header.bars.number(max(self._bars, default=1)).start)
        return Clip.of(
            self._notes,
            length=ticks / ppq,
            ppq=ppq,
            name=header.name,
            bpm=header.bpm,
            meter=header.meter,
            key=header.key,
            instrument=header.instrument,
            controls=self._changes,
            program=header.program,
            meter_changes=[(tick / ppq, meter) for tick, meter in header.meter_changes],
            loop=header.loop_ticks and (header.loop_ticks[0] / ppq, header.loop_ticks[1] / ppq),
            colour=header.colour,
        )

    def put(self, made: Sequence[Hit | Move], bars: range) -> list[Note]:
        """Put what a word made into each of some bars; give the notes. All of it fits, or nothing is kept.

        Raises:
            ClipError: Something does not fit.
        """
        if not made:
            return []
        self._check_room(made, len(bars))
        notes: list[Note] = []
        changes: list[ControlChange] = []
        for number in bars:
            bar = self._place(number)
            for one in made:
                if isinstance(one, Hit):
                    notes.append(one.at(bar, self.header.ppq))
                else:
                    changes.append(one.at(bar, self.header.ppq))
        for number in bars:
            self._bars.setdefault(number, []).extend(made)
        self._notes += notes
        self._changes += changes
        return notes

    def repeat(self, bars: range, given: range, text: str) -> Iterator[list[Note]]:
        """Write bars over again, as often as they go into those to be written; a bar of rests stays one.

        Args:
            bars: Those to be written; they are empty.
            given: Those to be repeated, of which at least one is written.
            text: How the text calls them.

        Raises:
            ClipError: It cannot be; the bars before that are written.
        """
        self._n_repeated += len(given) + len(bars)
        if self._n_repeated > 2 * MAX_NOTES:
            raise ClipError(f"a text that repeats more than {MAX_NOTES:,} bars is too long")
        self._check_empty(bars[0])
        if not any(number in self._bars for number in given):
            valid = [str(one) for one in list(self._bars)[:_MAX_VALID]]
            raise ClipError(
                f"bar {bars[0]} repeats bar {text or '?'}, which is not written above", valid=valid
            )
        for number in bars:
            self._check_empty(number)
            source = self._bars.get(given[(number - bars[0]) % len(given)], [])
            yield self.put(source, range(number, number + 1))

    def _place(self, number: int) -> Bar:
        if number not in self._places:
            self._places[number] = self.header.bars.number(number - 1)
        return self._places[number]

    def _check_empty(self, number: int) -> None:
        if number in self._bars:
            raise ClipError(f"bar {number} has notes already; only an empty bar can repeat another")

    def _check_room(self, made: Sequence[Hit | Move], n_bars: int) -> None:
        n_notes = sum(isinstance(one, Hit) for one in made)
        n_changes = len(made) - n_notes
        if max(len(self._notes) + n_bars * n_notes, len(self._changes) + n_bars * n_changes) > MAX_NOTES:
            most = f"{MAX_NOTES:,} notes"
            raise ClipError(f"a text of more than {most} is too long", valid=[f"up to {most}"])
