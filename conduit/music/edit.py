"""Every edit of a clip, by its name: pure functions that give a new clip and keep what they are not about.

``Clip`` has them as methods too. Times are whole ticks. Control changes, changes of metre, the loop, probabilities
and all else that a clip holds come along; where something is lost, the function says so.
"""

from conduit.music.changes import diff
from conduit.music.chording import chord_clip, chords
from conduit.music.density import simplify, thicken, thin
from conduit.music.doubling import add_octave, harmonise
from conduit.music.form import cut, join, merge, spliced, tile
from conduit.music.pace import double_time, half_time, rebar, reverse, stretch
from conduit.music.reply import answer, call_and_response, continuation
from conduit.music.rhythm import straighten, syncopate
from conduit.music.slices import part, split
from conduit.music.tidy import tidied
from conduit.music.timing import quantise, swing
from conduit.music.touch import chop, gate, glue, humanise, legato, loudness
from conduit.music.tuning import fit_to_key, invert, retrograde, to_key, transpose
from conduit.music.variation import ornament, vary

__all__ = [
    "add_octave",
    "answer",
    "call_and_response",
    "chop",
    "chord_clip",
    "chords",
    "continuation",
    "cut",
    "diff",
    "double_time",
    "fit_to_key",
    "gate",
    "glue",
    "half_time",
    "harmonise",
    "humanise",
    "invert",
    "join",
    "legato",
    "loudness",
    "merge",
    "ornament",
    "part",
    "quantise",
    "rebar",
    "retrograde",
    "reverse",
    "simplify",
    "spliced",
    "split",
    "straighten",
    "stretch",
    "swing",
    "syncopate",
    "thicken",
    "thin",
    "tidied",
    "tile",
    "to_key",
    "transpose",
    "vary",
]
