"""Invitations and cancellations: what the invited are told, what they are not, and that other programs read it."""

import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given, strategies as st

from infoint import (
    AgendaItem,
    Campaign,
    Contact,
    Domain,
    Exploration,
    Interview,
    Meeting,
    MeetingFormat,
    Profile,
    Question,
    QuestionCategory,
    Topic,
    derive_id,
    events,
)
from infoint.calendar import (
    AttendeesAs,
    CalendarEntry,
    CalendarOptions,
    ContentLevel,
    EntryStatus,
    FollowUpsAs,
    Method,
    ScheduleAgent,
    build_entries,
    cancellation,
    invitation,
    to_ics,
)
from infoint.errors import InfointError, InvalidValue, MissingId, NaiveTime, NotFound
from infoint.model import HistoryEntry, Party
from infoint.practice import advance
from infoint.testing import demand_valid_ics

CHICAGO = ZoneInfo("America/Chicago")
AT = datetime(2026, 11, 19, 18, tzinfo=UTC)
ASKED = datetime(2026, 11, 16, 15, tzinfo=UTC)
GOLDEN = Path(__file__).parent.parent / "golden" / "calendar"
ANA = Contact(
    id=derive_id("ana"),
    name="Ana Ruiz",
    organization="Oak Labs",
    emails=("ana@oak.example", "ruiz@home.example"),
    phones=("+34 600",),
    notes="secret-of-ana",
)
BO = Contact(id=derive_id("bo"), name='Bo, Li; "B"', emails=("bo@pine.example",), phones=("+1 555",))
CY = Contact(id=derive_id("cy"), name="Cy Dee")
ME = Profile(name="Kim Doe", email="kim@example.org", zone=CHICAGO)
UX = Exploration(id=derive_id("ux"), subject="UX research")
ASK = Question(
    id="my:first",
    text="How did you begin?",
    category=QuestionCategory.JOB_HISTORY,
    topic=Topic.CAREER_PATH,
    domain=Domain.PERSON,
)
TALK = Interview(
    id=derive_id("talk"),
    contact_ids=(ANA.id,),
    exploration_id=UX.id,
    notes="secret-of-the-talk",
    agenda=(AgendaItem(ASK, "secret-why"),),
)
MEETING = Meeting(start=datetime(2026, 12, 1, 10, tzinfo=CHICAGO), format=MeetingFormat.VIDEO, place="https://meet.example/x")
MOVED = evolve(MEETING, start=datetime(2026, 12, 2, 11, tzinfo=CHICAGO))


def told(talk: Interview, *happened: events.Event) -> Interview:
    """The talk after the events, an hour apart."""
    for event in happened:
        talk = advance(talk, event, at=ASKED + timedelta(hours=len(talk.history)))
    return talk


BOOKED = told(TALK, events.Requested(), events.Scheduled(MEETING))


def campaign(talk: Interview, *people: Contact, profile: Profile = ME) -> Campaign:
    return Campaign(profile=profile).including(UX, *(people or (ANA, BO, CY)), talk)


def lines(content: bytes) -> list[str]:
    """Unfolded."""
    return content.replace(b"\r\n ", b"").decode().split("\r\n")


def values(content: bytes) -> Mapping[str, str]:
    """Properties of the event, by name and parameters."""
    event = lines(content)[lines(content).index("BEGIN:VEVENT") :]
    return dict(line.split(":", 1) for line in event if ":" in line)


# ── what they are told ───────────────────────────────────────────────────────────────────────────
def test_an_invitation_says_who_invites_whom() -> None:
    """A calendar would not know whom to answer, or that an answer is asked for (row 33)."""
    message = invitation(BOOKED, campaign(BOOKED), at=AT)
    assert (message.method, message.uid, message.sequence) == (Method.REQUEST, str(TALK.id), 0)
    assert (message.organizer, message.recipients) == ("kim@example.org", ("ana@oak.example",))
    assert message.summary == "Talk with Kim Doe: UX research"
    said = lines(message.content)
    assert said.count("METHOD:REQUEST") == said.count("BEGIN:VEVENT") == 1
    assert 'ORGANIZER;CN="Kim Doe":mailto:kim@example.org' in said
    who = 'ATTENDEE;CN="Ana Ruiz";ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:ana@oak.example'
    assert who in said
    assert {"DTSTAMP:20261119T180000Z", "STATUS:CONFIRMED", "SEQUENCE:0"} <= set(said)


def test_an_invitation_keeps_what_is_private() -> None:
    """Somebody would read what the explorer noted about them, or a phone number of somebody else."""
    together = evolve(BOOKED, contact_ids=(ANA.id, BO.id))
    for asked in (False, True):
        text = invitation(together, campaign(together), at=AT, send_questions=asked).content.decode()
        assert not re.findall("secret|VALARM|CONTACT|\\+34|\\+1 555|X-WR-CALNAME|REFRESH", text.replace("\r\n ", ""))


def test_questions_are_sent_when_asked_for() -> None:
    """The agenda would lie open in a calendar by default, or could not be sent ahead."""
    without = invitation(BOOKED, campaign(BOOKED), at=AT)
    ahead = invitation(BOOKED, campaign(BOOKED), at=AT, send_questions=True)
    assert "How did you begin?" not in values(without.content)["DESCRIPTION"]
    assert values(ahead.content)["DESCRIPTION"].endswith("What I would like to ask:\\n1. How did you begin?")
    bare = evolve(BOOKED, agenda=())
    assert invitation(bare, campaign(bare), at=AT, send_questions=True).content == without.content


@pytest.mark.parametrize(
    ("meeting", "description"),
    [
        (MEETING, "By video: https://meet.example/x"),
        (evolve(MEETING, format=MeetingFormat.IN_PERSON, place="12 Oak Street"), "In person: 12 Oak Street"),
        (evolve(MEETING, format=MeetingFormat.PHONE, place=""), "By phone"),
    ],
)
def test_the_place_is_said_twice(meeting: Meeting, description: str) -> None:
    """A program that shows no CONFERENCE, or cuts LOCATION, would leave somebody without the way in (row 38)."""
    talk = told(TALK, events.Requested(), events.Scheduled(meeting))
    said = values(invitation(talk, campaign(talk), at=AT).content)
    assert said["DESCRIPTION"] == f"{description}\\n\\nKim Doe\\, kim@example.org"
    assert said.get("LOCATION", "") == meeting.place


def test_names_are_not_needed() -> None:
    """An explorer without a name, or a talk without an exploration, could not invite."""
    plain = evolve(BOOKED, exploration_id=None)
    message = invitation(plain, campaign(plain, profile=evolve(ME, name="")), at=AT)
    assert message.summary == "Talk with kim@example.org"
    assert "ORGANIZER:mailto:kim@example.org" in lines(message.content)


def test_everybody_who_can_be_written_to_is_invited() -> None:
    """Somebody would be left out, invited twice, or invited who asked not to be written to."""
    twin = Contact(id=derive_id("twin"), name="Al Ruiz", emails=("ANA@oak.example",))
    away = Contact(id=derive_id("away"), name="Di Fox", emails=("di@elm.example",), do_not_contact=True)
    people = (ANA, BO, CY, twin, away)
    talk = evolve(BOOKED, contact_ids=tuple(one.id for one in people))
    assert invitation(talk, campaign(talk, *people), at=AT).recipients == ("ana@oak.example", "bo@pine.example")


def test_the_same_facts_give_the_same_bytes() -> None:
    """A message could not be compared with one already sent."""
    first, again, later = (invitation(BOOKED, campaign(BOOKED), at=at) for at in (AT, AT, AT + timedelta(hours=1)))
    assert first == again
    differ = set(lines(first.content)) ^ set(lines(later.content))
    assert differ == {"DTSTAMP:20261119T180000Z", "DTSTAMP:20261119T190000Z"}


# ── moved and called off ─────────────────────────────────────────────────────────────────────────
def test_a_move_is_another_invitation() -> None:
    """Calendars would show two meetings, or keep the old time."""
    moved = told(BOOKED, events.Rescheduled(MOVED))
    before, after = (invitation(talk, campaign(talk), at=AT) for talk in (BOOKED, moved))
    assert (after.uid, after.sequence, after.method) == (before.uid, before.sequence + 1, Method.REQUEST)
    assert values(after.content)["DTSTART;TZID=America/Chicago"] == "20261202T110000"


@pytest.mark.parametrize(
    "end", [(events.Cancelled(Party.ME),), (events.Cancelled(Party.THEM, "ill"),), (events.Corrected(1, "another talk"),)]
)
def test_a_cancellation_takes_it_back(end: tuple[events.Event, ...]) -> None:
    """A meeting that is off would stay in their calendar (row 33)."""
    off = told(BOOKED, *end)
    message = cancellation(off, campaign(off), at=AT)
    assert (message.method, message.uid, message.sequence) == (Method.CANCEL, str(TALK.id), 1)
    said = lines(message.content)
    assert {"METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:1"} <= set(said)
    assert not [line for line in said if "RSVP" in line]
    assert message.recipients == ("ana@oak.example",)


NOTHING_AHEAD = {
    "only asked for": (events.Requested(),),
    "held": (events.Scheduled(MEETING), events.Held()),
    "called off": (events.Scheduled(MEETING), events.Cancelled(Party.ME)),
}


@pytest.mark.parametrize("name", NOTHING_AHEAD)
def test_without_a_meeting_nobody_is_invited(name: str) -> None:
    """People would be invited to nothing, or to what is over."""
    talk = told(TALK, *NOTHING_AHEAD[name])
    with pytest.raises(InvalidValue, match=r"Interview\.history: tells of no meeting to come .*Scheduled"):
        invitation(talk, campaign(talk), at=AT)


NOTHING_OFF = {
    "never agreed": (events.Requested(),),
    "stands": (events.Scheduled(MEETING),),
    "held": (events.Scheduled(MEETING), events.Held()),
    "somebody did not come": (events.Scheduled(MEETING), events.NoShow()),
    "moved": (events.Scheduled(MEETING), events.Rescheduled(MOVED)),
}


@pytest.mark.parametrize("name", NOTHING_OFF)
def test_what_stands_is_not_cancelled(name: str) -> None:
    """A meeting would vanish from calendars that is still to take place, or has."""
    talk = told(TALK, *NOTHING_OFF[name])
    with pytest.raises(InvalidValue, match=r"Interview\.history: tells of no meeting that was called off"):
        cancellation(talk, campaign(talk), at=AT)


def test_what_never_stood_is_not_cancelled() -> None:
    """A cancellation would go out that no calendar takes, since its SEQUENCE is no higher than an invitation's."""
    late = (
        HistoryEntry(ASKED + timedelta(hours=2), events.Cancelled(Party.THEM)),
        HistoryEntry(ASKED + timedelta(hours=1), events.Scheduled(MEETING), ASKED + timedelta(hours=3)),
    )
    talk = evolve(TALK, history=late)
    with pytest.raises(InvalidValue, match=r"Interview\.history: tells of no meeting that was called off"):
        cancellation(talk, campaign(talk), at=AT)


ANY = st.text(st.characters() | st.sampled_from('\r\n\x00\x85\u2028;:,\\"^'), max_size=80)


@given(mine=ANY, theirs=ANY, subject=ANY, place=ANY)
def test_no_text_adds_a_line(mine: str, theirs: str, subject: str, place: str) -> None:
    """A name could write another attendee, or another method, into what is sent in the explorer's name (row 3)."""
    meeting = evolve(MEETING, format=MeetingFormat.IN_PERSON, place=f"at {place}")
    talk = told(TALK, events.Requested(), events.Scheduled(meeting))
    people = evolve(ANA, name=f"A{theirs}"), evolve(UX, subject=f"U{subject}")
    facts = campaign(talk, profile=evolve(ME, name=f"K{mine}")).including(*people)
    said = lines(invitation(talk, facts, at=AT, send_questions=True).content)
    usual = lines(invitation(talk, campaign(talk), at=AT, send_questions=True).content)
    names = [[line.partition(":")[0].partition(";")[0] for line in one] for one in (said, usual)]
    assert names[0] == names[1]
    demand_valid_ics(invitation(talk, facts, at=AT).content)


def test_errors_say_what_is_missing() -> None:
    """Whoever invites would not learn what to fill in."""
    alone = evolve(BOOKED, contact_ids=(CY.id,))
    tries: list[tuple[type[InfointError], str, Interview, Campaign, datetime]] = [
        (InvalidValue, r"Profile\.email: is needed to invite", BOOKED, campaign(BOOKED, profile=evolve(ME, email="")), AT),
        (InvalidValue, r"Interview\.contact_ids: names nobody who can be invited", alone, campaign(alone), AT),
        (NaiveTime, r"REQUEST\.at", BOOKED, campaign(BOOKED), datetime(2026, 11, 19)),
        (NotFound, "no contact", BOOKED, Campaign(profile=ME).including(UX), AT),
        (MissingId, "Interview", Interview(contact_ids=(ANA.id,)), campaign(BOOKED), AT),
    ]
    for kind, said, talk, facts, at in tries:
        with pytest.raises(kind, match=said):
            invitation(talk, facts, at=at)


# ── read by others ───────────────────────────────────────────────────────────────────────────────
OFF = told(BOOKED, events.Cancelled(Party.ME))
MESSAGES = {
    "invitation": invitation(BOOKED, campaign(BOOKED), at=AT, send_questions=True),
    "invitation-of-two": invitation(evolve(BOOKED, contact_ids=(ANA.id, BO.id)), campaign(BOOKED), at=AT),
    "cancellation": cancellation(OFF, campaign(OFF), at=AT),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_messages_are_as_they_were(name: str) -> None:
    """The same facts would give other bytes than they gave before."""
    golden = GOLDEN / f"{name}.ics"
    if os.environ.get("INFOINT_REGENERATE_GOLDEN"):
        golden.write_bytes(MESSAGES[name].content)
    assert MESSAGES[name].content == golden.read_bytes()


@pytest.mark.parametrize("name", MESSAGES)
def test_messages_are_valid(name: str) -> None:
    """A strict reader would turn the message away (rows 32, 33; RFC 5546 §3.2)."""
    demand_valid_ics(MESSAGES[name].content)


@pytest.mark.parametrize("attendees", AttendeesAs)
def test_exports_with_attendees_are_valid(attendees: AttendeesAs) -> None:
    """A server would refuse the event."""
    demand_valid_ics(to_ics([exported(BOOKED, attendees=attendees)]))


@pytest.mark.parametrize("name", MESSAGES)
def test_messages_are_read_by_independent_libraries(name: str) -> None:
    """What we write would not be what others read."""
    ical = pytest.importorskip("ical.calendar_stream")
    vobject = pytest.importorskip("vobject")
    import icalendar

    message = MESSAGES[name]
    text = message.content.decode()
    (one,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    (other,) = ical.IcsCalendarStream.calendar_from_ics(text).events
    third = vobject.readOne(text)
    assert third.method.value == message.method
    asked = one["ATTENDEE"] if isinstance(one["ATTENDEE"], list) else [one["ATTENDEE"]]
    assert [f"mailto:{mail}" for mail in message.recipients] == list(asked) == [str(who.uri) for who in other.attendees]
    assert {str(one["UID"]), other.uid, third.vevent.uid.value} == {message.uid}
    assert {str(one["SUMMARY"]), other.summary, third.vevent.summary.value} == {message.summary}
    assert {int(one["SEQUENCE"]), other.sequence, int(third.vevent.sequence.value)} == {message.sequence}
    assert one.start == other.dtstart == third.vevent.dtstart.value == MEETING.start
    if name == "invitation-of-two":
        assert [who.params["CN"] for who in asked] == ["Ana Ruiz", BO.name]


# ── attendees of exported meetings ───────────────────────────────────────────────────────────────
def exported(talk: Interview, **options: object) -> CalendarEntry:
    chosen = CalendarOptions(follow_ups=FollowUpsAs.NONE, **options)  # type: ignore[arg-type]
    (entry,) = build_entries(campaign(talk), chosen)
    return entry


def test_attendees_are_off_by_default() -> None:
    """A server would send mail to people whom nobody meant to invite (row 34)."""
    entry = exported(BOOKED)
    assert (entry.organizer, entry.attendees) == (None, ())
    assert CalendarOptions().attendees is AttendeesAs.OFF


def test_silent_attendees_ask_servers_to_stay_silent() -> None:
    """A server would send mail although the app asked for none (row 34, RFC 6638 §7.1)."""
    entry = exported(BOOKED, attendees=AttendeesAs.SILENT)
    assert [(one.email, one.schedule_agent) for one in entry.attendees] == [("ana@oak.example", ScheduleAgent.NONE)]
    assert entry.organizer
    assert entry.organizer.email == "kim@example.org"
    assert b";SCHEDULE-AGENT=NONE" in to_ics([entry]).replace(b"\r\n ", b"")
    assert evolve(entry, organizer=None, attendees=()) == exported(BOOKED)


def test_what_a_server_sends_is_an_invitation() -> None:
    """The server would mail the explorer's own notes and agenda to the person they are about (row 40)."""
    entry = exported(BOOKED, attendees=AttendeesAs.SERVER, include_notes=True)
    text = to_ics([entry]).decode().replace("\r\n ", "")
    assert not re.findall("secret|VALARM|CONTACT|How did you begin|SCHEDULE-AGENT|METHOD", text)
    assert entry.summary == "Talk with Kim Doe: UX research"
    assert entry.attendees[0].rsvp
    off = exported(OFF, attendees=AttendeesAs.SERVER)
    assert (off.status, off.sequence, len(off.attendees)) == (EntryStatus.CANCELLED, 1, 1)


@pytest.mark.parametrize("attendees", AttendeesAs)
@pytest.mark.parametrize("content", [ContentLevel.BUSY, ContentLevel.FIRST_NAME])
def test_discreet_calendars_name_nobody(attendees: AttendeesAs, content: ContentLevel) -> None:
    """A calendar that is to tell little would give names and addresses away."""
    assert b"oak.example" not in to_ics([exported(BOOKED, attendees=attendees, content=content)])


def test_talks_with_nobody_to_write_to_are_exported_all_the_same() -> None:
    """One person without an address would cost the whole export; a profile without one would give half of what was asked for."""
    alone = evolve(BOOKED, contact_ids=(CY.id,))
    for attendees in (AttendeesAs.SILENT, AttendeesAs.SERVER):
        assert exported(alone, attendees=attendees) == exported(alone)
        with pytest.raises(InvalidValue, match=r"Profile\.email"):
            list(build_entries(campaign(BOOKED, profile=evolve(ME, email="")), CalendarOptions(attendees=attendees)))
