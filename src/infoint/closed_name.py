"""Names that nobody adds to, because what is done depends on each of them. Names that data and plugins may add to are `open_name`'s."""

from enum import StrEnum
from typing import NoReturn

from infoint.errors import InvalidValue


class ClosedName(StrEnum):
    """An enumeration of texts. A slip, as in MeetingFormat("vidoe"), raises InvalidValue, which says what there is."""

    @classmethod
    def _missing_(cls, value: object) -> NoReturn:
        # Python's own message would quote the value, which may be private, and leave out the names.
        raise InvalidValue(cls.__name__, "value", f"is none of {', '.join(cls)}", value=value)
