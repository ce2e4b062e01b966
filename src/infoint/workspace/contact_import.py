"""Address books on their way into a workspace: the reader that a format stands for, and a plan carried out within one unit of
work. What a plan says is decided in `people`.
"""

from collections.abc import Iterator
from typing import BinaryIO, Self

from attrs import evolve, frozen

from infoint.errors import AlreadyExists, Conflict, InfointError, InvalidValue, PluginError
from infoint.hooks.host import PluginHost
from infoint.model.contact import Contact
from infoint.model.identity import NIL
from infoint.people.contract import ContactReader, Row
from infoint.people.import_plan import Directory, ImportPlan, import_id, marks
from infoint.practice.formerly import remember_former
from infoint.workspace.unit_of_work import KINDS, UnitOfWork


# ── reading ──────────────────────────────────────────────────────────────────────────────────────
@frozen
class Reader:
    """A reader, and whose it is."""

    format: str
    reader: ContactReader
    owner: str
    """The plugin that offers it; "" for one that the caller brought."""

    @classmethod
    def of(cls, format: str | ContactReader, plugins: PluginHost) -> Self:
        """By name, or the one given. Raises NoProvider, and PluginError where the plugin's factory makes no reader."""
        if not isinstance(format, str):
            if not callable(getattr(format, "read", None)):
                problem = f"needs the name of a format or a ContactReader, got {type(format).__name__}"
                raise InvalidValue("Contacts", "format", problem, value=format)
            return cls(type(format).__name__, format, "")
        reader = plugins.contact_readers.make(format)
        owner = plugins.contact_readers.owner(format)
        if not callable(getattr(reader, "read", None)):
            raise PluginError(owner, "", f"its contact reader {format!r} is a {type(reader).__name__}, which cannot read")
        return cls(format, reader, owner)

    def rows(self, source: BinaryIO) -> Iterator[Row]:
        """What it reads. A reader chosen by name that raises what is none of ours: PluginError with its owner."""
        return _OwnedRows(self, source) if self.owner else iter(self.reader.read(source))


class _OwnedRows(Iterator[Row]):
    def __init__(self, reader: Reader, source: BinaryIO) -> None:
        self._reader = reader
        self._source = source
        self._rows: Iterator[Row] | None = None

    @property
    def line_num(self) -> int:
        return getattr(self._rows, "line_num", 0)

    def __next__(self) -> Row:
        try:
            if self._rows is None:
                self._rows = iter(self._reader.reader.read(self._source))
            return next(self._rows)
        except (StopIteration, InfointError):
            raise
        except Exception as error:
            problem = f"its contact reader {self._reader.format!r} raised {type(error).__name__}"
            raise PluginError(self._reader.owner, "", problem) from error


# ── applying ─────────────────────────────────────────────────────────────────────────────────────
def apply(plan: ImportPlan, unit: UnitOfWork, *, workspace: str) -> ImportPlan:
    """Everything in one write, or nothing; the plan with the contacts as stored. Raises Conflict, AlreadyExists, NotFound for an
    unknown `referred_by`.
    """
    there = Directory(unit.all(Contact))
    read = [*plan.new, *(read for read, _, _ in plan.doubtful)]
    wanted = [_changed(there, unit, *pair) for pair in plan.changed] + [_new(there, unit, one, workspace) for one in read]
    # What is in the directory is stored just so already.
    writes = [one for one in wanted if there.by_id.get(one.id) is not one]
    for one in writes:
        if one.referred_by is not None:
            unit.get(Contact, one.referred_by)
    before = unit.campaign_if_any() if plan.changed else None
    saved = {one.id: one for one in unit.save(*writes)}
    if writes:
        unit.plan_follow_ups(before=before)
    stored = iter([saved.get(one.id, one) for one in wanted])
    return evolve(
        plan,
        changed=tuple((before, next(stored)) for before, _ in plan.changed),
        new=tuple(next(stored) for _ in plan.new),
        doubtful=tuple((next(stored), alike, why) for _, alike, why in plan.doubtful),
    )


def _changed(there: Directory, unit: UnitOfWork, before: Contact, wanted: Contact) -> Contact:
    if wanted.id != before.id:
        raise InvalidValue("ImportPlan", "changed", "pairs a contact with one of another id", value=wanted)
    wanted = remember_former(wanted, before)
    current = there.by_id.get(before.id)
    if current == wanted:
        return current
    if current is None or current.version != before.version:
        actual = current.version if current else 0
        raise Conflict(KINDS[Contact], before.id, expected=before.version, actual=actual)
    _demand_free(there, wanted)
    return evolve(wanted, version=current.version, edited_at=unit.now())


def _new(there: Directory, unit: UnitOfWork, read: Contact, workspace: str) -> Contact:
    wanted = evolve(read, id=import_id(workspace, read)) if read.id == NIL else read
    current = there.by_id.get(wanted.id)
    if current == wanted:
        return current
    if current is not None:
        raise AlreadyExists(KINDS[Contact], current.id, expected=0, actual=current.version)
    _demand_free(there, wanted)
    return unit.revive(evolve(wanted, version=0, edited_at=None))


def _demand_free(there: Directory, wanted: Contact) -> None:
    """Somebody may have added the same person since the plan was made."""
    for mark in marks(wanted):
        bearers = there.bearing(mark)
        for one in () if wanted.id in {bearer.id for bearer in bearers} else bearers:
            raise AlreadyExists(KINDS[Contact], one.id, expected=0, actual=one.version)
