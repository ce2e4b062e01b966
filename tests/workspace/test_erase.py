"""Erasing a person: nothing of them is left, in values and in the file, and what the explorer learned stays."""

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from attrs import evolve

import infoint
from infoint import (
    Answer,
    Contact,
    ContactRole,
    Decision,
    Engine,
    Exploration,
    ExternalId,
    FollowUp,
    FollowUpKind,
    FollowUpStatus,
    Insight,
    Interview,
    InterviewStatus,
    MeetingFormat,
    OpenWorkspace,
    Outcome,
    Referral,
    Seniority,
    Topic,
    TouchKind,
    codec,
)
from infoint.errors import Conflict, NotFound, StorageError
from infoint.model import Party, Promise
from infoint.practice import forget, plan_follow_ups
from infoint.practice.naming import ERASED
from infoint.storage import Capability, Erasure, Key, MemoryStorage
from infoint.testing import Clock, sample_campaign

NAME = "Xiomara Canarybird"
SECRETS = (NAME.split()[1], "xiomara@canary.example", "+1 312 555 0147", "linkedin.example/in/xio", "Their own words")


@pytest.fixture
def person(ws: OpenWorkspace) -> Contact:
    return ws.contacts.add(
        Contact(
            name=NAME,
            organization="Oak Labs",
            emails=["xiomara@canary.example"],
            phones=["+1 312 555 0147"],
            links=["https://linkedin.example/in/xio"],
            external_ids=[ExternalId("linkedin", "https://linkedin.example/in/xio")],
            notes="Their own words",
            role=ContactRole.SUPERVISOR,
            seniority=Seniority.SENIOR,
        )
    )


def held(ws: OpenWorkspace, *people: Contact, ux: Exploration | None = None) -> Interview:
    talk = ws.interviews.request(ws.interviews.plan(*people, exploration=ux, notes=f"{NAME} likes tea"))
    talk = ws.interviews.schedule(talk, datetime(2026, 11, 20, 10), format=MeetingFormat.PHONE, place="+1 312 555 0147")
    talk = ws.interviews.hold(talk, at=datetime(2026, 11, 20, 11))
    question = talk.agenda[0].question.id
    return ws.interviews.debrief(
        talk,
        answers=[Answer(question, "Their own words"), Answer(question, "Bo's words", said_by=people[-1].id)],
        insights=[Insight(f"Half of it is writing, says {NAME.upper()}", Topic.TYPICAL_DAY)],
        referrals=["Dee Dove"],
        promises=[Promise("send Xiomara Canarybird the report"), Promise("Their own words", by=Party.THEM)],
        surprises="Their own words",
        at=datetime(2026, 11, 20, 12),
    )


def everything(ws: infoint.Workspace) -> str:
    campaign = ws.campaign()
    facts = (*campaign.contacts, *campaign.explorations, *campaign.interviews, *campaign.follow_ups, *campaign.touches)
    return repr([codec.dump(one) for one in (campaign.profile, *facts)])


def test_nothing_of_a_person_is_left(ws: OpenWorkspace, person: Contact, ana: Contact, ux: Exploration) -> None:
    """Somebody who asked to be forgotten would stand in a note, a summary, an unknown key or a field of an app's."""
    talk = held(ws, person, ux=ux)
    ws.contacts.log_touch(person, TouchKind.EMAIL, note="Their own words")
    ws.contacts.update(
        evolve(ana, notes=f"knows  {NAME.casefold()}, see https://linkedin.example/in/xio.", custom={"app:x": [{"a": NAME}]})
    )
    ws.explorations.decide(
        ux, Decision(outcome=Outcome.PURSUE, at=datetime.now().astimezone(), evidence=[talk.id], because=NAME)
    )
    ws.follow_ups.add(
        FollowUp(
            kind=FollowUpKind.SHARE_ARTICLE,
            due=date(2026, 12, 1),
            contact_id=person.id,
            summary=NAME,
            custom={"app:x": "Their own words"},
        )
    )
    for one in list(ws.follow_ups.find(contact=person, status=FollowUpStatus.OPEN))[:1]:
        ws.follow_ups.waive(one, "Their own words")
    called_off = ws.interviews.schedule(ws.interviews.plan(person), datetime(2026, 12, 9, 9), format=MeetingFormat.VIDEO)
    ws.interviews.cancel(called_off, by=Party.THEM, reason="Their own words")
    assert all(secret in everything(ws) for secret in SECRETS)
    report = ws.contacts.erase(person)
    left = everything(ws)
    assert [secret for secret in (*SECRETS, str(person.id)) if secret.casefold() in left.casefold()] == []
    assert {key.kind for key in report.removed} == {"contact", "touch"}
    assert {"interview", "contact", "exploration", "follow-up"} <= {key.kind for key in report.changed}
    assert any("backup" in place for place in report.remains)
    with pytest.raises(NotFound):
        ws.contacts.get(person.id)


def test_what_the_explorer_learned_stays(ws: OpenWorkspace, person: Contact, ux: Exploration) -> None:
    """A decision would rest on nothing any more, and three talks on two."""
    talk = held(ws, person, ux=ux)
    friend = ws.contacts.add(Contact(name="Dee Dove", referred_by=person.id))
    ws.contacts.erase(person)
    after = ws.interviews.get(talk.id)
    assert (after.status, after.debrief is None, after.notes) == (InterviewStatus.DEBRIEFED, False, "")
    assert [one.text for one in after.insights] == [f"Half of it is writing, says {ERASED}"]
    assert after.debrief == evolve(after.debrief, answers=(), promises=(), surprises="")
    assert after.meeting == evolve(talk.meeting, place="")
    assert [one.name for one in after.referrals] == ["Dee Dove"]
    assert [entry.at for entry in after.history] == [entry.at for entry in talk.history]
    (stand_in,) = ws.campaign().people(after)
    assert (stand_in.name, stand_in.organization, stand_in.do_not_contact) == (ERASED, "", True)
    assert (stand_in.role, stand_in.seniority) == (person.role, person.seniority), "what they said weighs as much"
    assert ws.contacts.get(friend.id).referred_by == stand_in.id, "the tree of referrals keeps its shape"
    assert ws.compare(ux).talks
    assert not list(ws.follow_ups.find(contact=stand_in, status=FollowUpStatus.OPEN)), "nobody is owed anything"


def test_talks_with_others_go_on(ws: OpenWorkspace, person: Contact, bo: Contact) -> None:
    """What others said would go with the one who asked; or a meeting be called off that two still come to."""
    talk = held(ws, person, bo)
    coming = ws.interviews.schedule(
        ws.interviews.plan(person, bo), datetime(2026, 12, 9, 9), format=MeetingFormat.VIDEO, place="room 7"
    )
    ws.contacts.erase(person)
    after = ws.interviews.get(talk.id)
    assert after.debrief is not None
    assert [(one.text, one.said_by) for one in after.debrief.answers] == [("Bo's words", bo.id)]
    assert [one.text for one in after.debrief.promises] == [f"send {ERASED} the report", "Their own words"], (
        "of the others, too"
    )
    again = ws.interviews.get(coming.id)
    assert (again.contact_ids, again.status, again.meeting) == ((bo.id,), InterviewStatus.SCHEDULED, coming.meeting)


def test_calendars_are_told(ws: OpenWorkspace, person: Contact, clock: Clock) -> None:
    """A meeting with somebody who is forgotten would stay in every calendar that has it, with their name."""
    coming = ws.interviews.schedule(
        ws.interviews.plan(person), datetime(2026, 12, 9, 9), format=MeetingFormat.PHONE, place="+1 312 555 0147"
    )
    asked = ws.interviews.request(ws.interviews.plan(person))
    before = {entry.uid: entry for entry in ws.calendar()}
    clock.forward(timedelta(hours=1))
    report = ws.contacts.erase(person)
    after = {entry.uid: entry for entry in ws.calendar()}
    assert after.keys() >= before.keys(), "what calendars were told of is told to be off"
    assert {str(entry.status) for uid, entry in after.items() if uid in before} == {"CANCELLED"}
    assert all(entry.sequence > before[uid].sequence for uid, entry in after.items() if uid in before)
    assert all(entry.last_modified > before[uid].last_modified for uid, entry in after.items() if uid in before)
    text = ws.calendar().to_bytes().decode()
    assert not [secret for secret in SECRETS if secret in text]
    assert ws.interviews.get(coming.id).status is InterviewStatus.CANCELLED
    assert [key.id for key in report.removed if key.kind == "interview"] == [asked.id], "it came to nothing"


def test_referrals_to_a_person_go(ws: OpenWorkspace, ana: Contact) -> None:
    """Whoever was only named would stay named, and the explorer be reminded to write to them."""
    talk = ws.interviews.hold(
        ws.interviews.schedule(ws.interviews.plan(ana), datetime(2026, 11, 20, 10), format=MeetingFormat.VIDEO),
        at=datetime(2026, 11, 20, 11),
    )
    talk = ws.interviews.debrief(talk, referrals=[NAME, "Dee Dove"], at=datetime(2026, 11, 20, 12))
    person = ws.contacts.add(Contact(name=NAME, referred_by=ana.id))
    assert NAME in everything(ws)
    ws.contacts.erase(person)
    assert "canarybird" not in everything(ws).casefold()
    assert [one.name for one in ws.interviews.get(talk.id).referrals] == ["Dee Dove"]
    assert not [one for one in ws.due(on=date(2027, 6, 1)) if "erased" in str(one)]


def test_reports_on_a_person_go(ws: OpenWorkspace, ana: Contact, person: Contact) -> None:
    """Whoever introduced them would still be owed a report on them, by the name they were introduced by."""
    talk = ws.interviews.hold(
        ws.interviews.schedule(
            ws.interviews.plan(ana), datetime(2026, 11, 10, 10), format=MeetingFormat.VIDEO, at=datetime(2026, 11, 9)
        ),
        at=datetime(2026, 11, 10, 11),
    )
    ws.interviews.debrief(talk, referrals=[Referral("Xio Bird", contact_id=person.id)], at=datetime(2026, 11, 10, 12))
    held(ws, person)
    assert "xio bird" in everything(ws).casefold()
    ws.contacts.erase(person)
    assert "xio bird" not in everything(ws).casefold()
    assert "canarybird" not in everything(ws).casefold()


def test_evidence_of_a_decision_stays(ws: OpenWorkspace, person: Contact, ux: Exploration) -> None:
    """A decision would rest on a talk that is not there."""
    talk = ws.interviews.plan(person, exploration=ux)
    ws.explorations.decide(ux, Decision(outcome=Outcome.PURSUE, at=datetime.now().astimezone(), evidence=[talk.id]))
    ws.contacts.erase(person)
    assert ws.conclusion(ws.explorations.get(ux.id)) is not None
    assert ws.interviews.get(talk.id).contact_ids != talk.contact_ids


@pytest.mark.parametrize("number", range(4))
def test_anybody_of_a_campaign_can_be_forgotten(number: int) -> None:
    """Some talk, in some state, would make it impossible, or keep the name; or planning never come to rest afterwards."""
    campaign = sample_campaign(talks=9)
    person, stand_in = campaign.contacts[number], infoint.derive_id("stand-in")
    plan = forget(person, campaign, stand_in_id=stand_in, at=datetime(2027, 1, 1, tzinfo=UTC))
    gone = {one.id for one in plan.removed}
    left = evolve(
        campaign,
        contacts=tuple(one for one in campaign.contacts if one.id not in gone),
        interviews=tuple(one for one in campaign.interviews if one.id not in gone),
    ).including(*(one for one in (plan.stand_in, *plan.changed) if one is not None))
    told = repr(left)
    twins = [one for one in campaign.contacts if one.name == person.name and one.id != person.id]
    assert str(person.id) not in told
    assert person.emails[0] not in told
    assert twins or person.name not in told
    follow_ups = plan_follow_ups(left)
    assert not plan_follow_ups(left.including(*follow_ups.new, *follow_ups.changed))


def test_namesakes_and_parts_of_names(ws: OpenWorkspace, person: Contact) -> None:
    """A namesake would lose their name, or an office its number; or what may speak of the person not be pointed at."""
    twin = ws.contacts.add(Contact(name=NAME, phones=["+1 312 555 0147"], emails=["twin@canary.example"]))
    note = ws.contacts.add(
        Contact(name="Dee Dove", notes="Ask Xiomara. xiomara@canary.example, xiomara@canary.example.org, +1 312 555 0147")
    )
    report = ws.contacts.erase(person)
    assert ws.contacts.get(twin.id) == twin
    expected = f"Ask Xiomara. {ERASED}, {ERASED}.org, +1 312 555 0147"
    assert ws.contacts.get(note.id).notes == expected
    assert {key.id for key in report.may_mention} == {twin.id, note.id}


def test_a_name_of_one_word(ws: OpenWorkspace) -> None:
    """ "mark" would be struck from every sentence; or Mark stay in all of them."""
    mark = ws.contacts.add(Contact(name="Mark"))
    note = ws.contacts.add(Contact(name="Dee Dove", notes="Mark said: leave a mark. Marked."))
    ws.contacts.erase(mark)
    assert ws.contacts.get(note.id).notes == f"{ERASED} said: leave a mark. Marked."


def test_what_cannot_hold_the_words_keeps_its_own(ws: OpenWorkspace, person: Contact) -> None:
    """One link of somebody else's, which begins with the person's, would make erasing impossible."""
    dee = ws.contacts.add(Contact(name="Dee Dove", links=["https://linkedin.example/in/xio/friends"]))
    report = ws.contacts.erase(person)
    assert ws.contacts.get(dee.id).links == dee.links
    assert dee.id in {key.id for key in report.may_mention}


@pytest.mark.parametrize("named", ["kept", "duplicate", "first duplicate"])
def test_who_was_merged_is_erased_by_either_name(ws: OpenWorkspace, named: str) -> None:
    """Erasing the duplicate would report success and erase nothing; or the name the duplicate bore would stay in every note."""
    first = ws.contacts.add(Contact(name="Xio Bird", emails=["xio@home.example"]))
    duplicate = ws.contacts.merge(ws.contacts.add(Contact(name="Canarybird, Xiomara")), first)
    kept = ws.contacts.merge(ws.contacts.add(Contact(name=NAME)), duplicate)
    dee = ws.contacts.add(
        Contact(
            name="Dee Dove", notes=f"Knows {NAME} (Canarybird, Xiomara), that is xio bird. Ask Bird.", custom={"app:x": [NAME]}
        )
    )
    report = ws.contacts.erase({"kept": kept, "duplicate": duplicate, "first duplicate": first}[named])
    assert [key.id for key in report.removed] == [kept.id]
    assert [one.id for one in ws.contacts] == [dee.id]
    assert ws.contacts.get(dee.id).notes == f"Knows {ERASED} ({ERASED}), that is {ERASED}. Ask Bird."
    assert [key.id for key in report.may_mention] == [dee.id]
    assert ws.contacts.erase(duplicate).removed == (Key("contact", duplicate.id),), "and again, for the traces"


class Swept(MemoryStorage):
    keys: Collection[Key] = ()

    def erase(self, workspace: str, keys: Collection[Key], *, updated_at: datetime) -> Erasure:
        self.keys = keys
        return super().erase(workspace, keys, updated_at=updated_at)


def test_traces_of_who_was_merged_go_too() -> None:
    """What the duplicate's record held would stay in older versions of it."""
    with infoint.open(storage := Swept(), zone="America/Chicago") as ws:
        duplicate, kept = (ws.contacts.add(Contact(name=name)) for name in ("Xio Bird", NAME))
        kept = ws.contacts.merge(kept, duplicate)
        kept = ws.contacts.update(evolve(kept, external_ids=[*kept.external_ids, ExternalId("infoint", "no id")]))
        ws.contacts.erase(kept)
    assert {key.id for key in storage.keys} == {kept.id, duplicate.id}


def test_marks_that_are_written_otherwise(ws: OpenWorkspace) -> None:
    """A number without its spaces, a link without its scheme or a postal address would stay, and not even be pointed at."""
    person = ws.contacts.add(
        Contact(
            name=NAME,
            phones=["+1 312 555 0147"],
            addresses=["12 Canal Street, Chicago"],
            links=["https://www.linkedin.example/in/xio/", "https://canary.example"],
        )
    )
    written = "0013125550147; +1 (312) 555-0147; http://linkedin.example/in/xio; www.linkedin.example/in/xio/; LinkedIn.example/in/xio."
    dee = ws.contacts.add(
        Contact(name="Dee Dove", notes=f"{written} 12 canal street,  Chicago. http://www.canary.example/ bo@canary.example")
    )
    local = ws.contacts.add(Contact(name="Cy Dee", notes="(312) 555-0147"))
    other = ws.contacts.add(
        Contact(name="Eve Fir", notes="131255501478, linkedin.example/in/xiomena, uk.linkedin.example/in/xio")
    )
    report = ws.contacts.erase(person)
    expected = "; ".join([ERASED] * 5) + f". {ERASED}. {ERASED} bo@canary.example"
    assert ws.contacts.get(dee.id).notes == expected
    assert ws.contacts.get(other.id) == other
    assert [key.id for key in report.may_mention] == [local.id], "it may be somebody's of another country"


def test_an_offices_number_stays_however_it_is_written(ws: OpenWorkspace) -> None:
    """The number of a whole office, or a page of two, would be struck because one of them writes it otherwise."""
    person = ws.contacts.add(Contact(name=NAME, phones=["+1 312 555 0147"], links=["https://www.oak.example/team"]))
    office = ws.contacts.add(Contact(name="Dee Dove", phones=["+1 (312) 555-0147"], links=["http://oak.example/team/"]))
    note = ws.contacts.add(Contact(name="Cy Dee", notes="+13125550147, oak.example/team"))
    report = ws.contacts.erase(person)
    assert (ws.contacts.get(office.id), ws.contacts.get(note.id)) == (office, note)
    assert {key.id for key in report.may_mention} == {office.id, note.id}


def test_names_that_are_keys(ws: OpenWorkspace, person: Contact) -> None:
    """An app that notes something by people's names would keep them; or two of its notes become one."""
    custom = {"app:votes": {NAME: 1, "xiomara@canary.example": 2, ERASED: 3, "Dee Dove": {NAME: [NAME]}}, f"app:{NAME}": NAME}
    dee = ws.contacts.add(Contact(name="Dee Dove", custom=custom))
    report = ws.contacts.erase(person)
    after = ws.contacts.get(dee.id).custom
    votes = after["app:votes"]
    assert isinstance(votes, Mapping)
    assert "canary" not in repr(votes).casefold()
    assert sorted(repr(one) for one in votes.values() if isinstance(one, int)) == ["1", "2", "3"]
    kept = [key for key in after if key != "app:votes"]
    assert [after[key] for key in kept] == [ERASED]
    assert not any(NAME in key for key in kept) or [key.id for key in report.may_mention] == [dee.id]


def test_stale_and_unknown_people(ws: OpenWorkspace, person: Contact) -> None:
    """Somebody would be erased of whom one has seen an older state, or a slip be taken for done."""
    newer = ws.contacts.update(evolve(person, title="Lead"))
    with pytest.raises(Conflict):
        ws.contacts.erase(person)
    with pytest.raises(NotFound):
        ws.contacts.erase(evolve(person, id=infoint.derive_id("nobody")))
    with pytest.raises(StorageError, match="transaction"), ws.transaction() as tx:
        tx.contacts.erase(newer)
    assert ws.contacts.get(person.id) == newer
    ws.contacts.erase(newer)
    again = ws.contacts.erase(newer)
    assert (again.changed, again.remains != ()) == ((), True), "what was cut short can be done again"


def test_before_there_is_a_profile(url: str) -> None:
    """Who is in an address book that was just imported could be neither forgotten nor merged."""
    with Engine(url) as engine:
        ws = engine.workspace("kim")
        one, other, third = (ws.contacts.add(Contact(name=name)) for name in (NAME, "Dee Dove", "Dee Dove"))
        ws.contacts.update(evolve(other, notes=f"knows {NAME}"))
        ws.contacts.erase(one)
        ws.contacts.merge(third, ws.contacts.get(other.id))
        assert [(left.id, left.notes) for left in ws.contacts] == [(third.id, f"knows {ERASED}")]
        with pytest.raises(NotFound, match="profile"):
            ws.profile()


class Careless(MemoryStorage):
    capabilities: ClassVar[Capability] = MemoryStorage.capabilities & ~Capability.SECURE_ERASE


def test_a_storage_that_promises_nothing_is_named() -> None:
    """Whoever has to answer for it would believe that all is gone."""
    with infoint.open(Careless(), zone="America/Chicago") as ws:
        report = ws.contacts.erase(ws.contacts.add(Contact(name=NAME)))
    assert any("Careless" in place for place in report.remains)


class Chronicle(Careless):
    capabilities: ClassVar[Capability] = Careless.capabilities | Capability.PARTIAL_ERASE

    def erase(self, workspace: str, keys: Collection[Key], *, updated_at: datetime) -> Erasure:
        erasure = super().erase(workspace, keys, updated_at=updated_at)
        return evolve(erasure, remains=("Ana (1).md: a copy made by a sync tool",))


def test_a_storage_that_cannot_erase_all_says_where_the_rest_is() -> None:
    """The report would say "somewhere in its place" where the storage knows the very file."""
    with infoint.open(Chronicle(), zone="America/Chicago") as ws:
        person = ws.contacts.add(Contact(name=NAME))
        report = ws.contacts.erase(person)
        again = ws.contacts.erase(person)
    assert "Ana (1).md: a copy made by a sync tool" in report.remains
    assert not [words for words in report.remains if "Chronicle" in words], "it says so itself"
    assert again.remains == report.remains


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    return tmp_path / "ws.db"


def test_no_byte_is_left_in_the_file(file: Path) -> None:
    """The name would be gone from the app and stay in the file: in free pages, the log, the search index or older versions."""
    with Engine(f"sqlite:{file}") as engine:
        ws = engine.workspace("kim", zone="America/Chicago")
        person = ws.contacts.add(Contact(name=NAME, emails=["xiomara@canary.example"], notes="Their own words " * 400))
        other = ws.contacts.add(Contact(name="Dee Dove", notes=f"knows {NAME}"))
        talk = ws.interviews.plan(person, notes=f"{NAME} likes tea")
        talk = ws.interviews.schedule(talk, datetime(2026, 12, 9, 9), format=MeetingFormat.VIDEO, place="Canarybird room")
        ws.interviews.cancel(talk, by=Party.THEM, reason=NAME)
        ws.contacts.update(evolve(other, notes=f"knows {NAME} well"))
        ws.contacts.erase(ws.contacts.get(person.id))
        held_bytes = b"".join(path.read_bytes() for path in file.parent.iterdir()).lower()
    found = [secret for secret in (b"canarybird", b"xiomara", b"their own words", b"likes tea") if secret in held_bytes]
    assert found == []
