"""Sentences that practice makes for the explorer and that are kept as they are made: why a question is asked, what a follow-up is
for. They come in the explorer's language. What a document says is `infoint.notes`'s, and names alone are `labels`'s.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Final

from infoint.practice.languages import lookup, read_shipped, shipped
from infoint.practice.rule_files import shipped_rules
from infoint.practice.toml_tables import parsed, texts

_SENTENCES = "sentences"
# Spanish "y" and "o" give way before their own sound: Ana e Inés, but Ana y Iara; uno u otro.
_OWN_SOUND: Final = {
    ("es", "and"): re.compile(r"h?[ií](?![aeouáéóú])", re.IGNORECASE),
    ("es", "or"): re.compile(r"h?[oó]", re.IGNORECASE),
}


def sentence(key: str, language: str, **fields: str) -> str:
    """The sentence of a key ("why.unheard"), filled in, in a language (a BCP 47 tag) as far as infoint ships it, else in English."""
    return next(found for tag in _tags(language) if (found := _shipped(tag).get(key))).format_map(fields)


def listed(items: Iterable[str], language: str) -> str:
    """As in: Ana Ruiz, Bo Li and Cy Dee."""
    *others, last = items
    return sentence(f"list.{joint('and', last, language)}", language, others=", ".join(others), last=last) if others else last


def joint(word: str, last: str, language: str) -> str:
    """How the last of several is joined: as `word` says ("and" or "or"), or "and.sound", where the plain one would run into it."""
    clash = _OWN_SOUND.get((language.partition("-")[0].casefold(), word))
    return f"{word}.sound" if clash and clash.match(last) else word


@lru_cache(maxsize=512)
def summary_in(language: str, kind: str, summary: str) -> str:
    """What a follow-up's rule says of it, with its fields: in the language where it is ours. An app's own words stay as they are."""
    if summary != _ours().get(kind):
        return summary
    return next((found for tag in _tags(language) if (found := _shipped(tag).get(f"follow-up.{kind}"))), summary)


def languages_of_sentences(first: str) -> tuple[str, ...]:
    """Those that something may have been worded in; first the one given."""
    return tuple(dict.fromkeys((first, *shipped(_SENTENCES))))


def _tags(language: str) -> Iterable[str]:
    return (tag for tag in lookup(language) if tag in shipped(_SENTENCES))


@cache
def _shipped(tag: str) -> Mapping[str, str]:
    name = shipped(_SENTENCES)[tag]
    tables = parsed(read_shipped(name), name)
    return MappingProxyType({f"{part}.{key}": text for part in tables for key, text in texts(tables, part, name).items()})


@cache
def _ours() -> Mapping[str, str]:
    return MappingProxyType({str(rule.kind): rule.summary for rule in shipped_rules()})
