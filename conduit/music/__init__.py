"""Music as values: notes, clips and arrangements, and what one knows, writes, changes and measures of them.

Values: ``note clip control meter pulse arrangement tempo provenance``. Theory: ``pitch spelling scale modes chord
symbols numerals voicing leading``. Text: ``notation`` writes, ``reader`` reads. Edits: all are in ``edit``.
Measures: ``analysis estimate``. Files: ``midifile`` alone opens any.
"""

from conduit.music.analysis import Measures, measure
from conduit.music.arrangement import Arrangement
from conduit.music.changes import Changes
from conduit.music.chord import Chord
from conduit.music.clip import PPQ, Clip
from conduit.music.control import BEND, CONTROLS, PRESSURE, ControlChange, Controls
from conduit.music.drums import DRUM_NAMES, DRUM_PITCHES
from conduit.music.estimate import ChordSpan, estimate_chords, estimate_key
from conduit.music.instrument import DRUMS, GM_PROGRAMS
from conduit.music.meter import Bar, Bars, Meter
from conduit.music.notation import Header, notation_lines, write_clip
from conduit.music.note import Note, Notes
from conduit.music.numerals import numeral_of, roman
from conduit.music.pitch import parse_pitch, pitch_class, pitch_name
from conduit.music.provenance import Provenance
from conduit.music.reader import ClipReader, read_clip
from conduit.music.scale import SCALES, Key
from conduit.music.spelling import spell
from conduit.music.voicing import voice_lead, voicings

__all__ = [
    "BEND",
    "CONTROLS",
    "DRUMS",
    "DRUM_NAMES",
    "DRUM_PITCHES",
    "GM_PROGRAMS",
    "PPQ",
    "PRESSURE",
    "SCALES",
    "Arrangement",
    "Bar",
    "Bars",
    "Changes",
    "Chord",
    "ChordSpan",
    "Clip",
    "ClipReader",
    "ControlChange",
    "Controls",
    "Header",
    "Key",
    "Measures",
    "Meter",
    "Note",
    "Notes",
    "Provenance",
    "estimate_chords",
    "estimate_key",
    "measure",
    "notation_lines",
    "numeral_of",
    "parse_pitch",
    "pitch_class",
    "pitch_name",
    "read_clip",
    "roman",
    "spell",
    "voice_lead",
    "voicings",
    "write_clip",
]
