"""Marks that turn the direction of writing (Unicode Standard Annex 9), and how a text keeps them to itself. Which letters run
from right to left by themselves is no matter here: that needs no marks.
"""

import re
from typing import Final

_MARKS: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_END_OF: Final = {"\u202a": "\u202c", "\u202b": "\u202c", "\u2066": "\u2069", "\u2067": "\u2069", "\u2068": "\u2069"}
"""Embeddings and isolates. Not the overrides, U+202D and U+202E: they show letters in another order than they stand in."""


def straightened(text: str) -> str:
    """`text` without these marks in every line where they do not all pair up, or where one overrides the order of letters.

    A name with a mark that is never ended would turn round whatever stands behind it: "Ana" and U+202E before "gpj.exe", a date,
    the next column. Where they pair up, as pasted from an editor for Arabic or Hebrew, they stay.
    """
    if not _MARKS.search(text):
        return text
    return "\n".join(line if _pairs_up(line) else _MARKS.sub("", line) for line in text.split("\n"))


def _pairs_up(line: str) -> bool:
    awaited: list[str] = []
    for mark in _MARKS.findall(line):
        if mark in _END_OF:
            awaited.append(_END_OF[mark])
        elif not awaited or awaited.pop() != mark:
            return False
    return not awaited
