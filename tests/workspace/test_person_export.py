"""Showing a person what is held about them: all that erasing would take, nothing that is another's, in a form that is read back."""

import json
from datetime import UTC, date, datetime

import pytest
from attrs import evolve
from hypothesis import assume, given, strategies as st

import infoint
from infoint import (
    Answer,
    Campaign,
    Contact,
    FollowUp,
    FollowUpKind,
    Insight,
    MeetingFormat,
    OpenWorkspace,
    Referral,
    Topic,
    TouchKind,
    codec,
)
from infoint.errors import InvalidValue, NotFound
from infoint.model import Entity, Promise
from infoint.practice import HeldAbout, Mention, forget, held_about
from infoint.practice.naming import ERASED, naming
from infoint.practice.rewriting import leaves_of
from infoint.testing import sample_campaign
from infoint.testing.strategies import campaigns

AT = datetime(2027, 1, 1, tzinfo=UTC)


def texts(*values: object) -> list[str]:
    """Every text in them, each as often as it is there."""
    return [leaf for value in values for leaf in leaves_of(value) if type(leaf) is str and leaf]


def records(campaign: Campaign) -> dict[object, Entity]:
    facts = (*campaign.contacts, *campaign.explorations, *campaign.interviews, *campaign.follow_ups, *campaign.touches)
    return {one.id: one for one in (campaign.profile, *facts)}


def taken_away(person: Contact, campaign: Campaign) -> list[tuple[str, bool]]:
    """Each text that forgetting takes, and whether a rest of it stays without the name."""
    plan = forget(person, campaign, stand_in_id=infoint.derive_id("stand-in"), at=AT)
    before = records(campaign)
    gone = [(text, False) for text in texts(*plan.removed)]
    for after in plan.changed:
        left = texts(after)
        for text in texts(before[after.id]):
            if text in left:
                left.remove(text)
            else:
                gone.append((text, any(ERASED in one for one in left)))
    return gone


def held_texts(held: HeldAbout) -> set[str]:
    return set(texts(held))


def canaries(campaign: Campaign, person: Contact) -> Campaign:
    """The campaign with a text of its own wherever one can be, and the person named in each record."""
    number = 0

    def canary() -> str:
        nonlocal number
        number += 1
        return f"canary {number}"

    def named() -> str:
        return f"{canary()}\n{canary()} {person.name} {canary()}\n{canary()}"

    contacts = tuple(
        evolve(one, notes=named(), custom={"app:x": {canary(): canary()}}, extra={"newer": canary()})
        for one in campaign.contacts
    )
    talks = []
    for talk in campaign.interviews:
        history = tuple(
            evolve(
                entry,
                event=evolve(
                    entry.event,
                    debrief=evolve(
                        entry.event.debrief,
                        answers=[Answer("q", canary()), Answer("q", canary(), said_by=person.id)],
                        insights=[Insight(named(), Topic.TYPICAL_DAY)],
                        promises=[Promise(canary())],
                        referrals=[Referral(person.name, how_to_reach=canary()), Referral(canary(), contact_id=person.id)],
                        surprises=named(),
                        extra={"newer": canary()},
                    ),
                ),
            )
            if isinstance(entry.event, infoint.events.Debriefed)
            else entry
            for entry in talk.history
        )
        talks.append(evolve(talk, notes=named(), history=history, custom={"app:x": canary()}))
    follow_ups = tuple(
        evolve(
            one, summary=canary(), draft=canary(), custom={"app:y": canary()}, contact_id=one.contact_id if number % 2 else None
        )
        for number, one in enumerate(campaign.follow_ups)
    )
    explorations = tuple(evolve(one, custom={"app:x": named()}) for one in campaign.explorations)
    return evolve(campaign, contacts=contacts, explorations=explorations, interviews=tuple(talks), follow_ups=follow_ups)


@pytest.mark.parametrize("several", [False, True], ids=["alone", "together"])
@pytest.mark.parametrize("number", range(4))
def test_whatever_erasing_takes_was_shown(number: int, several: bool) -> None:
    """Somebody would be told that this is all, and then more of theirs be taken away."""
    campaign = sample_campaign(talks=9)
    if several:
        everybody = [one.id for one in campaign.contacts]
        together = [tuple(dict.fromkeys((*talk.contact_ids, *everybody[:2]))) for talk in campaign.interviews]
        talks = zip(campaign.interviews, together, strict=True)
        campaign = evolve(campaign, interviews=tuple(evolve(talk, contact_ids=ids) for talk, ids in talks))
    person = campaign.contacts[number]
    campaign = canaries(campaign, person)
    person = campaign.contact(person.id)
    held = held_about(person, campaign)
    shown = held_texts(held)
    for text, in_part in taken_away(person, campaign):
        about_them = [line for line in text.splitlines() if person.name in line] if in_part else []
        assert text in shown or (about_them and all(line in shown for line in about_them)), text


@given(st.data())
def test_whatever_erasing_takes_from_anybody_was_shown_and_is_read_back(data: st.DataObject) -> None:
    """In some campaign nobody thought of something would go that was kept from whom it is about, or what they take along not be read."""
    campaign = data.draw(campaigns())
    assume(campaign.contacts)
    person = data.draw(st.sampled_from(campaign.contacts))
    held = held_about(person, campaign)
    shown, names = held_texts(held), naming(person, campaign).whole
    for text, _ in taken_away(person, campaign):
        assert text in shown or any(one in text and names.search(one) for one in shown), text
    assert codec.load(HeldAbout, json.loads(json.dumps(codec.dump(held)))) == held


def test_it_is_read_back(ws: OpenWorkspace, ana: Contact, bo: Contact) -> None:
    """What somebody takes along could be read by nobody; or two answers to one question differ."""
    ws.contacts.update(evolve(ana, extra={"newer": {"a": [1, None]}}, custom={"app:x": "é"}))
    ws.contacts.log_touch(ana, TouchKind.EMAIL, note="Hello")
    ws.interviews.request(ws.interviews.plan(ana, bo))
    ws.contacts.update(evolve(bo, notes="Met\nby Ana Ruiz\nin May"))
    told = ws.contacts.export(ana)
    tree = json.loads(told)
    assert (tree["infoint"], tree["schema"]) == ("held about one person", [1, 0])
    held = codec.load(HeldAbout, tree["held"])
    assert held == held_about(ws.contacts.get(ana.id), ws.campaign())
    assert held.contact.extra == {"newer": {"a": (1, None)}}
    assert (held.touches[0].note, held.introduced) == ("Hello", (bo.id,))
    assert held.mentions == (Mention(kind="contact", id=bo.id, lines=("by Ana Ruiz",)),)
    assert told == ws.contacts.export(ana)
    assert told.decode().splitlines()[0] == "{"


def test_what_is_others_is_not_shown(ws: OpenWorkspace, ana: Contact, bo: Contact) -> None:
    """Whoever asks what is held about them would read what somebody else has said in confidence."""
    ws.set_profile(evolve(ws.profile(), introduction="Kim's own words"))
    talk = ws.interviews.schedule(ws.interviews.plan(ana, bo), datetime(2026, 11, 20, 10), format=MeetingFormat.VIDEO)
    talk = ws.interviews.hold(talk, at=datetime(2026, 11, 20, 11))
    ws.interviews.debrief(
        talk,
        answers=[Answer("q", "Ana's answer"), Answer("q", "Bo's answer", said_by=bo.id)],
        insights=[Insight("Ana's insight", Topic.TYPICAL_DAY), Insight("Bo's insight", Topic.TYPICAL_DAY, said_by=bo.id)],
        referrals=["Ana's friend", Referral("Bo's friend", given_by=bo.id)],
        at=datetime(2026, 11, 20, 12),
    )
    theirs = ws.interviews.request(ws.interviews.plan(bo, notes="Bo alone"))
    ws.follow_ups.add(FollowUp(kind=FollowUpKind.SHARE_ARTICLE, due=date(2026, 12, 1), contact_id=bo.id, summary="For Bo"))
    told = ws.contacts.export(ana).decode()
    assert all(words in told for words in ("Ana's answer", "Ana's insight", "Ana's friend", str(bo.id)))
    others = ("Bo's answer", "Bo's insight", "Bo's friend", "Bo alone", "For Bo", "Kim's own words", str(theirs.id))
    assert [words for words in others if words in told] == []


def test_who_was_merged_is_shown_as_one(ws: OpenWorkspace, ana: Contact) -> None:
    """Somebody known by two records would be shown half of them."""
    double = ws.contacts.add(Contact(name="Ruiz, Ana", notes="Plays chess"))
    ws.contacts.merge(ana, double)
    told = ws.contacts.export(double)
    assert told == ws.contacts.export(ana)
    assert all(words in told.decode() for words in ("Plays chess", "Ruiz, Ana"))


def test_who_named_them_is_shown_by_its_talk(ws: OpenWorkspace, ana: Contact) -> None:
    """That somebody gave their name, and how to reach them, would be kept from them."""
    talk = ws.interviews.schedule(ws.interviews.plan(ana), datetime(2026, 11, 20, 10), format=MeetingFormat.VIDEO)
    talk = ws.interviews.hold(talk, at=datetime(2026, 11, 20, 11))
    named = Referral("Dee Dove", how_to_reach="dee at home")
    for words in ("Ana's", "Ana's own"):
        talk = ws.interviews.debrief(talk, referrals=[named, "Eve Fir"], surprises=words, at=datetime(2026, 11, 20, 12))
    dee = ws.contacts.add(Contact(name="Dee Dove"))
    held = held_about(dee, ws.campaign())
    assert [(one.interview_id, one.referral) for one in held.named_in] == [(talk.id, named)]
    assert held.interviews == ()
    assert {str(one.kind) for one in held.follow_ups} == {"contact-referral", "report-back"}
    told = ws.contacts.export(dee).decode()
    assert not [words for words in ("Eve Fir", "Ana's") if words in told]


def test_nobody_and_nothing(ws: OpenWorkspace, ana: Contact) -> None:
    """An answer about nobody would look like an answer; or an address book without a profile give none."""
    with pytest.raises(NotFound):
        ws.contacts.export(evolve(ana, id=infoint.derive_id("nobody")))
    with pytest.raises(InvalidValue, match="Contact"):
        held_about(ws.profile(), ws.campaign())  # type: ignore[arg-type]
    ws.contacts.erase(ana)
    with pytest.raises(NotFound):
        ws.contacts.export(ana)
