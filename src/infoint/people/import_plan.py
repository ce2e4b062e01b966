"""What an import would do, and the function that finds it out. It stores nothing; how two accounts of one person become one is
said in `merging`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias
from uuid import UUID

from attrs import evolve, frozen

from infoint.errors import InvalidValue
from infoint.model.contact import Contact
from infoint.model.identity import derive_id
from infoint.people.contract import Rejected, Row
from infoint.people.merging import merged, remembered, said_by
from infoint.people.web_address import canonical
from infoint.practice.referrals import name_key

Mark: TypeAlias = tuple[str, str]
"""A system and what someone bears there, as they are compared."""
_EMAIL: Final = "e-mail"


@frozen(kw_only=True)
class ImportPlan:
    """What an import would do; nothing has been done. `print(plan)` sums up in a line.

    It is a value like others: take out what you do not want with `evolve(plan, doubtful=())`.
    """

    new: tuple[Contact, ...] = ()
    changed: tuple[tuple[Contact, Contact], ...] = ()
    """(stored, to be stored)."""
    same: int = 0
    """How many rows say nothing new."""
    doubtful: tuple[tuple[Contact, Contact, str], ...] = ()
    """(read, stored, why they may be one person); applied as new unless taken out."""
    rejected: tuple[Rejected, ...] = ()
    kept: tuple[tuple[Contact, str], ...] = ()
    """(stored, what stays as the explorer wrote it though the file has news)."""

    def __str__(self) -> str:
        counts = (
            (len(self.new), "new"),
            (len(self.changed), "changed"),
            (self.same, "the same"),
            (len(self.doubtful), "doubtful"),
            (len(self.rejected), "rejected"),
        )
        sums = ", ".join(f"{count} {what}" for count, what in counts)
        return f"{sums}, {len(self.kept)} kept as you wrote it" if self.kept else sums


def plan_import(
    rows: Iterable[Row],
    known: Iterable[Contact],
    *,
    workspace: str = "",
    progress: Callable[[int], None] | None = None,
) -> ImportPlan:
    """Compare what a reader gives with the contacts there are.

    Two are one person if they have an external id or an e-mail in common (addresses of pages compare by what they lead to,
    e-mails without case); a name or a link in common is only doubtful. A row that stands for two stored people, or for one
    that an earlier row stands for, is rejected. See `merging.merged` for what a stored contact takes over.

    Ids of new contacts derive from `workspace` and the first external id, so they are the same in every run. `progress` is told
    how many rows were read, after each. Raises what the reader raises, and InvalidValue for what is no row.
    """
    draft = _Draft(known, workspace)
    rows = iter(rows)
    count = 0
    for count, row in enumerate(rows, 1):
        draft.take(row, getattr(rows, "line_num", 0))
        if progress is not None:
            progress(count)
    if progress is not None and not count:
        progress(0)
    return draft.plan()


def import_id(workspace: str, contact: Contact) -> UUID:
    """The id of an imported contact: from its first external id; else its first e-mail; else from all it says."""
    if contact.external_ids:
        first = contact.external_ids[0]
        return derive_id(workspace, "contact", first.system, first.value)
    if contact.emails:
        return derive_id(workspace, "contact", _EMAIL, contact.emails[0].casefold())
    said = (f"{name}={value!r}" for name, value in sorted(said_by(contact).items()))
    return derive_id(workspace, "contact", "", *said)


class Directory:
    """Stored contacts by what they are known by."""

    def __init__(self, contacts: Iterable[Contact]) -> None:
        """Each with its id."""
        self.by_id: dict[UUID, Contact] = {}
        self._by_mark: dict[Mark, list[Contact]] = {}
        self._look_alikes: dict[Mark, list[Contact]] = {}
        for contact in contacts:
            self.by_id[contact.id] = contact
            for mark in marks(contact):
                self._by_mark.setdefault(mark, []).append(contact)
            for mark in _likeness(contact):
                self._look_alikes.setdefault(mark, []).append(contact)

    def bearing(self, mark: Mark) -> tuple[Contact, ...]:
        """Who has it."""
        return tuple(self._by_mark.get(mark, ()))

    def look_alikes(self, contact: Contact) -> Iterator[tuple[Contact, str]]:
        """Who may be the same person, and why."""
        for mark in _likeness(contact):
            for one in self._look_alikes.get(mark, ()):
                yield one, mark[0]


def marks(contact: Contact) -> tuple[Mark, ...]:
    """What the contact is recognised by, each once."""
    ids = ((one.system, canonical(one.value)) for one in contact.external_ids)
    emails = ((_EMAIL, email.casefold()) for email in contact.emails)
    return tuple(dict.fromkeys((*ids, *emails)))


def _likeness(contact: Contact) -> tuple[Mark, ...]:
    links = (("this link", canonical(link)) for link in contact.links)
    return (("this name", name_key(contact.name)), *links)


class _Draft:
    """A plan in the making."""

    def __init__(self, known: Iterable[Contact], workspace: str) -> None:
        self._directory = Directory(known)
        self._workspace = workspace
        self._lines: dict[Mark | UUID, int] = {}
        """Where in the file somebody was read: by mark, and by id."""
        self._unknown: list[Contact] = []
        self._changed: list[tuple[Contact, Contact]] = []
        self._same = 0
        self._rejected: list[Rejected] = []
        self._kept: list[tuple[Contact, str]] = []

    def take(self, row: Row, line: int) -> None:
        match row:
            case Rejected():
                self._rejected.append(row)
            case Contact():
                try:
                    problem = self._place(row, line)
                except InvalidValue as error:
                    problem = str(error)
                if problem:
                    self._rejected.append(Rejected(line, problem))
            case _:
                problem = f"gives contacts and rejected rows, got {type(row).__name__}"
                raise InvalidValue("ContactReader", "read", problem, value=row)

    def plan(self) -> ImportPlan:
        # Only now: whoever another row stands for is nobody's look-alike, wherever in the file that row is.
        doubts = [(read, self._look_alike(read)) for read in self._unknown]
        return ImportPlan(
            new=tuple(read for read, doubt in doubts if doubt is None),
            changed=tuple(self._changed),
            same=self._same,
            doubtful=tuple((read, *doubt) for read, doubt in doubts if doubt is not None),
            rejected=tuple(self._rejected),
            kept=tuple(self._kept),
        )

    def _place(self, row: Contact, line: int) -> str:
        """Put it where it belongs. Gives back what keeps it from being put anywhere. Raises InvalidValue."""
        read = evolve(row, id=import_id(self._workspace, row), version=0, edited_at=None)
        bearers = {mark: found for mark in marks(read) if (found := self._directory.bearing(mark))}
        stored, problem = self._agreed(bearers) if bearers else (self._directory.by_id.get(read.id), "")
        problem = self._told_before(read, stored) or problem
        if problem:
            return problem
        if stored is None:
            self._unknown.append(remembered(read))
        else:
            self._meet(stored, read)
        for mark in (*marks(read), read.id, *([stored.id] if stored else ())):
            self._lines[mark] = line
        return ""

    def _meet(self, stored: Contact, read: Contact) -> None:
        both = merged(stored, read)
        if both.contact == stored:
            self._same += 1
        else:
            self._changed.append((stored, both.contact))
        self._kept += ((stored, what) for what in both.kept)

    def _told_before(self, read: Contact, stored: Contact | None) -> str:
        for mark in marks(read):
            if mark in self._lines:
                return f"has the same {_named(mark)} as {_row_at(self._lines[mark])}, which is taken"
        who = stored.id if stored else read.id
        return f"stands for the same person as {_row_at(self._lines[who])}, which is taken" if who in self._lines else ""

    @staticmethod
    def _agreed(bearers: Mapping[Mark, Sequence[Contact]]) -> tuple[Contact | None, str]:
        """The only one who bears all of it; else what is in the way."""
        first, *others = bearers.values()
        common = [one for one in first if all(one.id in {other.id for other in group} for group in others)]
        if len(common) == 1:
            return common[0], ""
        whose = "; ".join(f"its {_named(mark)} is {_names(found)}'s" for mark, found in bearers.items())
        return None, f"stands for more than one stored contact: {whose}"

    def _look_alike(self, read: Contact) -> tuple[Contact, str] | None:
        """Whoever is like it in most, of those alike the one with the lowest id."""
        reasons: dict[UUID, list[str]] = {}
        for one, what in self._directory.look_alikes(read):
            if one.id not in self._lines:
                reasons.setdefault(one.id, []).append(what)
        if not reasons:
            return None
        id = min(reasons, key=lambda id: (-len(reasons[id]), self._directory.by_id[id].organization != read.organization, id))
        others = f"; so have {len(reasons) - 1} more" if len(reasons) > 1 else ""
        return self._directory.by_id[id], f"both have {' and '.join(reasons[id])}{others}"


def _named(mark: Mark) -> str:
    return _EMAIL if mark[0] == _EMAIL else f"{mark[0]} id"


def _names(contacts: Iterable[Contact]) -> str:
    return " and ".join(f"“{contact.name}”" for contact in contacts)


def _row_at(line: int) -> str:
    return f"the row on line {line}" if line else "an earlier row"
