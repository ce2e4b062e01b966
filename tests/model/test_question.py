"""Questions, agendas, beliefs and referrals: what ties them to one another."""

from datetime import UTC, datetime
from typing import Any

import pytest
from attrs import evolve

from infoint.errors import InvalidValue
from infoint.model import (
    AgendaItem,
    Belief,
    Debrief,
    Decision,
    Exploration,
    Interview,
    Outcome,
    Peaks,
    Question,
    QuestionCategory,
    QuestionSet,
    Referral,
    Seniority,
    Topic,
    derive_id,
)
from infoint.model.question import Domain


def question(**facts: Any) -> Question:
    return Question(
        **{
            "id": "typical-day.last-tuesday",
            "text": "What did you do last Tuesday?",
            "category": QuestionCategory.DESCRIBE_THE_JOB,
            "topic": Topic.TYPICAL_DAY,
            "domain": Domain.PERSON,
        }
        | facts
    )


@pytest.mark.parametrize("id", ["typical-day", "typical-day.last-tuesday", "acme:salary.range", "my_org.eu:a-1"])
def test_ids_of_questions(id: str) -> None:
    """A plugin's questions could not be told from ours."""
    assert question(id=id).id == id
    assert QuestionSet(name=id, title="Set", questions=(question(),)).name == id


@pytest.mark.parametrize("id", ["Typical", "a b", "a:", ":a", "a::b", "a_b", "a\n", "acme:x:y", "é"])
def test_ids_are_slugs(id: str) -> None:
    """An id with a space would not fit into anchors, file names and addresses."""
    with pytest.raises(InvalidValue, match=r"Question\.id: needs a slug"):
        question(id=id)
    with pytest.raises(InvalidValue, match=r"QuestionSet\.name: needs a slug"):
        QuestionSet(name=id, title="Set", questions=(question(),))


def test_agenda_keeps_the_wording_as_asked() -> None:
    """Editing the bank, or removing a plugin, would rewrite what was asked last year (practice §2)."""
    asked = question(language="en")
    talk = Interview(contact_ids=(derive_id(1),), agenda=(AgendaItem(asked, "new"),))
    evolve(asked, text="What happened last Monday?")
    assert talk.agenda[0].question.text == "What did you do last Tuesday?"
    assert talk.agenda[0].question.language == "en"


def test_a_belief_keeps_its_key() -> None:
    """Rewording a belief would cut it off from every insight that names it."""
    belief = Belief("It is quiet")
    assert belief.key == "It is quiet"
    assert evolve(belief, text="It is calm").key == "It is quiet"
    assert Belief("It is quiet", key="quiet").key == "quiet"


def test_a_bare_name_is_a_referral() -> None:
    """The common case, a name jotted down, would need a class."""
    debrief = Debrief(referrals=["Bo Li", Referral("Zoë")])
    assert debrief.referrals == (Referral("Bo Li"), Referral("Zoë"))
    for bad in ("Bo Li", [5], {"Bo Li"}, [""]):
        with pytest.raises(InvalidValue):
            Debrief(referrals=bad)  # type: ignore[arg-type]  # the mistake under test


def test_decisions_rest_on_evidence() -> None:
    """A path would be ruled out without a talk (practice §8)."""
    with pytest.raises(InvalidValue, match=r"Decision\.evidence: has 0 items; 1 to 1,000 are allowed"):
        Decision(outcome=Outcome.PURSUE, at=datetime(2026, 12, 1, tzinfo=UTC), evidence=())


def test_at_least_three_talks() -> None:
    """One talk would pass for knowledge of a field (practice §2)."""
    assert Exploration(subject="UX").target_talks == 3
    with pytest.raises(InvalidValue, match=r"Exploration\.target_talks: must be from 3"):
        Exploration(subject="UX", target_talks=2)


def test_letters_and_levels() -> None:
    """PEAKS would be more or fewer than five letters."""
    assert [str(one.name) for one in Peaks] == ["PERSONAL", "EXPERIENCE", "ACCOMPLISHMENTS", "KNOWLEDGE", "SKILLS"]
    assert [*Seniority] == ["entry", "mid", "senior"]


def test_whom_a_question_suits() -> None:
    """A text would be taken for a set of letters."""
    with pytest.raises(InvalidValue, match=r"Question\.seniorities: needs a frozenset of Seniority, got str"):
        question(seniorities="senior")
    with pytest.raises(InvalidValue, match=r"Question\.seniorities: needs Seniority items, got str"):
        question(seniorities=frozenset({"senior"}))
