"""One explorer's workspace. It answers; its collections change things."""

import time
from collections.abc import Callable, Iterable, Iterator, Set as AbstractSet
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime, timedelta
from inspect import isasyncgen, isawaitable, iscoroutine, isgenerator
from typing import TYPE_CHECKING, Final, TypeVar, overload
from uuid import UUID

from attrs import evolve

from infoint.errors import InvalidValue
from infoint.model.campaign import Campaign, Fact
from infoint.model.contact import Contact
from infoint.model.exploration import Exploration
from infoint.model.follow_up import FollowUp
from infoint.model.identity import identified
from infoint.model.interview import Interview
from infoint.model.profile import Profile
from infoint.model.touch import Touch
from infoint.practice.anchors import exploration_in
from infoint.practice.conclusion import Conclusion, conclusion
from infoint.practice.due import DueItem, due
from infoint.practice.evidence import Comparison, compare
from infoint.practice.next_steps import NextStep, next_steps
from infoint.practice.referral_tree import ReferralTree, referral_tree
from infoint.practice.review import Finding, review
from infoint.storage.contract import Page
from infoint.workspace.asked_for import asks_for, demand_made, demand_subject
from infoint.workspace.contacts import Contacts
from infoint.workspace.explorations import Explorations
from infoint.workspace.follow_ups import FollowUps
from infoint.workspace.interviews import Interviews
from infoint.workspace.repeating import Patience
from infoint.workspace.sessions import Sessions
from infoint.workspace.unit_of_work import PROFILE_ID

if TYPE_CHECKING:
    from infoint.calendar.contract import CalendarHead, CalendarWriter
    from infoint.calendar.feed import Feed, FeedOptions
    from infoint.calendar.invitations import ItipMessage
    from infoint.calendar.options import CalendarOptions
    from infoint.calendar.suggestions import Replies
    from infoint.notes.contract import Document, NoteRenderer, Rendered
    from infoint.notes.documents import Subject
    from infoint.notes.figures.picture import Picture
    from infoint.practice.slot_rules import SlotRules
    from infoint.workspace.calendar_changes import CalendarChanges
    from infoint.workspace.calendar_export import CalendarExport
    from infoint.workspace.time_proposal import CalendarSource, TimeProposal

S = TypeVar("S", bound="Subject")
D = TypeVar("D", bound="Exploration | Contact")
T = TypeVar("T")
F = TypeVar("F", bound=Fact)

FACTS: Final = (Contact, Exploration, Interview, FollowUp, Touch)
"""All that has words to be found by."""


class Workspace:
    """Cheap: make one per request or thread. Nothing is cached between calls."""

    def __init__(self, sessions: Sessions) -> None:
        """Made by `Engine.workspace`."""
        self._sessions = sessions
        self.contacts = Contacts(sessions)
        self.explorations = Explorations(sessions)
        self.interviews = Interviews(sessions)
        self.follow_ups = FollowUps(sessions)

    @property
    def key(self) -> str:
        """What the engine knows it by."""
        return self._sessions.key

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.key!r}>"

    # ── the explorer ─────────────────────────────────────────────────────────────────────────────
    def profile(self) -> Profile:
        """Raises NotFound("profile") where there is none yet."""
        with self._sessions.reading() as unit:
            return unit.profile()

    def set_profile(self, profile: Profile) -> Profile:
        """The profile as stored; unchanged content is not saved again. A workspace has one: its id and version are kept."""
        if not isinstance(profile, Profile):
            raise InvalidValue("Workspace", "profile", f"needs a Profile, got {type(profile).__name__}", value=profile)
        with self._sessions.writing() as unit:
            stored = unit.find_one(Profile, PROFILE_ID)
            if stored is None:
                return unit.save(unit.revive(evolve(profile, id=PROFILE_ID, version=0)))[0]
            wanted = evolve(profile, id=PROFILE_ID, version=stored.version)
            if wanted == stored:
                return stored
            saved = unit.save(evolve(wanted, edited_at=unit.now()))[0]
            unit.plan_follow_ups()  # dates depend on the zone
            return saved

    def now(self) -> datetime:
        """The engine's clock in the explorer's zone."""
        return self._sessions.now().astimezone(self.profile().zone)

    def transaction(self) -> AbstractContextManager["Workspace"]:
        """`with ws.transaction() as tx:` everything done through tx commits together or not at all; observers hear of it after."""
        return self._transaction()

    @contextmanager
    def _transaction(self) -> Iterator["Workspace"]:
        with self._sessions.transaction() as sessions:
            yield Workspace(sessions)

    def run(self, work: "Callable[[Workspace], T]", *, attempts: int = 10, sleep: Callable[[float], object] = time.sleep) -> T:
        """What `work(tx)` gives, done in one transaction, and done again from the beginning where that lost a race (Retryable, Conflict): up
        to so many `attempts`, with longer and longer pauses (seconds, by `sleep`). So load within `work` what it changes, and let it do
        nothing that must not be done twice. Observers are told once, after the commit. A commit whose end nobody heard of is looked up
        and not made again.

        Within a transaction it is a part of that, which is all repeated by whoever began it; where it fails halfway, nothing of that is kept,
        also when the failure is passed over (StorageError). Raises what `work` raises, InvalidValue for a coroutine or generator, at the end
        Retryable or Conflict with a note of how often it was tried, and CommitUnknown where it cannot be found out.
        """
        if self._sessions.shared is not None:
            with self.transaction() as tx:  # where it fails and is passed over, half of it must not be kept
                return _done(work, tx)
        patience = Patience(attempts, sleep)
        patient = Workspace(evolve(self._sessions, patience=patience))

        def once() -> T:
            with patient.transaction() as tx:
                return _done(work, tx)

        return patience.repeated(once)

    # ── answers ──────────────────────────────────────────────────────────────────────────────────
    def campaign(self, *, exploration: Exploration | None = None) -> Campaign:
        """Everything (or one exploration's part) as plain values, from one snapshot."""
        with self._sessions.reading() as unit:
            campaign = unit.campaign()
        return campaign if exploration is None else _part(campaign, exploration)

    @overload
    def search(self, text: str, *, limit: int = 50, cursor: str = "") -> Page[Fact]: ...
    @overload
    def search(self, text: str, *kinds: type[F], limit: int = 50, cursor: str = "") -> Page[F]: ...
    def search(self, text: str, *kinds: type[F], limit: int = 50, cursor: str = "") -> Page[F]:
        """Contacts, explorations, talks, follow-ups and touches, or only those of these kinds, in whose texts each word begins one, without case
        and accents: `ws.search("prototyping", Interview)`. What was saved last comes first. Raises InvalidCursor, InvalidValue.
        """
        for kind in kinds:
            if kind not in FACTS:
                raise InvalidValue("Workspace", "kinds", f"needs Contact, Interview …, got {getattr(kind, '__name__', kind)}")
        with self._sessions.reading() as unit:
            return unit.search(text, kinds or FACTS, limit=limit, cursor=cursor)  # type: ignore[return-value]  # of these kinds only

    def check(self) -> tuple[str, ...]:
        """What is wrong with its records, in words, with what to do about it: those that cannot be read, and those that name another which
        is not here, as after a file was deleted by hand. In calendars and documents "[missing]" stands in its place. Every record
        is looked at; the place itself is the storage's to check (`Engine.check`).
        """
        from infoint.workspace.checking import problems

        with self._sessions.reading() as unit:
            return tuple(problems(unit))

    def review(self, interview: Interview) -> tuple[Finding, ...]:
        """What a careful adviser would remark on now (practice §5)."""
        return review(interview, self.campaign(), at=self._sessions.now(), policy=self._sessions.policy())

    def due(self, *, on: date | None = None, within: timedelta = timedelta(0)) -> tuple[DueItem, ...]:
        """Open follow-ups due by `on + within` (default today, in the explorer's zone), the most overdue first."""
        return due(self.campaign(), on=self.now().date() if on is None else on, within=within)

    def compare(self, exploration: Exploration) -> Comparison:
        """What its talks say together (practice §8)."""
        campaign = self.campaign()
        return compare(exploration, campaign, policy=self._sessions.policy_in(campaign.profile.language))

    def next_steps(self, exploration: Exploration) -> tuple[NextStep, ...]:
        """What to ask next, and whom: what nobody has spoken of, what one source has, what people disagree about (practice §8)."""
        campaign = self.campaign()
        return next_steps(exploration, campaign, policy=self._sessions.policy_in(campaign.profile.language))

    def referral_tree(self) -> ReferralTree:
        """Who introduced whom, and what came of it; `dangling()` are those nothing was done about (practice §8)."""
        return referral_tree(self.campaign())

    def conclusion(self, exploration: Exploration) -> Conclusion | None:
        """The decision with its evidence looked up; None before there is one (practice §8)."""
        return conclusion(exploration, self.campaign())

    def calendar(self, options: "CalendarOptions | None" = None) -> "CalendarExport":
        """Meetings, follow-ups and what plugins add, from one snapshot. Raises PluginErrors."""
        from infoint.workspace.calendar_export import export_of

        plugins = self._sessions.plugins
        return export_of(plugins.calendar_entries(self.campaign(), options), plugins, options)

    def calendar_changes(self, since: str = "", options: "CalendarOptions | None" = None) -> "CalendarChanges":
        """Entries that are new or changed since a cursor, and uids of those that are gone: applied to what was there, they give what
        `ws.calendar(options)` would give now, to the byte. Where little has changed, little is read and made.

        All entries are told (`whole`) the first time, with other options, after the profile or the software has changed, and wherever it
        cannot be told from the records: with plugins that give entries, with storages that are edited by hand, and where the cursor is of a
        past that is no longer this workspace's (it was dropped, or an older state restored) or too long ago to know. Raises InvalidCursor for
        what is no cursor, PluginErrors, NotFound("profile").
        """
        from infoint.workspace.calendar_changes import calendar_changes

        return calendar_changes(self._sessions, since, options)

    def propose_times(
        self,
        interview: Interview,
        calendars: "Iterable[CalendarSource]" = (),
        *,
        until: date | None = None,
        rules: "SlotRules | None" = None,
    ) -> "TimeProposal":
        """Times to offer for the talk, the best first, with reasons; as a letter and as tentative entries. `calendars`: the explorer's
        own `.ics` files (contents, paths, streams), which say when there is no time. Looks from now until the end of the day `until`,
        three weeks if nobody says.

        Raises NotFound for a path where nothing is, ImportRejected for what is no calendar, and what `practice.propose_times` raises.
        """
        from infoint.workspace.time_proposal import propose

        campaign = self.campaign()
        return propose(
            interview,
            campaign,
            calendars,
            at=self._sessions.now(),
            until=until,
            rules=rules,
            policy=self._sessions.policy_in(campaign.profile.language),
            plugins=self._sessions.plugins,
        )

    def invitation(self, interview: Interview, *, send_questions: bool = False) -> "ItipMessage":
        """What invites to the meeting that was agreed, and again where it has moved. Nothing is sent: `infoint.notes.EmlRenderer` makes
        an e-mail draft of it. Raises as `infoint.calendar.invitation` does.
        """
        from infoint.calendar.invitations import invitation

        return invitation(interview, self.campaign(), at=self._sessions.now(), send_questions=send_questions)

    def cancellation(self, interview: Interview) -> "ItipMessage":
        """What tells those invited that the meeting is off. Raises as `infoint.calendar.cancellation` does."""
        from infoint.calendar.invitations import cancellation

        return cancellation(interview, self.campaign(), at=self._sessions.now())

    def replies(self, content: bytes) -> "Replies":
        """What a calendar file says about talks: suggestions, none of them recorded. Raises as `infoint.calendar.read_replies` does."""
        from infoint.calendar.replies import read_replies

        return read_replies(content, self.campaign())

    def feed(
        self,
        options: "FeedOptions | None" = None,
        format: "str | CalendarWriter" = "ics",
        *,
        head: "CalendarHead | None" = None,
    ) -> "Feed":
        """The calendar behind a URL: `ws.feed().respond(if_none_match=…)`. Unless `options` ask for more it tells when time is taken, and
        nothing else. Its etag is known without making an entry, as long as plugins name their revision (`PluginHost.export_revision`).
        Raises NotFound("profile"), NoProvider, and, where the etag has to be that of the bytes, PluginErrors.
        """
        from infoint.workspace.feeds import feed_of

        return feed_of(self._sessions, options, format, head)

    def document(self, builder: "Callable[[S, Campaign], Document]", subject: S) -> "Document":
        """`ws.document(prep_sheet, talk)`: any builder of `infoint.notes`, or one of your own; with plugins' sections.

        What a builder takes by keyword, with None as its default, it is given as this workspace has it: `policy`, whose questions are
        in the explorer's language; `wordings`, those of the language in the engine's style, as plugins have them; `on`, today. Raises InvalidValue for a
        subject of another kind than the builder says it takes, and for what makes no document.
        """
        from infoint.notes.contract import Document

        demand_subject(builder, subject)
        campaign = self.campaign()
        build: Callable[..., object] = builder
        document = demand_made(build(subject, campaign, **self._asked_for(builder, campaign.profile)), Document, builder)
        return self._sessions.plugins.extend(document, subject, campaign)

    def draw(self, drawing: "Callable[[D, Campaign], Picture]", subject: D | None = None) -> "Picture":
        """`ws.draw(draw_coverage, exploration)`: any drawing of `infoint.notes`, or one of your own; without a subject of the whole
        campaign, where there is such a picture. It is given `policy`, `wordings` and `on` as `document` gives them. Raises as it does.
        """
        from infoint.notes.figures.picture import Picture

        demand_subject(drawing, subject)
        campaign = self.campaign()
        draw: Callable[..., object] = drawing
        return demand_made(draw(subject, campaign, **self._asked_for(drawing, campaign.profile)), Picture, drawing)

    def _asked_for(self, made_by: Callable[..., object], profile: Profile) -> dict[str, object]:
        """What it takes and has not yet, by keyword."""
        ours: dict[str, Callable[[], object]] = {
            "policy": lambda: self._sessions.policy_in(profile.language),
            "wordings": lambda: self._sessions.plugins.wordings_in(profile.language),
            "on": lambda: self._sessions.now().astimezone(profile.zone).date(),
        }
        return {name: give() for name, give in ours.items() if asks_for(made_by, name)}

    def render(
        self, builder: "Callable[[S, Campaign], Document]", subject: S, *, format: "str | NoteRenderer" = "markdown"
    ) -> "Rendered":
        """A document in a format, by name or by a renderer of your own. Raises NoProvider, PluginErrors."""
        return self._sessions.plugins.render(self.document(builder, subject), format)


def _done(work: Callable[[Workspace], T], tx: Workspace) -> T:
    made = work(tx)
    if isawaitable(made):  # it would run after the commit, in a transaction that is over
        if iscoroutine(made):
            made.close()
        problem = "needs a function that is done when it returns; from asyncio: await asyncio.to_thread(engine.run, key, work)"
        raise InvalidValue("Workspace", "work", problem)
    if isgenerator(made) or isasyncgen(made):  # nothing of it has happened yet
        problem = (
            "needs a function that is done when it returns, not a generator; where that is its answer, return a list of it"
        )
        raise InvalidValue("Workspace", "work", problem)
    return made


def _part(campaign: Campaign, exploration: Exploration) -> Campaign:
    talks = campaign.interviews_in(identified(exploration))
    ids = {talk.id for talk in talks}
    people = {id for talk in talks for id in (*talk.contact_ids, *talk.met, *talk.named)}
    # Whoever stands in a chain of introductions belongs to it: referral roots are found through them.
    while more := {one.referred_by for one in campaign.contacts if one.id in people and one.referred_by} - people:
        people |= more
    return evolve(
        campaign,
        contacts=tuple(one for one in campaign.contacts if one.id in people),
        explorations=tuple(one for one in campaign.explorations if one.id == exploration.id),
        interviews=talks,
        follow_ups=tuple(one for one in campaign.follow_ups if _is_about(one, ids, people, exploration.id)),
        touches=tuple(one for one in campaign.touches if one.contact_id in people),
    )


def _is_about(follow_up: FollowUp, talks: AbstractSet[UUID], people: AbstractSet[UUID], exploration_id: UUID) -> bool:
    if follow_up.interview_id is not None:
        return follow_up.interview_id in talks
    # What hangs on no talk is this exploration's, or a person's alone: whom one keeps in touch with, as the touches are.
    return follow_up.contact_id in people and exploration_in(follow_up.anchor) in {None, exploration_id}
