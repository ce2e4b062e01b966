"""What changed in a calendar since it was last asked for: which entries may be others by now, found through the change feed. What entries
say is `calendar`'s.
"""

import base64
import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Final, NamedTuple, TypeAlias
from uuid import UUID

from attrs import field, fields, frozen

from infoint.calendar.contract import CalendarHead, CalendarWriter
from infoint.calendar.drafts import Drafts
from infoint.calendar.entries import build_entries
from infoint.calendar.follow_up_entries import follow_up_uids
from infoint.calendar.options import CalendarOptions, ContentLevel
from infoint.calendar.resource_names import resource_name
from infoint.calendar.versions import software_revision
from infoint.errors import (
    Busy,
    CommitUnknown,
    InfointError,
    InvalidCursor,
    InvalidValue,
    ResyncRequired,
    StorageError,
    Unsupported,
)
from infoint.hooks.host import PluginHost
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.exploration import Exploration
from infoint.model.follow_up import FollowUp
from infoint.model.identity import Entity
from infoint.model.interview import Interview
from infoint.model.profile import Profile
from infoint.storage.contract import Capability, Condition, IndexField, Key, Op, Record
from infoint.workspace.calendar_export import CalendarExport, export_of
from infoint.workspace.sessions import Sessions
from infoint.workspace.stand_ins import with_stand_ins
from infoint.workspace.unit_of_work import KINDS, SEE_CHECK, UnitOfWork

MOST: Final = 1_000
"""Records that changed; from there on all entries are looked at."""
_FORM: Final = 2
_WITNESSES: Final = 8
"""Records of the last commit that a cursor remembers."""
_LONGEST: Final = 20_000


@frozen
class CalendarChanges:
    """What to do to a set of entries that was up to date at the last cursor, so that it is now. Doing it twice is doing it once."""

    changed: CalendarExport
    """Entries that are new, or may be others than they were: put each in the place of the one of its uid."""
    removed: tuple[str, ...]
    """Uids of entries that are there no longer; some of them may never have been."""
    whole: bool
    """Whether `changed` is all there is: whatever is not in it is there no longer, and `removed` says nothing."""
    cursor: str
    """For the next time. What RFC 6578 calls a sync token."""
    _plugins: PluginHost = field(repr=False)

    def files(
        self, format: str | CalendarWriter = "ics", *, head: CalendarHead | None = None
    ) -> Iterator[tuple[str, bytes | None]]:
        """As `CalendarExport.files`: names and bytes; None in place of bytes for what is there no longer. Raises as that does."""
        yield from self.changed.files(format, head=head)
        suffix = self._plugins.calendar_writer(format).suffix
        for uid in self.removed:
            yield resource_name(uid, suffix), None


def calendar_changes(sessions: Sessions, since: str, options: CalendarOptions | None) -> CalendarChanges:
    """See `Workspace.calendar_changes`."""
    chosen = CalendarOptions() if options is None else options
    if not isinstance(chosen, CalendarOptions):
        raise InvalidValue("Workspace", "options", f"needs CalendarOptions, got {type(chosen).__name__}", value=chosen)
    position = _Position.read(since)
    revision = sessions.plugins.export_revision()
    mark = _mark(sessions, chosen, revision)
    with sessions.reading() as unit:
        if unit.puts:
            raise StorageError("changes are told of what was committed: ask after the transaction")
        known = position is not None and bool(mark) and position.mark == mark and _is_past(position, unit, sessions)
        news = _read(unit, position.feed if position and known else "", known=known)
        last = unit.last_commit()
        witnesses = news.witnesses or (position.witnesses if position and known else ())
        cursor = _Position(mark, news.cursor, last.id if last else "", witnesses).text()
        # What plugins make of it nobody can tell from single records.
        if not known or news.keys is None or (news.keys and revision):
            entries = sessions.plugins.calendar_entries(unit.campaign(), chosen)
            return CalendarChanges(export_of(entries, sessions.plugins, options), (), True, cursor, sessions.plugins)
        entries, uids = _Affected(unit, news.keys).entries(chosen)
    removed = sorted(uids - {entry.uid for entry in entries})
    return CalendarChanges(export_of(entries, sessions.plugins, options), tuple(removed), False, cursor, sessions.plugins)


# ── where it was ─────────────────────────────────────────────────────────────────────────────────
_Witness: TypeAlias = tuple[str, str, int, int, str]
"""Kind, id, version, seq and `updated_at` of a record."""


class _Position(NamedTuple):
    mark: str
    """What the entries depended on besides the records; "" = nobody could tell."""
    feed: str
    commit: str
    """The id of the last one."""
    witnesses: tuple[_Witness, ...]
    """Records that it wrote."""

    def text(self) -> str:
        return base64.urlsafe_b64encode(json.dumps([_FORM, *self]).encode()).decode()

    @classmethod
    def read(cls, text: str) -> "_Position | None":
        """None for "". Raises InvalidCursor, InvalidValue."""
        if not isinstance(text, str):
            raise InvalidValue("Workspace", "since", f'needs a cursor or "", got {type(text).__name__}', value=text)
        if text == "":
            return None
        try:
            form, *told, witnesses = json.loads(
                base64.b64decode(text[:_LONGEST].encode("ascii"), altchars=b"-_", validate=True)
            )
            mark, feed, commit = told
            seen = tuple(tuple(one) for one in witnesses)
        except (ValueError, TypeError, RecursionError):
            raise InvalidCursor from None
        if form != _FORM or not all(isinstance(one, str) for one in told):
            raise InvalidCursor
        return cls(mark, feed, commit, seen)


def _is_past(position: _Position, unit: UnitOfWork, sessions: Sessions) -> bool:
    """Whether what the cursor saw last has happened to this workspace: since then it may have been dropped and begun anew, or an older
    state been restored, and have gone as far again. Where nobody can tell, it is not believed.
    """
    keys = [key for key in map(_key_of, position.witnesses) if key]
    if any(_witness(record) in position.witnesses for record in unit.records(keys)):
        return True
    if sessions.shared is not None:  # a place may have to wait for whoever writes, and that is ourselves
        return False
    try:
        return sessions.storage().was_committed(sessions.key, position.commit)
    except (Busy, CommitUnknown, Unsupported):
        return False


def _witness(record: Record) -> _Witness:
    return record.kind, str(record.id), record.version, record.seq, record.updated_at.isoformat()


def _key_of(witness: tuple[object, ...]) -> Key | None:
    """None for what is none: whoever forges a cursor gets all there is."""
    match witness:
        case (str(kind), str(id), *_):
            try:
                return Key(kind, UUID(id))
            except (ValueError, InfointError):
                return None
    return None


def _mark(sessions: Sessions, options: CalendarOptions, plugins: str | None) -> str:
    """Equal for exports in which only records make a difference; "" where that cannot be told."""
    software = software_revision()
    by_hand = Capability.EXTERNAL_EDITS in sessions.storage().capabilities
    if plugins is None or software is None or by_hand:
        return ""
    told = [sessions.key, plugins, software]
    for one in fields(CalendarOptions):
        held = getattr(options, one.name)
        # A set has another order in each process, and equal moments of two zones are told differently.
        told.append(f"{one.name}={sorted(held) if isinstance(held, frozenset) else held} {getattr(held, 'tzinfo', '')}")
    return sha256("\0".join(told).encode(errors="surrogatepass")).hexdigest()[:32]


class _News(NamedTuple):
    keys: frozenset[Key] | None
    """None: too many, or it cannot be told."""
    cursor: str
    witnesses: tuple[_Witness, ...]
    """Of the last commit; none where there was no news."""


def _read(unit: UnitOfWork, since: str, *, known: bool) -> _News:
    """What was committed since, and where the feed ends now."""
    keys: set[Key] = set()
    latest: list[Record] = []
    cursor, more, told = since, True, known
    while more:
        try:
            page = unit.changes(cursor)
        except ResyncRequired:  # an older state was restored
            if cursor == "":
                raise
            cursor, told = "", False
            continue
        keys.update(record.key for record in page.items)
        if page.items:
            latest = [record for record in page.items if record.seq == page.items[-1].seq][-_WITNESSES:]
        cursor, more = page.cursor, page.more
        if len(keys) > MOST or any(key.kind == KINDS[Profile] for key in keys):
            told = False
            keys.clear()
    return _News(frozenset(keys) if told else None, cursor, tuple(map(_witness, latest)))


# ── what may be another ──────────────────────────────────────────────────────────────────────────
class _Affected:
    """Talks and follow-ups whose entries may be others since these records changed, with all that such entries speak of."""

    def __init__(self, unit: UnitOfWork, keys: frozenset[Key]) -> None:
        self._unit = unit
        self._ids = {kind: {key.id for key in keys if key.kind == name} for kind, name in KINDS.items()}

    def entries(self, options: CalendarOptions) -> tuple[Drafts, set[str]]:
        """The entries there are, and the uids of all there may have been."""
        people, told = self._ids[Contact], self._ids[Interview]
        talks = told | self._found(Interview, IndexField.CONTACT, people)
        talks |= self._found(Interview, IndexField.EXPLORATION, self._ids[Exploration])
        follow_ups = self._ids[FollowUp] | self._found(FollowUp, IndexField.INTERVIEW, told)
        if options.content is ContentLevel.FIRST_NAME:  # else they say what was written when they were planned
            follow_ups |= self._found(FollowUp, IndexField.CONTACT, people)
        uids = {str(id) for id in talks} | {uid for id in follow_ups for uid in follow_up_uids(id, options)}
        if not uids:
            return build_entries(Campaign(profile=self._unit.profile()), options), uids
        return build_entries(self._part(talks, follow_ups), options).only(uids), uids

    def _found(self, kind: type[Entity], index: IndexField, ids: Iterable[UUID]) -> set[UUID]:
        return {one.id for id in ids for one in self._unit.all(kind, [Condition(index, Op.EQ, str(id))])}

    def _part(self, talk_ids: set[UUID], follow_up_ids: set[UUID]) -> Campaign:
        unit = self._unit
        follow_ups = unit.find_many(FollowUp, follow_up_ids)
        talks = unit.find_many(Interview, talk_ids | {one.interview_id for one in follow_ups if one.interview_id})
        named = {id for talk in talks for id in (*talk.contact_ids, *talk.met)}
        people = named | {one.contact_id for one in follow_ups if one.contact_id}
        explorations = {talk.exploration_id for talk in talks if talk.exploration_id}
        part = Campaign(
            profile=unit.profile(),
            contacts=unit.find_many(Contact, people),
            explorations=unit.find_many(Exploration, explorations),
            interviews=talks,
            follow_ups=follow_ups,
            remedy=SEE_CHECK,
        )
        return with_stand_ins(part)  # whom no entry speaks of was not looked for, and may be here
