"""The explorer: whose zone decides every date, and what they bring."""

from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from attrs import field, frozen

from infoint.errors import InvalidValue
from infoint.model import fields
from infoint.model.identity import Entity
from infoint.model.peaks import Strength


def _after_work_began(profile: "Profile", attribute: Any, value: time) -> None:
    if value <= profile.work_from:
        raise InvalidValue("Profile", attribute.name, "must be later than work_from", value=value)


def _clock_time(instance: object, attribute: Any, value: Any) -> None:
    if not isinstance(value, time) or value.tzinfo is not None:
        raise InvalidValue(type(instance).__name__, attribute.name, "needs a time of day without zone, as time(9)", value=value)


def _as_strengths(value: tuple[Strength, ...] | list[Strength]) -> tuple[Strength, ...]:
    return fields.as_tuple(value)


@frozen(kw_only=True)
class Profile(Entity):
    """The explorer. The zone decides every date that nobody gave a zone."""

    name: str = field(default="", converter=fields.as_line, validator=fields.line())
    email: str = field(default="", converter=fields.as_line, validator=fields.mail_address())
    zone: ZoneInfo = field(converter=fields.as_zone, validator=fields.zone())
    language: str = field(default="en", converter=fields.as_line, validator=fields.line(required=True))
    """BCP 47 tag."""
    work_from: time = field(default=time(9), validator=_clock_time)
    work_until: time = field(default=time(17), validator=[_clock_time, _after_work_began])
    introduction: str = field(default="", converter=fields.as_text, validator=fields.text())
    """Who I am in half a minute."""
    strengths: tuple[Strength, ...] = field(default=(), converter=_as_strengths, validator=fields.tuple_of(Strength))
    """The explorer's own PEAKS."""
