"""What a careful adviser would remark on, in a question, in a letter and in a planned talk."""

from datetime import datetime, timedelta
from re import _parser  # type: ignore[attr-defined]  # how patterns are read, known to nothing public
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given, strategies as st

from infoint.errors import ImportRejected, InvalidValue, NaiveTime, NotFound
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Answer, Debrief, Party
from infoint.model.events import Cancelled, Debriefed, Held, HistoryEntry, Scheduled
from infoint.model.follow_up import FollowUpKind
from infoint.model.identity import derive_id
from infoint.model.interview import AgendaItem, Interview, Purpose
from infoint.model.meeting import Meeting, MeetingFormat
from infoint.model.profile import Profile
from infoint.model.question import Domain, Question, QuestionCategory, QuestionSet, Tone, Topic
from infoint.practice.agenda import choose_agenda
from infoint.practice.policy import Mix, default_policy
from infoint.practice.question_bank import QuestionBank
from infoint.practice.review import Finding, FindingCode, Severity, review, review_letter, review_question
from infoint.practice.word_rules import LONGEST_TOGETHER, _Absence, _Search, read_word_rules, word_rules

ME = Profile(zone="Europe/Madrid")
ANA, BO = (Contact(id=derive_id(name), name=name) for name in ("Ana Ruiz", "Bo Li"))
MONDAY = datetime(2026, 3, 2, 10, tzinfo=ZoneInfo("Europe/Madrid"))
BANK = default_policy().bank


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in findings]


def found(findings: tuple[Finding, ...], code: FindingCode) -> Finding:
    (finding,) = (finding for finding in findings if finding.code == code)
    return finding


def a_talk(*questions: Question | str, **given: Any) -> Interview:
    asked = (BANK.question(one) if isinstance(one, str) else one for one in questions)
    return Interview(**{"contact_ids": (ANA.id,), "agenda": tuple(map(AgendaItem, asked)), **given})


def reviewed(talk: Interview, *facts: Any, at: datetime = MONDAY, **given: Any) -> tuple[Finding, ...]:
    return review(talk, Campaign(profile=ME).including(ANA, BO, *facts), at=at, **given)


def a_question(text: str, **given: Any) -> Question:
    tags = {"category": QuestionCategory.PATH, "topic": Topic.DEMAND, "domain": Domain.FIELD, **given}
    return Question(id="acme:it", text=text, **tags)


BALANCED = tuple(question.id for question in BANK.set("balanced").questions)


# ── one question ─────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("closed", "opened"),
    [
        ("Is there a demand for designers?", "What can you tell me about demand for designers?"),
        ("Do you like your job?", "What do you like about your job?"),
        ("Is there anybody else I should talk to?", "Who else should I talk to?"),
        ("Would you say it is stressful?", "How stressful would you say it is?"),
        ("Is the pay good?", "How good is the pay?"),
        ("Honestly, is the field growing?", "Honestly, how is the field growing?"),
        ("Do you have any advice for me?", "What advice do you have for me?"),
        ("do you ever work at weekends", "How often do you work at weekends?"),
        ("Should I learn to program?", "What would you weigh before deciding whether to learn to program?"),
        ("Isn’t the work lonely?", "How lonely is the work?"),
        ("If you began again, would you choose law?", "If you began again, what would make you choose law?"),
    ],
)
def test_a_closed_question_is_opened(closed: str, opened: str) -> None:
    """The explorer would be told that a question is closed, but not how to ask it."""
    finding = found(review_question(closed), FindingCode.CLOSED_QUESTION)
    assert finding.suggestion == f"Open it up: “{opened}”"
    assert finding.severity is Severity.WARNING
    assert FindingCode.CLOSED_QUESTION not in codes(review_question(opened))


def test_where_no_rewording_fits_there_is_still_advice() -> None:
    """A finding without a suggestion would leave the explorer alone with it."""
    assert "tell me about" in found(review_question("You travel a lot?"), FindingCode.CLOSED_QUESTION).suggestion


def test_the_last_question_of_a_chain_decides() -> None:
    """A follow-up that opens the question would not count, or one that closes it."""
    assert codes(review_question("Is the field growing? How so?")) == []
    assert FindingCode.CLOSED_QUESTION in codes(review_question("Tell me about the team. Is it friendly?"))


@pytest.mark.parametrize(
    "text",
    [
        "Don't you find it boring?",
        "It is lonely, isn't it?",
        "Surely the pay is better now?",
        "You must love the travelling.",
        "Why is the pay so low?",
        "How much do you hate the paperwork?",
        "Wouldn't you agree that a degree is needed?",
    ],
)
def test_leading(text: str) -> None:
    """The answer would be in the question, and the explorer would learn what they already think."""
    finding = found(review_question(text), FindingCode.LEADING)
    assert finding.severity is Severity.HINT
    assert finding.text == text


@pytest.mark.parametrize(
    ("text", "double"),
    [
        ("What do you like most, and what do you like least?", True),
        ("How did you get in? What would you do differently today?", True),
        ("Do you like it or would you rather leave?", True),
        ("What do you do in evenings and at weekends?", False),
        ("How did you get in? How so?", False),
        ("Which people and places shaped you?", False),
        ("How do you decide who is hired and who is not?", False),
    ],
)
def test_double_barrelled_is_found_cautiously(text: str, double: bool) -> None:
    """Half of a double question stays unanswered; but an "and" alone makes no double question."""
    assert (FindingCode.DOUBLE_BARRELLED in codes(review_question(text))) is double


@pytest.mark.parametrize(
    "text",
    [
        "When was your company founded?",
        "How many people work at Oak Labs?",
        "And who is the CEO of your company?",
        "What does UX stand for?",
        "Tell me, what does your company do?",
    ],
)
def test_a_fact_one_could_look_up(text: str) -> None:
    """Half an hour of somebody's time would go into what their website says."""
    finding = found(review_question(text), FindingCode.SEARCHABLE_FACT)
    assert (finding.text, finding.severity) == (text, Severity.HINT)
    assert finding.suggestion.startswith("Look it up")


@pytest.mark.parametrize(
    "text",
    [
        "How did the company change when its founders left?",
        "What does UX mean to you?",
        "Who owns the company, in your view: its founders or its customers?",
        "How many people do you talk to in a day?",
        "What is your company like to work for?",
    ],
)
def test_what_only_they_can_tell_is_no_searchable_fact(text: str) -> None:
    """A good question would be struck because it has a word in common with a dull one."""
    assert FindingCode.SEARCHABLE_FACT not in codes(review_question(text))


def test_a_searchable_fact_is_found_once() -> None:
    """Two facts in one question would give the same advice twice."""
    assert codes(review_question("When was it founded? Who is the CEO?")).count(FindingCode.SEARCHABLE_FACT) == 1


def test_a_job_ask_is_none_in_an_employment_talk() -> None:
    """In a talk about employment the review would forbid its very subject."""
    assert codes(review_question("I would love to join your team.")) == [FindingCode.JOB_ASK]
    assert review_question("I would love to join your team.", purpose=Purpose.EMPLOYMENT) == ()


def test_a_denial_does_not_cover_the_ask_behind_it() -> None:
    """Saying "I am not asking for a job, but …" would be a way around the rule."""
    assert codes(review_question("I am not asking for a job.")) == []
    assert FindingCode.JOB_ASK in codes(review_question("I am not asking for a job, but could you pass on my CV?"))


def test_an_unknown_language_gives_no_findings() -> None:
    """English rules would be held against sentences in another language."""
    assert review_question("Gefällt Ihnen Ihre Arbeit?", language="de") == ()
    assert review_question("Do you like it?", language="tlh") == ()
    assert codes(review_question("Do you like it?", language="en-GB")) == [FindingCode.CLOSED_QUESTION]


@pytest.mark.parametrize("text", ["", "   ", "?", "…", "\n\n", "“”"])
def test_nothing_to_judge(text: str) -> None:
    """An empty field would raise, or be called closed."""
    assert review_question(text) == ()


@given(st.text(max_size=300))
def test_any_text_can_be_reviewed(text: str) -> None:
    """Some text would end in an error, where nothing is ever refused."""
    for finding in (*review_question(text), *review_letter(text), *review_letter(text, kind=FollowUpKind.THANK_YOU)):
        assert finding.suggestion
        assert "\n" not in str(finding)


def test_a_finding_is_one_short_readable_line() -> None:
    """Printing the findings would fill the screen with the text they are about."""
    long = "Do you like your job and everything that goes with it, from the first coffee in the morning to the last light at night?"
    finding = found(review_question(long), FindingCode.CLOSED_QUESTION)
    assert len(finding.text) <= 80
    assert finding.text.endswith("…")
    assert str(found(review_question("Do you like it?"), FindingCode.CLOSED_QUESTION)) == (
        "Closed question: “Do you like it?” Open it up: “What do you like about it?”"
    )


class Spy:
    """In the place of a pattern: it finds nothing, and remembers how much it was shown."""

    def __init__(self, shown: list[int]) -> None:
        self._shown = shown

    def search(self, text: str) -> None:
        self._shown.append(len(text))

    match = fullmatch = search

    def sub(self, _: str, text: str) -> str:
        self._shown.append(len(text))
        return text


@pytest.mark.parametrize(
    "text",
    [
        "i would do you my cv and a job " * 2_000,
        "x, " * 3_000,
        "a. " * 3_000,
        "what is x and " * 4_000,
        "? " * 9_000,
        "x" * 50_000,
    ],
)
def test_no_text_holds_up_the_rules(text: str) -> None:
    """A pasted page would freeze the app that reviews as one types.

    No clock: the work is counted. Each pattern sees pieces of limited length only, and of a text twice as long twice as many; what
    a pattern can do to one piece is limited by its form, see the next test.
    """
    assert all(len(finding.text) <= 80 for finding in (*review_question(text), *review_letter(text)))
    shown: list[int] = []
    search = _Search(patterns=(Spy(shown),), suggestion="")  # type: ignore[arg-type]
    absence = _Absence(signs=search.patterns, empty=search.patterns, formulas=(), suggestion="No.", suggestions={})
    rules = evolve(
        word_rules("en"), leading=search, double_barrelled=search, searchable_fact=search, job_ask=search, harmless=search.patterns, lead_ins=search.patterns,
        closed=((search.patterns[0], True),), absences={"gone": absence},
    )  # fmt: skip
    assert [*rules.on_question(text), *rules.on_job_asks(text)] == []
    assert [remark.rule for remark in rules.on_absence("gone", text)] == ["gone"]
    assert max(shown) <= LONGEST_TOGETHER
    assert sum(shown) <= 16 * len(text), "some part of the text is shown again and again"


def nested(pattern: Any, *, inside: bool = False) -> bool:
    """Whether in a parsed pattern a repeat without limit stands within another one."""
    match pattern:
        case (_parser.MAX_REPEAT | _parser.MIN_REPEAT, (_, most, repeated)):
            endless = most is _parser.MAXREPEAT
            return (inside and endless) or nested(repeated, inside=inside or endless)
        case _parser.SubPattern() | tuple() | list():
            return any(nested(part, inside=inside) for part in pattern)
    return False


def test_no_rule_repeats_repeats() -> None:
    """One rule as (a+)+ would take longer than the age of the earth on one sentence. Without such, the steps are limited by a power
    of its length.
    """
    rules = word_rules("en")
    assert rules is not None
    searches = (rules.leading, rules.double_barrelled, rules.searchable_fact, rules.job_ask)
    absences = rules.absences.values()
    patterns = [
        *(pattern for one in absences for pattern in (*one.signs, *one.empty, *one.formulas)),
        *(pattern for search in searches for pattern in search.unless),
        *rules.lead_ins, *rules.harmless, *(pattern for pattern, _ in rules.closed), *(one.pattern for one in rules.rewordings),
        *(pattern for search in searches for pattern in search.patterns),
    ]  # fmt: skip
    assert len(patterns) > 250
    assert [one.pattern for one in patterns if nested(_parser.parse(one.pattern, one.flags))] == []
    assert nested(_parser.parse("x(?:(?:a|b+) ){2,}"))


# ── a planned talk ───────────────────────────────────────────────────────────────────────────────
def test_a_chosen_agenda_is_found_good() -> None:
    """The review would quarrel with what infoint itself has chosen."""
    for minutes in (10, 15, 20, 30, 60):
        talk = a_talk(duration=timedelta(minutes=minutes))
        talk = evolve(talk, agenda=choose_agenda(talk, Campaign(profile=ME).including(ANA)))
        assert reviewed(talk) == (), minutes


def test_the_wording_of_each_question_is_reviewed() -> None:
    """A closed question of the explorer's own would go unnoticed between those of the bank."""
    own = a_question("Is there a demand?")
    assert codes(reviewed(a_talk(*BALANCED[:2], own, *BALANCED[3:]))) == [FindingCode.CLOSED_QUESTION]
    assert reviewed(a_talk(*BALANCED[:2], evolve(own, language="de"), *BALANCED[3:])) == ()


def test_a_question_marked_as_closed_is_closed_in_any_language() -> None:
    """Where there are no word rules, nothing would say that a question is closed."""
    own = a_question("Gibt es Bedarf?", language="de", open_ended=False)
    finding = found(reviewed(a_talk(*BALANCED[:2], own, *BALANCED[3:])), FindingCode.CLOSED_QUESTION)
    assert finding.text == "Gibt es Bedarf?"
    twice = reviewed(a_talk(*BALANCED[:2], a_question("Is there a demand?", open_ended=False), *BALANCED[3:]))
    assert codes(twice) == [FindingCode.CLOSED_QUESTION]


def test_notes_are_read_for_job_asks() -> None:
    """An explorer who plans to slip in their CV would not be warned."""
    talk = a_talk(*BALANCED, notes="Bring a pen.\nAsk at the end: could you pass on my CV to your manager?")
    assert codes(reviewed(talk)) == [FindingCode.JOB_ASK]
    assert reviewed(evolve(talk, purpose=Purpose.EMPLOYMENT)) == ()
    german = Campaign(profile=evolve(ME, language="de")).including(ANA)
    assert review(talk, german, at=MONDAY) == ()


def test_no_challenge_asked() -> None:
    """The explorer would come home with a picture that has only a bright side."""
    talk = a_talk("path.look-forward", "describe-the-job.last-working-day", *BALANCED[2:])
    finding = found(reviewed(talk), FindingCode.NO_CHALLENGE_ASKED)
    assert finding.text == "5 questions, none about the hard side"
    assert finding.suggestion == "Ask for the hard side as well, as “What about the work wears on you over time?”"
    mild = QuestionBank((QuestionSet(name="acme:mild", title="Mild", questions=(BANK.question("path.look-forward"),)),))
    finding = found(reviewed(talk, policy=evolve(default_policy(), bank=mild)), FindingCode.NO_CHALLENGE_ASKED)
    assert finding.suggestion == "Ask for the hard side as well."


def test_an_empty_agenda_is_not_yet_wrong() -> None:
    """A talk that is only just planned would be scolded for what is still to come."""
    assert reviewed(a_talk()) == ()


def test_mix_off() -> None:
    """The explorer would not learn which questions tip the balance."""
    talk = a_talk(*BALANCED[:2], "path.turning-point", *BALANCED[3:])
    finding = found(reviewed(talk), FindingCode.MIX_OFF)
    assert finding.severity is Severity.HINT
    assert finding.text == "3 about the person, 0 about the field, 2 for advice"
    assert finding.suggestion == "The mix is 2–1–2: leave out 1 about the person, add 1 about the field."
    assert reviewed(talk, policy=evolve(default_policy(), mix=Mix(3, 0, 2))) == ()


def test_a_smaller_agenda_in_the_same_spirit_is_not_off() -> None:
    """Three good questions, one of each domain, would be found fault with."""
    assert reviewed(a_talk("time-at-work.wears-on-you", "field-outlook.changed-since", "networking.in-my-place")) == ()


def test_too_long_for_time() -> None:
    """The referral question at the end would never be reached."""
    finding = found(reviewed(a_talk(*BALANCED, duration=timedelta(minutes=20))), FindingCode.TOO_LONG_FOR_TIME)
    assert finding.text == "5 questions, about 19 minutes"
    assert finding.suggestion == (
        "A talk of 20 minutes has 15 for answers: leave out “Tell me about your last full working day, from the first task "
        "to the last.”, or ask for 25 minutes."
    )


def test_neither_the_challenge_nor_the_referral_is_left_out() -> None:
    """To save time the explorer would be told to drop the question that matters most."""
    talk = a_talk("realistic-preview.two-and-two", "path.drawn-here", "networking.in-my-place", duration=timedelta(minutes=15))
    assert "leave out “What drew you" in found(reviewed(talk), FindingCode.TOO_LONG_FOR_TIME).suggestion


def test_too_many_for_time() -> None:
    """Four quick questions in fifteen minutes would be an interrogation."""
    quick = [evolve(a_question(f"What about {n}?", minutes=1), id=f"acme:{n}") for n in range(4)]
    findings = reviewed(a_talk(*quick, duration=timedelta(minutes=15)))
    assert "ask for 20 minutes" in found(findings, FindingCode.TOO_LONG_FOR_TIME).suggestion


def test_one_long_question_cannot_be_left_out() -> None:
    """The only question would be struck, or a name looked for that is not there."""
    only = a_question("What has been hard?", tone=Tone.CHALLENGE, minutes=40)
    finding = found(reviewed(a_talk(only)), FindingCode.TOO_LONG_FOR_TIME)
    assert finding.suggestion == "A talk of 30 minutes has 25 for answers: ask for 45 minutes."
    finding = found(reviewed(a_talk(only, duration=timedelta(minutes=1))), FindingCode.TOO_LONG_FOR_TIME)
    assert finding.suggestion.startswith("A talk of 1 minute has 0 for answers")
    finding = found(reviewed(a_talk(only, duration=timedelta(minutes=4))), FindingCode.TOO_LONG_FOR_TIME)
    assert "has 0 for answers" in finding.suggestion


def history(*events: Any, start: datetime = MONDAY) -> tuple[HistoryEntry, ...]:
    return tuple(HistoryEntry(start, event) for event in events)


def on(start: datetime) -> Scheduled:
    return Scheduled(Meeting(start=start, format=MeetingFormat.VIDEO))


def test_asked_before() -> None:
    """Somebody would be asked what they have already told."""
    first = a_talk("path.rise", id=derive_id("first"), history=history(on(MONDAY), Held()))
    again = a_talk("path.rise", "time-at-work.wears-on-you", contact_ids=(ANA.id, BO.id))
    finding = found(reviewed(again, first), FindingCode.ASKED_BEFORE)
    assert finding.text == BANK.question("path.rise").text
    assert finding.suggestion == "Another talk with Ana Ruiz has it already: ask what is new since, or take another question."
    assert FindingCode.ASKED_BEFORE not in codes(reviewed(evolve(again, contact_ids=(BO.id,)), first))


def test_what_was_answered_off_the_agenda_was_asked() -> None:
    """What came up by itself would be asked again without a warning."""
    told = Debriefed(Debrief(answers=(Answer("path.rise", "By luck."),)))
    first = a_talk(id=derive_id("first"), history=history(on(MONDAY), Held(), told))
    assert FindingCode.ASKED_BEFORE in codes(reviewed(a_talk("path.rise"), first))


def test_the_earlier_talk_is_not_the_one_that_repeats() -> None:
    """The talk that was first would be told to change its questions."""
    held = a_talk("path.rise", id=derive_id("held"), history=history(on(MONDAY), Held()))
    planned = a_talk("path.rise", id=derive_id("planned"))
    early = a_talk("path.rise", id=derive_id("early"), history=history(on(MONDAY)))
    late = a_talk("path.rise", id=derive_id("late"), history=history(on(MONDAY + timedelta(days=1))))
    repeats = {
        (talk.id, other.id): FindingCode.ASKED_BEFORE in codes(reviewed(talk, other))
        for talk, other in ((held, planned), (planned, held), (early, late), (late, early), (early, planned), (planned, early))
    }
    assert [pair for pair, repeated in repeats.items() if not repeated] == [(held.id, planned.id), (early.id, late.id)]


def test_what_fell_through_was_not_asked() -> None:
    """A cancelled talk would use up its questions."""
    off = a_talk("path.rise", id=derive_id("off"), history=history(on(MONDAY), Cancelled(Party.THEM)))
    assert FindingCode.ASKED_BEFORE not in codes(reviewed(a_talk("path.rise"), off))


def test_what_review_needs() -> None:
    """A naive time would be compared with a zoned one, and a missing person pass unseen."""
    with pytest.raises(NaiveTime, match=r"review\.at"):
        reviewed(a_talk(), at=MONDAY.replace(tzinfo=None))
    with pytest.raises(NotFound, match="contact"):
        reviewed(a_talk(*BALANCED, contact_ids=(derive_id("nobody"),)))


def test_all_codes_of_the_practice_have_a_name() -> None:
    """An app could not show or count findings that come with a later release."""
    assert len(FindingCode.known) == 20
    assert FindingCode("hr-only") == FindingCode.HR_ONLY
    assert FindingCode.JOB_ASK.label == "Job ask"


# ── rules as data ────────────────────────────────────────────────────────────────────────────────
RULES = r"""
[words]
aux = ["est", "sont"]
[closed-question]
lead_ins = ['et ']
suggestion = "Ouvrez."
opened = "Mieux : {question}"
[[closed-question.rules]]
pattern = '{aux}-ce .*\?$'
closed = true
[[closed-question.rewordings]]
pattern = '{aux}-ce que (.+)'
question = 'Comment \1 ?'
[leading]
suggestion = "Sans réponse."
patterns = ['n.est-ce pas']
[double-barrelled]
suggestion = "Une à la fois."
patterns = ['\? .*\?']
[job-ask]
suggestion = "Pas d’emploi."
harmless = ['sans demander un emploi']
patterns = ['\bun emploi\b']
"""


def test_another_language_is_data() -> None:
    """A language could only be added by changing our code."""
    rules = read_word_rules(RULES, "review.fr.toml")
    (remark,) = rules.on_question("Et est-ce que vous voyagez ?")
    assert (remark.rule, remark.suggestion) == ("closed-question", "Mieux : Et comment vous voyagez ?")
    (remark,) = rules.on_question("Est-ce bon ?")
    assert remark.suggestion == "Ouvrez."
    assert [one.rule for one in rules.on_question("Que faites-vous ? Et le soir ?")] == ["double-barrelled"]
    assert [one.text for one in rules.on_job_asks("Je cherche un emploi. J'écris sans demander un emploi.")] == [
        "Je cherche un emploi."
    ]


LETTER_RULES = r"""
[searchable-fact]
suggestion = "Cherchez."
patterns = ['^quand ']
unless = ['pour vous']
[thank-you-without-takeaway]
suggestion = "Dites quoi."
signs = ['appris']
empty = ['beaucoup appris']
formulas = ['merci']
[no-resume-decision]
suggestion = "Proposez."
signs = ['mon CV']
[no-resume-decision.suggestions]
enclosed = "Joignez."
"""


def test_rules_for_letters_are_data_too() -> None:
    """A language could have rules for questions only."""
    rules = read_word_rules(RULES + LETTER_RULES, "review.fr.toml")
    takeaway, resume = "thank-you-without-takeaway", "no-resume-decision"
    assert [one.suggestion for one in rules.on_question("Quand est-ce fondé")] == ["Cherchez."]
    assert [*rules.on_question("Quand est-ce dur pour vous")] == []
    assert [one.suggestion for one in rules.on_absence(takeaway, "Merci, j'ai beaucoup appris.")] == ["Dites quoi."]
    assert [*rules.on_absence(takeaway, "Merci, j'ai appris que rien ne presse.")] == []
    assert [*rules.on_absence(takeaway, "Merci. Le travail est fait la nuit et le dimanche, donc.")] == []
    assert [one.rule for one in rules.on_absence(takeaway, "Merci. La nuit et le dimanche, donc.")] == [takeaway]
    assert [one.suggestion for one in rules.on_absence(resume, "Bonjour", variant="on-request")] == ["Proposez."]
    assert [one.suggestion for one in rules.on_absence(resume, "Bonjour", variant="enclosed")] == ["Joignez."]
    assert [*rules.on_absence(resume, "Voici mon CV.")] == []
    assert [*rules.on_absence("outreach-without-connection", "Bonjour")] == []


def test_only_two_rules_are_needed() -> None:
    """Whoever begins a language would have to write all rules at once."""
    bare = RULES[: RULES.index("[leading]")] + RULES[RULES.index("[job-ask]") :]
    rules = read_word_rules(bare, "review.fr.toml")
    assert [one.rule for one in rules.on_question("Est-ce bon, n'est-ce pas ? Et le soir ?")] == []
    assert [one.rule for one in rules.on_question("Est-ce bon ?")] == ["closed-question"]


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        ("{aux}-ce .*", "{verbe}-ce .*", "closed-question.rules, number 1.pattern", "{verbe}, which is not among"),
        ("{aux}-ce .*", "(", "closed-question.rules, number 1.pattern", "is no regular expression"),
        ("closed = true", 'closed = "yes"', "closed-question.rules, number 1.closed", "needs bool"),
        (r"Comment \1", r"Comment \2", "closed-question.rewordings, number 1.question", "names a group"),
        ("['n.est-ce pas']", "'n.est-ce pas'", "leading.patterns", "needs list"),
        ("['n.est-ce pas']", "[1]", "leading.patterns", "list of texts"),
        ('aux = ["est", "sont"]', "aux = [1]", "words.aux", "list of texts"),
        ('suggestion = "Ouvrez."', "", "closed-question.suggestion", "needs str, got NoneType"),
        ("[job-ask]", "[job-asks]", "review.fr.toml.job-asks", "is no table of rules"),
        ("[leading]", "[[leading]]", "review.fr.toml.leading", "needs dict"),
        ("[leading]", "[laeding]", "review.fr.toml.laeding", "is no table of rules; there are words, closed-question"),
        ("[words]", "[wards]", "review.fr.toml.words", "needs dict"),
        ("[[closed-question.rules]]", "[[closed-question.rulez]]", "closed-question.rules", "needs list"),
    ],
)
def test_a_mistake_in_the_rules_is_named(old: str, new: str, where: str, what: str) -> None:
    """Whoever writes rules for a language would not be told which one is wrong."""
    assert old in RULES
    with pytest.raises(InvalidValue) as caught:
        read_word_rules(RULES.replace(old, new), "review.fr.toml")
    assert where in str(caught.value)
    assert what in str(caught.value)


def test_rules_that_are_no_toml() -> None:
    """A native error of the parser would escape."""
    with pytest.raises(ImportRejected, match=r"review\.fr\.toml"):
        read_word_rules("[words", "review.fr.toml")


def test_rows_must_be_tables() -> None:
    """A list of bare patterns would raise a native error."""
    start, end = RULES.index("[[closed-question.rules]]"), RULES.index("[[closed-question.rewordings]]")
    flat = RULES[:start].replace("lead_ins", "rules = ['x']\nlead_ins") + RULES[end:]
    with pytest.raises(InvalidValue, match="rules, number 1"):
        read_word_rules(flat, "review.fr.toml")


def test_the_shipped_rules_are_read_once() -> None:
    """Every review would read and compile the rules anew."""
    assert word_rules("en") is word_rules("en")
