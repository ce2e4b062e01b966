"""Talks and follow-ups as calendar entries, and entries as bytes. icalendar is loaded when the first file is written."""

from infoint.calendar.contract import (
    Alarm as Alarm,
    AllDay as AllDay,
    Attendee as Attendee,
    CalendarEntry as CalendarEntry,
    CalendarHead as CalendarHead,
    CalendarWriter as CalendarWriter,
    Classification as Classification,
    Component as Component,
    Conference as Conference,
    ConferenceFeature as ConferenceFeature,
    EntryStatus as EntryStatus,
    Frequency as Frequency,
    Method as Method,
    Organizer as Organizer,
    Participation as Participation,
    ParticipationRole as ParticipationRole,
    Recurrence as Recurrence,
    ScheduleAgent as ScheduleAgent,
    Timed as Timed,
    When as When,
)
from infoint.calendar.drafts import Drafts as Drafts
from infoint.calendar.entries import build_entries as build_entries, entry_about as entry_about
from infoint.calendar.entry_cache import EntryCache as EntryCache
from infoint.calendar.ics_writer import IcsWriter as IcsWriter, to_ics as to_ics
from infoint.calendar.options import (
    CalendarOptions as CalendarOptions,
    ContentLevel as ContentLevel,
    FollowUpsAs as FollowUpsAs,
)
