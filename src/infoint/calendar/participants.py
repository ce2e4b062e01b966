"""Who takes part in a meeting, as calendar programs tell it (RFC 5545 §3.2, §3.8.4). Invitations are made in `invitations`."""

from types import NoneType

from attrs import field, frozen

from infoint.calendar import entry_fields
from infoint.closed_name import ClosedName


class Participation(ClosedName):
    """What an invited person answered (PARTSTAT of a VEVENT, RFC 5545 §3.2.12); delegation is not told."""

    NEEDS_ACTION = "NEEDS-ACTION"
    ACCEPTED = "ACCEPTED"
    TENTATIVE = "TENTATIVE"
    DECLINED = "DECLINED"


class ParticipationRole(ClosedName):
    """RFC 5545 §3.2.16."""

    CHAIR = "CHAIR"
    REQUIRED = "REQ-PARTICIPANT"
    OPTIONAL = "OPT-PARTICIPANT"
    INFORMED = "NON-PARTICIPANT"


class ScheduleAgent(ClosedName):
    """Who sends this person the invitation when the event lies on a scheduling server (RFC 6638 §7.1). Said by nobody, it is the
    server, at once.
    """

    SERVER = "SERVER"
    CLIENT = "CLIENT"
    NONE = "NONE"


@frozen
class Organizer:
    """Who invites. Raises InvalidValue for what is no mail address."""

    email: str = field(validator=entry_fields.mail_address)
    """Without `mailto:`."""
    name: str = field(default="", validator=entry_fields.text)


@frozen
class Attendee:
    """Somebody invited. On a scheduling server an entry with one **sends that person mail**, unless `schedule_agent` is NONE."""

    email: str = field(validator=entry_fields.mail_address)
    """Without `mailto:`."""
    name: str = field(default="", validator=entry_fields.text)
    participation: Participation = field(
        default=Participation.NEEDS_ACTION, validator=entry_fields.is_a(Participation), kw_only=True
    )
    role: ParticipationRole = field(
        default=ParticipationRole.REQUIRED, validator=entry_fields.is_a(ParticipationRole), kw_only=True
    )
    rsvp: bool = field(default=False, validator=entry_fields.is_a(bool), kw_only=True)
    """An answer is wished for."""
    schedule_agent: ScheduleAgent | None = field(
        default=None, validator=entry_fields.is_a(ScheduleAgent, NoneType), kw_only=True
    )
