"""Talks and follow-ups as calendar entries, and entries as bytes. icalendar is loaded when the first file is written."""

from infoint.calendar.busy_times import BusyTimes as BusyTimes, read_busy as read_busy
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
from infoint.calendar.feed import (
    Feed as Feed,
    FeedBody as FeedBody,
    FeedOptions as FeedOptions,
    FeedResponse as FeedResponse,
    etag_of as etag_of,
    webcal_link as webcal_link,
)
from infoint.calendar.feed_tokens import (
    FeedToken as FeedToken,
    token_digest as token_digest,
    token_matches as token_matches,
)
from infoint.calendar.ics_writer import IcsWriter as IcsWriter, to_ics as to_ics
from infoint.calendar.invitations import (
    ItipMessage as ItipMessage,
    cancellation as cancellation,
    invitation as invitation,
)
from infoint.calendar.options import (
    AttendeesAs as AttendeesAs,
    CalendarOptions as CalendarOptions,
    ContentLevel as ContentLevel,
    FollowUpsAs as FollowUpsAs,
)
from infoint.calendar.reading.components import (
    CalendarFile as CalendarFile,
    Duration as Duration,
    Kind as Kind,
    Period as Period,
    Problem as Problem,
    ReadAttendee as ReadAttendee,
    ReadComponent as ReadComponent,
)
from infoint.calendar.reading.ics_reader import read_ics as read_ics
from infoint.calendar.reading.recurrence_rule import RecurrenceRule as RecurrenceRule, RuleFrequency as RuleFrequency
from infoint.calendar.replies import read_replies as read_replies
from infoint.calendar.resource_names import resource_name as resource_name
from infoint.calendar.suggestions import Remark as Remark, Replies as Replies, Suggestion as Suggestion
from infoint.calendar.tentative_entries import offer_prefix as offer_prefix, tentative_entries as tentative_entries
