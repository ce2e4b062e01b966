"""Doing something again that lost a race, and finding out what became of a commit. What is done is not looked at here."""

import random
import time
from collections.abc import Callable
from typing import Final, TypeVar

from attrs import field, frozen

from infoint.errors import CommitUnknown, Conflict, InvalidValue, Retryable, StorageError, Unsupported

T = TypeVar("T")

FIRST_PAUSE: Final = 0.01
"""Seconds."""
LONGEST_PAUSE: Final = 1.0
"""Seconds; waiting longer helps nobody who stands in the same queue."""


def _at_least_one(_patience: object, _attribute: object, attempts: object) -> None:
    if not isinstance(attempts, int) or isinstance(attempts, bool) or attempts < 1:
        raise InvalidValue("run", "attempts", "needs a whole number, 1 or more", value=attempts)


@frozen
class Patience:
    """How often something is tried, and how long is waited in between: twice as long each time, and each time a random part of it, so
    that those who met once do not meet again.
    """

    attempts: int = field(default=1, validator=_at_least_one)
    sleep: Callable[[float], object] = time.sleep
    chance: Callable[[], float] = random.random

    def repeated(self, work: Callable[[], T]) -> T:
        """What `work` gives in the end. Raises its last error, with a note that says how often it was tried.

        Again after Retryable, and after a Conflict as long as it is another one: whoever loads what they change within `work` sees what the
        other has saved; a value loaded before is as stale the next time.
        """
        last: tuple[object, ...] = ()
        for attempt in range(1, self.attempts + 1):
            try:
                return work()
            except (Retryable, Conflict) as error:
                race = (error.kind, error.id, error.expected, error.actual) if isinstance(error, Conflict) else ()
                if attempt == self.attempts or (race and race == last):
                    error.add_note(f"tried {attempt} times" if attempt > 1 else "tried once")
                    raise
                last = race
            self._pause(attempt)
        raise AssertionError  # pragma: no cover  # there is at least one attempt, and the last one returns or raises

    def settled(self, unknown: CommitUnknown, was_committed: Callable[[], bool]) -> bool:
        """Whether the commit happened. Raises `unknown` where the place cannot be asked, or can no longer tell."""
        for attempt in range(1, self.attempts + 1):
            try:
                return was_committed()
            except (CommitUnknown, Unsupported):
                raise unknown from None
            except StorageError as error:
                if attempt == self.attempts:
                    unknown.add_note(f"asked {attempt} times what became of it; the last time: {type(error).__name__}")
                    raise unknown from error
            self._pause(attempt)
        raise AssertionError  # pragma: no cover  # as above

    def _pause(self, attempt: int) -> None:
        self.sleep(self.chance() * min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempt - 1)))
