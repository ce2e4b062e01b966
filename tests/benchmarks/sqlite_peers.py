"""What the SQLite storage is measured against: the same work written by hand over sqlite3, and over SQLAlchemy's ORM. Both keep the
records, what they are found by, their words, versions and a feed of changes; nothing else.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BLOB,
    Engine,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    create_engine,
    event,
    select,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from infoint.model import FollowUp, FollowUpKind, FollowUpStatus
from infoint.storage import Write

TABLES = """
    CREATE TABLE workspace (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, seq INTEGER NOT NULL);
    CREATE TABLE record (
        row INTEGER PRIMARY KEY, workspace INTEGER NOT NULL, kind TEXT NOT NULL, id BLOB NOT NULL, version INTEGER NOT NULL,
        seq INTEGER NOT NULL, deleted INTEGER NOT NULL, schema_major INTEGER NOT NULL, schema_minor INTEGER NOT NULL,
        updated_at TEXT NOT NULL, indexed TEXT NOT NULL, data TEXT NOT NULL, text TEXT NOT NULL
    );
    CREATE UNIQUE INDEX record_key ON record (workspace, kind, id);
    CREATE UNIQUE INDEX record_feed ON record (workspace, seq, kind, id);
    CREATE TABLE entry (
        workspace INTEGER NOT NULL, kind TEXT NOT NULL, field TEXT NOT NULL, value NOT NULL, id BLOB NOT NULL,
        PRIMARY KEY (workspace, kind, field, value, id)
    ) WITHOUT ROWID;
    CREATE INDEX entry_record ON entry (workspace, kind, id);
    CREATE VIRTUAL TABLE words USING fts5(text, content='', columnsize=0, detail=none);
"""
COLUMNS = "r.kind, r.id, r.version, r.seq, r.updated_at, r.schema_major, r.schema_minor, r.indexed, r.data, r.deleted, r.text"
LATEST = "2026-12-01"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def dumped(value: object) -> str:
    """Compact JSON, as ours."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


class Plain(NamedTuple):
    """What is put by hand."""

    kind: str
    id: UUID
    version: int
    updated_at: datetime
    schema: tuple[int, int]
    data: dict[str, Any]
    index: dict[str, tuple[Any, ...]]
    text: str

    @classmethod
    def of(cls, write: Write) -> "Plain":
        """The same as ours, in plain types."""
        index = {field.value: tuple(values) for field, values in write.index.items()}
        return cls(
            write.kind,
            write.id,
            write.expect or 0,
            write.updated_at,
            write.schema,
            json.loads(json.dumps(write.data)),
            index,
            write.text,
        )


class ByHand:
    """One workspace in one file; one connection."""

    def __init__(self, path: Path) -> None:
        """Makes it."""
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = FULL")
        self.connection.executescript(TABLES)
        self.connection.execute("INSERT INTO workspace VALUES (1, 'ana', 0)")

    def put(self, writes: Iterable[Plain]) -> None:
        """One durable commit; each write checked against the version it expects."""
        execute = self.connection.execute
        execute("BEGIN IMMEDIATE")
        (seq,) = execute("SELECT seq FROM workspace WHERE key = 'ana'").fetchone()
        rows, entries, words = [], [], []
        for write in writes:
            key = (1, write.kind, write.id.bytes)
            found = execute("SELECT row, version, text FROM record WHERE workspace = ? AND kind = ? AND id = ?", key).fetchone()
            if (found[1] if found else 0) != write.version:
                raise RuntimeError
            if found:
                execute("INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)", (found[0], found[2]))
                execute("DELETE FROM entry WHERE workspace = ? AND kind = ? AND id = ?", key)
                execute("DELETE FROM record WHERE row = ?", (found[0],))
            rows.append(
                (*key, write.version + 1, seq + 1, 0, *write.schema, write.updated_at.isoformat(),
                 dumped(write.index), dumped(write.data), write.text)
            )  # fmt: skip
            entries += [(1, write.kind, field, value, key[2]) for field, values in write.index.items() for value in values]
            words.append(write.text)
        (last,) = execute("SELECT coalesce(max(row), 0) FROM record").fetchone()
        numbered = [(last + number, *row) for number, row in enumerate(rows, start=1)]
        self.connection.executemany("INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", numbered)
        self.connection.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?)", entries)
        texts = [(last + number, text) for number, text in enumerate(words, start=1) if text]
        self.connection.executemany("INSERT INTO words (rowid, text) VALUES (?, ?)", texts)
        execute("UPDATE workspace SET seq = ? WHERE id = 1", (seq + 1,))
        execute("COMMIT")

    def get(self, kind: str, id: UUID) -> tuple[Any, ...]:
        """One record, its columns as values."""
        statement = f"SELECT {COLUMNS} FROM record AS r WHERE r.workspace = ? AND r.kind = ? AND r.id = ?"  # noqa: S608  # constants
        return values_of(self.connection.execute(statement, (1, kind, id.bytes)).fetchone())

    def due(self, limit: int) -> list[tuple[Any, ...]]:
        """Open follow-ups due before a day, in order of due."""
        statement = f"""
            SELECT {COLUMNS} FROM entry AS d CROSS JOIN record AS r ON r.workspace = d.workspace AND r.kind = d.kind AND r.id = d.id
            WHERE d.workspace = 1 AND d.kind = 'follow-up' AND d.field = 'due' AND d.value < ? ORDER BY d.value, d.id LIMIT ?"""  # noqa: S608  # constants
        return [values_of(row) for row in self.connection.execute(statement, (LATEST, limit))]

    def all(self) -> list[tuple[Any, ...]]:
        """Every record."""
        return [values_of(row) for row in self.connection.execute(f"SELECT {COLUMNS} FROM record AS r ORDER BY id")]  # noqa: S608  # constants

    def session(self, kind: str, id: UUID) -> tuple[Any, ...]:
        """As `get`, in a transaction of its own, as one who may not know the workspace."""
        self.connection.execute("BEGIN")
        self.connection.execute("SELECT id, seq FROM workspace WHERE key = 'ana'").fetchone()
        found = self.get(kind, id)
        self.connection.execute("ROLLBACK")
        return found


def values_of(row: Sequence[Any]) -> tuple[Any, ...]:
    """A row's columns as what they mean."""
    kind, id, version, seq, updated_at, major, minor, indexed, data, deleted, text = row
    index = json.loads(indexed)
    return (
        kind,
        UUID(bytes=id),
        version,
        seq,
        datetime.fromisoformat(updated_at),
        (major, minor),
        index,
        json.loads(data),
        bool(deleted),
        text,
    )


# ── typed values ─────────────────────────────────────────────────────────────────────────────────
def plain_of(one: FollowUp) -> Plain:
    """A follow-up as it is kept, written out field by field: what the codec does for every class."""
    data = {
        "id": str(one.id),
        "custom": dict(one.custom),
        "edited_at": _zoned(one.edited_at),
        "kind": str(one.kind),
        "due": one.due.isoformat(),
        "due_at": _zoned(one.due_at),
        "postponed_until": one.postponed_until.isoformat() if one.postponed_until else None,
        "contact_id": str(one.contact_id) if one.contact_id else None,
        "interview_id": str(one.interview_id) if one.interview_id else None,
        "anchor": one.anchor,
        "occurrence": one.occurrence,
        "summary": one.summary,
        "status": one.status.value,
        "settled_at": _zoned(one.settled_at),
        "reason": one.reason,
        "obligatory": one.obligatory,
        "draft": one.draft,
        "revision": one.revision,
        "revised_at": _zoned(one.revised_at),
    }
    index = {
        "kind": (str(one.kind),),
        "status": (one.status.value,),
        "due": (one.due.isoformat(),),
        "contact": (str(one.contact_id),) if one.contact_id else (),
        "interview": (str(one.interview_id),) if one.interview_id else (),
    }
    return Plain("follow-up", one.id, one.version, NOW, (1, 0), data, index, "\n".join(filter(None, (one.summary, one.draft))))


def value_of(data: dict[str, Any], version: int) -> FollowUp:
    """The same way back."""
    return FollowUp(
        id=UUID(data["id"]),
        custom=data["custom"],
        edited_at=_moment(data["edited_at"]),
        version=version,
        kind=FollowUpKind(data["kind"]),
        due=date.fromisoformat(data["due"]),
        due_at=_moment(data["due_at"]),
        postponed_until=date.fromisoformat(data["postponed_until"]) if data["postponed_until"] else None,
        contact_id=UUID(data["contact_id"]) if data["contact_id"] else None,
        interview_id=UUID(data["interview_id"]) if data["interview_id"] else None,
        anchor=data["anchor"],
        occurrence=data["occurrence"],
        summary=data["summary"],
        status=FollowUpStatus(data["status"]),
        settled_at=_moment(data["settled_at"]),
        reason=data["reason"],
        obligatory=data["obligatory"],
        draft=data["draft"],
        revision=data["revision"],
        revised_at=_moment(data["revised_at"]),
    )


def _zoned(moment: datetime | None) -> str | None:
    return f"{moment.isoformat()}[{moment.tzinfo}]" if moment else None


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    clock, _, zone = text.partition("[")
    return datetime.fromisoformat(clock).astimezone(ZoneInfo(zone[:-1]))


# ── SQLAlchemy ───────────────────────────────────────────────────────────────────────────────────
class Base(DeclarativeBase):
    """The ORM's root."""


class RecordRow(Base):
    """A record."""

    __tablename__ = "record"
    workspace: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String, primary_key=True)
    id: Mapped[bytes] = mapped_column(BLOB, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    seq: Mapped[int] = mapped_column(Integer)
    deleted: Mapped[int] = mapped_column(Integer)
    schema_major: Mapped[int] = mapped_column(Integer)
    schema_minor: Mapped[int] = mapped_column(Integer)
    updated_at: Mapped[str] = mapped_column(String)
    data: Mapped[str] = mapped_column(String)
    text: Mapped[str] = mapped_column(String)
    entries: Mapped[list["EntryRow"]] = relationship(cascade="all, delete-orphan", lazy="raise")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's way
    __table_args__ = (Index("record_feed", "workspace", "seq", "kind", "id", unique=True),)


class EntryRow(Base):
    """A value it is found by."""

    __tablename__ = "entry"
    workspace: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String, primary_key=True)
    field: Mapped[str] = mapped_column(String, primary_key=True)
    value: Mapped[str] = mapped_column(String, primary_key=True)
    id: Mapped[bytes] = mapped_column(BLOB, primary_key=True)
    __table_args__ = (
        ForeignKeyConstraint(["workspace", "kind", "id"], ["record.workspace", "record.kind", "record.id"]),
        Index("entry_record", "workspace", "kind", "id"),
    )


class WorkspaceRow(Base):
    """A workspace's count."""

    __tablename__ = "workspace"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    seq: Mapped[int] = mapped_column(Integer)


class ByOrm:
    """As ByHand. Without words: an ORM has no name for them."""

    def __init__(self, path: Path) -> None:
        """Makes it."""
        self.engine: Engine = create_engine(f"sqlite:///{path}")
        event.listen(self.engine, "connect", _set_up)
        Base.metadata.create_all(self.engine)
        with Session(self.engine) as session:
            session.add(WorkspaceRow(id=1, seq=0))
            session.commit()

    def put(self, writes: Iterable[Plain]) -> None:
        """One commit of new records."""
        with Session(self.engine) as session:
            workspace = session.get_one(WorkspaceRow, 1)
            workspace.seq += 1
            for write in writes:
                lead = {"workspace": 1, "kind": write.kind, "id": write.id.bytes}
                entries = [
                    EntryRow(**lead, field=field, value=value) for field, values in write.index.items() for value in values
                ]
                row = RecordRow(
                    **lead, seq=workspace.seq, deleted=0, schema_major=write.schema[0], schema_minor=write.schema[1],
                    updated_at=write.updated_at.isoformat(), data=dumped(write.data), text=write.text, entries=entries,
                )  # fmt: skip
                session.add(row)
            session.commit()

    def get(self, kind: str, id: UUID) -> tuple[Any, ...]:
        """One record, in a session of its own."""
        with Session(self.engine) as session:
            return _told(session.get_one(RecordRow, (1, kind, id.bytes)))

    def due(self, limit: int) -> list[tuple[Any, ...]]:
        """As ByHand."""
        statement = (
            select(RecordRow)
            .join(
                EntryRow,
                (EntryRow.workspace == RecordRow.workspace) & (EntryRow.kind == RecordRow.kind) & (EntryRow.id == RecordRow.id),
            )
            .where(EntryRow.workspace == 1, EntryRow.kind == "follow-up", EntryRow.field == "due", EntryRow.value < LATEST)
            .order_by(EntryRow.value, EntryRow.id)
            .limit(limit)
        )
        with Session(self.engine) as session:
            return [_told(row) for row in session.scalars(statement)]


def _told(row: RecordRow) -> tuple[Any, ...]:
    return (
        row.kind,
        UUID(bytes=row.id),
        row.version,
        row.seq,
        datetime.fromisoformat(row.updated_at),
        json.loads(row.data),
        row.text,
    )


def _set_up(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
