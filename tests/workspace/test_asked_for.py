"""What a workspace gives to whatever makes a document or a picture: its policy, the explorer's wordings, today."""

from datetime import date
from functools import partial
from typing import Any

import pytest
from attrs import evolve, frozen

import infoint
from infoint import Campaign, Contact, Exploration, Interview, OpenWorkspace
from infoint.errors import InvalidValue, MissingId
from infoint.model import Answer
from infoint.notes import (
    Document,
    Picture,
    Wordings,
    comparison,
    draw_coverage,
    draw_pipeline,
    draw_referrals,
    draw_timeline,
    outreach,
    prep_sheet,
    time_offer,
)
from infoint.practice import Policy, ResumePolicy, default_policy
from infoint.testing import Clock


def test_a_changed_policy_changes_the_letter(url: str, clock: Clock) -> None:
    """An engine's own policy would be followed in plans and remarks, and passed over in what is written."""
    enclosed = evolve(default_policy(), resume=ResumePolicy.ENCLOSED)
    said = []
    for policy in (None, enclosed):
        with infoint.open(url, zone="America/Chicago", clock=clock, policy=policy) as ws:
            talk = ws.interviews.plan(ws.contacts.add(Contact(name="Ana Ruiz")))
            said.append("I enclose my résumé" in " ".join(ws.render(outreach, talk, format="text").text.split()))
    assert said == [False, True]


def test_questions_of_the_bank_are_in_the_explorer_s_language(ws: OpenWorkspace, ana: Contact, ux: Exploration) -> None:
    """A comparison would quote an English question to a Spanish explorer, where the answer was to a question of no agenda."""
    ws.set_profile(evolve(ws.profile(), language="es"))
    talk = ws.interviews.schedule(
        ws.interviews.plan(ana, exploration=ux, agenda=[]), ws.now(), format=infoint.MeetingFormat.VIDEO
    )
    ws.interviews.debrief(ws.interviews.hold(talk), answers=[Answer("path.rise", "Poco a poco.")])
    assert "¿Cómo llegó al puesto que ocupa ahora?" in ws.render(comparison, ux).text


def test_what_is_asked_for_is_given_once(ws: OpenWorkspace, ana: Contact) -> None:
    """What somebody has chosen would be taken from them; or a builder that needs nothing be given what it does not know."""
    given: list[tuple[object, ...]] = []
    plain = Document(name="acme:plain", title="Plain", sections=())

    def mine(
        talk: Interview,
        campaign: Campaign,
        *,
        policy: Policy | None = None,
        wordings: Wordings | None = None,
        on: date | None = None,
        within: int = 3,
    ) -> Document:
        given.append((policy, wordings and wordings.name, on, within))
        return plain

    talk = ws.interviews.plan(ana)
    own = evolve(default_policy(), resume=ResumePolicy.LEFT_OUT)
    ws.document(mine, talk)
    ws.document(partial(mine, policy=own, on=date(2030, 1, 1)), talk)
    ws.document(lambda _talk, _campaign: plain, talk)
    assert given == [(default_policy(), "en", date(2026, 11, 16), 3), (own, "en", date(2030, 1, 1), 3)]


PLAIN = Document(name="acme:plain", title="Plain", sections=())


@frozen
class Headed:
    """A builder of somebody's own that is no function."""

    heading: str
    within: int = 3

    def __call__(self, subject: Interview, campaign: Campaign) -> Document:
        """The document."""
        assert campaign.interview(subject.id or subject.contact_ids[0]) == subject
        return evolve(PLAIN, title=self.heading)


def hint_on_the_campaign(talk, campaign: Campaign, *, wordings=None):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201  # as people write
    return PLAIN


def hint_on_a_keyword(talk, campaign, *, title: str = "x"):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201  # as people write
    return PLAIN


def takes_anything(talk: Any, campaign: Campaign) -> Document:
    return PLAIN


def takes_places(*told: str) -> Document:
    return PLAIN


def not_python(talk: "no such hint", campaign: Campaign) -> Document:  # type: ignore[valid-type]  # noqa: F722  # as people write
    return PLAIN


@pytest.mark.parametrize(
    "builder",
    [
        hint_on_the_campaign,
        hint_on_a_keyword,
        takes_anything,
        takes_places,
        not_python,
        Headed("Mine"),
        partial(Headed("Mine")),
    ],
)
def test_whoever_says_nothing_of_the_subject_is_believed(ws: OpenWorkspace, ana: Contact, builder: Any) -> None:
    """A good builder would be refused for what it says about something else than its subject."""
    assert ws.document(builder, ws.interviews.plan(ana)).name == PLAIN.name


@pytest.mark.parametrize("builder", [Headed("Mine"), Headed("Mine").__call__, partial(Headed("Mine")), partial(prep_sheet)])
def test_whoever_says_what_it_is_about_is_heard(ws: OpenWorkspace, ana: Contact, builder: Any) -> None:
    """A builder that is no plain function would fail deep inside, with a word about an attribute."""
    with pytest.raises(InvalidValue, match="is about Interview, not about Contact"):
        ws.document(builder, ana)


async def late(_subject: object, _campaign: Campaign) -> Document:
    return PLAIN


@pytest.mark.parametrize(
    ("builder", "told"),
    [
        (draw_pipeline, "draw_pipeline makes a Picture: take ws.draw"),
        (partial(draw_pipeline), "draw_pipeline makes a Picture: take ws.draw"),
        (late, "late makes a coroutine: it has to return a Document, done when it returns"),
        (lambda _talk, _campaign: None, "<lambda> makes nothing: it has to return a Document"),
        (lambda _talk, _campaign: "Dear Ana", "<lambda> makes a str: it has to return a Document"),
        (lambda _talk: PLAIN, "<lambda> cannot be given a subject and a campaign: too many positional arguments"),
        (
            lambda _talk, _campaign, *, mood: PLAIN,
            "cannot be given a subject and a campaign: missing a required argument: 'mood'",
        ),
        (time_offer, "time_offer cannot be given a subject and a campaign"),
        ("prep-sheet", "needs a function of a subject and a campaign, got str"),
    ],
)
def test_what_makes_no_document_is_told(ws: OpenWorkspace, builder: Any, told: str) -> None:
    """A slip would end in an error that is not ours, with a word about an attribute."""
    for make in (ws.document, ws.render):
        with pytest.raises(InvalidValue, match=told):
            make(builder, None)


def test_what_makes_no_picture_is_told(ws: OpenWorkspace, ana: Contact) -> None:
    """A document would be handed out for a picture, and fail where it is shown."""
    talk = ws.interviews.plan(ana)
    with pytest.raises(InvalidValue, match=r"prep_sheet makes a Document: take ws\.document or ws\.render"):
        ws.draw(prep_sheet, talk)  # type: ignore[type-var, arg-type]  # the slip


# ── pictures ─────────────────────────────────────────────────────────────────────────────────────
def test_a_workspace_draws_as_it_renders(ws: OpenWorkspace, ana: Contact, bo: Contact, ux: Exploration) -> None:
    """Whoever uses a workspace would have to fetch the campaign by hand, and get English pictures of a Spanish one."""
    talk = ws.interviews.plan(bo, exploration=ux)
    ws.interviews.schedule(talk, ws.now(), format=infoint.MeetingFormat.VIDEO)
    assert ws.draw(draw_coverage, ux) == draw_coverage(ux, ws.campaign())
    assert ws.draw(draw_pipeline) == draw_pipeline(None, ws.campaign())
    assert ws.draw(draw_referrals, ana).title == "Who introduced whom: Ana Ruiz"
    ws.set_profile(evolve(ws.profile(), language="es"))
    assert ws.draw(draw_pipeline, ux).title == "Cómo van las conversaciones: UX research"


def test_a_timeline_marks_today(ws: OpenWorkspace, ana: Contact) -> None:
    """The one picture that knows of a day would not know which one it is, though the workspace does."""
    ws.interviews.schedule(ws.interviews.plan(ana), ws.now(), format=infoint.MeetingFormat.VIDEO)
    assert ">today<" in ws.draw(draw_timeline).svg
    assert ">today<" not in draw_timeline(None, ws.campaign()).svg
    assert "today, Fri 1 Jan 2100" in ws.draw(partial(draw_timeline, on=date(2100, 1, 1))).svg


def test_a_picture_is_about_what_its_drawing_takes(ws: OpenWorkspace, ana: Contact) -> None:
    """A slip would fail deep inside, with a word about an attribute."""
    with pytest.raises(InvalidValue, match="draw_coverage is about Exploration, not about Contact"):
        ws.draw(draw_coverage, ana)  # type: ignore[type-var]  # the slip
    with pytest.raises(InvalidValue, match="draw_coverage is about Exploration, not about NoneType"):
        ws.draw(draw_coverage)
    with pytest.raises(InvalidValue, match="needs"):
        ws.draw(draw_pipeline, ana)  # type: ignore[type-var]  # the slip
    with pytest.raises(MissingId):
        ws.draw(draw_coverage, Exploration(subject="UX"))
    own = Picture(name="mine", title="Mine", description="Nothing", svg="<svg/>")
    assert ws.draw(lambda _subject, _campaign: own) == own
