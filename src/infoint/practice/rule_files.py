"""Rules from TOML: the shipped ones, and an app's own. What a rule means is `follow_up_rule`'s."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

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
        tables = tomllib.loads(toml).get("rule", [])
    except tomllib.TOMLDecodeError as error:
        raise InvalidValue("rules", source, f"is not TOML: {error}") from None
    if not isinstance(tables, list):
        raise InvalidValue("rules", source, "needs [[rule]] tables")
    return tuple(_rule(table, f"{source}, rule {number}") for number, table in enumerate(tables, 1))


def _rule(table: Any, where: str) -> FollowUpRule:
    try:
        given = dict(table)
        otherwise = given.pop("otherwise", None)
        rule = FollowUpRule(
            kind=FollowUpKind(given.pop("kind")),
            anchor=Anchor(given.pop("anchor")),
            offset=Offset(**given.pop("offset")),
            otherwise=Deadline(Anchor(otherwise["anchor"]), Offset(**otherwise["offset"])) if otherwise else None,
            during=frozenset(map(InterviewStatus, given.pop("during"))),
            per=Per(given.pop("per", Per.INTERVIEW)),
            **given,
        )
    except InfointError as error:
        raise InvalidValue("rules", where, str(error)) from error
    except KeyError as error:
        raise InvalidValue("rules", where, f"lacks the key {error}") from None
    except (TypeError, ValueError) as error:
        raise InvalidValue("rules", where, str(error)) from None
    return rule
