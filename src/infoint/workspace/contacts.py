"""The people of a workspace: added, found, touched."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from functools import partial
from os import PathLike
from typing import TYPE_CHECKING, BinaryIO, TypedDict, Unpack
from uuid import UUID

from attrs import evolve

from infoint.errors import InUse, InvalidValue
from infoint.model.contact import Contact, ExternalId
from infoint.model.fields import as_line
from infoint.model.follow_up import FollowUp
from infoint.model.identity import Entity, identified
from infoint.model.interview import Interview
from infoint.model.touch import Direction, Touch, TouchKind
from infoint.practice.formerly import remember_former
from infoint.practice.one_person import FORMERLY, merge_contacts
from infoint.storage.contract import Condition, IndexField, Op, Page
from infoint.workspace.collection import Collection, demand_conditions
from infoint.workspace.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from infoint.people.contract import ContactReader
    from infoint.people.import_plan import ImportPlan
    from infoint.workspace.erasing import Erased
    from infoint.workspace.purging import Purged


class ContactWhere(TypedDict, total=False):
    """All hold. Texts compare whole and without case."""

    name: str
    email: str
    organization: str
    external_id: ExternalId
    tag: str


def _conditions(where: ContactWhere) -> list[Condition]:
    demand_conditions("Contacts", where, ContactWhere)
    return [Condition(IndexField(name), Op.EQ, _indexed(value)) for name, value in where.items()]


def _indexed(value: object) -> str:
    return f"{value.system}:{value.value}" if isinstance(value, ExternalId) else as_line(str(value)).casefold()


class Contacts(Collection[Contact]):
    """`ws.contacts`."""

    _kind = Contact
    _order = IndexField.NAME

    def add(self, contact: Contact, *, external_id: str = "") -> Contact:
        """The contact as stored, with its id. `external_id` is your own name for it: the id derives from it, and a second call
        returns what is stored, unchanged. Raises AlreadyExists for an id that is there, NotFound for an unknown `referred_by`.
        """
        return self._add(contact, external_id, _known_referrer, plans=getattr(contact, "referred_by", None) is not None)

    def find(self, **where: Unpack[ContactWhere]) -> Iterator[Contact]:
        """In the order of names."""
        return self._all(_conditions(where))

    def one(self, **where: Unpack[ContactWhere]) -> Contact:
        """The only one. Raises NotFound, SeveralMatch."""
        return self._one(_conditions(where), where)

    def page(self, *, limit: int = 50, cursor: str = "", **where: Unpack[ContactWhere]) -> Page[Contact]:
        """A page of at most `limit` in the order of names. Raises InvalidCursor."""
        return self._page(_conditions(where), limit=limit, cursor=cursor)

    def search(self, text: str, *, limit: int = 50) -> tuple[Contact, ...]:
        """Those in whose texts (names, organisations, notes …) each word begins one, without case and accents; whoever was saved last comes
        first. `ws.search(text, Contact)` gives them page by page. Raises InvalidValue.
        """
        with self._sessions.reading() as unit:
            return tuple(one for one in unit.search(text, (Contact,), limit=limit).items if isinstance(one, Contact))

    def merge(self, keep: Contact, duplicate: Contact) -> Contact:
        """Both are one person: `keep` as stored, with all that only the duplicate said; talks, touches, follow-ups and referrals carried over,
        histories as they were told. The duplicate is removed; whoever adds it again by its `external_id` gets `keep`. One commit. What
        stays open is planned anew.

        Raises what `practice.merge_contacts` raises where they are two people, Conflict and NotFound.
        """
        with self._sessions.writing() as unit:
            ours, theirs = (unit.get(Contact, identified(one).id, version=one.version) for one in (keep, duplicate))
            campaign = unit.facts()
            merge = merge_contacts(ours, theirs, campaign)
            before = {talk.id: talk for talk in campaign.interviews}
            now = unit.now()
            saved = unit.save(evolve(merge.contact, edited_at=now))[0]
            for one in unit.save(*merge.changed):
                if isinstance(one, Interview):
                    self._tell(unit, before[one.id], one)
            unit.remove(theirs)
            unit.plan_follow_ups(before=campaign)
            return saved

    def export(self, contact: Contact) -> bytes:
        """The right to know and to take along: all that is held about this person, as JSON that says what it is. What is in it, and what of
        others is not: `practice.held_about`, which gives the same as a value. Of one who was merged into another, that other.

        The same content gives the same bytes (UTF-8, keys sorted), unknown keys and custom fields included; what stands under "held"
        is read back with `codec.load(HeldAbout, …)`. Raises NotFound.
        """
        from infoint.workspace.person_export import export

        return export(self._sessions, contact, self._in_place_of)

    def erase(self, contact: Contact | UUID) -> "Erased":
        """The right to be forgotten: nothing of this person stays but what the explorer learned, without their name. What goes and what stays:
        `practice.forget`. Of one who was merged into another, that other: they are one person. One commit, after which the storage leaves no
        traces, as far as it declares SECURE_ERASE, or names where they are (PARTIAL_ERASE); called again for somebody who is gone, only that.
        The report tells where copies may still be, and what to look at by hand; that of a second call, after an interruption, no longer
        knows what the first one changed, and its `may_mention` is empty: search for the name. By the id alone also where the record is
        gone and others still name it (see `Workspace.check`): they are rid of it. A contact given with its name is then looked for by
        that in their texts.

        Not within a transaction (StorageError). Raises Conflict, NotFound.
        """
        from infoint.workspace.erasing import erase

        return erase(self._sessions, contact, self._tell, self._in_place_of)

    def purge(self, *, before: date, dry_run: bool) -> "Purged":
        """Erase for good, as `erase` does, everybody with whom nothing has happened on that day (in the explorer's zone) or since, and nothing
        is planned or owed: `practice.dormant` says what counts. Who must not be contacted stays. All of it is one commit, and one sweep; where
        nobody is found, nothing is done.

        With `dry_run`, which nobody can forget to say, nothing is changed: its report names people, so that somebody may look, and says what would
        be removed, changed and left to look at; the report of what was done holds ids. Erasing one edits talks with others, which then count as
        edited. Raises InvalidValue for a day that is still to come, and as `erase`.
        """
        from infoint.workspace.purging import purge

        return purge(self._sessions, before, dry_run=dry_run)

    def log_touch(
        self,
        contact: Contact,
        kind: TouchKind,
        *,
        note: str = "",
        direction: Direction = Direction.OUT,
        at: datetime | None = None,
    ) -> Touch:
        """One contact either way; the keep-in-touch cadence begins anew (practice §7). `at` defaults to now."""
        with self._sessions.writing() as unit:
            unit.get(Contact, identified(contact).id)
            touch = Touch(
                id=self._sessions.new_id(),
                contact_id=contact.id,
                at=self._moment(unit, at),
                kind=kind,
                direction=direction,
                note=note,
            )
            saved = unit.save(touch)[0]
            unit.plan_follow_ups()
            return saved

    def touches(self, contact: Contact) -> tuple[Touch, ...]:
        """The earliest first."""
        where = [Condition(IndexField.CONTACT, Op.EQ, str(identified(contact).id))]
        with self._sessions.reading() as unit:
            return tuple(unit.all(Touch, where, sort=IndexField.START))

    # ── address books ────────────────────────────────────────────────────────────────────────────
    def plan_import(
        self,
        source: str | PathLike[str] | BinaryIO,
        format: "str | ContactReader",
        *,
        progress: Callable[[int], None] | None = None,
    ) -> "ImportPlan":
        """What importing an address book would do; nothing is stored yet. `source` is a path or a stream of bytes, which stays
        open; `format` a name ("linkedin") or a reader of your own. `progress` is told the number of rows read so far.

        Raises NotFound for a path where nothing is, ImportRejected for what cannot be read as this format, NoProvider,
        InvalidValue for a stream of text, and PluginError for what a reader chosen by name raises.
        """
        from infoint.people.import_plan import plan_import
        from infoint.people.sources import opened
        from infoint.workspace.contact_import import Reader

        if progress is not None and not callable(progress):
            raise InvalidValue("Contacts", "progress", f"takes a function, got {type(progress).__name__}", value=progress)
        reader = Reader.of(format, self._sessions.plugins)
        with self._sessions.reading() as unit:
            known = tuple(unit.all(Contact))  # no session stays open while a slow file is read
        with opened(source, reader.format) as stream:
            return plan_import(reader.rows(stream), known, workspace=self._sessions.key, progress=progress)

    def apply_import(self, plan: "ImportPlan") -> "ImportPlan":
        """Do it, in one commit: new and doubtful people are added, changed ones saved. The plan with the contacts as stored.

        What is stored already just as the plan wants it stays untouched, so that applying a plan twice is doing it once. Raises
        Conflict and AlreadyExists, and stores nothing, where somebody has changed, removed or added one of these people since the
        plan was made: make it again.
        """
        from infoint.people.import_plan import ImportPlan
        from infoint.workspace.contact_import import apply

        if not isinstance(plan, ImportPlan):
            raise InvalidValue("Contacts", "plan", f"needs an ImportPlan, got {type(plan).__name__}", value=plan)
        with self._sessions.writing() as unit:
            return apply(plan, unit, workspace=self._sessions.key)

    def _tell(self, unit: UnitOfWork, before: Interview, after: Interview) -> None:
        unit.news.append(partial(self._sessions.plugins.interview_changed, self._sessions.key, before, after, None))

    def _removed_along(self, unit: UnitOfWork, value: Contact) -> Sequence[Entity]:
        campaign = unit.campaign()
        asked = {talk.id for talk in campaign.interviews_with(value)}
        talks = [f"interview {talk.id}" for talk in campaign.interviews if talk.id in asked or value.id in talk.named]
        named = [f"contact {one.id}" for one in campaign.contacts if one.referred_by == value.id]
        if talks or named:
            raise InUse("contact", value.id, [*talks, *named])
        where = [Condition(IndexField.CONTACT, Op.EQ, str(value.id))]
        return [*unit.all(Touch, where), *unit.all(FollowUp, where)]

    def _in_place_of(self, unit: UnitOfWork, id: UUID) -> Contact | None:
        # Merged: a script that runs again and knows the person by a name of its own must not bring the duplicate back.
        known_as = _conditions({"external_id": ExternalId(FORMERLY, str(id))})
        return next(iter(unit.page(Contact, known_as, limit=1).items), None)

    def _save_edited(self, unit: UnitOfWork, stored: Contact, value: Contact) -> Contact:
        value = remember_former(value, stored)
        # Whom it named before may have gone since: no reason not to edit the rest.
        known = value if value.referred_by == stored.referred_by else _known_referrer(unit, value)
        return super()._save_edited(unit, stored, known)


def _known_referrer(unit: UnitOfWork, contact: Contact) -> Contact:
    if contact.referred_by is not None:
        unit.get(Contact, contact.referred_by)
    return contact
