"""The professionals asked. The explorer is in `profile`, what passes between the two in `touch`, what they said in `debrief`."""

from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from attrs import field, frozen

from infoint.closed_name import ClosedName
from infoint.errors import InvalidValue
from infoint.model import fields
from infoint.model.identity import Entity, Value
from infoint.model.open_name import OpenName


class ContactSource(OpenName):
    """How the explorer came to know of someone (practice §2)."""

    __slots__ = ()
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

    __slots__ = ()
    PRACTITIONER: ClassVar["ContactRole"]
    SUPERVISOR: ClassVar["ContactRole"]
    RECRUITER: ClassVar["ContactRole"]
    """Personnel staff or recruiter: knows the vacancies, not the work."""
    OTHER: ClassVar["ContactRole"]


class Seniority(ClosedName):
    """Closed: questions are matched to it."""

    ENTRY = "entry"
    MID = "mid"
    SENIOR = "senior"


@frozen
class ExternalId(Value):
    """The same person elsewhere: `ExternalId("linkedin", "https://…")`. Two contacts with one of these in common are one person."""

    system: str = field(converter=fields.as_line, validator=fields.line(required=True))
    value: str = field(converter=fields.as_line, validator=fields.line(required=True))


def _as_external_ids(value: tuple[ExternalId, ...] | list[ExternalId]) -> tuple[ExternalId, ...]:
    return fields.as_tuple(value)


def _web_links(instance: object, attribute: Any, value: tuple[str, ...]) -> None:
    for link in value:
        if not link.lower().startswith(("http://", "https://")):
            raise InvalidValue(type(instance).__name__, attribute.name, "takes http and https addresses only", value=link)


@frozen(kw_only=True)
class Contact(Entity):
    """A professional. The full name is the truth; everything else may be missing."""

    name: str = field(converter=fields.as_line, validator=fields.line(required=True))
    organization: str = field(default="", converter=fields.as_line, validator=fields.line())
    title: str = field(default="", converter=fields.as_line, validator=fields.line())
    emails: tuple[str, ...] = field(
        default=(), converter=fields.as_lines, validator=fields.tuple_of(str, each=fields.mail_address(required=True))
    )
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
    external_ids: tuple[ExternalId, ...] = field(default=(), converter=_as_external_ids, validator=fields.tuple_of(ExternalId))
    notes: str = field(default="", converter=fields.as_text, validator=fields.text(), repr=False)
