"""Who was asked what, and who answered."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given, strategies as st

from infoint.errors import NotFound
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Answer, Debrief
from infoint.model.events import Debriefed, Event, Held, HistoryEntry, Scheduled
from infoint.model.exploration import Exploration
from infoint.model.identity import derive_id
from infoint.model.interview import AgendaItem, Interview
from infoint.model.meeting import Meeting, MeetingFormat
from infoint.model.profile import Profile
from infoint.model.question import Domain, Question, QuestionCategory, Topic
from infoint.practice import CellState, EvidenceMatrix, compare, default_policy

T0 = datetime(2026, 3, 2, 12, tzinfo=UTC)
UX = Exploration(id=derive_id("ux"), subject="UX research")
ANA, BEN, CY, DEE = PEOPLE = tuple(Contact(id=derive_id(name), name=name) for name in ("Ana", "Ben", "Cy", "Dee"))
BANK = default_policy().bank


def question(id: str, text: str = "", topic: Topic = Topic.DUTIES) -> Question:
    return Question(id=id, text=text or f"What about {id}?", topic=topic, category=QuestionCategory.PATH, domain=Domain.PERSON)


PAY, DAY, OWN = question("pay", topic=Topic.SALARY), question("day", topic=Topic.TYPICAL_DAY), question("own")


def talk(
    number: int, *people: Contact, asked: tuple[Question, ...] = (), answers: tuple[Answer, ...] = (), written: bool = True
) -> Interview:
    meeting = Meeting(start=T0 + timedelta(days=number), format=MeetingFormat.PHONE)
    events: list[Event] = [Scheduled(meeting), Held()]
    if written:
        events.append(Debriefed(Debrief(answers=answers)))
    return Interview(
        id=derive_id("talk", number),
        contact_ids=tuple(one.id for one in people),
        exploration_id=UX.id,
        agenda=tuple(map(AgendaItem, asked)),
        history=tuple(HistoryEntry(meeting.start + timedelta(hours=hour), event) for hour, event in enumerate(events)),
    )


def matrix(*talks: Interview) -> EvidenceMatrix:
    return compare(UX, Campaign(profile=Profile(zone="Europe/Madrid")).including(UX, *PEOPLE, *talks)).matrix


def states(found: EvidenceMatrix) -> dict[str, str]:
    """One letter a cell."""
    letters = {CellState.ANSWERED: "X", CellState.ASKED: "o", CellState.NOT_ASKED: "."}
    return {row.question_id: "".join(letters[cell.state] for cell in row.cells) for row in found.rows}


def test_three_things_can_have_become_of_a_question() -> None:
    """Whoever was silent would look as if never asked, or the other way round."""
    found = matrix(
        talk(1, ANA, asked=(DAY, PAY), answers=(Answer("day", "Long."),)),
        talk(2, BEN, asked=(PAY,), written=False),
        talk(3, CY, asked=(DAY,)),
    )
    assert found.people == (ANA, BEN, CY)
    assert states(found) == {"day": "X.o", "pay": "oo."}
    assert found.cell("day", ANA.id).answers == (Answer("day", "Long."),)
    assert found.cell("day", BEN.id).state is CellState.NOT_ASKED
    assert [row.open for row in found.rows] == [False, True]


def test_in_a_talk_with_two_an_answer_is_whose_it_was() -> None:
    """All would be put into the mouth of the first one met."""
    answers = (Answer("day", "Long."), Answer("day", "Short.", said_by=BEN.id), Answer("pay", "Well.", said_by=CY.id))
    found = matrix(talk(1, ANA, BEN, asked=(DAY, PAY), answers=answers))
    assert found.people == (ANA, BEN, CY)  # Cy was not met, and yet has spoken
    assert states(found) == {"day": "XX.", "pay": "ooX"}
    assert [answer.text for answer in found.cell("day", BEN.id).answers] == ["Short."]


def test_several_talks_with_one_person_are_one_column() -> None:
    """One person would be two voices, or what was said first be lost."""
    reworded = evolve(DAY, text="What did Tuesday look like?")
    first = talk(1, ANA, asked=(DAY,), answers=(Answer("day", "Long."), Answer("day", "And loud.")))
    second = talk(2, ANA, asked=(reworded, reworded), answers=(Answer("day", "Shorter by now."),))
    found = matrix(second, talk(3, BEN), first)
    assert found.people == (ANA, BEN)
    cell = found.cell("day", ANA.id)
    assert [answer.text for answer in cell.answers] == ["Long.", "And loud.", "Shorter by now."]
    assert cell.wordings == (DAY.text, reworded.text)
    assert cell.interview_ids == (first.id, second.id)
    assert found.row("day").wording == reworded.text


def test_each_cell_keeps_its_own_wording() -> None:
    """An answer would stand under a question that person was never asked."""
    reworded = evolve(DAY, text="What did Tuesday look like?")
    found = matrix(talk(1, ANA, asked=(DAY,)), talk(2, BEN, asked=(reworded,)))
    assert [cell.wordings for cell in found.row("day").cells] == [(DAY.text,), (reworded.text,)]


def test_what_came_up_unplanned_has_a_row() -> None:
    """An answer would be lost because its question was on no agenda."""
    known = next(iter(BANK))
    found = matrix(talk(1, ANA, answers=(Answer(known.id, "So."), Answer("acme:gone", "Thus."))), talk(2, BEN, asked=(OWN,)))
    row, own, gone = found.row(known.id), found.row("own"), found.row("acme:gone")
    assert (row.wording, row.topic, row.cells[0].wordings) == (known.text, known.topic, ())
    assert row.cells[0].interview_ids == (derive_id("talk", 1),)
    assert (own.wording, own.topic) == (OWN.text, OWN.topic)
    assert (gone.wording, gone.topic, gone.question) == ("acme:gone", None, None)
    assert found.rows[-1] == gone  # what nobody knows the topic of comes last


def test_as_asked_goes_before_the_bank() -> None:
    """Editing the bank would rewrite what was asked."""
    asked = evolve(next(iter(BANK)), text="As I put it?", topic=Topic.SALARY)
    unplanned = talk(2, BEN, answers=(Answer(asked.id, "So."),))
    for talks in ((talk(1, ANA, asked=(asked,)), unplanned), (talk(3, ANA, asked=(asked,)), unplanned)):
        row = matrix(*talks).row(asked.id)
        assert (row.wording, row.topic) == ("As I put it?", Topic.SALARY)


def test_rows_follow_the_topics_and_then_the_talks() -> None:
    """Related questions would stand apart, or rows jump whenever a talk is added."""
    first, second = question("second"), question("first")
    mine = question("mine", topic=Topic("my:commute"))
    found = matrix(talk(2, BEN, asked=(DAY, second)), talk(1, ANA, asked=(PAY, mine, first)))
    assert [row.question_id for row in found.rows] == ["second", "first", "day", "pay", "mine"]


def test_nothing_heard_is_an_empty_matrix() -> None:
    """An exploration before its first talk could not be looked at."""
    assert (matrix().people, matrix().rows) == ((), ())
    assert matrix(talk(1, ANA)).rows == ()


def test_what_is_not_in_the_matrix_is_said_to_be_missing() -> None:
    """A slip in an id would read as "not asked"."""
    found = matrix(talk(1, ANA, asked=(DAY,)))
    with pytest.raises(NotFound, match="no question dya"):
        found.cell("dya", ANA.id)
    with pytest.raises(NotFound, match=r"no contact .*people heard"):
        found.cell("day", BEN.id)
    with pytest.raises(NotFound, match="no question dya"):
        found.row("dya")


# ── laws ─────────────────────────────────────────────────────────────────────────────────────────
QUESTIONS = (PAY, DAY, OWN, *list(BANK)[:2])


@st.composite
def talks(draw: st.DrawFn) -> list[Interview]:
    made = []
    for number in range(draw(st.integers(0, 5))):
        speakers = st.none() | st.sampled_from([one.id for one in PEOPLE])
        texts = st.text("abc", min_size=1, max_size=3)
        ids = st.sampled_from([*(one.id for one in QUESTIONS), "acme:gone"])
        answers = draw(st.lists(st.builds(Answer, ids, texts, speakers), max_size=4))
        there = draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True))
        asked = draw(st.lists(st.sampled_from(QUESTIONS), max_size=3))
        made.append(talk(number, *there, asked=tuple(asked), answers=tuple(answers), written=draw(st.booleans())))
    return made


@given(talks())
def test_every_answer_is_in_exactly_one_cell(some: list[Interview]) -> None:
    """Something that was said would be lost, or count twice, or be somebody else's."""
    found = matrix(*some)
    said = Counter((a, a.said_by or talk.met[0]) for talk in some if talk.debrief for a in talk.debrief.answers)
    held = Counter(
        (answer, person.id)
        for row in found.rows
        for person, cell in zip(found.people, row.cells, strict=True)
        for answer in cell.answers
        if answer.question_id == row.question_id
    )
    assert held == said
    assert sum(len(cell.answers) for row in found.rows for cell in row.cells) == said.total()


@given(talks())
def test_the_matrix_is_whole(some: list[Interview]) -> None:
    """A question that was put to somebody would have no place, or looking it up give another cell than reading along the row."""
    found = matrix(*some)
    assert len({row.question_id for row in found.rows}) == len(found.rows)
    for talk in some:
        for item in talk.agenda:
            for id in talk.met:
                cell = found.cell(item.question.id, id)
                assert cell.state is not CellState.NOT_ASKED
                assert item.question.text in cell.wordings
                assert talk.id in cell.interview_ids
    for row in found.rows:
        assert [found.cell(row.question_id, person.id) for person in found.people] == list(row.cells)
        assert row.open is not any(cell.state is CellState.ANSWERED for cell in row.cells)


@given(talks(), st.data())
def test_the_order_of_rows_in_a_database_does_not_matter(some: list[Interview], data: st.DataObject) -> None:
    """Two exports of one database would give two matrices."""
    assert matrix(*data.draw(st.permutations(some))) == matrix(*some)
