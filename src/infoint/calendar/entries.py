"""From the model to calendar entries: which ones there are. What they say is `meeting_entries`'s and `follow_up_entries`'s; how that
becomes bytes is a writer's.
"""

from collections.abc import Hashable, Iterator, Mapping
from functools import partial
from heapq import merge
from uuid import UUID

from attrs import evolve

from infoint.calendar.contract import CalendarEntry, Component, EntryStatus, When
from infoint.calendar.drafts import Draft, Drafts, Window, by_uid, revision
from infoint.calendar.follow_up_entries import follow_up_event, follow_up_todo, todo_uid
from infoint.calendar.meeting_entries import meeting_entry, revised_at
from infoint.calendar.options import (
    CalendarOptions,
    ContentLevel,
    FollowUpsAs,
)
from infoint.errors import InvalidValue
from infoint.model.campaign import Campaign
from infoint.model.events import Held
from infoint.model.follow_up import FollowUp, FollowUpKind, FollowUpStatus
from infoint.model.identity import NIL, derive_id, identified
from infoint.model.interview import Interview


def build_entries(campaign: Campaign, options: CalendarOptions | None = None) -> Drafts:
    """Meetings and follow-ups, sorted by uid; made anew each time they are gone through. Without plugins:
    `PluginHost.calendar_entries` adds theirs. Raises MissingId; going through them, NotFound for people the campaign does not hold.
    """
    chosen = CalendarOptions() if options is None else options
    if not isinstance(chosen, CalendarOptions):
        raise InvalidValue("build_entries", "options", f"needs CalendarOptions, got {type(chosen).__name__}", value=chosen)
    if not isinstance(campaign, Campaign):
        raise InvalidValue("build_entries", "campaign", f"needs a Campaign, got {type(campaign).__name__}", value=campaign)
    profile = campaign.profile
    subjects = _Subjects(campaign, chosen)
    return Drafts(
        subjects.drafts,
        subjects.state,
        Window(chosen.since, chosen.until, profile.zone),
        # Not the window: it decides what is shown, not what it says.
        follow_from=(evolve(chosen, since=None, until=None), profile.name, profile.email, profile.language, profile.zone.key),
    )


def entry_about(subject: Interview | FollowUp, key: str, when: When, summary: str) -> CalendarEntry:
    """An entry that belongs to a talk or follow-up; `evolve` it for the rest.

    Its uid derives from the subject's id and `key` ("travel:there"); RELATED-TO, SEQUENCE, LAST-MODIFIED and cancellation are
    the subject's: it moves and ends with it. Raises MissingId, and InvalidValue for a subject nothing was told about yet.
    """
    if identified(subject).revised_at is None:
        raise InvalidValue(type(subject).__name__, "revised_at", "has no history yet, so nothing in a calendar can hang on it")
    return CalendarEntry(
        uid=str(derive_id(subject.id, key)),
        when=when,
        summary=summary,
        last_modified=revised_at(subject),
        sequence=subject.sequence if isinstance(subject, Interview) else subject.revision,
        status=EntryStatus.CONFIRMED if _stands(subject) else EntryStatus.CANCELLED,
        related_to=str(subject.id),
        transparent=True,
    )


def _stands(subject: Interview | FollowUp) -> bool:
    return subject.story.stands if isinstance(subject, Interview) else subject.status is FollowUpStatus.OPEN


class _Subjects:
    """Talks and follow-ups of a campaign, and what each of their entries follows from."""

    def __init__(self, campaign: Campaign, options: CalendarOptions) -> None:
        self._campaign, self._options = campaign, options
        self._people = {contact.id: contact for contact in campaign.contacts}
        self._explorations = {exploration.id: exploration for exploration in campaign.explorations}
        self._talks = {talk.id: talk for talk in campaign.interviews}
        follow_ups = [one for one in campaign.follow_ups if _is_wanted(one, options)]
        subjects: tuple[Interview | FollowUp, ...] = (*campaign.interviews, *follow_ups)
        # By id is by uid: the hexadecimal digits stand in the order of the number.
        self._by_id = sorted(subjects, key=_by_id)
        both = options.follow_ups is FollowUpsAs.BOTH
        self._beside = sorted(((todo_uid(one, options), one) for one in follow_ups), key=by_uid) if both else []

    def state(self) -> list[object]:
        """Revisions of all that an entry may say something of."""
        campaign = self._campaign
        return [
            *((one.id.int, revision(one)) for one in (*campaign.contacts, *campaign.explorations)),
            *((talk.id.int, _told(talk)) for talk in campaign.interviews),
            *((one.id.int, _planned(one)) for one in campaign.follow_ups),
        ]

    def drafts(self) -> Iterator[Draft]:
        """In the order of their uids."""
        revisions = {talk.id: self._revision(talk) for talk in self._talks.values()}
        as_todo = self._options.follow_ups is FollowUpsAs.TODO
        drafts = (
            self._talk(one, revisions)
            if isinstance(one, Interview)
            else self._follow_up(str(one.id), one, revisions, as_todo=as_todo)
            for one in self._by_id
        )
        if not self._beside:
            return drafts
        # To-dos beside events have uids of their own, in another order.
        return merge(drafts, (self._follow_up(uid, one, revisions, as_todo=True) for uid, one in self._beside), key=by_uid)

    def _talk(self, talk: Interview, revisions: Mapping[UUID, Hashable]) -> Draft:
        make = partial(meeting_entry, talk, self._campaign, self._options)
        return Draft(str(talk.id), Component.EVENT, revisions[talk.id], make)

    def _follow_up(self, uid: str, follow_up: FollowUp, revisions: Mapping[UUID, Hashable], *, as_todo: bool) -> Draft:
        follows_from = (
            _planned(follow_up),
            revisions.get(follow_up.interview_id or NIL),
            self._named(follow_up),
        )
        component = Component.TODO if as_todo else Component.EVENT
        return Draft(uid, component, follows_from, partial(self._made, follow_up, as_todo=as_todo))

    def _named(self, follow_up: FollowUp) -> Hashable:
        """The revision of whom it names, unless its summary was written when it was planned."""
        if self._options.content is not ContentLevel.FIRST_NAME:
            return None
        person = self._people.get(follow_up.contact_id or NIL)
        return person and revision(person)

    def _made(self, follow_up: FollowUp, *, as_todo: bool) -> CalendarEntry:
        talk = self._talks.get(follow_up.interview_id or NIL)
        announced = str(talk.id) if talk and talk.story.announced else ""
        make = follow_up_todo if as_todo else follow_up_event
        return make(follow_up, announced, self._campaign, self._options)

    def _revision(self, talk: Interview) -> Hashable:
        """Of the talk and all it may name: whom it was asked of, who came, and what it is about."""
        came = (id for entry in talk.history if isinstance(entry.event, Held) for id in entry.event.met)
        people = (self._people.get(id) for id in (*talk.contact_ids, *came))
        about = self._explorations.get(talk.exploration_id or NIL)
        return (_told(talk), *(named and revision(named) for named in (about, *people)))


def _told(talk: Interview) -> Hashable:
    return revision(talk, len(talk.history), talk.history[-1].told_at if talk.history else None)


def _planned(follow_up: FollowUp) -> Hashable:
    return revision(follow_up, follow_up.revised_at, follow_up.settled_at)


def _is_wanted(follow_up: FollowUp, options: CalendarOptions) -> bool:
    return (
        options.follow_ups is not FollowUpsAs.NONE
        and (options.include_cancelled or follow_up.status is FollowUpStatus.OPEN)
        and (follow_up.kind in options.kinds if options.kinds is not None else follow_up.kind != FollowUpKind.ARRIVE)
    )


def _by_id(subject: Interview | FollowUp) -> int:
    return identified(subject).id.int
