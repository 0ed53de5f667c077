"""The verbs of an edit with a letter wrong: ``hamonise it`` is to harmonise the clip that is there."""

from __future__ import annotations

import difflib
import re

from conduit.composer.page import Page, fold
from conduit.composer.vocabulary import TOKEN, longest
from conduit.composer.words import filler

__all__ = ["respelled"]

_VERBS = (
    "harmonise harmonize harmonised harmonized transpose transposed simplify simplified legato reverse reversed "
    "answer humanise humanize humanised humanized quantise quantize quantised quantized stretch invert inverted "
    "ornament embellish extend continue repeat"
)
_FORMS = tuple(_VERBS.split())
_NO_VERBS = (
    "simply simple simples simpler inverse converse reserve reserved harmonic harmonics harmony harmonies "
    "harmonious harmonising harmonizing answers transposing"
)
_OTHERS = frozenset(_NO_VERBS.split())
_SHORTEST, _CUTOFF = 5, 0.82


def respelled(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Give a text with the verbs put right, and what was taken for what.

    >>> respelled("hamonise it")
    ('harmonise it', (('hamonise', 'harmonise'),))
    """
    page = Page(text)
    guessed = []
    for match in reversed(list(TOKEN.finditer(page.text))):
        if (verb := _verb(match)) is not None:
            written = page.written(match)
            guessed.append((written, verb))
            page = Page(page.original[: match.start()] + verb + page.original[match.end() :])
    return page.original, tuple(reversed(guessed))


def _verb(match: re.Match[str]) -> str | None:
    """The verb that a word comes near, where it is no word that is known."""
    word = fold(match[0])
    if len(word) < _SHORTEST or word in _OTHERS or word in _FORMS or word in filler():
        return None
    if longest([word], 0)[0]:
        return None
    near = difflib.get_close_matches(word, _FORMS, n=1, cutoff=_CUTOFF)
    return near[0] if near and near[0][0] == word[0] else None
