"""Names to factories, with owners."""

import re
from collections.abc import Callable

import pytest

from infoint.errors import InvalidValue, NameClash, NoProvider, PluginError, Unsupported
from infoint.hooks import Registry
from infoint.hooks.registry import Offers


@pytest.fixture
def registry() -> Registry[Callable[[int], str]]:
    """Two owners, three names."""
    made: Registry[Callable[[int], str]] = Registry("storage")
    made.take("acme", {"zip": str, "csv": hex})
    made.take("bolt", {"bin": bin})
    return made


def test_names_owners_and_factories(registry: Registry[Callable[[int], str]]) -> None:
    """An app could not list what there is, or would get somebody else's."""
    assert registry.names == ("bin", "csv", "zip")
    assert [registry.owner(name) for name in registry.names] == ["bolt", "acme", "acme"]
    assert registry.get("csv") is hex
    assert registry.make("csv", 255) == "0xff"


def test_unknown_name_lists_those_there_are(registry: Registry[Callable[[int], str]]) -> None:
    """Whoever mistypes a name would have to look for the right one."""
    for ask in (registry.get, registry.owner):
        with pytest.raises(NoProvider, match=re.escape("no storage named 'cvs'; there are: bin, csv, zip")):
            ask("cvs")
    with pytest.raises(NoProvider):
        registry.make("cvs", 1)
    with pytest.raises(NoProvider, match="there are: none"):
        Registry[int]("note renderer").get("x")


def test_clash_names_both_and_takes_nothing(registry: Registry[Callable[[int], str]]) -> None:
    """Half of a refused plugin would stay, or the user could not tell which two to keep apart."""
    with pytest.raises(NameClash) as caught:
        registry.take("cyan", {"new": oct, "zip": oct})
    assert (caught.value.name, caught.value.owners) == ("zip", ("acme", "cyan"))
    assert registry.names == ("bin", "csv", "zip")


def test_dropping_an_owner_leaves_the_others(registry: Registry[Callable[[int], str]]) -> None:
    """A plugin that is taken back would leave names behind, or take others with it."""
    registry.drop("acme")
    registry.drop("nobody")
    assert registry.names == ("bin",)


def test_factory_that_fails_is_named() -> None:
    """A native error of a plugin's library would reach the app, without a word about whose it is."""

    def missing() -> int:
        raise ModuleNotFoundError("No module named 'docx'")

    def refused() -> int:
        raise Unsupported

    registry: Registry[Callable[[], int]] = Registry("note renderer")
    registry.take("acme", {"docx": missing, "odt": refused})
    with pytest.raises(
        PluginError, match="plugin acme: its note renderer 'docx' could not be made: ModuleNotFoundError"
    ) as caught:
        registry.make("docx")
    assert isinstance(caught.value.__cause__, ModuleNotFoundError)
    with pytest.raises(Unsupported):
        registry.make("odt")


@pytest.mark.parametrize("name", ["", "CSV", "my format", "csv\n", "-csv", "ümlaut", None, 3])
def test_names_are_slugs(name: str) -> None:
    """A name nobody can type after a URL's colon would be taken."""
    with pytest.raises(InvalidValue):
        Offers[type]("acme").add(name, str)


def test_factory_can_be_called() -> None:
    """Giving an instance for a class would go unnoticed until somebody renders."""
    with pytest.raises(InvalidValue, match="a class, or a function that makes one"):
        Offers[object]("acme").add("csv", object())


def test_one_plugin_offers_a_name_once() -> None:
    """The second factory would silently replace the first."""
    offers: Offers[type] = Offers("acme")
    offers.add("csv", str)
    with pytest.raises(NameClash):
        offers.add("csv", bytes)
    assert offers.made == {"csv": str}
