"""Times to offer for a talk, found between the appointments of the explorer's own calendars: as a letter, and as entries that hold them."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from os import PathLike
from typing import BinaryIO, Final, TypeAlias

from attrs import field, frozen

from infoint.calendar.busy_times import read_busy
from infoint.calendar.contract import CalendarEntry
from infoint.calendar.reading.components import Problem
from infoint.calendar.reading.lines import LARGEST_FILE
from infoint.calendar.tentative_entries import offer_prefix, tentative_entries
from infoint.hooks.host import PluginHost
from infoint.model.campaign import Campaign
from infoint.model.identity import identified
from infoint.model.interview import Interview
from infoint.notes.contract import NoteRenderer, Rendered
from infoint.notes.documents.time_offer import time_offer
from infoint.people.sources import opened, read_some
from infoint.practice.meeting_times import Slot, propose_times, why_no_times
from infoint.practice.policy import Policy
from infoint.practice.slot_rules import SlotRules

SOON: Final = timedelta(days=21)
"""How far ahead times are looked for when nobody says."""

CalendarSource: TypeAlias = bytes | str | PathLike[str] | BinaryIO
"""A calendar's content, its path, or a stream of bytes."""


@frozen(kw_only=True)
class TimeProposal:
    """What `ws.propose_times` found. Nothing is sent or stored."""

    interview: Interview
    slots: tuple[Slot, ...]
    """The best first, each with its reasons; none where nothing is open."""
    why_none: str
    """What stands in the way; "" where there are times."""
    problems: tuple[Problem, ...]
    """What could not be read of the calendars. Worth showing: it counts as free."""
    campaign: Campaign = field(repr=False)
    at: datetime
    """When it was asked for."""
    plugins: PluginHost = field(repr=False)

    def letter(self, format: str | NoteRenderer = "text") -> Rendered:
        """A draft that offers the times, on the clocks of both. Raises InvalidValue where there are none; NoProvider."""
        wordings = self.plugins.wordings_in(self.campaign.profile.language)
        document = time_offer(self.slots)(self.interview, self.campaign, wordings=wordings)
        return self.plugins.render(self.plugins.extend(document, self.interview, self.campaign), format)

    def entries(self, *, released: bool = False) -> tuple[CalendarEntry, ...]:
        """The times as TENTATIVE entries, for `infoint.calendar.to_ics` or a server: held until one is chosen. `released=True`: the
        tombstones that take them away.
        """
        return tentative_entries(self.interview, self.slots, self.campaign, at=self.at, released=released)


def propose(
    interview: Interview,
    campaign: Campaign,
    calendars: Iterable[CalendarSource],
    *,
    at: datetime,
    until: date | None,
    rules: SlotRules | None,
    policy: Policy,
    plugins: PluginHost,
) -> TimeProposal:
    """See `Workspace.propose_times`."""
    zone = campaign.profile.zone
    last = until or (at.astimezone(zone) + SOON).date()
    taken = read_busy(
        map(_content, [calendars] if isinstance(calendars, bytes | str | PathLike) else calendars),
        zone=zone,
        after=at,
        until=last,
        mine=[campaign.profile.email] if campaign.profile.email else [],
        except_for=[identified(talk).id for talk in campaign.interviews],
        except_for_prefixes=[offer_prefix(interview)],
    )
    slots = propose_times(interview, campaign, busy=taken.busy, after=at, until=last, rules=rules, policy=policy)
    why_none = ""
    if not slots:
        why_none = why_no_times(interview, campaign, busy=taken.busy, after=at, until=last, rules=rules, policy=policy)
    return TimeProposal(
        interview=interview,
        slots=slots,
        why_none=why_none,
        problems=taken.problems,
        campaign=campaign,
        at=at,
        plugins=plugins,
    )


def _content(source: CalendarSource) -> bytes:
    if isinstance(source, bytes):
        return source
    with opened(source, "ics") as stream:
        return read_some(stream, LARGEST_FILE + 1, "ics")  # one more than the reader takes, for it to refuse
