"""What a model hands in during one turn: its clips, what was put right, and how often something went back."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from conduit.channel import Parser
from conduit.composer.brief import Options
from conduit.composer.repair import Repair
from conduit.composer.taking import Intake, take_in
from conduit.errors import ClipError, ParseError
from conduit.messages import Response
from conduit.music import Clip, Provenance

__all__ = ["MOST_RETURNS", "Handed", "InWords"]

MOST_RETURNS = 2
"""How often what cannot be taken goes back to the model; after that it goes to the user."""


class Handed:
    """Takes what comes in, and counts the answers of which something went back.

    Attributes:
        clips: What was taken, in order; the last is the one that counts.
        problem: Why the last answer could not be taken; empty where it could.
    """

    def __init__(self) -> None:
        self.clips: list[Clip] = []
        self.problem = ""
        self._answers = 0
        self._returned: set[int] = set()  # numbers of the answers of which something went back
        self._repairs: dict[Clip, tuple[Repair, ...]] = {}
        self._taken = 0  # number of the last answer that brought a clip
        self._response: Response | None = None

    @property
    def final(self) -> bool:
        """Whether the answer that is there now would not go back any more."""
        return len(self._returned - {self._answers}) >= MOST_RETURNS

    @property
    def gave_up(self) -> bool:
        """Whether it went back as often as may be, and could not be taken again."""
        return len(self._returned) > MOST_RETURNS and bool(self.problem)

    def answered(self, response: Response) -> None:
        """Note an answer that is whole; what is taken from now on is of it."""
        self._answers += 1
        self._response = response

    def take(self, intake: Intake) -> tuple[Clip, ...]:
        """Take what came in; give its clips, which know where they come from.

        Raises:
            ClipError: It cannot be taken; the message is for the model.
        """
        if intake.problem is not None:
            self._returned.add(self._answers)
            self.problem = "" if self._taken == self._answers and self.clips else intake.problem
            raise ClipError(intake.problem)
        self._taken, self.problem = self._answers, ""
        origin = self._provenance()
        clips = tuple(clip.with_(provenance=origin) for clip in intake.clips)
        self.clips += clips
        self._repairs |= dict.fromkeys(clips, intake.repairs)
        return clips

    def repairs(self, clips: Iterable[Clip]) -> tuple[Repair, ...]:
        """Give what was put right in some of the clips, each once."""
        found = (repair for clip in clips for repair in self._repairs.get(clip, ()))
        return tuple(dict.fromkeys(found))

    def _provenance(self) -> Provenance | None:
        response = self._response
        if response is None:
            return None
        facts, request = response.metadata, response.request
        return Provenance(
            provider=facts.provider, model=facts.model, request=request.hash, seed=request.params.seed
        )


class InWords(Parser[str]):
    """Takes clips out of answers in words, for models that do not call the tool.

    To a channel it is the parser of an answer: what cannot be taken goes back like an answer that cannot be read.

    Args:
        handed: What was handed in before; words are looked into only while nothing was.
        options: What was asked for.
        take: Takes what came in, and the words it came in.
    """

    def __init__(self, handed: Handed, options: Options, *, take: Callable[[Intake, str], None]) -> None:
        super().__init__(str, retries=MOST_RETURNS)
        self._handed = handed
        self._options = options
        self._take = take

    def read(self, text: str) -> str:
        """Give the words back; a clip in them is taken.

        Raises:
            ParseError: There is a clip in them that has to be mended.
        """
        if self._handed.clips or self._handed.gave_up:
            return text
        intake = take_in(text, self._options, final=self._handed.final, wanted=False)
        if not intake.clips and intake.problem is None and not intake.repairs:
            return text
        try:
            self._take(intake, text)
        except ClipError as error:
            if self._handed.gave_up:
                return text
            raise ParseError(error.message, received=text, problems=[error.message]) from error
        return text

    def partial(self, text: str) -> None:
        """Give nothing: words are shown as they come."""
