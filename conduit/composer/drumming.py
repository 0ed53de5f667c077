"""Follow-ups about one piece of a drum kit: put in, moved to another drum, thinned, louder.

The rest of the clip stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from random import Random

import numpy as np

from conduit.band.kit import PIECES, Pieces, with_pieces
from conduit.composer.draft import Draft, operation
from conduit.composer.pieces import PIECE_LIST, WITH_PIECES, joined, pieces_in, usually
from conduit.composer.sketch import setting_of, swing_grid_of, swing_of
from conduit.music import Clip, edit
from conduit.music.drums import DRUM_PITCHES
from conduit.music.edit import tidied
from conduit.music.note import note_table

__all__ = ["DRUMMING"]

_NO_KIT = "left it as it is: only drums have pieces of a kit"
_LOUDER, _SOFTER = 1.25, 0.75
_FEWER = 0.4  # share of a piece's notes that go


def _pitches(pieces: tuple[str, ...]) -> list[int]:
    return [DRUM_PITCHES[drum] for piece in pieces for drum in PIECES[piece].drums]


def _has(clip: Clip, piece: str) -> bool:
    return bool(np.isin(clip.table["pitch"], _pitches((piece,))).any())


def _with_rows(draft: Draft, pieces: tuple[str, ...]) -> Draft:
    """Put a plain row of each piece into a clip, swung as the clip is."""
    clip = draft.clip
    brief = replace(draft.brief, bars=max(1, round(clip.bars)), meter=clip.meter)
    rng = Random((brief.seed << 8) + len(clip))
    notes = with_pieces([], Pieces(only=pieces), setting=setting_of(brief), rng=rng)
    rows = clip.with_table(note_table(note.row(clip.ppq) for note in notes if note.start < clip.length))
    rows = edit.swing(rows, swing_of(brief), grid=swing_grid_of(brief))
    return draft.then(
        f"added the {joined(pieces)}",
        tidied(clip, np.concatenate([clip.table, rows.table])),
        pieces=_also(draft, pieces),
    )


def _also(draft: Draft, pieces: tuple[str, ...]) -> Pieces:
    """The pieces of a brief with more of them playing."""
    before, meter = draft.brief.pieces, draft.clip.meter
    return Pieces(
        only=(*before.only, *pieces) if before.only else (),
        without=tuple(piece for piece in before.without if piece not in pieces),
        placed=(*before.placed, *((piece, usually(piece, meter)) for piece in pieces)),
    )


def _added(draft: Draft, match: re.Match[str]) -> Draft:
    if not draft.clip.is_drums:
        return draft.then(_NO_KIT)
    asked = pieces_in(match["list"])
    missing = tuple(piece for piece in asked if not _has(draft.clip, piece))
    if not missing:
        return draft.then(f"left it as it is: there is {joined(asked)} in it already")
    return _with_rows(draft, missing)


def _replaced(draft: Draft, match: re.Match[str]) -> Draft:
    """Move the onsets of one piece to another."""
    if not draft.clip.is_drums:
        return draft.then(_NO_KIT)
    facts = match.groupdict()
    old = pieces_in(facts["old"] or facts["old2"])
    new = pieces_in(facts["new"] or facts["new2"])[0]
    table = draft.clip.table.copy()
    mine = np.isin(table["pitch"], _pitches(old))
    if not mine.any():
        return draft.then(f"left it as it is: there is no {joined(old)} in it")
    table["pitch"] = np.where(mine, DRUM_PITCHES[PIECES[new].drums[0]], table["pitch"])
    pieces = _also(draft, (new,))
    pieces = replace(
        pieces,
        only=tuple(piece for piece in pieces.only if piece not in old),
        without=(*pieces.without, *old),
        placed=tuple(pair for pair in pieces.placed if pair[0] not in old),
    )
    return draft.then(f"moved the {joined(old)} to the {new}", tidied(draft.clip, table), pieces=pieces)


def _of_pieces(draft: Draft, pieces: tuple[str, ...], change: Callable[[Clip], Clip], *, said: str) -> Draft:
    """Do something to some pieces of the kit and leave the others as they are."""
    clip = draft.clip
    if not clip.is_drums:
        return draft.then(_NO_KIT)
    mine = np.isin(clip.table["pitch"], _pitches(pieces))
    if not mine.any():
        return draft.then(f"left it as it is: there is no {joined(pieces)} in it")
    changed = change(clip.with_table(clip.table[mine]))
    after = tidied(clip, np.concatenate([clip.table[~mine], changed.table]))
    if np.array_equal(after.table, clip.table):
        return draft.then(f"left the {joined(pieces)} as they are: there is no more to change")
    return draft.then(said, after)


def _fewer(draft: Draft, match: re.Match[str]) -> Draft:
    pieces = pieces_in(match["list"])
    return _of_pieces(draft, pieces, _thinned, said=f"took some of the {joined(pieces)} away")


def _thinned(row: Clip) -> Clip:
    """A row with its weakest notes gone; where all weigh the same, every other."""
    thin = edit.thin(row, _FEWER)
    return thin if len(thin) < len(row) or len(row) < 2 else row.with_table(row.table[::2])


def _more(draft: Draft, match: re.Match[str]) -> Draft:
    pieces = pieces_in(match["list"])
    missing = tuple(piece for piece in pieces if not _has(draft.clip, piece))
    if missing and draft.clip.is_drums:
        return _with_rows(draft, missing)
    return _of_pieces(draft, pieces, _thickened, said=f"put more {joined(pieces)} into the gaps")


def _thickened(row: Clip) -> Clip:
    """A row with a soft hit halfway to the next, where that is a sixteenth or more away."""
    step = row.ppq // 4
    onsets, first = np.unique(row.table["start"], return_index=True)
    gaps = np.diff(onsets, append=row.length_ticks)
    wide = np.rint(gaps / step) > 1
    more = row.table[first[wide]].copy()
    more["start"] += (np.rint(gaps[wide] / step).astype(np.int64) // 2) * step
    more["velocity"] = np.clip(np.rint(more["velocity"] * _SOFTER), 1, 127)
    return row.with_table(np.concatenate([row.table, more]))


def _levelled(draft: Draft, match: re.Match[str]) -> Draft:
    facts = match.groupdict()
    pieces = pieces_in(facts["list"] or facts["list2"] or facts["list3"])
    down = any(word in match[0] for word in ("soft", "quiet", "down"))
    how = "softer" if down else "louder"
    return _of_pieces(
        draft,
        pieces,
        lambda row: edit.loudness(row, _SOFTER if down else _LOUDER),
        said=f"played the {joined(pieces)} {how}",
    )


_LEVEL = "louder|softer|quieter"
DRUMMING = (
    operation(
        rf"\b(?:use |with |play )?(?:an? |the )?(?P<new>{PIECE_LIST}) (?:instead of|in place of|rather than)"
        rf" (?:the |an? )?(?P<old>{PIECE_LIST})"
        rf"|\b(?:replace|swap|change|turn) (?:the |all )*(?P<old2>{PIECE_LIST}) (?:with|for|by|to|into)"
        rf" (?:an? |the )?(?P<new2>{PIECE_LIST})",
        _replaced,
    ),
    operation(rf"\b{WITH_PIECES}", _added),
    operation(
        rf"\b(?:less|fewer|sparser|not so many|thin (?:out )?)(?: of)?(?: the)? ?(?P<list>{PIECE_LIST})",
        _fewer,
    ),
    operation(rf"\b(?:more|busier)(?: of)?(?: the)? (?P<list>{PIECE_LIST})", _more),
    operation(
        rf"\b(?:{_LEVEL}) (?P<list>{PIECE_LIST})|\b(?:make )?(?:the )?(?P<list2>{PIECE_LIST}) (?:{_LEVEL})\b"
        rf"|\bturn (?:up|down) (?:the )?(?P<list3>{PIECE_LIST})",
        _levelled,
    ),
)
"""Operations on pieces of the kit."""
