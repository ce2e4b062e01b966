"""One remark of a careful adviser (practice §5): its code, how much it matters, what it is about and what to do instead. What is
remarked on, and when, is `review`'s.
"""

from typing import ClassVar, Final

from attrs import field, frozen

from infoint.closed_name import ClosedName
from infoint.model import fields
from infoint.model.open_name import OpenName


class FindingCode(OpenName):
    """What was found (practice §5)."""

    CLOSED_QUESTION: ClassVar["FindingCode"]
    """Yes or no would be an answer."""
    LEADING: ClassVar["FindingCode"]
    """The question holds its answer."""
    DOUBLE_BARRELLED: ClassVar["FindingCode"]
    """Two questions in one."""
    JOB_ASK: ClassVar["FindingCode"]
    """It asks for a job, an internship, or a hand in getting one."""
    SEARCHABLE_FACT: ClassVar["FindingCode"]
    """One could look it up."""
    NO_CHALLENGE_ASKED: ClassVar["FindingCode"]
    MIX_OFF: ClassVar["FindingCode"]
    TOO_LONG_FOR_TIME: ClassVar["FindingCode"]
    ASKED_BEFORE: ClassVar["FindingCode"]
    HR_ONLY: ClassVar["FindingCode"]
    """Only personnel staff are being asked."""
    SINGLE_FORMAT_OFFERED: ClassVar["FindingCode"]
    NO_RESUME_DECISION: ClassVar["FindingCode"]
    """The letter neither sends nor offers the résumé, nor says that it stays out; what the policy wants is `Policy.resume`."""
    OUTREACH_TOO_LONG: ClassVar["FindingCode"]
    OUTREACH_WITHOUT_QUESTION: ClassVar["FindingCode"]
    OUTREACH_WITHOUT_CONNECTION: ClassVar["FindingCode"]
    """It does not say how the explorer came to them."""
    THANK_YOU_WITHOUT_TAKEAWAY: ClassVar["FindingCode"]
    """It names nothing that was learned."""
    START_OUTSIDE_WORKING_HOURS: ClassVar["FindingCode"]
    """The explorer's or theirs."""
    WEEKEND_OR_HOLIDAY: ClassVar["FindingCode"]
    START_IN_THE_PAST: ClassVar["FindingCode"]
    MEETING_OVERLAP: ClassVar["FindingCode"]
    """The explorer has another talk at the time."""


class Severity(ClosedName):
    """How much it matters."""

    HINT = "hint"
    """Better otherwise."""
    WARNING = "warning"
    """It will cost the explorer something."""


SHOWN: Final = 80
"""Characters of the offending text that a finding carries."""


def _shortened(text: str) -> str:
    line = fields.as_line(text)
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1].rstrip()}…"


@frozen(kw_only=True)
class Finding:
    """One remark; `print(finding)` gives one readable line."""

    code: FindingCode = field(validator=fields.a(FindingCode))
    severity: Severity = field(validator=fields.a(Severity))
    text: str = field(converter=_shortened, validator=fields.line())
    """What it is about: the offending words, shortened, or the figures."""
    suggestion: str = field(converter=fields.as_line, validator=fields.line(required=True))
    """What to do instead."""

    def __str__(self) -> str:
        return f"{self.code.label}: “{self.text}” {self.suggestion}"


def hint(code: FindingCode, text: str, suggestion: str) -> Finding:
    """A finding that could be better."""
    return Finding(code=code, severity=Severity.HINT, text=text, suggestion=suggestion)


def warning(code: FindingCode, text: str, suggestion: str) -> Finding:
    """A finding that costs something."""
    return Finding(code=code, severity=Severity.WARNING, text=text, suggestion=suggestion)
