"""What was put right in an answer, as sentences for a person, and how its notes add up.

Every note that is seen in an answer is either kept or counted in a repair of a kind in ``DROPS``: the ledger is
where that is written down, and ``Ledger.balance`` is what a test asks for.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DROPS", "Ledger", "Repair"]


@dataclass(frozen=True, slots=True)
class Repair:
    """One kind of thing that was put right, left out or taken for granted.

    Attributes:
        kind: A key of the table of sentences, such as ``late``.
        sentence: What was done, for a person and for the model.
        count: How many notes or places it concerns.

    >>> Repair("late", "2 notes start after the end and were left out.", 2).count
    2
    """

    kind: str
    sentence: str
    count: int = 1


_DROPS: dict[str, tuple[str, str]] = {
    "unreadable": (
        "1 note could not be read and was left out: {what}.",
        "{n} notes could not be read and were left out, such as {what}.",
    ),
    "unread": (
        "1 place that looks like a note could not be read and was left out.",
        "{n} places that look like notes could not be read and were left out.",
    ),
    "late": (
        "1 note starts after the end of {what} and was left out.",
        "{n} notes start after the end of {what} and were left out.",
    ),
    "broke_off": (
        "1 note was cut off in the middle and was left out.",
        "{n} notes were cut off in the middle and were left out.",
    ),
    "doubled": (
        "1 note strikes a key at the same time as another and was left out.",
        "{n} notes strike a key at the same time as another and were left out.",
    ),
    "repeated": (
        "1 note was left out because the answer holds the same clip twice.",
        "{n} notes were left out because the answer holds the same clip twice.",
    ),
    "refused": (
        "1 note of another clip was left out: {what}",
        "{n} notes of another clip were left out: {what}",
    ),
    "too_many": (
        "1 note was left out: an answer holds up to {what}.",
        "{n} notes were left out: an answer holds up to {what}.",
    ),
}
_CHANGES: dict[str, tuple[str, str]] = {
    "syntax": (
        "1 place in the JSON was mended, such as a missing comma or quote.",
        "{n} places in the JSON were mended, such as missing commas or quotes.",
    ),
    "cut": ("The answer broke off; what was whole was kept.",) * 2,
    "words": (
        "1 line of words inside the clip was left out: {what}.",
        "{n} lines of words inside the clip were left out, such as {what}.",
    ),
    "note_off": (
        "1 event ends a note; it was read as the end of that note.",
        "{n} events end notes; they were read as the ends of those notes.",
    ),
    "named": (
        "1 pitch is written as a name; C4 was taken for middle C (60, which Live calls C3).",
        "{n} pitches are written as names; C4 was taken for middle C (60, which Live calls C3).",
    ),
    "no_octave": (
        "1 pitch has no octave; it was put next to middle C.",
        "{n} pitches have no octave; they were put next to middle C.",
    ),
    "chords": (
        "1 chord symbol was written out from its root up.",
        "{n} chord symbols were written out from their roots up.",
    ),
    "bar_long": ("1 chord has no length; it got a bar.", "{n} chords have no length; they got a bar each."),
    "rounded": ("1 pitch was rounded to a semitone.", "{n} pitches were rounded to semitones."),
    "octaves": (
        "1 pitch lay outside 0-127 and was moved by octaves.",
        "{n} pitches lay outside 0-127 and were moved by octaves.",
    ),
    "velocity": (
        "1 velocity lay outside 1-127 and was brought to the nearest.",
        "{n} velocities lay outside 1-127 and were brought to the nearest.",
    ),
    "fractions": (
        "1 velocity is written as a fraction of 1; it was multiplied by 127.",
        "{n} velocities are written as fractions of 1; they were multiplied by 127.",
    ),
    "no_velocity": (
        "1 note has no velocity that can be read; it got 96.",
        "{n} notes have no velocity that can be read; they got 96.",
    ),
    "no_duration": (
        "1 note has no length that can be read; it got {what}.",
        "{n} notes have no length that can be read; they got {what}.",
    ),
    "no_start": (
        "1 note has no start; it was put after the one before.",
        "{n} notes have no start; each was put after the one before.",
    ),
    "negative": (
        "1 note starts before the clip; it was moved to its beginning.",
        "{n} notes start before the clip; they were moved to its beginning.",
    ),
    "extras": (
        "1 note says something that cannot be, such as a probability over 1; that was left out.",
        "{n} notes say something that cannot be, such as a probability over 1; that was left out.",
    ),
    "from_one": (
        "Times of 1 note are counted from 1; they were read so.",
        "Times of {n} notes are counted from 1; they were read so.",
    ),
    "seconds": (
        "1 note is written in seconds; it was placed at {what}.",
        "{n} notes are written in seconds; they were placed at {what}.",
    ),
    "ticks": (
        "1 note is written in ticks; it was read with {what} ticks a beat.",
        "{n} notes are written in ticks; they were read with {what} ticks a beat.",
    ),
    "columns": (
        "1 note is a bare list; it was read as {what}.",
        "{n} notes are bare lists; they were read as {what}.",
    ),
    "lanes": (
        "1 drum lane lists numbers without a unit; they were read as {what}.",
        "{n} drum lanes list numbers without a unit; they were read as {what}.",
    ),
    "split": (
        "1 note lacked its brackets and was told from the one before by its repeated fields.",
        "{n} notes lacked their brackets and were told apart by their repeated fields.",
    ),
    "ring_over": (
        "1 note rang past the end of the clip and was shortened.",
        "{n} notes rang past the end of the clip and were shortened.",
    ),
    "quantised": (
        "1 note was moved to the grid that the answer asks for ({what}).",
        "{n} notes were moved to the grid that the answer asks for ({what}).",
    ),
    "swung": (
        "1 note was moved by the swing that the answer asks for ({what}).",
        "{n} notes were moved by the swing that the answer asks for ({what}).",
    ),
    "fact": (
        "A fact of the clip was left out: {what}.",
        "{n} facts of the clip were left out, such as {what}.",
    ),
    "loop": ("{what}",) * 2,
    "tempo": ("{what}",) * 2,
    "meter": ("{what}",) * 2,
    "key": ("{what}",) * 2,
    "off_key": (
        "1 note lies outside {what}; it was kept.",
        "{n} notes lie outside {what}; they were kept.",
    ),
    "tiled": ("{what}",) * 2,
    "short": ("{what}",) * 2,
    "several": ("The answer holds 1 clip.", "The answer holds {n} clips; the last is shown."),
    "control": (
        "1 control change cannot be and was left out: {what}.",
        "{n} control changes cannot be and were left out, such as {what}.",
    ),
    "control_fraction": (
        "1 value of a control is written as a fraction of 1; it was multiplied by 127.",
        "{n} values of controls are written as fractions of 1; they were multiplied by 127.",
    ),
    "control_rounded": (
        "1 value of a control was rounded to a whole number.",
        "{n} values of controls were rounded to whole numbers.",
    ),
    "control_start": (
        "1 control change comes before the clip; it was moved to its beginning.",
        "{n} control changes come before the clip; they were moved to its beginning.",
    ),
    "control_value": (
        "1 value of a control lay outside its range and was brought to the nearest.",
        "{n} values of controls lay outside their range and were brought to the nearest.",
    ),
    "params": (
        "The answer also sets {what}; devices in Live are not set from here yet.",
        "The answer also sets {n} parameters of devices ({what}); devices in Live are not set from here yet.",
    ),
    "param": (
        "1 setting of a device could not be read and was left out: {what}.",
        "{n} settings of devices could not be read and were left out, such as {what}.",
    ),
}

DROPS = frozenset(_DROPS)
"""Kinds of repair whose count is of notes that are not in the clip."""

_SAID = {**_DROPS, **_CHANGES}
_SHOWN = 60  # characters of an example
_LISTED = {"params"}  # of these, several examples are told
_MOST_EXAMPLES = 4


class Ledger:
    """Counts what is seen in an answer, and what becomes of it.

    Attributes:
        n_seen: Notes that were recognised, kept or not.

    >>> ledger = Ledger()
    >>> ledger.seen(3)
    >>> ledger.add("late", 1, what="2 bars")
    >>> [repair.sentence for repair in ledger.repairs], ledger.balance(kept=2)
    (['1 note starts after the end of 2 bars and was left out.'], 0)
    """

    def __init__(self) -> None:
        self.n_seen = 0
        self._counts: dict[str, int] = {}
        self._examples: dict[str, dict[str, None]] = {}

    def seen(self, count: int = 1) -> None:
        """Note that so many notes were recognised."""
        self.n_seen += count

    def add(self, kind: str, count: int = 1, *, what: object = "") -> None:
        """Count something that was put right; nothing is told of a count of 0.

        Args:
            kind: A key of the table of sentences.
            count: How many.
            what: An example, or what completes the sentence.
        """
        if count <= 0:
            return
        self._counts[kind] = self._counts.get(kind, 0) + count
        examples = self._examples.setdefault(kind, {})
        if len(examples) < _MOST_EXAMPLES:
            examples[_short(str(what), whole=len(_SAID[kind][0]) <= len("{what}"))] = None

    def lost(self, count: int = 1, *, what: object) -> None:
        """Note notes that were recognised and cannot be read."""
        self.seen(count)
        self.add("unreadable", count, what=what)

    def count(self, kind: str) -> int:
        """Say how many of a kind there are."""
        return self._counts.get(kind, 0)

    def balance(self, *, kept: int) -> int:
        """Give how many notes are unaccounted for; it is 0."""
        return self.n_seen - kept - sum(self._counts.get(kind, 0) for kind in DROPS)

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """What was put right, in the order of the table."""
        return tuple(
            Repair(kind, self._sentence(kind), self._counts[kind]) for kind in _SAID if kind in self._counts
        )

    def _sentence(self, kind: str) -> str:
        count, examples = self._counts[kind], list(self._examples[kind])
        what = ", ".join(examples) if kind in _LISTED else examples[0]
        return _SAID[kind][count > 1].format(n=f"{count:,}", what=what)


def _short(text: str, *, whole: bool) -> str:
    line = " ".join(text.split())
    return line if whole or len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
