"""What a calendar that tells little may not let out: by a plugin's entry, a name, a stamp or a title."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs
import pytest

import infoint
from infoint import Campaign, Contact, MeetingFormat, hookimpl
from infoint.calendar import (
    Alarm,
    Attendee,
    CalendarEntry,
    CalendarHead,
    CalendarOptions,
    Classification,
    Component,
    Conference,
    ContentLevel,
    EntryStatus,
    FeedOptions,
    FollowUpsAs,
    Organizer,
    Timed,
)
from infoint.cli import main
from infoint.testing import Clock

AT = datetime(2026, 12, 1, 10, tzinfo=UTC)
DISCREET = [ContentLevel.BUSY, ContentLevel.FIRST_NAME]
FULL_EVENT = CalendarEntry(
    uid="ruiz-way-there",
    when=Timed(AT, AT + timedelta(hours=1)),
    summary="To ruiz",
    last_modified=AT,
    description="ruiz",
    location="ruiz",
    url="https://ruiz.example",
    status=EntryStatus.CONFIRMED,
    classification=Classification.PRIVATE,
    categories=("ruiz",),
    contact="ruiz",
    related_to="ruiz-talk",
    alarms=(Alarm(timedelta(minutes=-5), "ruiz"),),
    created=AT,
    conferences=(Conference("https://ruiz.example/meet", label="ruiz"),),
    organizer=Organizer("ruiz@oak.example", "ruiz"),
    attendees=(Attendee("ruiz2@oak.example", "ruiz"),),
    priority=1,
    color="teal",
)
FULL_TODO = CalendarEntry(
    uid="ruiz-todo",
    when=Timed(AT),
    summary="About ruiz",
    last_modified=AT,
    component=Component.TODO,
    status=EntryStatus.COMPLETED,
    completed=AT,
    percent_complete=100,
    related_to="ruiz-way-there",
)


class Talkative:
    """Looks at no option."""

    revision = "1"

    @hookimpl
    def infoint_calendar_entries(self, campaign: Campaign) -> Iterable[CalendarEntry]:
        return (FULL_EVENT, FULL_TODO)


def calendar_of(content: ContentLevel, *names: str, follow_ups: FollowUpsAs = FollowUpsAs.NONE, **given: object) -> str:
    clock = Clock(datetime(2026, 11, 16, 15, tzinfo=UTC))
    with infoint.open("memory:", zone="America/Chicago", clock=clock, **given) as ws:  # type: ignore[arg-type]
        people = [ws.contacts.add(Contact(name=name)) for name in names]
        if people:
            talk = ws.interviews.request(ws.interviews.plan(*people))
            ws.interviews.schedule(talk, datetime(2026, 12, 1, 10), format=MeetingFormat.PHONE)
        feed = ws.feed(FeedOptions(content=content, follow_ups=follow_ups, alarms=True))
        return feed.respond().body.decode().replace("\r\n ", "")


def names_of(text: str) -> list[str]:
    return re.findall(r"^(?:X-WR-CAL)?NAME:(.*)\r$", text, re.MULTILINE)


# ── entries of plugins ───────────────────────────────────────────────────────────────────────────
def test_a_plugins_entry_tells_a_feed_only_when() -> None:
    """Whoever finds the address would read names and addresses that a plugin put into ATTENDEE, CONFERENCE or a UID."""
    assert "ruiz" not in calendar_of(ContentLevel.BUSY, plugins=[Talkative()]).lower()


def test_a_plugins_entry_tells_its_summary_where_names_may_be_told() -> None:
    """Its summary would be all that is kept from a first-name calendar, or its addresses would not be."""
    text = calendar_of(ContentLevel.FIRST_NAME, plugins=[Talkative()])
    assert "SUMMARY:To ruiz" in text
    told = [line for line in text.split("\r\n") if "ruiz" in line.lower()]
    assert {line.partition(":")[0] for line in told} == {"SUMMARY", "DESCRIPTION"}  # an alarm says its entry's summary


def test_the_sample_fills_every_field() -> None:
    """A new field of entries would be told by feeds, and no test see it."""
    for field in attrs.fields(CalendarEntry):
        if field.default is not attrs.NOTHING and field.name not in {"sequence", "transparent", "recurrence"}:
            told = {getattr(one, field.name) for one in (FULL_EVENT, FULL_TODO)}
            assert told != {field.default}, field.name


@pytest.mark.parametrize("content", DISCREET)
def test_what_belongs_together_still_does(content: ContentLevel) -> None:
    """A to-do of a plugin would hang on an entry that has another uid now."""
    text = calendar_of(content, plugins=[Talkative()])
    uids = re.findall(r"^UID:(.*)\r$", text, re.MULTILINE)
    parents = re.findall(r"^RELATED-TO;RELTYPE=PARENT:(.*)\r$", text, re.MULTILINE)
    assert len(set(uids)) == 2
    assert len([one for one in parents if one in uids]) == 1


def test_a_uid_that_says_nothing_stays() -> None:
    """An entry would have two uids in two calendars of the same person without need."""

    class Plain:
        revision = "1"

        @hookimpl
        def infoint_calendar_entries(self, campaign: Campaign) -> Iterable[CalendarEntry]:
            yield attrs.evolve(FULL_EVENT, uid="6f2e8d1a-59b4-5c6d-8e7f-001122334455")

    assert "UID:6f2e8d1a-59b4-5c6d-8e7f-001122334455\r" in calendar_of(ContentLevel.BUSY, plugins=[Plain()])
    assert "UID:ruiz-way-there\r" in calendar_of(ContentLevel.FULL, plugins=[Talkative()])


# ── names ────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ana Ruiz", "Ana"),
        ("Ruiz, Ana", "Ana"),
        ("de la Cruz, Ana Maria", "Ana"),
        ("Ruiz,Ana", "Ana"),
        ("Ana Ruiz, PhD", "Ana"),
        ("Ana Ruiz, M.D., MBA", "Ana"),
        ("Ana Ruiz Jr.", "Ana"),
        ("Ana Ruiz, Jr.", "Ana"),
        ("Dr. Ana Ruiz", "Ana"),
        ("Prof. Dr. Ana Ruiz", "Ana"),
        ("Ana", "Ana"),
        ("Dr.", "Dr."),
        ("ana.ruiz@oak.example", "somebody"),
        ("<ana@oak.example>", "somebody"),
        (",", "somebody"),
    ],
)
def test_a_first_name_is_all_that_is_told(name: str, shown: str) -> None:
    """A calendar for colleagues would tell the family name, or the address, of people who are listed in another form."""
    text = calendar_of(ContentLevel.FIRST_NAME, name, follow_ups=FollowUpsAs.EVENT)
    assert f"SUMMARY:Talk with {shown}\r" in text
    assert "ruiz" not in text.lower()
    assert "oak" not in text.lower()


# ── stamps and titles ────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("content", ContentLevel)
def test_when_it_was_planned_is_told_in_full_only(content: ContentLevel) -> None:
    """A feed that tells when time is taken would tell when somebody was first written to."""
    assert ("\r\nCREATED:" in calendar_of(content, "Ana Ruiz")) is (content is ContentLevel.FULL)


@pytest.mark.parametrize(
    ("content", "name"),
    [(ContentLevel.BUSY, "Busy"), (ContentLevel.FIRST_NAME, "Talks"), (ContentLevel.FULL, "Informational interviews")],
)
def test_a_file_is_called_no_more_than_it_tells(content: ContentLevel, name: str, tmp_path: Path) -> None:
    """A calendar that says when somebody is busy would say in its title what with."""
    path = tmp_path / "interviews.db"
    with infoint.open(f"sqlite:{path}", zone="America/Chicago") as ws:
        options = CalendarOptions(content=content)
        assert names_of(ws.calendar(options).to_bytes().decode()) == [name, name]
        assert names_of(ws.calendar(options).to_bytes(head=CalendarHead(name="Kim")).decode()) == ["Kim", "Kim"]
        ws.calendar(options).write(tmp_path / "library.ics")
    assert main(["export", str(path), str(tmp_path / "command.ics"), "--content", content]) == 0
    assert (tmp_path / "command.ics").read_bytes() == (tmp_path / "library.ics").read_bytes()
