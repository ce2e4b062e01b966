"""What is left of records that are gone, taken out of a file."""

import sqlite3
from typing import Final

from infoint.storage.sqlite.search import has_index, make_index

BEYOND: Final = (
    "backups and copies that were made before",
    "what the file system or the disk keeps of blocks that were written over",
)
HELD: Final = (
    "the file and the log beside it, for as long as somebody reads an older state of it: erase again when they have finished"
)


def sweep(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Leaves nothing in the file, its free pages and its log that is in no record. Gives where copies may be still. Takes as long as
    copying the file. Native errors come out.
    """
    # Pages that are written are otherwise left with what stood between their cells.
    connection.execute("PRAGMA secure_delete = ON")
    make_index(connection)
    if has_index(connection):
        # Segments keep words that were taken out until they are merged.
        connection.execute("INSERT INTO words (words) VALUES ('optimize')")
    # Even with secure_delete a page that was split keeps, in its gaps, what moved to another (tried with SQLite 3.40): only a file that
    # is written anew holds nothing else.
    connection.execute("VACUUM")
    (held, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return (HELD, *BEYOND) if held else BEYOND
