"""The words of questions in one language, apart from what they ask about: a file holds texts only, so that tags are written once.
Which questions there are is `question_bank`'s.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from attrs import field, frozen

from infoint.errors import InvalidValue
from infoint.model import fields
from infoint.model.question import Topic
from infoint.practice.arguments import demand
from infoint.practice.toml_tables import known_keys, tables, texts

_QUESTION: Final = ("id", "text", "probes")
_SET: Final = ("name", "title")


@frozen
class QuestionWording:
    """One question in one language."""

    text: str = field(converter=fields.as_line, validator=fields.line(required=True))
    probes: tuple[str, ...] = field(default=(), converter=fields.as_lines, validator=fields.lines())
    """What to ask on, if the answer stays short."""


def _worded(value: Mapping[str, QuestionWording]) -> Mapping[str, QuestionWording]:
    demand("QuestionWordings", "questions", value, Mapping)
    for wording in value.values():
        demand("QuestionWordings", "questions", wording, QuestionWording)
    return MappingProxyType(dict(value))


def _named(value: Mapping[str, str]) -> Mapping[str, str]:
    demand("QuestionWordings", "texts", value, Mapping)
    for text in value.values():
        demand("QuestionWordings", "texts", text, str)
    return MappingProxyType(dict(value))


@frozen(kw_only=True)
class QuestionWordings:
    """A bank's texts in one language; `bank.worded(wordings)` uses them."""

    language: str = field(converter=fields.as_line, validator=fields.line(required=True))
    """BCP 47 tag."""
    questions: Mapping[str, QuestionWording] = field(converter=_worded)
    """By question id."""
    titles: Mapping[str, str] = field(factory=dict, converter=_named)
    """By the name of a set."""
    topics: Mapping[str, str] = field(factory=dict, converter=_named)
    """How a sentence speaks of a topic ("a typical day"), by its slug."""


def wordings_from(table: Mapping[str, Any], source: str) -> QuestionWordings:
    """What a file holds: `language`, `[[question]]` with id, text and probes, `[[set]]` with name and title, `[topics]`.

    Raises InvalidValue naming the source, the question or set, and the key.
    """
    known_keys(table, {"language", "question", "set", "topics"}, source)
    language = table.get("language")
    if not isinstance(language, str) or not language.strip():
        raise InvalidValue(source, "language", 'is needed: a BCP 47 tag, as "fr"')
    topics = texts(table, "topics", source)
    for topic in topics:
        _known_topic(topic, source)
    return QuestionWordings(
        language=language,
        questions=_by_name(table, "question", "id", source),
        titles=_by_name(table, "set", "name", source),
        topics=topics,
    )


def _by_name(table: Mapping[str, Any], kind: str, key: str, source: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in tables(table, kind, source):
        name = row.get(key)
        where = f"{source}, {kind} {name!r}"
        if not isinstance(name, str):
            raise InvalidValue(where, key, "is missing" if name is None else "needs a text")
        if name in found:
            raise InvalidValue(where, key, "is there twice")
        found[name] = _wording(row, where) if kind == "question" else _title(row, where)
    return found


def _wording(row: Mapping[str, Any], where: str) -> QuestionWording:
    known_keys(row, _QUESTION, where)
    try:
        return QuestionWording(text=row.get("text", ""), probes=row.get("probes", ()))
    except InvalidValue as error:
        raise InvalidValue(where, error.field, error.problem, value=error.value) from None


def _title(row: Mapping[str, Any], where: str) -> str:
    known_keys(row, _SET, where)
    title = row.get("title")
    if not isinstance(title, str) or not title.strip():
        raise InvalidValue(where, "title", "needs a text")
    return title


def _known_topic(topic: str, source: str) -> None:
    try:
        Topic(topic)
    except InvalidValue as error:
        raise InvalidValue(f"{source}, topics", topic, error.problem) from None
