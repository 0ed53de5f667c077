"""Notes, clips, keys, metres and the text and files they are written in. Values only."""

from conduit.music.clip import PPQ, Clip
from conduit.music.drums import DRUM_NAMES, DRUM_PITCHES
from conduit.music.instrument import DRUMS, GM_PROGRAMS
from conduit.music.meter import Meter
from conduit.music.notation import Header, notation_lines, write_clip
from conduit.music.note import Note, Notes
from conduit.music.pitch import parse_pitch, pitch_class, pitch_name
from conduit.music.reader import ClipReader, read_clip
from conduit.music.scale import SCALES, Key

__all__ = [
    "DRUMS",
    "DRUM_NAMES",
    "DRUM_PITCHES",
    "GM_PROGRAMS",
    "PPQ",
    "SCALES",
    "Clip",
    "ClipReader",
    "Header",
    "Key",
    "Meter",
    "Note",
    "Notes",
    "notation_lines",
    "parse_pitch",
    "pitch_class",
    "pitch_name",
    "read_clip",
    "write_clip",
]
