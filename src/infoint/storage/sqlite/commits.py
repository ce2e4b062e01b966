"""What a workspace's row says: its commits so far, the ids of the latest, and how many places it has given (see `search`)."""

import re
import secrets
import sqlite3
from typing import Final, Self

from attrs import evolve, frozen

from infoint.errors import CommitUnknown
from infoint.storage.sqlite.search import new_row

REMEMBERED: Final = 12
"""Ids that are kept with each workspace."""
_NO_ROW: Final = -1
"""A row that no workspace has: what is asked of one that does not exist yet finds nothing."""
_ID: Final = re.compile(r"([0-9]{1,18})-[0-9a-f]{16}")


@frozen
class Head:
    """The row as it was read, or as it will be."""

    row: int
    count: int
    commits: str
    """Ids, apart by spaces, the latest last. Each begins with the count it made."""
    places: int

    @classmethod
    def read(cls, connection: sqlite3.Connection, workspace: str) -> Self:
        """Of a workspace that need not exist. Native errors come out."""
        found = connection.execute("SELECT id, count, commits, places FROM workspace WHERE key = ?", (workspace,)).fetchone()
        return cls(*found) if found else cls(_NO_ROW, 0, "", 0)

    @property
    def exists(self) -> bool:
        """Whether it has a row."""
        return self.row != _NO_ROW

    @property
    def id(self) -> str:
        """Of the last commit."""
        return self.commits.rpartition(" ")[2] or str(self.count)

    def made(self, connection: sqlite3.Connection, workspace: str) -> Self:
        """Itself, or with a row that is made now. Native errors come out."""
        if self.exists:
            return self
        row = new_row(connection)
        connection.execute("INSERT INTO workspace (id, key, count) VALUES (?, ?, 0)", (row, workspace))
        return evolve(self, row=row)

    def committing(self, count: int, *, places: int) -> Self:
        """After a commit that makes `count`, with an id of its own: after an older state was restored the count alone comes again."""
        kept = self.commits.split()[1 - REMEMBERED :]
        if count == self.count:
            # Batches of a load may all be of one commit.
            kept = kept[:-1]
        return type(self)(self.row, count, " ".join([*kept, new_id(count)]), places)

    def write(self, connection: sqlite3.Connection) -> None:
        """Into its row. Native errors come out."""
        sql = "UPDATE workspace SET count = ?, commits = ?, places = ? WHERE id = ?"
        connection.execute(sql, (self.count, self.commits, self.places, self.row))

    def has(self, id: str) -> bool:
        """Whether there was such a commit. Raises CommitUnknown where it is too long ago to tell."""
        kept = self.commits.split()
        if id in kept:
            return True
        form = _ID.fullmatch(id)
        if not form or int(form[1]) > self.count or int(form[1]) in map(_count_of, kept):
            return False
        raise CommitUnknown(id)


def new_id(count: int) -> str:
    """For the commit that makes `count`."""
    return f"{count}-{secrets.token_hex(8)}"


def _count_of(id: str) -> int:
    return int(id.partition("-")[0])
