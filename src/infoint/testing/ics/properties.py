"""The properties: value types and parameters of each (RFC 5545 §3.7 and §3.8, and later ones). In which components each may stand is
told in the table of components.
"""

from collections.abc import Mapping
from typing import Final

from attrs import frozen


@frozen
class PropertyRule:
    """A row of the table."""

    rule: str
    types: tuple[str, ...]
    """The first is what it is without VALUE."""
    parameters: frozenset[str]
    several: bool = False
    says_its_type: bool = False
    """VALUE has to be written."""


def property_rule(
    rule: str, types: str, parameters: str = "", *, several: bool = False, says_its_type: bool = False
) -> PropertyRule:
    """A row from names parted by blanks."""
    return PropertyRule(
        rule, tuple(types.split()), frozenset(["VALUE", "ORDER", "DERIVED", *parameters.split()]), several, says_its_type
    )


_TEXT: Final = "ALTREP LANGUAGE"
_PERSON: Final = "CN DIR SENT-BY LANGUAGE EMAIL SCHEDULE-AGENT SCHEDULE-FORCE-SEND SCHEDULE-STATUS"
_INVITED: Final = f"{_PERSON} CUTYPE MEMBER ROLE PARTSTAT RSVP DELEGATED-TO DELEGATED-FROM"
_FILE: Final = "FMTTYPE ENCODING MANAGED-ID FILENAME SIZE"

PROPERTIES: Final[Mapping[str, PropertyRule]] = {
    "CALSCALE": property_rule("RFC 5545 §3.7.1", "TEXT"),
    "METHOD": property_rule("RFC 5545 §3.7.2", "TEXT"),
    "PRODID": property_rule("RFC 5545 §3.7.3", "TEXT"),
    "VERSION": property_rule("RFC 5545 §3.7.4", "VERSION"),
    "ATTACH": property_rule("RFC 5545 §3.8.1.1", "URI BINARY", _FILE),
    "CATEGORIES": property_rule("RFC 5545 §3.8.1.2", "TEXTS", "LANGUAGE"),
    "CLASS": property_rule("RFC 5545 §3.8.1.3", "TEXT"),
    "COMMENT": property_rule("RFC 5545 §3.8.1.4", "TEXT", _TEXT),
    "DESCRIPTION": property_rule("RFC 5545 §3.8.1.5", "TEXT", _TEXT),
    "GEO": property_rule("RFC 5545 §3.8.1.6", "GEO"),
    "LOCATION": property_rule("RFC 5545 §3.8.1.7", "TEXT", _TEXT),
    "PERCENT-COMPLETE": property_rule("RFC 5545 §3.8.1.8", "INTEGER"),
    "PRIORITY": property_rule("RFC 5545 §3.8.1.9", "INTEGER"),
    "RESOURCES": property_rule("RFC 5545 §3.8.1.10", "TEXTS", _TEXT),
    "STATUS": property_rule("RFC 5545 §3.8.1.11", "TEXT"),
    "SUMMARY": property_rule("RFC 5545 §3.8.1.12", "TEXT", _TEXT),
    "COMPLETED": property_rule("RFC 5545 §3.8.2.1", "DATE-TIME"),
    "DTEND": property_rule("RFC 5545 §3.8.2.2", "DATE-TIME DATE", "TZID"),
    "DUE": property_rule("RFC 5545 §3.8.2.3", "DATE-TIME DATE", "TZID"),
    "DTSTART": property_rule("RFC 5545 §3.8.2.4", "DATE-TIME DATE", "TZID"),
    "DURATION": property_rule("RFC 5545 §3.8.2.5", "DURATION"),
    "FREEBUSY": property_rule("RFC 5545 §3.8.2.6", "PERIOD", "FBTYPE", several=True),
    "TRANSP": property_rule("RFC 5545 §3.8.2.7", "TEXT"),
    "TZID": property_rule("RFC 5545 §3.8.3.1", "TEXT"),
    "TZNAME": property_rule("RFC 5545 §3.8.3.2", "TEXT", "LANGUAGE"),
    "TZOFFSETFROM": property_rule("RFC 5545 §3.8.3.3", "UTC-OFFSET"),
    "TZOFFSETTO": property_rule("RFC 5545 §3.8.3.4", "UTC-OFFSET"),
    "TZURL": property_rule("RFC 5545 §3.8.3.5", "URI"),
    "ATTENDEE": property_rule("RFC 5545 §3.8.4.1", "CAL-ADDRESS", _INVITED),
    "CONTACT": property_rule("RFC 5545 §3.8.4.2", "TEXT", _TEXT),
    "ORGANIZER": property_rule("RFC 5545 §3.8.4.3", "CAL-ADDRESS", _PERSON),
    "RECURRENCE-ID": property_rule("RFC 5545 §3.8.4.4", "DATE-TIME DATE", "TZID RANGE"),
    "RELATED-TO": property_rule("RFC 5545 §3.8.4.5", "TEXT UID URI", "RELTYPE GAP"),
    "URL": property_rule("RFC 5545 §3.8.4.6", "URI"),
    "UID": property_rule("RFC 5545 §3.8.4.7", "TEXT"),
    "EXDATE": property_rule("RFC 5545 §3.8.5.1", "DATE-TIME DATE", "TZID", several=True),
    "RDATE": property_rule("RFC 5545 §3.8.5.2", "DATE-TIME DATE PERIOD", "TZID", several=True),
    "RRULE": property_rule("RFC 5545 §3.8.5.3", "RECUR"),
    "ACTION": property_rule("RFC 5545 §3.8.6.1", "TEXT"),
    "REPEAT": property_rule("RFC 5545 §3.8.6.2", "INTEGER"),
    "TRIGGER": property_rule("RFC 5545 §3.8.6.3", "DURATION DATE-TIME", "RELATED"),
    "CREATED": property_rule("RFC 5545 §3.8.7.1", "DATE-TIME"),
    "DTSTAMP": property_rule("RFC 5545 §3.8.7.2", "DATE-TIME"),
    "LAST-MODIFIED": property_rule("RFC 5545 §3.8.7.3", "DATE-TIME"),
    "SEQUENCE": property_rule("RFC 5545 §3.8.7.4", "INTEGER"),
    "REQUEST-STATUS": property_rule("RFC 5545 §3.8.8.3", "REQUEST-STATUS", "LANGUAGE"),
    "TZUNTIL": property_rule("RFC 7808 §7.1", "DATE-TIME"),
    "TZID-ALIAS-OF": property_rule("RFC 7808 §7.2", "TEXT"),
    "BUSYTYPE": property_rule("RFC 7953 §3.2", "TEXT"),
    "NAME": property_rule("RFC 7986 §5.1", "TEXT", _TEXT),
    "REFRESH-INTERVAL": property_rule("RFC 7986 §5.7", "DURATION", says_its_type=True),
    "SOURCE": property_rule("RFC 7986 §5.8", "URI"),
    "COLOR": property_rule("RFC 7986 §5.9", "TEXT"),
    "IMAGE": property_rule("RFC 7986 §5.10", "URI BINARY", "ALTREP DISPLAY FMTTYPE ENCODING", says_its_type=True),
    "CONFERENCE": property_rule("RFC 7986 §5.11", "URI", "FEATURE LABEL LANGUAGE", says_its_type=True),
    "LOCATION-TYPE": property_rule("RFC 9073 §6.1", "TEXTS"),
    "PARTICIPANT-TYPE": property_rule("RFC 9073 §6.2", "TEXT"),
    "RESOURCE-TYPE": property_rule("RFC 9073 §6.3", "TEXT"),
    "CALENDAR-ADDRESS": property_rule("RFC 9073 §6.4", "CAL-ADDRESS"),
    "STYLED-DESCRIPTION": property_rule("RFC 9073 §6.5", "TEXT URI", "ALTREP LANGUAGE FMTTYPE DERIVED", says_its_type=True),
    "STRUCTURED-DATA": property_rule("RFC 9073 §6.6", "TEXT BINARY URI", "FMTTYPE SCHEMA ENCODING", says_its_type=True),
    "ACKNOWLEDGED": property_rule("RFC 9074 §6.1", "DATE-TIME"),
    "PROXIMITY": property_rule("RFC 9074 §8.1", "TEXT"),
    "CONCEPT": property_rule("RFC 9253 §8.1", "URI"),
    "LINK": property_rule("RFC 9253 §8.2", "URI UID XML-REFERENCE", "LINKREL FMTTYPE LABEL LANGUAGE", says_its_type=True),
    "REFID": property_rule("RFC 9253 §8.3", "TEXT"),
}
"""By name. What is not here and does not begin with X- is no property anybody registered."""
