"""One value in a Live set that a plan may change: where it is, how it is asked and set, and what it is called.

Only what stands in the table can be set by a plan. Recording, Link and the song position are left to the
person: they act on what one plays at that moment. Numbers count from 1, as users count.
"""

from __future__ import annotations

from dataclasses import dataclass

from conduit.errors import SetupError
from conduit.live.osc import Value
from conduit.live.snapshot import QUANTIZATION

__all__ = ["SETTABLE", "Setting"]

SETTABLE: dict[str, str] = {
    "song": "tempo signature_numerator signature_denominator root_note scale_name metronome groove_amount "
    "clip_trigger_quantization midi_recording_quantization loop loop_start loop_length punch_in punch_out",
    "track": "name color color_index mute solo arm volume panning current_monitoring_state fold_state "
    "output_routing_type output_routing_channel input_routing_type input_routing_channel",
    "clip": "name color color_index muted looping loop_start loop_end start_marker end_marker launch_mode "
    "launch_quantization legato velocity_amount gain pitch_coarse pitch_fine warping warp_mode ram_mode",
    "clip_slot": "has_stop_button",
    "scene": "name color color_index tempo tempo_enabled time_signature_numerator time_signature_denominator "
    "time_signature_enabled",
    "send": "level",
    "parameter": "value",
}
"""What can be set of each thing."""

_NUMBERS: dict[str, tuple[str, ...]] = {
    "song": (),
    "track": ("track",),
    "scene": ("scene",),
    "clip": ("track", "slot"),
    "clip_slot": ("track", "slot"),
    "send": ("track", "send"),
    "parameter": ("track", "device", "parameter"),
}
_PATHS = {"send": "/live/track/{}/send", "parameter": "/live/device/{}/parameter/value"}
_WORDS = {
    "signature_numerator": "metre's beats", "signature_denominator": "metre's unit", "root_note": "root note",
    "current_monitoring_state": "monitoring", "clip_trigger_quantization": "launch quantization",
    "midi_recording_quantization": "recording quantization", "time_signature_numerator": "metre's beats",
    "time_signature_denominator": "metre's unit", "color": "colour", "color_index": "colour",
}  # fmt: skip
_NOTES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_CHOICES = {"clip_trigger_quantization": QUANTIZATION, "root_note": _NOTES}
_UNITS = {("song", "tempo"): " bpm", ("scene", "tempo"): " bpm"}


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that something in the set shall have.

    Attributes:
        thing: A key of ``SETTABLE``.
        numbers: Which one, from 1: none for the song, the track's, track and slot, track and device and parameter.
        name: What of it.
        value: The value, as AbletonOSC takes it.

    Raises:
        SetupError: No plan can set this, or a number is missing or below 1.

    >>> Setting("track", (2,), "volume", 0.7).label
    'volume of track 2'
    """

    thing: str
    numbers: tuple[int, ...]
    name: str
    value: Value

    def __post_init__(self) -> None:
        valid = SETTABLE.get(self.thing, "").split()
        if self.name not in valid:
            things = valid or list(SETTABLE)
            of = f"{self.name!r} of a {self.thing}" if valid else f"anything of a {self.thing!r}"
            raise SetupError(f"no plan can set {of}; choose of {', '.join(things)}", valid=things)
        wanted = _NUMBERS[self.thing]
        if len(self.numbers) != len(wanted) or min(self.numbers, default=1) < 1:
            what = " and ".join(wanted) or "none"
            raise SetupError(f"the {self.name} of a {self.thing} needs its numbers, from 1: {what}")

    @property
    def ids(self) -> tuple[int, ...]:
        """The numbers as AbletonOSC counts, from 0."""
        return tuple(number - 1 for number in self.numbers)

    @property
    def getter(self) -> str:
        """The address that asks for the value."""
        return self._address("get")

    @property
    def setter(self) -> str:
        """The address that sets it."""
        return self._address("set")

    def _address(self, verb: str) -> str:
        return _PATHS.get(self.thing, f"/live/{self.thing}/{{}}/{self.name}").format(verb)

    @property
    def word(self) -> str:
        """The name in words for a person.

        >>> Setting("song", (), "root_note", 9).word
        'root note'
        """
        return _WORDS.get(self.name, self.name.replace("_", " "))

    @property
    def label(self) -> str:
        """What it is and where, in words for a person."""
        places = " ".join(f"{what} {n}" for what, n in zip(_NUMBERS[self.thing], self.numbers, strict=True))
        return f"{self.word} of {places}" if places else self.word

    def shown(self, value: Value) -> str:
        """Write a value of this kind, with its unit.

        >>> Setting("song", (), "tempo", 128.0).shown(128.0)
        '128 bpm'
        """
        if value is None or isinstance(value, bool):
            return {True: "on", False: "off", None: "none"}[value]
        if self.name == "color" and isinstance(value, int):
            return f"#{value:06x}"
        if self.name in _CHOICES and value in range(len(_CHOICES[self.name])):
            return _CHOICES[self.name][int(value)]
        text = (
            f"{value:.6g}" if isinstance(value, float) else repr(value) if self.name == "name" else str(value)
        )
        return text + _UNITS.get((self.thing, self.name), "")
