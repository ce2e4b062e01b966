"""Reads a campaign.toml written by hand: strictly, and with the line and key of whatever cannot be. What the tables are for is
said in job_search.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from attrs import asdict

from infoint import InfointError, codec
from infoint.errors import InvalidValue
from infoint.model import OpenName, Value

Table = dict[str, Any]
V = TypeVar("V", bound=Value)


class Slip(Exception):
    """Something in the file that cannot be: in which table, under which key, and why."""

    def __init__(self, table: Table, key: str, why: object) -> None:
        self.table, self.key, self.why = table, key, why
        super().__init__(f"{key}: {why}")


class CampaignFile:
    """The file and the tables in it. Raises SystemExit, with a line to read, for what is no TOML."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.text = path.read_text(encoding="utf-8-sig")
        try:
            self.tables: Table = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            lines = self.text.splitlines()
            number = min(int(found[1]), len(lines)) if (found := re.search(r"line (\d+)", str(error))) else len(lines)
            raise SystemExit(f"{self.name}, line {number}: {lines[number - 1].strip()!r} is no TOML: {error}") from None

    def tell(self, slip: Slip) -> str:
        """As in: campaign.toml, line 47: talk "bo-1", format: needs one of in-person, video, phone."""
        path = next(_paths_to(slip.table, self.tables), ())
        outermost = _at(self.tables, path[:2]) if len(path) > 1 else {}
        names = (f'{path[0]} "{outermost[key]}", ' for key in ("key", "profile") if key in outermost and key != slip.key)
        line = self._line((*path, slip.key)) or self._line(path) or 1
        return f"{self.name}, line {line}: {next(names, '')}{slip}"

    def _line(self, path: tuple[Any, ...]) -> int:
        """The first line by which the file holds what is at the path; 0 where it never does."""
        lines, begin = self.text.splitlines(), 0
        if len(path) > 1 and isinstance(path[1], int):  # begin at its header, to read little of the file so often
            headers = [n for n, line in enumerate(lines) if re.match(rf"\s*\[\[\s*{re.escape(path[0])}\s*]]", line)]
            if path[1] < len(headers):
                begin, path = headers[path[1]], (path[0], 0, *path[2:])
        for end in range(begin + 1, len(lines) + 1):
            for closing in ("", "]", '"""', "'''"):  # of what goes on in the next line
                try:
                    _at(tomllib.loads("\n".join(lines[begin:end]) + closing), path)
                except (tomllib.TOMLDecodeError, LookupError, TypeError):
                    continue
                return end
        return 0


@contextmanager
def reading(table: Table) -> Iterator[None]:
    """What cannot be in here is a slip in this table, or in one within it."""
    try:
        yield
    except InvalidValue as error:  # its field is a path: "insights[2].topic"
        *way, key = [int(part) if part.isdigit() else part for part in re.split(r"[][.]+", error.field) if part]
        while isinstance(key, int) and way:
            key = way.pop()
        raise Slip(_at(table, way), str(key), error.problem) from error
    except InfointError as error:
        raise Slip(table, "agenda" if isinstance(error, LookupError) else "event", error) from error
    except KeyError as error:
        raise Slip(table, str(error.args[0]), "is missing") from error
    except TypeError as error:  # Python names the key that is missing, or too many
        named = re.findall(r"arguments?:? '(\w+)'", str(error))
        if not named:
            raise
        raise Slip(table, named[0], "is not known here" if named[0] in table else "is missing") from error


def load(kind: type[V], table: Table, *, without: Iterable[str] = ()) -> V:
    """The value that a table describes. Keys and names that `codec.load` would carry along unknown are slips in such a file."""
    value = codec.load(kind, {key: _plain(part) for key, part in table.items() if key not in without})
    _demand_known(asdict(value), "")
    return value


def only(table: Table, *keys: str) -> None:
    """Raises InvalidValue for any other key in the table."""
    for key in table.keys() - set(keys):
        raise InvalidValue("file", key, f"is not known here; there are {', '.join(keys)}")


def chosen(table: Table, choices: Mapping[str, Iterable[str]]) -> Table:
    """The table with its words replaced by those there are to choose from, which are worth more than text."""
    for key in table.keys() & choices.keys():
        if table[key] not in list(choices[key]):
            raise InvalidValue("file", key, f"needs one of {', '.join(choices[key])}, got {table[key]!r}")
    return {key: next(one for one in choices[key] if one == word) if key in choices else word for key, word in table.items()}


def tables(table: Table, key: str) -> list[Table]:
    """The tables under a key, each `key` in them once."""
    found = table.get(key, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Slip(table, key, "takes tables: [[…]], or [{ … }, { … }]")
    keys = [one.get("key") for one in found]
    for number, one in enumerate(found):
        if "key" in one and one["key"] in keys[:number]:
            raise Slip(one, "key", "is that of an earlier table")
    return found


def noon_of(table: Table, key: str, zone: ZoneInfo) -> datetime:
    """Noon of the day under the key, or of today."""
    day = table.get(key, datetime.now(zone).date())
    if type(day) is not date:  # a time is a date too
        raise InvalidValue("file", key, "needs a day, as 2026-10-14")
    return datetime.combine(day, time(12), zone)


def _plain(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _plain(inner) for key, inner in part.items()}
    if isinstance(part, list):
        return [_plain(inner) for inner in part]
    return part.isoformat() if isinstance(part, date | time) else part


def _demand_known(part: Any, path: str) -> None:
    for name, inner in (
        part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, tuple | frozenset) else ()
    ):
        if name == "extra" and inner:
            raise InvalidValue("file", f"{path}.{next(iter(inner))}", "is not known here")
        if isinstance(inner, OpenName):
            try:
                type(inner)(inner)
            except InvalidValue as error:
                raise InvalidValue("file", f"{path}.{name}", f"{inner!s} {error.problem}") from None
        _demand_known(inner, f"{path}.{name}")


def _paths_to(wanted: Any, tree: Any) -> Iterator[tuple[Any, ...]]:
    if tree is wanted:
        yield ()
    for name, inner in tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ():
        yield from ((name, *path) for path in _paths_to(wanted, inner))


def _at(tree: Any, path: Any) -> Any:
    for step in path:
        tree = tree[step]
    return tree
