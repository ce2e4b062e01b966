"""Does a plugin say what it means? For its own tests; what its writers, renderers and storages do is for their contracts."""

from collections.abc import Callable, Iterable
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from infoint.errors import InfointError, PluginError, PluginErrors
from infoint.hooks import specs
from infoint.hooks.host import GIVEN, PluginHost
from infoint.hooks.inspection import Implementation, implementations, known_hooks
from infoint.model.campaign import Campaign
from infoint.notes.contract import Document
from infoint.notes.documents import due_list, prep_sheet
from infoint.testing.samples import sample_campaign


def check_plugin(plugin: object) -> None:
    """Hooks spelt right, arguments known, annotations equal to the specs', names owned. Raises PluginError.

    Registers it in a host of its own and asks for questions, rules, entries and sections, twice, about `sample_campaign()`.
    Wordings are made; other factories are not called, and observers not told: they may reach out into the world. An annotation that is left out is fine;
    so is an argument that takes more than its hook gives, or a result that is more than an Iterable.
    """
    try:
        _check(plugin)
    except PluginErrors as errors:
        first = errors.exceptions[0]
        raise first from first.__cause__
    except PluginError:
        raise
    except InfointError as error:
        name = str(getattr(plugin, "__name__", type(plugin).__qualname__))
        raise PluginError(name, "", str(error)) from error


def _check(plugin: object) -> None:
    host = PluginHost([plugin])
    name = next(info.name for info in host.plugins if info.source == GIVEN)
    for implementation in implementations(plugin):
        if implementation.hook in known_hooks():
            _check_annotations(implementation, name)
    _check_wordings(host, name)
    _check_answers(host, name)


# ── annotations ──────────────────────────────────────────────────────────────────────────────────
def _check_annotations(implementation: Implementation, name: str) -> None:
    hook = implementation.hook
    wanted = get_type_hints(known_hooks()[hook])
    for argument, hint in _hints(implementation, name).items():
        fits = _gives(hint, wanted["return"]) if argument == "return" else _takes(hint, wanted.get(argument, hint))
        if not fits:
            what = "returns" if argument == "return" else f"takes {argument} as"
            raise PluginError(name, hook, f"{what} {_shown(hint)}, needs {_shown(wanted[argument])}")


def _hints(implementation: Implementation, name: str) -> dict[str, Any]:
    function: Callable[..., Any] = getattr(implementation.function, "__func__", implementation.function)
    try:
        # What a plugin imports for type checkers only is not there now; where it has the name our specs use, it is ours.
        return get_type_hints(function, {**vars(specs), **function.__globals__})
    except Exception as error:
        problem = f"has an annotation that cannot be read: {error}; import what it names where it can be found at run time"
        raise PluginError(name, implementation.hook, problem) from error


def _takes(hint: Any, wanted: Any) -> bool:
    return hint in (wanted, object, Any)


def _gives(hint: Any, wanted: Any) -> bool:
    """A list, an Iterator or a Generator of the same is an Iterable of it too."""
    if hint == wanted or hint is Any:
        return True
    origin = get_origin(hint)
    items = [item for item in get_args(hint) if item not in (Ellipsis, None, NoneType)]
    return isinstance(origin, type) and issubclass(origin, Iterable) and {*items} == {*get_args(wanted)}


def _shown(hint: Any) -> str:
    return hint.__name__ if isinstance(hint, type) and not get_args(hint) else str(hint).replace("infoint.", "")


# ── answers ──────────────────────────────────────────────────────────────────────────────────────
def _check_wordings(host: PluginHost, name: str) -> None:
    """They are texts and reach nowhere, so they are made; raises PluginError."""
    for offered in host.wordings.names:
        if host.wordings.owner(offered) == name:
            language, _, style = offered.partition(":")
            host.wordings_in(language, style=style)


def _check_answers(host: PluginHost, name: str) -> None:
    campaign = sample_campaign()
    host.policy()
    if tuple(host.calendar_entries(campaign)) != tuple(host.calendar_entries(campaign)):
        raise PluginError(name, "infoint_calendar_entries", "gave something else the second time: read no clock and no chance")
    if _documents(host, campaign) != _documents(host, campaign):
        raise PluginError(name, "infoint_note_sections", "gave something else the second time: read no clock and no chance")


def _documents(host: PluginHost, campaign: Campaign) -> list[Document]:
    day = campaign.interviews[0].history[0].told_at.date()
    sheets = [host.extend(prep_sheet(talk, campaign), talk, campaign) for talk in campaign.interviews]
    return [*sheets, host.extend(due_list(day, campaign), day, campaign)]
