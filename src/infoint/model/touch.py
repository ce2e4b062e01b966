"""Every contact between the explorer and a professional, either way. What is owed for it is `infoint.practice`'s."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from attrs import field, frozen

from infoint.closed_name import ClosedName
from infoint.model import fields
from infoint.model.identity import Entity
from infoint.model.open_name import OpenName


class TouchKind(OpenName):
    """How two people were in contact, or what passed between them."""

    __slots__ = ()
    EMAIL: ClassVar["TouchKind"]
    PHONE: ClassVar["TouchKind"]
    MEETING: ClassVar["TouchKind"]
    LETTER: ClassVar["TouchKind"]
    MESSAGE: ClassVar["TouchKind"]
    GAVE_BACK: ClassVar["TouchKind"]
    """Something the explorer did for them."""
    LEAD_RECEIVED: ClassVar["TouchKind"]
    """They passed on an opportunity."""


class Direction(ClosedName):
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
