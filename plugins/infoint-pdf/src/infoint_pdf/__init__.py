"""infoint's documents as PDF. Which documents there are, and what they say, is infoint's affair."""

from typing import TYPE_CHECKING

from infoint import hookimpl
from infoint.notes.contract import NoteRenderer, RendererRegistrar

if TYPE_CHECKING:
    from infoint_pdf.problems import MissingGlyphs as MissingGlyphs, PdfFailed as PdfFailed
    from infoint_pdf.renderer import PdfRenderer as PdfRenderer
else:
    # typst is loaded when somebody renders: an app that only has the plugin installed does not pay for it.
    from infoint.lazy import lazy_names

    __getattr__, __dir__ = lazy_names(
        __name__,
        {"infoint_pdf.problems": ("MissingGlyphs", "PdfFailed"), "infoint_pdf.renderer": ("PdfRenderer",)},
    )


@hookimpl
def infoint_register_note_renderers(renderers: RendererRegistrar) -> None:
    """`ws.render(prep_sheet, talk, format="pdf")`, and "pdf-letter" for the other paper."""
    renderers.add("pdf", _on_a4)
    renderers.add("pdf-letter", _on_letter)


def _on_a4() -> NoteRenderer:
    from infoint_pdf.renderer import PdfRenderer

    return PdfRenderer()


def _on_letter() -> NoteRenderer:
    from infoint_pdf.renderer import PdfRenderer

    return PdfRenderer(paper="Letter")
