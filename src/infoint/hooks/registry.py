"""Names to factories, with owners. What a factory makes is its contract's affair."""

import re
from collections.abc import Callable, Sequence
from typing import Final, Generic, ParamSpec, TypeVar

from attrs import frozen

from infoint.errors import InfointError, InvalidValue, NameClash, NoProvider, PluginError

T = TypeVar("T")
P = ParamSpec("P")
R = TypeVar("R")


@frozen
class NameShape:
    """What names of a kind of thing look like."""

    pattern: re.Pattern[str]
    needs: str
    """What an error says of a name that looks otherwise."""


SLUG: Final = NameShape(re.compile(r"[a-z][a-z0-9+.-]*\Z"), 'needs a name of small letters, as "csv"')


class Registry(Generic[T]):
    """What the app looks at. Plugins write through a `Registrar`."""

    def __init__(
        self,
        kind: str,
        *,
        failed: Callable[[], Sequence[str]] = tuple,
        waiting: Callable[[], Sequence[str] | None] = lambda: None,
        shape: NameShape = SLUG,
    ) -> None:
        """`kind` is what errors call its things: "storage", "note renderer". `failed` names plugins that could not be loaded, `waiting`
        those that are installed where none was taken in.
        """
        self.kind = kind
        self.shape = shape
        self._failed, self._waiting = failed, waiting
        self._offers: dict[str, tuple[str, T]] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """In alphabetical order."""
        return tuple(sorted(self._offers))

    def owner(self, name: str) -> str:
        """The plugin that offers it. Raises NoProvider."""
        return self._offer(name)[0]

    def get(self, name: str) -> T:
        """The factory. Raises NoProvider with the names there are."""
        return self._offer(name)[1]

    def make(self: "Registry[Callable[P, R]]", name: str, *args: P.args, **kwargs: P.kwargs) -> R:
        """What the factory makes of the arguments. Raises NoProvider; for what a factory raises that is no InfointError (as an
        import of something that is not installed), a PluginError that names its owner.
        """
        owner, factory = self._offer(name)
        try:
            return factory(*args, **kwargs)
        except InfointError:
            raise
        except Exception as error:
            raise PluginError(owner, "", f"its {self.kind} {name!r} could not be made: {type(error).__name__}") from error

    def take(self, owner: str, offers: dict[str, T]) -> None:
        """All of a plugin's offers, or none. Raises NameClash, which names both owners."""
        for name in offers:
            if name in self._offers:
                raise NameClash(name, (self._offers[name][0], owner))
        self._offers |= {name: (owner, factory) for name, factory in offers.items()}

    def drop(self, owner: str) -> None:
        """Forget what a plugin offered."""
        self._offers = {name: offer for name, offer in self._offers.items() if offer[0] != owner}

    def _offer(self, name: str) -> tuple[str, T]:
        try:
            return self._offers[name]
        except KeyError:
            raise self.lacks(name, self.names) from None

    def lacks(self, name: str, available: Sequence[str], *, kind: str = "") -> NoProvider:
        """The error that says so, and who may have it; `kind` where it is about something else than its things."""
        return NoProvider(name, available, kind=kind or self.kind, failed=self._failed(), waiting=self._waiting())


class Offers(Generic[T]):
    """What one plugin offers, until it has said all (a Registrar)."""

    def __init__(self, owner: str, shape: NameShape = SLUG) -> None:
        """`owner` is the plugin's name."""
        self._owner = owner
        self._shape = shape
        self.made: dict[str, T] = {}

    def add(self, name: str, factory: T) -> None:
        """Raises NameClash for a name offered twice, InvalidValue for one that is no name or a factory that cannot be called."""
        if not isinstance(name, str) or not self._shape.pattern.match(name):
            raise InvalidValue(self._owner, "name", self._shape.needs, value=name)
        if not callable(factory):
            raise InvalidValue(self._owner, name, "needs a factory: a class, or a function that makes one", value=factory)
        if name in self.made:
            raise NameClash(name, (self._owner, self._owner))
        self.made[name] = factory
