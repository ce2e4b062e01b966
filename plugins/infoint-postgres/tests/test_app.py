"""An app with many explorers and many threads, as its developer writes it: one engine, a workspace for each request."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

pytest.importorskip("infoint_postgres", reason="infoint-postgres is tested in an environment of its own, with its dependencies")

from infoint_postgres import erasing
from infoint_postgres.storage import PostgresStorage

from infoint import Contact, Engine
from infoint.cli import main
from infoint.errors import Conflict, NotFound
from infoint.storage.contract import Erasure, IndexField, Key, Query
from infoint.testing.storage_case import KIND, MOMENT, WORKSPACE, got, key_of, put, write

Opened = Callable[..., PostgresStorage]


@pytest.fixture
def engine(server: Any, schema: str) -> Iterator[Engine]:
    """As the role of an app, found by its URL's scheme."""
    with Engine(server.url(schema), discover=True, create=False) as one:
        one.workspace("kim", zone="Europe/Madrid")
        yield one


def test_many_students_in_many_threads(engine: Engine) -> None:
    """Two collections are not saved in one commit, or students in different threads see one another's people."""

    def introduce(student: str) -> list[str]:
        workspace = engine.workspace(student, zone="Europe/Madrid")
        with workspace.transaction() as tx:
            for name in ("Ana Ruiz", "Bo Li"):
                tx.interviews.plan(tx.contacts.add(Contact(name=f"{name} of {student}")))
        return [contact.name for contact in workspace.contacts.page(limit=20).items]

    students = [f"student {number}" for number in range(12)]
    with ThreadPoolExecutor(6) as pool:
        for student, names in zip(students, pool.map(introduce, students), strict=True):
            assert sorted(names) == [f"Ana Ruiz of {student}", f"Bo Li of {student}"]
    assert sorted(engine.workspaces()) == sorted([*students, "kim"])


def test_two_browsers_of_one_student(engine: Engine) -> None:
    """Both read one version, and both changes were taken, or none; or the refusal does not tell the version that is there."""
    workspace = engine.workspace("kim")
    talk = workspace.interviews.plan(workspace.contacts.add(Contact(name="Ana Ruiz")))
    both_have_read = Barrier(2)

    def click(_browser: int) -> str:
        interviews = engine.workspace("kim").interviews
        mine = interviews.get(talk.id, version=talk.version)
        both_have_read.wait(10)
        try:
            return f"200, now {interviews.request(mine).version}"
        except Conflict as conflict:
            return f"409, now {conflict.actual}"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(click, range(2))) == ["200, now 2", "409, now 2"]
    with pytest.raises(NotFound):
        engine.workspace("lee").interviews.get(talk.id)


def test_two_places_of_one_server_are_copied(
    server: Any, schema: str, engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    """`infoint copy` takes another schema of the same database for the source itself, or the source itself for another place."""
    engine.workspace("kim").contacts.add(Contact(name="Ana Ruiz"))
    new = server.new_schema()
    PostgresStorage(server.owner(new)).set_up()
    assert main(["copy", server.url(schema), server.url(new), "--plugins", "--quiet"]) == 0, capsys.readouterr().err
    with Engine(server.url(new), discover=True, create=False) as copied:
        assert [contact.name for contact in copied.workspace("kim").contacts] == ["Ana Ruiz"]
    assert main(["copy", server.url(schema), server.owner(schema), "--plugins"]) == 0, "written by another user: left as it is"
    assert ", 0 of them written" in capsys.readouterr().out
    assert main(["copy", server.url(schema), server.url(schema, pool=3, timeout=1), "--plugins"]) == 1
    assert "is the source itself" in capsys.readouterr().err


# ── erasing ──────────────────────────────────────────────────────────────────────────────────────
def files_with(server: Any, word: str, part: str) -> list[str]:
    """Data files of the server in which a word stands."""
    with server.admin() as admin:
        admin.execute("CHECKPOINT")
    return [file.name for file in (server.folder / part).rglob("*") if file.is_file() and word.encode() in file.read_bytes()]


def erased(storage: PostgresStorage) -> Erasure:
    put(storage, write(1, data={"a": "zyxwvutone"}, text="zyxwvutone", name="zyxwvutone"), write(2, name="kept"))
    put(storage, write(1, 1, data={"a": "zyxwvuttwo"}))
    return storage.erase(WORKSPACE, [key_of(1)], updated_at=MOMENT)


def test_erasing_vacuums_and_tells_what_remains(server: Any, schema: str, opened: Opened) -> None:
    """Rows that were erased are kept by the server until somebody thinks of VACUUM; or a place where copies remain is not named."""
    erasure = erased(opened())
    with server.admin() as admin:
        asked = "SELECT pg_stat_force_next_flush(); SELECT vacuum_count FROM pg_stat_user_tables WHERE schemaname = '$' AND relname = 'record'"
        cursor = admin.execute(asked.replace("$", schema).encode(), prepare=False)
        cursor.nextset()
        assert cursor.fetchone() == (1,)
        told = " ".join(erasure.remains)
        assert all(words in told for words in ("free space", "VACUUM FULL", "pg_statistic", "write-ahead log", "backups"))
        # What the report sends the owner to do takes the rest out of the data files.
        admin.execute(f"VACUUM FULL {schema}.record".encode())
        admin.execute(f"VACUUM FULL {schema}.entry".encode())
    assert files_with(server, "zyxwvutone", "base") == []
    assert files_with(server, "zyxwvuttwo", "base") == []


def sampled(server: Any, schema: str, word: str) -> list[tuple[str, str]]:
    """Columns of which the server's statistics hold a value with this word."""
    asked = (
        "SELECT tablename, attname FROM pg_stats WHERE schemaname = %s"
        " AND concat(most_common_vals::text, histogram_bounds::text, most_common_elems::text) LIKE %s ORDER BY 1, 2"
    )
    with server.admin() as admin:
        return list(admin.execute(asked, [schema, f"%{word}%"]).fetchall())


@pytest.mark.parametrize("others", [60, 0])
def test_erasing_takes_samples_out_of_the_statistics(server: Any, schema: str, opened: Opened, others: int) -> None:
    """The planner's samples of values, which autovacuum takes, keep an erased address and words; of a table that is empty now, too."""
    storage = opened()
    # Twice each: a value that stands once is sampled only where most do.
    mine = [write(number, text="zyxwvut", email="zyxwvut@oak.example", data={"a": "zyxwvut"}) for number in (901, 902)]
    put(storage, *mine, *(write(number, text=f"t{number}", email=f"p{number}@oak.example") for number in range(1, others + 1)))
    with server.admin() as admin:
        admin.execute(f"ANALYZE {schema}.record, {schema}.entry".encode())
    assert sampled(server, schema, "zyxwvut") == [("entry", "value"), ("record", "text"), ("record", "words")]
    erasure = storage.erase(WORKSPACE, [key_of(901), key_of(902)], updated_at=MOMENT)
    assert sampled(server, schema, "zyxwvut") == []
    assert (("entry", "value") in sampled(server, schema, "@oak.example")) is bool(others), "the planner lost what it needs"
    assert "statistics" in " ".join(erasure.remains)
    with server.admin() as admin:
        for table in (f"{schema}.record", f"{schema}.entry", "pg_statistic"):
            admin.execute(f"VACUUM FULL {table}".encode())
    assert files_with(server, "zyxwvut@oak", "base") == []


def test_statistics_of_an_empty_table_are_told(
    server: Any, schema: str, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL before 18 lets nobody take away statistics of a table that is empty now, and the report does not tell of them."""
    monkeypatch.setattr(erasing, "_CLEARS", 1_000_000)
    storage = opened()
    put(storage, write(1, email="zyxwvut@oak.example"), write(2, email="zyxwvut@oak.example"))
    with server.admin() as admin:
        admin.execute(f"ANALYZE {schema}.entry".encode())
    erasure = storage.erase(WORKSPACE, [key_of(1), key_of(2)], updated_at=MOMENT)
    assert sampled(server, schema, "zyxwvut") == [("entry", "value")]
    assert [words for words in erasure.remains if "of the table entry: it is empty now" in words]
    assert not [words for words in erasure.remains if "of the table record" in words]


def test_erasing_without_the_right_to_vacuum_says_so(server: Any, schema: str, opened: Opened) -> None:
    """The report claims what the role could not do; or the erasure fails although the records are erased."""
    storage = opened()
    with server.admin() as admin:
        admin.execute(f"REVOKE MAINTAIN ON {schema}.record FROM infoint_app".encode())
    erasure = erased(storage)
    assert erasure.erased == (key_of(1),)
    assert f"statistics (pg_statistic), until the owner runs VACUUM (ANALYZE) {schema}.record" in erasure.remains[0]


# ── looking things over ──────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE $.workspace SET seq = seq + 1", "its count of commits"),
        ("UPDATE $.workspace SET commits = '{}'", "the ids of its commits"),
        ("UPDATE $.workspace SET commits = '{x.y}'", "the ids of its commits"),
        ("UPDATE $.workspace SET commits = '{7.a}'", "the ids of its commits"),
        ("DELETE FROM $.entry WHERE value = '1ana'", "its index values"),
        ("UPDATE $.entry SET value = '1bo' WHERE value = '1ana'", "its index values"),
        ("UPDATE $.record SET valued = 0", "its index values"),
        ("UPDATE $.record SET words = NULL", "its words"),
        ("UPDATE $.record SET words = $$bogus$$", "its words"),
        ("UPDATE $.record SET words = words || $$more$$", "its words"),
        ("UPDATE $.record SET text = 'elm'", "its words"),
        ("UPDATE $.record SET data = '[]'", "cannot be read"),
        ("""UPDATE $.workspace SET traits = '{"note": [0, 0, 0]}'""", "is not as its workspace tells"),
    ],
)
def test_deep_check_finds_what_does_not_fit(server: Any, schema: str, opened: Opened, statement: str, said: str) -> None:
    """Somebody changed the tables by hand, or a fault did, and check(deep=True) passes over it."""
    storage = opened()
    put(storage, write(1, text="oak", name=("ana", "b")))
    assert storage.check(deep=True) == []
    with server.admin() as admin:
        admin.execute(statement.replace("$.", f"{schema}.").encode())
    assert storage.check() == []
    (problem,) = storage.check(deep=True)
    assert said in problem


def test_reader_changes_nothing(server: Any, schema: str, opened: Opened) -> None:
    """Opened with read_only a storage cannot tell what became of a commit; or waits for writers."""
    storage, reader = opened(), opened(read_only=True)
    with storage.session(WORKSPACE, write=True) as session:
        session.put_many([write(1)])
        id = session.commit().id
    with storage.session(WORKSPACE, write=True):
        assert reader.was_committed(WORKSPACE, id) is True
        assert got(reader, 1) is not None
        with reader.session(WORKSPACE) as session:
            assert session.last_commit().seq == 1
            assert session.query(Query(kind=KIND, sort=IndexField.NAME)).items[0].key == Key(KIND, key_of(1).id)
