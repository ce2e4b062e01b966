"""How a file is opened, for writing or for reading only: everything that may stand at its path is met here."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from infoint.errors import MigrationRequired, NotFound, ReadOnly
from infoint.storage.sqlite.connections import connect
from infoint.storage.sqlite.errors import primary_code, storage_error, translated
from infoint.storage.sqlite.schema import Found, beside, check_writable, has_content, look, make_tables, use_wal, verify
from infoint.storage.sqlite.search import make_index


class Opening:
    """One path."""

    def __init__(self, path: Path, timeout: float) -> None:
        """`timeout` in seconds."""
        self._path, self._place, self._timeout = path, str(path), timeout

    def found(self) -> Found:
        """What stands there: ours, of today or older. Raises what `look` raises, and NotFound."""
        found = look(self._path)
        if found in {Found.NOTHING, Found.EMPTY}:
            raise self._not_found(found)
        return found

    def writable(self, *, create: bool) -> str:
        """Makes what is missing. Gives the URI for all further connections, which never create a file."""
        found = look(self._path)
        if found is Found.OLDER:
            raise MigrationRequired(place=self._place)
        if found is not Found.OURS and not create:
            raise self._not_found(found)
        check_writable(self._path)
        uri = self.uri()
        first = f"{self._path.as_uri()}?mode=rwc" if create else uri
        with translated(self._place), closing(connect(first, timeout=self._timeout)) as connection:
            if self._check(connection, empty=create) is Found.EMPTY:
                make_tables(connection, self._path)
            use_wal(connection, self._path)
            make_index(connection)
        return uri

    def readable(self, *, older: bool = False) -> str:
        """Gives the URI for all further connections. `older`: formats that are to be migrated will do too."""
        if self.found() is Found.OLDER and not older:
            raise MigrationRequired(place=self._place)
        uri = f"{self._path.as_uri()}?mode=ro"
        try:
            self._try(uri, older=older)
        except sqlite3.Error as error:
            if primary_code(error) not in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}:
                raise storage_error(error, self._place) from error
            if has_content(beside(self._path, "-wal")) or has_content(beside(self._path, "-journal")):
                raise ReadOnly(
                    "its newest changes are in a file beside it, which cannot be read without writing there",
                    place=self._place,
                ) from error
            uri += "&immutable=1"
            with translated(self._place):
                self._try(uri, older=older)
        return uri

    def uri(self) -> str:
        """For writing, never for making."""
        return f"{self._path.as_uri()}?mode=rw"

    def tidy(self) -> None:
        """A reader that may not write leaves an empty log behind. A connection that may takes it away, if nobody else is there; if
        that fails the file is as good as with it, so no error is raised.
        """
        log = beside(self._path, "-wal")
        with suppress(OSError, sqlite3.Error):
            if log.stat().st_size == 0:
                with closing(connect(self.uri(), timeout=0)) as connection:
                    connection.execute("PRAGMA user_version").fetchone()

    def _try(self, uri: str, *, older: bool) -> None:
        with closing(connect(uri, timeout=self._timeout)) as connection:
            self._check(connection, older=older)

    def _check(self, connection: sqlite3.Connection, *, empty: bool = False, older: bool = False) -> Found:
        """As `look` found it, through SQLite. A creation that a crash cut short has perhaps just been undone."""
        found = verify(connection, self._path)
        if found is Found.EMPTY and not empty:
            raise self._not_found(found)
        if found is Found.OLDER and not older:
            raise MigrationRequired(place=self._place)
        return found

    def _not_found(self, found: Found) -> NotFound:
        state = "the file is empty; " if found is Found.EMPTY else ""
        return NotFound(
            "storage",
            self._path,
            remedy=f"{state}check the spelling, or let it be made: without read_only, and with create=True",
        )
