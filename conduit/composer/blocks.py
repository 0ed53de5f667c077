"""The blocks of music in JSON that a model wrote, wherever in it they stand and whatever they are called.

A block is what one object says: notes, drums, control changes, a grid, a swing, settings of devices, and facts such
as a tempo. Facts of an outer object hold for the blocks inside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from conduit.composer.aliases import BLOCK_FIELDS, DRUM_WORDS, FACT_PARTS, NOTE_FIELDS, ROLES_OF, plain
from conduit.composer.lanes import lane_rows
from conduit.composer.loose import Object
from conduit.composer.named import number
from conduit.composer.repair import Ledger
from conduit.composer.rows import SAYS, WHEN, Row, is_note_off, is_row, read_row, row_fields, split_row
from conduit.composer.shapes import (
    column_order,
    composed_facts,
    holds_objects,
    is_bar,
    is_column,
    is_empty,
    is_flat,
    shown,
    times_a_note,
    unknown_hits,
    without_inside,
)

__all__ = ["COUNTED", "Block", "BlockReader"]

COUNTED = frozenset({"pitch", "midinote", "notenumber"})
"""Names of fields that nothing but a note has; they are counted in the text, so that none is missed."""

_MOST = 10_000  # notes that one answer may hold

_FACTS = {"name", "bpm", "key", "meter", "bars", "beats", "instrument", "ppq", "unit", "swing", "quantize"}
_TEXT = frozenset("|[{")  # marks of notation and of JSON in a text


@dataclass(slots=True)
class Block:
    """What one object says.

    Attributes:
        rows: The notes, in the order they were written.
        facts: What it says of the clip, by the names of ``BLOCK_FIELDS``, as it was written.
        controls: Control changes, as they were written.
        params: Settings of devices, as they were written.
        alone: Whether it is a note that stands by itself; those in a row belong together.
    """

    rows: list[Row] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    controls: list[Any] = field(default_factory=list)
    params: list[Any] = field(default_factory=list)
    alone: bool = False

    def __bool__(self) -> bool:
        return bool(self.rows or self.controls or self.params)


class BlockReader:
    """Walks through a value and gives the blocks in it.

    Args:
        ledger: Where what is put right is written down.

    Attributes:
        n_counted: Fields of ``COUNTED`` in the objects that were read as notes.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.n_counted = 0
        self._ledger = ledger
        self._n_offs = 0  # events that end notes
        self._ringing: dict[int, Row] = {}  # the last note of each pitch
        self._chords = False  # whether what is read stands under the name of chords

    def read(self, value: Any) -> list[Block | str]:
        """Give the blocks of a value, and the texts in it, which may be notation or JSON once more."""
        return list(self._walk(value, {}))

    def _walk(self, value: Any, facts: dict[str, Any]) -> Iterator[Block | str]:
        match value:
            case str():
                yield value
            case list() if self._holds_rows(value):
                yield Block(list(self._rows(value, drums=False)), dict(facts))
            case list():
                for one in value:
                    yield from self._walk(one, facts)
            case Object() if is_row(value):
                yield Block(list(self._rows([value], drums=False)), dict(facts), alone=True)
            case Object():
                before = self._ledger.n_seen, self._n_offs
                found = list(self._object(value, facts))
                yield from found
                says_more = any(not isinstance(one, str) or _TEXT & set(one) for one in found)
                if not says_more and times_a_note(value) and before == (self._ledger.n_seen, self._n_offs):
                    self._ledger.lost(what=shown(value))

    def _object(self, value: Object, outer: dict[str, Any]) -> Iterator[Block | str]:
        own = [(BLOCK_FIELDS.get(plain(key or "")), plain(key or ""), one) for key, one in value.pairs]
        said = {name: one for name, _, one in own if name in _FACTS and not isinstance(one, list | Object)}
        said = composed_facts(own) | said
        facts = outer | said
        block, drums = Block(facts=facts), Block(facts=facts | {"instrument": "drums"})
        inside: list[tuple[str | None, str, Any]] = []
        for name, key, one in own:
            if name == "notes" and not (isinstance(one, str) and _TEXT & set(one)):
                self._chords = ROLES_OF.get(key) == "keys"
                block.rows += self._rows(one, drums=False)
                self._chords = False
                facts.setdefault("instrument", ROLES_OF.get(key))
            elif name == "drums":
                drums.rows += self._rows(one, drums=True)
            elif name in {"controls", "params"}:
                getattr(block, name).extend(one if isinstance(one, list) else [one])
            elif isinstance(one, Object) and is_row(one):
                block.rows += self._rows(one, drums=False)
            elif name not in said:
                inside.append((name, key, one))
        yield from filter(None, (drums, block))
        for name, key, one in inside:
            found = list(self._walk(one, facts))
            yield from found
            is_fact = name in FACT_PARTS and isinstance(one, list | Object)
            self._ledger.add(
                "fact", int(is_fact and not any(isinstance(part, Block) for part in found)), what=key
            )

    def _holds_rows(self, value: list[Any]) -> bool:
        """Say whether a list without a name is one of notes."""
        if any(isinstance(one, Object) and (is_row(one) or is_bar(one)) for one in value):
            return True
        return bool(value) and all(is_column(one) for one in value)

    def _rows(self, value: Any, *, drums: bool, bar: float | None = None) -> Iterator[Row]:
        match value:
            case Object() if is_row(value) or is_bar(value) or not value.whole:
                yield from self._notes(value, drums=drums, bar=bar)
            case Object():
                yield from self._told(
                    value,
                    self._lanes(value, drums=drums, bar=bar),
                    is_note=bool(row_fields(value).keys() & SAYS),
                )
            case list():
                yield from self._listed(value, drums=drums, bar=bar)
            case str():
                yield from self._listed(list(value.split()), drums=drums, bar=bar)
            case None:
                return
            case _:
                yield from self._bare(value, drums=drums)

    def _listed(self, value: list[Any], *, drums: bool, bar: float | None) -> Iterator[Row]:
        order = column_order(value)
        for one in value:
            if is_column(one):
                yield from self._column(one, order, drums=drums)
            elif isinstance(one, Object):
                rows = self._rows(one, drums=drums, bar=bar)
                yield from self._told(one, rows, is_note=not is_empty(one))
            elif isinstance(one, list):
                yield from self._rows(one, drums=drums, bar=bar)
            else:
                yield from self._bare(one, drums=drums)

    def _told(self, value: Object, rows: Iterator[Row], *, is_note: bool) -> Iterator[Row]:
        """Give the rows of an object; where there are none, and none was told, it is a note that cannot be read."""
        before = self._ledger.n_seen, self._n_offs
        yield from rows
        if is_note and before == (self._ledger.n_seen, self._n_offs):
            self._ledger.lost(what=shown(value))

    def _notes(self, value: Object, *, drums: bool, bar: float | None) -> Iterator[Row]:
        """Read an object that is a note, the notes that were forgotten to part from it, and those inside it."""
        for place, one in enumerate(split_row(value)):
            if is_note_off(one):
                self._end_note(one, drums=drums, bar=bar)
                continue
            if any(part == [] and BLOCK_FIELDS.get(plain(key or "")) == "notes" for key, part in one.pairs):
                continue  # a bar of rests
            inside = [part for key, part in one.pairs if holds_objects(key, part)]
            self.n_counted += sum(plain(key or "") in COUNTED for key, _ in one.pairs)
            if not inside or any(
                NOTE_FIELDS.get(plain(key or "")) in {"start", "step"} for key, _ in one.pairs
            ):
                yield from self._note(one, drums=drums, bar=bar, is_split=place > 0)
            at = next(
                (number(part) for key, part in one.pairs if plain(key or "") in {"bar", "measure"}), bar
            )
            for part in inside:
                yield from self._rows(part, drums=drums, bar=at)

    def _note(
        self, value: Object, *, drums: bool, bar: float | None, is_split: bool = False
    ) -> Iterator[Row]:
        if not value.whole:
            self._ledger.seen()
            self._ledger.add("broke_off")
            return
        row = None if self._is_full() else read_row(value, self._ledger, drums=drums, chords=self._chords)
        if row is not None:
            row.bar = bar if row.bar is None else row.bar
            self._ledger.add("split", int(is_split))
            for pitch in row.pitches:
                self._ringing[pitch] = row
            yield row

    def _end_note(self, value: Object, *, drums: bool, bar: float | None) -> None:
        """Take an event that ends a note: the last of its pitch ends there, where it does not say so itself."""
        self.n_counted += sum(plain(key or "") in COUNTED for key, _ in value.pairs)
        self._n_offs += 1
        end = read_row(value, Ledger(), drums=drums)
        row = self._ringing.pop(end.pitches[0], None) if end else None
        if (
            end
            and row
            and row.duration is None
            and row.end is None
            and row.bar == (bar if end.bar is None else end.bar)
        ):
            row.end = end.start if end.start_unit == row.start_unit else None
        self._ledger.add("note_off")

    def _lanes(self, value: Object, *, drums: bool, bar: float | None) -> Iterator[Row]:
        """Read an object that is no note: lanes by the names of drums, or whatever it holds."""
        says_when = bool(row_fields(value).keys() & WHEN)
        among_drums = any(plain(key or "") in DRUM_WORDS for key, _ in value.pairs)
        for key, one in value.pairs:
            if plain(key or "") in DRUM_WORDS and isinstance(one, str | list):
                yield from lane_rows(str(key), one, self._ledger, bar=bar)
            elif hits := unknown_hits(one, among_drums=among_drums, drums=drums):
                self._ledger.lost(hits, what=f"the drum {key!r}")
            elif (
                isinstance(one, str)
                and BLOCK_FIELDS.get(plain(key or "")) == "notes"
                and not _TEXT & set(one)
            ):
                yield from self._rows(one, drums=drums, bar=bar)
            elif says_when and is_flat(one) and plain(key or "") not in BLOCK_FIELDS | NOTE_FIELDS:
                continue  # of a note, and no pitches
            elif isinstance(one, list | Object):
                at = number(key.lower().removeprefix("bar")) if key and key.lower().startswith("bar") else bar
                yield from self._rows(one, drums=drums, bar=at)
        if any(
            plain(key or "") in NOTE_FIELDS and NOTE_FIELDS[plain(key or "")] == "pitch"
            for key, _ in value.pairs
        ):
            yield from self._notes(Object(without_inside(value)), drums=drums, bar=bar)

    def _is_full(self) -> bool:
        """Say whether the answer has as many notes as it may; then one more is counted, and not read."""
        if self._ledger.n_seen < _MOST:
            return False
        self._ledger.seen()
        self._ledger.add("too_many", what=f"{_MOST:,} notes")
        return True

    def _column(self, column: list[Any], order: tuple[str, ...], *, drums: bool) -> Iterator[Row]:
        if self._is_full():
            return
        pairs: list[tuple[str | None, Any]] = list(zip(order, column, strict=False))
        row = read_row(Object(pairs), self._ledger, drums=drums)
        if row is not None:
            self._ledger.add("columns", what=", ".join(order[: min(4, len(column))]))
            yield row

    def _bare(self, value: Any, *, drums: bool) -> Iterator[Row]:
        """Read a pitch that stands alone."""
        if self._is_full():
            return
        row = read_row(Object([("pitch", value)]), self._ledger, drums=drums, chords=self._chords)
        if row is not None:
            yield row
