"""The week on a page: what is to be done on which day, and when one talks with whom."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from infoint import (
    Campaign,
    Contact,
    FollowUp,
    FollowUpKind,
    FollowUpStatus,
    Interview,
    Meeting,
    MeetingFormat,
    Profile,
    derive_id,
    events,
)
from infoint.errors import InvalidValue, NotFound
from infoint.model import HistoryEntry, Party
from infoint.notes import Document, Figure, due_list, render, weekly_agenda
from infoint.testing import sample_campaign

GOLDEN: Final = Path(__file__).parents[1] / "golden" / "notes" / "weekly-agenda.md"
CHICAGO = ZoneInfo("America/Chicago")
ANA = Contact(id=derive_id("ana"), name="Ana Ruiz", organization="Oak Labs", title="UX lead", zone="Europe/Madrid")
BO = Contact(id=derive_id("bo"), name="Bo Li", zone="America/Mexico_City")
CY = Contact(id=derive_id("cy"), name="Cy Dee", zone="Europe/Paris")
ME = Profile(zone=CHICAGO)
MONDAY = date(2026, 11, 30)


def talk(day: int, *people: Contact, hour: int = 10, then: tuple[events.Event, ...] = (), **fields: Any) -> Interview:
    meeting = Meeting(
        start=datetime(2026, 12, day, hour, tzinfo=CHICAGO), format=MeetingFormat.VIDEO, place="https://meet.example/x"
    )
    story = (events.Requested(), events.Scheduled(meeting), *then)
    return Interview(
        id=derive_id("talk", day, hour),
        contact_ids=tuple(person.id for person in people or (ANA,)),
        history=tuple(HistoryEntry(datetime(2026, 11, 2 + number, tzinfo=UTC), event) for number, event in enumerate(story)),
        **fields,
    )


def owed(due: date, summary: str = "", **fields: Any) -> FollowUp:
    return FollowUp(
        id=derive_id("f", due.isoformat(), summary), kind=FollowUpKind.THANK_YOU, due=due, summary=summary, **fields
    )


def week(*facts: Any, on: date = MONDAY) -> Document:
    return weekly_agenda(on, Campaign(profile=ME).including(ANA, BO, CY, *facts))


def keys(document: Document) -> list[str]:
    """Of the days; what stands after them has a test of its own."""
    return [section.key for section in document.sections if section.key != "standing"]


def said(document: Document) -> str:
    return " ".join(render(document, "text").text.split())


FACTS: Final = (
    talk(1),
    talk(1, BO, hour=15, then=(events.Confirmed(),)),
    owed(date(2026, 11, 28), "Thank Cy Dee"),
    owed(date(2026, 11, 29), "Thank Di Eng", contact_id=ANA.id),
    owed(date(2026, 12, 1), "Prepare"),
    owed(date(2026, 12, 2), "Thank Ana", due_at=datetime(2026, 12, 2, 16, 30, tzinfo=UTC), contact_id=ANA.id),
    owed(date(2026, 12, 6)),
    owed(date(2026, 12, 7), "Not yet"),
)


@pytest.mark.parametrize(("language", "name"), [("en", "weekly-agenda.md"), ("es", "weekly-agenda.es.md")])
def test_the_page(language: str, name: str) -> None:
    """The page would change without anybody having read it (`INFOINT_REGENERATE_GOLDEN=1` writes anew)."""
    facts = Campaign(profile=evolve(ME, language=language)).including(ANA, BO, CY, *FACTS, talk(1, ANA, BO, CY, hour=8))
    made = render(weekly_agenda(MONDAY, facts), "markdown").text
    file = GOLDEN.with_name(name)
    if os.environ.get("INFOINT_REGENERATE_GOLDEN") == "1":
        file.write_text(made, encoding="utf-8")
    assert made == file.read_text(encoding="utf-8")


def test_it_ends_with_where_all_talks_stand() -> None:
    """Who sticks the week on the wall would see what is to be done, and not what it is part of."""
    *_, last = week(*FACTS).sections
    assert (last.key, last.title) == ("standing", "Where all this stands")
    (figure,) = last.blocks
    assert isinstance(figure, Figure)
    assert (
        figure.description
        == "2 talks: 0 took place, 2 to come, 0 not agreed yet, 0 came to nothing. Scheduled: 1; Confirmed: 1."
    )
    assert keys(week(owed(MONDAY))) == ["day-1"]
    assert [section.key for section in week(owed(MONDAY)).sections] == ["day-1"], "there are no talks to draw"


def test_day_by_day() -> None:
    """What is to be done on Sunday would stand on Saturday; what was left over would be forgotten."""
    document = week(*FACTS)
    assert keys(document) == ["late", "day-2", "day-3", "day-7"]
    assert [section.title for section in document.sections[:-1]] == [
        "Left over",
        "Tuesday 1 December",
        "Wednesday 2 December",
        "Sunday 6 December",
    ]
    assert document.title == "Week from Mon 30 Nov 2026"
    assert "[ ] Thank Cy Dee, 2 days late [ ] Thank Di Eng (Oak Labs), 1 day late" in said(document)
    assert "[ ] 10:30: Thank Ana (Oak Labs)" in said(document)
    assert "Not yet" not in said(document)


def test_talks_on_the_clocks_of_both() -> None:
    """One would be there at the other one's ten o'clock; or read the same time three times."""
    document = week(talk(1, ANA, BO, CY), talk(2, BO, then=(events.Confirmed(),)))
    first, second = (section.blocks for section in document.sections[:-1])
    assert "10:00 to 10:30: Talk with Ana Ruiz, UX lead, Oak Labs; Bo Li; Cy Dee" in said(document)
    assert "For Ana Ruiz and Cy Dee: Tue 1 Dec 2026, 17:00 (Europe/Madrid) How: video" in said(document)
    assert [len(block.pairs) for block in (*first, *second)] == [5, 3]  # type: ignore[union-attr]  # fields, one of each talk
    assert "Confirmed: not yet" in said(evolve(document, sections=document.sections[:1]))
    assert "Confirmed" not in said(evolve(document, sections=document.sections[1:2]))


def test_a_day_is_the_explorers() -> None:
    """A talk at ten in the evening in Chicago would stand on the next day, as it is in Madrid."""
    assert keys(week(talk(1, hour=22))) == ["day-2"]


def test_only_what_is_to_come() -> None:
    """One would go to a talk that was called off or has been."""
    for then in ((events.Cancelled(Party.THEM),), (events.Held(),), (events.NoShow(),)):
        assert keys(week(talk(1, then=then))) == ["nothing"]
    assert keys(week(owed(MONDAY, status=FollowUpStatus.OBSOLETE))) == ["nothing"]
    assert keys(week(Interview(id=derive_id("none"), contact_ids=(ANA.id,)))) == ["nothing"]


def test_talks_nobody_has_told_the_end_of() -> None:
    """A talk that is over would neither be debriefed nor thanked for, since nobody has said that it took place."""
    document = week(talk(1), on=date(2026, 12, 2))
    assert "[ ] Talk with Ana Ruiz on Tue 1 Dec 2026: note whether it took place" in said(document)
    assert keys(week(talk(1), on=date(2026, 12, 1))) == ["day-1"]


def test_a_week_without_anything_says_so() -> None:
    """An empty page would pass for a mistake."""
    document = week()
    assert keys(document) == ["nothing"]
    assert "No talk and nothing to do in the seven days from Mon 30 Nov 2026." in said(document)
    assert document.filename == "week-2026-11-30"
    assert keys(week(on=date.max)) == ["nothing"]
    assert keys(week(talk(1), on=date.min)) == ["nothing"]


def test_it_wants_a_day_and_people() -> None:
    """A moment would be taken for a day in some zone or other; a talk would stand there with nobody."""
    with pytest.raises(InvalidValue):
        week(on=datetime(2026, 12, 1, tzinfo=UTC))
    with pytest.raises(NotFound):
        weekly_agenda(MONDAY, Campaign(profile=ME).including(talk(1)))


def test_it_holds_what_the_due_list_holds() -> None:
    """Two lists of one week would disagree."""
    facts = sample_campaign(talks=20)
    on = date(2026, 11, 14)
    listed = render(due_list(on, facts, within=timedelta(days=6)), "text").text.count("[ ]")
    week = weekly_agenda(on, facts)
    agenda = render(evolve(week, sections=week.sections[:-1]), "text").text
    assert agenda.count("[ ]") - agenda.count("took place") == listed > 10
    assert weekly_agenda(on, facts) == weekly_agenda(on, facts)
