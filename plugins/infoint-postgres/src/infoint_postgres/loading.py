"""Records of another storage, taken as they are: in batches, by COPY. Each batch is a commit, so that a load that was cut short goes on."""

from collections.abc import Iterable, Iterator, Sequence, Sized
from itertools import chain
from typing import Final

from infoint.storage.contract import Progress, Record, Report
from infoint.storage.moving import in_feed_order, is_newer
from infoint_postgres.connections import Connections
from infoint_postgres.keeping import claimed, count, get, new_commit, writing
from infoint_postgres.queries import Place
from infoint_postgres.rows import ENTERED, SAVED, entries_of, row_of
from infoint_postgres.wire import Wire

_BATCH: Final = 10_000
"""Records."""
_BATCH_TEXT: Final = 16_000_000
"""Characters of their texts, after which a batch is closed."""


def load(connections: Connections, place: Place, records: Iterable[Record], progress: Report | None) -> int:
    """How many were written. Raises InvalidValue where the order is another."""
    total = len(records) if isinstance(records, Sized) else None
    written = done = 0
    for batch in _batches(in_feed_order(records)):
        written += _load(connections, place, batch)
        done += len(batch)
        if progress:
            progress(Progress(done, total, "records"))
    return written


def _load(connections: Connections, place: Place, batch: Sequence[Record]) -> int:
    begin = writing(place.schema, connections.address.timeout)
    with connections.begun(*begin, workspace=place.workspace) as (wire, rows):
        row = claimed(wire, rows, place)
        # Nothing of a batch that lies behind all there is can be there already.
        have = get(wire, [record.key for record in batch], place) if row.seq else {}
        newer = [record for record in batch if is_newer(record, have.get(record.key))]
        if newer:
            _copy(wire, place, newer, [record for record in newer if record.key in have])
            seq = max(row.seq, newer[-1].seq)
            count(wire, row.after(newer, seq, new_commit(seq)), place)
            wire.script("COMMIT")
    return len(newer)


def _copy(wire: Wire, place: Place, records: Sequence[Record], older: Sequence[Record]) -> None:
    if older:
        sql = f"DELETE FROM {place.schema}.record WHERE workspace_id = %s AND kind = %s AND id = %s"  # noqa: S608  # checked by Address
        wire.all_of([(sql, [(place.workspace, record.kind, record.id) for record in older])])
    # PostgreSQL takes no COPY into a table with row-level security.
    for table, columns, rows in (
        ("record", SAVED, [row_of(record, place.workspace) for record in records]),
        ("entry", ENTERED, [(place.workspace, *entry) for record in records for entry in entries_of(record)]),
    ):
        wire.script(f"CREATE TEMPORARY TABLE loaded_{table} (LIKE {place.schema}.{table}) ON COMMIT DROP")
        wire.copy(f"COPY loaded_{table} ({columns}) FROM STDIN", rows)
        wire.script(f"INSERT INTO {place.schema}.{table} ({columns}) SELECT {columns} FROM loaded_{table}")  # noqa: S608  # constants


def _batches(records: Iterator[Record]) -> Iterator[list[Record]]:
    for first in records:
        batch, text = [], 0
        for record in chain([first], records):
            batch.append(record)
            text += len(record.text)
            if len(batch) >= _BATCH or text >= _BATCH_TEXT:
                break
        yield batch
