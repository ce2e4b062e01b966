"""Talks and follow-ups as calendar entries, and entries as bytes. icalendar is loaded when the first file is written."""

from infoint.calendar.contract import (
    Alarm as Alarm,
    AllDay as AllDay,
    CalendarEntry as CalendarEntry,
    CalendarHead as CalendarHead,
    CalendarWriter as CalendarWriter,
    Classification as Classification,
    Component as Component,
    EntryStatus as EntryStatus,
    Timed as Timed,
    When as When,
)
from infoint.calendar.entries import (
    CalendarOptions as CalendarOptions,
    ContentLevel as ContentLevel,
    FollowUpsAs as FollowUpsAs,
    build_entries as build_entries,
    entry_about as entry_about,
)
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
