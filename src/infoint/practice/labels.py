"""What people read where data has a name: FollowUpKind.THANK_YOU is "Thank you", in Spanish "Agradecer". How a sentence speaks of a
topic stands beside the questions about it (`question_bank.topic_phrases`).
"""

from collections.abc import Mapping
from enum import Enum, Flag
from functools import cache
from types import MappingProxyType
from typing import Any

from attrs import field, frozen

from infoint.errors import InvalidValue
from infoint.model import fields
from infoint.model.open_name import OpenName
from infoint.practice.arguments import demand
from infoint.practice.languages import lookup, read_shipped, shipped
from infoint.practice.toml_tables import parsed, texts


def _frozen(value: Mapping[str, Mapping[str, str]]) -> Mapping[str, Mapping[str, str]]:
    demand("Labels", "kinds", value, Mapping)
    for named in value.values():
        demand("Labels", "kinds", named, Mapping)
    return MappingProxyType({kind: MappingProxyType(dict(named)) for kind, named in value.items()})


@frozen(kw_only=True)
class Labels:
    """The labels of one language."""

    language: str = field(converter=fields.as_line, validator=fields.line(required=True))
    """BCP 47 tag."""
    kinds: Mapping[str, Mapping[str, str]] = field(converter=_frozen)
    """By the name of the class ("FollowUpKind"), then by the name itself ("thank-you")."""

    def of(self, name: OpenName | Enum) -> str | None:
        """The label; None where this language has none."""
        demand("Labels.of", "name", name, OpenName, Enum)
        return self.kinds.get(type(name).__name__, {}).get(_key(name))


def label(name: OpenName | Enum, language: str = "en") -> str:
    """What to show for a name, to who reads a language (a BCP 47 tag).

    "es-MX" is looked up as itself, then as "es", then as "en". A name without a label, as a plugin's, is shown as its own words:
    "linkedin:follow-page" is "Follow page". Several letters of PEAKS are a list: "Knowledge, Skills".
    """
    demand("label", "name", name, OpenName, Enum)
    if isinstance(name, Flag) and name.name not in type(name).__members__:
        return ", ".join(label(one, language) for one in name)
    return next(filter(None, (_shipped(tag).of(name) for tag in lookup(language) if tag in shipped("labels"))), _in_words(name))


def read_labels(text: str, source: str) -> Labels:
    """Labels from TOML; `source` is what errors call it. The file holds a `language` and a table for each class of names.

    Raises ImportRejected for what is no TOML, else InvalidValue naming the source and the key.
    """
    table: dict[str, Any] = parsed(text, source)
    language = table.pop("language", None)
    if not isinstance(language, str) or not language.strip():
        raise InvalidValue(source, "language", 'is needed: a BCP 47 tag, as "fr"')
    return Labels(language=language, kinds={kind: texts(table, kind, source) for kind in table})


@cache
def _shipped(language: str) -> Labels:
    name = shipped("labels")[language]
    return read_labels(read_shipped(name), name)


def _key(name: OpenName | Enum) -> str:
    # Not str(name): an enumeration of an app, made of str and Enum, would give the name of its class too.
    return str.__str__(name) if isinstance(name, str) else (name.name or "").lower().replace("_", "-")


def _in_words(name: OpenName | Enum) -> str:
    if isinstance(name, OpenName):
        return name.label
    words = _key(name).replace("-", " ").replace("_", " ")
    return words[:1].upper() + words[1:]
