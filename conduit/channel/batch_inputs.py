"""What is put into a batch, one request after the other: taken when it is needed, never all at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from dataclasses import dataclass
from itertools import islice
from math import isnan
from time import monotonic
from typing import Any, TypeGuard

from pydantic import BaseModel

from conduit.channel.prompt import Prompt
from conduit.errors import SetupError
from conduit.messages import Request

__all__ = ["Job", "Jobs", "asker", "labels_of"]

_TAKE_S = 0.01
"""How long inputs are gathered before the first of them is asked: a slow generator gives them one by one."""


@dataclass(frozen=True, slots=True)
class Job:
    """An input and what is asked for it.

    Attributes:
        index: Its place, from 0.
        input: What was put in.
        request: What is asked; None where the input cannot be asked.
        key: Tells whether a stored item is this one: the request's hash.
        error: Why it cannot be.
    """

    index: int
    input: Any
    request: Request | None = None
    key: str = ""
    error: SetupError | None = None


class Jobs:
    """Makes jobs of inputs, lazily and once.

    Args:
        inputs: Texts, mappings, pydantic models, whole requests, or a pandas ``DataFrame``.
        ask: Makes the request of an input.

    Attributes:
        total: How many there are; None where that is not known.

    Raises:
        SetupError: It is one text or one mapping, or nothing that can be gone through; or columns of a table share
            a name.

    >>> from conduit.messages import UserMessage
    >>> jobs = Jobs(["a", "b"], ask=lambda text: Request(model="m", messages=(UserMessage.of(text),)))
    >>> jobs.total, [job.input for job in jobs.take(8)], jobs.take(8)
    (2, ['a', 'b'], [])
    """

    def __init__(self, inputs: Iterable[Any], *, ask: Callable[[Any], Request]) -> None:
        if isinstance(inputs, str | Mapping) or not isinstance(inputs, Iterable):
            raise SetupError(
                f"the inputs are one {type(inputs).__name__}; give a list of texts or of mappings, "
                "a generator of them, or a DataFrame"
            )
        self.total = len(inputs) if isinstance(inputs, Sized) else None
        self._jobs = self._made(_rows(inputs), ask)
        self._broken: Exception | None = None

    def take(self, most: int) -> list[Job]:
        """Give the next jobs, at least one unless they are over; fewer than ``most`` where making them is slow.

        What the inputs themselves raise is raised after the jobs before it are given.

        Raises:
            SetupError: The first input that has all its values cannot be asked.
        """
        if self._broken is not None:
            raise self._broken
        taken: list[Job] = []
        until = monotonic() + _TAKE_S
        try:
            for job in islice(self._jobs, most):
                taken.append(job)
                if monotonic() > until:
                    break
        except Exception as error:
            if not taken:
                raise
            self._broken = error
        return taken

    @staticmethod
    def _made(rows: Iterable[tuple[Any, bool]], ask: Callable[[Any], Request]) -> Iterator[Job]:
        is_first = True
        for index, (row, is_whole) in enumerate(rows):
            try:
                request = ask(row)
            except SetupError as error:
                if is_first and is_whole:
                    raise  # then it is the table that is wrong, not a row of it
                yield Job(index, row, error=error)
            else:
                is_first = False
                yield Job(index, row, request, request.hash)


def asker(text: Callable[[str], Request], prompt: Prompt | None) -> Callable[[Any], Request]:
    """Give what makes a request of an input.

    Args:
        text: Makes a request of a text.
        prompt: What makes a text of an input; without it inputs are texts.
    """

    def ask(row: Any) -> Request:
        match row:
            case Request():
                return row
            case str() if prompt is None:
                return text(row)
            case str() if prompt is not None:
                return text(prompt.render({_only(prompt): row}))
            case Mapping() | BaseModel() if prompt is not None:
                return text(prompt.render(row))
            case Mapping() | BaseModel():
                raise SetupError(
                    "the inputs are rows with names; give the batch a prompt that puts them into words"
                )
        raise SetupError(
            f"an input is a {type(row).__name__}; it can be a text, a mapping of the prompt's inputs, or a Request"
        )

    return ask


def labels_of(inputs: object) -> Any:
    """Give the labels of a table's rows; None where it is no table."""
    return getattr(inputs, "index", None) if _is_frame(inputs) else None


def _only(prompt: Prompt) -> str:
    """Give the one input that a text is for."""
    names = prompt.required or prompt.inputs
    if len(names) != 1:
        told = ", ".join(prompt.inputs) or "none"
        raise SetupError(
            f"{prompt} has not one input but {told}, and the batch was given texts; give mappings of its inputs",
            valid=list(prompt.inputs),
        )
    return names[0]


def _is_frame(inputs: object) -> TypeGuard[Any]:
    return hasattr(inputs, "itertuples") and hasattr(inputs, "columns")


def _rows(inputs: Iterable[Any]) -> Iterator[tuple[Any, bool]]:
    """Give each input, and whether it has all its values."""
    if not _is_frame(inputs):
        return ((row, not (row is None or (isinstance(row, float) and isnan(row)))) for row in inputs)
    names = [str(name) for name in inputs.columns]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise SetupError(
            f"the table has more than one column {', '.join(twice)}; give each a name of its own"
        )
    return _frame_rows(inputs, names)


def _frame_rows(frame: Any, names: list[str]) -> Iterator[tuple[dict[str, Any], bool]]:
    """Give a table's rows. A cell without a value is no input: the prompt says that it is missing."""
    from pandas import isna  # noqa: PLC0415  who has a DataFrame has it

    for cells in frame.itertuples(index=False, name=None):
        row = {name: cell for name, cell in zip(names, cells, strict=True) if not _is_missing(isna(cell))}
        yield row, len(row) == len(names)


def _is_missing(answer: Any) -> bool:
    # Of a cell that holds a list, pandas says it for each of its items.
    return answer is True or (getattr(answer, "ndim", 1) == 0 and bool(answer))
