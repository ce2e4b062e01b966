"""What a file says about talks: events to record, remarks, problems. How they are found is `replies`'s."""

from datetime import datetime
from typing import TypeAlias

from attrs import field, frozen

from infoint.calendar.reading.components import Problem
from infoint.model.contact import Contact
from infoint.model.events import Event
from infoint.model.interview import Interview


@frozen(kw_only=True)
class Suggestion:
    """An event that the lifecycle allows. `ws.interviews.record(one.interview, one.event)` takes it over."""

    interview: Interview
    event: Event
    who: Contact | None
    """Whose answer it is; None: it was changed in a calendar, or by somebody the file does not tell apart from others."""
    reason: str
    """What happened, as "Ana Ruiz declined"."""
    answered_at: datetime | None = None
    """DTSTAMP, by the clock of their program."""
    comment: str = field(default="", repr=False)
    """What they wrote with it."""
    care: tuple[str, ...] = ()
    """What to think of before it is recorded, a sentence each."""

    @property
    def needs_care(self) -> bool:
        """Whether it should not be recorded at the press of one button."""
        return bool(self.care)

    def __str__(self) -> str:
        return " ".join((f"{self.reason}: {self.event.name}.", *self.care))


@frozen(kw_only=True)
class Remark:
    """Something that was understood, and changes nothing."""

    interview: Interview
    who: Contact | None
    remark: str
    """As "Ana Ruiz may come: the answer is tentative"."""
    comment: str = field(default="", repr=False)
    """What they wrote with it."""

    def __str__(self) -> str:
        return self.remark


@frozen(kw_only=True)
class Replies:
    """What a file says about talks of a campaign."""

    suggestions: tuple[Suggestion, ...] = ()
    remarks: tuple[Remark, ...] = ()
    problems: tuple[Problem, ...] = ()
    """What cannot be read, belongs to no talk, or is not allowed."""


Finding: TypeAlias = Suggestion | Remark | Problem
