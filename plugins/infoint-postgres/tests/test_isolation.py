"""Workspaces are apart by the tables' own rules, whatever a statement forgets; and keys fit a cluster that is spread by the workspace."""
# ruff: noqa: S608 - the names of schemas in these statements are made here

import random
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

pytest.importorskip("infoint_postgres", reason="infoint-postgres is tested in an environment of its own, with its dependencies")

import psycopg
from attrs import evolve
from infoint_postgres import wire
from infoint_postgres.schema import TABLES
from infoint_postgres.storage import PostgresStorage

from infoint.errors import StorageError
from infoint.storage.contract import Condition, IndexField, Op, Query, Record, Session, Storage, Write
from infoint.storage.memory import MemoryStorage
from infoint.testing.storage_case import id_of, key_of, put, tombstone, write

Opened = Callable[..., PostgresStorage]


@pytest.fixture
def two(opened: Opened) -> PostgresStorage:
    """Two workspaces with a record each."""
    storage = opened()
    put(storage, write(1, text="ana", name="Ana"), workspace="ana")
    put(storage, write(1, text="ben", name="Ben"), workspace="ben")
    return storage


@pytest.fixture
def app(server: Any, schema: str, two: PostgresStorage) -> Iterator["psycopg.Connection[Any]"]:
    """A connection of the app's role, in no workspace."""
    with psycopg.connect(server.url(schema).split("&schema")[0], autocommit=True) as connection:
        connection.execute(f"SET search_path = {schema}".encode())
        yield connection


# ── the rules of the tables ──────────────────────────────────────────────────────────────────────
def test_every_key_is_led_by_the_workspace(server: Any, schema: str) -> None:
    """A primary key, a unique index or a reference that a cluster spread by the workspace would refuse."""
    keys = (
        "SELECT c.relname, i.indexrelid::regclass::text, (SELECT attname FROM pg_attribute WHERE attrelid = c.oid AND attnum = i.indkey[0])"
        " FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace"
        " WHERE n.nspname = %s AND i.indisunique AND c.relkind = 'r'"
    )
    references = (
        "SELECT c.conname, (SELECT attname FROM pg_attribute WHERE attrelid = c.conrelid AND attnum = c.conkey[1]),"
        " (SELECT attname FROM pg_attribute WHERE attrelid = c.confrelid AND attnum = c.confkey[1])"
        " FROM pg_constraint AS c JOIN pg_namespace AS n ON n.oid = c.connamespace WHERE n.nspname = %s AND c.contype = 'f'"
    )
    with server.admin() as admin:
        found = admin.execute(keys, [schema]).fetchall()
        assert {table for table, _, _ in found} == set(TABLES)
        assert {first for _, _, first in found} == {"workspace_id"}
        found = admin.execute(references, [schema]).fetchall()
        assert len(found) == 2
        assert {name for _, *names in found for name in names} == {"workspace_id"}


def test_nothing_in_the_schema_keeps_a_cluster_away(server: Any, schema: str) -> None:
    """A sequence, a trigger, a function, or a lock that knows one server only."""
    with server.admin() as admin:
        kinds = admin.execute(
            "SELECT DISTINCT relkind FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace WHERE nspname = %s",
            [schema],
        ).fetchall()
        assert {kind for (kind,) in kinds} == {b"r", b"i"} or {kind for (kind,) in kinds} == {"r", "i"}
        triggers = (
            "SELECT tgname FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = tgrelid JOIN pg_namespace AS n ON n.oid = relnamespace"
            " WHERE nspname = %s AND NOT tgisinternal"
        )
        assert admin.execute(triggers, [schema]).fetchall() == []
        functions = "SELECT proname FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = pronamespace WHERE nspname = %s"
        assert admin.execute(functions, [schema]).fetchall() == []
    source = "".join(file.read_text() for file in __import__("pathlib").Path(wire.__file__).parent.glob("*.py"))
    assert not re.search(r"pg_(try_)?advisory|nextval|CREATE TRIGGER|set_config\(", source)


def test_row_level_security_is_forced(server: Any, schema: str, two: PostgresStorage) -> None:
    """The owner of the tables, or whoever takes its role, sees every workspace."""
    forced = (
        "SELECT relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace"
        " WHERE nspname = %s AND relrowsecurity AND relforcerowsecurity ORDER BY 1"
    )
    with server.admin() as admin:
        assert [name for (name,) in admin.execute(forced, [schema]).fetchall()] == sorted(TABLES)
    with psycopg.connect(server.owner(schema).split("&schema")[0]) as owner:
        assert owner.execute(f"SELECT count(*) FROM {schema}.record".encode()).fetchone() == (0,)


def test_what_row_level_security_lacks_is_found(server: Any, schema: str, opened: Opened) -> None:
    """check() passes over a table without row-level security, or a role that it does not hold."""
    storage = opened()
    assert storage.check() == []
    with server.admin() as admin:
        admin.execute(f"ALTER TABLE {schema}.record NO FORCE ROW LEVEL SECURITY".encode())
        admin.execute(f"DROP POLICY mine ON {schema}.entry".encode())
    entry, record = sorted(storage.check())
    assert entry == "table entry: its policy mine is missing"
    assert record.startswith("table record: row-level security is not forced; as the owner: ALTER TABLE ")
    (first, *_) = opened(user="postgres").check()
    assert "postgres is not held to row-level security" in first


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("CREATE POLICY everybody ON $.record USING (true)", "table record: the policy everybody is somebody else's"),
        ("CREATE POLICY mine_too ON $.entry FOR SELECT TO infoint_app USING (kind = 'note')", "table entry: the policy mine_too is"),
        ("CREATE POLICY strict ON $.entry AS RESTRICTIVE USING (false)", "table entry: the policy strict is"),
        ("DROP POLICY mine ON $.workspace", "table workspace: its policy mine is missing"),
        ("DROP POLICY listed ON $.workspace", "table workspace: its policy listed is missing"),
        ("ALTER POLICY mine ON $.entry USING (true)", "table entry: its policy mine is not as"),
        ("ALTER POLICY mine ON $.entry WITH CHECK (true)", "table entry: its policy mine is not as"),
        ("ALTER POLICY mine ON $.record TO infoint_app", "table record: its policy mine is not as"),
        ("ALTER POLICY listed ON $.workspace USING (current_setting('infoint.listing', true) <> 'on')", "table workspace: its policy listed"),
        ("ALTER TABLE $.workspace DISABLE ROW LEVEL SECURITY", "table workspace: row-level security is not"),
    ],
)  # fmt: skip  # one thing a line
def test_policies_that_are_not_as_set_up_are_found(server: Any, schema: str, opened: Opened, statement: str, said: str) -> None:
    """Somebody opened a workspace's rows to others, or shut them, and check() passes over it."""
    storage = opened()
    assert storage.check(deep=True) == []
    with server.admin() as admin:
        admin.execute(statement.replace("$", schema).encode())
    for deep in (False, True):
        (problem,) = storage.check(deep=deep)
        assert problem.startswith(said)
    _, told, remedy = problem.partition("as the owner: ")
    if told:
        with server.admin() as admin:
            admin.execute(remedy.encode())
        assert storage.check() == [], "what it says to do does not help"


def test_policies_of_a_newer_minor_are_its_own(server: Any, schema: str, opened: Opened) -> None:
    """An older infoint takes for a mistake what a newer one has added."""
    with server.admin() as admin:
        admin.execute(f"UPDATE {schema}.format SET minor = 9".encode())
        admin.execute(f"CREATE POLICY newer ON {schema}.record USING (false)".encode())
    assert opened().check() == []


# ── the app's role ───────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("table", TABLES)
def test_without_a_workspace_nothing_is_seen(app: "psycopg.Connection[Any]", table: str) -> None:
    """A statement outside of any workspace sees rows; or the workspace of the transaction before is still set."""
    assert app.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() == (0,)
    with app.transaction():
        app.execute("SET LOCAL infoint.workspace = 'ana'")
        assert app.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() == (1,)
    assert app.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() == (0,)
    for statement in (f"UPDATE {table} SET workspace_id = 'ana'", f"DELETE FROM {table}"):
        assert app.execute(statement.encode()).rowcount == 0


def test_row_for_another_workspace_is_refused(app: "psycopg.Connection[Any]") -> None:
    """A row of ana's could be written while in ben's workspace."""
    copied = "INSERT INTO record SELECT 'ana', kind, gen_random_uuid(), version, 9, deleted, valued, 1, 0, updated_at, indexed, data, text, words FROM record"
    for statement in (
        "INSERT INTO workspace VALUES ('ana 2', 0, '{}', '{}')",
        copied,
        "INSERT INTO entry SELECT 'ana', kind, field, value, id, first FROM entry",
        "UPDATE record SET workspace_id = 'ana'",
        "UPDATE workspace SET workspace_id = 'ana'",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"), app.transaction():
            app.execute("SET LOCAL infoint.workspace = 'ben'")
            app.execute(statement.encode())


def test_list_of_workspaces_shows_no_records(app: "psycopg.Connection[Any]") -> None:
    """What lists the keys lets records be read, or workspaces be changed."""
    with app.transaction():
        app.execute("SET LOCAL infoint.listing = 'on'")
        assert app.execute("SELECT count(*) FROM workspace").fetchone() == (2,)
        assert app.execute("SELECT count(*) FROM record").fetchone() == (0,)
        assert app.execute("UPDATE workspace SET seq = 0").rowcount == 0
        assert app.execute("DELETE FROM workspace").rowcount == 0


def test_nothing_of_a_workspace_is_left_on_a_connection(two: PostgresStorage) -> None:
    """Whose workspace it was, or how long to wait, is still set when the next one borrows the connection."""
    for write_session in (False, True):
        with two.session("ana", write=write_session):
            pass
        assert two._connections is not None
        with two._connections.borrowed() as wire:
            left = wire.row("SELECT current_setting('infoint.workspace', true), current_setting('lock_timeout')")
        assert left in {("", "0"), (None, "0")}


# ── many workspaces at random ────────────────────────────────────────────────────────────────────
def without_filters(sql: str) -> bytes:
    """A statement that has forgotten whose rows it is about."""
    sql = re.sub(r"\b(\w+\.)?workspace_id = (%s|'[^']*')", r"\2::text IS NOT NULL", sql)
    return sql.encode()


def test_filters_are_forgotten_in_earnest() -> None:
    """The test below would show nothing: its statements still have their filters."""
    for sql in ("SELECT 1 FROM a WHERE r.workspace_id = %s AND b", "UPDATE a SET b WHERE workspace_id = 'ana'"):
        assert b"workspace_id =" not in without_filters(sql)


KINDS, NAMES, WORDS = ("note", "talk"), ("a", "b", "é", "工", 1, 2), ("oak", "elm", "ana", "café")


def some_write(rng: random.Random, workspace: str, session: Session) -> Write:
    """With the workspace's canary in every part of it."""
    number, kind = rng.randint(1, 12), rng.choice(KINDS)
    have = session.get_many([key_of(number, kind)]).get(key_of(number, kind))
    expect = have.version if have else 0
    if rng.random() < 0.2:
        return tombstone(number, expect, kind=kind)
    return evolve(
        write(number, expect, kind=kind, data={"of": workspace}, text=f"{workspace} {rng.choice(WORDS)} {rng.choice(WORDS)}",
              name=tuple(rng.sample(NAMES, rng.randint(0, 2))), email=workspace), id=id_of(number),
    )  # fmt: skip  # one thing


def some_query(rng: random.Random) -> Query:
    """Of what there may be."""
    op = rng.choice([Op.EQ, Op.LT, Op.GE, Op.IS_NULL])
    where = (Condition(IndexField.NAME, op, None if op is Op.IS_NULL else rng.choice(NAMES)),)
    return Query(
        kind=rng.choice(KINDS),
        where=where if rng.random() < 0.6 else (),
        sort=rng.choice([None, IndexField.NAME, IndexField.EMAIL]),
        descending=rng.random() < 0.5,
        limit=rng.choice([2, 50]),
    )


def one_step(rng: random.Random, workspace: str, sessions: "list[Session]") -> list[Any]:
    """The same on each storage: what each of them answers."""
    match rng.randint(0, 9):
        case 0 | 1 | 2 | 3:
            one = some_write(rng, workspace, sessions[0])
            return [list(session.put_many([one])) for session in sessions]
        case 4 | 5 | 6:
            query = some_query(rng)
            return [session.query(query).items for session in sessions]
        case 7:
            return [session.changes("", limit=30).items for session in sessions]
        case 8:
            asked = " ".join(rng.sample(WORDS, rng.randint(1, 2)))
            return [session.search(asked, limit=20).items for session in sessions]
        case _:
            return [
                list(session.get_many([key_of(n, kind) for n in range(1, 13) for kind in KINDS]).values())
                for session in sessions
            ]


def walk(storage: Storage, seed: int, steps: int) -> None:
    """Random steps in fifty workspaces, a few in each transaction, beside the storage that is normative."""
    rng, model = random.Random(seed), MemoryStorage()
    workspaces = [f"canary{number:02}" for number in range(50)]
    done = 0
    while done < steps:
        workspace = rng.choice(workspaces)
        if rng.random() < 0.01:
            storage.drop_workspace(workspace)
            model.drop_workspace(workspace)
        with storage.session(workspace, write=True) as session, model.session(workspace, write=True) as expected:
            for _ in range(rng.randint(1, 9)):
                answers = one_step(rng, workspace, [session, expected])
                assert answers[0] == answers[1], f"seed {seed}, step {done}"
                told = str(
                    [(record.data, dict(record.index), record.text) for record in answers[0] if isinstance(record, Record)]
                )
                assert set(re.findall(r"canary\d\d", told)) <= {workspace}, f"seed {seed}, step {done}"
                done += 1
            if rng.random() < 0.9:
                assert session.commit().seq == expected.commit().seq
    assert list(storage.workspaces()) == model.workspaces()


def test_fifty_workspaces_are_apart(opened: Opened) -> None:
    """After ten thousand random steps somebody sees what is another's, or not what the memory storage says."""
    storage = opened()
    walk(storage, 7, 10_000)
    assert storage.check(deep=True) == []


def test_fifty_workspaces_are_apart_without_filters(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """A statement that forgets its filter sees other workspaces: row-level security does not hold it."""
    monkeypatch.setattr(wire, "_trusted", without_filters)
    walk(opened(), 8, 1_500)


def test_filters_are_what_holds_a_superuser(server: Any, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above would pass without row-level security."""
    monkeypatch.setattr(wire, "_trusted", without_filters)
    with pytest.raises((AssertionError, StorageError)):
        walk(opened(user="postgres"), 8, 1_500)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_fifty_workspaces_are_apart_at_length(opened: Opened, seed: int) -> None:
    """As above, in a hundred thousand steps."""
    with closing(opened()) as storage:
        walk(storage, 100 + seed, 10_000)
        assert storage.check(deep=True) == []
