"""One informational interview: a plan and a history. All else is read off the history."""

from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from attrs import field, frozen

from infoint.closed_name import ClosedName
from infoint.model import fields
from infoint.model.debrief import Answer, Debrief, Insight, Referral
from infoint.model.events import HistoryEntry, named_by
from infoint.model.identity import Entity, Value
from infoint.model.interview_status import FALLEN_THROUGH, MET, UPCOMING, InterviewStatus
from infoint.model.meeting import LONGEST, Meeting, MeetingFormat
from infoint.model.question import Question
from infoint.model.story import Story, tell

__all__ = ["FALLEN_THROUGH", "MET", "UPCOMING", "AgendaItem", "Interview", "InterviewStatus", "Purpose"]


class Purpose(ClosedName):
    """An employment talk is a record of its own, never an informational interview turned round (practice §1)."""

    INFORMATIONAL = "informational"
    EMPLOYMENT = "employment"


@frozen
class AgendaItem(Value):
    """A question as it will be asked (its wording is kept even if the bank changes), and why it was picked."""

    question: Question = field(validator=fields.a(Question))
    why: str = field(default="", converter=fields.as_line, validator=fields.line())

    def answered(self, text: str, *, said_by: UUID | None = None) -> Answer:
        """What was said to it, for a debrief: `talk.agenda[0].answered("…")`. `said_by`: as in Answer."""
        return Answer(self.question.id, text, said_by=said_by)


def _as_formats(
    value: AbstractSet[MeetingFormat] | tuple[MeetingFormat, ...] | list[MeetingFormat],
) -> frozenset[MeetingFormat]:
    return fields.as_frozenset(value)


def _as_agenda(value: tuple[AgendaItem, ...] | list[AgendaItem]) -> tuple[AgendaItem, ...]:
    return fields.as_tuple(value)


def _as_history(value: tuple[HistoryEntry, ...] | list[HistoryEntry]) -> tuple[HistoryEntry, ...]:
    return fields.as_tuple(value)


@frozen(kw_only=True)
class Interview(Entity):
    """Fields are the plan and may be edited; properties are read off `history` and change only through events."""

    contact_ids: tuple[UUID, ...] = field(
        converter=fields.as_ids, validator=[fields.tuple_of(UUID, each=fields.identity(), at_least=1), fields.distinct]
    )
    """Who was asked; one or several."""
    exploration_id: UUID | None = field(default=None, validator=fields.identity(optional=True))
    purpose: Purpose = field(default=Purpose.INFORMATIONAL, validator=fields.a(Purpose))
    formats_offered: frozenset[MeetingFormat] = field(
        default=frozenset(), converter=_as_formats, validator=fields.set_of(MeetingFormat)
    )
    """What the explorer proposed; what was chosen is the meeting's."""
    duration: timedelta = field(default=timedelta(minutes=30), validator=fields.length(longest=LONGEST))
    """What is asked for; a Meeting has its own."""
    agenda: tuple[AgendaItem, ...] = field(default=(), converter=_as_agenda, validator=fields.tuple_of(AgendaItem))
    notes: str = field(default="", converter=fields.as_text, validator=fields.text(), repr=False)
    history: tuple[HistoryEntry, ...] = field(default=(), converter=_as_history, validator=fields.tuple_of(HistoryEntry))

    @cached_property
    def story(self) -> Story:
        """The history, read. The properties below are its usual questions."""
        return tell(self.history)

    @property
    def status(self) -> InterviewStatus:
        """Where the history has led to."""
        return self.story.status

    @property
    def meeting(self) -> Meeting | None:
        """The meeting last agreed, kept after a cancellation; None before the first."""
        return self.story.meeting

    @property
    def met(self) -> tuple[UUID, ...]:
        """Contact ids of those who were there; empty before the talk."""
        if self.status not in MET:
            return ()
        return (self.story.held and self.story.held.met) or self.contact_ids

    @property
    def debrief(self) -> Debrief | None:
        """The latest."""
        return self.story.debriefed.debrief if self.story.debriefed else None

    @property
    def insights(self) -> tuple[Insight, ...]:
        """Of the latest debrief."""
        return self.debrief.insights if self.debrief else ()

    @property
    def referrals(self) -> tuple[Referral, ...]:
        """Of the latest debrief."""
        return self.debrief.referrals if self.debrief else ()

    @property
    def named(self) -> tuple[UUID, ...]:
        """Contact ids that the talk refers to besides those asked and met: who said, gave or is meant by what its debriefs hold."""
        return tuple(dict.fromkeys(id for entry in self.history for id in named_by(entry.event)))

    @property
    def sequence(self) -> int:
        """RFC 5546 §2.1.4: how often the telling changed time or standing of the meeting after there first was one."""
        return self.story.sequence

    @property
    def revised_at(self) -> datetime | None:
        """The later of the last telling and `edited_at`; None where nothing was told or edited yet."""
        moments = [entry.told_at for entry in self.history]
        return max([*moments, self.edited_at] if self.edited_at else moments, key=fields.instant, default=None)

    @property
    def unknown_event(self) -> str:
        """Name of the first event this infoint does not know; "" = none. Recording on such an interview raises ReadOnlyInterview."""
        return self.story.unknown_event
