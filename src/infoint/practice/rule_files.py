"""Rules from TOML: the shipped ones, and an app's own. What a rule means is `follow_up_rule`'s."""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final, TypeVar

from attrs import NOTHING, fields_dict

from infoint.errors import InfointError, InvalidValue
from infoint.model.follow_up import FollowUpKind
from infoint.model.interview_status import InterviewStatus
from infoint.model.question import Domain, Topic
from infoint.model.touch import TouchKind
from infoint.practice.arguments import demand
from infoint.practice.course import Course
from infoint.practice.follow_up_rule import Anchor, Deadline, FollowUpRule, Offset, Per, Said
from infoint.practice.tag_rule import TagRule

R = TypeVar("R", FollowUpRule, TagRule)
N = TypeVar("N", bound=str)


@cache
def shipped_rules() -> tuple[FollowUpRule, ...]:
    """The rules of the practice (§7), read once."""
    name = "follow_up_rules.toml"
    return read_rules(files("infoint.practice").joinpath("data", name).read_text(encoding="utf-8"), name)


def read_rules(toml: str, source: str) -> tuple[FollowUpRule, ...]:
    """Rules from TOML, `[[rule]]` tables with the fields of FollowUpRule. `source` is what errors call it. `[[tag]]` tables of
    the same file are `read_tag_rules`'s.

    Raises InvalidValue that names the source, the rule and the key.
    """
    tables = _tables(toml, source)["rule"]
    return tuple(_made(FollowUpRule, table, f"{source}, rule {number}") for number, table in enumerate(tables, 1))


def read_tag_rules(toml: str, source: str) -> tuple[TagRule, ...]:
    """What is different for people with a tag, from TOML: `[[tag]]` tables with the fields of TagRule, in the order in which they
    decide. `source` and errors as in `read_rules`, whose `[[rule]]` tables may stand in the same file.
    """
    tables = _tables(toml, source)["tag"]
    return tuple(_made(TagRule, table, f"{source}, tag {number}") for number, table in enumerate(tables, 1))


def _tables(toml: str, source: str) -> dict[str, list[Mapping[str, Any]]]:
    demand("rules", source, toml, str)
    try:
        document = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise InvalidValue("rules", source, f"is not TOML: {error}") from None
    tables = {name: document.pop(name, []) for name in ("rule", "tag")}
    if document:
        raise InvalidValue("rules", source, f"has [[rule]] and [[tag]] tables and nothing else, not {_named(document)}")
    for name, some in tables.items():
        if not isinstance(some, list) or not all(isinstance(table, dict) for table in some):
            raise InvalidValue("rules", source, f"needs [[{name}]] tables")
    return tables


def _made(kind: type[R], table: Mapping[str, Any], where: str) -> R:
    try:
        _check_keys(table, kind)
        return kind(**{key: _value(key, given) for key, given in table.items()})
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
    except InvalidValue as error:
        # A name's error keeps the name to itself, as it may be private; what stands in a file of rules is not.
        told = f"{given!r} {error.problem}" if error.field == "value" else str(error)
        raise ValueError(f"{key}: {told}") from error
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


def _said(given: Any) -> Said:
    _check_table(given, '{ domains = ["advice"] }')
    _check_keys(given, Said)
    return Said(**{key: _value(key, part) for key, part in given.items()})


def _several(kind: Callable[[Any], N], example: str) -> Callable[[Any], frozenset[N]]:
    def read(given: Any) -> frozenset[N]:
        if not isinstance(given, list):
            raise ValueError(f"needs a list of {example}")  # noqa: TRY004  # becomes InvalidValue
        return frozenset(map(kind, given))

    return read


_TOPICS: Final = _several(Topic, 'topics, as ["way-in"]')
_TOUCHES: Final = _several(TouchKind, 'kinds of touch, as ["gave-back"]')


_READ: Final[Mapping[str, Callable[[Any], Any]]] = {
    "kind": FollowUpKind,
    "anchor": Anchor,
    "offset": _offset,
    "otherwise": _deadline,
    "during": _several(InterviewStatus, 'states, as ["held", "debriefed"]'),
    "per": Per,
    "in_person": _offset,
    "after": FollowUpKind,
    "said": _said,
    "domains": _several(Domain, 'domains, as ["advice"]'),
    "topics": _TOPICS,
    "except_topics": _TOPICS,
    "course": _several(Course, 'where a search may stand, as ["deciding"]'),
    "touches": _TOUCHES,
    "settled_by": _TOUCHES,
}
"""How a key is read; one that is not here is as TOML has it."""
