"""Spanish, the second language: it shows that bank, labels and rules are looked up by language. What the rules find is judged by
sentences with labels.
"""

import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from re import _parser  # type: ignore[attr-defined]  # how patterns are read, known to nothing public

import pytest
from attrs import asdict, evolve
from hypothesis import given, strategies as st

from infoint.errors import ImportRejected, InvalidValue, NotFound
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Answer, Debrief
from infoint.model.events import Debriefed, Held, HistoryEntry
from infoint.model.exploration import Exploration
from infoint.model.identity import derive_id
from infoint.model.interview import AgendaItem, Interview
from infoint.model.profile import Profile
from infoint.model.question import Question, QuestionSet, Tone, Topic
from infoint.practice import (
    FindingCode,
    QuestionBank,
    QuestionWording,
    QuestionWordings,
    choose_agenda,
    compare,
    default_policy,
    load_question_sets,
    read_question_wordings,
    review_letter,
    review_question,
    topic_phrases,
)
from infoint.practice.word_rules import read_word_rules, word_rules

ENGLISH = QuestionBank(load_question_sets())
SPANISH = QuestionBank(load_question_sets("es"))
WORDS = {"text", "probes", "language"}
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
ANA = Contact(id=derive_id("ana"), name="Ana Ruiz")
ROWS = [
    line.split("\t") for line in Path(__file__).with_name("labelled_sentences.es.tsv").read_text(encoding="utf-8").splitlines()
]
LETTERS = [
    line.split("\t") for line in Path(__file__).with_name("labelled_letters.es.tsv").read_text(encoding="utf-8").splitlines()
]
"""Whether it says how one came to the person, half, letter."""
LABELS = {"connected", "unconnected"}
IMPERATIVE = re.compile(r"(?:Cuénteme|Hábleme|Descríbame|Explíqueme) .+\.$")


def codes(text: str) -> set[str]:
    return {finding.code for finding in review_question(text, language="es")}


# ── the bank ─────────────────────────────────────────────────────────────────────────────────────
def test_the_same_questions_in_other_words() -> None:
    """Answers to one question in two languages could not be compared, or an agenda would be another one in Spanish."""
    assert [question.id for question in SPANISH] == [question.id for question in ENGLISH]
    for question in SPANISH:
        tags, ours = asdict(question, recurse=False), asdict(ENGLISH.question(question.id), recurse=False)
        assert {key: tags[key] for key in tags.keys() - WORDS} == {key: ours[key] for key in ours.keys() - WORDS}, question.id


def test_every_question_is_in_spanish() -> None:
    """An English question, or one without its probes, would stand between Spanish ones."""
    for question in SPANISH:
        ours = ENGLISH.question(question.id)
        assert question.language == "es", question.id
        assert question.text != ours.text, question.id
        assert len(question.probes) == len(ours.probes), question.id
        assert not set(question.probes) & set(ours.probes), question.id


def test_every_question_is_written_as_spanish_is() -> None:
    """A sheet would be printed with questions that only half begin, or whose mark or accent is missing."""
    for question in SPANISH:
        for text in (question.text, *question.probes):
            assert (text.startswith("¿") and text.endswith("?")) or IMPERATIVE.match(text), text
            assert not re.search(r"\b(?:the|of|and|what|how|which|you|your|work|job)\b", text), text
            assert not re.search(r"^¿(?:que|como|cual|quien|donde|cuando|cuanto)\b", text, re.IGNORECASE), text


def test_the_bank_says_usted() -> None:
    """Somebody would be addressed formally in one question and like an old friend in the next."""
    familiar = re.compile(r"\b(?:tú|ti|contigo|tu|tus|te|tienes|haces|eres|crees|podrías|harías|has)\b", re.IGNORECASE)
    assert [text for question in SPANISH for text in (question.text, *question.probes) if familiar.search(text)] == []


def test_the_review_finds_nothing_in_the_bank() -> None:
    """A closed question in our own bank would be found fault with by our own review."""
    found = {text: codes(text) for question in SPANISH for text in (question.text, *question.probes)}
    assert {text: what for text, what in found.items() if what} == {}


def test_no_spanish_question_is_there_twice() -> None:
    """Two ids with one text would let the same person be asked twice."""
    assert len({question.text.casefold() for question in SPANISH}) == len(SPANISH)


def test_the_sets_have_spanish_titles() -> None:
    """A list to choose from would be half in English."""
    assert [one.name for one in SPANISH.sets] == [one.name for one in ENGLISH.sets]
    assert not {one.title for one in SPANISH.sets} & {one.title for one in ENGLISH.sets}
    assert SPANISH.set("advance").title == "Progresar en un campo"


def test_every_topic_has_a_spanish_phrase() -> None:
    """A sentence would speak of a topic in two languages at once."""
    assert set(topic_phrases("es")) == set(Topic.known)
    assert not set(topic_phrases("es").values()) & set(topic_phrases().values())
    assert topic_phrases("es-AR") == topic_phrases("es")
    assert topic_phrases("es")["typical-day"] == "un día normal"


# ── a bank in a language ─────────────────────────────────────────────────────────────────────────
def test_a_bank_in_a_language() -> None:
    """A bank could not be shown to somebody who reads another language, or an English one would be copied for nothing."""
    assert ENGLISH.in_language("es") == ENGLISH.in_language("es-MX") == SPANISH
    assert ENGLISH.in_language("es") is ENGLISH.in_language("es"), "made once"
    assert ENGLISH.in_language("en-GB") is ENGLISH
    assert ENGLISH.in_language("tlh") is ENGLISH
    assert SPANISH.in_language("en") == ENGLISH
    assert ENGLISH.find(language="es-AR", topic=Topic.OVERTIME) == SPANISH.find(language="es", topic=Topic.OVERTIME) != ()


def test_what_has_no_other_words_stays() -> None:
    """A plugin's question would be lost to whoever speaks another language, or its owner's wording replaced."""
    theirs = evolve(ENGLISH.question("path.rise"), id="acme:rise", text="How did you get here?")
    their_set = QuestionSet(name="acme:set", title="Acme", questions=(theirs, ENGLISH.question("path.rise")))
    bank = ENGLISH.including(their_set).in_language("es")
    assert bank.question("acme:rise") == theirs
    assert bank.set("acme:set").title == "Acme"
    assert bank.set("acme:set").questions[1] == SPANISH.question("path.rise")
    alone = QuestionSet(name="acme:alone", title="Alone", questions=(theirs,))
    assert QuestionBank((alone,)).in_language("es").set("acme:alone") is alone


def test_an_app_s_own_words_in_the_language_stay() -> None:
    """An app that rewords one of our questions would see its words replaced by ours."""
    own = evolve(ENGLISH.question("path.rise"), text="¿Cómo llegó tan alto?", language="es-MX")
    bank = QuestionBank((QuestionSet(name="acme:set", title="Acme", questions=(own,)),))
    assert bank.in_language("es") is not ENGLISH
    assert bank.in_language("es").question("path.rise") == own


def test_a_policy_in_a_language() -> None:
    """An app would have to take a policy apart to ask in Spanish."""
    spanish = default_policy("es")
    assert spanish.bank == SPANISH
    assert spanish.follow_up_rules == default_policy().follow_up_rules
    assert default_policy("en-GB") is default_policy()
    assert default_policy("tlh") is default_policy(), "in English, rather than not at all"
    assert default_policy().in_language("es") == spanish


def test_a_spanish_agenda() -> None:
    """A Spanish explorer would take an English agenda to the talk; or one chosen otherwise than an English one."""
    talk = Interview(contact_ids=(ANA.id,))
    agendas = {
        tag: choose_agenda(talk, Campaign(profile=Profile(zone="Europe/Madrid", language=tag)).including(ANA))
        for tag in ("es-ES", "en")
    }
    assert {item.question.language for item in agendas["es-ES"]} == {"es"}
    assert [item.question.id for item in agendas["es-ES"]] == [item.question.id for item in agendas["en"]]
    assert any(item.question.tone is Tone.CHALLENGE for item in agendas["es-ES"])


def test_only_questions_in_the_language_are_taken() -> None:
    """An English question of a plugin would stand in a Spanish agenda."""
    theirs = evolve(ENGLISH.question("path.rise"), id="acme:rise", text="How did you get here?")
    policy = default_policy().with_questions(QuestionSet(name="acme:set", title="Acme", questions=(theirs,)))
    me = Profile(zone="Europe/Madrid", language="es")
    agenda = choose_agenda(Interview(contact_ids=(ANA.id,)), Campaign(profile=me).including(ANA), policy=policy)
    assert "acme:rise" not in {item.question.id for item in agenda}


def test_two_languages_are_one_question() -> None:
    """Whoever asks in two languages would find two questions with one answer each."""
    bo, ux = Contact(id=derive_id("bo"), name="Bo Li"), Exploration(id=derive_id("ux"), subject="UX research")

    def talk(person: Contact, question: Question, said: str) -> Interview:
        told = Debriefed(Debrief(answers=(Answer(question.id, said),)))
        return Interview(
            id=derive_id(person.name),
            contact_ids=(person.id,),
            exploration_id=ux.id,
            agenda=(AgendaItem(question),),
            history=tuple(HistoryEntry(MONDAY, event) for event in (Held(), told)),
        )

    talks = (
        talk(ANA, SPANISH.question("path.rise"), "Poco a poco."),
        talk(bo, ENGLISH.question("path.rise"), "By luck."),
    )
    campaign = Campaign(profile=Profile(zone="Europe/Madrid")).including(ANA, bo, ux, *talks)
    (row,) = compare(ux, campaign).matrix.rows
    assert sorted(answer.text for cell in row.cells for answer in cell.answers) == ["By luck.", "Poco a poco."]
    assert {wording for cell in row.cells for wording in cell.wordings} == {
        SPANISH.question("path.rise").text,
        ENGLISH.question("path.rise").text,
    }


# ── wordings from TOML ───────────────────────────────────────────────────────────────────────────
FRENCH = """
language = "fr"
[[question]]
id = "path.rise"
text = "Comment en êtes-vous arrivé à votre poste ?"
probes = ["Qui vous a aidé ?"]
[[question]]
id = "acme:nights"
text = "Comment vivez-vous les nuits ?"
[[set]]
name = "advance"
title = "Progresser"
[topics]
overtime = "les heures supplémentaires"
"""


def test_a_bank_in_words_of_an_app() -> None:
    """A language that infoint does not ship could not be used."""
    wordings = read_question_wordings(FRENCH, "questions.fr.toml")
    assert wordings.questions["acme:nights"] == QuestionWording(text="Comment vivez-vous les nuits ?")
    assert wordings.topics == {"overtime": "les heures supplémentaires"}
    bank = ENGLISH.worded(wordings)
    assert bank.question("path.rise").text == "Comment en êtes-vous arrivé à votre poste ?"
    assert bank.question("path.rise").probes == ("Qui vous a aidé ?",)
    assert bank.question("path.rise").language == "fr"
    assert bank.question("path.begin-again") == ENGLISH.question("path.begin-again")
    assert bank.set("advance").title == "Progresser"
    assert [question.language for question in bank.find(language="fr")] == ["fr"]
    assert bank.find(language="en") == ENGLISH.find(), "whoever reads English gets our words again"
    assert bank.in_language("fr") is bank


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('language = "fr"', "", "questions.fr.toml.language: is needed"),
        ('language = "fr"', 'language = " "', "questions.fr.toml.language: is needed"),
        ('language = "fr"', 'langauge = "fr"', "questions.fr.toml.langauge: is no key of ours"),
        ('id = "path.rise"', 'id = "path.rize"', "question 'path.rize'.id: is none of infoint's"),
        ('id = "path.rise"', "", "question None.id: is missing"),
        ('id = "path.rise"', "id = 5", "question 5.id: needs a text"),
        ('id = "path.rise"', 'id = "acme:nights"', "question 'acme:nights'.id: is there twice"),
        ("probes =", "tone =", "question 'path.rise'.tone: is no key of ours"),
        ('["Qui vous a aidé ?"]', '"Qui ?"', "question 'path.rise'.probes: "),
        ('text = "Comment vivez-vous les nuits ?"', "", "question 'acme:nights'.text: must not be empty"),
        ('name = "advance"', 'name = "advanced"', "set 'advanced'.name: is none of infoint's"),
        ('title = "Progresser"', "", "set 'advance'.title: needs a text"),
        ('title = "Progresser"', 'titel = "x"', "set 'advance'.titel: is no key of ours"),
        ("[[set]]", "[set]", "questions.fr.toml.set: needs [[set]] tables"),
        ("overtime =", "overtyme =", "questions.fr.toml, topics.overtyme: is none of ours (did you mean 'overtime'?)"),
        ("[topics]", "[[topics]]", "questions.fr.toml.topics: needs a [topics] table"),
        ('"les heures supplémentaires"', "1", "questions.fr.toml, topics.overtime: needs a text"),
    ],
)
def test_a_mistake_in_wordings_is_named(old: str, new: str, told: str) -> None:
    """A translator would be told that something is wrong, but not in which question and under which key."""
    assert old in FRENCH
    with pytest.raises(InvalidValue) as caught:
        read_question_wordings(FRENCH.replace(old, new), "questions.fr.toml")
    assert str(caught.value).startswith("questions.fr.toml")
    assert told in str(caught.value)


def test_wordings_that_are_no_toml() -> None:
    """A native error of the parser would escape."""
    with pytest.raises(ImportRejected, match=r"questions\.fr\.toml"):
        read_question_wordings("[[", "questions.fr.toml")


def test_wordings_do_not_change() -> None:
    """Whoever looks one up could change it for all."""
    wordings = QuestionWordings(language="fr", questions={"path.rise": QuestionWording("Comment ?")})
    with pytest.raises(TypeError):
        wordings.questions["x"] = QuestionWording("Comment ?")  # type: ignore[index]  # the mistake under test


def test_what_is_not_shipped_says_what_is() -> None:
    """Somebody who asks for a language we lack would not learn which there are."""
    with pytest.raises(NotFound, match=r"infoint ships 'en', 'es'"):
        load_question_sets("fr")


# ── the review ───────────────────────────────────────────────────────────────────────────────────
def judged(code: FindingCode, is_one: str, is_none: str, split: str) -> tuple[list[str], list[str], int]:
    """Sentences wrongly found fault with, sentences missed, and how many were to be found."""
    alarms = [text for label, its, text in ROWS if its == split and label == is_none and code in codes(text)]
    missed = [text for label, its, text in ROWS if its == split and label == is_one and code not in codes(text)]
    return alarms, missed, sum(label == is_one and its == split for label, its, _ in ROWS)


@pytest.mark.parametrize("split", ["tune", "held"])
@pytest.mark.parametrize(
    ("code", "is_one", "is_none", "found"),
    [(FindingCode.CLOSED_QUESTION, "closed", "open", 0.95), (FindingCode.JOB_ASK, "job-ask", "clean", 0.85)],
)
def test_labelled_sentences(split: str, code: FindingCode, is_one: str, is_none: str, found: float) -> None:
    """Explorers would stop reading findings that are wrong more than once in twenty, or rely on a review that hears too little.

    Those held back were chosen or written after the rules were done. On them, one request for a job in seven goes unheard; what is
    found is right.
    """
    alarms, missed, there_are = judged(code, is_one, is_none, split)
    assert there_are >= 30
    assert len(missed) <= (1 - found) * there_are + 1e-9, missed
    assert len(alarms) <= 0.05 * there_are, alarms


def test_the_page_gives_the_figures_of_what_was_held_back() -> None:
    """Somebody would trust the review more, or less, than it deserves."""
    page = (Path(__file__).parents[2] / "docs" / "explanation" / "review-figures.md").read_text(encoding="utf-8")
    for code, is_one, is_none in ((FindingCode.CLOSED_QUESTION, "closed", "open"), (FindingCode.JOB_ASK, "job-ask", "clean")):
        alarms, missed, there_are = judged(code, is_one, is_none, "held")
        right, of_all = there_are - len(missed), sum(its == "held" and label in {is_one, is_none} for label, its, _ in ROWS)
        precision, recall = right / (right + len(alarms)), right / there_are
        assert f"\n| `{code}` | {of_all} | {there_are} | {precision:.2f} | {recall:.2f} |\n" in page.split("## In Spanish")[1]


def connections_missed(text: str) -> bool:
    codes = {finding.code for finding in review_letter(text, language="es")}
    return FindingCode.OUTREACH_WITHOUT_CONNECTION in codes


@pytest.mark.parametrize(("split", "precision", "recall"), [("tune", 0.97, 0.97), ("held", 0.85, 0.95)])
def test_labelled_letters(split: str, precision: float, recall: float) -> None:
    """A first letter in Spanish would not be missed the one thing it needs most, or one that has it be found fault with."""
    found = {
        label: [connections_missed(text) for its, half, text in LETTERS if (its, half) == (label, split)] for label in LABELS
    }
    right, wrong = sum(found["unconnected"]), sum(found["connected"])
    there_are = len(found["unconnected"])
    assert min(map(len, found.values())) >= 20
    assert right / (right + wrong) >= precision
    assert right / there_are >= recall
    if split == "held":
        page = (Path(__file__).parents[2] / "docs" / "explanation" / "review-figures.md").read_text(encoding="utf-8")
        line = f"{there_are + len(found['connected'])} | {there_are} | {right / (right + wrong):.2f} | {right / there_are:.2f}"
        assert f"\n| `{FindingCode.OUTREACH_WITHOUT_CONNECTION}` | {line} |\n" in page.split("## In Spanish")[1]


def test_each_letter_is_there_once() -> None:
    """A figure measured on the same letter in both halves would say nothing."""
    assert len({text for *_, text in LETTERS}) == len(LETTERS)
    assert {label for label, *_ in LETTERS} == LABELS


@pytest.mark.parametrize("label", ["open", "closed"])
def test_questions_are_no_job_asks(label: str) -> None:
    """A question about the work would be taken for a request."""
    alarms = [text for its_label, _, text in ROWS if its_label == label and FindingCode.JOB_ASK in codes(text)]
    assert alarms == []


def test_there_are_enough_sentences_and_each_once() -> None:
    """A figure measured on a handful, or on the same sentence in both halves, would say nothing."""
    assert len({text for _, _, text in ROWS}) == len(ROWS) >= 80
    assert min(Counter((label, split) for label, split, _ in ROWS).values()) >= 30


@pytest.mark.parametrize(
    ("closed", "opened"),
    [
        ("¿Le gusta su trabajo?", "¿Qué le gusta de su trabajo?"),
        ("¿Y te gusta el horario?", "¿Y qué te gusta del horario?"),
        ("Bueno, ¿le gusta su horario?", "Bueno, ¿qué le gusta de su horario?"),
        ("¿Hay mucha demanda?", "¿Qué me puede contar sobre la demanda?"),
        ("¿Conoce a alguien más con quien debería hablar?", "¿Con quién más debería hablar?"),
        ("¿Tiene algún consejo para mí?", "¿Qué consejo tiene para mí?"),
        ("¿Debería aprender a programar?", "¿Qué tendría en cuenta usted antes de aprender a programar?"),
        ("¿Ha pensado en dejarlo?", "¿Cuándo ha pensado en dejarlo?"),
        ("¿Podría decirme si hace falta una carrera?", "¿Cómo podría saber yo si hace falta una carrera?"),
    ],
)
def test_a_closed_question_is_opened(closed: str, opened: str) -> None:
    """The explorer would be told that a question is closed, but not how to ask it."""
    (finding,) = (one for one in review_question(closed, language="es-MX") if one.code == FindingCode.CLOSED_QUESTION)
    assert finding.suggestion == f"Ábrala: «{opened}»"
    assert FindingCode.CLOSED_QUESTION not in codes(opened)


def test_where_no_rewording_fits_there_is_still_advice() -> None:
    """A finding without a suggestion would leave the explorer alone with it."""
    (finding,) = review_question("¿Viaja mucho?", language="es")
    assert "cuénteme" in finding.suggestion


def test_a_denial_does_not_cover_the_ask_behind_it() -> None:
    """Saying that one does not ask would be a way around the rule."""
    assert codes("No le pido un empleo.") == set()
    assert FindingCode.JOB_ASK in codes("No le pido un empleo, pero ¿podría pasarle mi currículum a su jefa?")


def test_a_spanish_letter() -> None:
    """A Spanish letter would be judged by English rules, or by none."""
    letter = (
        "Estimada señora Ruiz: las dos estudiamos en Oak College. Estoy explorando la investigación de usuarios y me gustaría conocer "
        "su experiencia; no busco trabajo. ¿Podríamos hablar veinte minutos la semana que viene?"
    )
    assert review_letter(letter, language="es") == ()
    (finding,) = review_letter(f"{letter} ¿Podría pasarle mi currículum a su jefa?", language="es")
    assert finding.code == FindingCode.JOB_ASK
    assert "consejo" in finding.suggestion


def test_a_language_may_have_fewer_rules() -> None:
    """Spanish could not come without rules for leading questions."""
    rules = read_word_rules("[words]\n[job-ask]\nsuggestion = 'Non.'\nharmless = []\npatterns = ['emploi']\n", "review.fr.toml")
    assert list(rules.on_question("Vous aimez, non ? Et le salaire, et les horaires ?")) == []
    assert [remark.rule for remark in rules.on_job_asks("Un emploi ?")] == ["job-ask"]
    assert list(read_word_rules("[words]", "review.fr.toml").on_job_asks("Un emploi ?")) == []
    assert codes("¿No cree usted que es aburrido?") == {FindingCode.CLOSED_QUESTION}


def nested(pattern: object, *, inside: bool = False) -> bool:
    """Whether in a parsed pattern a repeat without limit stands within another one."""
    match pattern:
        case (_parser.MAX_REPEAT | _parser.MIN_REPEAT, (_, most, repeated)):
            endless = most is _parser.MAXREPEAT
            return (inside and endless) or nested(repeated, inside=inside or endless)
        case _parser.SubPattern() | tuple() | list():
            return any(nested(part, inside=inside) for part in pattern)
    return False


def test_no_rule_repeats_repeats() -> None:
    """One rule as (a+)+ would take longer than the age of the earth on one sentence."""
    rules = word_rules("es")
    assert rules is not None
    patterns = [
        *rules.lead_ins, *rules.harmless, *(pattern for pattern, _ in rules.closed), *(one.pattern for one in rules.rewordings),
        *rules.job_ask.patterns, *(pattern for rule in rules.absences.values() for pattern in (*rule.signs, *rule.empty)),
    ]  # fmt: skip
    assert len(patterns) > 50
    assert [one.pattern for one in patterns if nested(_parser.parse(one.pattern, one.flags))] == []


@given(st.text(max_size=300))
def test_any_text_can_be_reviewed(text: str) -> None:
    """Some text would end in an error, where nothing is ever refused."""
    for finding in (*review_question(text, language="es"), *review_letter(text, language="es")):
        assert finding.suggestion
