"""The format: tables, policies and grants, as numbered steps, and how a database is recognised as ours.

Every key is led by `workspace_id`; there are no sequences, triggers or advisory locks: so the same tables can be spread over a cluster by
the workspace. Row-level security is forced: a statement that forgot its filter sees the rows of the workspace named in the transaction's
setting `infoint.workspace`, and without one it sees none. `entry` is a side table of index values of live records.
"""

from collections.abc import Mapping, Sequence
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
            "CREATE POLICY listed ON $.workspace FOR SELECT USING (current_setting('infoint.listing', true) = 'on')",
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
    format = _format(wire, address)
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


def change_over(wire: Wire, address: Address, *, dry_run: bool) -> Sequence[str]:
    """Takes the steps there are to take, in one transaction: cut short, none was taken. Whoever comes second finds them taken.
    Gives them in words. Raises what `look` raises, and StorageError where the role may not.
    """
    wire.script("BEGIN")
    try:
        return _change_over(wire, address, dry_run=dry_run)
    finally:
        wire.undo()


def _change_over(wire: Wire, address: Address, *, dry_run: bool) -> Sequence[str]:
    if look(wire, address) is Found.CURRENT:
        return ()
    new_role = not wire.rows("SELECT 1 FROM pg_roles WHERE rolname = %s", address.role)
    new_schema = not wire.rows("SELECT 1 FROM pg_namespace WHERE nspname = %s", address.schema)
    format = _format(wire, address)
    steps = [step for step in STEPS if format is None or step.format > format]
    said = [
        *([f"make the role {address.role}, which nobody logs in as"] if new_role else []),
        *([f"make the schema {address.schema}"] if new_schema else []),
        *(step.said for step in steps),
    ]
    if dry_run:
        return said
    _demand_rights(wire, address, new_role=new_role, new_schema=new_schema)
    if new_role:
        wire.script(f"CREATE ROLE {address.role} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE")
    if new_schema:
        wire.script(f"CREATE SCHEMA {address.schema}")
    for step in steps:
        for statement in step.statements:
            wire.script(statement.replace("$", address.schema).replace("@", address.role))
        major, minor = step.format
        wire.do(f"UPDATE {address.schema}.format SET major = %s, minor = %s", major, minor)  # noqa: S608  # checked by Address
    if wire.connection.info.server_version >= 170_000:
        # Lets erase() VACUUM behind itself. Not a step: servers are replaced by newer ones.
        tables = ", ".join(f"{address.schema}.{table}" for table in TABLES)
        wire.script(f"GRANT MAINTAIN ON {tables} TO {address.role}")
    wire.script("COMMIT")
    return said


def index_words(wire: Wire, address: Address) -> None:
    """An index for searches, and PostgreSQL's leave to use it under row-level security: `@@` is not declared leakproof, so that without it
    rows are filtered one by one. What it could leak is whether a tsquery is well formed. Raises StorageError where the role is no superuser.
    """
    if wire.row("SELECT rolsuper FROM pg_roles WHERE rolname = current_user") != (True,):
        raise StorageError("only a superuser may say that a function of PostgreSQL is leakproof", place=address.place)
    wire.script(
        "BEGIN",
        "ALTER FUNCTION pg_catalog.ts_match_vq(tsvector, tsquery) LEAKPROOF",
        f"CREATE INDEX IF NOT EXISTS record_words ON {address.schema}.record USING gin (words)",
        "COMMIT",
    )


def may_make(wire: Wire, address: Address) -> bool:
    """Whether this role may set up what is not there: an app's may not, its owner's may."""
    asked = (
        "SELECT coalesce((SELECT has_schema_privilege(oid, 'CREATE') FROM pg_namespace WHERE nspname = %s),"
        " has_database_privilege(current_database(), 'CREATE'))"
    )
    row = wire.row(asked, address.schema)
    return bool(row and row[0])


def _demand_rights(wire: Wire, address: Address, *, new_role: bool, new_schema: bool) -> None:
    asked = "SELECT rolsuper, rolcreaterole, current_user FROM pg_roles WHERE rolname = current_user"
    is_super, may_make_roles, user = wire.row(asked) or (False, False, "")
    if is_super:
        return
    lacking = ""
    if new_role and not may_make_roles:
        lacking = f"CREATE ROLE {address.role} NOLOGIN"
    elif not may_make(wire, address):
        lacking = f"GRANT CREATE ON {'DATABASE' if new_schema else 'SCHEMA'} … TO {user}"
    if lacking:
        raise StorageError(f"{user} may not set it up; first, as an administrator: {lacking}", place=address.place)


def _check_server(wire: Wire) -> None:
    info = wire.connection.info
    if info.server_version < OLDEST_SERVER:
        raise StorageError("is older than PostgreSQL 14", place=wire.place)
    if (encoding := info.parameter_status("server_encoding")) != "UTF8":
        raise StorageError(f"keeps its text as {encoding}: make the database WITH ENCODING 'UTF8'", place=wire.place)


def _format(wire: Wire, address: Address) -> tuple[int, int] | None:
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
