"""Address books into a workspace: planned, looked at, applied in one commit, and again."""

import io
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from attrs import evolve

import infoint
from infoint import Contact, ExternalId, FollowUp, FollowUpStatus, OpenWorkspace, derive_id, hookimpl
from infoint.errors import (
    AlreadyExists,
    Conflict,
    ImportRejected,
    InfointError,
    InvalidValue,
    NoProvider,
    NotFound,
    PluginError,
    StorageError,
)
from infoint.people import ImportPlan, LinkedInReader, Rejected
from infoint.people.contract import ReaderRegistrar, Row
from infoint.testing import Clock

FILE = """Notes:
"Some addresses are missing."

First Name,Last Name,URL,Email Address,Company,Position,Connected On
Ana,Ruiz,https://www.linkedin.com/in/ana-ruiz-example,ana@oak.example,Oak Labs,Researcher,05 Mar 2024
Bo,Li,https://www.linkedin.com/in/bo-li-example,,Pine Works,,06 Mar 2024
,,,,,,07 Mar 2024
明,王,,,Elm,,08 Mar 2024
"""
ANA = ExternalId("linkedin", "https://www.linkedin.com/in/ana-ruiz-example")


def planned(ws: infoint.Workspace, text: str = FILE) -> ImportPlan:
    return ws.contacts.plan_import(io.BytesIO(text.encode()), "linkedin")


def imported(ws: infoint.Workspace, text: str = FILE) -> ImportPlan:
    return ws.contacts.apply_import(planned(ws, text))


def versions(ws: infoint.Workspace) -> dict[str, int]:
    return {one.name: one.version for one in ws.contacts}


# ── the main way ─────────────────────────────────────────────────────────────────────────────────
def test_a_file_comes_in(ws: OpenWorkspace, tmp_path: Path) -> None:
    """The first thing a newcomer does would not work."""
    path = tmp_path / "Connections.csv"
    path.write_text(FILE, encoding="utf-8-sig")
    told: list[int] = []
    plan = ws.contacts.plan_import(path, format="linkedin", progress=told.append)
    assert len(ws.contacts) == 0
    assert str(plan) == "3 new, 0 changed, 0 the same, 0 doubtful, 1 rejected"
    assert plan.rejected == (Rejected(7, "First Name: is empty, and so is the other part of the name"),)
    assert told == [1, 2, 3, 4]
    applied = ws.contacts.apply_import(plan)
    assert str(applied) == str(plan)
    assert list(ws.contacts.find()) == sorted(applied.new, key=lambda one: one.name)
    assert {one.version for one in applied.new} == {1}
    ana = ws.contacts.one(external_id=ANA)
    assert (ana.name, ana.organization, ana.edited_at) == ("Ana Ruiz", "Oak Labs", None)
    assert ws.contacts.plan_import(str(path), "linkedin") == ImportPlan(same=3, rejected=plan.rejected)


def test_the_same_file_twice_changes_nothing(ws: OpenWorkspace) -> None:
    """Every import would touch everybody, and every calendar would be sent anew."""
    imported(ws)
    before = versions(ws)
    again = imported(ws)
    assert (again.new, again.changed, again.doubtful, again.same) == ((), (), (), 3)
    assert versions(ws) == before


def test_a_newer_export_changes_just_what_is_new(ws: OpenWorkspace, clock: Clock) -> None:
    """A new employer would not come in, or take the explorer's own words with it."""
    imported(ws)
    ana = ws.contacts.one(external_id=ANA)
    ana = ws.contacts.update(evolve(ana, notes="Ask about field work", title="Lead researcher", rapport=2))
    clock.now += timedelta(days=1)
    plan = imported(ws, FILE.replace("Oak Labs", "Ash Labs"))
    assert str(plan) == "0 new, 1 changed, 2 the same, 0 doubtful, 1 rejected"
    ((before, now),) = plan.changed
    assert before == ana
    assert now == ws.contacts.get(ana.id)
    assert (now.organization, now.title, now.notes, now.rapport) == ("Ash Labs", "Lead researcher", "Ask about field work", 2)
    assert now.edited_at == clock.now
    assert now.version == ana.version + 1
    assert versions(ws)["Bo Li"] == 1


def test_two_runs_from_nothing_give_the_same(clock: Clock) -> None:
    """What is written from a campaign would differ from run to run."""
    runs = []
    for _ in range(2):
        with infoint.open("memory:", zone="UTC", clock=clock) as ws:
            imported(ws)
            runs.append(sorted(ws.contacts, key=lambda one: one.id))
    assert runs[0] == runs[1]
    assert derive_id("default", "contact", ANA.system, ANA.value) in {one.id for one in runs[0]}


def test_doubtful_people_come_in_unless_taken_out(ws: OpenWorkspace) -> None:
    """A namesake would be lost, or forced upon the explorer."""
    mine = ws.contacts.add(Contact(name="Bo Li"))
    plan = planned(ws)
    assert [(read.name, stored.id) for read, stored, _ in plan.doubtful] == [("Bo Li", mine.id)]
    assert len(ws.contacts.apply_import(evolve(plan, new=(), doubtful=())).new) == 0
    assert len(ws.contacts) == 1
    applied = ws.contacts.apply_import(plan)
    assert applied.doubtful[0][0].version == 1
    assert len(list(ws.contacts.find(name="Bo Li"))) == 2
    assert planned(ws).same == 3


def test_a_doubt_can_be_settled_by_hand(ws: OpenWorkspace) -> None:
    """Whoever knows that two are one person could not say so."""
    mine = ws.contacts.add(Contact(name="Bo Li", notes="met"))
    plan = planned(ws)
    ((read, stored, _),) = plan.doubtful
    one = evolve(stored, external_ids=read.external_ids)
    ws.contacts.apply_import(evolve(plan, doubtful=(), changed=((stored, one),)))
    assert ws.contacts.get(mine.id).external_ids == read.external_ids
    again = imported(ws)
    assert (len(again.changed), again.doubtful) == (1, ())
    bo = ws.contacts.one(name="Bo Li")
    assert (bo.id, bo.notes, bo.organization) == (mine.id, "met", "Pine Works")


def test_whoever_was_removed_comes_back(ws: OpenWorkspace) -> None:
    """The id of somebody removed is taken for ever: the import would fail."""
    imported(ws)
    ana = ws.contacts.one(external_id=ANA)
    ws.contacts.remove(ana)
    plan = imported(ws)
    assert [one.name for one in plan.new] == ["Ana Ruiz"]
    assert ws.contacts.get(ana.id).organization == "Oak Labs"


def test_follow_ups_are_planned_again(ws: OpenWorkspace) -> None:
    """What is owed to somebody who wants no more letters would stay open until something else changes."""
    imported(ws)
    ana = ws.contacts.one(external_id=ANA)
    ws.interviews.request(ws.interviews.plan(ana))
    assert list(ws.follow_ups.find(contact=ana, status=FollowUpStatus.OPEN))

    class Wishes:
        def read(self, source: BinaryIO) -> Iterator[Row]:
            yield Contact(name="Ana Ruiz", external_ids=(ANA,), do_not_contact=True)

    ws.contacts.apply_import(ws.contacts.plan_import(io.BytesIO(), Wishes()))
    assert not list(ws.follow_ups.find(contact=ana, status=FollowUpStatus.OPEN))


# ── applied late, twice, or in company ───────────────────────────────────────────────────────────
def test_applying_a_plan_twice_is_doing_it_once(ws: OpenWorkspace) -> None:
    """A double click would be an error, or bring everybody twice."""
    plan = planned(ws)
    first = ws.contacts.apply_import(plan)
    assert ws.contacts.apply_import(plan) == first
    plan = planned(ws, FILE.replace("Oak Labs", "Ash Labs"))
    assert ws.contacts.apply_import(plan) == ws.contacts.apply_import(plan)
    assert versions(ws) == {"Ana Ruiz": 2, "Bo Li": 1, "明 王": 1}


def change(ws: OpenWorkspace) -> None:
    ws.contacts.update(evolve(ws.contacts.one(external_id=ANA), notes="met"))


def remove(ws: OpenWorkspace) -> None:
    ws.contacts.remove(ws.contacts.one(external_id=ANA))


@pytest.mark.parametrize("meanwhile", [change, remove])
def test_a_stale_plan_writes_nothing(ws: OpenWorkspace, meanwhile: Any) -> None:
    """What the explorer did between looking and applying would be overwritten."""
    imported(ws)
    plan = planned(ws, FILE.replace("Oak Labs", "Ash Labs") + "Cy,Doe,,,,,\n")
    meanwhile(ws)
    before = list(ws.contacts)
    with pytest.raises(Conflict) as caught:
        ws.contacts.apply_import(plan)
    assert (caught.value.expected, caught.value.actual) == (1, 2 if meanwhile is change else 0)
    assert list(ws.contacts) == before


@pytest.mark.parametrize(
    "mine", [Contact(name="Ana", emails=["Ana@Oak.example"]), Contact(name="Ana", external_ids=(ANA,))], ids=["e-mail", "id"]
)
def test_somebody_added_meanwhile_is_not_doubled(ws: OpenWorkspace, mine: Contact) -> None:
    """One person would be there twice, and `one(external_id=…)` fail for ever."""
    plan = planned(ws)
    ana = ws.contacts.add(mine)
    with pytest.raises(AlreadyExists) as caught:
        ws.contacts.apply_import(plan)
    assert caught.value.id == ana.id
    assert list(ws.contacts) == [ana]


def test_a_new_contact_edited_since_is_not_overwritten(ws: OpenWorkspace) -> None:
    """Applying an old plan again would undo the explorer's edits, or hide that it did nothing."""
    plan = planned(ws)
    ws.contacts.apply_import(plan)
    change(ws)
    with pytest.raises(AlreadyExists):
        ws.contacts.apply_import(plan)


def test_an_id_taken_by_another_meanwhile(ws: OpenWorkspace) -> None:
    """A changed contact would take an id that is somebody else's."""
    ws.contacts.add(Contact(name="Ana", emails=["ana@oak.example"]))
    plan = planned(ws)
    assert len(plan.changed) == 1
    ws.contacts.add(Contact(name="Ana's double", external_ids=(ANA,)))
    with pytest.raises(AlreadyExists):
        ws.contacts.apply_import(plan)


def test_as_part_of_a_transaction(ws: OpenWorkspace) -> None:
    """Somebody who imports and plans talks in one step would have half of it after an error."""
    with pytest.raises(KeyError), ws.transaction() as tx:
        imported(tx)
        assert tx.contacts.one(external_id=ANA).name == "Ana Ruiz"
        assert planned(tx).same == 3
        raise KeyError
    assert len(ws.contacts) == 0
    with ws.transaction() as tx:
        imported(tx)
        imported(tx, FILE.replace("Oak Labs", "Ash Labs"))
    assert ws.contacts.one(external_id=ANA).organization == "Ash Labs"


def test_a_refused_import_does_not_spoil_its_transaction(ws: OpenWorkspace) -> None:
    """Whoever catches the Conflict and plans again could not commit."""
    imported(ws)
    plan = planned(ws, FILE.replace("Oak Labs", "Ash Labs"))
    change(ws)
    with ws.transaction() as tx:
        with pytest.raises(Conflict):
            tx.contacts.apply_import(plan)
        imported(tx, FILE.replace("Oak Labs", "Ash Labs"))
    ana = ws.contacts.one(external_id=ANA)
    assert (ana.organization, ana.notes) == ("Ash Labs", "met")


def test_a_workspace_without_a_profile_can_import(url: str) -> None:
    """An app that asks for the zone later would have to ask before."""
    with infoint.open(url) as ws:
        assert len(imported(ws).new) == 3


def test_contacts_of_ones_own_in_a_plan(ws: OpenWorkspace) -> None:
    """A plan put together by hand would make contacts without identity, or point at nobody."""
    read = Contact(name="Ana Ruiz", external_ids=(ANA,))
    assert ws.contacts.apply_import(ImportPlan(new=(read,))).new[0].id == derive_id("default", "contact", ANA.system, ANA.value)
    with pytest.raises(NotFound):
        ws.contacts.apply_import(ImportPlan(new=(Contact(name="Bo", referred_by=derive_id("nobody")),)))
    bo = ws.contacts.add(Contact(name="Bo"))
    with pytest.raises(InvalidValue, match=r"ImportPlan\.changed: pairs a contact"):
        ws.contacts.apply_import(ImportPlan(changed=((bo, evolve(bo, id=derive_id("another"))),)))
    ws.contacts.remove(bo)
    with pytest.raises(InfointError):
        ws.contacts.apply_import(ImportPlan(new=(Contact(name="Cy", notes="1"), Contact(name="Cy", notes="1"))))
    assert [one.name for one in ws.contacts] == ["Ana Ruiz"]


@pytest.mark.parametrize("plan", [None, "plan", (Contact(name="Ana"),)])
def test_what_is_no_plan(ws: OpenWorkspace, plan: Any) -> None:
    """A slip would come out as an AttributeError."""
    with pytest.raises(InvalidValue, match=r"Contacts\.plan: needs an ImportPlan"):
        ws.contacts.apply_import(plan)


# ── what cannot be read ──────────────────────────────────────────────────────────────────────────
def test_sources_that_are_not_there(ws: OpenWorkspace, tmp_path: Path) -> None:
    """A mistyped path would come out as an error of Python's, or import nobody."""
    with pytest.raises(NotFound, match=r"no file .*Conections\.csv"):
        ws.contacts.plan_import(tmp_path / "Conections.csv", "linkedin")
    with pytest.raises(ImportRejected, match="directory"):
        ws.contacts.plan_import(tmp_path, "linkedin")
    with pytest.raises(InvalidValue, match="is no path"):
        ws.contacts.plan_import("a\0b", "linkedin")


@pytest.mark.parametrize(
    ("source", "match"),
    [
        (b"Connections.csv", "needs a path or a binary stream, got bytes"),
        (None, "got NoneType"),
        (io.StringIO(FILE), 'mode "rb"'),
    ],
)
def test_sources_that_are_none(ws: OpenWorkspace, source: Any, match: str) -> None:
    """A slip would come out as an error from deep inside."""
    with pytest.raises(InvalidValue, match=match):
        ws.contacts.plan_import(source, "linkedin")


def test_a_stream_of_the_callers_stays_open(ws: OpenWorkspace) -> None:
    """A web app could not look at its upload again."""
    stream = io.BytesIO(FILE.encode())
    ws.contacts.plan_import(stream, "linkedin")
    assert not stream.closed


def test_an_error_in_progress_comes_out(ws: OpenWorkspace) -> None:
    """A cancelled import could not end; or the reader would be blamed."""

    def cancel(count: int) -> None:
        raise TimeoutError(count)

    with pytest.raises(TimeoutError, match="1"):
        ws.contacts.plan_import(io.BytesIO(FILE.encode()), "linkedin", progress=cancel)
    with pytest.raises(InvalidValue, match="takes a function, got int"):
        ws.contacts.plan_import(io.BytesIO(FILE.encode()), "linkedin", progress=5)  # type: ignore[arg-type]  # the mistake under test


# ── readers of others ────────────────────────────────────────────────────────────────────────────
class Names:
    """A name a line: the simplest reader there is."""

    def read(self, source: BinaryIO) -> Iterator[Row]:
        for number, line in enumerate(source, 1):
            name = line.decode().strip()
            if name == "boom":
                raise ZeroDivisionError
            yield Contact(name=name, external_ids=(ExternalId("names", name),)) if name else Rejected(number, "is empty")


class Plugin:
    """Offers readers, good and bad."""

    @hookimpl
    def infoint_register_contact_readers(self, readers: ReaderRegistrar) -> None:
        readers.add("names", Names)
        readers.add("none", object)  # type: ignore[arg-type]  # a plugin's mistake

    def __repr__(self) -> str:
        return "Plugin()"


@pytest.fixture
def plugged(clock: Clock) -> Iterator[OpenWorkspace]:
    with infoint.open("memory:", zone="UTC", clock=clock, plugins=[Plugin()]) as workspace:
        yield workspace


def test_a_plugins_reader_is_used_by_name(plugged: OpenWorkspace) -> None:
    """Nobody could add a format."""
    plan = plugged.contacts.plan_import(io.BytesIO("Zoë\n\nBo\n".encode()), "names")
    assert ([one.name for one in plan.new], plan.rejected) == (["Zoë", "Bo"], (Rejected(2, "is empty"),))


def test_a_plugins_reader_that_fails_is_named(plugged: OpenWorkspace) -> None:
    """Nobody would know whose mistake it is."""
    with pytest.raises(PluginError, match="its contact reader 'names' raised ZeroDivisionError"):
        plugged.contacts.plan_import(io.BytesIO(b"Ana\nboom\n"), "names")
    with pytest.raises(PluginError, match="its contact reader 'none' is a object, which cannot read"):
        plugged.contacts.plan_import(io.BytesIO(b""), "none")


def test_a_reader_of_ones_own(ws: OpenWorkspace) -> None:
    """A script would need a plugin to read its own format; and its own mistakes would hide behind ours."""
    assert len(ws.contacts.plan_import(io.BytesIO(b"Ana\n"), Names()).new) == 1
    with pytest.raises(ZeroDivisionError):
        ws.contacts.plan_import(io.BytesIO(b"boom\n"), Names())
    imported(ws)
    assert ws.contacts.plan_import(io.BytesIO(FILE.encode()), LinkedInReader()).same == 3


def test_formats_there_are_not(ws: OpenWorkspace) -> None:
    """A mistyped format would not say which there are."""
    with pytest.raises(NoProvider, match="no contact reader named 'linkdin'; there are: linkedin"):
        ws.contacts.plan_import(io.BytesIO(b""), "linkdin")
    with pytest.raises(InvalidValue, match="needs the name of a format or a ContactReader, got type"):
        ws.contacts.plan_import(io.BytesIO(b""), dict)  # type: ignore[arg-type]  # the mistake under test


# ── size ─────────────────────────────────────────────────────────────────────────────────────────
def test_many_people_in_one_commit(url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The campaign would be read for each row: a network of thousands would take hours."""
    rows = "".join(f"N{number},Doe,https://l.example/in/{number},,Oak,,05 Mar 2024\n" for number in range(1_200))
    with infoint.open(url, zone="UTC", clock=clock) as ws:
        calls = {"campaign": 0, "put": 0}
        unit = sys.modules["infoint.workspace.unit_of_work"].UnitOfWork
        campaign, save = unit.campaign, unit.save

        def counted_campaign(self: Any) -> Any:
            calls["campaign"] += 1
            return campaign(self)

        def counted_save(self: Any, *entities: Any) -> Any:
            calls["put"] += bool(entities)
            return save(self, *entities)

        monkeypatch.setattr(unit, "campaign", counted_campaign)
        monkeypatch.setattr(unit, "save", counted_save)
        assert len(imported(ws, FILE + rows).new) == 1_203
        assert calls == {"campaign": 1, "put": 1}


def test_a_full_storage_keeps_nothing(ws: OpenWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half an address book would be there, and no error say which half."""
    plan = planned(ws)
    unit = sys.modules["infoint.workspace.unit_of_work"].UnitOfWork

    def fail(self: Any, *, before: object) -> None:
        raise StorageError("no room")

    monkeypatch.setattr(unit, "plan_follow_ups", fail)
    with pytest.raises(StorageError):
        ws.contacts.apply_import(plan)
    monkeypatch.undo()
    assert (len(ws.contacts), list(ws.follow_ups.find())) == (0, list[FollowUp]())
    assert len(ws.contacts.apply_import(plan).new) == 3
