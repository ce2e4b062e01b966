"""One set of plugins at work: who is here, what each offers, and asking all of them without one sinking the rest. pluggy's `Any`
stays in here; what may be asked is in `specs`, how a plugin must look in `inspection`.
"""

import logging
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from inspect import isclass
from traceback import format_tb
from types import ModuleType
from typing import Any, Final, Literal, TypeAlias, TypeVar

import pluggy
from attrs import frozen

from infoint.calendar.contract import CalendarEntry, CalendarHead, CalendarWriter, WriterFactory
from infoint.calendar.drafts import Drafts
from infoint.calendar.entries import build_entries
from infoint.calendar.options import CalendarOptions
from infoint.errors import InfointError, InvalidValue, NameClash, PluginError, PluginErrors
from infoint.hooks import builtin, specs
from infoint.hooks.combining import (
    BUILTIN,
    Answers,
    Misfit,
    demand_owned,
    items_of,
    keys_of,
    ours_first,
    unowned_question,
    unowned_section,
    with_entries,
    with_questions,
    with_rules,
    with_sections,
    without_ours,
)
from infoint.hooks.discovery import candidates, installed
from infoint.hooks.inspection import known_hooks, refuse_misfits
from infoint.hooks.registry import NameShape, Offers, Registry
from infoint.hooks.wording_choice import WordingChoice
from infoint.model.campaign import Campaign
from infoint.model.events import Event
from infoint.model.interview import Interview
from infoint.model.question import QuestionSet
from infoint.notes.contract import Document, NoteRenderer, Rendered, RendererFactory, Section
from infoint.notes.documents import Subject
from infoint.notes.renderers import render, told_apart
from infoint.notes.wordings import WordingFactory, Wordings
from infoint.people.contract import ReaderFactory
from infoint.practice.follow_up_rule import FollowUpRule
from infoint.practice.policy import Policy
from infoint.practice.question_bank import QuestionBank
from infoint.storage.contract import StorageFactory

T = TypeVar("T")
V = TypeVar("V")

PROJECT: Final = "infoint"
"""What pluggy calls it; the markers carry the same name."""
GIVEN: Final = "given"
"""The source of those the app passed."""
KEPT_FAILURES: Final = 100
"""How many failures of running plugins are remembered; those of loading all are."""

OnPluginError: TypeAlias = Literal["raise", "skip"]
"""`raise`: after all were asked, PluginErrors with what each of them raised. `skip`: go on without that plugin, also where what it
gives clashes with another's; `host.failures` lists it.
"""

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
    """Of one that failed when asked, a PluginError whose note says where. It holds on to nothing the plugin was told."""


class PluginHost:
    """Usable without an engine: a host with its own database takes one and calls these. Two hosts in one process share nothing."""

    def __init__(
        self,
        plugins: Iterable[object] = (),
        *,
        discover: bool = False,
        strict: bool = False,
        on_plugin_error: OnPluginError = "raise",
        style: str = "",
    ) -> None:
        """`plugins` are modules or instances; the built-in ones are always there. One of them that is wrong raises at once.

        `discover` also takes in what is installed under the entry point group "infoint"; there a broken one is listed in
        `failures` and the rest load, unless `strict`, which raises. A plugin you give stands in for the same one, or another
        instance of its class, that would be discovered. `on_plugin_error`: what to do about one that fails when asked, unless the
        call says otherwise. `style`: of the wordings, where a plugin offers it for the explorer's language: "acme-formal" for
        "en:acme-formal". Raises PluginError, UnknownHook, NameClash, and NoProvider for a style that no plugin offers.
        """
        if isinstance(plugins, str) or not isinstance(plugins, Iterable):
            raise InvalidValue("PluginHost", "plugins", f"needs a list of plugins, got {type(plugins).__name__}", value=plugins)
        self._on_plugin_error = on_plugin_error
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(specs)
        self._sources: dict[str, str] = {}
        self._versions: dict[str, str] = {}
        self._load_failures: list[PluginFailure] = []
        self._discovered = discover
        self._call_failures: deque[PluginFailure] = deque(maxlen=KEPT_FAILURES)
        self._storages: Registry[StorageFactory] = Registry("storage", failed=self._failed_names, waiting=self._waiting_names)
        self._calendar_writers: Registry[WriterFactory] = Registry(
            "calendar writer", failed=self._failed_names, waiting=self._waiting_names
        )
        self._note_renderers: Registry[RendererFactory] = Registry(
            "note renderer", failed=self._failed_names, waiting=self._waiting_names
        )
        self._contact_readers: Registry[ReaderFactory] = Registry(
            "contact reader", failed=self._failed_names, waiting=self._waiting_names
        )
        self._wordings = WordingChoice(failed=self._failed_names, waiting=self._waiting_names)
        self._add(builtin, BUILTIN, "built in")
        for plugin in plugins:
            self._add(plugin, self._name_of(plugin), GIVEN)
        if discover:
            self._discover(strict=strict)
        self.style = self._wordings.known(style)

    # ── who is here ──────────────────────────────────────────────────────────────────────────────
    @property
    def plugins(self) -> tuple[PluginInfo, ...]:
        """Sorted by name."""
        return tuple(PluginInfo(name, self._sources[name], self._hooks_of(name)) for name in sorted(self._sources))

    @property
    def failures(self) -> tuple[PluginFailure, ...]:
        """Those that could not be loaded, then the latest that failed when asked."""
        # A copy is made in one go; another thread may be adding to it.
        return (*self._load_failures, *self._call_failures.copy())

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

    @property
    def wordings(self) -> Registry[WordingFactory]:
        """By language, or language and style. `wordings_in` makes one of them."""
        return self._wordings.offers

    # ── what they are asked for ──────────────────────────────────────────────────────────────────
    def policy(self, policy: Policy | None = None, *, on_plugin_error: OnPluginError | None = None) -> Policy:
        """The policy with every plugin's questions and rules added; None = the shipped one. Raises NameClash, PluginErrors."""
        sets = self._collect("infoint_question_sets", QuestionSet, on_plugin_error, unowned=unowned_question)
        rules = self._collect("infoint_follow_up_rules", FollowUpRule, on_plugin_error)
        if policy is None:
            made, sets, rules = Policy(bank=QuestionBank(()), follow_up_rules=()), ours_first(sets), ours_first(rules)
        else:
            made, sets, rules = policy, without_ours(sets), without_ours(rules)
        made = self._fold("infoint_question_sets", sets, made, partial(with_questions, owners={}), on_plugin_error)
        return self._fold("infoint_follow_up_rules", rules, made, partial(with_rules, owners={}), on_plugin_error)

    def calendar_entries(
        self, campaign: Campaign, options: CalendarOptions | None = None, *, on_plugin_error: OnPluginError | None = None
    ) -> Drafts:
        """`build_entries` and every plugin's, sorted by uid. Where `options.content` is less than full, plugins' entries lose what
        could tell more. Raises NameClash for a uid that is there already, PluginErrors.
        """
        hook = "infoint_calendar_entries"
        chosen = CalendarOptions() if options is None else options
        ours = build_entries(campaign, chosen)
        theirs = self._collect(hook, CalendarEntry, on_plugin_error, campaign=campaign, options=chosen)
        if not any(answers.items for answers in theirs):
            return ours
        add = partial(
            with_entries, content=chosen.content, owners=dict.fromkeys((draft.uid for draft in ours.drafts()), BUILTIN)
        )
        return ours.and_also(self._fold(hook, theirs, (), add, on_plugin_error))

    def extend(
        self, document: Document, subject: Subject, campaign: Campaign, *, on_plugin_error: OnPluginError | None = None
    ) -> Document:
        """The document with every plugin's sections. Raises NameClash for a key that is there already, PluginErrors."""
        hook = "infoint_note_sections"
        asked = {"document": document, "subject": subject, "campaign": campaign}
        theirs = self._collect(hook, Section, on_plugin_error, unowned=unowned_section, **asked)
        owners = dict.fromkeys(keys_of(document.sections), "the document itself")
        return self._fold(hook, theirs, document, partial(with_sections, owners=owners), on_plugin_error)

    def wordings_in(self, language: str, *, style: str | None = None) -> Wordings:
        """What documents say in a language (a BCP 47 tag), in a style of it where there is one; None = the host's. Of "es-MX" in the style
        "formal" the texts are looked for in "es-mx:formal", "es-mx", "es:formal", "es", "en:formal" and "en".

        Made once. Raises NoProvider for a style that no plugin offers, PluginError for texts that cannot be used, which says whose they
        are, which key it is and what is wrong with it.
        """
        return self._wordings.choose(language, self.style if style is None else self._wordings.known(style))

    def render(self, document: Document, format: str | NoteRenderer = "markdown") -> Rendered:
        """The document in a format, by name or by a renderer of your own. The file of a variant of another, "pdf-letter" of
        "pdf", bears its name. Raises NoProvider, and PluginError for what one chosen by name raises; what yours raises comes through.
        """
        if not isinstance(format, str):
            return render(document, format)
        renderer = self.note_renderers.make(format)
        try:
            return told_apart(render(document, renderer), format, self.note_renderers.names)
        except InfointError:
            raise
        except Exception as error:
            owner = self.note_renderers.owner(format)
            raise PluginError(owner, "", f"its note renderer {format!r} raised {type(error).__name__}") from error

    def calendar_writer(self, format: str | CalendarWriter) -> CalendarWriter:
        """The one of this name, or the one given. Raises NoProvider, and InvalidValue for what cannot write, as a class."""
        if isinstance(format, str):
            return self.calendar_writers.make(format)
        if isclass(format) or not hasattr(format, "chunks"):
            told = f"the class {format.__name__}: call it" if isclass(format) else type(format).__name__
            raise InvalidValue("PluginHost", "format", f"needs a format's name or a CalendarWriter, got {told}", value=format)
        return format

    def calendar_chunks(
        self, entries: Collection[CalendarEntry], format: str | CalendarWriter, head: CalendarHead
    ) -> Iterator[bytes]:
        """The entries in a format, piece by piece. Raises as `calendar_writer`, and PluginError for what a writer chosen by name raises;
        what yours raises comes through.
        """
        writer = self.calendar_writer(format)
        if not isinstance(format, str):
            yield from writer.chunks(entries, head)
            return
        try:
            yield from writer.chunks(entries, head)
        except InfointError:
            raise
        except Exception as error:
            owner = self.calendar_writers.owner(format)
            raise PluginError(owner, "", f"its calendar writer {format!r} raised {type(error).__name__}") from error

    def export_revision(self, format: str | CalendarWriter = "ics") -> str | None:
        """What plugins' part in an export depends on besides the campaign and the options: each that gives entries, and the one whose
        writer it is, with its `revision`, or else with the version of the distribution it was discovered in. None where one of them
        has neither, or may be left out (`on_plugin_error="skip"`): then two exports can only be told apart by their bytes.
        """
        hook = "infoint_calendar_entries"
        parts = {implementation.plugin_name for implementation in self._implementations(hook)} - {BUILTIN}
        revisions = {name: self._revision_of(self._manager.get_plugin(name), name) for name in parts}
        if isinstance(format, str):
            owner = self.calendar_writers.owner(format)
            if owner != BUILTIN:
                revisions[owner] = self._revision_of(self._manager.get_plugin(owner), owner)
        else:
            revisions["the app's writer"] = self._revision_of(format, "")
        if any(not revision for revision in revisions.values()) or (parts and self._on_plugin_error == "skip"):
            return None
        return "; ".join(f"{name} {revisions[name]}" for name in sorted(revisions))

    def _revision_of(self, offered: object, name: str) -> str:
        """Empty where it says nothing that is of use."""
        try:
            told = getattr(offered, "revision", None)
        except Exception as error:  # a property of a plugin may raise anything
            raise _failed(name, "revision", error) from error
        return told if isinstance(told, str) else self._versions.get(name, "")

    def interview_changed(self, workspace: str, before: Interview | None, after: Interview, event: Event | None) -> None:
        """Tell every observer. It has happened: what one raises is logged and listed in `failures`, nothing more."""
        hook = "infoint_interview_changed"
        told = {"workspace": workspace, "before": before, "after": after, "event": event}
        for implementation in self._implementations(hook):
            try:
                _ask(implementation, told)
            except Exception as error:  # noqa: BLE001  # a plugin may raise anything; it is reported
                self._report(_failed(implementation.plugin_name, hook, error))

    # ── letting in ───────────────────────────────────────────────────────────────────────────────
    def _name_of(self, plugin: object) -> str:
        if isinstance(plugin, ModuleType):
            return plugin.__name__
        kind = plugin if isclass(plugin) else type(plugin)  # a class is refused, under its own name
        own = f"{kind.__module__}.{kind.__qualname__}"
        taken = sum(name == own or name.startswith(f"{own}#") for name in self._sources)
        # Two instances of one class are two plugins (two settings); the second needs a name of its own.
        return f"{own}#{taken + 1}" if taken else own

    def _add(self, plugin: object, name: str, source: str) -> None:
        if isclass(plugin) or isinstance(plugin, str):
            raise PluginError(name, "", f"is a {'class' if isclass(plugin) else 'text'}: give a module or an instance")
        there = name if name in self._sources else self._manager.get_name(plugin)
        if there is not None:
            raise NameClash(name, (f"{there} ({self._sources[there]})", f"{name} ({source})"))
        self._sources[name] = source
        try:
            refuse_misfits(plugin, name)
            self._manager.register(plugin, name)
            self._manager.check_pending()
            self._take_offers(name)
        except Exception as error:
            self._forget(name)
            if isinstance(error, InfointError):
                raise
            raise PluginError(name, "", f"could not be registered: {type(error).__name__}") from error

    def _forget(self, name: str) -> None:
        del self._sources[name]
        if self._manager.has_plugin(name):
            self._manager.unregister(name=name)
        for registry in (self._storages, self._calendar_writers, self._note_renderers, self._contact_readers, self.wordings):
            registry.drop(name)

    def _take_offers(self, name: str) -> None:
        for hook, argument, registry in (
            ("infoint_register_storages", "storages", self._storages),
            ("infoint_register_calendar_writers", "writers", self._calendar_writers),
            ("infoint_register_note_renderers", "renderers", self._note_renderers),
            ("infoint_register_contact_readers", "readers", self._contact_readers),
            ("infoint_register_wordings", "wordings", self.wordings),
        ):
            for implementation in self._implementations(hook):
                if implementation.plugin_name == name:
                    registry.take(name, _offers(implementation, hook, argument, registry.shape))

    def _discover(self, *, strict: bool) -> None:
        for candidate in candidates():
            try:
                plugin = candidate.load()
                if not self._is_given(plugin):
                    self._add(plugin, candidate.name, candidate.source)
                    self._versions[candidate.name] = candidate.revision
            except InfointError as error:
                if strict:
                    raise
                self._load_failures.append(PluginFailure(candidate.name, candidate.source, error))
                # The whole story goes to the log, which is the app's own; `failures` and messages stay free of what may be private.
                _log.warning("plugin %s was left out: %s", candidate.name, error, exc_info=error)

    def _failed_names(self) -> tuple[str, ...]:
        return tuple(failure.name for failure in self._load_failures)

    def _waiting_names(self) -> tuple[str, ...] | None:
        return None if self._discovered else installed()

    def _is_given(self, plugin: object) -> bool:
        given = [self._manager.get_plugin(name) for name, source in self._sources.items() if source == GIVEN]
        return any(one is plugin or (type(one) is type(plugin) and not isinstance(one, ModuleType)) for one in given)

    # ── asking ───────────────────────────────────────────────────────────────────────────────────
    def _implementations(self, hook: str) -> list[pluggy.HookImpl]:
        """In the order of their plugins' names. Each is called on its own, so that none sinks the rest."""
        caller: pluggy.HookCaller = getattr(self._manager.hook, hook)
        return sorted(caller.get_hookimpls(), key=lambda implementation: implementation.plugin_name)

    def _hooks_of(self, name: str) -> tuple[str, ...]:
        return tuple(
            hook for hook in sorted(known_hooks()) if any(one.plugin_name == name for one in self._implementations(hook))
        )

    def _collect(
        self,
        hook: str,
        kind: type[T],
        on_plugin_error: OnPluginError | None,
        *,
        unowned: "Callable[[tuple[T, ...]], str | None] | None" = None,
        **asked: object,
    ) -> list[Answers[T]]:
        """Every plugin's answers. `unowned` finds a name among them that is neither ours nor carries an owner."""
        collected: list[Answers[T]] = []
        errors: list[PluginError] = []
        for implementation in self._implementations(hook):
            name = implementation.plugin_name
            try:
                items = items_of(_ask(implementation, asked), kind)
                demand_owned(unowned(items) if unowned else None)
            except Exception as error:  # noqa: BLE001  # a plugin may raise anything; each is reported
                errors.append(_failed(name, hook, error))
            else:
                collected.append(Answers(name, items))
        if errors and (on_plugin_error or self._on_plugin_error) == "raise":
            names = ", ".join(error.plugin for error in errors)
            raise PluginErrors(f"{hook} failed in {names}; leave them out, or ask with on_plugin_error='skip'", errors)
        for failed in errors:
            self._report(failed)
        return collected

    def _fold(
        self,
        hook: str,
        collected: list[Answers[T]],
        made: V,
        add: Callable[[V, Answers[T]], V],
        on_plugin_error: OnPluginError | None,
    ) -> V:
        """What is made of all answers, one plugin's after the other's: all of one plugin's, or none."""
        for answers in collected:
            try:
                made = add(made, answers)
            except NameClash as clash:
                if (on_plugin_error or self._on_plugin_error) == "raise":
                    raise
                self._report(_failed(answers.plugin, hook, clash))
        return made

    def _report(self, failed: PluginError) -> None:
        """Kept and logged without what the plugin was told: neither its frames nor its message may outlive the call, and only the
        type of what it raised is sure to be nobody's private words.
        """
        cause = failed.__cause__ or failed
        kept = PluginError(failed.plugin, failed.hook, failed.problem)
        kept.add_note("raised at\n" + "".join(format_tb(cause.__traceback__)[1:]))
        self._call_failures.append(PluginFailure(failed.plugin, self._sources[failed.plugin], kept))
        _log.error("plugin %s, %s: raised %s", failed.plugin, failed.hook, type(cause).__name__)


def _offers(implementation: pluggy.HookImpl, hook: str, argument: str, shape: NameShape) -> dict[str, Any]:
    offers: Offers[Any] = Offers(implementation.plugin_name, shape)
    try:
        _ask(implementation, {argument: offers})
    except NameClash:
        raise
    except Exception as error:
        raise _failed(implementation.plugin_name, hook, error) from error
    return offers.made


def _ask(implementation: pluggy.HookImpl, asked: Mapping[str, object]) -> Any:
    return implementation.function(*(asked[name] for name in implementation.argnames))


def _failed(name: str, hook: str, error: Exception) -> PluginError:
    ours = isinstance(error, InfointError | Misfit)
    failed = PluginError(name, hook, str(error) if ours else f"raised {type(error).__name__}")
    failed.__cause__ = error
    return failed
