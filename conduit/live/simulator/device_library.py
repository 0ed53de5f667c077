"""The devices that the simulated browser loads, by name: some of Live's own, with the parameters one looks for.

A row is ``name | least most at first | what is shown``; what is shown is a unit with the numbers for the least
and the greatest value, or the labels of a choice. Names are Live's; ranges and what is shown are likely ones and
were not compared with Live. Real devices have many more parameters.
"""

from __future__ import annotations

from collections.abc import Mapping

from conduit.live.simulator.devices import AUDIO_EFFECT, INSTRUMENT, MIDI_EFFECT, Chain, Device, Parameter

__all__ = ["LIBRARY", "device"]

_ON = Parameter("Device On", 1.0, labels=("Off", "On"))
_OFF_ON = "Off/On"
_MACROS = "\n".join(f"Macro {number} | 0 127 0 |" for number in range(1, 9))
_PADS = ("Kick", "Snare", "Clap", "Closed Hat", "Open Hat", "Tom", "Ride", "Crash")

LIBRARY: Mapping[str, tuple[str, int, str]] = {
    "Analog": ("UltraAnalog", INSTRUMENT, """
        OSC1 Shape | 0 3 1 | Sine/Sawtooth/Rectangle/Noise
        OSC1 Level | 0 1 1 | dB -inf 0
        F1 Freq | 0 1 0.7 | Hz 20 20000
        F1 Resonance | 0 1 0.1 | % 0 100
        Volume | 0 1 0.7 | dB -inf 6"""),
    "Drift": ("Drift", INSTRUMENT, """
        Osc 1 Wave | 0 4 2 | Sine/Triangle/Saw/Square/Pulse
        LP Freq | 0 1 0.8 | Hz 20 20000
        LP Reso | 0 1 0.2 | % 0 100
        Env 1 Attack | 0 1 0.1 | ms 0.5 20000
        Env 1 Release | 0 1 0.4 | ms 0.5 20000
        Drift | 0 1 0.07 | % 0 100
        Volume | 0 1 0.6 | dB -inf 6"""),
    "Drum Rack": ("DrumGroupDevice", INSTRUMENT, _MACROS),
    "Instrument Rack": ("InstrumentGroupDevice", INSTRUMENT, _MACROS),
    "Operator": ("Operator", INSTRUMENT, f"""
        Algorithm | 0 10 0 | 1/2/3/4/5/6/7/8/9/10/11
        Osc-A On | 0 1 1 | {_OFF_ON}
        Osc-A Level | 0 1 1 | dB -inf 0
        Osc-B On | 0 1 0 | {_OFF_ON}
        Osc-B Level | 0 1 0 | dB -inf 0
        Filter On | 0 1 0 | {_OFF_ON}
        Filter Freq | 0 1 0.84 | Hz 30 22000
        Filter Res | 0 1 0 | % 0 125
        Ae Attack | 0 1 0 | ms 0.5 20000
        Ae Release | 0 1 0.3 | ms 0.5 60000
        Transpose | -48 48 0 | st -48 48
        Volume | 0 1 0.75 | dB -inf 6"""),
    "Simpler": ("OriginalSimpler", INSTRUMENT, f"""
        S Start | 0 1 0 | % 0 100
        S Length | 0 1 1 | % 0 100
        S Loop On | 0 1 0 | {_OFF_ON}
        Transpose | -48 48 0 | st -48 48
        Filter Freq | 0 1 1 | Hz 30 22000
        Volume | 0 1 0.6 | dB -inf 36"""),
    "Wavetable": ("InstrumentVector", INSTRUMENT, f"""
        Osc 1 On | 0 1 1 | {_OFF_ON}
        Osc 1 Pos | 0 1 0 | % 0 100
        Filter 1 Freq | 0 1 0.8 | Hz 20 20000
        Filter 1 Res | 0 1 0 | % 0 125
        Amp Attack | 0 1 0.05 | ms 0.1 20000
        Volume | 0 1 0.7 | dB -inf 0"""),
    "Audio Effect Rack": ("AudioEffectGroupDevice", AUDIO_EFFECT, _MACROS),
    "Auto Filter": ("AutoFilter", AUDIO_EFFECT, """
        Filter Type | 0 3 0 | Lowpass/Highpass/Bandpass/Notch
        Frequency | 0 1 0.7 | Hz 26 19900
        Resonance | 0 1 0.3 | % 0 125
        LFO Amount | 0 1 0 | % 0 100
        Dry/Wet | 0 1 1 | % 0 100"""),
    "Compressor": ("Compressor2", AUDIO_EFFECT, f"""
        Threshold | 0 1 0.85 | dB -70 6
        Ratio | 0 1 0.75 |
        Attack | 0 1 0.45 | ms 0.01 1000
        Release | 0 1 0.4 | ms 1 3000
        Output Gain | -36 36 0 | dB -36 36
        Makeup | 0 1 1 | {_OFF_ON}
        Dry/Wet | 0 1 1 | % 0 100"""),
    "Delay": ("Delay", AUDIO_EFFECT, f"""
        Link | 0 1 1 | {_OFF_ON}
        L Sync | 0 1 1 | Free/Sync
        L 16th | 0 7 2 | 1/2/3/4/5/6/8/16
        Feedback | 0 0.95 0.5 | % 0 95
        Dry/Wet | 0 1 0.5 | % 0 100"""),
    "EQ Eight": ("Eq8", AUDIO_EFFECT, "\n".join(f"""
        {band} Filter On A | 0 1 {on} | {_OFF_ON}
        {band} Frequency A | 0 1 {at} | Hz 10 22000
        {band} Gain A | -15 15 0 | dB -15 15
        {band} Resonance A | 0 1 0.38 |"""
        for band, on, at in ((1, 1, 0.3), (2, 1, 0.4), (3, 1, 0.6), (4, 1, 0.8),
                             (5, 0, 0.5), (6, 0, 0.6), (7, 0, 0.7), (8, 0, 0.8)))),
    "Reverb": ("Reverb", AUDIO_EFFECT, """
        PreDelay | 0 1 0.3 | ms 0.5 250
        Room Size | 0 1 0.6 | % 0 100
        Decay Time | 0 1 0.5 | ms 200 60000
        Diffuse Level | 0 1 0.75 | dB -30 6
        Dry/Wet | 0 1 0.55 | % 0 100"""),
    "Utility": ("StereoGain", AUDIO_EFFECT, f"""
        Mute | 0 1 0 | {_OFF_ON}
        Gain | -1 1 0 | dB -35 35
        Stereo Width | 0 4 1 | % 0 400
        Balance | -1 1 0 | % -100 100
        Bass Mono | 0 1 0 | {_OFF_ON}"""),
    "Arpeggiator": ("MidiArpeggiator", MIDI_EFFECT, """
        Style | 0 4 0 | Up/Down/UpDown/DownUp/Converge
        Sync On | 0 1 1 | Free/Sync
        Gate | 0 200 50 | % 0 200
        Transp. Steps | 0 8 0 | 0/1/2/3/4/5/6/7/8"""),
    "Chord": ("MidiChord", MIDI_EFFECT, "\n".join(f"""
        Shift{number} | -36 36 0 | st -36 36
        Velocity{number} | 0.01 2 1 | % 1 200""" for number in range(1, 7))),
    "Scale": ("MidiScale", MIDI_EFFECT, """
        Base | 0 11 0 | C/C#/D/D#/E/F/F#/G/G#/A/A#/B
        Transpose | -36 36 0 | st -36 36"""),
}  # fmt: skip
"""Class, type and rows of each device."""


def device(kind: str, *, name: str = "") -> Device:
    """Build a device of the library as it is when it is loaded.

    Args:
        kind: Its name in the library.
        name: What it is called on the track, if otherwise, as a preset or a kit is.

    >>> device("Reverb").parameters[-1].display
    '55 %'
    """
    class_name, number, rows = LIBRARY[kind]
    parameters = [_ON, *(_parameter(row) for row in rows.splitlines() if row.strip())]
    chains = [Chain(pad) for pad in _PADS] if kind == "Drum Rack" and name else []
    return Device(name or kind, class_name, number, parameters, chains if kind.endswith("Rack") else None)


def _parameter(row: str) -> Parameter:
    name, numbers, shown = (part.strip() for part in row.split("|"))
    least, most, at_first = map(float, numbers.split())
    parameter = Parameter(name, at_first, least, most, shown=(least, most))
    unit, *limits = shown.split()[:3] or [""]
    if limits:
        low, high = map(float, limits)
        return Parameter(name, at_first, least, most, unit=unit, shown=(low, high))
    if shown:
        return Parameter(name, at_first, least, most, labels=tuple(shown.split("/")))
    return parameter
