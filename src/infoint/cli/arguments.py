"""What can be said on the command line. Next to nothing of infoint is loaded for it, so that help and typing errors are answered at once;
what is done about it is in the modules named after the commands.
"""

import re
import sys
from argparse import Action, ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter, _SubParsersAction
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from infoint.cli.discreet import DiscreetParser

FOLLOW_UPS: Final = ("event", "todo", "both", "none")
CONTENT: Final = ("busy", "first-name", "full")
"""The values of FollowUpsAs and ContentLevel; a test compares them."""
_LATEST: Final = 3_652_058
"""Days that a date of year 1 can go forward."""

EXIT_CODES: Final = """exit codes:
  0    done
  1    it could not be done; one line on standard error says why
  2    the command line is wrong
  3    with --exit-code: something is due
  4    check: problems were found; migrate --dry-run, erase-again --dry-run: there is something to do; erase-again: a line of
       the ledger could not be read; plugins: one could not be loaded
  130  interrupted
  141  whoever read the output went away before its end
  143  told to end (SIGTERM); nothing half-written stays
"""


def parsed(words: Sequence[str] | None) -> Namespace:
    """What was asked for; None: on the command line of the process. Raises SystemExit, as argparse does."""
    asked = (top := parser()).parse_args(words)
    if asked.command == "export" and asked.per_entry is not None and asked.out != "-":
        # No group of argparse: what its help looks like with a positional argument differs between versions of Python.
        top.error("OUT is one file, --per-entry many in a folder: give one of the two")
    return asked


def parser() -> ArgumentParser:
    """Of the whole command."""
    top = DiscreetParser(
        prog="infoint",
        description="Informational interviews: from a database to a calendar and a list of what is due, and what keeps a database well.\n"
        "Nothing is ever changed, except by copy in its TARGET, by migrate and by erase-again.",
        epilog=EXIT_CODES,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action=_Version, nargs=0, help="show the version of infoint and exit")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _add_export(commands)
    _add_due(commands)
    _add_copy(commands)
    _add_check(commands)
    _add_backup(commands)
    _add_migrate(commands)
    _add_erase_again(commands)
    _add_plugins(commands)
    return top


class _Version(Action):
    """Looks the version up when it is asked for, and not before: that costs more than everything else here."""

    def __call__(self, parser: ArgumentParser, *_: object) -> None:
        from importlib.metadata import PackageNotFoundError, version

        try:
            told = version("infoint")
        except PackageNotFoundError:  # run from its sources
            told = "of unknown version, since it is not installed"
        if sys.stdout is not None:  # closed by whoever started it
            sys.stdout.write(f"infoint {told}\n")
        parser.exit()


def _add_export(commands: "_SubParsersAction[DiscreetParser]") -> None:
    one = commands.add_parser(
        "export",
        help="write meetings and follow-ups as a calendar file",
        description="Write meetings and follow-ups as a calendar file. The same database gives the same bytes; a file that holds them "
        "already is not touched.",
        allow_abbrev=False,
    )
    _add_place(one)
    one.add_argument(
        "out", metavar="OUT", type=a_path, nargs="?", default="-", help="the file to write, - for standard output (default: -)"
    )
    one.add_argument(
        "--per-entry",
        metavar="FOLDER",
        type=a_path,
        help="in place of OUT: a file for each entry, in this folder; nothing there is deleted",
    )
    one.add_argument("--format", default="ics", help="a calendar format (default: ics)")
    one.add_argument("--follow-ups", choices=FOLLOW_UPS, default="event", help="what follow-ups become (default: event)")
    one.add_argument("--content", choices=CONTENT, default="full", help="how much entries tell (default: full)")
    one.add_argument("--kind", action="append", metavar="KIND", help="only follow-ups of this kind; may be given several times")
    one.add_argument(
        "--since",
        type=a_day,
        metavar="DAY",
        help="only what ends on this day or later: 2026-12-01, today, +30 or -30 days from today",
    )
    one.add_argument("--until", type=a_day, metavar="DAY", help="only what begins on this day or earlier")
    one.add_argument("--no-alarms", action="store_true", help="no reminders before meetings")
    one.add_argument("--no-cancelled", action="store_true", help="leave out what was called off or is settled")
    one.add_argument("--notes", action="store_true", help="put the explorer's own notes into descriptions")
    one.add_argument("--name", metavar="NAME", help="what the calendar is called")
    one.add_argument("--verbose", action="store_true", help="say whether the file has changed")


def _add_due(commands: "_SubParsersAction[DiscreetParser]") -> None:
    one = commands.add_parser(
        "due",
        help="list the follow-ups that are due",
        description="List the open follow-ups that are due, the most overdue first. Where nothing is due, nothing is printed.",
        allow_abbrev=False,
    )
    _add_place(one)
    one.add_argument(
        "--today", type=a_date, metavar="DATE", help="the day to count from (default: today, where the explorer is)"
    )
    one.add_argument(
        "--within", type=some_days, default=0, metavar="DAYS", help="also what is due so many days later (default: 0)"
    )
    one.add_argument(
        "--format", default="lines", help="lines, json, or a note format, as markdown, text or html (default: lines)"
    )
    one.add_argument("--exit-code", action="store_true", help="end with 3 where something is due")


def _add_copy(commands: "_SubParsersAction[DiscreetParser]") -> None:
    one = commands.add_parser(
        "copy",
        help="move house: copy workspaces into another storage",
        description="Copy workspaces into another storage, with their whole history, and compare what arrived with what was sent. Interrupted, "
        "the same command goes on. A workspace of the target that holds things of its own is refused.",
        allow_abbrev=False,
    )
    one.add_argument("source", metavar="SOURCE", help="a file, or a storage's URL; it is only read")
    one.add_argument("target", metavar="TARGET", help="a file, or a storage's URL; what is missing is made")
    one.add_argument(
        "--workspace", metavar="KEY", action="append", help="only this one; may be given several times (default: all of them)"
    )
    _add_plugins_switch(one)
    _add_telling(one)


def _add_check(commands: "_SubParsersAction[DiscreetParser]") -> None:
    one = commands.add_parser(
        "check",
        help="look for damage",
        description="Look for damage, and for records that name others which are gone. Where nothing is wrong, nothing is printed.",
        allow_abbrev=False,
    )
    _add_database(one)
    one.add_argument("--deep", action="store_true", help="have the storage look at all it keeps, which takes longer")
    one.add_argument("--erasures", metavar="LEDGER", type=a_path, help="also for people who were erased, by this ledger")
    _add_plugins_switch(one)
    one.add_argument("--json", action="store_true", help="the problems as JSON")


def _add_backup(commands: "_SubParsersAction[DiscreetParser]") -> None:
    one = commands.add_parser(
        "backup",
        help="save one state of the whole database, also while it is written",
        description="Save one state of the whole database as a file, also while others write. The file is there whole or not at all.",
        allow_abbrev=False,
    )
    _add_database(one)
    one.add_argument("file", metavar="FILE", type=a_path, help="where to; a file that is there stays, and that is an error")
    one.add_argument("--replace", action="store_true", help="take the place of a file that is there, once the new one is whole")
    _add_plugins_switch(one)
    one.add_argument("--quiet", action="store_true", help="say nothing of how far it is")


def _add_migrate(commands: "_SubParsersAction[DiscreetParser]") -> None:
    one = commands.add_parser(
        "migrate",
        help="change over what an older infoint wrote",
        description="Change over what an older infoint wrote, and print the steps; nothing, where all is of today. Make a backup first: "
        "with the older infoint, or of the file while nobody uses it.",
        allow_abbrev=False,
    )
    _add_database(one)
    one.add_argument("--dry-run", action="store_true", help="change nothing, print the steps that would be taken")
    _add_plugins_switch(one)
    _add_telling(one)


def _add_erase_again(commands: "_SubParsersAction[DiscreetParser]") -> None:
    one = commands.add_parser(
        "erase-again",
        help="after a backup was put back: erase whom it brought back",
        description="After a backup was put back: erase those who had been erased since it was made, in every workspace. Print whom, by "
        "id; nothing, where all is as it was.",
        allow_abbrev=False,
    )
    _add_database(one)
    one.add_argument(
        "ledger", metavar="LEDGER", type=a_path, help="the file in which the app notes who was erased; it is only read"
    )
    one.add_argument("--dry-run", action="store_true", help="change nothing, print who would be erased")
    _add_plugins_switch(one)
    _add_telling(one)


def _add_plugins(commands: "_SubParsersAction[DiscreetParser]") -> None:
    one = commands.add_parser(
        "plugins",
        help="list the plugins that are installed, and what they offer",
        description="List the plugins that are installed, ours first, and what all of them offer by name.",
        allow_abbrev=False,
    )
    one.add_argument("--json", action="store_true", help="as JSON")


def _add_place(one: ArgumentParser) -> None:
    _add_database(one)
    one.add_argument("--workspace", metavar="KEY", default="default", help="whose, where it holds several (default: default)")
    _add_plugins_switch(one)


def _add_database(one: ArgumentParser) -> None:
    one.add_argument("database", metavar="DATABASE", help="a file, or a storage's URL, as sqlite:interviews.db")


def _add_plugins_switch(one: ArgumentParser) -> None:
    one.add_argument("--plugins", action="store_true", help="take in the plugins that are installed")


def _add_telling(one: ArgumentParser) -> None:
    one.add_argument("--quiet", action="store_true", help="print nothing but errors")
    one.add_argument("--json", action="store_true", help="what was done as JSON")


def a_path(text: str) -> str:
    """As it stands. A URL would become folders, with the password in the name of one."""
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+(:/|:?//.*@)", text, re.DOTALL):
        raise ArgumentTypeError("needs a path, not a URL (begin it with ./ if it is one)")
    return text


def a_date(text: str) -> date:
    """Year, month and day, and nothing else that could be read in two ways."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise ArgumentTypeError("needs a date, as 2026-12-01")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError("there is no such day") from error


def a_day(text: str) -> date | timedelta:
    """A date, or how far from today: which day that is depends on where the explorer is."""
    if text == "today":
        return timedelta(0)
    if re.fullmatch(r"[+-]\d{1,7}", text, re.ASCII) and abs(int(text)) <= _LATEST:
        return timedelta(days=int(text))
    try:
        return a_date(text)
    except ArgumentTypeError as error:
        raise ArgumentTypeError(f"{error}; or today, +30, -30") from error


def some_days(text: str) -> int:
    """None or more."""
    if not re.fullmatch(r"\d{1,7}", text, re.ASCII) or int(text) > _LATEST:
        raise ArgumentTypeError("needs a number of days, 0 or more")
    return int(text)
