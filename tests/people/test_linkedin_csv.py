"""LinkedIn's `Connections.csv`: what the reader makes of real files' oddities, and of anything else."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from infoint import Contact, ExternalId
from infoint.errors import ImportRejected, InfointError, InvalidValue
from infoint.people import CONNECTED_ON, LinkedInReader, Rejected
from infoint.people.contract import Row

COLUMNS = ("First Name", "Last Name", "URL", "Email Address", "Company", "Position", "Connected On")
HEADER = ",".join(COLUMNS) + "\r\n"
NOTICE = (
    "Notes:\r\n"
    '"When exporting your connection data, you may notice that some addresses are missing.\r\n'
    'Members decide ""who sees them"".\r\n'
    'First Name,Last Name,URL,Email Address,Company,Position,Connected On are the columns."\r\n'
    "\r\n"
)
ANA = "Ana,Ruiz,https://www.linkedin.com/in/ana-ruiz-example,ana@oak.example,Oak Labs,Researcher,05 Mar 2024\r\n"


def read(text: str | bytes) -> list[Row]:
    return list(LinkedInReader().read(io.BytesIO(text if isinstance(text, bytes) else text.encode())))


def numbered(text: str) -> list[tuple[int, str]]:
    """Line, and name or "!" for a row that was rejected."""
    rows = LinkedInReader().read(io.BytesIO(text.encode()))
    return [(rows.line_num, row.name if isinstance(row, Contact) else "!") for row in rows]  # type: ignore[attr-defined]  # ours has it


def only(text: str | bytes) -> Contact:
    (row,) = read(text)
    assert isinstance(row, Contact)
    return row


def problem(text: str) -> str:
    (row,) = read(text)
    assert isinstance(row, Rejected)
    return row.problem


def test_a_row_becomes_a_contact() -> None:
    """Something of what LinkedIn says would be lost, or stand in the wrong field."""
    ana = only(NOTICE + HEADER + ANA)
    assert ana == Contact(
        name="Ana Ruiz",
        organization="Oak Labs",
        title="Researcher",
        emails=["ana@oak.example"],
        links=["https://www.linkedin.com/in/ana-ruiz-example"],
        external_ids=(ExternalId("linkedin", "https://www.linkedin.com/in/ana-ruiz-example"),),
        custom={"linkedin:connected-on": "2024-03-05"},
    )
    assert CONNECTED_ON.of(ana) == "2024-03-05"


# ── what stands before the rows ──────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "preamble",
    [
        "",
        "\r\n",
        "Notes:\r\n\r\n",
        NOTICE,
        "Notes:,,,,,,\r\n" + "A line\r\n" * 50,
        '"An "odd" notice, badly quoted\r\n\r\n',
        '"A notice that never ends\r\n\r\n',
        '"' + "A long notice\r\n" * 200 + '"\r\n',
    ],
    ids=["none", "blank", "short", "quoted", "long", "odd quotes", "open quote", "long and quoted"],
)
def test_the_header_is_found_wherever_it_stands(preamble: str) -> None:
    """The next version of LinkedIn's notice would make the file unreadable, or the notice a person."""
    assert numbered(preamble + HEADER + ANA) == [(preamble.count("\n") + 2, "Ana Ruiz")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_any_usual_encoding(encoding: str) -> None:
    """Whoever opened the file in a spreadsheet once would get nobody, or names with broken accents."""
    bom = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    row = "Zoë,Ångström,https://l.example/in/zoe,,Æble €,,05 Mar 2024\n"
    assert only(bom + (NOTICE + HEADER + row).encode(encoding)).name == "Zoë Ångström"


def test_one_damaged_line_spoils_no_other() -> None:
    """A single stray byte would break the accents of everybody."""
    names = [
        row.name
        for row in read(HEADER.encode() + b"Jos\xe9,Gil,,,,,\n" + "José,Díaz,,,,,\n".encode())
        if isinstance(row, Contact)
    ]
    assert names == ["José Gil", "José Díaz"]


def test_two_byte_order_marks() -> None:
    """A file that two programs have marked would have no first names."""
    assert only("\ufeff\ufeff" + HEADER + ANA).name == "Ana Ruiz"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end(end: str) -> None:
    """A file from another system would be one long line."""
    text = (NOTICE + HEADER + ANA + ANA).replace("\r\n", end)
    assert numbered(text) == [(7, "Ana Ruiz"), (8, "Ana Ruiz")]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_saved_again_by_a_spreadsheet(delimiter: str) -> None:
    """A German Excel writes semicolons, "Unicode text" tabs."""
    ana = only(f"Notes:{delimiter * 6}\n" + HEADER.replace(",", delimiter) + ANA.replace(",", delimiter))
    assert (ana.name, ana.organization) == ("Ana Ruiz", "Oak Labs")


def test_german_headings() -> None:
    """Whoever uses LinkedIn in German could not import."""
    header = "Vorname,Nachname,URL,E-Mail-Adresse,Unternehmen,Position,Verbunden am\n"
    assert only(header + ANA) == only(HEADER + ANA)


@pytest.mark.parametrize("order", list(permutations(range(7)))[::500])
def test_columns_in_any_order(order: Sequence[int]) -> None:
    """LinkedIn has moved columns before; names would become companies."""
    cells = ANA.strip().split(",")
    text = ",".join(COLUMNS[i] for i in order) + "\n" + ",".join(cells[i] for i in order) + "\n"
    assert only(text) == only(HEADER + ANA)


@pytest.mark.parametrize("missing", COLUMNS)
def test_a_column_may_be_missing(missing: str) -> None:
    """Older exports have no URL column."""
    place = COLUMNS.index(missing)
    cells = ANA.strip().split(",")
    del cells[place]
    ana = only(",".join(name for name in COLUMNS if name != missing) + "\n" + ",".join(cells))
    assert ana.name in {"Ana Ruiz", "Ana", "Ruiz"}
    assert ana.external_ids


def test_unknown_columns_are_kept() -> None:
    """What LinkedIn adds one day would be lost silently; or be taken for something it is not."""
    header = HEADER.strip() + ",Pronouns,,Company,connected-on,Company\n"
    ana = only(header + ANA.strip() + ",she,x,Oak GmbH,2020,Ash\n")
    assert ana.organization == "Oak Labs"
    assert dict(ana.custom) == {
        "linkedin:connected-on": "2024-03-05",
        "linkedin:pronouns": "she",
        "linkedin:column-9": "x",
        "linkedin:company": "Oak GmbH",
        "linkedin:connected-on-11": "2020",
        "linkedin:company-12": "Ash",
    }


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("Ana", "", "Ana"),
        ("", "Ruiz", "Ruiz"),
        ("  Ana ", " Ruiz  ", "Ana Ruiz"),
        ("Dr. Ana 🌱", "Ruiz, PhD", "Dr. Ana 🌱 Ruiz, PhD"),
        ("小明", "王", "小明 王"),
        ("נועה", "לוי", "נועה לוי"),
        ("Ana\nMaria", "Ruiz", "Ana Maria Ruiz"),
        ('Ana "Annie"', "Ruiz", 'Ana "Annie" Ruiz'),
        ("=cmd()", "<b>", "=cmd() <b>"),
    ],
)
def test_names_stay_as_they_are(first: str, last: str, name: str) -> None:
    """Somebody would be addressed by a name that is not theirs."""
    out = io.StringIO()
    csv.writer(out).writerow([first, last, "https://l.example/in/x", "", "", "", ""])
    assert only(HEADER + out.getvalue()).name == name


def test_lines_are_counted_as_an_editor_counts() -> None:
    """The explorer would look for the broken row on the wrong line."""
    text = (
        NOTICE  # 1 to 5
        + HEADER  # 6
        + ANA  # 7
        + "\n"  # 8: blank, no row
        + ",,,,,,\n"  # 9: as good as blank
        + 'Bo,Li,,,"Pine\nWorks\r\nLtd",Engineer,05 Mar 2024\n'  # 10 to 12
        + "Cy,Doe\n"  # 13: too few
        + "Di,Doe,,,A,B,05 Mar 2024,,\n"  # 14: empty cells too many do no harm
        + "Ed,Doe,,,A,B, C,05 Mar 2024\n"  # 15: an unquoted comma
        + 'Flo,Doe,,,"A\nB",C,05 Mar 2024,x\n'  # 16 and 17: one broken row of two lines
        + ",,,,Oak,,05 Mar 2024\n"  # 18: nobody
        + "Gi,Doe,javascript:alert(1),,,,\n"  # 19
        + "Hu,Doe,,no address,,,\n"  # 20
        + HEADER  # 21
        + "Ivo,Doe,,,,,someday\n"  # 22
    )
    assert numbered(text) == [
        (7, "Ana Ruiz"),
        (10, "Bo Li"),
        (13, "!"),
        (14, "Di Doe"),
        (15, "!"),
        (16, "!"),
        (18, "!"),
        (19, "!"),
        (20, "!"),
        (21, "!"),
        (22, "Ivo Doe"),
    ]
    assert [(row.line, row.problem) for row in read(text) if isinstance(row, Rejected)] == [
        (13, "has 2 cells, the header has 7: a delimiter is missing, or stands in a cell without quotation marks"),
        (15, "has 8 cells, the header has 7: a delimiter is missing, or stands in a cell without quotation marks"),
        (16, "has 8 cells, the header has 7: a delimiter is missing, or stands in a cell without quotation marks"),
        (18, "First Name: is empty, and so is the other part of the name"),
        (19, "URL: is no http or https address"),
        (20, "Email Address: takes plain addresses, as ana@oak.example"),
        (21, "is the header once more"),
    ]


@pytest.mark.parametrize(
    "broken",
    [
        '"Bo,Li,https://l.example/in/bo,,,,\n',
        '"Bo" Li,Li,https://l.example/in/bo,,,,\n',
        'Bo,Li,https://l.example/in/bo,,"Oak,,\n',
    ],
)
@pytest.mark.parametrize(
    "after", ["", 'Cy,Doe,https://l.example/in/cy,,"Oak, Inc",,\n', 'Cy,"Doe",https://l.example/in/cy,,,,\n']
)
def test_an_open_quotation_mark_takes_nobody_along(broken: str, after: str) -> None:
    """All rows after a stray quotation mark would vanish into one cell."""
    many = "".join(f"N{number},Doe,https://l.example/in/{number},,,,\n" for number in range(300))
    found = numbered(HEADER + broken + after + many)
    assert found[0] == (2, "!")
    names = [name for _, name in found[1:]]
    assert names == [*(["Cy Doe"] if after else []), *(f"N{number} Doe" for number in range(300))]


def test_a_row_swallowed_into_a_cell_is_found() -> None:
    """Two rows whose quotation marks happen to match would become one person with an absurd name."""
    text = HEADER + '"Bo,Li,https://l.example/in/bo,,,,\nCy",Doe,https://l.example/in/cy,,,,\n'
    assert [line for line, _ in numbered(text)] == [2, 3]
    assert numbered(text)[0][1] == "!"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("05 Mar 2024", "2024-03-05"),
        ("5 March 2024", "2024-03-05"),
        ("29-Feb-2024", "2024-02-29"),
        ("01 DEC 1999", "1999-12-01"),
        ("2024-03-05", "2024-03-05"),
        ("31 Feb 2024", "31 Feb 2024"),
        ("05 März 2024", "05 März 2024"),
        ("05 Xyz 2024", "05 Xyz 2024"),
        ("3/5/24, 2:21 PM", "3/5/24, 2:21 PM"),
        ("2024-13-05", "2024-13-05"),
    ],
)
def test_the_day_of_the_connection(written: str, kept: str) -> None:
    """A day would be misread, depend on the machine's language, or cost a person."""
    assert CONNECTED_ON.of(only(HEADER + f'Ana,Ruiz,,,,,"{written}"\n')) == kept


@pytest.mark.parametrize(
    "address",
    [
        "https://www.linkedin.com/in/ana",
        "https://www.linkedin.com/in/ana/",
        "http://www.linkedin.com/in/ana",
        "HTTPS://WWW.LinkedIn.com/in/ana//",
    ],
)
def test_an_address_has_one_form(address: str) -> None:
    """The same profile, written otherwise in the next export, would be another person."""
    ana = only(HEADER + f"Ana,Ruiz,{address},,,,\n")
    assert ana.external_ids == (ExternalId("linkedin", "https://www.linkedin.com/in/ana"),)
    assert ana.links == (address,)


def test_what_may_differ_stays_different() -> None:
    """Two people would become one."""
    paths = ("/in/ana", "/in/Ana", "/in/ana?x=1", "/in/ana?x=1/", "/in/%C3%A1na", "/in/ána")
    ids = {only(HEADER + f"Ana,Ruiz,https://l.example{path},,,,\n").external_ids for path in paths}
    assert len(ids) == len(paths)


def test_without_an_address_name_and_day_tell_who_it_is() -> None:
    """The next export would bring everybody once more."""
    ana = only(HEADER + "Ana,Ruiz,,,Oak,,05 Mar 2024\n")
    assert ana.external_ids == (ExternalId("linkedin-connection", "Ana Ruiz, 2024-03-05"),)
    assert only(HEADER + "Ana,Ruiz,,,Ash,Boss,05 Mar 2024\n").external_ids == ana.external_ids
    assert only(HEADER + "Ana,Ruiz,,,,,\n").external_ids == (ExternalId("linkedin-connection", "Ana Ruiz"),)


@pytest.mark.parametrize(
    ("row", "heading"),
    [
        ("A,{long},,,,,", "First Name"),
        ("A,B,,,{long},,", "Company"),
        ("A,B,,{long}@oak.example,,,", "Email Address"),
        ("A,B,https://l.example/{long},,,,", "URL"),
    ],
)
def test_what_is_too_long_is_one_rejected_row(row: str, heading: str) -> None:
    """One absurd cell would keep everybody out."""
    rows = read(HEADER + row.replace("{long}", "x" * 2_000) + "\n" + ANA)
    assert isinstance(rows[0], Rejected)
    assert rows[0].problem.startswith(f"{heading}: ")
    assert isinstance(rows[1], Contact)


def test_a_cell_larger_than_csv_takes() -> None:
    """The csv module's own limit would come out as its own error."""
    rows = read(HEADER + "A,B,,," + "x" * 200_000 + ",,\n" + ANA)
    assert [type(row) for row in rows] == [Rejected, Contact]


# ── other formats ────────────────────────────────────────────────────────────────────────────────
OUTLOOK = "First Name,Middle Name,Last Name,Title,Suffix,Web Page,Birthday,Notes,E-mail Address,Home Phone,Company,Job Title\n"
GOOGLE = "First Name,Middle Name,Last Name,Nickname,Birthday,Notes,Organization Name,Labels,E-mail 1 - Value\nAna,,Ruiz,,,,,,\n"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "an empty file"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"BEGIN:VCARD\r\nFN:Ana Ruiz\r\nEND:VCARD\r\n", "a vCard"),
        (b"<html><body>Ana Ruiz</body></html>", "HTML or XML"),
        (b'[{"name": "Ana Ruiz"}]', "JSON"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "no text"),
        (b"Dear Ana Ruiz,\nthank you\n", "no such row in the first 2 lines"),
        (b"First Name\nAna Ruiz\n", "no such row in the first 2 lines"),
        (b"URL,Company,Position\nAna Ruiz\n", "no such row in the first 2 lines"),
        (OUTLOOK.encode(), "no such row in the first 1 lines"),
        (GOOGLE.encode(), "no such row in the first 2 lines"),
        (b"Ana Ruiz\n" * 5_000 + HEADER.encode(), "no such row in the first 1000 lines"),
    ],
)
def test_another_format_is_rejected_as_a_whole(content: bytes, found: str) -> None:
    """The explorer would get hundreds of broken rows instead of one sentence, or that sentence would show private words."""
    with pytest.raises(ImportRejected, match="First Name, Last Name, URL") as caught:
        read(content)
    assert str(caught.value).endswith(f"was expected; found {found}")
    assert caught.value.format == "linkedin"
    assert "Ana" not in str(caught.value)


def test_a_stream_of_text_is_a_mistake() -> None:
    """`open(path)` instead of `open(path, "rb")` would fail somewhere deep inside."""
    with pytest.raises(InvalidValue, match='mode "rb"'):
        list(LinkedInReader().read(io.StringIO(HEADER + ANA)))  # type: ignore[arg-type]  # the mistake under test


# ── the ZIP ──────────────────────────────────────────────────────────────────────────────────────
def zipped(*names: str, content: bytes = (NOTICE + HEADER + ANA).encode(), packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name in names:
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("name", ["Connections.csv", "Basic_LinkedInDataExport/Connections.csv", "connections.CSV"])
def test_the_zip_linkedin_gives(name: str) -> None:
    """The explorer would have to know how to unpack it."""
    assert only(zipped("Profile.csv", name, "__MACOSX/._Connections.csv")) == only(HEADER + ANA)


class Once(io.RawIOBase):
    """As a download: gives a few bytes at a time and cannot be wound back."""

    def __init__(self, content: bytes) -> None:
        self._content = io.BytesIO(content)

    def read(self, size: int = -1) -> bytes:
        return self._content.read(min(size, 3))


@pytest.mark.parametrize("content", [zipped("Connections.csv"), (HEADER + ANA).encode()], ids=["zip", "csv"])
def test_streams_that_cannot_be_wound_back(content: bytes) -> None:
    """What comes from a web upload could not be imported."""
    assert [row.name for row in LinkedInReader().read(Once(content)) if isinstance(row, Contact)] == ["Ana Ruiz"]  # type: ignore[arg-type]  # as typeshed has it, no BinaryIO


class OnlyRead:
    """The least a stream can be."""

    def __init__(self, *pieces: object) -> None:
        self._pieces = list(pieces)

    def read(self, size: int) -> object:
        piece = self._pieces.pop(0) if self._pieces else b""
        if isinstance(piece, Exception):
            raise piece
        return piece


@pytest.mark.parametrize(
    ("pieces", "error"),
    [
        ((b"Firs", OSError("gone")), ImportRejected),
        ((ValueError("closed"),), ImportRejected),
        ((None,), InvalidValue),
        ((b"more than four bytes",), InvalidValue),
    ],
)
def test_streams_that_fail(pieces: Sequence[object], error: type[InfointError]) -> None:
    """A broken connection would come out as an error nobody is told of."""
    with pytest.raises(error):
        list(LinkedInReader().read(OnlyRead(*pieces)))  # type: ignore[arg-type]  # a poor stream


def test_a_stream_that_only_reads() -> None:
    """Upload objects of web frameworks are no files."""
    rows = LinkedInReader().read(OnlyRead(b"Firs", (HEADER + ANA).encode()[4:]))  # type: ignore[arg-type]  # a poor stream
    assert [type(row) for row in rows] == [Contact]


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (zipped("Profile.csv", "messages.csv"), "this one has 0 among 2 files"),
        (zipped("a/Connections.csv", "b/Connections.csv"), "this one has 2 among 2 files"),
        (zipped("Connections.csv", packing=zipfile.ZIP_BZIP2), "packed in an unusual way"),
        (zipped("Connections.csv")[:-30], "damaged or incomplete"),
        (zipped("Connections.csv", content=b""), "found an empty file"),
        (b"PK\x03\x04" + b"x" * 100, "damaged or incomplete"),
    ],
)
def test_zips_that_cannot_be_read(content: bytes, match: str) -> None:
    """A half download would come out as an error of the ZIP module."""
    for source in (io.BytesIO(content), Once(content)):
        with pytest.raises(ImportRejected, match=match):
            list(LinkedInReader().read(source))  # type: ignore[arg-type]  # as typeshed has it, no BinaryIO


def test_an_encrypted_zip() -> None:
    """It would be called damaged, and be downloaded again in vain."""
    content = bytearray(zipped("Connections.csv"))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(ImportRejected, match="is encrypted"):
        read(bytes(content))


def test_a_damaged_file_in_a_zip() -> None:
    """Its checksum would be found wrong by an error of the ZIP module, after half the people."""
    content = bytearray(zipped("Connections.csv", packing=zipfile.ZIP_STORED))
    content[content.index(b"Researcher")] ^= 1
    with pytest.raises(ImportRejected, match="reading it failed: BadZipFile"):
        read(bytes(content))
    content = bytearray(zipped("Connections.csv", packing=zipfile.ZIP_STORED))
    content[0:4] = b"PK\x03\x04"
    content[26] ^= 0xFF  # the length of the name, which the list at the end says otherwise
    with pytest.raises(ImportRejected, match="damaged or incomplete"):
        read(bytes(content))


def test_a_zip_bomb_ends() -> None:
    """An archive of a few kilobytes would fill the memory."""
    content = zipped("Connections.csv", content=(HEADER + ANA).encode() + b"x" * (65 * 2**20))
    assert len(content) < 2**20
    with pytest.raises(ImportRejected, match="larger than 64 MiB"):
        next(LinkedInReader().read(io.BytesIO(content)))


@pytest.mark.parametrize("begins", [b"", (HEADER + ANA).encode()])
def test_a_stream_without_end_ends(begins: bytes) -> None:
    """A device given by mistake would fill the memory."""

    class Endless(io.RawIOBase):
        given = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            buffer[:] = (begins[self.given : self.given + len(buffer)]).ljust(len(buffer), b"x")
            self.given += len(buffer)
            return len(buffer)

    endless = Endless()
    with pytest.raises(ImportRejected, match="larger than 64 MiB"):
        list(LinkedInReader().read(endless))  # type: ignore[arg-type]  # as typeshed has it, no BinaryIO
    assert endless.given < 66 * 2**20


# ── laws ─────────────────────────────────────────────────────────────────────────────────────────
MARKS = [
    b'"',
    b",",
    b"\n",
    b"\r\n",
    b"\r",
    b";",
    b"\xff",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\0",
    b"PK\x03\x04",
    b"x",
    b"BEGIN:VCARD",
]
PARTS = [HEADER.encode(), ANA.encode(), NOTICE.encode(), "é王".encode(), zipped("Connections.csv")]
PIECES = st.sampled_from([*MARKS, *PARTS])


@given(st.lists(PIECES | st.binary(max_size=8), max_size=30).map(b"".join))
def test_any_bytes_end_in_rows_or_our_error(content: bytes) -> None:
    """Some file would end in an error that no caller expects."""
    for prefix in (b"", HEADER.encode()):
        try:
            rows = read(prefix + content)
        except InfointError:
            continue
        assert all(isinstance(row, Contact | Rejected) for row in rows)


@given(st.data())
def test_any_damage_to_a_zip_ends_in_rows_or_our_error(data: st.DataObject) -> None:
    """Some half download would end in an error that no caller expects."""
    content = bytearray(zipped("Connections.csv", "Profile.csv"))
    for place in data.draw(st.lists(st.integers(4, len(content) - 1), max_size=6)):
        content[place] = data.draw(st.integers(0, 255))
    try:
        rows = read(bytes(content[: data.draw(st.integers(4, len(content)))]))
    except InfointError:
        return
    assert all(isinstance(row, Contact | Rejected) for row in rows)


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\u2028\u2029"), max_size=12)
# Without what the model cleans away, so that what comes out can be compared with what went in.
LINES = WORDS.map(lambda text: " ".join(text.split()))


@given(st.lists(st.tuples(LINES.filter(bool), LINES, LINES, LINES), max_size=5), st.sampled_from(["\n", "\r\n"]), st.booleans())
@settings(max_examples=200)
def test_what_csv_writes_is_read(rows: list[tuple[str, str, str, str]], end: str, quoted: bool) -> None:
    """Some name, in some script, with some comma or quotation mark, would come in as another."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL)
    for number, (first, last, company, position) in enumerate(rows):
        writer.writerow([first, last, f"https://l.example/in/{number}", "", company, position, "05 Mar 2024"])
    found = read(NOTICE.encode() + HEADER.encode() + out.getvalue().encode())
    assert all(isinstance(row, Contact) for row in found)
    told = [(row.name, row.organization, row.title) for row in found if isinstance(row, Contact)]
    assert told == [(" ".join(filter(None, (first, last))), company, position) for first, last, company, position in rows]


def test_rows_come_while_the_file_is_read() -> None:
    """A large file would have to fit into memory before anything is seen of it."""

    def lines() -> Iterator[bytes]:
        yield (NOTICE + HEADER).encode()
        for number in range(100_000):
            yield f"N{number},Doe,https://l.example/in/{number},,,,\n".encode()

    class Slow:
        given = 0

        def __init__(self) -> None:
            self._lines = lines()

        def read(self, size: int) -> bytes:
            self.given += 1
            return b"Note" if self.given == 1 else b"s:\n" if self.given == 2 else next(self._lines, b"")

    slow = Slow()
    first = next(LinkedInReader().read(slow))  # type: ignore[arg-type]  # a poor stream
    assert isinstance(first, Contact)
    assert slow.given < 1_000


def test_the_example_of_the_reader_is_a_file(tmp_path: Path) -> None:
    """Reading an open file would need more than opening it, or close it."""
    path = tmp_path / "Connections.csv"
    path.write_text(NOTICE + HEADER + ANA, encoding="utf-8", newline="")
    with path.open("rb") as file:
        assert [type(row) for row in LinkedInReader().read(file)] == [Contact]
        assert not file.closed
