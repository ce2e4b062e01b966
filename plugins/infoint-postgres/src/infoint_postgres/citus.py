"""The tables spread over an existing Citus cluster by the workspace. What Citus does with them is its affair."""

from collections.abc import Sequence

from infoint.errors import Unsupported
from infoint_postgres.address import Address
from infoint_postgres.schema import TABLES
from infoint_postgres.wire import Wire


def has_citus(wire: Wire) -> bool:
    """Whether this database is part of a cluster, or could be."""
    return bool(wire.rows("SELECT 1 FROM pg_proc WHERE proname = 'create_distributed_table' LIMIT 1"))


def distribute(wire: Wire, address: Address) -> Sequence[str]:
    """In one transaction, the tables that are not spread yet, in the order in which they refer to one another. Gives their names.
    Raises Unsupported where there is no Citus.
    """
    if not has_citus(wire):
        raise Unsupported("has no Citus: the extension has to be there, and this server its coordinator", place=address.place)
    wire.script("BEGIN")
    try:
        done = _distributed(wire, address)
        tables = [f"{address.schema}.{table}" for table in TABLES]
        spread = []
        for table in tables:
            if table in done:
                continue
            # Rows of one workspace stand together, whichever table they are in: keys and references hold on one node.
            beside = "'default'" if table == tables[0] else wire.quoted(tables[0])
            wire.script(f"SELECT create_distributed_table({wire.quoted(table)}, 'workspace_id', colocate_with => {beside})")
            spread.append(table)
        wire.script("COMMIT")
        return spread
    finally:
        wire.undo()


def _distributed(wire: Wire, address: Address) -> set[str]:
    if not wire.rows("SELECT 1 FROM pg_class WHERE relname = 'pg_dist_partition'"):
        return set()
    sql = (
        "SELECT n.nspname || '.' || c.relname FROM pg_dist_partition AS p JOIN pg_class AS c ON c.oid = p.logicalrelid"
        " JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = %s"
    )
    return {name for (name,) in wire.rows(sql, address.schema)}
