"""One set of plugins at work: who is here, what each offers, and asking all of them without one sinking the rest. pluggy's `Any`
stays in here; what may be asked is in `specs`."""

import logging
import os
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from importlib.metadata import EntryPoint, entry_points
from inspect import isclass
from types import ModuleType
from typing import Any, Final, Generic, Literal, TypeAlias, TypeVar

import pluggy
from attrs import frozen

from infoint.calendar.contract import CalendarEntry, WriterFactory
from infoint.calendar.entries import CalendarOptions, build_entries
from infoint.errors import InfointError, NameClash, PluginError, PluginErrors, UnknownHook
from infoint.hooks import builtin, specs
from infoint.hooks.registry import Offers, Registry
from infoint.model.campaign import Campaign
from infoint.model.events import Event
from infoint.model.interview import Interview
from infoint.model.question import QuestionSet
from infoint.notes.contract import Document, NoteRenderer, Rendered, RendererFactory, Section
from infoint.notes.documents import Subject
from infoint.notes.renderers import render
from infoint.people.contract import ReaderFactory
from infoint.practice.follow_up_rule import FollowUpRule
from infoint.practice.policy import Policy
from infoint.practice.question_bank import QuestionBank
from infoint.storage.contract import StorageFactory

T = TypeVar("T")

GROUP: Final = "infoint"
"""The entry point group, and pluggy's name for the project."""
BUILTIN: Final = "infoint"
"""The owner of all that is shipped."""
KEPT_FAILURES: Final = 100
"""How many failures of running plugins are remembered; those of loading all are."""
ALLOWED: Final = "INFOINT_PLUGINS"
"""Environment: names, separated by commas; only those are discovered."""
NONE_AT_ALL: Final = "INFOINT_DISABLE_PLUGIN_AUTOLOAD"
"""Environment: anything but empty or 0, and none is discovered."""

OnPluginError: TypeAlias = Literal["raise", "skip"]
"""`raise`: PluginErrors after all were asked. `skip`: go on without that plugin; `host.failures` lists it."""

_log = logging.getLogger("infoint.plugins")


@frozen
class PluginInfo:
    """One that is here."""

    name: str
    source: str
    """The distribution it came in, "given" for one the app passed, "built in" for ours."""
    hooks: tuple[str, ...]


@frozen
class PluginFailure:
    """One that could not be loaded, or failed when asked."""

    name: str
    source: str
    error: Exception


@frozen
class _Answers(Generic[T]):
    plugin: str
    items: tuple[T, ...]


class PluginHost:
    """Usable without an engine: a host with its own database takes one and calls these. Two hosts in one process share nothing."""

    def __init__(self, plugins: Iterable[object] = (), *, discover: bool = False, strict: bool = False) -> None:
        """`plugins` are modules or instances; the built-in ones are always there. One of them that is wrong raises at once.

        `discover` also takes in what is installed under the entry point group "infoint"; there a broken one is listed in
        `failures` and the rest load, unless `strict`, which raises. Raises PluginError, UnknownHook, NameClash.
        """
        self._manager = pluggy.PluginManager(GROUP)
        self._manager.add_hookspecs(specs)
        self._sources: dict[str, str] = {}
        self._load_failures: list[PluginFailure] = []
        self._call_failures: deque[PluginFailure] = deque(maxlen=KEPT_FAILURES)
        self._storages: Registry[StorageFactory] = Registry("storage")
        self._calendar_writers: Registry[WriterFactory] = Registry("calendar writer")
        self._note_renderers: Registry[RendererFactory] = Registry("note renderer")
        self._contact_readers: Registry[ReaderFactory] = Registry("contact reader")
        self._add(builtin, BUILTIN, "built in")
        for plugin in plugins:
            self._add(plugin, self._name_of(plugin), "given")
        if discover:
            self._discover(strict=strict)

    # ── who is here ──────────────────────────────────────────────────────────────────────────────
    @property
    def plugins(self) -> tuple[PluginInfo, ...]:
        """Sorted by name."""
        return tuple(PluginInfo(name, self._sources[name], self._hooks_of(plugin)) for name, plugin in self._by_name())

    @property
    def failures(self) -> tuple[PluginFailure, ...]:
        """Those that could not be loaded, then the latest that failed when asked."""
        return (*self._load_failures, *self._call_failures)

    @property
    def storages(self) -> Registry[StorageFactory]:
        """By URL scheme."""
        return self._storages

    @property
    def calendar_writers(self) -> Registry[WriterFactory]:
        """By format."""
        return self._calendar_writers

    @property
    def note_renderers(self) -> Registry[RendererFactory]:
        """By format."""
        return self._note_renderers

    @property
    def contact_readers(self) -> Registry[ReaderFactory]:
        """By format."""
        return self._contact_readers

    # ── what they are asked for ──────────────────────────────────────────────────────────────────
    def policy(self, policy: Policy | None = None, *, on_plugin_error: OnPluginError = "raise") -> Policy:
        """The policy with every plugin's questions and rules added; None = the shipped one. Raises NameClash, PluginErrors."""
        made = policy or Policy(bank=QuestionBank(()), follow_up_rules=())
        sets = self._collect("infoint_question_sets", QuestionSet, on_plugin_error)
        rules = self._collect("infoint_follow_up_rules", FollowUpRule, on_plugin_error)
        # Ours come first, whatever others are called: a rule can only take the place of one that is there.
        for offered in sorted(sets, key=_ours_first):
            if policy is None or offered.plugin != BUILTIN:
                made = _with_questions(made, offered, sets)
        taken: dict[str, str] = {}
        for wanted in sorted(rules, key=_ours_first):
            if policy is None or wanted.plugin != BUILTIN:
                made = _with_rules(made, wanted, taken)
        return made

    def calendar_entries(
        self, campaign: Campaign, options: CalendarOptions | None = None, *, on_plugin_error: OnPluginError = "raise"
    ) -> Collection[CalendarEntry]:
        """`build_entries` and every plugin's, sorted by uid. Raises PluginErrors."""
        chosen = options or CalendarOptions()
        ours = build_entries(campaign, chosen)
        theirs = self._collect("infoint_calendar_entries", CalendarEntry, on_plugin_error, campaign=campaign, options=chosen)
        if not any(answers.items for answers in theirs):
            return ours
        return tuple(sorted((*ours, *(entry for answers in theirs for entry in answers.items)), key=_by_uid))

    def extend(
        self, document: Document, subject: Subject, campaign: Campaign, *, on_plugin_error: OnPluginError = "raise"
    ) -> Document:
        """The document with every plugin's sections. Raises NameClash for a key that is there already, PluginErrors."""
        asked = {"document": document, "subject": subject, "campaign": campaign}
        owners = {section.key: "the document itself" for section in document.sections}
        for answers in self._collect("infoint_note_sections", Section, on_plugin_error, **asked):
            for section in answers.items:
                if section.key in owners:
                    raise NameClash(section.key, (owners[section.key], answers.plugin))
                owners[section.key] = answers.plugin
            document = document.insert(*answers.items)
        return document

    def render(self, document: Document, format: str | NoteRenderer = "markdown") -> Rendered:
        """The document in a format, by name or by a renderer of your own. Raises NoProvider."""
        return render(document, self.note_renderers.get(format)() if isinstance(format, str) else format)

    def interview_changed(self, workspace: str, before: Interview | None, after: Interview, event: Event | None) -> None:
        """Tell every observer. It has happened: what one raises is logged and listed in `failures`, nothing more."""
        hook = "infoint_interview_changed"
        for name, plugin in self._by_name(hook):
            try:
                self._ask(plugin, hook, {"workspace": workspace, "before": before, "after": after, "event": event})
            except Exception as error:  # noqa: BLE001  # a plugin may raise anything; it is reported below
                self._report(name, hook, error)

    # ── letting in ───────────────────────────────────────────────────────────────────────────────
    def _name_of(self, plugin: object) -> str:
        own = plugin.__name__ if isinstance(plugin, ModuleType) else f"{type(plugin).__module__}.{type(plugin).__qualname__}"
        taken = sum(name == own or name.startswith(f"{own}#") for name in self._sources)
        # Two instances of one class are two plugins (two settings); the second needs a name of its own.
        return f"{own}#{taken + 1}" if taken and not isinstance(plugin, ModuleType) else own

    def _add(self, plugin: object, name: str, source: str) -> None:
        if isclass(plugin) or isinstance(plugin, str):
            raise PluginError(name, "", f"is a {'class' if isclass(plugin) else 'text'}: give a module or an instance")
        if self._manager.is_registered(plugin) or name in self._sources:
            raise NameClash(name, (self._sources.get(name, "given"), source))
        try:
            self._manager.register(plugin, name)
        except pluggy.PluginValidationError as error:
            self._forget(plugin, name)
            raise PluginError(name, "", str(error).split("\n")[-1] or "has a hook that does not fit") from error
        self._sources[name] = source
        try:
            self._refuse_unknown_hooks(plugin, name)
            self._take_offers(plugin, name)
        except BaseException:
            self._forget(plugin, name)
            raise

    def _forget(self, plugin: object, name: str) -> None:
        if self._manager.is_registered(plugin):
            self._manager.unregister(plugin)
        self._sources.pop(name, None)
        for registry in (self._storages, self._calendar_writers, self._note_renderers, self._contact_readers):
            registry.drop(name)

    def _refuse_unknown_hooks(self, plugin: object, name: str) -> None:
        known = _known_hooks()
        for attribute in dir(plugin):
            if not attribute.startswith("infoint_"):
                continue
            function = getattr(plugin, attribute)
            if hasattr(function, "infoint_impl") and attribute not in known:
                raise UnknownHook(name, attribute, f"is no hook{_nearest(attribute, known)}")
            if attribute in known and callable(function) and not hasattr(function, "infoint_impl"):
                raise PluginError(name, attribute, "is not marked @hookimpl, and would never be called")
        self._manager.check_pending()

    def _take_offers(self, plugin: object, name: str) -> None:
        for hook, argument, registry in (
            ("infoint_register_storages", "storages", self._storages),
            ("infoint_register_calendar_writers", "writers", self._calendar_writers),
            ("infoint_register_note_renderers", "renderers", self._note_renderers),
            ("infoint_register_contact_readers", "readers", self._contact_readers),
        ):
            if hook not in self._hooks_of(plugin):
                continue
            offers: Offers[Any] = Offers(name)
            try:
                self._ask(plugin, hook, {argument: offers})
            except InfointError:
                raise
            except Exception as error:
                raise PluginError(name, hook, f"raised {type(error).__name__}") from error
            registry.take(name, offers.made)

    def _discover(self, *, strict: bool) -> None:
        if os.environ.get(NONE_AT_ALL, "0") not in {"", "0"}:
            return
        allowed = [name.strip() for name in os.environ.get(ALLOWED, "").split(",") if name.strip()]
        found = sorted(entry_points(group=GROUP), key=lambda entry: entry.name)
        for entry in found:
            # One that is not allowed is not even imported.
            if not allowed or entry.name in allowed:
                self._load(entry, strict=strict)
        for name in allowed:
            if name not in {entry.name for entry in found}:
                self._fail(name, ALLOWED, PluginError(name, "", "is allowed but not installed"), strict=strict)

    def _load(self, entry: EntryPoint, *, strict: bool) -> None:
        source = f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value
        try:
            plugin = entry.load()
            if not self._manager.is_registered(plugin):  # the app may have given it already
                self._add(plugin, entry.name, source)
        except InfointError as error:
            self._fail(entry.name, source, error, strict=strict)
        except Exception as error:  # noqa: BLE001  # importing a plugin may raise anything
            failed = PluginError(entry.name, "", f"could not be loaded: {type(error).__name__}")
            failed.__cause__ = error
            self._fail(entry.name, source, failed, strict=strict)

    def _fail(self, name: str, source: str, error: InfointError, *, strict: bool) -> None:
        if strict:
            raise error
        self._load_failures.append(PluginFailure(name, source, error))

    # ── asking ───────────────────────────────────────────────────────────────────────────────────
    def _by_name(self, hook: str = "") -> Iterator[tuple[str, object]]:
        named = sorted((name, plugin) for name, plugin in self._manager.list_name_plugin() if plugin is not None)
        return ((name, plugin) for name, plugin in named if not hook or hook in self._hooks_of(plugin))

    def _hooks_of(self, plugin: object) -> tuple[str, ...]:
        return tuple(sorted(caller.name for caller in self._manager.get_hookcallers(plugin) or ()))

    def _ask(self, plugin: object, hook: str, asked: dict[str, object]) -> list[Any]:
        others = [other for _, other in self._manager.list_name_plugin() if other is not plugin and other is not None]
        answers: list[Any] = self._manager.subset_hook_caller(hook, others)(**asked)
        return answers

    def _collect(self, hook: str, kind: type[T], on_plugin_error: OnPluginError, **asked: object) -> list[_Answers[T]]:
        """Every plugin's answers, in the order of their names: each asked alone, so that none sinks the rest."""
        collected: list[_Answers[T]] = []
        errors: list[PluginError] = []
        for name, plugin in self._by_name(hook):
            try:
                items = tuple(item for answer in self._ask(plugin, hook, asked) for item in answer)
                _demand(items, kind)
            except Exception as error:  # noqa: BLE001  # a plugin may raise anything; each is reported
                errors.append(self._report(name, hook, error))
            else:
                collected.append(_Answers(name, items))
        if errors and on_plugin_error == "raise":
            raise PluginErrors(f"{len(errors)} failed in {hook}", errors)
        return collected

    def _report(self, name: str, hook: str, error: Exception) -> PluginError:
        failed = PluginError(name, hook, str(error) if isinstance(error, InfointError) else f"raised {type(error).__name__}")
        failed.__cause__ = error
        self._call_failures.append(PluginFailure(name, self._sources[name], failed))
        # Only the type: what a plugin puts into its message may be anybody's private words.
        _log.error("plugin %s, %s: raised %s", name, hook, type(error).__name__)
        return failed


def _known_hooks() -> tuple[str, ...]:
    return tuple(name for name in dir(specs) if name.startswith("infoint_"))


def _nearest(name: str, known: tuple[str, ...]) -> str:
    from difflib import get_close_matches

    nearest = get_close_matches(name, known, 1)
    return f"; did you mean {nearest[0]}?" if nearest else ""


def _demand(items: tuple[object, ...], kind: type) -> None:
    for item in items:
        if not isinstance(item, kind):
            raise TypeError(f"gave {type(item).__name__}, needs {kind.__name__}")


def _by_uid(entry: CalendarEntry) -> tuple[str, str]:
    return entry.uid, entry.component


def _ours_first(answers: _Answers[Any]) -> tuple[bool, str]:
    return answers.plugin != BUILTIN, answers.plugin


def _with_questions(policy: Policy, answers: _Answers[QuestionSet], everyone: list[_Answers[QuestionSet]]) -> Policy:
    try:
        return policy.with_questions(*answers.items)
    except NameClash as clash:
        owner = next((one.plugin for one in everyone if clash.owners[0] in {offered.name for offered in one.items}), "the app's policy")
        raise NameClash(clash.name, (owner, answers.plugin)) from clash


def _with_rules(policy: Policy, answers: _Answers[FollowUpRule], taken: dict[str, str]) -> Policy:
    for rule in answers.items:
        # A shipped or the app's own rule may be replaced; two plugins that both want to are a clash.
        if rule.kind in taken and (taken[rule.kind] != BUILTIN or not rule.replaces):
            raise NameClash(rule.kind, (taken[rule.kind], answers.plugin))
        try:
            policy = policy.with_rules(rule)
        except NameClash as clash:
            raise NameClash(rule.kind, ("the app's policy", answers.plugin)) from clash
        taken[rule.kind] = answers.plugin
    return policy
