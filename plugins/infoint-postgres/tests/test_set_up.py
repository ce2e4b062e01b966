"""Setting up is the owner's explicit step; apps find it done, or are told whom to ask."""
# ruff: noqa: S608 - the names of schemas in these statements are made here

from collections.abc import Callable, Sequence
from itertools import count
from threading import Barrier
from typing import Any

import pytest

pytest.importorskip("infoint_postgres", reason="infoint-postgres is tested in an environment of its own, with its dependencies")

import psycopg
from attrs import evolve
from infoint_postgres import schema as format_of, setting_up
from infoint_postgres.__main__ import main
from infoint_postgres.storage import PostgresStorage

from infoint.errors import (
    Corrupt,
    FormatTooNew,
    InfointError,
    MigrationRequired,
    NotFound,
    NotOurs,
    ReadOnly,
    Retryable,
    StorageError,
)
from infoint.storage.contract import IndexField, Query
from infoint.testing.storage_case import KIND, MOMENT, WORKSPACE, Background, got, id_of, key_of, put, tombstone, write


def test_apps_role_makes_nothing(server: Any) -> None:
    """A mistyped schema came into being, or the error does not say what to do."""
    name = server.new_schema()
    for create in (True, False):
        with pytest.raises(NotFound, match="set-up"):
            PostgresStorage(server.url(name)).open(create=create)
    with server.admin() as admin:
        assert admin.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [name]).fetchall() == []


def test_owner_sets_up_once(server: Any) -> None:
    """A dry run made something, a second run made something again, or the app's role cannot work with what was made."""
    name = server.new_schema()
    owner = PostgresStorage(server.owner(name))
    steps = owner.set_up(dry_run=True)
    assert len(steps) == 2  # the role is there
    with pytest.raises(NotFound):
        owner.open()
    assert owner.set_up() == steps
    assert owner.set_up() == ()
    app = PostgresStorage(server.url(name))
    app.open()
    put(app, write(1))
    app.close()


def test_owner_may_create_by_opening(server: Any) -> None:
    """`create=True` made nothing where the role may make it, or made something for a reader."""
    name = server.new_schema()
    owner = PostgresStorage(server.owner(name))
    with pytest.raises(NotFound):
        owner.open(create=True, read_only=True)
    owner.open(create=True)
    put(owner, write(1))
    assert got(owner, 1) is not None
    assert owner.check(deep=True) == []
    owner.close()


def test_role_of_apps_is_made_without_any_rights(server: Any) -> None:
    """The role of apps can log in, make roles, or see past row-level security; or who may not make one is not told what to ask for."""
    name = server.new_schema()
    role = f"role_{name}"
    with server.admin() as admin:
        admin.execute(f"CREATE ROLE poor_{name} LOGIN".encode())
        admin.execute(f"GRANT CREATE ON DATABASE postgres TO poor_{name}".encode())
        with pytest.raises(StorageError, match=f"CREATE ROLE {role}"):
            PostgresStorage(server.url(name, f"poor_{name}", role=role)).set_up()
        assert any(role in step for step in PostgresStorage(server.owner(name, role=role)).set_up())
        asked = "SELECT rolcanlogin, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = %s"
        assert admin.execute(asked, [role]).fetchone() == (False,) * 5


def test_who_may_not_set_up_is_told_why(server: Any) -> None:
    """Setting up as the wrong role ended in a native error, or half way."""
    with pytest.raises(StorageError, match="GRANT CREATE"):
        PostgresStorage(server.url(server.new_schema())).set_up()


@pytest.mark.parametrize(
    "statement", ["CREATE TABLE $.extra (a int)", "ALTER TABLE $.record ADD a int", "TRUNCATE $.record", "DROP TABLE $.entry"]
)
def test_app_changes_no_table(server: Any, schema: str, statement: str) -> None:
    """An app's role may change the tables themselves."""
    with psycopg.connect(server.url(schema).split("&schema")[0]) as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(statement.replace("$", schema).encode())


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("UPDATE $.format SET major = 2", FormatTooNew),
        ("UPDATE $.format SET major = 0", MigrationRequired),
        ("UPDATE $.format SET program = 'other'", NotOurs),
        ("DELETE FROM $.format", NotOurs),
        ("ALTER TABLE $.format DROP COLUMN program", NotOurs),
        ("DROP TABLE $.format", NotOurs),
        ("DROP TABLE $.entry", Corrupt),
        ("REVOKE USAGE ON SCHEMA $ FROM infoint_app", ReadOnly),
        ("DROP TABLE $.format, $.entry, $.record, $.workspace", NotFound),
    ],
)
def test_what_is_not_a_storage_of_today_is_refused(
    server: Any, schema: str, statement: str, refusal: type[InfointError]
) -> None:
    """A database of another program, a newer infoint or with a lost table was opened, or the refusal is another."""
    with server.admin() as admin:
        admin.execute(statement.replace("$", schema).encode())
    with pytest.raises(refusal):
        PostgresStorage(server.url(schema)).open(create=True)


def test_tables_of_others_are_left_alone(server: Any) -> None:
    """A schema with a table `record` of another program was set up."""
    name = server.new_schema()
    with server.admin() as admin:
        admin.execute(f"CREATE SCHEMA {name} CREATE TABLE record (a int)".encode())
    with pytest.raises(NotOurs):
        PostgresStorage(server.url(name, "postgres")).set_up()


def test_newer_minor_is_kept(server: Any, schema: str, opened: Callable[..., PostgresStorage]) -> None:
    """What a newer infoint of the same major format has added stops an older one, or is lost by its writes."""
    with server.admin() as admin:
        admin.execute(f"UPDATE {schema}.format SET minor = 9".encode())
        admin.execute(f"ALTER TABLE {schema}.record ADD novelty text DEFAULT 'new'".encode())
    storage = opened()
    put(storage, write(1, name="a"))
    put(storage, write(1, 1, name="b"))
    with server.admin() as admin:
        assert admin.execute(f"SELECT novelty FROM {schema}.record".encode()).fetchall() == [("new",)]


@pytest.fixture
def newer(server: Any, schema: str, opened: Callable[..., PostgresStorage]) -> PostgresStorage:
    """A storage in which a newer minor has given the record 1 a field that is not known here."""
    storage = opened()
    put(storage, write(1, name=("a", "b"), text="oak"), write(2, name="c"))
    with server.admin() as admin:
        admin.execute(f"UPDATE {schema}.format SET minor = 9".encode())
        admin.execute(
            f"""UPDATE {schema}.record SET valued = valued | (1 << 20),
            indexed = (indexed::jsonb || '{{"novelty": ["zyxwvut"]}}')::json WHERE id = '{id_of(1)}'""".encode()
        )
        admin.execute(
            f"INSERT INTO {schema}.entry SELECT workspace_id, kind, 20, '1zyxwvut', id, true FROM {schema}.record WHERE id = '{id_of(1)}'".encode()
        )
    return storage


def of_newer(server: Any, schema: str) -> tuple[Any, ...]:
    """What the tables hold of that field: in the record, as a bit, as entries."""
    asked = (
        f"SELECT indexed->'novelty', valued & (1 << 20), (SELECT array_agg(value) FROM {schema}.entry AS e WHERE e.id = r.id AND field > 12)"
        f" FROM {schema}.record AS r WHERE id = '{id_of(1)}'"
    )
    with server.admin() as admin:
        (row,) = admin.execute(asked.encode()).fetchall()
        return tuple(row)


def test_index_fields_of_a_newer_minor_are_kept(server: Any, schema: str, newer: PostgresStorage) -> None:
    """A save by an older infoint takes from a record what only a newer one finds it by; or the deep check takes that for a fault."""
    there = (["zyxwvut"], 1 << 20, ["1zyxwvut"])
    assert of_newer(server, schema) == there
    assert newer.check(deep=True) == []
    put(newer, write(1, 1, name=("b", "d"), text="elm"))
    put(newer, write(1, 2, email="a@oak.example"), write(3, name="e"))
    assert of_newer(server, schema) == there
    assert newer.check(deep=True) == []
    record = got(newer, 1)
    assert record is not None
    assert dict(record.index) == {IndexField.EMAIL: ("a@oak.example",)}
    with server.admin() as admin:
        (traits,) = admin.execute(f"SELECT traits FROM {schema}.workspace".encode()).fetchone()
        admin.execute(f"UPDATE {schema}.entry SET value = '1else' WHERE field <= 12".encode())
    assert traits[KIND][0] & (1 << 20), "what was saved here lacks the newer field, and the newer infoint does not look for it"
    assert len(newer.check(deep=True)) == 3, "what is known is not compared any more"


@pytest.mark.parametrize("erase", [False, True])
def test_index_fields_of_a_newer_minor_go_with_their_record(
    server: Any, schema: str, newer: PostgresStorage, erase: bool
) -> None:
    """What was deleted or erased can still be found, by a newer infoint, under what it held."""
    if erase:
        newer.erase(WORKSPACE, [key_of(1)], updated_at=MOMENT)
    else:
        put(newer, tombstone(1))
    assert of_newer(server, schema) == (None, 0, None)
    assert newer.check(deep=True) == []
    put(newer, write(1, 2, name="a"))
    assert of_newer(server, schema) == (None, 0, None)
    assert newer.check(deep=True) == []


def test_older_format_is_changed_over_by_its_owner(server: Any, schema: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A newer infoint works with older tables, changes them unasked, lets an app do it, does it twice, or half of it."""
    app, owner = PostgresStorage(server.url(schema)), PostgresStorage(server.owner(schema))
    app.open()
    (record,) = put(app, write(1, name="a"))
    app.close()
    steps = [
        format_of.Step((1, 1), "add a column", ("ALTER TABLE $.record ADD novelty text",)),
        format_of.Step((2, 0), "fill it", ("ALTER TABLE $.record ALTER novelty SET DEFAULT 'x'",)),
    ]
    monkeypatch.setattr(format_of, "STEPS", [*format_of.STEPS, *steps])
    for storage in (app, owner):
        with pytest.raises(MigrationRequired, match="owner"):
            storage.open(create=True)
        assert list(storage.migrate(dry_run=True)) == ["add a column", "fill it"]
    with pytest.raises(StorageError):
        app.migrate()
    broken = format_of.Step((2, 0), "fill it", ("ALTER TABLE $.record ALTER no_such SET DEFAULT 'x'",))
    with monkeypatch.context() as patch:
        patch.setattr(format_of, "STEPS", [*format_of.STEPS[:-1], broken])
        with pytest.raises(StorageError):
            owner.migrate()
    told: list[Any] = []
    assert list(owner.migrate(progress=told.append)) == ["add a column", "fill it"], "half of it was kept"
    assert [(progress.done, progress.total, progress.unit) for progress in told] == [(2, 2, "steps")]
    assert list(owner.migrate()) == []
    app.open()
    assert got(app, 1) == record
    app.close()


# ── several at once ──────────────────────────────────────────────────────────────────────────────
def all_at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What they give, begun together."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        barrier.wait(10)
        return call()

    return [one.result() for one in [Background(lambda call=call: run(call)) for call in calls]]


def dawdling(monkeypatch: pytest.MonkeyPatch, *more: format_of.Step) -> None:
    """Steps that take so long that whoever begins together is at them together."""
    steps = [*format_of.STEPS, *more]
    monkeypatch.setattr(
        format_of, "STEPS", [evolve(step, statements=(*step.statements, "SELECT pg_sleep(0.1)")) for step in steps]
    )


def test_processes_that_begin_together_all_open(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the processes of an app that starts, one makes the place and the others end in an error."""
    dawdling(monkeypatch)
    for _ in range(2):
        name = server.new_schema()
        storages = [PostgresStorage(server.owner(name, role=f"role_{name}")) for _ in range(5)]
        all_at_once(*(lambda storage=storage: storage.open(create=True) for storage in storages))
        for number, storage in enumerate(storages, 1):
            put(storage, write(number))
            assert storage.check(deep=True) == []
            storage.close()


def test_role_may_be_made_by_somebody_else_at_the_same_time(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Places that share the role of apps cannot be made at once."""
    dawdling(monkeypatch)
    names = [server.new_schema() for _ in range(4)]
    owners = [PostgresStorage(server.owner(name, role=f"role_{names[0]}")) for name in names]
    steps = all_at_once(*(owner.set_up for owner in owners))
    assert sum(len(taken) for taken in steps) == 4 * 2 + 1, "schema and tables each, and the role once"
    for owner in owners:
        owner.open()
        owner.close()


@pytest.mark.parametrize("statement", ["ADD novelty text", "ALTER version SET DEFAULT 1"])
def test_one_of_several_changes_over(server: Any, schema: str, monkeypatch: pytest.MonkeyPatch, statement: str) -> None:
    """Of several that migrate together the second takes steps that the first has taken: it ends in an error, or does them twice."""
    dawdling(monkeypatch, format_of.Step((2, 0), "alter it", (f"ALTER TABLE $.record {statement}",)))
    owners = [PostgresStorage(server.owner(schema)) for _ in range(4)]
    taken = all_at_once(*(owner.migrate for owner in owners[:2]), *(owner.set_up for owner in owners[2:]))
    assert sorted(map(list, taken)) == [[], [], [], ["alter it"]]
    for owner in owners:
        owner.open()
        owner.close()


@pytest.mark.parametrize("made", ["role", "schema", "all"])
def test_what_somebody_makes_meanwhile_is_found(server: Any, monkeypatch: pytest.MonkeyPatch, made: str) -> None:
    """Somebody makes it after one has looked and before one begins: the error is another than that of two that wait for each other."""
    name = server.new_schema()
    url = server.owner(name, role=f"role_{name}")
    looked = setting_up._demand_rights

    def make(*given: Any) -> None:
        looked(*given)
        monkeypatch.setattr(setting_up, "_demand_rights", looked)
        if made == "all":
            PostgresStorage(url).set_up()
        with server.admin() as admin:
            if made == "role":
                admin.execute(f"CREATE ROLE role_{name}".encode())
            if made == "schema":
                admin.execute(f"CREATE SCHEMA {name} AUTHORIZATION owner_of_the_tests".encode())

    monkeypatch.setattr(setting_up, "_demand_rights", make)
    storage = PostgresStorage(url)
    assert len(storage.set_up()) == {"role": 2, "schema": 2, "all": 0}[made]
    storage.open()
    storage.close()


@pytest.mark.parametrize("times", [3, 1_000])
def test_lost_race_is_run_again_and_not_for_ever(server: Any, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """A deadlock or the like ends the set-up, or it goes round and round."""
    name = server.new_schema()
    carry_out, attempts = setting_up._carry_out, count(1)

    def carry_out_at_last(*given: Any) -> Sequence[str]:
        if (attempt := next(attempts)) <= times:
            assert attempt < 100, "for ever"
            given[0].script("DO 'BEGIN RAISE SQLSTATE ''40P01''; END'")
        return carry_out(*given)

    monkeypatch.setattr(setting_up, "_carry_out", carry_out_at_last)
    owner = PostgresStorage(server.owner(name))
    if times == 3:
        assert len(owner.set_up()) == 2
    else:
        with pytest.raises(Retryable):
            owner.set_up()


def test_command_sets_up_and_tells(server: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The documented command does nothing, or a failure has the exit code of a success or a traceback."""
    name = server.new_schema()

    def run(*given: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["infoint_postgres", *given])
        code = main()
        said = capsys.readouterr()
        return code, said.out + said.err

    assert run("set-up", server.owner(name), "--dry-run") == run("set-up", server.owner(name), "--dry-run")
    assert run("set-up", server.owner(name))[0] == 0
    assert run("set-up", server.owner(name)) == (0, "nothing to do\n")
    code, said = run("set-up", server.url(server.new_schema()))
    assert (code, "Traceback" in said, "GRANT CREATE" in said) == (1, False, True)
    assert run("index-words", server.owner(name))[0] == 1
    assert run("distribute", server.owner(name))[0] == 1


def test_every_field_has_its_number() -> None:
    """A field of the index that a newer infoint knows has no place in the tables."""
    assert set(format_of.FIELDS) == set(IndexField)
    assert sorted(format_of.FIELDS.values()) == list(range(len(IndexField)))


def test_backup_by_pg_dump_comes_back(server: Any, schema: str, opened: Callable[..., PostgresStorage]) -> None:
    """What the README says about backups does not bring a place back with its rows, policies and rights."""
    import subprocess

    storage = opened()
    put(storage, write(1, text="ana", name="Ana"), write(2))
    put(storage, write(1), workspace="ben")
    tools = server.handle.bin_path
    at = ["-h", str(server.folder), "-U", "postgres"]
    refused = subprocess.run(
        [tools / "pg_dump", "-h", str(server.folder), "-U", "owner_of_the_tests", "-n", schema, "postgres"],
        capture_output=True,
        check=False,
    )
    assert refused.returncode != 0, "the owner's backup would be empty"
    dumped = subprocess.run([tools / "pg_dump", *at, "-Fc", "-n", schema, "postgres"], check=True, capture_output=True)
    with server.admin() as admin:
        admin.execute(f"CREATE DATABASE copy_{schema}".encode())
    subprocess.run([tools / "pg_restore", *at, "-d", f"copy_{schema}"], input=dumped.stdout, check=True, capture_output=True)
    copy = PostgresStorage(server.url(schema).replace("@/postgres", f"@/copy_{schema}"))
    copy.open()
    try:
        assert (got(copy, 1), got(copy, 1, workspace="ben")) == (got(storage, 1), got(storage, 1, workspace="ben"))
        assert copy.check(deep=True) == []
        with copy.session("ana@oak.example") as session:
            assert len(session.query(Query(kind=KIND)).items) == 2
        with server.admin(f"copy_{schema}") as admin:
            forced = "SELECT count(*) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace WHERE nspname = %s AND relforcerowsecurity"
            assert admin.execute(forced, [schema]).fetchone() == (3,)
    finally:
        copy.close()
