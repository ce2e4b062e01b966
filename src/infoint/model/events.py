"""What can happen to an interview. Closed: the lifecycle has a rule for each. An event carries its facts, never its time: the
time belongs to the history entry, so `advance`, `ws.interviews.record`, observers and JSON all speak the same words.

Each event leads to one state, wherever it comes from; that alone lets any history be replayed. Whether it was allowed there is
`infoint.practice.lifecycle`'s.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Final, TypeAlias, get_args
from uuid import UUID

from attrs import field, frozen

from infoint.errors import InvalidValue
from infoint.model import fields
from infoint.model.debrief import Debrief, Party
from infoint.model.identity import Value
from infoint.model.interview_status import InterviewStatus
from infoint.model.meeting import Meeting
from infoint.plain import JSON


@frozen
class Requested(Value):
    """The explorer asked."""

    name: ClassVar[str] = "request"
    leads_to: ClassVar[InterviewStatus] = InterviewStatus.REQUESTED


@frozen
class Accepted(Value):
    """They said yes; a date is still to be found."""

    name: ClassVar[str] = "accept"
    leads_to: ClassVar[InterviewStatus] = InterviewStatus.ACCEPTED


@frozen
class Declined(Value):
    """They said no."""

    name: ClassVar[str] = "decline"
    leads_to: ClassVar[InterviewStatus] = InterviewStatus.DECLINED
    reason: str = field(default="", converter=fields.as_line, validator=fields.line())


@frozen
class GaveUp(Value):
    """Nobody answered, and the explorer stopped waiting."""

    name: ClassVar[str] = "give_up"
    leads_to: ClassVar[InterviewStatus] = InterviewStatus.NO_RESPONSE


@frozen
class Scheduled(Value):
    """A meeting was agreed; also reopens a talk that had fallen through."""

    name: ClassVar[str] = "schedule"
    leads_to: ClassVar[InterviewStatus] = InterviewStatus.SCHEDULED
    meeting: Meeting = field(validator=fields.a(Meeting))


@frozen
class Rescheduled(Value):
    """The meeting moved; an earlier confirmation no longer counts."""

    name: ClassVar[str] = "reschedule"
    leads_to: ClassVar[InterviewStatus] = InterviewStatus.SCHEDULED
    meeting: Meeting = field(validator=fields.a(Meeting))
    by: Party | None = field(default=None, validator=fields.a(Party, optional=True))


@frozen
class Confirmed(Value):
    """The day before: it stands."""

    name: ClassVar[str] = "confirm"
    leads_to: ClassVar[InterviewStatus] = InterviewStatus.CONFIRMED


@frozen
class Cancelled(Value):
    """Called off, and by whom."""

    name: ClassVar[str] = "cancel"
    leads_to: ClassVar[InterviewStatus] = InterviewStatus.CANCELLED
    by: Party = field(validator=fields.a(Party))
    reason: str = field(default="", converter=fields.as_line, validator=fields.line())


@frozen
class NoShow(Value):
    """Somebody did not come."""

    name: ClassVar[str] = "no_show"
    leads_to: ClassVar[InterviewStatus] = InterviewStatus.NO_SHOW
    by: Party = field(default=Party.THEM, validator=fields.a(Party))


@frozen
class Held(Value):
    """It took place."""

    name: ClassVar[str] = "hold"
    leads_to: ClassVar[InterviewStatus] = InterviewStatus.HELD
    met: tuple[UUID, ...] = field(
        default=(), converter=fields.as_ids, validator=[fields.tuple_of(UUID, each=fields.identity()), fields.distinct]
    )
    """Contact ids; empty = those planned."""


@frozen
class Debriefed(Value):
    """What it brought was written down; again amends."""

    name: ClassVar[str] = "debrief"
    leads_to: ClassVar[InterviewStatus] = InterviewStatus.DEBRIEFED
    debrief: Debrief = field(validator=fields.a(Debrief))


@frozen
class Closed(Value):
    """Everything owed is done."""

    name: ClassVar[str] = "close"
    leads_to: ClassVar[InterviewStatus] = InterviewStatus.CLOSED


@frozen
class Dropped(Value):
    """The explorer let it be before there was a meeting."""

    name: ClassVar[str] = "drop"
    leads_to: ClassVar[InterviewStatus] = InterviewStatus.CANCELLED
    reason: str = field(default="", converter=fields.as_line, validator=fields.line())


@frozen
class Corrected(Value):
    """An earlier entry was a mistake: it no longer counts, and stays to be seen. Correcting a correction takes it back."""

    name: ClassVar[str] = "correct"
    voids: int = field(validator=fields.whole(0, fields.ITEMS_LIMIT))
    """The entry's place in the history, from 0."""
    reason: str = field(default="", converter=fields.as_line, validator=fields.line())


def _told_by_this_name(event: "UnknownEvent", attribute: Any, value: Mapping[str, JSON]) -> None:
    if value.get("event", event.name) != event.name:
        raise InvalidValue("UnknownEvent", attribute.name, 'has another name under "event"', value=value)


def _none_of_ours(_event: object, attribute: Any, value: str) -> None:
    if value in EVENTS:
        raise InvalidValue("UnknownEvent", attribute.name, "is known here; take the class in `events`", value=value)


@frozen
class UnknownEvent:
    """What a newer infoint, or a plugin that has gone, has told. Kept and shown; the interview can only be read."""

    name: str = field(validator=[fields.line(required=True), _none_of_ours])
    data: Mapping[str, JSON] = field(converter=fields.as_json, validator=[fields.json(), _told_by_this_name], hash=False)
    """All that was told, as it came; the name stands under "event", or nowhere."""


Event: TypeAlias = (
    Requested
    | Accepted
    | Declined
    | GaveUp
    | Scheduled
    | Rescheduled
    | Confirmed
    | Cancelled
    | NoShow
    | Held
    | Debriefed
    | Closed
    | Dropped
    | Corrected
)
"""What can be recorded: UnknownEvent is not among them."""

EVENTS: Final[Mapping[str, type[Event]]] = {event.name: event for event in get_args(Event)}
"""The types by name, in the order of the lifecycle."""


def named_by(event: Event | UnknownEvent) -> tuple[UUID, ...]:
    """Contact ids that an event refers to: who was met, and who said, gave or is meant by what a debrief holds."""
    match event:
        case Held():
            return event.met
        case Debriefed():
            said = [told.said_by for told in event.debrief.said]
            given = [id for referral in event.debrief.referrals for id in (referral.given_by, referral.contact_id)]
            return tuple(id for id in (*said, *given) if id is not None)
        case _:
            return ()


def _known_or_kept(instance: object, attribute: Any, value: Any) -> None:
    if not isinstance(value, (*EVENTS.values(), UnknownEvent)):
        raise InvalidValue(type(instance).__name__, attribute.name, f"needs an event, got {type(value).__name__}", value=value)


@frozen
class HistoryEntry(Value):
    """One line of a history. Lines stand in the order of telling; what counts is read in the order of happening."""

    at: datetime = field(converter=fields.as_zoned, validator=fields.zoned(), eq=fields.instant_and_zone)
    """When it happened."""
    event: Event | UnknownEvent = field(validator=_known_or_kept)
    recorded_at: datetime | None = field(
        default=None, converter=fields.as_zoned_or_none, validator=fields.zoned(optional=True), eq=fields.instant_and_zone
    )
    """When it was told; None = as it happened. Stamps and SEQUENCE come from the telling."""

    @property
    def told_at(self) -> datetime:
        """`recorded_at`, or `at` where it was told as it happened."""
        return self.recorded_at or self.at
