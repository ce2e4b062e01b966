"""The search index: an FTS5 table of our own words, made so that walking it backwards gives records in the order of `run_search`.

A record with text has a `place`, the row of its words in `words`. Within a workspace places rise with the commits, and fall with kind
and id within a commit. What has none yet (put by a session that has not committed, loaded, migrated, or written by a Python whose
SQLite lacks FTS5) is newer than all that have one, and is found by reading it. Places are never given twice; those of `stale` were left
behind by such a Python, with their words.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing
from functools import cache
from typing import Final, TypeAlias

from infoint.storage.cursors import Asked, ChangePosition, found_page_of, found_position
from infoint.storage.meaning import run_search
from infoint.storage.queries import Page, check_limit
from infoint.storage.records import Key, Record
from infoint.storage.sqlite.queries import Place
from infoint.storage.sqlite.rows import COLUMNS, record_of
from infoint.storage.words import words_of

Placed: TypeAlias = tuple[int, str, str]
"""Place, kind, text: all that is needed to make or to remove a row of words."""

TABLE: Final = (
    "CREATE VIRTUAL TABLE words USING fts5(tokens, content='', columnsize=0, detail=none, tokenize=\"ascii tokenchars '-_'\")"
)
"""The "ascii" tokenizer takes everything beyond ASCII for part of a word, so it leaves our words as they are."""
BATCH: Final = 1_000
"""Records that are placed by one transaction, where it need not be one."""

_SPAN_BITS: Final = 13
"""Words are kept apart by spans of 8,192 places: a word that everybody uses costs no more than what it gives, for SQLite gathers all
rows of a beginning of words before it gives the first.
"""
_WORKSPACE_BITS: Final = 40
MOST_PLACES: Final = 1 << _WORKSPACE_BITS
MOST_ROWS: Final = 1 << 63 - _WORKSPACE_BITS
"""Of workspaces, so that a place is still an integer of SQLite's."""
_NUMBER: Final = (1 << _WORKSPACE_BITS) - 1
"""A place is the workspace's row and, in these bits, a number of its own."""
_MARK: Final = "¦"
"""Neither an ASCII character nor part of any word."""
_ADD: Final = "INSERT INTO words (rowid, tokens) VALUES (?, ?)"
_FORGET: Final = "INSERT INTO words (words, rowid, tokens) VALUES ('delete', ?, ?)"
_UNPLACED: Final = "record AS r INDEXED BY record_unplaced WHERE r.workspace = ? AND r.place IS NULL AND r.text <> ''"


@cache
def has_fts5() -> bool:
    """Whether this Python's SQLite can search."""
    with closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.execute(TABLE)
        except sqlite3.OperationalError:
            return False
    return True


def has_index(connection: sqlite3.Connection) -> bool:
    """Whether the file has an index that can be used here. Native errors come out."""
    return has_fts5() and connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'words'").fetchone() is not None


# ── keeping ──────────────────────────────────────────────────────────────────────────────────────
def make_index(connection: sqlite3.Connection) -> None:
    """Makes the index where it can be made and is missing, or is stale. Native errors come out."""
    if not has_fts5() or (has_index(connection) and not _is_stale(connection)):
        return
    connection.execute("BEGIN IMMEDIATE")
    if not has_index(connection) or _is_stale(connection):
        rebuild(connection)
    connection.execute("COMMIT")


def rebuild(connection: sqlite3.Connection) -> None:
    """Makes the index anew, as part of a transaction. Native errors come out."""
    connection.execute("DROP TABLE IF EXISTS words")
    connection.execute(TABLE)
    connection.execute("DELETE FROM stale")
    connection.execute("UPDATE record SET place = NULL WHERE place IS NOT NULL")
    for workspace, places in connection.execute("SELECT id, places FROM workspace").fetchall():
        connection.execute("UPDATE workspace SET places = ? WHERE id = ?", (place(connection, workspace, places), workspace))


def place(connection: sqlite3.Connection, workspace: int, places: int, *, most: int | None = None) -> int:
    """Gives what has none yet its places, as part of a transaction; `most` of them, all unless told. `places` is how many were given
    so far; gives how many there are then. Native errors come out.
    """
    end = None if most is None else places + most
    while end is None or places < end:
        wanted = BATCH if end is None else min(BATCH, end - places)
        sql = f"SELECT r.row, r.kind, r.text FROM {_UNPLACED} ORDER BY r.seq, r.kind DESC, r.id DESC LIMIT ?"  # noqa: S608  # constants
        rows = connection.execute(sql, (workspace, wanted)).fetchall()
        first = (workspace << _WORKSPACE_BITS) + places + 1
        placed = [(first + number, kind, text) for number, (_, kind, text) in enumerate(rows)]
        connection.executemany(
            "UPDATE record SET place = ? WHERE row = ?", ((one[0], row[0]) for one, row in zip(placed, rows, strict=True))
        )
        add(connection, placed)
        places += len(rows)
        if len(rows) < wanted:
            break
    return places


def next_places(
    connection: sqlite3.Connection, workspace: int, places: int, records: Mapping[Key, Record]
) -> dict[Key, Placed]:
    """What `place` would give these records of one commit; nothing where others are still to be placed before them. Native errors
    come out.
    """
    if connection.execute(f"SELECT 1 FROM {_UNPLACED} LIMIT 1", (workspace,)).fetchone():  # noqa: S608  # constants
        return {}
    order = sorted(((key.kind, key.id.bytes, key, one.text) for key, one in records.items() if one.text), reverse=True)
    first = (workspace << _WORKSPACE_BITS) + places + 1
    return {key: (number, kind, text) for number, (kind, _, key, text) in enumerate(order, start=first)}


def add(connection: sqlite3.Connection, placed: Iterable[Placed]) -> None:
    """Puts words into the index. Native errors come out."""
    connection.executemany(_ADD, ((number, _tokens(number, kind, text)) for number, kind, text in placed))


def unplace(connection: sqlite3.Connection, places: Iterable[int]) -> None:
    """What has these places has none any more, without a word to the index. Native errors come out."""
    connection.executemany("UPDATE record SET place = NULL WHERE place = ?", ((number,) for number in places))


def forget(connection: sqlite3.Connection, placed: Iterable[Placed]) -> None:
    """Takes words out of the index, or where that cannot be done notes that they are stale. Native errors come out."""
    if has_fts5():
        connection.executemany(_FORGET, ((number, _tokens(number, kind, text)) for number, kind, text in placed))
    else:
        connection.executemany("INSERT OR IGNORE INTO stale (place) VALUES (?)", ((number,) for number, _, _ in placed))


def placed_of(connection: sqlite3.Connection, workspace: int) -> Iterator[Placed]:
    """All that a workspace has in the index. Native errors come out."""
    return connection.execute(
        "SELECT place, kind, text FROM record WHERE workspace = ? AND place BETWEEN ? AND ?", (workspace, *_bounds(workspace))
    )


def displace(connection: sqlite3.Connection, workspace: int) -> None:
    """Takes a whole workspace out of the index, as part of a transaction: it is found by reading until it is placed again. Native
    errors come out.
    """
    while batch := placed_of(connection, workspace).fetchmany(BATCH):  # type: ignore[attr-defined]  # a cursor
        forget(connection, batch)
        unplace(connection, (number for number, _, _ in batch))


def new_row(connection: sqlite3.Connection) -> int:
    """A row for a workspace, none whose places are stale. Native errors come out."""
    (row,) = connection.execute(
        "SELECT max(coalesce((SELECT max(id) FROM workspace), 0), coalesce((SELECT max(place) FROM stale), 0) >> ?) + 1",
        (_WORKSPACE_BITS,),
    ).fetchone()
    return int(row)


def _is_stale(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM stale LIMIT 1").fetchone() is not None


def _tokens(number: int, kind: str, text: str) -> str:
    if type(number) is not int or type(kind) is not str or type(text) is not str:
        # As SQLite says it of a page, so that it takes the same way out: it ends the transaction, and gets the path.
        damage = sqlite3.DatabaseError("a row that is none")
        damage.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise damage
    lead = _lead(number >> _WORKSPACE_BITS, (number & _NUMBER) >> _SPAN_BITS)
    return lead + f" {lead}".join((f"{_MARK}{kind}", *words_of(text)))


def _lead(workspace: int, span: int) -> str:
    return f"{workspace:x}{_MARK}{span:x}{_MARK}"


def _bounds(workspace: int) -> tuple[int, int]:
    return workspace << _WORKSPACE_BITS, ((workspace + 1) << _WORKSPACE_BITS) - 1


# ── finding ──────────────────────────────────────────────────────────────────────────────────────
def find(
    connection: sqlite3.Connection, text: str, *, kinds: Collection[str], limit: int, cursor: str, place: Place
) -> Page[Record]:
    """What `run_search` gives. Native errors come out."""
    check_limit("Session.search", limit)
    asked = Asked.of(text, kinds)
    after = found_position(asked, cursor, place.key)
    if not asked.words:
        return Page((), "")
    indexed = has_index(connection)
    source = _UNPLACED if indexed else "record AS r WHERE r.workspace = ? AND r.text <> ''"
    read = (record_of(row, place.path) for row in connection.execute(f"SELECT {COLUMNS} FROM {source}", (place.row,)))  # noqa: S608  # constants
    page = run_search(read, text, kinds=asked.kinds, limit=limit, cursor=cursor, workspace=place.key)
    if page.cursor or not indexed:
        return page
    rows = list(page.items)
    rows += _walk(connection, asked, limit + 1 - len(rows), after, place)
    return found_page_of(rows, asked, limit, place.key)


def _walk(
    connection: sqlite3.Connection, asked: Asked, wanted: int, after: ChangePosition | None, place: Place
) -> Iterator[Record]:
    """Newest first, span by span."""
    oldest, newest = connection.execute(
        "SELECT (SELECT min(place) FROM record WHERE place BETWEEN ?1 AND ?2), (SELECT max(place) FROM record WHERE place BETWEEN ?1 AND ?2)",
        _bounds(place.row),
    ).fetchone()
    if newest is None:
        return
    condition, parameters = "", []
    if after:
        condition, parameters = (
            " AND (r.seq < ? OR r.seq = ? AND (r.kind, r.id) > (?, ?))",
            [after.seq, after.seq, after.kind, after.id.bytes],
        )
        # Where the last of the page before still stands where it stood, nothing newer need be looked at.
        sql = "SELECT place - 1 FROM record WHERE workspace = ? AND seq = ? AND kind = ? AND id = ? AND place IS NOT NULL"
        found = connection.execute(sql, (place.row, after.seq, after.kind, after.id.bytes)).fetchone()
        newest = found[0] if found else newest
    sql = (
        f"SELECT {COLUMNS} FROM words CROSS JOIN record AS r ON r.place = words.rowid"  # noqa: S608  # constants
        f" WHERE words MATCH ? AND words.rowid <= ?{condition} ORDER BY words.rowid DESC LIMIT ?"
    )
    for span in range((newest & _NUMBER) >> _SPAN_BITS, ((oldest & _NUMBER) >> _SPAN_BITS) - 1, -1):
        for row in connection.execute(sql, (_expression(asked, _lead(place.row, span)), newest, *parameters, wanted)):
            wanted -= 1
            yield record_of(row, place.path)
        if not wanted:
            return


def _expression(asked: Asked, lead: str) -> str:
    """In quotes nothing is syntax; and words hold none."""
    terms = [f'"{lead}{word}"*' for word in asked.words]
    if asked.kinds:
        terms.append("(" + " OR ".join(f'"{lead}{_MARK}{kind}"' for kind in sorted(asked.kinds)) + ")")
    return " AND ".join(terms)


# ── looking it over ──────────────────────────────────────────────────────────────────────────────
def problems_of_index(connection: sqlite3.Connection) -> Iterator[str]:
    """Every word of every record against the index, and the order of places. Native errors come out."""
    connection.execute("DROP TABLE IF EXISTS temp.words_in_rows")
    connection.execute("CREATE VIRTUAL TABLE temp.words_in_rows USING fts5vocab(main, words, instance)")
    kept: dict[int, int] = {}
    for number, token in connection.execute("SELECT doc, term FROM temp.words_in_rows"):
        kept[number] = kept.get(number, 0) + hash(token)
    connection.execute("DROP TABLE temp.words_in_rows")
    last = (0, 0, 0, "", b"")
    rows = connection.execute(
        "SELECT workspace, place, seq, kind, id, text FROM record ORDER BY workspace, place IS NULL, place, seq, kind DESC, id DESC"
    )
    for workspace, number, seq, kind, id, text in rows:
        if number is None and not text:
            continue
        if tuple(map(type, (workspace, number or 0, seq, kind, id, text))) != (int, int, int, str, bytes, str):
            kept.pop(number, None)  # what is wrong with it is told of the row
            continue
        if number is not None and kept.pop(number, 0) != sum(map(hash, _tokens(number, kind, text).split())):
            yield f"{kind} {id.hex()}: the search index does not hold its words"
        if number is not None and not _bounds(workspace)[0] < number <= _bounds(workspace)[1]:
            yield f"{kind} {id.hex()}: its place in the search index is another workspace's"
        if last[0] == workspace and not _rises(last[2:], (seq, kind, id)):
            yield f"{kind} {id.hex()}: the search index would give it in the wrong order"
        last = (workspace, number or 0, seq, kind, id)
    stale = {number for (number,) in connection.execute("SELECT place FROM stale")}
    if kept.keys() - stale:
        yield "the search index holds words of records that are gone"


def _rises(before: tuple[int, str, bytes], after: tuple[int, str, bytes]) -> bool:
    return before[0] < after[0] or (before[0] == after[0] and before[1:] > after[1:])
