"""Invented people and talks, the same in every run: something for a plugin's tests to work on."""

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from attrs import evolve

from infoint.errors import InvalidValue
from infoint.model import events
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact, ContactRole, ContactSource, Seniority
from infoint.model.debrief import Debrief, Insight, Referral, Valence
from infoint.model.events import Event
from infoint.model.exploration import Belief, Exploration, Goal
from infoint.model.identity import derive_id
from infoint.model.interview import Interview
from infoint.model.meeting import Meeting, MeetingFormat
from infoint.model.profile import Profile
from infoint.model.question import Topic
from infoint.practice.agenda import choose_agenda
from infoint.practice.step import record

MONDAY: Final = datetime(2026, 11, 2, 15, tzinfo=UTC)
"""When the first of them is asked."""
_PEOPLE: Final = (
    ("Ana Ruiz", "Oak Labs", "UX lead", "Europe/Madrid", Seniority.SENIOR),
    ("Bo Li", "Pine Works", "Researcher", "America/New_York", Seniority.MID),
    ("Zoë Ångström", "Elm & Co", "Designer", "Europe/Stockholm", Seniority.ENTRY),
    ("李 明", "Cedar Group", "Product manager", "Asia/Shanghai", Seniority.MID),
    ("Priya N. Rao", "Birch Health", "Service designer", "Asia/Kolkata", Seniority.SENIOR),
)


def sample_campaign(*, talks: int = 3) -> Campaign:
    """An explorer in Chicago with so many talks (0 to 50) and their follow-ups: the first in person and debriefed, the second
    agreed by video, the third only asked for, then the same again. Raises InvalidValue for another number.
    """
    if not 0 <= talks <= 50:
        raise InvalidValue("sample_campaign", "talks", f"must be from 0 to 50, got {talks}")
    exploration = Exploration(
        id=derive_id("sample", "exploration"),
        subject="UX research",
        goal=Goal.CHANGE_FIELD,
        beliefs=(Belief("Most of the work is talking to users", "a podcast"),),
    )
    campaign = Campaign(
        profile=Profile(
            name="Kim Doe",
            email="kim@example.org",
            zone=ZoneInfo("America/Chicago"),
            introduction="I teach, and want to do research.",
        )
    ).including(exploration)
    for number in range(talks):
        campaign = _with_talk(campaign, exploration, number)
    return campaign


def _with_talk(campaign: Campaign, exploration: Exploration, number: int) -> Campaign:
    name, organization, title, zone, seniority = _PEOPLE[number % len(_PEOPLE)]
    person = Contact(
        id=derive_id("sample", "contact", number),
        name=name,
        organization=organization,
        title=title,
        zone=ZoneInfo(zone),
        seniority=seniority,
        emails=(f"person{number + 1}@{organization.split()[0].lower()}.example",),
        role=ContactRole.PRACTITIONER,
        source=ContactSource.ALUMNI,
    )
    talk = Interview(
        id=derive_id("sample", "interview", number),
        contact_ids=(person.id,),
        exploration_id=exploration.id,
        notes="Ask about the team.",
    )
    campaign = campaign.including(person)
    talk = evolve(talk, agenda=choose_agenda(talk, campaign))
    asked = MONDAY + timedelta(days=number)
    for at, event in _story(asked, number):
        step = record(talk, event, campaign.including(talk), at=at)
        talk = step.interview
        campaign = campaign.including(talk, *step.follow_ups.new, *step.follow_ups.changed)
    return campaign.including(talk)


def _story(asked: datetime, number: int) -> list[tuple[datetime, Event]]:
    story: list[tuple[datetime, Event]] = [(asked, events.Requested())]
    if number % 3 == 2:
        return story
    in_person = number % 3 == 0
    meeting = Meeting(
        start=(asked + timedelta(days=8)).astimezone(ZoneInfo("America/Chicago")),
        format=MeetingFormat.IN_PERSON if in_person else MeetingFormat.VIDEO,
        place="12 Oak Street, Springfield" if in_person else "https://meet.example/talk",
    )
    story.append((asked + timedelta(days=1), events.Scheduled(meeting)))
    if in_person:
        learned = Debrief(
            insights=(
                Insight("Half the week is finding people to talk to", Topic.TYPICAL_DAY, Valence.NEGATIVE),
                Insight("A product changes because of what you found", Topic.REWARDS, Valence.POSITIVE),
            ),
            referrals=(Referral("Cy Dee"),),
        )
        story += [(meeting.end, events.Held()), (meeting.end + timedelta(hours=2), events.Debriefed(learned))]
    return story
