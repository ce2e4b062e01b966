"""The gallery of documents and pictures: everything there is has its place, and what is shown is what is made today."""

import ast
import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from types import ModuleType
from typing import Any, Final

import pytest

from infoint.model import FollowUpKind
from infoint.notes import documents, figures, renderers
from infoint.practice import default_policy

GALLERY: Final = Path(__file__).parents[1] / "docs" / "gallery"
PHOTOGRAPHS: Final = GALLERY.parent / "pictures"
MOST: Final = 60 * 1024
"""Bytes of a photograph."""
REGENERATE: Final = "run python docs/gallery/make_gallery.py, and look at what has changed"


@pytest.fixture(scope="module")
def pieces() -> Iterator[ModuleType]:
    """What the gallery says it shows."""
    sys.path.insert(0, str(GALLERY))
    try:
        yield importlib.import_module("pieces")
    finally:
        sys.path.remove(str(GALLERY))
        for name in ("pieces", "searches"):
            sys.modules.pop(name, None)


def files(folder: Path) -> dict[str, bytes]:
    """All but the scripts, by path."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix not in {".py", ".pyc"})
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def run(script: str, folder: Path, **environment: str) -> None:
    """As a contributor does."""
    command = [sys.executable, "-W", "error", str(GALLERY / script), str(folder)]
    subprocess.run(command, check=True, capture_output=True, timeout=300, env={**os.environ, **environment})


# ── what is shown ────────────────────────────────────────────────────────────────────────────────
def test_gallery_shows_what_is_made_today(tmp_path: Path) -> None:
    """Readers would be shown a letter or a page that nobody gets any more, or one that was renamed under its old name as well; or it
    would depend on the machine that made it.
    """
    (tmp_path / "files").mkdir()
    for left_over in ("files/of-old.html", "of-old.md"):
        (tmp_path / left_over).write_text("# Old", encoding="utf-8")
    run("make_gallery.py", tmp_path, TZ="Pacific/Auckland", LC_ALL="C", PYTHONHASHSEED="7", PYTHONUTF8="1")
    made, shown = files(tmp_path), files(GALLERY)
    assert sorted(made) == sorted(shown), REGENERATE
    assert [name for name in made if made[name] != shown[name]] == [], REGENERATE


def shown_of(pieces: ModuleType) -> list[Any]:
    return [piece for page in pieces.PAGES for piece in page.pieces]


def functions_of(package: ModuleType) -> set[str]:
    """Those that a package lets callers have, by what its `__init__` imports."""
    tree = ast.parse(Path(str(package.__file__)).read_text(encoding="utf-8"))
    names = {alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    inside = f"{package.__name__}."
    return {
        name for name in names if (made := getattr(package, name)).__module__.startswith(inside) and not isinstance(made, type)
    }


def test_every_builder_and_every_picture_has_its_place(pieces: ModuleType) -> None:
    """A document that somebody adds would be shown nowhere, and found by nobody."""
    there = functions_of(documents) | functions_of(figures)
    assert {"letter", "field_report", "time_offer", "draw_timeline"} <= there
    assert there - {piece.builder.__name__ for piece in shown_of(pieces)} == set()


def test_every_letter_that_is_owed_has_its_place(pieces: ModuleType) -> None:
    """A kind of follow-up would have a letter that nobody can look at beforehand."""
    policy = default_policy()
    kinds = {str(kind) for kind in FollowUpKind.known if policy.reaches_out(kind)}
    (letters,) = (page for page in pieces.PAGES if page.name == "letters")
    assert kinds - {str(piece.about.kind) for piece in letters.pieces} == set()


def test_every_format_has_its_place() -> None:
    """Somebody who needs a format would not learn that it is there."""
    page = (GALLERY / "formats.md").read_text(encoding="utf-8")
    assert [format for format in renderers._SHIPPED if f"## `{format}`" not in page] == []


def test_every_piece_says_what_it_is_for(pieces: ModuleType) -> None:
    """A reader would see a page, and not know when to use it, who gets it or what makes it."""
    for page in pieces.PAGES:
        text = (GALLERY / f"{page.name}.md").read_text(encoding="utf-8")
        for piece in page.pieces:
            assert piece.purpose.endswith(".")
            assert f"## {piece.title}\n\n{piece.purpose}\n" in text
            assert f"Made by `{piece.call}`" in text
    slugs = [piece.slug for piece in shown_of(pieces)]
    assert len(set(slugs)) == len(slugs)
    assert all(slug.isascii() for slug in slugs)


def test_nothing_of_this_machine_is_shown() -> None:
    """A page would tell where it was made."""
    here = str(GALLERY.parents[1]).encode()
    assert [name for name, content in files(GALLERY).items() if here in content or b"/tmp/" in content] == []


# ── photographs ──────────────────────────────────────────────────────────────────────────────────
def test_photographs_are_there_and_small(pieces: ModuleType) -> None:
    """A page would show a hole, or the repository would grow by megabytes."""
    named = {file for piece in shown_of(pieces) for file, _ in piece.photographs}
    assert {path.name for path in PHOTOGRAPHS.glob("*.png")} == named
    assert [name for name in named if (PHOTOGRAPHS / name).stat().st_size > MOST] == []


def ruled_lines(image: Any) -> int:
    """Of a photograph of two pages: dark rows that run from margin to margin of a page; rows that touch are one line."""
    grey, lines = image.convert("L"), 0
    half = grey.width // 2
    for left in (0, half):
        page = grey.crop((left, 0, left + half, grey.height))
        width, dots = page.width, page.tobytes()
        dark = [sum(dot < 170 for dot in dots[row * width : (row + 1) * width]) > 0.75 * width for row in range(page.height)]
        lines += sum(here and not above for above, here in zip([False, *dark], dark, strict=False))
    return lines


@pytest.mark.slow
def test_photographs_can_be_taken_anew(tmp_path: Path) -> None:
    """The photographs would show pages of long ago, or sheets without lines to write on."""
    missing = [name for name in ("chromium", "pdftoppm") if which(name) is None]
    missing += [name for name in ("PIL", "infoint_pdf", "typst") if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")
    from PIL import Image

    run("take_photographs.py", tmp_path)
    taken = {path.name: path for path in tmp_path.glob("*.png")}
    assert sorted(taken) == sorted(path.name for path in PHOTOGRAPHS.glob("*.png"))
    for name, path in taken.items():
        with Image.open(path) as anew, Image.open(PHOTOGRAPHS / name) as kept:
            assert path.stat().st_size <= MOST
            assert all(abs(one - other) <= 2 for one, other in zip(anew.size, kept.size, strict=True)), name
            assert len(anew.getcolors()) > 4, f"{name} shows nothing"
            if name in {"prep-sheet-a4.png", "prep-sheet-pdf.png"}:
                assert ruled_lines(anew) == ruled_lines(kept) >= 4 * 5, name
