"""Reads the `Connections.csv` that LinkedIn gives its members, bare or in the ZIP it comes in. What becomes of the people is the
import plan's affair.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import BinaryIO, Final, Self

from attrs import frozen

from infoint.errors import ImportRejected, InvalidValue
from infoint.model.contact import Contact, ExternalId
from infoint.model.custom_field import CustomField
from infoint.model.fields import LINE_LIMIT, as_line
from infoint.people.contract import Rejected, Row
from infoint.people.csv_records import Record, Records, split, text_lines
from infoint.people.sources import unpacked
from infoint.people.web_address import canonical, is_web_address

FORMAT: Final = "linkedin"
CONNECTED_ON: Final = CustomField("linkedin:connected-on", str)
"""The day of the connection, as "2024-03-05"; as it stands in the file where it is no day we can read."""

_WITHOUT_ADDRESS: Final = "linkedin-connection"
"""Names a person by name and day of connection, where there is no address of a profile: both are the same in the next export."""
_HEADINGS: Final[Mapping[str, str]] = {
    "first name": "first",
    "vorname": "first",
    "last name": "last",
    "nachname": "last",
    "url": "url",
    "profil-url": "url",
    "email address": "email",
    "e-mail-adresse": "email",
    "e-mail": "email",
    "company": "company",
    "unternehmen": "company",
    "firma": "company",
    "position": "position",
    "connected on": "connected",
    "verbunden am": "connected",
}
_FIELDS: Final = {
    "name": "first",
    "emails": "email",
    "links": "url",
    "value": "url",  # of the ExternalId
    "organization": "company",
    "title": "position",
}
"""Which column a field of the contact comes from."""
_DELIMITERS: Final = ",;\t"
"""LinkedIn writes commas; spreadsheets save again with what their country uses, or with tabs."""
_PREAMBLE_LIMIT: Final = 1_000
"""Lines to look for the header in. It has been two and three lines long; nobody promises that it stays so."""


class LinkedInReader:
    """The format "linkedin". Each contact bears `ExternalId("linkedin", <address of the profile>)`, the address with https, its
    host in small letters and without a slash at the end; `links` keeps it as it was. See `CONNECTED_ON` for the day.

    Columns are found by their headings, English or German, in any order; one that LinkedIn did not have when this was written is
    kept in `custom` as "linkedin:<heading>". One row gives one contact or one `Rejected`: a row with something wrong in it comes
    in after it was mended. Where somebody has no address, name and day of connection say who they are.
    """

    def read(self, source: BinaryIO) -> Iterator[Row]:
        """Contacts and rejected rows, as the file is read; `line_num` is where the last one begins. Raises ImportRejected,
        InvalidValue for a stream of text.
        """
        return _NumberedRows(_rows(source))


class _NumberedRows(Iterator[Row]):
    def __init__(self, rows: Iterator[tuple[int, Row]]) -> None:
        self._rows = rows
        self.line_num = 0

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Row:
        self.line_num, row = next(self._rows)
        return row


def _rows(source: BinaryIO) -> Iterator[tuple[int, Row]]:
    with unpacked(source, FORMAT, "Connections.csv") as stream:
        beginning = stream.peek(16)[:16]
        records = Records(text_lines(stream))
        columns = _header(records, beginning)
        while record := records.next(columns.delimiter):
            cells = tuple(map(as_line, record.cells or ()))
            if record.cells is not None and not any(cells):
                continue
            if columns.swallowed_rows(record):
                record = records.apart(record)
            yield record.line, columns.row(record)


# ── the header ───────────────────────────────────────────────────────────────────────────────────
@frozen(kw_only=True)
class _Columns:
    """Which cell holds what."""

    delimiter: str
    headings: tuple[str, ...]
    places: Mapping[str, int]
    """Of the columns we know."""
    others: Mapping[str, int]
    """Of the columns we do not, by key in `custom`."""

    @classmethod
    def of(cls, cells: Sequence[str], delimiter: str) -> Self | None:
        """None where these cells are no header of LinkedIn's: a name has to be there, and most of the columns have to be known."""
        headings = tuple(as_line(cell.replace("\ufeff", "")) for cell in cells)
        places: dict[str, int] = {}
        others: dict[str, int] = {}
        for place, heading in enumerate(headings):
            known = _HEADINGS.get(heading.casefold())
            if known is not None and known not in places:
                places[known] = place
            else:
                others[_key(heading, place, others)] = place
        unknown = sum(1 for place in others.values() if headings[place])
        if not {"first", "last"} & set(places) or len(places) < 2 or len(places) <= unknown:
            return None
        return cls(delimiter=delimiter, headings=headings, places=places, others=others)

    def swallowed_rows(self, record: Record) -> bool:
        """Whether a quotation mark that stands too much has taken the rows after it into one record."""
        width = len(self.headings)
        if len(record.lines) == 1:
            return False
        if record.cells is not None and len(record.cells) == width:
            inner = (line for cell in record.cells for line in cell.splitlines() if "\n" in cell or "\r" in cell)
            return any(line.count(self.delimiter) >= width - 1 for line in inner)
        return any(len(split(line, self.delimiter)) == width for line in record.lines[1:])

    def row(self, record: Record) -> Row:
        """The contact, or what is wrong with the row."""
        problem = self._misshapen(record)
        if problem:
            return Rejected(record.line, problem)
        cells = tuple(as_line(cell) for cell in record.cells or ())
        try:
            return self._contact(cells)
        except InvalidValue as error:
            return Rejected(record.line, f"{self._heading(error.field)}: {error.problem}")

    def _misshapen(self, record: Record) -> str:
        if record.cells is None:
            return "a quotation mark does not close, or stands within a cell without being doubled"
        width, there = len(self.headings), len(record.cells)
        if there < width or any(cell.strip() for cell in record.cells[width:]):
            return f"has {there} cells, the header has {width}: a delimiter is missing, or stands in a cell without quotation marks"
        if tuple(map(as_line, record.cells[:width])) == self.headings:
            return "is the header once more"
        return ""

    def _contact(self, cells: Sequence[str]) -> Contact:
        def cell(column: str) -> str:
            return cells[self.places[column]] if column in self.places else ""

        name = " ".join(part for part in (cell("first"), cell("last")) if part)
        if not name:
            raise InvalidValue("Contact", "name", "is empty, and so is the other part of the name")
        address, email, day = cell("url"), cell("email"), _day(cell("connected"))
        if address and not is_web_address(address):
            raise InvalidValue("Contact", "links", "is no http or https address", value=address)
        custom = {key: cells[place] for key, place in self.others.items() if cells[place]}
        return Contact(
            name=name,
            organization=cell("company"),
            title=cell("position"),
            emails=(email,) if email else (),
            links=(address,) if address else (),
            external_ids=(
                ExternalId(FORMAT, canonical(address))
                if address
                else ExternalId(_WITHOUT_ADDRESS, f"{name}, {day}".strip(", ")[:LINE_LIMIT]),
            ),
            custom=custom | {CONNECTED_ON.key: day} if day else custom,
        )

    def _heading(self, name: str) -> str:
        place = self.places.get(_FIELDS.get(name, ""))
        return name if place is None else self.headings[place]


def _key(heading: str, place: int, taken: Iterable[str]) -> str:
    slug = "-".join(heading.casefold().split())[:100] or f"column-{place + 1}"
    key = f"{FORMAT}:{slug}"
    return f"{key}-{place + 1}" if key in {*taken, CONNECTED_ON.key} else key


def _header(records: Records, beginning: bytes) -> _Columns:
    while records.count < _PREAMBLE_LIMIT and (record := records.next(",")):
        # The first line only: what follows within quotation marks is the notice, even if it speaks of the columns.
        for delimiter in _DELIMITERS:
            columns = _Columns.of(split(record.lines[0], delimiter), delimiter)
            if columns is not None:
                return columns
    expected = "a row with First Name, Last Name, URL, Email Address, Company, Position, Connected On, or some of these"
    raise ImportRejected(FORMAT, f"{expected}, was expected; found {_found(beginning, records.count)}")


_BEGINNINGS: Final[tuple[tuple[Callable[[bytes], bool], str], ...]] = (
    (lambda start: not start, "an empty file"),
    (lambda start: start.startswith(b"%PDF"), "a PDF"),
    (lambda start: start.lstrip().upper().startswith(b"BEGIN:VCARD"), "a vCard"),
    (lambda start: start.lstrip().startswith(b"<"), "HTML or XML"),
    (lambda start: start.lstrip().startswith((b"{", b"[")), "JSON"),
    (lambda start: b"\0" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff")), "no text"),
)


def _found(beginning: bytes, lines: int) -> str:
    """What the file may be. Shows nothing of it: it may be anybody's."""
    for fits, what in _BEGINNINGS:
        if fits(beginning):
            return what
    return f"no such row in the first {lines} lines"


# ── cells ────────────────────────────────────────────────────────────────────────────────────────
# By table: what a locale's "%b" reads depends on the machine.
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WRITTEN: Final = re.compile(r"([0-9]{1,2})[ -]([a-z]{3})[a-z]*\.?[ -]([0-9]{4})\Z", re.IGNORECASE)
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})\Z")


def _day(text: str) -> str:
    """As "2024-03-05" what stands there as "05 Mar 2024". What is no day is given back: nobody is lost for it, and nothing."""
    written, iso = _WRITTEN.match(text), _ISO.match(text)
    if written and written[2].casefold() in _MONTHS:
        year, month, day = int(written[3]), _MONTHS.index(written[2].casefold()) + 1, int(written[1])
    elif iso:
        year, month, day = (int(part) for part in iso.groups())
    else:
        return text
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return text
