"""`infoint export`: a calendar to a file or to standard output."""

from argparse import Namespace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from infoint.calendar.contract import CalendarHead
from infoint.calendar.options import CalendarOptions, ContentLevel, FollowUpsAs
from infoint.cli.database import opened
from infoint.cli.program import DONE, put_out
from infoint.model.follow_up import FollowUpKind


def export(asked: Namespace) -> int:
    """Carry it out; the exit code. Raises InfointError."""
    with opened(asked) as workspace:
        calendar = workspace.calendar(_options(asked, workspace.profile().zone))
        head = None if asked.name is None else CalendarHead(name=asked.name)
        if asked.out == "-":
            put_out(calendar.chunks(asked.format, head=head))
            return DONE
        changed = calendar.write(asked.out, asked.format, head=head)
    if asked.verbose:
        put_out([f"{asked.out}: {'changed' if changed else 'as it was'}\n".encode(errors="backslashreplace")])
    return DONE


def _options(asked: Namespace, zone: ZoneInfo) -> CalendarOptions:
    return CalendarOptions(
        follow_ups=FollowUpsAs(asked.follow_ups),
        kinds=frozenset(map(FollowUpKind, asked.kind)) if asked.kind else None,
        since=_midnight(asked.since, zone),
        until=_midnight(asked.until, zone, days=1),
        content=ContentLevel(asked.content),
        alarms=not asked.no_alarms,
        include_cancelled=not asked.no_cancelled,
        include_notes=asked.notes,
    )


def _midnight(day: date | None, zone: ZoneInfo, *, days: int = 0) -> datetime | None:
    """When the day begins where the explorer is; None also for one so late that it is no limit."""
    if day is None or (days and date.max - day < timedelta(days=days)):
        return None
    return datetime.combine(day + timedelta(days=days), time(), zone)
