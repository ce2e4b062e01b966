"""What a text is found by: its words, the same for every storage, so that all of them find the same. Keeping and asking for words is
each storage's business.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

LONGEST_WORD: Final = 64
"""Code points; of longer words the beginning counts, in a text as in a question."""
MOST_BYTES: Final = 500_000
"""UTF-8 bytes of the distinct words of one text; what comes after them is not found. (PostgreSQL's tsvector ends at 1 MiB.)"""
MOST_ASKED: Final = 32
"""Distinct words of one question; what comes after them is not asked for."""

# Scripts that write no spaces between words: each character stands for itself. Kana, ideographs and Hangul come before the rest.
_ALONE: Final = "\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD: Final = re.compile(rf"[{_ALONE}]|[^\W_{_ALONE}]+")
_ASCII_WORD: Final = re.compile("[a-z0-9]+")
_MARKS: Final = re.compile("[\u0300-\u036f]+")


def words_of(text: str) -> tuple[str, ...]:
    """The distinct words of a text, in the order in which they first occur: runs of letters and digits, casefolded, without accents;
    ideographs and kana one by one.
    """
    if text.isascii() and len(text) <= MOST_BYTES:
        # What the rest comes to, where there is nothing to decompose and nothing to leave out.
        return tuple(dict.fromkeys(word[:LONGEST_WORD] for word in _ASCII_WORD.findall(text.lower())))
    return tuple(_within(_distinct(text), MOST_BYTES))


def asked_words(text: str) -> tuple[str, ...]:
    """The words of a question. A text answers it if each of them is the beginning of one of the text's words; a question without a
    word is answered by none.
    """
    return words_of(text)[:MOST_ASKED]


def has_words(text: str, asked: tuple[str, ...]) -> bool:
    """Whether a text answers a question."""
    words = words_of(text)
    return all(any(word.startswith(one) for word in words) for one in asked)


def _distinct(text: str) -> Iterator[str]:
    # Compatibility forms first (full width, ligatures), then case, then what either of the two has taken apart.
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = _MARKS.sub("", folded)
    # Composed again, so that Hangul is a syllable a character.
    found = _WORD.findall(unicodedata.normalize("NFC", plain))
    return iter(dict.fromkeys(word[:LONGEST_WORD] for word in found))


def _within(words: Iterator[str], most: int) -> Iterator[str]:
    for word in words:
        most -= len(word.encode())
        if most < 0:
            return
        yield word
