"""The bank: what it holds, how it is searched and joined, and how it is read from TOML."""

import pickle
import re
import tomllib
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, strategies as st

from infoint.errors import ImportRejected, InfointError, InvalidValue, NameClash, NotFound
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact, ContactRole, Seniority
from infoint.model.identity import derive_id
from infoint.model.interview import Interview
from infoint.model.obstacle import Obstacle
from infoint.model.peaks import Peaks
from infoint.model.profile import Profile
from infoint.model.question import Domain, Question, QuestionCategory, QuestionSet, Tone, Topic
from infoint.practice.agenda import choose_agenda
from infoint.practice.obstacles import OBSTACLE_CATEGORIES
from infoint.practice.policy import default_policy
from infoint.practice.question_bank import QuestionBank, load_question_sets, read_question_sets, topic_phrases
from infoint.practice.review import review_question

BANK = QuestionBank(load_question_sets())
GOLDEN = Path(__file__).with_name("question_ids.golden.txt")
READY = ("balanced", "first-career", "career-change", "advance", "senior-person", "realistic-preview", "tiara", "infoint")


def a_question(id: str = "acme:nights", text: str = "What do nights ask of you at home?", **given: object) -> Question:
    tags = {"category": QuestionCategory.TIME_AT_WORK, "topic": Topic.OVERTIME, "domain": Domain.PERSON, **given}
    return Question(id=id, text=text, **tags)  # type: ignore[arg-type]  # the tags are of mixed types


def a_set(name: str, *questions: Question) -> QuestionSet:
    return QuestionSet(name=name, title=name, questions=questions)


# ── what is shipped ──────────────────────────────────────────────────────────────────────────────
def test_ids_never_change() -> None:
    """An agenda or answer kept from before would point at a question that is gone or renamed. New ids: add them to the file."""
    assert sorted(question.id for question in BANK) == GOLDEN.read_text(encoding="utf-8").split()


THE_PRACTICE: dict[str, dict[str, str]] = {
    "describe-the-job": {
        "what the job is": "describe-the-job.to-a-stranger",
        "job titles in use": "describe-the-job.job-titles",
        "duties": "describe-the-job.answerable-for",
        "personality traits that suit it": "describe-the-job.temperament describe-the-job.who-struggles",
        "a typical day": "describe-the-job.last-working-day",
        "problems faced": "describe-the-job.problem-of-the-month",
        "decisions made": "describe-the-job.own-decisions describe-the-job.delegated-decisions",
    },
    "time-at-work": {
        "satisfactions": "time-at-work.content-on-friday time-at-work.proudest",
        "dissatisfactions": "time-at-work.wears-on-you",
        "dull or repetitive parts": "time-at-work.repetitive",
        "share of time the job takes": "time-at-work.share-of-the-week",
        "work and home life": "time-at-work.life-around-it",
        "social obligations": "time-at-work.social-occasions",
        "professional bodies one is expected to join": "time-at-work.professional-bodies",
        "duties outside hours": "time-at-work.after-hours-duties",
        "overtime, weekends": "time-at-work.evenings-and-weekends",
        "work taken home": "time-at-work.carried-home",
    },
    "job-history": {
        "earlier jobs": "job-history.earlier-jobs",
        "how they prepared": "job-history.getting-ready",
        "best about earlier jobs": "job-history.back-for-a-month",
        "least liked about earlier jobs": "job-history.glad-to-leave",
    },
    "field-outlook": {
        "changes under way": "field-outlook.changed-since field-outlook.coming-change",
        "demand for people": "field-outlook.finding-people",
        "growing, growth": "field-outlook.gaining-people",
        "shrinking": "field-outlook.losing-people",
        "coming challenges": "field-outlook.difficult-years",
    },
    "education-and-experience": {
        "educational background that helps": "education-and-experience.useful-schooling education-and-experience.course-today",
        "experience that is useful for advancing": "education-and-experience.moved-ahead education-and-experience.small-project",
        "how people without direct experience got in": "education-and-experience.without-experience",
    },
    "hidden-jobs": {
        "the range of jobs in the field": "hidden-jobs.range",
        "non-traditional jobs": "hidden-jobs.unusual",
        "how jobs never advertised are filled": "hidden-jobs.filled-quietly",
        "how jobs never advertised are found": "hidden-jobs.hearing-early",
    },
    "advancement": {
        "how people advance": "advancement.moving-up advancement.held-back",
        "openings to advance": "advancement.next-doors",
        "best way in": "advancement.way-in advancement.dead-end",
        "main qualifications for success": "advancement.qualifications advancement.do-well",
        "usual time between steps": "advancement.time-between-steps",
        "the top job": "advancement.top-of-the-ladder advancement.surprise-at-the-top",
        "prerequisites": "advancement.before-considered",
        "entry-level jobs": "advancement.first-rung",
        "training employers give": "advancement.training",
        "salary ranges by level": "advancement.pay-by-level",
    },
    "networking": {
        "whom else to talk to in this field": "networking.in-my-place networking.respectful-dissent networking.another-employer",
        "whom else to talk to in related fields": "networking.neighbouring-field",
        "job descriptions or specifications one may read": "networking.job-descriptions",
    },
    "path": {
        "career path": "path.first-step-to-now path.turning-point",
        "why this field": "path.drawn-here",
        "what they like most": "path.look-forward",
        "how they climbed": "path.rise",
        "first-job tips": "path.first-job-well path.first-months",
        "what they would do differently": "path.begin-again",
        "moving skills across industries": "path.skills-that-travel path.habits-to-unlearn",
    },
    "advice-on-me": {
        "what they would want to know of a candidate like me": "advice-on-me.want-to-know advice-on-me.hesitate",
        "training I lack": "advice-on-me.missing-training",
        "whether my résumé shows the right skills": "advice-on-me.resume",
        "feedback on my skills": "advice-on-me.skills-beside-the-work advice-on-me.skills-that-count",
    },
    "realistic-preview": {
        "hardest parts": "realistic-preview.hardest realistic-preview.first-year-letdown",
        "why people leave": "realistic-preview.why-people-leave",
        "two great things and two they would change": "realistic-preview.two-and-two",
        "what outsiders get wrong": "realistic-preview.wrong-picture realistic-preview.surprised-you",
    },
    "qualities": {
        "personal": "qualities.personal qualities.put-off",
        "experience": "qualities.experience",
        "accomplishments": "qualities.accomplishments",
        "knowledge": "qualities.knowledge",
        "skills": "qualities.skills",
    },
    "organization": {
        "mission": "organization.purpose",
        "structure": "organization.around-your-team",
        "culture": "organization.how-people-treat-one-another organization.unwritten-rules organization.better-than-others",
    },
}
"""Every phrase in which the practice (§3) says what to ask about, and the questions that do."""
PHRASES = [(category, phrase, ids.split()) for category, rows in THE_PRACTICE.items() for phrase, ids in rows.items()]


@pytest.mark.parametrize(("category", "phrase", "ids"), PHRASES, ids=[f"{row[0]}: {row[1]}" for row in PHRASES])
def test_every_phrase_of_the_practice_has_its_question(category: str, phrase: str, ids: list[str]) -> None:
    """Something that should be asked about could not be, or would be found under another heading."""
    assert {BANK.question(id).category for id in ids} == {category}


def test_the_practice_has_a_row_for_every_category() -> None:
    """A category was added, or left out of the table above."""
    assert set(THE_PRACTICE) == set(QuestionCategory.known)
    assert len({id for _, _, ids in PHRASES for id in ids}) == sum(len(ids) for _, _, ids in PHRASES)


def test_every_question_is_fully_tagged() -> None:
    """A question would be chosen by a tag nobody had decided on: a default stood in for it."""
    table = tomllib.loads((files("infoint.practice") / "data" / "questions.en.toml").read_text(encoding="utf-8"))
    for row in table["question"]:
        assert {"id", "text", "category", "topic", "domain", "tone", "minutes", "probes"} <= row.keys(), row["id"]
    for question in BANK:
        helps = {obstacle for obstacle, categories in OBSTACLE_CATEGORIES.items() if question.category in categories}
        if question.topic != Topic.WHO_ELSE:  # which ends every talk, whatever stands in the way
            assert {question.obstacle} - {None} == helps, question.id
        if question.category == QuestionCategory.QUALITIES:
            assert question.peaks, question.id


def test_questions_meant_for_some_are_there_for_each_of_them() -> None:
    """Somebody who leads, hires, begins or has long been there would be asked nothing of their own."""
    meant = [question for question in BANK if question.roles or question.seniorities]
    assert {role for question in meant for role in question.roles} >= {ContactRole.SUPERVISOR, ContactRole.RECRUITER}
    assert {seniority for question in meant for seniority in question.seniorities} == set(Seniority)
    assert {question.domain for question in meant} == set(Domain)


def test_an_id_begins_with_its_category() -> None:
    """An id that says another category misleads whoever reads it in a file."""
    assert [question.id for question in BANK if not question.id.startswith(f"{question.category}.")] == []


def test_every_topic_and_category_is_covered() -> None:
    """A topic without a question could never be asked about, so evidence on it would never come."""
    topics, categories = Counter(question.topic for question in BANK), Counter(question.category for question in BANK)
    assert set(Topic.known) == set(topics)
    assert {category: count for category in QuestionCategory.known if (count := categories[category]) < 3} == {}


def test_domains_and_tones_are_in_supply() -> None:
    """A thin domain or tone runs dry after a few talks with one person."""
    assert len(BANK) >= 60
    assert min(Counter(question.domain for question in BANK).values()) >= 12
    tones = Counter(question.tone for question in BANK)
    assert tones[Tone.CHALLENGE] >= 12
    assert tones[Tone.REWARD] >= 10
    assert {question.domain for question in BANK if question.tone is Tone.CHALLENGE} == set(Domain)


def test_qualities_ask_for_every_letter() -> None:
    """A letter nobody is asked about would look like one the field does not want."""
    asked = [question.peaks for question in BANK.find(category=QuestionCategory.QUALITIES)]
    assert all(any(letter in letters for letters in asked) for letter in Peaks)


def test_a_tagged_obstacle_agrees_with_its_category() -> None:
    """The tag and the map that pulls categories in would contradict each other."""
    tagged = [question for question in BANK if question.obstacle]
    for obstacle, categories in OBSTACLE_CATEGORIES.items():
        assert any(question.obstacle == obstacle for question in tagged)
        assert {question.category for question in tagged if question.obstacle == obstacle} <= set(categories)
    assert {question.obstacle for question in tagged} == set(Obstacle.known)


def test_every_question_is_asked_openly() -> None:
    """A closed, leading or double question in our own bank would be found fault with by our own review."""
    openers = re.compile(r"(?:How|What|Which|Tell me about) ")
    for question in BANK:
        assert openers.match(question.text), question.id
        assert review_question(question.text) == (), question.id
        assert 1 <= len(question.probes) <= 3, question.id
        for probe in question.probes:
            assert review_question(probe) == (), (question.id, probe)


def test_no_question_is_there_twice_in_other_words() -> None:
    """Two ids with one text would let the same person be asked twice."""
    assert len({question.text.casefold() for question in BANK}) == len(BANK)


def test_the_ready_sets() -> None:
    """An app that offers "balanced" by name would fail, or not be balanced."""
    assert tuple(one.name for one in BANK.sets) == READY
    assert set(BANK.set("infoint").questions) == set(BANK)
    balanced = BANK.set("balanced").questions
    assert Counter(question.domain for question in balanced) == {Domain.PERSON: 2, Domain.FIELD: 1, Domain.ADVICE: 2}
    assert sum(question.tone is Tone.CHALLENGE for question in balanced) == 1
    assert balanced[-1].topic == Topic.WHO_ELSE
    assert sum(question.minutes for question in balanced) <= 25


SET_NAMES = [name for name in READY if name != "infoint"]


@pytest.mark.parametrize("name", SET_NAMES)
def test_a_ready_set_alone_makes_a_talk_of_the_right_mix(name: str) -> None:
    """Whoever keeps to one list would have a talk without the hard side, without advice, or without a next person to ask."""
    chosen = BANK.set(name).questions
    assert chosen[-1].topic == Topic.WHO_ELSE
    assert sum(question.topic == Topic.WHO_ELSE for question in chosen) == 1
    assert len({question.topic for question in chosen}) >= len(chosen) - 2
    assert any(question.tone is Tone.CHALLENGE for question in chosen)
    boss = Contact(id=derive_id("boss"), name="Max Orr", role=ContactRole.SUPERVISOR, seniority=Seniority.SENIOR)
    talk = Interview(contact_ids=(boss.id,))
    alone = evolve(default_policy(), bank=QuestionBank((BANK.set(name),)))
    agenda = [
        item.question for item in choose_agenda(talk, Campaign(profile=Profile(zone="UTC")).including(boss), policy=alone)
    ]
    assert Counter(one.domain for one in agenda) == {Domain.PERSON: 2, Domain.FIELD: 1, Domain.ADVICE: 2}
    assert any(one.tone is Tone.CHALLENGE for one in agenda)
    assert agenda[-1] == chosen[-1]


CATEGORIES_OF_SETS: dict[str, set[str]] = {
    "first-career": {"describe-the-job", "path", "education-and-experience", "advancement"},
    "career-change": {"path", "hidden-jobs", "education-and-experience", "advice-on-me", "realistic-preview"},
    "advance": {"advancement", "path"},
    "senior-person": {"field-outlook", "organization", "path"},
    "realistic-preview": {"realistic-preview", "time-at-work", "describe-the-job"},
}


@pytest.mark.parametrize("name", CATEGORIES_OF_SETS)
def test_a_ready_set_is_about_what_it_is_called(name: str) -> None:
    """A list for changing fields would ask what a first job is like."""
    assert {question.category for question in BANK.set(name).questions} >= CATEGORIES_OF_SETS[name]


def test_the_set_for_a_senior_person_asks_what_only_they_can_tell() -> None:
    """A senior person would be asked what any beginner could answer."""
    own = [question for question in BANK.set("senior-person").questions if question.seniorities or question.roles]
    assert len(own) >= 5
    assert all(not question.seniorities or Seniority.SENIOR in question.seniorities for question in own)


def test_the_realistic_preview_weighs_both_sides() -> None:
    """A preview of the hard side alone would rule everything out, one of the good side alone nothing."""
    tones = Counter(question.tone for question in BANK.set("realistic-preview").questions)
    assert tones[Tone.CHALLENGE] >= 4
    assert tones[Tone.REWARD] >= 1


TIARA = {
    "trends": {"field-outlook.coming-change", "field-outlook.finding-people"},
    "insights": {"realistic-preview.surprised-you", "time-at-work.wears-on-you"},
    "advice": {"path.begin-again"},
    "resources": {"education-and-experience.keeping-up"},
    "assignments": {"advice-on-me.first-assignment"},
}


def test_tiara_goes_through_its_five_letters_in_order() -> None:
    """A letter of the method would be left out, or the talk begin with what should end it."""
    asked = [question.id for question in BANK.set("tiara").questions]
    letters = [letter for id in asked for letter, ids in TIARA.items() if id in ids]
    assert list(dict.fromkeys(letters)) == list(TIARA)
    assert letters == sorted(letters, key=list(TIARA).index)
    assert asked[len(letters) :] == ["networking.in-my-place"]


def test_every_topic_has_a_phrase() -> None:
    """A reason would read "asked about time share" where a person says "how much time the job takes"."""
    assert set(topic_phrases()) == set(Topic.known)


# ── the bank as a collection ─────────────────────────────────────────────────────────────────────
def test_iteration_gives_each_question_once_in_the_order_of_first_appearance() -> None:
    """A question in three sets would be counted three times."""
    one, two, three = (a_question(f"acme:q{n}", text=f"What about {n}?") for n in (1, 2, 3))
    bank = QuestionBank((a_set("acme:a", two, one), a_set("acme:b", one, three)))
    assert tuple(bank) == (two, one, three)
    assert len(bank) == 3


def test_lookup_by_id_and_name() -> None:
    """Asking for what is not there would give None or a KeyError instead of a hint at the right name."""
    assert BANK.question("path.rise").id == "path.rise"
    assert BANK.set("tiara").name == "tiara"
    with pytest.raises(NotFound, match=r"path\.rize.*did you mean 'path\.rise'"):
        BANK.question("path.rize")
    with pytest.raises(NotFound, match=r"question set tiarra: did you mean 'tiara'"):
        BANK.set("tiarra")
    with pytest.raises(NotFound, match=r"no question set zzz$"):
        BANK.set("zzz")


def test_find_joins_its_conditions() -> None:
    """A search by category and domain would give questions to which only one of them applies."""
    found = BANK.find(category=QuestionCategory.FIELD_OUTLOOK, domain=Domain.FIELD, topic=Topic.OUTLOOK)
    assert {question.id for question in found} == {
        "field-outlook.gaining-people",
        "field-outlook.losing-people",
        "field-outlook.difficult-years",
    }
    assert BANK.find() == tuple(BANK)


@pytest.mark.parametrize(
    ("wanted", "holds"),
    [
        ({"tone": Tone.REWARD}, lambda one: one.tone is Tone.REWARD),
        ({"role": ContactRole.RECRUITER}, lambda one: not one.roles or ContactRole.RECRUITER in one.roles),
        ({"seniority": Seniority.ENTRY}, lambda one: not one.seniorities or Seniority.ENTRY in one.seniorities),
        ({"peaks": Peaks.SKILLS | Peaks.PERSONAL}, lambda one: bool(one.peaks & (Peaks.SKILLS | Peaks.PERSONAL))),
        ({"longest": 3}, lambda one: one.minutes <= 3),
        (
            {"obstacle": Obstacle.FEW_JOBS_ADVERTISED},
            lambda one: one.category in {"hidden-jobs", "networking"} or one.obstacle == "few-jobs-advertised",
        ),
        ({"obstacle": Obstacle.ONLY_PERSONNEL_STAFF}, lambda one: one.obstacle == "only-personnel-staff"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_find_by_each_tag(wanted: dict[str, Any], holds: Callable[[Question], bool]) -> None:
    """An app's filter would show what it should hide, or hide what suits everybody."""
    found = BANK.find(**wanted)
    assert found == tuple(one for one in BANK if holds(one))
    assert 0 < len(found) < len(BANK)


def test_find_joins_all_its_conditions() -> None:
    """The last filter set would undo the others."""
    found = BANK.find(
        domain=Domain.FIELD, tone=Tone.CHALLENGE, role=ContactRole.RECRUITER, peaks=Peaks.PERSONAL, longest=4, text="employer"
    )
    assert [one.id for one in found] == ["qualities.put-off"]
    assert BANK.find(tone=Tone.CHALLENGE, role=ContactRole.PRACTITIONER, category=QuestionCategory.QUALITIES) == ()


def test_find_text_looks_at_probes_topic_and_category_too() -> None:
    """Whoever types "salary" would find nothing, since the question says "pay"."""
    assert [one.id for one in BANK.find(text="salary")] == ["advancement.pay-by-level"]
    assert [one.id for one in BANK.find(text="mention ME")] == ["networking.in-my-place"]
    assert set(BANK.find(text="hidden jobs")) == set(BANK.find(category=QuestionCategory.HIDDEN_JOBS))


def test_find_text_wants_every_word_whatever_the_case() -> None:
    """A search for two words would give questions with either, or miss a capital letter."""
    assert [question.id for question in BANK.find(text="DOORS open")] == ["advancement.next-doors"]
    assert BANK.find(text="doors nightingale") == ()


def test_find_in_a_language() -> None:
    """British questions would be hidden from whoever asks for English ones, and Spanish ones shown."""
    british = a_question("acme:kettle", text="How is tea shared out?", language="en-GB")
    spanish = a_question("acme:horario", text="¿Cómo es su horario?", language="es")
    bank = QuestionBank((a_set("acme:a", british, spanish),))
    assert bank.find() == (british,)
    assert bank.find(language="es-MX") == (spanish,)


def test_one_id_with_two_contents_is_a_clash_that_names_both_sets() -> None:
    """The second text would silently win, and a host could not say whose it is."""
    ours, theirs = a_question(), a_question(text="How do nights go?")
    with pytest.raises(NameClash) as caught:
        QuestionBank((a_set("acme:a", ours), a_set("acme:b", ours), a_set("beta:c", theirs)))
    assert caught.value.name == "acme:nights"
    assert caught.value.owners == ("acme:a", "beta:c")


def test_one_set_name_twice_is_a_clash() -> None:
    """One of the two sets would vanish behind the other."""
    with pytest.raises(NameClash, match="'acme:a' is offered twice: leave one of them out, or rename"):
        QuestionBank((a_set("acme:a", a_question()), a_set("acme:a", a_question("acme:b"))))


def test_including_adds_and_leaves_the_old_bank_alone() -> None:
    """A plugin's questions would show up in another engine's bank."""
    more = BANK.including(a_set("acme:a", a_question()))
    assert len(more) == len(BANK) + 1
    assert more.set("acme:a").questions == (more.question("acme:nights"),)
    with pytest.raises(NotFound):
        BANK.question("acme:nights")
    with pytest.raises(NameClash, match="balanced"):
        BANK.including(BANK.set("balanced"))


def test_only_sets_make_a_bank() -> None:
    """A list of questions would be taken and fail far from here."""
    with pytest.raises(InvalidValue, match=r"QuestionBank\.sets"):
        QuestionBank([a_question()])  # type: ignore[arg-type]


def test_a_bank_is_a_value() -> None:
    """A policy could not be compared, pickled or used as a key."""
    assert QuestionBank(load_question_sets()) == BANK
    assert pickle.loads(pickle.dumps(BANK)) == BANK


@given(st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=5), max_size=5))
def test_a_bank_is_the_union_of_its_sets(groups: list[list[int]]) -> None:
    """A question would be lost or doubled for some way of sharing questions between sets."""
    sets = [a_set(f"acme:{n}", *(a_question(f"acme:q{q}") for q in group)) for n, group in enumerate(groups)]
    bank = QuestionBank(tuple(sets))
    assert [question.id for question in bank] == list(dict.fromkeys(f"acme:q{q}" for group in groups for q in group))
    assert all(bank.question(question.id) is not None for question in bank)
    assert QuestionBank(()).including(*sets) == bank


# ── from TOML ────────────────────────────────────────────────────────────────────────────────────
FILE = """
language = "es"
[[question]]
id = "acme:turnos"
text = "¿Cómo se reparten los turnos?"
category = "time-at-work"
topic = "nursing:shifts"
domain = "person"
tone = "challenge"
minutes = 3
probes = ["¿Quién decide?"]
roles = ["practitioner"]
seniorities = ["entry", "mid"]
peaks = ["skills", "knowledge"]
obstacle = "little-knowledge"
open_ended = true
[[set]]
name = "acme:enfermeria"
title = "Enfermería"
"""


def test_a_file_of_an_app() -> None:
    """A tag written in the file would not reach the question."""
    (one,) = read_question_sets(FILE, "acme.toml")
    (question,) = one.questions
    assert (one.name, one.title) == ("acme:enfermeria", "Enfermería")
    assert question.language == "es"
    assert question.tone is Tone.CHALLENGE
    assert question.minutes == 3
    assert question.peaks == Peaks.SKILLS | Peaks.KNOWLEDGE
    assert question.probes == ("¿Quién decide?",)
    assert question.obstacle == Obstacle.LITTLE_KNOWLEDGE
    assert (len(question.roles), len(question.seniorities)) == (1, 2)
    assert question.topic == Topic("nursing:shifts")


def test_a_set_may_name_what_infoint_ships() -> None:
    """An app could not make a set of its own from our questions."""
    text = '[[set]]\nname = "acme:short"\ntitle = "Short"\nquestions = ["path.rise", "networking.in-my-place"]'
    (one,) = read_question_sets(text, "acme.toml")
    assert one.questions == (BANK.question("path.rise"), BANK.question("networking.in-my-place"))


def test_a_translation_keeps_our_ids() -> None:
    """A translated bank would need other ids, and answers in two languages could not be compared."""
    text = FILE.replace("acme:turnos", "path.rise").replace("acme:enfermeria", "balanced")
    assert read_question_sets(text, "es.toml")[0].questions[0].id == "path.rise"


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        ('"acme:turnos"', '"turnos"', "question 'turnos'.id", "needs an owner"),
        ('"acme:enfermeria"', '"enfermeria"', "set 'enfermeria'.name", "needs an owner"),
        ('"acme:turnos"', '"acme turnos"', "question 'acme turnos'.id", "needs a slug"),
        ("minutes = 3", "minutes = 0", "question 'acme:turnos'.minutes", "from 1 to 60"),
        ("minutes = 3", 'minutes = "3"', "question 'acme:turnos'.minutes", "whole number"),
        ("minutes = 3", "minuets = 3", "question 'acme:turnos'.minuets", "is no key of ours"),
        ('topic = "nursing:shifts"', 'topic = "overtyme"', "question 'acme:turnos'.topic", "did you mean 'overtime'"),
        ('topic = "nursing:shifts"', "", "question 'acme:turnos'.topic", "is missing"),
        ('"challenge"', '"hard"', "question 'acme:turnos'.tone", "none of reward, challenge, neutral"),
        ('["skills", "knowledge"]', '["luck"]', "question 'acme:turnos'.peaks", "'luck' is none of personal"),
        ('["¿Quién decide?"]', '"¿Quién decide?"', "question 'acme:turnos'.probes", "needs a list"),
        ('["practitioner"]', '["boss"]', "question 'acme:turnos'.roles", "none of ours"),
        ('title = "Enfermería"', 'titel = "x"', "set 'acme:enfermeria'.titel", "is no key of ours"),
        ('title = "Enfermería"', "", "set 'acme:enfermeria'.title", "must not be empty"),
        ('title = "Enfermería"', 'title = "x"\nquestions = ["acme:x"]', "set 'acme:enfermeria'.questions", "acme:x"),
        ('title = "Enfermería"', 'title = "x"\nquestions = "acme:turnos"', "set 'acme:enfermeria'.questions", "list of ids"),
        ('title = "Enfermería"', 'title = "x"\nquestions = ["path.rise"]', "question 'acme:turnos'.id", "is in no [[set]]"),
        ('language = "es"', "language = 5", "question 'acme:turnos'.language", "needs text"),
        ('language = "es"', 'langauge = "es"', "acme.toml.langauge", "is no key of ours"),
        ("[[set]]", "[set]", "acme.toml.set", "needs [[set]] tables"),
    ],
)
def test_a_mistake_in_a_file_is_named(old: str, new: str, where: str, what: str) -> None:
    """The author would be told that something is wrong, but not in which question and under which key."""
    assert old in FILE
    with pytest.raises(InvalidValue) as caught:
        read_question_sets(FILE.replace(old, new), "acme.toml")
    assert where in str(caught.value)
    assert what in str(caught.value)
    assert str(caught.value).startswith("acme.toml")


def test_the_same_id_twice_in_a_file() -> None:
    """One of the two would be lost without a word."""
    again = FILE[FILE.index("[[question]]") : FILE.index("[[set]]")]
    with pytest.raises(InvalidValue, match=r"question 'acme:turnos'\.id: is there twice"):
        read_question_sets(FILE + again, "acme.toml")


def test_a_question_without_an_id_is_named_as_such() -> None:
    """The message would speak of a question None."""
    with pytest.raises(InvalidValue, match=r"'without a name'.*is missing"):
        read_question_sets(FILE.replace('id = "acme:turnos"', ""), "acme.toml")


def test_what_is_no_toml() -> None:
    """A native error of the parser would escape."""
    with pytest.raises(ImportRejected, match=r"acme\.toml"):
        read_question_sets("[[question", "acme.toml")


@given(st.text(max_size=200))
def test_no_native_error_escapes(text: str) -> None:
    """A text of any kind would end in an error that an app does not catch."""
    with suppress(InfointError):
        read_question_sets(text, "any.toml")


def test_shipped_languages() -> None:
    """A language we do not ship would give an empty bank, and a regional tag of one we do would find nothing."""
    assert load_question_sets("en-GB") == load_question_sets()
    assert load_question_sets() is load_question_sets()
    with pytest.raises(NotFound, match="read_question_sets"):
        load_question_sets("tlh")
    with pytest.raises(NotFound):
        topic_phrases("tlh")


def test_the_shipped_sets_pass_where_an_app_would_use_them() -> None:
    """Evolving a shipped question and adding it would not be noticed as a clash."""
    changed = evolve(BANK.question("path.rise"), minutes=9)
    with pytest.raises(NameClash, match=r"path\.rise"):
        BANK.including(a_set("acme:mine", changed))
