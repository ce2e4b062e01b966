"""PostgreSQL's errors in our words, by SQLSTATE. The one place that reads its codes.

Its own sentences quote keys and values ("Key (email)=(ana@oak.example) exists"), so nothing of them is passed on, and no native error is
the cause or the context of one of ours.
"""

from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

import psycopg
from psycopg_pool import PoolTimeout

from infoint.errors import Busy, Corrupt, InfointError, InvalidRecord, NotFound, ReadOnly, Retryable, StorageError, StorageFull

P = ParamSpec("P")
R = TypeVar("R")

_LOST: Final = "the connection was lost"

_KINDS: Final[dict[str, tuple[type[StorageError], str]]] = {
    # By the whole code, or by its first two characters: the class.
    "08": (Retryable, _LOST),
    "40": (Retryable, ""),
    "57P": (Retryable, "the server is shutting down or starting up"),
    "25P03": (Retryable, "the transaction was idle for longer than the server allows"),
    "25P04": (Retryable, "the transaction took longer than the server allows"),
    "0A000": (Retryable, "the tables were changed meanwhile"),
    "23505": (Retryable, "somebody else wrote the same row"),
    "23503": (Retryable, "the workspace was dropped meanwhile"),
    "55P03": (Busy, ""),
    "57014": (Busy, "the server ended it: it took too long, or somebody cancelled it"),
    "53300": (Busy, "the server takes no more connections"),
    "53100": (StorageFull, ""),
    "53200": (Retryable, "the server is out of memory"),
    "25006": (ReadOnly, "the server takes no writes (a standby, or a read-only database)"),
    "42501": (ReadOnly, "this role lacks a right"),
    "22": (InvalidRecord, ""),
    "54": (InvalidRecord, "it is larger than PostgreSQL takes"),
    "XX001": (Corrupt, ""),
    "XX002": (Corrupt, "an index is damaged"),
    "42P01": (Corrupt, "has lost a table"),
    "42703": (Corrupt, "has lost a column"),
    "28": (StorageError, "refuses this user, or the password"),
}

_REMEDIES: Final[dict[str, str]] = {
    # Where what the error says by default is about files.
    "25006": "name a server that does",
    "42501": "have it made a member of infoint_app, or whichever role set-up was told to grant to: GRANT infoint_app TO …",
}


def storage_error(error: Exception, place: str) -> InfointError:
    """What `error` means to whoever has opened `place`."""
    code = getattr(error, "sqlstate", None) or ""
    if code == "3D000":
        return NotFound("database", place, remedy="check its name, or have it made: CREATE DATABASE")
    for length in (5, 3, 2):
        if code[:length] in _KINDS:
            kind, sentence = _KINDS[code[:length]]
            return kind(sentence, place=place, remedy=_REMEDIES.get(code))
    if isinstance(error, PoolTimeout):
        return Busy("all of its connections are in use, or it cannot be reached", place=place)
    if not code and isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return Retryable(_LOST, place=place)
    if not code and isinstance(error, psycopg.DataError | UnicodeError):
        return InvalidRecord("a text cannot be told to PostgreSQL", place=place)
    return StorageError(f"reading or writing failed (SQLSTATE {code or type(error).__name__})", place=place)


def refusal(error: psycopg.Error, place: str) -> InfointError:
    """Why there is no connection. libpq tells it in words only, and a server in its language: English ones are understood, others are
    taken for a server that cannot be reached.
    """
    said = str(error)
    if "does not exist" in said and "database" in said:
        return NotFound("database", place, remedy="check its name, or have it made: CREATE DATABASE")
    if any(
        words in said
        for words in ("authentication", "no password supplied", "pg_hba.conf", 'role "', "permission denied for database")
    ):
        return StorageError("refuses this user, or the password", place=place)
    if "too many" in said or "remaining connection slots" in said:
        return Busy("the server takes no more connections", place=place)
    return Retryable("cannot be reached", place=place)


def answered(place: str, call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """What `call` gives, or its error in our words."""
    try:
        return call(*args, **kwargs)
    except (psycopg.Error, UnicodeError) as error:
        failed = storage_error(error, place)
    # Out of the handler, so that the native error is not even its context.
    raise failed
