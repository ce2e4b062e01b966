"""The format: tables, policies and grants, as numbered steps, and how a database is recognised as ours.

Every key is led by `workspace_id`; there are no sequences, triggers or advisory locks: so the same tables can be spread over a cluster by
the workspace. Row-level security is forced: a statement that forgot its filter sees the rows of the workspace named in the transaction's
setting `infoint.workspace`, and without one it sees none. `entry` is a side table of index values of live records.
"""

from collections.abc import Mapping
from enum import Enum, auto
from typing import Final

from attrs import frozen

from infoint.errors import Corrupt, FormatTooNew, MigrationRequired, NotFound, NotOurs, StorageError
from infoint.storage.contract import IndexField
from infoint_postgres.address import Address
from infoint_postgres.wire import Wire

OLDEST_SERVER: Final = 140_000
"""PostgreSQL 14."""
TABLES: Final = ("workspace", "record", "entry")
"""In the order in which they refer to one another."""

FIELDS: Final[Mapping[IndexField, int]] = {
    # Part of the format: a new field takes the next number, and no number ever changes.
    IndexField.STATUS: 0,
    IndexField.KIND: 1,
    IndexField.START: 2,
    IndexField.DUE: 3,
    IndexField.NAME: 4,
    IndexField.EMAIL: 5,
    IndexField.ORGANIZATION: 6,
    IndexField.CONTACT: 7,
    IndexField.INTERVIEW: 8,
    IndexField.EXPLORATION: 9,
    IndexField.EXTERNAL_ID: 10,
    IndexField.UPDATED_AT: 11,
    IndexField.TAG: 12,
}

_MINE: Final = "workspace_id = current_setting('infoint.workspace', true)"
_LISTED: Final = "current_setting('infoint.listing', true) = 'on'"
POLICIES: Final[Mapping[tuple[str, str], tuple[str, str | None, str | None]]] = {
    **{(table, "mine"): ("ALL", _MINE, _MINE) for table in TABLES},
    ("workspace", "listed"): ("SELECT", _LISTED, None),
}
"""What the steps come to: by table and name the command, what is shown, and what may be written. All are for everybody."""


@frozen
class Step:
    """One change of the format. Steps are added at the end; what was released is never altered."""

    format: tuple[int, int]
    """Major, minor after it. A newer minor is readable by an older infoint and keeps what that writes."""
    said: str
    statements: tuple[str, ...]
    """`$` is the schema, `@` the role of apps."""


STEPS: Final[list[Step]] = [
    Step(
        (1, 0),
        "make tables with row-level security, and grant them to the role of apps",
        (
            "CREATE TABLE $.format (major integer NOT NULL, minor integer NOT NULL, program text NOT NULL)",
            """CREATE TABLE $.workspace (
                workspace_id text COLLATE "C" PRIMARY KEY,
                seq bigint NOT NULL,
                commits text[] NOT NULL,
                traits json NOT NULL
            )""",
            """CREATE TABLE $.record (
                workspace_id text COLLATE "C" NOT NULL REFERENCES $.workspace ON DELETE CASCADE,
                kind text COLLATE "C" NOT NULL,
                id uuid NOT NULL,
                version integer NOT NULL,
                seq bigint NOT NULL,
                deleted boolean NOT NULL,
                valued integer NOT NULL,
                schema_major integer NOT NULL,
                schema_minor integer NOT NULL,
                updated_at timestamp NOT NULL,
                indexed json NOT NULL,
                data json NOT NULL,
                text text NOT NULL,
                words tsvector,
                PRIMARY KEY (workspace_id, kind, id)
            )""",
            """CREATE TABLE $.entry (
                workspace_id text COLLATE "C" NOT NULL,
                kind text COLLATE "C" NOT NULL,
                field smallint NOT NULL,
                value text COLLATE "C" NOT NULL,
                id uuid NOT NULL,
                first boolean NOT NULL,
                PRIMARY KEY (workspace_id, kind, field, value, id),
                FOREIGN KEY (workspace_id, kind, id) REFERENCES $.record ON DELETE CASCADE
            )""",
            "CREATE UNIQUE INDEX record_feed ON $.record (workspace_id, seq, kind, id)",
            "CREATE INDEX record_live ON $.record (workspace_id, kind, id) INCLUDE (valued) WHERE NOT deleted",
            "CREATE INDEX entry_record ON $.entry (workspace_id, kind, id, field, value)",
            "COMMENT ON COLUMN $.record.updated_at IS 'UTC'",
            "COMMENT ON COLUMN $.entry.value IS '0 and the number plus 2^53 as 14 hexadecimal digits, or 1 and the text'",
            *(
                statement
                for table in TABLES
                for statement in (
                    f"ALTER TABLE $.{table} ENABLE ROW LEVEL SECURITY",
                    f"ALTER TABLE $.{table} FORCE ROW LEVEL SECURITY",
                    f"CREATE POLICY mine ON $.{table} USING ({_MINE}) WITH CHECK ({_MINE})",
                )
            ),
            # Who lists the keys asks for just that; rows of records it shows none.
            f"CREATE POLICY listed ON $.workspace FOR SELECT USING ({_LISTED})",
            "GRANT USAGE ON SCHEMA $ TO @",
            "GRANT SELECT ON $.format TO @",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON $.workspace, $.record, $.entry TO @",
            "INSERT INTO $.format VALUES (1, 0, 'infoint')",
        ),
    ),
]


class Found(Enum):
    """What is in the schema."""

    NOTHING = auto()
    OLDER = auto()
    CURRENT = auto()


def look(wire: Wire, address: Address) -> Found:
    """Raises NotOurs, FormatTooNew, Corrupt, and StorageError for a server that does not do."""
    _check_server(wire)
    format = format_there(wire, address)
    if format is None:
        return Found.NOTHING
    if format[0] > STEPS[-1].format[0]:
        raise FormatTooNew(place=address.place)
    return Found.CURRENT if format >= STEPS[-1].format else Found.OLDER


def demand_current(wire: Wire, address: Address) -> None:
    """Raises NotFound, MigrationRequired, and what `look` raises."""
    match look(wire, address):
        case Found.NOTHING:
            raise not_found(address)
        case Found.OLDER:
            raise MigrationRequired(
                "was set up by an older infoint; its owner (not the role of an app) can change it over", place=address.place
            )
        case Found.CURRENT:
            pass


def not_found(address: Address) -> NotFound:
    """Nothing is in the schema."""
    remedy = "check the spelling, or let the owner of the database set it up, once: python -m infoint_postgres set-up URL"
    return NotFound("storage", f"{address.place} (schema {address.schema})", remedy=remedy)


def _check_server(wire: Wire) -> None:
    info = wire.connection.info
    if info.server_version < OLDEST_SERVER:
        raise StorageError("is older than PostgreSQL 14", place=wire.place)
    if (encoding := info.parameter_status("server_encoding")) != "UTF8":
        raise StorageError(f"keeps its text as {encoding}: make the database WITH ENCODING 'UTF8'", place=wire.place)


def format_there(wire: Wire, address: Address) -> tuple[int, int] | None:
    """Major and minor; None = there is nothing. Raises NotOurs and Corrupt."""
    asked = (
        "SELECT c.relname, c.relkind IN ('r', 'p'), coalesce((SELECT array_agg(attname::text) FROM pg_attribute"
        " WHERE attrelid = c.oid AND attnum > 0), '{}')"
        " FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = %s AND c.relname = ANY(%s)"
    )
    found = {name: (is_table, columns) for name, is_table, columns in wire.rows(asked, address.schema, ["format", *TABLES])}
    if not found:
        return None
    where = f"{address.place} (schema {address.schema})"
    is_table, columns = found.get("format", (False, []))
    if not is_table or not {"major", "minor", "program"} <= set(columns):
        raise NotOurs("holds tables of another program; name another with ?schema=", place=where)
    rows = wire.rows(f"SELECT major, minor, program FROM {address.schema}.format")  # noqa: S608  # checked by Address
    if len(rows) != 1 or rows[0][2] != "infoint":
        raise NotOurs(place=where)
    if missing := sorted(set(TABLES) - found.keys()):
        raise Corrupt(f"has lost its table {missing[0]}", place=where)
    return rows[0][0], rows[0][1]
