"""Rules from TOML: the shipped ones, and an app's own. What a rule means is `follow_up_rule`'s."""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from attrs import NOTHING, fields_dict

from infoint.errors import InfointError, InvalidValue
from infoint.model.follow_up import FollowUpKind
from infoint.model.interview_status import InterviewStatus
from infoint.practice.follow_up_rule import Anchor, Deadline, FollowUpRule, Offset, Per


@cache
def shipped_rules() -> tuple[FollowUpRule, ...]:
    """The rules of the practice (§7), read once."""
    name = "follow_up_rules.toml"
    return read_rules(files("infoint.practice").joinpath("data", name).read_text(encoding="utf-8"), name)


def read_rules(toml: str, source: str) -> tuple[FollowUpRule, ...]:
    """Rules from TOML, `[[rule]]` tables with the fields of FollowUpRule. `source` is what errors call it.

    Raises InvalidValue that names the source, the rule and the key.
    """
    try:
        document = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise InvalidValue("rules", source, f"is not TOML: {error}") from None
    tables = document.pop("rule", [])
    if document:
        raise InvalidValue("rules", source, f"has [[rule]] tables and nothing else, not {_named(document)}")
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise InvalidValue("rules", source, "needs [[rule]] tables")
    return tuple(_rule(table, f"{source}, rule {number}") for number, table in enumerate(tables, 1))


def _rule(table: Mapping[str, Any], where: str) -> FollowUpRule:
    try:
        _check_keys(table, FollowUpRule)
        return FollowUpRule(**{key: _value(key, given) for key, given in table.items()})
    except (InfointError, ValueError) as error:
        raise InvalidValue("rules", where, str(error)) from error


def _check_keys(table: Mapping[str, Any], kind: type) -> None:
    known = fields_dict(kind)
    if unknown := table.keys() - known:
        raise ValueError(f"does not know the key {_named(unknown)}; there are {', '.join(known)}")
    if missing := [name for name, field in known.items() if field.default is NOTHING and name not in table]:
        raise ValueError(f"lacks the key {_named(missing)}")


def _named(keys: Any) -> str:
    return ", ".join(map(repr, sorted(keys)))


def _value(key: str, given: Any) -> Any:
    try:
        return _READ[key](given) if key in _READ else given
    except ValueError as error:
        raise ValueError(f"{key}: {error}") from error


def _offset(given: Any) -> Offset:
    _check_table(given, "{ days = 3 }")
    _check_keys(given, Offset)
    return Offset(**given)


def _deadline(given: Any) -> Deadline:
    _check_table(given, '{ anchor = "debriefed", offset = { days = 14 } }')
    _check_keys(given, Deadline)
    return Deadline(**{key: _value(key, part) for key, part in given.items()})


def _check_table(given: Any, example: str) -> None:
    if not isinstance(given, dict):
        raise ValueError(f"needs a table, as {example}")  # noqa: TRY004  # becomes InvalidValue, as all of these


def _statuses(given: Any) -> frozenset[InterviewStatus]:
    if not isinstance(given, list):
        raise ValueError('needs a list of states, as ["held", "debriefed"]')  # noqa: TRY004  # becomes InvalidValue
    return frozenset(map(InterviewStatus, given))


_READ: Final[Mapping[str, Callable[[Any], Any]]] = {
    "kind": FollowUpKind,
    "anchor": Anchor,
    "offset": _offset,
    "otherwise": _deadline,
    "during": _statuses,
    "per": Per,
}
"""How a key is read; one that is not here is as TOML has it."""
