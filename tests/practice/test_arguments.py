"""Whatever the functions of questions, agendas, reviews and the lifecycle are given, only errors of infoint come out."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from infoint.errors import ImportRejected, InfointError, InvalidValue
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.events import Held, Requested
from infoint.model.exploration import Exploration
from infoint.model.follow_up import FollowUpKind
from infoint.model.identity import derive_id
from infoint.model.interview import Interview
from infoint.model.profile import Profile
from infoint.model.question import Tone
from infoint.practice import (
    FindingCode,
    Labels,
    Mix,
    QuestionWordings,
    advance,
    choose_agenda,
    default_policy,
    explain_mix,
    label,
    legal_events,
    load_question_sets,
    read_labels,
    read_question_sets,
    read_question_wordings,
    review,
    review_letter,
    review_question,
    topic_phrases,
)
from infoint.practice.word_rules import read_word_rules

ANA, UX = Contact(id=derive_id("ana"), name="Ana Ruiz"), Exploration(id=derive_id("ux"), subject="UX research")
CAMPAIGN = Campaign(profile=Profile(zone="Europe/Madrid")).including(ANA, UX)
TALK = Interview(id=derive_id("talk"), contact_ids=(ANA.id,), exploration_id=UX.id)
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
BANK = default_policy().bank
ODD: tuple[Any, ...] = (
    None, "", "x" * 5000, 5, -1, 1.5, [], {}, (), object(), b"x", datetime(2026, 1, 1), date(2026, 1, 1), "\ud800", "\0",  # naive on purpose
    ["x"], [["x"]], {"a": 1}, True, Mix(), TALK, CAMPAIGN, ANA, "../../secret", "en/../en",
)  # fmt: skip
CALLS: dict[str, Callable[[Any], object]] = {
    "bank.question": BANK.question,
    "bank.set": BANK.set,
    "bank.in_language": BANK.in_language,
    "bank.worded": BANK.worded,
    **{
        f"bank.find({key})": lambda odd, key=key: BANK.find(**{key: odd})  # type: ignore[misc]  # a lambda's default
        for key in (
            "category",
            "topic",
            "domain",
            "tone",
            "role",
            "seniority",
            "peaks",
            "obstacle",
            "longest",
            "text",
            "language",
        )
    },
    "load_question_sets": load_question_sets,
    "topic_phrases": topic_phrases,
    "read_question_sets": lambda odd: read_question_sets(odd, "odd.toml"),
    "read_question_wordings": lambda odd: read_question_wordings(odd, "odd.toml"),
    "read_labels": lambda odd: read_labels(odd, "odd.toml"),
    "read_word_rules": lambda odd: read_word_rules(odd, "odd.toml"),
    "label": label,
    "label, language": lambda odd: label(Tone.REWARD, odd),
    "Labels": lambda odd: Labels(language="fr", kinds=odd),
    "Labels, kind": lambda odd: Labels(language="fr", kinds={"Tone": odd}),
    "Labels.of": Labels(language="fr", kinds={}).of,
    "QuestionWordings": lambda odd: QuestionWordings(language="fr", questions=odd),
    "QuestionWordings, question": lambda odd: QuestionWordings(language="fr", questions={"path.rise": odd}),
    "QuestionWordings, titles": lambda odd: QuestionWordings(language="fr", questions={}, titles=odd),
    "default_policy": default_policy,
    "choose_agenda": lambda odd: choose_agenda(odd, CAMPAIGN),
    "choose_agenda, campaign": lambda odd: choose_agenda(TALK, odd),
    "choose_agenda, mix": lambda odd: choose_agenda(TALK, CAMPAIGN, mix=odd),
    "choose_agenda, policy": lambda odd: choose_agenda(TALK, CAMPAIGN, policy=odd),
    "explain_mix": lambda odd: explain_mix(odd, CAMPAIGN),
    "explain_mix, campaign": lambda odd: explain_mix(TALK, odd),
    "explain_mix, mix": lambda odd: explain_mix(TALK, CAMPAIGN, mix=odd),
    "explain_mix, policy": lambda odd: explain_mix(TALK, CAMPAIGN, policy=odd),
    "review": lambda odd: review(odd, CAMPAIGN, at=NOW),
    "review, campaign": lambda odd: review(TALK, odd, at=NOW),
    "review, at": lambda odd: review(TALK, CAMPAIGN, at=odd),
    "review, policy": lambda odd: review(TALK, CAMPAIGN, at=NOW, policy=odd),
    "review_question": review_question,
    "review_question, language": lambda odd: review_question("Any job?", language=odd),
    "review_question, purpose": lambda odd: review_question("Any job?", purpose=odd),
    "review_letter": review_letter,
    "review_letter, kind": lambda odd: review_letter("Any job?", kind=odd),
    "review_letter, language": lambda odd: review_letter("Any job?", language=odd),
    "review_letter, purpose": lambda odd: review_letter("Any job?", purpose=odd),
    "review_letter, policy": lambda odd: review_letter("Any job?", policy=odd),
    "review_letter, talk": lambda odd: review_letter("Any job?", talk=odd),
    "advance": lambda odd: advance(odd, Held(), at=NOW),
    "advance, event": lambda odd: advance(TALK, odd, at=NOW),
    "advance, at": lambda odd: advance(TALK, Requested(), at=odd),
    "advance, recorded_at": lambda odd: advance(TALK, Requested(), at=NOW, recorded_at=odd),
    "legal_events": legal_events,
}


@pytest.mark.parametrize("name", CALLS)
def test_only_our_errors_come_out(name: str) -> None:
    """An app that catches InfointError would fall over a slip, with a message about the inside of infoint."""
    for odd in ODD:
        try:
            CALLS[name](odd)
        except InfointError as error:
            assert len(str(error)) < 6000  # noqa: PT017  # what else may come out is the test


def test_a_purpose_in_text_is_a_purpose() -> None:
    """Job-asks would go unheard where an app gives the purpose as the text it has stored."""
    for reviewed in (
        review_question("Do you have a job for me?", purpose="informational"),  # type: ignore[arg-type]  # text on purpose
        review_letter("Do you have a job for me?", purpose="informational"),  # type: ignore[arg-type]  # text on purpose
    ):
        assert FindingCode.JOB_ASK in {finding.code for finding in reviewed}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"topic": "overtyme"}, "did you mean 'overtime'"),
        ({"domain": "feild"}, "none of person, field, advice"),
        ({"category": "pth"}, "did you mean 'path'"),
        ({"longest": "5"}, "find.longest: needs int or None, got str"),
    ],
)
def test_a_slip_in_a_filter_is_told(given: Any, told: str) -> None:
    """A misspelt filter would look like a bank without such questions."""
    with pytest.raises(InvalidValue) as caught:
        BANK.find(**given)
    assert told in str(caught.value)


def test_filters_in_text_find_the_same() -> None:
    """An app would have to turn every stored name into ours before it can ask."""
    as_text: Any = {"topic": "overtime", "domain": "field"}
    assert BANK.find(**as_text) == tuple(one for one in BANK if one.topic == "overtime" and one.domain == "field")


def test_a_slip_in_the_kind_of_a_letter_is_told() -> None:
    """A thank-you would be judged by no rule at all, and look faultless."""
    wrong: Any = "thankyou"
    with pytest.raises(InvalidValue, match="FollowUpKind"):
        review_letter("Thank you!", kind=wrong)
    right: Any = "thank-you"
    assert review_letter("Thank you!", kind=right) == review_letter("Thank you!", kind=FollowUpKind.THANK_YOU) != ()


def test_ids_in_a_set_are_texts() -> None:
    """A list within the list would end in Python's own error."""
    with pytest.raises(InvalidValue, match="needs a list of ids"):
        read_question_sets('[[set]]\nname = "acme:a"\ntitle = "A"\nquestions = [["path.rise"]]\n', "acme.toml")


def test_toml_without_end() -> None:
    """A file nested too deep would end in Python's own error."""
    with pytest.raises(ImportRejected, match=r"deep\.toml"):
        read_labels("a = " + "[" * 100_000, "deep.toml")
