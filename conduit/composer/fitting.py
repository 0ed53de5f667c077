"""A clip brought to what was asked for: what can be put right is put right and told, what cannot goes back.

Tempo is set. Notes after the bars asked for are left out, and notes that ring past the end are shortened. A clip
that is too short, or in another key or metre, goes back to the model. Only when that has been asked often enough, a
short one is repeated where that fills the bars exactly, or ends with rests. No note is moved to fit a key.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from conduit.composer.brief import Options
from conduit.composer.repair import Ledger
from conduit.errors import ClipError
from conduit.music import Clip, Key, Meter
from conduit.music.edit import tile
from conduit.music.spelling import spell

__all__ = ["fitted"]


def fitted(clip: Clip, options: Options, ledger: Ledger, *, final: bool = False, cut: bool = False) -> Clip:
    """Give the clip as it was asked for.

    Args:
        clip: What was written.
        options: What was asked for.
        ledger: Where what is put right is written down.
        final: Whether nobody will be asked again.
        cut: Whether the answer broke off, so that the length it states may not be reached.

    Raises:
        ClipError: It is not what was asked for; the message says how to mend it.
    """
    if not len(clip):
        raise ClipError("the clip has no notes; write at least one")
    clip = _in_meter(clip, options, ledger, final=final)
    clip = _in_key(clip, options, ledger, final=final)
    written, asked = _written(clip, cut=cut), _asked(clip, options)
    if written < asked and not final:
        found, wanted = _bars(clip, written), _bars(clip, asked)
        what = "the answer broke off: the clip" if cut else "the clip"
        raise ClipError(f"{what} has {found}, not the {wanted} asked for; write all of them")
    clip = _in_tempo(clip, options, ledger)
    if written < asked:
        clip = _stretched(clip, written, asked, ledger)
    clip = _cut_to(clip, asked, ledger, is_asked=options.bars is not None)
    _tell_key(clip, options, ledger)
    return clip


def _asked(clip: Clip, options: Options) -> int:
    """Give the length that was asked for in ticks, along the clip's bars; the clip's own where none was."""
    if options.bars is None:
        return clip.length_ticks
    whole, part = divmod(options.bars, 1)
    bar = clip.bar_lines.number(int(whole))
    return round(bar.start + Fraction(part) * bar.length)


def _written(clip: Clip, *, cut: bool) -> int:
    """Give how far the clip is written: the length it states, or the last bar with a note where it broke off."""
    if not cut:
        return clip.length_ticks
    bar = clip.bar_lines.at(int(clip.table["start"].max()))
    return min(clip.length_ticks, round(bar.start + bar.length))


def _bars(clip: Clip, ticks: int) -> str:
    bars = round(clip.bar_lines.count(ticks), 3)  # a bar of 7/16 need not end on a tick
    return f"{bars:g} bar{'s'[: bars != 1]}"


def _in_meter(clip: Clip, options: Options, ledger: Ledger, *, final: bool) -> Clip:
    asked = Meter.parse(options.meter) if isinstance(options.meter, str) else options.meter
    if asked is None or (asked == clip.meter and not clip.meter_changes):
        return clip
    found = ", then in ".join(str(one) for one in (clip.meter, *(meter for _, meter in clip.meter_changes)))
    wanted = f"{asked} throughout" if clip.meter_changes else str(asked)
    if not final:
        raise ClipError(
            f"the metre is {found.replace('in ', '')}, {wanted} was asked for; write the clip in that"
        )
    ledger.add("meter", what=f"The answer is in {found}; {wanted}, as asked for, was set.")
    return clip.with_(meter=asked, meter_changes=())


def _in_key(clip: Clip, options: Options, ledger: Ledger, *, final: bool) -> Clip:
    asked = Key(options.key) if options.key else None
    if asked is None or clip.key == asked:
        return clip
    if clip.key is None and clip.is_drums:
        return clip.with_(key=asked)
    if not final and set(clip.key.pitch_classes if clip.key else ()) != set(asked.pitch_classes):
        found = f"the key is {clip.key}" if clip.key else "the clip has no key"
        raise ClipError(f"{found}, {asked} was asked for; write the clip in that")
    ledger.add("key", what=f"The answer is in {clip.key or 'no key'}; {asked}, as asked for, was set.")
    return clip.with_(key=asked)


def _in_tempo(clip: Clip, options: Options, ledger: Ledger) -> Clip:
    if options.bpm is None or clip.bpm == options.bpm:
        return clip
    said = f"The answer is at {clip.bpm:g} bpm; {options.bpm:g} bpm, as asked for, was set."
    ledger.add("tempo", what=said)
    return clip.with_(bpm=options.bpm)


def _stretched(clip: Clip, written: int, asked: int, ledger: Ledger) -> Clip:
    """Fill the bars asked for: by repeating the clip where that comes out even, else with rests."""
    found, wanted = _bars(clip, written), _bars(clip, asked)
    times, rest = divmod(asked, written)
    inside = clip.table[clip.table["start"] < written].copy()
    if rest or clip.meter_changes or not len(inside) or written < clip.bar_lines.number(0).length:
        ledger.add("short", what=f"The answer has {found} of the {wanted} asked for; the rest is empty.")
        return clip.with_(length_ticks=asked)
    ledger.add("late", len(clip) - len(inside), what=f"its {found}")
    first = clip.with_table(inside, length_ticks=written)
    ledger.seen((times - 1) * len(first))
    said = f"The answer has {found} of the {wanted} asked for; it was repeated {times} times."
    ledger.add("tiled", what=said)
    return tile(first, times)


def _cut_to(clip: Clip, ticks: int, ledger: Ledger, *, is_asked: bool) -> Clip:
    """Give the clip with its length, without the notes after it, and end what rings past it."""
    table = clip.table[clip.table["start"] < ticks].copy()
    if not len(table):
        raise ClipError(f"no note starts in the {_bars(clip, ticks)} of the clip; write some there")
    bars = _bars(clip, ticks)
    clip = _loop_within(clip, ticks, ledger) if is_asked else clip
    late = len(clip) - len(table)
    ledger.add("late", late, what=f"the {bars} asked for" if is_asked else f"its {bars}")
    over = table["start"] + table["duration"] - ticks
    ledger.add("ring_over", int((over > 1).sum()))  # a bar of 7/16 need not end on a tick
    table["duration"] = np.where(over > 1, table["duration"] - over, table["duration"])
    controls = clip.control_table[clip.control_table["start"] < ticks].copy()
    if (
        not late
        and not (over > 1).any()
        and ticks == clip.length_ticks
        and len(controls) == len(clip.controls)
    ):
        return clip
    ledger.add("control", len(clip.controls) - len(controls), what=f"it comes after the {bars}")
    return clip.with_(control_table=controls).with_table(table, length_ticks=ticks)


def _loop_within(clip: Clip, ticks: int, ledger: Ledger) -> Clip:
    """Give the clip with its loop ended where the clip ends, or without one that begins there or later."""
    start, end = clip.loop_ticks or (0, 0)
    if end <= ticks:
        return clip
    what = "shortened to it" if start < ticks else "left out"
    ledger.add(
        "loop", what=f"The loop goes past the end of the {_bars(clip, ticks)} asked for; it was {what}."
    )
    return clip.with_(loop_ticks=(start, ticks) if start < ticks else None)


def _tell_key(clip: Clip, options: Options, ledger: Ledger) -> None:
    """Tell of notes outside the key that was asked for; they may be meant, so they stay."""
    if not options.key or clip.is_drums:
        return
    key = Key(options.key)
    classes = clip.table["pitch"] % 12
    outside = ~np.isin(classes, key.pitch_classes)
    count = int(outside.sum())
    if count:
        names = dict.fromkeys(spell(int(pitch), key) for pitch in clip.table["pitch"][outside])
        ledger.add("off_key", count, what=f"{key} ({', '.join(list(names)[:4])})")
