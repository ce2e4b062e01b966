"""One commit: entities read and saved in one session of the storage, and what is told to observers once it is kept. The only
place where entities become records; which entities to save is decided by the collections.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

from attrs import evolve

from infoint import codec
from infoint.errors import Conflict, Corrupt, FormatTooNew, InfointError, InvalidValue, NotFound, StorageError, Unsupported
from infoint.model.campaign import NAMES, Campaign
from infoint.model.contact import Contact
from infoint.model.exploration import Exploration
from infoint.model.fields import not_a_uuid
from infoint.model.follow_up import FollowUp
from infoint.model.identity import Entity, derive_id
from infoint.model.interview import Interview
from infoint.model.profile import Profile
from infoint.model.touch import Touch
from infoint.practice.follow_up_planner import plan_follow_ups
from infoint.practice.policy import Policy
from infoint.storage.contract import (
    ChangePage,
    CommitInfo,
    Condition,
    IndexField,
    Key,
    Page,
    Query,
    Record,
    Session,
    Write,
    run_search,
)
from infoint.workspace.stand_ins import with_stand_ins

E = TypeVar("E", bound=Entity)

KINDS: Final[dict[type[Entity], str]] = {**NAMES, Profile: "profile"}
"""What the kinds of entity are called in a storage."""

PROFILE_ID: Final = derive_id("profile")
"""A workspace has one profile; wherever it is, it has this id."""

_FIELDS: Final = {field.value: field for field in IndexField}

PAGE: Final = 500
SET_UP: Final = 'open the workspace with zone="Europe/Madrid" once, or call set_profile(…)'

SEE_CHECK: Final = "it is not in this workspace, or was removed; `ws.check()` says what to do about each that is missing"


class UnitOfWork:
    """Reads and writes of one session. Left without commit, nothing has happened."""

    def __init__(self, session: Session, *, workspace: str, now: Callable[[], datetime], policy: Callable[[], Policy]) -> None:
        """`policy` is a function: reading alone needs none, and making one reads files."""
        self._session, self._workspace = session, workspace
        self._policy = policy
        self.now = now
        self._campaign: Campaign | None = None
        self.news: list[Callable[[], None]] = []
        """What to tell observers after the commit."""
        self.puts = 0
        """How often something was written."""
        self.torn = False
        """Whether a step failed after it had written something: half of it stands in the session."""
        self.revived: list[UUID] = []
        """People who were removed before, and are added again."""

    # ── reading ──────────────────────────────────────────────────────────────────────────────────
    def find_one(self, kind: type[E], id: UUID) -> E | None:
        """The entity, or None where there is none or it was removed."""
        record = self._record(kind, id)
        return None if record is None or record.deleted else self._entity(kind, record)

    def find_many(self, kind: type[E], ids: Collection[UUID]) -> tuple[E, ...]:
        """Those there are, in the order of their ids."""
        records = self._session.get_many([Key(KINDS[kind], id) for id in ids])
        return tuple(self._entity(kind, record) for _, record in sorted(records.items()) if not record.deleted)

    def changes(self, since: str) -> ChangePage:
        """What was committed after a cursor of the storage. Raises InvalidCursor, ResyncRequired."""
        return self._session.changes(since, limit=PAGE)

    def records(self, keys: Collection[Key]) -> Collection[Record]:
        """Those there are, as they stand, tombstones included."""
        return self._session.get_many(keys).values()

    def was_removed(self, kind: type[Entity], id: UUID) -> bool:
        """Whether there was one of this id."""
        record = self._record(kind, id)
        return record is not None and record.deleted

    def get(self, kind: type[E], id: UUID, *, version: int | None = None) -> E:
        """The entity. Raises NotFound, and Conflict where it is not at `version`."""
        if not isinstance(id, UUID):
            raise InvalidValue(kind.__name__, "id", not_a_uuid(id), value=id)
        entity = self.find_one(kind, id)
        if entity is None:
            raise NotFound(KINDS[kind], id, remedy="it is not in this workspace, or was removed")
        if version is not None and version != entity.version:
            raise Conflict(KINDS[kind], id, expected=version, actual=entity.version)
        return entity

    def page(
        self,
        kind: type[E],
        where: Sequence[Condition] = (),
        *,
        sort: IndexField | None = None,
        limit: int = PAGE,
        cursor: str = "",
    ) -> Page[E]:
        """One page, in the order of `sort`, then of ids."""
        found = self._session.query(Query(kind=KINDS[kind], where=tuple(where), sort=sort, limit=limit, cursor=cursor))
        return Page(tuple(self._entity(kind, record) for record in found.items), found.cursor)

    def search(self, text: str, kinds: Collection[type[Entity]], *, limit: int, cursor: str = "") -> Page[Entity]:
        """A page of what is found by the words of its texts. Where the storage does not search, every record is looked at."""
        asked = tuple(sorted(KINDS[kind] for kind in kinds))
        try:
            found = self._session.search(text, kinds=asked, limit=limit, cursor=cursor)
        except Unsupported:
            records = (record for kind in asked for record in self._records(kind))
            found = run_search(records, text, kinds=asked, limit=limit, cursor=cursor, workspace=self._workspace)
        by_name = {name: kind for kind, name in KINDS.items()}
        return Page(tuple(self._entity(by_name[record.kind], record) for record in found.items), found.cursor)

    def _records(self, kind: str) -> Iterator[Record]:
        cursor = ""
        while True:
            page = self._session.query(Query(kind=kind, limit=PAGE, cursor=cursor))
            yield from page.items
            cursor = page.cursor
            if not cursor:
                return

    def all(self, kind: type[E], where: Sequence[Condition] = (), *, sort: IndexField | None = None) -> Iterator[E]:
        """Page after page."""
        cursor = ""
        while True:
            page = self.page(kind, where, sort=sort, cursor=cursor)
            yield from page.items
            cursor = page.cursor
            if not cursor:
                return

    def profile(self) -> Profile:
        """Raises NotFound("profile") where the workspace has none yet."""
        profile = self.find_one(Profile, PROFILE_ID)
        if profile is None:
            raise NotFound("profile", "of this workspace", remedy=SET_UP)
        return profile

    def last_commit(self) -> CommitInfo | None:
        """What the state that is read here is known by; None where something was written here: that is in no commit yet."""
        return None if self.puts else self._session.last_commit()

    def readable(self, kind: type[E]) -> Iterator[tuple[UUID, E | InfointError]]:
        """Every one of a kind; in the place of one that cannot be read, why."""
        for record in self._records(KINDS[kind]):
            try:
                yield record.id, self._entity(kind, record)
            except (Corrupt, FormatTooNew) as error:
                yield record.id, error

    def campaign(self) -> Campaign:
        """Everything there is, as this unit of work sees it; of people and explorations that are named and not here, somebody and something
        that stands in. Raises NotFound("profile").
        """
        if self._campaign is None:
            self._campaign = self._read(self.profile())
        return self._campaign

    def campaign_if_any(self) -> Campaign | None:
        """As `campaign`; None in a workspace without a profile."""
        if self._campaign is None and self.find_one(Profile, PROFILE_ID) is None:
            return None
        return self.campaign()

    def facts(self) -> Campaign:
        """As `campaign`; in a workspace without a profile, with one that says nothing."""
        return self.campaign_if_any() or self._read(Profile(id=PROFILE_ID, zone="UTC"))

    def _read(self, profile: Profile) -> Campaign:
        campaign = Campaign(
            profile=profile,
            contacts=tuple(self.all(Contact)),
            explorations=tuple(self.all(Exploration)),
            interviews=tuple(self.all(Interview)),
            follow_ups=tuple(self.all(FollowUp)),
            touches=tuple(self.all(Touch)),
            remedy=SEE_CHECK,
        )
        return with_stand_ins(campaign)

    # ── saving ───────────────────────────────────────────────────────────────────────────────────
    def save(self, *entities: E) -> tuple[E, ...]:
        """All of them, each expected at its own version (0 = new). Returns them as stored. Raises Conflict, AlreadyExists."""
        if not entities:
            return ()
        records = self._session.put_many([self._write(entity) for entity in entities])
        self.puts += 1
        saved = tuple(evolve(entity, version=record.version) for entity, record in zip(entities, records, strict=True))
        if self._campaign is not None:
            self._campaign = _with(self._campaign, saved)
        return saved

    def remove(self, *entities: Entity) -> None:
        """Tombstones, each entity expected at its own version. Raises Conflict."""
        if not entities:
            return
        now = self.now()
        self._session.put_many(
            [
                Write(
                    kind=KINDS[type(entity)],
                    id=entity.id,
                    expect=entity.version,
                    updated_at=now,
                    schema=codec.SCHEMA,
                    data={},
                    index={},
                    deleted=True,
                )
                for entity in entities
            ]
        )
        self.puts += 1
        self._campaign = None

    def revive(self, entity: E) -> E:
        """The new entity, fit to be saved: at the version of the tombstone where one of its id was removed before."""
        record = self._record(type(entity), entity.id)
        if record is None or not record.deleted:
            return entity
        if isinstance(entity, Contact):
            self.revived.append(entity.id)
        return evolve(entity, version=record.version)

    def plan_follow_ups(self, *, before: Interview | Campaign | None = None) -> None:
        """Bring the follow-ups up to what the rules want of the campaign as it is now (`before`: see `practice.plan_follow_ups`); without a
        profile there is nothing to plan, since no event was recorded yet.
        """
        campaign = self.campaign_if_any()
        if campaign is None:
            return
        plan = plan_follow_ups(campaign, policy=self._policy(), before=before)
        self.save(*(self.revive(follow_up) for follow_up in plan.new), *plan.changed)

    def commit(self) -> None:
        """Keep it all. Raises StorageError, and keeps nothing, where a step failed halfway and the failure was passed over."""
        if self.torn:
            raise StorageError("a step of this transaction failed halfway, so nothing of the transaction was kept")
        self._session.commit()

    # ── records ──────────────────────────────────────────────────────────────────────────────────
    def _record(self, kind: type[Entity], id: UUID) -> Record | None:
        key = Key(KINDS[kind], id)
        return self._session.get_many([key]).get(key)

    def _entity(self, kind: type[E], record: Record) -> E:
        if record.schema[0] > codec.SCHEMA[0]:
            raise FormatTooNew(f"{record.kind} {record.id} was written by a newer infoint")
        try:
            return codec.load(kind, record.data, version=record.version)
        except InvalidValue as error:
            raise Corrupt(str(error), place=f"{record.kind} {record.id}") from error

    def _write(self, entity: Entity) -> Write:
        return Write(
            kind=KINDS[type(entity)],
            id=entity.id,
            expect=entity.version,
            updated_at=self.now(),
            schema=codec.SCHEMA,
            data=codec.dump(entity),
            index={_FIELDS[name]: values for name, values in codec.index(entity).items()},
            text=codec.text(entity),
        )


def _with(campaign: Campaign, saved: Iterable[Entity]) -> Campaign:
    facts = []
    for entity in saved:
        match entity:
            case Profile():
                campaign = evolve(campaign, profile=entity)
            case Contact() | Exploration() | Interview() | FollowUp() | Touch():
                facts.append(entity)
    return campaign.including(*facts)
