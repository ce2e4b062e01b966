"""Which way a text runs, said as word processors want it: of a paragraph (`w:bidi`), of a run of letters (`w:rtl`) and of the columns of
a table; and bold in each of them. The order of letters within a line is the reader's affair, which has Unicode's rules for it.
"""

import unicodedata
from typing import Any, Final

from docx.document import Document as File
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from infoint.notes.html import runs_right_to_left

_LETTERS: Final = frozenset({"L", "R", "AL"})
"""Classes of what has a direction of its own (Unicode Standard Annex 9, §3.2)."""
# What the schema wants behind them (ISO 29500-1, A.1: CT_PPrBase, EG_RPrBase, CT_TblPrBase).
_AFTER_BIDI: Final = [
    "w:adjustRightInd",
    "w:snapToGrid",
    "w:spacing",
    "w:ind",
    "w:contextualSpacing",
    "w:mirrorIndents",
    "w:suppressOverlap",
    "w:jc",
    "w:textDirection",
    "w:textAlignment",
    "w:textboxTightWrap",
    "w:outlineLvl",
    "w:divId",
    "w:cnfStyle",
    "w:rPr",
    "w:sectPr",
    "w:pPrChange",
]
_AFTER_RTL: Final = ["w:cs", "w:em", "w:lang", "w:eastAsianLayout", "w:specVanish", "w:oMath"]
_AFTER_VISUAL: Final = [
    "w:tblStyleRowBandSize",
    "w:tblStyleColBandSize",
    "w:tblW",
    "w:jc",
    "w:tblCellSpacing",
    "w:tblInd",
    "w:tblBorders",
    "w:shd",
    "w:tblLayout",
    "w:tblCellMar",
    "w:tblLook",
]


def set_directions(file: File, language: str) -> None:
    """From right to left: in a document of such a language everything, in others what begins with a letter that runs so."""
    everything = runs_right_to_left(language)
    body: Any = file.element.body
    for line in body.iter(qn("w:p")):
        if everything or _begins_so("".join(text.text or "" for text in line.iter(qn("w:t")))):
            line.get_or_add_pPr().insert_element_before(OxmlElement("w:bidi"), *_AFTER_BIDI)
        for run in line.iter(qn("w:r")):
            if _begins_so("".join(text.text or "" for text in run.iter(qn("w:t")))):
                run.get_or_add_rPr().insert_element_before(OxmlElement("w:rtl"), *_AFTER_RTL)
    for bold in list(body.iter(qn("w:b"))):  # asked of Latin letters and their like; of Hebrew, Arabic, Hindi and Thai this is:
        bold.addnext(OxmlElement("w:bCs"))
    for table in body.iter(qn("w:tbl")) if everything else ():
        table.tblPr.insert_element_before(OxmlElement("w:bidiVisual"), *_AFTER_VISUAL)


def _begins_so(text: str) -> bool:
    """Whether its first letter with a direction runs from right to left (Unicode Standard Annex 9, rules P2 and P3)."""
    return next((found for found in map(unicodedata.bidirectional, text) if found in _LETTERS), "L") != "L"
