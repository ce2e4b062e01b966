"""When a talk could take place at all: hours and days of everybody in it, less what is taken. Which of it to offer is
`meeting_times`'s.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import cached_property, reduce
from itertools import chain
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from attrs import field, frozen

from infoint.closed_name import ClosedName
from infoint.errors import InvalidValue
from infoint.model import fields
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.interview import UPCOMING, Interview
from infoint.model.meeting import MeetingFormat
from infoint.practice.agenda import talk_length
from infoint.practice.follow_up_rule import BusinessDays
from infoint.practice.intervals import Interval, common, daily, merged, midnight, since_midnight, ticks, without
from infoint.practice.policy import Policy, default_policy
from infoint.practice.sentences import listed, sentence
from infoint.practice.slot_rules import FARTHEST, Busy, Edge, SlotRules

MIDDAY: Final = time(12), time(14)
"""When many people eat."""
EDGE: Final = timedelta(minutes=30)
"""So close to the beginning or end of somebody's hours is early or late."""
_DAY: Final = timedelta(days=1)


class Drawback(ClosedName):
    """Of a time that is possible."""

    EARLY = "early"
    """Right at the beginning of somebody's hours."""
    MIDDAY = "over midday"
    LATE = "late"
    """Right at their end."""


@frozen(kw_only=True)
class Side:
    """The explorer, or those asked who share a zone: what a clock must show there for a talk to be held."""

    zone: ZoneInfo
    opens: time
    closes: time
    days: BusinessDays
    is_explorer: bool

    def hours(self, span: Interval, *, any_day: bool = False) -> list[Interval]:
        """The time within working hours, on working days or on any."""
        return daily(self.zone, self.opens, self.closes, _any_day if any_day else self.days.__contains__, span)

    def drawbacks(self, start: datetime, end: datetime) -> Iterator[Drawback]:
        """What speaks against a talk that lies within the hours."""
        begins, ends = start.astimezone(self.zone).time(), end.astimezone(self.zone).time()
        if since_midnight(begins) - since_midnight(self.opens) < EDGE:
            yield Drawback.EARLY
        if begins < MIDDAY[1] and ends > MIDDAY[0]:
            yield Drawback.MIDDAY
        if since_midnight(self.closes) - since_midnight(ends) < EDGE:
            yield Drawback.LATE


def _any_day(day: date) -> bool:  # noqa: ARG001  # stands in for a look at the calendar
    return True


class Taken(NamedTuple):
    """An appointment of the explorer's, in UTC."""

    start: datetime
    name: str
    end: datetime
    way: timedelta
    """To get there, and back."""


def _as_busy(value: Iterable[Busy]) -> tuple[Busy, ...]:
    return tuple(value) if isinstance(value, Iterable) else value


def _or_usual(value: SlotRules | None) -> SlotRules:
    return SlotRules() if value is None else value


def _or_shipped(value: Policy | None) -> Policy:
    return default_policy() if value is None else value


def _all_busy(instance: object, attribute: Any, value: Any) -> None:
    # The general tuple check limits the length; a calendar of some years holds more.
    if not isinstance(value, tuple) or not all(isinstance(one, Busy) for one in value):
        raise InvalidValue(type(instance).__name__, attribute.name, "needs several Busy, as in a list", value=value)


def _ahead(search: "OpenTimes", attribute: Any, value: date) -> None:
    if not timedelta(0) <= value - search.after.astimezone(search.zone).date() <= FARTHEST:
        problem = f"must be from the explorer's day at `after` to {FARTHEST.days} days ahead"
        raise InvalidValue("OpenTimes", attribute.name, problem, value=value)


@frozen(kw_only=True)
class OpenTimes:
    """What one search looks at, step by step from hours to starts. Nothing here reads a clock.

    Raises NaiveTime, NotFound for people the campaign does not hold, and InvalidValue for what is no busy time, or a last day that
    is past or more than a year ahead.
    """

    interview: Interview = field(validator=fields.a(Interview))
    campaign: Campaign = field(validator=fields.a(Campaign))
    busy: tuple[Busy, ...] = field(converter=_as_busy, validator=_all_busy)
    after: datetime = field(converter=fields.as_zoned, validator=fields.zoned())
    until: date = field(validator=[fields.day(), _ahead])
    rules: SlotRules = field(converter=_or_usual, validator=fields.a(SlotRules))
    policy: Policy = field(converter=_or_shipped, validator=fields.a(Policy))

    @property
    def zone(self) -> ZoneInfo:
        """The explorer's."""
        return self.campaign.profile.zone

    @cached_property
    def people(self) -> tuple[Contact, ...]:
        """Those asked. Raises NotFound."""
        return self.campaign.people(self.interview)

    @cached_property
    def sides(self) -> tuple[Side, ...]:
        """The explorer's, then one for each zone of those asked, in their order."""
        profile, policy = self.campaign.profile, self.policy
        mine = Side(
            zone=self.zone,
            opens=max(profile.work_from, policy.earliest),
            closes=min(profile.work_until, policy.latest),
            days=policy.business_days,
            is_explorer=True,
        )
        theirs = (
            Side(
                zone=zone,
                opens=policy.earliest,
                closes=policy.latest,
                days=self.rules.their_days or policy.business_days,
                is_explorer=False,
            )
            for zone in dict.fromkeys(person.zone or self.zone for person in self.people)
        )
        return (mine, *theirs)

    @cached_property
    def duration(self) -> timedelta:
        """Of the talk to be held."""
        return self.rules.duration or talk_length(self.interview)

    @cached_property
    def way(self) -> timedelta:
        """To get to the talk, and back from it."""
        return self.rules.travel if _may_be_in_person(self.interview) else timedelta(0)

    @cached_property
    def days(self) -> Interval:
        """All days of the explorer's from the one of asking to the last, whole."""
        return midnight(self.after.astimezone(self.zone).date(), self.zone), midnight(self.until + _DAY, self.zone)

    @property
    def earliest(self) -> datetime:
        """What the notice leaves."""
        return fields.instant(self.after) + self.rules.notice

    @cached_property
    def working_time(self) -> list[Interval]:
        """Within everybody's hours and working days."""
        return everybody(self.sides, self.days)

    @cached_property
    def in_time(self) -> list[Interval]:
        """Of it, what is not too soon."""
        return common(self.working_time, [(self.earliest, self.days[1])])

    @cached_property
    def free(self) -> list[Interval]:
        """Of it, what is not taken, nor needed for buffers and the way."""
        room = self.rules.before + self.way, self.rules.after + self.way
        kept = ((one.start - one.way - room[1], one.end + one.way + room[0]) for one in self.taken)
        return without(self.in_time, merged(kept))

    @cached_property
    def starts(self) -> tuple[datetime, ...]:
        """Every start that is possible, in order of time, in UTC."""
        return tuple(
            tick
            for start, end in self.free
            if end - start >= self.duration
            for tick in ticks(self.zone, self.rules.step, (start, end - self.duration))
        )

    @cached_property
    def taken(self) -> tuple[Taken, ...]:
        """The explorer's calendar, and the talks that are agreed, but for this one; in one order, however they were given."""
        return tuple(sorted(chain(self._calendar(), self._talks())))

    def _calendar(self) -> Iterator[Taken]:
        for one in self.busy:
            start, end = self._instant(one.start), self._instant(one.end)
            if start < end:  # a day that a zone left out altogether takes no time
                yield Taken(start, f"“{one.what}”" if one.what else "", end, timedelta(0))

    def _instant(self, edge: Edge) -> datetime:
        return fields.instant(edge) if isinstance(edge, datetime) else midnight(edge, self.zone)

    def _talks(self) -> Iterator[Taken]:
        for talk in self.campaign.interviews:
            meeting = talk.meeting
            if meeting is None or talk.status not in UPCOMING or talk.id == self.interview.id:
                continue
            way = self.rules.travel if meeting.format is MeetingFormat.IN_PERSON else timedelta(0)
            language = self.campaign.profile.language
            people = listed((person.name for person in self.campaign.people(talk)), language)
            name = sentence("times.talk", language, names=people)
            yield Taken(fields.instant(meeting.start), name, fields.instant(meeting.end), way)


def everybody(sides: Iterable[Side], span: Interval, *, any_day: bool = False) -> list[Interval]:
    """The hours that all sides have in common, on days that all work, or on any."""
    return reduce(common, (side.hours(span, any_day=any_day) for side in sides))


def _may_be_in_person(interview: Interview) -> bool:
    if interview.meeting is not None and interview.story.stands:
        return interview.meeting.format is MeetingFormat.IN_PERSON
    return not interview.formats_offered or MeetingFormat.IN_PERSON in interview.formats_offered
