"""What undo goes back to: the states a set had, newest last. What plays is no part of them."""

from __future__ import annotations

from typing import Generic, TypeVar

__all__ = ["History"]

_MAX_STEPS = 100

State = TypeVar("State")


class History(Generic[State]):
    """The states before each step, and those that were taken back."""

    def __init__(self) -> None:
        self._undo: list[State] = []
        self._redo: list[State] = []
        self._undone: list[State] = []
        self._is_open = False
        self._is_kept = False

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to do again."""
        return bool(self._redo)

    def keep(self, state: State, *, merges: bool = False) -> None:
        """Begin a step that starts from a state.

        Args:
            state: What undo goes back to.
            merges: Whether it becomes one with the steps before it, up to where something was taken back.
        """
        self._is_kept = not (merges and self._is_open)
        if self._is_kept:
            self._undo = [*self._undo, state][-_MAX_STEPS:]
        self._undone, self._redo = self._redo, []
        self._is_open = True

    def forget(self) -> None:
        """Drop the step begun last, because nothing came of it."""
        if self._is_kept:
            self._undo.pop()
            self._is_open = False
        self._redo = self._undone

    def undo(self, state: State) -> State:
        """Give the state before the last step; it is the same where there is none."""
        return self._swap(state, self._undo, self._redo)

    def redo(self, state: State) -> State:
        """Give the state that the last undo took back."""
        return self._swap(state, self._redo, self._undo)

    def _swap(self, state: State, source: list[State], target: list[State]) -> State:
        self._is_open = False
        if not source:
            return state
        target.append(state)
        return source.pop()
