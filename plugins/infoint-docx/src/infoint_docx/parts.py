"""What python-docx has no words for: links, boxes to tick, lists that begin at one, lines to write on. No document trees here."""

from typing import Any, Final
from urllib.parse import urlsplit

from docx.document import Document as File
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from docx.shared import Mm
from docx.table import Table
from docx.text.paragraph import Paragraph

from infoint.notes.cleaning import link_target
from infoint_docx.package import xml_text

_LONGEST_ADDRESS: Final = 2_000
"""Letters; Word says that a file with longer ones is broken."""
_LINE: Final = Mm(8)
_W14: Final = "http://schemas.microsoft.com/office/word/2010/wordml"
_BOX: Final = (
    f'<w:sdt {nsdecls("w")} xmlns:w14="{_W14}"><w:sdtPr><w14:checkbox><w14:checked w14:val="{{ticked}}"/>'
    '<w14:checkedState w14:val="2612" w14:font="MS Gothic"/><w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/>'
    '</w14:checkbox></w:sdtPr><w:sdtContent><w:r><w:rPr><w:rFonts w:ascii="MS Gothic" w:hAnsi="MS Gothic" w:eastAsia="MS Gothic"/>'
    "</w:rPr><w:t>{shown}</w:t></w:r></w:sdtContent></w:sdt>"
)
_BORDERS: Final = ("w:bottom", "w:insideH")


def add_link(paragraph: Paragraph, text: str, target: str) -> None:
    """A link to an address that `live_target` gave."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = paragraph.add_run(xml_text(text))
    run.font.underline = True
    link.append(run._element)  # noqa: SLF001 - python-docx reads links and does not make them
    paragraph._element.append(link)  # noqa: SLF001 - as above


def live_target(url: str) -> str:
    """As `link_target`; "" also for an address that a word processor would call the file broken for."""
    target = link_target(url)
    if len(target) > _LONGEST_ADDRESS:
        return ""
    try:
        parts = urlsplit(target)
    except ValueError:
        return ""
    return target if parts.hostname or parts.scheme in {"mailto", "tel"} else ""


def add_box(paragraph: Paragraph, *, ticked: bool) -> None:
    """One that can be ticked in the file."""
    box = _BOX.format(ticked=int(ticked), shown="\u2612" if ticked else "\u2610")
    paragraph._element.append(parse_xml(box))  # noqa: SLF001 - python-docx has no content controls


def new_numbering(file: File) -> int:
    """The id of a numbering that begins at 1; without one of its own a list would go on where the one before it ended."""
    numbering: Any = file.part.numbering_part.element
    style: Any = file.styles["List Number"].element
    used = next(one for one in numbering.num_lst if one.numId == style.pPr.numPr.numId.val)
    fresh = numbering.add_num(used.abstractNumId.val)
    fresh.add_lvlOverride(ilvl=0).add_startOverride(1)
    number: int = fresh.numId
    return number


def number(paragraph: Paragraph, numbering: int) -> None:
    """Puts it into a list of `new_numbering`."""
    properties: Any = paragraph._element.get_or_add_pPr().get_or_add_numPr()  # noqa: SLF001 - python-docx numbers by styles only
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = numbering


def add_lines(file: File, count: int) -> None:
    """Rows of an empty table, ruled below: they stay where they are when somebody types into them."""
    table = file.add_table(rows=count, cols=1)
    borders = OxmlElement("w:tblBorders")
    for name in _BORDERS:
        border = OxmlElement(name)
        for key, value in (("w:val", "single"), ("w:sz", "4"), ("w:space", "0"), ("w:color", "999999")):
            border.set(qn(key), value)
        borders.append(border)
    _properties(table).insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")  # the schema's order
    for place, row in enumerate(table.rows, 1):
        row.height, row.height_rule = _LINE, WD_ROW_HEIGHT_RULE.AT_LEAST
        if place < count:
            row.cells[0].paragraphs[0].paragraph_format.keep_with_next = True
    _end(file)


def keep_rows(file: File, table: Table, header: int = 1) -> None:
    """No row is cut by the end of a page, and the first `header` are on each page."""
    for place, row in enumerate(table.rows):
        properties: Any = row._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no words for either
        properties.append(OxmlElement("w:cantSplit"))
        if place < header:
            properties.append(OxmlElement("w:tblHeader"))
    _end(file)


def _properties(table: Table) -> Any:
    return table._tbl.tblPr  # noqa: SLF001 - python-docx sets borders by styles only


def _end(file: File) -> None:
    # Two tables without a paragraph between them are read as one.
    file.add_paragraph().paragraph_format.space_after = Mm(1)
