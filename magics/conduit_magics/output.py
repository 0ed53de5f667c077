"""One answer in a notebook: what its record and its live view show, event by event.

Where they stand is its place's business. They are made in the cell's own thread; afterwards everything happens on
the studio's loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from conduit.composer.aim import Aim
from conduit.drawing.variations import Tile
from conduit.engine.machine import Reason
from conduit.engine.plan import Plan
from conduit.errors import ConduitError
from conduit.music import Arrangement, Clip
from conduit.studio import Answer, ClipWritten, PlanProposed, Studio, StudioEvent
from conduit.widgets import ClipView, Phase
from conduit.widgets.widget import OnIntent, ignore
from conduit_magics.by_hand import ByHand, Names
from conduit_magics.captions import details, footer
from conduit_magics.intents import act
from conduit_magics.offers import Offers
from conduit_magics.place import Alone, Place
from conduit_magics.running import Running
from conduit_magics.target import offer_places
from conduit_magics.words import Words

__all__ = ["Output"]

FLUSH_S = 0.05
_PHASES: dict[Reason, Phase] = {Reason.INTERRUPTED: "interrupted", Reason.FAILED: "failed"}


class Output:
    """What a cell shows.

    Args:
        studio: Where intents go.
        live: Whether to show a live view at all.
        stop: Called when the Stop button is pressed.
        place: Where it stands; by default in an output of its own.
        words: Collects the words while they come.
        label: What it is called where it stands beside others.
        view: A view that is there already, to stand in the notebook with a record; by default its own.
        names: The variables in which an edit is followed.
        rejected: Told, on the studio's loop, of each plan that an edit has made out of date.

    Attributes:
        studio: Where intents go.
        label: As above.
        aim: Where in the Live set its clip is offered to be pushed, where no answer says so.
        view: The live view, as long as there is one.
        clip: The clip it shows; of several, the one that was edited last.
        song: The arrangement whose clips it shows, where it shows several.
        answer: The answer, once it is complete.
        plans: Ids of the plans it shows, in order.
        status: What became of the clip, in words.
        remarks: What happened while the answer came, a line each, for those who see no view.
    """

    def __init__(
        self,
        studio: Studio,
        *,
        live: bool,
        stop: Callable[[], None] = lambda: None,
        place: Place | None = None,
        words: Words | None = None,
        label: str = "",
        view: ClipView | None = None,
        names: Names | None = None,
        rejected: Callable[[Plan], Any] | None = None,
    ) -> None:
        self.clip: Clip | None = None
        self.song: Arrangement | None = None
        self._several: tuple[Clip, ...] = ()
        self.answer: Answer | None = None
        self.studio = studio
        self._registry = studio.providers.registry
        self._stop = stop
        self._place = place or Alone()
        self.running = Running(words or Words(), names=lambda: self._registry.names)
        self.label = label
        self.aim = Aim()
        self.status = ""
        self._error = ""
        self._offers = Offers(studio, expired=self.show_plan)
        self.plans = self._offers.plans
        self.remarks = self.running.remarks
        self._by_hand = ByHand(self, names=names or Names({}), rejected=rejected or self.show_plan)
        self._theirs: OnIntent | None = None  # what the person who made the view does with its intents
        self.view = self._live(view) if live else None

    def _live(self, view: ClipView | None) -> ClipView:
        if view is None:
            return ClipView(on_intent=self._intent, static_id=self._place.id)
        theirs = view.hand_to(self._intent, static_id=self._place.id)
        shown_by = getattr(theirs, "__self__", None)
        self._theirs = shown_by.let_go() if isinstance(shown_by, Output) else theirs
        view.observe(self._by_hand.set_anew, "epoch")
        return view

    def let_go(self) -> OnIntent:
        """Leave the view to another output; give what the person who made it does with its intents."""
        view, self.view = self.view, None
        if view is None or self._theirs is None:
            return ignore
        view.unobserve(self._by_hand.set_anew, "epoch")
        return self._theirs

    def show(self, *clips: Clip, song: Arrangement | None = None) -> None:
        """Show clips, of an arrangement where it is one; ``settle`` draws them."""
        self.clip = clips[0] if clips else None
        self._several, self.song = clips[:] if len(clips) > 1 else (), song

    def open(self) -> None:
        """Show it, to be filled while the answer comes. In the cell's thread."""
        self._place.open(self)

    def open_first(self) -> None:
        """Show what is whole already: the view at once, its record with ``record``. In the cell's thread."""
        if isinstance(self._place, Alone):
            self._place.open_first(self)
        else:
            self._place.open(self)

    def on(self, event: StudioEvent) -> None:
        """Take an event; ``flush`` draws it."""
        match event:
            case ClipWritten(clip=clip):
                self.clip = clip
            case PlanProposed(plan=plan):
                self.add_plan(plan.id)
            case Answer():
                self.answer, self.clip = event, event.clip
        self.running.on(event, view=self.view, clip=self.clip)

    async def follow(self) -> None:
        """Draw what has come, at most every 50 ms, until cancelled."""
        while True:
            if self.view is not None and self.answer is None:
                self.running.draw(self.view)
            await asyncio.sleep(FLUSH_S)

    def settle(self, error: ConduitError | None = None) -> None:
        """Draw the end of the answer; quick, so that a cell which is stopped ends at once."""
        self._error = error.message if error else ""
        answer = self.answer
        if answer is not None and answer.reason is Reason.INTERRUPTED:
            self.status = f"stopped: {len(self.clip) if self.clip else 0} notes kept"
        if self.plan is not None:
            self.status = self._offers.words
            self.clip = self.clip or getattr(self.studio.plans.change(self.plan), "after", None)
        if self.view is None:
            return
        if self.clip is not None:
            self.view.show_clips(self.parts)
        if self._theirs is None:  # a view that was there already has its own
            self.view.song = self.song
        if answer is not None and answer.before is not None:
            self.view.compare(answer.before)  # the clip it was made of
        phase: Phase = _PHASES.get(answer.reason, "ready") if answer else "ready"
        phase = "failed" if error else phase
        self.view.show_state(
            phase=phase,
            text=self.text,
            error=self._error,
            footer=self.footer,
            details=self._details,
            remarks=self.repairs,
        )
        self._offers.draw(self.view, result=self.status)

    async def record(self) -> None:
        """Bring the static record up to what is shown."""
        await self._place.update(self)

    async def offer(self) -> None:
        """Offer the set's tracks and slots to push to; a set that cannot be read is said, nothing is lost."""
        if self.view is not None and self.clip is not None:
            await offer_places(self.view, self.studio, self.answer.aim if self.answer else self.aim)

    async def show_plan(self, plan: Plan) -> None:
        """Show a plan that waits, or what became of it."""
        self.add_plan(plan.id)
        self._show_plan()
        await self.record()

    @property
    def parts(self) -> tuple[Clip, ...]:
        """The clips that it shows together."""
        return self._several or ((self.clip,) if self.clip is not None else ())

    def put_part(self, part: int, clip: Clip) -> list[tuple[object, object]]:
        """Put a clip in the place of another; give what was and what is there now, whole and in part."""
        parts, song = self.parts, self.song
        self.clip = clip
        if self._several:
            self._several = (*parts[:part], clip, *parts[part + 1 :])
        if song is None:
            return [(parts[part], clip)]
        self.song = song.with_(clips=(*song.clips[:part], clip, *song.clips[part + 1 :]))
        return [(parts[part], clip), (song, self.song)]

    def edited(self) -> None:
        """Say of what was done before that the clip has been edited since."""
        if self.plans:
            self._offers.edited()
            self._show_plan()

    async def seal(self) -> None:
        """End the live view; only the record stays, as in a notebook that is opened again."""
        if self.view is not None:
            self.view.close()
            self.view = None
            self._place.seal()

    @property
    def tile(self) -> Tile:
        """What its record shows."""
        return Tile(
            self.label,
            clip=self.clip,
            text=self.text,
            status=self._error or self.status,
            footer=self.footer,
            details=self._details,
            remarks=self.repairs,
            before=self.answer.before if self.answer else None,
            heard=self.answer.heard if self.answer else "",
        )

    @property
    def repairs(self) -> list[str]:
        """What was put right in the clip, a sentence each; a model's words in them may hold a key."""
        repairs = self.answer.repairs if self.answer else ()
        return [self.studio.scrub(repair.sentence) for repair in repairs]

    @property
    def plan(self) -> str | None:
        """Id of the plan it shows: the first that waits, else the last."""
        return self._offers.current

    def add_plan(self, plan_id: str) -> None:
        """Make a plan one of those that it shows."""
        self._offers.add(plan_id)

    @property
    def text(self) -> str:
        """The model's words so far, unless they are told as the error."""
        words = self.running.words
        text = words.of(self.answer) if self.answer else words.text
        return "" if text == self._error else text

    @property
    def footer(self) -> str:
        """Who answered, and what it took, in one line."""
        return footer(self.answer, names=self._registry.names)

    @property
    def _details(self) -> list[tuple[str, str]]:
        # What a provider said may hold the key that it was sent.
        return [(label, self.studio.providers.scrub(value)) for label, value in details(self.answer)]

    def _intent(self, intent: dict[str, Any]) -> None:
        """Hand an intent of the view to the studio's loop, and return at once."""
        if intent["type"] == "stop":
            self._stop()
        elif intent["type"] == "edited":
            self._by_hand.took(intent["part"])
        else:
            self.studio.submit(act(self, intent))
        if self._theirs is not None:
            self._theirs(intent)

    async def tell(self, trouble: str, *, failed: bool = False) -> None:
        """Show what went wrong with something that was clicked; empty takes it away.

        The record keeps what became of the clip: a click that failed changed nothing about that.

        Args:
            trouble: In words for a person.
            failed: Whether a plan was tried and did not hold.
        """
        if self.view is not None:
            self.view.show_state(error=trouble)
        if trouble and self.plan is not None:
            await self.show_plan(self.studio.plans.get(self.plan))  # it may have expired
            if failed and self.view is not None:
                self.view.show_plan_status("failed", result=trouble)

    def _show_plan(self) -> None:
        self.status = self._offers.words
        self._offers.draw(self.view, result=self.status)
