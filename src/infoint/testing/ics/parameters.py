"""The parameters of properties: what values each may have (RFC 5545 §3.2 and later ones). Where each may stand is told in the
table of properties.
"""

import re
from collections.abc import Mapping
from typing import Final

from attrs import frozen

from infoint.testing.ics.lines import ContentLine, capitals
from infoint.testing.ics.problems import Findings, Malformed, shown
from infoint.testing.ics.values import READERS, read_address, read_uri

OWN: Final = re.compile(r"X-[A-Za-z0-9-]+", re.IGNORECASE)
"""A name of somebody's own (RFC 5545 §3.1, x-name)."""


@frozen
class ParameterRule:
    """What the values of a parameter may be."""

    rule: str
    form: str = "text"
    """"text", "uri", "address", "token" (one of `values` or X-…), "fixed" (one of `values`), or a form of its own."""
    values: frozenset[str] = frozenset()
    several: bool = False
    quoted: bool = False


def _one_of(rule: str, values: str, *, form: str = "token", several: bool = False) -> ParameterRule:
    return ParameterRule(rule, form, frozenset(values.split()), several)


PARAMETERS: Final[Mapping[str, ParameterRule]] = {
    "ALTREP": ParameterRule("RFC 5545 §3.2.1", "uri", quoted=True),
    "CN": ParameterRule("RFC 5545 §3.2.2"),
    "CUTYPE": _one_of("RFC 5545 §3.2.3", "INDIVIDUAL GROUP RESOURCE ROOM UNKNOWN"),
    "DELEGATED-FROM": ParameterRule("RFC 5545 §3.2.4", "address", several=True, quoted=True),
    "DELEGATED-TO": ParameterRule("RFC 5545 §3.2.5", "address", several=True, quoted=True),
    "DIR": ParameterRule("RFC 5545 §3.2.6", "uri", quoted=True),
    "ENCODING": _one_of("RFC 5545 §3.2.7", "8BIT BASE64", form="fixed"),
    "FMTTYPE": ParameterRule("RFC 5545 §3.2.8", "media type"),
    "FBTYPE": _one_of("RFC 5545 §3.2.9", "FREE BUSY BUSY-UNAVAILABLE BUSY-TENTATIVE"),
    "LANGUAGE": ParameterRule("RFC 5545 §3.2.10", "language"),
    "MEMBER": ParameterRule("RFC 5545 §3.2.11", "address", several=True, quoted=True),
    "PARTSTAT": _one_of("RFC 5545 §3.2.12", "NEEDS-ACTION ACCEPTED DECLINED TENTATIVE DELEGATED COMPLETED IN-PROCESS"),
    "RANGE": _one_of("RFC 5545 §3.2.13", "THISANDFUTURE", form="fixed"),
    "RELATED": _one_of("RFC 5545 §3.2.14", "START END", form="fixed"),
    "RELTYPE": _one_of(
        "RFC 5545 §3.2.15",
        "PARENT CHILD SIBLING SNOOZE CONCEPT DEPENDS-ON FINISHTOFINISH FINISHTOSTART FIRST NEXT REFID STARTTOFINISH STARTTOSTART",
    ),
    "ROLE": _one_of("RFC 5545 §3.2.16", "CHAIR REQ-PARTICIPANT OPT-PARTICIPANT NON-PARTICIPANT"),
    "RSVP": _one_of("RFC 5545 §3.2.17", "TRUE FALSE", form="fixed"),
    "SENT-BY": ParameterRule("RFC 5545 §3.2.18", "address", quoted=True),
    "TZID": ParameterRule("RFC 5545 §3.2.19", "zone"),
    "VALUE": _one_of("RFC 5545 §3.2.20", " ".join(READERS.keys() - {"GEO", "REQUEST-STATUS", "TEXTS", "VERSION"})),
    "SCHEDULE-AGENT": _one_of("RFC 6638 §7.1", "SERVER CLIENT NONE"),
    "SCHEDULE-FORCE-SEND": _one_of("RFC 6638 §7.2", "REQUEST REPLY"),
    "SCHEDULE-STATUS": ParameterRule("RFC 6638 §7.3"),
    "DISPLAY": _one_of("RFC 7986 §6.1", "BADGE GRAPHIC FULLSIZE THUMBNAIL", several=True),
    "EMAIL": ParameterRule("RFC 7986 §6.2", "mail"),
    "FEATURE": _one_of("RFC 7986 §6.3", "AUDIO CHAT FEED MODERATOR PHONE SCREEN VIDEO", several=True),
    "LABEL": ParameterRule("RFC 7986 §6.4"),
    "MANAGED-ID": ParameterRule("RFC 8607 §4.3"),
    "FILENAME": ParameterRule("RFC 8607 §4.2"),
    "SIZE": ParameterRule("RFC 8607 §4.1", "number"),
    "ORDER": ParameterRule("RFC 9073 §5.1", "number"),
    "SCHEMA": ParameterRule("RFC 9073 §5.2", "uri", quoted=True),
    "DERIVED": _one_of("RFC 9073 §5.3", "TRUE FALSE", form="fixed"),
    "GAP": ParameterRule("RFC 9253 §6.2", "duration"),
    "LINKREL": ParameterRule("RFC 9253 §6.1"),
}

_PATTERNS: Final = {
    "media type": re.compile(r"[A-Za-z0-9][A-Za-z0-9!#$&.+^_-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&.+^_-]{0,126}"),
    "language": re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*"),
    "mail": re.compile(r"[^@\s]+@[^@\s]+"),
    "number": re.compile(r"[0-9]+"),
    "zone": re.compile(r"/?[^/].*", re.DOTALL),
}


def check_parameters(line: ContentLine, allowed: frozenset[str] | None, findings: Findings, component: object) -> None:
    """Each of them may stand there and has values of its kind; `allowed` None: nobody knows the property."""
    for name, values in line.parameters.items():
        rule = PARAMETERS.get(name)
        if rule is None:
            if not OWN.fullmatch(name):
                findings.warning("RFC 5545 §3.2", f"{name} is no registered parameter; give it X-", line.number, component)
            continue
        if allowed is not None and name not in allowed:
            findings.error("RFC 5545 §3.2", f"{line.name} has no parameter {name}", line.number, component)
        if len(values) > 1 and not rule.several:
            findings.error(rule.rule, f"{name} has one value, not {len(values)}", line.number, component)
        if rule.quoted and not all(value.quoted for value in values):
            findings.error(rule.rule, f"the value of {name} stands in quotes", line.number, component)
        if rule.form in ("token", "fixed") and any(value.quoted for value in values):
            findings.warning(rule.rule, f"the value of {name} stands without quotes", line.number, component)
        for value in values:
            if not _has_form(rule, value.text):
                findings.error(rule.rule, f"{shown(value.text)} is no value of {name}", line.number, component)


def _has_form(rule: ParameterRule, text: str) -> bool:
    match rule.form:
        case "text":
            return True
        case "token":
            return capitals(text) in rule.values or bool(OWN.fullmatch(text))
        case "fixed":
            return capitals(text) in rule.values
        case "uri" | "address" | "duration":
            reader = {"uri": read_uri, "address": read_address, "duration": READERS["DURATION"]}[rule.form]
            try:
                reader(text)
            except Malformed:
                return False
            return True
        case _:
            return bool(_PATTERNS[rule.form].fullmatch(text))
