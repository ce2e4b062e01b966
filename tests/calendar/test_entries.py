"""From the model to entries, and to one file that an independent library reads."""

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from infoint import Campaign, Contact, FollowUp, FollowUpKind, Interview, Meeting, MeetingFormat, Profile, derive_id, events
from infoint.calendar import (
    AllDay,
    CalendarEntry,
    CalendarOptions,
    Component,
    ContentLevel,
    EntryStatus,
    FollowUpsAs,
    Timed,
    build_entries,
    entry_about,
    to_ics,
)
from infoint.errors import InvalidValue, MissingId, NaiveTime, NotFound
from infoint.model import HistoryEntry, Party
from infoint.practice import complete, record, waive
from infoint.testing import sample_campaign

CHICAGO = ZoneInfo("America/Chicago")
MADRID = ZoneInfo("Europe/Madrid")
ASKED = datetime(2026, 11, 16, 15, tzinfo=UTC)
ANA = Contact(
    id=derive_id("ana"),
    name="Ana Ruiz",
    organization="Oak Labs",
    title="UX lead",
    emails=("ana@oak.example",),
    phones=("+34 1",),
)
TALK = Interview(id=derive_id("talk"), contact_ids=(ANA.id,), notes="private: she may leave")
MEETING = Meeting(start=datetime(2026, 12, 1, 10, tzinfo=CHICAGO), format=MeetingFormat.VIDEO, place="https://meet.example/x")
MOVED = evolve(MEETING, start=datetime(2026, 12, 2, 10, tzinfo=CHICAGO))
START = Campaign(profile=Profile(zone=CHICAGO)).including(ANA, TALK)
GOLDEN = Path(__file__).parent.parent / "golden" / "calendar"


def after(*told: events.Event, campaign: Campaign = START) -> Campaign:
    """The campaign after the events, an hour apart."""
    for event in told:
        talk = campaign.interview(TALK.id)
        step = record(talk, event, campaign, at=ASKED + timedelta(hours=len(talk.history)))
        campaign = campaign.including(step.interview, *step.follow_ups.new, *step.follow_ups.changed)
    return campaign


BOOKED = after(events.Requested(), events.Scheduled(MEETING))


def meeting_of(campaign: Campaign, **options: object) -> CalendarEntry:
    """The talk's own entry."""
    (entry,) = (one for one in build_entries(campaign, CalendarOptions(**options)) if one.uid == str(TALK.id))  # type: ignore[arg-type]
    return entry


def test_a_meeting_says_who_when_and_where() -> None:
    """An entry would lack what one needs on the day."""
    entry = meeting_of(BOOKED)
    assert entry.when == Timed(MEETING.start, MEETING.end)
    assert entry.summary == "Informational interview: Ana Ruiz (Oak Labs)"
    assert (entry.location, entry.url) == ("https://meet.example/x", "https://meet.example/x")
    assert entry.contact == "Ana Ruiz, UX lead, Oak Labs, ana@oak.example, +34 1"
    assert (entry.status, entry.transparent, entry.sequence) == (EntryStatus.CONFIRMED, False, 0)
    assert (entry.created, entry.last_modified) == (ASKED, ASKED + timedelta(hours=1))
    assert [alarm.trigger for alarm in entry.alarms] == [timedelta(minutes=-5)]


def test_in_person_is_announced_earlier_and_links_nowhere() -> None:
    """Somebody would arrive late, or an address be offered as a link."""
    entry = meeting_of(after(events.Scheduled(evolve(MEETING, format=MeetingFormat.IN_PERSON, place="12 Oak Street"))))
    assert [alarm.trigger for alarm in entry.alarms] == [timedelta(minutes=-15)]
    assert (entry.location, entry.url) == ("12 Oak Street", "")
    for odd in ("https://x example", "https://", "javascript:alert(1)", "https://x\u202eexample"):
        assert meeting_of(after(events.Scheduled(evolve(MEETING, place=odd)))).url == ""


def test_notes_stay_private_unless_asked_for() -> None:
    """The explorer's private notes would be in a calendar that others see."""
    assert "private" not in to_ics(build_entries(BOOKED)).decode()
    assert "private: she may leave" in meeting_of(BOOKED, include_notes=True).description
    long = START.including(evolve(TALK, notes="n" * 100_000))
    entry = meeting_of(after(events.Scheduled(MEETING), campaign=long), include_notes=True)
    assert len(entry.description) == 100_000


@pytest.mark.parametrize(
    ("content", "summaries"),
    [
        (ContentLevel.BUSY, {"Busy", "To do"}),
        (ContentLevel.FIRST_NAME, {"Talk with Ana", "Prepare: Ana", "Confirm: Ana", "Nudge: Ana"}),
    ],
)
def test_content_levels_tell_no_more(content: ContentLevel, summaries: set[str]) -> None:
    """A discreet calendar would tell names, places or addresses."""
    options = CalendarOptions(content=content)
    assert {entry.summary for entry in build_entries(BOOKED, options)} == summaries
    told = to_ics(build_entries(BOOKED, options)).decode()
    for word in ("Ruiz", "Oak", "@", "meet.example", "+34"):
        assert word not in told


def test_moving_keeps_the_uid_and_bumps_sequence() -> None:
    """Calendars would keep the old time, or show the talk twice."""
    moved = after(events.Rescheduled(MOVED), campaign=BOOKED)
    before, now = meeting_of(BOOKED), meeting_of(moved)
    assert (now.uid, now.sequence) == (before.uid, before.sequence + 1)
    assert now.last_modified > before.last_modified
    kept = {entry.uid: entry for entry in build_entries(BOOKED)}
    for entry in build_entries(moved):
        if entry.when != kept[entry.uid].when:
            assert entry.sequence > kept[entry.uid].sequence


def test_cancelled_talk_is_a_tombstone() -> None:
    """A talk that was called off would stay in calendars, or be announced by an alarm."""
    gone = after(events.Cancelled(Party.THEM, "ill"), campaign=BOOKED)
    entry = meeting_of(gone)
    assert (entry.status, entry.sequence, entry.alarms) == (EntryStatus.CANCELLED, 1, ())
    assert all(one.status is EntryStatus.CANCELLED for one in build_entries(gone))
    assert list(build_entries(gone, CalendarOptions(include_cancelled=False))) == []


def test_meeting_taken_away_by_a_correction_is_a_tombstone() -> None:
    """Calendars that were told of the meeting would keep it for ever."""
    gone = after(events.Corrected(1), campaign=BOOKED)
    talk = gone.interview(TALK.id)
    assert talk.meeting is None
    entry = meeting_of(gone)
    assert (entry.status, entry.when, entry.sequence) == (EntryStatus.CANCELLED, Timed(MEETING.start, MEETING.end), 1)


def test_a_note_does_not_bump_sequence_but_stamps() -> None:
    """Clients would ask for new answers because of a note, or never see an edited name."""
    noted = BOOKED.including(evolve(BOOKED.interview(TALK.id), notes="x", edited_at=ASKED + timedelta(days=1)))
    assert (meeting_of(noted).sequence, meeting_of(noted).last_modified) == (0, ASKED + timedelta(days=1))
    renamed = BOOKED.including(evolve(ANA, name="Ana R.", edited_at=ASKED + timedelta(days=2)))
    assert meeting_of(renamed).last_modified == ASKED + timedelta(days=2)


def of_kind(campaign: Campaign, kind: FollowUpKind, **options: object) -> list[CalendarEntry]:
    """The entries of one kind of follow-up."""
    return list(build_entries(Campaign(profile=campaign.profile).including(*_only(campaign, kind)), CalendarOptions(**options)))  # type: ignore[arg-type]


def _only(campaign: Campaign, kind: FollowUpKind) -> list[FollowUp]:
    return [one for one in campaign.follow_ups if one.kind == kind]


def test_follow_ups_are_all_day_and_transparent() -> None:
    """A reminder would block a day, or stand at a time nobody chose."""
    (entry,) = of_kind(BOOKED, FollowUpKind.CONFIRM)
    assert (entry.component, entry.when, entry.transparent) == (Component.EVENT, AllDay(date(2026, 11, 30)), True)
    assert entry.related_to == ""
    related = {one.related_to for one in build_entries(BOOKED) if one.uid != str(TALK.id)}
    assert related == {str(TALK.id)}


def test_follow_ups_as_todos_and_both() -> None:
    """To-dos would clash with events of one uid, lose their moment, or never be completed."""
    held = after(events.Held(), campaign=BOOKED)
    (thanks,) = of_kind(held, FollowUpKind.THANK_YOU, follow_ups=FollowUpsAs.TODO)
    assert (thanks.component, thanks.status) == (Component.TODO, EntryStatus.NEEDS_ACTION)
    assert thanks.when == Timed(datetime(2026, 12, 2, 10, 30, tzinfo=CHICAGO))
    event, todo = sorted(of_kind(held, FollowUpKind.THANK_YOU, follow_ups=FollowUpsAs.BOTH), key=lambda one: one.component)
    assert (event.component, todo.component) == (Component.EVENT, Component.TODO)
    assert event.uid != todo.uid
    assert todo.related_to == event.uid
    assert of_kind(held, FollowUpKind.THANK_YOU, follow_ups=FollowUpsAs.NONE) == []
    (open_one,) = _only(held, FollowUpKind.THANK_YOU)
    for settle, as_todo in (
        (lambda one: complete(one, at=ASKED + timedelta(days=20)), EntryStatus.COMPLETED),
        (lambda one: waive(one, reason="met again", at=ASKED + timedelta(days=20)), EntryStatus.CANCELLED),
    ):
        settled = Campaign(profile=held.profile).including(settle(open_one))
        (todo,) = build_entries(settled, CalendarOptions(follow_ups=FollowUpsAs.TODO))
        (event,) = build_entries(settled)
        assert (todo.status, event.status, event.sequence) == (as_todo, EntryStatus.CANCELLED, 1)


def test_arriving_is_left_to_the_meetings_alarm() -> None:
    """A day would hold an entry of its own for what the alarm of the meeting says; or who asks for it would not get it."""
    arrive = FollowUp(id=derive_id("arrive"), kind=FollowUpKind.ARRIVE, due=date(2026, 12, 1), interview_id=TALK.id)
    told = BOOKED.including(arrive)
    assert str(arrive.id) not in {entry.uid for entry in build_entries(told)}
    asked_for = CalendarOptions(kinds=frozenset({FollowUpKind.ARRIVE}))
    assert str(arrive.id) in {entry.uid for entry in build_entries(told, asked_for)}


def test_kinds_are_given_as_other_fields_are() -> None:
    """A list would be refused here and nowhere else; or texts would be taken, and match nothing."""
    wanted = CalendarOptions(kinds=frozenset({FollowUpKind.PREPARE}))
    assert CalendarOptions(kinds=[FollowUpKind.PREPARE]) == CalendarOptions(kinds={FollowUpKind.PREPARE}) == wanted
    for wrong in (["prepare"], frozenset({"prepare"}), "prepare", [[]]):
        with pytest.raises(InvalidValue, match=r"CalendarOptions\.kinds: needs .*FollowUpKind"):
            CalendarOptions(kinds=wrong)  # type: ignore[arg-type]


def test_kinds_and_windows() -> None:
    """An export would hold what was not asked for, or lose what touches the window's edge."""
    assert {e.summary for e in build_entries(BOOKED, CalendarOptions(kinds=frozenset({FollowUpKind.PREPARE})))} == {
        "Informational interview: Ana Ruiz (Oak Labs)",
        "Prepare for the talk with Ana Ruiz",
    }

    def within(since: datetime | None, until: datetime | None) -> set[str]:
        return {
            e.summary.split()[0]
            for e in build_entries(BOOKED, CalendarOptions(since=since, until=until, include_cancelled=False))
        }

    assert within(MEETING.start, None) == {"Informational"}
    assert within(MEETING.end, None) == set()
    assert within(None, MEETING.start) == {"Prepare", "Confirm"}
    midnight = datetime(2026, 11, 30, tzinfo=CHICAGO)
    assert within(midnight, midnight + timedelta(minutes=1)) == {"Confirm"}
    assert within(midnight - timedelta(days=1), midnight) == {"Prepare"}
    with pytest.raises(InvalidValue, match=r"CalendarOptions\.until"):
        CalendarOptions(since=midnight, until=midnight)
    with pytest.raises(NaiveTime, match=r"CalendarOptions\.since"):
        CalendarOptions(since=datetime(2026, 1, 1))


def test_entry_about_moves_and_ends_with_its_subject() -> None:
    """A plugin's entry would stay when its talk moves or is called off."""
    talk = BOOKED.interview(TALK.id)
    back = entry_about(talk, "travel:back", Timed.starting(MEETING.end, timedelta(minutes=30)), "Way back")
    assert (back.sequence, back.related_to, back.status) == (0, str(TALK.id), EntryStatus.CONFIRMED)
    assert back.uid == entry_about(talk, "travel:back", AllDay(date(2027, 1, 1)), "x").uid
    assert back.uid != entry_about(talk, "travel:there", back.when, "x").uid
    gone = entry_about(after(events.Cancelled(Party.ME), campaign=BOOKED).interview(TALK.id), "travel:back", back.when, "x")
    assert (gone.sequence, gone.status) == (1, EntryStatus.CANCELLED)
    (confirm,) = _only(BOOKED, FollowUpKind.CONFIRM)
    assert entry_about(confirm, "k", AllDay(confirm.due), "x").sequence == confirm.revision
    with pytest.raises(InvalidValue, match="no history"):
        entry_about(TALK, "k", AllDay(date(2027, 1, 1)), "x")
    with pytest.raises(MissingId):
        entry_about(Interview(contact_ids=(ANA.id,)), "k", AllDay(date(2027, 1, 1)), "x")


def test_entries_can_be_gone_through_again_in_one_order() -> None:
    """A writer, which goes through them twice, would find nothing the second time, or another order."""
    entries = build_entries(BOOKED)
    first = list(entries)
    assert first == list(entries) == sorted(first, key=lambda one: one.uid)
    assert len(entries) == len(first)
    assert first[0] in entries
    shuffled = evolve(BOOKED, follow_ups=BOOKED.follow_ups[::-1], contacts=BOOKED.contacts[::-1])
    assert to_ics(build_entries(shuffled)) == to_ics(entries)


def test_nothing_to_show() -> None:
    """A talk without a meeting would be in the calendar, or an empty campaign fail."""
    assert list(build_entries(START)) == []
    assert list(build_entries(Campaign(profile=START.profile))) == []
    by_hand = FollowUp(id=derive_id("f"), kind=FollowUpKind.ASK_ADVICE, due=date(2026, 12, 1))
    (entry,) = build_entries(START.including(by_hand))
    assert (entry.summary, entry.last_modified) == ("Ask advice", datetime(2026, 12, 1, tzinfo=UTC))


def test_missing_people_are_an_error() -> None:
    """A meeting would be exported without its people, and nobody told."""
    with pytest.raises(NotFound, match="contact"):
        list(build_entries(evolve(BOOKED, contacts=())))


def test_history_of_a_host_without_events() -> None:
    """A host that builds a history from columns could not export."""
    told = (HistoryEntry(ASKED, events.Requested()), HistoryEntry(ASKED, events.Scheduled(MEETING)))
    (entry,) = build_entries(START.including(evolve(TALK, history=told)))
    assert (entry.sequence, entry.last_modified) == (0, ASKED)


@pytest.mark.parametrize("follow_ups", list(FollowUpsAs))
def test_golden_file(follow_ups: FollowUpsAs) -> None:
    """The same campaign would give other bytes than it gave before: every subscriber would see everything change."""
    content = to_ics(build_entries(sample_campaign(talks=4), CalendarOptions(follow_ups=follow_ups)))
    golden = GOLDEN / f"campaign-{follow_ups}.ics"
    if os.environ.get("INFOINT_REGENERATE_GOLDEN"):
        golden.write_bytes(content)
    assert content == golden.read_bytes()


def test_read_by_an_independent_library() -> None:
    """What we write would not be what others read."""
    ical = pytest.importorskip("ical.calendar_stream")
    campaign = sample_campaign(talks=4)
    options = CalendarOptions(follow_ups=FollowUpsAs.BOTH)
    read = ical.IcsCalendarStream.calendar_from_ics(to_ics(build_entries(campaign, options)).decode())
    events_read = {event.uid: event for event in read.events}
    todos_read = {todo.uid: todo for todo in read.todos}
    check: dict[Component, Callable[[CalendarEntry], None]] = {}

    def same_event(entry: CalendarEntry) -> None:
        event = events_read.pop(entry.uid)
        start, end = _span(entry)
        assert (event.start, event.end) == (start, end)
        assert (event.summary, event.description or "", event.location or "") == (
            entry.summary,
            entry.description,
            entry.location,
        )
        assert (event.sequence, event.status) == (entry.sequence, entry.status)
        assert event.dtstamp == event.last_modified == entry.last_modified.replace(microsecond=0)

    def same_todo(entry: CalendarEntry) -> None:
        todo = todos_read.pop(entry.uid)
        assert todo.due == _span(entry)[0]
        assert (todo.summary, todo.status, todo.sequence) == (entry.summary, entry.status, entry.sequence)

    check[Component.EVENT], check[Component.TODO] = same_event, same_todo
    for entry in build_entries(campaign, options):
        check[entry.component](entry)
    assert (events_read, todos_read) == ({}, {})


def _span(entry: CalendarEntry) -> tuple[date, date | None]:
    match entry.when:
        case Timed(start, end):
            return start, end
        case AllDay(on, days):
            return on, on + timedelta(days=days)
