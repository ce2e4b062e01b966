"""The file's format 1.0, written down. If a test here fails, files that people have can no longer be read as they are: that is a new
major, with a migration, or a new minor, with another test like these.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from infoint.storage import IndexField, Query
from infoint.storage.sqlite import SqliteStorage
from infoint.storage.sqlite_schema import FIELD_BITS, FORMAT
from infoint.testing.storage_case import KIND, MOMENT, WORKSPACE, asked, followed, got, put, tombstone, write

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
        text TEXT NOT NULL
    );
INSERT INTO "record" VALUES(1,1,'note',X'00000000000000000000000000000001',2,2,0,49,1,0,\
'2026-03-02T08:15:30.123456+00:00','{"name":["Ana"],"email":["b@oak.example","a@oak.example"],"status":[3]}','{"name":"Ana 工"}','Ana 工');
INSERT INTO "record" VALUES(2,1,'talk',X'00000000000000000000000000000002',2,2,1,0,1,0,'2026-03-02T08:15:30.123456+00:00','{}','{}','');
INSERT INTO "record" VALUES(3,2,'note',X'00000000000000000000000000000001',1,1,0,0,1,0,\
'2026-03-02T08:15:30.123456+00:00','{"due":[]}','{"number":"1"}','');
CREATE TABLE workspace (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        seq INTEGER NOT NULL
    );
INSERT INTO "workspace" VALUES(1,'ana@oak.example',2);
INSERT INTO "workspace" VALUES(2,'ben',1);
CREATE UNIQUE INDEX record_key ON record (workspace, kind, id);
CREATE UNIQUE INDEX record_feed ON record (workspace, seq, kind, id);
CREATE INDEX record_live ON record (workspace, kind, id, valued) WHERE deleted = 0;
CREATE INDEX entry_record ON entry (workspace, kind, id, field, value);
CREATE INDEX entry_further ON entry (workspace, kind, field) WHERE first = 0;
COMMIT;
"""


def test_file_of_format_1_0_is_written_so(tmp_path: Path) -> None:
    """Files are written in another way than format 1.0 says, without its number having changed."""
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
        assert "\n".join(connection.iterdump()) + "\n" == GOLDEN
        assert connection.execute("PRAGMA user_version").fetchone() == (1_000,)
        assert connection.execute("PRAGMA application_id").fetchone() == (0x696E666F,)
    assert FORMAT == (1, 0)


def test_file_of_format_1_0_can_be_read(tmp_path: Path) -> None:
    """A file that an earlier infoint of this major wrote is misread."""
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        connection.executescript(GOLDEN)
        connection.execute("PRAGMA user_version = 1000")
        connection.execute(f"PRAGMA application_id = {0x696E666F}")
    storage = SqliteStorage(tmp_path / "a.db")
    storage.open()
    assert storage.check(deep=True) == []
    record = got(storage, 1)
    assert record is not None
    assert (record.version, record.seq, record.updated_at, record.data) == (2, 2, MOMENT, {"name": "Ana 工"})
    assert record.index[IndexField.EMAIL] == ("b@oak.example", "a@oak.example")
    assert asked(storage, Query(kind=KIND, sort=IndexField.EMAIL)) == [1]
    assert [found.deleted for found in followed(storage, 10)[0]] == [False, True]
    assert put(storage, write(1, 2))[0].seq == 3
    assert list(storage.workspaces()) == [WORKSPACE, "ben"]
    storage.close()


def test_bits_of_fields_never_change() -> None:
    """A field has another bit than in the files that exist, and "without a value" finds the wrong records."""
    fields = ["status", "kind", "start", "due", "name", "email", "organization", "contact", "interview", "exploration"]
    fields += ["external_id", "updated_at", "tag"]
    assert list(FIELD_BITS.items()) == [(IndexField(name), 1 << bit) for bit, name in enumerate(fields)]
    assert FIELD_BITS.keys() == set(IndexField), "a field without a bit cannot be written"
