"""What a server keeps of what was erased: taken away as far as the role may, and told where not."""

from collections.abc import Iterator
from typing import Final

from infoint.errors import InfointError, ReadOnly
from infoint_postgres.address import Address
from infoint_postgres.wire import Wire

_MAY: Final = (
    "SELECT bool_and(pg_has_role(relowner, 'USAGE') OR CASE WHEN current_setting('server_version_num')::integer >= 170000"
    " THEN has_table_privilege(c.oid, 'MAINTAIN') ELSE false END) FROM pg_class AS c"
    " JOIN pg_namespace AS n ON n.oid = relnamespace WHERE nspname = %s AND relname IN ('record', 'entry')"
)
_EMPTY: Final = (
    "SELECT relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace"
    " WHERE nspname = %s AND relname IN ('record', 'entry') AND reltuples = 0 ORDER BY 1"
)
_CLEAR: Final = (
    "SELECT pg_clear_attribute_stats(n.nspname::text, c.relname::text, a.attname::text, false) FROM pg_attribute AS a"
    " JOIN pg_class AS c ON c.oid = attrelid JOIN pg_namespace AS n ON n.oid = relnamespace"
    " WHERE nspname = %s AND relname = ANY(%s) AND attnum > 0 AND NOT attisdropped"
)
_CLEARS: Final = 180_000
"""The PostgreSQL that lets statistics be taken away."""


def clean_up(wire: Wire, address: Address) -> Iterator[str]:
    """VACUUM, which takes older versions of rows away, and ANALYZE: the statistics of the planner are samples of values. Gives in words
    where something may be still.
    """
    schema = address.schema
    try:
        may = wire.row(_MAY, schema)
        if not (may and may[0]):
            raise ReadOnly(place=address.place)
        wire.script(f"VACUUM (ANALYZE, TRUNCATE false) {schema}.record, {schema}.entry")
        kept = _unsampled(wire, schema)
    except InfointError as error:
        yield (
            "older versions of the rows, and samples of their values in the server's statistics (pg_statistic), until the owner runs VACUUM"
            f" (ANALYZE) {schema}.record, {schema}.entry ({type(error).__name__} here)"
        )
    else:
        yield (
            "free space within the data files, until it is used again or the owner runs VACUUM FULL; and what sessions that "
            "are still open may read, until the next VACUUM"
        )
        yield "older versions of the server's statistics (pg_statistic), which sampled values, until the owner of the database runs VACUUM FULL on it"
        for table in kept:
            yield (
                f"samples of values in the server's statistics (pg_statistic) of the table {table}: it is empty now, and ANALYZE passes"
                " over it until it holds rows again"
            )
    yield "the write-ahead log, until it is recycled, and wherever it is archived"
    yield "replicas and backups made before, and the server's log where it keeps statements"


def _unsampled(wire: Wire, schema: str) -> list[str]:
    """Tables whose statistics are of rows that are gone, and stay: ANALYZE leaves alone those of an empty table."""
    empty = [table for (table,) in wire.rows(_EMPTY, schema)]
    if not empty or wire.connection.info.server_version < _CLEARS:
        return empty
    wire.rows(_CLEAR, schema, empty)
    return []
