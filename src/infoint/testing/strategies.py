"""Hypothesis strategies for every entity, for laws about whatever takes or keeps them. Needs the extra `infoint[testing]`.

Values are legal as values; what `interviews(legal=False)` tells need not be a story the lifecycle allows.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from attrs import evolve
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from infoint.model import events
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact, ContactRole, ContactSource, ExternalId, Seniority
from infoint.model.debrief import (
    Answer,
    Debrief,
    Insight,
    Party,
    Promise,
    Referral,
    ReferralKind,
    ReferralOutcome,
    Valence,
)
from infoint.model.events import Event, HistoryEntry, UnknownEvent
from infoint.model.exploration import Belief, Decision, Exploration, Goal, Outcome, Scope, Stance
from infoint.model.follow_up import SETTLED, FollowUp, FollowUpKind, FollowUpStatus
from infoint.model.interview import AgendaItem, Interview, Purpose
from infoint.model.interview_status import InterviewStatus
from infoint.model.meeting import Meeting, MeetingFormat
from infoint.model.obstacle import Obstacle
from infoint.model.open_name import OpenName
from infoint.model.peaks import Peaks, Strength
from infoint.model.profile import Profile
from infoint.model.question import Domain, Question, QuestionCategory, Tone, Topic
from infoint.model.touch import Direction, Touch, TouchKind
from infoint.practice.lifecycle import TABLE

ZONES: Final = (
    "America/Chicago",
    "America/St_Johns",  # clocks change one minute past midnight, in old years
    "Asia/Kathmandu",  # 5:45 ahead
    "Australia/Lord_Howe",  # half an hour of summer time
    "Europe/Dublin",  # winter is the exception
    "Europe/Madrid",
    "Pacific/Apia",  # left out a day
    "UTC",
)
_FIRST: Final = datetime(2024, 1, 1)  # noqa: DTZ001  # a clock on a wall; zones are put to it below
_LAST: Final = datetime(2027, 12, 31)  # noqa: DTZ001  # as above


# ── single values ────────────────────────────────────────────────────────────────────────────────
@cache
def ids() -> SearchStrategy[UUID]:
    """Ids of things that there are: never the nil one."""
    return st.integers(1, 2**128 - 1).map(lambda number: UUID(int=number))


@cache
def zones() -> SearchStrategy[ZoneInfo]:
    """Zones that differ in how they keep their clocks."""
    return st.sampled_from(ZONES).map(ZoneInfo)


@cache
def moments() -> SearchStrategy[datetime]:
    """Zoned times, among them skipped and repeated ones, and fixed offsets."""
    by_name = st.datetimes(_FIRST, _LAST, timezones=zones(), allow_imaginary=True)
    return st.one_of(by_name, st.builds(_second, by_name), st.datetimes(_FIRST, _LAST, timezones=st.just(UTC)))


def _second(moment: datetime) -> datetime:
    """The second of two equal clock times."""
    return moment.replace(fold=1)


@cache
def days() -> SearchStrategy[date]:
    """Days of the same few years."""
    return st.dates(_FIRST.date(), _LAST.date())


@cache
def lines(*, required: bool = False) -> SearchStrategy[str]:
    """Lines as people type and programs paste them: with control characters, halves of characters and line ends, all of which
    the model cleans away.
    """
    some = st.text(st.characters(), max_size=12)
    return some.map(lambda text: f"{text}é") if required else some


def json_mappings(keys: SearchStrategy[str]) -> SearchStrategy[dict[str, Any]]:
    """JSON objects that every storage gives back unchanged."""
    return st.dictionaries(keys, _json_values(), max_size=2)


@cache
def _json_values() -> SearchStrategy[Any]:
    text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
    numbers = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)

    def nested(inner: SearchStrategy[Any]) -> SearchStrategy[Any]:
        return st.lists(inner, max_size=2) | st.dictionaries(text, inner, max_size=2)

    return st.recursive(st.none() | st.booleans() | numbers | text, nested, max_leaves=4)


@cache
def names(kind: type[OpenName]) -> SearchStrategy[Any]:
    """Our names of this kind, somebody else's, and ones that only a newer infoint knows."""
    theirs = st.sampled_from(["acme:mentor", "my:commute"]).map(kind)
    return st.one_of(st.sampled_from(kind.known), theirs, st.just(kind.stored("of-a-newer-infoint")))


@cache
def _several(items: SearchStrategy[Any]) -> SearchStrategy[tuple[Any, ...]]:
    return st.lists(items, max_size=2).map(tuple)


@cache
def _sets(items: SearchStrategy[Any]) -> SearchStrategy[frozenset[Any]]:
    return st.frozensets(items, max_size=2)


@cache
def _maybe(value: SearchStrategy[Any]) -> SearchStrategy[Any]:
    return st.none() | value


@cache
def _peaks() -> SearchStrategy[Peaks]:
    return st.integers(0, 31).map(Peaks)


_EXTRA: Final = json_mappings(st.sampled_from(["since_1_7", "x"]))
_ENTITY: Final[dict[str, SearchStrategy[Any]]] = {
    "extra": _EXTRA,
    "id": ids(),
    "custom": json_mappings(st.sampled_from(["acme:mentor", "travel:minutes"])),
    "edited_at": _maybe(moments()),
}


# ── entities ─────────────────────────────────────────────────────────────────────────────────────
@cache
def contacts() -> SearchStrategy[Contact]:
    """Professionals with an id and any of the fields that may be missing."""
    return st.builds(
        Contact,
        **_ENTITY,
        name=lines(required=True),
        organization=lines(),
        title=lines(),
        emails=_several(st.sampled_from(["ana@oak.example", "Zoë@ELM.example"])),
        phones=_several(lines(required=True)),
        addresses=_several(lines(required=True)),
        location=lines(),
        links=_several(st.sampled_from(["https://oak.example/ana", "HTTP://elm.example"])),
        zone=_maybe(zones()),
        role=_maybe(names(ContactRole)),
        seniority=_maybe(st.sampled_from(Seniority)),
        source=_maybe(names(ContactSource)),
        referred_by=_maybe(ids()),
        interests=_several(lines(required=True)),
        rapport=_maybe(st.integers(-2, 2)),
        do_not_contact=st.booleans(),
        tags=_sets(lines(required=True)),
        external_ids=_several(st.builds(ExternalId, st.sampled_from(["linkedin", "crm"]), lines(required=True), extra=_EXTRA)),
        notes=lines(),
    )


@cache
def profiles() -> SearchStrategy[Profile]:
    """Explorers."""
    return st.builds(
        Profile,
        **_ENTITY,
        name=lines(),
        email=st.sampled_from(["", "kim@example.org"]),
        zone=zones(),
        language=st.sampled_from(["en", "de-AT"]),
        work_from=st.times(time(0), time(11)),
        work_until=st.times(time(12)),
        introduction=lines(),
        strengths=_several(st.builds(Strength, lines(required=True), _peaks(), extra=_EXTRA)),
    )


@cache
def touches() -> SearchStrategy[Touch]:
    """Contacts either way."""
    return st.builds(
        Touch,
        **_ENTITY,
        contact_id=ids(),
        at=moments(),
        kind=names(TouchKind),
        direction=st.sampled_from(Direction),
        note=lines(),
    )


@cache
def questions() -> SearchStrategy[Question]:
    """Questions, ours and others'."""
    return st.builds(
        Question,
        extra=_EXTRA,
        id=st.sampled_from(["typical-day.last-tuesday", "acme:salary.range"]),
        text=lines(required=True),
        category=names(QuestionCategory),
        topic=names(Topic),
        domain=st.sampled_from(Domain),
        tone=st.sampled_from(Tone),
        minutes=st.integers(1, 60),
        probes=_several(lines(required=True)),
        roles=_sets(names(ContactRole)),
        seniorities=_sets(st.sampled_from(Seniority)),
        peaks=_peaks(),
        obstacle=_maybe(names(Obstacle)),
        open_ended=st.booleans(),
        language=st.sampled_from(["en", "es"]),
    )


@cache
def explorations() -> SearchStrategy[Exploration]:
    """Questions under study, with beliefs, stances and perhaps a decision."""
    decisions = st.builds(
        Decision,
        extra=_EXTRA,
        outcome=st.sampled_from(Outcome),
        at=moments(),
        evidence=st.lists(ids(), min_size=1, max_size=2, unique=True).map(tuple),
        because=lines(),
    )
    return st.builds(
        Exploration,
        **_ENTITY,
        subject=lines(required=True),
        scope=st.sampled_from(Scope),
        goal=_maybe(names(Goal)),
        obstacles=_sets(names(Obstacle)),
        beliefs=_several(st.builds(Belief, lines(required=True), lines(), extra=_EXTRA)),
        target_talks=st.integers(3, 9),
        stances=_several(st.builds(Stance, moments(), st.integers(-2, 2), lines(), extra=_EXTRA)),
        decision=_maybe(decisions),
    )


@st.composite
def follow_ups(draw: DrawFn) -> FollowUp:
    """Things due, of every status, planned and made by hand."""
    status = draw(st.sampled_from(FollowUpStatus))
    settled = status in SETTLED
    return FollowUp(
        **{name: draw(values) for name, values in _ENTITY.items()},
        kind=draw(names(FollowUpKind)),
        due=draw(days()),
        due_at=draw(_maybe(moments())),
        postponed_until=draw(_maybe(days())),
        contact_id=draw(_maybe(ids())),
        interview_id=draw(_maybe(ids())),
        anchor=draw(lines()),
        occurrence=draw(st.integers(0, 9)),
        summary=draw(lines()),
        status=status,
        settled_at=draw(moments()) if settled else None,
        reason=draw(lines(required=settled)),
        obligatory=draw(st.booleans()),
        draft=draw(lines()),
        revision=draw(st.integers(0, 9)),
        revised_at=draw(_maybe(moments())),
    )


@cache
def meetings() -> SearchStrategy[Meeting]:
    """Agreed times and places."""
    return st.builds(
        Meeting,
        extra=_EXTRA,
        start=moments(),
        duration=st.integers(1, 24 * 60).map(lambda minutes: timedelta(minutes=minutes)),
        format=st.sampled_from(MeetingFormat),
        place=lines(),
    )


@cache
def debriefs() -> SearchStrategy[Debrief]:
    """Records of what talks brought."""
    insights = st.builds(
        Insight,
        lines(required=True),
        names(Topic),
        st.sampled_from(Valence),
        _peaks(),
        lines(),
        lines(),
        _maybe(ids()),
        extra=_EXTRA,
    )
    referrals = st.builds(
        Referral,
        lines(required=True),
        st.sampled_from(ReferralKind),
        _maybe(ids()),
        _maybe(ids()),
        lines(),
        st.sampled_from(ReferralOutcome),
        extra=_EXTRA,
    )
    return st.builds(
        Debrief,
        extra=_EXTRA,
        answers=_several(st.builds(Answer, lines(required=True), lines(required=True), _maybe(ids()), extra=_EXTRA)),
        insights=_several(insights),
        referrals=_several(referrals),
        promises=_several(st.builds(Promise, lines(required=True), st.sampled_from(Party), _maybe(days()), extra=_EXTRA)),
        my_talk_share=_maybe(st.integers(0, 100)),
        my_introduction=_maybe(st.integers(1, 5)),
        surprises=lines(),
    )


@cache
def told_events(kinds: tuple[type[Event], ...] = tuple(events.EVENTS.values())) -> SearchStrategy[Event]:
    """Events of these kinds."""
    facts: dict[type, dict[str, SearchStrategy[Any]]] = {
        events.Declined: {"reason": lines()},
        events.Scheduled: {"meeting": meetings()},
        events.Rescheduled: {"meeting": meetings(), "by": _maybe(st.sampled_from(Party))},
        events.Cancelled: {"by": st.sampled_from(Party), "reason": lines()},
        events.NoShow: {"by": st.sampled_from(Party)},
        events.Held: {"met": st.lists(ids(), max_size=2, unique=True).map(tuple)},
        events.Debriefed: {"debrief": debriefs()},
        events.Dropped: {"reason": lines()},
        events.Corrected: {"voids": st.integers(0, 8), "reason": lines()},
    }
    return st.sampled_from(list(kinds)).flatmap(lambda kind: st.builds(kind, extra=_EXTRA, **facts.get(kind, {})))


@cache
def unknown_events() -> SearchStrategy[UnknownEvent]:
    """Events that only a newer infoint knows."""
    data = json_mappings(st.sampled_from(["minutes", "with"]))
    return data.map(lambda facts: UnknownEvent("meditate", {"event": "meditate", **facts}))


def histories(*, legal: bool = True) -> SearchStrategy[tuple[HistoryEntry, ...]]:
    """What was told of a talk. `legal`: a path through the lifecycle, each told as it happened. Otherwise anything in any order:
    late entries, corrections, corrections of corrections, events unknown here.
    """
    return _legal_histories() if legal else _any_histories()


@st.composite
def _legal_histories(draw: DrawFn) -> tuple[HistoryEntry, ...]:
    status, at = InterviewStatus.IDENTIFIED, draw(moments())
    entries: list[HistoryEntry] = []
    for _ in range(draw(st.integers(0, 6))):
        if not TABLE[status]:
            break
        event = draw(told_events(TABLE[status]))
        entries.append(HistoryEntry(at, event, extra=draw(_EXTRA)))
        status = event.leads_to if not isinstance(event, events.Corrected) else status
        at = at.astimezone(UTC) + timedelta(hours=draw(st.integers(1, 200)))
    return tuple(entries)


@cache
def _any_histories() -> SearchStrategy[tuple[HistoryEntry, ...]]:
    entries = st.builds(
        HistoryEntry, moments(), st.one_of(told_events(), told_events(), unknown_events()), _maybe(moments()), extra=_EXTRA
    )
    return st.lists(entries, max_size=7).map(tuple)


@cache
def interviews(*, legal: bool = True) -> SearchStrategy[Interview]:
    """Talks with their history; for `legal` see `histories`."""
    return st.builds(
        Interview,
        **_ENTITY,
        contact_ids=st.lists(ids(), min_size=1, max_size=2, unique=True).map(tuple),
        exploration_id=_maybe(ids()),
        purpose=st.sampled_from(Purpose),
        formats_offered=_sets(st.sampled_from(MeetingFormat)),
        duration=st.integers(1, 24 * 60).map(lambda minutes: timedelta(minutes=minutes)),
        agenda=_several(st.builds(AgendaItem, questions(), lines(), extra=_EXTRA)),
        notes=lines(),
        history=histories(legal=legal),
    )


@st.composite
def campaigns(draw: DrawFn, *, legal: bool = True) -> Campaign:
    """One explorer's facts, of which every id that is named is there."""
    people = draw(st.lists(contacts(), min_size=1, max_size=3, unique_by=lambda contact: contact.id))
    known = st.sampled_from([person.id for person in people])
    people = [evolve(person, referred_by=None) for person in people]
    studies = draw(st.lists(explorations(), max_size=2, unique_by=lambda exploration: exploration.id))
    studied = _maybe(st.sampled_from([study.id for study in studies])) if studies else st.none()
    talks = [
        evolve(
            talk,
            contact_ids=tuple(draw(st.lists(known, min_size=1, max_size=2, unique=True))),
            exploration_id=draw(studied),
            history=tuple(_met_by(entry, draw(known)) for entry in talk.history),
        )
        for talk in draw(st.lists(interviews(legal=legal), max_size=3, unique_by=lambda talk: talk.id))
    ]
    talked = _maybe(st.sampled_from([talk.id for talk in talks])) if talks else st.none()
    return Campaign(
        profile=draw(profiles()),
        contacts=tuple(people),
        explorations=tuple(evolve(study, decision=None) for study in studies),
        interviews=tuple(talks),
        follow_ups=tuple(
            evolve(one, contact_id=draw(_maybe(known)), interview_id=draw(talked))
            for one in draw(st.lists(follow_ups(), max_size=2, unique_by=lambda one: one.id))
        ),
        touches=tuple(
            evolve(touch, contact_id=draw(known))
            for touch in draw(st.lists(touches(), max_size=2, unique_by=lambda touch: touch.id))
        ),
    )


def _met_by(entry: HistoryEntry, person: UUID) -> HistoryEntry:
    if not isinstance(entry.event, events.Held):
        return entry
    return evolve(entry, event=evolve(entry.event, met=(person,) if entry.event.met else ()))
