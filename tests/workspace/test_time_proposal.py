"""From calendar files to times on offer: ranked, with reasons, as a letter and as entries that hold them."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from infoint import Contact, FollowUp, FollowUpKind, Interview, MeetingFormat, OpenWorkspace
from infoint.calendar import CalendarEntry, EntryStatus, Timed, offer_prefix, tentative_entries, to_ics
from infoint.errors import ImportRejected, InvalidValue, MissingId, NaiveTime, NotFound
from infoint.notes import letter, render, time_offer
from infoint.practice import Slot, SlotRules
from infoint.testing import demand_valid_ics

MADRID, CHICAGO = ZoneInfo("Europe/Madrid"), ZoneInfo("America/Chicago")
LAST = date(2026, 11, 27)


def calendar(*lines: str) -> bytes:
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//oak.example//EN", *lines, "END:VCALENDAR", "")).encode()


def event(uid: str, *lines: str) -> tuple[str, ...]:
    return ("BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20261101T000000Z", *lines, "END:VEVENT")


# Every working day, the whole morning; and the one afternoon that is taken.
WORK = calendar(
    *event(
        "work",
        "DTSTART;TZID=America/Chicago:20261102T080000",
        "DTEND;TZID=America/Chicago:20261102T120000",
        "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        "SUMMARY:Studio",
    ),
    *event("dentist", "DTSTART:20261118T190000Z", "DTEND:20261118T233000Z", "SUMMARY:Dentist"),
)

DENTIST = calendar(*event("dentist", "DTSTART:20261118T143000Z", "DTEND:20261118T170000Z", "SUMMARY:Dentist"))
"""Leaves mornings of Chicago, which are afternoons of Madrid."""


@pytest.fixture
def talk(ws: OpenWorkspace, ana: Contact) -> Interview:
    ws.contacts.update(evolve(ana, zone=MADRID))
    talk = ws.interviews.plan(ana, exploration=None)
    ws.interviews.request(talk)
    return ws.interviews.accept(ws.interviews.get(talk.id))


@pytest.fixture
def early(ws: OpenWorkspace, ana: Contact) -> Interview:
    """Nobody was asked yet, and she lives where the explorer does."""
    return ws.interviews.plan(ana)


def test_times_lie_between_appointments(ws: OpenWorkspace, early: Interview) -> None:
    """A time would be offered at which the explorer is taken, or nobody would know why it was."""
    found = ws.propose_times(early, [WORK], until=LAST)
    assert len(found.slots) == 5
    assert (found.why_none, found.problems) == ("", ())
    for slot in found.slots:
        local = slot.start.astimezone(CHICAGO)
        assert local.time() >= time(12, 15)
        assert local.date() != date(2026, 11, 18) or local.time() < time(13)
        assert slot.reasons
    free = ws.propose_times(early, until=LAST)
    assert any(slot.start.astimezone(CHICAGO).hour < 12 for slot in free.slots)


def test_what_was_found_is_one_line(ws: OpenWorkspace, early: Interview) -> None:
    """A notebook or a log would fill with the whole agenda and every reason."""
    found = ws.propose_times(early, [WORK], until=LAST)
    assert str(early.id) in repr(found)
    assert "slots=5 of them" in repr(found)
    assert len(repr(found)) < 300


def test_paths_streams_and_contents(ws: OpenWorkspace, early: Interview, tmp_path: Path) -> None:
    """A calendar given in one of the ways would count as free."""
    path = tmp_path / "work.ics"
    path.write_bytes(WORK)
    wanted = ws.propose_times(early, [WORK], until=LAST).slots
    assert ws.propose_times(early, [path], until=LAST).slots == wanted
    assert ws.propose_times(early, [str(path)], until=LAST).slots == wanted
    with path.open("rb") as stream:
        assert ws.propose_times(early, [stream], until=LAST).slots == wanted
    assert ws.propose_times(early, WORK, until=LAST).slots == wanted  # type: ignore[arg-type]  # one, not in a list
    with pytest.raises(NotFound, match="missing"):
        ws.propose_times(early, [tmp_path / "missing.ics"])
    with pytest.raises(ImportRejected):
        ws.propose_times(early, [b"not a calendar"])


def test_why_there_is_none_and_what_was_not_read(ws: OpenWorkspace, early: Interview) -> None:
    """An empty list would say nothing, and a broken event would count as free without a word."""
    full = calendar(*event("sabbatical", "DTSTART;VALUE=DATE:20261101", "DTEND;VALUE=DATE:20270101", "SUMMARY:Away"))
    found = ws.propose_times(early, [full], until=LAST)
    assert found.slots == ()
    assert "are taken" in found.why_none
    assert found.entries() == ()
    with pytest.raises(InvalidValue, match="why_no_times"):
        found.letter()
    broken = ws.propose_times(early, [calendar(*event("odd", "DTSTART:yesterday", "SUMMARY:private"))], until=LAST)
    assert len(broken.problems) == 1
    assert "private" not in str(broken.problems)


def test_a_letter_offers_them_on_both_clocks(ws: OpenWorkspace, talk: Interview) -> None:
    """Somebody in another zone would come an hour, or seven, off the time."""
    found = ws.propose_times(talk, [DENTIST], until=LAST)
    text = found.letter().text
    assert "Thank you for being willing to talk with me" in text
    starts = sorted(slot.start for slot in found.slots)
    for start in starts:
        assert f"{start.astimezone(MADRID):%H:%M} Madrid time ({start.astimezone(CHICAGO):%H:%M} Chicago time)" in text
    first, last = (f"{start.astimezone(MADRID).day} November" for start in (starts[0], starts[-1]))
    assert text.index(first) < text.rindex(last)
    assert "…" not in text.split("Kind regards")[0]
    assert found.letter("html").media_type == "text/html"
    assert b"To: " in found.letter("eml").content


def test_words_for_where_the_talk_stands(ws: OpenWorkspace, early: Interview, ana: Contact) -> None:
    """Somebody who was never asked would be thanked for a yes; somebody with a date would not learn that it is to move."""
    slots = ws.propose_times(early, until=LAST).slots
    assert "Would you have half an hour to tell me" in str(ws.render(time_offer(slots), early))
    agreed = ws.interviews.schedule(early, datetime(2026, 12, 1, 10), format=MeetingFormat.VIDEO)
    assert "instead of the one we agreed" in str(ws.render(time_offer(slots), agreed))
    held = ws.interviews.hold(agreed, at=datetime(2026, 12, 1, 10, 30))
    with pytest.raises(InvalidValue, match="has taken place"):
        ws.render(time_offer(slots), held)


def test_the_follow_up_that_asks_for_a_time_can_offer_some(ws: OpenWorkspace, talk: Interview) -> None:
    """Whoever works off the list of what is due would have to type the times in."""
    (ask,) = (one for one in ws.campaign().follow_ups if one.kind == FollowUpKind.PICK_TIME)
    slots = ws.propose_times(talk, until=LAST).slots
    offered = render(letter(ask, ws.campaign(), times=slots), "text").text
    assert "Madrid time" in offered
    assert "[…a day and a time" not in offered
    assert "[…a day and a time" in render(letter(ask, ws.campaign()), "text").text
    nudge = FollowUp(id=ask.id, kind=FollowUpKind.NUDGE, due=ask.due, interview_id=talk.id)
    with pytest.raises(InvalidValue, match="PICK_TIME"):
        letter(nudge, ws.campaign(), times=slots)
    with pytest.raises(InvalidValue, match="Slots"):
        letter(ask, ws.campaign(), times=[datetime(2026, 12, 1, 10)])  # type: ignore[list-item]
    with pytest.raises(InvalidValue, match="at least one"):
        time_offer(())


@pytest.mark.parametrize("times", [[datetime(2026, 12, 1, 10, tzinfo=UTC)], [1], "x", None, 5])
def test_only_times_that_were_found_are_offered(times: Any) -> None:
    """A slip would fail when the letter is written, far from the mistake, with a word about an attribute."""
    with pytest.raises(InvalidValue, match=r"time_offer\.times: needs Slots, as propose_times finds them"):
        time_offer(times)


def test_entries_hold_the_times(ws: OpenWorkspace, talk: Interview) -> None:
    """The explorer would give a time away twice, or find in the calendar what says nothing."""
    found = ws.propose_times(talk, [DENTIST], until=LAST)
    held = found.entries()
    demand_valid_ics(to_ics(held))
    assert {entry.when for entry in held} == {Timed(slot.start, slot.end) for slot in found.slots}
    assert [entry.uid for entry in held] == sorted(entry.uid for entry in held)
    for entry in held:
        assert (entry.status, entry.transparent, entry.sequence) == (EntryStatus.TENTATIVE, False, 0)
        assert entry.summary == "Offered: talk with Ana Ruiz"
        assert entry.description
        assert "Ana" not in entry.uid
    assert found.entries() == held
    released = found.entries(released=True)
    assert [(entry.uid, entry.status, entry.sequence) for entry in released] == [
        (entry.uid, EntryStatus.CANCELLED, 1) for entry in held
    ]


def test_times_on_offer_are_not_in_their_own_way(ws: OpenWorkspace, talk: Interview, ana: Contact) -> None:
    """Looking once more would find none of the times already offered; another talk would be offered them too."""
    found = ws.propose_times(talk, [DENTIST], until=LAST)
    holding = to_ics(found.entries())
    assert ws.propose_times(talk, [DENTIST, holding], until=LAST).slots == found.slots
    other = ws.interviews.plan(ana)
    taken = {slot.start for slot in ws.propose_times(other, [DENTIST, holding], until=LAST).slots}
    assert not taken & {slot.start for slot in found.slots}
    # The talks of the campaign count once: their own export is not in the way of a talk that is to move.
    agreed = ws.interviews.schedule(talk, found.slots[0].start.replace(tzinfo=None), format=MeetingFormat.VIDEO)
    again = ws.propose_times(agreed, [DENTIST, ws.calendar().to_bytes()], until=LAST)
    assert again.slots == ws.propose_times(agreed, [DENTIST], until=LAST).slots


def test_rules_and_the_last_day(ws: OpenWorkspace, early: Interview) -> None:
    """The number, the length or the last day that was asked for would not hold."""
    (one,) = ws.propose_times(early, rules=SlotRules(count=1, duration=timedelta(minutes=60))).slots
    assert one.duration == timedelta(minutes=60)
    far = ws.propose_times(early, rules=SlotRules(count=100)).slots
    assert max(slot.start.date() for slot in far) <= date(2026, 12, 7)
    with pytest.raises(InvalidValue):
        ws.propose_times(early, until=date(2020, 1, 1))


def test_bad_input(ws: OpenWorkspace, early: Interview) -> None:
    """A slip would fail somewhere deep inside, or make entries that nobody can take away again."""
    slot = Slot(datetime(2026, 12, 1, 10, tzinfo=UTC), datetime(2026, 12, 1, 11, tzinfo=UTC))
    campaign = ws.campaign()
    at = datetime(2026, 11, 16, tzinfo=UTC)
    with pytest.raises(InvalidValue, match="Slots"):
        tentative_entries(early, [at], campaign, at=at)  # type: ignore[list-item]
    with pytest.raises(NaiveTime):
        tentative_entries(early, [slot], campaign, at=datetime(2026, 11, 16))
    with pytest.raises(MissingId):
        offer_prefix(evolve(early, id=type(early.id)(int=0)))
    with pytest.raises(NotFound):
        tentative_entries(early, [slot], evolve(campaign, contacts=()), at=at)
    assert isinstance(tentative_entries(early, [slot], campaign, at=at)[0], CalendarEntry)
