"""Letters that ask for a talk or confirm it: what they say first, to whom they go, and what they refuse to ask."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from infoint import (
    Campaign,
    Contact,
    Exploration,
    FollowUp,
    FollowUpKind,
    FollowUpStatus,
    Interview,
    Meeting,
    MeetingFormat,
    Profile,
    derive_id,
    events,
)
from infoint.errors import InvalidValue, MissingId, NotFound
from infoint.model import (
    AgendaItem,
    ContactSource,
    Debrief,
    Decision,
    HistoryEntry,
    Outcome,
    Party,
    Purpose,
    Referral,
    ReferralKind,
    Scope,
    Touch,
    TouchKind,
)
from infoint.notes import Document, confirmation, employment_request, letter, outreach, render
from infoint.practice import FindingCode, Policy, ResumePolicy, default_policy, review_letter
from infoint.testing import sample_campaign

GOLDEN: Final = Path(__file__).parents[1] / "golden" / "notes"
CHICAGO = ZoneInfo("America/Chicago")
ME = Profile(name="Kim Doe", zone=CHICAGO, introduction="I teach maths,\nand want to change.")
ANA = Contact(
    id=derive_id("ana"),
    name="Ana Ruiz",
    organization="Oak Labs",
    title="UX lead",
    zone="Europe/Madrid",
    emails=("ana@oak.example",),
)
BO = Contact(id=derive_id("bo"), name="Bo Li", emails=("bo@pine.example",), source=ContactSource.ALUMNI)
CY = Contact(id=derive_id("cy"), name="Cy Dee", emails=("cy@elm.example",), referred_by=ANA.id)
DI = Contact(id=derive_id("di"), name="Di Eng", referred_by=ANA.id)
UX = Exploration(id=derive_id("ux"), subject="UX research")
MEETING = Meeting(start=datetime(2026, 12, 1, 10, tzinfo=CHICAGO), format=MeetingFormat.VIDEO, place="https://meet.example/x")
QUESTIONS = tuple(AgendaItem(question) for question in list(default_policy().bank)[:2])


def told(*story: events.Event) -> tuple[HistoryEntry, ...]:
    return tuple(HistoryEntry(datetime(2026, 11, 16 + number, tzinfo=UTC), event) for number, event in enumerate(story))


def talk(*people: Contact, story: tuple[events.Event, ...] = (), **fields: Any) -> Interview:
    ids = tuple(person.id for person in people)
    fields = {"id": derive_id("talk", *(one.name for one in people)), "exploration_id": UX.id, **fields}
    return Interview(contact_ids=ids, history=told(*story), **fields)


def with_ana(*referrals: Referral, **fields: Any) -> Interview:
    story = (events.Requested(), events.Scheduled(MEETING), events.Held(), events.Debriefed(Debrief(referrals=referrals)))
    return talk(ANA, story=story, **fields)


def about_work(*people: Contact, story: tuple[events.Event, ...] = (), **fields: Any) -> Interview:
    return talk(*people, story=story, id=derive_id("employment"), purpose=Purpose.EMPLOYMENT, **fields)


def campaign(*facts: Any, profile: Profile = ME) -> Campaign:
    return Campaign(profile=profile).including(ANA, BO, CY, DI, UX, *facts)


def text(document: Document) -> str:
    return render(document, "text").text


def body(document: Document) -> str:
    """What stands below the letterhead, on one line."""
    return " ".join(text(evolve(document, to="", subject="")).split("\n", 2)[2].split())


LEAD: Final = Touch(id=derive_id("lead"), contact_id=BO.id, at=datetime(2026, 12, 9, tzinfo=UTC), kind=TouchKind.LEAD_RECEIVED)
PURSUED: Final = evolve(
    UX,
    decision=Decision(outcome=Outcome.PURSUE, at=datetime(2026, 12, 20, tzinfo=UTC), evidence=(derive_id("talk", "Ana Ruiz"),)),
)
NAMED: Final = with_ana(Referral("Cy Dee"), Referral("Di Eng", ReferralKind.INTRODUCTION))
OUTREACHES: Final[dict[str, tuple[Interview, Campaign]]] = {
    "named": (talk(CY), campaign(NAMED)),
    "introduced": (talk(DI), campaign(NAMED)),
    "redirected": (talk(CY), campaign(with_ana(Referral("Cy Dee", ReferralKind.REDIRECT)))),
    "alumni": (talk(BO), campaign()),
    "nothing-known": (
        talk(ANA, exploration_id=None),
        campaign(profile=Profile(zone=CHICAGO)).including(evolve(ANA, title="", organization="")),
    ),
}
EMPLOYMENTS: Final[dict[str, tuple[Interview, Campaign]]] = {
    "met": (about_work(ANA), campaign(NAMED, PURSUED)),
    "lead": (about_work(BO), campaign(LEAD)),
}


def compared(said: str, name: str) -> None:
    file = GOLDEN / f"{name}.txt"
    if os.environ.get("INFOINT_REGENERATE_GOLDEN") == "1":
        file.write_text(said, encoding="utf-8")
    assert said == file.read_text(encoding="utf-8")


# ── the first letter ─────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", OUTREACHES)
def test_what_a_first_letter_says(name: str) -> None:
    """A first letter would be worded anew without anybody having read it (`INFOINT_REGENERATE_GOLDEN=1` writes anew)."""
    compared(text(outreach(*OUTREACHES[name])), f"outreach-{name}")


@pytest.mark.parametrize("name", OUTREACHES)
def test_a_first_letter_passes_our_own_review(name: str) -> None:
    """Our own request would be too long, ask nothing or ask for a job; only what is left to fill in may be missing."""
    findings = {finding.code for finding in review_letter(body(outreach(*OUTREACHES[name])))}
    assert findings == ({FindingCode.OUTREACH_WITHOUT_CONNECTION} if name == "nothing-known" else set())


@pytest.mark.parametrize("name", [*OUTREACHES, *EMPLOYMENTS])
def test_what_a_request_says_in_spanish(name: str) -> None:
    """A Spanish request would fail our own review, or be worded as nobody has read it (`INFOINT_REGENERATE_GOLDEN=1` writes anew)."""
    openly = name in EMPLOYMENTS
    asked, facts = (EMPLOYMENTS if openly else OUTREACHES)[name]
    spanish = evolve(facts, profile=evolve(facts.profile, language="es"))
    document = employment_request(asked, spanish) if openly else outreach(asked, spanish)
    compared(text(document), f"{'employment-request' if openly else 'outreach'}-{name}.es")
    kind = FollowUpKind.NUDGE if openly else None
    findings = {finding.code for finding in review_letter(body(document), kind=kind, language="es", purpose=asked.purpose)}
    assert findings == ({FindingCode.OUTREACH_WITHOUT_CONNECTION} if name == "nothing-known" else set())


@pytest.mark.parametrize("source", [*ContactSource.known, None])
def test_every_source_has_its_words(source: ContactSource | None) -> None:
    """The letter would claim a connection there is not, or none where one is known."""
    said = body(outreach(talk(BO), campaign(evolve(BO, source=source))))
    codes = {finding.code for finding in review_letter(said)}
    left_open = said.startswith("Dear Bo Li, […how you come to write to them…]")
    assert left_open == (source in {None, ContactSource.OTHER})
    assert codes <= {FindingCode.OUTREACH_WITHOUT_CONNECTION} if left_open or "[…" in said else not codes


@pytest.mark.parametrize("resume", ResumePolicy)
def test_the_resume_goes_by_the_policy(resume: ResumePolicy) -> None:
    """The letter would offer what the university tells its students to enclose, or to leave out."""
    policy: Policy = evolve(default_policy(), resume=resume)
    said = body(outreach(talk(BO), campaign(), policy=policy))
    assert review_letter(said, policy=policy) == ()
    assert ("résumé" in said) is (resume is not ResumePolicy.LEFT_OUT)
    assert ("I enclose my résumé" in said) is (resume is ResumePolicy.ENCLOSED)


def test_the_referrer_comes_first() -> None:
    """A name would be known and not be told in the first line, where it opens the door."""
    document = outreach(*OUTREACHES["named"])
    assert document.subject == "Ana Ruiz suggested that I write to you"
    assert body(document).startswith("Dear Cy Dee, Ana Ruiz (Oak Labs) suggested that I write to you. I teach maths,")


def test_the_last_to_name_somebody_counts_unless_the_contact_says_who() -> None:
    """The letter would lean on the wrong person."""
    to_eve = Contact(id=derive_id("eve"), name="Eve")
    by_bo = evolve(
        talk(BO, story=(events.Held(), events.Debriefed(Debrief(referrals=(Referral("Eve", contact_id=to_eve.id),))))),
    )
    by_ana = evolve(with_ana(Referral("Eve", contact_id=to_eve.id)), id=derive_id("later"))
    assert "Ana Ruiz (Oak Labs) suggested" in body(outreach(talk(to_eve), campaign(to_eve, by_bo, by_ana)))
    told_by = evolve(to_eve, referred_by=BO.id)
    assert "Bo Li suggested" in body(outreach(talk(to_eve), campaign(told_by, by_bo, by_ana)))


def test_to_several_only_what_holds_for_all() -> None:
    """One of them would read that somebody named them who never did."""
    assert body(outreach(talk(CY, DI), campaign(NAMED))).startswith("Dear Cy Dee and Di Eng, Ana Ruiz (Oak Labs) suggested")
    assert "[…how you come to write to them…]" in body(outreach(talk(CY, BO), campaign(NAMED)))
    assert "[…how you come to write to them…]" in body(outreach(talk(BO, CY), campaign(NAMED)))
    assert outreach(talk(CY, BO), campaign()).to == "cy@elm.example, bo@pine.example"


def test_a_long_introduction_is_left_to_shorten() -> None:
    """The letter would be longer than anybody reads to the end, or not say who writes."""
    said = body(outreach(talk(BO), campaign(profile=evolve(ME, introduction="I teach maths. " * 40))))
    assert "[…who you are, in a sentence…]" in said
    assert review_letter(said) == ()


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("resume", ResumePolicy)
@pytest.mark.parametrize("kind", ReferralKind)
def test_a_first_letter_among_people_of_long_names(kind: ReferralKind, resume: ResumePolicy, language: str) -> None:
    """Only people of short names, asked about short things, would get a letter short enough to be read."""
    policy: Policy = evolve(default_policy(), resume=resume)
    role = {"en": "a hospital infection control nurse", "es": "enfermería de control de infecciones en un hospital"}[language]
    giver = evolve(ANA, name="María del Carmen Ruiz Ortega", organization="General Hospital of Madrid")
    named = evolve(CY, name="Diane Elisabeth van der Berg", organization="General Hospital of the North", title="head nurse")
    gave = with_ana(Referral(named.name, kind, contact_id=named.id))
    profile = evolve(ME, name="Kim Alexandra Maria Doe Smith", language=language)
    facts = campaign(gave, profile=profile).including(giver, named, evolve(UX, scope=Scope.ROLE, subject=role))
    said = body(outreach(talk(named), facts, policy=policy))
    assert review_letter(said, language=language, policy=policy) == ()
    # Where they see it they know: it is the first to go, and only where there is no room.
    short = body(outreach(talk(named), facts.including(evolve(giver, name="Ana Ruiz", organization=""), UX), policy=policy))
    assert "North" in short
    assert review_letter(short, language=language, policy=policy) == ()


def test_what_is_offered_is_asked_for() -> None:
    """The letter would offer what the explorer does not, or a choice where there is none."""
    both = talk(BO, formats_offered=frozenset({MeetingFormat.PHONE, MeetingFormat.VIDEO}), duration=timedelta(minutes=20))
    assert "Would you have 20 minutes in the coming weeks, by video or by phone?" in body(outreach(both, campaign()))
    one = talk(BO, formats_offered=frozenset({MeetingFormat.PHONE}), duration=timedelta(hours=1))
    assert "Would you have an hour in the coming weeks, by phone?" in body(outreach(one, campaign()))


def test_it_speaks_of_where_they_stand() -> None:
    """A letter to the organisation under study would name it twice, and one to a title would read as any other."""
    at_oak = evolve(UX, subject="Oak Labs", scope=Scope.ORGANIZATION)
    assert "about working at Oak Labs, and would like to hear how you see it as UX lead." in body(
        outreach(talk(ANA), campaign(at_oak))
    )
    a_role = evolve(UX, subject="a UX researcher", scope=Scope.ROLE)
    assert "about the role of a UX researcher, and would like to hear how you see it at Oak Labs." in body(
        outreach(talk(ANA), campaign(a_role))
    )


def test_their_own_draft_comes_first() -> None:
    """What the explorer has written would be thrown away for our wording."""
    own = FollowUp(
        id=derive_id("own"), kind=FollowUpKind.CONTACT_REFERRAL, due=date(2026, 12, 2), contact_id=CY.id, draft="Dear Cy!"
    )
    document = outreach(talk(CY), campaign(NAMED, own))
    assert body(document) == "Dear Cy!"
    assert document.subject
    assert "Dear Cy!" not in body(outreach(talk(CY, DI), campaign(NAMED, own)))
    assert "Dear Cy!" not in body(outreach(talk(BO), campaign(NAMED, own)))


def test_what_is_no_first_letter() -> None:
    """Somebody would be asked who has answered, for a job, or who wants to be left alone."""
    with pytest.raises(InvalidValue, match="employment_request"):
        outreach(about_work(BO), campaign())
    with pytest.raises(InvalidValue, match="there was an answer"):
        outreach(talk(BO, story=(events.Requested(), events.Accepted())), campaign())
    with pytest.raises(InvalidValue, match="must not be contacted"):
        outreach(talk(BO), campaign(evolve(BO, do_not_contact=True)))
    with pytest.raises(MissingId):
        outreach(Interview(contact_ids=(BO.id,)), campaign())
    with pytest.raises(NotFound):
        outreach(talk(BO), Campaign(profile=ME))


def test_whoever_must_not_be_contacted_is_left_out() -> None:
    """A letter to two would go to somebody who asked to be left alone."""
    document = outreach(talk(BO, CY), campaign(evolve(CY, do_not_contact=True)))
    assert document.to == "bo@pine.example"
    assert "Cy" not in text(document)


# ── the day before ───────────────────────────────────────────────────────────────────────────────
AGREED: Final = (events.Requested(), events.Scheduled(MEETING))


def test_a_confirmation_is_the_letter_for_it() -> None:
    """A talk would be confirmed in other words than the follow-up that asks for it."""
    agreed = talk(ANA, story=AGREED, agenda=QUESTIONS)
    document = confirmation(agreed, campaign(agreed))
    owed = FollowUp(id=derive_id("o"), kind=FollowUpKind.CONFIRM, due=date(2026, 11, 30), interview_id=agreed.id)
    same = letter(owed, campaign(agreed))
    assert document.sections == same.sections
    assert (document.name, document.to, document.subject) == ("confirmation", "ana@oak.example", same.subject)
    assert document.filename == f"confirmation-ana-ruiz-{agreed.id.hex[-8:]}"
    for words in ("17:00 Madrid time (10:00 Chicago time)", "https://meet.example/x", f"1. {QUESTIONS[0].question.text}"):
        assert words in body(document)


def test_a_confirmation_takes_the_draft_that_is_there() -> None:
    """What the explorer has written would be thrown away; or what was sent for a time that no longer holds be sent again."""
    agreed = talk(ANA, story=AGREED)
    own = FollowUp(
        id=derive_id("own"), kind=FollowUpKind.CONFIRM, due=date(2026, 11, 30), interview_id=agreed.id, draft="See you then!"
    )
    assert body(confirmation(agreed, campaign(agreed, own))) == "See you then!"
    sent = evolve(own, status=FollowUpStatus.DONE, settled_at=MEETING.start)
    assert "See you then!" not in body(confirmation(agreed, campaign(agreed, sent)))


def test_what_cannot_be_confirmed() -> None:
    """A talk that was never agreed, is off or is over would be confirmed."""
    for story in ((events.Requested(),), (*AGREED, events.Cancelled(Party.THEM))):
        with pytest.raises(InvalidValue, match="no meeting to confirm"):
            confirmation(talk(ANA, story=story), campaign())
    with pytest.raises(InvalidValue, match="has taken place"):
        confirmation(talk(ANA, story=(*AGREED, events.Held())), campaign())
    with pytest.raises(MissingId):
        confirmation(Interview(contact_ids=(BO.id,)), campaign())


# ── about employment ─────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", EMPLOYMENTS)
def test_what_a_request_about_employment_says(name: str) -> None:
    """It would be worded anew without anybody having read it (`INFOINT_REGENERATE_GOLDEN=1` writes anew)."""
    document = employment_request(*EMPLOYMENTS[name])
    compared(text(document), f"employment-request-{name}")
    assert review_letter(body(document), kind=FollowUpKind.NUDGE, purpose=Purpose.EMPLOYMENT) == ()


def test_an_informational_talk_is_never_turned_round() -> None:
    """Somebody who gave half an hour to be asked about their work would be asked for a job in it."""
    with pytest.raises(InvalidValue, match="plan another interview whose purpose is employment"):
        employment_request(talk(ANA), campaign(NAMED))


@pytest.mark.parametrize(
    "before", [(), (talk(BO, story=AGREED),), (evolve(about_work(BO, story=(events.Held(),)), id=derive_id("earlier")),)]
)
def test_strangers_are_not_asked_for_work(before: tuple[Interview, ...]) -> None:
    """Somebody who was never asked for advice would be asked for a job: not yet met, or met about employment only."""
    with pytest.raises(InvalidValue, match="Bo Li, who neither gave a talk nor passed on a lead"):
        employment_request(about_work(BO), campaign(*before))


def test_only_once_and_only_to_those_who_may_be_written_to() -> None:
    """A second letter would ask what was answered."""
    with pytest.raises(InvalidValue, match="there was an answer"):
        employment_request(about_work(ANA, story=(events.Requested(), events.Declined())), campaign(NAMED))
    with pytest.raises(InvalidValue, match="must not be contacted"):
        employment_request(about_work(ANA), campaign(evolve(ANA, do_not_contact=True), NAMED))
    with pytest.raises(MissingId):
        employment_request(Interview(contact_ids=(ANA.id,), purpose=Purpose.EMPLOYMENT), campaign(NAMED))


def test_several_are_thanked_for_what_they_share() -> None:
    """One of them would be thanked for a talk they were not in."""
    together = talk(ANA, BO, story=(events.Requested(), events.Scheduled(MEETING), events.Held()))
    assert "when we talked in December 2026" in body(employment_request(about_work(ANA, BO), campaign(together)))
    assert "Thank you again for your help so far." in body(employment_request(about_work(ANA, BO), campaign(NAMED, LEAD)))


def test_it_says_what_work_is_looked_for() -> None:
    """The letter would say no more than that there is somebody who wants a job."""
    for scope, words in (
        (Scope.FIELD, "I am looking for work in UX research."),
        (Scope.ROLE, "I am looking for work as UX research."),
        (Scope.ORGANIZATION, "I am looking for work, and UX research is where I would like to find it."),
    ):
        assert words in body(employment_request(about_work(ANA), campaign(NAMED, evolve(UX, scope=scope))))
    unsaid = campaign(with_ana(exploration_id=None))
    assert "I am looking for work. Would you" in body(employment_request(about_work(ANA, exploration_id=None), unsaid))
    undated = talk(ANA, story=(events.Held(),))
    assert "telling me about UX research. Today" in body(employment_request(about_work(ANA), campaign(undated)))


def test_no_request_for_work_after_ruling_it_out_says_otherwise() -> None:
    """The letter would say that one has decided for what one has decided against."""
    assert PURSUED.decision
    against = evolve(UX, decision=evolve(PURSUED.decision, outcome=Outcome.RULE_OUT))
    assert "decided" not in body(employment_request(about_work(ANA), campaign(NAMED, against)))


def test_every_request_of_a_campaign_can_be_drafted() -> None:
    """A loop over the talks of a large campaign would write one file over another."""
    facts = sample_campaign(talks=20)
    first = [one for one in facts.interviews if one.status == "requested"]
    agreed = [one for one in facts.interviews if one.status == "scheduled"]
    made = [outreach(one, facts) for one in first] + [confirmation(one, facts) for one in agreed]
    assert len({document.filename for document in made}) == len(made) == 13
    assert all(outreach(one, facts) == outreach(one, facts) for one in first)
