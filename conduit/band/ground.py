"""Ground: the roots under a clip, in the octaves where a bass plays them, and the tones it plays round them."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from conduit.band.harmony import Span, changes, step
from conduit.band.lines import Bass
from conduit.band.phrase import Setting
from conduit.music.scale import Key

__all__ = ["Ground"]

_LOWEST, _HIGHEST = 24, 60
_RANGE = 16  # semitones from the lowest root to the highest
_HOME = 0.35  # what a semitone from the tonic's register costs, beside one from the root before


@dataclass(frozen=True, slots=True)
class Ground:
    """Chords and their roots.

    Attributes:
        key: Tonic and scale.
        low: Lowest root.
        starts: Beats on which the chords begin.
        spans: The chords.
        roots: The pitch of each root, near the one before.
    """

    key: Key
    low: int
    starts: tuple[float, ...]
    spans: tuple[Span, ...]
    roots: tuple[int, ...]

    @classmethod
    def of(cls, setting: Setting, bass: Bass) -> Ground:
        """Lay the roots of a clip's chords, or of its tonic alone where the bass stays on it."""
        spans = changes(setting)
        pedal = bass.pedal and not setting.chords
        tonic = bass.low + (setting.key.root - bass.low) % 12
        roots: list[int] = []
        for span in spans:
            wanted = setting.key.root if pedal else span.bass
            places = [place for place in range(bass.low, bass.low + _RANGE) if (place - wanted) % 12 == 0]
            before = roots[-1] if roots else tonic
            roots.append(
                min(places, key=lambda place: (abs(place - before) + _HOME * abs(place - tonic), place))
            )
        if pedal:
            scale = setting.key.pitch_classes
            five = (scale[0], scale[2 % len(scale)], scale[4 % len(scale)])
            spans = [Span(span.start, span.duration, five) for span in spans]
        return cls(setting.key, bass.low, tuple(span.start for span in spans), tuple(spans), tuple(roots))

    def pitch(self, tone: str, *, beat: float, ahead: float) -> int:
        """Give the pitch of a tone, one of ``lines.TONES`` or ``below two`` or ``above two``.

        Args:
            tone: Its name.
            beat: Where it is played.
            ahead: Where the next note is played, to whose root approaches lead.
        """
        place = self._at(beat)
        root, goal = self.roots[place], self.roots[self._at(ahead)]
        third, fifth = _above(root, self.spans[place])
        pitch = {
            "sub": root - 12,
            "root": root,
            "octave": root + 12,
            "second": step(self.key, root, 1),
            "third": third,
            "fourth": step(self.key, root, 3),
            "fifth": fifth - 12 if fifth > self.low + _RANGE else fifth,
            "low fifth": fifth - 12 if fifth > root else fifth,
            "sixth": step(self.key, root, 5),
            "seventh": step(self.key, root, -1),
            "below": step(self.key, goal, -1),
            "below two": step(self.key, goal, -2),
            "above": step(self.key, goal, 1),
            "above two": step(self.key, goal, 2),
        }[tone]
        while pitch < _LOWEST:
            pitch += 12
        while pitch > _HIGHEST:
            pitch -= 12
        return pitch

    def changes_on(self, beat: float) -> bool:
        """Say whether another root comes on a beat."""
        place = self._at(beat)
        return place > 0 and self.starts[place] == beat and self.roots[place] != self.roots[place - 1]

    def _at(self, beat: float) -> int:
        return max(0, bisect_right(self.starts, beat) - 1)


def _above(root: int, span: Span) -> tuple[int, int]:
    """The chord's second and third tones, above the root; a power chord has a fifth for both."""
    tones = [root + (pitch_class - root) % 12 for pitch_class in span.tones if (pitch_class - root) % 12]
    return tones[0], tones[1 if len(tones) > 1 else 0]
