"""Looks a database over. Changes nothing and repairs nothing."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from infoint.errors import Corrupt
from infoint_postgres.address import Address
from infoint_postgres.queries import Place
from infoint_postgres.rows import COLUMNS, KNOWN, Traits, WorkspaceRow, entries_of, marked, newer_of, record_of, valued
from infoint_postgres.schema import FIELDS, POLICIES, STEPS, TABLES, format_there
from infoint_postgres.wire import Row, Wire

_PAGE: Final = 1_000
"""Records that are looked at in one go."""
_NUMBERS: Final = frozenset(FIELDS.values())


def check_set_up(wire: Wire, address: Address) -> Iterator[str]:
    """What would let somebody see what is not theirs, and indexes that are not used."""
    role = wire.row("SELECT current_user, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
    if role and role[1]:
        yield f"the role {role[0]} is not held to row-level security: give apps one that is a member of {address.role} and no superuser"
    tables = (
        "SELECT c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
        " WHERE n.nspname = %s AND c.relname = ANY(%s) AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"
    )
    for (name,) in wire.rows(tables, address.schema, list(TABLES)):
        remedy = f"ALTER TABLE {address.schema}.{name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"
        yield f"table {name}: row-level security is not forced; as the owner: {remedy}"
    yield from _check_policies(wire, address)
    indexes = (
        "SELECT i.indexrelid::regclass::text FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid"
        " JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = %s AND NOT (i.indisvalid AND i.indisready)"
    )
    for (name,) in wire.rows(indexes, address.schema):
        yield f"index {name}: was not finished; REINDEX it, as the owner"


def _check_policies(wire: Wire, address: Address) -> Iterator[str]:
    """Policies are added up: one that shows more than it should is as good as none."""
    asked = (
        "SELECT tablename, policyname, permissive = 'PERMISSIVE' AND roles = '{public}', cmd, qual, with_check FROM pg_policies"
        " WHERE schemaname = %s AND tablename = ANY(%s)"
    )
    found = {(table, name): rest for table, name, *rest in wire.rows(asked, address.schema, list(TABLES))}
    for (table, name), expected in POLICIES.items():
        if (table, name) not in found:
            yield f"table {table}: its policy {name} is missing"
            continue
        is_for_all, *rules = found[table, name]
        if not is_for_all or [_plain(rule) for rule in rules] != [_plain(rule) for rule in expected]:
            yield f"table {table}: its policy {name} is not as it was set up"
    # What a newer minor adds is its own business.
    if format_there(wire, address) == STEPS[-1].format:
        for table, name in sorted(found.keys() - POLICIES.keys()):
            doubled = name.replace('"', '""')
            remedy = f'DROP POLICY "{doubled}" ON {address.schema}.{table}'
            yield (
                f"table {table}: the policy {name} is somebody else's, and may show rows to whom they are not for;"
                f" as the owner: {remedy}"
            )


def _plain(rule: str | None) -> str | None:
    """The server writes a rule down again in its own way, with types and parentheses."""
    return rule and re.sub(r"::text|[\s()]", "", rule)


def check_workspace_rows(wire: Wire, row: WorkspaceRow, place: Place) -> Iterator[str]:
    """Whether a workspace's records are found by what they hold; after `reading`."""
    highest = wire.row(f"SELECT coalesce(max(seq), 0) FROM {place.schema}.record WHERE workspace_id = %s", place.workspace)  # noqa: S608  # checked by Address
    if highest is None or highest[0] != row.seq:
        yield f"workspace {place.workspace!r}: its count of commits is not that of its records"
    elif not row.knows_its_commits():
        yield f"workspace {place.workspace!r}: the ids of its commits are none, or not those of its count"
    for page in _pages(wire, place):
        kept = _entries(wire, page, place)
        for columns, bits, words in page:
            try:
                record = record_of(columns, place.server)
            except Corrupt as error:
                yield str(error)
                continue
            name = f"{record.kind} {record.id}"
            expected = {(entry.field, entry.value, entry.first) for entry in entries_of(record)}
            entered = kept.get((record.kind, record.id), set())
            if not newer_of(columns):
                is_found = entered == expected and bits == valued(record)
            else:
                # What a newer minor is found by, it alone can tell.
                known = {entry for entry in entered if entry[0] in _NUMBERS}
                is_found = known == expected and bits & KNOWN == valued(record)
            if not is_found:
                yield f"{name}: its index values are not those it is found by"
            if set(words or ()) != set(marked(record.text, place.workspace)):
                yield f"{name}: its words are not those it is found by"
            traits = row.traits.get(record.kind, Traits())
            if not traits.cover(record):
                yield f"{name}: is not as its workspace tells of its kind"


def _pages(wire: Wire, place: Place) -> Iterator[list[tuple[Row, int, list[str] | None]]]:
    after: tuple[str, str] = ("", "00000000-0000-0000-0000-000000000000")
    sql = (
        f"SELECT {COLUMNS}, r.valued, tsvector_to_array(r.words) FROM {place.schema}.record AS r"  # noqa: S608  # checked by Address
        f" WHERE r.workspace_id = %s AND (r.kind, r.id) > (%s, %s::uuid) ORDER BY r.kind, r.id LIMIT {_PAGE}"
    )
    while rows := wire.rows(sql, place.workspace, *after):
        yield [(row[:-2], row[-2], row[-1]) for row in rows]
        after = (rows[-1][0], str(rows[-1][1]))


def _entries(wire: Wire, page: Sequence[tuple[Row, int, list[str] | None]], place: Place) -> dict[Row, set[Row]]:
    sql = (
        f"SELECT e.kind, e.id, e.field, e.value, e.first FROM {place.schema}.entry AS e"  # noqa: S608  # checked by Address
        " JOIN unnest(%s::text[], %s::uuid[]) AS k (kind, id) ON e.kind = k.kind AND e.id = k.id WHERE e.workspace_id = %s"
    )
    found: dict[Row, set[Row]] = {}
    rows = wire.rows(sql, [columns[0] for columns, _, _ in page], [columns[1] for columns, _, _ in page], place.workspace)
    for kind, id, *entry in rows:
        found.setdefault((kind, id), set()).add(tuple(entry))
    return found
