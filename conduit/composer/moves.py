"""Follow-ups that move pitches: by intervals and steps of the scale, into a key, upside down, in more voices."""

from __future__ import annotations

import re

from conduit.composer.draft import Draft, operation, renamed
from conduit.composer.key_words import read_key
from conduit.composer.page import NUMBER, Page, number
from conduit.music import Clip, Key, edit
from conduit.music.modes import SCALE_NAMES

__all__ = ["MOVES"]

_INTERVALS = {
    "semitone": 1, "half step": 1, "half tone": 1, "whole step": 2, "whole tone": 2, "tone": 2, "minor third": 3,
    "major third": 4, "third": 4, "perfect fourth": 5, "fourth": 5, "tritone": 6, "perfect fifth": 7, "fifth": 7,
    "minor sixth": 8, "major sixth": 9, "sixth": 9, "minor seventh": 10, "seventh": 10, "octave": 12,
}  # fmt: skip
_STEPS = {"second": 1, "third": 2, "fourth": 3, "fifth": 4, "sixth": 5, "seventh": 6, "octave": 7}
_INTERVAL = "|".join(sorted(_INTERVALS, key=lambda name: (-len(name), name)))
_STEP = "|".join(_STEPS)
_DOWNWARDS = frozenset({"down", "lower", "below", "under", "underneath"})
_DIRECTION = "up|down|higher|lower|above|below"
_VERB = r"(?:transposed? |move |shift |take |bring |put )?(?:it |this |that |them |everything )?"
_IN_SCALE = r"(?:(?:with)?in|inside|along|of) (?:the |its )?(?:scale|key)|diatonically|scale ?wise"
_SCALE = "|".join(map(re.escape, sorted(SCALE_NAMES, key=lambda name: (-len(name), name))))
_WHAT = r"(?: it| this| that| them| (?:all )?(?:the |its )?notes| everything)?"
_HARMONIES = "thirds?|fourths?|fifths?|sixths?|octaves?|chord(?: tone)?s?"
_DRUMS_STAY = "left the pitches alone, since drums have none to move"
_FARTHEST = 48  # semitones, or steps


def _way(facts: dict[str, str | None], *names: str) -> int:
    """Give 1 for up and -1 for down."""
    return -1 if next((facts[name] for name in names if facts.get(name)), "up") in _DOWNWARDS else 1


def _given(facts: dict[str, str | None], *names: str) -> str:
    return next((found for name in names if (found := facts.get(name))), "")


def _moved(draft: Draft, match: re.Match[str]) -> Draft:
    facts = match.groupdict()
    name = _given(facts, "what", "what2", "what3")
    count = _given(facts, "n", "n2", "n3")
    semitones = round(number(count.strip()) if count else 1) * _INTERVALS[name] * _way(facts, "dir", "dir2")
    return _by_semitones(draft, semitones)


def _by_number(draft: Draft, match: re.Match[str]) -> Draft:
    """Transpose by a number without a unit: semitones."""
    return _by_semitones(draft, round(number(match["n"].strip())) * _way(match.groupdict(), "dir"))


def _by_semitones(draft: Draft, semitones: int) -> Draft:
    if draft.clip.is_drums:
        return draft.then(_DRUMS_STAY)
    semitones = max(-_FARTHEST, min(_FARTHEST, semitones))
    moved = renamed(edit.transpose(draft.clip, semitones), draft.clip.key)
    octaves, rest = int(semitones / 12), semitones % 12
    said = f"moved it {'down' if semitones < 0 else 'up'} {_spoken(abs(semitones))}"
    return draft.then(
        said, moved, key=moved.key, octave=draft.brief.octave + (0 if rest else octaves), chords=()
    )


def _spoken(semitones: int) -> str:
    octaves, rest = divmod(semitones, 12)
    if rest == 0:
        return "an octave" if octaves == 1 else f"{octaves} octaves"
    return f"{semitones} semitone{'s' if semitones != 1 else ''}"


def _in_scale(draft: Draft, match: re.Match[str]) -> Draft:
    if draft.clip.is_drums:
        return draft.then(_DRUMS_STAY)
    facts = match.groupdict()
    count = number(found.strip()) if (found := _given(facts, "n", "n2", "n3")) else 1
    each = _STEPS.get(_given(facts, "what", "what2"), 1)
    steps = max(-_FARTHEST, min(_FARTHEST, round(count) * each * _way(facts, "dir", "dir2", "dir3")))
    word = "step" if abs(steps) == 1 else "steps"
    said = f"moved it {'down' if steps < 0 else 'up'} {abs(steps)} {word} of the scale"
    return draft.then(said, edit.transpose(draft.clip, degrees=steps), chords=())


def _fitted(draft: Draft, match: re.Match[str]) -> Draft:
    """Bring the notes outside a key to it: the one that is named, else the clip's."""
    if draft.clip.is_drums:
        return draft.then(_DRUMS_STAY)
    named = match.groupdict().get("key")
    key = read_key(Page(f"in {named[0].upper()}{named[1:]}"), usual_mode=_mode(draft.clip)) if named else None
    fitted = edit.fit_to_key(draft.clip, key)
    count = draft.clip.diff(fitted).counts
    moved = count["moved"] + count["added"]
    said = f"fitted it to {fitted.key}: " + (
        f"{moved} note{'s' if moved != 1 else ''} moved" if moved else "every note was in it"
    )
    return draft.then(said, renamed(fitted, draft.clip.key), key=fitted.key, chords=())


def _mode(clip: Clip) -> str:
    return Key(clip.key).scale if clip.key else "major"


def _inverted(draft: Draft, _: re.Match[str]) -> Draft:
    if draft.clip.is_drums:
        return draft.then(_DRUMS_STAY)
    return draft.then("turned it upside down", edit.invert(draft.clip), chords=())


def _doubled(draft: Draft, match: re.Match[str]) -> Draft:
    if draft.clip.is_drums:
        return draft.then(_DRUMS_STAY)
    way = _way(match.groupdict(), "dir", "dir2")
    return draft.then(
        f"doubled it an octave {'lower' if way < 0 else 'higher'}", edit.add_octave(draft.clip, way)
    )


def _harmonised(draft: Draft, match: re.Match[str]) -> Draft:
    if draft.clip.is_drums:
        return draft.then(_DRUMS_STAY)
    facts = match.groupdict()
    word = _given(facts, "interval", "interval2", "interval3") or "third"
    interval = "chord" if word.startswith("chord") else word.removesuffix("s")
    below = _way(facts, "dir", "dir2") < 0
    voice = edit.harmonise(draft.clip, interval, below=below)
    what = "tones of its chords" if interval == "chord" else f"{interval}s"
    return draft.then(f"put a second voice {'below' if below else 'above'} it, in {what}", voice)


MOVES = (
    operation(
        rf"\b(?:fit|snap|force|conform|tune|bring){_WHAT}"
        r" (?:in)?to (?:(?:the |its )?(?:key|scale)(?: of)?(?: (?P<key>[a-g](?: ?(?:#|sharp|flat)|b)?"
        rf"(?: (?:{_SCALE}))?)\b)?)(?! (?:change|signature))"
        r"|\b(?:fix|correct) (?:the )?(?:wrong|off key|out of key) notes\b",
        _fitted,
    ),
    operation(
        rf"\b(?:fit|snap|force|conform){_WHAT} (?:in)?to "
        rf"(?P<key>[a-g](?: ?(?:#|sharp|flat)|b)?(?: (?:{_SCALE}))?)\b",
        _fitted,
    ),
    operation(
        r"\bharmoni[sz]e(?:d)?(?: it| this| that| them)?"
        rf"(?: (?:in|with|by|at)? ?(?:a |an |the |parallel |its )*(?P<interval>{_HARMONIES}))?"
        r"(?: (?P<dir>above|below|under|underneath|up|down|higher|lower))?\b"
        r"|\b(?:add|with|give it|put) (?:a |an |some )?"
        rf"(?:second voice|harmony|harmonies|parallel (?P<interval2>{_HARMONIES}))"
        rf"(?: (?:in|of) (?P<interval3>{_HARMONIES}))?"
        r"(?: (?P<dir2>above|below|under|underneath|up|down|higher|lower))?(?: (?:to )?it)?\b",
        _harmonised,
    ),
    operation(
        r"\b(?:double (?:it |this |them |that )?(?:an |one |in |at the |the )*octaves?"
        r"(?: (?P<dir>up|higher|above|down|lower|below))?|(?:add|with) (?:an |some )?octaves?(?: doubling)?"
        r"(?: (?P<dir2>up|higher|above|down|lower|below))?|octave (?:double|doubling|doubled))\b",
        _doubled,
    ),
    operation(
        r"\b(?:inver(?:t|ted|sion)(?: it| this)?|(?:turn (?:it|this) )?upside down|mirror(?:ed)?(?: it| this)?)\b",
        _inverted,
    ),
    operation(
        rf"\b{_VERB}(?:(?P<dir>{_DIRECTION})(?: by)? (?:(?P<n>{NUMBER}) )?(?:(?P<what>{_STEP})s? (?:{_IN_SCALE})"
        rf"|(?:scale )?(?:steps?|degrees?)(?: (?:{_IN_SCALE}))?)"
        rf"|(?:by )?(?:(?P<n2>{NUMBER}) )?(?:(?P<what2>{_STEP})s?|(?:scale )?(?:steps?|degrees?))"
        rf" (?P<dir2>{_DIRECTION})(?: (?:{_IN_SCALE}))"
        rf"|(?:by )?(?:(?P<n3>{NUMBER}) )?(?:scale )?(?:steps?|degrees?) (?P<dir3>{_DIRECTION}))\b",
        _in_scale,
    ),
    operation(
        rf"\b{_VERB}(?P<dir>up|down)(?: by)? (?P<n>{NUMBER})(?: (?:{_IN_SCALE}))\b",
        _in_scale,
    ),
    operation(
        rf"\b{_VERB}"
        rf"(?:(?P<dir>up|down|higher|lower)(?: by)? (?:(?P<n>{NUMBER}) )?(?P<what>{_INTERVAL})s?"
        rf"|(?:by )?(?:(?P<n2>{NUMBER}) )?(?P<what2>{_INTERVAL})s? (?P<dir2>{_DIRECTION})"
        rf"|(?<=transpose )by (?P<n3>{NUMBER}) (?P<what3>{_INTERVAL})s?)\b",
        _moved,
    ),
    operation(
        r"\btranspose(?:d)?(?: it| this| that| them| everything)?(?: (?P<dir>up|down|higher|lower))?(?: by)? "
        rf"(?P<n>-?{NUMBER})(?! ?(?:{_INTERVAL}|bars?|octaves?|steps?|degrees?|times|keys?)\b|[a-z])",
        _by_number,
    ),
    operation(
        rf"(?:\b(?:move|shift|pitch|take|bring|go) (?:it |this )?|^|(?<=and )|(?<=then )|(?<=[,;] ))"
        rf"(?P<dir>up|down)(?: by)? (?P<n>{NUMBER})(?= ?(?:$|[|,.;!])| (?:and|then)\b)",
        _by_number,
    ),
)
"""Operations on pitches."""
