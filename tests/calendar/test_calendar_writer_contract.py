"""The kit for calendar writers: our writers pass it, and each way of being wrong fails the test that is meant for it."""

import csv
import io
import itertools
from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta

import pytest

from infoint.calendar import AllDay, CalendarEntry, CalendarHead, CalendarWriter, IcsWriter, Timed
from infoint.testing.calendar_writer_contract import CalendarWriterContract, sample_entries


class TestIcsWriter(CalendarWriterContract):
    """Our own writer."""

    def make_writer(self) -> CalendarWriter:
        return IcsWriter()

    def visible_text(self, content: bytes) -> str:
        return content.replace(b"\r\n ", b"").decode()


class CsvWriter:
    """A writer as a plugin has it: no class of ours above it, one pass, another format."""

    media_type = "text/csv"
    suffix = ".csv"

    def chunks(self, entries: Iterable[CalendarEntry], head: CalendarHead) -> Iterator[bytes]:
        yield self.row("start", "end", "summary", "location")
        for entry in entries:
            match entry.when:
                case Timed(start, end):
                    yield self.row(start.isoformat(), end.isoformat() if end else "", entry.summary, entry.location)
                case AllDay(on, days):
                    last = on + timedelta(days=days - 1)
                    yield self.row(on.isoformat(), last.isoformat(), entry.summary, entry.location)

    def row(self, *cells: str) -> bytes:
        line = io.StringIO()
        csv.writer(line).writerow("'" + cell if cell[:1] in "=+-@\t\r" else cell for cell in cells)
        return line.getvalue().encode(errors="replace")


class TestCsvWriter(CalendarWriterContract):
    """A plugin's writer."""

    def make_writer(self) -> CalendarWriter:
        return CsvWriter()


class SizedWriter(CsvWriter):
    """One that says beforehand what is coming, as a format with a table of contents does."""

    def chunks(self, entries: Collection[CalendarEntry], head: CalendarHead) -> Iterator[bytes]:  # type: ignore[override]  # more is asked for
        yield self.row(head.name, str(len(entries)), str(all(entry in entries for entry in entries)))
        yield from super().chunks(entries, head)


class TestSizedWriter(CalendarWriterContract):
    """A writer that uses all that a collection has."""

    def make_writer(self) -> CalendarWriter:
        return SizedWriter()


RUNS = itertools.count()


class Counting(CsvWriter):
    def chunks(self, entries: Iterable[CalendarEntry], head: CalendarHead) -> Iterator[bytes]:
        yield self.row(str(next(RUNS)))
        yield from super().chunks(entries, head)


class NeedsList(CsvWriter):
    def chunks(self, entries: Iterable[CalendarEntry], head: CalendarHead) -> Iterator[bytes]:
        return super().chunks([*entries[:1], *entries[1:]], head)  # type: ignore[index]  # wrong on purpose


class Silent(CsvWriter):
    def chunks(self, entries: Iterable[CalendarEntry], head: CalendarHead) -> Iterator[bytes]:
        if list(entries):
            yield from super().chunks(entries, head)


class OnlyTimed(CsvWriter):
    def chunks(self, entries: Iterable[CalendarEntry], head: CalendarHead) -> Iterator[bytes]:
        return super().chunks([entry for entry in entries if isinstance(entry.when, Timed)], head)


class Strict(CsvWriter):
    def row(self, *cells: str) -> bytes:
        return ",".join(cells).encode()


class Text(CsvWriter):
    def chunks(self, entries: Iterable[CalendarEntry], head: CalendarHead) -> Iterator[bytes]:
        yield from ("text",)  # type: ignore[misc]  # wrong on purpose


class Unnamed(CsvWriter):
    media_type = "csv"


class Dotless(CsvWriter):
    suffix = "csv"


@pytest.mark.parametrize(
    ("writer", "test"),
    [
        (Counting, "test_same_entries_same_bytes"),
        (NeedsList, "test_entries_made_anew_by_each_pass"),
        (Silent, "test_empty_is_a_whole_file"),
        (OnlyTimed, "test_every_summary_appears"),
        (Strict, "test_hostile_text_is_survived"),
        (Text, "test_chunks_are_bytes"),
        (Unnamed, "test_media_type_and_suffix"),
        (Dotless, "test_media_type_and_suffix"),
    ],
)
def test_kit_finds_what_is_wrong(writer: type[CsvWriter], test: str) -> None:
    """A plugin author would be told "done" by a kit that lets this mistake pass."""

    class Wrong(CalendarWriterContract):
        def make_writer(self) -> CalendarWriter:
            return writer()

    with pytest.raises((AssertionError, UnicodeError, TypeError)):
        getattr(Wrong(), test)()


def test_every_contract_test_is_shown_to_fail() -> None:
    """A test would be added to the kit that nothing can fail."""
    (mark,) = (mark for mark in test_kit_finds_what_is_wrong.pytestmark if mark.name == "parametrize")  # type: ignore[attr-defined]  # pytest's own
    shown = {test for _, test in mark.args[1]}
    assert shown == {name for name in dir(CalendarWriterContract) if name.startswith("test_")}


def test_samples_are_sorted_and_can_be_looked_for() -> None:
    """Writers are promised entries by uid, in a collection."""
    entries: Collection[CalendarEntry] = sample_entries()
    assert [entry.uid for entry in entries] == sorted({entry.uid for entry in entries})
