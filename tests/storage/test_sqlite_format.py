"""The file's format 2.0, written down. If a test here fails, files that people have can no longer be read as they are: that is a new
major, with a migration, or a new minor, with another test like these. A file of each format there was is kept in tests/golden/storage.
"""

import secrets
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from infoint.storage import IndexField, Query, Record
from infoint.storage.sqlite import SqliteStorage
from infoint.storage.sqlite.schema import FIELD_BITS, FORMAT
from infoint.testing.storage_case import KIND, MOMENT, WORKSPACE, asked, followed, got, id_of, put, searched, tombstone, write

FILES = Path(__file__).parents[1] / "golden" / "storage"

GOLDEN = """\
BEGIN TRANSACTION;
CREATE TABLE entry (
        workspace INTEGER NOT NULL,
        kind TEXT NOT NULL,
        field TEXT NOT NULL,
        value NOT NULL,
        id BLOB NOT NULL,
        first INTEGER NOT NULL,
        PRIMARY KEY (workspace, kind, field, value, id)
    ) WITHOUT ROWID;
INSERT INTO "entry" VALUES(1,'note','email','a@oak.example',X'00000000000000000000000000000001',1);
INSERT INTO "entry" VALUES(1,'note','email','b@oak.example',X'00000000000000000000000000000001',0);
INSERT INTO "entry" VALUES(1,'note','name','Ana',X'00000000000000000000000000000001',1);
INSERT INTO "entry" VALUES(1,'note','status',3,X'00000000000000000000000000000001',1);
CREATE TABLE record (
        row INTEGER PRIMARY KEY,
        workspace INTEGER NOT NULL,
        kind TEXT NOT NULL,
        id BLOB NOT NULL,
        version INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        deleted INTEGER NOT NULL,
        valued INTEGER NOT NULL,
        schema_major INTEGER NOT NULL,
        schema_minor INTEGER NOT NULL,
        updated_at TEXT NOT NULL,
        indexed TEXT NOT NULL,
        data TEXT NOT NULL,
        text TEXT NOT NULL,
        place INTEGER
    );
INSERT INTO "record" VALUES(1,1,'note',X'00000000000000000000000000000001',2,2,0,49,1,0,\
'2026-03-02T08:15:30.123456+00:00','{"name":["Ana"],"email":["b@oak.example","a@oak.example"],"status":[3]}','{"name":"Ana 工"}','Ana 工',1099511627777);
INSERT INTO "record" VALUES(2,1,'talk',X'00000000000000000000000000000002',2,2,1,0,1,0,'2026-03-02T08:15:30.123456+00:00','{}','{}','',NULL);
INSERT INTO "record" VALUES(3,2,'note',X'00000000000000000000000000000001',1,1,0,0,1,0,\
'2026-03-02T08:15:30.123456+00:00','{"due":[]}','{"number":"1"}','',NULL);
CREATE TABLE stale (place INTEGER PRIMARY KEY);
CREATE TABLE workspace (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        count INTEGER NOT NULL,
        commits TEXT NOT NULL DEFAULT '',
        places INTEGER NOT NULL DEFAULT 0
    );
INSERT INTO "workspace" VALUES(1,'ana@oak.example',2,'1-0123456789abcdef 2-0123456789abcdef',1);
INSERT INTO "workspace" VALUES(2,'ben',1,'1-0123456789abcdef',0);
CREATE UNIQUE INDEX record_key ON record (workspace, kind, id);
CREATE UNIQUE INDEX record_feed ON record (workspace, seq, kind, id);
CREATE INDEX record_live ON record (workspace, kind, id, valued) WHERE deleted = 0;
CREATE INDEX entry_record ON entry (workspace, kind, id, field, value);
CREATE INDEX entry_further ON entry (workspace, kind, field) WHERE first = 0;
CREATE UNIQUE INDEX record_place ON record (place) WHERE place IS NOT NULL;
CREATE INDEX record_unplaced ON record (workspace, seq, kind DESC, id DESC) WHERE place IS NULL AND text <> '';
COMMIT;
"""
WORDS = {("1¦0¦¦note", 1), ("1¦0¦ana", 1), ("1¦0¦工", 1)}
"""Of the search index: term and number of the place."""


def test_file_of_format_2_0_is_written_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are written in another way than format 2.0 says, without its number having changed."""
    monkeypatch.setattr(secrets, "token_hex", lambda size: "0123456789abcdef"[: 2 * size])
    storage = SqliteStorage(tmp_path / "a.db")
    storage.open(create=True)
    put(storage, write(1), write(2, kind="talk", name="Ben"))
    changed = write(
        1, 1, data={"name": "Ana 工"}, text="Ana 工", name="Ana", email=("b@oak.example", "a@oak.example"), status=3
    )
    put(storage, changed, tombstone(2, 1, kind="talk"))
    put(storage, write(1, due=()), workspace="ben")
    storage.close()
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        connection.execute("CREATE VIRTUAL TABLE temp.kept USING fts5vocab(main, words, instance)")
        terms = connection.execute("SELECT term, doc FROM temp.kept")
        assert {(term, place - (1 << 40)) for term, place in terms} == WORDS
        # What FTS5 keeps in its own tables is its business.
        connection.execute("DROP TABLE words")
        assert "\n".join(connection.iterdump()) + "\n" == GOLDEN
        assert connection.execute("PRAGMA user_version").fetchone() == (2_000,)
        assert connection.execute("PRAGMA application_id").fetchone() == (0x696E666F,)
    assert FORMAT == (2, 0)


def golden(number: str, folder: Path) -> SqliteStorage:
    """A copy of the golden file of a format, of today's by then."""
    shutil.copy(FILES / f"format-{number}.sqlite", folder / "a.db")
    storage = SqliteStorage(folder / "a.db")
    storage.migrate()
    storage.open()
    return storage


@pytest.mark.parametrize("number", ["1.0", "2.0"])
def test_file_of_each_format_holds_what_it_held(tmp_path: Path, number: str) -> None:
    """A file that an earlier infoint wrote is misread, or lost something on the way: unknown keys, newer minors, tombstones, counts."""
    storage = golden(number, tmp_path)
    assert storage.check(deep=True) == []
    assert list(storage.workspaces()) == [WORKSPACE, "ben"]
    assert followed(storage, 2)[0] == [
        kept(3, 1, 1, data={"number": "3"}, text="…"),
        kept(
            1,
            2,
            2,
            data={"name": "Ana 工", "of a newer infoint": {"mood": ["calm", 1.5, None]}},
            text="Ana 工 Élan",
            schema=(1, 7),
            updated_at=MOMENT + timedelta(hours=1),
            index={IndexField.NAME: ("Ana",), IndexField.EMAIL: ("b@oak.example", "a@oak.example"), IndexField.STATUS: (3,)},
        ),
        kept(2, 2, 2, kind="talk", deleted=True),
        kept(
            4,
            1,
            3,
            data={"number": "4"},
            text="Oak and ash",
            updated_at=MOMENT + timedelta(hours=2),
            index={IndexField.DUE: ("2026-04-01",)},
        ),
        kept(5, 1, 3, kind="talk", data={"number": "5"}, text="Ash"),
    ]
    assert followed(storage, 2, workspace="ben")[0] == [
        kept(1, 1, 1, data={"number": "1"}, text="Ana of Ben", index={IndexField.DUE: ()})
    ]
    storage.close()


@pytest.mark.parametrize("number", ["1.0", "2.0"])
def test_file_of_each_format_goes_on(tmp_path: Path, number: str) -> None:
    """A file that an earlier infoint wrote cannot be asked, searched or written to; or a save takes what only newer ones know."""
    storage = golden(number, tmp_path)
    assert asked(storage, Query(kind=KIND, sort=IndexField.EMAIL)) == [3, 4, 1]
    assert searched(storage, "a") == [(KIND, 4), ("talk", 5), (KIND, 1)]
    assert searched(storage, "elan 工") == [(KIND, 1)]
    with storage.session(WORKSPACE) as session:
        last = session.last_commit()
    assert (last.seq, last.at) == (3, MOMENT)
    assert storage.was_committed(WORKSPACE, last.id)
    before = got(storage, 1)
    assert before is not None
    (record,) = put(storage, write(1, 2, data={**before.data, "name": "Anna"}, text="Anna"))
    assert (record.seq, record.data["of a newer infoint"]) == (4, {"mood": ["calm", 1.5, None]})
    assert searched(storage, "a") == [(KIND, 1), (KIND, 4), ("talk", 5)]
    assert storage.check(deep=True) == []
    storage.close()


def kept(number: int, version: int, seq: int, *, kind: str = KIND, **fields: object) -> Record:
    defaults = {"data": {}, "index": {}, "updated_at": MOMENT, "schema": (1, 0)}
    return Record(kind=kind, id=id_of(number), version=version, seq=seq, **{**defaults, **fields})  # type: ignore[arg-type]  # by name


def test_bits_of_fields_never_change() -> None:
    """A field has another bit than in the files that exist, and "without a value" finds the wrong records."""
    fields = ["status", "kind", "start", "due", "name", "email", "organization", "contact", "interview", "exploration"]
    fields += ["external_id", "updated_at", "tag"]
    assert list(FIELD_BITS.items()) == [(IndexField(name), 1 << bit) for bit, name in enumerate(fields)]
    assert FIELD_BITS.keys() == set(IndexField), "a field without a bit cannot be written"
