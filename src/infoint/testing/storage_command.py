"""The command that holds a storage, named by its URL, to the contract and reports in JSON. The tests it runs are in `storage_by_url`."""

import argparse
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import version
from inspect import getdoc
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from infoint.cli.discreet import DiscreetParser, masked
from infoint.cli.program import NOBODY_READS, put_json, say
from infoint.errors import InfointError, InvalidValue, PluginError
from infoint.storage.contract import Capability, Storage
from infoint.testing.storage_places import Places
from infoint.testing.telling import tell_values

PASSED: Final = 0
FAILED: Final = 1
NOT_RUN: Final = 2

_DESCRIPTION: Final = """\
Runs every test of the storage contract against the storage that URL names, and prints a report in JSON on standard output.

In URL, {folder} stands for a new empty folder and {random} for a new word, made for each test:
  python -m infoint.testing storage 'sqlite:{folder}/interviews.db'
  python -m infoint.testing storage memory:
Without either of them all tests share the one place that URL names. It must be empty, or nothing is done; each test takes away
the workspaces that it made, and no others, and what needs a second place is skipped.
"""
_EXIT_CODES: Final = """\
exit codes:
  0  every test passed, or was skipped with its reason
  1  a test failed
  2  nothing could be tested: the URL, a plugin or the command line is wrong, or the place is not empty
"""


class _Outcomes:
    """What pytest tells, test by test; and the fixture by which the tests find their places."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.tests: dict[str, dict[str, str]] = {}

    def pytest_configure(self, config: Any) -> None:
        tell_values()  # not sooner: before it is configured, pytest rewrites nothing
        config.pluginmanager.register(self.places, "infoint places")

    def pytest_collection_finish(self, session: Any) -> None:
        for item in session.items:
            self.tests[item.nodeid] = {
                "name": item.name,
                "outcome": "not run",
                "reason": "",
                "says": getdoc(item.function) or "",
            }

    def pytest_runtest_logreport(self, report: Any) -> None:
        told = self.tests[report.nodeid]
        if told["outcome"] in {"failed", "skipped"} or (report.passed and report.when != "call"):
            return
        told["outcome"] = report.outcome
        if report.skipped:
            told["reason"] = report.longrepr[2].removeprefix("Skipped: ")
        elif report.failed:
            crash = getattr(report.longrepr, "reprcrash", None)
            told["reason"] = self.places.discreet(crash.message if crash else str(report.longrepr))


def main(words: Sequence[str] | None = None) -> int:
    """Carry out what `words` (None: those of the process) say, and give the exit code. Raises SystemExit, as argparse does, with 2."""
    asked = _parsed(words)
    report = report_on(asked.url, plugins=asked.plugin, strict=asked.strict, only=asked.only)
    try:
        put_json(report)
    except BrokenPipeError:
        return NOBODY_READS
    except InfointError as error:
        say(str(error))
        return NOT_RUN
    if "problem" in report:
        return NOT_RUN
    counts: dict[str, int] = report["counts"]
    return FAILED if counts["failed"] or counts["not run"] else PASSED


def report_on(url: str, *, plugins: Sequence[str] = (), strict: bool = False, only: str = "") -> dict[str, Any]:
    """What the command prints. `plugins` are `module` or `module:object`; those installed are found by themselves. `only`: an
    expression as pytest's -k.
    """
    try:
        places = Places(url, [loaded_plugin(plugin) for plugin in plugins], strict=strict)
    except InfointError as error:
        return _problem(error)
    try:
        with TemporaryDirectory(prefix="infoint-") as folder:
            probe = Path(folder, "probe")
            probe.mkdir()
            storage = places.checked(probe)
            outcomes = _Outcomes(places)
            _run(outcomes, Path(folder, "tests"), only)
            return _report(storage, outcomes, strict=strict)
    except InfointError as error:
        return _problem(error, places)


def _problem(error: InfointError, places: Places | None = None) -> dict[str, Any]:
    message = places.discreet(str(error)) if places else str(error)
    return {"problem": {"code": error.code, "message": masked(message)}}


def _parsed(words: Sequence[str] | None) -> argparse.Namespace:
    top = DiscreetParser(prog="python -m infoint.testing", allow_abbrev=False)
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    one = commands.add_parser(
        "storage",
        help="hold a storage to the contract",
        description=_DESCRIPTION,
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    one.add_argument("url", metavar="URL", help="the storage, as an engine takes it")
    one.add_argument(
        "--plugin",
        metavar="MODULE[:OBJECT]",
        action="append",
        default=[],
        help="a plugin that is not installed; may be repeated",
    )
    one.add_argument(
        "--strict", action="store_true", help="hold it also to what protects a storage that is used without an engine"
    )
    one.add_argument("--only", metavar="EXPRESSION", default="", help="run some of the tests, named as for pytest -k")
    return top.parse_args(words)


def loaded_plugin(named: str) -> object:
    """Of `module` or `module:object`. Raises PluginError."""
    module, _, rest = named.partition(":")
    # As `python -m` has it: what lies in the folder from where it is called can be named.
    try:
        found: object = import_module(module)
        for name in rest.split(".") if rest else ():
            found = getattr(found, name)
    except Exception as error:
        raise PluginError(named, "", f"could not be loaded ({type(error).__name__}: {error})") from error
    return found


def _run(outcomes: _Outcomes, folder: Path, only: str) -> None:
    import pytest

    tests = Path(__file__).with_name("storage_by_url.py")
    arguments = [
        str(tests),
        "-c",
        os.devnull,
        "--rootdir",
        str(tests.parent),
        "--basetemp",
        str(folder),
        "--import-mode=importlib",
    ]
    arguments += ["-p", "no:cacheprovider", "-p", "no:terminal", *(["-k", only] if only else [])]
    with _alone():
        code = pytest.main(arguments, plugins=[outcomes])
    # Interrupted: by somebody, or because a shared place could not be cleared; the report tells how far it came.
    ran = {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED}
    if code not in ran or not outcomes.tests:
        raise InvalidValue("infoint.testing", "only" if only else "tests", f"pytest ended with {code!r}: no test was run")


@contextmanager
def _alone() -> Iterator[None]:
    """The environment without what changes the ways of pytest: options and plugins of whatever project this is called in."""
    before = dict(os.environ)
    os.environ.pop("PYTEST_ADDOPTS", None)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _report(storage: Storage, outcomes: _Outcomes, *, strict: bool) -> dict[str, Any]:
    tests = list(outcomes.tests.values())
    return {
        "infoint": version("infoint"),
        "contract": list(Storage.contract),
        "storage": {
            "scheme": outcomes.places.scheme,
            "type": f"{type(storage).__module__}.{type(storage).__qualname__}",
            "contract": list(storage.contract),
            "capabilities": [one.name for one in Capability if one and one in storage.capabilities],
        },
        "strict": strict,
        "shared_place": outcomes.places.shared,
        "counts": {
            outcome: sum(test["outcome"] == outcome for test in tests) for outcome in ("passed", "failed", "skipped", "not run")
        },
        "tests": tests,
    }
