"""What documents say, by key, as data: languages, and styles within a language. Which text stands where is the builders' affair
(`infoint.notes.documents`).

A text holds its own words and `{fields}` that are filled in. Only plain names stand in braces, and only those the key has: nothing
is looked up, computed or run (a literal brace is written twice).
"""

import re
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Protocol, TypeAlias, runtime_checkable

from attrs import Attribute, field, frozen

from infoint.errors import ImportRejected, InvalidValue
from infoint.plugin import Registrar
from infoint.practice.languages import OURS, lookup
from infoint.practice.toml_tables import parsed

NAME: Final = re.compile(r"[a-z]{2,8}(?:-[a-z0-9]{1,8})*(?::[a-z0-9]+(?:-[a-z0-9]+)*)?\Z")
"""Of a wording: a language tag in small letters, "es-mx", or a style of that language, "en:acme-formal"."""
NEEDS: Final = 'needs a language tag in small letters, as "es-mx", or a style of one, as "en:acme-formal"'
_BRACES: Final = re.compile(r"\{\{|\}\}|\{(?P<field>[a-z][a-z0-9_]*)\}|(?P<stray>[{}])")
_LARGEST_FILE: Final = 1 << 20
"""Bytes; what is shipped has less than a fiftieth of it."""


@runtime_checkable
class TextFile(Protocol):
    """A file as `pathlib` and `importlib.resources` give it."""

    def read_bytes(self) -> bytes:
        """All of it."""
        ...


def _frozen(value: Any) -> Mapping[str, str]:
    return MappingProxyType(dict(value)) if isinstance(value, Mapping) else value


@frozen(kw_only=True)
class Wordings:
    """One language, or one style of it. What it leaves out is said as its `base` says it.

    Raises InvalidValue, which names the key: for a key there is none of, a text that is empty, anything in braces that is no field of
    that key (`wording_fields()` lists them), and, without a base, a key that is missing.
    """

    name: str = field()
    """A language tag in small letters, or a style: "es", "es-mx", "en:acme-formal". Errors name it."""
    texts: Mapping[str, str] = field(converter=_frozen, repr=lambda texts: f"<{len(texts)} texts>")
    """Its own, by key."""
    base: "Wordings | None" = field(default=None, repr=lambda base: repr(base and base.name))
    whole: Mapping[str, str] = field(init=False, eq=False, repr=False)
    """Every text, those of the base too."""

    @whole.default
    def _with_base(self) -> Mapping[str, str]:
        # What is none of its type is refused a step later.
        below = self.base.whole if isinstance(self.base, Wordings) else {}
        return MappingProxyType({**below, **(self.texts if isinstance(self.texts, Mapping) else {})})

    @name.validator
    def _check_name(self, attribute: "Attribute[Any]", value: Any) -> None:
        if not isinstance(value, str) or not NAME.match(value):
            raise InvalidValue("Wordings", attribute.name, NEEDS, value=value)

    @texts.validator
    def _check_texts(self, attribute: "Attribute[Any]", value: Any) -> None:
        if not isinstance(value, Mapping):
            raise InvalidValue("Wordings", attribute.name, f"needs texts by key, got {type(value).__name__}", value=value)
        known = wording_fields()
        for key, text in value.items():
            _check_text(f"wordings {self.name!r}", key, text, known)

    @base.validator
    def _check_base(self, attribute: "Attribute[Any]", value: Any) -> None:
        if value is not None and not isinstance(value, Wordings):
            raise InvalidValue("Wordings", attribute.name, f"needs Wordings, got {type(value).__name__}", value=value)
        for key in () if value else wording_fields():
            if key not in self.texts:
                raise InvalidValue(f"wordings {self.name!r}", key, "is missing, and there is no base to take it from")

    @property
    def language(self) -> str:
        """The tag, without the style."""
        return self.name.partition(":")[0]

    def __contains__(self, key: object) -> bool:
        """Whether there is such a key."""
        return key in self.whole

    def say(self, key: str, **fields: str | int) -> str:
        """The text, filled in. Raises InvalidValue for a key there is none of, and for a field of the text that was not given."""
        text = self.whole.get(key)
        if text is None:
            raise InvalidValue(f"wordings {self.name!r}", key, f"is no key of ours{_nearest(key)}")
        try:
            return text.format_map(fields)  # what may stand in braces was checked when this was made
        except KeyError as missing:
            raise InvalidValue(f"wordings {self.name!r}", key, f"needs the field {missing}") from None


WordingSource: TypeAlias = Mapping[str, object] | str | PathLike[str] | TextFile | Wordings
"""Texts by key, in tables or not; or the TOML file that holds them, or its path; or wordings made of them."""
WordingFactory: TypeAlias = Callable[[], WordingSource]
WordingRegistrar: TypeAlias = Registrar[WordingFactory]


def wording_fields() -> Mapping[str, frozenset[str]]:
    """Every key there is, with the fields its text may use: those of the English text."""
    return _known()


def shipped_wordings(language: str = OURS) -> Wordings:
    """What infoint says in a language (a BCP 47 tag): "es-MX" is looked up as itself, then as "es", then as "en". Raises InvalidValue
    for what is no text.
    """
    return next(_shipped(tag) for tag in lookup(language) if tag in _languages())


def read_wordings(source: WordingSource, name: str, base: Wordings | None = None) -> Wordings:
    """Wordings from a mapping or a TOML file, in which tables only shorten keys: `greeting` in `[letter]` is "letter.greeting". Of
    wordings made already their own texts are taken, with those of their bases up to a shipped one: what lies below is `base`.

    Raises ImportRejected for a file that is no TOML in UTF-8 of up to 1 MiB or cannot be read, else InvalidValue naming the wordings
    and the key: also for what is no source, and for wordings of another name.
    """
    table = _own(source, name) if isinstance(source, Wordings) else source
    if not isinstance(table, Mapping):
        table = parsed(_content(table, name), f"wordings {name!r}")
    return Wordings(name=name, texts=dict(_flat(table, f"wordings {name!r}")), base=base)


def shipped_file(language: str) -> TextFile:
    """Where the texts of a language are that is shipped, "en" or "es"."""
    return files("infoint.notes").joinpath("data", f"wordings.{language}.toml")


@cache
def _languages() -> frozenset[str]:
    return frozenset(place.name.split(".")[1] for place in files("infoint.notes").joinpath("data").iterdir())


@cache
def _shipped(tag: str) -> Wordings:
    return read_wordings(shipped_file(tag), tag, None if tag == OURS else _shipped(OURS))


@cache
def _known() -> Mapping[str, frozenset[str]]:
    name = f"wordings {OURS!r}"
    texts = _flat(parsed(_content(shipped_file(OURS), OURS), name), name)
    return MappingProxyType({key: frozenset(_fields_in(str(text))) for key, text in texts})


def _fields_in(text: str) -> Iterator[str]:
    return (found["field"] for found in _BRACES.finditer(text) if found["field"])


def _check_text(where: str, key: object, text: object, known: Mapping[str, frozenset[str]]) -> None:
    if not isinstance(key, str) or key not in known:
        raise InvalidValue(where, str(key), f"is no key of ours{_nearest(str(key))}", value=key)
    if not isinstance(text, str) or not text.strip():
        raise InvalidValue(where, key, "needs a text", value=text)
    for found in _BRACES.finditer(text):
        there = ", ".join(f"{{{name}}}" for name in sorted(known[key])) or "none"
        if found["stray"]:
            problem = (
                f"a brace at {found.start()} begins or ends no field: only a plain name stands in braces; there are: {there}"
            )
            raise InvalidValue(where, key, problem, value=text)
        if found["field"] and found["field"] not in known[key]:
            raise InvalidValue(where, key, f"has no field {{{found['field']}}}; there are: {there}", value=text)


def _own(made: Wordings, name: str) -> Mapping[str, object]:
    if made.name != name:
        raise InvalidValue("Wordings", "name", f"is {made.name!r}, offered as {name!r}: give both one name", value=made)
    layers, layer = [made.texts], made.base
    while layer is not None and not (layer.name in _languages() and layer == _shipped(layer.name)):
        layers.append(layer.texts)
        layer = layer.base
    return ChainMap(*map(dict, layers))


def _nearest(key: str) -> str:
    near = get_close_matches(key, wording_fields(), 1)
    return f"; did you mean {near[0]}?" if near else ""


def _flat(table: Mapping[Any, object], where: str) -> Iterator[tuple[str, object]]:
    """Whatever stands in tables, by its whole key. Without recursion: the table is somebody's."""
    waiting: list[tuple[str, object]] = [(str(key), value) for key, value in reversed([*table.items()])]
    there: set[str] = set()
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, Mapping):
            waiting += [(f"{key}.{inner}", deeper) for inner, deeper in reversed([*value.items()])]
        elif key in there:
            raise InvalidValue(where, key, "stands there twice")
        else:
            there.add(key)
            yield key, value


def _content(source: str | PathLike[str] | TextFile, name: str) -> str:
    if not isinstance(source, str | PathLike | TextFile):
        problem = f"needs texts by key, a TOML file or its path, or Wordings; got {type(source).__name__}"
        raise InvalidValue(f"wordings {name!r}", "source", problem, value=source)
    try:
        file = source if isinstance(source, TextFile) else Path(source)
        content = file.read_bytes()
        if len(content) > _LARGEST_FILE:
            raise ImportRejected("TOML", f"wordings {name!r}: is larger than 1 MiB")
        return content.decode("utf-8")
    except (OSError, ValueError) as error:
        problem = f"wordings {name!r}: {type(error).__name__}, the file {str(source)!r} cannot be read"
        raise ImportRejected("TOML", problem) from error
