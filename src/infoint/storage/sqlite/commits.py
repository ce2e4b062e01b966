"""What a workspace's row says: its commits so far, the ids of the latest, and how many places it has given (see `search`)."""

import re
import secrets
import sqlite3
from typing import Final, Self

from attrs import evolve, frozen

from infoint.errors import CommitUnknown, Corrupt
from infoint.storage.sqlite.search import MOST_PLACES, MOST_ROWS, new_row

REMEMBERED: Final = 12
"""Ids that are kept with each workspace."""
MOST_COMMITS: Final = 2**53
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
    def read(cls, connection: sqlite3.Connection, workspace: str, *, path: str) -> Self:
        """Of a workspace that need not exist. Raises Corrupt, naming `path`. Native errors come out."""
        found = connection.execute("SELECT id, count, commits, places FROM workspace WHERE key = ?", (workspace,)).fetchone()
        if not found:
            return cls(_NO_ROW, 0, "", 0)
        head = cls(*found)
        if not head.is_sound():
            raise Corrupt("the row of a workspace cannot be read", place=path)
        return head

    def is_sound(self) -> bool:
        """Whether it can be counted on from here; whether it agrees with the records is another question."""
        numbers = ((self.row, MOST_ROWS), (self.count, MOST_COMMITS), (self.places, MOST_PLACES))
        return type(self.commits) is str and all(type(one) is int and 0 <= one < most for one, most in numbers)

    def is_told_rightly(self) -> bool:
        """Whether its ids are ids, in order, and the last made its count."""
        ids = self.commits.split(" ") if self.commits else []
        if len(ids) > REMEMBERED or not all(map(_ID.fullmatch, ids)):
            return False
        counts = [_count_of(id) for id in ids]
        return counts == sorted(set(counts)) and (not counts or counts[-1] == self.count)

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
        if not form or int(form[1]) > self.count or any(one.startswith(f"{int(form[1])}-") for one in kept):
            return False
        raise CommitUnknown(id)


def new_id(count: int) -> str:
    """For the commit that makes `count`."""
    return f"{count}-{secrets.token_hex(8)}"


def _count_of(id: str) -> int:
    return int(id.partition("-")[0])
