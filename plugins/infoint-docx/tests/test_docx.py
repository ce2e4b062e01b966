"""The plugin, the contract of every renderer, and what a word processor finds in the file."""

import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

pytest.importorskip("docx", reason="infoint-docx is tested in an environment of its own, with its dependencies")
pytest.importorskip("infoint_docx", reason="infoint-docx is tested in an environment of its own, with its dependencies")

import docx
import infoint_docx
from docx.oxml.ns import qn
from infoint_docx.renderer import DocxRenderer

from infoint import PluginHost
from infoint.errors import InvalidValue, PluginError
from infoint.notes import (
    Block,
    Bullets,
    Checklist,
    Document,
    Fields,
    Figure,
    Link,
    Markdown,
    NoteRenderer,
    Paragraph,
    Quote,
    Section,
    Strong,
    Table,
    WritingSpace,
    prep_sheet,
)
from infoint.testing import RendererContract, check_plugin, document_of, sample_campaign

HOSTILE = (
    '<w:p><w:r><w:t>x</w:t></w:r></w:p> ]]> &amp; <!-- --> <?xml version="1.0"?> {{ field }} MERGEFIELD "x" \\* MERGEFORMAT '
    "a\x00b\x07c\x1bd\x7fe\ufffef\uffffg \ud800 \U0001f9ed \u202egpj =cmd|' /C calc'!A0"
)


def render(*blocks: Block, **about: Any) -> bytes:
    return DocxRenderer().render(document_of(*blocks, **about))


def read(content: bytes) -> Any:
    return docx.Document(BytesIO(content))


def lines(content: bytes) -> list[tuple[str, str]]:
    """Style and text of each line outside of tables, but for the title and the empty ones."""
    return [(one.style.name, one.text) for one in read(content).paragraphs[1:] if one.text]


def words(content: bytes) -> str:
    """All letters of the text, in their order."""
    shown = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:p"): "\n"}
    return "".join(
        one.text or "" if one.tag == qn("w:t") else shown.get(one.tag, "") for one in read(content).element.body.iter()
    )


# ── the plugin ───────────────────────────────────────────────────────────────────────────────────
def test_plugin_says_what_it_means() -> None:
    """A hook would be misspelt, take what it is not given, or leave a name without an owner."""
    check_plugin(infoint_docx)


@pytest.mark.parametrize(
    ("format", "file", "width"), [("docx", "sheet.docx", 210), ("docx-letter", "sheet-letter.docx", 215.9)]
)
def test_both_papers_are_offered(format: str, file: str, width: float) -> None:
    """A format would be missing, or would be on the other paper."""
    made = PluginHost([infoint_docx]).render(document_of(), format)
    assert made.filename == file
    assert read(made.content).sections[0].page_width.mm == pytest.approx(width, abs=0.1)


def test_other_papers_are_refused() -> None:
    """A misspelt paper would be an error of Python's."""
    with pytest.raises(InvalidValue, match="A4, Letter"):
        DocxRenderer(paper="a4")


def test_without_python_docx_the_error_names_the_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has the plugin without its dependency would not learn what is missing."""
    monkeypatch.setitem(__import__("sys").modules, "infoint_docx.renderer", None)
    with pytest.raises(PluginError, match=r"infoint_docx.*'docx' could not be made"):
        PluginHost([infoint_docx]).render(document_of(), "docx")


class TestDocxRenderer(RendererContract):
    """The contract of every renderer, test by test."""

    strict = True

    def make_renderer(self) -> NoteRenderer:
        """On A4."""
        return DocxRenderer()

    def visible_text(self, rendered: bytes) -> str:
        """All letters of the text."""
        return words(rendered)

    def structure(self, rendered: bytes) -> list[object]:
        """All elements of the body with the names of their attributes; a text itself may say that it begins with a space."""
        body = read(rendered).element.body
        return [(one.tag, *(sorted(one.attrib) if one.tag != qn("w:t") else ())) for one in body.iter()]

    def addresses(self, rendered: bytes) -> list[str]:
        """Of the live links."""
        return [link.url for line in read(rendered).paragraphs for link in line.hyperlinks]


# ── the file ─────────────────────────────────────────────────────────────────────────────────────
def test_file_says_title_and_language_and_neither_name_nor_date() -> None:
    """The file would tell who made it, when, or with what; or be read aloud in the wrong voice."""
    content = render(Paragraph("x"), title="Talk\nwith Zoë", language="pt-BR")
    about = read(content).core_properties
    assert (about.title, about.language) == ("Talk with Zoë", "pt-BR")
    assert (about.author, about.last_modified_by, about.comments) == ("", "", "")
    assert about.created is None
    assert about.modified is None
    with ZipFile(BytesIO(content)) as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [name for name in file.namelist() if "thumbnail" in name]
        assert set(re.findall(r'<w:lang [^>]*w:val="([^"]+)"', file.read("word/styles.xml").decode())) == {"pt-BR"}


@pytest.mark.parametrize(
    "block",
    [
        Paragraph(HOSTILE),
        Paragraph((Strong(HOSTILE), Link(HOSTILE, HOSTILE), Link(HOSTILE, "https://oak.example/"))),
        Bullets((HOSTILE,)),
        Bullets((HOSTILE,), numbered=True),
        Checklist(((True, HOSTILE),)),
        Table((HOSTILE,), ((HOSTILE,),), HOSTILE),
        Fields(((HOSTILE, HOSTILE),)),
        Quote(HOSTILE, HOSTILE),
        Figure(HOSTILE, HOSTILE, HOSTILE),
        Markdown(HOSTILE),
        Section(key="inner", title=HOSTILE, blocks=()),
    ],
    ids=lambda block: type(block).__name__,
)
def test_any_text_is_text(block: Block) -> None:
    """A character that XML cannot hold would be an error, or the file be called broken; a field would be run."""
    content = render(block, Paragraph("behind"), title=HOSTILE)
    shown = words(content)
    assert shown.count("<w:p><w:r><w:t>x</w:t></w:r></w:p> ]]> &amp; <!-- -->") >= 2
    assert "abcde\ufffdf\ufffdg" in shown
    assert "behind" in shown
    with ZipFile(BytesIO(content)) as file:
        body = file.read("word/document.xml").decode()
    assert "w:instrText" not in body
    assert "w:fldSimple" not in body


def test_only_safe_addresses_are_live() -> None:
    """A click would run a script, or an address be called the reason why the file cannot be opened."""
    refused = ("javascript:alert(1)", "file:///etc/passwd", "http://[", "http://", "https://oak.example/" + "y" * 9_000)
    good = ("https://oak.example/ü?a=b", "mailto:ana@oak.example", "tel:+34600000000")
    content = render(*(Paragraph((Link("here", url),)) for url in (*refused, *good)), Paragraph((Link("", good[0]),)))
    found = [link for line in read(content).paragraphs for link in line.hyperlinks]
    assert [(link.text, link.url) for link in found] == [
        ("here", "https://oak.example/%C3%BC?a=b"),
        ("here", good[1]),
        ("here", good[2]),
        (good[0], "https://oak.example/%C3%BC?a=b"),
    ]
    assert all(f"here ({url})" in words(content) for url in refused)


@pytest.mark.parametrize("text", ["a" * 1_000_000, "word " * 200_000], ids=["one word", "words"])
def test_a_text_of_a_megabyte_is_all_there(text: str) -> None:
    """A long text would be cut, or be too deep for the reader of XML."""
    assert text.strip() in words(render(Paragraph(text)))


# ── what is in it ────────────────────────────────────────────────────────────────────────────────
def test_headings_are_in_styles_without_a_gap() -> None:
    """The word processor would show no outline, or a table of contents with a level missing."""
    deep = Section(key="deep", title="Deep", blocks=(Paragraph("x"),))
    made = Document(
        name="x",
        title="Top",
        to="Ana",
        subject="Thanks",
        sections=(Section(key="a", title="A", blocks=(Section(key="b", title="", blocks=(deep,)),)),),
    )
    file = read(DocxRenderer().render(made))
    assert [(one.style.name, one.text) for one in file.paragraphs] == [
        ("Title", "Top"),
        ("Normal", "To: Ana"),
        ("Normal", "Subject: Thanks"),
        ("Heading 1", "A"),
        ("Heading 2", "Deep"),
        ("Normal", "x"),
    ]


def test_lists_are_lists() -> None:
    """Items would be lines that look like a list and are none."""
    content = render(Bullets(("one", ("two ", Strong("loud")))), Bullets(("first",), numbered=True), Quote("said", "Ana"))
    assert lines(content) == [
        ("List Bullet", "one"),
        ("List Bullet", "two loud"),
        ("List Number", "first"),
        ("Quote", "said"),
        ("Normal", "— Ana"),
    ]
    assert [run.text for line in read(content).paragraphs for run in line.runs if run.bold] == ["loud"]


def test_each_numbered_list_begins_at_one() -> None:
    """The second list would go on where the first one ended."""
    file = read(
        render(Bullets(("a", "b"), numbered=True), Paragraph("x"), Bullets(("c",), numbered=True), Bullets((), numbered=True))
    )
    ids = [line._p.pPr.numPr.numId.val for line in file.paragraphs if line.style.name == "List Number"]
    assert ids[0] == ids[1] != ids[2]
    starts = {one.numId: one.find(qn("w:lvlOverride")) for one in file.part.numbering_part.element.num_lst}
    assert all(starts[number].find(qn("w:startOverride")).get(qn("w:val")) == "1" for number in ids)


def test_boxes_can_be_ticked_and_say_whether_they_are() -> None:
    """A checklist would be a list of letters, or say the wrong thing."""
    content = render(Checklist(((False, "ask"), (True, "asked"))))
    assert "\u2610 ask" in words(content)
    assert "\u2612 asked" in words(content)
    name = "{http://schemas.microsoft.com/office/word/2010/wordml}"
    boxes = list(read(content).element.body.iter(f"{name}checked"))
    assert [one.get(f"{name}val") for one in boxes] == ["0", "1"]


def test_tables_repeat_their_header_and_keep_their_rows() -> None:
    """On the second page nobody would know what the columns are, or a row would be cut."""
    made = Table(("Topic", "Said"), (("Pay", "fair\nenough"), ("Hours", "")), caption="What was said")
    content = render(made, made)
    first, second = read(content).tables
    assert [[cell.text for cell in row.cells] for row in first.rows] == [
        ["Topic", "Said"],
        ["Pay", "fair\nenough"],
        ["Hours", ""],
    ]
    assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in second.rows] == [True, False, False]
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in second.rows)
    assert all(run.bold for cell in first.rows[0].cells for run in cell.paragraphs[0].runs)
    captions = [line for line in read(content).paragraphs if line.text == "What was said"]
    assert len(captions) == 2
    assert captions[0].paragraph_format.keep_with_next
    assert first._tbl.getnext().tag == qn("w:p"), "two tables in a row are read as one"


def test_room_to_write_in_is_ruled_and_stays_with_its_question() -> None:
    """There would be no lines to write on, or they would be on the page after the question."""
    question = Section(key="q", title="Which one?", blocks=(Paragraph("Why"), Bullets(("Probe",)), WritingSpace(4)))
    file = read(render(question))
    (room,) = file.tables
    borders = room._tbl.tblPr.find(qn("w:tblBorders"))
    assert [border.tag for border in borders] == [qn("w:bottom"), qn("w:insideH")]
    assert all(border.get(qn("w:val")) == "single" for border in borders)
    assert len(room.rows) == 4
    assert all(row.height.mm == pytest.approx(8, abs=0.1) for row in room.rows)
    kept = [line.paragraph_format.keep_with_next for line in file.paragraphs if line.text in {"Why", "Probe"}]
    assert kept == [True, True]
    assert file.styles["Heading 1"].paragraph_format.keep_with_next
    assert [bool(row.cells[0].paragraphs[0].paragraph_format.keep_with_next) for row in room.rows] == [True] * 3 + [False]


def test_styles_are_not_looked_for_in_each_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long report would take six times as long: python-docx looks through all styles, twice for each line."""

    def look(*_: object) -> None:
        raise AssertionError

    blocks = (
        Paragraph("a"),
        Bullets(("b",)),
        Bullets(("c",), numbered=True),
        Quote("d"),
        Table(("e",), ()),
        Fields((("f", "g"),)),
    )
    monkeypatch.setattr("docx.styles.styles.Styles._get_style_id_from_name", look)
    assert ("Quote", "d") in lines(render(*blocks))


def test_pictures_are_told() -> None:
    """Who opens the file would not learn that there is a picture, nor what it shows."""
    assert lines(render(Figure("<svg/>", "Pipeline", "Three talks are planned"))) == [
        ("Normal", "Pipeline\nThree talks are planned")
    ]


ARABIC = "مرحبا"


def directions(content: bytes) -> list[tuple[str, bool, bool]]:
    """Of each paragraph with text, those in tables too: text, whether it runs from right to left, whether all its letters do."""
    found = []
    for line in read(content).element.body.iter(qn("w:p")):
        runs = [run for run in line.iter(qn("w:r")) if any(one.text for one in run.iter(qn("w:t")))]
        text = "".join(one.text or "" for one in line.iter(qn("w:t")))
        if text:
            marked = [run.find(f"{qn('w:rPr')}/{qn('w:rtl')}") is not None for run in runs]
            found.append((text, line.find(f"{qn('w:pPr')}/{qn('w:bidi')}") is not None, all(marked)))
    return found


def test_text_runs_as_its_letters_do() -> None:
    """An Arabic name would stand at the wrong edge, with its full stop before it."""
    content = render(
        Paragraph(f"12, {ARABIC}."), Paragraph("Ana"), Paragraph(("Ana ", Strong(ARABIC))), Table((ARABIC, "Bo"), ())
    )
    assert directions(content) == [
        ("Sheet", False, False),
        (f"12, {ARABIC}.", True, True),
        ("Ana", False, False),
        (f"Ana {ARABIC}", False, False),
        (ARABIC, True, True),
        ("Bo", False, False),
    ]
    assert read(content).element.body.find(f".//{qn('w:bidiVisual')}") is None


def test_bold_words_are_bold_whichever_way_they_run() -> None:
    """Labels and headers in Hebrew or Arabic would be thin: word processors ask `w:bCs` there and not `w:b` (ISO 29500-1, 17.3.2.2)."""
    content = render(Paragraph((Strong(ARABIC), ARABIC, Strong(f"Ana {ARABIC}"))), Table((ARABIC,), ((ARABIC,),)))
    runs = [run.rPr for run in read(content).element.body.iter(qn("w:r"))][1:]
    bold = [[run.find(qn(tag)) is not None for tag in ("w:b", "w:bCs")] if run is not None else [] for run in runs]
    assert bold == [[True, True], [False, False], [True, True], [True, True], [False, False]]


def test_a_document_of_such_a_language_runs_so() -> None:
    """A line that begins with a Latin name would stand at the other edge than the lines around it."""
    content = render(Paragraph("Ana"), Paragraph(ARABIC), Table(("Ana",), ()), title="1", language="ar-EG")
    assert directions(content) == [("1", True, False), ("Ana", True, False), (ARABIC, True, True), ("Ana", True, False)]
    (table,) = read(content).tables
    assert table._tbl.tblPr.find(qn("w:bidiVisual")) is not None


def test_marks_of_direction_stand_where_the_schema_wants_them() -> None:
    """Word would call the file broken."""
    content = render(
        Paragraph(Strong(ARABIC)),
        Paragraph(Link(ARABIC, "https://oak.example")),
        Bullets((ARABIC,)),
        WritingSpace(2),
        Table((ARABIC,), ((ARABIC,),)),
        language="he",
    )
    body = read(content).element.body
    order = ["pStyle", "keepNext", "keepLines", "numPr", "bidi", "spacing", "ind", "jc", "rPr"]
    letters = ["rStyle", "rFonts", "b", "bCs", "i", "u", "rtl", "cs", "lang"]
    whole = ["tblStyle", "bidiVisual", "tblW", "jc", "tblInd", "tblBorders", "tblLayout", "tblLook"]
    for tag, places in (("w:pPr", order), ("w:rPr", letters), ("w:tblPr", whole)):
        assert list(body.iter(qn(tag)))
        for properties in body.iter(qn(tag)):
            names = [one.tag.rpartition("}")[2] for one in properties]
            assert names == sorted(names, key=places.index)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed: apt-get install libreoffice-writer")
def test_libreoffice_opens_it(tmp_path: Path) -> None:
    """A word processor would call the file broken, or show less than is in it."""
    campaign = sample_campaign()
    (tmp_path / "sheet.docx").write_bytes(DocxRenderer().render(prep_sheet(campaign.interviews[0], campaign)))
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--convert-to",
        "txt:Text (encoded):UTF8",
    ]
    subprocess.run([*command, "--outdir", tmp_path, tmp_path / "sheet.docx"], check=True, capture_output=True, timeout=120)
    shown = (tmp_path / "sheet.txt").read_text(encoding="utf-8")
    assert all(item.question.text in shown for item in campaign.interviews[0].agenda)
