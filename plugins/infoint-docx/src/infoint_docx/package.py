"""The file around the text: paper, language, properties, and a zip whose bytes depend on nothing else. No blocks here."""

import re
from functools import cache
from io import BytesIO
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document as File
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

PAPERS: Final = {"A4": (Mm(210), Mm(297)), "Letter": (Mm(215.9), Mm(279.4))}
MARGIN: Final = Mm(20)

_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
"""The first day that a zip can tell (APPNOTE 4.4.6)."""
_NEEDLESS: Final = {
    RELATIONSHIP_TYPE.THUMBNAIL,
    RELATIONSHIP_TYPE.CUSTOM_XML,
    "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects",
}
"""Of the template: a picture of its first page, an empty bibliography, and its styles once more, for Word 2007."""
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""XML 1.0 §2.2. The document is clean of all but the last two."""
_TITLES: Final = ("Title", *(f"Heading {level}" for level in range(1, 7)))


def started(title: str, language: str, paper: str) -> File:
    """An empty file: python-docx's template without its author, its dates and its picture."""
    file = docx.Document()
    section = file.sections[0]
    section.page_width, section.page_height = PAPERS[paper]
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    _describe(file, title, language)
    _set_styles(file, language)
    for relations in (file.part.package.rels, file.part.rels):
        for number, relation in list(relations.items()):
            if relation.reltype in _NEEDLESS:
                del relations[number]
    return file


def style_id(name: str) -> str:
    """What the file calls a style. Every file begins as the same template; to look there for each line took most of the time."""
    return _style_ids()[name]


@cache
def _style_ids() -> dict[str, str]:
    return {style.name: style.style_id for style in docx.Document().styles}


def packed(file: File) -> bytes:
    """The bytes: parts in their order, without the times at which they were written."""
    written = BytesIO()
    file.save(written)
    packed = BytesIO()
    with ZipFile(written) as source, ZipFile(packed, "w") as target:
        for name in source.namelist():
            entry = ZipInfo(name, _LONG_AGO)
            entry.compress_type, entry.create_system = ZIP_DEFLATED, 0  # by default it tells the kind of machine
            target.writestr(entry, source.read(name))
    return packed.getvalue()


def xml_text(text: str) -> str:
    """`text` without what no XML can hold."""
    return _NOT_XML.sub("\ufffd", text)


def _describe(file: File, title: str, language: str) -> None:
    about = file.core_properties
    about.title, about.language, about.author, about.comments = xml_text(title)[:255], language, "", ""
    for element in list(about._element):  # noqa: SLF001 - there is no other way to have no date at all
        if element.tag in {qn("dcterms:created"), qn("dcterms:modified")}:
            about._element.remove(element)  # noqa: SLF001 - as above


def _set_styles(file: File, language: str) -> None:
    styles: Any = file.styles
    normal = styles["Normal"]
    normal.font.size = Pt(10.5)
    normal.paragraph_format.space_after = Pt(5)
    normal.paragraph_format.line_spacing = 1.1
    for name in _TITLES:
        styles[name].font.color.rgb = None
        styles[name].paragraph_format.keep_with_next = True
    for tag in styles.element.iter(qn("w:lang")):
        for kind in ("w:val", "w:eastAsia", "w:bidi"):
            tag.set(qn(kind), language)
