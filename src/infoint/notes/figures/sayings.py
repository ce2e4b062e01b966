"""What pictures say, in the explorer's language: numbers, people counted and named, days on an axis. What each picture says of its own
is in the wordings, and where it stands is the picture's.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final

from attrs import frozen

from infoint.notes.phrases import Phrases

_TOLD: Final = 12
"""Names in one tooltip."""


@frozen
class Sayings(Phrases):
    """The texts of one picture, and those that all of them have."""

    @property
    def whole(self) -> str:
        """What a picture is about that is of no exploration or person."""
        return self._shared.say("whole")

    @property
    def unknown(self) -> str:
        """Somebody in a chain of introductions who is in no list."""
        return self.within("comparison").say("people.unknown")

    def people(self, count: int) -> str:
        """As in: 3 people."""
        return self._shared.counted("people", count)

    def sources(self, count: int) -> str:
        """As in: 3 independent sources."""
        return self._shared.counted("sources", count)

    def talks(self, count: int) -> str:
        """As in: 3 talks."""
        return self._shared.counted("talks", count)

    def some(self, names: Iterable[str]) -> str:
        """As in: Ana Ruiz, Bo Li and 3 more."""
        everybody = list(names)
        shown = everybody if len(everybody) <= _TOLD + 1 else everybody[:_TOLD]
        return self.and_more(", ".join(shown), len(everybody) - len(shown))

    def and_more(self, names: str, more: int) -> str:
        """The names, and how many there are beside them, if there are."""
        return self._shared.say("more", names=names, count=self.number(more)) if more > 0 else names

    def short_day(self, on: date) -> str:
        """As in: 1 Dec."""
        return self._shared.say("day", day=str(on.day), month=self._month_name(on))

    def short_month(self, on: date) -> str:
        """As in: Dec 2026."""
        return self._shared.say("month", month=self._month_name(on), year=str(on.year))

    def _month_name(self, on: date) -> str:
        return self.wordings.say(f"time.month.short.{on.month}")

    @property
    def _shared(self) -> Phrases:
        return self.within("figure")
