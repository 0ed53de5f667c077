"""What a person did to a clip by hand, as a model reads it with the next question: what to keep, and all of it.

It stands in a part of the question's own, between the words and the brief.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from conduit.errors import ClipError
from conduit.messages import TextPart, UserMessage
from conduit.music import Clip, read_clip, write_clip
from conduit.music.changes import Row
from conduit.music.notation import notation_lines
from conduit.music.note import note_table

__all__ = ["MOST_SHOWN", "by_hand", "is_by_hand", "read_by_hand"]

MOST_SHOWN = 400
"""Notes of a clip that is written out; a longer one is read and changed by tools."""

_MOST_COMPARED = 5000  # notes of a clip; comparing more takes longer than a question may wait
_MOST_CHANGED = 64  # notes that are listed, of those that came and of those that went
_OPEN, _CLOSE = "<edited>\n", "\n</edited>"
_FENCED = re.compile(r"```clip\n(.*?)\n```", re.DOTALL)


def by_hand(before: Clip, after: Clip) -> str:
    """Say what a person changed, what of it has to be kept, and what the clip is now.

    Args:
        before: The clip as it was written.
        after: The clip as the person left it.

    >>> from conduit.music import Note
    >>> before = Clip.of([Note(45, 0, 1), Note(48, 1, 1)], name="Bass", instrument="bass")
    >>> after = before.with_table(before.table[1:]).with_(name="Low")
    >>> print(by_hand(before, after))
    <edited>
    A person edited this clip by hand after it was written: 1 note removed, 1 kept; name 'Bass' to 'Low'.
    They took away, and it stays away unless they ask for it:
    1 | 1:A1/4
    The clip is now:
    ```clip
    clip Low | 1 bars | 4/4 | 120 bpm | bass
    1 | 5:C2/4
    ```
    </edited>
    """
    lines = [*_changed(before, after)]
    if len(after) <= MOST_SHOWN:
        lines += ["The clip is now:", f"```clip\n{write_clip(after)}\n```"]
    else:
        lines.append(f"The clip {after.name!r} has {len(after)} notes now: too many to show. Tools have it.")
    return _OPEN + "\n".join(lines) + _CLOSE


def _changed(before: Clip, after: Clip) -> Iterator[str]:
    said = "A person edited this clip by hand after it was written"
    if max(len(before), len(after)) > _MOST_COMPARED:
        yield f"{said}."
        return
    found = before.diff(after)
    sentence = found.sentence.removesuffix(".")
    yield f"{said}: {sentence[:1].lower()}{sentence[1:]}."
    came = [*found.added, *(new for _, new in (*found.moved, *found.changed))]
    yield from _listed("They put there, and it stays unless they ask for something else:", came, after)
    yield from _listed("They took away, and it stays away unless they ask for it:", found.removed, before)


def is_by_hand(text: str) -> bool:
    """Say whether a part of a message is one that ``by_hand`` made."""
    return text.startswith(_OPEN) and text.endswith(_CLOSE)


def read_by_hand(message: UserMessage) -> list[Clip]:
    """Give the clips that a message says a person edited, as they are now, in order."""
    texts = [part.text for part in message.parts[1:] if isinstance(part, TextPart) and is_by_hand(part.text)]
    found = [clip for text in texts for clip in map(_read, _FENCED.findall(text))]
    return [clip for clip in found if clip is not None]


def _read(text: str) -> Clip | None:
    try:
        return read_clip(text)
    except ClipError:
        return None


def _listed(title: str, rows: Sequence[Row], clip: Clip) -> list[str]:
    if not 0 < len(rows) <= _MOST_CHANGED:
        return []
    only = clip.with_(control_table=clip.control_table[:0]).with_table(note_table(rows))
    return [title, *list(notation_lines(only))[1:]]
