"""What the record of a panel says: the conversation, what went wrong in it, and its takes; bounded in size."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from operator import is_
from typing import TYPE_CHECKING

from conduit.drawing.caption import caption, printable
from conduit.drawing.page import fold, lines, one_line, verbatim
from conduit.drawing.table import facts_html
from conduit.drawing.transcript import transcript_html, transcript_text
from conduit.messages import Conversation, ConversationTree
from conduit.music import Clip

if TYPE_CHECKING:
    from conduit.studio import Studio
    from conduit.studio.takes import Take
    from conduit_magics.chat.entries import Transcript

__all__ = ["MOST_BYTES", "Known", "record_of"]

MOST_BYTES = 300_000
"""Bytes of a record's HTML: a notebook is saved with it, and each change sends it again."""

_SIZES = ((50, 12), (30, 8), (16, 6), (8, 3), (3, 1), (1, 0))
"""Turns of a branch that are shown at most, and clips of all that are drawn; the first pair that fits is taken."""
_IN_TEXT = (10, 2)
_MOST_TEXT = 40_000
_MOST_TAKES = 40
_NOTHING = "Nothing has been said yet."
_BESIDE = (
    "The conversation of the panel beside this notebook; where there is none, %conduit panel opens it here"
)
_TOO_LONG = "The last turn is too long to be kept here; %conduit export writes the whole conversation."
_FAILED = "margin:0 0 8px 0;max-width:576px;font-size:12px;overflow-wrap:break-word"


@dataclass(frozen=True, slots=True)
class Known:
    """What a record is drawn from.

    Attributes:
        tree: The conversation.
        takes: The takes of it, oldest first.
        notes: What went wrong in a turn, by the id of the node that asks.
        lost: Questions that are no part of the conversation because nothing came of them: words and error.
    """

    tree: ConversationTree
    takes: tuple[Take, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    lost: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, studio: Studio, shown: Transcript) -> Known:
        """Look at a studio and at what a panel shows of it; on the loop."""
        tree = studio.session.tree
        takes = tuple(take for take in studio.shelf.takes if take.talk == tree.name)
        notes, lost = [], []
        for entry in shown.order:
            item, turn = shown.items[entry], shown.turns.get(entry)
            said = _how_it_ended(item["state"], item["error"])
            if said and turn is not None:
                notes.append((turn.asked.id, said))
            elif said:
                lost.append((item["asked"], said))
        return cls(tree, takes, tuple(notes), tuple(lost))

    def is_as(self, other: Known) -> bool:
        """Say whether the same is known; a take that changed is another object."""
        same_takes = len(self.takes) == len(other.takes) and all(map(is_, self.takes, other.takes))
        return self.tree is other.tree and same_takes and (self.notes, self.lost) == (other.notes, other.lost)


def _how_it_ended(state: str, error: str) -> str:
    return {"failed": f"Failed: {error}" if error else "Failed", "stopped": "Stopped"}.get(state, "")


def record_of(
    known: Known, *, record_id: str, scrub: Callable[[str], str], is_beside: bool = False
) -> dict[str, str]:
    """Give the record as HTML and as text.

    Args:
        known: What it tells.
        record_id: By which the panel finds it to hide it.
        scrub: Takes keys out of texts.
        is_beside: Whether the panel stands elsewhere: the record is seen beside it, and so folded.
    """
    if known.tree.conversation.tip is None and len(known.tree.branches) == 1 and not known.lost:
        drawn, text = f"<p>{_NOTHING}</p>", _NOTHING
    else:
        drawn = "".join([_talk(known, scrub), *_lost(known), _takes(known, scrub)])
        turns, clips = _IN_TEXT
        text = transcript_text(known.tree, turns=turns, clips=clips)
        text = text if len(text) <= _MOST_TEXT else f"{text[:_MOST_TEXT]}\n…"
    if is_beside:
        drawn = fold(_BESIDE, drawn)
    return {
        "text/html": f'<div data-conduit="{verbatim(record_id)}">{scrub(drawn)}</div>',
        "text/plain": scrub(text),
    }


def _talk(known: Known, scrub: Callable[[str], str]) -> str:
    """Draw the conversation as far back as it fits, in the end only its current branch."""
    now = {take.origin: take.clip for take in known.takes if take.clip is not take.origin}

    def as_it_is(clip: Clip) -> Clip:
        return replace(now[clip], name=scrub(now[clip].name)) if clip in now else clip

    wholes: list[ConversationTree | Conversation] = [known.tree] * len(_SIZES)
    for tree, (turns, clips) in zip([*wholes, known.tree.conversation], [*_SIZES, _SIZES[-1]], strict=True):
        drawn = transcript_html(
            tree, turns=turns, clips=clips, clean=scrub, as_it_is=as_it_is, notes=dict(known.notes)
        )
        if len(drawn.encode()) <= MOST_BYTES:
            return drawn
    return f"<p>{lines(_TOO_LONG)}</p>"


def _lost(known: Known) -> Iterator[str]:
    for asked, said in known.lost[-_SIZES[0][1] :]:
        words = one_line(asked)
        yield f'<p style="{_FAILED}">{lines(words[:200] + "…" * (len(words) > 200))}<br>{lines(said[:1000])}</p>'


def _takes(known: Known, scrub: Callable[[str], str]) -> str:
    """List the takes, the newest first, and those with a star before the others."""
    if not known.takes:
        return ""
    ordered = sorted(known.takes, key=lambda take: (not take.star, -take.at))
    rows = [
        (f"{'★ ' * take.star}{one_line(scrub(take.name))}", scrub(caption(take.clip)))
        for take in ordered[:_MOST_TAKES]
    ]
    count, stars = len(ordered), sum(take.star for take in ordered)
    words = [f"{count} take{'s' * (count != 1)}", *([f"{stars} with a star"] if stars else [])]
    words += [f"the first {_MOST_TAKES} are listed"] if count > _MOST_TAKES else []
    return fold(printable(" · ".join(words)), facts_html(rows))
