"""The comparison for spreadsheet programs, read back by Python's `csv`."""

import csv
from datetime import UTC, datetime
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given, strategies as st

from infoint import Answer, Campaign, Contact, Exploration, Interview, Profile, derive_id, events
from infoint.errors import InvalidValue, MissingId
from infoint.model import AgendaItem, Debrief, HistoryEntry
from infoint.notes import comparison_csv
from infoint.notes.cleaning import clean
from infoint.practice import default_policy
from infoint.testing import HOSTILE_TEXTS

ANA = Contact(id=derive_id("ana"), name="Ana Ruiz", title="UX lead", organization="Oak Labs")
BO = Contact(id=derive_id("bo"), name="Bo Li")
UX = Exploration(id=derive_id("ux"), subject="UX research")
FIRST, SECOND = list(default_policy().bank)[:2]
AT = datetime(2026, 9, 7, 15, tzinfo=UTC)


def talk(person: Contact, *answers: str) -> Interview:
    """With both questions on the agenda, and these answers to the first."""
    debrief = Debrief(answers=tuple(Answer(FIRST.id, text) for text in answers))
    history = tuple(HistoryEntry(AT, event) for event in (events.Requested(), events.Held(), events.Debriefed(debrief)))
    agenda = (AgendaItem(FIRST), AgendaItem(SECOND))
    return Interview(
        id=derive_id("talk", str(person.id)), contact_ids=(person.id,), exploration_id=UX.id, agenda=agenda, history=history
    )


def table(*facts: Contact | Interview, language: str = "en") -> list[list[str]]:
    campaign = Campaign(profile=Profile(zone=ZoneInfo("Europe/Madrid"), language=language)).including(UX, *facts)
    content = comparison_csv(UX, campaign)
    assert content.startswith(b"\xef\xbb\xbf"), "Excel would read another encoding"
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def test_questions_are_rows_and_people_columns() -> None:
    """A counsellor who sorts and filters in a spreadsheet would find something else than the page says."""
    head, *rows = table(ANA, BO, talk(ANA, 'Half of the week,\n"recruiting"', "The rest, notes"), evolve(talk(BO), agenda=()))
    assert head[:2] == ["Question", "Topic"]
    first, second = (next(dict(zip(head, row, strict=True)) for row in rows if row[0] == one.text) for one in (FIRST, SECOND))
    assert first["Ana Ruiz, UX lead, Oak Labs"] == 'Half of the week,\n"recruiting"\nThe rest, notes'
    assert second["Ana Ruiz, UX lead, Oak Labs"] == "Asked, nothing noted"
    assert first["Bo Li"] == second["Bo Li"] == ""
    assert table(ANA, talk(ANA), language="es")[0][:2] == ["Pregunta", "Tema"]
    assert table() == [["Question", "Topic"]]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", *HOSTILE_TEXTS])
def test_a_spreadsheet_computes_nothing(text: str) -> None:
    """An answer would be run as a formula when somebody opens the file, or break out of its cell."""
    person = evolve(ANA, name=text[:900], title="", organization="")
    for cell in (cell for row in table(person, talk(person, text)) for cell in row):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.sampled_from("=+-@'x"), st.text(max_size=80))
def test_any_answer_stands_in_its_cell(first: str, rest: str) -> None:
    """Some answer would shift its neighbours, or be lost."""
    answer = talk(ANA, first + rest)
    rows = table(ANA, answer)
    assert [len(row) for row in rows] == [3] * len(rows)
    kept = answer.debrief.answers[0].text if answer.debrief else ""
    shown = clean(kept)
    assert rows[1][2] == (f"'{shown}" if shown.startswith(("=", "+", "-", "@", "\t", "\r")) else shown)


def test_it_needs_identity() -> None:
    """A table of an exploration nobody has kept would be empty, and pass for one without talks."""
    with pytest.raises(MissingId):
        comparison_csv(Exploration(subject="UX"), Campaign(profile=Profile(zone=ZoneInfo("UTC"))))


@pytest.mark.parametrize("campaign", [None, UX, "campaign"])
def test_it_needs_a_campaign(campaign: object) -> None:
    """A slip in the order of arguments would end in an error of Python's own."""
    with pytest.raises(InvalidValue, match="campaign: needs Campaign"):
        comparison_csv(UX, campaign)  # type: ignore[arg-type]
