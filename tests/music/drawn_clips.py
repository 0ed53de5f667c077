"""Clips for the properties of the notation: everything that a clip holds is drawn, and much that repeats."""

from __future__ import annotations

from hypothesis import strategies as st

from conduit.music import BEND, DRUM_PITCHES, GM_PROGRAMS, PRESSURE, Clip, ControlChange, Meter, Note

__all__ = ["any_clips", "grid_clips"]

METERS = [Meter(4, 4), Meter(3, 4), Meter(7, 8), Meter(6, 8), Meter(5, 4), Meter(7, 16)]
NAMES = st.one_of(st.text(max_size=130), st.text("ab |\\\0\n", max_size=8))


def _notes(ppq, length):
    """Draw notes with all that a note holds; plain ones are the likeliest, as everywhere."""
    return st.builds(
        lambda start, duration, pitch, velocity, mute, chance, deviation, release: Note(
            pitch,
            start / ppq,
            duration / ppq,
            velocity,
            mute,
            probability=chance,
            velocity_deviation=deviation,
            release_velocity=release,
        ),
        st.integers(0, length - 1),
        st.integers(1, length),
        st.integers(0, 127),
        st.integers(1, 127),
        st.booleans(),
        st.one_of(st.just(1.0), st.floats(0, 1, width=32)),
        st.one_of(st.just(0), st.integers(-127, 127)),
        st.one_of(st.just(64), st.integers(0, 127)),
    )


def _controls(ppq, length):
    """Draw moves of controls, many at the same time."""
    return st.builds(
        lambda control, start, value: ControlChange(
            control, start / ppq, value if control == BEND else abs(value) % 128
        ),
        st.one_of(st.sampled_from([64, 74, 20, BEND, PRESSURE]), st.integers(0, PRESSURE)),
        st.one_of(st.just(0), st.integers(0, length)),
        st.integers(-8192, 8191),
    )


@st.composite
def any_clips(draw):
    """Draw clips with every field, off the grid and past their ends."""
    ppq = draw(st.sampled_from([960, 480, 96, 24, 99, 1, 32767]))
    meter = draw(st.sampled_from(METERS))
    bar = max(1, round(meter.bar * ppq))
    length = max(1, round(draw(st.integers(1, 4)) * meter.bar * ppq) + draw(st.sampled_from([0, 0, 1, 7])))
    changes = draw(st.dictionaries(st.integers(1, 2 * length), st.sampled_from(METERS), max_size=3))
    changes |= draw(st.sampled_from([{}, {bar: Meter(3, 4)}]))
    spans = st.tuples(st.integers(0, length), st.integers(1, length))
    loop = draw(st.one_of(st.none(), spans, st.just((0, bar))))
    return Clip.of(
        draw(st.lists(_notes(ppq, length), max_size=12)),
        length=length / ppq,
        ppq=ppq,
        name=draw(NAMES),
        bpm=draw(st.sampled_from([20, 99.5, 128, 174.123, 122.00180562672328, 999])),
        meter=meter,
        key=draw(st.sampled_from([None, "A minor", "Bb dorian", "F# phrygian dominant"])),
        instrument=draw(st.sampled_from(["drums", *GM_PROGRAMS])),
        controls=draw(st.lists(_controls(ppq, length), max_size=6)),
        program=draw(st.one_of(st.none(), st.integers(0, 127))),
        meter_changes=[(tick / ppq, one) for tick, one in sorted(changes.items())],
        loop=loop and (loop[0] / ppq, (loop[0] + loop[1]) / ppq),
        colour=draw(st.one_of(st.none(), st.integers(0, 0xFFFFFF))),
    )


@st.composite
def grid_clips(draw):
    """Draw clips on the grid, with much that repeats, so that lanes, joined steps and repeated bars are written."""
    drums = draw(st.booleans())
    hit = st.tuples(
        st.integers(0, 15),
        st.sampled_from([*list(DRUM_PITCHES.values())[:5], 81]) if drums else st.integers(55, 65),
        st.sampled_from([0.25, 0.25, 0.5, 1 / 3]),
        st.sampled_from([96, 120, 100, 100, 127, 44]),
    )
    patterns = draw(st.lists(st.lists(hit, max_size=12), min_size=1, max_size=3))
    order = draw(st.lists(st.sampled_from(patterns), min_size=1, max_size=12))
    return Clip.of(
        (
            Note(pitch, index * 4 + step / 4, duration, velocity)
            for index, hits in enumerate(order)
            for step, pitch, duration, velocity in hits
        ),
        length=len(order) * 4,
        instrument="drums" if drums else "bass",
    )
