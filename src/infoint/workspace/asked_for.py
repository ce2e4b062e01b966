"""What a workspace asks of whatever makes a document or a picture: whom it may be about, what it takes by keyword, what it has to give.
What is given to it is the workspace's.
"""

from collections.abc import Callable
from functools import partial
from inspect import Parameter, Signature, isawaitable, isclass, iscoroutine, isroutine, signature
from typing import TypeVar, get_type_hints

from infoint.errors import InvalidValue

M = TypeVar("M")

_BY_PLACE = frozenset({Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD})


def demand_subject(maker: Callable[..., object], subject: object) -> None:
    """A letter about a talk would fail deep inside, with a word about an attribute. Makers that say nothing are believed.

    Raises InvalidValue, also for what cannot be called with a subject and a campaign.
    """
    if not callable(maker):
        problem = f"needs a function of a subject and a campaign, got {type(maker).__name__}"
        raise InvalidValue("Workspace", "builder", problem, value=maker)
    told = _signature(maker)
    if told is None:
        return
    try:
        told.bind(subject, None)
    except TypeError as error:
        problem = f"{name_of(maker)} cannot be given a subject and a campaign: {error}"
        raise InvalidValue("Workspace", "builder", problem, value=maker) from None
    first = next(iter(told.parameters.values()), None)
    wanted = _hints(maker).get(first.name) if first and first.kind in _BY_PLACE else None
    if isinstance(wanted, type) and not _fits(subject, wanted):
        problem = f"{name_of(maker)} is about {wanted.__name__}, not about {type(subject).__name__}"
        raise InvalidValue("Workspace", "subject", problem, value=subject)


def asks_for(maker: Callable[..., object], name: str) -> bool:
    """Whether it can be given it, and has none yet (as a `partial` may)."""
    told = _signature(maker)
    taken = told.parameters.get(name) if told else None
    return taken is not None and taken.kind is Parameter.KEYWORD_ONLY and taken.default is None


def demand_made(made: object, wanted: type[M], maker: Callable[..., object]) -> M:
    """What it made. Raises InvalidValue where that is something else: a picture for a document, or nothing at all."""
    if isinstance(made, wanted):
        return made
    if iscoroutine(made):
        made.close()
    instead = {"Picture": "take ws.draw", "Document": "take ws.document or ws.render"}.get(type(made).__name__)
    if instead is None:
        is_late = isawaitable(made)
        instead = f"it has to return a {wanted.__name__}{', done when it returns' if is_late else ''}"
    problem = f"{name_of(maker)} makes {_a(made)}: {instead}"
    raise InvalidValue("Workspace", "builder", problem, value=maker)


def name_of(maker: object) -> str:
    """As errors call it."""
    maker = _innermost(maker)
    return getattr(maker, "__name__", None) or type(maker).__name__


def _a(made: object) -> str:
    name = type(made).__name__
    return "nothing" if made is None else f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"


def _innermost(maker: object) -> object:
    while isinstance(maker, partial):
        maker = maker.func
    return maker


def _signature(maker: Callable[..., object]) -> Signature | None:
    try:
        return signature(maker)
    except (TypeError, ValueError):  # what is written in C need not say what it takes
        return None


def _hints(maker: object) -> dict[str, object]:
    """Of what is called, not of the fields of an instance or a class."""
    called = _innermost(maker)
    if isclass(called):
        called = called.__init__
    elif not isroutine(called):
        called = type(called).__call__
    try:
        return get_type_hints(called)
    except Exception:  # noqa: BLE001  # a hint may be any text: what is imported for type checkers only, or no Python at all
        return {}


def _fits(subject: object, wanted: type) -> bool:
    try:
        return isinstance(subject, wanted)
    except TypeError:  # a type for checkers alone, as `Any` and most protocols are
        return True
