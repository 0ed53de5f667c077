"""Facts about answers, kept beside the messages, because a message is a value without times or costs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from conduit.messages.response import ResponseMetadata, Usage

__all__ = ["Facts", "cost_of", "cost_words", "fact_words", "sum_words", "usage_of"]

_LEAST_SHOWN = Decimal("0.0001")


class Facts(Mapping[str, ResponseMetadata]):
    """What is known about each answer, by the id of its node: a mapping that never changes, and grows cheaply.

    It is a row of dicts of which each is larger than the next, shared between values; two of a size become one.
    So one more fact copies about log2(n) entries on average, not all n, and a look-up asks at most log2(n) dicts.

    >>> from conduit.messages import ResponseMetadata
    >>> facts = Facts().with_("b2:1", ResponseMetadata(provider="offline", model="composer"))
    >>> len(facts), facts["b2:1"].model
    (1, 'composer')
    """

    __slots__ = ("_layers",)

    def __init__(self, *layers: dict[str, ResponseMetadata]) -> None:
        self._layers = layers

    @classmethod
    def of(cls, facts: Mapping[str, ResponseMetadata]) -> Facts:
        """Take any mapping of facts; what is one of these already stays."""
        return facts if isinstance(facts, cls) else cls(dict(facts))

    def with_(self, node_id: str, metadata: ResponseMetadata) -> Facts:
        """Give the facts with one more.

        A fact about the same node is replaced, but one that was paid for is not by one that was kept from before:
        an equal answer out of the cache does not take back what the first one cost.
        """
        if metadata.cached and node_id in self:
            return self
        layers = list(self._layers)
        newest = {node_id: metadata}
        while layers and len(layers[-1]) <= len(newest):
            newest = {**layers.pop(), **newest}
        return Facts(*layers, newest)

    def __getitem__(self, node_id: str) -> ResponseMetadata:
        for layer in reversed(self._layers):
            if node_id in layer:
                return layer[node_id]
        raise KeyError(node_id)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(node_id for layer in self._layers for node_id in layer))

    def __len__(self) -> int:
        return len(set().union(*self._layers))

    def __repr__(self) -> str:
        return f"Facts({dict(self)!r})"


def usage_of(facts: Iterable[ResponseMetadata]) -> Usage | None:
    """Sum the tokens of several answers; None where none was counted. What was kept from before counts nothing."""
    found = [fact.usage for fact in facts if fact.usage is not None and not fact.cached]
    if not found:
        return None
    return Usage(**{name: sum(getattr(usage, name) for usage in found) for name in Usage.model_fields})


def cost_of(facts: Iterable[ResponseMetadata]) -> Decimal | None:
    """Sum the costs that are known, in US dollars; None where none is. What was kept from before costs nothing."""
    found = [fact.cost_usd for fact in facts if fact.cost_usd is not None and not fact.cached]
    return sum(found, Decimal(0)) if found else None


def fact_words(fact: ResponseMetadata) -> str:
    """Say who gave an answer and what it took.

    >>> fact_words(ResponseMetadata(provider="offline", model="composer", duration_s=0.25))
    'offline/composer · 0.2 s'
    """
    words = [f"{fact.provider}/{fact.model}", sum_words(fact.usage, fact.cost_usd)]
    words.append("kept from before" if fact.cached else f"{fact.duration_s:.1f} s")
    return " · ".join(filter(None, words))


def sum_words(usage: Usage | None, cost_usd: Decimal | None) -> str:
    """Say what answers took, as far as it is known; nothing where nothing is.

    >>> sum_words(Usage(input_tokens=1200, output_tokens=80), Decimal("0.0042"))
    '1,200 tokens in, 80 out · $0.0042'
    """
    words = [] if usage is None else [f"{usage.input_tokens:,} tokens in, {usage.output_tokens:,} out"]
    if cost_usd is not None:
        words.append(cost_words(cost_usd))
    return " · ".join(words)


def cost_words(amount: Decimal) -> str:
    """Write an amount of US dollars.

    >>> [cost_words(Decimal(text)) for text in ("0", "0.00001", "0.0042", "12.5")]
    ['free', 'under $0.0001', '$0.0042', '$12.50']
    """
    if amount == 0:
        return "free"
    if amount < _LEAST_SHOWN:
        return f"under ${_LEAST_SHOWN}"
    return f"${amount:.4f}" if amount < 1 else f"${amount:,.2f}"
