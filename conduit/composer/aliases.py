"""The names that models give to the fields of notes, clips and controls in JSON, and what each means.

Names are compared without case, spaces, hyphens and underscores. The first of a row is the bridge's own.
"""

from __future__ import annotations

import re

from conduit.music.drums import DRUM_PITCHES

__all__ = [
    "BLOCK_FIELDS",
    "CONTROL_FIELDS",
    "DRUM_WORDS",
    "FACT_PARTS",
    "NOTE_FIELDS",
    "NOTE_VALUES",
    "PARAM_FIELDS",
    "ROLES_OF",
    "UNITS",
    "VELOCITY_WORDS",
    "plain",
]

_NOT_PLAIN = re.compile(r"[^a-z0-9#]+")


def plain(name: str) -> str:
    """Give a name as the tables have it.

    >>> plain("Start_Beat "), plain("durationBeats")
    ('startbeat', 'durationbeats')
    """
    return _NOT_PLAIN.sub("", name.lower())


def _table(rows: dict[str, str]) -> dict[str, str]:
    return {alias: meaning for meaning, aliases in rows.items() for alias in aliases.split()}


NOTE_FIELDS = _table(
    {
        "pitch": "pitch note midi midinote midipitch notenumber notenum notename pitchname pitchmidi key pitches "
        "notes tone n p chord chordsymbol symbol",
        "drum": "drum sample piece sound drumname instrument lane",
        "start": "startbeat start beat time starttime position pos onset at offset begin startposition onsetbeat "
        "beatposition startbeats onsetbeats timebeats beatstart t b",
        "end": "endbeat end endtime stop endbeats endposition",
        "duration": "durationbeats duration length len dur d lengthbeats durationbeat beats gate hold notelength "
        "notevalue",
        "velocity": "velocity vel v volume loudness dynamic dynamics vol strength",
        "step": "step startstep sixteenth stepindex stepnumber startsixteenth",
        "steps": "lengthsteps durationsteps steps lengthinsteps",
        "bar": "bar measure startbar",
        "start_s": "startseconds starttimeseconds startsec starts timeseconds timesec times starttimes",
        "end_s": "endseconds endtimeseconds endsec ends endtimes",
        "duration_s": "durationseconds durationsec durations lengthseconds",
        "start_ms": "startms timems starttimems",
        "duration_ms": "durationms lengthms",
        "start_ticks": "startticks starttick tick ticks",
        "duration_ticks": "durationticks durationtick lengthticks",
        "mute": "mute muted",
        "is_drum": "isdrum isdrums",
        "probability": "probability prob chance",
        "deviation": "velocitydeviation",
        "release": "releasevelocity",
    }
)
"""Fields of a note."""

BLOCK_FIELDS = _table(
    {
        "notes": "midinotes notes note melody melodynotes bass bassline bassnotes lead leadnotes chords chordnotes "
        "arp arpeggio pad sequence pattern events noteevents midi notelist noteslist",
        "drums": "drumnotes drums drumbeats drumbeat drumpattern drumhits percussion hits drumtrack",
        "controls": "ccmessages cc ccs ccevents controlchanges controls automation midicc controlmessages",
        "params": "params paramchanges deviceparams parameterchanges",
        "swing": "swing swingamount",
        "quantize": "quantize quantise quantization quantisation",
        "name": "name title clipname",
        "bpm": "bpm tempo",
        "key": "key keysignature scale",
        "meter": "timesignature meter metre timesig signature",
        "bars": "bars nbars numbars lengthbars lengthinbars barcount measures nummeasures",
        "beats": "lengthbeats length beats totalbeats cliplength numbeats",
        "instrument": "instrument role part",
        "ppq": "ppq ticksperbeat ticksperquarter ticksperquarternote resolution",
        "unit": "unit units timeunit timeunits",
    }
)
"""Fields of a block: a clip, a track, or the bridge's answer."""

FACT_PARTS = {
    "meter": (
        "numerator num top beats beatsperbar upper",
        "denominator den bottom beatunit beattype lower unit",
    ),
    "key": ("tonic root note key pitch name", "mode scale quality type"),
    "bpm": ("bpm value tempo beatsperminute",),
    "swing": ("swing amount value percent percentage",),
    "quantize": ("quantize grid value division",),
}
"""The parts of a fact that is written as an object, in their order."""

ROLES_OF = _table(
    {
        "lead": "melody melodynotes lead leadnotes",
        "bass": "bass bassline bassnotes",
        "keys": "chords chordnotes",
        "pluck": "arp arpeggio",
        "pad": "pad",
    }
)
"""The instrument that the name of a list of notes says."""

CONTROL_FIELDS = _table(
    {
        "control": "ccnumber cc controller control number controllernumber ccnum cctype name",
        "value": "value val v ccvalue amount",
    }
)
"""Fields of a control change; when it is, is said as for a note."""

PARAM_FIELDS = _table(
    {
        "track": "track trackname trackindex",
        "device": "device devicename effect plugin",
        "param": "param parameter paramname parametername name",
        "value": "value val to",
    }
)
"""Fields of a setting of a device."""

UNITS = _table(
    {
        "beat": "beat beats quarter quarters quarternote quarternotes b",
        "step": "step steps sixteenth sixteenths 16th 16ths",
        "s": "s sec secs second seconds",
        "ms": "ms msec millisecond milliseconds",
        "tick": "tick ticks",
        "bar": "bar bars measure measures",
    }
)
"""Units of time that a block may name for all of its notes."""

VELOCITY_WORDS = {
    "ppp": 16, "pp": 33, "p": 49, "mp": 64, "mf": 80, "f": 96, "ff": 112, "fff": 127,
    "ghost": 35, "soft": 49, "low": 49, "medium": 80, "normal": 85,
    "loud": 108, "hard": 112, "high": 112, "accent": 118,
}  # fmt: skip
"""Velocity of each dynamic: the letters in steps of 16, as notation programs have them."""

NOTE_VALUES = {
    "whole": 4.0, "half": 2.0, "quarter": 1.0, "eighth": 0.5, "8th": 0.5, "sixteenth": 0.25, "16th": 0.25,
    "thirtysecond": 0.125, "32nd": 0.125, "wholenote": 4.0, "halfnote": 2.0, "quarternote": 1.0, "eighthnote": 0.5,
    "sixteenthnote": 0.25,
}  # fmt: skip
"""Beats of each note value."""

DRUM_WORDS = DRUM_PITCHES | {
    alias: DRUM_PITCHES[name]
    for alias, name in _table(
        {
            "kick": "bd bassdrum kickdrum kk",
            "snare": "sd snaredrum sn acousticsnare",
            "clap": "cp handclap claps",
            "rim": "rimshot rs sidestick",
            "hat": "hh hihat hihats hats ch chh closedhat closedhihat closedhh hatclosed hihatclosed hhc",
            "openhat": "oh ohh openhihat openhh hatopen hihatopen hho",
            "pedalhat": "pedalhihat ph",
            "tom1": "lowtom floortom lt",
            "tom4": "midtom mt tom toms",
            "tom6": "hightom ht",
            "crash": "crashcymbal cr cy cymbal",
            "ride": "ridecymbal rd rc",
            "cowbell": "cb bell",
            "shaker": "shakers maracas ma",
            "conga": "congas perc percussion",
            "clave": "claves cl",
            "tambourine": "tamb tambourin",
        }
    ).items()
}
"""MIDI pitch of each word for a drum: Conduit's names, and those of drum machines and notation programs."""
