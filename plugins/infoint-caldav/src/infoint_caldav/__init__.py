"""Meetings and follow-ups on a CalDAV server: a library over `infoint.calendar.CalendarEntry`. It hooks into nothing."""

from infoint_caldav.calendars import (
    RemoteCalendar as RemoteCalendar,
    calendar_named as calendar_named,
    find_calendars as find_calendars,
    open_calendar as open_calendar,
)
from infoint_caldav.errors import (
    AuthenticationRefused as AuthenticationRefused,
    EntryRefused as EntryRefused,
    NotACalendar as NotACalendar,
    PushFailed as PushFailed,
    PushInterrupted as PushInterrupted,
    Redirected as Redirected,
    ServerFailing as ServerFailing,
    ServerUnreachable as ServerUnreachable,
    UnsupportedComponent as UnsupportedComponent,
)
from infoint_caldav.push import (
    OnProgress as OnProgress,
    push as push,
    push_with_state_file as push_with_state_file,
)
from infoint_caldav.report import (
    Conflict as Conflict,
    ConflictKind as ConflictKind,
    Outcome as Outcome,
    Progress as Progress,
    PushPolicy as PushPolicy,
    PushReport as PushReport,
    RemoteChanges as RemoteChanges,
    Removal as Removal,
)
from infoint_caldav.server import (
    CalendarServer as CalendarServer,
    Retries as Retries,
    connect as connect,
)
from infoint_caldav.state import (
    Pushed as Pushed,
    PushState as PushState,
    read_state as read_state,
    write_state as write_state,
)
