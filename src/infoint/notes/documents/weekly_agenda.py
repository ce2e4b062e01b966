"""The week that begins on a day, to stick on the wall: day by day, the talks with their times in both zones and what is due; at the end where all talks stand (practice
§9). What is due in one list, the overdue first, is `due_list`'s.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.interview import UPCOMING, Interview, InterviewStatus
from infoint.model.meeting import Meeting
from infoint.notes.contract import Block, Checklist, Document, Fields, Inline, Paragraph, Section
from infoint.notes.figures.pipeline import draw_pipeline
from infoint.notes.phrases import Phrases, capitalised, described, place, stem
from infoint.notes.wordings import Wordings
from infoint.practice.due import DueItem, due

_DAYS: Final = 7


def weekly_agenda(on: date, campaign: Campaign, *, wordings: Wordings | None = None) -> Document:
    """Seven days from `on`, in the explorer's zone; before them what was left over, with talks whose time has passed and of which
    nobody has said what became. Days on which nothing is are left out. `wordings`: others than those shipped for the
    explorer's language. Raises InvalidValue for a datetime given as day; NotFound for people the campaign does not hold.
    """
    words = Phrases.of("weekly-agenda", campaign, wordings)
    week = _Week(on, campaign, words)
    return Document(
        name="weekly-agenda",
        title=words.say("title", day=words.day(on)),
        language=words.language,
        filename=stem("week", on.isoformat()),
        sections=tuple(week.sections()) or (_nothing(on, words),),
    )


def _nothing(on: date, words: Phrases) -> Section:
    return Section(key="nothing", title=words.say("nothing"), blocks=(Paragraph(words.say("nothing.text", day=words.day(on))),))


class _Week:
    """What is in it, by how many days after its first."""

    def __init__(self, on: date, campaign: Campaign, words: Phrases) -> None:
        self._words = words
        self._on, self._campaign, self._zone = on, campaign, campaign.profile.zone
        self._due = due(campaign, on=on, within=timedelta(days=_DAYS - 1))
        coming = [(talk.meeting, talk) for talk in campaign.interviews if talk.meeting and talk.status in UPCOMING]
        self._talks = sorted(coming, key=lambda one: (one[0].start.astimezone(UTC), one[1].id))

    def sections(self) -> Iterator[Section]:
        """None where nothing is."""
        days = tuple(self._days())
        yield from days
        if days and self._campaign.interviews:
            picture = draw_pipeline(None, self._campaign, wordings=self._words.wordings)
            yield Section(key="standing", title=self._words.say("standing"), blocks=(picture.figure(graph=False),))

    def _days(self) -> Iterator[Section]:
        late = (*self._talks_left_over(), *(self._late(item) for item in self._due if item.overdue_by > 0))
        if late:
            yield Section(key="late", title=self._words.say("late"), blocks=(Checklist(tuple((False, line) for line in late)),))
        for number in range(_DAYS):
            if blocks := tuple(self._day(number)):
                title = capitalised(self._words.weekday(self._on + timedelta(days=number)))
                yield Section(key=f"day-{number + 1}", title=title, blocks=blocks)

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self._zone)

    def _talks_left_over(self) -> Iterator[str]:
        for meeting, talk in self._talks:
            on = self._local(meeting.start).date()
            if on < self._on:
                yield self._words.say(
                    "late.talk", names=self._words.names(self._campaign.people(talk)), day=self._words.day(on)
                )

    def _day(self, number: int) -> Iterator[Block]:
        talks = [one for one in self._talks if (self._local(one[0].start).date() - self._on).days == number]
        for meeting, talk in talks:
            yield self._talk(meeting, talk)
        if items := [item for item in self._due if -item.overdue_by == number]:
            yield Checklist(tuple((False, self._item(item)) for item in items))

    def _talk(self, meeting: Meeting, talk: Interview) -> Fields:
        people = self._campaign.people(talk)
        when = self._words.say("talk", start=f"{self._local(meeting.start):%H:%M}", end=f"{self._local(meeting.end):%H:%M}")
        pairs: list[tuple[str, Inline]] = [(when, self._words.say("talk.with", names="; ".join(map(described, people))))]
        pairs += self._elsewhere(people, meeting.start)
        pairs.append((self._words.circumstance("how"), self._words.label(meeting.format).lower()))
        if meeting.place:
            pairs.append((self._words.circumstance("where"), place(meeting.place)))
        if talk.status is InterviewStatus.SCHEDULED:
            pairs.append((self._words.say("talk.confirmed"), self._words.say("talk.not-yet")))
        return Fields(tuple((name, (value,)) for name, value in pairs))

    def _elsewhere(self, people: Iterable[Contact], start: datetime) -> Iterator[tuple[str, str]]:
        """Those whose clocks show another time than the explorer's; together whose clocks agree."""
        alike: defaultdict[datetime, list[tuple[Contact, ZoneInfo]]] = defaultdict(list)
        for person in people:
            if person.zone:
                alike[start.astimezone(person.zone).replace(tzinfo=None)].append((person, person.zone))
        alike.pop(self._local(start).replace(tzinfo=None), None)
        for some in alike.values():
            yield (
                self._words.say("talk.theirs", names=self._words.names(person for person, _ in some)),
                self._words.moment(start, some[0][1]),
            )

    def _item(self, item: DueItem) -> str:
        at = item.follow_up.due_at
        return self._words.say("item.at", time=f"{self._local(at):%H:%M}", what=self._what(item)) if at else self._what(item)

    def _late(self, item: DueItem) -> str:
        return self._words.counted("late.item", item.overdue_by, what=self._what(item))

    def _what(self, item: DueItem) -> str:
        what = item.follow_up.summary or self._words.label(item.follow_up.kind)
        organization = item.contact.organization if item.contact else ""
        return self._words.say("item.organization", what=what, organization=organization) if organization else what
