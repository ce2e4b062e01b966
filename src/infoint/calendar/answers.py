"""One answer about one talk, and what follows from it (RFC 5546 §3.2). Which answers a file holds is `replies`'s."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from attrs import evolve, frozen

from infoint.calendar.reading.components import Problem, ReadAttendee, ReadComponent
from infoint.calendar.suggestions import Finding, Remark, Suggestion
from infoint.errors import InvalidValue
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Party
from infoint.model.events import Cancelled, Confirmed, Event, Rescheduled
from infoint.model.fields import LINE_LIMIT, as_line, instant
from infoint.model.interview import Interview
from infoint.model.interview_status import UPCOMING, InterviewStatus
from infoint.model.meeting import Meeting
from infoint.practice.lifecycle import legal_events

_EARLY: Final = timedelta(days=2)
"""Before a meeting. An acceptance earlier than that cannot take the place of the confirmation the day before (practice §9)."""


@frozen(kw_only=True)
class Answer:
    """What one component says about one talk."""

    component: ReadComponent
    talk: Interview
    campaign: Campaign
    who: Contact | None = None
    """Who says it; None: nobody in particular."""
    attendee: ReadAttendee | None = None
    """As which they stand in it."""

    # ── what follows, by method ──────────────────────────────────────────────────────────────────
    def replied(self) -> Iterator[Finding]:
        """REPLY."""
        match self.attendee and self.attendee.partstat:
            case "DECLINED":
                if self._is_stale:
                    yield self._stale()
                else:
                    event = Cancelled(Party.THEM, reason=self.comment)
                    yield self._suggestion(event, f"{self._name} declined", self._others(), self._newer())
            case "ACCEPTED":
                yield from self._accepted()
            case "TENTATIVE":
                yield self.remark(f"{self._name} may come: the answer is tentative")
            case "DELEGATED":
                yield self.remark(f"{self._name} asked somebody else to come")
            case _:
                yield self.remark(f"{self._name} has not answered yet")

    def countered(self) -> Iterator[Finding]:
        """COUNTER: another time is proposed; it is agreed when the explorer invites to it."""
        if self.component.sequence < self.talk.sequence:
            yield self._stale()
        elif self._is_elsewhen:
            yield self._moved(Party.THEM, f"{self._name} proposes another time", "Invite again when you agree.", self._others())
        else:
            yield self.remark(f"{self._name} proposes no other time")

    def called_off(self) -> Iterator[Finding]:
        """CANCEL."""
        if self.component.sequence < self.talk.sequence:
            yield self._stale()
        elif self._is_from_explorer:
            reason = "It was called off in your name"
            yield self._suggestion(Cancelled(Party.ME, reason=self.comment), reason, "Make sure that it was you.")
        else:
            # Whoever is invited declines; only who invited can call it off for all (§3.2.5).
            care = "A message like this is for whoever invited to send, and that is you: ask."
            event = Cancelled(Party.THEM, reason=self.comment)
            yield self._suggestion(event, f"{self._name} called it off", care, self._others())

    def stands_in_calendar(self) -> Iterator[Finding]:
        """As an event of a calendar. What says the same as is known here is not worth a word."""
        if self.talk.status not in UPCOMING:
            return
        if self._is_stale:
            yield self.remark("A calendar shows the talk at an earlier state: export it anew")
        elif self.component.status == "CANCELLED":
            yield self._suggestion(Cancelled(Party.ME), "It was called off in a calendar", "Who called it off is not said.")
        elif self._is_elsewhen:
            yield self._moved(None, "It was moved in a calendar", "Who moved it is not said, nor whether the others know.")
        else:
            yield from self._answers_in_calendar()

    def _answers_in_calendar(self) -> Iterator[Finding]:
        for attendee in self.component.attendees:
            who = person_at(attendee, self.talk, self.campaign)
            known = attendee.partstat == "ACCEPTED" and self.talk.status is InterviewStatus.CONFIRMED
            if who and not known and attendee.partstat in {"ACCEPTED", "DECLINED", "TENTATIVE"}:
                yield from evolve(self, who=who, attendee=attendee).replied()

    def _accepted(self) -> Iterator[Finding]:
        if self._is_stale:
            yield self._stale()
        elif self._is_elsewhen:
            yield self._moved(Party.THEM, f"{self._name} accepted for another time", "Ask which time is meant.", self._others())
        elif self.talk.status is InterviewStatus.CONFIRMED:
            yield self.remark(f"{self._name} accepted; the talk is confirmed already")
        else:
            yield self._suggestion(Confirmed(), f"{self._name} accepted", self._early(), self._others(), self._newer())

    # ── findings ─────────────────────────────────────────────────────────────────────────────────
    def remark(self, text: str) -> Remark:
        """Nothing follows."""
        return Remark(interview=self.talk, who=self.who, remark=text, comment=self.comment)

    def problem(self, text: str) -> Problem:
        """It cannot be followed."""
        return Problem(self.component.line, self.component.uid, text)

    def _stale(self) -> Remark:
        return self.remark(
            f"{self._name} answered an earlier invitation (SEQUENCE {self.component.sequence}, now {self.talk.sequence})"
        )

    def _moved(self, by: Party | None, reason: str, *care: str) -> Finding:
        try:
            meeting = self._proposed
        except InvalidValue as error:
            return self.problem(f"proposes what is no meeting: {error.field} {error.problem}")
        if meeting is None:
            return self.problem("proposes whole days instead of a time")
        place = self.component.location and as_line(self.component.location) != meeting.place
        return self._suggestion(Rescheduled(meeting, by), reason, *care, "It names another place too." if place else "")

    def _suggestion(self, event: Event, reason: str, *care: str) -> Finding:
        legal = legal_events(self.talk)
        if type(event) not in legal:
            names = ", ".join(one.name for one in legal) or "nothing"
            return self.problem(f"{event.name!r} would follow; the talk is {self.talk.status}, and legal there: {names}")
        return Suggestion(
            interview=self.talk,
            event=event,
            who=self.who,
            reason=reason,
            answered_at=self.component.stamp,
            comment=self.comment,
            care=tuple(filter(None, (*care, *self._doubts()))),
        )

    # ── what it says ─────────────────────────────────────────────────────────────────────────────
    @property
    def comment(self) -> str:
        """COMMENT, as a line."""
        return as_line(" ".join(self.component.comments))[:LINE_LIMIT]

    @property
    def _name(self) -> str:
        return self.who.name if self.who else "Somebody"

    @property
    def _proposed(self) -> Meeting | None:
        """The meeting at the time that the component names, in the zone the explorer told it in; as long as before, where the
        component does not say. None where it names no time of a day.
        """
        meeting, start, end = self.talk.meeting, self.component.start, self.component.end
        if meeting is None or not isinstance(start, datetime):
            return None
        length = instant(end) - instant(start) if isinstance(end, datetime) else timedelta(0)
        return evolve(meeting, start=start.astimezone(meeting.start.tzinfo), duration=length or meeting.duration)

    @property
    def _is_elsewhen(self) -> bool:
        """Whether it names another time or length than was agreed."""
        meeting, start, end = self.talk.meeting, self.component.start, self.component.end
        if meeting is None or start is None:
            return False
        if not isinstance(start, datetime):
            return True
        agreed = instant(meeting.start).replace(microsecond=0)
        ends = instant(meeting.end).replace(microsecond=0)
        return instant(start) != agreed or (isinstance(end, datetime) and end != start and instant(end) != ends)

    @property
    def _is_stale(self) -> bool:
        """To an earlier invitation (§2.1.5). Some programs leave SEQUENCE out of an answer; then the time they answer to tells."""
        is_told = self.component.start is not None and not self._is_elsewhen
        return self.component.sequence < self.talk.sequence and not is_told

    @property
    def _is_from_explorer(self) -> bool:
        return is_explorer(self.component.organizer, self.campaign)

    # ── what to think of ─────────────────────────────────────────────────────────────────────────
    def _doubts(self) -> Iterator[str]:
        organizer = self.component.organizer
        if organizer and self.campaign.profile.email and not self._is_from_explorer and not self._is_from_them:
            yield "It names somebody else as the organizer."
        if self.attendee and self.attendee.sent_by and not self.attendee.is_at(self.attendee.sent_by):
            yield "Somebody answered for them."

    @property
    def _is_from_them(self) -> bool:
        organizer = self.component.organizer
        return organizer is not None and person_at(organizer, self.talk, self.campaign) is not None

    def _others(self) -> str:
        others = [self.campaign.contact(id).name for id in self.talk.contact_ids if not self.who or id != self.who.id]
        return f"It concerns {' and '.join(others)} too." if others and self.who else ""

    def _newer(self) -> str:
        newer = self.component.sequence > self.talk.sequence
        return "It answers a newer invitation than is known here." if newer else ""

    def _early(self) -> str:
        meeting, answered = self.talk.meeting, self.component.stamp
        if meeting and answered and instant(meeting.start) - answered > _EARLY:
            return "That is days before the talk: as confirmed, it is not confirmed again the day before."
        return ""


def person_at(calendar_user: ReadAttendee, talk: Interview, campaign: Campaign) -> Contact | None:
    """The person of the talk whose address it is, any of theirs."""
    people = (campaign.contact(id) for id in talk.contact_ids)
    return next((person for person in people if any(map(calendar_user.is_at, person.emails))), None)


def is_explorer(calendar_user: ReadAttendee | None, campaign: Campaign) -> bool:
    """Whether it is the address of the campaign's profile."""
    return calendar_user is not None and bool(campaign.profile.email) and calendar_user.is_at(campaign.profile.email)
