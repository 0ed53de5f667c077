"""Notes, clips, keys, metres and the text and files they are written in. Values only."""

from conduit.music.clip import PPQ, Clip
from conduit.music.control import BEND, CONTROLS, PRESSURE, ControlChange, Controls
from conduit.music.drums import DRUM_NAMES, DRUM_PITCHES
from conduit.music.instrument import DRUMS, GM_PROGRAMS
from conduit.music.meter import Bar, Bars, Meter
from conduit.music.notation import Header, notation_lines, write_clip
from conduit.music.note import Note, Notes
from conduit.music.pitch import parse_pitch, pitch_class, pitch_name
from conduit.music.provenance import Provenance
from conduit.music.reader import ClipReader, read_clip
from conduit.music.scale import SCALES, Key

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
    "Bar",
    "Bars",
    "Clip",
    "ClipReader",
    "ControlChange",
    "Controls",
    "Header",
    "Key",
    "Meter",
    "Note",
    "Notes",
    "Provenance",
    "notation_lines",
    "parse_pitch",
    "pitch_class",
    "pitch_name",
    "read_clip",
    "write_clip",
]
