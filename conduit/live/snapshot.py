"""What a Live set holds at one moment: tempo, metre, tracks, scenes, which clips are where. Values only."""

from __future__ import annotations

from dataclasses import dataclass

from conduit.music import Key, Meter

__all__ = [
    "QUANTIZATION",
    "DeviceName",
    "SetSnapshot",
    "SlotSnapshot",
    "SongSnapshot",
    "TrackSnapshot",
    "known_as",
    "live_key",
    "live_scale",
]

QUANTIZATION = (
    "none", "8 bars", "4 bars", "2 bars", "1 bar", "1/2", "1/2T", "1/4", "1/4T", "1/8", "1/8T", "1/16",
    "1/16T", "1/32",
)  # fmt: skip
"""When launched clips start, by the number that Live gives it."""

_INSTRUMENT = 1


_SCALES = (
    "Major", "Minor", "Dorian", "Mixolydian", "Lydian", "Phrygian", "Locrian", "Whole Tone", "Half-whole Dim.",
    "Whole-half Dim.", "Minor Blues", "Minor Pentatonic", "Major Pentatonic", "Harmonic Minor", "Harmonic Major",
    "Dorian #4", "Phrygian Dominant", "Melodic Minor", "Lydian Augmented", "Lydian Dominant", "Super Locrian",
    "8-Tone Spanish", "Bhairav", "Hungarian Minor", "Hirajoshi", "In-Sen", "Iwato", "Kumoi", "Pelog Selisir",
    "Messiaen 3", "Messiaen 4", "Messiaen 5", "Messiaen 6", "Messiaen 7",
)  # fmt: skip
# Live's own names, in its order, of the scales that are known here.


def live_scale(key: Key) -> str | None:
    """Give the name by which Live knows a key's scale, or None where Live has none like it.

    >>> live_scale(Key("A minor")), live_scale(Key("C altered")), live_scale(Key("C todi"))
    ('Minor', 'Super Locrian', None)
    """
    return next((name for name in _SCALES if Key.on(0, name).scale == key.scale), None)


def live_key(root: int, scale: str) -> Key | None:
    """Give Live's root note, 0-11 from C, and scale name as a key; None where Live's scale is unknown here.

    >>> live_key(9, "Minor")
    'A minor'
    """
    try:
        return Key.on(root % 12, scale)
    except ValueError:
        return None


def known_as(number: int, name: str) -> str:
    """Give what a track is known by: its name, or nothing where Live has named it.

    Live writes the track's number and what is on it, so such a name follows the place and changes when a
    device is loaded.

    >>> known_as(2, "2-MIDI"), known_as(2, "2-Operator"), known_as(2, "Bass")
    ('', '', 'Bass')
    """
    return "" if name.startswith(f"{number}-") else name


@dataclass(frozen=True, slots=True)
class SlotSnapshot:
    """A clip in a slot.

    Attributes:
        name: Its name.
        length: Length of what sounds, in beats.
        color: Its colour, ``0xRRGGBB``.
    """

    name: str
    length: float
    color: int


@dataclass(frozen=True, slots=True)
class DeviceName:
    """A device on a track.

    Attributes:
        name: What it is called there.
        kind: 1 instrument, 2 audio effect, 4 MIDI effect, 0 unknown.
        class_name: What it is, such as ``Operator``.
    """

    name: str
    kind: int
    class_name: str


@dataclass(frozen=True, slots=True)
class TrackSnapshot:
    """One track.

    Attributes:
        number: Its place in the set, from 1.
        name: Its name.
        is_midi: Whether it takes MIDI clips.
        slots: What each slot holds, None where it is empty; shape ``(n_scenes,)``.
        devices: Its devices in order.
        color: Its colour, ``0xRRGGBB``.
        mute: Whether it is switched off.
        solo: Whether it is soloed.
        arm: Whether it is armed for recording; None where it cannot be.
        volume: Of the fader, 0-1; 0.85 is 0 dB.
        panning: -1 left to 1 right.
        playing_slot: The slot that plays, from 1, or None.
        fired_slot: The slot that waits for its launch, from 1, or None.
    """

    number: int
    name: str
    is_midi: bool
    slots: tuple[SlotSnapshot | None, ...]
    devices: tuple[DeviceName, ...] = ()
    color: int = 0
    mute: bool = False
    solo: bool = False
    arm: bool | None = None
    volume: float = 0.85
    panning: float = 0.0
    playing_slot: int | None = None
    fired_slot: int | None = None

    @property
    def clips(self) -> tuple[str | None, ...]:
        """The clips' names by slot."""
        return tuple(slot.name if slot else None for slot in self.slots)

    @property
    def has_instrument(self) -> bool:
        """Whether a device on it makes sound; without one its MIDI clips are silent."""
        return any(device.kind == _INSTRUMENT for device in self.devices)

    @property
    def content(self) -> tuple[object, ...]:
        """What somebody has put there, which playing and mixing it, moving it and adding scenes do not change."""
        clips = tuple((number, slot) for number, slot in enumerate(self.slots, start=1) if slot)
        return known_as(self.number, self.name), self.is_midi, clips, self.devices

    @property
    def free_slot(self) -> int | None:
        """The first empty slot, from 1, or None when all are taken."""
        return next((slot for slot, name in enumerate(self.clips, start=1) if name is None), None)


@dataclass(frozen=True, slots=True)
class SongSnapshot:
    """What holds for a whole set.

    Attributes:
        tempo: Beats a minute.
        meter: Time signature.
        key: The set's root and scale, or None where Live's scale is unknown here.
        is_playing: Whether the transport runs.
        n_tracks: How many tracks there are, without returns and main.
        n_scenes: How many slots each of them has.
        quantization: When launched clips start, as Live numbers it: 0 at once, 4 at the next bar.
    """

    tempo: float
    meter: Meter
    key: Key | None
    is_playing: bool
    n_tracks: int
    n_scenes: int
    quantization: int = 4


@dataclass(frozen=True, slots=True)
class SetSnapshot:
    """A Live set.

    Attributes:
        tempo: Beats a minute.
        meter: Time signature.
        key: The set's root and scale, or None where Live's scale is unknown here.
        is_playing: Whether the transport runs.
        tracks: In order, without returns and main.
        scenes: Their names in order.
        selected_track: Number of the selected track from 1, or None when it is a return or the main track.
        selected_scene: Number of the selected scene from 1.
        quantization: When launched clips start, as Live numbers it: 0 at once, 4 at the next bar.
    """

    tempo: float
    meter: Meter
    key: Key | None
    is_playing: bool
    tracks: tuple[TrackSnapshot, ...]
    scenes: tuple[str, ...]
    selected_track: int | None
    selected_scene: int | None = None
    quantization: int = 4

    @property
    def midi_tracks(self) -> tuple[TrackSnapshot, ...]:
        """The tracks that take MIDI clips."""
        return tuple(track for track in self.tracks if track.is_midi)
