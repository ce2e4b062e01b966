"""A name that is corrected is right wherever infoint wrote it, and a former one is remembered until the person is forgotten."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import ClassVar

import pytest
from attrs import evolve

import infoint
from infoint import (
    Contact,
    Decision,
    Exploration,
    FollowUp,
    FollowUpKind,
    FollowUpStatus,
    Insight,
    Interview,
    MeetingFormat,
    OpenWorkspace,
    Outcome,
    Referral,
    Topic,
    Workspace,
)
from infoint.people import ImportPlan
from infoint.practice import default_policy, plan_follow_ups
from infoint.practice.naming import ERASED
from infoint.storage import Capability, MemoryStorage, Session
from infoint.testing import Clock

THEN = datetime(2026, 11, 20, 10)


def open_ones(ws: Workspace) -> set[str]:
    return {one.summary for one in ws.follow_ups.find(status=FollowUpStatus.OPEN)}


def rename(ws: Workspace, person: Contact, name: str, **changes: object) -> Contact:
    return ws.contacts.update(evolve(ws.contacts.get(person.id), name=name, **changes))


def agreed(ws: Workspace, *people: Contact, exploration: Exploration | None = None) -> Interview:
    talk = ws.interviews.request(ws.interviews.plan(*people, exploration=exploration))
    return ws.interviews.schedule(talk, THEN, format=MeetingFormat.PHONE)


def held(ws: Workspace, *people: Contact, referrals: tuple[Referral | str, ...] = (), told: str = "Writing") -> Interview:
    talk = ws.interviews.hold(agreed(ws, *people), at=THEN + timedelta(hours=1))
    insights = [Insight(told, Topic.TYPICAL_DAY, said_by=people[0].id)]
    return ws.interviews.debrief(talk, insights=insights, referrals=referrals, at=THEN + timedelta(hours=2))


# ── what is due, and calendars ───────────────────────────────────────────────────────────────────
def test_a_corrected_name_is_right_in_what_is_due(ws: OpenWorkspace, clock: Clock) -> None:
    """ "Prepare for the talk with Ana Riuz" stood there for good, in the calendar too."""
    ana = ws.contacts.add(Contact(name="Ana Riuz"))
    talk = agreed(ws, ana)
    before = {entry.uid: entry for entry in ws.calendar()}
    cursor = ws.calendar_changes("").cursor
    clock.forward(timedelta(hours=1))
    ana = rename(ws, ana, "Ana Ruiz")
    expected = {"Prepare for the talk with Ana Ruiz", "Confirm the talk with Ana Ruiz and send your questions along"}
    assert open_ones(ws) == expected
    after = {entry.uid: entry for entry in ws.calendar()}
    moved = {uid for uid, entry in after.items() if entry.summary in expected}
    assert len(moved) == 2
    assert moved <= {entry.uid for entry in ws.calendar_changes(cursor).changed}
    for uid in moved:
        assert after[uid].sequence > before[uid].sequence, "a calendar takes what is newer by its number"
        assert after[uid].last_modified > before[uid].last_modified
        assert after[uid].when == before[uid].when
    assert after[str(talk.id)].sequence == before[str(talk.id)].sequence, "the meeting is where it was"
    assert not plan_follow_ups(ws.campaign())


def test_what_is_done_or_worded_by_hand_stays(ws: OpenWorkspace, clock: Clock) -> None:
    """What somebody wrote themselves would be written over; or what was sent be told anew."""
    ana = ws.contacts.add(Contact(name="Ana Riuz"))
    talk = agreed(ws, ana)
    prepare = ws.follow_ups.one(interview=talk, kind=FollowUpKind.PREPARE)
    prepare = ws.follow_ups.update(evolve(prepare, summary="Read Ana Riuz's book"))
    done = ws.follow_ups.complete(ws.follow_ups.one(interview=talk, kind=FollowUpKind.CONFIRM))
    nudge = ws.follow_ups.one(interview=talk, kind=FollowUpKind.NUDGE)
    own = ws.follow_ups.add(
        FollowUp(kind=FollowUpKind.PREPARE, due=THEN.date(), contact_id=ana.id, summary="Prepare for the talk with Ana Riuz")
    )
    rename(ws, ana, "Ana Ruiz")
    assert [ws.follow_ups.get(one.id) for one in (prepare, done, nudge, own)] == [prepare, done, nudge, own]
    assert [ws.follow_ups.get(one.id).version for one in (prepare, done, nudge, own)] == [
        one.version for one in (prepare, done, nudge, own)
    ]


def test_what_was_put_off_stays_put_off(ws: OpenWorkspace) -> None:
    """A name that is corrected would bring everything back to its first day."""
    ana = ws.contacts.add(Contact(name="Ana Riuz"))
    talk = held(ws, ana)
    thanks = ws.follow_ups.one(interview=talk, kind=FollowUpKind.THANK_YOU)
    until = thanks.due + timedelta(days=3)
    thanks = ws.follow_ups.postpone(thanks, until)
    thanks = ws.follow_ups.update(evolve(thanks, draft="Dear Ana", custom={"app:x": 1}))
    rename(ws, ana, "Ana Ruiz")
    after = ws.follow_ups.get(thanks.id)
    assert after == evolve(thanks, summary="Thank Ana Ruiz", revision=after.revision, revised_at=after.revised_at)


@pytest.mark.parametrize(("language", "later"), [("es", "en"), ("en", "es-MX"), ("es-MX", "tlh")])
def test_each_keeps_the_language_it_was_planned_in(ws: OpenWorkspace, language: str, later: str) -> None:
    """With the name the language would change, or the name stay wrong where the language has changed since."""
    ws.set_profile(evolve(ws.profile(), language=language))
    people = [ws.contacts.add(Contact(name=name)) for name in ("Ana Riuz", "Bo Li")]
    agreed(ws, *people)
    said = open_ones(ws)
    ws.set_profile(evolve(ws.profile(), language=later))
    rename(ws, people[0], "Ana Ruiz")
    assert open_ones(ws) == {one.replace("Ana Riuz", "Ana Ruiz") for one in said}
    assert any(" y Bo Li" in one for one in said) == language.startswith("es")


def test_of_several_people_one_is_corrected_after_the_other(ws: OpenWorkspace, ana: Contact, bo: Contact, clock: Clock) -> None:
    """In a talk with two, a summary that names both would keep the one, or the second be no longer found."""
    agreed(ws, ana, bo)
    confirm = ws.follow_ups.one(kind=FollowUpKind.CONFIRM)
    clock.forward(timedelta(minutes=5))
    rename(ws, bo, "Bo Lee")
    after = ws.follow_ups.get(confirm.id)
    assert after.summary == "Confirm the talk with Ana Ruiz and Bo Lee and send your questions along"
    assert after.revised_at is not None
    assert after.revised_at >= ws.now(), "calendars see when it was"
    rename(ws, ana, "Ana R. Ruiz")
    assert ws.follow_ups.get(confirm.id).summary.startswith("Confirm the talk with Ana R. Ruiz and Bo Lee and")


def test_within_a_transaction_all_or_nothing(ws: OpenWorkspace, ana: Contact, bo: Contact) -> None:
    """A name and what is due would be told apart by a failure between the two."""
    agreed(ws, ana, bo)
    said = open_ones(ws)
    with pytest.raises(ZeroDivisionError), ws.transaction() as tx:
        rename(tx, ana, "Ana R.")
        assert "Prepare for the talk with Ana R. and Bo Li" in open_ones(tx)
        _ = 1 / 0
    assert (open_ones(ws), ws.contacts.get(ana.id)) == (said, ana)
    with ws.transaction() as tx:
        rename(tx, ana, "Ana R.")
        rename(tx, bo, "Bo L.")
        rename(tx, ana, "Ana S.")
    assert "Prepare for the talk with Ana S. and Bo L." in open_ones(ws)
    assert ws.contacts.get(ana.id).custom["infoint:names"] == ("Ana Ruiz", "Ana R.")


def test_a_name_given_in_a_talk_is_corrected_with_the_contact(ws: OpenWorkspace, ana: Contact, clock: Clock) -> None:
    """Whoever was named would be written to by the misspelt name; or, corrected, be no longer who was named, and be asked anew."""
    held(ws, ana, referrals=("Cy Deee", "Eve Fir"))
    cy = ws.contacts.add(Contact(name="Cy Deee", referred_by=ana.id))
    assert {"Write to Cy Deee, whom Ana Ruiz named", "Tell Ana Ruiz what came of naming Cy Deee"} <= open_ones(ws)
    clock.now = THEN.replace(tzinfo=UTC) + timedelta(days=30)
    rename(ws, cy, "Cy Dee")
    moved = [one.revised_at for one in ws.follow_ups.find(status=FollowUpStatus.OPEN) if "Cy Dee" in one.summary]
    assert set(moved) == {clock.now}, "calendars see when it was"
    assert {"Write to Cy Dee, whom Ana Ruiz named", "Tell Ana Ruiz what came of naming Cy Dee"} <= open_ones(ws)
    rename(ws, ana, "Ana R.")
    assert {"Write to Cy Dee, whom Ana R. named", "Write to Eve Fir, whom Ana R. named"} <= open_ones(ws)
    ws.interviews.request(ws.interviews.plan(ws.contacts.get(cy.id)))
    rename(ws, cy, "Cyril Dee")
    assert not [one for one in open_ones(ws) if one.startswith("Write to Cy")], "they were written to"
    assert not plan_follow_ups(ws.campaign())


def test_after_a_merge_what_is_open_names_the_one_that_stays(ws: OpenWorkspace) -> None:
    """ "Ask Anna R. once more" would ask for somebody who is no longer there."""
    ana, double = (ws.contacts.add(Contact(name=name)) for name in ("Ana Ruiz", "Anna R."))
    held(ws, double, referrals=("Cy Dee",))
    ws.interviews.request(ws.interviews.plan(double))
    said = open_ones(ws)
    assert "Ask Anna R. once more" in said
    ws.contacts.merge(ana, double)
    assert open_ones(ws) == {one.replace("Anna R.", "Ana Ruiz") for one in said}


def test_an_import_that_corrects_a_name(ws: OpenWorkspace) -> None:
    """An address book with the right name would leave the wrong one in what is due, and applied again be refused."""

    def book(name: str) -> BytesIO:
        first, last = name.split()
        head = "First Name,Last Name,URL,Email Address,Company,Position,Connected On"
        return BytesIO(f"{head}\n{first},{last},https://www.linkedin.com/in/ana,,Oak,Lead,01 Nov 2026\n".encode())

    ws.contacts.apply_import(ws.contacts.plan_import(book("Ana Riuz"), "linkedin"))
    ana = ws.contacts.one(name="Ana Riuz")
    agreed(ws, ana)
    plan = ws.contacts.plan_import(book("Ana Ruiz"), "linkedin")
    ws.contacts.apply_import(plan)
    assert "Prepare for the talk with Ana Ruiz" in open_ones(ws)
    after = ws.contacts.get(ana.id)
    assert after.custom["infoint:names"] == ("Ana Riuz",)
    ws.contacts.apply_import(plan)
    assert ws.contacts.get(ana.id).version == after.version
    assert ws.contacts.plan_import(book("Ana Ruiz"), "linkedin").same == 1


def test_an_apps_own_words_and_the_organization_in_them(clock: Clock) -> None:
    """A rule of an app's that says where somebody works would say it wrongly for good."""
    policy = default_policy()
    rule = evolve(policy.rule(FollowUpKind.PREPARE), summary="Meet {contact} at {organization}", replaces=True)
    with infoint.open("memory:", zone="America/Chicago", clock=clock, policy=policy.with_rules(rule)) as ws:
        ana = ws.contacts.add(Contact(name="Ana Ruiz"))
        agreed(ws, ana)
        assert "Meet Ana Ruiz at" in open_ones(ws)
        rename(ws, ana, "Ana Ruiz", organization="Oak Labs")
        assert "Meet Ana Ruiz at Oak Labs" in open_ones(ws)


def test_the_subject_of_an_exploration_too(ws: OpenWorkspace, ana: Contact) -> None:
    """News of a decision would go out about "UX reserch"."""
    ux = ws.explorations.add(Exploration(subject="UX reserch"))
    talk = ws.interviews.hold(agreed(ws, ana, exploration=ux), at=THEN + timedelta(hours=1))
    ws.interviews.debrief(talk, at=THEN + timedelta(hours=2))
    ux = ws.explorations.decide(ux, Decision(outcome=Outcome.PURSUE, at=ws.now(), evidence=[talk.id]))
    (news,) = ws.follow_ups.find(kind=FollowUpKind.DECISION_NEWS)
    assert "UX reserch" in news.summary
    ws.explorations.update(evolve(ux, subject="UX research"))
    assert ws.follow_ups.get(news.id).summary == news.summary.replace("reserch", "research")


def test_before_there_is_a_profile(url: str) -> None:
    """A name in an address book that was just imported could not be corrected."""
    with infoint.open(url) as ws:
        ana = ws.contacts.add(Contact(name="Ana Riuz"))
        assert rename(ws, ana, "Ana Ruiz").custom == {"infoint:names": ("Ana Riuz",)}


# ── forgetting ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("way", ["update", "transaction", "import", "merge"])
def test_forgotten_by_a_former_name(ws: OpenWorkspace, way: str) -> None:
    """Whoever married would stay in notes, insights and what is due by the name of before, and the report be empty."""
    z = ws.contacts.add(Contact(name="Zebulon Quark", emails=["zeb@quark.example"], phones=["+1 312 555 0199"]))
    dee = ws.contacts.add(
        Contact(name="Dee Dove", notes="Met zebulon  quark <zeb@quark.example>, 312-555-0199. Zebulon is kind.")
    )
    done = held(ws, z, referrals=("Cy Dee",), told="Zebulon Quark hates meetings")
    changes: dict[str, Callable[[], object]] = {
        "update": lambda: rename(ws, z, "Zelda Smith", emails=[], phones=[]),
        "transaction": lambda: ws.run(lambda tx: rename(tx, z, "Zelda Smith", emails=[], phones=[])),
        "import": lambda: ws.contacts.apply_import(
            ImportPlan(changed=((z, evolve(z, name="Zelda Smith", emails=[], phones=[])),))
        ),
        "merge": lambda: rename(
            ws, ws.contacts.merge(ws.contacts.add(Contact(name="Zelda Smith")), z), "Zelda Smith", emails=[]
        ),
    }
    changes[way]()
    zelda = ws.contacts.one(name="Zelda Smith")
    assert "Write to Cy Dee, whom Zelda Smith named" in open_ones(ws)
    report = ws.contacts.erase(zelda)
    assert f"Write to Cy Dee, whom {ERASED} named" in open_ones(ws)
    assert [one.text for one in ws.interviews.get(done.id).insights] == [f"{ERASED} hates meetings"]
    assert ws.contacts.get(dee.id).notes.startswith(f"Met {ERASED} <{ERASED}>")
    assert [key.id for key in report.may_mention] == [dee.id], "Zebulon may be another"
    assert [one.id for one in ws.search("zebulon").items] == [dee.id]
    assert not ws.search("quark").items
    assert "quark" not in ws.calendar().to_bytes().decode().casefold()
    assert "infoint:names" not in repr(list(ws.contacts))


class Unsearchable(MemoryStorage):
    capabilities: ClassVar[Capability] = MemoryStorage.capabilities & ~Capability.SEARCH


def test_nor_where_the_storage_does_not_search(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only storages that search would know of former names."""
    with infoint.open(Unsearchable(), zone="America/Chicago", clock=clock) as ws:
        with ws.engine.opened().session("default") as session:
            monkeypatch.setattr(type(session), "search", Session.search)
        z = ws.contacts.add(Contact(name="Zebulon Quark"))
        agreed(ws, z)
        note = ws.contacts.add(Contact(name="Dee Dove", notes="Zebulon Quark was here"))
        z = rename(ws, z, "Zelda Smith")
        assert "Prepare for the talk with Zelda Smith" in open_ones(ws)
        ws.contacts.erase(z)
        assert ws.contacts.get(note.id).notes == f"{ERASED} was here"
        assert not ws.search("zebulon").items


def test_a_slip_in_the_wrong_record_protects_nobody(ws: OpenWorkspace, ana: Contact) -> None:
    """Because somebody else's record bore her name for a minute, Ana's would stay in every note; or hers be struck with theirs."""
    zoe = rename(ws, rename(ws, ws.contacts.add(Contact(name="Zoe Fir")), ana.name), "Zoe Fir")
    note = ws.contacts.add(Contact(name="Dee Dove", notes="Ask Ana Ruiz, then Zoe Fir"))
    assert zoe.custom["infoint:names"] == ("Ana Ruiz",)
    other = ws.contacts.add(Contact(name="Cy Bark"))
    ws.contacts.erase(rename(ws, rename(ws, other, "Ana Ruiz"), "Cy Bark"))
    assert ws.contacts.get(note.id) == note
    ws.contacts.erase(ana)
    assert ws.contacts.get(note.id).notes == f"Ask {ERASED}, then Zoe Fir"
    assert "Ruiz" not in repr(ws.contacts.get(zoe.id))
    report = ws.contacts.erase(ws.contacts.get(zoe.id))
    assert ws.contacts.get(note.id).notes == f"Ask {ERASED}, then {ERASED}"
    assert report.may_mention == (), "what was struck speaks of nobody"


def test_a_word_that_stood_for_a_name_is_only_pointed_at(ws: OpenWorkspace) -> None:
    """Whoever was noted as "Recruiter" at first would take that word along out of every text."""
    person = rename(ws, ws.contacts.add(Contact(name="Recruiter")), "Zelda Smith")
    note = ws.contacts.add(Contact(name="Dee Dove", notes="Recruiter and Recruiter's lists"))
    assert [key.id for key in ws.contacts.erase(person).may_mention] == [note.id]
    assert ws.contacts.get(note.id) == note


def test_who_was_named_by_a_first_name_goes_from_the_referrals(ws: OpenWorkspace, ana: Contact) -> None:
    """Somebody noted by the one word they were introduced by would stay there, once their full name was known."""
    talk = held(ws, ana, referrals=("Zebulon", "Eve Fir"))
    person = ws.contacts.add(Contact(name="Zebulon", referred_by=ana.id))
    ws.contacts.erase(rename(ws, person, "Zebulon Quark"))
    assert [one.name for one in ws.interviews.get(talk.id).referrals] == ["Eve Fir"]
    assert not ws.search("zebulon").items


def test_names_of_two_letters_are_pointed_at(ws: OpenWorkspace, bo: Contact) -> None:
    """ "Ask Bo" would stay without a word, as whoever is called Li or Bo is called by two letters."""
    notes = [ws.contacts.add(Contact(name="Dee Dove", notes=text)) for text in ("Ask Bo", "Mr Li", "so bold", "bo tree")]
    assert {key.id for key in ws.contacts.erase(bo).may_mention} == {one.id for one in notes[:2]}
