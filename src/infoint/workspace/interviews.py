"""The talks of a workspace, from the first idea to the last thank-you."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TypedDict, Unpack

from attrs import evolve

from infoint import codec
from infoint.errors import Conflict, HistoryRewritten, InUse, InvalidValue, ReadOnlyInterview
from infoint.model import events
from infoint.model.contact import Contact
from infoint.model.debrief import Answer, Debrief, Insight, Party, Promise, Referral, as_referrals
from infoint.model.events import Event, HistoryEntry, UnknownEvent
from infoint.model.exploration import Exploration
from infoint.model.fields import instant
from infoint.model.follow_up import FollowUp
from infoint.model.identity import Entity, identified
from infoint.model.interview import AgendaItem, Interview, Purpose
from infoint.model.interview_status import MET, InterviewStatus
from infoint.model.meeting import Meeting, MeetingFormat
from infoint.model.profile import Profile
from infoint.practice.agenda import choose_agenda
from infoint.practice.lifecycle import refuse_conversion
from infoint.practice.step import record
from infoint.storage.contract import Condition, IndexField, Op, Page
from infoint.workspace.collection import Collection, demand_conditions
from infoint.workspace.unit_of_work import PROFILE_ID, UnitOfWork

BOTH_FORMATS = frozenset({MeetingFormat.IN_PERSON, MeetingFormat.VIDEO})
"""What is offered unless said otherwise: leave people a choice (practice §9)."""


class InterviewWhere(TypedDict, total=False):
    """All hold."""

    status: InterviewStatus
    exploration: Exploration
    contact: Contact
    """Asked, or met."""
    start_before: datetime
    """Earlier than this moment."""
    start_after: datetime
    """At this moment or later."""


class Interviews(Collection[Interview]):
    """`ws.interviews`. Every verb here is `record` with one event: it commits the interview and its follow-ups together or not
    at all, then tells the observers. `at` is when it happened (default now). Naive times are in the explorer's zone.
    """

    _kind = Interview
    _order = IndexField.START

    def plan(
        self,
        *contacts: Contact,
        exploration: Exploration | None = None,
        agenda: Sequence[AgendaItem | str] | None = None,
        duration: timedelta = timedelta(minutes=30),
        formats_offered: frozenset[MeetingFormat] | None = None,
        purpose: Purpose = Purpose.INFORMATIONAL,
        notes: str = "",
        external_id: str = "",
    ) -> Interview:
        """A new interview, its agenda chosen unless given: items, or the ids of questions in the bank; in the explorer's language.

        `external_id` is your own name for it: the id derives from it, and a second call returns what is stored, unchanged.
        Raises MissingId for a contact or exploration that was never added, NotFound for one of another workspace, or for an id
        that the bank does not have.
        """
        interview = Interview(
            contact_ids=tuple(identified(contact).id for contact in contacts),
            exploration_id=identified(exploration).id if exploration else None,
            duration=duration,
            formats_offered=BOTH_FORMATS if formats_offered is None else formats_offered,
            purpose=purpose,
            notes=notes,
            agenda=() if agenda is None else self._agenda(agenda),
        )

        def completed(unit: UnitOfWork, value: Interview) -> Interview:
            _demand_known(unit, value)
            if agenda is None:
                return evolve(value, agenda=choose_agenda(value, unit.campaign(), policy=self._sessions.policy()))
            return value

        return self._add(interview, external_id, completed, plans=False)

    def _agenda(self, agenda: Sequence[AgendaItem | str]) -> tuple[AgendaItem, ...]:
        if isinstance(agenda, str):  # a sequence of texts too, letter by letter
            raise InvalidValue("Interview", "agenda", "needs several questions, got one text", value=agenda)
        with self._sessions.reading() as unit:
            profile = unit.find_one(Profile, PROFILE_ID)
        bank = (self._sessions.policy_in(profile.language) if profile else self._sessions.policy()).bank
        return tuple(AgendaItem(bank.question(item)) if isinstance(item, str) else item for item in agenda)

    def find(self, **where: Unpack[InterviewWhere]) -> Iterator[Interview]:
        """In the order of their starts; those without a meeting first."""
        return self._all(self._conditions(where))

    def one(self, **where: Unpack[InterviewWhere]) -> Interview:
        """The only one. Raises NotFound, SeveralMatch."""
        return self._one(self._conditions(where), where)

    def page(self, *, limit: int = 50, cursor: str = "", **where: Unpack[InterviewWhere]) -> Page[Interview]:
        """A page of at most `limit` in the order of their starts. Raises InvalidCursor."""
        return self._page(self._conditions(where), limit=limit, cursor=cursor)

    # ── the one way in ───────────────────────────────────────────────────────────────────────────
    def record(self, interview: Interview, event: Event, *, at: datetime | None = None) -> Interview:
        """The interview as stored after the event. Edits made to `interview` since it was loaded are saved along.

        What the history says already changes nothing (see `infoint.practice.advance`).
        Raises IllegalEvent, ObligationsOpen, ReadOnlyInterview, Conflict, NotFound.
        """
        with self._sessions.writing() as unit:
            return self._record(unit, interview, event, at)

    def _record(self, unit: UnitOfWork, interview: Interview, event: Event, at: datetime | None) -> Interview:
        stored = self._current(unit, interview)
        if interview != stored:
            _demand_known(unit, interview, before=stored)
        if isinstance(event, tuple(events.EVENTS.values())):
            for id in events.named_by(event):
                unit.get(Contact, id)
        step = record(
            interview,
            event,
            unit.campaign(),
            at=_just_now(interview, event, unit) if at is None else self._moment(unit, at),
            recorded_at=unit.now(),
            policy=self._sessions.policy(),
        )
        if step.interview == stored:
            return stored
        after = evolve(step.interview, edited_at=unit.now()) if interview != stored else step.interview
        new = (unit.revive(follow_up) for follow_up in step.follow_ups.new)
        unit.save(after, *new, *step.follow_ups.changed)
        saved = unit.get(Interview, after.id)
        self._tell(unit, stored, saved, event)
        return saved

    # ── a person's words for it ──────────────────────────────────────────────────────────────────
    def request(self, interview: Interview, *, at: datetime | None = None) -> Interview:
        """The explorer asked."""
        return self.record(interview, events.Requested(), at=at)

    def accept(self, interview: Interview, *, at: datetime | None = None) -> Interview:
        """They said yes; a date is still to be found."""
        return self.record(interview, events.Accepted(), at=at)

    def decline(self, interview: Interview, *, reason: str = "", at: datetime | None = None) -> Interview:
        """They said no."""
        return self.record(interview, events.Declined(reason), at=at)

    def give_up(self, interview: Interview, *, at: datetime | None = None) -> Interview:
        """Nobody answered, and the explorer stops waiting."""
        return self.record(interview, events.GaveUp(), at=at)

    def drop(self, interview: Interview, *, reason: str = "", at: datetime | None = None) -> Interview:
        """The explorer lets it be, before there is a meeting."""
        return self.record(interview, events.Dropped(reason), at=at)

    def schedule(
        self,
        interview: Interview,
        start: datetime,
        *,
        format: MeetingFormat,
        place: str = "",
        duration: timedelta | None = None,
        at: datetime | None = None,
    ) -> Interview:
        """A meeting is agreed. `duration` defaults to what was asked for.

        A time that clocks skip in spring moves on by the gap: 02:30 becomes 03:30 (RFC 5545 §3.3.5).
        """
        with self._sessions.writing() as unit:
            meeting = Meeting(
                start=self._moment(unit, start, "start"), duration=duration or interview.duration, format=format, place=place
            )
            return self._record(unit, interview, events.Scheduled(meeting), at)

    def confirm(self, interview: Interview, *, at: datetime | None = None) -> Interview:
        """The day before: it stands."""
        return self.record(interview, events.Confirmed(), at=at)

    def reschedule(
        self,
        interview: Interview,
        start: datetime,
        *,
        format: MeetingFormat | None = None,
        place: str | None = None,
        duration: timedelta | None = None,
        by: Party | None = None,
        at: datetime | None = None,
    ) -> Interview:
        """The meeting moves. What is left out stays as it was at that time; a new format leaves the place open unless it is given.

        Raises InvalidValue where there is no meeting to move.
        """
        with self._sessions.writing() as unit:
            before = interview.meeting if at is None else _agreed_before(interview, self._moment(unit, at))
            if before is None:
                raise InvalidValue("Interview", "meeting", "there is none to move: schedule it first")
            kept_place = before.place if format in {None, before.format} else ""
            meeting = evolve(
                before,
                start=self._moment(unit, start, "start"),
                duration=duration or before.duration,
                format=format or before.format,
                place=kept_place if place is None else place,
            )
            return self._record(unit, interview, events.Rescheduled(meeting, by), at)

    def cancel(self, interview: Interview, *, by: Party, reason: str = "", at: datetime | None = None) -> Interview:
        """The meeting is called off. By whom has no default: the practice tells the two apart (§6)."""
        return self.record(interview, events.Cancelled(by, reason), at=at)

    def no_show(self, interview: Interview, *, by: Party = Party.THEM, at: datetime | None = None) -> Interview:
        """Somebody did not come."""
        return self.record(interview, events.NoShow(by), at=at)

    def correct(self, interview: Interview, entry: int, *, reason: str = "") -> Interview:
        """Void `interview.history[entry]`, counted from 0: it was a mistake. Correcting a correction takes it back."""
        return self.record(interview, events.Corrected(entry, reason))

    def hold(self, interview: Interview, *, met: Sequence[Contact] = (), at: datetime | None = None) -> Interview:
        """It took place. `met`: those who were there, planned or not; empty = those planned.

        `at` defaults to the meeting's end, or now where that is still to come; never before what was told to have happened.
        """
        held = events.Held(tuple(identified(contact).id for contact in met))
        with self._sessions.writing() as unit:
            if at is None and interview.meeting is not None:
                # Not the entries of the talk itself: held twice is held once, whatever was told since.
                agreed = [entry.at for entry in interview.story.told if _leads_to_talk(entry)]
                at = min(max([interview.meeting.end, *agreed], key=instant), unit.now(), key=instant)
            return self._record(unit, interview, held, at)

    def debrief(
        self,
        interview: Interview,
        *,
        insights: Sequence[Insight] = (),
        referrals: Sequence[Referral | str] = (),
        answers: Sequence[Answer] = (),
        promises: Sequence[Promise] = (),
        my_talk_share: int | None = None,
        my_introduction: int | None = None,
        surprises: str = "",
        at: datetime | None = None,
    ) -> Interview:
        """What it brought; again amends. A bare name among `referrals` is one. `my_talk_share` in percent, `my_introduction` 1–5."""
        debrief = Debrief(
            insights=tuple(insights),
            referrals=as_referrals(referrals if isinstance(referrals, str) else tuple(referrals)),  # else letter by letter
            answers=tuple(answers),
            promises=tuple(promises),
            my_talk_share=my_talk_share,
            my_introduction=my_introduction,
            surprises=surprises,
        )
        return self.record(interview, events.Debriefed(debrief), at=at)

    def close(self, interview: Interview, *, at: datetime | None = None) -> Interview:
        """Everything owed is done. Raises ObligationsOpen."""
        return self.record(interview, events.Closed(), at=at)

    # ── what adding, editing and removing mean for a talk ────────────────────────────────────────
    def _added(self, unit: UnitOfWork, value: Interview) -> None:
        self._tell(unit, None, value, None)

    def _current(self, unit: UnitOfWork, interview: Interview) -> Interview:
        stored = unit.get(Interview, identified(interview).id)
        if stored.version != interview.version:
            raise Conflict("interview", interview.id, expected=interview.version, actual=stored.version)
        if stored.history != interview.history:
            raise HistoryRewritten(interview.id)
        return stored

    def _save_edited(self, unit: UnitOfWork, stored: Interview, value: Interview) -> Interview:
        if stored.unknown_event:
            raise ReadOnlyInterview(stored.id, stored.unknown_event)
        if stored.history != value.history:
            raise HistoryRewritten(value.id)
        refuse_conversion(stored, value)
        _demand_known(unit, value, before=stored)
        saved = unit.save(value)[0]
        self._tell(unit, stored, saved, None)
        return saved

    def _removed_along(self, unit: UnitOfWork, value: Interview) -> Sequence[Entity]:
        evidence = [one for one in unit.campaign().explorations if one.decision and value.id in one.decision.evidence]
        if evidence:
            raise InUse("interview", value.id, [f"the decision of exploration {one.id}" for one in evidence])
        # What hangs on a person goes with the last talk with them; what hangs on an exploration, with their last in it.
        campaign = unit.campaign()
        cadences = []
        for person in campaign.people(value):
            others = [talk for talk in campaign.interviews_with(person) if talk.id != value.id]
            gone = () if others else (f"contact:{person.id}:",)
            if value.exploration_id not in {talk.exploration_id for talk in others}:
                gone = (*gone, f"exploration:{value.exploration_id}:")
            theirs = unit.all(FollowUp, [Condition(IndexField.CONTACT, Op.EQ, str(person.id))])
            cadences += [follow_up for follow_up in theirs if follow_up.anchor.startswith(gone)]
        return (*unit.all(FollowUp, [Condition(IndexField.INTERVIEW, Op.EQ, str(value.id))]), *cadences)

    def _tell(self, unit: UnitOfWork, before: Interview | None, after: Interview, event: Event | None) -> None:
        told = self._sessions.plugins.interview_changed
        unit.news.append(partial(told, self._sessions.key, before, after, event))

    def _conditions(self, where: InterviewWhere) -> list[Condition]:
        demand_conditions("Interviews", where, InterviewWhere)
        conditions = []
        if "status" in where:
            conditions.append(Condition(IndexField.STATUS, Op.EQ, str(where["status"])))
        if "exploration" in where:
            conditions.append(Condition(IndexField.EXPLORATION, Op.EQ, str(identified(where["exploration"]).id)))
        if "contact" in where:
            conditions.append(Condition(IndexField.CONTACT, Op.EQ, str(identified(where["contact"]).id)))
        if "start_before" in where:
            conditions.append(Condition(IndexField.START, Op.LT, self._instant(where["start_before"])))
        if "start_after" in where:
            conditions.append(Condition(IndexField.START, Op.GE, self._instant(where["start_after"])))
        return conditions

    def _instant(self, moment: datetime) -> str:
        with self._sessions.reading() as unit:
            return codec.instant(self._moment(unit, moment))


def _demand_known(unit: UnitOfWork, interview: Interview, *, before: Interview | None = None) -> None:
    """What it named `before` may have gone since: that is for `check` to tell, and no reason not to edit the rest."""
    for id in interview.contact_ids:
        if before is None or id not in before.contact_ids:
            unit.get(Contact, id)
    if interview.exploration_id is not None and (before is None or interview.exploration_id != before.exploration_id):
        unit.get(Exploration, interview.exploration_id)


def _agreed_before(interview: Interview, at: datetime) -> Meeting | None:
    """The meeting that a move at this time moved. Told again, a move must not take over what later ones changed."""
    for entry in reversed(interview.story.told):
        if isinstance(entry.event, events.Scheduled | events.Rescheduled) and instant(entry.at) < instant(at):
            return entry.event.meeting
    return interview.meeting


def _leads_to_talk(entry: HistoryEntry) -> bool:
    return not isinstance(entry.event, UnknownEvent | events.Corrected) and entry.event.leads_to not in MET


def _just_now(interview: Interview, event: Event, unit: UnitOfWork) -> datetime:
    """Now; but what is told without a time happened after all that was told before it, whatever the clock says. Told at this
    very moment already, it stays the same fact.
    """
    now = unit.now()
    if any(entry.event == event and entry.at == now for entry in interview.history):
        return now
    return max([now, *(entry.at for entry in interview.story.told)], key=instant)
