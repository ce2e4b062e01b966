"""What a workspace answers, what it keeps together, and how it is opened."""

from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

import infoint
from infoint import (
    Contact,
    Engine,
    Exploration,
    FollowUpKind,
    Insight,
    InterviewStatus,
    MeetingFormat,
    OpenWorkspace,
    Profile,
    Topic,
    hookimpl,
)
from infoint.calendar import CalendarOptions, FollowUpsAs, IcsWriter, Method, to_ics
from infoint.calendar.contract import CalendarEntry, CalendarHead, WriterRegistrar
from infoint.errors import (
    AlreadyExists,
    CannotWrite,
    Conflict,
    Corrupt,
    FormatTooNew,
    InvalidValue,
    NaiveTime,
    NoProvider,
    NotFound,
    NotOurs,
    PluginError,
    PluginErrors,
    ReadOnly,
    StorageError,
)
from infoint.model import Decision, Outcome, derive_id, time_ordered_id
from infoint.notes import Document, TextRenderer, due_list, letter, prep_sheet
from infoint.practice import Anchor, FollowUpRule, Offset, compare, conclusion, next_steps
from infoint.storage import Write
from infoint.storage.contract import StorageRegistrar
from infoint.testing import Clock
from infoint.workspace.engine import TimeOrderedIds


def test_transaction_keeps_all_or_nothing(ws: OpenWorkspace) -> None:
    """Half of what belongs together would be kept when the other half fails."""
    with pytest.raises(InvalidValue), ws.transaction() as tx:
        tx.interviews.plan(tx.contacts.add(Contact(name="Ana Ruiz")))
        assert len(tx.contacts) == 1
        tx.contacts.add(Contact(name=""))
    assert (len(ws.contacts), len(ws.interviews)) == (0, 0)
    with ws.transaction() as tx:
        for name in ("Ana Ruiz", "Bo Li"):
            tx.interviews.request(tx.interviews.plan(tx.contacts.add(Contact(name=name))))
    assert (len(ws.contacts), len(ws.interviews), len(ws.follow_ups)) == (2, 2, 2)


def test_half_a_step_is_never_kept(ws: OpenWorkspace, ana: Contact, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever passes over a failure inside a transaction would keep half of the step that failed."""
    with pytest.raises(StorageError, match="halfway"), ws.transaction() as tx:
        with monkeypatch.context() as broken:
            broken.setattr("infoint.workspace.unit_of_work.plan_follow_ups", lambda *_, **__: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                tx.contacts.update(evolve(ana, title="UX lead"))
        assert tx.contacts.get(ana.id).title == "UX lead"
    assert ws.contacts.get(ana.id) == ana
    with ws.transaction() as tx:
        with pytest.raises(AlreadyExists):
            tx.contacts.add(ana)
        tx.contacts.add(Contact(name="Bo Li"))
    assert len(ws.contacts) == 2


def test_wrong_arguments_are_our_errors(ws: OpenWorkspace, ana: Contact) -> None:
    """A program that does not check types would meet errors of Python's that name neither place nor remedy."""
    talk = ws.interviews.plan(ana)
    calls: list[tuple[Any, tuple[Any, ...], dict[str, Any]]] = [
        (ws.contacts.add, ("Ana",), {}),
        (ws.contacts.get, ("4711",), {}),
        (ws.contacts.find, (), {"mail": "a@oak.example"}),
        (ws.contacts.find, (), {"name": None}),
        (ws.interviews.schedule, (talk, "2026-12-01"), {"format": MeetingFormat.VIDEO}),
        (ws.interviews.schedule, (talk, datetime(2026, 12, 1)), {"format": "video"}),
        (ws.interviews.record, (talk, "hold"), {}),
        (ws.due, (), {"on": "2026-12-01"}),
        (ws.contacts.page, (), {"limit": 0}),
        (ws.interviews.find, (), {"stattus": "held"}),
        (ws.interviews.find, (), {"status": "planned"}),
        (ws.follow_ups.find, (), {"due_before": "2026-12-01"}),
        (ws.interviews.plan, (ana.id,), {}),
        (ws.due, (), {"within": 7}),
        (ws.set_profile, ("Kim",), {}),
        (ws.calendar, ({},), {}),
        (infoint.open, ("memory:",), {"policy": "strict"}),
        (infoint.open, ("memory:",), {"plugins": infoint}),
        (infoint.open, (7,), {}),
    ]
    for call, given, named in calls:
        with pytest.raises(InvalidValue):
            call(*given, **named)


def test_answers_come_from_one_snapshot(ws: OpenWorkspace, ana: Contact, ux: Exploration) -> None:
    """A campaign would miss what is stored, or an exploration's part hold what is not its own."""
    other = ws.interviews.plan(ana)
    talk = ws.interviews.request(ws.interviews.plan(ana, exploration=ux))
    whole, part = ws.campaign(), ws.campaign(exploration=ux)
    assert {one.id for one in whole.interviews} == {talk.id, other.id}
    assert part.interviews == (talk,)
    assert part.contacts == (ana,)
    assert [one.interview_id for one in part.follow_ups] == [talk.id]


def test_part_keeps_the_chain_of_introductions(ws: OpenWorkspace, ana: Contact, bo: Contact, ux: Exploration) -> None:
    """Two people of one chain would pass for two independent voices."""
    ws.interviews.plan(bo, exploration=ux)
    assert {one.name for one in ws.campaign(exploration=ux).contacts} == {"Ana Ruiz", "Bo Li"}


def test_part_keeps_whoever_said_something(ws: OpenWorkspace, ana: Contact, bo: Contact, ux: Exploration) -> None:
    """A part could not be compared once somebody joined a talk for a minute, or was quoted in it."""
    cy = ws.contacts.add(Contact(name="Cy Dee"))
    talk = ws.interviews.schedule(
        ws.interviews.plan(ana, exploration=ux), datetime(2026, 11, 17, 10), format=MeetingFormat.VIDEO
    )
    ws.interviews.debrief(ws.interviews.hold(talk), insights=[Insight("Meetings", Topic.TYPICAL_DAY, said_by=cy.id)])
    part = ws.campaign(exploration=ux)
    assert {one.name for one in part.contacts} == {"Ana Ruiz", "Cy Dee"}
    assert compare(ux, part).people == (ana, cy)


def test_part_keeps_what_hangs_on_no_single_talk(ws: OpenWorkspace, ana: Contact, bo: Contact, ux: Exploration) -> None:
    """The due list of one exploration left out the monthly updates and the decision's news, or held another exploration's."""
    law = ws.explorations.add(Exploration(subject="Law"))
    for person, exploration in ((ana, ux), (ana, law), (bo, law)):
        talk = ws.interviews.plan(person, exploration=exploration)
        ws.interviews.hold(ws.interviews.schedule(talk, datetime(2026, 11, 16, 8), format=MeetingFormat.VIDEO))
    found = {(one.kind, one.contact_id) for one in ws.campaign(exploration=ux).follow_ups if one.interview_id is None}
    assert found == {(FollowUpKind.UPDATE, ana.id), (FollowUpKind.KEEP_IN_TOUCH, ana.id)}
    anchors = {one.anchor for one in ws.campaign(exploration=ux).follow_ups if one.kind == FollowUpKind.UPDATE}
    assert anchors == {f"exploration:{ux.id}:met"}


def test_what_to_ask_who_opened_doors_and_what_it_rests_on(
    ws: OpenWorkspace, ana: Contact, bo: Contact, ux: Exploration
) -> None:
    """An answer of the workspace would differ from what the pure functions say."""
    talk = ws.interviews.plan(ana, exploration=ux)
    ws.interviews.hold(ws.interviews.schedule(talk, datetime(2026, 11, 16, 8), format=MeetingFormat.VIDEO))
    assert ws.next_steps(ux) == next_steps(ux, ws.campaign())
    assert [edge.contact for edge in ws.referral_tree().dangling()] == [bo]
    assert ws.conclusion(ux) is None
    decided = ws.explorations.decide(ux, Decision(outcome=Outcome.PURSUE, at=ws.now(), evidence=(talk.id,)))
    assert ws.conclusion(decided) == conclusion(decided, ws.campaign())


def test_due_review_compare_render(ws: OpenWorkspace, clock: Clock, ana: Contact, ux: Exploration, tmp_path: Path) -> None:
    """An answer of the workspace would differ from what the pure functions say, or not reach a file."""
    talk = ws.interviews.request(ws.interviews.plan(ana, exploration=ux))
    assert ws.due() == ()
    assert [item.overdue_by for item in ws.due(on=date(2026, 11, 27))] == [2]
    assert [item.overdue_by for item in ws.due(within=timedelta(days=14))] == [-9]
    assert ws.review(talk) == ()
    assert ws.compare(ux).people == ()
    assert str(ws.render(prep_sheet, talk)).startswith("# Talk with Ana Ruiz\n")
    assert str(ws.render(due_list, ws.now().date(), format="text")).startswith("Due on Mon 16 Nov 2026")
    assert ws.render(prep_sheet, talk, format=TextRenderer(width=40)).media_type == "text/plain"
    assert b"Talk with Ana Ruiz" in ws.render(prep_sheet, talk, format="html").content
    assert ws.render(prep_sheet, talk).write_into(tmp_path / "new").exists()
    with pytest.raises(NoProvider, match="eml, html, json, markdown, text"):
        ws.render(prep_sheet, talk, format="parchment")


def test_a_document_is_about_what_its_builder_takes(ws: OpenWorkspace, ana: Contact) -> None:
    """Asking for a letter about a talk would end in a word about an attribute that nobody has heard of."""
    talk = ws.interviews.plan(ana)
    for builder, subject, said in (
        (letter, talk, "letter is about FollowUp, not about Interview"),
        (prep_sheet, ana, "prep_sheet is about Interview, not about Contact"),
    ):
        with pytest.raises(InvalidValue, match=said):
            ws.document(builder, subject)  # type: ignore[type-var]
    plain = Document(name="acme", title="Plain", sections=())
    assert ws.document(lambda subject, campaign: plain, talk) == plain  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(("given", "told"), [(IcsWriter, "the class IcsWriter: call it"), (None, "got NoneType")])
def test_what_is_no_writer_is_said(ws: OpenWorkspace, given: Any, told: str, tmp_path: Path) -> None:
    """Whoever forgets to call the class would read of an argument that is missing somewhere deep inside."""
    export = ws.calendar()
    for use in (export.to_bytes, partial(export.write_into, tmp_path), lambda format: ws.feed(format=format)):
        with pytest.raises(InvalidValue, match=told):
            use(given)


def test_calendar_export(ws: OpenWorkspace, ana: Contact, tmp_path: Path) -> None:
    """A calendar would differ between bytes, chunks and file, be rewritten for nothing, or be lost in a failing write."""
    talk = ws.interviews.plan(ana)
    ws.interviews.schedule(talk, datetime(2026, 12, 1, 10), format=MeetingFormat.VIDEO)
    export = ws.calendar()
    content = export.to_bytes()
    assert b"".join(ws.calendar().chunks(IcsWriter())) == content
    path = tmp_path / "interviews.ics"
    assert export.write(path)
    assert not ws.calendar().write(path)
    assert path.read_bytes() == content
    assert len(ws.calendar(CalendarOptions(follow_ups=FollowUpsAs.NONE))) == 1
    assert len(list(export)) == len(export) == 3
    with pytest.raises(NoProvider, match="ics"):
        export.to_bytes("parchment")
    with pytest.raises(CannotWrite, match="a-file"):
        (tmp_path / "a-file").touch()
        export.write(tmp_path / "a-file" / "interviews.ics")


def test_one_file_for_each_entry(ws: OpenWorkspace, ana: Contact, tmp_path: Path) -> None:
    """A folder that is synchronized would hold several entries in a file, files for nothing new, or lose somebody else's."""
    talk = ws.interviews.plan(ana)
    ws.interviews.schedule(talk, datetime(2026, 12, 1, 10), format=MeetingFormat.VIDEO)
    export = ws.calendar()
    first = export.write_into(tmp_path / "vdir")
    assert len(first.written) == len(export) > 1
    assert (first.unchanged, first.others) == ((), ())
    assert f"{talk.id}.ics" in first.written
    for entry in export:
        content = (tmp_path / "vdir" / f"{entry.uid}.ics").read_bytes()
        assert content == to_ics([entry])
        assert content.count(b"BEGIN:VEVENT") == 1
    (tmp_path / "vdir" / "theirs.ics").write_text("BEGIN:VCALENDAR")
    again = ws.calendar().write_into(tmp_path / "vdir")
    assert (again.written, again.unchanged, again.others) == ((), first.written, ("theirs.ics",))
    assert dict(export.files()) == {name: (tmp_path / "vdir" / name).read_bytes() for name in first.written}
    with pytest.raises(InvalidValue, match="no message"):
        list(export.files(head=CalendarHead(method=Method.PUBLISH, stamp=datetime(2026, 12, 1, tzinfo=UTC))))
    with pytest.raises(NoProvider):
        export.write_into(tmp_path / "vdir", "csv")


def test_profile_and_zone(url: str, clock: Clock) -> None:
    """A workspace would get a second zone silently, or dates be made without knowing whose."""
    with infoint.open(url, clock=clock) as ws:
        ws.contacts.add(Contact(name="Before the profile"))
        with pytest.raises(NotFound, match=r"profile .*zone="):
            ws.due()
        profile = ws.set_profile(Profile(name="Kim", zone="Europe/Madrid"))
        assert ws.set_profile(Profile(name="Kim", zone="Europe/Madrid")) == profile
        moved = ws.set_profile(Profile(name="Kim", zone="Asia/Tokyo"))
        assert (moved.id, moved.version, moved.edited_at) == (profile.id, 2, clock.now)
        assert ws.now().utcoffset() == timedelta(hours=9)
        key = ws.engine.workspace("other", zone="Asia/Tokyo").key
        assert ws.engine.workspace(key, zone="Asia/Tokyo").profile().zone.key == "Asia/Tokyo"
        with pytest.raises(InvalidValue, match=r"Engine\.zone"):
            ws.engine.workspace(key, zone="Europe/Madrid")
        with pytest.raises(InvalidValue, match=r"Profile\.zone"):
            ws.engine.workspace("third", zone="Europe/Madird")


def test_zone_of_the_profile_moves_days(ws: OpenWorkspace, ana: Contact) -> None:
    """After moving house the days would stay the old zone's."""
    ws.interviews.request(ws.interviews.plan(ana), at=datetime(2026, 11, 16, 23))
    (before,) = ws.follow_ups
    ws.set_profile(Profile(zone="Asia/Tokyo"))
    (after,) = ws.follow_ups
    assert (after.id, after.due - before.due, after.revision) == (before.id, timedelta(days=1), before.revision + 1)


def test_mistyped_path_is_an_error(tmp_path: Path) -> None:
    """A cron job with a mistyped path would export an empty calendar and leave an empty database behind."""
    for arguments in ({"read_only": True}, {"create": False}):
        with pytest.raises(NotFound, match=r"nothing\.db"):
            infoint.open(f"sqlite:{tmp_path / 'nothing.db'}", **arguments)
    assert list(tmp_path.iterdir()) == []


def test_read_only_changes_nothing(tmp_path: Path, clock: Clock) -> None:
    """An export would alter the file it reads."""
    url = f"sqlite:{tmp_path / 'ws.db'}"
    with infoint.open(url, zone="Europe/Madrid", clock=clock) as ws:
        ws.contacts.add(Contact(name="Ana Ruiz"))
    before = (tmp_path / "ws.db").read_bytes()
    with infoint.open(url, read_only=True) as ws:
        assert ws.calendar().to_bytes().startswith(b"BEGIN:VCALENDAR")
        with pytest.raises(ReadOnly):
            ws.contacts.add(Contact(name="Bo Li"))
    assert (tmp_path / "ws.db").read_bytes() == before
    (tmp_path / "not.db").write_text("a shopping list, longer than a header of a hundred bytes" * 9)
    with pytest.raises(NotOurs, match=r"not\.db"):
        infoint.open(f"sqlite:{tmp_path / 'not.db'}")


def test_engine_does_nothing_until_asked(tmp_path: Path) -> None:
    """An engine in a settings module would open files, or one that was closed would go on."""
    engine = Engine(f"sqlite:{tmp_path / 'ws.db'}")
    ws = engine.workspace("kim")
    assert list(tmp_path.iterdir()) == []
    ws.set_profile(Profile(zone="Europe/Madrid"))
    assert (tmp_path / "ws.db").exists()
    assert list(engine.workspaces()) == ["kim"]
    engine.close()
    engine.close()
    with pytest.raises(StorageError, match="closed"):
        ws.profile()
    with pytest.raises(NoProvider, match="memory, sqlite"):
        Engine("postgres:x")
    with pytest.raises(InvalidValue, match="workspace"):
        Engine("memory:").workspace("")


def test_two_engines_in_one_process(tmp_path: Path) -> None:
    """Two engines would share a storage, a clock or a plugin."""
    at = [datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)]
    engines = [Engine(f"sqlite:{tmp_path / f'{n}.db'}", clock=lambda moment=moment: moment) for n, moment in enumerate(at)]
    for engine in engines:
        engine.workspace("kim", zone="UTC").contacts.add(Contact(name="Ana Ruiz"))
    assert [engine.workspace("kim").now().year for engine in engines] == [2026, 2027]
    assert [len(engine.workspace("kim").contacts) for engine in engines] == [1, 1]
    for engine in engines:
        engine.close()


def test_workspaces_are_apart(url: str) -> None:
    """One student would see another's people, or their external names meet."""
    with Engine(url) as engine:
        kim, lee = engine.workspace("kim", zone="UTC"), engine.workspace("lee", zone="UTC")
        ana = kim.contacts.add(Contact(name="Ana Ruiz"), external_id="ana")
        assert lee.contacts.add(Contact(name="Another Ana"), external_id="ana").id != ana.id
        with pytest.raises(NotFound):
            lee.contacts.get(ana.id)
        with pytest.raises(NotFound):
            lee.interviews.plan(ana)


def test_threads_share_an_engine(url: str) -> None:
    """Of two clicks at once both would win, or one be lost without a word."""
    with Engine(url) as engine:
        ws = engine.workspace("kim", zone="UTC")
        talks = [ws.interviews.plan(ws.contacts.add(Contact(name=f"Person {n}"))) for n in range(8)]

        def click(n: int) -> str:
            try:
                return str(engine.workspace("kim").interviews.record(talks[n % 8], infoint.events.Requested()).status)
            except Conflict as conflict:
                return conflict.code

        with ThreadPoolExecutor(8) as pool:
            said = list(pool.map(click, range(16)))
        assert sorted(said) == ["conflict"] * 8 + ["requested"] * 8
        assert len(ws.follow_ups) == 8


def test_clock_without_zone_is_refused() -> None:
    """A naive clock would be read in whatever zone the server is in."""
    with pytest.raises(NaiveTime, match=r"Engine\.clock"):
        infoint.open("memory:", clock=lambda: datetime(2026, 1, 1)).contacts.add(Contact(name="Ana Ruiz"))


def test_ids_never_go_back() -> None:
    """Ids made within a millisecond, or by a clock put back, would not stand in the order they were made."""
    make = TimeOrderedIds(lambda n: b"\x01" * n)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    made = [make(at), make(at), make(at - timedelta(days=1)), make(at + timedelta(days=1))]
    assert made == sorted(set(made))
    assert made[0] == time_ordered_id(at, b"\x01" * 10)


def test_ids_come_from_the_engine(clock: Clock) -> None:
    """An app could not say where ids come from."""
    with Engine("memory:", clock=clock, new_id=lambda at: derive_id("mine", at.isoformat())) as engine:
        contact = engine.workspace("kim").contacts.add(Contact(name="Ana Ruiz"))
        assert contact.id == derive_id("mine", clock.now.isoformat())


class Clumsy:
    """A plugin whose every part fails."""

    @hookimpl
    def infoint_calendar_entries(self) -> list[CalendarEntry]:
        raise KeyError("private")

    @hookimpl
    def infoint_register_calendar_writers(self, writers: WriterRegistrar) -> None:
        writers.add("clumsy", ClumsyWriter)

    @hookimpl
    def infoint_register_storages(self, storages: StorageRegistrar) -> None:
        storages.add("clumsy", lambda _: None)  # type: ignore[arg-type,return-value]

    @hookimpl
    def infoint_follow_up_rules(self) -> list[FollowUpRule]:
        return [
            FollowUpRule(
                kind=FollowUpKind("clumsy:x"),
                anchor=Anchor.REQUESTED,
                offset=Offset(),
                during=frozenset({InterviewStatus.REQUESTED}),
                summary="x",
                applies=lambda *_: 1 // 0 == 1,
            )
        ]


class ClumsyWriter:
    """Breaks off halfway."""

    media_type = "text/x-clumsy"
    suffix = ".clumsy"

    def chunks(self, entries: Collection[CalendarEntry], head: CalendarHead) -> Iterator[bytes]:
        yield b"half"
        raise KeyError("private")


def test_a_clumsy_plugin_is_named(clock: Clock, tmp_path: Path) -> None:
    """A plugin's failure would come out raw, name nobody, tell private words, or take the whole export with it."""
    with infoint.open("memory:", zone="UTC", clock=clock, plugins=[Clumsy()]) as ws:
        with pytest.raises(PluginErrors, match=r"infoint_calendar_entries failed in .*Clumsy.*skip"):
            ws.calendar()
        talk = ws.interviews.plan(ws.contacts.add(Contact(name="Ana Ruiz")))
        with pytest.raises(PluginError, match=r"clumsy.*clumsy:x raised ZeroDivisionError"):
            ws.interviews.request(talk)
        assert ws.interviews.get(talk.id) == talk
    with infoint.open("memory:", zone="UTC", clock=clock, plugins=[Clumsy()], on_plugin_error="skip") as ws:
        assert len(ws.calendar()) == 0
        assert [failure.name.rpartition(".")[2] for failure in ws.engine.plugins.failures] == ["Clumsy"]
        with pytest.raises(PluginError, match="calendar writer 'clumsy' raised KeyError") as raised:
            ws.calendar().write(tmp_path / "x.clumsy", "clumsy")
        assert "private" not in str(raised.value)
        assert list(tmp_path.iterdir()) == []
        with pytest.raises(KeyError):
            ws.calendar().to_bytes(ClumsyWriter())
    with pytest.raises(PluginError, match="not a Storage"):
        Engine("clumsy:", plugins=[Clumsy()])


def test_a_record_that_cannot_be_read_says_where(ws: OpenWorkspace, ana: Contact) -> None:
    """One bad record among thousands would have to be looked for by hand."""
    wrong = Write(kind="contact", id=ana.id, expect=None, updated_at=ws.now(), schema=(1, 0), data={"name": 3}, index={})
    with ws._sessions.writing() as unit:
        unit._session.put_many([wrong])
    with pytest.raises(Corrupt, match=rf"contact {ana.id}: Contact\.name"):
        ws.contacts.get(ana.id)
    with ws._sessions.writing() as unit:
        unit._session.put_many([evolve(wrong, schema=(2, 0))])
    with pytest.raises(FormatTooNew, match=str(ana.id)):
        ws.contacts.get(ana.id)


def test_custom_and_unknown_survive(ws: OpenWorkspace, ana: Contact) -> None:
    """What a plugin or a newer infoint wrote would be lost with the next edit."""
    with ws._sessions.writing() as unit:
        unit.save(evolve(ana, extra={"pronouns": "she"}, custom={"acme:x": [1, {"a": None}]}))
    loaded = ws.contacts.get(ana.id)
    edited = ws.contacts.update(evolve(loaded, title="Lead"))
    assert ws.contacts.get(ana.id).extra == {"pronouns": "she"}
    assert edited.custom == {"acme:x": (1, {"a": None})}
