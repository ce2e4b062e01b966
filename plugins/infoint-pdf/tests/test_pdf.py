"""The plugin, the contract of every renderer, and what a page of a PDF must and must not hold."""

import shutil
import subprocess
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("typst", reason="infoint-pdf is tested in an environment of its own, with its dependencies")
pytest.importorskip("pypdf", reason="infoint-pdf is tested in an environment of its own, with its dependencies")
pytest.importorskip("infoint_pdf", reason="infoint-pdf is tested in an environment of its own, with its dependencies")

import infoint_pdf
import typst
from infoint_pdf import MissingGlyphs, PdfFailed
from infoint_pdf.renderer import PdfRenderer
from pypdf import PdfReader

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

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">{}</svg>'
EVAL = '#eval("1+1") #read("/etc/hostname") #image("x.svg") #import "@preview/cetz:0.3.1" *b* _e_ $x$ `r` <l> @r \\ // c'


def render(*blocks: Block, **about: Any) -> bytes:
    return PdfRenderer(system_fonts=False).render(document_of(*blocks, **about))


def read(content: bytes) -> PdfReader:
    return PdfReader(BytesIO(content))


def words(content: bytes) -> str:
    """Of all pages, as they are copied out of the file; where a word may be, or is, broken at the end of a line is no letter."""
    return "\n".join(page.extract_text() for page in read(content).pages).replace("\u200b", "").replace("\u00ad", "")


def without_spaces(text: str) -> str:
    return "".join(text.split()).replace("-", "")


def described(content: bytes) -> list[str]:
    """What a screen reader says in place of pictures."""

    def walk(node: Any) -> Any:
        node = node.get_object()
        if isinstance(node, list):
            for one in node:
                yield from walk(one)
        elif isinstance(node, dict):
            if "/Alt" in node:
                yield str(node["/Alt"])
            if "/K" in node:
                yield from walk(node["/K"])

    return list(walk(read(content).trailer["/Root"]["/StructTreeRoot"]))


def roles(node: Any) -> list[str]:
    node = node.get_object()
    if isinstance(node, list):
        return [role for one in node for role in roles(one)]
    if not isinstance(node, dict):
        return []
    return [*([str(node["/S"])] if "/S" in node else []), *(roles(node["/K"]) if "/K" in node else [])]


def targets(content: bytes) -> list[str]:
    pages = read(content).pages
    return [str(note.get_object()["/A"]["/URI"]) for page in pages for note in page.get("/Annots", ())]


# ── the plugin ───────────────────────────────────────────────────────────────────────────────────
def test_plugin_says_what_it_means() -> None:
    """A hook would be misspelt, take what it is not given, or leave a name without an owner."""
    check_plugin(infoint_pdf)


@pytest.mark.parametrize(("format", "file", "width"), [("pdf", "sheet.pdf", 595), ("pdf-letter", "sheet-letter.pdf", 612)])
def test_both_papers_are_offered(format: str, file: str, width: int) -> None:
    """A format would be missing, or would be on the other paper."""
    made = PluginHost([infoint_pdf]).render(document_of(), format)
    assert (made.media_type, made.filename) == ("application/pdf", file)
    assert int(read(made.content).pages[0].mediabox.width) == width


def test_other_papers_are_refused() -> None:
    """A misspelt paper would be found by typst, in the middle of a page."""
    with pytest.raises(InvalidValue, match="A4, Letter"):
        PdfRenderer(paper="a4")
    with pytest.raises(InvalidValue, match="list of folders"):
        PdfRenderer(fonts="fonts")


@pytest.mark.filterwarnings("ignore::infoint_pdf.MissingGlyphs")
class TestPdfRenderer(RendererContract):
    """The contract of every renderer, test by test."""

    strict = True

    def make_renderer(self) -> NoteRenderer:
        """With typst's own fonts: the same on every machine."""
        return PdfRenderer(system_fonts=False)

    def visible_text(self, rendered: bytes) -> str:
        """What is seen, and what is heard in place of pictures."""
        return "\n".join([words(rendered), *described(rendered)])

    def structure(self, rendered: bytes) -> list[object]:
        """The elements a screen reader is told of, what is attached, and what would be done."""
        root = read(rendered).trailer["/Root"]
        return [sorted(root), *roles(root["/StructTreeRoot"])]

    def addresses(self, rendered: bytes) -> list[str]:
        """Of the live links."""
        return targets(rendered)


# ── words stay words ─────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "block",
    [
        Paragraph(EVAL),
        Paragraph((Strong(EVAL),)),
        Bullets((EVAL,)),
        Checklist(((False, EVAL),)),
        Table((EVAL,), ((EVAL,),), EVAL),
        Fields(((EVAL, EVAL),)),
        Quote(EVAL, EVAL),
        Markdown(EVAL),
        Figure("", EVAL, EVAL),
    ],
    ids=lambda block: type(block).__name__,
)
def test_markup_of_typst_is_shown_as_it_is_written(block: Block) -> None:
    """A person's words would be run: they could read files, or load packages."""
    shown = without_spaces(words(render(block, title=EVAL)))
    assert shown.count(without_spaces(EVAL)) >= 2


def test_no_file_and_no_address_is_read_by_a_picture(tmp_path: Path) -> None:
    """A picture from elsewhere would bring a private file into the sheet, or tell a server that it is read."""
    (tmp_path / "secret.svg").write_text(SVG.format("<rect width='9' height='9'/>"), encoding="utf-8")
    for address in (f"{tmp_path}/secret.svg", f"file://{tmp_path}/secret.svg", "secret.svg", "http://127.0.0.1:9/x.svg"):
        with_image = SVG.format(f'<image href="{address}" width="9" height="9"/>')
        content = render(Figure(with_image, "Title", "Described instead"), Paragraph("behind"))
        shown = words(content) + "".join(described(content))
        assert "Described instead" in shown
        assert "behind" in shown


@pytest.mark.parametrize("svg", ["no picture", "<svg", SVG.format("&loop;"), SVG.format("<g>"), "<svg xmlns='urn:other'/>"])
def test_a_picture_that_cannot_be_drawn_is_told(svg: str) -> None:
    """One broken picture would keep the whole sheet from being made."""
    content = render(Figure(svg, "One", "Told in words"), Figure(SVG.format("<rect width='9' height='9'/>"), "Two", "A square"))
    assert "Told in words" in words(content)
    assert described(content) == ["A square"]


def test_scripts_in_pictures_are_no_part_of_the_file() -> None:
    """A picture would bring something that runs into the file."""
    content = render(Figure(SVG.format("<script>alert(1)</script><rect onclick='x()' width='9' height='9'/>"), "One", "Square"))
    assert b"JavaScript" not in content
    assert b"/JS" not in content


def test_only_safe_addresses_are_live() -> None:
    """A click would run a script, or an address typst refuses would keep the sheet from being made."""
    refused = (
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://[",
        "http://",
        "https://oak.example/" + "y" * 9_000,
        "data:,x",
    )
    good = ("https://oak.example/ü?a=b", "mailto:ana@oak.example", "tel:+34600000000")
    content = render(*(Paragraph((Link("here", url),)) for url in (*refused, *good)))
    assert targets(content) == ["https://oak.example/%C3%BC?a=b", *good[1:]]
    shown = without_spaces(words(content))
    assert all(without_spaces(url)[:40] in shown for url in (*refused, good[0]))


def test_characters_without_a_glyph_are_told_once_each() -> None:
    """Boxes would be printed without anybody knowing before, or the log would hold private words."""
    with pytest.warns(MissingGlyphs) as told:
        content = render(Paragraph("secret 漢字漢 \ufffe"), Paragraph("漢"))
    assert [one.message.characters for one in told] == [("漢", "字", "\ufffe")]
    assert "U+6F22, U+5B57, U+FFFE" in str(told[0].message)
    assert "secret" not in str(told[0].message)
    assert "secret" in words(content)
    with pytest.warns(MissingGlyphs) as told:
        render(Paragraph("漢字"), Figure(SVG.format("<text y='9'>漢 and 字</text>"), "字", "two"))
    assert {character for one in told for character in one.message.characters} == {"漢", "字"}
    assert "and 8 more" in str(MissingGlyphs(tuple("abcdefghijklmnopqrst")))


@pytest.mark.parametrize("text", ["a" * 1_000_000, "word " * 200_000], ids=["one word", "words"])
def test_a_text_of_a_megabyte_is_all_there(text: str) -> None:
    """A long text would run over the edge of the paper, or be cut."""
    # What pypdf takes minutes for, the number of pages shows: a page holds fewer than ten thousand letters.
    assert len(read(render(Paragraph(text))).pages) > len(text) / 10_000


def test_what_typst_refuses_is_an_error_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of another library would come out, with words of the document in it."""
    monkeypatch.setattr("infoint_pdf.renderer._page", lambda: b"#panic()")
    for blocks in ((Paragraph("secret"),), (Figure("<svg", "One", "secret"),)):
        with pytest.raises(PdfFailed) as caught:
            render(*blocks)
        assert isinstance(caught.value.__cause__, typst.TypstError)
        assert caught.value.facts == {"problem": "typst did not accept the page"}
        assert "secret" not in str(caught.value)


def test_without_typst_the_error_names_the_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has the plugin without its dependency would not learn what is missing."""
    monkeypatch.setitem(__import__("sys").modules, "infoint_pdf.renderer", None)
    with pytest.raises(PluginError, match=r"infoint_pdf.*'pdf' could not be made"):
        PluginHost([infoint_pdf]).render(document_of(), "pdf")


# ── the file ─────────────────────────────────────────────────────────────────────────────────────
def test_file_says_title_and_language_and_no_date() -> None:
    """A screen reader would speak in the wrong voice, a list of files show no title, or the bytes tell when they were made."""
    for language, told in [("en", "en"), ("pt-BR", "pt-BR"), ("zh-Hant-TW", "zh-TW"), ("es-419", "es")]:
        content = render(Paragraph("x"), title="Talk\nwith Zoë", language=language)
        file = read(content)
        assert file.metadata is not None
        assert file.metadata.title == "Talk with Zoë"
        assert file.metadata.author is None
        assert file.metadata.creation_date is None
        assert file.trailer["/Root"]["/Lang"] == told
        assert b"CreateDate" not in content
        assert b"<pdfuaid:part>1</pdfuaid:part>" in content or b'pdfuaid:part="1"' in content


def test_headings_are_an_outline() -> None:
    """Readers could not jump from part to part, or would find a level missing."""
    inner = Section(key="inner", title="Inner", blocks=())
    untitled = Section(key="untitled", title="", blocks=(Section(key="deep", title="Deep", blocks=()),))
    made = Document(name="x", title="Top", sections=(Section(key="part", title="Part", blocks=(inner,)), untitled))
    outline = read(PdfRenderer().render(made)).outline
    assert [one.title for one in outline if not isinstance(one, list)] == ["Top"]
    (under_top,) = (one for one in outline if isinstance(one, list))
    assert [one.title for one in under_top if not isinstance(one, list)] == ["Part", "Deep"]


def test_letterhead_is_shown() -> None:
    """Whom a letter is to, and about what, would be missing."""
    made = Document(name="letter", title="Thanks", to="Ana <ana@oak.example>", subject="Thank you", sections=())
    shown = words(PdfRenderer().render(made))
    assert "Ana <ana@oak.example>" in shown
    assert "Thank you" in shown


# ── pages ────────────────────────────────────────────────────────────────────────────────────────
def pages_of(content: bytes) -> list[str]:
    return [page.extract_text() for page in read(content).pages]


def test_header_of_a_table_is_on_each_of_its_pages() -> None:
    """On the second page nobody would know what the columns are."""
    rows = tuple((f"Question {number}", "answer " * 30, "x") for number in range(80))
    pages = pages_of(render(Table(("Topic", "Ana", "Bo"), rows, caption="What was said")))
    assert len(pages) > 2
    assert all("Topic Ana Bo" in page for page in pages)
    assert sum(page.count("What was said") for page in pages) == 1


def test_rows_are_whole_unless_they_are_higher_than_a_page() -> None:
    """A row would be cut by the end of a page, or would lose what does not fit."""
    rows = tuple((f"begin{number} {'word ' * 60} end{number}", "x") for number in range(40))
    pages = pages_of(render(Table(("Topic", "Ana"), rows)))
    assert all(any(f"begin{number} " in page and f"end{number}" in page.split() for page in pages) for number in range(40))
    tall = pages_of(render(Table(("Topic", "Ana"), (("begin " + "word " * 3_000 + "finish", "x"),))))
    assert sum(page.count("word") for page in tall) == 3_000
    assert "finish" in tall[-1]


def test_a_wide_table_goes_on_below() -> None:
    """Columns past the edge of the paper would be lost."""
    names = tuple(f"Person{number:02}" for number in range(20))
    shown = words(render(Table(("Topic", *names), (("Pay", *(f"said{number:02}" for number in range(20))),))))
    assert all(f"Person{number:02}" in shown and f"said{number:02}" in shown for number in range(20))
    assert shown.count("Topic") == shown.count("Pay") == 4


def test_a_question_is_on_the_page_of_its_lines() -> None:
    """The question would be at the foot of a page, and the room for its answer on the next."""
    for above in range(24, 60, 3):
        question = Section(
            key="question", title="Which one?", blocks=(Paragraph("Why: because"), Bullets(("Probe",)), WritingSpace(4))
        )
        made = document_of(Paragraph("\n".join(["line"] * above)), question, Paragraph("behind"))
        pages = pages_of(PdfRenderer().render(made))
        (page,) = (page for page in pages if "Which one?" in page)
        assert "Why: because" in page
        assert "Probe" in page


def test_what_leads_on_is_on_the_page_of_what_follows() -> None:
    """A page would end with what somebody was asked, and the next begin with what they said, or with nothing but their name."""
    for above in range(36, 52):
        for follows in (Quote("It depends\non the day", "Ana"), Bullets(("It depends", "on the day, Ana"))):
            part = Section(key="asked", title="Which one?", blocks=(Paragraph("Asked her"), follows))
            made = document_of(Paragraph("\n".join(["line"] * above)), part, Paragraph("behind"))
            (page,) = (page for page in pages_of(PdfRenderer().render(made)) if "Which one?" in page)
            assert [one for one in ("Asked her", "It depends", "on the day", "Ana") if one not in page] == []


def test_a_table_of_marks_leaves_room_for_its_sentences() -> None:
    """Questions would stand in a column of single words, beside wide columns with a dot in each."""
    people = ("Bartholomew Featherstonehaugh", "Олена Бондаренко", "Bo Li", "W" * 40, "M" * 39, "Cy")
    asked = "Which other people would you talk to if you were in my place?"
    made = render(Table(("Question", *people), ((asked, "●", "○", "–", "", "●", "●"),)))
    assert asked in words(made).replace("\n", " ")
    (line,) = (line for line in words(made).splitlines() if line.startswith("Which"))
    assert line.startswith("Which other people would you")
    assert all(without_spaces(name) in without_spaces(words(made)) for name in people)


def test_pages_are_numbered_where_there_are_more_than_one() -> None:
    """Loose sheets could not be put in order; or a short letter would have a number."""
    pages = pages_of(render(Paragraph("word\n" * 200)))
    assert [f"{number} / {len(pages)}" in page for number, page in enumerate(pages, 1)] == [True] * len(pages)
    assert "1 / 1" not in words(render(Paragraph("word")))


def test_a_prep_sheet_is_two_pages() -> None:
    """Five questions would not fit on one sheet of paper, printed on both sides."""
    campaign = sample_campaign()
    content = PdfRenderer().render(prep_sheet(campaign.interviews[0], campaign))
    assert len(read(content).pages) == 2
    assert words(content).count("☐") >= 7


# ── what is seen ─────────────────────────────────────────────────────────────────────────────────
def dark_rows(content: bytes, folder: Path) -> list[int]:
    """Page by page, how many lines there are across most of the paper."""
    (folder / "page.pdf").write_bytes(content)
    subprocess.run(["pdftoppm", "-gray", "-r", "100", folder / "page.pdf", folder / "page"], check=True, capture_output=True)  # noqa: S607 - found in PATH on purpose
    found = []
    for picture in sorted(folder.glob("page-*.pgm")):
        kind, size, depth, pixels = picture.read_bytes().split(b"\n", 3)
        assert (kind, depth) == (b"P5", b"255")
        width = int(size.split()[0])
        rows = [pixels[start : start + width] for start in range(0, len(pixels), width)]
        dark = [sum(pixel < 225 for pixel in row) > 0.75 * width for row in rows]
        found.append(sum(is_dark for is_dark, _ in groupby(dark)))
        picture.unlink()
    return found


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm is not installed: apt-get install poppler-utils")
class TestPrinted:
    """Lines, looked at as pixels: a file may say that there are some, and a page show none."""

    def test_ruled_lines_are_seen(self, tmp_path: Path) -> None:
        """There would be no lines to write on."""
        assert dark_rows(render(Paragraph("before"), Paragraph("behind")), tmp_path) == [0]
        assert dark_rows(render(Paragraph("before"), WritingSpace(5), Paragraph("behind")), tmp_path) == [5]

    def test_no_line_is_lost_between_pages(self, tmp_path: Path) -> None:
        """Lines at the end of a page would vanish, or be drawn twice."""
        pages = dark_rows(render(WritingSpace(200)), tmp_path)
        assert len(pages) > 4
        assert sum(pages) == 200

    def test_lines_for_one_answer_are_on_one_page(self, tmp_path: Path) -> None:
        """The room for an answer would be cut by the end of a page."""
        for above in (30, 40, 46, 48, 50, 52):
            pages = dark_rows(render(Paragraph("line\n" * above), WritingSpace(6)), tmp_path)
            assert max(pages) == sum(pages) == 6

    def test_a_prep_sheet_has_room_under_each_question(self, tmp_path: Path) -> None:
        """A question of the sheet would have fewer lines than it should, or a heading no rule."""
        campaign = sample_campaign()
        sheet = prep_sheet(campaign.interviews[0], campaign)
        questions = len(campaign.interviews[0].agenda)
        assert sum(dark_rows(PdfRenderer().render(sheet), tmp_path)) == 4 * questions + len(sheet.sections)
