"""`check_plugin`: plugins as people write them pass, and each way of being wrong is named."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve, field, frozen

from infoint import (
    Campaign,
    Contact,
    Domain,
    FollowUpKind,
    Interview,
    MeetingFormat,
    Question,
    QuestionCategory,
    QuestionSet,
    Topic,
    hookimpl,
)
from infoint.calendar import CalendarEntry, CalendarOptions, Timed, entry_about
from infoint.calendar.contract import WriterRegistrar
from infoint.errors import InfointError, PluginError, UnknownHook
from infoint.model import MET
from infoint.notes.contract import Document, Link, Paragraph, RendererRegistrar, Section
from infoint.notes.documents import Subject
from infoint.practice import Anchor, FollowUpRule, Offset, Per
from infoint.storage.contract import StorageUrl
from infoint.storage.memory import MemoryStorage
from infoint.testing import check_plugin

if TYPE_CHECKING:
    from infoint.storage.contract import StorageRegistrar

MakePlugin = Callable[..., ModuleType]


# ── plugins as people write them ─────────────────────────────────────────────────────────────────
def offers_storage(storages: StorageRegistrar) -> None:
    storages.add("dict", _unreachable)


def _unreachable(url: StorageUrl) -> MemoryStorage:
    raise AssertionError("a check must not open anything")


def offers_renderer(renderers: RendererRegistrar) -> None:
    renderers.add("org", dict)  # type: ignore[arg-type]  # the name is what matters


def route(document: Document, subject: Subject, campaign: Campaign) -> Iterable[Section]:
    if document.name == "prep-sheet" and isinstance(subject, Interview) and subject.meeting is not None:
        way = Link(subject.meeting.place, "https://maps.example/")
        yield Section(key="org:route", title="How to get there", after="meeting", blocks=(Paragraph(way),))


@frozen
class Travel:
    """An instance with a setting."""

    default: timedelta = timedelta(minutes=30)

    @hookimpl
    def infoint_calendar_entries(self, campaign: Campaign, options: CalendarOptions) -> Iterable[CalendarEntry]:
        for talk in campaign.interviews:
            if talk.meeting is not None and talk.meeting.format is MeetingFormat.IN_PERSON:
                there = entry_about(talk, "travel:there", Timed.ending(talk.meeting.start, self.default), "Way there")
                yield evolve(there, location=talk.meeting.place)

    @hookimpl
    def infoint_register_calendar_writers(self, writers: WriterRegistrar) -> None:
        writers.add("csv", dict)  # type: ignore[arg-type]  # the name is what matters


def not_yet_connected(interview: Interview, person: Contact) -> bool:
    return not person.external_ids


def connect() -> Iterable[FollowUpRule]:
    yield FollowUpRule(
        kind=FollowUpKind("linkedin:connect"),
        anchor=Anchor.END,
        offset=Offset(days=1),
        per=Per.PERSON,
        during=MET,
        summary="Connect with {contact}",
        applies=not_yet_connected,
    )


def nurses() -> list[QuestionSet]:
    shifts = Question(
        id="nursing:shifts",
        text="How are shifts shared out?",
        topic=Topic("nursing:shifts"),
        category=QuestionCategory.TIME_AT_WORK,
        domain=Domain.PERSON,
    )
    return [QuestionSet(name="nursing:first-talk", title="For nurses", questions=(shifts,))]


def test_plugins_as_people_write_them_pass(a_plugin: MakePlugin) -> None:
    """A right plugin would be refused."""
    check_plugin(a_plugin("infoint_dict", infoint_register_storages=offers_storage))
    check_plugin(a_plugin("infoint_org", infoint_register_note_renderers=offers_renderer, infoint_note_sections=route))
    check_plugin(Travel(timedelta(minutes=5)))
    check_plugin(a_plugin("infoint_linkedin", infoint_follow_up_rules=connect, infoint_question_sets=nurses))


def test_observers_are_not_told(a_plugin: MakePlugin) -> None:
    """Checking a plugin would send somebody a message."""

    def tell(after: Interview) -> None:
        raise AssertionError("told")

    check_plugin(a_plugin("acme", infoint_interview_changed=tell))


# ── what is wrong ────────────────────────────────────────────────────────────────────────────────
def refused(plugin: object) -> PluginError:
    with pytest.raises(PluginError) as caught:
        check_plugin(plugin)
    assert isinstance(caught.value, InfointError)
    return caught.value


def test_misspelt_hook(a_plugin: MakePlugin) -> None:
    """It would never be called."""
    error = refused(a_plugin("acme", infoint_note_section=route))
    assert isinstance(error, UnknownHook)
    assert "did you mean infoint_note_sections?" in str(error)


def test_hook_without_marker(a_plugin: MakePlugin) -> None:
    """It would never be called."""
    plugin = a_plugin("acme", infoint_register_note_renderers=offers_renderer)
    plugin.infoint_question_sets = lambda: ()
    assert refused(plugin).hook == "infoint_question_sets"


def test_misspelt_hook_without_marker(a_plugin: MakePlugin) -> None:
    """Two mistakes at once would hide each other."""
    plugin = a_plugin("acme", infoint_register_note_renderers=offers_renderer)
    plugin.infoint_questions_sets = lambda: ()
    error = refused(plugin)
    assert error.hook == "infoint_questions_sets"
    assert "is no hook, and not marked @hookimpl; did you mean infoint_question_sets?" in error.problem


def test_class_in_place_of_an_instance() -> None:
    """A plugin with settings would be published as its class."""
    assert "is a class" in str(refused(Travel))


def test_unknown_argument(a_plugin: MakePlugin) -> None:
    """It would fail when it is first called."""
    error = refused(a_plugin("acme", infoint_calendar_entries=lambda campaign, option: ()))
    assert "takes 'option', which is not offered; did you mean options?" in error.problem


def wrong_argument(document: Document, subject: Interview) -> Iterable[Section]: ...
def wrong_result(document: Document) -> Iterable[str]: ...
def single_result(document: Document) -> Section: ...
def no_result(document: Document) -> None: ...
def old_result(document: Document) -> dict[str, Section]: ...
def unreadable(document: Documemt) -> Iterable[Section]: ...  # type: ignore[name-defined]  # noqa: F821  # as meant


@pytest.mark.parametrize(
    ("function", "problem"),
    [
        (wrong_argument, "takes subject as Interview, needs model.interview.Interview | "),
        (wrong_result, "returns collections.abc.Iterable[str], needs collections.abc.Iterable[notes.contract.Section]"),
        (single_result, "returns Section, needs"),
        (no_result, "returns NoneType, needs"),
        (old_result, "returns dict[str, "),
        (unreadable, "has an annotation that cannot be read: name 'Documemt' is not defined"),
    ],
)
def test_wrong_annotation(a_plugin: MakePlugin, function: Callable[..., Any], problem: str) -> None:
    """pluggy compares no types: the mistake would show in a user's hands."""
    error = refused(a_plugin("acme", infoint_note_sections=function))
    assert error.hook == "infoint_note_sections"
    assert problem in error.problem


def as_iterator(document: Document) -> Iterator[Section]:
    yield from ()


def as_generator(document: Document) -> Generator[Section, None, None]:
    yield from ()


def as_tuple(document: Document) -> tuple[Section, ...]:
    return ()


def as_sequence(document: object) -> Sequence[Section]:
    return ()


def as_any(document: Any) -> Any:
    return ()


def not_at_all(document, subject: Subject):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201  # as meant
    return ()


@pytest.mark.parametrize("function", [as_iterator, as_generator, as_tuple, as_sequence, as_any, not_at_all])
def test_right_annotations_pass(a_plugin: MakePlugin, function: Callable[..., Any]) -> None:
    """Code that is right, and that a type checker accepts, would be refused."""
    check_plugin(a_plugin("acme", infoint_note_sections=function))


def test_names_without_owner(a_plugin: MakePlugin) -> None:
    """The plugin would break when infoint takes the name for itself."""
    bare = Section(key="route", title="", blocks=())
    error = refused(a_plugin("acme", infoint_note_sections=lambda: [bare]))
    assert (error.plugin, error.hook) == ("acme", "infoint_note_sections")
    assert "'route'" in error.problem
    sets = [evolve(nurses()[0], name="nursing")]
    assert "'nursing'" in refused(a_plugin("acme", infoint_question_sets=lambda: sets)).problem


def test_names_of_ours(a_plugin: MakePlugin) -> None:
    """The plugin would fail in every app."""
    error = refused(a_plugin("acme", infoint_register_note_renderers=lambda renderers: renderers.add("html", dict)))
    assert error.plugin == "acme"
    assert "'html' is offered by infoint and by acme" in str(error)
    (rule,) = connect()
    ours = evolve(rule, kind=FollowUpKind.NUDGE)
    assert "'nudge' is offered by infoint" in str(refused(a_plugin("acme", infoint_follow_up_rules=lambda: [ours])))
    check_plugin(a_plugin("acme", infoint_follow_up_rules=lambda: [evolve(ours, replaces=True)]))


def test_collector_that_raises(a_plugin: MakePlugin) -> None:
    """The cause would be lost, or a native error escape."""
    error = refused(a_plugin("acme", infoint_note_sections=lambda: 1 / 0))
    assert error.hook == "infoint_note_sections"
    assert isinstance(error.__cause__, ZeroDivisionError)


@frozen(eq=False)
class Restless:
    """Counts how often it is asked, and tells."""

    counted: Iterator[int] = field(factory=itertools.count)

    @hookimpl
    def infoint_calendar_entries(self) -> Iterable[CalendarEntry]:
        now = datetime(2026, 12, 1, tzinfo=UTC) + timedelta(seconds=next(self.counted))
        yield CalendarEntry(uid="acme", when=Timed(now), summary="", last_modified=now)


@frozen(eq=False)
class RestlessSections:
    """As above."""

    counted: Iterator[int] = field(factory=itertools.count)

    @hookimpl
    def infoint_note_sections(self) -> Iterable[Section]:
        yield Section(key="acme:now", title=str(next(self.counted)), blocks=())


@pytest.mark.parametrize("plugin", [Restless(), RestlessSections()])
def test_answers_that_change(plugin: object) -> None:
    """The same facts would give other bytes each time, and every subscriber's calendar would be rewritten."""
    assert "gave something else the second time" in refused(plugin).problem


def test_optional_hooks_of_a_newer_infoint_pass() -> None:
    """A plugin that also serves a newer infoint could not be checked with this one."""
    module = ModuleType("acme")
    module.infoint_of_tomorrow = hookimpl(optionalhook=True)(lambda: None)  # type: ignore[attr-defined]  # made on the spot
    check_plugin(module)
