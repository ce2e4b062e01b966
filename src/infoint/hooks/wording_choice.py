"""Which of the wordings that are offered an explorer reads: by language first, then by style, each falling back on what is more general.
What a wording may hold is `infoint.notes.wordings`'s.
"""

from collections.abc import Callable, Sequence

from infoint.errors import PluginError
from infoint.hooks.registry import NameShape, Registry
from infoint.notes.wordings import NAME, NEEDS, WordingFactory, Wordings, read_wordings
from infoint.practice.languages import lookup


class WordingChoice:
    """The wordings of one host. Each is made once, when it is first asked for."""

    def __init__(self, *, failed: Callable[[], Sequence[str]], waiting: Callable[[], Sequence[str] | None]) -> None:
        """`failed` and `waiting`: see `Registry`."""
        self.offers: Registry[WordingFactory] = Registry(
            "wording", failed=failed, waiting=waiting, shape=NameShape(NAME, NEEDS)
        )
        self._made: dict[tuple[str, ...], Wordings] = {}

    def known(self, style: str) -> str:
        """The style; "" is none. Raises NoProvider for one that is offered in no language."""
        styles = {name.partition(":")[2] for name in self.offers.names} - {""}
        if style and style not in styles:
            raise self.offers.lacks(style, sorted(styles), kind="style of wordings")
        return style

    def choose(self, language: str, style: str) -> Wordings:
        """See `PluginHost.wordings_in`."""
        names = (name for tag in lookup(language) for name in ((f"{tag}:{style}", tag) if style else (tag,)))
        there = tuple(name for name in names if name in self.offers.names)
        if not there:
            raise self.offers.lacks(language, self.offers.names)
        return self._based(there)

    def _based(self, names: tuple[str, ...]) -> Wordings:
        """The first, with all that follow beneath it."""
        if names not in self._made:
            base = self._based(names[1:]) if names[1:] else None
            self._made[names] = self._read(names[0], base)
        return self._made[names]

    def _read(self, name: str, base: Wordings | None) -> Wordings:
        source = self.offers.make(name)
        try:
            return read_wordings(source, name, base)
        except Exception as error:
            # Whoever chose a style has to learn which plugin to mend; what is wrong with which key is told by the cause.
            raise PluginError(self.offers.owner(name), "infoint_register_wordings", str(error)) from error
