"""The pieces of a drum kit: which lanes each has, and a drum part with only some of them, or without some.

A piece that was asked for and that the groove does not have gets a plain pattern of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from conduit.band.phrase import STEP, VELOCITIES, Setting, fit, hits
from conduit.music.chance import nudge
from conduit.music.drums import DRUM_PITCHES
from conduit.music.note import Note
from conduit.music.pulse import pulse_starts, pulses

__all__ = ["EVERY", "OFF", "PIECES", "Piece", "Pieces", "with_pieces"]


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of the kit: its drums, the usual one first, and a plain pattern as ``phrase`` reads them."""

    drums: tuple[str, ...]
    plain: str


_RIDES = ("ride", "ridebell", "ride2")
_CRASHES = ("crash", "crash2", "splash", "china")

PIECES: dict[str, Piece] = {
    "kick": Piece(("kick", "kick2"), "X---X---X---X---"),
    "snare": Piece(("snare", "snare2"), "----X-------X---"),
    "clap": Piece(("clap",), "----X-------X---"),
    "rim": Piece(("rim",), "---o--x----o--x-"),
    "hats": Piece(("hat", "openhat", "pedalhat"), "x-o-x-o-x-o-x-o-"),
    "closed hats": Piece(("hat", "pedalhat"), "x-o-x-o-x-o-x-o-"),
    "open hats": Piece(("openhat",), "--x---x---x---x-"),
    "toms": Piece(("tom2", "tom1", "tom3", "tom4", "tom5", "tom6"), "x--o--x---o-x-o-"),
    "ride": Piece(_RIDES, "x---x-o-x---x-o-"),
    "crash": Piece(_CRASHES, "X---------------"),
    "cymbals": Piece((*_RIDES, *_CRASHES), "x---x-o-x---x-o-"),
    "shaker": Piece(("shaker",), "o-xoo-xoo-xoo-xo"),
    "tambourine": Piece(("tambourine",), "----x-------x---"),
    "cowbell": Piece(("cowbell",), "x---x---x---x-o-"),
    "conga": Piece(("conga",), "--o--oo---o--oxo"),
    "clave": Piece(("clave",), "x--x--x---x-x---"),
}
"""The pieces one can ask for, by name."""

EVERY, OFF = "every beat", "the offbeats"
_SPARE = ("shaker", "rim", "conga", "clave")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """Which pieces of the kit are to play.

    Attributes:
        only: Names from ``PIECES``; empty: all.
        without: Names that are to be silent.
        placed: A piece and where in each bar it is to play: ``EVERY``, ``OFF``, or beats from 1 such as ``2 4``.
    """

    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    placed: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.only or self.without or self.placed)


def with_pieces(notes: list[Note], pieces: Pieces, *, setting: Setting, rng: Random) -> list[Note]:
    """Give a drum part, fills included, as the pieces asked for have it.

    Args:
        notes: The part.
        pieces: What is to play, and where.
        setting: Metre, length and energy of the part.
        rng: Moves the velocities of what is put in.
    """
    for piece, where in pieces.placed:
        kept = [note for note in notes if note.pitch not in _pitches((piece,))]
        notes = kept + _laid(piece, _steps(where, setting), setting=setting, rng=rng)
    if pieces.only:
        notes = [note for note in notes if note.pitch in _pitches(pieces.only)]
    silent = _pitches(pieces.without)
    notes = [note for note in notes if note.pitch not in silent]
    asked = [piece for piece in pieces.only if piece not in pieces.without]
    if not asked and not notes:
        asked = [piece for piece in _SPARE if piece not in pieces.without][:1]
    for piece in asked:
        if not any(note.pitch in _pitches((piece,)) for note in notes):
            notes = notes + _laid(piece, _plain(piece, setting), setting=setting, rng=rng)
    return notes


def _pitches(pieces: tuple[str, ...]) -> frozenset[int]:
    return frozenset(DRUM_PITCHES[drum] for piece in pieces for drum in PIECES[piece].drums)


def _steps(where: str, setting: Setting) -> list[tuple[int, str]]:
    """Steps in the bar and how hard; beats that the bar does not have are none."""
    starts, lengths = pulse_starts(setting.meter), pulses(setting.meter)
    if where == OFF:
        return [(start + length // 2, "x") for start, length in zip(starts, lengths, strict=True)]
    if where == EVERY:
        return [(start, "X") for start in starts]
    beats = [int(beat) - 1 for beat in where.split()]
    return [(starts[beat], "X") for beat in beats if beat < len(starts)]


def _plain(piece: str, setting: Setting) -> list[tuple[int, str]]:
    row = fit(PIECES[piece].plain, setting.meter)
    return [(hit.step, hit.letter) for hit in hits(row)] or [(0, "x")]


def _laid(piece: str, steps: list[tuple[int, str]], *, setting: Setting, rng: Random) -> list[Note]:
    """The piece's usual drum on these steps of every bar."""
    pitch = DRUM_PITCHES[PIECES[piece].drums[0]]
    return [
        Note(
            pitch,
            bar * setting.meter.bar + step * STEP,
            STEP,
            nudge(rng, VELOCITIES[letter] * setting.drive, spread=3),
        )
        for bar in range(setting.bars)
        for step, letter in steps
    ]
