"""Lets asserts of the kit tell their values."""

from pathlib import Path
from pkgutil import iter_modules


def tell_values() -> None:
    """As the asserts of pytest's own test files do. pytest must be there."""
    import pytest

    room, _, here = __name__.rpartition(".")
    names = {module.name for module in iter_modules([str(Path(__file__).parent)])} - {here}
    pytest.register_assert_rewrite(*(f"{room}.{name}" for name in sorted(names)))
