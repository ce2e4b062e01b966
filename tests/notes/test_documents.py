"""The builders: what a prep sheet and a due list say."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from infoint import (
    Campaign,
    Contact,
    Exploration,
    FollowUp,
    FollowUpKind,
    Interview,
    Meeting,
    MeetingFormat,
    Profile,
    derive_id,
    events,
)
from infoint.errors import InvalidValue, MissingId, NotFound
from infoint.model import AgendaItem, Belief, Goal, HistoryEntry, Party, Purpose
from infoint.notes import Document, Markdown, Section, debrief_record, due_list, prep_sheet, render
from infoint.notes.phrases import stem
from infoint.practice import default_policy
from infoint.testing import sample_campaign

CHICAGO = ZoneInfo("America/Chicago")
ANA = Contact(
    id=derive_id("ana"),
    name="Ana Ruiz",
    organization="Oak Labs",
    title="UX lead",
    zone="Europe/Madrid",
    emails=("a@oak.example",),
)
BO = Contact(id=derive_id("bo"), name="Bo Li")
UX = Exploration(id=derive_id("ux"), subject="UX research", beliefs=(Belief("It is all interviews"),))
QUESTION = next(iter(default_policy().bank))
ME = Profile(zone=CHICAGO, introduction="I teach.")


def told(*history: events.Event) -> tuple[HistoryEntry, ...]:
    return tuple(HistoryEntry(datetime(2026, 11, 16, hour, tzinfo=UTC), event) for hour, event in enumerate(history))


def booked(format: MeetingFormat = MeetingFormat.VIDEO, place: str = "https://meet.example/x") -> Interview:
    meeting = Meeting(start=datetime(2026, 12, 1, 10, tzinfo=CHICAGO), format=format, place=place)
    return Interview(
        id=derive_id("talk"),
        contact_ids=(ANA.id, BO.id),
        exploration_id=UX.id,
        agenda=(AgendaItem(QUESTION, "Because."),),
        history=told(events.Requested(), events.Scheduled(meeting)),
    )


def sheet(talk: Interview) -> Document:
    return prep_sheet(talk, Campaign(profile=ME).including(ANA, BO, UX, talk))


def text(document: Document) -> str:
    return render(document, "text").text


def test_sheet_says_what_one_needs() -> None:
    """One would stand at the door without knowing whom, when, where, what to ask and how to end."""
    said = text(sheet(booked()))
    for words in (
        "Talk with Ana Ruiz and Bo Li",
        "Ana Ruiz, UX lead, Oak Labs",
        "Tue 1 Dec 2026, 10:00 (America/Chicago), 30 minutes",
        "Tue 1 Dec 2026, 17:00 (Europe/Madrid)",
        "09:55",
        "https://meet.example/x",
        "a@oak.example",
        "UX research",
        "It is all interviews",
        "I teach.",
        "1. " + QUESTION.text,
        "Because.",
        "whom else you should talk to",
    ):
        assert words in " ".join(said.split()), words


def test_the_pages_in_spanish() -> None:
    """A Spanish explorer would get a sheet, a record or a list of which nobody has read a line (`INFOINT_REGENERATE_GOLDEN=1` writes anew)."""
    facts = sample_campaign(talks=4)
    spanish = evolve(facts, profile=evolve(facts.profile, language="es"))
    talk = spanish.interviews[0]
    day = talk.history[0].told_at.date()
    said = "\n\n".join(map(text, (prep_sheet(talk, spanish), debrief_record(talk, spanish), due_list(day, spanish))))
    file = Path(__file__).parents[1] / "golden" / "notes" / "pages.es.txt"
    if os.environ.get("INFOINT_REGENERATE_GOLDEN") == "1":
        file.write_text(said, encoding="utf-8")
    assert said == file.read_text(encoding="utf-8")


def test_sections_others_can_follow() -> None:
    """A plugin's section would have nothing to stand behind."""
    assert [section.key for section in sheet(booked()).sections] == [
        "meeting",
        "goal",
        "research",
        "introduction",
        "agenda",
        "bring",
        "closing",
    ]


def test_notes_are_on_the_sheet() -> None:
    """What one knows of a person would be at home when one meets them; or read as markup of ours."""
    talk = evolve(booked(), notes="Ask about *the* team.")
    bo = evolve(BO, notes="Met at the fair.\nLikes maps.")
    document = prep_sheet(talk, Campaign(profile=ME).including(ANA, bo, UX, talk))
    assert [section.key for section in document.sections][:4] == ["meeting", "goal", "notes", "research"]
    on_bo = Section(key="notes-2", title="On Bo Li", blocks=(Markdown("Met at the fair.\nLikes maps."),))
    assert document.section("notes") == Section(
        key="notes", title="My notes", blocks=(Markdown("Ask about *the* team."), on_bo)
    )
    only_bo = prep_sheet(booked(), Campaign(profile=ME).including(ANA, bo, UX, booked())).section("notes")
    assert only_bo == Section(key="notes", title="My notes", blocks=(on_bo,))


def test_a_street_is_no_link() -> None:
    """A place would be shown as a page to go to."""
    said = render(sheet(booked(MeetingFormat.IN_PERSON, "12 Oak Street")), "html").text
    assert "<dd>12 Oak Street</dd>" in said
    assert '<a class="told" href="https://meet.example/x">' in render(sheet(booked()), "html").text


def test_long_names_keep_sheets_apart() -> None:
    """Two talks with people of long names would be one file."""
    people = [evolve(one, name=f"{one.name} " * 90) for one in (ANA, BO)]
    both = tuple(one.id for one in people)
    made = [
        prep_sheet(Interview(id=derive_id(number), contact_ids=both), Campaign(profile=ME).including(*people)).filename
        for number in range(2)
    ]
    assert len(set(made)) == 2
    assert all(len(name) <= 100 for name in made)


def test_in_person_is_prepared_otherwise() -> None:
    """One would come late, or bring a charged battery to a visit."""
    said = text(sheet(booked(MeetingFormat.IN_PERSON, "12 Oak Street")))
    assert "09:45" in said
    assert "12 Oak Street" in said
    assert "Business cards" in said
    assert "battery" not in said
    assert "Be ready at" in text(sheet(booked(MeetingFormat.PHONE, "+1 555 0100")))


@pytest.mark.parametrize(
    ("language", "learning", "working"),
    [
        ("en", "Your résumé, in case they ask; it is not why you came", "Your résumé; if you have not sent it yet, send it"),
        ("es", "Su currículum, por si lo piden; no ha venido por eso", "Su currículum; si aún no lo ha enviado, envíelo"),
    ],
)
def test_a_talk_about_employment_is_prepared_as_that(language: str, learning: str, working: str) -> None:
    """Who promised the résumé would be told that it is not what they come for."""

    def said(purpose: Purpose) -> str:
        agreed = evolve(booked(), purpose=purpose)
        return text(prep_sheet(agreed, Campaign(profile=evolve(ME, language=language)).including(ANA, BO, UX, agreed)))

    assert learning in said(Purpose.INFORMATIONAL)
    assert working not in said(Purpose.INFORMATIONAL)
    assert working in said(Purpose.EMPLOYMENT)
    assert learning not in said(Purpose.EMPLOYMENT)


def test_sheet_before_there_is_a_date_or_an_agenda() -> None:
    """A sheet could be made only when everything is known."""
    bare = Interview(id=derive_id("bare"), contact_ids=(BO.id,))
    document = prep_sheet(bare, Campaign(profile=Profile(zone=CHICAGO)).including(BO))
    said = text(document)
    assert "not agreed yet; ask for 30 minutes" in said
    assert "No questions chosen yet." in said
    assert document.filename == f"prep-sheet-bo-li-no-date-{bare.id.hex[-8:]}"


@pytest.mark.parametrize(
    ("event", "said"),
    [(events.Declined(), "When: came to nothing: declined"), (events.GaveUp(), "When: came to nothing: no response")],
)
def test_sheet_of_a_talk_that_will_not_be_asks_for_no_time(event: events.Event, said: str) -> None:
    """Somebody who said no would be asked for half an hour."""
    talk = Interview(id=derive_id("no"), contact_ids=(ANA.id,), history=told(events.Requested(), event))
    assert said in " ".join(text(sheet(talk)).split())


def test_everybody_of_one_zone_is_told_its_clock() -> None:
    """Of two people who wait for the call at one hour of theirs, one would be left out."""
    madrid = ZoneInfo("Europe/Madrid")
    talk = evolve(booked(), contact_ids=(ANA.id, BO.id))
    people = [evolve(ANA, zone=madrid), evolve(BO, zone=madrid)]
    shown = text(prep_sheet(talk, Campaign(profile=ME).including(*people, UX)))
    assert "For Ana Ruiz and Bo Li: " in " ".join(shown.split())


def test_the_goal_stands_beside_what_is_studied() -> None:
    """One would go in without what the talks are for."""
    aiming = evolve(UX, goal=Goal.CHANGE_FIELD)
    shown = text(prep_sheet(booked(), Campaign(profile=ME).including(ANA, BO, aiming)))
    assert "UX research (goal: change field)" in " ".join(shown.split())


def test_sheet_of_a_cancelled_talk_says_so() -> None:
    """One would go to a talk that was called off."""
    talk = booked()
    gone = evolve(talk, history=(*talk.history, HistoryEntry(datetime(2026, 11, 20, tzinfo=UTC), events.Cancelled(Party.THEM))))
    assert "called off" in text(sheet(gone))


def test_sheet_needs_identity_and_people() -> None:
    """A sheet would be made of half a talk."""
    with pytest.raises(MissingId):
        prep_sheet(Interview(contact_ids=(BO.id,)), Campaign(profile=ME).including(BO))
    with pytest.raises(NotFound):
        prep_sheet(booked(), Campaign(profile=ME))


def test_names_of_files_are_safe() -> None:
    """A name would lead out of the folder, or leave nothing to call the file by."""
    hostile = evolve(BO, name="../../etc/passwd\x00 李")
    document = prep_sheet(Interview(id=derive_id("x"), contact_ids=(BO.id,)), Campaign(profile=ME).including(hostile))
    assert document.filename.startswith("prep-sheet-etc-passwd-李-no-date-")
    only_signs = evolve(BO, name="¿?!")
    document = prep_sheet(Interview(id=derive_id("x"), contact_ids=(BO.id,)), Campaign(profile=ME).including(only_signs))
    assert document.filename.startswith("prep-sheet-no-date-")


def owed(due: date, summary: str, number: int) -> FollowUp:
    return FollowUp(id=derive_id("f", number), kind=FollowUpKind.THANK_YOU, due=due, summary=summary, contact_id=ANA.id)


def test_due_list_in_three_parts() -> None:
    """What is overdue would hide among what comes."""
    today = date(2026, 12, 2)
    campaign = Campaign(profile=ME).including(
        ANA,
        owed(today - timedelta(days=1), "first", 1),
        owed(today - timedelta(days=2), "second", 2),
        owed(today, "third", 3),
        owed(today + timedelta(days=7), "fourth", 4),
        owed(today + timedelta(days=8), "not yet", 5),
    )
    document = due_list(today, campaign)
    assert [section.key for section in document.sections] == ["overdue", "today", "coming"]
    assert render(document, "markdown").text == (
        "# Due on Wed 2 Dec 2026\n\n"
        "## Overdue\n\n"
        "- [ ] Mon 30 Nov 2026: second (Oak Labs), 2 days late\n"
        "- [ ] Tue 1 Dec 2026: first (Oak Labs), 1 day late\n\n"
        "## Today\n\n"
        "- [ ] Wed 2 Dec 2026: third (Oak Labs)\n\n"
        "## Coming up\n\n"
        "- [ ] Wed 9 Dec 2026: fourth (Oak Labs)\n"
    )
    assert "not yet" in text(due_list(today, campaign, within=timedelta(days=8)))


def test_nothing_due() -> None:
    """An empty page would leave one wondering."""
    said = text(due_list(date(2026, 12, 2), Campaign(profile=ME)))
    assert "Nothing until Wed 9 Dec 2026." in said
    with pytest.raises(InvalidValue, match="due"):
        due_list(datetime(2026, 12, 2, tzinfo=UTC), Campaign(profile=ME))


def test_documents_read_no_clock_and_no_locale() -> None:
    """The same campaign would give another sheet tomorrow, or on a Spanish server."""
    campaign = sample_campaign()
    for talk in campaign.interviews:
        assert render(prep_sheet(talk, campaign)).content == render(prep_sheet(talk, sample_campaign())).content


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("prep-sheet", "Zoë Ångström-Lindqvist", "2026-10-13"), "prep-sheet-zoe-angstrom-lindqvist-2026-10-13"),
        (("thank-you", "Δημήτρης Αλεξίου"), "thank-you-δημήτρης-αλεξίου"),
        (("김 하늘", "हिन्दी", "محمد علي"), "김-하늘-हिन्दी-محمد-علي"),
        (("İstanbul", "e\u0301", "ﬁne", "a/b\\c:d"), "istanbul-e-fine-a-b-c-d"),
        (("", "!", "last"), "last"),
    ],
)
def test_file_names_are_readable(parts: tuple[str, ...], name: str) -> None:
    """Whoever is not called in Latin letters would find files without their name."""
    assert stem(*parts) == name


@pytest.mark.parametrize("long", ["x" * 300, "李" * 300, "👩‍👩‍👧" * 90, "é" * 300])
def test_file_names_fit(long: str) -> None:
    """A long name would not fit into a file system, or lose what tells two files apart."""
    made = stem("prep-sheet", long, "2c34dbce")
    assert len(made.encode()) <= 100
    assert made.startswith("prep-sheet-")
    assert made.endswith("-2c34dbce")
