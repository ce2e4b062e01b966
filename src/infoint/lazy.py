"""Names that load their module on first use (PEP 562): whoever needs two of a package's names does not pay for all of them."""

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module


def lazy_names(
    package: str, homes: Mapping[str, Sequence[str]], modules: Mapping[str, str] | None = None
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """The `__getattr__` and `__dir__` of a package whose names live in `homes` (module → names), both by full module name;
    `modules` are names that stand for a module themselves.

    Use it under `else:` of `if TYPE_CHECKING:`, with plain imports above: a checker that saw a `__getattr__` would take every
    misspelt name for an `object`.
    """
    home_of = {name: home for home, names in homes.items() for name in names}
    modules = modules or {}

    def load(name: str) -> object:
        if name == "__all__":  # `from … import *` asks for it, and without it would take what happens to be loaded
            return sorted({*home_of, *modules})
        if name in home_of:
            value: object = getattr(import_module(home_of[name]), name)
        elif name in modules:
            value = import_module(modules[name])
        else:
            raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name, obj=sys.modules[package])
        setattr(sys.modules[package], name, value)
        return value

    return load, lambda: sorted({*home_of, *modules})
