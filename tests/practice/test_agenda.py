"""Which questions are chosen, in what order, and why."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings, strategies as st

from infoint.errors import NotFound
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact, ContactRole, Seniority
from infoint.model.debrief import Answer, Debrief, Insight, Party, Valence
from infoint.model.events import Cancelled, Debriefed, Declined, Held, HistoryEntry, Requested, Scheduled
from infoint.model.exploration import Exploration
from infoint.model.identity import derive_id
from infoint.model.interview import AgendaItem, Interview
from infoint.model.meeting import Meeting, MeetingFormat
from infoint.model.obstacle import Obstacle
from infoint.model.profile import Profile
from infoint.model.question import Domain, Question, QuestionCategory, QuestionSet, Tone, Topic
from infoint.practice.agenda import choose_agenda, most_questions, shrunk, suitable_questions, talk_length
from infoint.practice.obstacles import OBSTACLE_CATEGORIES, OBSTACLE_ROLES, answers
from infoint.practice.policy import Mix, Policy, default_policy
from infoint.practice.question_bank import QuestionBank

ME = Profile(zone="Europe/Madrid")
UX = Exploration(id=derive_id("exploration"), subject="UX research")
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
BANK = default_policy().bank
LAST = "Ask last: every talk should lead to the next."


def someone(name: str, **given: Any) -> Contact:
    return Contact(id=derive_id("contact", name), name=name, **given)


ANA, BO, CY, DEE = (someone(name) for name in ("Ana Ruiz", "Bo Li", "Cy Ode", "Dee Ham"))


def a_talk(*people: Contact, minutes: int = 30, **given: Any) -> Interview:
    given = {"exploration_id": UX.id, **given}
    return Interview(contact_ids=tuple(person.id for person in people), duration=timedelta(minutes=minutes), **given)


def debriefed(
    person: Contact, *insights: Insight, asked: tuple[str, ...] = (), answered: tuple[str, ...] = (), **given: Any
) -> Interview:
    meeting = Meeting(start=MONDAY, format=MeetingFormat.VIDEO)
    debrief = Debrief(insights=insights, answers=tuple(Answer(id, "It depends.") for id in answered))
    events = (Requested(), Scheduled(meeting), Held(), Debriefed(debrief))
    return a_talk(
        person,
        **{
            "id": derive_id("talk", person.id),
            "agenda": tuple(AgendaItem(BANK.question(id)) for id in asked),
            "history": tuple(HistoryEntry(MONDAY + timedelta(hours=hour), event) for hour, event in enumerate(events)),
            **given,
        },
    )


def campaign(*facts: Any, exploration: Exploration = UX, profile: Profile = ME) -> Campaign:
    return Campaign(profile=profile).including(exploration, ANA, BO, CY, DEE, *facts)


def a_question(id: str, **given: Any) -> Question:
    tags = {
        "text": f"What about {id}?",
        "category": QuestionCategory.PATH,
        "topic": Topic.DEMAND,
        "domain": Domain.FIELD,
        "minutes": 4,
        **given,
    }
    return Question(id=f"acme:{id}", **tags)


def only(*questions: Question) -> Policy:
    return evolve(default_policy(), bank=QuestionBank((QuestionSet(name="acme:own", title="Own", questions=questions),)))


def ids(agenda: tuple[AgendaItem, ...]) -> list[str]:
    return [item.question.id for item in agenda]


def domains(agenda: tuple[AgendaItem, ...]) -> tuple[int, int, int]:
    counts = Counter(item.question.domain for item in agenda)
    return counts[Domain.PERSON], counts[Domain.FIELD], counts[Domain.ADVICE]


def whys(agenda: tuple[AgendaItem, ...]) -> dict[str, str]:
    return {item.question.topic: item.why for item in agenda}


# ── shape ────────────────────────────────────────────────────────────────────────────────────────
def test_a_first_talk_gets_the_balanced_set() -> None:
    """The first thing anybody sees of the agenda would not be the one the practice recommends."""
    agenda = choose_agenda(a_talk(ANA), campaign())
    assert [item.question for item in agenda] == list(BANK.set("balanced").questions)
    assert [item.why for item in agenda] == [
        "Nobody has been asked about a typical day yet.",
        "Nobody has been asked about what is hard yet.",
        "Nobody has been asked about changes in the field yet.",
        "Nobody has been asked about useful experience yet.",
        LAST,
    ]


@pytest.mark.parametrize(
    ("minutes", "shape"),
    [(5, (0, 0, 0)), (8, (1, 0, 0)), (10, (1, 0, 1)), (15, (1, 1, 1)), (20, (1, 1, 2)), (30, (2, 1, 2)), (90, (2, 1, 2))],
)
def test_a_short_talk_shrinks_the_mix(minutes: int, shape: tuple[int, int, int]) -> None:
    """Fifteen minutes would be given more than three questions, or lose a whole domain that there was room for."""
    agenda = choose_agenda(a_talk(ANA, minutes=minutes), campaign())
    assert domains(agenda) == shape
    assert sum(item.question.minutes for item in agenda) <= max(minutes - 5, 0)
    assert not agenda or any(item.question.tone is Tone.CHALLENGE for item in agenda)
    assert minutes < 10 or agenda[-1].question.topic == Topic.WHO_ELSE


def test_a_mix_may_be_asked_for() -> None:
    """An app that wants another mix would be given ours."""
    assert domains(choose_agenda(a_talk(ANA, minutes=60), campaign(), mix=Mix(4, 3, 4))) == (4, 3, 4)
    assert domains(choose_agenda(a_talk(ANA), campaign(), mix=Mix(6, 0, 6))) == (3, 0, 3)
    assert domains(choose_agenda(a_talk(ANA), campaign(), policy=evolve(default_policy(), mix=Mix(0, 4, 1)))) == (0, 4, 1)


def test_a_mix_without_advice_has_no_place_for_the_referral_question() -> None:
    """The mix asked for would be broken to put it in."""
    agenda = choose_agenda(a_talk(ANA), campaign(), mix=Mix(2, 1, 0))
    assert domains(agenda) == (2, 1, 0)
    assert Topic.WHO_ELSE not in [item.question.topic for item in agenda]


def test_an_agreed_meeting_decides_the_time() -> None:
    """A talk cut to fifteen minutes would keep an agenda for the thirty that were asked for."""
    meeting = Meeting(start=MONDAY, duration=timedelta(minutes=15), format=MeetingFormat.PHONE)
    talk = a_talk(ANA, history=(HistoryEntry(MONDAY, Scheduled(meeting)),))
    assert talk_length(talk) == timedelta(minutes=15)
    assert len(choose_agenda(talk, campaign())) == 3
    off = evolve(talk, history=(*talk.history, HistoryEntry(MONDAY, Cancelled(Party.THEM))))
    assert talk_length(off) == timedelta(minutes=30)


def test_opening_and_close_are_the_policys() -> None:
    """An app that keeps ten minutes for them would have its agenda run over."""
    policy = evolve(default_policy(), opening_and_close=timedelta(minutes=20))
    agenda = choose_agenda(a_talk(ANA), campaign(), policy=policy)
    assert 0 < sum(item.question.minutes for item in agenda) <= 10


def test_person_then_field_then_advice_and_the_challenge_after_the_rest() -> None:
    """A talk would open with the hard question, before it has warmed up."""
    agenda = choose_agenda(a_talk(ANA, minutes=60), campaign(), mix=Mix(3, 3, 3))
    order = [list(Domain).index(item.question.domain) for item in agenda]
    assert order == sorted(order)
    assert agenda[0].question.tone is not Tone.CHALLENGE


@pytest.mark.parametrize("total", range(8))
def test_shrunk(total: int) -> None:
    """A domain would be dropped while another still has two."""
    small = shrunk(Mix(2, 1, 3), total)
    assert small.total == min(total, 6)
    assert total < 3 or min(small.person, small.field, small.advice) >= 1


def test_most_questions() -> None:
    """The figures of the practice: three in fifteen minutes, six in thirty."""
    assert [most_questions(timedelta(minutes=minutes)) for minutes in (4, 15, 20, 30)] == [0, 3, 4, 6]


# ── when the bank runs dry ───────────────────────────────────────────────────────────────────────
REFERRAL = a_question("who-else", topic=Topic.WHO_ELSE, domain=Domain.ADVICE, minutes=2)
HARD = a_question("hard", topic=Topic.CHALLENGES, domain=Domain.PERSON, tone=Tone.CHALLENGE)


def test_fewer_questions_rather_than_a_broken_rule() -> None:
    """A small bank would repeat a question, or leave out the referral."""
    agenda = choose_agenda(a_talk(ANA), campaign(), policy=only(HARD, REFERRAL, a_question("demand")))
    assert ids(agenda) == ["acme:hard", "acme:demand", "acme:who-else"]


def test_a_bank_without_challenge_or_referral_gives_what_it_has() -> None:
    """Nothing at all would be chosen."""
    agenda = choose_agenda(a_talk(ANA), campaign(), policy=only(a_question("demand")))
    assert ids(agenda) == ["acme:demand"]
    assert ids(choose_agenda(a_talk(ANA), campaign(), policy=only(REFERRAL))) == ["acme:who-else"]


def test_the_only_challenge_is_taken_wherever_it_is() -> None:
    """In a talk of ten minutes, the domain that holds the only challenge would be the one dropped."""
    field = evolve(HARD, domain=Domain.FIELD, minutes=3)
    agenda = choose_agenda(
        a_talk(ANA, minutes=10), campaign(), policy=only(a_question("day", domain=Domain.PERSON, minutes=2), field, REFERRAL)
    )
    assert ids(agenda) == ["acme:hard", "acme:who-else"]


def test_a_dear_challenge_is_paid_for_by_cheaper_company() -> None:
    """The best questions would be taken first and leave no minutes for the challenge."""
    policy = only(
        a_question("long", domain=Domain.PERSON, topic=Topic.DUTIES, minutes=9),
        a_question("short", domain=Domain.PERSON, topic=Topic.THE_JOB, minutes=2),
        evolve(HARD, domain=Domain.FIELD, minutes=15),
        a_question("advice", domain=Domain.ADVICE, topic=Topic.RESUME, minutes=2),
        REFERRAL,
    )
    agenda = choose_agenda(a_talk(ANA), campaign(), policy=policy)
    assert ids(agenda) == ["acme:short", "acme:hard", "acme:advice", "acme:who-else"]


def test_a_challenge_that_takes_too_long_is_none() -> None:
    """A question of an hour would leave a talk of thirty minutes without any."""
    assert ids(choose_agenda(a_talk(ANA), campaign(), policy=only(evolve(HARD, minutes=60), DEMAND, REFERRAL))) == [
        "acme:demand",
        "acme:who-else",
    ]


def test_the_challenge_comes_after_its_likes() -> None:
    """A domain would be opened with the hard question if the bank happens to hold it first."""
    policy = only(HARD, a_question("day", domain=Domain.PERSON))
    assert ids(choose_agenda(a_talk(ANA), campaign(), policy=policy, mix=Mix(2, 0, 0))) == ["acme:day", "acme:hard"]


def test_a_forced_challenge_says_so() -> None:
    """The reason given would not be the real one."""
    policy = only(a_question("demand", domain=Domain.PERSON), HARD, REFERRAL)
    agenda = choose_agenda(a_talk(ANA, minutes=15), campaign(), policy=policy, mix=Mix(1, 0, 1))
    assert [item.why for item in agenda] == ["Every talk needs a question about the hard side of the work.", LAST]


def test_a_challenge_that_is_news_is_not_crowded_out() -> None:
    """The place for the hard question would be the last one left, where only what was heard already is hard."""
    policy = only(
        a_question("day", domain=Domain.PERSON, topic=Topic.TYPICAL_DAY),
        evolve(HARD, id="acme:new", topic=Topic.PROBLEMS),
        a_question("stale", domain=Domain.FIELD, topic=Topic.CHALLENGES, tone=Tone.CHALLENGE),
        a_question("fresh", domain=Domain.FIELD, topic=Topic.OUTLOOK),
        REFERRAL,
    )
    heard = says(BO, PLUS, topic=Topic.CHALLENGES)
    assert ids(choose_agenda(a_talk(ANA), campaign(heard), policy=policy, mix=Mix(1, 1, 1))) == [
        "acme:new",
        "acme:fresh",
        "acme:who-else",
    ]


def test_a_challenge_heard_before_is_better_than_none_or_a_smaller_talk() -> None:
    """A new challenge that takes too long would cost the talk a question."""
    policy = only(
        evolve(HARD, id="acme:new", topic=Topic.PROBLEMS, minutes=24),
        a_question("stale", domain=Domain.PERSON, topic=Topic.CHALLENGES, tone=Tone.CHALLENGE),
        a_question("fresh", domain=Domain.FIELD, topic=Topic.OUTLOOK),
        REFERRAL,
    )
    heard = says(BO, PLUS, topic=Topic.CHALLENGES)
    assert ids(choose_agenda(a_talk(ANA), campaign(heard), policy=policy, mix=Mix(1, 1, 1))) == [
        "acme:stale",
        "acme:fresh",
        "acme:who-else",
    ]


def test_what_another_talk_is_to_ask_comes_later() -> None:
    """Two talks planned on one evening would ask the same, though each topic needs one voice first."""
    planned = a_talk(BO, id=derive_id("planned"), agenda=(AgendaItem(DEMAND),))
    assert the_one() == AgendaItem(DEMAND, "Nobody has been asked about demand yet.")
    assert the_one(planned) == AgendaItem(OUTLOOK, "Nobody has been asked about where the field is going yet.")
    assert the_one(evolve(planned, exploration_id=None)) == the_one()
    off = (HistoryEntry(MONDAY, Requested()), HistoryEntry(MONDAY, Declined()))
    assert the_one(evolve(planned, history=off)) == the_one()


def test_another_topic_goes_before_a_second_question_on_one() -> None:
    """Two questions on one topic would stand on the agenda while another topic is untouched."""
    policy = only(
        a_question("one", domain=Domain.PERSON),
        a_question("two", domain=Domain.PERSON),
        a_question("three", domain=Domain.PERSON, topic=Topic.OUTLOOK),
    )
    agenda = choose_agenda(a_talk(ANA), campaign(), policy=policy, mix=Mix(2, 0, 0))
    assert ids(agenda) == ["acme:one", "acme:three"]
    agenda = choose_agenda(a_talk(ANA), campaign(), policy=policy, mix=Mix(3, 0, 0))
    assert whys(agenda[-1:]) == {Topic.DEMAND: "Goes further into demand."}


def test_plugin_questions_take_part_as_equals() -> None:
    """Questions of a plugin would never be chosen, or always."""
    theirs = QuestionSet(
        name="nursing:a", title="A", questions=(a_question("x", topic=Topic("nursing:shifts"), domain=Domain.PERSON),)
    )
    heard = debriefed(BO, *(Insight("Yes.", topic) for topic in Topic.known if topic != Topic.WHO_ELSE))
    agenda = choose_agenda(a_talk(ANA), campaign(heard), policy=default_policy().with_questions(theirs))
    assert whys(agenda)["nursing:shifts"] == "Nobody has been asked about shifts yet."


# ── what is worth asking ─────────────────────────────────────────────────────────────────────────
DEMAND = a_question("demand")
OUTLOOK = a_question("outlook", topic=Topic.OUTLOOK)


def the_one(*facts: Any, talk: Interview | None = None, among: tuple[Question, ...] = (DEMAND, OUTLOOK)) -> AgendaItem | None:
    agenda = choose_agenda(talk or a_talk(DEE), campaign(*facts), policy=only(*among), mix=Mix(0, 1, 0))
    return agenda[0] if agenda else None


def says(person: Contact, *valences: Valence, topic: Topic = Topic.DEMAND, **given: Any) -> Interview:
    return debriefed(person, *(Insight("So it is.", topic, valence) for valence in valences), **given)


PLUS, MINUS, EVEN = Valence.POSITIVE, Valence.NEGATIVE, Valence.NEUTRAL


def test_what_nobody_has_spoken_of_goes_first() -> None:
    """The second talk would repeat the first while other topics are open."""
    chosen = the_one(says(ANA, PLUS))
    assert chosen is not None
    assert (chosen.question, chosen.why) == (OUTLOOK, "Nobody has been asked about where the field is going yet.")


def test_one_source_is_named() -> None:
    """A single voice would stay single, or the reason would not say whose it is."""
    chosen = the_one(says(ANA, PLUS), among=(DEMAND,))
    assert chosen is not None
    assert chosen.why == "Only Ana Ruiz has spoken about demand."


def test_one_circle_is_one_source() -> None:
    """Two people of whom one named the other would count as independent of each other."""
    friend = someone("Eve Ash", referred_by=ANA.id)
    chosen = the_one(friend, says(ANA, PLUS), says(friend, PLUS), among=(DEMAND,))
    assert chosen is not None
    assert chosen.why == "Only one circle of people has spoken about demand: Ana Ruiz and Eve Ash."


def test_one_source_goes_before_contested_before_open() -> None:
    """More would be asked where there is less to learn."""
    third = a_question("salary", topic=Topic.SALARY)
    facts = (
        debriefed(ANA, Insight("a", Topic.DEMAND, PLUS), Insight("a", Topic.OUTLOOK, PLUS), Insight("a", Topic.SALARY, PLUS)),
        debriefed(BO, Insight("b", Topic.OUTLOOK, MINUS), Insight("b", Topic.SALARY, PLUS)),
    )
    talk = a_talk(DEE)
    among = (third, OUTLOOK, DEMAND)
    assert suitable_questions(talk, campaign(*facts), only(*among).bank) == [DEMAND, OUTLOOK, third]
    reasons = [the_one(*facts, among=(one,)) for one in (OUTLOOK, third)]
    assert [item and item.why for item in reasons] == [
        "Ana Ruiz and Bo Li disagree about where the field is going.",
        "Ana Ruiz and Bo Li have spoken about pay, but no three independent people agree on it.",
    ]


def test_only_those_who_disagree_are_named() -> None:
    """Somebody neutral would be said to disagree."""
    chosen = the_one(says(ANA, PLUS), says(BO, MINUS), says(CY, EVEN), among=(DEMAND,))
    assert chosen is not None
    assert chosen.why == "Ana Ruiz and Bo Li disagree about demand."


def test_many_people_are_not_all_named() -> None:
    """The reason would be a list of names."""
    crowd = [someone(f"P{n}") for n in range(5)]
    asked = [debriefed(one, answered=("acme:demand",)) for one in crowd]
    chosen = the_one(*crowd, *asked, among=(a_question("other"), DEMAND))
    assert chosen is not None
    assert chosen.why.startswith("P0, P1, P2 and 2 more have spoken about demand")


@pytest.mark.parametrize(
    ("valences", "asked"),
    [
        ((PLUS, PLUS, PLUS), False),
        ((MINUS, MINUS, MINUS), False),
        ((EVEN, EVEN, EVEN), False),
        ((PLUS, PLUS, EVEN), True),
        ((PLUS, PLUS, MINUS), True),
        ((PLUS, PLUS), True),
    ],
)
def test_what_three_independent_people_agree_on_is_not_asked(valences: tuple[Valence, ...], asked: bool) -> None:
    """A fourth person would be asked what three agree on, or a dispute would be taken for settled."""
    facts = [says(person, valence) for person, valence in zip((ANA, BO, CY), valences, strict=False)]
    assert (the_one(*facts, among=(DEMAND,)) is not None) is asked


def test_three_of_one_circle_settle_nothing() -> None:
    """Friends who repeat one another would end the asking."""
    friends = [someone(name, referred_by=ANA.id) for name in ("Eve Ash", "Flo Orr")]
    assert the_one(*friends, *(says(one, PLUS) for one in (ANA, *friends)), among=(DEMAND,)) is not None


def test_one_person_of_two_minds_is_not_a_dispute() -> None:
    """Somebody who sees both sides would be reported as people who disagree."""
    chosen = the_one(says(ANA, PLUS, MINUS), among=(DEMAND,))
    assert chosen is not None
    assert chosen.why == "Only Ana Ruiz has spoken about demand."
    chosen = the_one(says(ANA, PLUS, MINUS), says(BO, EVEN), among=(DEMAND,))
    assert chosen is not None
    assert chosen.why == "Ana Ruiz and Bo Li have spoken about demand, but no three independent people agree on it."
    eve = someone("Eve Ash")
    neutral = [says(person, EVEN) for person in (BO, CY, eve)]
    assert the_one(eve, says(ANA, PLUS, MINUS), *neutral, among=(DEMAND,)) is not None


def test_whoever_spoke_is_not_asked_for_a_second_source() -> None:
    """Ana would be asked again because only Ana has spoken about it."""
    contested = (says(ANA, PLUS, topic=Topic.OUTLOOK), says(BO, MINUS, topic=Topic.OUTLOOK))
    ana = debriefed(ANA, Insight("a", Topic.DEMAND, PLUS), Insight("a", Topic.OUTLOOK, PLUS))
    chosen = the_one(ana, contested[1], talk=a_talk(ANA))
    assert chosen is not None
    assert chosen.question == OUTLOOK


def test_whom_to_ask_next_is_never_settled() -> None:
    """After three talks that named the same person nobody would be asked for another."""
    facts = [says(person, PLUS, topic=Topic.WHO_ELSE) for person in (ANA, BO, CY)]
    assert choose_agenda(a_talk(DEE), campaign(*facts))[-1].question.topic == Topic.WHO_ELSE


def test_answers_count_as_heard() -> None:
    """Explorers who write down answers but no insights would be sent to ask the same again."""
    policy_question = BANK.question("field-outlook.finding-people")
    for asked in ((policy_question.id,), ()):
        heard = debriefed(BO, asked=asked, answered=(policy_question.id, "gone:question"))
        agenda = choose_agenda(a_talk(ANA), campaign(heard), policy=evolve(default_policy(), mix=Mix(0, 50, 0)))
        assert Topic.DEMAND not in whys(agenda)
        (demand,) = [one for one in suitable_questions(a_talk(ANA), campaign(heard), BANK) if one.topic == Topic.DEMAND]
        assert demand == policy_question


def test_asked_without_a_note_is_said_as_it_is() -> None:
    """The reason would claim that nobody was asked."""
    silent = debriefed(BO, asked=("field-outlook.finding-people",))
    chosen = the_one(silent, among=(DEMAND,))
    assert chosen is not None
    assert chosen.why == "Nothing has been noted about demand yet."


def test_other_explorations_and_this_very_talk_do_not_count() -> None:
    """What was heard about law would keep a question about design from being asked."""
    other = Exploration(id=derive_id("other"), subject="Law")
    elsewhere = says(ANA, PLUS, exploration_id=other.id)
    chosen = the_one(other, elsewhere, among=(DEMAND,))
    assert chosen is not None
    assert chosen.why == "Nobody has been asked about demand yet."
    itself = says(BO, PLUS)
    chosen = the_one(itself, talk=itself, among=(DEMAND,))
    assert chosen is not None
    assert chosen.why == "Nobody has been asked about demand yet."


def test_a_talk_without_exploration_looks_at_those_without_one() -> None:
    """A host that keeps no explorations would get the same agenda for everybody."""
    chosen = the_one(says(ANA, PLUS, exploration_id=None), talk=a_talk(DEE, exploration_id=None))
    assert chosen is not None
    assert chosen.question == OUTLOOK


def test_who_said_it_counts_not_whose_talk_it_was() -> None:
    """In a talk with two, both voices would be taken for the first one's."""
    both = debriefed(ANA, Insight("a", Topic.DEMAND, PLUS), Insight("b", Topic.DEMAND, MINUS, said_by=BO.id))
    both = evolve(both, contact_ids=(ANA.id, BO.id))
    chosen = the_one(both, among=(DEMAND,))
    assert chosen is not None
    assert chosen.why == "Ana Ruiz and Bo Li disagree about demand."


def test_an_answer_is_whose_it_was() -> None:
    """In a talk with two, what the second one answered would be the first one's."""
    both = debriefed(ANA)
    answer = Answer(DEMAND.id, "It grows.", said_by=BO.id)
    told = (*both.history[:-1], evolve(both.history[-1], event=Debriefed(Debrief(answers=(answer,)))))
    chosen = the_one(evolve(both, contact_ids=(ANA.id, BO.id), history=told), among=(DEMAND,))
    assert chosen is not None
    assert chosen.why == "Only Bo Li has spoken about demand."


# ── obstacles ────────────────────────────────────────────────────────────────────────────────────
def test_each_obstacle_pulls_in_one_question() -> None:
    """What the explorer lacks would not be asked about, or one obstacle would take the whole agenda."""
    stuck = evolve(UX, obstacles=frozenset(Obstacle.known))
    agenda = choose_agenda(a_talk(ANA), campaign(exploration=stuck))
    reasons = Counter(item.why for item in agenda)
    assert {
        "Answers your obstacle: little knowledge.": 1,
        "Answers your obstacle: lack of experience.": 1,
        "Answers your obstacle: few jobs advertised.": 1,
        LAST: 1,
    }.items() <= reasons.items()
    for item in agenda:
        if item.why == "Answers your obstacle: few jobs advertised.":
            assert answers(item.question, Obstacle.FEW_JOBS_ADVERTISED)


def test_an_obstacle_yields_to_what_is_new_once_its_topics_are_heard() -> None:
    """Three obstacles would ask the same few topics of everybody, and nothing else."""
    stuck = evolve(UX, obstacles=frozenset(OBSTACLE_CATEGORIES))
    theirs = {one.topic for one in BANK if any(answers(one, obstacle) for obstacle in OBSTACLE_CATEGORIES)}
    heard = debriefed(BO, *(Insight("Yes.", topic) for topic in sorted(theirs)))
    agenda = choose_agenda(a_talk(ANA), campaign(heard, exploration=stuck))
    assert sum(item.why.startswith("Answers your obstacle") for item in agenda) == 1
    assert sum(item.question.topic not in theirs for item in agenda) == 3


def test_only_personnel_staff_is_answered_by_whom_they_name() -> None:
    """A recruiter would be asked for anybody, where those who do the work are what is missing."""
    recruiter = someone("Rea Cole", role=ContactRole.RECRUITER)
    stuck = evolve(UX, obstacles=frozenset({Obstacle.ONLY_PERSONNEL_STAFF}))
    last = choose_agenda(a_talk(recruiter), campaign(recruiter, exploration=stuck))[-1]
    assert last.question.id == "networking.those-who-do-the-work"
    assert last.why == "Ask last: it answers your obstacle, only personnel staff."
    boss = someone("Max Orr", role=ContactRole.SUPERVISOR, seniority=Seniority.SENIOR)
    tagged = evolve(REFERRAL, id="acme:doers", obstacle=Obstacle.ONLY_PERSONNEL_STAFF)
    facts = campaign(boss, exploration=stuck)
    assert ids(choose_agenda(a_talk(boss), facts, policy=only(REFERRAL, HARD, tagged)))[-1] == "acme:doers"
    assert ids(choose_agenda(a_talk(boss), campaign(boss), policy=only(REFERRAL, HARD, tagged)))[-1] == "acme:who-else"


def test_every_obstacle_says_who_can_answer_it() -> None:
    """An obstacle would have neither questions nor people against it."""
    assert set(OBSTACLE_ROLES) == set(Obstacle.known)
    assert set(OBSTACLE_CATEGORIES) == set(Obstacle.known) - {Obstacle.ONLY_PERSONNEL_STAFF}
    assert ContactRole.RECRUITER not in {role for roles in OBSTACLE_ROLES.values() for role in roles}


def test_an_obstacle_of_a_plugin_is_answered_by_its_tag() -> None:
    """A plugin's obstacle would pull in nothing."""
    nights = Obstacle("nursing:nights")
    tagged = a_question("nights", obstacle=nights)
    agenda = choose_agenda(
        a_talk(ANA),
        campaign(exploration=evolve(UX, obstacles=frozenset({nights}))),
        policy=only(DEMAND, tagged),
        mix=Mix(0, 1, 0),
    )
    assert [item.why for item in agenda] == ["Answers your obstacle: nights."]


def test_obstacles_take_turns_in_a_fixed_order() -> None:
    """Which obstacle gets the only place would change from one run to the next."""
    obstacles = [Obstacle(f"acme:o{n}") for n in range(9)]
    policy = only(*(a_question(f"q{n}", obstacle=obstacle) for n, obstacle in reversed(list(enumerate(obstacles)))))
    stuck = evolve(UX, obstacles=frozenset(obstacles))
    assert ids(choose_agenda(a_talk(ANA), campaign(exploration=stuck), policy=policy, mix=Mix(0, 1, 0))) == ["acme:q0"]


# ── audience ─────────────────────────────────────────────────────────────────────────────────────
FOR_BOSSES = a_question("bosses", roles=frozenset({ContactRole.SUPERVISOR}))
FOR_SENIORS = a_question("seniors", seniorities=frozenset({Seniority.SENIOR}))


def test_unknown_role_and_seniority_get_what_suits_anyone() -> None:
    """A question for supervisors would be put to somebody who may be none."""
    assert suitable_questions(a_talk(ANA), campaign(), only(FOR_BOSSES, FOR_SENIORS, DEMAND).bank) == [DEMAND]


def test_a_mismatch_is_never_picked() -> None:
    """A recruiter would be asked what they leave to the people they lead."""
    recruiter = someone("Rea Cole", role=ContactRole.RECRUITER, seniority=Seniority.ENTRY)
    assert the_one(recruiter, talk=a_talk(recruiter), among=(FOR_BOSSES, FOR_SENIORS)) is None


def test_a_match_is_preferred() -> None:
    """The questions only a supervisor can answer would not be asked when one is at hand."""
    boss = someone("Max Orr", role=ContactRole.SUPERVISOR, seniority=Seniority.SENIOR)
    chosen = the_one(boss, talk=a_talk(boss), among=(DEMAND, FOR_SENIORS))
    assert chosen is not None
    assert chosen.question == FOR_SENIORS
    agenda = choose_agenda(a_talk(boss), campaign(boss))
    assert agenda[-1].question.id == "networking.newest-colleagues"


def test_in_a_group_it_is_enough_that_one_of_them_suits() -> None:
    """A talk with a supervisor and a beginner could ask neither anything of their own."""
    boss = someone("Max Orr", role=ContactRole.SUPERVISOR)
    assert suitable_questions(a_talk(ANA, boss), campaign(boss), only(FOR_BOSSES).bank) == [FOR_BOSSES]
    split = a_question("split", roles=frozenset({ContactRole.SUPERVISOR}), seniorities=frozenset({Seniority.SENIOR}))
    senior = someone("Sue Ott", seniority=Seniority.SENIOR)
    assert suitable_questions(a_talk(senior, boss), campaign(boss, senior), only(split).bank) == []


# ── never twice ──────────────────────────────────────────────────────────────────────────────────
def test_never_twice_to_the_same_person() -> None:
    """Somebody would be asked in the second talk what they were asked in the first, in whichever exploration."""
    first = a_talk(ANA, id=derive_id("first"), agenda=choose_agenda(a_talk(ANA), campaign()), exploration_id=None)
    second = choose_agenda(a_talk(ANA, BO), campaign(first))
    assert not set(ids(first.agenda)) & set(ids(second))
    assert second[-1].question.topic == Topic.WHO_ELSE
    assert ids(choose_agenda(a_talk(BO), campaign(first))) == ids(first.agenda)


def test_an_answer_off_the_agenda_counts_as_asked() -> None:
    """What came up by itself would be asked again."""
    assert the_one(debriefed(DEE, answered=("acme:demand",), exploration_id=None), among=(DEMAND,)) is None


def test_whoever_was_met_unplanned_was_asked() -> None:
    """Somebody who joined the first talk would hear its questions again."""
    base = debriefed(ANA, asked=("path.rise",))
    joined = evolve(base, history=(*base.history[:2], HistoryEntry(MONDAY, Held((ANA.id, DEE.id)))))
    assert the_one(joined, among=(BANK.question("path.rise"),)) is None


def test_what_fell_through_asked_nothing() -> None:
    """The best questions would be lost to a talk that never was."""
    off = a_talk(
        DEE,
        id=derive_id("off"),
        agenda=(AgendaItem(DEMAND),),
        history=(
            HistoryEntry(MONDAY, Scheduled(Meeting(start=MONDAY, format=MeetingFormat.PHONE))),
            HistoryEntry(MONDAY, Cancelled(Party.THEM)),
        ),
    )
    assert the_one(off, among=(DEMAND,)) is not None


def test_this_talks_own_agenda_may_be_chosen_again() -> None:
    """Choosing anew for a planned talk would give other questions each time."""
    talk = a_talk(ANA, id=derive_id("talk"))
    planned = evolve(talk, agenda=choose_agenda(talk, campaign(talk)))
    assert choose_agenda(planned, campaign(planned)) == planned.agenda


# ── language, people ─────────────────────────────────────────────────────────────────────────────
def test_questions_are_in_the_explorers_language() -> None:
    """A Spanish speaker would be given English questions although there are Spanish ones, or none where there are none."""
    spanish = a_question("demanda", text="¿Cómo está la demanda?", language="es")
    mexican = Profile(zone="America/Mexico_City", language="es-MX")
    policy = only(DEMAND, spanish)
    assert ids(choose_agenda(a_talk(ANA), campaign(profile=mexican), policy=policy)) == ["acme:demanda"]
    assert ids(choose_agenda(a_talk(ANA), campaign(), policy=policy)) == ["acme:demand"]
    assert ids(choose_agenda(a_talk(ANA), campaign(profile=mexican), policy=only(DEMAND))) == ["acme:demand"]


def test_people_and_exploration_must_be_there() -> None:
    """A missing person would pass as one of unknown role."""
    with pytest.raises(NotFound, match="contact"):
        choose_agenda(a_talk(someone("Zoe Lum")), campaign())
    with pytest.raises(NotFound, match="exploration"):
        choose_agenda(a_talk(ANA, exploration_id=derive_id("nowhere")), campaign())


# ── laws ─────────────────────────────────────────────────────────────────────────────────────────
ROLES = st.sampled_from([None, *ContactRole.known])
SENIORITIES = st.sampled_from([None, *Seniority])


@st.composite
def campaigns(draw: st.DrawFn) -> tuple[Interview, Campaign]:
    """A talk to plan, after some others of one exploration and outside it."""
    exploration = evolve(UX, obstacles=frozenset(draw(st.sets(st.sampled_from(Obstacle.known)))))
    people: list[Contact] = []
    for n in range(draw(st.integers(1, 6))):
        by = draw(st.sampled_from([None, *(person.id for person in people)]))
        people.append(someone(f"P{n}", role=draw(ROLES), seniority=draw(SENIORITIES), referred_by=by))
    questions = list(BANK)
    talks: list[Interview] = []
    for n in range(draw(st.integers(0, 6))):
        person = draw(st.sampled_from(people))
        asked = tuple(
            question.id for question in draw(st.lists(st.sampled_from(questions), max_size=6, unique_by=lambda one: one.id))
        )
        insights = draw(
            st.lists(st.builds(Insight, st.just("So."), st.sampled_from(Topic.known), st.sampled_from(Valence)), max_size=6)
        )
        given: dict[str, Any] = {"id": derive_id("talk", n), "exploration_id": draw(st.sampled_from([exploration.id, None]))}
        if draw(st.booleans()):
            talks.append(debriefed(person, *insights, asked=asked, answered=asked[:2], **given))
        else:
            talks.append(a_talk(person, agenda=tuple(AgendaItem(BANK.question(id)) for id in asked), **given))
    guests = draw(st.lists(st.sampled_from(people), min_size=1, max_size=2, unique_by=lambda person: person.id))
    talk = a_talk(*guests, minutes=draw(st.integers(4, 90)))
    return talk, Campaign(profile=ME).including(exploration, *people, *talks)


@given(campaigns(), st.one_of(st.none(), st.builds(Mix, *[st.integers(0, 5)] * 3)))
@settings(max_examples=120, deadline=None)
def test_the_shape_always_holds(case: tuple[Interview, Campaign], mix: Mix | None) -> None:
    """For some history the agenda would run over, repeat itself, skip the hard side or forget to ask for the next person."""
    talk, facts = case
    agenda = choose_agenda(talk, facts, mix=mix)
    questions = [item.question for item in agenda]
    wanted = mix or Mix()
    person, field, advice = domains(agenda)
    assert (person <= wanted.person, field <= wanted.field, advice <= wanted.advice) == (True, True, True)
    assert sum(question.minutes for question in questions) <= max(talk.duration // timedelta(minutes=1) - 5, 0)
    assert len(questions) <= most_questions(talk.duration)
    assert len(set(ids(agenda))) == len(agenda)
    assert all(item.why.endswith(".") for item in agenda)

    referrals = [question for question in questions if question.topic == Topic.WHO_ELSE]
    allowed = suitable_questions(talk, facts, BANK)
    assert referrals == questions[-1:] or not referrals
    if len(questions) > 1 and wanted.advice and any(question.topic == Topic.WHO_ELSE for question in allowed):
        assert referrals
    room = talk.duration // timedelta(minutes=1) - 5
    if any(question.tone is Tone.CHALLENGE and question.minutes <= room for question in allowed):
        assert not questions or any(question.tone is Tone.CHALLENGE for question in questions)

    people = set(talk.contact_ids)
    others = [other for other in facts.interviews if people & {*other.contact_ids, *other.met}]
    asked = {item.question.id for other in others for item in other.agenda}
    assert not asked & set(ids(agenda))
    guests = [facts.contact(id) for id in talk.contact_ids]
    for question in questions:
        assert any(
            (not question.roles or guest.role in question.roles)
            and (not question.seniorities or guest.seniority in question.seniorities)
            for guest in guests
        )
    if mix is None and talk.duration >= timedelta(minutes=30) and len(facts.interviews) < 3:
        assert (person, field, advice) == (2, 1, 2)


@given(campaigns(), st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(case: tuple[Interview, Campaign], random: Random) -> None:
    """The same campaign read back from a store in another order would give another agenda."""
    talk, facts = case
    shuffled = {
        name: tuple(random.sample(facts_of, len(facts_of)))
        for name, facts_of in (("contacts", facts.contacts), ("interviews", facts.interviews))
    }
    assert choose_agenda(talk, Campaign(profile=ME, explorations=facts.explorations, **shuffled)) == choose_agenda(talk, facts)


@given(st.builds(Mix, *[st.integers(0, 6)] * 3), st.integers(0, 20))
def test_shrinking_keeps_every_domain_as_long_as_it_can(mix: Mix, total: int) -> None:
    """A domain would disappear from the agenda before it has to."""
    small = shrunk(mix, total)
    assert small.total == min(mix.total, total)
    before, after = (mix.person, mix.field, mix.advice), (small.person, small.field, small.advice)
    assert all(left <= there for left, there in zip(after, before, strict=True))
    assert total < sum(map(bool, before)) or all(left for left, there in zip(after, before, strict=True) if there)
