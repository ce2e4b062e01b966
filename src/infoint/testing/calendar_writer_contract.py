"""What every calendar writer must do. Subclass it, say how to make one, run pytest. What a format means is the writer's own."""

import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final
from zoneinfo import ZoneInfo

from attrs import evolve

from infoint.calendar.contract import (
    Alarm,
    AllDay,
    CalendarEntry,
    CalendarHead,
    CalendarWriter,
    Classification,
    Component,
    EntryStatus,
    Timed,
)

_HOSTILE: Final = (
    "=1+1 \\N \\ ; , : \" ' ^ \t \r \n \r\n\x00\x0b\x1b\x7f\x85\u2028\u2029\ud800\udfff\ufeff\U0001f333 END:VCALENDAR"
)
_BERLIN: Final = ZoneInfo("Europe/Berlin")
_REVISED: Final = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def sample_entries() -> tuple[CalendarEntry, ...]:
    """One of each kind, sorted by uid: with and without zone, all day, to do, cancelled, in several scripts."""
    talk = CalendarEntry(
        uid="10-talk",
        when=Timed.starting(datetime(2026, 3, 27, 15, 0, tzinfo=_BERLIN), timedelta(minutes=30)),
        summary="Talk with Ana Beispiel",
        last_modified=_REVISED,
        sequence=1,
        description="Questions:\n1. What does a usual day look like?",
        location="Café Linde, Lindenallee 5",
        url="https://oak.example/people/ana",
        status=EntryStatus.CONFIRMED,
        classification=Classification.PRIVATE,
        categories=("Informational interview",),
        contact="Ana Beispiel, ana@oak.example",
        alarms=(Alarm(timedelta(minutes=-15), "Talk with Ana Beispiel"),),
        created=_REVISED - timedelta(days=3),
    )
    return (
        talk,
        evolve(talk, uid="20-cancelled", summary="Talk with Björn Ŝtono", status=EntryStatus.CANCELLED, sequence=2, alarms=()),
        CalendarEntry(
            uid="30-fair", when=AllDay(date(2026, 4, 1), days=2), summary="Fair 日本", last_modified=_REVISED, transparent=True
        ),
        CalendarEntry(
            uid="40-thanks",
            when=AllDay(date(2026, 3, 28)),
            summary="Thank Ana",
            last_modified=_REVISED,
            component=Component.TODO,
            status=EntryStatus.NEEDS_ACTION,
            related_to="10-talk",
            alarms=(Alarm(datetime(2026, 3, 28, 7, 0, tzinfo=UTC), "Thank Ana"),),
        ),
        CalendarEntry(
            uid="50-send",
            when=Timed(datetime(2026, 10, 25, 2, 30, tzinfo=_BERLIN, fold=1)),
            summary="Send the article",
            last_modified=_REVISED,
            component=Component.TODO,
            status=EntryStatus.COMPLETED,
        ),
        CalendarEntry(
            uid="60-call",
            when=Timed.starting(datetime(2026, 5, 4, 9, 0, tzinfo=timezone(timedelta(hours=-3))), timedelta(minutes=20)),
            summary="Call Chidi",
            last_modified=_REVISED,
        ),
    )


class _MadeAnew(Collection[CalendarEntry]):
    """As an export gives them: every pass makes its entries."""

    def __iter__(self) -> Iterator[CalendarEntry]:
        return iter(sample_entries())

    def __len__(self) -> int:
        return len(sample_entries())

    def __contains__(self, entry: object) -> bool:
        return entry in sample_entries()


class CalendarWriterContract(ABC):
    """Subclass it as `TestMyWriter` and give `make_writer`; pytest runs the rest."""

    @abstractmethod
    def make_writer(self) -> CalendarWriter:
        """A writer with its default settings; asked for more than once in a test."""

    def visible_text(self, content: bytes) -> str:
        """What a reader of the file sees, for the test that no entry is lost. Override it where that is not the bytes as UTF-8."""
        return content.decode()

    def write(self, entries: Collection[CalendarEntry]) -> bytes:
        """The file that a fresh writer makes of `entries`."""
        return b"".join(self.make_writer().chunks(entries, CalendarHead()))

    def test_same_entries_same_bytes(self) -> None:
        """A writer that reads a clock, counts its files or makes random ids would change every file every time."""
        writer = self.make_writer()
        first, again = (b"".join(writer.chunks(sample_entries(), CalendarHead())) for _ in range(2))
        assert first == again, "a second file of the same entries differs"
        assert first == self.write(sample_entries()), "another writer's file of the same entries differs"

    def test_entries_made_anew_by_each_pass(self) -> None:
        """A writer that needs a list, or expects the same objects in a second pass, would fail on a real export."""
        assert self.write(_MadeAnew()) == self.write(sample_entries())

    def test_empty_is_a_whole_file(self) -> None:
        """An export without entries has to be a file that says so, not an empty one that looks like a failed run."""
        empty = self.write(())
        assert empty, "nothing was written"
        assert isinstance(self.visible_text(empty), str)
        assert len(empty) < len(self.write(sample_entries()))

    def test_every_summary_appears(self) -> None:
        """An entry of some kind would be lost."""
        seen = self.visible_text(self.write(sample_entries()))
        missing = [entry.summary for entry in sample_entries() if entry.summary not in seen]
        assert not missing, f"not in the file: {missing}"

    def test_hostile_text_is_survived(self) -> None:
        """A pasted control character or half a character in one entry would cost a person the whole calendar."""
        talk, *others = sample_entries()
        hostile = evolve(
            talk,
            summary=_HOSTILE,
            description=_HOSTILE,
            location=_HOSTILE,
            contact=_HOSTILE,
            categories=(_HOSTILE,),
            alarms=(Alarm(timedelta(minutes=-5), _HOSTILE),),
        )
        content = b"".join(self.make_writer().chunks((hostile, *others), CalendarHead(name=_HOSTILE, description=_HOSTILE)))
        seen = self.visible_text(content)
        assert all(entry.summary in seen for entry in others), "the entries after it are gone"

    def test_chunks_are_bytes(self) -> None:
        """Text chunks would be written in whatever encoding the machine has."""
        kinds = {type(chunk) for chunk in self.make_writer().chunks(sample_entries(), CalendarHead())}
        assert kinds == {bytes}

    def test_media_type_and_suffix(self) -> None:
        """A web server and a file system could not say what the file is."""
        writer = self.make_writer()
        assert re.fullmatch(r"[a-z]+/[a-z0-9][a-z0-9.+-]*(; ?[a-z-]+=[\w.-]+)*", writer.media_type), writer.media_type
        assert re.fullmatch(r"\.[a-z0-9]+", writer.suffix), writer.suffix
