"""What is known of a genre, as values; ``genre`` has the genres, and ``genre_file`` reads them from files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from conduit.band.beats import PLAIN_BEAT, Beat
from conduit.band.lines import PLAIN_BASS, Bass

__all__ = ["PLAIN", "Genre", "Groove"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Groove:
    """How a genre's players lean on the grid. Swing is apart: this comes on top of it.

    Attributes:
        accents: What velocities are multiplied with on each of sixteen sixteenths.
        late: Beats that a drum or a role comes late; less than 0 is early. ``all`` is for who is not named.
        steps: Beats that each of sixteen sixteenths comes late, whoever plays.
        loose: Beats, how far a hit strays at the most, either way.
    """

    accents: tuple[float, ...] = (1.0,) * 16
    late: Mapping[str, float] = field(default_factory=dict, hash=False)
    steps: tuple[float, ...] = (0.0,) * 16
    loose: float = 0.0

    def delay(self, who: str, step: int) -> float:
        """Give how late a drum or a role is on a step of the bar, in beats.

        >>> Groove(late={"snare": 0.02}).delay("snare", 4)
        0.02
        """
        return self.late.get(who, self.late.get("all", 0.0)) + self.steps[step % 16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Genre:
    """The facts of one genre.

    Attributes:
        name: Its name, in small letters.
        aliases: Other words for it.
        about: A sentence that tells a model what matters.
        instruments: What usually plays.
        bpm: Tempo when none is asked for.
        tempo: Slowest and fastest usual tempo.
        meters: Usual metres, the first the most.
        scale: Scale when no key is asked for.
        scales: Usual scales.
        keys: Keys it tends to.
        swing: Where the second sixteenth of a pair falls, per cent: 50 (straight) to 66 (triplet).
        swing_grid: What swings: 16 sixteenths, 8 eighths.
        groove: Micro-timing and accents.
        velocity: Velocity of its ghost notes and of its accents.
        drums: How its drums go.
        bass: How its bass goes.
        chords: Name of its bank in ``figures.FIGURES``.
        comping: Its own rhythms of chords, before that bank; empty: the bank's.
        harmony: Name of its bank in ``progressions.PROGRESSIONS``.
        progressions: Its own progressions by ``minor`` and ``major``, before that bank; empty: the bank's.
        voices: Different notes in a chord: 3 triads, 4 sevenths, 5 ninths.
        bars_per_chord: How long a chord lasts.
        lead: Name of its bank of lead lines.
        arp: Name of its bank of arpeggios.
        texture: Name of its bank of textures.
        role: What is made when no role is asked for.
        phrase: Bars of a phrase.
        sections: Sections of a track in order, with their bars.
    """

    name: str = "plain"
    aliases: tuple[str, ...] = ()
    about: str = ""
    instruments: tuple[str, ...] = ()
    bpm: float = 120
    tempo: tuple[float, float] = (60, 180)
    meters: tuple[str, ...] = ("4/4",)
    scale: str = "minor"
    scales: tuple[str, ...] = ("minor", "major")
    keys: tuple[str, ...] = ()
    swing: int = 50
    swing_grid: int = 16
    groove: Groove = field(default_factory=Groove)
    velocity: tuple[int, int] = (46, 114)
    drums: Beat = PLAIN_BEAT
    bass: Bass = PLAIN_BASS
    chords: str = "plain"
    comping: tuple[str, ...] = ()
    harmony: str = "plain"
    progressions: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    voices: int = 3
    bars_per_chord: int = 1
    lead: str = "plain"
    arp: str = "plain"
    texture: str = "plain"
    role: str = "drums"
    phrase: int = 4
    sections: tuple[tuple[str, int], ...] = ()


PLAIN = Genre()
"""What holds where no genre is named."""
