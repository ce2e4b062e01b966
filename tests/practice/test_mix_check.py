"""Where a talk has no room for the mix asked for, and whether the reasons given are the true ones."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, strategies as st

from infoint.errors import NotFound
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.identity import derive_id
from infoint.model.interview import AgendaItem, Interview
from infoint.model.profile import Profile
from infoint.model.question import Domain, Question, QuestionCategory, QuestionSet, Tone, Topic
from infoint.practice import Mix, Policy, QuestionBank, choose_agenda, default_policy, explain_mix

ANA = Contact(id=derive_id("ana"), name="Ana Ruiz")
FACTS = Campaign(profile=Profile(zone="UTC")).including(ANA)


def a_talk(minutes: int = 30) -> Interview:
    return Interview(contact_ids=(ANA.id,), duration=timedelta(minutes=minutes))


def only(*questions: Question) -> Policy:
    return evolve(default_policy(), bank=QuestionBank((QuestionSet(name="acme:own", title="Own", questions=questions),)))


def a_question(id: str, domain: Domain, **given: Any) -> Question:
    tags = {"category": QuestionCategory.PATH, "topic": Topic.DEMAND, **given}
    return Question(id=f"acme:{id}", text=f"What about {id}?", domain=domain, **tags)


PERSON = [a_question(f"p{n}", Domain.PERSON, tone=Tone.CHALLENGE) for n in range(3)]
FIELD = [a_question(f"f{n}", Domain.FIELD) for n in range(3)]
ADVICE = [a_question(f"a{n}", Domain.ADVICE) for n in range(3)]
REFERRAL = a_question("who", Domain.ADVICE, topic=Topic.WHO_ELSE, minutes=2)


@pytest.mark.parametrize("mix", [None, Mix(2, 1, 2), Mix(2, 2, 2), Mix(1, 1, 1)])
def test_a_mix_that_is_met_needs_no_words(mix: Mix | None) -> None:
    """The explorer would be warned where nothing is amiss."""
    assert explain_mix(a_talk(), FACTS, mix=mix) == ()


def test_more_than_the_time_allows_is_said_in_figures() -> None:
    """Six and six would become three and three without a word."""
    assert explain_mix(a_talk(), FACTS, mix=Mix(6, 0, 6)) == (
        "A talk of 30 minutes has room for 6 questions, one in five minutes: 3-0-3 instead of 6-0-6.",
        "Nothing is asked about the field: the mix has no place for it.",
    )
    assert explain_mix(a_talk(8), FACTS) == (
        "A talk of 8 minutes has room for 1 question, one in five minutes: 1-0-0 instead of 2-1-2.",
        "Nobody is asked whom else to talk to: there is one question only.",
    )


@pytest.mark.parametrize(
    ("questions", "said"),
    [
        ((*PERSON, *ADVICE, REFERRAL), "Of 1 about the field there are none left"),
        ((*PERSON[:1], *FIELD, *ADVICE, REFERRAL), "Of 2 about the person there is 1 left"),
        ((*PERSON, *FIELD, REFERRAL, evolve(REFERRAL, id="acme:who2")), "Of 2 for advice there is 1 left"),
    ],
)
def test_a_bank_that_has_run_dry_is_named(questions: tuple[Question, ...], said: str) -> None:
    """An agenda of four would come where five were asked for, and nobody could tell which kind is missing."""
    (sentence,) = explain_mix(a_talk(), FACTS, policy=only(*questions))
    assert sentence.startswith(said)


def test_answers_that_take_too_long_are_named() -> None:
    """Long questions would push others out, as if there were no others."""
    long = [evolve(question, minutes=12) for question in (*PERSON, *FIELD, *ADVICE)]
    (sentence,) = explain_mix(a_talk(), FACTS, policy=only(*long, REFERRAL))
    assert sentence == "The answers to 5 questions take longer than the 25 minutes there are for them."


def test_a_talk_without_its_hard_side_is_named() -> None:
    """A bank of pleasant questions would pass for a complete one."""
    mild = [evolve(question, tone=Tone.REWARD) for question in PERSON]
    assert explain_mix(a_talk(), FACTS, policy=only(*mild, *FIELD, *ADVICE, REFERRAL)) == (
        "Nothing is asked about the hard side of the work: no question that fits is about it.",
    )


def test_a_talk_that_leads_to_nobody_is_named() -> None:
    """The chain of introductions would end without anybody having noticed."""
    assert explain_mix(a_talk(), FACTS, mix=Mix(3, 1, 0)) == (
        "Nothing is asked for advice: the mix has no place for it.",
        "Nobody is asked whom else to talk to: the mix has no place for it.",
    )
    assert explain_mix(a_talk(), FACTS, policy=only(*PERSON, *FIELD, *ADVICE)) == (
        "Nobody is asked whom else to talk to: no such question is left for these people.",
    )


def test_what_was_asked_before_is_not_left() -> None:
    """The reason given would be an empty bank, where the person was simply asked it all."""
    before = Interview(id=derive_id("before"), contact_ids=(ANA.id,), agenda=tuple(map(AgendaItem, FIELD)))
    policy = only(*PERSON, *FIELD, *ADVICE, REFERRAL)
    assert explain_mix(a_talk(), FACTS, policy=policy) == ()
    (sentence,) = explain_mix(a_talk(), FACTS.including(before), policy=policy)
    assert "none left that these people can be asked: the others they had already" in sentence


def test_people_must_be_there() -> None:
    """A talk with nobody known would be explained as if with somebody."""
    with pytest.raises(NotFound):
        explain_mix(Interview(contact_ids=(derive_id("nobody"),)), FACTS)


@given(st.builds(Mix, *[st.integers(0, 8)] * 3), st.integers(1, 90), st.lists(st.integers(1, 20), min_size=10, max_size=10))
def test_words_are_there_exactly_where_something_is_amiss(mix: Mix, minutes: int, lengths: list[int]) -> None:
    """A shortfall would come without a reason, or a reason without a shortfall."""
    questions = [evolve(one, minutes=length) for one, length in zip((*PERSON, *FIELD, *ADVICE, REFERRAL), lengths, strict=True)]
    policy = only(*questions)
    asked = [item.question for item in choose_agenda(a_talk(minutes), FACTS, mix=mix, policy=policy)]
    there = Counter(question.domain for question in asked)
    met = (there[Domain.PERSON], there[Domain.FIELD], there[Domain.ADVICE]) == (mix.person, mix.field, mix.advice)
    whole = met and all((mix.person, mix.field, mix.advice)) and asked[-1].topic == Topic.WHO_ELSE
    hard = any(question.tone is Tone.CHALLENGE for question in asked)
    assert (explain_mix(a_talk(minutes), FACTS, mix=mix, policy=policy) == ()) is (whole and hard)


def test_a_talk_that_is_all_opening_and_close() -> None:
    """The bank would be said to have run dry, with questions nobody has asked, where only the minutes are missing."""
    campaign = Campaign(profile=Profile(zone="Europe/Madrid")).including(Contact(id=derive_id("vi"), name="Vi Oak"))
    talk = Interview(contact_ids=(derive_id("vi"),), duration=timedelta(minutes=5))
    assert choose_agenda(talk, campaign) == ()
    told = explain_mix(talk, campaign)
    assert "The answers to 1 question take longer than the 0 minutes there are for them." in told
    assert not [sentence for sentence in told if "left that these people can be asked" in sentence]
