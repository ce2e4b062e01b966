"""From a document to the bytes of a PDF, by typst. What is on the page is in `page_data.py`, how it looks in `page.typ`."""

import json
import re
import warnings
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from os import PathLike, fspath
from tempfile import TemporaryDirectory
from typing import Final

import typst

from infoint.errors import InvalidValue
from infoint.notes.contract import Document, Figure, Section
from infoint_pdf.page_data import page_data
from infoint_pdf.problems import MissingGlyphs, PdfFailed

_PAPERS: Final = {"A4": "a4", "Letter": "us-letter"}
_ACCESSIBLE: Final = "ua-1"
"""PDF/UA-1 (ISO 14289): tags, language and title are there, and no character is without a glyph."""
_NO_GLYPH: Final = re.compile('the text `"((?:(?!"`).)+)"` could not be displayed with', re.DOTALL)
_ESCAPED: Final = re.compile(r"\\u\{([0-9a-f]{1,6})\}")
_PICTURE: Final = b'#set page(width: auto, height: auto)\n#image(bytes(sys.inputs.svg), format: "svg")\n'


class PdfRenderer:
    """Tagged PDF (PDF/UA-1 where every character has a glyph), without dates: same document and same fonts, same bytes."""

    media_type: str = "application/pdf"
    suffix: str = ".pdf"

    def __init__(self, *, paper: str = "A4", fonts: Sequence[str | PathLike[str]] = (), system_fonts: bool = True) -> None:
        """`paper`: "A4" or "Letter". `fonts`: folders with more fonts. Letters that typst's own fonts lack are taken from these, and from
        the system's unless `system_fonts` is False. Raises InvalidValue.
        """
        if paper not in _PAPERS:
            raise InvalidValue("PdfRenderer", "paper", f"needs one of {', '.join(_PAPERS)}", value=paper)
        if isinstance(fonts, str | PathLike):
            raise InvalidValue("PdfRenderer", "fonts", "needs a list of folders", value=fonts)
        self._paper = _PAPERS[paper]
        self._fonts = (tuple(fspath(folder) for folder in fonts), system_fonts)

    def render(self, document: Document) -> bytes:
        """The whole file. Warns with MissingGlyphs; raises PdfFailed."""
        try:
            return self._set(document, frozenset())
        except typst.TypstError as error:
            refused = frozenset(svg for svg in _pictures(document.sections) if not self._draws(svg))
            if not refused:
                raise PdfFailed("typst did not accept the page") from error
        try:
            return self._set(document, refused)
        except typst.TypstError as error:
            raise PdfFailed("typst did not accept the page") from error

    def _set(self, document: Document, refused: frozenset[str]) -> bytes:
        inputs = {"document": json.dumps(page_data(document, paper=self._paper, refused=refused), ensure_ascii=False)}
        try:
            return self._compile(_page(), inputs, _ACCESSIBLE)
        except typst.TypstError as error:
            told = error
        content = self._compile(_page(), inputs)
        missing = dict.fromkeys(
            _ESCAPED.sub(lambda code: chr(int(code[1], 16)), one) for one in _NO_GLYPH.findall(told.diagnostic)
        )
        if missing:
            warnings.warn(MissingGlyphs(tuple(missing)), stacklevel=4)
        return content

    def _draws(self, svg: str) -> bool:
        try:
            self._compile(_PICTURE, {"svg": svg})
        except typst.TypstError:
            return False
        return True

    def _compile(self, source: bytes, inputs: dict[str, str], *standards: "typst.PDFStandard") -> bytes:
        # All that typst could read is an empty folder, and no words of the document are source: no file, no package, no network.
        with TemporaryDirectory(prefix="infoint-pdf-") as empty:
            content: bytes = typst.compile(  # type: ignore[type-var] # the stubs want source and folder to be of one type
                source,
                root=empty,
                package_path=empty,
                font_paths=_fonts(*self._fonts),
                sys_inputs=inputs,
                pdf_standards=list(standards),
            )
            return content


@cache
def _page() -> bytes:
    return files("infoint_pdf").joinpath("page.typ").read_bytes()


@cache
def _fonts(folders: tuple[str, ...], system: bool) -> typst.Fonts:
    # Looking for fonts takes longer than setting a page.
    return typst.Fonts(include_system_fonts=system, font_paths=list(folders))


def _pictures(sections: Sequence[Section]) -> Iterator[str]:
    for section in sections:
        yield from (block.svg for block in section.blocks if isinstance(block, Figure))
        yield from _pictures([block for block in section.blocks if isinstance(block, Section)])
