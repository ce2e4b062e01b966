"""Plugins that are installed: real distributions in a folder of their own on `sys.path`."""

import importlib
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infoint import PluginHost
from infoint.errors import NameClash, NoProvider, PluginError, UnknownHook
from infoint.hooks import discovery

Install = Callable[..., None]

GOOD = """
from infoint import hookimpl

@hookimpl
def infoint_register_note_renderers(renderers):
    renderers.add("{format}", dict)
"""
INSTANCE = """
from attrs import frozen
from infoint import hookimpl

@frozen
class Travel:
    minutes: int = 30

    @hookimpl
    def infoint_calendar_entries(self):
        return ()

plugin = Travel()
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """`install("acme", module="acme_infoint", source=…)`: a distribution with an entry point, importable from now on."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delenv("INFOINT_PLUGINS", raising=False)
    monkeypatch.delenv("INFOINT_DISABLE_PLUGIN_AUTOLOAD", raising=False)
    there = set(sys.modules)

    def make(name: str, source: str, *, distribution: str = "", value: str = "", version: str = "1.0") -> None:
        distribution = distribution or f"infoint-{name}"
        module = f"plugin_{name}"
        (tmp_path / f"{module}.py").write_text(source, encoding="utf-8")
        info = tmp_path / f"{distribution.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n", encoding="utf-8")
        (info / "entry_points.txt").write_text(f"[infoint]\n{name} = {value or module}\n", encoding="utf-8")
        importlib.invalidate_caches()

    yield make
    for name in set(sys.modules) - there:
        del sys.modules[name]


def found(host: PluginHost) -> list[tuple[str, str]]:
    """Without what else is installed in the environment of the tests."""
    return [(info.name, info.source) for info in host.plugins if info.source.startswith("infoint-") and info.name != "example"]


def failed(host: PluginHost) -> dict[str, str]:
    return {failure.name: str(failure.error) for failure in host.failures}


def test_installed_plugins_are_found_when_asked_for(install: Install) -> None:
    """Plugins would come in without being asked, not at all, or in the order of the disk."""
    install("zeta", GOOD.format(format="zeta"), version="2.1")
    install("alpha", GOOD.format(format="alpha"))
    assert found(PluginHost()) == []
    host = PluginHost(discover=True)
    assert found(host) == [("alpha", "infoint-alpha 1.0"), ("zeta", "infoint-zeta 2.1")]
    assert host.note_renderers.owner("zeta") == "zeta"
    assert host.failures == ()


def test_an_instance_can_be_an_entry_point(install: Install) -> None:
    """A plugin with settings could not be installed."""
    install("travel", INSTANCE, value="plugin_travel:plugin")
    (info,) = [info for info in PluginHost(discover=True).plugins if info.name == "travel"]
    assert info.hooks == ("infoint_calendar_entries",)


BROKEN = {
    "missing": ("import no_such_module_anywhere\n", "", "could not be loaded: ModuleNotFoundError"),
    "syntax": ("def (:\n", "", "could not be loaded: SyntaxError"),
    "exits": ("raise SystemExit(3)\n", "", "could not be loaded: SystemExit"),
    "aclass": (INSTANCE, "plugin_aclass:Travel", "is a class: give a module or an instance"),
    "misspelt": (
        "from infoint import hookimpl\n\n@hookimpl\ndef infoint_note_section():\n    return ()\n",
        "",
        "is no hook; did you mean infoint_note_sections?",
    ),
    "nothing": ("", "", "has no hook"),
    "nowhere": ("", "plugin_nowhere:plugin", "could not be loaded: AttributeError"),
    "mangled": ("", "no value at all", "could not be loaded: AttributeError"),
    "refuses": (
        "from infoint.errors import InvalidValue\nraise InvalidValue('a', 'b', 'c')\n",
        "",
        "could not be loaded: InvalidValue",
    ),
    "shadows": (GOOD.format(format="markdown"), "", "'markdown' is offered by infoint and by shadows"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_one_is_named_and_the_rest_load(install: Install, name: str) -> None:
    """One broken plugin would keep an app from starting, or take others with it, or vanish without a word."""
    source, value, problem = BROKEN[name]
    install(name, source, value=value)
    install("alpha", GOOD.format(format="alpha"))
    install("zeta", GOOD.format(format="zeta"))
    host = PluginHost(discover=True)
    assert [one for one, _ in found(host)] == ["alpha", "zeta"]
    (failure,) = host.failures
    assert (failure.name, failure.source) == (name, f"infoint-{name} 1.0")
    assert problem in str(failure.error)
    assert name in str(failure.error)


@pytest.mark.parametrize(
    ("name", "kind"), [("missing", PluginError), ("aclass", PluginError), ("misspelt", UnknownHook), ("shadows", NameClash)]
)
def test_strict_raises(install: Install, name: str, kind: type[Exception]) -> None:
    """An app that wants all or nothing would start with less."""
    source, value, problem = BROKEN[name]
    install(name, source, value=value)
    with pytest.raises(kind, match=problem.replace("?", r"\?")):
        PluginHost(discover=True, strict=True)


def test_cause_is_kept(install: Install) -> None:
    """Nobody could find out why a plugin does not load."""
    install("missing", BROKEN["missing"][0])
    (failure,) = PluginHost(discover=True).failures
    assert isinstance(failure.error.__cause__, ModuleNotFoundError)


def test_a_missing_one_is_told_of(install: Install, caplog: pytest.LogCaptureFixture) -> None:
    """A calendar would lack a plugin's entries and a format be unknown, and nobody be told that a plugin is broken."""
    install("missing", BROKEN["missing"][0])
    host = PluginHost(discover=True)
    assert "plugin missing was left out" in caplog.text
    assert "no_such_module_anywhere" in caplog.text
    with pytest.raises(NoProvider, match=r"\(missing could not be loaded: see the host's `failures`\)"):
        host.note_renderers.get("org")


SOUGHT: dict[str, Callable[[PluginHost], object]] = {
    "storage": lambda host: host.storages.get("org"),
    "calendar writer": lambda host: host.calendar_writers.make("org"),
    "note renderer": lambda host: host.note_renderers.owner("org"),
    "contact reader": lambda host: host.contact_readers.get("org"),
    "wording": lambda host: host.wordings.get("org"),
    "style of wordings": lambda host: host.wordings_in("en", style="org"),
}
"""What plugins offer by name, and a way to ask for what is not there."""


@pytest.mark.parametrize("kind", SOUGHT)
def test_who_was_not_taken_in_is_told_of(install: Install, kind: str) -> None:
    """A plugin is installed, and who asks for what it offers reads that there is no such thing; or it is imported to find out."""
    install("org", "raise AssertionError('imported')\n")
    install("zeta", GOOD.format(format="zeta"))
    with pytest.raises(NoProvider) as caught:
        SOUGHT[kind](PluginHost())
    assert str(caught.value).startswith(f"no {kind} named 'org'; there are: ")
    told = re.search(
        r"; installed plugins \((.*)\) are taken in with discover=True, or --plugins on the command line$", str(caught.value)
    )
    assert told
    assert {"org", "zeta"} <= set(told[1].split(", "))
    assert not {"plugin_org", "plugin_zeta"} & set(sys.modules)


def test_who_may_not_come_in_is_not_told_of(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message advises what the environment forbids, or what has been done."""
    install("org", GOOD.format(format="other"))
    install("zeta", GOOD.format(format="zeta"))

    def message(*, discover: bool = False) -> str:
        with pytest.raises(NoProvider) as caught:
            PluginHost(discover=discover).storages.get("org")
        return str(caught.value)

    assert "discover" not in message(discover=True)
    monkeypatch.setenv("INFOINT_PLUGINS", "zeta, nobody")
    assert "installed plugins (zeta) are" in message()
    monkeypatch.setenv("INFOINT_DISABLE_PLUGIN_AUTOLOAD", "1")
    assert message() == "no storage named 'org'; there are: memory, sqlite"


def test_damaged_list_of_plugins_hides_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some distribution's file is damaged, and who mistyped a name reads of that instead."""

    def damaged(**_asked: str) -> object:
        raise UnicodeDecodeError("utf-8", b"", 0, 1, "damaged")

    monkeypatch.setattr(discovery, "entry_points", damaged)
    with pytest.raises(NoProvider, match="installed plugins are taken in"):
        PluginHost().storages.get("org")


def test_two_distributions_with_one_name(install: Install, tmp_path: Path) -> None:
    """Of two plugins that call themselves the same, one would win by chance."""
    install("acme", GOOD.format(format="one"))
    install("other", GOOD.format(format="two"))
    (tmp_path / "infoint_other-1.0.dist-info" / "entry_points.txt").write_text(
        "[infoint]\nacme = plugin_other\n", encoding="utf-8"
    )
    host = PluginHost(discover=True)
    assert found(host) == [("acme", "infoint-acme 1.0")]
    assert failed(host) == {
        "acme": "'acme' is offered by acme (infoint-acme 1.0) and by acme (infoint-other 1.0): leave one of them out, or rename"
    }


def test_damaged_metadata_of_somebody_else(install: Install, tmp_path: Path) -> None:
    """A native error of an unrelated, damaged distribution would keep an app from starting."""
    install("acme", GOOD.format(format="acme"))
    (tmp_path / "infoint_acme-1.0.dist-info" / "entry_points.txt").write_text("[infoint]\nno equals sign\n", encoding="utf-8")
    host = PluginHost(discover=True)
    assert "could not be listed: TypeError" in failed(host)["entry points"]
    with pytest.raises(PluginError, match="could not be listed"):
        PluginHost(discover=True, strict=True)


# ── which may come in ────────────────────────────────────────────────────────────────────────────
def test_only_allowed_ones_are_even_imported(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plugin that is not allowed would run its code all the same."""
    for name in ("alpha", "beta", "gamma"):
        install(name, "import sys\nsys.plugin_canary = __name__\n" + GOOD.format(format=name))
    monkeypatch.setenv("INFOINT_PLUGINS", " gamma ,alpha,")
    host = PluginHost(discover=True)
    assert [name for name, _ in found(host)] == ["alpha", "gamma"]
    assert "plugin_beta" not in sys.modules
    assert host.failures == ()
    monkeypatch.delattr(sys, "plugin_canary", raising=False)
    monkeypatch.setenv("INFOINT_PLUGINS", "nobody")
    PluginHost(discover=True)
    assert not hasattr(sys, "plugin_canary")


def test_an_allow_list_does_not_ask_for_anything(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment would make an app discover plugins it did not want."""
    install("alpha", GOOD.format(format="alpha"))
    monkeypatch.setenv("INFOINT_PLUGINS", "alpha")
    assert found(PluginHost()) == []


def test_allowed_but_not_installed(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    """A typing error in the list would go unnoticed."""
    install("alpha", GOOD.format(format="alpha"))
    monkeypatch.setenv("INFOINT_PLUGINS", "alpha,alfa")
    host = PluginHost(discover=True)
    assert [name for name, _ in found(host)] == ["alpha"]
    (failure,) = host.failures
    assert (failure.name, failure.source) == ("alfa", "INFOINT_PLUGINS")
    assert str(failure.error) == "plugin alfa: is allowed but not installed"
    with pytest.raises(PluginError):
        PluginHost(discover=True, strict=True)


@pytest.mark.parametrize(("value", "none"), [("1", True), ("true", True), ("0", False), ("", False)])
def test_autoload_can_be_switched_off(install: Install, monkeypatch: pytest.MonkeyPatch, value: str, none: bool) -> None:
    """A user could not start an app without its plugins to find out which one is at fault."""
    install("alpha", "import sys\nsys.plugin_canary = True\n" + GOOD.format(format="alpha"))
    monkeypatch.setattr(sys, "plugin_canary", False, raising=False)
    monkeypatch.setenv("INFOINT_DISABLE_PLUGIN_AUTOLOAD", value)
    assert (found(PluginHost(discover=True)) == []) is none
    assert sys.plugin_canary is not none  # type: ignore[attr-defined]  # set by the plugin


def test_given_plugins_come_in_whatever_the_environment_says(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an app passes itself would depend on its user's environment."""
    install("alpha", GOOD.format(format="alpha"))
    monkeypatch.setenv("INFOINT_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("INFOINT_PLUGINS", "nobody")
    host = PluginHost([importlib.import_module("plugin_alpha")], discover=True)
    assert host.note_renderers.owner("alpha") == "plugin_alpha"


# ── given and discovered ─────────────────────────────────────────────────────────────────────────
def test_given_and_discovered_is_there_once(install: Install) -> None:
    """It would clash with itself, or be asked twice."""
    install("alpha", GOOD.format(format="alpha"))
    host = PluginHost([importlib.import_module("plugin_alpha")], discover=True)
    assert [info.name for info in host.plugins if "alpha" in info.name] == ["plugin_alpha"]
    assert host.failures == ()


def test_the_apps_settings_win(install: Install) -> None:
    """An instance the app has set up would stand beside the one with default settings, and both would be asked."""
    install("travel", INSTANCE, value="plugin_travel:plugin")
    travel = importlib.import_module("plugin_travel").Travel(minutes=5)
    host = PluginHost([travel], discover=True)
    assert [info.name for info in host.plugins if "ravel" in info.name] == ["plugin_travel.Travel"]
    assert host.failures == ()


def test_one_plugin_under_two_names(install: Install) -> None:
    """It would be asked twice."""
    install("alpha", GOOD.format(format="alpha"))
    install("zeta", "", value="plugin_alpha")
    host = PluginHost(discover=True)
    assert [name for name, _ in found(host)] == ["alpha"]
    assert "alpha (infoint-alpha 1.0) and by zeta (infoint-zeta 1.0)" in failed(host)["zeta"]


# ── nothing by itself ────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "program",
    ["import infoint", "import infoint.hooks", "from infoint import PluginHost; PluginHost()", "import infoint.testing"],
)
def test_importing_loads_no_plugin(tmp_path: Path, program: str) -> None:
    """Importing infoint would run the code of whatever is installed."""
    (tmp_path / "plugin_canary.py").write_text("raise SystemExit('a plugin was loaded')\n", encoding="utf-8")
    info = tmp_path / "canary-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: canary\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[infoint]\ncanary = plugin_canary\n", encoding="utf-8")
    watched = (
        "import sys, importlib.metadata as m\n"
        f"sys.path.insert(0, {str(tmp_path)!r})\n"
        "def asked(**kw): raise SystemExit('entry points were asked for')\n"
        "m.entry_points = asked\n"
        f"{program}\n"
    )
    done = subprocess.run([sys.executable, "-c", watched], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
