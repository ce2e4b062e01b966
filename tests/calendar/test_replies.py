"""Answers to invitations, in the ways of several mail programs, and calendars in which a talk has moved: what they suggest, and what
they do not. All people are invented.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given, settings, strategies as st

import infoint
from infoint import Campaign, Contact, Interview, Meeting, MeetingFormat, Profile, derive_id, events
from infoint.calendar import (
    AttendeesAs,
    CalendarOptions,
    Replies,
    Suggestion,
    build_entries,
    cancellation,
    invitation,
    read_replies,
    to_ics,
)
from infoint.errors import ImportRejected, InfointError, InvalidValue, NotFound
from infoint.model import HistoryEntry, Party, UnknownEvent
from infoint.practice import advance
from infoint.testing import Clock, sample_campaign

CHICAGO = ZoneInfo("America/Chicago")
RECEIVED = Path(__file__).parent / "received"
ASKED = datetime(2026, 11, 16, 15, tzinfo=UTC)
ANA = Contact(id=derive_id("ana"), name="Ana Ruiz", emails=("ana@oak.example", "ruiz@home.example"), zone="Europe/Madrid")
BO = Contact(id=derive_id("bo"), name="Bo Li", emails=("bo@pine.example",))
ME = Profile(name="Kim Doe", email="kim@example.org", zone=CHICAGO)
TALK = Interview(id=derive_id("talk"), contact_ids=(ANA.id,))
MEETING = Meeting(start=datetime(2026, 12, 1, 10, tzinfo=CHICAGO), format=MeetingFormat.VIDEO, place="https://meet.example/x")
MOVED = evolve(MEETING, start=datetime(2026, 12, 2, 10, tzinfo=CHICAGO))
DAY_BEFORE = "20261130T120000Z"
EARLY = "20261120T090000Z"


def told(*happened: events.Event, talk: Interview = TALK) -> Interview:
    """The talk after the events, an hour apart."""
    for event in happened:
        talk = advance(talk, event, at=ASKED + timedelta(hours=len(talk.history)))
    return talk


BOOKED = told(events.Requested(), events.Scheduled(MEETING))
BOTH = evolve(BOOKED, contact_ids=(ANA.id, BO.id))
CONFIRMED = told(events.Confirmed(), talk=BOOKED)
RESCHEDULED = told(events.Rescheduled(MOVED), talk=BOOKED)


def campaign(talk: Interview = BOOKED, profile: Profile = ME) -> Campaign:
    return Campaign(profile=profile).including(ANA, BO, talk)


def event(
    *lines: str, uid: str = str(TALK.id), when: tuple[str, ...] = ("DTSTART:20261201T160000Z", "DTEND:20261201T163000Z")
) -> str:
    """A VEVENT about the talk; lines given come last."""
    told = ("BEGIN:VEVENT", f"UID:{uid}", "ORGANIZER:mailto:kim@example.org", *when, *lines, "END:VEVENT")
    return "".join(f"{line}\r\n" for line in told)


def file(method: str, *components: str) -> bytes:
    head = (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n{f'METHOD:{method}' if method else 'CALSCALE:GREGORIAN'}\r\n"
    )
    return f"{head}{''.join(components)}END:VCALENDAR\r\n".encode()


def reply(partstat: str, *lines: str, stamp: str = DAY_BEFORE, who: str = "mailto:ana@oak.example", **how: object) -> bytes:
    component = event(f"DTSTAMP:{stamp}", f"ATTENDEE;PARTSTAT={partstat}:{who}", *lines, **how)  # type: ignore[arg-type]
    return file("REPLY", component)


def only(replies: Replies) -> Suggestion:
    """The one suggestion, and nothing besides."""
    assert (replies.remarks, replies.problems) == ((), ())
    (suggestion,) = replies.suggestions
    return suggestion


def remarks(replies: Replies) -> list[str]:
    """Remarks, and nothing besides."""
    assert (replies.suggestions, replies.problems) == ((), ())
    return [str(one) for one in replies.remarks]


def problems(replies: Replies) -> list[str]:
    """Problems, and nothing besides."""
    assert (replies.suggestions, replies.remarks) == ((), ())
    return [one.problem for one in replies.problems]


# ── as programs write them ───────────────────────────────────────────────────────────────────────
def received(name: str) -> bytes:
    content = (RECEIVED / f"{name}.ics").read_bytes()
    return content.replace(b"\n", b"\r\n").replace(b"{uid}", str(TALK.id).encode())


def test_accepted_as_google_writes_it() -> None:
    """The most used of all answers would not be understood."""
    one = only(read_replies(received("google-accept"), campaign()))
    assert (one.event, one.who, one.interview, one.reason) == (events.Confirmed(), ANA, BOOKED, "Ana Ruiz accepted")
    assert (one.answered_at, one.needs_care) == (datetime(2026, 11, 30, 9, tzinfo=UTC), False)


def test_another_time_as_outlook_writes_it() -> None:
    """A proposal would be lost, or move the talk to the wrong hour, zone or length."""
    one = only(read_replies(received("outlook-counter"), campaign()))
    assert one.event == events.Rescheduled(
        evolve(MEETING, start=datetime(2026, 12, 3, 8, 30, tzinfo=CHICAGO), duration=timedelta(minutes=45)), Party.THEM
    )
    assert one.comment == "Thursday suits me better; I have 45 minutes then."
    assert one.care == ("Invite again when you agree.", "It names another place too.")


def test_declined_as_apple_writes_it() -> None:
    """A refusal would be lost, with the reason that came along."""
    one = only(read_replies(received("apple-decline"), campaign()))
    assert one.event == events.Cancelled(Party.THEM, reason="I am travelling, sorry.")
    assert str(one) == "Ana Ruiz declined: cancel."


# ── what follows ─────────────────────────────────────────────────────────────────────────────────
def test_an_early_yes_is_not_the_confirmation() -> None:
    """A click two weeks before would do away with the word the day before (practice §9)."""
    (early,) = only(read_replies(reply("ACCEPTED", stamp=EARLY), campaign())).care
    assert "days before the talk" in early
    assert not only(read_replies(reply("ACCEPTED"), campaign())).needs_care
    without_stamp = reply("ACCEPTED").replace(f"DTSTAMP:{DAY_BEFORE}\r\n".encode(), b"")
    assert not only(read_replies(without_stamp, campaign())).needs_care


@pytest.mark.parametrize(
    ("partstat", "said"),
    [
        ("TENTATIVE", "Ana Ruiz may come: the answer is tentative"),
        ("DELEGATED", "Ana Ruiz asked somebody else to come"),
        ("NEEDS-ACTION", "Ana Ruiz has not answered yet"),
        ("X-PERHAPS", "Ana Ruiz has not answered yet"),
    ],
)
def test_what_changes_nothing_is_remarked(partstat: str, said: str) -> None:
    """A maybe would confirm the talk, or call it off."""
    content = reply(partstat, "COMMENT:I will tell you\\, soon")
    assert remarks(read_replies(content, campaign())) == [said]
    assert read_replies(content, campaign()).remarks[0].comment == "I will tell you, soon"


def test_a_second_yes_is_no_news() -> None:
    """The same answer would be offered again and again."""
    assert remarks(read_replies(reply("ACCEPTED"), campaign(CONFIRMED))) == ["Ana Ruiz accepted; the talk is confirmed already"]


def test_a_yes_to_another_time_is_a_question() -> None:
    """A meeting would be confirmed for an hour at which the other will not be there."""
    one = only(read_replies(reply("ACCEPTED", when=("DTSTART:20261201T180000Z",)), campaign()))
    assert one.event == events.Rescheduled(evolve(MEETING, start=datetime(2026, 12, 1, 12, tzinfo=CHICAGO)), Party.THEM)
    assert one.care == ("Ask which time is meant.",)


def test_the_zone_agreed_in_is_kept() -> None:
    """A meeting that was told in one zone would be shown in another after it moved."""
    for start in ("DTSTART;TZID=Europe/Madrid:20261203T153000", "DTSTART:20261203T143000Z", "DTSTART:20261203T083000"):
        one = only(read_replies(file("COUNTER", event("ATTENDEE:mailto:ana@oak.example", when=(start,))), campaign()))
        assert isinstance(one.event, events.Rescheduled)
        assert one.event.meeting == evolve(MEETING, start=datetime(2026, 12, 3, 8, 30, tzinfo=CHICAGO))
        assert str(one.event.meeting.start.tzinfo) == "America/Chicago"


def test_a_proposal_of_the_same_time_is_none() -> None:
    """A talk would be moved to where it is."""
    content = file("COUNTER", event("ATTENDEE:mailto:ana@oak.example"))
    assert remarks(read_replies(content, campaign())) == ["Ana Ruiz proposes no other time"]


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (("DTSTART;VALUE=DATE:20261203",), "proposes whole days instead of a time"),
        (("DTSTART:20261203T100000Z", "DTEND:20261205T100000Z"), "proposes what is no meeting: duration"),
        (("DTSTART:26261203T100000Z",), "proposes what is no meeting: start"),
    ],
)
def test_proposals_that_are_no_meeting_are_problems(when: tuple[str, ...], said: str) -> None:
    """An error would escape, and the rest of the file be lost."""
    (problem,) = problems(read_replies(file("COUNTER", event("ATTENDEE:mailto:ana@oak.example", when=when)), campaign()))
    assert problem.startswith(said)


def test_called_off_by_them() -> None:
    """A cancellation would be lost, or blamed on the explorer."""
    content = file("CANCEL", event("SEQUENCE:1", "STATUS:CANCELLED", "COMMENT:Ill")).replace(
        b"kim@example.org", b"ANA@oak.example"
    )
    one = only(read_replies(content, campaign()))
    assert (one.event, one.who, one.reason) == (events.Cancelled(Party.THEM, "Ill"), ANA, "Ana Ruiz called it off")
    assert "that is you" in str(one), "who is invited may decline, not call off (RFC 5546 §3.2.5)"


def test_one_of_two_cannot_call_it_off_for_both() -> None:
    """One person's program, or somebody with their name, would end a meeting that the other still comes to."""
    content = file("CANCEL", event("SEQUENCE:1", "STATUS:CANCELLED")).replace(b"kim@example.org", b"ANA@oak.example")
    one = only(read_replies(content, campaign(BOTH)))
    assert one.needs_care
    assert "It concerns Bo Li too." in one.care


def test_called_off_in_the_explorers_name() -> None:
    """Anybody who knows the explorer's address could call a talk off for them."""
    one = only(read_replies(file("CANCEL", event("STATUS:CANCELLED")), campaign()))
    assert (one.event, one.who) == (events.Cancelled(Party.ME), None)
    assert one.care == ("Make sure that it was you.",)


def test_our_own_cancellation_changes_nothing() -> None:
    """What was called off here would be called off once more."""
    off = told(events.Cancelled(Party.ME), talk=BOOKED)
    message = cancellation(off, campaign(off), at=ASKED)
    assert problems(read_replies(message.content, campaign(off))) == [
        "'cancel' would follow; the talk is cancelled, and legal there: schedule"
    ]


# ── whose answer ─────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("address", ["mailto:RUIZ@home.example", "MAILTO:Ana@Oak.example"])
def test_any_address_of_theirs_will_do(address: str) -> None:
    """Somebody who answers from home would not be known."""
    assert only(read_replies(reply("ACCEPTED", who=address), campaign())).who == ANA


@pytest.mark.parametrize("method", ["REPLY", "COUNTER", "CANCEL"])
def test_strangers_are_not_heard(method: str) -> None:
    """Somebody who was never asked could confirm or cancel a talk (RFC 5546 §3.2.3)."""
    for whose in (("ATTENDEE;PARTSTAT=ACCEPTED:mailto:eve@elm.example",), ()):
        content = file(method, event(*whose)).replace(b"kim@example.org", b"eve@elm.example")
        (problem,) = problems(read_replies(content, campaign()))
        assert problem.startswith("comes from nobody who was asked")
        assert "eve" not in problem


def test_somebody_elses_person_is_a_stranger() -> None:
    """A contact who belongs to another talk could answer for this one."""
    assert len(problems(read_replies(reply("DECLINED", who="mailto:bo@pine.example"), campaign()))) == 1


def test_one_of_two_does_not_decide() -> None:
    """A talk with two would be off when one of them cannot come."""
    one = only(read_replies(reply("DECLINED"), campaign(BOTH)))
    assert one.care == ("It concerns Bo Li too.",)
    assert only(read_replies(reply("ACCEPTED", who="mailto:bo@pine.example"), campaign(BOTH))).care == (
        "It concerns Ana Ruiz too.",
    )


def test_several_answers_in_one_file() -> None:
    """Only the first would be read."""
    content = reply("ACCEPTED", "ATTENDEE;PARTSTAT=TENTATIVE:mailto:bo@pine.example")
    found = read_replies(content, campaign(BOTH))
    assert [one.who for one in found.suggestions] == [ANA]
    assert [one.who for one in found.remarks] == [BO]


def test_a_proposal_naming_all_is_nobodys() -> None:
    """A proposal would be put down to whoever happens to stand first."""
    people = ("ATTENDEE:mailto:ana@oak.example", "ATTENDEE:mailto:bo@pine.example")
    one = only(read_replies(file("COUNTER", event(*people, when=("DTSTART:20261203T143000Z",))), campaign(BOTH)))
    assert (one.who, one.reason) == (None, "Somebody proposes another time")


def test_who_comes_instead_does_not_answer_for_them() -> None:
    """A deputy's yes would confirm the talk with somebody who does not come."""
    who = 'DELEGATED-FROM="mailto:ana@oak.example":mailto:cy@oak.example'
    content = reply("ACCEPTED").replace(b"ACCEPTED:mailto:ana@oak.example", f"ACCEPTED;{who}".encode())
    assert remarks(read_replies(content, campaign())) == ["Ana Ruiz asked somebody else to come"]


def test_doubts_are_told() -> None:
    """What is odd about an answer would be seen by nobody."""
    by_another = reply("ACCEPTED").replace(b"PARTSTAT", b'SENT-BY="mailto:office@oak.example";PARTSTAT')
    assert only(read_replies(by_another, campaign())).care == ("Somebody answered for them.",)
    to_another = reply("ACCEPTED").replace(b"kim@example.org", b"lee@example.org")
    assert only(read_replies(to_another, campaign())).care == ("It names somebody else as the organizer.",)
    assert not only(read_replies(to_another, campaign(profile=evolve(ME, email="")))).needs_care
    newer = reply("ACCEPTED", "SEQUENCE:3")
    assert only(read_replies(newer, campaign())).care == ("It answers a newer invitation than is known here.",)


# ── which of them counts ─────────────────────────────────────────────────────────────────────────
def test_the_later_of_two_answers_counts() -> None:
    """Somebody who changes their mind would be taken at their first word (RFC 5546 §2.1.5)."""
    yes, no = (
        (event(f"DTSTAMP:2026113{at}", f"ATTENDEE;PARTSTAT={what}:mailto:ana@oak.example"))
        for at, what in (("0T080000Z", "ACCEPTED"), ("0T090000Z", "DECLINED"))
    )
    for order in ((yes, no), (no, yes)):
        found = read_replies(file("REPLY", *order), campaign())
        assert [one.event.name for one in found.suggestions] == ["cancel"]
        assert [str(one) for one in found.remarks] == ["It was answered again later; that answer counts"]


@pytest.mark.parametrize("partstat", ["ACCEPTED", "DECLINED"])
def test_answers_to_an_earlier_invitation_do_not_count(partstat: str) -> None:
    """Whoever declined the old time would call the new one off (RFC 5546 §2.1.5)."""
    (said,) = remarks(read_replies(reply(partstat), campaign(RESCHEDULED)))
    assert said == "Ana Ruiz answered an earlier invitation (SEQUENCE 0, now 1)"
    (said,) = remarks(read_replies(reply(partstat, when=()), campaign(RESCHEDULED)))
    assert "earlier" in said


def test_the_time_counts_where_a_program_leaves_out_the_sequence() -> None:
    """Answers of programs that write no SEQUENCE would all be late."""
    content = reply("ACCEPTED", when=("DTSTART:20261202T160000Z",))
    assert only(read_replies(content, campaign(RESCHEDULED))).event == events.Confirmed()


@pytest.mark.parametrize("method", ["COUNTER", "CANCEL"])
def test_late_proposals_and_cancellations_do_not_count(method: str) -> None:
    """What was said about the old time would be done to the new one."""
    content = file(method, event("ATTENDEE:mailto:ana@oak.example")).replace(b"ORGANIZER:mailto:kim@example.org\r\n", b"")
    (said,) = remarks(read_replies(content, campaign(RESCHEDULED)))
    assert said.startswith("Ana Ruiz answered an earlier invitation")


# ── what cannot be ───────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("uid", ["", "x", "00000000-0000-4000-8000-000000000000"])
def test_unknown_talks_are_problems_of_answers_only(uid: str) -> None:
    """An answer would get lost unseen; or every event of a calendar would be a problem."""
    assert problems(read_replies(reply("ACCEPTED", uid=uid), campaign())) == ["speaks of no talk of this campaign"]
    for method in ("", "PUBLISH", "REQUEST"):
        assert read_replies(file(method, event(uid=uid or "y")), campaign()) == Replies()


@pytest.mark.parametrize("line", ["RECURRENCE-ID:20261201T160000Z", "RRULE:FREQ=DAILY", "RDATE:20261209T160000Z"])
@pytest.mark.parametrize("method", ["", "REPLY"])
def test_series_are_problems(line: str, method: str) -> None:
    """One instance of a series would be taken for the talk."""
    content = file(method, event("ATTENDEE;PARTSTAT=ACCEPTED:mailto:ana@oak.example", line))
    assert problems(read_replies(content, campaign())) == ["speaks of a series of meetings, and a talk is one"]


def test_other_components_are_problems() -> None:
    """A to-do with the talk's UID would confirm it."""
    content = reply("ACCEPTED").replace(b"VEVENT", b"VTODO").replace(b"DTEND", b"DUE")
    assert problems(read_replies(content, campaign())) == ["is a VTODO, and talks are events"]


@pytest.mark.parametrize("method", ["ADD", "REFRESH", "DECLINECOUNTER", "X-EVIL"])
def test_other_methods_are_problems(method: str) -> None:
    """What asks for something else would be read as an answer."""
    (problem,) = problems(read_replies(file(method, event("ATTENDEE;PARTSTAT=ACCEPTED:mailto:ana@oak.example")), campaign()))
    assert problem.startswith("is neither an answer")


LOCKED = evolve(BOOKED, history=(*BOOKED.history, HistoryEntry(ASKED + timedelta(days=1), UnknownEvent("acme:x", {}))))
NOT_LEGAL = {"held": told(events.Held(), talk=BOOKED), "only asked": told(events.Requested()), "locked": LOCKED}


@pytest.mark.parametrize("name", NOT_LEGAL)
def test_what_the_lifecycle_does_not_allow_is_a_problem(name: str) -> None:
    """A suggestion would raise an error when it is taken."""
    talk = NOT_LEGAL[name]
    (problem,) = problems(read_replies(reply("DECLINED"), campaign(talk)))
    assert problem.startswith(f"'cancel' would follow; the talk is {talk.status}, and legal there: ")


def test_what_is_no_calendar_is_rejected() -> None:
    """A mail instead of its calendar part would look like one without answers."""
    with pytest.raises(ImportRejected):
        read_replies(b"From: ana@oak.example\r\n\r\nYes!", campaign())
    with pytest.raises(NotFound):
        read_replies(reply("ACCEPTED"), Campaign(profile=ME).including(BOOKED))


def test_what_the_reader_left_out_is_told() -> None:
    """A broken answer beside a good one would vanish, or take the good one with it."""
    broken = event("DTSTART:nonsense", uid="a")
    content = reply("ACCEPTED").replace(b"BEGIN:VEVENT", broken.encode() + b"BEGIN:VEVENT", 1)
    found = read_replies(content, campaign())
    assert (len(found.suggestions), len(found.problems)) == (1, 1)


# ── calendars ────────────────────────────────────────────────────────────────────────────────────
CALENDARS = ("", "PUBLISH", "REQUEST")


@pytest.mark.parametrize("method", CALENDARS)
def test_a_talk_moved_in_a_calendar(method: str) -> None:
    """Dragging an event to another day would be heard by nobody."""
    content = file(method, event("SEQUENCE:1", when=("DTSTART:20261202T160000Z", "DTEND:20261202T163000Z")))
    one = only(read_replies(content, campaign()))
    assert (one.event, one.who, one.reason) == (events.Rescheduled(MOVED), None, "It was moved in a calendar")
    assert one.needs_care


def test_a_talk_called_off_in_a_calendar() -> None:
    """A meeting deleted on a phone would stay here."""
    one = only(read_replies(file("", event("STATUS:CANCELLED")), campaign()))
    assert (one.event, one.care) == (events.Cancelled(Party.ME), ("Who called it off is not said.",))


def test_answers_that_a_calendar_has_taken_in() -> None:
    """Where the calendar program reads the answers, nothing would ever arrive here."""
    people = [
        f"ATTENDEE;PARTSTAT={what}:mailto:{who}"
        for what, who in (("ACCEPTED", "ana@oak.example"), ("NEEDS-ACTION", "bo@pine.example"), ("ACCEPTED", "kim@example.org"))
    ]
    content = file("", event(*people, f"DTSTAMP:{DAY_BEFORE}"))
    one = only(read_replies(content, campaign(BOTH)))
    assert (one.event, one.who) == (events.Confirmed(), ANA)
    assert read_replies(content, campaign(told(events.Confirmed(), talk=BOTH))) == Replies()


def test_an_old_copy_is_remarked() -> None:
    """A calendar that was not exported to since would move the talk back."""
    assert remarks(read_replies(file("", event()), campaign(RESCHEDULED))) == [
        "A calendar shows the talk at an earlier state: export it anew"
    ]


def test_what_is_over_is_not_asked_about() -> None:
    """Every talk of the last years would be a problem, whenever a calendar is read."""
    for talk in (NOT_LEGAL["held"], told(events.Cancelled(Party.ME), talk=BOOKED)):
        assert read_replies(file("", event("STATUS:CANCELLED")), campaign(talk)) == Replies()


@pytest.mark.parametrize("attendees", AttendeesAs)
def test_our_own_export_says_nothing_new(attendees: AttendeesAs) -> None:
    """Reading back what was written would suggest changes that nobody made."""
    facts = sample_campaign(talks=12)
    content = to_ics(build_entries(facts, CalendarOptions(attendees=attendees)))
    assert read_replies(content, facts) == Replies()


# ── the way round ────────────────────────────────────────────────────────────────────────────────
def answered(message: bytes, partstat: str) -> bytes:
    """As a program makes a reply of an invitation: the same event, with one attendee and their answer."""
    return message.replace(b"METHOD:REQUEST", b"METHOD:REPLY").replace(
        b"PARTSTAT=NEEDS-ACTION", f"PARTSTAT={partstat}".encode()
    )


def test_from_the_invitation_to_the_record() -> None:
    """An answer to our own invitation would not find back to the talk, or be recorded unasked."""
    clock = Clock(datetime(2026, 11, 29, 15, tzinfo=UTC))
    with infoint.open("memory:", zone="America/Chicago", clock=clock) as ws:
        ws.set_profile(evolve(ws.profile(), name="Kim Doe", email="kim@example.org"))
        ana = ws.contacts.add(Contact(name="Ana Ruiz", emails=["ana@oak.example"]))
        talk = ws.interviews.request(ws.interviews.plan(ana))
        talk = ws.interviews.schedule(talk, datetime(2026, 12, 1, 10), format=MeetingFormat.PHONE)
        message = ws.invitation(talk, send_questions=True)
        assert b"DTSTAMP:20261129T150000Z" in message.content
        yes = only(ws.replies(answered(message.content, "ACCEPTED")))
        assert ws.interviews.get(talk.id).status == "scheduled"
        talk = ws.interviews.record(yes.interview, yes.event)
        assert talk.status == "confirmed"
        no = only(ws.replies(answered(message.content, "DECLINED")))
        talk = ws.interviews.record(no.interview, no.event)
        assert (talk.status, ws.cancellation(talk).sequence) == ("cancelled", 1)


def test_a_move_back_and_forth() -> None:
    """What was agreed by answer and new invitation would differ between the two calendars."""
    counter = file(
        "COUNTER", event("ATTENDEE:mailto:ana@oak.example", when=("DTSTART:20261202T160000Z", "DTEND:20261202T163000Z"))
    )
    one = only(read_replies(counter, campaign()))
    talk = advance(one.interview, one.event, at=ASKED + timedelta(days=1))
    again = invitation(talk, campaign(talk), at=ASKED + timedelta(days=1))
    assert (again.sequence, talk.meeting) == (1, MOVED)
    accepted = only(read_replies(answered(again.content, "ACCEPTED"), campaign(talk)))
    assert accepted.event == events.Confirmed()


# ── laws ─────────────────────────────────────────────────────────────────────────────────────────
LINES = st.sampled_from(
    [
        *(f"ATTENDEE;PARTSTAT={what}:mailto:{who}" for what in ("ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED") for who in (
            "ana@oak.example", "bo@pine.example", "eve@elm.example")),
        "SEQUENCE:0", "SEQUENCE:1", "SEQUENCE:9", "STATUS:CANCELLED", "COMMENT:a\\nb", f"COMMENT:{'x' * 5000}", "RRULE:FREQ=DAILY",
        "DTSTAMP:20261130T120000Z", "DTSTART:20261205T100000", "DURATION:PT45M", "DURATION:-PT45M", "DTEND:20271205T100000Z",
        "DTSTART;VALUE=DATE:20261205", "UID:x", "LOCATION:elsewhere", "ORGANIZER:mailto:ana@oak.example", "nonsense",
    ]
)  # fmt: skip
TALKS = st.sampled_from([TALK, BOOKED, BOTH, CONFIRMED, RESCHEDULED, *NOT_LEGAL.values()])


@settings(max_examples=400)
@given(
    method=st.sampled_from(["REPLY", "COUNTER", "CANCEL", "", "REQUEST"]),
    components=st.lists(st.lists(LINES, max_size=6, unique=True), max_size=3),
    talk=TALKS,
)
def test_every_suggestion_can_be_recorded(method: str, components: Iterable[list[str]], talk: Interview) -> None:
    """An answer would be offered that raises an error when it is taken; or a file raise one that is not ours."""
    facts = campaign(talk)
    content = file(method, *(event(*lines, when=()) for lines in components))
    try:
        found = read_replies(content, facts)
    except InfointError as error:
        assert isinstance(error, ImportRejected | InvalidValue)  # noqa: PT017 - either is right, and both are ours
        return
    for one in found.suggestions:
        assert one.interview is talk
        after = advance(one.interview, one.event, at=ASKED + timedelta(days=30))
        assert len(after.history) == len(talk.history) + 1
    assert facts == campaign(talk)
