"""Any clip that can be, for properties that hold for all."""

from __future__ import annotations

from hypothesis import strategies as st

from conduit.music import BEND, GM_PROGRAMS, PRESSURE, SCALES, Clip, ControlChange, Key, Meter, Note

__all__ = ["clips"]

TONICS = ["C", "C#", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B", "Cb"]


@st.composite
def notes(draw, ppq):
    """A note on a tick; few pitches, so that they overlap."""
    return Note(
        draw(st.sampled_from([36, 60, 61, 127])),
        draw(st.integers(0, 8 * ppq)) / ppq,
        draw(st.integers(1, 4 * ppq)) / ppq,
        draw(st.integers(1, 127)),
        draw(st.booleans()),
        probability=draw(st.floats(0, 1, width=32)),
        velocity_deviation=draw(st.integers(-127, 127)),
        release_velocity=draw(st.integers(0, 127)),
    )


@st.composite
def moves(draw, ppq):
    """A move of any control."""
    control = draw(st.sampled_from([0, 1, 7, 32, 64, 101, 121, 127, BEND, PRESSURE]))
    low, high = (-8192, 8191) if control == BEND else (0, 127)
    return ControlChange(control, draw(st.integers(0, 9 * ppq)) / ppq, draw(st.integers(low, high)))


@st.composite
def clips(draw):
    """Any clip, with every field drawn."""
    ticks = draw(st.sampled_from([1, 96, 480, 960]))
    meters = st.builds(Meter, st.integers(1, 17), st.sampled_from([1, 2, 4, 8, 16]))
    keys = st.builds("{} {}".format, st.sampled_from(TONICS), st.sampled_from(sorted(SCALES))).map(Key)
    changes = draw(st.dictionaries(st.integers(1, 16 * ticks), meters, max_size=3))
    loop = draw(st.none() | st.tuples(st.integers(0, 4 * ticks), st.integers(4 * ticks + 1, 9 * ticks)))
    return Clip.of(
        draw(st.lists(notes(ticks), max_size=12)),
        ppq=ticks,
        length=draw(st.integers(1, 12 * ticks)) / ticks,
        name=draw(st.text(max_size=12)),
        bpm=draw(st.floats(20, 999) | st.integers(20, 999)),
        meter=draw(meters),
        key=draw(st.none() | keys),
        instrument=draw(st.sampled_from(["drums", *GM_PROGRAMS])),
        controls=draw(st.lists(moves(ticks), max_size=8)),
        program=draw(st.none() | st.integers(0, 127)),
        meter_changes=[(tick / ticks, meter) for tick, meter in sorted(changes.items())],
        loop=loop and (loop[0] / ticks, loop[1] / ticks),
        colour=draw(st.none() | st.integers(0, 0xFFFFFF)),
    )
