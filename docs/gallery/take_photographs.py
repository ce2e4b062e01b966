"""Takes the photographs of the gallery: some documents as a person sees them, on a screen, on a phone and on paper.

    python docs/gallery/take_photographs.py [FOLDER]

FOLDER is `docs/pictures` unless another is given. Needs the Debian packages chromium, poppler-utils and fonts-dejavu-core, and of
Python's Pillow and infoint-pdf. Browsers differ, and so do the bytes; how large each is, and the ruled lines, do not.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from attrs import evolve, frozen
from infoint_pdf.renderer import PdfRenderer
from PIL import Image, ImageOps
from searches import Search, in_english

from infoint import FollowUpKind
from infoint.notes import Document, comparison, field_report, letter, prep_sheet, render

PICTURES: Final = Path(__file__).parents[1] / "pictures"
COLORS: Final = 24
"""In a photograph: enough for text, lines and washes."""
DOTS: Final = 72
"""Per inch of paper."""
EDGE: Final = 8


@frozen
class Screen:
    """What a browser shows, in CSS pixels."""

    width: int
    height: int


@frozen
class Paper:
    """The first pages, side by side, from the browser or, with `typeset`, from infoint-pdf."""

    pages: int
    typeset: bool = False


def photographs(search: Search) -> Iterator[tuple[str, Document, Screen | Paper]]:
    """File, document and where it is looked at."""
    sheet = prep_sheet(search.talk("Malik"), search.campaign)
    yield "prep-sheet.png", sheet, Screen(820, 900)
    yield "prep-sheet-phone.png", sheet, Screen(390, 1000)
    yield "prep-sheet-a4.png", sheet, Paper(2)
    yield "prep-sheet-pdf.png", sheet, Paper(2, typeset=True)
    yield "letter.png", letter(search.owed(FollowUpKind.THANK_YOU, "Inês"), search.campaign), Screen(780, 560)
    yield "field-report.png", field_report(search.study("flood"), search.campaign), Screen(820, 1000)
    compared = comparison(search.study("flood"), search.campaign)
    shown = tuple(section for section in compared.sections if section.key == "questions")
    yield "comparison.png", evolve(compared, sections=shown), Screen(820, 1230)


LATIN: Final = {
    "하늘": ("Haneul Kim", "Hangang Hydrology Institute"),
    "प्रिया": ("Priya Raman", "Monsoon Desk"),
    "ณัฐพล": ("Nattapon Srisawat", "Chao Phraya Control Room"),
    "文": ("Li Wen", "Pearl River Works"),
}
"""Whoever the font that is asked for has no letters for, and where they work."""


def legible(search: Search) -> Search:
    """With names that every machine with that font shows alike."""
    people = (
        evolve(search.person(name), name=latin, organization=organization) for name, (latin, organization) in LATIN.items()
    )
    return evolve(search, campaign=search.campaign.including(*people))


# ── taking them ──────────────────────────────────────────────────────────────────────────────────
def on_screen(document: Document, screen: Screen, folder: Path) -> Image.Image:
    """In a frame as wide as the screen: no browser makes its window as narrow as a phone."""
    (folder / "page.html").write_bytes(render(document, "html").content)
    size = f"width: {screen.width}px; height: {screen.height}px"
    frame = f'<!DOCTYPE html><body style="margin: 0"><iframe src="page.html" scrolling="no" style="{size}; border: 0"></iframe>'
    (folder / "frame.html").write_text(frame, encoding="utf-8")
    shot = folder / "shot.png"
    browse(
        folder,
        f"--screenshot={shot}",
        f"--window-size={max(screen.width, 600)},{screen.height}",
        "--hide-scrollbars",
        page="frame",
    )
    with Image.open(shot) as taken:
        return taken.convert("RGB").crop((0, 0, screen.width, screen.height))


def on_paper(document: Document, paper: Paper, folder: Path) -> Image.Image:
    """With a thin edge around each page."""
    pdf = folder / "page.pdf"
    if paper.typeset:
        pdf.write_bytes(render(document, PdfRenderer()).content)
    else:
        (folder / "page.html").write_bytes(render(document, "html").content)
        browse(folder, "--no-pdf-header-footer", f"--print-to-pdf={pdf}", page="page")
    command = ["pdftoppm", "-png", "-r", str(DOTS), "-l", str(paper.pages), str(pdf), str(folder / "sheet")]
    subprocess.run(command, check=True, timeout=60)
    sheets = [framed(file) for file in sorted(folder.glob("sheet*.png"))]
    width = sum(sheet.width for sheet in sheets) + EDGE * (len(sheets) - 1)
    together = Image.new("RGB", (width, sheets[0].height), "white")
    for place, sheet in enumerate(sheets):
        together.paste(sheet, (place * (sheet.width + EDGE), 0))
    return together


def framed(file: Path) -> Image.Image:
    """A page as it lies on a table."""
    with Image.open(file) as sheet:
        return ImageOps.expand(sheet.convert("RGB"), 1, "#b8bcc4")


def browse(folder: Path, *options: str, page: str) -> None:
    """With a profile of its own, and nothing of anybody's."""
    fixed = (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--force-device-scale-factor=1",
        f"--user-data-dir={folder / 'profile'}",
    )
    command = ["chromium", *fixed, *options, (folder / f"{page}.html").as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=120, env={**os.environ, "HOME": str(folder)})


def main(out: Path) -> None:
    """Take them all."""
    out.mkdir(parents=True, exist_ok=True)
    for file, document, seen_on in photographs(legible(in_english())):
        with TemporaryDirectory(ignore_cleanup_errors=True) as name:  # a browser that ends may still be writing
            folder = Path(name)
            taken = on_screen(document, seen_on, folder) if isinstance(seen_on, Screen) else on_paper(document, seen_on, folder)
        taken.quantize(COLORS, dither=Image.Dither.NONE).save(out / file, optimize=True)
        print(f"{out / file}: {taken.width} × {taken.height}, {(out / file).stat().st_size // 1024} KB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES)
