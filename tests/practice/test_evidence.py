"""What several talks say together."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from attrs import evolve
from hypothesis import given, strategies as st

from infoint.errors import NotFound
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact, ContactRole, Seniority
from infoint.model.debrief import Answer, Debrief, Insight, Valence
from infoint.model.events import Debriefed, Event, Held, HistoryEntry, Requested, Scheduled
from infoint.model.exploration import Exploration
from infoint.model.identity import derive_id
from infoint.model.interview import AgendaItem, Interview
from infoint.model.meeting import Meeting, MeetingFormat
from infoint.model.profile import Profile
from infoint.model.question import Domain, Question, QuestionCategory, QuestionSet, Tone, Topic
from infoint.practice import Comparison, Sides, TopicEvidence, Verdict, WarningCode, compare, default_policy

T0 = datetime(2026, 3, 2, 12, tzinfo=UTC)
UX = Exploration(id=derive_id("ux"), subject="UX research")
TOPIC = Topic.CHALLENGES
EDUCATION = next(question.id for question in default_policy().bank if question.topic == Topic.EDUCATION)
ANA = Contact(id=derive_id("ana"), name="Ana Ruiz", organization="Oak")
BEN = Contact(id=derive_id("ben"), name="Ben Okafor", organization="Elm", referred_by=ANA.id)
CY = Contact(id=derive_id("cy"), name="Cy Lind", organization="Fir")
DEE = Contact(id=derive_id("dee"), name="Dee Ito", organization="  OAK ")


def said(valence: str, by: Contact | None = None, topic: Topic = TOPIC) -> Insight:
    return Insight("Something", topic, Valence(valence), said_by=by.id if by else None)


def talk(
    day: int,
    *people: Contact,
    insights: tuple[Insight, ...] = (),
    answers: tuple[Answer, ...] = (),
    tone: Tone = Tone.CHALLENGE,
) -> Interview:
    meeting = Meeting(start=T0 + timedelta(days=day), format=MeetingFormat.PHONE)
    events: tuple[Event, ...] = (Scheduled(meeting), Held(), Debriefed(Debrief(answers=answers, insights=insights)))
    question = Question(
        id="acme:hard", text="What is hard?", topic=TOPIC, category=QuestionCategory.PATH, domain=Domain.PERSON, tone=tone
    )
    return Interview(
        id=derive_id("talk", day),
        contact_ids=tuple(one.id for one in people),
        exploration_id=UX.id,
        agenda=(AgendaItem(question),),
        history=tuple(HistoryEntry(T0 + timedelta(days=day, hours=hour), event) for hour, event in enumerate(events)),
    )


def campaign(*talks: Interview) -> Campaign:
    return Campaign(profile=Profile(zone="Europe/Madrid")).including(ANA, BEN, CY, DEE, UX, *talks)


def compared(*talks: Interview) -> Comparison:
    return compare(UX, campaign(*talks))


def weighed(*voices: tuple[Contact, str]) -> TopicEvidence:
    (topic,) = compared(*(talk(day, person, insights=(said(valence),)) for day, (person, valence) in enumerate(voices))).topics
    return topic


@pytest.mark.parametrize(
    ("voices", "roots", "verdict"),
    [
        ([(ANA, "+")], 1, Verdict.SINGLE_SOURCE),
        ([(ANA, "+"), (ANA, "+")], 1, Verdict.SINGLE_SOURCE),
        ([(ANA, "+"), (BEN, "+")], 1, Verdict.SINGLE_SOURCE),  # Ana brought Ben in
        ([(ANA, "+"), (CY, "+")], 2, Verdict.CORROBORATED),
        ([(ANA, "-"), (CY, "-"), (BEN, "-")], 2, Verdict.CORROBORATED),
        ([(ANA, "0"), (CY, "0")], 2, Verdict.CORROBORATED),
        ([(ANA, "+"), (CY, "0")], 2, Verdict.SINGLE_SOURCE),  # nobody else took that side
        ([(ANA, "+"), (CY, "-")], 2, Verdict.CONTESTED),
        ([(ANA, "+"), (CY, "+"), (DEE, "-")], 3, Verdict.CONTESTED),
        ([(ANA, "+"), (BEN, "-")], 1, Verdict.SINGLE_SOURCE),  # one circle that says both
        ([(ANA, "+"), (ANA, "-")], 1, Verdict.SINGLE_SOURCE),
        ([(ANA, "+"), (ANA, "-"), (CY, "0")], 2, Verdict.SINGLE_SOURCE),
        ([(ANA, "+"), (ANA, "-"), (CY, "+")], 2, Verdict.CONTESTED),
        ([(ANA, "+"), (CY, "0"), (DEE, "0")], 3, Verdict.SINGLE_SOURCE),  # two who see neither do not agree with her
        ([(ANA, "-"), (CY, "-"), (DEE, "0")], 3, Verdict.CORROBORATED),  # nor contradict her
        ([(ANA, "+"), (ANA, "-"), (CY, "0"), (DEE, "0")], 3, Verdict.SINGLE_SOURCE),
    ],
)
def test_a_verdict_counts_who_is_independent(voices: list[tuple[Contact, str]], roots: int, verdict: Verdict) -> None:
    """Friends who repeat one another passed for proof, or a contradiction was smoothed over."""
    topic = weighed(*voices)
    assert (topic.referral_roots, topic.verdict) == (roots, verdict)


def test_people_and_organisations_are_counted_once() -> None:
    """One person heard twice was two, or one firm spelt in two ways."""
    topic = weighed((ANA, "+"), (DEE, "+"), (ANA, "+"))
    assert (topic.people, topic.organizations, topic.referral_roots) == (2, 1, 2)


def test_levels_are_counted_once_and_as_far_as_they_are_known() -> None:
    """One level heard three times would be three, or an unknown one a level of its own."""
    people = [evolve(ANA, seniority=Seniority.SENIOR), CY, evolve(DEE, seniority=Seniority.SENIOR)]
    talks = [talk(day, one, insights=(said("+"),)) for day, one in enumerate(people)]
    (topic,) = compare(UX, campaign(*talks).including(*people)).topics
    assert (topic.people, topic.seniorities) == (3, 1)
    (topic,) = compare(UX, campaign(*talks).including(*people, evolve(CY, seniority=Seniority.ENTRY))).topics
    assert topic.seniorities == 2
    assert weighed((ANA, "+")).seniorities == 0


def test_somebody_without_organisation_counts_for_none() -> None:
    """No organisation was one."""
    free = evolve(CY, organization="")
    (topic,) = compare(UX, campaign(talk(1, CY, insights=(said("+"),))).including(free)).topics
    assert (topic.people, topic.organizations) == (1, 0)


def test_an_insight_is_whose_it_was() -> None:
    """What a colleague had said counted for the one in front."""
    (topic,) = compared(talk(1, ANA, CY, insights=(said("+"), said("-", by=CY)))).topics
    assert (topic.people, topic.verdict) == (2, Verdict.CONTESTED)


def test_a_verdict_names_the_people() -> None:
    """One could not see who stands on which side, or in which talk they said so."""
    first, second = talk(1, ANA, insights=(said("-"), said("0"))), talk(2, BEN, CY, insights=(said("-"), said("+", by=CY)))
    (topic,) = compared(second, first).topics
    assert [(voice.person, voice.root, voice.interview_id) for voice in topic.on(Valence.NEGATIVE)] == [
        (ANA, ANA.id, first.id),
        (BEN, ANA.id, second.id),
    ]
    assert [voice.person for voice in topic.on(Valence.POSITIVE)] == [CY]
    assert topic.insights == tuple(voice.insight for voice in topic.voices) == (*first.insights, *second.insights)
    assert topic.sides == Sides(
        sources=frozenset({ANA.id, CY.id}),
        for_it=frozenset({CY.id}),
        against=frozenset({ANA.id}),
        neither=frozenset({ANA.id}),
    )


def test_where_both_sides_are_taken_nobody_agrees() -> None:
    """An app that counts who agrees would count over the heads of those who disagree."""
    assert weighed((ANA, "+"), (CY, "+"), (DEE, "0")).sides.agreeing == 2
    assert weighed((ANA, "+"), (ANA, "-"), (CY, "0")).sides.agreeing == 0
    assert weighed((ANA, "+"), (CY, "+"), (DEE, "-")).sides.agreeing == 0


def test_whoever_has_spoken_was_heard() -> None:
    """Somebody whose words are noted, though not that they were there, would be missing among the people, or break comparing."""
    told = talk(1, ANA, insights=(said("+", by=CY),), answers=(Answer("acme:hard", "Much.", said_by=DEE.id),))
    result = compared(told)
    assert (result.people, result.talks) == ((ANA, DEE, CY), (told,))
    assert result.topics[0].voices[0].person == CY


def test_people_come_with_their_roots() -> None:
    """One could not tell how many of those heard are independent."""
    result = compared(talk(1, CY), talk(2, BEN), talk(3, ANA))
    assert (result.people, result.roots) == ((CY, BEN, ANA), (CY.id, ANA.id, ANA.id))


def test_only_what_took_place_in_this_exploration_is_heard() -> None:
    """A talk still to come, or about another field, was evidence."""
    coming = evolve(talk(1, ANA, insights=(said("+"),)), history=(HistoryEntry(T0, Requested()),))
    other = evolve(talk(2, CY, insights=(said("+"),)), exploration_id=derive_id("other"))
    nothing = compared(coming, other)
    assert (nothing.people, nothing.topics) == ((), ())


def test_people_come_in_the_order_of_their_talks_and_topics_in_the_banks() -> None:
    """A comparison was laid out anew at every run."""
    mine = Topic("my:commute")
    first = talk(1, CY, insights=(said("+", topic=mine), said("+", topic=Topic.CHALLENGES)))
    second = talk(2, ANA, insights=(said("+", topic=Topic.TYPICAL_DAY),))
    result = compared(second, first)
    assert result.people == (CY, ANA)
    ours = [topic for topic in Topic.known if topic in {Topic.CHALLENGES, Topic.TYPICAL_DAY}]
    assert [one.topic for one in result.topics] == [*ours, mine]


def test_a_talk_without_a_date_comes_last() -> None:
    """A history from elsewhere, without the meeting, broke comparing."""
    undated = [evolve(talk(day, person), history=(HistoryEntry(T0, Held()),)) for day, person in ((1, ANA), (2, DEE))]
    assert compared(*undated, talk(3, CY)).people[0] == CY


def test_what_nobody_has_spoken_of_is_open() -> None:
    """One of the four topics every exploration should hear of was forgotten."""
    assert compared().open_topics == (Topic.TYPICAL_DAY, Topic.USEFUL_EXPERIENCE, Topic.EDUCATION, Topic.CHALLENGES)
    assert Topic.CHALLENGES in compared(talk(1, ANA)).open_topics
    assert Topic.CHALLENGES not in compared(talk(1, ANA, insights=(said("0"),))).open_topics


def test_an_answer_closes_a_topic_too() -> None:
    """What somebody had answered, and nobody drew anything from, would be asked about for ever."""
    answered = talk(1, ANA, answers=(Answer("acme:hard", "Much."),))
    assert Topic.CHALLENGES not in compared(answered).open_topics
    assert compared(answered).topics == ()  # no side is known, so there is nothing to weigh
    unplanned = talk(1, ANA, answers=(Answer(EDUCATION, "A degree."),))
    assert Topic.EDUCATION not in compared(unplanned).open_topics


def test_the_policys_bank_says_what_an_answer_is_about() -> None:
    """What a plugin's question was about would not be known once it came up unplanned."""
    question = Question(
        id="acme:school", text="Which school?", topic=Topic.EDUCATION, category=QuestionCategory.PATH, domain=Domain.PERSON
    )
    policy = default_policy().with_questions(QuestionSet(name="acme:set", title="Acme", questions=(question,)))
    there = campaign(talk(1, ANA, answers=(Answer("acme:school", "None."),)))
    assert Topic.EDUCATION in compare(UX, there).open_topics
    assert Topic.EDUCATION not in compare(UX, there, policy=policy).open_topics


# ── warnings ─────────────────────────────────────────────────────────────────────────────────────
FEW, ONE_HOUSE, NO_BAD = WarningCode.FEW_PEOPLE, WarningCode.ONE_ORGANIZATION, WarningCode.NOTHING_NEGATIVE


def warned(result: Comparison) -> list[WarningCode]:
    return [warning.code for warning in result.warnings]


def test_a_warning_reads_as_a_line() -> None:
    """Whoever prints it would see its insides; whoever translates would have to go by English words."""
    found = compared(talk(1, ANA, tone=Tone.REWARD), talk(2, DEE, tone=Tone.REWARD)).warnings
    assert [f"! {warning}" for warning in found] == [
        "! Only 2 of at least three people heard so far.",
        "! Everyone heard works for one organization: Oak.",
        "! Nobody was asked what is bad about it.",
    ]
    assert [warning.code for warning in found] == [FEW, ONE_HOUSE, NO_BAD]


def test_nobody_heard_is_one_warning() -> None:
    """Before the first talk one would be scolded for what nobody could have asked, or hear of "0 people"."""
    assert [str(warning) for warning in compared().warnings] == ["Nobody has been heard so far."]
    assert warned(compared()) == [FEW]


def test_fewer_than_three_people_are_few() -> None:
    """Two voices passed for a field, or one voice heard three times."""
    assert FEW in warned(compared(talk(1, ANA)))
    assert FEW in warned(compared(talk(1, ANA), talk(2, CY)))
    assert FEW in warned(compared(talk(1, ANA), talk(2, ANA), talk(3, ANA)))
    assert FEW not in warned(compared(talk(1, ANA), talk(2, CY), talk(3, DEE)))
    assert FEW not in warned(compared(talk(1, ANA, CY, DEE)))


def test_one_house_is_not_a_field() -> None:
    """One employer passed for a field; or was said of people one knows nothing of, or of a single one."""
    assert ONE_HOUSE in warned(compared(talk(1, ANA), talk(2, DEE)))
    assert ONE_HOUSE not in warned(compared(talk(1, ANA), talk(2, CY)))
    assert ONE_HOUSE not in warned(compared(talk(1, ANA), talk(2, DEE), talk(3, CY)))
    assert ONE_HOUSE not in warned(compared(talk(1, ANA)))
    assert ONE_HOUSE not in warned(compared(talk(1, ANA), talk(2, ANA)))
    unknown = campaign(talk(1, ANA), talk(2, DEE)).including(evolve(DEE, organization=""))
    assert ONE_HOUSE not in warned(compare(UX, unknown))
    assert ONE_HOUSE not in warned(compare(UX, unknown.including(evolve(ANA, organization=""))))


def test_somebody_has_to_be_asked_what_is_bad() -> None:
    """A preview without its dark side was called realistic."""
    assert NO_BAD in warned(compared(talk(1, ANA, tone=Tone.REWARD)))
    assert NO_BAD in warned(compared(talk(1, ANA, tone=Tone.NEUTRAL, insights=(said("0"), said("+")))))
    assert NO_BAD not in warned(compared(talk(1, ANA, tone=Tone.CHALLENGE)))
    assert NO_BAD not in warned(compared(talk(1, ANA, tone=Tone.REWARD), talk(2, CY, tone=Tone.CHALLENGE)))


def test_what_is_bad_may_come_up_unasked() -> None:
    """One would be told to ask for what was already said."""
    assert NO_BAD not in warned(compared(talk(1, ANA, tone=Tone.REWARD, insights=(said("-"),))))
    hard = next(question for question in default_policy().bank if question.tone is Tone.CHALLENGE)
    assert NO_BAD not in warned(compared(talk(1, ANA, tone=Tone.REWARD, answers=(Answer(hard.id, "Much."),))))


def test_an_unknown_question_is_no_challenge() -> None:
    """An answer to something no bank knows of would pass for having asked what is bad, or break comparing."""
    assert NO_BAD in warned(compared(talk(1, ANA, tone=Tone.REWARD, answers=(Answer("acme:gone", "Much."),))))


ONE_CHAIN, HR, ALL_GOOD, ALL_BAD, BIAS = (
    WarningCode.ONE_ROOT,
    WarningCode.HR_ONLY,
    WarningCode.ALL_POSITIVE,
    WarningCode.ALL_NEGATIVE,
    WarningCode.KNOWN_BIAS,
)


def test_one_chain_of_introductions_is_warned_of() -> None:
    """Friends of friends would pass for a field; or one would be warned of a single person, or of strangers."""
    assert ONE_CHAIN in warned(compared(talk(1, ANA), talk(2, BEN)))
    assert ONE_CHAIN in warned(compared(talk(1, BEN, ANA)))
    assert ONE_CHAIN not in warned(compared(talk(1, ANA)))
    assert ONE_CHAIN not in warned(compared(talk(1, ANA), talk(2, BEN), talk(3, CY)))


def test_personnel_staff_alone_is_warned_of() -> None:
    """Vacancies would pass for the work; or somebody whose role is not known for a recruiter."""
    ana, cy = (evolve(one, role=ContactRole.RECRUITER) for one in (ANA, CY))
    assert HR in warned(compare(UX, campaign(talk(1, ANA)).including(ana)))
    assert HR in warned(compare(UX, campaign(talk(1, ANA), talk(2, CY)).including(ana, cy)))
    assert HR not in warned(compare(UX, campaign(talk(1, ANA), talk(2, CY)).including(ana)))
    assert HR not in warned(compare(UX, campaign(talk(1, ANA)).including(evolve(ANA, role=ContactRole.PRACTITIONER))))
    assert HR not in warned(compared())


def test_one_side_alone_is_warned_of() -> None:
    """Praise, or complaint, from all would pass for the whole; or one person's mood for a pattern."""
    assert ALL_GOOD in warned(compared(talk(1, ANA, insights=(said("+"),)), talk(2, CY, insights=(said("+"), said("0")))))
    assert ALL_BAD in warned(compared(talk(1, ANA, insights=(said("-"),)), talk(2, CY, insights=(said("-"),))))
    for valences in ("+-", "-+", "+0", "0-", "00"):
        both = compared(*(talk(day, one, insights=(said(valences[day]),)) for day, one in enumerate((ANA, CY))))
        assert not {ALL_GOOD, ALL_BAD} & set(warned(both))
    assert not {ALL_GOOD, ALL_BAD} & set(warned(compared(talk(1, ANA, insights=(said("+"), said("+"))))))


def test_a_known_bias_is_told_with_the_person() -> None:
    """Somebody who has just left, or works for a competitor, would be heard like everybody else."""
    ana, cy = evolve(ANA, tags=("Just-Left", "alumni")), evolve(CY, tags=("my-own",))
    there = campaign(talk(1, ANA), talk(2, CY)).including(ana, cy)
    (bias,) = (one for one in compare(UX, there).warnings if one.code == BIAS)
    assert (str(bias), bias.people) == ("Not impartial: Ana Ruiz (Just-Left).", (ana,))
    own = evolve(default_policy(), bias_tags=("my-own", "ALUMNI"))
    (bias,) = (one for one in compare(UX, there, policy=own).warnings if one.code == BIAS)
    assert (str(bias), bias.people) == ("Not impartial: Ana Ruiz (alumni), Cy Lind (my-own).", (ana, cy))
    assert BIAS not in warned(compared(talk(1, ANA)))


# ── laws ─────────────────────────────────────────────────────────────────────────────────────────
def test_the_order_of_rows_does_not_matter() -> None:
    """Two exports of one database gave two comparisons."""
    talks = [
        talk(day, person, insights=(said(valence), said("0", topic=Topic.EDUCATION)))
        for day, (person, valence) in enumerate([(ANA, "+"), (BEN, "-"), (CY, "0"), (DEE, "+"), (ANA, "-")])
    ]
    whole = compared(*talks)
    for seed in range(20):
        Random(seed).shuffle(talks)
        assert compared(*talks) == whole


def test_people_the_campaign_does_not_hold_are_named() -> None:
    """A missing contact escaped as a KeyError."""
    with pytest.raises(NotFound, match="contact"):
        compared(talk(1, Contact(id=derive_id("stranger"), name="Stranger")))


VALENCES = st.sampled_from(["+", "-", "0"])


@given(voices=st.lists(st.tuples(st.sampled_from([ANA, BEN, CY, DEE]), VALENCES), min_size=1, max_size=8), data=st.data())
def test_a_verdict_does_not_depend_on_who_came_first(voices: list[tuple[Contact, str]], data: st.DataObject) -> None:
    """The same words would mean something else for having been heard in another order."""
    otherwise = data.draw(st.permutations(voices))
    first, second = weighed(*voices), weighed(*otherwise)
    assert (first.verdict, first.sides, first.people) == (second.verdict, second.sides, second.people)


@given(voices=st.lists(st.tuples(st.sampled_from([ANA, BEN, CY, DEE]), VALENCES), min_size=1, max_size=8))
def test_for_and_against_weigh_the_same(voices: list[tuple[Contact, str]]) -> None:
    """Good news would need less proof than bad news."""
    mirrored = [(person, valence.translate(str.maketrans("+-", "-+"))) for person, valence in voices]
    assert weighed(*voices).verdict is weighed(*mirrored).verdict


@given(voices=st.lists(st.tuples(st.sampled_from([ANA, BEN]), VALENCES), min_size=1, max_size=8))
def test_one_chain_of_introductions_is_one_source(voices: list[tuple[Contact, str]]) -> None:
    """Friends who repeat or contradict one another would be more than one source."""
    assert weighed(*voices).verdict is Verdict.SINGLE_SOURCE


EVERYBODY = st.lists(st.tuples(st.sampled_from([ANA, BEN, CY, DEE]), VALENCES), min_size=1, max_size=8)


@given(voices=EVERYBODY, by=st.sampled_from([ANA, BEN, CY, DEE]), named=st.sampled_from([ANA, CY, DEE]))
def test_an_introduction_never_makes_sources_more(voices: list[tuple[Contact, str]], by: Contact, named: Contact) -> None:
    """To learn that two people know each other would make what they say more certain."""
    talks = [talk(day, person, insights=(said(valence),)) for day, (person, valence) in enumerate(voices)]
    apart, joined = campaign(*talks), campaign(*talks).including(evolve(named, referred_by=by.id))
    (before,), (after,) = compare(UX, apart).topics, compare(UX, joined).topics
    assert after.referral_roots <= before.referral_roots
    assert after.people == before.people


@given(voices=EVERYBODY, by=st.sampled_from([ANA, BEN, CY, DEE]))
def test_a_neutral_word_settles_no_dispute(voices: list[tuple[Contact, str]], by: Contact) -> None:
    """Somebody who takes no side would turn a dispute into agreement, or agreement into a dispute."""
    before, after = weighed(*voices), weighed(*voices, (by, "0"))
    assert (before.verdict is Verdict.CONTESTED) is (after.verdict is Verdict.CONTESTED)
    if before.sides.for_it or before.sides.against:
        assert after.verdict is before.verdict


@given(voices=EVERYBODY, by=st.sampled_from([ANA, BEN, CY, DEE]), valence=VALENCES)
def test_one_more_voice_never_makes_sources_fewer(voices: list[tuple[Contact, str]], by: Contact, valence: str) -> None:
    """To hear somebody would make one know less; and what is contested would stop being so for one more word."""
    before, after = weighed(*voices), weighed(*voices, (by, valence))
    assert after.referral_roots >= before.referral_roots
    assert before.verdict is not Verdict.CONTESTED or after.verdict is Verdict.CONTESTED
