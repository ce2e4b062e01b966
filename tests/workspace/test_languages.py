"""A workspace speaks its explorer's language by itself, as far as there are questions in it."""

from attrs import evolve

import infoint
from infoint import Contact, Exploration, OpenWorkspace
from infoint.model import Answer
from infoint.notes import debrief_record
from infoint.practice import default_policy
from infoint.testing import Clock


def speak(ws: OpenWorkspace, language: str) -> None:
    ws.set_profile(evolve(ws.profile(), language=language))


def test_a_spanish_explorer_gets_spanish_questions(ws: OpenWorkspace, ana: Contact) -> None:
    """Whoever speaks Spanish would have to know of policies and banks to be asked in it."""
    speak(ws, "es-MX")
    talk = ws.interviews.plan(ana)
    assert {item.question.language for item in talk.agenda} == {"es"}
    speak(ws, "en")
    assert {item.question.language for item in ws.interviews.plan(ana).agenda} == {"en"}
    assert ws.interviews.get(talk.id).agenda == talk.agenda, "what was agreed stays as it is worded"


def test_questions_named_by_id_come_in_the_explorer_s_language(ws: OpenWorkspace, ana: Contact) -> None:
    """An agenda given by ids would be in another language than one that is chosen."""
    speak(ws, "es")
    (item,) = ws.interviews.plan(ana, agenda=["path.rise"]).agenda
    assert item.question.text == "¿Cómo llegó al puesto que ocupa ahora?"


def test_a_language_without_questions_gets_english(ws: OpenWorkspace, ana: Contact) -> None:
    """Whoever speaks a language we lack could not plan a talk."""
    speak(ws, "tlh")
    assert {item.question.language for item in ws.interviews.plan(ana).agenda} == {"en"}


def test_a_workspace_without_a_profile_takes_ids_too(url: str, clock: Clock) -> None:
    """An agenda by ids would need a profile where one by questions needs none."""
    question = default_policy().bank.question("path.rise")
    with infoint.open(url, clock=clock) as ws:
        ana = ws.contacts.add(Contact(name="Ana Ruiz"))
        assert ws.interviews.plan(ana, agenda=["path.rise"]).agenda[0].question == question


def test_what_is_shown_of_the_bank_is_in_the_explorer_s_language(ws: OpenWorkspace, ana: Contact, ux: Exploration) -> None:
    """A remark, a comparison or a record would quote an English question to a Spanish explorer."""
    speak(ws, "es")
    talk = ws.interviews.plan(ana, exploration=ux, agenda=["path.look-forward", "networking.in-my-place"])
    suggestions = " ".join(finding.suggestion for finding in ws.review(talk))
    assert "¿" in suggestions
    talk = ws.interviews.schedule(talk, ws.now(), format=infoint.MeetingFormat.VIDEO)
    talk = ws.interviews.debrief(ws.interviews.hold(talk), answers=[Answer("path.rise", "Poco a poco.")])
    asked = "¿Cómo llegó al puesto que ocupa ahora?"
    assert ws.compare(ux).matrix.row("path.rise").wording == asked
    told = ws.render(debrief_record, talk).text
    assert asked in told
    assert "por videollamada" in told
