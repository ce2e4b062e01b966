"""Sees what was done to the files since last time, and takes it up as a commit of its own: edits, new files, deletions, renamings."""

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final
from unicodedata import normalize
from uuid import UUID

from attrs import evolve, field, frozen

from infoint.storage.contract import Key, Record
from infoint_vault.disk import Disk, Stat, TooLarge
from infoint_vault.entities import TYPES, id_for, prose_key
from infoint_vault.index import MAIN, NONE, SECOND, Index, Row
from infoint_vault.journal import UNREAD, Change, commit, finish, sha_of
from infoint_vault.names import (
    REMOVED,
    SUFFIX,
    WORKSPACE_FILE,
    file_name,
    folder_of_kind,
    is_conflict_copy,
    is_temporary,
)
from infoint_vault.page import Page, read_page
from infoint_vault.page_writing import write_page
from infoint_vault.sheets import Seen, moment_of, record_of, sheet_of, tombstone_of
from infoint_vault.yaml_text import NotReadable

_MAX_DEPTH: Final = 12
FRESH: Final = 2_000_000_000
"""Nanoseconds: file systems count times in steps of up to two seconds, and two edits in one step look alike."""
_LOG: Final = logging.getLogger("infoint_vault")


@frozen
class Place:
    """A workspace, and where it lies."""

    key: str
    folder: str


@frozen
class Listing:
    """What is in a workspace's folder."""

    files: dict[str, Stat] = field(factory=dict)
    links: list[str] = field(factory=list)
    temporary: list[str] = field(factory=list)
    unnamed: list[str] = field(factory=list)
    """Paths, as far as they can be told, whose names are no text."""


def listing_of(disk: Disk, folder: str, depth: int = 0, found: Listing | None = None) -> Listing:
    """Markdown files, down to the folders below. Hidden ones are nobody's business."""
    found = found or Listing()
    for entry in disk.entries(folder):
        name = entry.path.rpartition("/")[2]
        if is_temporary(name) and entry.kind == "file":
            found.temporary.append(entry.path)
        elif name.startswith("."):
            continue
        elif not _is_text(name):
            found.unnamed.append(entry.path.encode("utf-8", "backslashreplace").decode())
        elif entry.kind == "folder":
            if depth < _MAX_DEPTH:
                listing_of(disk, entry.path, depth + 1, found)
        elif entry.kind == "other":
            found.links.append(entry.path)
        elif name.endswith(SUFFIX) and entry.path != f"{folder}/{WORKSPACE_FILE}":
            found.files[entry.path] = entry.stat
    return found


@frozen
class _Look:
    """A file that is new or has changed."""

    path: str
    stat: Stat
    sha: str
    row: Row | None
    page: Page | None = None
    kind: str = ""
    id: UUID | None = None
    problem: str = ""

    @property
    def key(self) -> Key | None:
        return Key(self.kind, self.id) if self.page and self.kind and self.id else None


class Settling:
    """One look at one workspace. The caller has the turn."""

    def __init__(
        self, disk: Disk, index: Index, place: Place, *, now: Callable[[], int], seqs: Mapping[str, int], write: bool
    ) -> None:
        """`now`: see `Turn.now`. `seqs`: which commit a path belongs to, where that is known. `write`: tombstones become files."""
        self._disk, self._index, self._place, self._now = disk, index, place, now
        self._seqs, self._may_write = seqs, write
        self._rows = index.rows(place.key)

    def run(self) -> None:
        """Takes up what is found. Raises StorageErrors; native errors of the system come out."""
        listing = listing_of(self._disk, self._place.folder)
        suspects = [path for path, stat in listing.files.items() if self._is_suspect(path, stat)]
        gone = [row for path, row in self._rows.items() if path not in listing.files]
        if not suspects and not gone:
            return
        self._time = self._now()
        same: list[Row] = []
        looks: list[_Look] = []
        for path in suspects:
            sha, content = self._content(path)
            row = self._rows.get(path)
            if sha is None:
                gone += [row] if row else []
                continue
            stat = self._disk.stat(path) or listing.files[path]
            if row and row.sha == sha:
                same.append(evolve(row, stat=stat, fresh=self.is_fresh(stat)))
            else:
                looks.append(self._looked(_Look(path, stat, sha, row), content))
        looks += self._next_in_line({row.key for row in gone if row.role == MAIN}, {look.path for look in looks}, listing.files)
        if looks or gone:
            self._take_up(self._identified(looks, gone), gone, listing.files, same)
        else:
            self._index.save(self._place.key, same)

    def is_fresh(self, stat: Stat) -> bool:
        """See Row."""
        return max(stat.mtime, stat.ctime) > self._time - FRESH

    def _is_suspect(self, path: str, stat: Stat) -> bool:
        row = self._rows.get(path)
        return row is None or row.fresh or row.stat != stat

    def _next_in_line(self, keys: "set[Key | None]", known: set[str], files: Mapping[str, Stat]) -> list[_Look]:
        found = []
        for row in self._rows.values():
            if row.role == SECOND and row.key in keys and row.path not in known and row.path in files:
                sha, content = self._content(row.path)
                if sha is not None:
                    found.append(self._looked(_Look(row.path, files[row.path], sha, row), content))
        return found

    def _content(self, path: str) -> tuple[str | None, bytes | None]:
        """With its sum, which alone is told of what is too large to be read; None where nothing is."""
        try:
            content = self._disk.read(path)
        except TooLarge:
            return UNREAD, None
        return (None if content is None else sha_of(content)), content

    # ── what a file is ───────────────────────────────────────────────────────────────────────────
    def _looked(self, look: _Look, content: bytes | None) -> _Look:
        if content is None:
            return evolve(look, problem=TooLarge.problem)
        if is_conflict_copy(look.path):
            return evolve(look, problem="holds what could not be saved there: take over what you want to keep, then delete it")
        if not content.strip():
            return evolve(look, problem="is empty" if look.row and look.row.id else "")
        first = look.path.removeprefix(f"{self._place.folder}/").partition("/")[0]
        kind = first if first in TYPES else ""
        try:
            page = read_page(content, prose=prose_key(kind))
            if page.sheet.kind != kind and page.sheet.kind in TYPES:
                page = read_page(content, prose=prose_key(page.sheet.kind))
            _check_known(page, look.row, page.sheet.kind or kind)
        except NotReadable as error:
            return evolve(look, problem=error.problem)
        return evolve(look, page=page, kind=page.sheet.kind or kind, id=page.sheet.id)

    def _identified(self, looks: list[_Look], gone: list[Row]) -> list[_Look]:
        """With an id for those that say none: theirs from before, that of a file that was renamed, or one of their path."""
        moved = {(row.kind, row.sha): row for row in gone if not row.named}
        found = []
        for look in looks:
            if look.page and look.kind and look.id is None:
                known = (
                    look.row
                    if look.row and look.row.id and look.row.kind == look.kind
                    else moved.pop((look.kind, look.sha), None)
                )
                look = evolve(look, id=known.id if known else self._new_id(look))  # noqa: PLW2901  # the same look, with its id
            found.append(look)
        return found

    def _new_id(self, look: _Look) -> UUID:
        path = normalize("NFC", look.path.removeprefix(f"{self._place.folder}/"))
        with self._index.records.session(self._place.key) as session:
            for number in range(10_000):
                id = id_for(self._place.key, look.kind, path, number)
                key = Key(look.kind, id)
                record = session.get_many([key]).get(key)
                if record is None or look.kind == "profile":
                    break
        return id

    # ── what it becomes ──────────────────────────────────────────────────────────────────────────
    def _take_up(self, looks: list[_Look], gone: list[Row], files: Mapping[str, Stat], same: list[Row]) -> None:
        by_key: dict[Key, list[_Look]] = {}
        for look in looks:
            if look.key:
                by_key.setdefault(look.key, []).append(look)
        # Also where a file says another id now.
        turned = [look.row for look in looks if look.page and look.row and look.row.key != look.key]
        lost = {row.key for row in [*gone, *turned] if row.role == MAIN and row.key} - by_key.keys()
        with self._index.records.session(self._place.key) as session:
            have = session.get_many([*by_key, *(key for key in lost if key)])
            seq = session.last_commit().seq + 1
        rows = [*same, *(self._row(look) for look in looks if not look.key)]
        records: list[Record] = []
        changes: list[Change] = []
        for key, found in by_key.items():
            row = self._index.main(self._place.key, key)
            there = row if row and row.path in files and row.path not in {look.path for look in found} else None
            chosen = self._chosen(found, there, have.get(key))
            rows += [
                self._row(look, SECOND, copy_problem(look.path, chosen.path if chosen else there.path if there else ""))
                for look in found
                if look is not chosen
            ]
            if chosen is None:
                continue
            if there:
                changes.append(Change(there.path, there.sha, None, tentative=True))
                # Should it stay, as for who only reads: no record has two files.
                rows = [*(known for known in rows if known.path != there.path), evolve(there, role=SECOND)]
            try:
                record = record_of(_seen(chosen), have.get(key), self._seqs.get(chosen.path, seq))
            except NotReadable as error:
                rows.append(self._row(chosen, MAIN, error.problem))
                continue
            rows.append(self._row(chosen, MAIN))
            records += [record] if record else []
        for key in lost:
            record = have.get(key) if key else None
            if record:
                dead = record if record.deleted else tombstone_of(record, self._time_of(key, gone), seq)
                records += [] if record.deleted else [dead]
                changes.append(
                    Change(tombstone_path(self._place.folder, key), None, write_page(sheet_of(dead)), tentative=True)
                )
        self._keep(rows, records, changes, [row.path for row in gone])

    def _chosen(self, found: list[_Look], there: Row | None, have: Record | None) -> _Look | None:
        """The file that is the record; None where the one that is known remains it."""
        dead = [look for look in found if _is_dead(look)]
        buried = there is not None and have is not None and have.deleted and f"/{REMOVED}/" in there.path
        living = [look for look in found if not _is_dead(look)]
        if dead or buried:
            graves = [(look.page.sheet.version, look.page.sheet.saved) for look in dead if look.page]
            graves += [(have.version, have.updated_at)] if have and buried else []
            erased = any(look.page and look.page.sheet.erased for look in dead) or (buried and self._is_erased(there))
            grave = max(graves, key=lambda grave: grave[0])
            living = [] if erased else [look for look in living if self._rises(look, *grave, buried=buried)]
        candidates = living if buried else [] if there else living or dead
        return min(candidates, key=lambda look: (look.path != self._main_path(look), *_oddness(look)), default=None)

    def _rises(self, look: _Look, version: int, saved: datetime | None, *, buried: bool) -> bool:
        """Whether a file is more than an older state of what was removed, such as a copy that a sync tool had made: it was saved or edited
        since, was known all the time, or was put back to its own place.
        """
        assert look.page  # noqa: S101  # narrows the type
        sheet = look.page.sheet
        return (
            sheet.version >= version
            or look.path == self._main_path(look)
            or (not sheet.untouched and (saved is None or moment_of(look.stat.mtime) > saved))
            or (look.row is None and self._is_own_place(look) and (buried or saved is None or _placed_at(look) > saved))
        )

    def _is_own_place(self, look: _Look) -> bool:
        """Whether infoint itself might have called it that."""
        folder, _, name = look.path.rpartition("/")
        ours = look.id is not None and re.fullmatch(rf"[a-z0-9-]+-(?:{look.id.hex}|{look.id.hex[-8:]})\.md", name)
        return bool(ours) and folder == f"{self._place.folder}/{folder_of_kind(look.kind)}"

    def _is_erased(self, grave: Row | None) -> bool:
        content = self._content(grave.path)[1] if grave else None
        try:
            return content is not None and read_page(content).sheet.erased
        except NotReadable:
            return True  # until it is mended nobody knows

    def _main_path(self, look: _Look) -> str | None:
        row = self._index.main(self._place.key, look.key) if look.key else None
        return row.path if row else None

    def _row(self, look: _Look, role: str = NONE, problem: str = "") -> Row:
        kind, id = look.kind, look.id
        problem = problem or look.problem
        if problem and not look.page and look.row and look.row.id:
            # Known, and unreadable now: it remains what it was.
            kind, id, role = look.row.kind, look.row.id, look.row.role
        if problem and (not look.row or look.row.problem != problem):
            _LOG.warning("%s %s", look.path, problem)
        named = look.page.sheet.id is not None if look.page else look.row is None or look.row.named
        return Row(look.path, look.stat, self.is_fresh(look.stat), look.sha, kind, id, role if id else NONE, problem, named)

    def _time_of(self, key: Key | None, gone: Iterable[Row]) -> int:
        """When a file was deleted, or its folder with it."""
        paths = [row.path.rpartition("/")[0] for row in gone if row.key == key]
        stat = (self._disk.stat(paths[0]) if paths else None) or self._disk.stat(self._place.folder)
        return stat.mtime if stat else self._time

    def _keep(self, rows: list[Row], records: list[Record], changes: list[Change], gone: list[str]) -> None:
        done = commit(self._disk, changes) if changes and self._may_write else ()
        if records:
            self._index.records.load(
                self._place.key, sorted(records, key=lambda record: (record.seq, record.kind, record.id.int))
            )
        for change in done:
            if change.content is None:
                gone.append(change.path)
            elif stat := self._disk.stat(change.path):
                rows.append(
                    self._row(self._looked(_Look(change.path, stat, sha_of(change.content), None), change.content), MAIN)
                )
        self._index.save(self._place.key, rows, [path for path in gone if path not in {row.path for row in rows}])
        if self._may_write:
            finish(self._disk)


def _check_known(page: Page, row: Row | None, kind: str) -> None:
    """Without what tells whose it is, the file of a record would be one that says next to nothing. Raises NotReadable."""
    if row is None or row.id is None or not row.named:
        return
    if page.front is None:
        raise NotReadable("has lost its front matter: put it back, between two lines '---', the first of them the file's first")
    if page.sheet.id is None or not kind:
        raise NotReadable("has lost its id, or its line infoint: put them back into its front matter")


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def tombstone_path(folder: str, key: Key) -> str:
    """Where a deleted record is remembered."""
    return f"{folder}/{REMOVED}/{file_name(key.kind, key.id, whole=True)}"


def _seen(look: _Look) -> Seen:
    assert look.page  # noqa: S101  # narrows the type
    assert look.id  # noqa: S101  # narrows the type
    # Some systems tell names decomposed, whatever was typed.
    stem = normalize("NFC", look.path.rpartition("/")[2].removesuffix(SUFFIX))
    return Seen(look.page.sheet, look.kind, look.id, stem, look.stat.mtime)


def copy_problem(path: str, main: str) -> str:
    """What a file is beside that of its record."""
    if f"/{REMOVED}/" in main and f"/{REMOVED}/" not in path:
        return f"is an older state of what was removed: delete it; or, to have it back, {main}"
    return f"has the id of {main}: one of them is a copy"


def _placed_at(look: _Look) -> datetime:
    """When it came to lie there, whatever time it was given."""
    return moment_of(max(look.stat.mtime, look.stat.ctime))


def _is_dead(look: _Look) -> bool:
    return bool(look.page and look.page.sheet.deleted)


def _oddness(look: _Look) -> tuple[bool, int, str]:
    """Copies that sync tools make have longer names than what they are copies of, and seldom end as ours do."""
    stem = look.path.removesuffix(SUFFIX)
    ours = look.id is not None and stem.endswith((look.id.hex, look.id.hex[-8:]))
    return not ours, len(look.path), look.path


def problems_of(rows: Iterable[Row]) -> list[str]:
    """In words, by path."""
    return [f"{row.path}: {row.problem}" for row in sorted(rows, key=lambda row: row.path) if row.problem]
