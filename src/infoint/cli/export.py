"""`infoint export`: a calendar to a file, to a folder of files or to standard output."""

from argparse import Namespace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from infoint.calendar.contract import CalendarHead
from infoint.calendar.options import CalendarOptions, ContentLevel, FollowUpsAs
from infoint.cli.database import opened
from infoint.cli.program import DONE, FAILED, put_out, say
from infoint.errors import CannotWrite, InvalidValue
from infoint.model.follow_up import FollowUpKind
from infoint.workspace.calendar_export import CalendarExport


def export(asked: Namespace) -> int:
    """Carry it out; the exit code. Raises InfointError."""
    with opened(asked) as workspace:
        try:
            options = _options(asked, workspace.now())
        except InvalidValue as error:
            say(f"{_argument(error)}: {error.problem}")
            return FAILED
        head = None if asked.name is None else CalendarHead(name=asked.name)
        told = _put(workspace.calendar(options), head, asked)
    if asked.verbose and told:
        put_out([f"{told}\n".encode(errors="backslashreplace")])
    return DONE


def _put(calendar: CalendarExport, head: CalendarHead | None, asked: Namespace) -> str:
    """Where it was asked for; what there is to say about it, nothing where it went to standard output."""
    if asked.per_entry is not None:
        there = calendar.write_into(asked.per_entry, asked.format, head=head)
        changed, same, others = len(there.written), len(there.unchanged), len(there.others)
        return f"{asked.per_entry}: {changed} changed, {same} as they were, {others} not of this export"
    if asked.out == "-":
        put_out(calendar.chunks(asked.format, head=head))
        return ""
    if Path(asked.out).is_dir():
        raise CannotWrite(asked.out, "it is a folder, and --per-entry writes into one")
    return f"{asked.out}: {'changed' if calendar.write(asked.out, asked.format, head=head) else 'as it was'}"


def _argument(error: InvalidValue) -> str:
    """Which argument was refused: whoever types it has never seen the class behind it."""
    return "--kind" if error.entity == "FollowUpKind" else f"--{error.field}"


def _options(asked: Namespace, now: datetime) -> CalendarOptions:
    return CalendarOptions(
        follow_ups=FollowUpsAs(asked.follow_ups),
        kinds=frozenset(map(FollowUpKind, asked.kind)) if asked.kind else None,
        since=_midnight(asked.since, now),
        until=_midnight(asked.until, now, days=1),
        content=ContentLevel(asked.content),
        alarms=not asked.no_alarms,
        include_cancelled=not asked.no_cancelled,
        include_notes=asked.notes,
    )


def _midnight(day: date | timedelta | None, now: datetime, *, days: int = 0) -> datetime | None:
    """When the day, or the one so far from today, begins where the explorer is; None also for one so late that it is no limit."""
    if isinstance(day, timedelta):
        day = _days_from(now.date(), day)
    if day is None or (days and date.max - day < timedelta(days=days)):
        return None
    return datetime.combine(day + timedelta(days=days), time(), now.tzinfo)


def _days_from(today: date, away: timedelta) -> date:
    """No further than there are days."""
    return min(max(away, date.min - today), date.max - today) + today
