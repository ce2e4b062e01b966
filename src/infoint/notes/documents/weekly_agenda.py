"""The week that begins on a day, to stick on the wall: day by day, the talks with their times in both zones and what is due (practice
§9). What is due in one list, the overdue first, is `due_list`'s.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.interview import UPCOMING, Interview, InterviewStatus
from infoint.model.meeting import Meeting
from infoint.notes.contract import Block, Checklist, Document, Fields, Inline, Paragraph, Section
from infoint.notes.documents.phrases import day, described, moment, names, place, stem, weekday
from infoint.practice.due import DueItem, due
from infoint.practice.labels import label

_WORDING: Final[Mapping[str, str]] = {
    "title": "Week from {day}",
    "late": "Left over",
    "late.item": "{what}, {days} days late",
    "late.item.1": "{what}, 1 day late",
    "late.talk": "Talk with {names} on {day}: note whether it took place",
    "item.at": "{time}: {what}",
    "item.organization": "{what} ({organization})",
    "talk": "{start} to {end}",
    "talk.with": "Talk with {names}",
    "talk.theirs": "For {names}",
    "talk.how": "How",
    "talk.where": "Where",
    "talk.confirmed": "Confirmed",
    "talk.not-yet": "not yet",
    "nothing": "Nothing is due",
    "nothing.text": "No talk and nothing to do in the seven days from {day}.",
}
"""All that the agenda says of its own."""

_DAYS: Final = 7


def weekly_agenda(on: date, campaign: Campaign) -> Document:
    """Seven days from `on`, in the explorer's zone; before them what was left over, with talks whose time has passed and of which
    nobody has said what became. Days on which nothing is are left out. Raises InvalidValue for a datetime given as day; NotFound for
    people the campaign does not hold.
    """
    week = _Week(on, campaign)
    return Document(
        name="weekly-agenda",
        title=_say("title", day=day(on)),
        language="en",
        filename=stem("week", on.isoformat()),
        sections=tuple(week.sections()) or (_nothing(on),),
    )


def _say(key: str, **words: object) -> str:
    return _WORDING[key].format(**words)


def _nothing(on: date) -> Section:
    return Section(key="nothing", title=_say("nothing"), blocks=(Paragraph(_say("nothing.text", day=day(on))),))


class _Week:
    """What is in it, by how many days after its first."""

    def __init__(self, on: date, campaign: Campaign) -> None:
        self._on, self._campaign, self._zone = on, campaign, campaign.profile.zone
        self._due = due(campaign, on=on, within=timedelta(days=_DAYS - 1))
        coming = [(talk.meeting, talk) for talk in campaign.interviews if talk.meeting and talk.status in UPCOMING]
        self._talks = sorted(coming, key=lambda one: (one[0].start.astimezone(UTC), one[1].id))

    def sections(self) -> Iterator[Section]:
        late = (*self._talks_left_over(), *(self._late(item) for item in self._due if item.overdue_by > 0))
        if late:
            yield Section(key="late", title=_say("late"), blocks=(Checklist(tuple((False, line) for line in late)),))
        for number in range(_DAYS):
            if blocks := tuple(self._day(number)):
                title = weekday(self._on + timedelta(days=number))
                yield Section(key=f"day-{number + 1}", title=title, blocks=blocks)

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self._zone)

    def _talks_left_over(self) -> Iterator[str]:
        for meeting, talk in self._talks:
            on = self._local(meeting.start).date()
            if on < self._on:
                yield _say("late.talk", names=names(self._campaign.people(talk)), day=day(on))

    def _day(self, number: int) -> Iterator[Block]:
        talks = [one for one in self._talks if (self._local(one[0].start).date() - self._on).days == number]
        for meeting, talk in talks:
            yield self._talk(meeting, talk)
        if items := [item for item in self._due if -item.overdue_by == number]:
            yield Checklist(tuple((False, self._item(item)) for item in items))

    def _talk(self, meeting: Meeting, talk: Interview) -> Fields:
        people = self._campaign.people(talk)
        when = _say("talk", start=f"{self._local(meeting.start):%H:%M}", end=f"{self._local(meeting.end):%H:%M}")
        pairs: list[tuple[str, Inline]] = [(when, _say("talk.with", names="; ".join(map(described, people))))]
        pairs += self._elsewhere(people, meeting.start)
        pairs.append((_say("talk.how"), label(meeting.format, self._campaign.profile.language).lower()))
        if meeting.place:
            pairs.append((_say("talk.where"), place(meeting.place)))
        if talk.status is InterviewStatus.SCHEDULED:
            pairs.append((_say("talk.confirmed"), _say("talk.not-yet")))
        return Fields(tuple((name, (value,)) for name, value in pairs))

    def _elsewhere(self, people: Iterable[Contact], start: datetime) -> Iterator[tuple[str, str]]:
        """Those whose clocks show another time than the explorer's; together whose clocks agree."""
        alike: defaultdict[datetime, list[tuple[Contact, ZoneInfo]]] = defaultdict(list)
        for person in people:
            if person.zone:
                alike[start.astimezone(person.zone).replace(tzinfo=None)].append((person, person.zone))
        alike.pop(self._local(start).replace(tzinfo=None), None)
        for some in alike.values():
            yield _say("talk.theirs", names=names(person for person, _ in some)), moment(start, some[0][1])

    def _item(self, item: DueItem) -> str:
        at = item.follow_up.due_at
        return _say("item.at", time=f"{self._local(at):%H:%M}", what=self._what(item)) if at else self._what(item)

    def _late(self, item: DueItem) -> str:
        key = "late.item.1" if item.overdue_by == 1 else "late.item"
        return _say(key, what=self._what(item), days=item.overdue_by)

    def _what(self, item: DueItem) -> str:
        what = item.follow_up.summary or label(item.follow_up.kind, self._campaign.profile.language)
        organization = item.contact.organization if item.contact else ""
        return _say("item.organization", what=what, organization=organization) if organization else what
