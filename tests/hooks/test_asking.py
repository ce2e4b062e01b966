"""Asking all plugins: each alone, in the order of their names, so that none sinks, blinds or outshouts the rest."""

import gc
import logging
import pickle
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from attrs import evolve

from infoint import (
    Campaign,
    Domain,
    FollowUpKind,
    Interview,
    InterviewStatus,
    PluginHost,
    Question,
    QuestionCategory,
    QuestionSet,
    Topic,
    events,
)
from infoint.calendar import (
    Alarm,
    CalendarEntry,
    CalendarOptions,
    ContentLevel,
    FollowUpsAs,
    Timed,
    build_entries,
    entry_about,
)
from infoint.errors import InfointError, InvalidValue, NameClash, NoProvider, PluginError, PluginErrors
from infoint.hooks.host import KEPT_FAILURES
from infoint.notes import Document, Paragraph, Section, prep_sheet
from infoint.practice import Anchor, FollowUpRule, Offset, default_policy

MakePlugin = Callable[..., ModuleType]
CANARY = "CANARY she told me in confidence"


def section(key: str, after: str = "", **more: Any) -> Section:
    return Section(key=key, title=key, blocks=(Paragraph(key),), after=after, **more)


def entry(uid: str, **more: Any) -> CalendarEntry:
    start = datetime(2026, 12, 1, 10, tzinfo=UTC)
    told = {"when": Timed(start, start + timedelta(hours=1)), "summary": "Way there", "last_modified": start} | more
    return CalendarEntry(uid=uid, **told)


def question(id: str, text: str = "What do nights ask of you?") -> Question:
    return Question(
        id=id, text=text, category=QuestionCategory.TIME_AT_WORK, topic=Topic("nursing:shifts"), domain=Domain.PERSON
    )


def question_set(name: str, *questions: Question) -> QuestionSet:
    return QuestionSet(name=name, title="For nurses", questions=questions or (question(f"{name}.nights"),))


def rule(kind: str, **more: Any) -> FollowUpRule:
    given = {
        "anchor": Anchor.END,
        "offset": Offset(days=1),
        "during": frozenset({InterviewStatus.HELD}),
        "summary": "Call",
    } | more
    return FollowUpRule(kind=FollowUpKind(kind), **given)


def sheet() -> Document:
    return Document(name="prep-sheet", title="Talk", sections=(section("meeting"), section("agenda")))


# ── one that fails ───────────────────────────────────────────────────────────────────────────────
def raising(document: object) -> list[Section]:
    raise KeyError(CANARY)


def raising_midway(document: object) -> Iterator[Section]:
    yield section("bad:first")
    raise KeyError(CANARY)


def refusing(document: object) -> list[Section]:
    raise InvalidValue("Section", "key", "needs a slug", value=CANARY)


@pytest.mark.parametrize(
    ("function", "problem"),
    [
        (raising, "raised KeyError"),
        (raising_midway, "raised KeyError"),
        (refusing, "Section.key: needs a slug"),
        (lambda: 42, "gave int, needs an iterable of Section"),
        (lambda: section("bad:one"), "gave Section, needs an iterable of Section"),
        (lambda: "text", "gave str, needs Section"),
        (lambda: [section("bad:one"), None], "gave NoneType, needs Section"),
        (lambda: {section("bad:one"): 1, "more": 2}, "gave str, needs Section"),
        (
            lambda: [section("parking")],
            "gave the name 'parking', which is none of ours and carries no owner, as in 'acme:parking'",
        ),
        (lambda: [Section(key="bad:one", title="", blocks=(section("inner"),))], "gave the name 'inner'"),
    ],
)
def test_one_that_fails_does_not_sink_the_rest(
    a_plugin: MakePlugin, talk: Interview, campaign: Campaign, function: Callable[..., Any], problem: str
) -> None:
    """One broken plugin would take every document down, hide what the others gave, or not be named."""
    others = [a_plugin(name, infoint_note_sections=lambda name=name: [section(f"{name}:x")]) for name in ("alpha", "zeta")]
    host = PluginHost([*others, a_plugin("bad", infoint_note_sections=function)])
    with pytest.raises(PluginErrors) as caught:
        host.extend(sheet(), talk, campaign)
    assert caught.value.plugins == ("bad",)
    (error,) = caught.value.exceptions
    assert isinstance(error, PluginError)
    assert (error.plugin, error.hook) == ("bad", "infoint_note_sections")
    assert error.problem.startswith(problem)
    assert error.__cause__ is not None
    assert CANARY not in str(caught.value) + str(error) + str(error.facts)
    assert host.failures == ()

    extended = host.extend(sheet(), talk, campaign, on_plugin_error="skip")
    assert [one.key for one in extended.sections] == ["meeting", "agenda", "alpha:x", "zeta:x"]
    (failure,) = host.failures
    assert (failure.name, failure.source) == ("bad", "given")
    assert str(failure.error) == str(error)


def test_errors_are_a_group_and_one_of_ours(a_plugin: MakePlugin, talk: Interview, campaign: Campaign) -> None:
    """`except InfointError` or `except*` would miss it, or its parts would lose what they are."""
    host = PluginHost([a_plugin(name, infoint_note_sections=lambda: 1 / 0) for name in ("b", "a")])
    with pytest.raises(InfointError) as caught:
        host.extend(sheet(), talk, campaign)
    errors = caught.value
    assert isinstance(errors, PluginErrors)
    assert isinstance(errors, ExceptionGroup)
    assert errors.plugins == ("a", "b")
    assert dict(errors.facts) == {"plugins": "a, b"}
    assert [type(error.__cause__) for error in errors.exceptions] == [ZeroDivisionError] * 2
    matched, rest = errors.split(lambda error: isinstance(error, PluginError) and error.plugin == "a")
    assert isinstance(matched, PluginErrors)
    assert isinstance(rest, PluginErrors)
    assert pickle.loads(pickle.dumps(errors)).plugins == ("a", "b")  # our own bytes


def test_what_is_no_error_is_not_caught(a_plugin: MakePlugin, talk: Interview, campaign: Campaign) -> None:
    """Ctrl-C while a plugin runs would be taken for the plugin's failure."""

    def interrupted() -> list[Section]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        PluginHost([a_plugin("acme", infoint_note_sections=interrupted)]).extend(
            sheet(), talk, campaign, on_plugin_error="skip"
        )


@pytest.mark.parametrize("answer", [None, (), [], {}, iter(())])
def test_nothing_is_an_answer(a_plugin: MakePlugin, talk: Interview, campaign: Campaign, answer: object) -> None:
    """A hook that has nothing to say would have to say it in one certain way."""
    assert PluginHost([a_plugin("acme", infoint_note_sections=lambda: answer)]).extend(sheet(), talk, campaign) == sheet()


# ── what is kept of failures ─────────────────────────────────────────────────────────────────────
def test_failures_of_observers_are_reported_without_private_words(
    a_plugin: MakePlugin, talk: Interview, caplog: pytest.LogCaptureFixture
) -> None:
    """A save would seem to have failed, the others would not hear of it, or a log would tell what was said in confidence."""
    heard: list[tuple[str, str]] = []

    def fails(after: Interview) -> None:
        raise ValueError(f"{CANARY} {after}")

    def hears(workspace: str, event: object) -> None:
        heard.append((workspace, type(event).__name__))

    host = PluginHost([a_plugin("alpha", infoint_interview_changed=fails), a_plugin("zeta", infoint_interview_changed=hears)])
    with caplog.at_level(logging.DEBUG):
        host.interview_changed("ana", None, talk, events.Requested())
    assert heard == [("ana", "Requested")]
    (record,) = caplog.records
    assert (record.name, record.levelname) == ("infoint.plugins", "ERROR")
    assert record.getMessage() == "plugin alpha, infoint_interview_changed: raised ValueError"
    assert record.exc_info is None
    (failure,) = host.failures
    assert isinstance(failure.error, PluginError)
    assert failure.error.problem == "raised ValueError"
    (note,) = failure.error.__notes__
    assert "in fails" in note
    assert CANARY not in caplog.text + note + repr(failure) + str(failure.error)


def test_kept_failures_hold_on_to_nothing(a_plugin: MakePlugin) -> None:
    """A server with one broken plugin would keep a hundred people's talks in memory."""

    class Told:
        """Stands in for a talk; it can be asked whether it is still there."""

    def fails(after: object) -> None:
        raise ValueError(after)

    host = PluginHost([a_plugin("acme", infoint_interview_changed=fails)])
    told = Told()
    gone = weakref.ref(told)
    host.interview_changed("ana", None, told, None)  # type: ignore[arg-type]  # a talk has no weak references
    del told
    gc.collect()
    assert len(host.failures) == 1
    assert gone() is None


def test_kept_failures_are_bounded(a_plugin: MakePlugin, talk: Interview) -> None:
    """A plugin that always fails would fill the memory of a server."""
    host = PluginHost([a_plugin("acme", infoint_interview_changed=lambda after: 1 / 0)])
    for _ in range(KEPT_FAILURES + 20):
        host.interview_changed("ana", None, talk, None)
    assert len(host.failures) == KEPT_FAILURES


def test_failures_can_be_read_while_others_fail(a_plugin: MakePlugin, talk: Interview) -> None:
    """An engine shared by threads would stumble over a list that grows."""
    host = PluginHost([a_plugin("acme", infoint_interview_changed=lambda after: 1 / 0)])

    def use(number: int) -> int:
        if number % 2:
            host.interview_changed("ana", None, talk, None)
        return len(host.failures)

    with ThreadPoolExecutor(4) as pool:
        assert max(pool.map(use, range(200))) == KEPT_FAILURES


# ── questions and rules ──────────────────────────────────────────────────────────────────────────
def test_policy_without_plugins_is_the_shipped_one() -> None:
    """Whoever takes an engine would be asked other questions than whoever calls the functions."""
    assert PluginHost().policy() == default_policy()


def test_policy_has_everybodys_questions_and_rules(a_plugin: MakePlugin) -> None:
    """What a plugin adds would not be asked, or ours would be lost."""
    given = [
        a_plugin(name, infoint_question_sets=lambda name=name: [question_set(f"{name}:talk")]) for name in ("zeta", "alpha")
    ]
    connect = a_plugin("mid", infoint_follow_up_rules=lambda: iter([rule("linkedin:connect")]))
    policy = PluginHost([*given, connect]).policy()
    shipped = default_policy()
    assert [one.name for one in policy.bank.sets] == [*(one.name for one in shipped.bank.sets), "alpha:talk", "zeta:talk"]
    assert [one.kind for one in policy.follow_up_rules] == [*(one.kind for one in shipped.follow_up_rules), "linkedin:connect"]


def test_ours_stand_first_whatever_others_are_called(a_plugin: MakePlugin) -> None:
    """A plugin whose name sorts before ours could not replace a shipped rule."""
    replace = a_plugin("aaa", infoint_follow_up_rules=lambda: [rule("nudge", replaces=True, summary="Wait")])
    made = PluginHost([replace]).policy().rule(FollowUpKind.NUDGE)
    assert made is not None
    assert made.summary == "Wait"


def test_the_apps_own_policy_is_kept(a_plugin: MakePlugin) -> None:
    """An app's preferences would be overwritten by ours, or plugins would be left out."""
    base = evolve(
        default_policy(),
        bank=evolve(default_policy().bank, sets=(question_set("uni:first"),)),
        follow_up_rules=(rule("nudge", summary="Our own"),),
    )
    policy = PluginHost([a_plugin("acme", infoint_question_sets=lambda: [question_set("acme:talk")])]).policy(base)
    assert [one.name for one in policy.bank.sets] == ["uni:first", "acme:talk"]
    assert policy.follow_up_rules == base.follow_up_rules
    assert policy.mix == base.mix


def test_a_shipped_rule_is_replaced_only_by_saying_so(a_plugin: MakePlugin) -> None:
    """A plugin would change what is due by accident."""
    host = PluginHost([a_plugin("acme", infoint_follow_up_rules=lambda: [rule("nudge")])])
    with pytest.raises(NameClash) as caught:
        host.policy()
    assert (caught.value.name, caught.value.owners) == ("nudge", ("infoint", "acme"))
    assert "give the new one replaces=True" in str(caught.value)
    with pytest.raises(NameClash) as caught:
        host.policy(default_policy())
    assert caught.value.owners == ("the app's policy", "acme")
    assert host.policy(on_plugin_error="skip") == default_policy()
    assert host.failures[0].name == "acme"


def test_a_plugin_may_replace_the_apps_own_rule(a_plugin: MakePlugin) -> None:
    """`replaces=True` would work for some apps only."""
    host = PluginHost([a_plugin("acme", infoint_follow_up_rules=lambda: [rule("nudge", replaces=True, summary="Wait")])])
    made = host.policy(default_policy()).rule(FollowUpKind.NUDGE)
    assert made is not None
    assert made.summary == "Wait"


@pytest.mark.parametrize(("kind", "replaces"), [("nudge", True), ("my:call", False), ("my:call", True)])
def test_two_plugins_with_a_rule_for_one_kind_clash(a_plugin: MakePlugin, kind: str, replaces: bool) -> None:
    """Which of two rules counts would depend on the plugins' names."""
    host = PluginHost(
        [a_plugin(name, infoint_follow_up_rules=lambda: [rule(kind, replaces=replaces)]) for name in ("two", "one")]
    )
    with pytest.raises(NameClash) as caught:
        host.policy()
    assert caught.value.owners == ("one", "two")
    assert "replaces" not in str(caught.value)  # it would not help: both want the place
    assert host.policy(on_plugin_error="skip").rule(FollowUpKind(kind)) is not None


def test_one_plugin_with_two_rules_for_a_kind(a_plugin: MakePlugin) -> None:
    """The second would silently win."""
    host = PluginHost([a_plugin("acme", infoint_follow_up_rules=lambda: [rule("my:call"), rule("my:call", replaces=True)])])
    with pytest.raises(NameClash) as caught:
        host.policy()
    assert caught.value.owners == ("acme", "acme")


def test_clashing_questions_name_both_plugins(a_plugin: MakePlugin) -> None:
    """The user would be told of two sets, and not whose they are."""
    one = question_set("one:set", question("shared:q", "What is hard?"))
    two = question_set("two:set", question("shared:q", "What is easy?"))
    host = PluginHost([a_plugin("q", infoint_question_sets=lambda: [two]), a_plugin("p", infoint_question_sets=lambda: [one])])
    with pytest.raises(NameClash) as caught:
        host.policy()
    assert (caught.value.name, caught.value.owners) == ("shared:q", ("p", "q"))
    assert host.policy(on_plugin_error="skip").bank.question("shared:q").text == "What is hard?"
    assert isinstance(host.failures[0].error, PluginError)
    assert (host.failures[0].name, host.failures[0].error.hook) == ("q", "infoint_question_sets")


def test_clashing_sets_name_both_plugins(a_plugin: MakePlugin) -> None:
    """As for questions; and one that reuses the app's or its own name would blame a stranger."""
    given = [a_plugin(name, infoint_question_sets=lambda: [question_set("my:set")]) for name in ("b", "a")]
    with pytest.raises(NameClash) as caught:
        PluginHost(given).policy()
    assert (caught.value.name, caught.value.owners) == ("my:set", ("a", "b"))
    base = default_policy().with_questions(question_set("my:set"))
    with pytest.raises(NameClash) as caught:
        PluginHost(given[:1]).policy(base)
    assert caught.value.owners == ("the app's policy", "b")
    twice = a_plugin("c", infoint_question_sets=lambda: [question_set("c:set"), question_set("c:set")])
    with pytest.raises(NameClash) as caught:
        PluginHost([twice]).policy()
    assert caught.value.owners == ("c", "c")


def test_shipped_questions_cannot_be_reworded(a_plugin: MakePlugin) -> None:
    """A plugin could put words into our mouth."""
    ours = next(iter(default_policy().bank))
    other = question_set("acme:set", evolve(ours, text="Can you get me a job?"))
    with pytest.raises(NameClash) as caught:
        PluginHost([a_plugin("acme", infoint_question_sets=lambda: [other])]).policy()
    assert (caught.value.name, caught.value.owners) == (ours.id, ("infoint", "acme"))


def test_sets_may_hold_shipped_questions(a_plugin: MakePlugin) -> None:
    """A plugin could not make a selection of ours."""
    ours = tuple(default_policy().bank)[:3]
    policy = PluginHost([a_plugin("acme", infoint_question_sets=lambda: [question_set("acme:three", *ours)])]).policy()
    assert policy.bank.set("acme:three").questions == ours
    assert len(policy.bank) == len(default_policy().bank)


@pytest.mark.parametrize("one", [question_set("nursing", question("acme:q")), question_set("acme:set", question("nights"))])
def test_names_of_questions_carry_an_owner(a_plugin: MakePlugin, one: QuestionSet) -> None:
    """A later infoint could not add a question without breaking somebody's plugin."""
    host = PluginHost([a_plugin("acme", infoint_question_sets=lambda: [one])])
    with pytest.raises(PluginErrors) as caught:
        host.policy()
    assert "carries no owner" in str(caught.value.exceptions[0])
    assert host.policy(on_plugin_error="skip") == default_policy()


# ── calendar entries ─────────────────────────────────────────────────────────────────────────────
def test_entries_without_plugins_are_ours(campaign: Campaign, a_plugin: MakePlugin) -> None:
    """Whoever takes an engine would get another calendar than whoever calls the function."""
    silent = a_plugin("silent", infoint_calendar_entries=lambda campaign: ())
    for host in (PluginHost(), PluginHost([silent])):
        assert list(host.calendar_entries(campaign)) == list(build_entries(campaign))


def test_entries_are_sorted_by_uid(campaign: Campaign, a_plugin: MakePlugin) -> None:
    """The same facts would give other bytes, depending on plugins' names."""
    host = PluginHost(
        [
            a_plugin("zeta", infoint_calendar_entries=lambda: [entry("0-first"), entry("z-last")]),
            a_plugin("alpha", infoint_calendar_entries=lambda: iter([entry("y")])),
        ]
    )
    made = host.calendar_entries(campaign)
    uids = [one.uid for one in made]
    assert uids == sorted(uids)
    assert {"0-first", "y", "z-last"} | {one.uid for one in build_entries(campaign)} == set(uids)
    assert len(made) == len(uids)
    assert list(made) == list(made)


def test_hook_gets_facts_and_options(campaign: Campaign, a_plugin: MakePlugin) -> None:
    """A plugin could not follow what the user asked for."""
    got: list[object] = []

    def entries(options: CalendarOptions, campaign: Campaign) -> None:
        got.extend((options, campaign))

    options = CalendarOptions(follow_ups=FollowUpsAs.NONE)
    PluginHost([a_plugin("acme", infoint_calendar_entries=entries)]).calendar_entries(campaign, options)
    assert got == [options, campaign]


def test_a_uid_belongs_to_one(campaign: Campaign, talk: Interview, a_plugin: MakePlugin) -> None:
    """A plugin's entry would replace a talk in everybody's calendar (RFC 5545 §3.8.4.7), and nobody could tell whose it is."""
    ours = str(talk.id)
    host = PluginHost([a_plugin("acme", infoint_calendar_entries=lambda: [entry("acme-1"), entry(ours)])])
    with pytest.raises(NameClash) as caught:
        host.calendar_entries(campaign)
    assert (caught.value.name, caught.value.owners) == (ours, ("infoint", "acme"))
    assert list(host.calendar_entries(campaign, on_plugin_error="skip")) == list(build_entries(campaign))
    (failure,) = host.failures
    assert failure.name == "acme"

    two = [a_plugin(name, infoint_calendar_entries=lambda: [entry("same")]) for name in ("b", "a")]
    with pytest.raises(NameClash) as caught:
        PluginHost(two).calendar_entries(campaign)
    assert caught.value.owners == ("a", "b")

    twice = a_plugin("twice", infoint_calendar_entries=lambda: [entry("same"), entry("same")])
    with pytest.raises(NameClash) as caught:
        PluginHost([twice]).calendar_entries(campaign)
    assert caught.value.owners == ("twice", "twice")


def test_entries_about_a_talk_stand_beside_it(campaign: Campaign, talk: Interview, a_plugin: MakePlugin) -> None:
    """The helper that plugins are told to use would make entries that clash."""
    assert talk.meeting is not None
    there = entry_about(talk, "travel:there", Timed.ending(talk.meeting.start, timedelta(minutes=30)), "Way there")
    made = PluginHost([a_plugin("travel", infoint_calendar_entries=lambda: [there])]).calendar_entries(campaign)
    assert there in made


@pytest.mark.parametrize("content", list(ContentLevel))
def test_plugins_tell_no_more_than_was_asked_for(campaign: Campaign, a_plugin: MakePlugin, content: ContentLevel) -> None:
    """A calendar shared as "busy" would tell where somebody goes, because a plugin did not look at the options."""
    start = datetime(2026, 12, 1, tzinfo=UTC)
    telling = entry(
        "5d0f4f0e-7f0c-5b59-9d1c-7a8b9c0d1e2f",
        summary="To Oak Street",
        description="Oak",
        location="Oak",
        url="https://oak.example/",
        contact="Oak",
        categories=("Oak",),
        alarms=(Alarm(start, "Oak"),),
    )
    host = PluginHost([a_plugin("travel", infoint_calendar_entries=lambda: [telling])])
    (made,) = [one for one in host.calendar_entries(campaign, CalendarOptions(content=content)) if one.uid == telling.uid]
    if content is ContentLevel.FULL:
        assert made == telling
    elif content is ContentLevel.FIRST_NAME:
        assert made == entry(telling.uid, summary="To Oak Street", alarms=(Alarm(start, "To Oak Street"),))
    else:
        assert "Oak" not in str(made)
        assert made.when == telling.when


# ── sections ─────────────────────────────────────────────────────────────────────────────────────
def test_sections_go_where_they_want(a_plugin: MakePlugin, talk: Interview, campaign: Campaign) -> None:
    """A section would stand in the wrong place, or its place would depend on how plugins are listed."""
    host = PluginHost(
        [
            a_plugin("b", infoint_note_sections=lambda: [section("b:way", after="meeting"), section("b:end")]),
            a_plugin(
                "a", infoint_note_sections=lambda: iter([section("a:way", after="meeting"), section("a:lost", after="gone")])
            ),
            a_plugin("c", infoint_note_sections=lambda: [section("c:after-b", after="b:way")]),
        ]
    )
    keys = [one.key for one in host.extend(sheet(), talk, campaign).sections]
    assert keys == ["meeting", "a:way", "b:way", "c:after-b", "agenda", "a:lost", "b:end"]


def test_hook_gets_document_subject_and_facts(a_plugin: MakePlugin, talk: Interview, campaign: Campaign) -> None:
    """A plugin could not know what the document is about."""
    got: list[object] = []
    PluginHost(
        [a_plugin("acme", infoint_note_sections=lambda campaign, subject, document: got.extend((campaign, subject, document)))]
    ).extend(sheet(), talk, campaign)
    assert got == [campaign, talk, sheet()]


def test_a_key_belongs_to_one(a_plugin: MakePlugin, talk: Interview, campaign: Campaign) -> None:
    """Two sections would answer to one name, and nobody could tell whose the second is."""
    both = [a_plugin(name, infoint_note_sections=lambda: [section("my:own"), section("my:more")]) for name in ("b", "a")]
    host = PluginHost(both)
    with pytest.raises(NameClash) as caught:
        host.extend(sheet(), talk, campaign)
    assert (caught.value.name, caught.value.owners) == ("my:own", ("a", "b"))
    skipped = host.extend(sheet(), talk, campaign, on_plugin_error="skip")
    assert [one.key for one in skipped.sections] == ["meeting", "agenda", "my:own", "my:more"]
    assert [failure.name for failure in host.failures] == ["b"]

    there = Document(name="prep-sheet", title="Talk", sections=(section("my:own"),))
    with pytest.raises(NameClash) as caught:
        PluginHost(both[:1]).extend(there, talk, campaign)
    assert caught.value.owners == ("the document itself", "b")


def test_a_key_within_a_section_belongs_to_one_too(a_plugin: MakePlugin, talk: Interview, campaign: Campaign) -> None:
    """The clash would come without the plugin's name, from where documents are put together."""
    nested = Section(key="b:outer", title="", blocks=(section("a:way"),))
    host = PluginHost(
        [a_plugin("a", infoint_note_sections=lambda: [section("a:way")]), a_plugin("b", infoint_note_sections=lambda: [nested])]
    )
    with pytest.raises(NameClash) as caught:
        host.extend(sheet(), talk, campaign)
    assert (caught.value.name, caught.value.owners) == ("a:way", ("a", "b"))


# ── rendering ────────────────────────────────────────────────────────────────────────────────────
class Plain:
    """A renderer."""

    media_type = "text/plain"
    suffix = ".plain"

    def render(self, document: Document) -> bytes:
        return document.title.encode()


class Failing(Plain):
    """One that does not work."""

    def render(self, document: Document) -> bytes:
        raise KeyError(document.title)


class Refusing(Plain):
    """One that says why in our words."""

    def render(self, document: Document) -> bytes:
        raise InvalidValue("Document", "title", "is too long")


def test_render_by_name_and_by_instance(a_plugin: MakePlugin) -> None:
    """A format could be had in one way only, or an instance would be looked up among the names."""
    host = PluginHost([a_plugin("acme", infoint_register_note_renderers=lambda renderers: renderers.add("plain", Plain))])
    assert host.render(sheet(), "plain").content == host.render(sheet(), Plain()).content == b"Talk"
    assert host.render(sheet(), "plain").filename == "prep-sheet.plain"
    assert host.render(sheet()).media_type == "text/markdown"
    with pytest.raises(NoProvider, match="no note renderer named 'pdf'; there are: eml, html, json, markdown, plain, text"):
        host.render(sheet(), "pdf")


def test_variants_of_a_format_lie_side_by_side(a_plugin: MakePlugin, tmp_path: Path) -> None:
    """The second would take the first one's place in the folder without a word."""
    formats = ("plain", "plain-letter", "html+plain", "other-plain")

    def offer(renderers: Any) -> None:
        for name in formats:
            renderers.add(name, Plain)

    host = PluginHost([a_plugin("acme", infoint_register_note_renderers=offer)])
    there = [host.render(sheet(), name).write_into(tmp_path).name for name in formats[:3]]
    assert there == ["prep-sheet.plain", "prep-sheet-letter.plain", "prep-sheet-plain.plain"]
    assert host.render(sheet(), "other-plain").filename == "prep-sheet.plain", "it is nobody's variant"


def test_a_plugins_renderer_that_raises_is_named(a_plugin: MakePlugin) -> None:
    """A native error would reach whoever only named a format; whoever made the renderer wants to see their own."""

    def offer(renderers: Any) -> None:
        renderers.add("fail", Failing)
        renderers.add("refuse", Refusing)

    host = PluginHost([a_plugin("acme", infoint_register_note_renderers=offer)])
    with pytest.raises(PluginError, match="plugin acme: its note renderer 'fail' raised KeyError") as caught:
        host.render(sheet(), "fail")
    assert isinstance(caught.value.__cause__, KeyError)
    with pytest.raises(InvalidValue):
        host.render(sheet(), "refuse")
    with pytest.raises(KeyError):
        host.render(sheet(), Failing())


# ── on its own ───────────────────────────────────────────────────────────────────────────────────
def test_a_host_needs_no_engine_and_no_storage(a_plugin: MakePlugin, talk: Interview, campaign: Campaign) -> None:
    """An app with a database of its own could not use plugins."""
    way = a_plugin("acme", infoint_note_sections=lambda document: [section("acme:way", after="meeting")])
    host = PluginHost([way])
    rendered = host.render(host.extend(prep_sheet(talk, campaign), talk, campaign))
    assert "## acme:way" in rendered.text
    assert host.calendar_entries(campaign)
    assert host.policy().bank
