"""Records of a CSV file of any origin: its encoding, its quotation marks, and lines counted as an editor counts. What the cells
mean is a reader's affair.
"""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from io import BufferedReader, TextIOWrapper
from typing import Final

from attrs import frozen

_STRAY_BYTE = re.compile("[\udc80-\udcff]")
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")


def text_lines(source: BufferedReader) -> Iterator[str]:
    """Lines with their ends: LF, CR LF or CR. UTF-8 with or without a byte order mark, or UTF-16 with one.

    A line that is not UTF-8 is read as Windows-1252, what spreadsheets in western Europe save: text in it is practically never
    UTF-8 by chance. Line by line, so that one damaged line does not spoil every accent in the file.
    """
    utf_16 = source.peek(2)[:2] in _UTF_16
    encoding, errors = ("utf-16", "replace") if utf_16 else ("utf-8-sig", "surrogateescape")
    for line in TextIOWrapper(source, encoding=encoding, errors=errors, newline=""):
        if not utf_16 and not line.isascii() and _STRAY_BYTE.search(line):
            yield line.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
        else:
            yield line


def split(line: str, delimiter: str) -> list[str]:
    """The cells of a single line; none where its quotation marks make none."""
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return []


@frozen(kw_only=True)
class Record:
    """What stands between two line ends outside quotation marks."""

    line: int
    """Where it begins, from 1."""
    lines: tuple[str, ...]
    cells: tuple[str, ...] | None
    """None where a quotation mark does not close; the record is then its first line only."""


class Records:
    """Goes through records. What proves not to be one record can be taken `apart` and is read again, line by line."""

    def __init__(self, lines: Iterable[str]) -> None:
        """`lines` with their ends."""
        self._lines = iter(lines)
        self._again: deque[str] = deque()
        self.count = 0
        """Lines read so far."""

    def next(self, delimiter: str) -> Record | None:
        """The next record, None at the end."""
        taken: list[str] = []
        start = self.count + 1
        try:
            cells = next(csv.reader(self._taking(taken), delimiter=delimiter, strict=True))
        except StopIteration:
            return None
        except csv.Error:
            broken = Record(line=start, lines=tuple(taken), cells=None)
            return self.apart(broken)
        return Record(line=start, lines=tuple(taken), cells=tuple(cells))

    def apart(self, record: Record) -> Record:
        """The record's first line, broken; the other lines come again as records of their own."""
        self._again.extendleft(reversed(record.lines[1:]))
        self.count -= len(record.lines) - 1
        return Record(line=record.line, lines=record.lines[:1], cells=None)

    def _taking(self, taken: list[str]) -> Iterator[str]:
        # For one record: the csv module asks for as many lines as its quotation marks want. One that never closes is stopped by
        # the next one, or by the module's limit for a cell.
        while (line := self._again.popleft() if self._again else next(self._lines, None)) is not None:
            self.count += 1
            taken.append(line)
            yield line
