"""What a careful adviser would remark on in whom a talk is with, how it is offered and when it takes place (practice §5). Which times
would do instead is not proposed here.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from attrs import frozen

from infoint.model.campaign import Campaign
from infoint.model.contact import ContactRole
from infoint.model.interview import FALLEN_THROUGH, MET, UPCOMING, Interview, Purpose
from infoint.model.meeting import Meeting, MeetingFormat
from infoint.model.obstacle import Obstacle
from infoint.practice.finding import Finding, FindingCode, hint, warning
from infoint.practice.policy import Policy


def arrangement_findings(interview: Interview, campaign: Campaign, policy: Policy, at: datetime) -> Iterator[Finding]:
    """Whom, how, when. Of a meeting whose start has passed only that is said: there is nothing left to move."""
    yield from _personnel_only(interview, campaign)
    yield from _single_format(interview)
    meeting = interview.meeting
    if meeting is None or interview.status not in UPCOMING:
        return
    if meeting.start.astimezone(UTC) < at.astimezone(UTC):
        yield warning(
            FindingCode.START_IN_THE_PAST,
            f"{meeting.start:%Y-%m-%d %H:%M} {meeting.start.tzinfo}",
            "Record what became of it: held, missed, moved or cancelled.",
        )
        return
    clocks = _clocks(interview, campaign, policy)
    yield from _outside_hours(meeting, clocks)
    yield from _days_off(meeting, clocks, policy)
    yield from _overlaps(interview, meeting, campaign)


# ── whom ─────────────────────────────────────────────────────────────────────────────────────────
def _personnel_only(interview: Interview, campaign: Campaign) -> Iterator[Finding]:
    """Of the talks about the same question that took place or still may. A person whose role is not known may do the work."""
    if interview.purpose is Purpose.EMPLOYMENT or interview.status in {*MET, *FALLEN_THROUGH}:
        return
    others = (
        talk
        for talk in campaign.interviews
        if talk.id != interview.id
        and talk.exploration_id == interview.exploration_id
        and talk.purpose is interview.purpose
        and talk.status not in FALLEN_THROUGH
    )
    asked = {id: campaign.contact(id) for talk in (interview, *others) for id in talk.met or talk.contact_ids}
    if any(person.role != ContactRole.RECRUITER for person in asked.values()):
        return
    known = interview.exploration_id and campaign.exploration(interview.exploration_id).obstacles
    yield (warning if known and Obstacle.ONLY_PERSONNEL_STAFF in known else hint)(
        FindingCode.HR_ONLY,
        _listed([person.name for person in asked.values()]),
        "Ask somebody who does the work as well, or leads those who do: personnel staff know the vacancies, not the work.",
    )


# ── how ──────────────────────────────────────────────────────────────────────────────────────────
def _single_format(interview: Interview) -> Iterator[Finding]:
    if len(interview.formats_offered) == 1 and not interview.story.stands:
        (offered,) = interview.formats_offered
        others = " or ".join(format.replace("-", " ") for format in MeetingFormat if format is not offered)
        yield hint(
            FindingCode.SINGLE_FORMAT_OFFERED,
            offered.replace("-", " "),
            f"Offer {others} too: a choice is easier to say yes to.",
        )


# ── when ─────────────────────────────────────────────────────────────────────────────────────────
@frozen(kw_only=True)
class _Clock:
    """One side's clock, and the hours of the day when meetings may be."""

    who: str
    mine: bool
    zone: ZoneInfo
    opens: time
    closes: time

    @property
    def hours(self) -> str:
        return f"{self.opens:%H:%M}–{self.closes:%H:%M}"

    def has_room_for(self, meeting: Meeting) -> bool:
        start, end = meeting.start.astimezone(self.zone), meeting.end.astimezone(self.zone)
        return start.date() == end.date() and self.opens <= start.time() and end.time() <= self.closes


def _clocks(interview: Interview, campaign: Campaign, policy: Policy) -> tuple[_Clock, ...]:
    """The explorer's, whose working hours the policy cuts; then those of the others, by zone. Who has none lives in the explorer's."""
    me = campaign.profile
    names: defaultdict[ZoneInfo, list[str]] = defaultdict(list)
    for person in campaign.people(interview):
        names[person.zone or me.zone].append(person.name)
    opens, closes = max(me.work_from, policy.earliest), min(me.work_until, policy.latest)
    theirs = (
        _Clock(who=_listed(who), mine=False, zone=zone, opens=policy.earliest, closes=policy.latest)
        for zone, who in names.items()
    )
    return (_Clock(who="you", mine=True, zone=me.zone, opens=opens, closes=closes), *theirs)


def _outside_hours(meeting: Meeting, clocks: Sequence[_Clock]) -> Iterator[Finding]:
    for clock in clocks:
        if clock.has_room_for(meeting):
            continue
        start, end = meeting.start.astimezone(clock.zone), meeting.end.astimezone(clock.zone)
        text = f"{start:%H:%M}–{end:%H:%M} for {clock.who} ({clock.zone})"
        if clock.opens >= clock.closes:
            advice = "Your working hours and the hours for meetings have nothing in common: change one of them."
        elif clock.mine:
            advice = f"Your hours are {clock.hours}: move it there, or change them in your profile."
        else:
            advice = f"Propose a time between {clock.opens:%H:%M} and {clock.closes:%H:%M} where they are."
        yield warning(FindingCode.START_OUTSIDE_WORKING_HOURS, text, advice)


def _days_off(meeting: Meeting, clocks: Sequence[_Clock], policy: Policy) -> Iterator[Finding]:
    working = policy.business_days
    days: defaultdict[date, list[str]] = defaultdict(list)
    for clock in clocks:
        days[meeting.start.astimezone(clock.zone).date()].append(clock.who)
    for day, who in days.items():
        if day not in working:
            kind = "a holiday" if day in working.holidays else "a weekend day"
            yield warning(
                FindingCode.WEEKEND_OR_HOLIDAY,
                f"{day:%Y-%m-%d}, {kind} for {_listed(who)}",
                f"Move it to a business day; the next is {working.shift(day, 1):%Y-%m-%d}.",
            )


def _overlaps(interview: Interview, meeting: Meeting, campaign: Campaign) -> Iterator[Finding]:
    for other in campaign.interviews:
        if other.id != interview.id and other.meeting is not None and other.story.stands and _meet(meeting, other.meeting):
            names = _listed([person.name for person in campaign.people(other)])
            yield warning(
                FindingCode.MEETING_OVERLAP,
                f"{other.meeting.start:%Y-%m-%d %H:%M} {other.meeting.start.tzinfo}, with {names}",
                "Move one of the two, and leave some time between them.",
            )


def _meet(one: Meeting, other: Meeting) -> bool:
    # As instants: by the clock face, the hour that comes twice in an autumn night would be one.
    return one.start.astimezone(UTC) < other.end.astimezone(UTC) and other.start.astimezone(UTC) < one.end.astimezone(UTC)


def _listed(names: Sequence[str]) -> str:
    *others, last = dict.fromkeys(names)
    return f"{', '.join(others)} and {last}" if others else last
