"""What a follow-up states outright, its metre, tempo, length and key, and a clip that is brought to it."""

from __future__ import annotations

from dataclasses import dataclass

from conduit.composer.draft import Draft, into_key, of_length
from conduit.composer.key_words import read_key, read_mode
from conduit.composer.options import Options
from conduit.composer.page import Page
from conduit.composer.reading import read_bars, read_bpm, read_meter
from conduit.composer.sketch import key_of
from conduit.music import Key, Meter, edit

__all__ = ["Facts", "restated", "stated"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is stated outright; None where nothing is.

    Attributes:
        meter: Time signature.
        bpm: Tempo.
        bars: Length.
        key: Tonic and scale.
    """

    meter: Meter | None = None
    bpm: float | None = None
    bars: float | None = None
    key: Key | None = None

    def __bool__(self) -> bool:
        return any(fact is not None for fact in (self.meter, self.bpm, self.bars, self.key))


def stated(page: Page, draft: Draft, options: Options) -> Facts:
    """Read what the words or the options state of a draft; raises ``ValueError`` where that cannot be."""
    clip = draft.clip
    meter = read_meter(page)
    bpm = read_bpm(page)
    bars = read_bars(page, meter=meter or clip.meter)
    key = read_key(page, usual_mode=clip.key.scale if clip.key else "major")
    mode = None if key else read_mode(page)
    if mode:
        key = Key(f"{(clip.key or key_of(draft.brief)).tonic} {mode}")
    set_meter = Meter.parse(options.meter) if isinstance(options.meter, str) else options.meter
    return Facts(
        meter=set_meter or meter,
        bpm=bpm if options.bpm is None else options.bpm,
        bars=bars if options.bars is None else options.bars,
        key=key if options.key is None else Key(options.key),
    )


def restated(draft: Draft, facts: Facts) -> Draft:
    """Bring a draft to what is stated outright, where it is not so already."""
    if facts.meter and facts.meter != draft.clip.meter:
        how = (
            "each loses its end" if facts.meter.bar < draft.clip.meter.bar else "each begins again to fill it"
        )
        said = f"took it bar by bar to {facts.meter} ({how})"
        draft = draft.then(said, edit.rebar(draft.clip, facts.meter), meter=facts.meter)
    if facts.key and facts.key != draft.clip.key:
        draft = into_key(draft, facts.key)
    if facts.bars and facts.bars != draft.clip.bars:
        draft = of_length(draft, facts.bars)
    if facts.bpm and facts.bpm != draft.clip.bpm:
        bpm = float(facts.bpm)
        draft = draft.then(f"set the tempo to {bpm:g} bpm", draft.clip.with_(bpm=bpm), bpm=bpm)
    return draft
