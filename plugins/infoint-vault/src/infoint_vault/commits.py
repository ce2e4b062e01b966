"""What a session has put becomes files. In which order they are written is `journal`'s, how they look `page`'s."""

import logging
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Final
from uuid import UUID

from attrs import evolve

from infoint.errors import CommitUnknown, Conflict, InvalidValue, StorageError
from infoint.storage.contract import CommitInfo, Key, Record, Session
from infoint_vault.disk import Disk, TooLarge
from infoint_vault.entities import about, prose_key, title
from infoint_vault.index import MAIN, SECOND, Index, Row
from infoint_vault.journal import Change, InTheWay, Uncertain, commit, finish, keep_beside, sha_of
from infoint_vault.leftovers import is_contained
from infoint_vault.names import REMOVED, WORKSPACE_FILE, file_name, folded, folder_of_kind, is_conflict_copy, slug
from infoint_vault.page import Page, read_page, sum_of
from infoint_vault.page_writing import write_page
from infoint_vault.session import not_readable
from infoint_vault.settling import FRESH, Place, copy_problem, tombstone_path
from infoint_vault.sheets import sheet_of, thawed
from infoint_vault.workspaces import workspace_page
from infoint_vault.yaml_text import NotReadable

_LOG: Final = logging.getLogger("infoint_vault")


def commit_id(record: Record) -> str:
    """Names a commit by one of its records, where the index has no name for it: the files themselves then tell whether it happened."""
    return f"file:{record.kind}:{record.id.hex}:{record.version}:{sum_of(thawed(record.data))}"


def happened(id: str, session: Session) -> bool:
    """Whether the commit that `commit_id` named did. Raises CommitUnknown where the record has been saved again since."""
    named = re.fullmatch(r"file:([a-z][a-z0-9_-]{0,63}):([0-9a-f]{32}):([0-9]{1,10}):([0-9a-f]{10})", id)
    if named is None:
        return False
    key = Key(named[1], UUID(hex=named[2]))
    record = session.get_many([key]).get(key)
    if record is not None and record.version > int(named[3]):
        raise CommitUnknown(id)
    return record is not None and record.version == int(named[3]) and sum_of(thawed(record.data)) == named[4]


class Committing:
    """Files of one workspace. The caller has the turn, and the files are settled."""

    def __init__(self, disk: Disk, index: Index, place: Place, *, now: Callable[[], int]) -> None:
        """`now`: see `Turn.now`."""
        self._disk, self._index, self._place, self._now = disk, index, place, now
        self._taken: set[str] | None = None
        self._beside: list[Row] | None = None

    def commit(self, records: Sequence[Record], inner: Session) -> CommitInfo:
        """Files first, then the index: what the files say is settled again, should the rest not be done. Raises Conflict."""
        changes, keys = self._changes(records, inner)
        done = self._written(changes, keys, {})
        try:
            info = inner.commit()
        except StorageError:
            # The files are there, and durable: the next session counts what they say.
            _LOG.exception("the index was not written; it will be made up from the files")
            return CommitInfo(commit_id(records[0]), records[0].seq)
        self._tidy(done, keys)
        return info

    def load(self, records: Sequence[Record]) -> int:
        """Those that are newer than what is here."""
        with self._index.records.session(self._place.key) as session:
            have = session.get_many([record.key for record in records])
            newer = [record for record in records if record.key not in have or record.version > have[record.key].version]
            if not newer:
                return 0
            changes, keys = self._changes(newer, session)
        done = self._written(changes, keys, {path: record.seq for path, record in keys.items()})
        self._index.records.load(self._place.key, newer)
        self._tidy(done, keys)
        return len(newer)

    def seal(self, keys: Collection[Key]) -> None:
        """Their tombstones say from now on that they were erased, and so yield to no file."""
        changes: list[Change] = []
        for key in keys:
            row = self._index.main(self._place.key, key)
            page = self._page_of(row) if row and not row.problem else None
            if row and page and page.sheet.deleted and not page.sheet.erased:
                content = write_page(evolve(page.sheet, erased=True), page)
                changes.append(Change(row.path, row.sha, content, page.sheet.version, tentative=True))
        if changes:
            self._tidy(commit(self._disk, changes), {})

    # ── what is to be written ────────────────────────────────────────────────────────────────────
    def _changes(self, records: Sequence[Record], session: Session) -> tuple[list[Change], dict[str, Record]]:
        changes: list[Change] = []
        written: dict[str, Record] = {}
        marker = f"{self._place.folder}/{WORKSPACE_FILE}"
        if self._disk.stat(marker) is None:
            changes.append(Change(marker, None, workspace_page(self._place.key)))
        for record in records:
            row = self._index.main(self._place.key, record.key)
            if row and row.problem:
                raise not_readable(row.path, row.problem)
            path = self._path_of(record, row, session)
            over = self._page_of(row) if row and row.path == path else None
            expect = row.sha if row and row.path == path else None
            content = write_page(sheet_of(record), over)
            changes += [Change(path, expect, content, record.version), *self._spent(path, content)]
            written[path] = record
            if row and row.path != path:
                changes.append(Change(row.path, row.sha, None, record.version))
        return [*changes, *self._ids_to_write({record.key for record in records}, session)], written

    def _spent(self, path: str, saved: bytes) -> Iterator[Change]:
        """Files that hold what could not be saved at `path` before, and is now."""
        if self._beside is None:
            rows = self._index.rows(self._place.key).values()
            self._beside = [row for row in rows if row.problem and is_conflict_copy(row.path)]
        for row in self._beside:
            if is_conflict_copy(row.path, path):
                with suppress(TooLarge):
                    content = self._disk.read(row.path)
                    if content is not None and sha_of(content) == row.sha and is_contained(content, saved):
                        yield Change(row.path, row.sha, None, tentative=True)

    def _page_of(self, row: Row) -> Page | None:
        try:
            content = self._disk.read(row.path)
        except TooLarge:
            content = None
        if content is None or sha_of(content) != row.sha:
            return None  # the commit will say so
        try:
            return read_page(content, prose=prose_key(row.kind))
        except NotReadable as error:
            raise not_readable(row.path, error.problem) from None

    def _path_of(self, record: Record, row: Row | None, session: Session) -> str:
        if record.deleted:
            return tombstone_path(self._place.folder, record.key)
        if row and f"/{REMOVED}/" not in row.path.removeprefix(self._place.folder):
            return row.path
        folder = f"{self._place.folder}/{folder_of_kind(record.kind)}"
        words = slug(title(record.kind, record.data)) or self._words_of_others(record, session) or slug(record.kind)
        path = f"{folder}/{file_name(words, record.id)}"
        if folded(path) in self._names() or self._disk.stat(path):
            path = f"{folder}/{file_name(words, record.id, whole=True)}"
        self._names().add(folded(path))
        return path

    def _words_of_others(self, record: Record, session: Session) -> str:
        keys = about(record.kind, record.data)
        found = session.get_many(keys)
        return slug(" ".join(title(key.kind, found[key].data) for key in keys if key in found))

    def _names(self) -> set[str]:
        if self._taken is None:
            self._taken = {folded(path) for path in self._index.rows(self._place.key)}
        return self._taken

    def _ids_to_write(self, but: set[Key], session: Session) -> list[Change]:
        """A file written by hand is given its id with the next commit: from then on something may refer to it. If somebody is editing it
        just now it waits.
        """
        rows = [
            row for row in self._index.rows(self._place.key).values() if not row.named and row.role == MAIN and not row.problem
        ]
        found: list[Change] = []
        for row in rows:
            if row.key is None or row.key in but:
                continue
            record, page = session.get_many([row.key]).get(row.key), self._page_of(row)
            if record and page:
                found.append(Change(row.path, row.sha, write_page(sheet_of(record), page), record.version, tentative=True))
        return found

    # ── writing, and knowing ─────────────────────────────────────────────────────────────────────
    def _written(self, changes: Sequence[Change], records: dict[str, Record], seqs: dict[str, int]) -> tuple[Change, ...]:
        try:
            return commit(self._disk, changes, seqs)
        except Uncertain as error:
            raise CommitUnknown(commit_id(next(iter(records.values())))) from error
        except InTheWay as error:
            blocked = [change for change in changes if change.path in error.paths]
            # What was to be saved in their place is kept, and the first of them named.
            keep_beside(self._disk, [change for change in blocked if change.path in records])
            record = next((records[change.path] for change in blocked if change.path in records), None)
            record = record or next(iter(records.values()))
            raise Conflict(record.kind, record.id, expected=record.version - 1, actual=record.version) from None

    def _tidy(self, done: Sequence[Change], records: dict[str, Record]) -> None:
        """What is kept is kept: if this fails, whoever looks next finds it out."""
        try:
            self._know(done, records)
            finish(self._disk)
        except OSError:
            _LOG.exception("what was written could not be looked at; the next session will")

    def _know(self, done: Sequence[Change], records: dict[str, Record]) -> None:
        time = self._now()
        rows: list[Row] = []
        gone: list[str] = []
        known = self._index.rows(self._place.key)
        for change in done:
            if change.content is None:
                gone.append(change.path)
                continue
            stat = self._disk.stat(change.path)
            record = records.get(change.path)
            before = known.get(change.path)
            key = record.key if record else before.key if before else None
            if stat is None or key is None:
                continue
            fresh = max(stat.mtime, stat.ctime) > time - FRESH
            rows.append(Row(change.path, stat, fresh, sha_of(change.content), key.kind, key.id, MAIN))
        mains = {row.key: row.path for row in rows}
        # What a copy is a copy of is said of it.
        rows += [
            evolve(row, problem=copy_problem(row.path, mains[row.key]))
            for row in known.values()
            if row.role == SECOND and row.key in mains and row.path not in gone
        ]
        self._index.save(self._place.key, rows, gone)


def in_batches(records: Iterable[Record], size: int) -> Iterator[list[Record]]:
    """The records again, so many at a time. Raises InvalidValue at the first that does not come after the one before it in order of seq,
    kind and id.
    """
    before, batch = (0, "", -1), []  # type: tuple[tuple[int, str, int], list[Record]]
    for record in records:
        place = (record.seq, record.kind, record.id.int)
        if place <= before:
            problem = f"{record.kind} {record.id} of commit {record.seq} does not come after the record before it: load what `changes` gives"
            raise InvalidValue("Storage.load", "records", problem)
        before = place
        batch.append(record)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
