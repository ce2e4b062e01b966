"""What storages share where records move house or leave for good. Knows no storage."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from infoint.errors import InvalidValue
from infoint.storage.records import Record, Write


def in_feed_order(records: Iterable[Record]) -> Iterator[Record]:
    """The records again. Raises InvalidValue at the first that does not come after the one before it in order of seq, kind and id."""
    before = (0, "", -1)
    for record in records:
        place = (record.seq, record.kind, record.id.int)
        if place <= before:
            problem = f"{record.kind} {record.id} of commit {record.seq} does not come after the record before it: load what `changes` gives"
            raise InvalidValue("Storage.load", "records", problem)
        before = place
        yield record


def is_newer(record: Record, have: Record | None) -> bool:
    """Whether a record that is loaded takes the place of what is there."""
    return have is None or record.version > have.version


def tombstone_of(record: Record, updated_at: datetime) -> Write:
    """The write that ends a record, at its version."""
    return Write(
        kind=record.kind,
        id=record.id,
        expect=record.version,
        updated_at=updated_at,
        schema=record.schema,
        data={},
        index={},
        deleted=True,
    )
