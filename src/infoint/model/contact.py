"""People: the professionals asked, the explorer, and every touch between them. What they said is in `debrief`."""

from datetime import datetime, time
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from attrs import field, frozen

from infoint.errors import InvalidValue
from infoint.model import fields
from infoint.model.identity import Entity, Value
from infoint.model.open_name import OpenName
from infoint.model.peaks import Strength


class ContactSource(OpenName):
    """How the explorer came to know of someone (practice §2)."""

    ALUMNI: ClassVar["ContactSource"]
    PROFESSIONAL_BODY: ClassVar["ContactSource"]
    FORMER_COLLEAGUE: ClassVar["ContactSource"]
    FAMILY_OR_FRIEND: ClassVar["ContactSource"]
    REFERRAL: ClassVar["ContactSource"]
    INSTRUCTOR: ClassVar["ContactSource"]
    ONLINE: ClassVar["ContactSource"]
    EVENT: ClassVar["ContactSource"]
    OTHER: ClassVar["ContactSource"]


class ContactRole(OpenName):
    """What someone is to the work under study (practice §2)."""

    PRACTITIONER: ClassVar["ContactRole"]
    SUPERVISOR: ClassVar["ContactRole"]
    RECRUITER: ClassVar["ContactRole"]
    """Personnel staff or recruiter: knows the vacancies, not the work."""
    OTHER: ClassVar["ContactRole"]


class Seniority(StrEnum):
    """Closed: questions are matched to it."""

    ENTRY = "entry"
    MID = "mid"
    SENIOR = "senior"


@frozen
class ExternalId(Value):
    """The same person elsewhere: `ExternalId("linkedin", "https://…")`. Two contacts with one of these in common are one person."""

    system: str = field(converter=fields.as_line, validator=fields.line(required=True))
    value: str = field(converter=fields.as_line, validator=fields.line(required=True))


def _web_links(instance: object, attribute: Any, value: tuple[str, ...]) -> None:
    for link in value:
        if not link.lower().startswith(("http://", "https://")):
            raise InvalidValue(type(instance).__name__, attribute.name, "takes http and https addresses only", value=link)


def _mail_addresses(instance: object, attribute: Any, value: tuple[str, ...]) -> None:
    for address in value:
        _mail_address(instance, attribute, address)


def _mail_address(instance: object, attribute: Any, value: str) -> None:
    # No grammar here: only what would break a header or a mailto link, or is plainly not an address.
    name, at, host = value.rpartition("@")
    if (value and not (name and at and host)) or any(mark in value for mark in ' ,;<>"()'):
        raise InvalidValue(type(instance).__name__, attribute.name, "takes plain addresses, as ana@oak.example", value=value)


@frozen(kw_only=True)
class Contact(Entity):
    """A professional. The full name is the truth; everything else may be missing."""

    name: str = field(converter=fields.as_line, validator=fields.line(required=True))
    organization: str = field(default="", converter=fields.as_line, validator=fields.line())
    title: str = field(default="", converter=fields.as_line, validator=fields.line())
    emails: tuple[str, ...] = field(default=(), converter=fields.as_lines, validator=[fields.lines(), _mail_addresses])
    phones: tuple[str, ...] = field(default=(), converter=fields.as_lines, validator=fields.lines())
    addresses: tuple[str, ...] = field(default=(), converter=fields.as_lines, validator=fields.lines())
    """Postal addresses, a line each."""
    location: str = field(default="", converter=fields.as_line, validator=fields.line())
    links: tuple[str, ...] = field(default=(), converter=fields.as_lines, validator=[fields.lines(), _web_links])
    zone: ZoneInfo | None = field(default=None, converter=fields.as_zone_or_none, validator=fields.zone(optional=True))
    role: ContactRole | None = field(default=None, validator=fields.a(ContactRole, optional=True))
    seniority: Seniority | None = field(default=None, validator=fields.a(Seniority, optional=True))
    source: ContactSource | None = field(default=None, validator=fields.a(ContactSource, optional=True))
    referred_by: UUID | None = field(default=None, validator=fields.identity(optional=True))
    """Id of the contact who named or introduced this one."""
    interests: tuple[str, ...] = field(default=(), converter=fields.as_lines, validator=fields.lines())
    """What an article would have to be about to be worth sharing."""
    rapport: int | None = field(default=None, validator=fields.whole(-2, 2, optional=True))
    """−2 … +2; None = not judged."""
    do_not_contact: bool = field(default=False, validator=fields.truth())
    tags: frozenset[str] = field(
        default=frozenset(), converter=fields.as_line_set, validator=fields.set_of(str, each=fields.line(required=True))
    )
    external_ids: tuple[ExternalId, ...] = field(default=(), validator=fields.tuple_of(ExternalId))
    notes: str = field(default="", converter=fields.as_text, validator=fields.text(), repr=False)


def _after_work_began(profile: "Profile", attribute: Any, value: time) -> None:
    if value <= profile.work_from:
        raise InvalidValue("Profile", attribute.name, "must be later than work_from", value=value)


def _clock_time(instance: object, attribute: Any, value: Any) -> None:
    if not isinstance(value, time) or value.tzinfo is not None:
        raise InvalidValue(type(instance).__name__, attribute.name, "needs a time of day without zone, as time(9)", value=value)


@frozen(kw_only=True)
class Profile(Entity):
    """The explorer. The zone decides every date that nobody gave a zone."""

    name: str = field(default="", converter=fields.as_line, validator=fields.line())
    email: str = field(default="", converter=fields.as_line, validator=[fields.line(), _mail_address])
    zone: ZoneInfo = field(converter=fields.as_zone, validator=fields.zone())
    language: str = field(default="en", converter=fields.as_line, validator=fields.line(required=True))
    """BCP 47 tag."""
    work_from: time = field(default=time(9), validator=_clock_time)
    work_until: time = field(default=time(17), validator=[_clock_time, _after_work_began])
    introduction: str = field(default="", converter=fields.as_text, validator=fields.text())
    """Who I am in half a minute."""
    strengths: tuple[Strength, ...] = field(default=(), validator=fields.tuple_of(Strength))
    """The explorer's own PEAKS."""


class TouchKind(OpenName):
    """How two people were in contact, or what passed between them."""

    EMAIL: ClassVar["TouchKind"]
    PHONE: ClassVar["TouchKind"]
    MEETING: ClassVar["TouchKind"]
    LETTER: ClassVar["TouchKind"]
    MESSAGE: ClassVar["TouchKind"]
    GAVE_BACK: ClassVar["TouchKind"]
    """Something the explorer did for them."""
    LEAD_RECEIVED: ClassVar["TouchKind"]
    """They passed on an opportunity."""


class Direction(StrEnum):
    """From the explorer's side."""

    OUT = "out"
    IN = "in"


@frozen(kw_only=True)
class Touch(Entity):
    """One contact either way; it restarts the keep-in-touch cadence (practice §7)."""

    contact_id: UUID = field(validator=fields.identity())
    at: datetime = field(converter=fields.as_zoned, validator=fields.zoned(), eq=fields.instant_and_zone)
    kind: TouchKind = field(validator=fields.a(TouchKind))
    direction: Direction = field(default=Direction.OUT, validator=fields.a(Direction))
    note: str = field(default="", converter=fields.as_text, validator=fields.text(), repr=False)
