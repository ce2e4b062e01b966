"""Entries that are made when they are gone through, in the order of their uids, each with what it follows from: so that a writer who
has written the same before need not have it made again. What they say is `meeting_entries`'s and `follow_up_entries`'s.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Set as AbstractSet
from datetime import date, datetime, time, timedelta
from heapq import merge
from operator import itemgetter
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from attrs import frozen

from infoint.calendar.contract import AllDay, CalendarEntry, Component, Timed, When
from infoint.model.identity import Entity


class Draft(NamedTuple):
    """An entry that may be made."""

    uid: str
    component: Component
    follows_from: Hashable
    """Equal for equal entries of this uid, in one export and all like it: those whose `Drafts.follow_from` are equal."""
    make: Callable[[], CalendarEntry | None]
    """None: there is nothing to show."""


class Itself:
    """A value as a revision: equal to nothing but the same object. For values that no storage counts the versions of."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        """Held, so that no other value can come to stand in its place in memory."""
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Itself) and other.value is self.value

    def __hash__(self) -> int:
        return id(self.value)


def revision(entity: Entity, *more: Hashable) -> Hashable:
    """What changes whenever the entity does. `more`: stamps of its own, for storages that are put back to an earlier state and go on
    from there, counting the same versions again.
    """
    return (entity.version, entity.edited_at, *more) if entity.version else Itself(entity)


@frozen
class Window:
    """From `since` until `until`; days count in `zone`."""

    since: datetime | None
    until: datetime | None
    zone: ZoneInfo

    def shows(self, when: When) -> bool:
        """What ends after the beginning and begins before the end."""
        if self.since is None and self.until is None:
            return True
        match when:
            case Timed(start, end):
                begins, ends = start, end or start
            case AllDay(on, days):
                begins, ends = self._midnight(on), self._midnight(on + timedelta(days=days))
        return (self.until is None or begins < self.until) and (self.since is None or ends > self.since)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone)


class Drafts(Collection[CalendarEntry]):
    """Entries in the order of their uids, made anew by every pass."""

    def __init__(
        self,
        drafts: Callable[[], Iterable[Draft]],
        state: Callable[[], list[object]],
        window: Window,
        *,
        follow_from: Hashable,
    ) -> None:
        """`drafts`: asked for every pass, in order. `state`: equal where all drafts follow from the same. `follow_from`: what all of
        them follow from together.
        """
        self.drafts, self.state, self.window, self.follow_from = drafts, state, window, follow_from

    def and_also(self, entries: Iterable[CalendarEntry]) -> "Drafts":
        """These with others, whose uids nobody has."""
        others = sorted((_draft_of(entry) for entry in entries), key=by_uid)
        return Drafts(
            lambda: merge(self.drafts(), others, key=by_uid),
            lambda: [*self.state(), *(draft.follows_from for draft in others)],
            self.window,
            follow_from=self.follow_from,
        )

    def only(self, uids: AbstractSet[str]) -> "Drafts":
        """Those of them with one of these uids."""
        return Drafts(
            lambda: (draft for draft in self.drafts() if draft.uid in uids),
            self.state,
            self.window,
            follow_from=(self.follow_from, frozenset(uids)),
        )

    def __iter__(self) -> Iterator[CalendarEntry]:
        for draft in self.drafts():
            entry = draft.make()
            if entry is not None and self.window.shows(entry.when):
                yield entry

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, entry: object) -> bool:
        return any(one == entry for one in self)


by_uid: Final = itemgetter(0)
"""The order of a file."""


def _draft_of(entry: CalendarEntry) -> Draft:
    return Draft(entry.uid, entry.component, entry, lambda: entry)
