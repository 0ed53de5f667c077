"""Voicings: which pitches a chord is played with, and how one leads to the next.

A chord is a ``Chord`` or its pitch classes with the root first. The styles are those of the jazz and arranging
books (Levine, *The Jazz Piano Book*; Pease and Pullig, *Modern Jazz Voicings*). ``voice_lead`` looks for the
least movement over the whole progression, not from chord to chord.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from conduit.music.chord import Chord
from conduit.music.leading import Voicing, least_movement, parallels
from conduit.music.near import UnknownNameError, near_misses
from conduit.music.pitch import pitch_name

__all__ = ["STYLES", "Style", "Voicing", "essential_tones", "parallels", "voice_lead", "voicings"]

_Shape = Callable[[Voicing], list[Voicing]]
_THIRDS = (4, 3, 5, 2)
_SEVENTHS = (10, 11, 9)
_FIFTHS = (7, 6, 8)
_BASS_GAP = 7  # semitones at least between the bass of a spread voicing and what lies on it


def _close(stack: Voicing) -> list[Voicing]:
    return [stack]


def _open(stack: Voicing) -> list[Voicing]:
    return [_ascending(pitch + 12 * (index % 2) for index, pitch in enumerate(stack))]


def _dropped(*places: int) -> _Shape:
    """Drop the voices at these places from the top by an octave; of three or fewer the second."""

    def shape(stack: Voicing) -> list[Voicing]:
        places_here = {len(stack) - place for place in (places if len(stack) > 3 else (2,))}
        return [_ascending(pitch - 12 * (index in places_here) for index, pitch in enumerate(stack))]

    return shape


def _shell(stack: Voicing) -> list[Voicing]:
    """Root, third and seventh; or root, seventh and the third above it."""
    root, *guides = stack
    return [stack, _ascending([root, guides[0] + 12, *guides[1:]])] if len(guides) > 1 else [stack]


def _spread(stack: Voicing) -> list[Voicing]:
    """The lowest alone, the others close and in every turn at least a fifth above it."""
    bass, *rest = stack
    found = []
    for turn in range(len(rest)):
        upper = [*rest[turn:], *(pitch + 12 for pitch in rest[:turn])]
        lift = 12 if upper[0] - bass < _BASS_GAP else 0
        found.append((bass, *(pitch + lift for pitch in upper)))
    return found or [stack]


@dataclass(frozen=True, slots=True)
class Style:
    """How a chord is laid out.

    Attributes:
        shape: From a close position to the voicings made of it.
        lowest: Which tones may stand lowest in the close position: ``any``, ``root``, or ``guide`` (third or
            seventh).
        tones: Which tones are played: ``all``, ``no root``, or ``guides`` (root, third and seventh).
    """

    shape: _Shape
    lowest: str = "any"
    tones: str = "all"


STYLES: dict[str, Style] = {
    "close": Style(_close),
    "open": Style(_open),
    "drop 2": Style(_dropped(2)),
    "drop 3": Style(_dropped(3)),
    "drop 2 and 4": Style(_dropped(2, 4)),
    "rootless": Style(_close, lowest="guide", tones="no root"),
    "shell": Style(_shell, lowest="root", tones="guides"),
    "spread": Style(_spread, lowest="root"),
}
"""Styles by name. Of three tones drop 2 and drop 3 both drop the middle one, which is the open position."""


def _ascending(pitches: Iterable[int]) -> Voicing:
    return tuple(sorted(pitches))


def essential_tones(tones: Sequence[int], voices: int, *, root: bool = True) -> tuple[int, ...]:
    """Give the tones that say most of a chord, in the order the chord has them.

    Third and seventh come first, then the root, an altered fifth, the tensions from the top, and the fifth last.

    Args:
        tones: Pitch classes, the root first.
        voices: How many to keep.
        root: Whether the root is among them.

    >>> essential_tones((7, 11, 2, 5, 9, 4), 4), essential_tones((7, 11, 2, 5, 9, 4), 4, root=False)
    ((7, 11, 5, 4), (11, 5, 9, 4))
    """
    above = {(tone - tones[0]) % 12: tone for tone in tones}
    third, seventh = _first(above, _THIRDS), _first(above, _SEVENTHS)
    fifth = _first(above, _FIFTHS)
    tensions = [step for step in reversed(above) if step not in {0, third, seventh, fifth}]
    wanted = [third, seventh, 0 if root else None, None if fifth == 7 else fifth, *tensions, fifth]
    kept = [step for step in dict.fromkeys(wanted) if step is not None][:voices]
    return tuple(tone for step, tone in above.items() if step in kept)


def _first(above: dict[int, int], steps: tuple[int, ...]) -> int | None:
    return next((step for step in steps if step in above), None)


def voicings(
    chord: Chord | Sequence[int],
    *,
    style: str = "close",
    low: int = 48,
    high: int = 79,
    voices: int | None = None,
) -> list[Voicing]:
    """Give every voicing of a chord in a style and range, from the lowest up.

    Args:
        chord: A chord, or pitch classes with the root first. A slash chord has its bass lowest in every voicing.
        style: A key of ``STYLES``.
        low: Lowest pitch allowed, 0-127.
        high: Highest pitch allowed, 0-127.
        voices: Different tones at most; the others are left out as ``essential_tones`` has it.

    Raises:
        UnknownNameError: There is no such style; ``valid`` lists those that come near.
        ValueError: None fits the range.

    >>> voicings((0, 4, 7), low=60, high=72)
    [(60, 64, 67), (64, 67, 72)]
    >>> voicings((2, 5, 9, 0, 4), style="rootless", low=48, high=67)
    [(48, 52, 53, 57), (53, 57, 60, 64)]
    """
    if style not in STYLES:
        near = near_misses(style, STYLES) or list(STYLES)
        raise UnknownNameError(f"{style!r} is not a style of voicing; did you mean {', '.join(near)}?", near)
    tones, bass = _tones(chord)
    found = _options(tones, bass, style, low, high, voices)
    if not found:
        what = chord.name if isinstance(chord, Chord) else tones
        span = f"{pitch_name(low)} to {pitch_name(high)}"
        raise ValueError(f"no {style} voicing of {what} fits between {span}; widen the range")
    return list(found)


def _tones(chord: Chord | Sequence[int]) -> tuple[tuple[int, ...], int | None]:
    tones = chord.pitch_classes if isinstance(chord, Chord) else tuple(chord)
    return tuple(dict.fromkeys(tone % 12 for tone in tones)), chord.bass if isinstance(chord, Chord) else None


@lru_cache(maxsize=1024)
def _options(  # noqa: PLR0917  a cache's key
    tones: tuple[int, ...], bass: int | None, name: str, low: int, high: int, voices: int | None
) -> tuple[Voicing, ...]:
    style = STYLES[name]
    chosen = _chosen(tones, style, voices)
    if bass is not None:
        chosen = tuple(tone for tone in chosen if tone != bass) or chosen
    found = set()
    for start in _starts(_lowest(tones, chosen, style), low=low - 12, high=high):
        stack = _stack(chosen, start)
        for shaped in style.shape(stack):
            voicing = shaped if bass is None else _on_bass(shaped, bass)
            if voicing[0] >= low and voicing[-1] <= high:
                found.add(voicing)
    return tuple(sorted(found))


def _chosen(tones: tuple[int, ...], style: Style, voices: int | None) -> tuple[int, ...]:
    most = voices or len(tones)
    if style.tones == "guides":
        return essential_tones(tones, min(3, most))
    if style.tones == "no root" and len(tones) > 3:
        return essential_tones(tones, min(4, most), root=False)
    return essential_tones(tones, most) if most < len(tones) else tones


def _lowest(tones: tuple[int, ...], chosen: tuple[int, ...], style: Style) -> frozenset[int]:
    """The tones that may begin a close position. Rootless ones begin with third or seventh (forms A and B)."""
    if style.lowest == "root":
        return frozenset(chosen[:1])
    if style.lowest == "guide" and tones[0] not in chosen:
        above = {(tone - tones[0]) % 12: tone for tone in tones}
        guides = {_first(above, _THIRDS), _first(above, _SEVENTHS)}
        return frozenset(tone for step, tone in above.items() if step in guides and tone in chosen)
    return frozenset(chosen)


def _starts(lowest: frozenset[int], *, low: int, high: int) -> list[int]:
    return [pitch for pitch in range(max(0, low), high + 1) if pitch % 12 in lowest]


def _stack(tones: tuple[int, ...], start: int) -> Voicing:
    return tuple(sorted(start + (tone - start) % 12 for tone in tones))


def _on_bass(upper: Voicing, bass: int) -> Voicing:
    """The bass below the others, as near as it can be."""
    return (upper[0] - ((upper[0] - bass) % 12 or 12), *upper)


def voice_lead(
    chords: Sequence[Chord | Sequence[int]],
    *,
    style: str = "close",
    low: int = 48,
    high: int = 79,
    voices: int | None = None,
    before: Voicing | None = None,
    avoid_parallels: bool = False,
) -> list[Voicing]:
    """Voice a progression so that its voices move as little as they can, and keep what chords have in common.

    Voices never cross: each is ascending, and the n-th from below goes to the n-th from below. Linear in the
    number of chords; chords that come again cost nothing more.

    Args:
        chords: The progression.
        style: A key of ``STYLES``.
        low: Lowest pitch allowed.
        high: Highest pitch allowed.
        voices: Different tones at most.
        before: A voicing that sounded before the first chord, from which it moves too.
        avoid_parallels: Whether parallel fifths and octaves are avoided where they can be.

    Raises:
        UnknownNameError: There is no such style.
        ValueError: A chord has no voicing in the range.

    >>> voice_lead([Chord.parse(name) for name in ("C", "Am", "F", "G")], low=55, high=72)
    [(60, 64, 67), (60, 64, 69), (60, 65, 69), (59, 62, 67)]
    """
    choices = [voicings(chord, style=style, low=low, high=high, voices=voices) for chord in chords]
    return least_movement(choices, centre=(low + high) / 2, before=before, avoid_parallels=avoid_parallels)
