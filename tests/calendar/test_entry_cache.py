"""Exports that find their lines again: the same bytes as a cold one, whatever changed in between."""

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from infoint import Campaign, Contact, FollowUp, Meeting, MeetingFormat, events
from infoint.calendar import (
    AllDay,
    AttendeesAs,
    CalendarEntry,
    CalendarHead,
    CalendarOptions,
    Classification,
    ContentLevel,
    Drafts,
    EntryCache,
    FollowUpsAs,
    IcsWriter,
    build_entries,
)
from infoint.calendar.contract import Method
from infoint.calendar.follow_up_entries import follow_up_event
from infoint.errors import InvalidValue
from infoint.hooks import PluginHost
from infoint.plugin import hookimpl
from infoint.practice import record
from infoint.testing import sample_campaign

SAMPLE = sample_campaign(talks=12)


def stored(campaign: Campaign, version: int = 1) -> Campaign:
    """The same facts in other objects, as a storage gives them."""
    return evolve(
        campaign,
        contacts=tuple(evolve(one, version=version) for one in campaign.contacts),
        explorations=tuple(evolve(one, version=version) for one in campaign.explorations),
        interviews=tuple(evolve(one, version=version) for one in campaign.interviews),
        follow_ups=tuple(evolve(one, version=version) for one in campaign.follow_ups),
    )


def cold(campaign: Campaign, options: CalendarOptions | None = None) -> bytes:
    return b"".join(IcsWriter().chunks(build_entries(campaign, options), CalendarHead()))


def cached(campaign: Campaign, cache: EntryCache, options: CalendarOptions | None = None) -> bytes:
    return b"".join(IcsWriter(cache=cache).chunks(build_entries(campaign, options), CalendarHead()))


@pytest.mark.parametrize("follow_ups", FollowUpsAs)
@pytest.mark.parametrize("campaign", [SAMPLE, stored(SAMPLE)], ids=["kept by nobody", "stored"])
def test_the_bytes_are_those_of_a_cold_export(campaign: Campaign, follow_ups: FollowUpsAs) -> None:
    """A cached calendar would differ from the one everybody else gets."""
    cache, options = EntryCache(), CalendarOptions(follow_ups=follow_ups)
    expected = cold(campaign, options)
    assert cached(campaign, cache, options) == expected
    assert cached(campaign, cache, options) == expected


def test_an_unchanged_export_makes_no_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache would save nothing: what costs is making entries and encoding them."""
    cache = EntryCache()
    expected = cached(stored(SAMPLE), cache)

    def refuse(*args: object) -> None:
        raise AssertionError("an entry was made")

    for name in ("meeting_entry", "follow_up_event"):
        monkeypatch.setattr(f"infoint.calendar.entries.{name}", refuse)
    assert cached(stored(SAMPLE), cache) == expected
    assert len(cache) == len(SAMPLE.interviews) + len(SAMPLE.follow_ups) - sum(
        1 for one in SAMPLE.follow_ups if one.kind == "arrive"
    )


def test_of_an_export_that_changed_the_rest_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """One edit would cost as much as a first export."""
    cache, made = EntryCache(), list[FollowUp]()
    cached(stored(SAMPLE), cache)
    one = next(one for one in SAMPLE.follow_ups if one.kind != "arrive")
    changed = stored(SAMPLE).including(evolve(one, version=2, edited_at=EDITED, summary="Do something else"))
    expected = cold(changed)

    def counted(follow_up: FollowUp, *rest: Any) -> CalendarEntry:
        made.append(follow_up)
        return follow_up_event(follow_up, *rest)

    monkeypatch.setattr("infoint.calendar.entries.follow_up_event", counted)
    assert cached(changed, cache) == expected
    assert [follow_up.id for follow_up in made] == [one.id]


def test_wholes_make_room_too() -> None:
    """Calendars of a thousand people would all stay in memory as a whole, whatever the limit."""
    count = len(list(build_entries(SAMPLE)))
    for limit in (count // 2, count * 2):
        cache = EntryCache(limit)
        for name in ("Ana", "Bo", "Cy", "Dee", "Eve"):
            theirs = evolve(stored(SAMPLE), profile=evolve(SAMPLE.profile, name=name))
            assert cached(theirs, cache) == cached(theirs, cache) == cold(theirs)
        assert sum(len(pieces) for _, pieces in cache._wholes.values()) <= limit


TALK = next(talk for talk in SAMPLE.interviews if talk.story.stands)
PERSON = SAMPLE.people(TALK)[0]
FOLLOW_UP = next(one for one in SAMPLE.follow_ups if one.interview_id == TALK.id and one.contact_id)
EDITED = datetime(2031, 5, 1, 12, tzinfo=UTC)


def edited(value: Contact | object, **changes: object) -> Campaign:
    return stored(SAMPLE).including(evolve(value, version=2, edited_at=EDITED, **changes))  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    "changed",
    [
        edited(PERSON, name="Quite Another"),
        edited(TALK, notes="other notes"),
        edited(FOLLOW_UP, summary="Do something else"),
        evolve(stored(SAMPLE), profile=evolve(SAMPLE.profile, zone=ZoneInfo("Asia/Tokyo"))),
    ],
    ids=["a person", "a talk", "a follow-up", "the profile"],
)
@pytest.mark.parametrize("content", ContentLevel)
def test_whatever_is_shown_is_shown_anew(changed: Campaign, content: ContentLevel) -> None:
    """A calendar would go on showing a name, a note or a summary that was corrected."""
    cache, options = EntryCache(), CalendarOptions(content=content, include_notes=True, since=datetime(2020, 1, 1, tzinfo=UTC))
    before = cached(stored(SAMPLE), cache, options)
    after = cached(changed, cache, options)
    assert after == cold(changed, options)
    assert cached(stored(SAMPLE), cache, options) == before


def test_a_talk_that_is_agreed_takes_its_follow_ups_along() -> None:
    """A follow-up would go on hanging on no meeting, though there is one now."""
    asked = next(
        talk for talk in SAMPLE.interviews if talk.story.announced is None and SAMPLE.follow_ups_of(talk) and talk.history
    )
    meeting = events.Scheduled(Meeting(start=datetime(2031, 5, 5, 10, tzinfo=UTC), format=MeetingFormat.PHONE))
    agreed = record(asked, meeting, SAMPLE, at=EDITED).interview
    cache = EntryCache()
    cached(stored(SAMPLE), cache)
    # Only the talk is another: what its follow-ups say changes with it.
    after = stored(SAMPLE).including(evolve(agreed, version=2))
    assert cached(after, cache) == cold(after)
    assert cold(after).count(str(asked.id).encode()) > 1


def test_what_the_invited_see_is_shown_anew() -> None:
    """A server would invite people to a talk about what the explorer has renamed."""
    cache, options = EntryCache(), CalendarOptions(attendees=AttendeesAs.SERVER)
    known = evolve(SAMPLE, profile=evolve(SAMPLE.profile, email="me@oak.example"))
    exploration = next(one for one in known.explorations if any(talk.exploration_id == one.id for talk in known.interviews))
    cached(stored(known), cache, options)
    renamed = stored(known).including(evolve(exploration, subject="Tree surgery", version=2, edited_at=EDITED))
    assert cached(renamed, cache, options) == cold(renamed, options) != cold(known, options)


@pytest.mark.parametrize(
    "other",
    [
        CalendarOptions(content=ContentLevel.BUSY),
        CalendarOptions(alarms=False),
        CalendarOptions(include_cancelled=False),
        CalendarOptions(include_notes=True),
        CalendarOptions(classification=Classification.PRIVATE),
        CalendarOptions(follow_ups=FollowUpsAs.TODO),
    ],
)
def test_options_are_not_mixed_up(other: CalendarOptions) -> None:
    """A shared calendar would show what only the explorer's own may."""
    cache, campaign = EntryCache(), stored(SAMPLE)
    for options in (CalendarOptions(), other, CalendarOptions(), other):
        assert cached(campaign, cache, options) == cold(campaign, options)


def test_a_window_needs_no_new_entries() -> None:
    """A calendar of the next weeks would be made anew every day."""
    cache, campaign = EntryCache(), stored(SAMPLE)
    cached(campaign, cache)
    kept = len(cache)
    options = CalendarOptions(since=datetime(2026, 3, 1, tzinfo=UTC), until=datetime(2026, 4, 1, tzinfo=UTC))
    assert cached(campaign, cache, options) == cold(campaign, options) != cold(campaign)
    assert len(cache) == kept


def test_writers_are_not_mixed_up() -> None:
    """Two writers with one cache would write each other's times."""
    cache, campaign = EntryCache(), stored(SAMPLE)
    late = {"zones_since": 2040}
    for settings in ({}, late, {}):
        mine = b"".join(IcsWriter(cache=cache, **settings).chunks(build_entries(campaign), CalendarHead()))  # type: ignore[arg-type]
        assert mine == b"".join(IcsWriter(**settings).chunks(build_entries(campaign), CalendarHead()))  # type: ignore[arg-type]


def test_values_without_version_are_known_as_themselves_only() -> None:
    """An app that keeps its own rows and edits one in place would see the old calendar."""
    cache = EntryCache()
    cached(SAMPLE, cache)
    renamed = SAMPLE.including(evolve(PERSON, name="Quite Another"))
    assert cached(renamed, cache) == cold(renamed)


def test_an_earlier_state_that_goes_on_differently() -> None:
    """A storage put back from a backup counts the same versions again: what was told meanwhile would be shown for ever."""
    cache, first = EntryCache(), stored(SAMPLE, version=1)
    one = first.including(evolve(PERSON, name="First", version=2, edited_at=EDITED))
    other = first.including(evolve(PERSON, name="Second", version=2, edited_at=EDITED + timedelta(seconds=1)))
    cached(one, cache)
    assert cached(other, cache) == cold(other)


class Extra:
    """Adds an entry whose text can be changed."""

    text = "Fair"

    @hookimpl
    def infoint_calendar_entries(self, campaign: Campaign, options: CalendarOptions) -> list[CalendarEntry]:
        return [CalendarEntry(uid="extra", when=AllDay(date(2026, 3, 9)), summary=self.text, last_modified=EDITED)]


def test_entries_of_plugins_are_cached_by_what_they_say() -> None:
    """A plugin's entry would be lost from a cached export, or stay as it was the first time."""
    extra, cache, campaign = Extra(), EntryCache(), stored(SAMPLE)
    host = PluginHost([extra])

    def both() -> tuple[bytes, bytes]:
        entries = host.calendar_entries(campaign)
        return tuple(b"".join(writer.chunks(entries, CalendarHead())) for writer in (IcsWriter(cache=cache), IcsWriter()))  # type: ignore[return-value]

    first, expected = both()
    assert first == expected
    assert b"SUMMARY:Fair" in first
    extra.text = "Open day"
    second, expected = both()
    assert second == expected
    assert b"SUMMARY:Open day" in second


def test_two_entries_of_one_uid_are_refused_with_a_cache_too() -> None:
    """One of two entries would vanish from calendars, and nobody would know which."""
    entry = CalendarEntry(uid="one", when=AllDay(date(2026, 3, 9)), summary="Fair", last_modified=EDITED)
    twice = build_entries(SAMPLE).and_also([entry, entry])
    with pytest.raises(InvalidValue, match="'one' stands for two VEVENTs"):
        b"".join(IcsWriter(cache=EntryCache()).chunks(twice, CalendarHead()))


def test_messages_are_never_cached() -> None:
    """An invitation's DTSTAMP says when it was made; a cached one would look older than the answer to it."""
    cache = EntryCache()
    head = CalendarHead(method=Method.PUBLISH, stamp=EDITED)
    with pytest.raises(InvalidValue, match="PUBLISH needs"):
        b"".join(IcsWriter(cache=cache).chunks(build_entries(SAMPLE), head))
    assert len(cache) == 0


def test_the_oldest_make_room() -> None:
    """A server that lives for months would keep every entry it ever wrote."""
    cache = EntryCache(limit=10)
    assert cached(stored(SAMPLE), cache) == cold(SAMPLE)
    assert len(cache) == 10
    cache.clear()
    assert len(cache) == 0


@pytest.mark.parametrize("limit", [0, -1, 1.5, "10", None])
def test_a_limit_is_a_number(limit: object) -> None:
    """A cache without room would fail at the first export, far from the mistake."""
    with pytest.raises(InvalidValue, match=r"EntryCache\.limit"):
        EntryCache(limit)  # type: ignore[arg-type]


def test_threads_share_one() -> None:
    """A web server's threads would lose or mix up entries."""
    cache, campaign, wrong = EntryCache(limit=40), stored(SAMPLE), []
    expected = {level: cold(campaign, CalendarOptions(content=level)) for level in ContentLevel}

    def export(level: ContentLevel) -> None:
        options = CalendarOptions(content=level)
        wrong.extend(level for _ in range(15) if cached(stored(campaign), cache, options) != expected[level])

    threads = [threading.Thread(target=export, args=(level,)) for level in [*ContentLevel] * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_drafts_are_a_collection() -> None:
    """`len`, `in` and a second pass would not tell of the same entries as the first."""
    entries = build_entries(SAMPLE)
    assert isinstance(entries, Drafts)
    made = list(entries)
    assert len(entries) == len(made)
    assert made[0] in entries
    assert "nobody" not in entries
    assert list(entries) == made
    assert [one.uid for one in made] == sorted(one.uid for one in made)
