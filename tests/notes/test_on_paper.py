"""Pages as a browser prints them, looked at as pictures: the ruled lines are there, and nothing runs off the paper; and as they
stand on a telephone. Needs the Debian packages `chromium` and `poppler-utils`.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from html import escape
from itertools import groupby, pairwise
from pathlib import Path

import pytest
from attrs import evolve

from infoint.notes.contract import (
    Block,
    Bullets,
    Checklist,
    Document,
    Fields,
    Figure,
    Paragraph,
    Quote,
    Section,
    Table,
    WritingSpace,
)
from infoint.notes.html import HtmlRenderer

pytestmark = pytest.mark.slow

CHROMIUM, PDFTOPPM = shutil.which("chromium"), shutil.which("pdftoppm")
DOTS = 100
"""Per inch."""
DARK = 128
SIZES = {"A4": (827, 1169), "Letter": (850, 1100)}
"""In dots."""
PARTS = ("Heading", "Ending", "Leading", "Following")


@pytest.fixture(scope="module", autouse=True)
def _browser() -> None:
    missing = [name for name, found in (("chromium", CHROMIUM), ("poppler-utils", PDFTOPPM)) if not found]
    if missing:
        pytest.skip(f"needs the Debian packages {' and '.join(missing)}")


class Picture:
    """One page, as a plain grey map: a byte for each dot."""

    def __init__(self, file: Path) -> None:
        kind, width, height, most, self.dots = file.read_bytes().split(maxsplit=4)
        assert (kind, most) == (b"P5", b"255")
        self.width, self.height = int(width), int(height)

    def rows(self) -> Iterator[bytes]:
        for row in range(self.height):
            yield self.dots[row * self.width : (row + 1) * self.width]

    def ruled_lines(self) -> list[int]:
        """Where dark rows run from margin to margin; rows that touch are one line."""
        dark = [number for number, row in enumerate(self.rows()) if sum(dot < DARK for dot in row) > 0.75 * self.width]
        groups = groupby(enumerate(dark), key=lambda pair: pair[1] - pair[0])
        return [next(rows)[1] for _, rows in groups]

    def margins(self) -> tuple[int, int]:
        """Dots left free on the left and on the right."""
        columns = [min(self.dots[column :: self.width]) < DARK for column in range(self.width)]
        return columns.index(True), columns[::-1].index(True)


def as_pdf(document: Document, folder: Path, paper: str) -> Path:
    page, pdf = folder / "page.html", folder / "page.pdf"
    # Browsers print no backgrounds unless they are asked to; this one does.
    bare = b"* { background: none !important }\n</style>"
    page.write_bytes(HtmlRenderer(paper=paper).render(document).replace(b"</style>", bare))
    subprocess.run(
        [
            str(CHROMIUM), "--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}",
            "--no-pdf-header-footer", f"--print-to-pdf={pdf}", page.as_uri(),
        ],
        check=True, capture_output=True, timeout=120, env={**os.environ, "HOME": str(folder)},
    )  # fmt: skip
    return pdf


def printed(document: Document, folder: Path, paper: str) -> list[Picture]:
    pdf = as_pdf(document, folder, paper)
    subprocess.run([str(PDFTOPPM), "-gray", "-r", str(DOTS), str(pdf), str(folder / "sheet")], check=True, timeout=60)
    return [Picture(file) for file in sorted(folder.glob("sheet*.pgm"))]


def sheet(*blocks: Block) -> Document:
    return Document(name="sheet", title="Sheet", sections=(Section(key="part", title="", blocks=blocks),))


@pytest.mark.parametrize("paper", SIZES)
def test_ruled_lines_are_printed(paper: str, tmp_path: Path) -> None:
    """The sheet would have nothing to write on: lines that are backgrounds, or thinner than a dot, vanish unseen."""
    questions = tuple(
        Section(key=f"q-{number}", title=f"{number}. What wears on you?", blocks=(Bullets(("How often?",)), WritingSpace(4)))
        for number in range(1, 9)
    )
    pictures = printed(sheet(*questions), tmp_path, paper)
    lines = [picture.ruled_lines() for picture in pictures]
    width, height = SIZES[paper]
    assert all(abs(picture.width - width) <= 1 and abs(picture.height - height) <= 1 for picture in pictures)
    assert sum(map(len, lines)) == 8 * 4
    assert all(len(on_page) % 4 == 0 for on_page in lines), "a question's lines are torn apart by the end of a page"
    steps = [below - above for on_page in lines for above, below in pairwise(on_page)]
    assert min(steps) >= 0.28 * DOTS, "less than 7 mm between two lines is too little to write in"


def test_writing_space_of_many_pages_is_printed_whole(tmp_path: Path) -> None:
    """A long empty form would lose lines at the end of its pages."""
    assert sum(len(picture.ruled_lines()) for picture in printed(sheet(WritingSpace(100)), tmp_path, "A4")) == 100


def test_wide_tables_stay_on_the_paper(tmp_path: Path) -> None:
    """Who is compared last would be cut off at the edge of the paper."""
    people = tuple(f"Bartholomew Featherstonehaugh {number}" for number in range(14))
    rows = tuple((f"What wears on you in the work over time? ({number})", *"●" * 14) for number in range(10))
    (picture,) = printed(sheet(Paragraph("Who was asked what"), Table(("Question", *people), rows)), tmp_path, "A4")
    left, right = picture.margins()
    assert 65 <= left <= 75, "18 mm"
    assert 65 <= right <= 80
    inked = [number for number, row in enumerate(picture.rows()) if min(row) < DARK]
    assert inked[-1] < 0.7 * picture.height, "the questions are squeezed into a column of single words"


def test_what_leads_on_stays_with_what_follows(tmp_path: Path) -> None:
    """A page would end with a question and the next begin with its answer; or a heading of two lines be torn in two."""
    long = "which is told at such length that it takes two lines of the page, and would be torn in two at its end"
    sections = tuple(
        Section(
            key=f"part-{number}",
            title=f"Heading{number:02} {long} Ending{number:02}",
            blocks=(Paragraph(f"Leading{number:02}:"), follows),
        )
        for number in range(60)
        for follows in [Quote(f"Following{number:02}") if number % 2 else Bullets((f"Following{number:02}", "and more"))]
    )
    # One more line in each, so that pages end at every place.
    shifted = tuple(
        evolve(section, blocks=(*section.blocks, Paragraph("\n".join(["line"] * (number % 5 + 1)))))
        for number, section in enumerate(sections)
    )
    document = evolve(sheet(Paragraph("Before")), sections=shifted)
    text = subprocess.run(
        [str(shutil.which("pdftotext")), str(as_pdf(document, tmp_path, "A4")), "-"], check=True, capture_output=True, text=True
    )
    pages = text.stdout.split("\f")
    assert len(pages) > 5
    for number in range(60):
        on = [[place for place, page in enumerate(pages) if f"{part}{number:02}" in page] for part in PARTS]
        assert on == [on[0]] * len(PARTS), f"section {number} is torn apart: {dict(zip(PARTS, on, strict=True))}"


def told_by_browser(document: Document, measure: str, folder: Path, *, width: int) -> list[float]:
    """What the script `measure` says of the page, which it knows as `page`, in a window so many pixels wide: a list of numbers."""
    source = escape(HtmlRenderer().render(document).decode())
    script = f"<script>onload = () => {{ const page = frames[0].document; document.body.textContent = `told: ${{{measure}}}` }}</script>"
    file = folder / "page.html"
    file.write_text(
        f'<meta charset="utf-8"><iframe width="{width}" height="800" srcdoc="{source}"></iframe>{script}', encoding="utf-8"
    )
    command = [
        str(CHROMIUM),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--virtual-time-budget=10000",
        "--dump-dom",
        file.as_uri(),
    ]
    seen = subprocess.run(command, check=True, capture_output=True, timeout=120, text=True).stdout
    _, _, told = seen.partition("told: ")
    return [float(number) for number in told.partition("<")[0].split(",")]


def test_tables_of_few_columns_fit_a_telephone(tmp_path: Path) -> None:
    """The last column would be cut off where there is room for it; only wide tables may scroll within their box."""
    few = Table(("Topic", "Asked", "Answered", "Together"), (("Useful experience", "1", "0", "one source: against"),))
    many = Table(tuple(f"Somebody {number}" for number in range(9)), ())
    measure = "[...page.querySelectorAll('.table')].map(box => box.scrollWidth - box.clientWidth)"
    short, long = told_by_browser(sheet(few, many), measure, tmp_path, width=390)
    assert short == 0
    assert long > 0


def drawing_of(wide: int) -> Figure:
    return Figure(f'<svg width="{wide}" height="90" viewBox="0 0 {wide} 90"><rect width="{wide}" height="90"/></svg>', "T", "D")


PICTURES = """[...page.querySelectorAll('.picture')].flatMap(box => {
  const drawn = box.firstChild.getBoundingClientRect(), shade = frames[0].getComputedStyle(box, '::after').width;
  return [box.scrollWidth - box.clientWidth, drawn.left, drawn.width, parseFloat(shade) || 0];
})"""
"""Of each, what is hidden, where it begins, how wide it is, and how wide what fades at its edge."""


@pytest.mark.parametrize("language", ["en", "he"])
def test_pictures_on_a_telephone(language: str, tmp_path: Path) -> None:
    """Half of a picture would be seen, and nothing say that there is another half; or in a page from right to left the wrong half."""
    document = evolve(sheet(drawing_of(720), drawing_of(1100)), language=language)
    hidden, left, width, shade, *others = told_by_browser(document, PICTURES, tmp_path, width=390)
    assert (hidden, shade) == (0, 0)
    assert 0 <= left < 15
    assert 360 < width <= 390
    hidden, left, width, shade = others
    assert hidden > 700
    assert 0 <= left < 30
    assert width == 1100
    assert shade > 30, "nothing fades at the edge, to tell that there is more"


GAPS = """[...page.querySelectorAll('li, dt, dd, td, tbody th, blockquote p')].map(box => {
  const words = page.createRange(); words.selectNodeContents(box);
  const [inner, outer] = [words.getBoundingClientRect(), box.getBoundingClientRect()];
  return page.documentElement.dir ? outer.right - inner.right : inner.left - outer.left;
})"""
"""From where each thing begins, in the direction of the page, to where its words do."""


@pytest.mark.parametrize("language", ["en", "he", "ar"])
def test_words_of_the_other_direction_stand_where_the_others_do(language: str, tmp_path: Path) -> None:
    """A name in Hebrew in an English list would stand at the other side of the page, far from its bullet; or one in English so."""
    names = ("Ana Ruiz", "נועה ברק", "سلمى الهاشمي")
    fields = Fields(tuple(zip(names, names[::-1], strict=True)))
    blocks = (Bullets(names), Bullets(names, numbered=True), Checklist([(False, name) for name in names]), fields)
    gaps = told_by_browser(
        evolve(sheet(*blocks, *map(Quote, names), Table(("", ""), list(pairwise(names)))), language=language),
        GAPS,
        tmp_path,
        width=900,
    )
    assert len(gaps) == 9 + 6 + 3 + 4
    assert max(gaps) < 40
