"""One connection in use: asks, and lets no native error out. Knows no table."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import psycopg
from psycopg.pq import Escaping, TransactionStatus

from infoint_postgres.errors import answered

Row: TypeAlias = tuple[Any, ...]
Connection: TypeAlias = psycopg.Connection[Row]


class Wire:
    """A connection in autocommit mode: BEGIN and COMMIT are said by us, together with what goes the same way."""

    def __init__(self, connection: Connection, place: str) -> None:
        """`place` is for the messages."""
        self.connection, self.place = connection, place

    def rows(self, sql: str, *parameters: Any) -> list[Row]:
        """The answer to one question."""
        return answered(self.place, lambda: self.connection.execute(_trusted(sql), parameters or None).fetchall())

    def row(self, sql: str, *parameters: Any) -> Row | None:
        """The first row of an answer."""
        found = self.rows(sql, *parameters)
        return found[0] if found else None

    def do(self, sql: str, *parameters: Any) -> int:
        """How many rows a statement touched."""
        return answered(self.place, lambda: self.connection.execute(_trusted(sql), parameters or None).rowcount)

    def script(self, *statements: str) -> list[Row]:
        """Statements without parameters, in one message; the rows of the last, where it gives some."""
        return answered(self.place, self._script, "; ".join(statements))

    def _script(self, sql: str) -> list[Row]:
        cursor = self.connection.execute(_trusted(sql), prepare=False)
        while cursor.nextset():
            pass
        return cursor.fetchall() if cursor.description else []

    def all_of(self, work: Sequence[tuple[str, Sequence[Row]]]) -> list[int]:
        """Statements, each with one row of parameters or many, sent without waiting for answers; how many rows each of them touched."""
        return answered(self.place, self._all_of, work)

    def _all_of(self, work: Sequence[tuple[str, Sequence[Row]]]) -> list[int]:
        with self.connection.pipeline():
            cursors = [self._sent(_trusted(sql), rows) for sql, rows in work]
        return [cursor.rowcount for cursor in cursors]

    def _sent(self, sql: bytes, rows: Sequence[Row]) -> "psycopg.Cursor[Row]":
        if len(rows) == 1:
            return self.connection.execute(sql, rows[0])
        cursor = self.connection.cursor()
        cursor.executemany(sql, rows)
        return cursor

    def copy(self, sql: str, rows: Iterable[Row]) -> None:
        """COPY … FROM STDIN."""
        answered(self.place, self._copy, sql, rows)

    def _copy(self, sql: str, rows: Iterable[Row]) -> None:
        with self.connection.cursor() as cursor, cursor.copy(_trusted(sql)) as copy:
            for row in rows:
                copy.write_row(row)

    def quoted(self, text: str) -> str:
        """For where no parameter can be: SET LOCAL takes none, and set_config does not reach the workers of a Citus cluster."""
        return Escaping(self.connection.pgconn).escape_literal(text.encode()).decode()

    @property
    def is_lost(self) -> bool:
        """Nothing more will come through it."""
        return self.connection.closed

    @property
    def is_in_transaction(self) -> bool:
        """One that has not failed."""
        return not self.connection.closed and self.connection.info.transaction_status == TransactionStatus.INTRANS

    def undo(self) -> None:
        """Ends the transaction, if there is one. A connection on which that fails is given up, which undoes it too."""
        if self.connection.closed or self.connection.info.transaction_status == TransactionStatus.IDLE:
            return
        try:
            self.connection.execute("ROLLBACK")
        except psycopg.Error:
            self.connection.close()


def _trusted(sql: str) -> bytes:
    # psycopg takes literals, or bytes from who knows: our own constants, with the name of the schema, which `Address` has looked at.
    # Whatever comes from outside is a parameter.
    return sql.encode()
