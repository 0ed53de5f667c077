"""How loud the General MIDI sounds of TimGM6mb are, and what makes them as loud as the built-in synth.

Measured as integrated loudness (ITU-R BS.1770) of eight quarter notes at 120 bpm and velocity 96, in the
instrument's own octave; kits by two bars of kick, snare and hats.
"""

from __future__ import annotations

__all__ = ["level_db"]

_PROGRAMS_LUFS = (
    -23.4, -23.2, -20.5, -22.0, -16.6, -21.5, -22.9, -19.5,  # pianos
    -21.8, -20.7, -19.2, -15.3, -24.2, -25.5, -15.9, -23.2,  # chromatic percussion
    -18.4, -20.6, -20.0, -19.3, -17.2, -17.9, -16.9, -20.1,  # organs
    -18.9, -22.5, -19.5, -24.2, -22.0, -18.8, -15.5, -17.0,  # guitars
    -20.0, -18.5, -20.1, -18.3, -18.6, -24.0, -19.7, -19.4,  # basses
    -15.7, -15.7, -14.7, -17.3, -18.8, -22.0, -15.5, -22.9,  # strings
    -21.0, -22.4, -20.6, -19.6, -19.3, -18.7, -18.2, -17.5,  # ensembles
    -18.7, -21.5, -21.4, -22.4, -15.1, -22.0, -16.9, -17.1,  # brass
    -17.8, -18.7, -18.7, -22.3, -17.5, -16.8, -20.6, -17.2,  # reeds
    -16.3, -17.8, -16.7, -18.3, -19.9, -17.4, -13.5, -13.5,  # pipes
    -14.7, -16.6, -15.5, -18.2, -16.7, -15.9, -18.2, -16.7,  # leads
    -18.4, -23.9, -21.2, -16.8, -21.5, -20.7, -20.4, -25.0,  # pads
    -17.1, -17.2, -18.3, -17.3, -16.1, -27.2, -16.8, -17.6,  # synth effects
    -21.2, -19.8, -23.2, -19.9, -20.6, -15.4, -16.8, -14.6,  # ethnic
    -21.6, -23.9, -21.6, -26.9, -19.6, -26.7, -20.0, -59.9,  # percussive
    -26.1, -30.7, -16.2, -19.3, -18.7, -40.6, -32.9, -23.2,  # sound effects
)  # fmt: skip
_KITS_LUFS = {0: -22.4, 8: -18.1, 16: -20.6, 24: -20.9, 25: -21.8, 32: -22.4, 40: -24.9, 48: -22.4}
_PROGRAM_LUFS, _KIT_LUFS = -18.0, -17.5  # what is aimed at
_DOWN_DB, _UP_DB = -3.0, 6.0  # effects and distant sounds are meant to be soft


def level_db(preset: tuple[int, int]) -> float:
    """Give what is added to a sound, by bank (128: kits) and program.

    >>> level_db((0, 0)), level_db((128, 0))
    (5.4, 4.9)
    """
    bank, program = preset
    wanted = (
        _KIT_LUFS - _KITS_LUFS.get(program, _KITS_LUFS[0])
        if bank
        else _PROGRAM_LUFS - _PROGRAMS_LUFS[program]
    )
    return round(min(max(wanted, _DOWN_DB), _UP_DB), 1)
