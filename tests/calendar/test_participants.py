"""People and conferences of an entry, and the lines that tell of them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from attrs import evolve

from infoint.calendar import (
    Attendee,
    CalendarEntry,
    Component,
    Conference,
    ConferenceFeature,
    Organizer,
    Participation,
    ParticipationRole,
    ScheduleAgent,
    Timed,
    to_ics,
)
from infoint.calendar.colors import COLOR_NAMES
from infoint.errors import InvalidValue

ENTRY = CalendarEntry(
    uid="talk",
    when=Timed(datetime(2026, 3, 27, 14, tzinfo=UTC)),
    summary="Talk",
    last_modified=datetime(2026, 3, 2, tzinfo=UTC),
    organizer=Organizer("kim@example.org"),
)


def lines(entry: CalendarEntry, name: str) -> list[str]:
    return [line for line in to_ics([entry]).decode().replace("\r\n ", "").split("\r\n") if line.startswith(name)]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Ana Beispiel", '"Ana Beispiel"'),
        ('Ana "Bee"', "\"Ana ^'Bee^'\""),
        ("a^b ^n", '"a^^b ^^n"'),
        ("Beispiel, Ana; the: one", '"Beispiel, Ana; the: one"'),
        ("Ana\r\nEve\x00", '"Ana Eve"'),
        ("Ána 日本", '"Ána 日本"'),
    ],
)
def test_names_are_told_as_rfc_6868_says(name: str, written: str) -> None:
    """A quote or a line end in a name would end the parameter, and forge what follows."""
    entry = evolve(ENTRY, organizer=Organizer("kim@example.org", name), attendees=(Attendee("ana@oak.example", name),))
    assert lines(entry, "ORGANIZER") == [f"ORGANIZER;CN={written}:mailto:kim@example.org"]
    assert lines(entry, "ATTENDEE") == [
        f"ATTENDEE;CN={written};ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION:mailto:ana@oak.example"
    ]


def test_what_is_said_of_attendees() -> None:
    """Who may stay away, who answered, who sends the mail: a reader would take the defaults."""
    one = Attendee(
        "ana@oak.example", participation=Participation.ACCEPTED, role=ParticipationRole.OPTIONAL, rsvp=True,
        schedule_agent=ScheduleAgent.NONE,
    )  # fmt: skip
    (line,) = lines(evolve(ENTRY, attendees=[one]), "ATTENDEE")
    assert line == "ATTENDEE;ROLE=OPT-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=TRUE;SCHEDULE-AGENT=NONE:mailto:ana@oak.example"


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("ana+talks@oak.example", "mailto:ana+talks@oak.example"),
        ("o'neil@oak.example", "mailto:o'neil@oak.example"),
        ("a?b=c%d@oak.example", "mailto:a%3Fb%3Dc%25d@oak.example"),
        ("zoë@oak.example", "mailto:zo%C3%AB@oak.example"),
    ],
)
def test_addresses_as_written(address: str, written: str) -> None:
    """A question mark would begin headers of a mail (RFC 6068)."""
    assert lines(evolve(ENTRY, organizer=Organizer(address)), "ORGANIZER") == [f"ORGANIZER:{written}"]


@pytest.mark.parametrize(
    "address",
    [
        "", "ana", "@oak.example", "ana@", "mailto:ana@oak.example", "a@b@oak.example", "ana@oak.example\r\nX:y", "a b@oak.example",
        "<ana@oak.example>", "ana@oak.example,eve@elm.example", "ana@oak.example;x", '"a"@oak.example', "a\u202e@oak.example",
        f"{'a' * 243}@oak.example", None, b"ana@oak.example",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(address: Any) -> None:
    """Mail would go to somebody else, twice, or nowhere."""
    for kind in (Organizer, Attendee):
        with pytest.raises(InvalidValue, match=rf"{kind.__name__}\.email"):
            kind(address)
    assert Attendee(f"{'a' * 242}@oak.example").email


def test_attendees_need_an_organizer_and_stand_once() -> None:
    """An answer would have nowhere to go, or one person be asked twice (RFC 5545 §3.8.4.3)."""
    ana = Attendee("ana@oak.example")
    with pytest.raises(InvalidValue, match=r"CalendarEntry\.attendees: needs an organizer"):
        evolve(ENTRY, organizer=None, attendees=(ana,))
    with pytest.raises(InvalidValue, match=r"CalendarEntry\.attendees: holds one address twice"):
        evolve(ENTRY, attendees=(ana, Attendee("Ana@Oak.example")))


@pytest.mark.parametrize(
    ("make", "place"),
    [
        (lambda: Attendee("ana@oak.example", rsvp=1), "Attendee.rsvp"),  # type: ignore[arg-type]  # wrong on purpose
        (lambda: Attendee("ana@oak.example", role="CHAIR"), "Attendee.role"),  # type: ignore[arg-type]  # wrong on purpose
        (lambda: Attendee("ana@oak.example", participation="ACCEPTED"), "Attendee.participation"),  # type: ignore[arg-type]  # as above
        (lambda: Attendee("ana@oak.example", schedule_agent="NONE"), "Attendee.schedule_agent"),  # type: ignore[arg-type]  # as above
        (lambda: Organizer("kim@example.org", None), "Organizer.name"),  # type: ignore[arg-type]  # as above
        (lambda: Conference(""), "Conference.uri"),
        (lambda: Conference("javascript:alert(1)"), "Conference.uri"),
        (lambda: Conference("https://meet.example/x", ("AUDIO",)), "Conference.features"),  # type: ignore[arg-type]  # as above
        (lambda: Conference("https://meet.example/x", ConferenceFeature.CHAT), "Conference.features"),  # type: ignore[arg-type]  # as above
        (lambda: Conference("https://meet.example/x", label=7), "Conference.label"),  # type: ignore[arg-type]  # as above
        (lambda: evolve(ENTRY, attendees=("ana@oak.example",)), "CalendarEntry.attendees"),  # type: ignore[arg-type]  # as above
        (lambda: evolve(ENTRY, organizer="kim@example.org"), "CalendarEntry.organizer"),  # type: ignore[arg-type]  # as above
        (lambda: evolve(ENTRY, conferences=("https://meet.example/x",)), "CalendarEntry.conferences"),  # type: ignore[arg-type]  # as above
        (lambda: evolve(ENTRY, priority=10), "CalendarEntry.priority"),
        (lambda: evolve(ENTRY, priority=-1), "CalendarEntry.priority"),
        (lambda: evolve(ENTRY, percent_complete=50), "CalendarEntry.percent_complete"),
        (lambda: evolve(ENTRY, component=Component.TODO, percent_complete=101), "CalendarEntry.percent_complete"),
        (lambda: evolve(ENTRY, color="#008080"), "CalendarEntry.color"),
        (lambda: evolve(ENTRY, color="transparent"), "CalendarEntry.color"),
    ],
)  # fmt: skip
def test_values_that_cannot_be_written_name_their_field(make: Any, place: str) -> None:
    """A writer would meet a value that no program reads."""
    with pytest.raises(InvalidValue) as caught:
        make()
    assert str(caught.value).startswith(place)


def test_conferences_as_written() -> None:
    """A list in quotes is one feature that nobody knows; without VALUE=URI the line is illegal (RFC 7986 §5.11)."""
    full = Conference("https://meet.example/käse", [ConferenceFeature.AUDIO, ConferenceFeature.VIDEO], 'The "way" in: here')  # type: ignore[arg-type]  # lists are taken too
    bare = Conference("tel:+34-600-000-000")
    assert lines(evolve(ENTRY, conferences=(full, bare)), "CONFERENCE") == [
        "CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL=\"The ^'way^' in: here\":https://meet.example/k%C3%A4se",
        "CONFERENCE;VALUE=URI:tel:+34-600-000-000",
    ]


def test_colors_priorities_and_shares_as_written() -> None:
    """A colour told in numbers, or a priority of none, is not what RFC 7986 and RFC 5545 know."""
    todo = evolve(ENTRY, component=Component.TODO, priority=9, percent_complete=0, color="teal")
    assert lines(todo, "PRIORITY") + lines(todo, "PERCENT") + lines(todo, "COLOR") == [
        "PRIORITY:9",
        "PERCENT-COMPLETE:0",
        "COLOR:teal",
    ]
    assert lines(ENTRY, "PRIORITY") == lines(ENTRY, "PERCENT") == lines(ENTRY, "COLOR") == []
    assert len(COLOR_NAMES) == 147, "as many as CSS Color Module Level 3 §4.3 lists"
    assert all(name.isalpha() and name.islower() for name in COLOR_NAMES)


def test_lone_percent_signs_and_categories_of_nothing() -> None:
    """An address would hold what tells no octet (RFC 3986 §2.1); a reader would show an empty category."""
    entry = evolve(ENTRY, url="https://oak.example/100%/%41%zz", categories=("\x00", "Talks"))
    assert lines(entry, "URL") == ["URL:https://oak.example/100%25/%41%25zz"]
    assert lines(entry, "CATEGORIES") == ["CATEGORIES:Talks"]
    assert lines(evolve(entry, categories=("\x00",)), "CATEGORIES") == []
