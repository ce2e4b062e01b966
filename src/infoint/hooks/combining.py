"""Making one thing of what several plugins gave: a name has one owner, and all of a plugin's answer is used, or none of it.
Asking them is the host's affair.
"""

from collections.abc import Iterable
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from attrs import evolve, frozen

from infoint.calendar.contract import CalendarEntry
from infoint.calendar.options import ContentLevel
from infoint.errors import NameClash
from infoint.model.identity import derive_id
from infoint.model.question import QuestionSet
from infoint.notes.contract import Document, Section
from infoint.practice.follow_up_rule import FollowUpRule
from infoint.practice.policy import REPLACE_OR_RENAME, Policy
from infoint.practice.question_bank import load_question_sets

T = TypeVar("T")

BUILTIN: Final = "infoint"
"""The owner of all that is shipped."""
APP: Final = "the app's policy"
"""The owner, in a clash, of what was in the policy before any plugin was asked."""


class Misfit(Exception):
    """An answer that cannot be used; the message is ours."""


@frozen
class Answers(Generic[T]):
    """What one plugin gave."""

    plugin: str
    items: tuple[T, ...]


def items_of(answer: Any, kind: type[T]) -> tuple[T, ...]:
    """What a hook gave, all of one kind; None is as good as nothing. Raises Misfit, and what the plugin's generator raises."""
    if answer is None:
        return ()
    if not isinstance(answer, Iterable):
        raise Misfit(f"gave {type(answer).__name__}, needs an iterable of {kind.__name__}")
    items = tuple(answer)
    for item in items:
        if not isinstance(item, kind):
            raise Misfit(f"gave {type(item).__name__}, needs {kind.__name__}")
    return items


def demand_owned(bare: str | None) -> None:
    """Raises Misfit for a name that should carry an owner."""
    if bare is not None:
        raise Misfit(f"gave the name {bare!r}, which is none of ours and carries no owner, as in 'acme:{bare}'")


# ── questions and rules ──────────────────────────────────────────────────────────────────────────
def ours_first(collected: list[Answers[T]]) -> list[Answers[T]]:
    """Whatever the others are called: a rule can only take the place of one that is there."""
    return sorted(collected, key=lambda answers: answers.plugin != BUILTIN)


def without_ours(collected: list[Answers[T]]) -> list[Answers[T]]:
    """What the others gave."""
    return [answers for answers in collected if answers.plugin != BUILTIN]


def unowned_question(sets: tuple[QuestionSet, ...]) -> str | None:
    """The first name or question id that is neither shipped nor has an owner."""
    shipped = load_question_sets()
    ours = {one.name for one in shipped} | {question.id for one in shipped for question in one.questions}
    names = (name for one in sets for name in (one.name, *(question.id for question in one.questions)))
    return next((name for name in names if ":" not in name and name not in ours), None)


def with_questions(policy: Policy, answers: Answers[QuestionSet], owners: dict[str, str]) -> Policy:
    """The policy with a plugin's sets; `owners` (set name → plugin) grows. Raises NameClash."""
    try:
        made = policy.with_questions(*answers.items)
    except NameClash as clash:
        holder = clash.owners[0]  # the bank knows sets, not plugins
        owner = owners.get(holder) or (APP if any(one.name == holder for one in policy.bank.sets) else answers.plugin)
        raise NameClash(clash.name, (owner, answers.plugin)) from clash
    owners |= {one.name: answers.plugin for one in answers.items}
    return made


def with_rules(policy: Policy, answers: Answers[FollowUpRule], owners: dict[str, str]) -> Policy:
    """The policy with a plugin's rules; `owners` (kind → plugin) grows. A rule that `replaces` may take the place of a shipped one
    or the app's own; two plugins that both want to are a clash. Raises NameClash.
    """
    theirs: dict[str, str] = {}
    for rule in answers.items:
        owner = theirs.get(rule.kind) or owners.get(rule.kind) or (APP if policy.rule(rule.kind) else "")
        if owner and not (rule.replaces and owner in {BUILTIN, APP}):
            raise _clash_of_rules(rule, owner, answers.plugin)
        # Bare kinds are ours, also those without a rule yet: one may be shipped tomorrow.
        if rule.kind.owner is None and answers.plugin != BUILTIN and not rule.replaces:
            raise _clash_of_rules(rule, BUILTIN, answers.plugin)
        policy = policy.with_rules(rule)
        theirs[rule.kind] = answers.plugin
    owners |= theirs
    return policy


def _clash_of_rules(rule: FollowUpRule, owner: str, plugin: str) -> NameClash:
    if owner in {BUILTIN, APP}:
        return NameClash(str(rule.kind), (owner, plugin), remedy=REPLACE_OR_RENAME)
    return NameClash(str(rule.kind), (owner, plugin))


# ── calendar entries ─────────────────────────────────────────────────────────────────────────────
def with_entries(
    made: tuple[CalendarEntry, ...], answers: Answers[CalendarEntry], content: ContentLevel, owners: dict[str, str]
) -> tuple[CalendarEntry, ...]:
    """The entries with a plugin's, which tell no more than `content`; `owners` (uid → plugin) grows. Raises NameClash."""
    _claim((entry.uid for entry in answers.items), answers.plugin, owners)
    return (*made, *(_telling_no_more(entry, content) for entry in answers.items))


def _telling_no_more(entry: CalendarEntry, content: ContentLevel) -> CalendarEntry:
    # A plugin that does not look at the options must not tell a shared calendar what our own entries keep from it. What is kept is
    # named, not what goes: a field that entries will have one day has to be let in here first.
    if content is ContentLevel.FULL:
        return entry
    summary = "Busy" if content is ContentLevel.BUSY else entry.summary
    return CalendarEntry(
        uid=_saying_nothing(entry.uid),
        when=entry.when,
        summary=summary,
        last_modified=entry.last_modified,
        sequence=entry.sequence,
        component=entry.component,
        status=entry.status,
        transparent=entry.transparent,
        classification=entry.classification,
        related_to=entry.related_to and _saying_nothing(entry.related_to),
        alarms=tuple(evolve(alarm, description=summary) for alarm in entry.alarms),
        completed=entry.completed,
        recurrence=entry.recurrence,
    )


def _saying_nothing(uid: str) -> str:
    """A uid that is words may name somebody; the same words give the same id."""
    try:
        return uid if str(UUID(uid)) == uid else str(derive_id("discreet", uid))
    except ValueError:
        return str(derive_id("discreet", uid))


# ── sections ─────────────────────────────────────────────────────────────────────────────────────
def keys_of(sections: Iterable[Section]) -> list[str]:
    """Those of sections within sections too."""
    keys = []
    for section in sections:
        keys += [section.key, *keys_of(block for block in section.blocks if isinstance(block, Section))]
    return keys


def unowned_section(sections: tuple[Section, ...]) -> str | None:
    """The first key without an owner; bare keys are infoint's."""
    return next((key for key in keys_of(sections) if ":" not in key), None)


def with_sections(document: Document, answers: Answers[Section], owners: dict[str, str]) -> Document:
    """The document with a plugin's sections; `owners` (key → plugin) grows. Raises NameClash."""
    _claim(keys_of(answers.items), answers.plugin, owners)
    return document.insert(*answers.items)


def _claim(names: Iterable[str], plugin: str, owners: dict[str, str]) -> None:
    """All of the names for the plugin, or none. Raises NameClash."""
    theirs: dict[str, str] = {}
    for name in names:
        owner = theirs.get(name) or owners.get(name)
        if owner is not None:
            raise NameClash(name, (owner, plugin))
        theirs[name] = plugin
    owners |= theirs
