"""URLs are read without showing what is in them, and errors tell nothing of anybody."""
# ruff: noqa: S608 - the names of schemas in these statements are made here

import logging
import traceback
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("infoint_postgres", reason="infoint-postgres is tested in an environment of its own, with its dependencies")

import psycopg
from attrs import evolve
from infoint_postgres import errors
from infoint_postgres.__main__ import main as owners_command
from infoint_postgres.address import Address
from infoint_postgres.storage import PostgresStorage

from infoint.errors import InfointError, InvalidRecord, InvalidValue, NotFound, StorageError
from infoint.hooks.host import PluginHost
from infoint.storage.contract import Record, StorageUrl
from infoint.testing.storage_case import KIND, MOMENT, WORKSPACE, got, id_of, put, write

Opened = Callable[..., PostgresStorage]
SECRET = "correct-horse-battery"
CANARY = "zyxwvut"


@pytest.mark.parametrize(
    ("url", "place", "schema", "pool"),
    [
        ("postgresql://app@db.example/infoint", "postgresql://db.example/infoint", "infoint", 10),
        ("postgresql://app:p%40ss@db.example:5433/infoint?pool=3&schema=s_1", "postgresql://db.example:5433/infoint", "s_1", 3),
        ("postgres:///infoint?host=/run/postgresql", "postgresql:///infoint", "infoint", 10),
        ("postgresql://[::1]/infoint?sslmode=require", "postgresql://::1/infoint", "infoint", 10),
        (
            "postgresql://a.example,b.example/x?target_session_attrs=read-write",
            "postgresql://a.example,b.example/x",
            "infoint",
            10,
        ),
    ],
)
def test_url_is_libpqs(url: str, place: str, schema: str, pool: int) -> None:
    """A URL that libpq takes is refused or read in another way."""
    address = Address.of(StorageUrl.parse(url))
    assert (address.place, address.schema, address.pool) == (place, schema, pool)


@pytest.mark.parametrize("option", [
    "nonsense=1", "schema=a'b", "schema=A", "schema=", "schema=pg_temp", "schema=a.b", "role=pg_monitor", "role=a%22b", "timeout=x", "timeout=-1",
    "timeout=nan", "pool=0", "pool=1e9", "host=%00", "port=%ud800",
])  # fmt: skip  # a list
def test_option_that_is_none_is_refused(option: str) -> None:
    """A misspelt option, or one that would become SQL, was taken; or the refusal shows the password."""
    with pytest.raises((InvalidValue, StorageError)) as caught:
        storage = PostgresStorage(f"postgresql://app:{SECRET}@127.0.0.1:1/x?{option}")
        storage.open()
    assert SECRET not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "url", ["postgresql:infoint", "postgresql:/infoint", f"postgresql://app:{SECRET}@[bad/x", f"postgresql://a:{SECRET}%zz@h/x"]
)
def test_url_that_is_none_is_refused(url: str) -> None:
    """What is no URL was taken, or the refusal shows the password."""
    with pytest.raises(InvalidValue) as caught:
        PostgresStorage(url)
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value.__dict__)
    assert SECRET not in shown
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://app:p@{SECRET}@127.0.0.1:1/x",
        f"postgresql://app:x/{SECRET}@127.0.0.1:1/x",
        f"postgresql://app:7/{SECRET}@127.0.0.1:1/x",
        f"postgresql://app:{SECRET}/x",
        f"postgresql://app:{SECRET}",
        f"postgresql://app:{SECRET}?connect_timeout=1",
        f"postgresql://app:p\x00{SECRET}@127.0.0.1:1/x",
        f"postgresql://app:pw@127.0.0.1:1/x\x00{SECRET}",
        f"postgresql://app@127.0.0.1:1/x?password={SECRET}%00",
        f"postgresql://app@127.0.0.1:1/x?host={SECRET}%00",
        f"postgresql://app@127.0.0.1:1,127.0.0.2:{SECRET}/x",
        f"postgresql://app@[::1]:{SECRET}/x",
        "postgresql://app:123456/x",
    ],
)
def test_url_that_would_be_cut_in_the_wrong_place_is_refused(url: str) -> None:
    """What is left of a password with a raw '@' or '/', or without a host, is taken for a host, a port or a database, and told."""
    with pytest.raises(InvalidValue) as caught:
        PostgresStorage(url)
    shown = everything(caught.value) + repr(caught.value.__dict__)
    assert SECRET not in shown
    assert "123456" not in shown


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://app%3A{SECRET}%21@127.0.0.1:1/x",
        f"postgresql://app%3A{SECRET}%40127.0.0.1/x",
        f"postgresql://app@127.0.0.1:1/%40{SECRET}",
        f"postgresql://app@127.0.0.1:1/x?dbname=postgresql://app:{SECRET}@h/x",
        f"postgresql://127.0.0.1:1/x?host=app:{SECRET}@127.0.0.1",
        f"postgresql://127.0.0.1/x?port={SECRET}",
        f"postgresql:///x?service=app:{SECRET}@h",
    ],
)
def test_place_is_plain_names_or_nothing(url: str) -> None:
    """A password that went into the host or the name of the database, by an escape too many or an option, is told."""
    shown = ""
    try:
        storage = PostgresStorage(url)
        shown = storage._address.place + repr(storage._address) + repr(storage)
        storage.open()
    except InfointError as error:
        shown += everything(error)
    assert shown
    assert SECRET not in shown


@pytest.mark.parametrize(
    "words", [["{url}", "set-up"], ["set-up", "{url}", "{url}"], ["set-up", "{url}", "--{url}"], ["set-up", "{url}"]]
)
def test_command_of_the_owner_tells_no_password(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Arguments in the wrong order put the owner's password into a log."""
    url = f"postgresql://owner:a/{SECRET}@127.0.0.1:1/x"
    monkeypatch.setattr("sys.argv", ["infoint_postgres", *(word.format(url=url) for word in words)])
    with pytest.raises(SystemExit) as ended:
        raise SystemExit(owners_command())
    assert ended.value.code in {1, 2}
    told = capsys.readouterr()
    assert told.err
    assert SECRET not in told.out + told.err


def test_plugin_offers_both_schemes() -> None:
    """`postgresql:` or `postgres:` is an unknown scheme; or making a storage connects to something."""
    host = PluginHost(discover=True)
    for scheme in ("postgresql", "postgres"):
        url = StorageUrl.parse(f"{scheme}://app@127.0.0.1:1/x")
        assert isinstance(host.storages.make(scheme, url), PostgresStorage)


def test_password_is_shown_nowhere(server: Any, schema: str, caplog: pytest.LogCaptureFixture) -> None:
    """A password stands in a repr, a log, an error or a traceback of something that went wrong with it."""
    caplog.set_level(logging.DEBUG)
    good = server.url(schema, f"locked_of_the_tests:{SECRET}")
    wrong = server.url(schema, f"locked_of_the_tests:{SECRET}-not")
    shown = []
    storage = PostgresStorage(good)
    storage.open()
    put(storage, write(1))
    shown.append(repr(storage) + repr(storage._address) + repr(storage._connections) + str(vars(storage)))
    with server.admin() as admin:
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'locked_of_the_tests'")
    assert got(storage, 1) is not None
    storage.close()
    for url, refusal in (
        (wrong, StorageError),
        (good.replace("/postgres?", "/nowhere?"), NotFound),
        (good.replace(f"schema={schema}", "schema=no"), NotFound),
    ):
        with pytest.raises(refusal) as caught:
            PostgresStorage(url).open()
        shown.append("".join(traceback.format_exception(caught.value)) + repr(caught.value) + str(caught.value.facts))
        assert caught.value.__context__ is None
    shown.append(caplog.text)
    assert [text for text in shown if SECRET in text] == []


def everything(error: InfointError) -> str:
    """All that a log, a debugger's page or an answer to a client may show of it."""
    return (
        "".join(traceback.format_exception(error))
        + repr(error)
        + str(error.facts)
        + repr(error.__context__)
        + repr(error.__cause__)
    )


def provoked(server: Any, opened: Opened, schema: str) -> list[InfointError]:
    """Errors of all kinds, over records that hold somebody's words."""
    found = []

    def refused(call: Callable[[], object]) -> None:
        with pytest.raises(InfointError) as caught:
            call()
        found.append(caught.value)

    storage = opened(timeout=0.2)
    record = write(1, data={CANARY: CANARY}, text=CANARY, name=CANARY, email=f"{CANARY}@oak.example")
    (kept,) = put(storage, record)
    refused(lambda: put(storage, record))
    refused(lambda: put(storage, write(1, 7, name=CANARY)))
    for change in (
        {"text": f"{CANARY}\x00"}, {"text": f"{CANARY}\ud800"}, {"data": {CANARY: float("nan")}}, {"data": {CANARY: {CANARY}}},
        {"data": {f"{CANARY}\ud800": 1}}, {"version": 2**40}, {"seq": 2**70},
    ):  # fmt: skip  # a list
        refused(lambda change=change: storage.load(WORKSPACE, [evolve(kept, **{"id": id_of(2), "seq": 2} | change)]))
    with server.admin() as admin:
        admin.execute(f"ALTER TABLE {schema}.record ADD CONSTRAINT no CHECK (version < 2)")
        refused(lambda: put(storage, write(1, 1, data={CANARY: 1}, name=CANARY)))
        admin.execute(f"ALTER TABLE {schema}.record DROP CONSTRAINT no")
        admin.execute(f"REVOKE UPDATE ON {schema}.record FROM infoint_app")
        refused(lambda: put(storage, write(1, 1, data={CANARY: 1}, name=CANARY)))
        admin.execute(f"UPDATE {schema}.record SET data = '[\"{CANARY}\"]'")
        refused(lambda: got(storage, 1))
        admin.execute(f"ALTER TABLE {schema}.record RENAME COLUMN data TO {CANARY}")
        refused(lambda: got(storage, 1))
    return found


def test_errors_tell_nothing_of_anybody(server: Any, schema: str, opened: Opened, caplog: pytest.LogCaptureFixture) -> None:
    """A message, a fact, a log line or the native error behind one of ours holds a person's words."""
    caplog.set_level(logging.DEBUG)
    found = provoked(server, opened, schema)
    assert len(found) == 13
    assert [everything(error) for error in found if CANARY in everything(error)] == []
    assert CANARY not in caplog.text


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("40001", "Retryable"), ("40P01", "Retryable"), ("08006", "Retryable"), ("08000", "Retryable"), ("57P01", "Retryable"),
        ("57P03", "Retryable"), ("57014", "Busy"), ("55P03", "Busy"), ("53300", "Busy"), ("53100", "StorageFull"), ("25006", "ReadOnly"),
        ("42501", "ReadOnly"), ("22P02", "InvalidRecord"), ("54000", "InvalidRecord"), ("XX001", "Corrupt"), ("42P01", "Corrupt"),
        ("28P01", "StorageError"), ("3D000", "NotFound"), ("99999", "StorageError"),
    ],
)  # fmt: skip  # a table
def test_sqlstates_have_their_meaning(state: str, kind: str) -> None:
    """A state that asks for a repetition is taken for a failure, or the other way round."""
    native = type("Native", (psycopg.Error,), {"sqlstate": state})(f"Key (email)=({CANARY}) exists")
    error = errors.storage_error(native, "postgresql://db.example/x")
    assert type(error).__name__ == kind
    assert CANARY not in str(error)


def test_record_that_was_never_a_write_is_refused(opened: Opened) -> None:
    """A record of a storage that checked nothing ends in a native error, or half a load is there."""
    storage = opened()
    record = Record(
        kind=KIND, id=id_of(1), version=1, seq=1, updated_at=MOMENT, schema=(1, 0), data={"a": 1}, index={}, text="a"
    )
    for bad in (evolve(record, text="a\x00"), evolve(record, data={"a": float("inf")}), evolve(record, text="\udfff")):
        with pytest.raises(InvalidRecord):
            storage.load(WORKSPACE, [bad])
    assert list(storage.workspaces()) == []
    assert storage.load(WORKSPACE, [record]) == 1
