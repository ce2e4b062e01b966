"""Making tables and changing them over: the owner's business, whoever else of them may be at it. The format itself is in `schema`."""

from collections.abc import Sequence
from typing import Final

from attrs import frozen

from infoint.errors import InfointError, Retryable, StorageError
from infoint_postgres import schema
from infoint_postgres.address import Address
from infoint_postgres.schema import TABLES, Found, format_there, look
from infoint_postgres.wire import Wire

_ATTEMPTS: Final = 10
"""To make or change what others are making or changing at the same time."""


@frozen
class _Plan:
    """What there is, and what has to be done about it."""

    format: tuple[int, int] | None
    new_role: bool
    new_schema: bool
    steps: tuple[schema.Step, ...]

    @classmethod
    def now(cls, wire: Wire, address: Address) -> "_Plan":
        if look(wire, address) is Found.CURRENT:
            return cls(schema.STEPS[-1].format, new_role=False, new_schema=False, steps=())
        format = format_there(wire, address)
        return cls(
            format,
            new_role=not wire.rows("SELECT 1 FROM pg_roles WHERE rolname = %s", address.role),
            new_schema=not wire.rows("SELECT 1 FROM pg_namespace WHERE nspname = %s", address.schema),
            steps=tuple(step for step in schema.STEPS if format is None or step.format > format),
        )

    def said(self, address: Address) -> Sequence[str]:
        if not self.steps:
            return ()
        return [
            *([f"make the role {address.role}, which nobody logs in as"] if self.new_role else []),
            *([f"make the schema {address.schema}"] if self.new_schema else []),
            *(step.said for step in self.steps),
        ]


def change_over(wire: Wire, address: Address, *, dry_run: bool) -> Sequence[str]:
    """Takes the steps there are to take, in one transaction: cut short, none was taken. Of several that begin together one takes them, and
    the others wait and find them taken. Gives in words what was taken here. Raises what `look` raises, and StorageError where the role
    may not.
    """
    attempt = 0
    while True:
        attempt += 1
        plan = _Plan.now(wire, address)
        if dry_run or not plan.steps:
            return plan.said(address)
        _demand_rights(wire, address, plan)
        wire.script("BEGIN ISOLATION LEVEL READ COMMITTED")
        try:
            return _carry_out(wire, address, plan)
        except InfointError as error:
            wire.undo()
            # Two that make the same name at once: the server tells the second so in many ways, and only after the first has committed.
            lost_a_race = not wire.is_lost and (isinstance(error, Retryable) or _Plan.now(wire, address) != plan)
            if attempt == _ATTEMPTS or not lost_a_race:
                raise
        finally:
            wire.undo()


def _carry_out(wire: Wire, address: Address, plan: _Plan) -> Sequence[str]:
    if plan.format is not None:
        # Waits for whoever else is changing it over; for what is not there yet nothing can be waited for.
        wire.rows(f"SELECT 1 FROM {address.schema}.format FOR UPDATE")  # noqa: S608  # checked by Address
        plan = _Plan.now(wire, address)
        if not plan.steps:
            return ()
    if plan.new_role:
        wire.script(f"CREATE ROLE {address.role} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE")
    if plan.new_schema:
        wire.script(f"CREATE SCHEMA {address.schema}")
    for step in plan.steps:
        for statement in step.statements:
            wire.script(statement.replace("$", address.schema).replace("@", address.role))
        major, minor = step.format
        wire.do(f"UPDATE {address.schema}.format SET major = %s, minor = %s", major, minor)  # noqa: S608  # checked by Address
    if wire.connection.info.server_version >= 170_000:
        # Lets erase() clean up behind itself. Not a step: servers are replaced by newer ones.
        tables = ", ".join(f"{address.schema}.{table}" for table in TABLES)
        wire.script(f"GRANT MAINTAIN ON {tables} TO {address.role}")
    wire.script("COMMIT")
    return plan.said(address)


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


def _demand_rights(wire: Wire, address: Address, plan: _Plan) -> None:
    asked = "SELECT rolsuper, rolcreaterole, current_user FROM pg_roles WHERE rolname = current_user"
    is_super, may_make_roles, user = wire.row(asked) or (False, False, "")
    if is_super:
        return
    lacking = ""
    if plan.new_role and not may_make_roles:
        lacking = f"CREATE ROLE {address.role} NOLOGIN"
    elif not may_make(wire, address):
        lacking = f"GRANT CREATE ON {'DATABASE' if plan.new_schema else 'SCHEMA'} … TO {user}"
    if lacking:
        raise StorageError(f"{user} may not set it up; first, as an administrator: {lacking}", place=address.place)
