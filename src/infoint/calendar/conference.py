"""Where people meet who are not in one room (RFC 7986 §5.11)."""

from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from infoint.calendar import entry_fields
from infoint.closed_name import ClosedName

if TYPE_CHECKING:
    from attrs import Attribute


class ConferenceFeature(ClosedName):
    """What one can do there (RFC 7986 §6.3)."""

    AUDIO = "AUDIO"
    CHAT = "CHAT"
    FEED = "FEED"
    MODERATOR = "MODERATOR"
    PHONE = "PHONE"
    SCREEN = "SCREEN"
    VIDEO = "VIDEO"


def _something(conference: "Conference", attribute: "Attribute[Any]", value: str) -> None:
    entry_fields.url(conference, attribute, value)
    if not value:
        raise entry_fields.refusal(conference, attribute, "needs an address", value)


def _as_features(value: tuple[ConferenceFeature, ...] | list[ConferenceFeature]) -> tuple[ConferenceFeature, ...]:
    return entry_fields.as_tuple(value)


@frozen
class Conference:
    """A way into a video meeting, a call or a chat. Raises InvalidValue."""

    uri: str = field(validator=_something)
    """http, https, tel or mailto."""
    features: tuple[ConferenceFeature, ...] = field(
        default=(), converter=_as_features, validator=entry_fields.tuple_of(ConferenceFeature)
    )
    label: str = field(default="", validator=entry_fields.text)
